"""The EM algorithm for mixtures, from many starts at once: where Newton's method is to set out.

It works on exact values: of intervals on their middles. What is fitted in the end is the likelihood
of the rows themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

import numpy as np

from likeliest.data.observations import Observations
from likeliest.data.rows import Kind, Rows
from likeliest.distributions.bases import ClosedForm
from likeliest.distributions.statistics import SufficientStatistics, of_each
from likeliest.errors import LikeliestError
from likeliest.likelihood.coordinates import Coordinates
from likeliest.likelihood.frame import Frame
from likeliest.likelihood.objective import Objective, in_coordinates, stacked
from likeliest.optimise.newton import climb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from likeliest.distributions.combinators.mixture import Mixture
    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Parameter
    from likeliest.numerics.arrays import Array, Indices, Mask
    from likeliest.optimise.newton import Points

_ROWS = 10_000  # values that are looked at
_POINTS = 600  # into which they are gathered
_WORK = 150_000  # points times components times starts
_FEWEST, _MANY = 24, 150  # starts
_DEAR = 6  # times the work of a step in closed form, of one by Newton's method
_ROUNDS = ((10, 0.4), (30, 0.2), (30, 0.2))  # steps, and which part of the starts then goes on
_LEAST_ON, _CHEAP = 8, 36_000  # starts, and points times components times starts, that all do
_STILL = 1e-3  # nats: a start that rises less in a step is near a root
_TIED = 1e-2  # nats: starts that lie nearer to each other lead to the same root
_SOFT = (0.1, 0.0, 0.3)  # share of a value that goes to all components, whichever is its own
_MOST_CLIMBS = 20  # starts that are climbed from
_DISTINCT = 5  # different values of a cluster from which a family's own start can be made


@dataclass(frozen=True)
class Lanes:
    """Mixtures side by side.

    Parameters
    ----------
    shares : array of shape (components, lanes)
    components : tuple of Distribution
        With parameters of shape (lanes, 1).
    """

    shares: Array
    components: tuple[Distribution, ...]

    def take(self, at: Indices | Mask) -> Lanes:
        """Return some lanes."""
        return Lanes(self.shares[:, at], tuple(_of_lanes(c, at) for c in self.components))

    def member(self, family: type[Mixture]) -> Mixture:
        """Return the same as one mixture with parameters of shape (lanes, 1)."""
        return family.of_components([*self.shares[:, :, None]], [*self.components])


def _of_lanes(component: Distribution, at: Indices | Mask) -> Distribution:
    columns = {n: np.asarray(v)[at] for n, v in component.parameters.items()}
    return type(component).unchecked(**columns)


class Starts(NamedTuple):
    """Where climbs set out from.

    Parameters
    ----------
    u : array of shape (starts, k)
        The coordinates, the highest first; those that nearly collapse last.
    tried, collapsed : int
        How many clusterings were tried, and how many of them ran into a collapse.
    """

    u: Array
    tried: int
    collapsed: int


@dataclass(frozen=True)
class Search:
    """Starts for the climb to the root of a mixture's likelihood.

    Parameters
    ----------
    family : type
    coordinates : Coordinates
    values, weights : arrays of shape (n,)
        Exact values in the inner frame, and how often each was seen.
    is_singular : callable
        Tells which members are collapsed ones; None if none can be.
    """

    family: type[Mixture]
    coordinates: Coordinates
    values: Array
    weights: Array
    is_singular: Any

    @classmethod
    def of(cls, family: type[Mixture], objective: Objective) -> Search:
        """Return the search that an objective asks for."""
        sample = objective.sample
        some = sample.subsample(_ROWS) if len(sample) > _ROWS else sample
        table = some.compressed()
        values = np.asarray(table.values, dtype=np.float64)
        weights = np.ones(values.size) if table.weights is None else table.weights
        if values.size > _POINTS:
            values, weights = gathered(values, weights)
        scale = sample.n / float(weights.sum())
        return cls(family, objective.coordinates, values, weights * scale, objective.is_singular)

    def rough(self, objective: Objective) -> Objective:
        """Return the objective of the values that are looked at here, all of them exact."""
        rows = Rows(Kind.EXACT, self.values, weight=self.weights)
        return replace(objective, blocks=(rows,), windows=(), summed=(), passes=None)

    def starts(self, about: Array | None = None) -> Starts:
        """Return where to set out from, the highest first: clusters, or a mixture rearranged.

        Parameters
        ----------
        about : array of shape (k,), optional
            The coordinates of the mixture of which components are split and taken out.
        """
        with np.errstate(all="ignore"):
            first = self._first() if about is None else self._rearranged(self._lane(about))
            lanes, value, tried, collapsed = self._best_of(first)
            u = self._coordinates_of(lanes.take(self._ranked(lanes, value)[:_MOST_CLIMBS]))
            return Starts(u[np.isfinite(u).all(axis=1)], tried, collapsed)

    def _lane(self, u: Array) -> Lanes:
        """Return the mixture at coordinates of shape (k,) as one lane."""
        member = cast("Mixture", self.coordinates.members(u[None, :])[0])
        components = tuple(
            type(c).unchecked(**{n: np.array([[v]]) for n, v in c.parameters.items()})
            for c in member.components
        )
        return Lanes(member.weights[:, None], components)

    def _best_of(self, lanes: Lanes) -> tuple[Lanes, Array, int, int]:
        """Return where the best lanes come to, their values, and how many set out and collapsed."""
        tried = lanes.shares.shape[1]
        least = max(_LEAST_ON, _CHEAP // (len(lanes.shares) * self.values.size))
        collapsed = 0
        for steps, part in _ROUNDS:
            before = lanes.shares.shape[1]
            lanes, value = self._run(lanes, steps)
            collapsed += before - value.size
            best = self._ranked(lanes, value)[: max(least, round(part * tried))]
            lanes, value = lanes.take(best), value[best]
        return lanes, value, tried, collapsed

    def _ranked(self, lanes: Lanes, value: Array) -> Indices:
        """Return lanes whose values differ, those that no component has collapsed in first."""
        order = np.argsort(-value, kind="stable")
        order = order[np.diff(value[order], prepend=np.inf) < -_TIED]
        test = self.family.collapses(float(self.weights.sum()), self.coordinates.fixed)
        if test is None:
            return order
        collapsed = np.ravel(test(lanes.take(order).member(self.family)))
        return np.concatenate([order[~collapsed], order[collapsed]])

    def _coordinates_of(self, lanes: Lanes) -> Array:
        columns = lanes.member(self.family).parameters
        u = np.empty((lanes.shares.shape[1], len(self.coordinates.free)))
        for i in range(len(u)):
            one = {n: float(np.ravel(v)[i]) for n, v in columns.items()}
            ordered = self.family.unchecked(**one).ordered(self.coordinates.fixed)
            u[i] = self.coordinates.of_inner(ordered)
        return u

    # the algorithm

    def _run(self, lanes: Lanes, steps: int) -> tuple[Lanes, Array]:
        """Return the lanes after some steps, and their log likelihoods; collapsed ones are left."""
        before = np.full(lanes.shares.shape[1], -np.inf)
        still = np.zeros(before.size, dtype=bool)
        done: list[tuple[Lanes, Array]] = []
        for _ in range(steps):
            parts, value = self._expected(lanes)
            sound = np.isfinite(value)
            if self.is_singular is not None:
                sound &= ~np.ravel(self.is_singular(lanes.member(self.family)))
            still = value - before < _STILL
            if (still & sound).any():
                done.append((lanes.take(still & sound), value[still & sound]))
            going = sound & ~still
            if not going.any():
                break
            lanes, before = lanes.take(going), value[going]
            lanes = self._maximized(lanes, parts[:, going])
        else:
            _, value = self._expected(lanes)
            done.append((lanes, value))
        if not done:
            return lanes.take(np.zeros(0, dtype=np.intp)), np.zeros(0)
        return _joined([one for one, _ in done]), np.concatenate([v for _, v in done])

    def _expected(self, lanes: Lanes) -> tuple[Array, Array]:
        """Return the weight of each value in each component, and the log likelihoods."""
        logs = np.stack(
            [
                np.broadcast_to(c.log_prob(self.values), (lanes.shares.shape[1], self.values.size))
                for c in lanes.components
            ]
        )
        top = logs.max(axis=0)
        parts = np.exp(logs - np.where(np.isneginf(top), 0.0, top)) * lanes.shares[:, :, None]
        density = parts.sum(axis=0)
        parts *= self.weights / density
        return parts, (top + np.log(density)) @ self.weights

    def _maximized(self, lanes: Lanes, parts: Array) -> Lanes:
        """Return the mixtures that make the weighted values of each component likelier."""
        components = tuple(
            step.maximized(component, part)
            for step, component, part in zip(self._steps, lanes.components, parts, strict=True)
        )
        return Lanes(self._shares(parts.sum(axis=2)), components)

    def _shares(self, sums: Array) -> Array:
        """Return the weights of the components, those that are fixed as they are."""
        last = len(sums) - 1
        fixed = np.array(
            [self.coordinates.inner_fixed.get(f"weight_{j + 1}", np.nan) for j in range(last)]
            + [np.nan]
        )
        is_free = np.isnan(fixed)
        left = 1.0 - np.nansum(fixed)
        shares = sums / np.sum(sums[is_free], axis=0) * left
        return np.where(is_free[:, None], shares, fixed[:, None])

    @cached_property
    def _steps(self) -> list[_Step]:
        held = self.coordinates.inner_fixed
        made: dict[tuple[Any, ...], _Step] = {}
        steps = []
        for at, part in enumerate(self.family.parts):
            own = self.family.own(at, held)
            key = (part, *own.items())
            steps.append(made.setdefault(key, _step_of(part, own, self.values)))
        return steps

    @property
    def _most(self) -> int:
        """The starts that are tried at most."""
        return (
            _MANY if all(isinstance(step, _ClosedStep) for step in self._steps) else _MANY // _DEAR
        )

    # where it sets out from

    def _first(self) -> Lanes:
        """Return mixtures made of clusters."""
        k, n = len(self.family.parts), self.values.size
        count = int(np.clip(_WORK // (k * n), _FEWEST, self._most))
        rng = np.random.default_rng(0)
        axes = self._axes()
        made = []
        for lane in range(count):
            of = clusters(axes[lane % len(axes)], self.weights, k, rng, even=lane < len(axes))
            label = (
                of
                if len(set(self.family.parts)) == 1 and not self.coordinates.fixed
                else (rng.permutation(k)[of])
            )
            made.append((label, _SOFT[(lane // len(axes)) % len(_SOFT)]))
        labels = np.stack([label for label, _ in made])
        soft = np.array([s for _, s in made])[:, None]
        own = labels == np.arange(k)[:, None, None]
        parts = (np.where(own, 1.0 - soft, 0.0) + soft / k) * self.weights
        return self._made_of(parts, own)

    def _rearranged(self, lane: Lanes) -> Lanes:
        """Return one mixture with a component taken out and another split into two.

        Source: Ueda, Nakano, Ghahramani & Hinton (2000).
        """
        parts = self._expected(lane)[0][:, 0]
        k, made = len(parts), []
        for out in range(k):
            others = np.delete(np.arange(k), out)
            rest = parts[others] / parts[others].sum(axis=0) * self.weights
            for at, component in zip(others, rest, strict=True):
                if self.family.parts[at] is not self.family.parts[out]:
                    continue
                for half in self._halves(component):
                    new = np.empty_like(parts)
                    new[others] = rest
                    new[at], new[out] = component * half, component * (1.0 - half)
                    made.append(new)
        if not made:
            return lane
        some = np.random.default_rng(0).permutation(len(made))[: self._most]
        split = np.stack([made[i] for i in some], axis=1)
        return self._made_of(split, split == split.max(axis=0))

    def _halves(self, component: Array) -> list[Array]:
        """Return a component's lower half, and its inner half, as shares of each value."""
        x = self.values
        middle = component @ x / component.sum()
        away = np.abs(x - middle)
        typical = component @ away / component.sum()
        return [np.where(x < middle, 0.9, 0.1), np.where(away < typical, 0.9, 0.1)]

    def _made_of(self, parts: Array, own: Mask) -> Lanes:
        """Return the mixtures that shares of the values in each component suggest."""
        components = tuple(
            step.first(part, mine) for step, part, mine in zip(self._steps, parts, own, strict=True)
        )
        return Lanes(self._shares(parts.sum(axis=2)), components)

    def _axes(self) -> list[Array]:
        """Return the numbers by which values are near to each other or far."""
        x = self.values
        order = np.argsort(x, kind="stable")
        ranks = np.empty(x.size)
        ranks[order] = np.cumsum(self.weights[order]) - 0.5 * self.weights[order]
        middle = x[order[np.searchsorted(ranks[order], 0.5 * self.weights.sum())]]
        away = np.abs(x - middle)
        axes = [x, ranks, away]
        return [*axes, np.log(x)] if x.min() > 0.0 else axes


