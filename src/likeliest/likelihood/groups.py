"""The log likelihoods of many groups at once, each as a function of coordinates of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from likeliest.data.rows import Rows
from likeliest.distributions.sample import average, of_values
from likeliest.distributions.statistics import SufficientStatistics, of_each
from likeliest.likelihood import kernels
from likeliest.likelihood.coordinates import Coordinates
from likeliest.likelihood.frame import Frame
from likeliest.likelihood.matching import matched
from likeliest.likelihood.objective import in_coordinates, nowhere, stacked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from likeliest.data.observations import Observations
    from likeliest.distributions.bases import WithStatistics
    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Parameter
    from likeliest.numerics.arrays import Array, Indices, Mask
    from likeliest.optimise.newton import Points


@dataclass(frozen=True)
class Samples:
    """Exact values of groups that are equally long: a `Sample` whose numbers are columns.

    Parameters
    ----------
    values : array of shape (groups, m)
    weights : array of shape (groups, m), optional
    exact : bool
        Whether the values are known as they stand, or stand for bounds.
    ties : tuple of arrays of shape (groups, 1), optional
        What `commonest` returns, where it was asked for before.
    """

    values: Array
    weights: Array | None = None
    exact: bool = True
    ties: tuple[Array, Array] | None = None

    @cached_property
    def n(self) -> Array:
        """The sum of the weights, as all that follows of shape (groups, 1)."""
        groups, m = self.values.shape
        if self.weights is None:
            return np.full((groups, 1), float(m))
        return np.asarray(self.weights.sum(axis=1, keepdims=True))

    @cached_property
    def low(self) -> Array:
        """The least value."""
        return self.values.min(axis=1, keepdims=True)

    @cached_property
    def high(self) -> Array:
        """The greatest value."""
        return self.values.max(axis=1, keepdims=True)

    @cached_property
    def mean(self) -> Array:
        """The (weighted) mean."""
        return np.clip(average(self.values, self.weights), self.low, self.high)

    def median(self) -> Array:
        """Return the (weighted) median: the middle of the values that halve the weight."""
        if self.weights is None:
            return np.asarray(of_values(np.median, self.values))
        order = np.argsort(self.values, axis=1)
        values = np.take_along_axis(self.values, order, axis=1)
        below = np.cumsum(np.take_along_axis(self.weights, order, axis=1), axis=1)
        half, last = 0.5 * below[:, -1:], values.shape[1] - 1
        first = (below < half).sum(axis=1, keepdims=True)
        next_ = np.minimum((below <= half).sum(axis=1, keepdims=True), last)
        middle = np.take_along_axis(values, np.hstack([first, next_]), axis=1)
        return np.asarray(0.5 * middle[:, :1] + 0.5 * middle[:, 1:])

    def spread(self) -> Array:
        """Return the (weighted) standard deviation."""
        deviation = self.values - self.mean
        return np.sqrt(average(deviation * deviation, self.weights))

    def commonest(self) -> tuple[Array, Array]:
        """Return the commonest value and its share, as if all weights were the same."""
        if self.ties is not None:
            return self.ties
        values = np.sort(self.values, axis=1)
        at, m = np.arange(values.shape[1]), values.shape[1]
        is_first = np.diff(values, axis=1, prepend=np.nan) != 0.0
        run = at - np.maximum.accumulate(np.where(is_first, at, 0), axis=1)
        last = run.argmax(axis=1)[:, None]
        return np.take_along_axis(values, last, axis=1), (
            np.take_along_axis(run, last, axis=1) + 1.0
        ) / m

    def common(self) -> None:
        """Return nothing: groups whose values can all be one are fitted one by one."""
        return

    def moved(self, origin: Array, unit: Array) -> Samples:
        """Return every value less `origin`, over `unit`."""
        return replace(self, values=(self.values - origin) / unit, ties=None)

    def tallied(self) -> Samples:
        """Return the same, with its commonest values looked up once."""
        return replace(self, ties=self.commonest())

    def take(self, groups: Indices | Mask) -> Samples:
        """Return some of the groups."""
        weights = None if self.weights is None else self.weights[groups]
        ties = None if self.ties is None else (self.ties[0][groups], self.ties[1][groups])
        return Samples(self.values[groups], weights, self.exact, ties)


def statistics_of_groups(
    family: type[WithStatistics], samples: Samples, fixed: Mapping[str, float]
) -> SufficientStatistics:
    """Return the sufficient statistics of each group, of shape (groups, 1)."""
    pivot = np.asarray(family.pivot(samples, fixed))  # type: ignore[arg-type]
    columns = family.statistics(samples.values, pivot)
    means = tuple(average(of_each(c), samples.weights) for c in columns)
    return SufficientStatistics(samples.n, samples.low, samples.high, samples.mean, pivot, means)


@dataclass(frozen=True)
class GroupObjective:
    """The log likelihoods of groups of observations, by the kernels that serve one sample.

    Parameters
    ----------
    coordinates : Coordinates
    blocks : tuple of Rows
        With columns of shape (groups, longest), a row of values for each group; where a group has
        fewer values, some of weight 0 stand in.
    n : array of shape (groups,)
        The number of observations of each.
    samples : Samples, optional
        Exact values, of which a family says where their likelihood is known to diverge.
    """

    coordinates: Coordinates
    blocks: tuple[Rows, ...]
    n: Array
    samples: Samples | None = None

    @classmethod
    def of(
        cls,
        family: type[Distribution],
        observations: Observations,
        group: Indices,
        fixed: Mapping[str, float],
    ) -> GroupObjective:
        """Return the objective of observations that belong to groups, numbered from 0.

        Parameters
        ----------
        group : array of shape (rows,)
            The group of each row, in ascending order where rows have places of their own.
        """
        groups = int(group.max()) + 1
        blocks = tuple(
            _padded(block, group if block.row is None else group[block.row], groups)
            for block in matched(family, observations)
        )
        n = np.bincount(group, observations.weights, groups)
        return cls(Coordinates(family, dict(fixed), Frame()), blocks, n.astype(np.float64))

    @property
    def shape(self) -> tuple[int, ...]:
        """(groups,)."""
        return self.n.shape

    def take(self, groups: Indices) -> GroupObjective:
        """Return the objective of some groups, of one several times: those not yet finished."""
        blocks = tuple(_of_groups(block, groups) for block in self.blocks)
        samples = None if self.samples is None else self.samples.take(groups)
        return GroupObjective(self.coordinates, blocks, self.n[groups], samples)

    def moved(self, origin: Array, unit: Array) -> GroupObjective:
        """Return the objective of every group's values less its `origin`, over its `unit`."""
        return replace(self, blocks=tuple(_moved(block, origin, unit) for block in self.blocks))

    def beside(self, samples: Samples) -> GroupObjective:
        """Return the objective with the samples that the family may ask for singularities."""
        coordinates = self.coordinates
        has_some = coordinates.family.is_singular(samples, coordinates.inner_fixed) is not None  # type: ignore[arg-type]
        return replace(self, samples=samples if has_some else None)

    def fixing(self, held: Mapping[str, float]) -> GroupObjective:
        """Return the objective with more parameters fixed."""
        return replace(self, coordinates=self.coordinates.fixing(held))

    def __call__(self, u: Array, lanes: Indices) -> Points:
        """Return the points of the groups `lanes` at u, of shape (len(lanes), k)."""
        some = self if _is_all(lanes, self.n.size) else self.take(lanes)
        with np.errstate(all="ignore"):
            member, within = some.coordinates.members(u)
            if some.samples is not None:
                within = within & ~some.are_singular(member)
            if not within.any():
                return nowhere(u)
            k = len(some.coordinates.family.constraints)
            sums = np.zeros((len(u), 2 + k + k * (k + 1) // 2))
            for block in some.blocks:
                d, size = kernels.derivatives(member, block, _over(block))
                sums += stacked(d, size, len(u))
            sums[:, 0] = np.where(within, sums[:, 0], -np.inf)
            sums[:, -1] += some.n
            return in_coordinates(some.coordinates, u, member, sums)

    def are_singular(self, member: Distribution) -> Mask:
        """Return which members lie where the likelihood of their group is known to diverge."""
        coordinates = self.coordinates
        test = coordinates.family.is_singular(self.samples, coordinates.inner_fixed)  # type: ignore[arg-type]
        if test is None:
            return np.zeros(self.n.size, dtype=bool)
        return np.broadcast_to(np.ravel(np.asarray(test(member), dtype=bool)), self.n.shape)


def _is_all(lanes: Indices, groups: int) -> bool:
    return lanes.size == groups and bool((lanes == np.arange(groups)).all())


def _over(block: Rows) -> Callable[[Array | float], Parameter]:
    """Return the reducer that sums over the values of each group and keeps the axis."""
    if block.weight is None:
        longest = float(block.a.shape[-1])

        def plain(term: Array | float) -> Parameter:
            if np.ndim(term) == 0 or np.shape(term)[-1] == 1:
                return term * longest
            return np.sum(term, axis=-1, keepdims=True)

        return plain
    weight = np.asarray(block.weight)
    count = weight.sum(axis=-1, keepdims=True)

    def total(term: Array | float) -> Parameter:
        if np.ndim(term) == 0 or np.shape(term)[-1] == 1:
            return term * count
        return np.sum(np.where(weight > 0.0, term, 0.0) * weight, axis=-1, keepdims=True)

    return total


def _padded(block: Rows, group: Indices, groups: int) -> Rows:
    """Return a block with a row of values for each group."""
    counts = np.bincount(group, minlength=groups)
    longest = int(counts.max())
    if longest > 1 and bool((counts == longest).all()) and bool((np.diff(group) >= 0).all()):
        return _of_equal(block, groups, longest)
    order = np.argsort(group, kind="stable")
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])
    slot = np.arange(group.size) - np.repeat(first, counts)
    place = (group[order], slot)

    def spread(column: Array | None) -> Array | None:
        if column is None or (column.size == 1 and block.size > 1):
            return column
        out = np.full((groups, longest), column[0], dtype=np.float64)
        out[place] = column[order]
        # Beside values of its own group a stand-in is as good as they are.
        own = np.where(counts > 0, out[:, 0], column[0])
        empty = np.arange(longest) >= counts[:, None]
        return np.where(empty, own[:, None], out)

    weight = np.zeros((groups, longest))
    weight[place] = 1.0 if block.weight is None else block.weight[order]
    return Rows(
        block.kind,
        np.asarray(spread(block.a)),
        spread(block.b),
        spread(block.entry),
        spread(block.exit),
        weight,
    )


def _of_equal(block: Rows, groups: int, m: int) -> Rows:
    """Return a block of groups that have as many rows each, in order."""

    def shaped(column: Array | None) -> Array | None:
        return column if column is None or column.size == 1 else column.reshape(groups, m)

    a = np.asarray(block.a, dtype=np.float64).reshape(groups, m)
    b, entry, exit_ = shaped(block.b), shaped(block.entry), shaped(block.exit)
    return Rows(block.kind, a, b, entry, exit_, shaped(block.weight))


def _of_groups(block: Rows, groups: Indices) -> Rows:
    columns = [c if c is None or c.size == 1 else c[groups] for c in block[1:]]
    return Rows(block.kind, *columns)  # type: ignore[arg-type]


def _moved(block: Rows, origin: Array, unit: Array) -> Rows:
    def move(column: Array | None) -> Array | None:
        return None if column is None else (column - origin) / unit

    a = (block.a - origin) / unit
    return block._replace(a=a, b=move(block.b), entry=move(block.entry), exit=move(block.exit))
