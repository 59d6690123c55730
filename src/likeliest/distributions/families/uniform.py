"""The uniform distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ClosedForm, inside_support
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.corner import Corner
from likeliest.distributions.derivatives import Derivatives, Side, Total
from likeliest.distributions.families.ends import ends_of, require_order
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, real
from likeliest.distributions.support import REALS, Support
from likeliest.numerics.special import log

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.statistics import SufficientStatistics
    from likeliest.numerics.arrays import Array


@family
class Uniform(ClosedForm, ContinuousDistribution):
    """Uniform distribution: any value between two ends, none more likely than another.

    f(x) = 1 / (high - low) for low ≤ x ≤ high.

    Parameters
    ----------
    low : array of any shape. In the unit of x.
    high : array that broadcasts with `low`, > low. In the unit of x.

    Notes
    -----
    The estimates are the least and the greatest value, where the likelihood has corners; their
    intervals come from the exact law of (high - max) / (max - min), of rounded values from the
    profile of the likelihood.

    Source: Johnson, Kotz & Balakrishnan (1995), ch. 26.

    Examples
    --------
    >>> float(Uniform(low=2.0, high=6.0).pdf(3.0))
    0.25
    """

    name = "uniform"
    support = REALS
    concentrates = {"low": "x", "high": "x"}
    corners = {"low": Corner.LOW_END, "high": Corner.HIGH_END}
    has_one_top = True
    closed_given = ("low", "high")

    low: Parameter = real(power=1)
    high: Parameter = real(power=1)

    def _check(self) -> None:
        require_order(self)

    def bounds(self) -> Support:
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

    def derivatives(self, x: Array, total: Total) -> Derivatives:
        unit = 1.0 / (self.high - self.low)
        n = total(1.0 + 0.0 * x)
        by_low, bend = n * unit, n * unit**2
        return Derivatives(n * np.log(unit), (by_low, -by_low), (bend, -bend, bend))

    @inside_support
    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        unit = 1.0 / (self.high - self.low)
        to_end, to_other = x - self.low, self.high - x
        if side is Side.ABOVE:
            to_end, to_other = to_other, to_end
        # 1/to_end - unit, without the cancellation.
        own = unit * to_other / to_end
        bend = -own * (1.0 / to_end + unit)
        level = np.full_like(own, unit**2) if np.ndim(unit) == 0 else unit**2 + 0.0 * own
        other = np.sqrt(level)
        value = np.log(to_end * unit)
        if side is Side.BELOW:
            return Derivatives(value, (-own, -other), (bend, -level, level))
        return Derivatives(value, (other, own), (level, -level, bend))

    def log_interval(self, lower: Array, upper: Array) -> Array:
        return np.asarray(self.interval_derivatives(lower, upper).log_prob)

    def interval_derivatives(self, lower: Array, upper: Array) -> Derivatives:
        low, high = self.low, self.high
        first, last = np.maximum(lower, low), np.minimum(upper, high)
        with np.errstate(all="ignore"):
            length, unit = last - first, 1.0 / (high - low)
            some = length > 0.0
            inverse = 1.0 / np.where(some, length, np.inf)
            # 1/length - unit, without the cancellation.
            beyond = unit * ((first - low) + (high - last)) * inverse
            value = np.where(some, np.log(length * unit), -np.inf)
        bend = -beyond * (inverse + unit)
        begins, ends = np.greater(lower, low), np.less(upper, high)  # within the support
        own = np.where(some, unit, 0.0)
        level = own * own
        score = (np.where(begins, own, -beyond), np.where(ends, -own, beyond))
        by_both = np.where(begins | ends, -level, -bend)
        hessian = (np.where(begins, level, bend), by_both, np.where(ends, level, bend))
        return Derivatives(value, score, hessian)

    @staticmethod
    def statistics(x: Array, pivot: float) -> tuple[Array, ...]:
        return ()

    @classmethod
    def maximize(cls, statistics: SufficientStatistics) -> Self:
        return cls(statistics.low, statistics.high)

    @classmethod
    def maximize_given(cls, statistics: SufficientStatistics, fixed: Mapping[str, float]) -> Self:
        return cls(*ends_of(cls.name, statistics, fixed))

    def mean_log_prob(self, statistics: SufficientStatistics) -> Parameter:
        return -np.log(self.high - self.low)

    def mean_score(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        unit = 1.0 / (self.high - self.low)
        return unit, -unit

    def mean_hessian(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        square = (self.high - self.low) ** -2.0
        return square, -square, square
