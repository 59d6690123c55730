"""Stand-ins for very many rows, so that numbers can follow a slider."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from likeliest.data.observations import Observations
from likeliest.data.rows import Kind

if TYPE_CHECKING:
    from likeliest.data.rows import Rows
    from likeliest.numerics.arrays import Array

_GROUPS = 4_000
_FEW = 2.5  # times as many rows as groups are taken as they are


def thinned(seen: Observations, groups: int = _GROUPS) -> Observations:
    """Return few weighted rows whose likelihood is nearly that of all.

    Of values in order, neighbours are replaced by their mean and number; the outermost stay as they
    are. The mean of a group keeps the first order of every smooth likelihood, so what is lost is of
    the order of the groups' variances. Whole numbers are tabulated, which loses nothing; rows that
    have bounds on both sides or windows of their own are returned as they are.

    Examples
    --------
    >>> import likeliest as lk
    >>> seen = Observations.of(lk.Gamma(2.0, 3.0).sample(100_000, seed=1))
    >>> few = thinned(seen)
    >>> len(few), few.n
    (4000, 100000.0)
    """
    if len(seen) <= _FEW * groups or seen.has_windows_by_row or not _is_one_sided(seen):
        return seen
    if seen.exact and seen.summary.whole:
        return replace(seen.tabulated(), entry=seen.entry, exit=seen.exit)
    lower, upper, weights = zip(*(_bounds(block, groups) for block in seen.blocks), strict=True)
    few = Observations.between(
        np.concatenate(lower), np.concatenate(upper), weights=np.concatenate(weights)
    )
    return replace(few, entry=seen.entry, exit=seen.exit)


def _is_one_sided(seen: Observations) -> bool:
    return all(block.kind is not Kind.BETWEEN for block in seen.blocks)


def _bounds(block: Rows, groups: int) -> tuple[Array, Array, Array]:
    """Return the bounds of the groups of a block, and their weights."""
    values, weights = _grouped(block.a, block.weight, groups)
    lower = np.full(values.size, -np.inf) if block.kind is Kind.BELOW else values
    upper = np.full(values.size, np.inf) if block.kind is Kind.ABOVE else values
    return lower, upper, weights


def _grouped(values: Array, weights: Array | None, groups: int) -> tuple[Array, Array]:
    order = np.argsort(values)
    values = values[order]
    weights = np.ones(values.size) if weights is None else weights[order]
    if values.size <= groups:
        return values, weights
    tail = groups // 4
    middle = np.linspace(tail, values.size - tail, groups - 2 * tail + 1).astype(np.intp)[:-1]
    first = np.concatenate([np.arange(tail), middle, np.arange(values.size - tail, values.size)])
    total = np.add.reduceat(weights, first)
    origin = values[values.size // 2]  # so that 1e9 + noise keeps its digits
    return origin + np.add.reduceat((values - origin) * weights, first) / total, total
