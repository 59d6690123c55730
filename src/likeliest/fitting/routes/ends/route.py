"""The estimate where the likelihood has corners: an end of the support, the centre of a Laplace.

A family declares along which parameters (`Corner`). Each is searched for its top, those before it
held, the others at their likeliest for it: where the slope changes its sign at a candidate, or
between two. All values, slopes and curvatures are those of the one `Objective`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from likeliest.distributions.bases import WithStatistics
from likeliest.distributions.corner import Corner
from likeliest.errors import ParameterError, SupportError
from likeliest.fitting.curvature import Curvature, OfRows
from likeliest.fitting.routes import climb, closed_form
from likeliest.fitting.routes.closed_form import require_finite
from likeliest.fitting.routes.ends.candidates import Seen
from likeliest.fitting.routes.ends.profile import (
    ASIDE,
    ProfileLikelihood,
    SmoothClimbs,
    clear_slopes,
    just_beside,
)
from likeliest.fitting.routes.ends.search import marks_of, top_of
from likeliest.fitting.routes.ends.walk import Range, Walk
from likeliest.fitting.routes.found import Found, within_range
from likeliest.likelihood.coordinates import Coordinates
from likeliest.likelihood.frame import Frame
from likeliest.likelihood.matching import matched
from likeliest.likelihood.objective import Objective
from likeliest.tables import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.routes.climb import Top
    from likeliest.numerics.arrays import Array

_BEYOND = 0.2  # of the span, or in units of a logarithm: beyond the outermost bound
_FURTHER = (0.05, 0.2, 0.8)  # the same, where there may be several tops
_ALIKE = 1e-9  # of the span: bounds that differ by rounding alone
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
    found = search.walked()
    return search.found(*(found or search.searched()))


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
    smooth : SmoothClimbs
    """

    observations: Observations
    fixed: Mapping[str, float]
    frame: Frame
    objective: Objective
    seen: Seen
    smooth: SmoothClimbs

    @classmethod
    def of(
        cls, family: type[Distribution], observations: Observations, fixed: Mapping[str, float]
    ) -> _Search:
        objective = Objective.of(family, observations, fixed)
        frame = objective.coordinates.frame
        blocks = matched(family, observations)
        require_room(family, Seen.of(blocks), fixed)
        seen = Seen.of(frame.into(block) for block in blocks)
        # Ends are held at places in the inner frame.
        coordinates = Coordinates(family, frame.fixed(family, fixed), Frame())
        objective = replace(objective, coordinates=coordinates)
        known = family.starts_highest if observations.exact else None
        sure = family.has_one_top or (known is not None and set(fixed) <= set(known))
        several = seen.has_windows or not sure
        return cls(
            observations, fixed, frame, objective, seen, SmoothClimbs(objective, several=several)
        )

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

    def walked(self) -> tuple[Top, Mapping[tuple[str, int], float]] | None:
        """Return the highest top that walks lead to, with the slopes beside its corners.

        None where there is no start, where a walk comes to none, or where ends can have several.
        """
        start, family = self.start, self.objective.coordinates.family
        if start is None or any(self._has_several(family.corners[n]) for n in self.candidates):
            return None
        ends = {name: self._outermost(name) for name in self.candidates if name in family.ends()}
        first = family.unchecked(**{**start.parameters, **ends})
        tops = []
        for member in (first, *(self._asides(first) if self.smooth.several else ())):
            walk = self._walk(self.objective, member)
            top = walk.top()
            if top is not None:
                tops.append((top, walk.slopes))
            elif member is first:
                return None
        return max(tops, key=lambda found: found[0].value)

    def searched(self) -> tuple[Top, Mapping[tuple[str, int], float]]:
        """Return the highest top of a search, or of a walk from the start where that is higher.

        Few places are looked at where the rows have few corners, as finely rounded ones.
        """
        top, near = self.highest({}), None
        if self.start is not None and not self.objective.coordinates.family.ends():
            walk = self._walk(self.objective, self.start)
            near = walk.top()
        return (top, {}) if near is None or top.value >= near.value else (near, walk.slopes)

    def _asides(self, member: Distribution) -> Iterator[Distribution]:
        """Yield members beside one in each smooth parameter, for windows can make several tops."""
        coordinates = self.objective.coordinates
        for name, c in zip(coordinates.free, coordinates.constraints, strict=True):
            for by in (-ASIDE, ASIDE) if not (name in self.candidates or c.is_location) else ():
                moved = float(c.constrain(c.unconstrain(getattr(member, name)) + by))
                yield type(member).unchecked(**{**member.parameters, name: moved})

    def _walk(self, objective: Objective, start: Distribution) -> Walk:
        free = objective.coordinates.free
        ranges = {name: self._range(name) for name in self.candidates if name in free}
        return Walk(objective, ranges, self.seen.span, start)

    def _range(self, name: str) -> Range:
        limits = self._limits(name)
        corner = self.objective.coordinates.family.corners[name]
        closed = corner.is_end and self.seen.holds(corner, limits[corner.outwards < 0])
        return Range(self.candidates[name], *limits, closed)

    def _outermost(self, name: str) -> float:
        """Return where to look for an end first: on the outermost exact value, or beyond a bound.

        The likelihood falls at once from an exact value on.
        """
        family, candidates = self.objective.coordinates.family, self.candidates[name].tolist()
        constraint, corner = family.constraints[name], family.corners[name]
        outwards = corner.outwards
        first, *others = reversed(candidates) if outwards < 0 else candidates
        if self.seen.holds(corner, first):
            return float(first)
        others = [c for c in others if abs(c - first) > _ALIKE * self.seen.span]
        if others:
            return float(0.5 * first + 0.5 * others[0])
        stride = _BEYOND * (self.seen.span if constraint.is_location else 1.0)
        return float(constraint.constrain(constraint.unconstrain(first) + outwards * stride))

    def highest(self, held: Mapping[str, float]) -> Top:
        """Return the highest top with some parameters that have corners held."""
        coordinates = self.objective.coordinates
        corners = coordinates.family.corners
        name = next((n for n in coordinates.free if n in corners and n not in held), None)
        if name is None:
            return self.smooth.top(held)
        came: dict[float, Top] = {}
        profile = self._profile(name, held, came)
        near, several = self._near(name), self._has_several(corners[name])
        at = top_of(profile, self._reaching(profile), near=near, several=several)
        return came[at] if at in came else self.highest({**held, name: at})

    def _marks(self, name: str) -> Array:
        """Return places of an end at which to look: among the candidates, and further out."""
        family, knots = self.objective.coordinates.family, self.candidates[name]
        constraint, outwards = family.constraints[name], family.corners[name].outwards
        last = constraint.unconstrain(float(knots[0] if outwards < 0 else knots[-1]))
        span = self.seen.span if constraint.is_location else 1.0
        beyond = [float(constraint.constrain(last + outwards * s * span)) for s in _FURTHER]
        return np.unique(np.append(marks_of(knots), beyond))

    def _profile(
        self, name: str, held: Mapping[str, float], came: dict[float, Top]
    ) -> ProfileLikelihood:
        """Return the profile likelihood of a parameter; it notes the tops that walks come to."""
        objective = self.objective.fixing(held)

        def peak(at: float) -> Top:
            return self.highest({**held, name: at})

        def are_held(top: Top) -> dict[str, float]:
            inner = top.objective.coordinates.inner_fixed
            corners = objective.coordinates.free
            return {n: inner[n] for n in corners if n in inner and inner[n] in self.candidates[n]}

        def peaks(places: Array, near: Distribution | None) -> tuple[Array, list[Distribution]]:
            others = {n: self._marks(n) for n in self.candidates if n not in {*held, name}}
            return self.smooth.glances(objective, {name: places, **others}, near)

        def walk(start: Distribution) -> Top | None:
            top = self._walk(objective, start).top()
            if top is not None:
                came[float(getattr(top.member(), name))] = top
            return top

        limits, span = self._limits(name), self.seen.span
        return ProfileLikelihood(objective, name, limits, span, peak, are_held, peaks, walk)

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
        return self.smooth.several

    def _reaching(self, profile: ProfileLikelihood) -> Array:
        """Return the candidates, with places beyond which the profile falls, if it does.

        Raises
        ------
        UnboundedLikelihoodError
            If it rises for ever.
        """
        knots, family = self.candidates[profile.name], self.objective.coordinates.family
        constraint = family.constraints[profile.name]
        for side in (-1, 1):
            last = float(knots[0] if side < 0 else knots[-1])
            if side * profile.slope(last, side) <= 0.0:
                continue
            value, stride = -np.inf, self.seen.span if constraint.is_location else 1.0
            for _ in range(_OUTWARDS):
                at = float(constraint.constrain(constraint.unconstrain(last) + side * stride))
                if not constraint.contains(at):
                    break
                if side * profile.slope(at, side) < 0.0:
                    knots = np.insert(knots, 0 if side < 0 else knots.size, at)
                    break
                value, stride = profile.value(at), _STRETCH * stride
            if last == float(knots[0] if side < 0 else knots[-1]):
                beside = profile.peak(last)
                if np.isfinite(beside.value):  # the others may be what runs away
                    climb.require_maximum(beside)
                limit = {profile.name: constraint.limit(side > 0)}
                raise climb.without_maximum(family, limit, value)
        return knots

    def found(self, top: Top, slopes: Mapping[tuple[str, int], float]) -> Found:
        """Return what a fit needs to know of the highest top.

        `slopes`: those by parameters in a corner, to either side, as far as they are known.
        """
        climb.require_maximum(top)
        family, names = self.objective.coordinates.family, self.objective.coordinates.free
        inner = top.member()  # of the frame that the search is made in
        held = {name: float(getattr(inner, name)) for name in names if name in family.corners}
        left = within_range(family, lambda: self.frame.leave(inner))
        member = family(**{**left.parameters, **self.fixed})
        require_finite(member, top.value)
        corners, stretches, between = self._ends(inner, held, slopes)
        free = tuple(name for name in names if name not in (*corners, *stretches))
        curvature: Curvature | OfRows
        inside = any(not family.corners[name].is_end for name in held)
        if not inside:
            curvature = self._curvature(top, inner, free, between)
        else:
            blocks = tuple(map(self.frame.into, matched(family, self.observations)))
            told = OfRows(inner, free, blocks, self.frame).information.diagonal() > 0.0
            stretches += tuple(n for n, is_told in zip(free, told, strict=True) if not is_told)
            free = tuple(name for name in free if name not in stretches)
            curvature = OfRows(inner, free, blocks, self.frame)
        return Found(
            member,
            top.value,
            free,
            curvature,
            corners=corners,
            stretches=stretches,
            gradient_norm=None if inside or not free else 0.0,
            passes=self.objective.passes.full if self.objective.passes else 0,
        )

    def _ends(
        self,
        inner: Distribution,
        held: Mapping[str, float],
        slopes: Mapping[tuple[str, int], float],
    ) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """Return which ends lie in a corner, on a level stretch, and between corners in a cell.

        Where all that bounds the values bounds them on both sides, an end lies somewhere in a cell,
        and follows the law of one in a corner wherever in it the top is.
        """
        corners: list[str] = []
        stretches: list[str] = []
        between: list[str] = []
        in_cells, family = are_cells(self.observations), type(inner)
        for name, at in held.items():
            corner = family.corners[name]
            if not corner.is_end:
                continue
            is_candidate = at in self.candidates[name]
            if in_cells:
                corners.append(name)
                between += [] if is_candidate else [name]
            elif is_candidate:
                slope = slopes.get((name, corner.outwards))
                if slope is None:
                    beside = just_beside(at, corner.outwards, self.seen.span)
                    moved = family.unchecked(**{**inner.parameters, name: beside})
                    (slope,) = clear_slopes(self.objective, moved, [name])
                (stretches if slope == 0.0 else corners).append(name)
        return tuple(corners), tuple(stretches), tuple(between)

    def _curvature(
        self, top: Top, inner: Distribution, free: tuple[str, ...], between: tuple[str, ...]
    ) -> Curvature:
        """Return the observed information of some parameters.

        Others that trade against them, and have no errors from it, take their part off it.
        """
        if not free:
            return Curvature(np.empty((0, 0)), np.empty(0))
        objective, hessian = top.objective, top.ascent.points.hessian[0]
        if not {*free, *between} <= set(objective.coordinates.free):
            names = [n for n in self.objective.coordinates.free if n not in (*free, *between)]
            objective = self.objective.fixing({n: float(getattr(inner, n)) for n in names})
            hessian = objective(objective.coordinates.of_inner(inner)[None, :]).hessian[0]
        coordinates = objective.coordinates
        at, beside = ([coordinates.free.index(n) for n in names] for names in (free, between))
        information = -hessian[np.ix_(at, at)]
        if beside:
            mixed, own = -hessian[np.ix_(at, beside)], -hessian[np.ix_(beside, beside)]
            information = information - mixed @ np.linalg.solve(own, mixed.T)
        slopes = coordinates.outer_slopes(coordinates.of_inner(inner))[at]
        return Curvature(information, slopes * self.frame.units(type(inner), free))