def gathered(values: Array, weights: Array) -> tuple[Array, Array]:
    """Return fewer points in the place of values: the means of neighbours, with their weight.

    Neighbours are near both by their ranks and by their distance, so that tails keep their points.
    """
    order = np.argsort(values)
    values, weights = values[order], weights[order]
    ranks = np.cumsum(weights) / weights.sum()
    low, middle, high = values[np.searchsorted(ranks, [0.25, 0.5, 0.75])]
    place = np.arcsinh((values - middle) / ((high - low) or 1.0))
    place = (place - place[0]) / (place[-1] - place[0])
    _, of = np.unique(np.floor(0.5 * _POINTS * (ranks + place)), return_inverse=True)
    weight = np.bincount(of, weights)
    return np.bincount(of, weights * values) / weight, np.asarray(weight, dtype=np.float64)


def clusters(y: Array, weights: Array, k: int, rng: np.random.Generator, *, even: bool) -> Indices:
    """Return to which of k centres each value lies nearest, the centres drawn far from each other.

    Source: Arthur & Vassilvitskii (2007). Where `even`, by equal shares of the weight instead.
    """
    if even:
        order = np.argsort(y, kind="stable")
        below = np.cumsum(weights[order]) - 0.5 * weights[order]
        label = np.empty(y.size, dtype=np.intp)
        label[order] = np.minimum((below / weights.sum() * k).astype(np.intp), k - 1)
        return label
    far = np.ones(y.size)
    centres = []
    for _ in range(k):
        chance = np.cumsum(far * weights)
        centres.append(y[min(np.searchsorted(chance, rng.random() * chance[-1]), y.size - 1)])
        distance = (y - centres[-1]) ** 2
        far = distance if len(centres) == 1 else np.minimum(far, distance)
    return np.argmin(np.abs(y - np.sort(centres)[:, None]), axis=0)


