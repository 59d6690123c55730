"""The top of a likelihood with corners by Newton's steps from cell to cell, all parameters at once.

Between neighbouring knots the likelihood is smooth. A step that would pass a knot ends on it; if
the likelihood rises beyond, the next begins there, else the parameter is held on the knot and the
others go on. Where nothing rises any more, a likelihood with one top has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from likeliest.fitting.routes import climb
from likeliest.fitting.routes.ends.profile import clear_slopes, just_beside
from likeliest.optimise.newton import Ascent, level, newton_step, plain_step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Parameter
    from likeliest.fitting.routes.climb import Top
    from likeliest.likelihood.objective import Objective
    from likeliest.numerics.arrays import Array
    from likeliest.optimise.newton import Spot

_MOST = 40  # steps: a longer walk is better searched for
_NEAR = 1e-2  # nats: a step that is to rise by less ends beside the top of its cell
_SHORT = 0.9  # of the way to where a row has no place
_HALF = 0.5  # of the way, and of the rise that is promised
_HALVINGS = 12
_ENOUGH = 0.2  # of the rise that a part of a step promises
_SLACK = 1e-8  # nats: by less than this the place beside an edge may lie lower
_INTO = 64  # times as far into a cell as the nearest place beside its end


class Range(NamedTuple):
    """Where a parameter that has corners can lie.

    Parameters
    ----------
    knots : array
        Where the likelihood can have a corner, in order.
    low, high : float
        Between which every row has room.
    closed : bool
        Whether every row has room at the finite one of them, too.
    """

    knots: Array
    low: float
    high: float
    closed: bool

    def cell(self, at: float) -> tuple[float, float]:
        """Return the knots, or the limits, between which a place lies."""
        after = int(np.searchsorted(self.knots, at, side="right"))
        return (
            float(self.knots[after - 1]) if after else self.low,
            float(self.knots[after]) if after < self.knots.size else self.high,
        )


class _Edge(NamedTuple):
    """The end of a cell that a step would pass: where its coordinate stands, and to which side."""

    place: int
    name: str
    at: float
    side: int


class _Step(NamedTuple):
    """A step from a point, with how much it is to rise."""

    objective: Objective
    here: Spot
    move: list[float]
    rise: float

    def part(self, share: float) -> list[float]:
        """Return where a part of it leads to."""
        return [x + share * s for x, s in zip(self.here.u, self.move, strict=True)]


class Walk:
    """A walk to the top.

    Parameters
    ----------
    objective : Objective
    ranges : mapping from parameter name to Range
        Of the free parameters that have corners.
    span : float
        How far apart the numbers lie that the rows consist of.
    start : Distribution
        In the objective's frame.

    Attributes
    ----------
    at : dict
        The free parameters.
    held : dict
        Those on a knot.
    cells : dict
        The ends of the cells that the others with corners are in.
    level, blind : dict, set
        Parameters held within a cell: with it, those along which the likelihood is level; and
        those of which float64 knows no nearer place.
    slopes : dict
        At the top, by the parameters held there, to either side.
    """

    def __init__(
        self,
        objective: Objective,
        ranges: Mapping[str, Range],
        span: float,
        start: Distribution,
    ) -> None:
        self.objective, self.ranges, self.span = objective, ranges, span
        self.at = {name: float(getattr(start, name)) for name in objective.coordinates.free}
        self.held = {n: self.at[n] for n, range_ in ranges.items() if self.at[n] in range_.knots}
        self.cells = {n: r.cell(self.at[n]) for n, r in ranges.items() if n not in self.held}
        self.level: dict[str, tuple[float, float]] = {}
        self.blind: set[str] = set()
        self.slopes: dict[tuple[str, int], float] = {}
        self._here: Spot | None = None  # of the parameters that are not held
        self._leaps, self._run = True, 1
        self._close = _NEAR
        self._lost = False

    def top(self) -> Top | None:
        """Return the top, or None if it is not come to in a few steps."""
        for _ in range(_MOST):
            top = self._next()
            if self._lost or top is not None:
                return top
        return None

    def _next(self) -> Top | None:
        """Take one step; return the top once it is come to."""
        objective = self.objective.fixing(self.held)
        here, self._here = self._here or objective.at(self._coordinates(objective)), None
        step, rise = ([], 0.0) if here is None else _step(here, objective.reach)
        if here is None:
            self._lost = True
        elif step is None:
            self._lost = not self._hold_level(objective, here)
        else:
            edge, share = self._edge(objective, here, step)
            if edge is None and rise <= self._close:
                if self._hold_blind(objective, here, step):
                    return None
                top = self._finished(objective, here)
                if top is not None:
                    return self._checked(top)
                self._close = _HALF * rise * rise  # on the way to a limit it hardly shrinks
            self._move(_Step(objective, here, step, rise), edge, share)
        return None

    def _coordinates(self, objective: Objective) -> list[float]:
        coordinates = objective.coordinates
        return [
            float(c.unconstrain(self.at[name]))
            for name, c in zip(coordinates.free, coordinates.constraints, strict=True)
        ]

    def _note(self, objective: Objective, u: list[float]) -> None:
        coordinates = objective.coordinates
        for name, c, v in zip(coordinates.free, coordinates.constraints, u, strict=True):
            self.at[name] = float(c.constrain(v))

    # steps

    def _edge(
        self, objective: Objective, here: Spot, step: list[float]
    ) -> tuple[_Edge | None, float]:
        """Return the end of a cell that a step passes first, and at which part of it."""
        found, share = None, 1.0
        coordinates = objective.coordinates
        for i, name in enumerate(coordinates.free):
            if name in self.cells and step[i]:
                side = 1 if step[i] > 0.0 else -1
                end = self.cells[name][side > 0]
                if np.isfinite(end) and coordinates.constraints[i].contains(end):
                    way = (float(coordinates.constraints[i].unconstrain(end)) - here.u[i]) / step[i]
                    if way < share:
                        found, share = _Edge(i, name, end, side), max(way, 0.0)
        return found, share

    def _move(self, step: _Step, edge: _Edge | None, share: float) -> None:
        """Take a step as far as the likelihood rises, at most into the next cell.

        One over several cells is taken where it rises as on a smooth function, or where the
        likelihood went on rising from the cells before.
        """
        if share < _HALF and self._leaps:
            self._leaps = self._leap(step)
            if self._leaps:
                return
        if edge is not None and edge.at in (limits := self.ranges[edge.name])[1:3]:
            if limits.closed:
                self._note(step.objective, step.part(share))
                self._hold(edge)
                return
            edge, share = None, _SHORT * share
        if edge is None:
            # Beside a kink a step that rises at all may end as far on the other side.
            self._lost = not (
                any(self._arrive(step, share * 0.5**i, _ENOUGH) for i in range(_HALVINGS // 2))
                or any(self._arrive(step, share * 0.5**i) for i in range(_HALVINGS))
            )
        elif not self._cross(step, edge, share):
            self._lost = not any(self._arrive(step, share * 0.5**i) for i in range(1, _HALVINGS))

    def _leap(self, step: _Step) -> bool:
        """Take a whole step over several cells if it rises as promised."""
        u, coordinates = step.part(1.0), step.objective.coordinates
        for name, c, v in zip(coordinates.free, coordinates.constraints, u, strict=True):
            if name in self.cells:
                range_ = self.ranges[name]
                if not range_.low < float(c.constrain(v)) < range_.high:
                    return False
        return self._take(step, u, step.here.value + _HALF * step.rise) is not None

    def _arrive(self, step: _Step, share: float, enough: float = 0.0) -> bool:
        """Take a part of a step if it rises by a part of what it promises; a share of 0 is none."""
        if not share:
            return False
        least = step.here.value + enough * share * step.rise - _rounding(step)
        return self._take(step, step.part(share), least) is not None

    def _cross(self, step: _Step, edge: _Edge, share: float) -> bool:
        """Go on into the next cell if the likelihood rises there, else be held at its edge.

        Twice as many cells at once each time that it goes on rising. Whether either was done.
        """
        knots, run = self.ranges[edge.name].knots, self._run
        ahead = int(np.searchsorted(knots, edge.at)) + edge.side * (run - 1)
        self._run = 1
        for at in (ahead,) if run > 1 and 0 < ahead < knots.size - 1 else ():
            there = self._look(step, edge._replace(at=float(knots[at])), share)
            if there is not None and edge.side * there.gradient[edge.place] > 0.0:
                self._enter(step, there, 2 * run)
                return True
        there = self._look(step, edge, share)
        if there is None:
            return False
        if edge.side * there.gradient[edge.place] > 0.0:
            self._enter(step, there, 2)
        else:
            self._note(step.objective, there.u)
            self._hold(edge)
        return True

    def _look(self, step: _Step, edge: _Edge, share: float) -> Spot | None:
        """Return the point just beyond an edge, unless it lies lower."""
        u = step.part(share)
        beyond = just_beside(edge.at, _INTO * edge.side, self.span)
        u[edge.place] = float(
            step.objective.coordinates.constraints[edge.place].unconstrain(beyond)
        )
        there = step.objective.at(u)
        least = step.here.value - _rounding(step) - _SLACK
        return there if there is not None and there.value >= least else None

    def _take(self, step: _Step, u: list[float], least: float) -> Spot | None:
        """Go to a point unless it lies lower than it is to."""
        there = step.objective.at(u)
        if there is None or not there.value >= least:
            return None
        self._enter(step, there, 1)
        return there

    def _enter(self, step: _Step, there: Spot, run: int) -> None:
        self._note(step.objective, there.u)
        self.cells = {name: self.ranges[name].cell(self.at[name]) for name in self.cells}
        self._here, self._run = there, run

    # parameters that are held

    def _hold(self, edge: _Edge) -> None:
        self.at[edge.name] = self.held[edge.name] = edge.at
        del self.cells[edge.name]

    def _let_go(self, name: str, side: int) -> None:
        """Let a parameter into the cell beside it."""
        self.at[name] = just_beside(self.held.pop(name), _INTO * side, self.span)
        self.cells[name] = self.ranges[name].cell(self.at[name])

    def _hold_blind(self, objective: Objective, here: Spot, step: list[float]) -> bool:
        """Hold parameters whose steps are too short for float64 where they are."""
        blind = [
            name
            for name, u, move in zip(objective.coordinates.free, here.u, step, strict=True)
            if name in self.cells and move and abs(move) <= np.spacing(abs(u))
        ]
        for name in blind:
            self.held[name] = self.at[name]
            del self.cells[name]
        self.blind.update(blind)
        return bool(blind)

    def _hold_level(self, objective: Objective, here: Spot) -> bool:
        """Hold parameters along which the likelihood is level in the middle of their cells."""
        for i in np.flatnonzero(level(here.as_points(), objective.reach)[0]).tolist():
            name = objective.coordinates.free[i]
            cell = self.cells.pop(name, None)
            if cell is None or not np.isfinite(cell).all():
                return False
            self.at[name] = self.held[name] = 0.5 * cell[0] + 0.5 * cell[1]
            self.level[name] = cell
        return True

    # the end

    def _checked(self, top: Top) -> Top | None:
        """Return a top unless the likelihood rises beside a parameter that is held."""
        rising = self._rising()
        if rising is None:
            self._lost = not self._are_short()
            return None if self._lost else top
        self._let_go(*rising)
        return None

    def _finished(self, objective: Objective, here: Spot) -> Top | None:
        """Return the top of a cell, from close to it."""
        if not here.u:
            return climb.Top(objective, Ascent.at_once(here.as_points()), np.empty(0), {})
        top = climb.sprinted(objective, np.array(here.u), here)
        if not isinstance(top, climb.Top):
            return None
        coordinates = objective.coordinates
        for name, c, u in zip(coordinates.free, coordinates.constraints, top.u, strict=True):
            low, high = self.cells.get(name, (-np.inf, np.inf))
            if not low < float(c.constrain(u)) < high:
                return None
        self._note(objective, top.u.tolist())
        return top

    def _rising(self) -> tuple[str, int] | None:
        """Return a parameter that is held, and to which side of it the likelihood rises."""
        places = {
            (name, side): at
            for name, at in self.held.items()
            for side in (-1, 1)
            if name not in self.blind
        }
        self.slopes = self._slopes(places)
        return next((at for at, slope in self.slopes.items() if at[1] * slope > 0.0), None)

    def _are_short(self) -> bool:
        """Whether stretches along which the likelihood is level end with the cells they are in."""
        ends = {
            (name, side): cell[side > 0] for name, cell in self.level.items() for side in (-1, 1)
        }
        return 0.0 not in self._slopes(ends).values()

    def _slopes(self, places: Mapping[tuple[str, int], float]) -> dict[tuple[str, int], float]:
        """Return the slopes by parameters just beside places, to a side; inwards without room."""
        beside = {
            (name, side): just_beside(at, side, self.span) for (name, side), at in places.items()
        }
        inside = {
            at: x
            for at, x in beside.items()
            if self.ranges[at[0]].low <= x <= self.ranges[at[0]].high
        }
        slopes = {at: -at[1] * np.inf for at in beside}
        if inside:
            coordinates, lanes = self.objective.coordinates, list(inside)
            values: dict[str, Parameter] = {**coordinates.inner_fixed, **self.at}
            for name in {name for name, _ in lanes}:
                column = [x if at[0] == name else self.at[name] for at, x in inside.items()]
                values[name] = np.array(column)[:, None]
            member = coordinates.family.unchecked(**values)
            found = clear_slopes(self.objective, member, [name for name, _ in lanes])
            slopes.update(zip(lanes, found, strict=True))
        return slopes


def _step(here: Spot, reach: Array) -> tuple[list[float] | None, float]:
    """Return a step uphill and how much it is to rise; None where the function is level."""
    if not here.u:
        return [], 0.0
    step, rise = plain_step(here)
    if step is not None:
        return step, rise
    points = here.as_points()
    if level(points, reach).any():
        return None, 0.0
    steps, rises = newton_step(points, reach)
    return steps[0].tolist(), float(rises[0])


def _rounding(step: _Step) -> float:
    """Return by how much a value may be off from rounding alone."""
    return climb.TIE * step.here.size