def require_room(family: type[Distribution], seen: Seen, fixed: Mapping[str, float]) -> None:
    """Raise if a fixed end leaves rows outside, or if nothing bounds an end on one side."""
    for name, corner in family.corners.items():
        if name in fixed and not seen.holds(corner, fixed[name]):
            bound, side = (seen.least, "below the least")
            if corner is Corner.HIGH_END:
                bound, side = (seen.greatest, "above the greatest")
            where = f"{'at or ' * seen.holds(corner, bound)}{side} value, {number(bound)}"
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
                    limit = _limit(family, fixed, name, upwards=upwards)
                    raise climb.without_maximum(family, {name: limit}, 0.0)


def _limit(
    family: type[Distribution], fixed: Mapping[str, float], name: str, *, upwards: bool
) -> float:
    """Return where a parameter runs to: an end inwards at most to the other, if that is fixed."""
    others = [fixed[n] for n in family.ends() if n != name and n in fixed]
    runs_inwards = family.corners[name].outwards == (-1 if upwards else 1)
    return others[0] if runs_inwards and others else family.constraints[name].limit(upwards)


def are_cells(observations: Observations) -> bool:
    """Whether all that bounds the values bounds them on both sides."""
    lower, upper = observations.lower, observations.upper
    if observations.truncated or lower is None or upper is None:
        return False
    return bool(np.isfinite(lower).all() and np.isfinite(upper).all())
