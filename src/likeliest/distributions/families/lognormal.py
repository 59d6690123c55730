"""The lognormal distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ExponentialFamily, inside_support, standardised
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Derivatives, Side, chained
from likeliest.distributions.families.normal import normal_hessian
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive, real
from likeliest.distributions.standards import NORMAL
from likeliest.distributions.support import POSITIVE_REALS
from likeliest.numerics.log_deviation import log_deviation
from likeliest.numerics.saddlepoint import log_quotient
from likeliest.numerics.special import HALF_LOG_TWO_PI, log, log_ndtr, ndtr, ndtri

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.statistics import SufficientStatistics
    from likeliest.numerics.arrays import Array


@family
class LogNormal(ExponentialFamily, ContinuousDistribution):
    """Lognormal distribution: the product of many small independent factors.

    f(x) = exp(-(log x - log_mean)² / (2 log_std²)) / (x log_std √(2π)) for x > 0.

    Parameters
    ----------
    log_mean : array of any shape: the mean of log x. No unit.
    log_std : array that broadcasts with `log_mean`, > 0: the std of log x. No unit.

    Source: Johnson, Kotz & Balakrishnan (1994), ch. 14.

    Examples
    --------
    >>> float(LogNormal(log_mean=0.0, log_std=1.0).cdf(1.0))
    0.5
    """

    name = "lognormal"
    support = POSITIVE_REALS
    concentrates = {"log_std": "0"}
    centre = "log_mean"

    log_mean: Parameter = real(power=0)
    log_std: Parameter = positive()

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        z = self._z(x)
        return -0.5 * z * z - log(self.log_std) - HALF_LOG_TWO_PI - log(x)

    def _cdf(self, x: Array) -> Array:
        return ndtr(self._z(x))

    def _sf(self, x: Array) -> Array:
        return ndtr(-self._z(x))

    def _log_cdf(self, x: Array) -> Array:
        return log_ndtr(self._z(x))

    def _log_sf(self, x: Array) -> Array:
        return log_ndtr(-self._z(x))

    def _quantile(self, q: Array) -> Array:
        return np.exp(self.log_mean + self.log_std * ndtri(q))

    def _upper_quantile(self, q: Array) -> Array:
        return np.exp(self.log_mean - self.log_std * ndtri(q))

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return rng.lognormal(self.log_mean, self.log_std, shape)

    def _z(self, x: Array) -> Array:
        return log_deviation(x, self.log_mean, self.log_std) / self.log_std

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x."""
        return np.exp(self.log_mean + 0.5 * self.log_std * self.log_std)

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        return np.expm1(self.log_std * self.log_std) * self.mean * self.mean

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        return 0.5 + HALF_LOG_TWO_PI + np.log(self.log_std) + self.log_mean

    # likelihood

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        z = self._z(x)
        return z / self.log_std, (z * z - 1.0) / self.log_std

    def information(self) -> tuple[Parameter, ...]:
        precision = 1.0 / (self.log_std * self.log_std)
        return precision, 0.0, 2.0 * precision

    def rescaled(self, factor: float) -> Self:
        return type(self)(self.log_mean + np.log(factor), self.log_std)

    @staticmethod
    def statistics(x: Array, pivot: float) -> tuple[Array, ...]:
        deviation = log_quotient(x, pivot)
        return deviation, deviation * deviation

    @classmethod
    def centre_of(cls, fixed: Mapping[str, float]) -> float | None:
        return float(np.exp(fixed["log_mean"])) if "log_mean" in fixed else None

    @classmethod
    def maximize(cls, statistics: SufficientStatistics) -> Self:
        deviation, square = statistics.mean
        spread = np.sqrt(square - deviation * deviation)
        return cls(np.log(statistics.pivot) + deviation, spread)

    def mean_log_prob(self, statistics: SufficientStatistics) -> Parameter:
        _, square = self._mean_deviations(statistics)
        variance = self.log_std * self.log_std
        peak = -0.5 * square / variance - np.log(self.log_std) - HALF_LOG_TWO_PI
        return peak - (np.log(statistics.pivot) + statistics.mean[0])

    def mean_score(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        deviation, square = self._mean_deviations(statistics)
        variance = self.log_std * self.log_std
        return deviation / variance, (square / variance - 1.0) / self.log_std

    def hessian_of(self, n: Parameter, score: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
        return normal_hessian(self.log_std, n, score)

    @inside_support
    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        inner = standardised(self._z(x), self.log_std)
        return chained(NORMAL.tail(inner.z, side), inner)

    def _mean_deviations(self, statistics: SufficientStatistics) -> tuple[Parameter, Parameter]:
        """Return the mean deviation of log x from `log_mean`, and its square's."""
        deviation, square = statistics.mean
        shift = -log_deviation(statistics.pivot, self.log_mean, self.log_std)
        return deviation - shift, square - shift * (2.0 * deviation - shift)