class _Step(Protocol):
    """What a component's family does for the algorithm, for all lanes at once."""

    def first(self, weights: Array, own: Mask) -> Distribution:
        """Return members that clusters suggest: weights, and the values that are a cluster's."""

    def maximized(self, here: Distribution, weights: Array) -> Distribution:
        """Return members under which values, by weights of shape (lanes, n), are likelier."""


def _step_of(part: type[Distribution], fixed: dict[str, float], values: Array) -> _Step:
    """Return the closed form where the family has one for what is fixed, else Newton's method."""
    inside = np.where(part.support.contains(values), values, part.support.interior())
    if issubclass(part, ClosedForm) and set(fixed) <= set(part.closed_given):
        return _ClosedStep(part, fixed, inside)
    return _NewtonStep(part, fixed, inside)


@dataclass(frozen=True)
class _NewtonStep:
    """A few Newton steps on the weighted log likelihood of a component."""

    part: type[Distribution]
    fixed: dict[str, float]
    values: Array

    @cached_property
    def coordinates(self) -> Coordinates:
        return Coordinates(self.part, self.fixed, Frame())

    def first(self, weights: Array, own: Mask) -> Distribution:
        columns: list[dict[str, Parameter]] = []
        for mine in own:
            some = self.values[mine]
            some = some if np.unique(some).size >= _DISTINCT else self.values
            start = (
                self.part.start(Observations.of_checked(some), self.fixed)[0].parameters
                if self.coordinates.free
                else {}
            )
            columns.append({**start, **self.fixed})
        return self.part.unchecked(
            **{n: np.array([[float(c[n])] for c in columns]) for n in self.part.constraints}
        )

    def maximized(self, here: Distribution, weights: Array) -> Distribution:
        if not self.coordinates.free:
            return here
        free = zip(self.coordinates.free, self.coordinates.constraints, strict=True)
        u = np.concatenate([c.unconstrain(getattr(here, name)) for name, c in free], axis=1)
        reach = self.coordinates.reach(float(np.std(self.values)) or 1.0)
        ascent = climb(partial(self._points, weights), u, reach, most=2)
        found, _ = self.coordinates.members(ascent.points.u)
        many = len(u)
        return self.part.unchecked(
            **{n: np.broadcast_to(np.ravel(v), many)[:, None] for n, v in found.parameters.items()}
        )

    def _points(self, weights: Array, u: Array, lanes: Indices) -> Points:
        member, within = self.coordinates.members(u)
        mine = weights[lanes]

        def total(term: Array | float) -> Parameter:
            if np.ndim(term) == 0 or np.shape(term)[-1] == 1:
                return term * mine.sum(axis=-1, keepdims=True)
            return np.sum(term * mine, axis=-1, keepdims=True)

        d = member.derivatives(self.values, total)
        sums = stacked(d, np.abs(d.log_prob), len(u))
        sums[:, 0] = np.where(within, sums[:, 0], -np.inf)
        return in_coordinates(self.coordinates, u, member, sums)


