"""The geometric distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ExponentialFamily, inside_support
from likeliest.distributions.derivatives import Derivatives, Side
from likeliest.distributions.discrete import DiscreteDistribution
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, unit_interval
from likeliest.distributions.support import COUNTS
from likeliest.numerics.arrays import where
from likeliest.numerics.special import log, log1mexp, log1p, quotient, xlog1py, xlogy

if TYPE_CHECKING:
    from likeliest.distributions.statistics import SufficientStatistics
    from likeliest.numerics.arrays import Array


@family
class Geometric(ExponentialFamily, DiscreteDistribution):
    """Geometric distribution: how many trials fail before the first that succeeds.

    p(x) = prob (1 - prob)^x for x = 0, 1, 2, …

    Parameters
    ----------
    prob : array of any shape, in (0, 1]: the probability that a trial succeeds. No unit.

    Notes
    -----
    R counts alike, from 0; SciPy's `geom` counts the success too, from 1.

    Source: Johnson, Kemp & Kotz (2005), ch. 5.

    Examples
    --------
    >>> Geometric(prob=0.25).mean
    3.0
    """

    name = "geometric"
    support = COUNTS

    prob: Parameter = unit_interval(one=True)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        return log(self.prob) + xlog1py(x, -self.prob)

    def _cdf(self, x: Array) -> Array:
        return -np.expm1(self._log_sf(x))

    def _sf(self, x: Array) -> Array:
        return np.exp(self._log_sf(x))

    def _log_cdf(self, x: Array) -> Array:
        return log1mexp(self._log_sf(x))

    def _log_sf(self, x: Array) -> Array:
        return (x + 1.0) * log1p(-self.prob)

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return np.floor(rng.standard_exponential(shape) / -log1p(-self.prob))

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value."""
        return (1.0 - self.prob) / self.prob

    @cached_property
    def var(self) -> Parameter:
        """Variance."""
        return self.mean / self.prob

    @cached_property
    def entropy(self) -> Parameter:
        """Entropy, nats."""
        p = self.prob
        return -(xlogy(p, p) + xlog1py(1.0 - p, -p)) / p

    # likelihood

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        return (1.0 / self.prob - x / where(x > 0, 1.0 - self.prob + 0.0 * x, 1.0),)

    def information(self) -> tuple[Parameter, ...]:
        return (1.0 / (self.prob * self.prob * (1.0 - self.prob)),)

    @staticmethod
    def statistics(x: Array, pivot: float) -> tuple[Array, ...]:
        return ()

    @classmethod
    def maximize(cls, statistics: SufficientStatistics) -> Self:
        mean = np.maximum(statistics.average, 0.0)
        return cls(1.0 / (1.0 + mean))

    def mean_log_prob(self, statistics: SufficientStatistics) -> Parameter:
        failures = statistics.average
        return np.log(self.prob) + xlog1py(failures, -self.prob)

    def mean_score(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        return self._score(np.asarray(statistics.average))

    def hessian_of(self, n: Parameter, score: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
        of_successes = n / self.prob
        of_failures = quotient(of_successes - score[0], 1.0 - self.prob)
        return (-of_successes / self.prob - of_failures,)

    def exact_range(self, n: float, tail: float) -> tuple[float, float]:
        return float(tail ** (1.0 / n)), 1.0

    @inside_support
    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        trials = x + 1.0
        if side is Side.ABOVE:
            each = -1.0 / (1.0 - self.prob)
            return Derivatives(self._log_sf(x), (trials * each,), (-trials * each * each,))
        tail = -np.expm1(trials * log1p(-self.prob))
        first = trials * np.exp(xlog1py(x, -self.prob)) / tail
        before = np.where(x > 0, trials * x * np.exp(xlog1py(x - 1.0, -self.prob)), 0.0)
        return Derivatives(np.log(tail), (first,), (-before / tail - first * first,))
