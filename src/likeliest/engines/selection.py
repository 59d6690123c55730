"""The median of a large array by sampling: one pass instead of a sort."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.engines import threads

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array

_SAMPLE_FROM = 100_000
_SAMPLE = 20_000


def median(values: Array) -> float:
    """Return the median: the middle value, or the mean of the middle two.

    A sample brackets it; one pass counts the values below the bracket and keeps those within;
    only they are sorted (Floyd & Rivest 1975).

    Examples
    --------
    >>> median(np.array([3.0, 1.0, 2.0, 10.0]))
    2.5
    """
    n = values.size
    if n < _SAMPLE_FROM:
        return _middle(np.sort(values))
    sample = values[np.random.default_rng(0).integers(0, n, _SAMPLE)]
    low, high = np.quantile(sample, [0.48, 0.52])

    def look(part: Array) -> tuple[int, Array]:
        return int(np.count_nonzero(part < low)), part[(part >= low) & (part <= high)]

    chunks = threads.Chunks(lambda first, end: values[first:end], n, light=True)
    counts, kept = zip(*chunks.each(look), strict=True)
    below, within = sum(counts), np.sort(np.concatenate(kept))
    first, last = (n - 1) // 2 - below, n // 2 - below
    if first < 0 or last >= within.size:  # the sample missed: about once in 10^8
        return float(np.median(values))
    return float(0.5 * within[first] + 0.5 * within[last])


def _middle(ordered: Array) -> float:
    """Return the median of sorted values."""
    n = ordered.size
    return float(0.5 * ordered[(n - 1) // 2] + 0.5 * ordered[n // 2])
