"""Fits to data that are drawn anew: all replicates at once, in batches of bounded memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from likeliest.data.observations import Observations
from likeliest.data.rows import Kind, Rows
from likeliest.distributions.statistics import SufficientStatistics, of_each
from likeliest.errors import LikeliestError
from likeliest.fitting.fit import fit as fitted
from likeliest.fitting.many import found_of
from likeliest.fitting.routes import closed_form
from likeliest.fitting.routes.climb import NEAR_END
from likeliest.inference.summit import Summit
from likeliest.likelihood.coordinates import Coordinates
from likeliest.likelihood.groups import GroupObjective
from likeliest.likelihood.matching import matched
from likeliest.optimise.newton import climb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from likeliest.data.groups import Grouped
    from likeliest.distributions.bases import WithStatistics
    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.result import Fit
    from likeliest.numerics.arrays import Array, Indices, Mask

_AT_ONCE = 131_072  # values of a batch: its temporaries stay within a core's cache
_TOLERANCE = 1e-6  # nats: the last step, taken without a look, leaves the square of it


@dataclass(frozen=True)
class Batch:
    """Some replicates of the data.

    Parameters
    ----------
    weights : array of shape (replicates, rows), optional
        How often each row was drawn.
    values : array of shape (replicates, n), optional
        Values drawn from the fit.
    """

    weights: Array | None = None
    values: Array | None = None

    def __len__(self) -> int:
        """The number of replicates."""
        return len(np.asarray(self.values if self.weights is None else self.weights))

    def take(self, some: Mask) -> Batch:
        """Return some of the replicates."""
        weights = None if self.weights is None else self.weights[some]
        return Batch(weights, None if self.values is None else self.values[some])

    def alike(self, observations: Observations) -> Mask:
        """Return of which replicates all values are the same."""
        if self.values is not None:
            return np.asarray(np.ptp(self.values, axis=1) == 0.0)
        x, drawn = np.asarray(observations.values), np.asarray(self.weights) > 0.0
        first = x[np.argmax(drawn, axis=1)]
        return ~np.any(drawn & (x != first[:, None]), axis=1)

    def tabulated(self) -> tuple[Array, Batch]:
        """Return the distinct values, and how often each was drawn."""
        drawn = np.asarray(self.values)
        distinct, at = np.unique(drawn, return_inverse=True)
        places = at.reshape(drawn.shape) + distinct.size * np.arange(len(drawn))[:, None]
        times = np.bincount(places.ravel(), minlength=len(drawn) * distinct.size)
        return distinct, Batch(weights=times.reshape(len(drawn), -1).astype(np.float64))


def by_rows(observations: Observations, draws: int, rng: np.random.Generator) -> Iterator[Batch]:
    """Yield weights as rows are drawn with replacement, each as likely as its weight."""
    size, n = len(observations), observations.n
    count = max(1, round(n))
    step = max(1, _AT_ONCE // size)
    share = None if observations.weights is None else observations.weights / n
    for first in range(0, draws, step):
        many = min(step, draws - first)
        if share is None:
            picked = rng.integers(0, size, (many, size)) + size * np.arange(many)[:, None]
            times = np.bincount(picked.ravel(), minlength=many * size).reshape(many, size)
        else:
            times = rng.multinomial(count, share, many)
        yield Batch(weights=np.asarray(times * (n / count), dtype=np.float64))


def from_model(
    member: Distribution, n: int, draws: int, rng: np.random.Generator
) -> Iterator[Batch]:
    """Yield values drawn from a distribution."""
    step = max(1, _AT_ONCE // n)
    for first in range(0, draws, step):
        yield Batch(values=member.sample((min(step, draws - first), n), rng))


def refitted(fit: Fit, observations: Observations, batch: Batch) -> dict[str, Array]:
    """Return the estimates of each replicate by name; NaN where there is none."""
    family = type(fit.distribution)
    if closed_form.serves(family, observations, fit.fixed):
        return _in_closed_form(fit, observations, batch)
    if family.non_smooth:
        return _one_by_one(fit, observations, batch)
    if family.discrete and batch.values is not None:
        distinct, batch = batch.tabulated()
        observations = Observations.of_checked(distinct)
    return _by_climbing(fit, observations, batch)


def refitted_groups(fit: Fit, samples: Grouped) -> dict[str, Array]:
    """Return the estimates of samples that are censored, cut off or rounded as the data were."""
    family = type(fit.distribution)
    found = found_of(family, samples, fit.fixed, {})
    return dict(zip(family.constraints, found.parameters.T, strict=True))


def _in_closed_form(fit: Fit, observations: Observations, batch: Batch) -> dict[str, Array]:
    """Return estimates in closed form: where a spread is 0 each by itself, for it may have none."""
    alike = batch.alike(observations)
    found = {name: np.empty(len(batch)) for name in fit.parameters}
    for some, by in ((alike, _one_by_one), (~alike, _by_statistics)):
        if some.any():
            try:
                columns = by(fit, observations, batch.take(some))
            except LikeliestError:  # one more replicate without an estimate
                columns = _one_by_one(fit, observations, batch.take(some))
            for name, column in columns.items():
                found[name][some] = column
    return found


def _by_statistics(fit: Fit, observations: Observations, batch: Batch) -> dict[str, Array]:
    """Return estimates in closed form: weights by statistics are one matrix product."""
    family, fixed = cast("type[WithStatistics]", type(fit.distribution)), fit.fixed
    pivot = family.pivot(observations, fixed)
    many = len(batch)
    if batch.values is None:
        x, w = np.asarray(observations.values, dtype=np.float64), np.asarray(batch.weights)
        weight = w.sum(axis=1)
        mean = tuple(w @ of_each(s) / weight for s in family.statistics(x, pivot))
        drawn = np.where(w > 0.0, x, np.nan)
        low, high, average = np.nanmin(drawn, 1), np.nanmax(drawn, 1), w @ x / weight
    else:
        x = batch.values
        weight = np.full(many, float(x.shape[1]))
        columns = family.statistics(x.ravel(), pivot)
        mean = tuple(of_each(s).reshape(x.shape).mean(axis=1) for s in columns)
        low, high, average = x.min(axis=1), x.max(axis=1), x.mean(axis=1)
    statistics = SufficientStatistics(weight, low, high, average, pivot, mean)
    with np.errstate(all="ignore"):
        found = family.maximize_given(statistics, fixed) if fixed else family.maximize(statistics)
    parameters = {**found.parameters, **fixed}
    return {n: np.array(np.broadcast_to(v, many), np.float64) for n, v in parameters.items()}


def _one_by_one(fit: Fit, observations: Observations, batch: Batch) -> dict[str, Array]:
    """Return estimates by a fit to each replicate: of likelihoods with corners."""
    family = type(fit.distribution)
    found = np.full((len(batch), len(family.constraints)), np.nan)
    for i in range(len(batch)):
        if batch.values is None:
            data = _reweighed(observations, np.asarray(batch.weights)[i])
        else:
            data = Observations.of_checked(batch.values[i])
        try:
            found[i] = list(fitted(data, family, fixed=fit.fixed).parameters.values())
        except LikeliestError:
            continue
    return dict(zip(family.constraints, found.T, strict=True))


def _reweighed(observations: Observations, weights: Array) -> Observations:
    some = weights > 0.0
    if observations.exact and not observations.truncated:
        return Observations.of_checked(np.asarray(observations.values)[some], weights[some])

    def own(column: Array | None) -> Array | None:
        return column if column is None or column.size != some.size else column[some]

    values = np.asarray(observations.values, dtype=np.float64)
    lower = values if observations.lower is None else observations.lower
    upper = values if observations.upper is None else observations.upper
    return Observations.between(
        lower[some],
        upper[some],
        weights=weights[some],
        entry=own(observations.entry),
        exit=own(observations.exit),
        lower_closed=observations.lower_closed,
    )


def _by_climbing(fit: Fit, observations: Observations, batch: Batch) -> dict[str, Array]:
    """Return estimates by Newton's method from the fit's own, a lane for each replicate."""
    member = fit.distribution
    level = {n: fit.parameters[n] for n in fit.found.stretches}
    lanes = _Lanes.of(fit, observations, batch)
    found = lanes.climbed(member, {**fit.fixed, **level, **fit.found.bounds})
    for name, constraint in member.constraints.items():
        if name in fit.fixed or name in level:
            continue
        for end in constraint.closed_ends:
            if name in fit.found.bounds:
                inwards = constraint.constrain(NEAR_END if end > 0 else -NEAR_END)
                inside = type(member)(**{**member.parameters, name: inwards})
                found = lanes.higher(found, inside, {**fit.fixed, **level})
            else:
                on_end = type(member)(**{**member.parameters, name: end})
                held = {**fit.fixed, **level, name: end}
                found = lanes.higher(found, on_end, held, found.is_near(name, end))
    missing = ~np.isfinite(found.value)
    return {n: np.where(missing, np.nan, v) for n, v in found.parameters.items()}


@dataclass(frozen=True)
class _Tops:
    """Where lanes came to: parameters in the user's unit, and the log likelihood; -inf if lost."""

    parameters: dict[str, Array]
    value: Array

    def is_near(self, name: str, end: float) -> Mask:
        """Return which lanes are lost, or so far out that the closed end may be as likely."""
        with np.errstate(divide="ignore", invalid="ignore"):
            out = np.log(self.parameters[name])
        far = out > 0.5 * NEAR_END if end > 0 else out < -0.5 * NEAR_END
        return np.asarray(far | ~np.isfinite(self.value))


