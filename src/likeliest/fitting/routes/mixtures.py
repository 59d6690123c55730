"""The estimate of a mixture: EM from many starts, then Newton's method from where they came to.

The likelihood of a mixture with free widths has no maximum: a component that shrinks onto one value
makes it infinite. What is looked for is the highest root in the region that `Mixture.is_singular`
leaves, where no component is a collapsed one.

Source: Day (1969); McLachlan & Peel (2000), sections 2.12 and 3.8.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from likeliest.data.rows import Kind, Rows
from likeliest.distributions.combinators.mixture import LEAST, Mixture
from likeliest.errors import ConvergenceError, DataError, FamilyError, UnboundedLikelihoodError
from likeliest.fitting.routes import climb as climbing
from likeliest.fitting.routes.clusters import Points
from likeliest.fitting.routes.em import Em
from likeliest.fitting.routes.starts import Searched, searched
from likeliest.likelihood.objective import Objective
from likeliest.optimise import newton

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.routes.found import Found
    from likeliest.numerics.arrays import Array, Mask

_CLOSE = 10.0  # nats below the best of some rows: of all rows another root may be the highest
_CLIMBS = 4  # mixtures that all rows are climbed from at a time
_MOST = 60  # Newton steps: components that overlap make a ridge
_FEW, _ROUGHLY = 12, 1e-3  # the same of a search, and the nats that it may leave to the top
_WITHIN = 4  # points in the place of an interval


class Peaks(NamedTuple):
    """Where climbs on an objective ended, and the parameters that ended on their bound."""

    objective: Objective
    ascent: newton.Ascent
    bounds: dict[str, float]

    def value(self, fixed: Mapping[str, float]) -> Array:
        """Return the log likelihoods; -inf of climbs that came to no top, or to a collapse."""
        coordinates, points = self.objective.coordinates, self.ascent.points
        family = cast("type[Mixture]", coordinates.family)
        test = family.collapses(self.objective.n, fixed, LEAST)
        good = self.ascent.converged & self._are_told_apart()
        if test is not None:
            with np.errstate(all="ignore"):
                good = good & ~np.ravel(test(cast("Mixture", coordinates.members(points.u)[0])))
        return np.where(good, points.value, -np.inf)

    def _are_told_apart(self) -> Mask:
        """Whether the data tell every weight: where two components are the same they do not."""
        names = self.objective.coordinates.free
        at = [i for i, name in enumerate(names) if name.startswith("weight_")]
        with np.errstate(all="ignore"):
            errors = [climbing.errors_of(-hessian)[at] for hessian in self.ascent.points.hessian]
        return np.array([bool((e < climbing.NO_IDEA).all()) for e in errors])


def maximize(
    family: type[Mixture],
    observations: Observations,
    fixed: Mapping[str, float],
    start: Mapping[str, float] | None = None,
    smaller: Distribution | None = None,
) -> Found:
    """Return the highest root that the starts lead to.

    Some of them are `smaller`, the estimate with one component fewer, with another put in.

    Raises
    ------
    DataError
        If there are fewer values than the components need.
    UnboundedLikelihoodError
        If every start leads to a collapse.
    ConvergenceError
        If none leads to a maximum.
    """
    _require_smooth(family, fixed)
    objective = Objective.of(family, observations, fixed)
    _require_values(family, objective)
    points = _points(objective)
    rough = replace(
        objective,
        blocks=(Rows(Kind.EXACT, points.values, weight=points.weights),),
        windows=(), summed=(), passes=None, few=None,
    )  # fmt: skip
    em, climb = Em(family, objective.coordinates, points), partial(_roots, rough, fixed)
    inner = objective.coordinates.frame.enter(smaller) if isinstance(smaller, Mixture) else None
    found = searched(em, climb, inner)
    u = _with_start(objective, found.u, start) if start else found.u
    if not len(u):
        raise _collapse(family)
    first, *larger = climbing.ladder(objective)
    peaks, value = _from_starts(first, u, found, fixed)
    for some in larger:
        near = np.flatnonzero(value >= value.max() - _CLOSE)
        peaks = _climbed(some.fixing(peaks.bounds), peaks.ascent.points.u[near], peaks.bounds)
        value = peaks.value(fixed)
        if not np.isfinite(value).any():
            raise _without_root(family, found)
    bounds = peaks.bounds
    top = _ordered(objective, peaks.ascent.lane(int(np.argmax(value))), bounds, fixed)
    _require_effective(top, fixed)
    return replace(climbing.found(top), notes=_told(family, fixed, found))


def _points(objective: Objective) -> Points:
    """Return exact values in the place of the rows: of an interval several within it."""
    kinds = {block.kind for block in objective.blocks}
    if kinds == {Kind.BETWEEN} and not objective.summed:
        low = np.concatenate([block.a for block in objective.blocks])
        high = np.concatenate([block.b for block in objective.blocks if block.b is not None])
        weights = np.concatenate(
            [np.ones(b.size) if b.weight is None else b.weight for b in objective.blocks]
        )
        if np.isfinite(low).all() and np.isfinite(high).all():
            at = (np.arange(_WITHIN) + 0.5) / _WITHIN
            values = low[:, None] + (high - low)[:, None] * at
            return Points.of(np.ravel(values), np.repeat(weights / _WITHIN, _WITHIN))
    sample = objective.sample
    return Points.of(np.asarray(sample.values, dtype=np.float64), sample.weights)


def _roots(objective: Objective, fixed: Mapping[str, float], u: Array) -> tuple[Array, Array]:
    """Return where climbs end, and the log likelihoods of those that are roots."""
    peaks = Peaks(objective, _ascent(objective, u, _ROUGHLY, _FEW), {})
    return peaks.ascent.points.u, peaks.value(fixed)


def _ascent(
    objective: Objective, u: Array, tolerance: float = 1e-7, most: int = _MOST
) -> newton.Ascent:
    return newton.climb(
        objective,
        u,
        objective.reach,
        grain=objective.coordinates.grain,
        tolerance=min(tolerance, climbing.TOLERANCE * objective.n),
        most=most,
    )


def _climbed(objective: Objective, u: Array, bounds: dict[str, float]) -> Peaks:
    """Climb from all starts; what ends beside a closed end of its range is put on it."""
    ascent = _ascent(objective, u)
    peaks = Peaks(objective, ascent, bounds)
    value = np.where(np.isfinite(ascent.points.value), ascent.points.value, -np.inf)
    best = int(np.argmax(value))
    ends = _ends(objective, ascent.points.u[best])
    if not ends:
        return peaks
    kept = [i for i, name in enumerate(objective.coordinates.free) if name not in ends]
    on_end = _climbed(
        objective.fixing(ends), ascent.points.u[best : best + 1, kept], {**bounds, **ends}
    )
    least = value[best] - climbing.TIE * ascent.points.size[best]
    is_higher = on_end.ascent.converged[0] and on_end.ascent.points.value[0] >= least
    return on_end if is_higher else peaks


def _from_starts(
    objective: Objective, u: Array, found: Searched, fixed: Mapping[str, float]
) -> tuple[Peaks, Array]:
    """Climb from the best points, and from the next ones as long as they lead to no root."""
    for at in range(0, len(u), _CLIMBS):
        peaks = _climbed(objective, u[at : at + _CLIMBS], {})
        value = peaks.value(fixed)
        if np.isfinite(value).any():
            return peaks, value
    raise _without_root(cast("type[Mixture]", objective.coordinates.family), found)


def _ends(objective: Objective, u: Array) -> dict[str, float]:
    """Return the parameters that lie beside a closed end of their range, with that end."""
    coordinates = objective.coordinates
    found = {}
    for name, constraint, at in zip(coordinates.free, coordinates.constraints, u, strict=True):
        for end in constraint.closed_ends:
            if at * (1.0 if end > 0.0 else -1.0) > climbing.NEAR_END:
                found[name] = end
    return found


def _ordered(
    objective: Objective,
    ascent: newton.Ascent,
    bounds: dict[str, float],
    fixed: Mapping[str, float],
) -> climbing.Top:
    """Return the top with its components in order."""
    restricted = objective.fixing(bounds)
    coordinates = restricted.coordinates
    inner = cast("Mixture", coordinates.members(ascent.points.u)[0])
    ordered = inner.ordered({**fixed, **bounds})
    if ordered != inner:
        ascent = _climbed(restricted, coordinates.of_inner(ordered)[None, :], bounds).ascent
    return climbing.Top(restricted, ascent, ascent.points.u[0], bounds)


def _with_start(objective: Objective, u: Array, start: Mapping[str, float]) -> Array:
    """Return the starts with the user's own first, what it leaves out as in the highest."""
    coordinates = objective.coordinates
    if len(u):
        own = climbing.moved_to(coordinates, u[0], start)
    elif {*start, *coordinates.fixed} == set(coordinates.family.constraints):
        own = coordinates.of(coordinates.family(**{**start, **coordinates.fixed}))
    else:
        return u
    return np.vstack([own[None, :], u])


