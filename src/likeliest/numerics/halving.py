"""The least number from which a condition holds, by halving what lies between two ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from likeliest.numerics.arrays import Array, Mask

_LEAST = np.iinfo(np.int64).min


def least(holds: Callable[[Array], Mask], low: Array, high: Array) -> Array:
    """Return the least number between two from which a condition holds, to the last bit.

    In at most 64 steps, whatever the numbers: it is the floats between them that are halved.

    Parameters
    ----------
    holds : callable
        Takes an array; beyond some number it is true for all.
    low, high : arrays of the same shape
        At `high` the condition holds, or is taken to; they may be infinite.

    Examples
    --------
    >>> float(least(lambda x: x * x >= 2.0, np.array(0.0), np.array(2.0)))
    1.4142135623730951
    """
    below, above = _ordered(low) - 1, _ordered(high)
    while np.any(is_open := above > below + 1):
        middle = (below >> 1) + (above >> 1) + (below & above & 1)
        enough = holds(_number_of(middle))
        below = np.where(is_open & ~enough, middle, below)
        above = np.where(is_open & enough, middle, above)
    return _number_of(above)


def least_whole(holds: Callable[[Array], Mask], low: Array, high: Array) -> Array:
    """Return the least whole number between two from which a condition holds.

    Parameters
    ----------
    holds : callable
        Takes an array; beyond some number it is true for all.
    low, high : arrays of the same shape
        Whole numbers. At `high` the condition holds, or is taken to; it may be infinite.

    Examples
    --------
    >>> float(least_whole(lambda k: k * k >= 50, np.array(0.0), np.array(np.inf)))
    8.0
    """
    below, above = np.asarray(low) - 1.0, np.asarray(high) + 0.0
    while True:
        with np.errstate(over="ignore"):
            doubled = 2.0 * np.maximum(below, 1.0)
        middle = np.where(np.isinf(above), doubled, np.floor(0.5 * below + 0.5 * above))
        is_open = (middle > below) & (middle < above)
        if not is_open.any():
            return above
        enough = holds(np.where(is_open, middle, low))
        below = np.where(is_open & ~enough, middle, below)
        above = np.where(is_open & enough, middle, above)


def _ordered(x: Array) -> npt.NDArray[np.int64]:
    """Return floats as whole numbers in the same order: neighbours differ by 1."""
    bits = np.ascontiguousarray(x, dtype=np.float64).view(np.int64)
    return np.where(bits < 0, _LEAST - np.minimum(bits, 0), bits).reshape(np.shape(x))


def _number_of(order: npt.NDArray[np.int64]) -> Array:
    bits = np.where(order < 0, _LEAST - np.minimum(order, 0), order)
    return np.asarray(bits).view(np.float64)
