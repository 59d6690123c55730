"""The top of a likelihood with corners by Newton's steps from cell to cell, all parameters at once.

Between neighbouring knots the likelihood is smooth. A step that would pass a knot ends on it; if
the likelihood rises beyond, the next begins there, else the parameter is held on the knot and the
others go on. Where nothing rises any more, a likelihood with one top has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from likeliest.fitting.routes import climb
from likeliest.fitting.routes.ends.ridge import clear_slope, just_beside
from likeliest.optimise.newton import Ascent, level, newton_step, plain_step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.routes.climb import Top
    from likeliest.likelihood.objective import Objective
    from likeliest.numerics.arrays import Array
    from likeliest.optimise.newton import Spot

_MOST = 40  # steps: a longer walk is better searched for
_NEAR = 1e-2  # nats: a step that is to rise by less ends beside the top of its cell
_SHORT = 0.9  # of the way to where a row has no place
_HALVINGS = 12
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
    """The end of a cell that a step would pass."""

    index: int
    name: str
    at: float
    side: int


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
        self.settled: set[str] = set()
        self.slopes: dict[tuple[str, int], float] = {}

    def top(self) -> Top | None:
        """Return the top, or None if it is not come to in a few steps."""
        here: Spot | None = None
        for _ in range(_MOST):
            objective = self.objective.fixing(self.held)
            if here is None:
                here = objective.at(self._coordinates(objective))
            if here is None:
                return None
            step, rise = _step(here, objective.reach)
            if step is None:
                if not self._settle_level(objective, here):
                    return None
                here = None
                continue
            edge, share = self._edge(objective, here, step)
            if edge is not None or rise > _NEAR:
                here, moved = self._moved(objective, here, step, edge, share)
                if not moved:
                    return None
                continue
            if self._settle_blind(objective, here, step):
                here = None
                continue
            top = self._finished(objective, here)
            if top is None:
                return None
            rising = self._rising()
            if rising is None:
                return top if self._are_short() else None
            self._enter(*rising)
            here = None
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

    def _moved(
        self, objective: Objective, here: Spot, step: list[float], edge: _Edge | None, share: float
    ) -> tuple[Spot | None, bool]:
        """Take a step, or a part of it that rises, and say whether there was one.

        Returns the point come to, unless a parameter is held from now on.
        """
        if edge is not None and edge.at in (limits := self.ranges[edge.name])[1:3]:
            if limits.closed:
                self._note(objective, [x + share * s for x, s in zip(here.u, step, strict=True)])
                self._hold(edge)
                return None, True
            edge, share = None, _SHORT * share
        for _ in range(_HALVINGS):
            u = [x + share * s for x, s in zip(here.u, step, strict=True)]
            if edge is not None:
                beyond = just_beside(edge.at, _INTO * edge.side, self.span)
                u[edge.index] = float(
                    objective.coordinates.constraints[edge.index].unconstrain(beyond)
                )
            there = objective.at(u)
            slack = climb.TIE * here.size + (0.0 if edge is None else _SLACK)
            if there is not None and there.value >= here.value - slack:
                self._note(objective, u)
                if edge is None:
                    return there, True
                if edge.side * there.gradient[edge.index] > 0.0:
                    self.cells[edge.name] = self.ranges[edge.name].cell(self.at[edge.name])
                    return there, True
                self._hold(edge)
                return None, True
            edge, share = None, 0.5 * share
            if not share:
                break
        return None, False

    def _hold(self, edge: _Edge) -> None:
        self.at[edge.name] = self.held[edge.name] = edge.at
        del self.cells[edge.name]

    def _settle_blind(self, objective: Objective, here: Spot, step: list[float]) -> bool:
        """Hold parameters whose steps are too short for float64 where they are."""
        free = objective.coordinates.free
        blind = [
            name
            for name, u, move in zip(free, here.u, step, strict=True)
            if name in self.cells and move and abs(move) <= np.spacing(abs(u))
        ]
        for name in blind:
            self.held[name] = self.at[name]
            self.settled.add(name)
            del self.cells[name]
        return bool(blind)

    def _settle_level(self, objective: Objective, here: Spot) -> bool:
        """Hold parameters along which the likelihood is level in the middle of their cells."""
        is_level = level(here.as_points(), objective.reach)[0]
        for i in np.flatnonzero(is_level).tolist():
            name = objective.coordinates.free[i]
            cell = self.cells.pop(name, None)
            if cell is None or not np.isfinite(cell).all():
                return False
            self.at[name] = self.held[name] = 0.5 * cell[0] + 0.5 * cell[1]
            self.level[name] = cell
        return True

    def _enter(self, name: str, side: int) -> None:
        """Let go of a parameter, into the cell beside it."""
        self.at[name] = just_beside(self.held.pop(name), _INTO * side, self.span)
        self.cells[name] = self.ranges[name].cell(self.at[name])

    def _finished(self, objective: Objective, here: Spot) -> Top | None:
        """Return the top of a cell, from close to it."""
        if not here.u:
            return climb.Top(objective, Ascent.at_once(here.as_points()), np.empty(0), {})
        top = climb.sprinted(objective, np.array(here.u), here)
        if not isinstance(top, climb.Top):
            return None
        self._note(objective, top.u.tolist())
        inside = all(low < self.at[name] < high for name, (low, high) in self.cells.items())
        return top if inside and np.isfinite(top.value) else None

    def _rising(self) -> tuple[str, int] | None:
        """Return a parameter that is held, and to which side of it the likelihood rises."""
        for name, at in self.held.items():
            for side in (-1, 1) if name not in self.settled else ():
                self.slopes[name, side] = slope = self._slope(name, at, side)
                if side * slope > 0.0:
                    return name, side
        return None

    def _are_short(self) -> bool:
        """Whether stretches along which the likelihood is level end with the cells they are in."""
        return all(
            self._slope(name, cell[side > 0], side) != 0.0
            for name, cell in self.level.items()
            for side in (-1, 1)
        )

    def _slope(self, name: str, at: float, side: int) -> float:
        """Return the slope by a parameter just beside a place; inwards where no row has room."""
        beside = just_beside(at, side, self.span)
        if not self.ranges[name].low <= beside <= self.ranges[name].high:
            return -side * np.inf
        coordinates = self.objective.coordinates
        at_it = {**coordinates.inner_fixed, **self.at, name: beside}
        return clear_slope(self.objective, coordinates.family.unchecked(**at_it), name)


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

