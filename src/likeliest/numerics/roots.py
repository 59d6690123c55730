"""Where a rising function crosses zero, on as many places at once as there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.numerics.arrays import Array, Indices


def newton_between(
    function: Callable[[Array, Indices], tuple[Array, Array]],
    low: Array,
    high: Array,
    start: Array,
) -> Array:
    """Return where a rising function crosses zero between two ends, by Newton's method.

    A step that would leave what is known to hold the root is replaced by the middle of it.

    Parameters
    ----------
    function : callable
        From an array of x, and the places that these belong to, to its values and slopes.
    low, high, start : arrays of shape (n,)
        The function is below 0 at `low` and above at `high`, or these are ends of the range.

    Examples
    --------
    >>> zero, two = np.zeros(1), np.full(1, 2.0)
    >>> root = newton_between(lambda x, at: (x * x - 2.0, 2.0 * x), zero, two, two)
    >>> round(float(root[0]), 12)
    1.414213562373
    """
    low, high, x = (np.array(a, dtype=np.float64) for a in (low, high, start))
    at = np.arange(x.size)
    with np.errstate(all="ignore"):
        for _ in range(_MOST_STEPS):
            here = x[at]
            value, slope = function(here, at)
            low[at] = np.where(value < 0.0, here, low[at])
            high[at] = np.where(value > 0.0, here, high[at])
            moved = here - value / slope
            # A step within rounding ends the search, though `here` is now one of the ends.
            inside = ((moved > low[at]) & (moved < high[at])) | (moved == here)
            moved = np.where(inside, moved, 0.5 * low[at] + 0.5 * high[at])
            x[at] = np.where(value == 0.0, here, moved)
            short = np.abs(x[at] - here) <= 2.0 * np.spacing(np.maximum(np.abs(here), 0.5))
            at = at[~short]
            if not at.size:
                break
    return x


_MOST_STEPS = 100
