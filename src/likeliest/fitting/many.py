"""Fits of many groups at once: those that are equally long side by side, each by itself.

What is settled here is what the single fit would say; a group for which that is in any doubt, on
a rare bound, ill-conditioned, slow to converge, out of the support, is fitted by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from likeliest.data.vectors import LARGEST_COUNT
from likeliest.distributions.bases import ClosedForm, WithStatistics
from likeliest.engines import threads
from likeliest.errors import LikeliestError
from likeliest.fitting.diagnostics import Outcome, diagnosed
from likeliest.fitting.fit import fit
from likeliest.fitting.routes.climb import NEAR_END, TIE, TOLERANCE, beyond_ends, climbs_from
from likeliest.fitting.support import beyond_support
from likeliest.likelihood.frame import frames_of
from likeliest.likelihood.groups import GroupObjective, Samples, statistics_of_groups
from likeliest.likelihood.matching import as_exact
from likeliest.optimise.newton import Ascent, Points, climb

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import TypeAlias

    from likeliest.data.groups import Grouped
    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Parameter
    from likeliest.fitting.result import Fit
    from likeliest.likelihood.coordinates import Coordinates
    from likeliest.likelihood.frame import Frame
    from likeliest.numerics.arrays import Array, Indices, Mask

    Route: TypeAlias = Callable[[Any, Observations, int, Mapping[str, float]], "Settled"]

OUTCOMES = (*Outcome, "failed")
"""How a group can end, by its code."""
FAILED = len(OUTCOMES) - 1
_OPEN = -1

_FEW = 4  # groups of one length from which their work side by side pays
_LONGEST = 12_000  # rows from which a fit by itself begins on a subsample
_SMALL, _GREAT = 1e-90, 1e90  # sizes whose squares lie well within float64
_STEPS = 40  # more Newton steps than this are a sign of a ridge
_STRIDE = 1e-2  # a last step so long, in natural units, may be one towards a limit
_UNSURE = 20.0  # a standard error of a logarithm that says that the data hardly tell
_CONDITION = 1e8  # of the information
_SHARE = 0.35  # of equal values, from which a continuous likelihood may have no maximum


@dataclass(eq=False)
class Found:
    """What was found of many groups.

    Parameters
    ----------
    parameters, errors : arrays of shape (groups, parameters)
        The errors are NaN where there is none; both are where the fit failed.
    correlations : array of shape (groups, pairs)
        Of the estimates of each pair of parameters, (first, second), (first, third), ...; NaN where
        one has no error.
    log_likelihood : array of shape (groups,)
    n : array of shape (groups,)
    status : array of shape (groups,)
        Codes of `OUTCOMES`.
    reasons : dict
        Why a group failed.
    """

    parameters: Array
    errors: Array
    correlations: Array
    log_likelihood: Array
    n: Array
    status: Indices
    reasons: dict[int, str]

    @classmethod
    def nothing(cls, groups: int, k: int) -> Found:
        """Return what is known before anything is."""
        return cls(
            np.full((groups, k), np.nan),
            np.full((groups, k), np.nan),
            np.full((groups, k * (k - 1) // 2), np.nan),
            np.full(groups, np.nan),
            np.zeros(groups),
            np.full(groups, _OPEN, dtype=np.int8),
            {},
        )

    def put(self, groups: Indices, settled: Settled) -> None:
        """Write down what was settled of some groups."""
        self.parameters[groups] = settled.parameters
        self.errors[groups] = settled.errors
        self.correlations[groups] = settled.correlations
        self.log_likelihood[groups] = settled.log_likelihood
        self.n[groups] = settled.n
        self.status[groups] = settled.status

    def put_fit(self, group: int, one: Fit) -> None:
        """Write down the fit of one group."""
        self.parameters[group] = [*one.parameters.values()]
        self.put_errors(group, one)
        self.log_likelihood[group] = one.log_likelihood
        self.n[group] = one.n
        self.status[group] = OUTCOMES.index(diagnosed(one.found, one.observations).outcome)

    def put_errors(self, group: int, one: Fit) -> None:
        """Write down how sure the estimates of one group are."""
        errors = one.standard_errors
        of_pairs = dict(zip(combinations(one.free, 2), _pairs(one.correlation), strict=True))
        self.correlations[group] = [of_pairs.get(pair, np.nan) for pair in combinations(errors, 2)]
        self.errors[group] = [np.nan if e is None else e for e in errors.values()]


class Settled(NamedTuple):
    """The columns of `Found` of groups that are settled; `at` says which of those asked for."""

    at: Indices
    parameters: Array
    errors: Array
    correlations: Array
    log_likelihood: Array
    n: Array
    status: Indices

    def where(self, mask: Mask) -> Settled:
        """Return some of the groups."""
        parts = (self.parameters[mask], self.errors[mask], self.correlations[mask])
        sums = (self.log_likelihood[mask], self.n[mask])
        return Settled(self.at[mask], *parts, *sums, self.status[mask])


class Spread(NamedTuple):
    """How sure the estimates of some parameters are, in each group.

    Parameters
    ----------
    names : sequence of str
    errors : array of shape (groups, names)
    correlations : array of shape (groups, pairs of names)
    """

    names: Sequence[str]
    errors: Array
    correlations: Array


def found_of(
    family: type[Distribution],
    grouped: Grouped,
    fixed: Mapping[str, float],
    start: Mapping[str, float],
) -> Found:
    """Return the fits of all groups."""
    found = Found.nothing(len(grouped), len(family.constraints))
    if not start and len(grouped.observations):
        kernel = partial(_settled_block, family, fixed)
        for groups, settled in threads.each(kernel, grouped.alike(_FEW, _LONGEST)):
            found.put(groups[settled.at], settled)
    for group in np.flatnonzero(found.status == _OPEN).tolist():
        try:
            one = fit(grouped.part(group), family, fixed=fixed, start=start)
            found.put_fit(group, one)
        except LikeliestError as error:
            found.status[group] = FAILED
            found.reasons[group] = str(error)
            first, end = grouped.starts[group : group + 2]
            found.n[group] = _weight_of(grouped.observations, int(first), int(end))
    return found


def _weight_of(seen: Observations, first: int, end: int) -> float:
    return float(end - first if seen.weights is None else np.sum(seen.weights[first:end]))


def _settled_block(
    family: type[Distribution],
    fixed: Mapping[str, float],
    block: tuple[Indices, Observations],
) -> tuple[Indices, Settled]:
    groups, seen = block
    with np.errstate(all="ignore"):
        return groups, _settled(family, fixed, seen, groups.size)


def _settled(
    family: type[Distribution], fixed: Mapping[str, float], seen: Observations, groups: int
) -> Settled:
    """Return the groups that can be fitted side by side, fitted."""
    told = _told(seen, groups)
    if (told != told[0]).any():  # those of which less is told have a shorter way
        parts = []
        for one in np.unique(told):
            at = np.flatnonzero(told == one)
            settled = _settled(family, fixed, _rows_of(seen, groups, at), at.size)
            parts.append(settled._replace(at=at[settled.at]))
        return _joined(*parts)
    route = _route(family, fixed, seen)
    if route is None:
        return _nothing(family)
    at = np.flatnonzero(_is_ordinary(family, seen, groups))
    if at.size < groups:
        seen = _rows_of(seen, groups, at) if at.size else seen
    return _halved(route, family, fixed, seen, at)


def _halved(
    route: Route, family: type[Distribution], fixed: Mapping[str, float], seen: Observations,
    at: Indices,
) -> Settled:  # fmt: skip
    """Run a route; groups for which it raises are found by halving, and left out."""
    if not at.size:
        return _nothing(family)
    try:
        settled = route(family, seen, at.size, fixed)
        return settled._replace(at=at[settled.at])
    except (LikeliestError, ArithmeticError):
        if at.size == 1:
            return _nothing(family)
    half = at.size // 2
    rows = half * (len(seen) // at.size)
    parts = (
        _halved(route, family, fixed, seen.cut(0, rows), at[:half]),
        _halved(route, family, fixed, seen.cut(rows, len(seen)), at[half:]),
    )
    return _joined(*parts)


def _rows_of(seen: Observations, groups: int, at: Indices) -> Observations:
    return seen.take(np.arange(len(seen)).reshape(groups, -1)[at].ravel())


def _told(seen: Observations, groups: int) -> Indices:
    """Return what is told of the rows of each group: bounds (1), windows (2), both (3) or none."""
    told = np.zeros(groups, dtype=np.intp)
    if seen.lower is not None and seen.upper is not None:
        told += (seen.lower < seen.upper).reshape(groups, -1).any(axis=1)
    windowed = np.zeros(groups, dtype=bool)
    for end, open_ in ((seen.entry, -np.inf), (seen.exit, np.inf)):
        if end is not None:
            windowed |= (np.broadcast_to(end, len(seen)) != open_).reshape(groups, -1).any(axis=1)
    return told + 2 * windowed


def _joined(*parts: Settled) -> Settled:
    return Settled(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _nothing(family: type[Distribution]) -> Settled:
    none, found = np.zeros(0, dtype=np.intp), Found.nothing(0, len(family.constraints))
    columns = (found.parameters, found.errors, found.correlations, found.log_likelihood, found.n)
    return Settled(none, *columns, none)


def _route(
    family: type[Distribution], fixed: Mapping[str, float], seen: Observations
) -> Route | None:
    """Return how groups of a family are fitted side by side, None if one by one."""
    plain = seen.exact and not seen.truncated
    if plain and issubclass(family, WithStatistics) and set(fixed) <= set(family.closed_given):
        return _in_closed_form
    if fixed or family.non_smooth or len(_closed_ends(family)) > 1:
        return None
    if not plain and "is_singular" in vars(family):
        return None  # where ties lie beside bounds, each group has singularities of its own
    return _by_climbing if issubclass(family, ClosedForm) or family.starts_many else None


def fits_side_by_side(
    family: type[Distribution], fixed: Mapping[str, float], seen: Observations
) -> bool:
    """Whether groups of such data are fitted side by side, and so in little time."""
    return _route(family, fixed, seen) is not None


# which groups are ordinary


def _is_ordinary(family: type[Distribution], seen: Observations, groups: int) -> Mask:
    """Return the groups with nothing odd about their data."""
    m = len(seen) // groups
    k = len(family.constraints)
    samples = _samples(family, seen, groups)
    low, high = samples.low[:, 0], samples.high[:, 0]
    size = np.maximum(np.abs(low), np.abs(high))
    good = np.full(groups, m >= k) & (size < _GREAT) & ((size > _SMALL) | (size == 0.0))
    if family.support.low == 0.0 and not family.discrete:
        good &= low > 1e-30 * size  # far tails of a few values are left to the single fit
    bad = beyond_support(family, seen)
    if bad is not None:
        good &= ~bad.reshape(groups, m).any(axis=1)
    if family.support.whole:
        good &= high <= LARGEST_COUNT
    if seen.lower is None or seen.upper is None:
        needs_spread = k > 1 or bool(family.concentrates)
        good &= (low < high) if needs_spread else (high > 0.0)
        if not family.discrete and family.starts_many:
            good &= samples.commonest()[1][:, 0] < _SHARE
        return good
    return good & _tell_enough(seen.lower.reshape(groups, m), seen.upper.reshape(groups, m), k)


def _tell_enough(lower: Array, upper: Array, k: int) -> Mask:
    """Return the groups whose bounds leave no doubt that there is a maximum.

    Some are bounded on both sides, they differ, and no value can be that of all rows.
    """
    closed = np.isfinite(lower) & np.isfinite(upper)
    edges = np.sort(np.where(closed, lower, np.inf), axis=1)
    different = (np.isfinite(edges) & (np.diff(edges, axis=1, prepend=-np.inf) > 0.0)).sum(axis=1)
    apart = lower.max(axis=1) - upper.min(axis=1)
    width = (upper - lower).min(axis=1)
    slack = 1e-3 * np.where(np.isfinite(width), width, 0.0)
    return np.asarray((different > k) & (apart > slack))


def _samples(family: type[Distribution], seen: Observations, groups: int) -> Samples:
    values = np.asarray(as_exact(family, seen).values, dtype=np.float64).reshape(groups, -1)
    weights = None if seen.weights is None else seen.weights.reshape(groups, -1)
    return Samples(values, weights, seen.exact)


# in closed form


def _in_closed_form(
    family: type[WithStatistics], seen: Observations, groups: int, fixed: Mapping[str, float]
) -> Settled:
    samples = _samples(family, seen, groups)
    frame = frames_of(family, samples.low, samples.high, samples.mean)
    origin, unit = np.asarray(frame.origin), np.asarray(frame.unit)
    moved = ((origin != 0.0) | (unit != 1.0))[:, 0]
    inner = samples.moved(origin, unit) if moved.any() else samples
    statistics = statistics_of_groups(family, inner, fixed)
    member = family.maximize_given(statistics, fixed) if fixed else family.maximize(statistics)
    value = np.ravel(member.mean_log_prob(statistics) * samples.n)
    if not family.discrete:
        value = value - np.ravel(samples.n * np.log(frame.unit))
    names = [n for n in family.constraints if n not in fixed and n not in family.ends()]
    sure = _by_formula(member, names, samples.n)
    return _checked(
        family, fixed, member, frame, sure=sure, value=value, n=samples.n,
        good=~moved if fixed else np.ones(groups, dtype=bool), outcome=Outcome.CLOSED_FORM,
    )  # fmt: skip


def _by_formula(member: Distribution, names: list[str], n: Array) -> Spread:
    """Return standard errors from the information of n observations, of shape (groups, 1)."""
    by_formula = member.errors() if len(names) == len(member.constraints) else None
    if by_formula is not None:
        errors = [np.broadcast_to(e / np.sqrt(n), n.shape) for e in by_formula[0]]
        correlation = np.broadcast_to(np.asarray(by_formula[1], dtype=np.float64), n.shape)
        return Spread(names, np.concatenate(errors, axis=1), correlation)
    if not names:
        return Spread((), n[:, :0], n[:, :0])
    every = [*member.constraints]
    at = [every.index(name) for name in names]
    triangle = iter(member.information())
    of_one = np.zeros((n.shape[0], len(every), len(every)))
    for i in range(len(every)):
        for j in range(i, len(every)):
            of_one[:, i, j] = of_one[:, j, i] = np.ravel(
                np.broadcast_to(np.asarray(next(triangle)), n.shape)
            )
    return Spread(names, *_inverted(n[:, :, None] * of_one[:, at][:, :, at])[:2])


def _checked(
    family: type[Distribution],
    fixed: Mapping[str, float],
    inner: Distribution,
    frame: Frame,
    *,
    sure: Spread,
    value: Array,
    n: Array,
    good: Mask,
    outcome: Outcome | Indices,
) -> Settled:
    """Return the groups whose estimates lie inside their ranges, in the user's unit."""
    groups, every = value.size, [*family.constraints]
    blank = Found.nothing(groups, len(every))
    parameters, errors, correlations = blank.parameters, blank.errors, blank.correlations
    good = good & np.isfinite(value) & (np.abs(value) < _GREAT)
    for i, (name, constraint) in enumerate(family.constraints.items()):
        estimate: Parameter = getattr(inner, name)
        unit = np.asarray(frame.unit) ** constraint.power
        moved = np.multiply(estimate, unit)
        moved = moved + frame.origin if constraint.is_location else moved
        column = np.ravel(np.broadcast_to(fixed.get(name, moved), (groups, 1)))
        parameters[:, i] = column
        good &= (column > constraint.low) & (column < constraint.high) | (name in fixed)
        if name in sure.names:
            errors[:, i] = sure.errors[:, sure.names.index(name)] * np.ravel(unit)
            good &= (errors[:, i] > 0.0) & (errors[:, i] < np.inf)
    pairs = [*combinations(every, 2)]
    for i, pair in enumerate(combinations(sure.names, 2)):
        correlations[:, pairs.index(pair)] = sure.correlations[:, i]
    code = np.full(groups, OUTCOMES.index(outcome)) if isinstance(outcome, Outcome) else outcome
    columns = (parameters, errors, correlations, value, np.ravel(n), code)
    return Settled(np.arange(groups), *columns).where(good)


