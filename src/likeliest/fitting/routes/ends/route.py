"""The estimate where the likelihood has corners: an end of the support, the centre of a Laplace.

A family declares along which parameters (`Corner`). Each is searched for its top, those before it
held, the others at their likeliest for it: where the slope changes its sign at a candidate, or
between two. All values, slopes and curvatures are those of the one `Objective`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from likeliest.distributions.bases import WithStatistics
from likeliest.distributions.corner import Corner
from likeliest.errors import ParameterError, SupportError
from likeliest.fitting.curvature import Curvature, OfRows, symmetric
from likeliest.fitting.routes import climb, closed_form
from likeliest.fitting.routes.closed_form import require_finite
from likeliest.fitting.routes.ends.candidates import Seen
from likeliest.fitting.routes.ends.ridge import Along, Rest, clear_slope, just_beside
from likeliest.fitting.routes.ends.search import top_of
from likeliest.fitting.routes.found import Found, within_range
from likeliest.likelihood.frame import Frame
from likeliest.likelihood.matching import as_exact, matched, without_certain
from likeliest.likelihood.objective import Objective

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.routes.climb import Top
    from likeliest.numerics.arrays import Array

_OUTWARDS, _STRETCH = 20, 8.0  # how often the range in which a top is looked for grows, and by


def maximize(
    family: type[Distribution], observations: Observations, fixed: Mapping[str, float]
) -> Found:
    """Return the likeliest member of a family whose likelihood has corners.

    Standard errors come from the observed information where the top is level in a parameter. Those
    of a corner inside the support come from the expected information of exact rows, and of others
    from the sum of outer products of the rows' scores: the curvature there says which values the
    estimate fell between, not how sure it is.

    Raises
    ------
    UnboundedLikelihoodError
        If the likelihood has no maximum, with the direction in which it rises.
    """
    plain = observations.exact and not observations.truncated
    if plain and issubclass(family, WithStatistics) and set(fixed) <= set(family.closed_given):
        return closed_form.maximize(family, observations, fixed)
    search = _Search.of(family, observations, fixed)
    return search.found(search.top_at_the_edge() or search.highest({}))


@dataclass(frozen=True)
class _Search:
    """The search for the highest top, in a unit and about an origin of its own.

    Parameters
    ----------
    observations : Observations
        In the user's unit.
    fixed : mapping
        The same.
    frame : Frame
    objective : Objective
        Of the observations in that frame.
    seen : Seen
        What its rows consist of.
    rest : Rest
    """

    observations: Observations
    fixed: Mapping[str, float]
    frame: Frame
    objective: Objective
    seen: Seen
    rest: Rest

    @classmethod
    def of(
        cls, family: type[Distribution], observations: Observations, fixed: Mapping[str, float]
    ) -> _Search:
        blocks = matched(family, observations)
        _require_room(family, Seen.of(blocks), fixed)
        frame = Frame.of(family, as_exact(family, without_certain(family, observations)))
        moved = observations if frame.is_identity else observations.moved(frame.origin, frame.unit)
        objective = Objective.of(family, moved, frame.fixed(family, fixed))
        seen = Seen.of(frame.into(block) for block in blocks)
        several = seen.has_windows or not family.has_one_top
        return cls(observations, fixed, frame, objective, seen, Rest(objective, several=several))

    @cached_property
    def start(self) -> Distribution | None:
        """The member that a climb sets out from; None if there is none."""
        try:
            starts = climb.starts_of(self.objective)
        except ParameterError:  # beside ends that are fixed, or of values that are all the same
            return None
        return self.objective.coordinates.member_at(starts[0].tolist())

    @cached_property
    def candidates(self) -> dict[str, Array]:
        """Where each free parameter that has corners can have one."""
        coordinates = self.objective.coordinates
        corners, constraints = coordinates.family.corners, coordinates.family.constraints
        return {
            name: self.seen.candidates(corners[name], constraints[name])
            for name in coordinates.free
            if name in corners
        }

    def top_at_the_edge(self) -> Top | None:
        """Return the top where every end is beside or on the outermost candidates, if it is there.

        An end is on a candidate, where slopes fall to both sides, or level between two. Of a
        likelihood with one top a place that is so in all parameters is it.
        """
        start, family = self.start, self.objective.coordinates.family
        if self.rest.several or start is None:
            return None
        ends = {name: self._outermost(name) for name in self.candidates if name in family.ends()}
        for places in product(*ends.values()):
            at = dict(zip(ends, places, strict=True))
            held = {name: place for name, place in at.items() if place in self.candidates[name]}
            objective = self.objective.fixing(held)
            u = objective.coordinates.of_inner(family.unchecked(**{**start.parameters, **at}))
            top = climb.sprinted(objective, u) if u.size else climb.top_from(objective, u[None, :])
            if isinstance(top, climb.Top) and self._is_highest(top, held):
                return top
        return None

    def _outermost(self, name: str) -> list[float]:
        """Return places of an end to look at: between the outermost candidates, and on them."""
        candidates = self.candidates[name].tolist()
        if self.objective.coordinates.family.corners[name] is Corner.LOW_END:
            candidates.reverse()
        if len(candidates) == 1 or candidates[0] in self.seen.exact:
            return candidates[:1]  # the likelihood falls there at once
        return [0.5 * candidates[0] + 0.5 * candidates[1], candidates[1]]

    def _is_highest(self, top: Top, held: Mapping[str, float]) -> bool:
        """Whether no corner is passed, and the likelihood falls to both sides of those held."""
        member = top.objective.coordinates.member_at(top.u.tolist())
        if member is None or not (top.converged and np.isfinite(top.value)):
            return False
        for name, candidates in self.candidates.items():
            at, (low, high) = float(getattr(member, name)), self._limits(name)
            if name not in held and (not low < at < high or at in candidates):
                return False
            for side in (-1, 1) if name in held else ():
                beside = just_beside(at, side, self.seen.span)
                moved = type(member).unchecked(**{**member.parameters, name: beside})
                inside = low <= beside <= high
                if inside and not side * clear_slope(self.objective, moved, name) <= 0.0:
                    return False
        return True

    def highest(self, held: Mapping[str, float], *, glance: bool = False) -> Top:
        """Return the highest top with some parameters that have corners held."""
        coordinates = self.objective.coordinates
        corners = coordinates.family.corners
        name = next((n for n in coordinates.free if n in corners and n not in held), None)
        if name is None:
            return self.rest.top(held, glance=glance)
        along = self._along(name, held)
        near, several = self._near(name), self._has_several(corners[name])
        at = top_of(along, self._reaching(along), near=near, several=several)
        return self.highest({**held, name: at})

    def _along(self, name: str, held: Mapping[str, float]) -> Along:
        objective = self.objective.fixing(held)

        def peak(at: float, *, glance: bool = False) -> Top:
            return self.highest({**held, name: at}, glance=glance)

        def are_held(top: Top) -> dict[str, float]:
            inner = top.objective.coordinates.inner_fixed
            corners = objective.coordinates.free
            return {n: inner[n] for n in corners if n in inner and inner[n] in self.candidates[n]}

        return Along(objective, name, self._limits(name), self.seen.span, peak, are_held)

    def _limits(self, name: str) -> tuple[float, float]:
        """Return between which values a parameter leaves every row room."""
        corner = self.objective.coordinates.family.corners[name]
        if corner is Corner.LOW_END:
            return -np.inf, self.seen.least
        return self.seen.greatest if corner is Corner.HIGH_END else -np.inf, np.inf

    def _near(self, name: str) -> float:
        """Return where the top is looked for first: at the outermost row, or at the start."""
        limit = next((limit for limit in self._limits(name) if np.isfinite(limit)), 0.0)
        return limit if self.start is None else float(getattr(self.start, name))

    def _has_several(self, corner: Corner) -> bool:
        """Whether windows can make several tops: of exact rows the outermost is the end."""
        if corner.is_end and not (self.seen.lower.size or self.seen.upper.size):
            return not self.objective.coordinates.family.has_one_top
        return self.rest.several

    def _reaching(self, along: Along) -> Array:
        """Return the candidates, with places beyond which the ridge falls; raise if it never does.

        Raises
        ------
        UnboundedLikelihoodError
            If it rises for ever.
        """
        knots, family = self.candidates[along.name], self.objective.coordinates.family
        constraint = family.constraints[along.name]
        for side in (-1, 1):
            last = float(knots[0] if side < 0 else knots[-1])
            if side * along.slope(last, side) <= 0.0:
                continue
            value, stride = -np.inf, self.seen.span if constraint.is_location else 1.0
            for _ in range(_OUTWARDS):
                at = float(constraint.constrain(constraint.unconstrain(last) + side * stride))
                if not constraint.contains(at):
                    break
                if side * along.slope(at, side) < 0.0:
                    knots = np.insert(knots, 0 if side < 0 else knots.size, at)
                    break
                value, stride = along.value(at), _STRETCH * stride
            if last == float(knots[0] if side < 0 else knots[-1]):
                along.glance(last)
                beside = along.peak(last)
                if np.isfinite(beside.value):  # the others may be what runs away
                    climb.require_maximum(beside)
                limit = {along.name: constraint.limit(side > 0)}
                raise climb.without_maximum(family, limit, value)
        return knots

    def found(self, top: Top) -> Found:
        """Return what a fit needs to know of the highest top."""
        climb.require_maximum(top)
        family, names = self.objective.coordinates.family, self.objective.coordinates.free
        inner = top.member()  # of the frame that the search is made in
        held = {name: float(getattr(inner, name)) for name in names if name in family.corners}
        left = within_range(family, lambda: self.frame.leave(inner))
        member = family(**{**left.parameters, **self.fixed})
        value = top.value
        if not family.discrete:
            value -= self.observations.n_exact * float(np.log(self.frame.unit))
        require_finite(member, value)
        corners, stretches, between = self._ends(held)
        free = tuple(name for name in names if name not in (*corners, *stretches))
        curvature: Curvature | OfRows = Curvature(
            self._information(inner, free, between), self.frame.units(family, free)
        )
        inside = any(not family.corners[name].is_end for name in held)
        if inside:
            blocks = matched(family, self.observations)
            told = OfRows(member, free, blocks).information.diagonal() > 0.0
            stretches += tuple(n for n, is_told in zip(free, told, strict=True) if not is_told)
            free = tuple(name for name in free if name not in stretches)
            curvature = OfRows(member, free, blocks)
        return Found(
            member,
            value,
            free,
            curvature,
            corners=corners,
            stretches=stretches,
            gradient_norm=None if inside or not free else 0.0,
            passes=self.objective.passes.full if self.objective.passes else 0,
        )

    def _ends(
        self, held: Mapping[str, float]
    ) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """Return which ends lie in a corner, on a level stretch, and between corners in a cell.

        Where all that bounds the values bounds them on both sides, an end lies somewhere in a cell,
        and follows the law of one in a corner wherever in it the top is.
        """
        corners: list[str] = []
        stretches: list[str] = []
        between: list[str] = []
        in_cells = _are_cells(self.observations)
        for name, at in held.items():
            corner = self.objective.coordinates.family.corners[name]
            if not corner.is_end:
                continue
            is_candidate = at in self.candidates[name]
            if in_cells:
                corners.append(name)
                between += [] if is_candidate else [name]
            elif is_candidate:
                others = {other: v for other, v in held.items() if other != name}
                is_level = self._along(name, others).slope(at, corner.outwards) == 0.0
                (stretches if is_level else corners).append(name)
        return tuple(corners), tuple(stretches), tuple(between)

    def _information(
        self, inner: Distribution, free: tuple[str, ...], between: tuple[str, ...]
    ) -> Array:
        """Return the observed information of some parameters.

        Others that trade against them, and have no errors from it, take their part off it.
        """
        every = list(self.objective.coordinates.family.constraints)
        full = -symmetric(tuple(self.objective.sums(inner)[1 + len(every) : -1]))
        at, beside = ([every.index(n) for n in names] for names in (free, between))
        information = full[np.ix_(at, at)]
        if at and beside:
            mixed = full[np.ix_(at, beside)]
            information = information - mixed @ np.linalg.solve(
                full[np.ix_(beside, beside)], mixed.T
            )
        return information


def _require_room(family: type[Distribution], seen: Seen, fixed: Mapping[str, float]) -> None:
    """Raise if a fixed end leaves rows outside, or if nothing bounds an end on one side."""
    for name, corner in family.corners.items():
        if name in fixed and not seen.holds(corner, fixed[name]):
            where = f"at or below the least value, {seen.least:g}"
            if corner is Corner.HIGH_END:
                where = f"at or above the greatest value, {seen.greatest:g}"
            raise SupportError(
                f"{family.name} with {name} fixed at {fixed[name]:g} does not hold all values. Fix "
                f"it {where}."
            )
    is_bare = not (seen.exact.size or seen.has_windows)
    for is_open, order, upwards in (
        (np.isinf(seen.least), (Corner.HIGH_END, Corner.LOW_END), True),
        (np.isinf(seen.greatest), (Corner.LOW_END, Corner.HIGH_END), False),
    ):
        for corner in (*order, *((Corner.INSIDE,) if is_bare else ())) if is_open else ():
            for name in family.corners:
                if family.corners[name] is corner and name not in fixed:
                    limit = family.constraints[name].limit(upwards)
                    raise climb.without_maximum(family, {name: limit}, 0.0)


def _are_cells(observations: Observations) -> bool:
    """Whether all that bounds the values bounds them on both sides."""
    lower, upper = observations.lower, observations.upper
    if observations.truncated or lower is None or upper is None:
        return False
    return bool(np.isfinite(lower).all() and np.isfinite(upper).all())