@dataclass(frozen=True)
class _Lanes:
    """The log likelihoods of replicates."""

    summit: Summit
    blocks: tuple[Rows, ...]
    n: Array

    @classmethod
    def of(cls, fit: Fit, observations: Observations, batch: Batch) -> _Lanes:
        summit = Summit.of(fit, "A bootstrap")
        frame = summit.objective.coordinates.frame
        if batch.values is not None:
            x = batch.values
            block = frame.into(Rows(Kind.EXACT, x, weight=np.ones(x.shape)))
            return cls(summit, (block,), np.full(len(x), float(x.shape[1])))
        weights = np.asarray(batch.weights)
        blocks = tuple(
            _weighed(frame.into(block), weights if block.row is None else weights[:, block.row])
            for block in matched(type(fit.distribution), observations)
        )
        return cls(summit, blocks, weights.sum(axis=1))

    def climbed(
        self, start: Distribution, held: dict[str, float], lanes: Indices | None = None
    ) -> _Tops:
        """Climb on all lanes, or on some, from one member."""
        objective = self.summit.objective
        coordinates = Coordinates(type(start), held, objective.coordinates.frame)
        groups = GroupObjective(coordinates, self.blocks, self.n)
        groups = groups if lanes is None else groups.take(lanes)
        u = np.repeat(coordinates.of(start)[None, :], groups.n.size, axis=0)
        reach = coordinates.reach(objective.sample.spread() or 1.0)
        ascent = climb(groups, u, reach, grain=coordinates.grain, tolerance=_TOLERANCE)
        members = coordinates.frame.leave(coordinates.members(ascent.points.u)[0])
        parameters = {
            n: np.array(np.broadcast_to(np.ravel(held.get(n, v)), groups.n.size))
            for n, v in members.parameters.items()
        }
        return _Tops(parameters, np.where(ascent.converged, ascent.points.value, -np.inf))

    def higher(
        self, found: _Tops, start: Distribution, held: dict[str, float], some: Mask | None = None
    ) -> _Tops:
        """Return the higher tops of those found and those that a climb from elsewhere leads to."""
        at = np.flatnonzero(np.ones(self.n.size, dtype=bool) if some is None else some)
        if not at.size:
            return found
        other = self.climbed(start, held, at)
        better = other.value > found.value[at]
        value, parameters = found.value.copy(), {n: v.copy() for n, v in found.parameters.items()}
        value[at[better]] = other.value[better]
        for name, column in parameters.items():
            column[at[better]] = other.parameters[name][better]
        return _Tops(parameters, value)


def _weighed(block: Rows, weights: Array) -> Rows:
    """Return a block with a row of weights for each replicate."""

    def spread(column: Array | None) -> Array | None:
        if column is None or (column.size == 1 and block.size > 1):
            return column
        return np.broadcast_to(column, weights.shape)

    a = np.broadcast_to(block.a, weights.shape)
    return Rows(block.kind, a, spread(block.b), spread(block.entry), spread(block.exit), weights)
