"""Sums of logarithms, a logarithm for every eight values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array

_TOGETHER = 8
_LEAST, _GREATEST = 1e-38, 1e38  # products of eight of them stay within float64


@dataclass(frozen=True, slots=True)
class Log:
    """The logarithms of positive values, of which only their sum is wanted."""

    values: Array

    def total(self, weights: Array | None) -> float:
        """Return the (weighted) sum."""
        if weights is None:
            return sum_of_logs(self.values)
        return float(np.add.reduce(np.log(self.values) * weights))


@dataclass(frozen=True, slots=True)
class Curve:
    """e - log(1 + e) for values e of which some are not small; only the sum is wanted."""

    excess: Array
    one_more: Array

    def total(self, weights: Array | None) -> float:
        """Return the (weighted) sum."""
        excess = self.excess if weights is None else self.excess * weights
        return float(np.add.reduce(excess)) - Log(self.one_more).total(weights)


def sum_of_logs(x: Array) -> float:
    """Return Σ log x of positive values (NumPy).

    A product of eight is off by at most four units in its last place, and so its logarithm by four
    of the units in which eight logarithms would each be off by about one.

    Examples
    --------
    >>> round(sum_of_logs(np.arange(1.0, 21.0)), 6)  # log 20!
    42.335616
    """
    rows = x.size // _TOGETHER
    if rows == 0 or not (x.min() > _LEAST and x.max() < _GREATEST):
        return float(np.add.reduce(np.log(x)))
    products = np.multiply.reduce(x[: _TOGETHER * rows].reshape(_TOGETHER, rows), axis=0)
    rest = np.log(x[_TOGETHER * rows :])
    return float(np.add.reduce(np.log(products)) + np.add.reduce(rest))