def _inverted(information: Array) -> tuple[Array, Array, Array]:
    """Return standard errors, correlations of pairs and condition numbers, NaN where none are."""
    k = information.shape[1]
    diagonal = np.diagonal(information, axis1=1, axis2=2)
    scale = 1.0 / np.sqrt(np.where(diagonal > 0.0, diagonal, np.nan))
    if k == 1:
        return scale, scale[:, :0], np.where(np.isfinite(scale[:, 0]), 1.0, np.nan)
    scaled = information * scale[:, :, None] * scale[:, None, :]
    if k == 2:
        tilt = scaled[:, 0, 1]
        left = (1.0 - tilt) * (1.0 + tilt)
        errors = scale / np.sqrt(np.where(left > 0.0, left, np.nan))[:, None]
        return errors, -tilt[:, None], (1.0 + np.abs(tilt)) / (1.0 - np.abs(tilt))
    numbers, inverse = np.full(len(scale), np.nan), np.full(scaled.shape, np.nan)
    sound = np.isfinite(scaled).all(axis=(1, 2))
    values, vectors = np.linalg.eigh(scaled[sound])
    numbers[sound] = np.where(values[:, 0] > 0.0, values[:, -1] / values[:, 0], np.nan)
    inverse[sound] = (vectors / values[:, None, :]) @ np.swapaxes(vectors, 1, 2)
    variances = np.diagonal(inverse, axis1=1, axis2=2)
    sizes = np.sqrt(np.where(variances > 0.0, variances, np.nan))
    correlations = inverse / (sizes[:, :, None] * sizes[:, None, :])
    return sizes * scale, _pairs(correlations), numbers