def _require_smooth(family: type[Mixture], fixed: Mapping[str, float]) -> None:
    for at, part in enumerate(family.parts):
        corners = tuple(part.corners)
        if left := [name for name in corners if name not in family.own(at, fixed)]:
            held = ", ".join(f"'{name}_{at + 1}': ..." for name in left)
            raise FamilyError(
                f"The likelihood of {family.name} has corners in {' and '.join(left)} of its "
                f"{part.name}, and is not climbed: fix what is known, with fixed={{{held}}}, or "
                "take a smooth family."
            )


def _require_values(family: type[Mixture], objective: Objective) -> None:
    at_risk = family.can_collapse(objective.coordinates.fixed)
    if at_risk and objective.n < LEAST.values * len(family.parts):
        raise DataError(
            f"{family.name} needs at least {LEAST.values:g} values for each of its "
            f"{len(family.parts)} components, and there are {objective.n:,.12g}: take fewer."
        )


def _require_effective(top: climbing.Top, fixed: Mapping[str, float]) -> None:
    """Raise if a component whose weight is fixed has shrunk onto too few values."""
    objective = top.objective
    family = cast("type[Mixture]", objective.coordinates.family)
    at_risk = family.can_collapse(fixed)
    if not at_risk or not any(name.startswith("weight_") for name in fixed):
        return
    inner = cast("Mixture", objective.coordinates.members(top.ascent.points.u)[0])
    sample = objective.sample
    shares = inner.responsibilities(sample.values)
    weights = np.ones(len(sample)) if sample.weights is None else sample.weights
    if (weights @ shares)[at_risk].min() < LEAST.values:
        raise _collapse(family)


def _collapse(family: type[Mixture]) -> UnboundedLikelihoodError:
    return UnboundedLikelihoodError(
        f"The likelihood of {family.name} has no root that could be the estimate: from every start "
        "a component collapses onto a few values, where the likelihood grows without limit. Fewer "
        "components may have one."
    )


def _without_root(family: type[Mixture], found: Searched) -> ConvergenceError:
    return ConvergenceError(
        f"No maximum of the likelihood of {family.name} was found from {found.tried} starts: the "
        "data may hold fewer components, of which two then come to be the same or one loses its "
        "weight. Take fewer, or fix parameters."
    )


def _told(family: type[Mixture], fixed: Mapping[str, float], found: Searched) -> tuple[str, ...]:
    if not family.can_collapse(fixed):
        return ()
    lost = (
        "; some starts collapsed onto a few values, where the likelihood grows without limit"
        if found.collapsed
        else ""
    )
    return (
        f"The highest root found with widths of a ratio above {LEAST.ratio:g} and at least "
        f"{LEAST.values:g} values in each component{lost}.",
    )
