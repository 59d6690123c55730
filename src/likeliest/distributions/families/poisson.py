"""The Poisson distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ExponentialFamily, inside_support
from likeliest.distributions.derivatives import Derivatives, Side, Total
from likeliest.distributions.discrete import DiscreteDistribution
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive
from likeliest.distributions.support import COUNTS
from likeliest.numerics import counts, small_counts
from likeliest.numerics.arrays import where
from likeliest.numerics.special import quotient, xlog1py
from likeliest.numerics.tails import gammainc, gammaincc, log_gammainc, log_gammaincc

if TYPE_CHECKING:
    from likeliest.distributions.statistics import SufficientStatistics
    from likeliest.numerics.arrays import Array


_FAR = 1e4  # squared standard deviations: from there on the series of a tail is exact


@family
class Poisson(ExponentialFamily, DiscreteDistribution):
    """Poisson distribution: how many events fall in a period, if each falls on its own.

    p(x) = rate^x exp(-rate) / x! for x = 0, 1, 2, …

    Parameters
    ----------
    rate : array of any shape, ≥ 0: the expected number. No unit.

    Source: Johnson, Kemp & Kotz (2005), ch. 4; mass after Loader (2000).

    Examples
    --------
    >>> round(float(Poisson(rate=2.0).pmf(0)), 4)
    0.1353
    """

    name = "poisson"
    support = COUNTS

    rate: Parameter = positive(zero=True)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        return counts.poisson(x, self.rate)

    def _cdf(self, x: Array) -> Array:
        return gammaincc(x + 1.0, self.rate)

    def _sf(self, x: Array) -> Array:
        return gammainc(x + 1.0, self.rate)

    def _log_cdf(self, x: Array) -> Array:
        return log_gammaincc(x + 1.0, self.rate)

    def _log_sf(self, x: Array) -> Array:
        return log_gammainc(x + 1.0, self.rate)

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return np.asarray(rng.poisson(self.rate, shape), dtype=np.float64)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value."""
        return self.rate

    @cached_property
    def var(self) -> Parameter:
        """Variance."""
        return self.rate

    # likelihood

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        # No event is no surprise at any rate, 0 included.
        rate = where(x > 0, self.rate + 0.0 * x, 1.0)
        return ((x - rate) / rate,)

    def derivatives(self, x: Array, total: Total) -> Derivatives:
        tabled = small_counts.poisson(x, self.rate)
        if tabled is None:
            return super().derivatives(x, total)
        score = (total((x - self.rate) / self.rate),)
        return Derivatives(total(tabled), score, self.hessian_of(total(1.0), score))

    def information(self) -> tuple[Parameter, ...]:
        return (1.0 / self.rate,)

    @staticmethod
    def statistics(x: Array, pivot: float) -> tuple[Array, ...]:
        # The log mass at a rate near the estimate: raw sums of log x! would cancel for large x.
        return x - pivot, Poisson(pivot).log_prob(x)

    @classmethod
    def maximize(cls, statistics: SufficientStatistics) -> Self:
        return cls(np.maximum(statistics.pivot + statistics.mean[0], 0.0))

    def mean_log_prob(self, statistics: SufficientStatistics) -> Parameter:
        deviation, at_pivot = statistics.mean
        shift = self.rate - statistics.pivot
        growth = shift / np.maximum(statistics.pivot, 1e-300)
        return at_pivot + xlog1py(statistics.pivot + deviation, growth) - shift

    def mean_score(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        return self._score(np.asarray(statistics.pivot + statistics.mean[0]))

    def hessian_of(self, n: Parameter, score: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
        return (-quotient(n + score[0], self.rate),)

    def exact_range(self, n: float, tail: float) -> tuple[float, float]:
        return 0.0, float(-np.log(tail) / n)

    @inside_support
    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        log_tail = (self._log_cdf if side is Side.BELOW else self._log_sf)(x)
        first = side.value * np.exp(counts.poisson(x, self.rate) - log_tail)
        bend = first * (self._score(x)[0] - first)
        gap = x - self.rate
        far = (side.value * gap > 0.0) & (gap * gap > _FAR * np.maximum(x, self.rate))
        if np.any(far & np.greater(self.rate, 0.0)):
            in_far = _far_tail(x, self.rate, np.where(far, gap, 1.0))
            first, bend = (np.where(far, *pair) for pair in zip(in_far, (first, bend), strict=True))
        # At a rate of 0 the mass at 1 grows as the rate, and those beyond stay 0.
        never = (x > 0) & np.equal(self.rate, 0.0)
        return Derivatives(log_tail, (first,), (np.where(never, -1.0 * (x == 1.0), bend),))


def _far_tail(x: Array, rate: Parameter, gap: Array) -> tuple[Array, Array]:
    """Return the derivatives of a log tail by the rate, far out.

    There mass and tail are exponentials of numbers so large that their ratio h loses its digits,
    and h' what is left of them. For h solves h' = h (g - h), g being the slope of the log mass: to
    leading orders it is g (1 + ε), ε being about x/gap².
    """
    slope, u, v = gap / rate, x / (gap * gap), rate / (gap * gap)
    excess = u * (1.0 - 2.0 * v * (1.0 - 4.0 * v - 1.0 / gap - u))
    return slope * (1.0 + excess), -slope * slope * excess * (1.0 + excess)
