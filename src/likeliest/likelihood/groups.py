"""The log likelihoods of many groups at once, each as a function of coordinates of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from likeliest.data.rows import Rows
from likeliest.likelihood import kernels
from likeliest.likelihood.coordinates import Coordinates
from likeliest.likelihood.frame import Frame
from likeliest.likelihood.matching import matched
from likeliest.likelihood.objective import in_coordinates, nowhere, stacked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Parameter
    from likeliest.numerics.arrays import Array, Indices
    from likeliest.optimise.newton import Points


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
    """

    coordinates: Coordinates
    blocks: tuple[Rows, ...]
    n: Array

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
            The group of each row.
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
        """Return the objective of some groups: those that are not yet finished."""
        blocks = tuple(_of_groups(block, groups) for block in self.blocks)
        return GroupObjective(self.coordinates, blocks, self.n[groups])

    def fixing(self, held: Mapping[str, float]) -> GroupObjective:
        """Return the objective with more parameters fixed."""
        return GroupObjective(self.coordinates.fixing(held), self.blocks, self.n)

    def __call__(self, u: Array, lanes: Indices) -> Points:
        """Return the points of the groups `lanes` at u, of shape (len(lanes), k)."""
        some = self if lanes.size == self.n.size else self.take(lanes)
        with np.errstate(all="ignore"):
            member, within = some.coordinates.members(u)
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


def _over(block: Rows) -> Callable[[Array | float], Parameter]:
    """Return the reducer that sums over the values of each group and keeps the axis."""
    weight = np.asarray(block.weight)
    count = weight.sum(axis=-1, keepdims=True)

    def total(term: Array | float) -> Parameter:
        if np.ndim(term) == 0 or np.shape(term)[-1] == 1:
            return term * count
        return np.sum(np.where(weight > 0.0, term, 0.0) * weight, axis=-1, keepdims=True)

    return total


def _padded(block: Rows, group: Indices, groups: int) -> Rows:
    """Return a block with a row of values for each group."""
    order = np.argsort(group, kind="stable")
    counts = np.bincount(group, minlength=groups)
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])
    slot = np.arange(group.size) - np.repeat(first, counts)
    longest = int(counts.max())
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


def _of_groups(block: Rows, groups: Indices) -> Rows:
    columns = [c if c is None or c.size == 1 else c[groups] for c in block[1:]]
    return Rows(block.kind, *columns)  # type: ignore[arg-type]
