"""Where a rising function crosses zero, on as many places at once as there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.numerics.arrays import Array

_WIDEST = 745.0  # of the logarithm of a positive float64


def solve_rising(function: Callable[[Array], Array], start: Array) -> Array:
    """Return the x > 0 at which a rising function is 0, by halving the range of log x.

    Parameters
    ----------
    function : callable, from an array of x to one of values
    start : array of positive numbers, of the shape wanted

    Examples
    --------
    >>> round(float(solve_rising(lambda x: x - 3.0, np.array(1.0))), 12)
    3.0
    """
    middle = np.log(np.asarray(start, dtype=np.float64))
    reach = np.ones_like(middle)
    low, high = middle - reach, middle + reach
    with np.errstate(all="ignore"):
        for _ in range(11):
            low = np.where(function(np.exp(low)) > 0, np.maximum(low - reach, -_WIDEST), low)
            high = np.where(function(np.exp(high)) < 0, np.minimum(high + reach, _WIDEST), high)
            reach = 2.0 * reach
        for _ in range(70):
            middle = 0.5 * (low + high)
            above = function(np.exp(middle)) > 0
            low, high = np.where(above, low, middle), np.where(above, middle, high)
    return np.exp(0.5 * (low + high))
