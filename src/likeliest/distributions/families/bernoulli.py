"""The Bernoulli distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ExponentialFamily, inside_support
from likeliest.distributions.derivatives import Derivatives, Side
from likeliest.distributions.discrete import DiscreteDistribution
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, unit_interval
from likeliest.distributions.support import ZERO_OR_ONE
from likeliest.numerics import counts
from likeliest.numerics.arrays import where
from likeliest.numerics.special import quotient, xlog1py, xlogy

if TYPE_CHECKING:
    from likeliest.distributions.statistics import SufficientStatistics
    from likeliest.numerics.arrays import Array


@family
class Bernoulli(ExponentialFamily, DiscreteDistribution):
    """Bernoulli distribution: one trial that succeeds (1) or fails (0).

    p(1) = prob, p(0) = 1 - prob.

    Parameters
    ----------
    prob : array of any shape, in [0, 1]: the probability of a 1. No unit.

    Source: Johnson, Kemp & Kotz (2005), ch. 3.

    Examples
    --------
    >>> float(Bernoulli(prob=0.25).pmf(1))
    0.25
    """

    name = "bernoulli"
    support = ZERO_OR_ONE

    prob: Parameter = unit_interval(zero=True, one=True)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        return -counts.bernoulli_nll(x, self.prob)

    def _cdf(self, x: Array) -> Array:
        return 1.0 - self.prob + 0.0 * x

    def _sf(self, x: Array) -> Array:
        return self.prob + 0.0 * x

    def _log_cdf(self, x: Array) -> Array:
        return np.log1p(-self.prob) + 0.0 * x

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return np.asarray(rng.random(shape) < self.prob, dtype=np.float64)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value: the probability of a 1."""
        return self.prob

    @cached_property
    def var(self) -> Parameter:
        """Variance."""
        return self.prob * (1.0 - self.prob)

    @cached_property
    def entropy(self) -> Parameter:
        """Entropy, nats."""
        p = self.prob
        return -xlogy(p, p) - xlog1py(1.0 - p, -p)

    # likelihood

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        like_x = 0.0 * x  # gives the probability the type of the values
        chance = where(x > 0, self.prob + like_x, 1.0 - self.prob + like_x)
        return ((2.0 * x - 1.0) / chance,)

    def information(self) -> tuple[Parameter, ...]:
        return (1.0 / self.var,)

    @staticmethod
    def statistics(x: Array, pivot: float) -> tuple[Array, ...]:
        return ()

    @classmethod
    def maximize(cls, statistics: SufficientStatistics) -> Self:
        return cls(np.clip(statistics.average, 0.0, 1.0))

    def mean_log_prob(self, statistics: SufficientStatistics) -> Parameter:
        ones = statistics.average
        return xlogy(ones, self.prob) + xlog1py(1.0 - ones, -self.prob)

    def mean_score(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        ones = statistics.average
        return (quotient(ones, self.prob) - quotient(1.0 - ones, 1.0 - self.prob),)

    def hessian_of(self, n: Parameter, score: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
        p, q = self.prob, 1.0 - self.prob
        return (-quotient(n + q * score[0], p) - quotient(n - p * score[0], q),)

    def exact_range(self, n: float, tail: float) -> tuple[float, float]:
        least = float(tail ** (1.0 / n))  # that a share of 1 can be
        return (least, 1.0) if self.prob == 1.0 else (0.0, float(-np.expm1(np.log(tail) / n)))

    @inside_support
    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        below = side is Side.BELOW
        # Whether a 1 is exceeded does not depend on the probability.
        slope = -1.0 / (1.0 - self.prob) if below else 1.0 / self.prob
        first = np.where(x < 1.0, slope, 0.0)
        log_tail = (self.log_cdf if below else self.log_sf)(x)
        return Derivatives(log_tail, (first,), (-first * first,))
