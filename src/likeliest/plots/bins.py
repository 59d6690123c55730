"""Counts in bins as bars: their share over their width, or of each whole number in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.plots.histogram import Histogram

if TYPE_CHECKING:
    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Array

_MOST_WHOLE = 240
_SLACK = 1e-6  # of a width: edges are rounded themselves


def serves(observations: Observations, distribution: Distribution) -> bool:
    """Whether all values lie in bins side by side, those at the ends open perhaps.

    Of whole numbers one alone can be a bin.
    """
    whole = distribution.discrete and observations.lower_closed
    if observations.truncated or observations.lower is None:
        return False
    if observations.n_exact and not whole:
        return False
    low, high, _ = distinct(observations)
    slack = -0.5 if whole else _SLACK * np.nan_to_num(high[1:] - low[1:], posinf=0.0)
    return bool((low[1:] >= high[:-1] - slack).all() and np.isfinite(high - low).any())


def histogram(observations: Observations, distribution: Distribution) -> Histogram:
    """Return the bars: of an open bin the part within the support, or none and its share."""
    low, high, weight = distinct(observations)
    # Of whole numbers a bin that does not hold its lower end begins at the next.
    skipped = 1.0 if distribution.discrete and not observations.lower_closed else 0.0
    low = np.maximum(low, distribution.support.low - skipped)
    high = np.minimum(high, distribution.support.high)
    shown = np.isfinite(low) & np.isfinite(high)
    share = weight / np.sum(weight)
    outside = max(1.0 - float(np.sum(share[shown])), 0.0)
    low, high, share = low[shown], high[shown], share[shown]
    if distribution.discrete:
        first = np.floor(low) + skipped
        if high[-1] - first[0] < _MOST_WHOLE:
            return _of_whole(first, np.floor(high), share, outside)
    edges = np.unique(np.concatenate([low, high]))
    heights = np.zeros(edges.size - 1)  # 0 between bins that do not meet
    heights[np.searchsorted(edges, low)] = share / (high - low)
    return Histogram(edges, heights, whole=False, outside=outside)


def _of_whole(first: Array, last: Array, share: Array, outside: float) -> Histogram:
    edges = np.arange(first[0] - 0.5, last[-1] + 1.0)
    heights = np.zeros(edges.size - 1)
    for start, end, part in zip(first, last, share, strict=True):
        inside = slice(int(start - first[0]), int(end - first[0]) + 1)
        heights[inside] = part / (end - start + 1.0)
    return Histogram(edges, heights, whole=True, outside=outside)


def distinct(observations: Observations) -> tuple[Array, Array, Array]:
    """Return each distinct bin once, rising, with how many values lie in it."""
    pairs = np.stack([np.asarray(observations.lower), np.asarray(observations.upper)], axis=1)
    distinct, inverse = np.unique(pairs, axis=0, return_inverse=True)
    weight = np.bincount(inverse.ravel(), observations.weights, len(distinct)).astype(np.float64)
    return distinct[:, 0], distinct[:, 1], weight
