"""Sufficient statistics: all that a likelihood needs to know of the data, in a few sums."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from likeliest.numerics.logs import Curve, Log

if TYPE_CHECKING:
    from likeliest.distributions.parameters import Parameter
    from likeliest.numerics.arrays import Array

Statistic: TypeAlias = "Array | Log | Curve"
"""A statistic of each value, to be added up."""


def of_each(statistic: Statistic) -> Array:
    """Return a statistic of each value as an array."""
    return statistic.values_of_each() if isinstance(statistic, Log | Curve) else statistic


class SufficientStatistics(NamedTuple):
    """Weighted means of a family's statistics about a pivot; they merge by addition.

    Parameters
    ----------
    weight : float, or array of any shape (one entry for each group)
        Sum of the weights.
    low, high, average : like `weight`
        Least, greatest and mean value, in the unit of x.
    pivot : like `weight`
        The value that the statistics were taken about. Close to the data it keeps them small, so
        that 1e9 + noise keeps its digits.
    mean : tuple of arrays like `weight`
        Weighted mean of each statistic.

    Examples
    --------
    >>> one = SufficientStatistics(1.0, 2.0, 2.0, 2.0, 3.0, (np.float64(-1.0),))
    >>> two = SufficientStatistics(3.0, 4.0, 5.0, 4.5, 3.0, (np.float64(1.0),))
    >>> float(one.merge(two).mean[0])
    0.5
    """

    weight: Parameter
    low: Parameter
    high: Parameter
    average: Parameter
    pivot: Parameter
    mean: tuple[Parameter, ...]

    def merge(self, other: SufficientStatistics) -> SufficientStatistics:
        """Return the statistics of both samples together; the pivots must be the same."""
        if not np.array_equal(self.pivot, other.pivot):
            raise ValueError("statistics merge only about the same pivot")
        weight = self.weight + other.weight
        share, rest = self.weight / weight, other.weight / weight
        mean = tuple(a * share + b * rest for a, b in zip(self.mean, other.mean, strict=True))
        low, high = np.minimum(self.low, other.low), np.maximum(self.high, other.high)
        average = self.average * share + other.average * rest
        return SufficientStatistics(weight, low, high, average, self.pivot, mean)
