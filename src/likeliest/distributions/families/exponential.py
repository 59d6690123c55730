"""The exponential distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ExponentialFamily, inside_support
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Derivatives, Side, Standardisation, chained
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive
from likeliest.distributions.standards import exponential_tail
from likeliest.distributions.support import NONNEGATIVE_REALS
from likeliest.numerics.special import log, log1mexp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.distributions.statistics import SufficientStatistics
    from likeliest.numerics.arrays import Array


@family
class Exponential(ExponentialFamily, ContinuousDistribution):
    """Exponential distribution: the wait for an event that may come at any time alike.

    f(x) = rate exp(-rate x) for x ≥ 0.

    Parameters
    ----------
    rate : array of any shape, > 0. In 1/unit of x.

    Source: Johnson, Kotz & Balakrishnan (1994), ch. 19.

    Examples
    --------
    >>> Exponential(rate=0.25).mean
    4.0
    """

    name = "exponential"
    support = NONNEGATIVE_REALS

    rate: Parameter = positive(power=-1)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        return log(self.rate) - self.rate * x

    def _cdf(self, x: Array) -> Array:
        return -np.expm1(-self.rate * x)

    def _sf(self, x: Array) -> Array:
        return np.exp(-self.rate * x)

    def _log_cdf(self, x: Array) -> Array:
        return log1mexp(-self.rate * x)

    def _log_sf(self, x: Array) -> Array:
        return -self.rate * x

    def _quantile(self, q: Array) -> Array:
        return -np.log1p(-q) / self.rate

    def _upper_quantile(self, q: Array) -> Array:
        return -np.log(q) / self.rate

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return rng.standard_exponential(shape) / self.rate

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x."""
        return 1.0 / self.rate

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        return self.mean * self.mean

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        return 1.0 - np.log(self.rate)

    # likelihood

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        return (1.0 / self.rate - x,)

    def information(self) -> tuple[Parameter, ...]:
        return (1.0 / (self.rate * self.rate),)

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        return "grows without limit as rate → ∞: all values are 0" if sample.high == 0.0 else None

    @staticmethod
    def statistics(x: Array, pivot: float) -> tuple[Array, ...]:
        return ()

    @classmethod
    def maximize(cls, statistics: SufficientStatistics) -> Self:
        return cls(1.0 / statistics.average)

    def mean_log_prob(self, statistics: SufficientStatistics) -> Parameter:
        return np.log(self.rate) - self.rate * statistics.average

    def mean_score(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        return self._score(np.asarray(statistics.average))

    def hessian_of(self, n: Parameter, score: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
        return (-n / self.rate / self.rate,)

    @inside_support
    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        t, by_log = self.rate * x, 1.0 / self.rate
        return chained(
            exponential_tail(t, side), Standardisation(t, (by_log,), (-by_log * by_log,))
        )
