"""Logs of sums over whole numbers of smooth terms with one peak, many sums at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.numerics.arrays import namespace
from likeliest.numerics.special import exp, log

if TYPE_CHECKING:
    from collections.abc import Iterator

    from likeliest.numerics.arrays import Array, Indices, Number

REACH, ROOM = 9.0, 12.0
"""Standard deviations about the peak, and terms beyond them, of which a sum is made."""

_STRIDE = 0.5  # of a standard deviation: a sum over so smooth a function loses nothing
_AT_ONCE = 10_000  # terms


def terms_of(
    low: Array, high: Array, spread: Array, least: Number
) -> Iterator[tuple[Indices, Array, Array]]:
    """Yield rows with the whole numbers to add up, of shape (rows, terms), and their strides.

    From `low` to `high`, but none below `least`. Where all above it count, the terms are smooth and
    small at both ends: a sum over every other of them is then half of the whole to all digits.
    """
    first, last = np.maximum(np.floor(low), least), np.ceil(high)
    stride = np.where(first > least, np.maximum(np.floor(_STRIDE * spread), 1.0), 1.0)
    count = np.ceil((last - first) / stride) + 1.0
    order = np.argsort(count)
    begin = 0
    while begin < order.size:
        most = count[order[begin]]
        end = int(np.sum(count[order] <= max(1.5 * most, most + 8.0)))
        most = count[order[end - 1]]
        end = min(end, begin + max(int(_AT_ONCE / most), 1))
        rows = order[begin:end]
        steps = np.arange(float(most))
        yield rows, first[rows, None] + stride[rows, None] * steps, stride[rows]
        begin = end


def log_sum(terms: Any, stride: Any) -> tuple[Any, Any]:
    """Return the log of sums along the last axis, and the share of each term."""
    xp = namespace(terms)
    top = xp.max(terms, axis=-1, keepdims=True)
    parts = exp(terms - top)
    total = xp.sum(parts, axis=-1)
    return top[..., 0] + log(total) + log(stride), parts / total[..., None]
