"""The uniform distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.continuous import ContinuousDistribution
from likeliest.errors import ParameterError, SupportError
from likeliest.family import family
from likeliest.numerics.arrays import is_tensor
from likeliest.numerics.special import log
from likeliest.parameters import Parameter, real
from likeliest.support import REALS, Support

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.numerics.arrays import Array
    from likeliest.statistics import SufficientStatistics


@family
class Uniform(ContinuousDistribution):
    """Uniform distribution: any value between two ends, none more likely than another.

    f(x) = 1 / (high - low) for low ≤ x ≤ high.

    Parameters
    ----------
    low : array of any shape. In the unit of x.
    high : array that broadcasts with `low`, > low. In the unit of x.

    Notes
    -----
    The estimates are the least and the greatest value, where the likelihood has corners; their
    intervals come from the exact law of (high - max) / (max - min).

    Source: Johnson, Kotz & Balakrishnan (1995), ch. 26.

    Examples
    --------
    >>> float(Uniform(low=2.0, high=6.0).pdf(3.0))
    0.25
    """

    name = "uniform"
    support = REALS
    concentrates = {"low": "x", "high": "x"}
    corners = ("low", "high")
    corners_stay = True

    low: Parameter = real()
    high: Parameter = real()

    def _check(self) -> None:
        if is_tensor(self.low) or is_tensor(self.high):
            return
        if not np.all(np.less(self.low, self.high)):
            raise ParameterError(f"Uniform: low must lie below high; got {self!r}.")

    def _bounds(self) -> Support:
        return Support(self.low, self.high, low_closed=True, high_closed=True)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        return 0.0 * x - log(self.high - self.low)

    def _cdf(self, x: Array) -> Array:
        return (x - self.low) / (self.high - self.low)

    def _sf(self, x: Array) -> Array:
        return (self.high - x) / (self.high - self.low)

    def _quantile(self, q: Array) -> Array:
        return self.low + q * (self.high - self.low)

    def _upper_quantile(self, q: Array) -> Array:
        return self.high - q * (self.high - self.low)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x."""
        return 0.5 * self.low + 0.5 * self.high

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        return (self.high - self.low) ** 2 / 12.0

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        return np.log(self.high - self.low)

    # likelihood

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        by_low = 1.0 / (self.high - self.low) + 0.0 * x
        return by_low, -by_low

    @staticmethod
    def statistics(x: Array, pivot: float) -> tuple[Array, ...]:
        return ()

    @classmethod
    def maximize(cls, statistics: SufficientStatistics) -> Self:
        return cls(statistics.low, statistics.high)

    @classmethod
    def maximize_given(cls, statistics: SufficientStatistics, fixed: Mapping[str, float]) -> Self:
        low, high = fixed.get("low", statistics.low), fixed.get("high", statistics.high)
        if low > statistics.low or high < statistics.high:
            raise SupportError(
                f"uniform with {dict(fixed)} does not hold all values: they reach from "
                f"{statistics.low:g} to {statistics.high:g}. Fix an end beyond them."
            )
        return cls(low, high)

    def mean_log_prob(self, statistics: SufficientStatistics) -> Parameter:
        return -np.log(self.high - self.low)

    def corner_interval(
        self, name: str, n: float, level: float, fixed: Mapping[str, float]
    ) -> tuple[float, float]:
        width = float(self.high - self.low)
        # (high - max)/(max - min) > t has probability (1 + t)^-(n-1); n in place of n - 1 and
        # the width from the other end if that is known.
        power = n if fixed else n - 1.0
        beyond = width * float(np.expm1(-np.log1p(-level) / power)) if power > 0 else np.inf
        if name == "low":
            return float(self.low) - beyond, float(self.low)
        return float(self.high), float(self.high) + beyond
