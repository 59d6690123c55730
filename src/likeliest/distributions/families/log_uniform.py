"""The log-uniform distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ClosedForm
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.corner import Corner
from likeliest.distributions.derivatives import Derivatives, Side, Total
from likeliest.distributions.families.bounded_pareto import BoundedPareto
from likeliest.distributions.families.ends import ends_of, require_order
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive
from likeliest.distributions.support import POSITIVE_REALS, Support
from likeliest.numerics.saddlepoint import log_ratio, logs_of_quotient
from likeliest.numerics.special import log

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.distributions.statistics import Statistic, SufficientStatistics
    from likeliest.numerics.arrays import Array


@family
class LogUniform(ClosedForm, ContinuousDistribution):
    """Log-uniform distribution: any order of magnitude between two ends as likely as another.

    f(x) = 1 / (x log(high/low)) for low ≤ x ≤ high. Also the reciprocal distribution; Benford's law
    of leading digits is its own.

    Parameters
    ----------
    low : array of any shape, > 0. In the unit of x.
    high : array that broadcasts with `low`, > low. In the unit of x.

    Notes
    -----
    The estimates are the least and the greatest value, where the likelihood has corners.

    Source: Hamming (1970).

    Examples
    --------
    >>> round(float(LogUniform(low=1.0, high=100.0).median), 4)
    10.0
    """

    name = "log-uniform"
    aliases = ("reciprocal",)
    support = POSITIVE_REALS
    concentrates = {"low": "x", "high": "x"}
    corners = {"low": Corner.LOW_END, "high": Corner.HIGH_END}
    has_one_top = True
    closed_given = ("low", "high")

    low: Parameter = positive(power=1)
    high: Parameter = positive(power=1)

    def _check(self) -> None:
        require_order(self)

    def bounds(self) -> Support:
        return Support(self.low, self.high, low_closed=True, high_closed=True)

    @property
    def _bounded(self) -> BoundedPareto:
        """Return it as the bounded Pareto of shape 0."""
        return BoundedPareto.unchecked(shape=0.0, low=self.low, high=self.high)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        return -log(x) - log(log_ratio(self.high, self.low))

    def _cdf(self, x: Array) -> Array:
        return log_ratio(x, self.low) / log_ratio(self.high, self.low)

    def _sf(self, x: Array) -> Array:
        return log_ratio(self.high, x) / log_ratio(self.high, self.low)

    def _quantile(self, q: Array) -> Array:
        return self.low * np.exp(q * log_ratio(self.high, self.low))

    def _upper_quantile(self, q: Array) -> Array:
        return self.high * np.exp(-q * log_ratio(self.high, self.low))

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x."""
        return self._bounded.mean

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        return self._bounded.var

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        return self._bounded.entropy

    # likelihood

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        inverse = 1.0 / log_ratio(self.high, self.low) + 0.0 * x
        return inverse / self.low, -inverse / self.high

    def derivatives(self, x: Array, total: Total) -> Derivatives:
        return _but_the_shape(self._bounded.derivatives(x, total))

    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        """Return the log of a tail with its derivatives, by row."""
        return _but_the_shape(self._bounded.tail_derivatives(x, side))

    @staticmethod
    def statistics(x: Array, pivot: float) -> tuple[Statistic, ...]:
        return (logs_of_quotient(x, pivot),)

    @classmethod
    def maximize(cls, statistics: SufficientStatistics) -> Self:
        return cls(statistics.low, statistics.high)

    @classmethod
    def maximize_given(cls, statistics: SufficientStatistics, fixed: Mapping[str, float]) -> Self:
        return cls(*ends_of(cls.name, statistics, fixed))

    def mean_log_prob(self, statistics: SufficientStatistics) -> Parameter:
        return self.mean_derivatives(statistics).log_prob

    def mean_score(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        return self.mean_derivatives(statistics).score

    def mean_hessian(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        return self.mean_derivatives(statistics).hessian

    def mean_derivatives(self, statistics: SufficientStatistics) -> Derivatives:
        return _but_the_shape(self._bounded.mean_derivatives(statistics))

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return a member whose ends lie a little beyond the values."""
        return [cls(fixed.get("low", 0.9 * sample.low), fixed.get("high", 1.1 * sample.high))]


def _but_the_shape(d: Derivatives) -> Derivatives:
    """Return derivatives of a bounded Pareto without those by its shape."""
    return Derivatives(d.log_prob, d.score[1:], d.hessian[3:])
