"""The estimate of a mixture: EM from many starts, then Newton's method from where they came to.

The likelihood of a mixture with free widths has no maximum: a component that shrinks onto one value
makes it infinite. What is looked for is the highest root in the region that `Mixture.is_singular`
leaves, where no component is a collapsed one.

Source: Day (1969); McLachlan & Peel (2000), sections 2.12 and 3.8.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from likeliest.distributions.combinators.mixture import LEAST_RATIO, LEAST_VALUES, Mixture
from likeliest.errors import ConvergenceError, DataError, FamilyError, UnboundedLikelihoodError
from likeliest.fitting.routes import climb as climbing
from likeliest.fitting.routes.em import Search
from likeliest.fitting.routes.ends import ENDS
from likeliest.likelihood.objective import Objective
from likeliest.optimise.newton import Ascent, climb

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.data.observations import Observations
    from likeliest.fitting.routes.found import Found
    from likeliest.numerics.arrays import Array, Mask

_CLOSE = 10.0  # nats below the best of some rows: of all rows another root may be the highest
_REARRANGED = 3  # times at most that the best root is rearranged
_CLIMBS = 4  # roots of the values as exact ones, from which all rows are climbed
_MOST = 60  # Newton steps: components that overlap make a ridge
_APART = 1e-4  # nats by which two roots differ at least


class Peaks(NamedTuple):
    """Where climbs on an objective ended, and the parameters that ended on their bound."""

    objective: Objective
    ascent: Ascent
    bounds: dict[str, float]

    def value(self, fixed: Mapping[str, float]) -> Array:
        """Return the log likelihoods; -inf of climbs that came to no top, or to a collapse."""
        coordinates, points = self.objective.coordinates, self.ascent.points
        family = cast("type[Mixture]", coordinates.family)
        test = family.collapses(self.objective.n, fixed)
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


class Searched(NamedTuple):
    """Points where the values as exact ones have a root, the highest first, and others behind.

    Parameters
    ----------
    u : array of shape (points, k)
    value : array of shape (points,)
        The log likelihoods; -inf of those that are no root.
    tried, collapsed : int
        The starts, and those that ran into a collapse.
    """

    u: Array
    value: Array
    tried: int
    collapsed: int

    @property
    def roots(self) -> int:
        """How many roots there are."""
        return int(np.count_nonzero(np.isfinite(self.value)))

    def with_others(self, others: Searched) -> Searched:
        """Return these points and others, roots of the same value once."""
        u, value = np.vstack([self.u, others.u]), np.concatenate([self.value, others.value])
        order = np.argsort(-value, kind="stable")
        ranked = value[order]
        is_root = np.isfinite(ranked)
        falls = np.ones(order.size, dtype=bool)
        falls[1:] = ranked[1:] < ranked[:-1] - _APART
        kept = order[falls | ~is_root]
        return Searched(
            u[kept], value[kept], self.tried + others.tried, self.collapsed + others.collapsed
        )


def maximize(
    family: type[Mixture],
    observations: Observations,
    fixed: Mapping[str, float],
    start: Mapping[str, float] | None = None,
) -> Found:
    """Return the highest root that the starts lead to.

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
    found = _searched(objective, fixed, start or {})
    if not len(found.u):
        raise _collapse(family)
    first, *larger = climbing.ladder(objective)
    peaks, value = _from_starts(first, found, fixed)
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


def _searched(
    objective: Objective, fixed: Mapping[str, float], start: Mapping[str, float]
) -> Searched:
    """Look for roots of the values as exact ones: from clusters, then about the best so far."""
    search = Search.of(cast("type[Mixture]", objective.coordinates.family), objective)
    rough = search.rough(objective)
    starts = search.starts()
    u = starts.u if not start else _with_start(objective, starts.u, start)
    found = Searched(u, np.full(len(u), -np.inf), starts.tried, starts.collapsed)
    if not len(u):
        return found
    found = _polished(rough, found, fixed)
    for _ in range(_REARRANGED):
        best = found.value[0]
        more = search.starts(about=found.u[0])
        if not len(more.u):
            break
        other = Searched(more.u, np.full(len(more.u), -np.inf), more.tried, more.collapsed)
        found = found.with_others(_polished(rough, other, fixed))
        if not found.value[0] > best + _APART:
            break
    return found


def _polished(objective: Objective, found: Searched, fixed: Mapping[str, float]) -> Searched:
    """Return the points that climbs lead to."""
    peaks = Peaks(objective, _ascent(objective, found.u), {})
    finite = np.isfinite(peaks.ascent.points.value)
    nothing = found._replace(u=found.u[:0], value=found.value[:0])
    return nothing.with_others(
        found._replace(u=peaks.ascent.points.u[finite], value=peaks.value(fixed)[finite])
    )._replace(tried=found.tried, collapsed=found.collapsed)


def _ascent(objective: Objective, u: Array) -> Ascent:
    return climb(
        objective,
        u,
        objective.reach,
        grain=objective.coordinates.grain,
        tolerance=min(1e-7, climbing.TOLERANCE * objective.n),
        most=_MOST,
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
    objective: Objective, found: Searched, fixed: Mapping[str, float]
) -> tuple[Peaks, Array]:
    """Climb from the best points, and from the next ones as long as they lead to no root."""
    for at in range(0, len(found.u), _CLIMBS):
        peaks = _climbed(objective, found.u[at : at + _CLIMBS], {})
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
    objective: Objective, ascent: Ascent, bounds: dict[str, float], fixed: Mapping[str, float]
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
        corners = ENDS.get(part.name, (part.centre,)) if part.non_smooth else ()
        if left := [name for name in corners if name not in family.own(at, fixed)]:
            held = ", ".join(f"'{name}_{at + 1}': ..." for name in left)
            raise FamilyError(
                f"The likelihood of {family.name} has corners in {' and '.join(left)} of its "
                f"{part.name}, and is not climbed: fix what is known, with fixed={{{held}}}, or "
                "take a smooth family."
            )


def _require_values(family: type[Mixture], objective: Objective) -> None:
    at_risk = family.can_collapse(objective.coordinates.fixed)
    if at_risk and objective.n < LEAST_VALUES * len(family.parts):
        raise DataError(
            f"{family.name} needs at least {LEAST_VALUES:g} values for each of its "
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
    if (weights @ shares)[at_risk].min() < LEAST_VALUES:
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
        f"; {found.collapsed} of {found.tried} starts collapsed onto a few values, where the "
        "likelihood grows without limit"
        if found.collapsed
        else ""
    )
    which = "The only root" if found.roots == 1 else f"The highest of {found.roots} roots"
    return (
        f"{which} found with widths of a ratio above {LEAST_RATIO:g} and at least "
        f"{LEAST_VALUES:g} values in each component{lost}.",
    )
