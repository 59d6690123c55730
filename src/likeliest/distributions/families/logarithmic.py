"""The logarithmic distribution."""

from __future__ import annotations

from functools import cached_property
from math import factorial
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ExponentialFamily, inside_support
from likeliest.distributions.derivatives import Derivatives, Side, Standardisation, chained
from likeliest.distributions.discrete import DiscreteDistribution
from likeliest.distributions.families.from_one import all_ones
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, unit_interval
from likeliest.distributions.standards import EXPONENTIAL
from likeliest.distributions.support import POSITIVE_COUNTS
from likeliest.numerics.logs import Log
from likeliest.numerics.quotients import expm1_quotient
from likeliest.numerics.series import log_sum_of_powers
from likeliest.numerics.special import log, log1mexp, log1p, polynomial

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.distributions.statistics import Statistic, SufficientStatistics
    from likeliest.numerics.arrays import Array

_STEPS = 12  # of Newton's method: some six suffice
_LEAST_MEAN = 1.0 + 1e-6  # of a start
_NEAR = 0.1  # a depth below which 1 less what is nearly 1 would lose digits
_SHORT_OF_ONE = tuple((-1.0) ** k / factorial(k + 2) for k in range(12))


@family
class Logarithmic(ExponentialFamily, DiscreteDistribution):
    """Logarithmic distribution: how many are caught of a species, if one of it is caught at all.

    p(x) = prob^x / (-x log(1 - prob)) for x = 1, 2, 3, … Known as the log-series.

    Parameters
    ----------
    prob : array of any shape, in (0, 1). No unit.

    Source: Johnson, Kemp & Kotz (2005), ch. 7; Fisher, Corbet & Williams (1943).

    Examples
    --------
    >>> round(float(Logarithmic(prob=0.5).pmf(1)), 4)
    0.7213
    """

    name = "logarithmic"
    aliases = ("log-series",)
    support = POSITIVE_COUNTS

    prob: Parameter = unit_interval()

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        return x * log(self.prob) - log(x) - log(-log1p(-self.prob))

    def _cdf(self, x: Array) -> Array:
        return -np.expm1(self._log_sf(x))

    def _sf(self, x: Array) -> Array:
        return np.exp(self._log_sf(x))

    def _log_cdf(self, x: Array) -> Array:
        return log1mexp(self._log_sf(x))

    def _log_sf(self, x: Array) -> Array:
        return log_sum_of_powers(x, self.prob) - np.log(-np.log1p(-self.prob))

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        # A geometric whose log probability of no further one is uniform (Kemp 1981).
        depth = -np.log1p(-self.prob) * rng.random(shape)
        return 1.0 + np.floor(rng.standard_exponential(shape) / -log1mexp(-depth))

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value."""
        return self.prob * self._per_log()

    @cached_property
    def var(self) -> Parameter:
        """Variance."""
        return self.mean * self._excess() / (1.0 - self.prob)

    def _per_log(self) -> Parameter:
        """Return -1/((1 - prob) log(1 - prob)), the derivative of log(-log(1 - prob))."""
        return -1.0 / ((1.0 - self.prob) * log1p(-self.prob))

    def _excess(self) -> Parameter:
        """Return 1 - prob/(-log(1 - prob)), about prob/2 near 0."""
        depth = -np.log1p(-self.prob)
        near = np.minimum(depth, _NEAR)
        series = near * polynomial(near, _SHORT_OF_ONE)
        return np.where(depth < _NEAR, series, 1.0 + np.expm1(-depth) / depth)[()]

    # likelihood

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        return (x / self.prob - self._per_log(),)

    def information(self) -> tuple[Parameter, ...]:
        return (self.var / (self.prob * self.prob),)

    @staticmethod
    def statistics(x: Array, pivot: float) -> tuple[Statistic, ...]:
        return (Log(x),)

    @classmethod
    def maximize(cls, statistics: SufficientStatistics) -> Self:
        return cls(-np.expm1(-_depth_of(np.asarray(statistics.average))))

    def mean_log_prob(self, statistics: SufficientStatistics) -> Parameter:
        log_norm = np.log(-np.log1p(-self.prob))
        return statistics.average * np.log(self.prob) - statistics.mean[0] - log_norm

    def mean_score(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        return self._score(np.asarray(statistics.average))

    def hessian_of(self, n: Parameter, score: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
        rate = self._per_log()
        of_values = (score[0] + n * rate) / self.prob
        return (-of_values - n * rate * (1.0 / (1.0 - self.prob) - rate),)

    @inside_support
    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        log_tail, rest, rate = self._log_sf(x), 1.0 / (1.0 - self.prob), self._per_log()
        log_sum = log_tail + np.log(-np.log1p(-self.prob))
        growth = np.exp(x * np.log(self.prob) - log_sum) * rest  # of the sum Σ prob^j/j, j > x
        bend = growth * (x / self.prob + rest - growth) - rate * (rest - rate)
        inner = Standardisation(-log_tail, (rate - growth,), (-bend,))
        return chained(EXPONENTIAL.tail(inner.z, side), inner)

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        return "rises towards 1 as prob → 0: all values are 1" if all_ones(sample) else None

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return the member with the mean of the data."""
        return [cls(-np.expm1(-_depth_of(np.maximum(sample.mean, _LEAST_MEAN))))]


def _depth_of(mean: Array) -> Array:
    """Return the d = -log(1 - prob) at which (exp(d) - 1)/d, the mean, has a value above 1.

    Newton's method on its logarithm, which is convex and between half of d and d.
    """
    excess = mean - 1.0
    d = np.log1p(2.0 * excess + excess * np.log1p(excess))
    for _ in range(_STEPS):
        value, first, _ = expm1_quotient(d)
        d = np.maximum(d - np.log(value / mean) * value / first, 0.5 * d)
    return d
