"""Summarise values in one pass: count, least, greatest, mean, and whether all are whole."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from likeliest.data.vectors import LARGEST_COUNT, not_finite
from likeliest.engines import threads

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from likeliest.errors import DataError
    from likeliest.numerics.arrays import Array

Chunk: TypeAlias = "tuple[Array, Array | None]"
"""Values with their weights."""

_ORDINARY = 1e280  # the sum of so many as there can be of them stays within float64

Look: TypeAlias = tuple[int, float, float, float, float, bool]
"""The summary of one chunk: rows, least, greatest, weight, mean, whether all are whole."""


class Summary(NamedTuple):
    """Hold the count, range and mean of values, from one pass.

    Parameters
    ----------
    rows : int
    weight : float
        Sum of the weights: the number of observations that the rows stand for.
    low, high, mean : float
        Least, greatest and (weighted) mean value.
    whole : bool
        Whether every value is a whole number.
    """

    rows: int
    weight: float
    low: float
    high: float
    mean: float
    whole: bool


def summarise(values: Array, weights: Array | None) -> Summary:
    """Look at the values once; raise if one is not finite."""

    def cut(first: int, end: int) -> Chunk:
        return values[first:end], None if weights is None else weights[first:end]

    looks = threads.Chunks(cut, values.size, light=True).all(look_at)
    return summary_of(looks, lambda: not_finite(values, "values"))


def summary_of(looks: Sequence[Look], refuse: Callable[[], DataError]) -> Summary:
    """Return the summary of all chunks; `refuse` makes the error that says what is not finite."""
    rows, low, high, weight, mean, whole = looks[0] if len(looks) == 1 else _together(looks)
    if not (math.isfinite(low) and math.isfinite(high)):
        raise refuse()
    whole = whole and max(-low, high) <= LARGEST_COUNT  # beyond it every float64 is whole
    return Summary(rows, weight, low, high, min(max(mean, low), high), whole)


def _together(looks: Sequence[Look]) -> Look:
    """Return looks at several chunks as one; its ends are NaN where one of theirs is not finite."""
    rows, lows, highs, sums, means, wholes = map(list, zip(*looks, strict=True))
    # NaN and infinity go through min and max.
    are_finite = all(map(math.isfinite, (*lows, *highs)))
    low, high = (min(lows), max(highs)) if are_finite else (math.nan, math.nan)
    weight = threads.add(sums)
    mean = threads.add([m * (s / weight) for m, s in zip(means, sums, strict=True)])
    return sum(rows), low, high, weight, mean, all(wholes)


def _averaged(part: Array, weights: Array | None) -> tuple[float, float]:
    """Return the weight of a chunk and its mean."""
    if weights is None:
        return float(part.size), float(np.add.reduce(part, dtype=np.float64)) / part.size
    weight = float(np.add.reduce(weights))
    # Before the product, which must not leave float64; a chunk can have no weight at all.
    return weight, float(np.add.reduce(part * (weights / (weight or 1.0))))


def look_at(chunk: Chunk) -> Look:
    """Look at a chunk of values once."""
    part, weights = chunk
    low, high = float(np.minimum.reduce(part)), float(np.maximum.reduce(part))
    if max(-low, high) < _ORDINARY:
        weight, mean = _averaged(part, weights)
    else:  # the sum may leave float64, or be none: it is taken in smaller units
        with np.errstate(invalid="ignore", over="ignore"):
            weight, mean = _averaged(part * 2.0**-60, weights)
            mean *= 2.0**60
    whole = low.is_integer() and bool(np.all(part == np.floor(part)))
    return part.size, low, high, weight, mean, whole
