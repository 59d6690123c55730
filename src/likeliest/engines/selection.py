"""The median of a large array by sampling: one pass instead of a sort."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from likeliest.engines import threads

if TYPE_CHECKING:
    from likeliest.engines.source import Source
    from likeliest.numerics.arrays import Array

_SAMPLE_FROM = 100_000
_SAMPLE = 20_000
_BINS = 4096  # that a range is cut into at each pass over data that are elsewhere
_FEW = 10_000  # values that are brought here at the end


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


def median_of(
    source: Source[tuple[Array, Array | None]], n: float, low: float, high: float
) -> float:
    """Return the (weighted) median of values with weights that lie elsewhere, by their counts.

    Each pass cuts the range that holds it into bins and counts them, until few values are left.

    Parameters
    ----------
    source : Source
        Of values with their weights.
    n : float
        The sum of the weights.
    low, high : float
        The least and the greatest value.

    Examples
    --------
    >>> values = np.array([3.0, 1.0, 2.0, 10.0])
    >>> chunks = threads.Chunks(lambda first, end: (values[first:end], None), 4)
    >>> median_of(chunks, 4.0, 1.0, 10.0)
    2.5
    """
    half, below = 0.5 * n, 0.0
    while True:
        bins = _Bins(low, high)
        table = np.zeros((2, _BINS))
        for some in source.each(bins.tally):
            table += some
        weight, rows = table
        up_to = below + np.cumsum(weight)
        at = min(int(np.searchsorted(up_to, half)), _BINS - 1)
        below = float(up_to[at] - weight[at])
        low, high = bins.ends(at)
        if rows[at] <= _FEW or low == high:
            break
    first, up_to_first = _first_from(source, low, high, half - below)
    if below + up_to_first > half:
        return first
    after = min(source.each(partial(_least_above, first)), default=np.inf)
    return 0.5 * first + 0.5 * after if np.isfinite(after) else first


def _first_from(
    source: Source[tuple[Array, Array | None]], low: float, high: float, target: float
) -> tuple[float, float]:
    """Return the first value within bounds up to which the weight is that, and the weight there."""
    if low == high:
        return low, float(source.total(partial(_weight_at, low))[0])
    values, weights = map(
        np.concatenate, zip(*source.each(partial(_within, low, high)), strict=True)
    )
    order = np.argsort(values)
    up_to = np.cumsum(weights[order])
    at = min(int(np.searchsorted(up_to, target)), up_to.size - 1)
    value = values[order][at]
    return float(value), float(np.sum(weights[values <= value]))


class _Bins(NamedTuple):
    """Bins of one width from the least value to the greatest, both of which they hold."""

    low: float
    high: float

    def tally(self, chunk: tuple[Array, Array | None]) -> Array:
        """Return the weight and the number of values in each bin, of shape (2, bins)."""
        values, weights = chunk
        inside = (values >= self.low) & (values <= self.high)
        at = self._bin_of(values[inside])
        some = None if weights is None else weights[inside]
        rows = np.bincount(at, minlength=_BINS).astype(np.float64)
        return np.stack([rows if some is None else np.bincount(at, some, _BINS), rows])

    def ends(self, at: int) -> tuple[float, float]:
        """Return the least and the greatest number that a bin holds."""
        edges = np.linspace(self.low, self.high, _BINS + 1)
        return float(edges[at]), float(
            edges[at + 1] if at + 1 == _BINS else np.nextafter(edges[at + 1], -np.inf)
        )

    def _bin_of(self, values: Array) -> np.ndarray:
        edges = np.linspace(self.low, self.high, _BINS + 1)
        return np.clip(np.searchsorted(edges, values, side="right") - 1, 0, _BINS - 1)


def _within(low: float, high: float, chunk: tuple[Array, Array | None]) -> tuple[Array, Array]:
    values, weights = chunk
    inside = (values >= low) & (values <= high)
    some = values[inside]
    return some, np.ones(some.size) if weights is None else weights[inside]


def _weight_at(value: float, chunk: tuple[Array, Array | None]) -> list[float]:
    values, weights = chunk
    same = values == value
    return [float(np.count_nonzero(same) if weights is None else np.sum(weights[same]))]


def _least_above(value: float, chunk: tuple[Array, Array | None]) -> float:
    return float(np.min(chunk[0][chunk[0] > value], initial=np.inf))