@dataclass(frozen=True)
class _ClosedStep:
    """The likeliest component from weighted means of its statistics: one matrix product."""

    part: type[ClosedForm]
    fixed: dict[str, float]
    values: Array

    @cached_property
    def pivot(self) -> float:
        return self.part.pivot(Observations.of_checked(self.values), self.fixed)

    @cached_property
    def columns(self) -> Array:
        columns = [of_each(c) for c in self.part.statistics(self.values, self.pivot)]
        return np.reshape(columns, (-1, self.values.size))

    def first(self, weights: Array, own: Mask) -> Distribution:
        return self._likeliest(weights)

    def maximized(self, here: Distribution, weights: Array) -> Distribution:
        return self._likeliest(weights)

    def _likeliest(self, weights: Array) -> Distribution:
        total = weights.sum(axis=1)
        mean = weights @ self.columns.T / total[:, None]
        average = weights @ self.values / total
        try:
            found = self._from(total, average, mean)
        except LikeliestError:  # a lane that collapsed: the others have to do without it
            found = self._one_by_one(total, average, mean)
        return self.part.unchecked(**{n: np.reshape(v, (-1, 1)) for n, v in found.items()})

    def _from(self, total: Array, average: Array, mean: Array) -> dict[str, Array]:
        low, high = np.full_like(total, self.values.min()), np.full_like(total, self.values.max())
        statistics = SufficientStatistics(total, low, high, average, self.pivot, tuple(mean.T))
        part, fixed = self.part, self.fixed
        found = part.maximize_given(statistics, fixed) if fixed else part.maximize(statistics)
        return {n: np.broadcast_to(v, total.shape) for n, v in found.parameters.items()}

    def _one_by_one(self, total: Array, average: Array, mean: Array) -> dict[str, Array]:
        made = {n: np.full(total.size, np.nan) for n in self.part.constraints}
        for i in range(total.size):
            at = slice(i, i + 1)
            try:
                found = self._from(total[at], average[at], mean[at])
            except LikeliestError:
                continue
            for name, value in found.items():
                made[name][i] = value[0]
        return made


def _joined(lanes: Sequence[Lanes]) -> Lanes:
    shares = np.concatenate([one.shares for one in lanes], axis=1)
    columns = zip(*(one.components for one in lanes), strict=True)
    components = []
    for same in columns:
        names = same[0].constraints
        components.append(
            type(same[0]).unchecked(
                **{n: np.concatenate([getattr(c, n) for c in same]) for n in names}
            )
        )
    return Lanes(shares, tuple(components))
