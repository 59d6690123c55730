"""The least float from which a condition holds, by halving the floats between two ends."""

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


def _ordered(x: Array) -> npt.NDArray[np.int64]:
    """Return floats as whole numbers in the same order: neighbours differ by 1."""
    bits = np.ascontiguousarray(x, dtype=np.float64).view(np.int64)
    return np.where(bits < 0, _LEAST - np.minimum(bits, 0), bits).reshape(np.shape(x))


def _number_of(order: npt.NDArray[np.int64]) -> Array:
    bits = np.where(order < 0, _LEAST - np.minimum(order, 0), order)
    return np.asarray(bits).view(np.float64)