def _pairs(matrices: Array) -> Array:
    """Return the entries above the diagonals, row by row."""
    return matrices[(..., *np.triu_indices(matrices.shape[-1], 1))]


# by climbing


class _Tops(NamedTuple):
    """The tops of groups, one a lane, with the objective that was climbed."""

    objective: GroupObjective
    ascent: Ascent


def _by_climbing(
    family: type[Distribution], seen: Observations, groups: int, fixed: Mapping[str, float]
) -> Settled:
    samples = _samples(family, seen, groups)
    frame = frames_of(family, samples.low, samples.high, samples.mean)
    objective = GroupObjective.of(
        family, seen, np.repeat(np.arange(groups), len(seen) // groups), fixed
    )
    n_density = np.zeros(groups) if family.discrete else _n_exact(seen, groups)
    if bool(np.any(frame.origin != 0.0) or np.any(frame.unit != 1.0)):
        origin, unit = np.asarray(frame.origin), np.asarray(frame.unit)
        samples, objective = samples.moved(origin, unit), objective.moved(origin, unit)
    if samples.exact and "is_singular" in vars(family):
        samples = samples.tallied()
        objective = objective.beside(samples)
    plain = seen.exact and not seen.truncated
    near = family.near_tops(samples) if plain else None  # type: ignore[arg-type]
    if near is None:
        tops = _from(objective, samples, _starts(family, samples, {}))
    else:
        tops = _near(objective, samples, *near)
    offset = -n_density * np.ravel(np.log(frame.unit))
    ends = _closed_ends(family)
    if not ends:
        return _settled_tops(tops, frame, offset, np.ones(groups, dtype=bool))
    (end,) = ends
    tops, at_end, is_inside, is_sure = _compared_with_end(tops, samples, end)
    return _joined(
        _settled_tops(tops, frame, offset, is_inside & is_sure),
        _settled_tops(at_end, frame, offset, ~is_inside & is_sure, dict([end])),
    )


def _near(objective: GroupObjective, samples: Samples, near: Distribution, is_sure: Mask) -> _Tops:
    """Climb from a member near each top, and where that is not sure from all starts."""
    tops = _from(objective, samples, _coordinates_of([near], samples.n.size, {}))
    left = np.flatnonzero(~is_sure)
    if not left.size:
        return tops
    some = samples.take(left)
    others = _from(objective.take(left), some, _starts(objective.coordinates.family, some, {}))
    return _Tops(objective, _with(tops.ascent, left, others.ascent))


def _n_exact(seen: Observations, groups: int) -> Array:
    known = np.ones(len(seen)) if seen.lower is None else (seen.lower == seen.upper) * 1.0
    if seen.weights is not None:
        known = known * seen.weights
    return np.asarray(known.reshape(groups, -1).sum(axis=1))


def _closed_ends(family: type[Distribution]) -> list[tuple[str, float]]:
    return [(name, end) for name, c in family.constraints.items() for end in c.closed_ends]


def _starts(family: type[Distribution], samples: Samples, held: Mapping[str, float]) -> Array:
    """Return the coordinates to set out from, of shape (starts, groups, k)."""
    members: list[Distribution]
    if issubclass(family, ClosedForm):
        members = [family.maximize(statistics_of_groups(family, samples, {}))]
    else:
        members = [*family.start(samples, held)]  # type: ignore[arg-type]
    return _coordinates_of(members, samples.n.size, held)


def _coordinates_of(
    members: Sequence[Distribution], groups: int, held: Mapping[str, float]
) -> Array:
    """Return the coordinates of members, of shape (members, groups, k)."""
    columns = [
        [
            np.broadcast_to(constraint.unconstrain(getattr(member, name)), (groups, 1))[:, 0]
            for name, constraint in member.constraints.items()
            if name not in held
        ]
        for member in members
    ]
    return np.moveaxis(np.array(columns).reshape(len(members), -1, groups), 1, 2)


def _reach(objective: GroupObjective, samples: Samples) -> Array:
    spread = samples.spread()[:, 0]
    spread = np.where(spread > 0.0, spread, 1.0)
    ones = np.ones_like(spread)
    columns = [spread if c.is_location else ones for c in objective.coordinates.constraints]
    return np.stack(columns, axis=-1) if columns else np.empty((spread.size, 0))


def _from(
    objective: GroupObjective, samples: Samples, starts: Array, *, to_the_end: bool = False
) -> _Tops:
    """Climb from the highest starts of each group, and keep its highest top.

    A climb on its way to a closed end is given up, unless it is to go on `to_the_end`.
    """
    count, groups, k = starts.shape
    every = np.arange(groups)
    most = climbs_from(samples.values.shape[1])
    if count > most:
        values = np.stack([objective(start, every).value for start in starts])
        values = np.where(np.isnan(values), -np.inf, values)
        best = np.argsort(-values, axis=0, kind="stable")[:most]
        starts, count = np.take_along_axis(starts, best[:, :, None], axis=0), most
    lanes = np.tile(every, count)
    ascent = climb(
        lambda u, at: objective(u, lanes[at]),
        starts.reshape(count * groups, k),
        np.tile(_reach(objective, samples), (count, 1)),
        grain=objective.coordinates.grain,
        tolerance=np.tile(np.minimum(1e-7, TOLERANCE * objective.n), count),
        most=_STEPS,
        beyond=None if to_the_end else beyond_ends(objective.coordinates),
        family=lanes if count > 1 else None,
    )
    return _Tops(objective, ascent if count == 1 else _highest(ascent, count))


def _highest(ascent: Ascent, count: int) -> Ascent:
    """Return the highest top of each group, as `routes.climb.highest` does of one."""
    shape = (count, -1)
    value = np.where(np.isnan(ascent.points.value), -np.inf, ascent.points.value).reshape(shape)
    size, decrement = ascent.points.size.reshape(shape), ascent.decrement.reshape(shape)
    converged = ascent.converged.reshape(shape)
    candidates = converged | ~converged.any(axis=0)
    best = np.argmax(np.where(candidates, value, -np.inf), axis=0)[None, :]
    least = np.take_along_axis(value - TIE * size, best, axis=0)
    tied = candidates & (value >= least)
    chosen = np.argmin(np.where(tied, decrement, np.inf), axis=0)
    return _lanes(ascent, chosen * value.shape[1] + np.arange(value.shape[1]))


def _lanes(ascent: Ascent, at: Indices) -> Ascent:
    return Ascent(
        ascent.points.take(at),
        ascent.decrement[at],
        ascent.iterations[at],
        ascent.converged[at],
        ascent.stride[at],
    )


def _compared_with_end(
    tops: _Tops, samples: Samples, end: tuple[str, float]
) -> tuple[_Tops, _Tops, Mask, Mask]:
    """Return tops inside and on the end, which of them is higher, and where that is sure.

    As the single climb compares them: a tie is the end's, and from the end a probe goes inwards.
    """
    objective, (name, bound) = tops.objective, end
    family = objective.coordinates.family
    at = objective.coordinates.free.index(name)
    restricted = objective.fixing({name: bound})
    every = np.arange(samples.values.shape[0])
    reached = np.delete(tops.ascent.points.u, at, axis=1)
    starts = np.concatenate([reached[None], _starts(family, samples, {name: bound})])
    values = np.stack([restricted(start, every).value for start in starts])
    first = np.argmax(np.where(np.isnan(values), -np.inf, values), axis=0)
    at_end = _from(restricted, samples, starts[first, every][None])
    least = at_end.ascent.points.value + TIE * at_end.ascent.points.size
    is_above = tops.ascent.points.value > least
    far = np.flatnonzero(is_above & ~tops.ascent.converged)
    if far.size:
        on = tops.ascent.points.u[far][None]
        some = _from(objective.take(far), samples.take(far), on, to_the_end=True).ascent
        tops = _Tops(objective, _with(tops.ascent, far, some))
    is_inside = is_above & tops.ascent.converged
    inwards = np.insert(at_end.ascent.points.u, at, NEAR_END if bound > 0 else -NEAR_END, axis=1)
    left = np.flatnonzero(~is_above)
    if left.size:
        left = left[objective(inwards[left], left).value > least[left]]
    if left.size:
        some = _from(objective.take(left), samples.take(left), inwards[left][None]).ascent
        better = some.converged & (some.points.value > least[left])
        tops = _Tops(objective, _with(tops.ascent, left[better], _lanes(some, better.nonzero()[0])))
        is_inside[left[better]] = True
    return tops, at_end, is_inside, is_inside | ~is_above


def _with(ascent: Ascent, at: Indices, other: Ascent) -> Ascent:
    """Return an ascent with some lanes replaced."""

    def put(ours: Any, theirs: Any) -> Any:
        changed = ours.copy()
        changed[at] = theirs
        return changed

    names = ("decrement", "iterations", "converged", "stride")
    points = Points(
        *(put(getattr(ascent.points, n), getattr(other.points, n)) for n in Points.__slots__)
    )
    return Ascent(points, *(put(getattr(ascent, n), getattr(other, n)) for n in names))


def _settled_tops(
    tops: _Tops,
    frame: Frame,
    offset: Array,
    good: Mask,
    bounds: Mapping[str, float] | None = None,
) -> Settled:
    """Return the groups whose climb ended at a top without a doubt."""
    objective, ascent = tops.objective, tops.ascent
    coordinates, points = objective.coordinates, ascent.points
    good = good & ascent.converged & (ascent.iterations < _STEPS)
    good &= (np.abs(ascent.stride) < _STRIDE).all(axis=1)
    inner, within = _members(coordinates, points.u)
    errors, correlations = points.u, points.u[:, :0]
    if coordinates.free:
        errors, correlations, condition = _inverted(-points.hessian)
        good &= _are_told(coordinates, points.u, errors) & (condition < _CONDITION)
    slopes = np.abs(coordinates.slopes(inner))
    sure = Spread(coordinates.free, errors * slopes, correlations)
    outcome = Outcome.BOUNDARY if bounds else Outcome.CONVERGED
    return _checked(
        coordinates.family, bounds or {}, inner, frame, sure=sure, value=points.value + offset,
        n=objective.n, good=good & within, outcome=outcome,
    )  # fmt: skip


def _are_told(coordinates: Coordinates, u: Array, errors: Array) -> Mask:
    """Return where the data tell every logarithm, or it lies towards a closed end: df = ∞.

    The top on that end was looked at by itself, so that it is no limit for ever to be climbed to.
    """
    told = np.ones(len(u), dtype=bool)
    for i, constraint in enumerate(coordinates.constraints):
        if not constraint.is_location:
            towards = constraint.high_closed & (u[:, i] > 0.0)
            told &= (errors[:, i] < _UNSURE) | towards
    return told


def _members(coordinates: Coordinates, u: Array) -> tuple[Distribution, Mask]:
    """Return the members at coordinates with arrays as parameters, of one lane as well."""
    if u.shape[0] > 1:
        return coordinates.members(u)
    inner, within = coordinates.members(np.repeat(u, 2, axis=0))
    first = {name: np.atleast_2d(value)[:1] for name, value in inner.parameters.items()}
    return coordinates.family.unchecked(**first), within[:1]
