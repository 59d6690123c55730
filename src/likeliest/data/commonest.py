"""The commonest value: where the likelihood of a family with heavy tails may grow without limit."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from likeliest.data.observations import Observations
    from likeliest.data.summary import Chunk
    from likeliest.numerics.arrays import Array

_SAMPLE = 10_000
_LEAST_SHARE = 1e-12  # of the weight: less is the rounding of a sum


def commonest_value(observations: Observations) -> tuple[float, float]:
    """Return the commonest value and its share; of many rows, the commonest of a sample.

    Where not all are known as they stand, it is the value by which the likelihood of a family
    with heavy tails grows fastest as its scale shrinks, and the share is that of the rows which
    say so, among these and those that say no: rows that can hold it say nothing.
    """
    if not observations.exact or observations.has_windows_by_row:
        return _most_insistent(observations)
    large = len(observations) > 5 * _SAMPLE
    table = (observations.subsample(_SAMPLE) if large else observations).tabulated()
    weights = np.ones(len(table)) if table.weights is None else table.weights
    value = float(table.values[int(np.argmax(weights))])
    return value, float(observations.chunks().total(partial(_weight_at, value))[0]) / observations.n


def _most_insistent(observations: Observations) -> tuple[float, float]:
    values = np.asarray(observations.values, dtype=np.float64)
    weights = np.ones(values.size) if observations.weights is None else observations.weights
    known = np.ones(values.size, dtype=bool)
    if observations.lower is not None and observations.upper is not None:
        known = observations.lower == observations.upper
    if not known.any():
        return np.nan, 0.0
    at, place = np.unique(values[known], return_inverse=True)
    say = np.bincount(place, weights[known])
    silent = np.zeros(at.size)
    if observations.lower is not None and observations.upper is not None:
        rest = ~known
        for bound, sign in ((observations.lower, 1.0), (observations.upper, -1.0)):
            silent += sign * weight_below(bound[rest], weights[rest], at)[0]
    if observations.entry is not None and observations.entry.size == values.size:
        silent += weight_below(observations.entry, weights, at)[1]
    if observations.exit is not None and observations.exit.size == values.size:
        silent += weight_below(observations.exit, weights, at)[0]
    no = np.maximum(observations.n - say - silent, 0.0)
    share = say / (say + np.where(no < _LEAST_SHARE * observations.n, 0.0, no))
    best = int(np.argmax(share))
    return float(at[best]), float(share[best])


def weight_below(
    bound: Array, weights: Array, at: Array, *, or_at: bool = False
) -> tuple[Array, Array]:
    """Return the weight of rows whose bound lies below each of `at`, and of the other rows.

    Those whose bound is one of `at` are among the others, or, with `or_at`, among the first.
    """
    order = np.argsort(bound)
    up_to = np.concatenate([[0.0], np.cumsum(weights[order])])
    below = up_to[np.searchsorted(bound[order], at, side="right" if or_at else "left")]
    return below, up_to[-1] - below


def _weight_at(value: float, chunk: Chunk) -> list[float]:
    values, weights = chunk
    same = values == value
    return [float(np.count_nonzero(same) if weights is None else np.sum(weights[same]))]
