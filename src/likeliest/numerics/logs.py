"""Sums of logarithms, a logarithm for up to 64 values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array

_MOST = 64  # more would hardly be faster: the products take the time
_LARGEST_EXPONENT = 1022
_FEW = 500  # values of which products take longer than logarithms


@dataclass(frozen=True, slots=True)
class Log:
    """The logarithms of positive values, of which only their sum is wanted."""

    values: Array

    def total(self, weights: Array | None) -> float:
        """Return the (weighted) sum."""
        if weights is None:
            return sum_of_logs(self.values)
        return float(np.add.reduce(np.log(self.values) * weights))

    def values_of_each(self) -> Array:
        """Return the logarithm of each value."""
        return np.log(self.values)


@dataclass(frozen=True, slots=True)
class Curve:
    """e - log(1 + e) for values e of which some are not small; only the sum is wanted."""

    excess: Array
    one_more: Array

    def total(self, weights: Array | None) -> float:
        """Return the (weighted) sum."""
        excess = self.excess if weights is None else self.excess * weights
        return float(np.add.reduce(excess)) - Log(self.one_more).total(weights)

    def values_of_each(self) -> Array:
        """Return e - log(1 + e) of each value."""
        return self.excess - np.log(self.one_more)


def sum_of_logs(x: Array) -> float:
    """Return Σ log x of positive values (NumPy).

    The logarithm of a product of k is off by at most k/2 of the units in which k logarithms would
    each be off by about one.

    Examples
    --------
    >>> round(sum_of_logs(np.arange(1.0, 21.0)), 6)  # log 20!
    42.335616
    """
    if x.size < _FEW:
        return float(np.add.reduce(np.log(x)))
    together = _together(float(np.minimum.reduce(x)), float(np.maximum.reduce(x)))
    rows = x.size // together
    products = np.multiply.reduce(x[: together * rows].reshape(together, rows), axis=0)
    rest = np.log(x[together * rows :])
    return float(np.add.reduce(np.log(products)) + np.add.reduce(rest))


def _together(low: float, high: float) -> int:
    """Return of how many values between `low` and `high` a product surely stays within float64."""
    exponent = max(1 - math.frexp(low)[1], math.frexp(high)[1], 1)  # all lie in 2^±exponent
    return max(1, min(_MOST, _LARGEST_EXPONENT // exponent))
