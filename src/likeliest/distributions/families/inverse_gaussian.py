"""The inverse Gaussian distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ExponentialFamily, inside_support
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Derivatives, Side
from likeliest.distributions.family import family
from likeliest.distributions.inversion import positive_quantile
from likeliest.distributions.parameters import Parameter, positive
from likeliest.distributions.support import POSITIVE_REALS
from likeliest.numerics.logs import Log
from likeliest.numerics.special import HALF_LOG_TWO_PI, log, scipy_special
from likeliest.numerics.tails import (
    log_difference_of_mills,
    log_sum_of_mills,
    mills,
    mills_fall,
)

if TYPE_CHECKING:
    from likeliest.distributions.statistics import SufficientStatistics
    from likeliest.numerics.arrays import Array


@family
class InverseGaussian(ExponentialFamily, ContinuousDistribution):
    """Inverse Gaussian distribution: the time a drifting random walk takes to reach a level.

    f(x) = √(shape / (2π x³)) exp(-shape (x - mean)² / (2 mean² x)) for x > 0.

    Parameters
    ----------
    mean : array of any shape, > 0. In the unit of x.
    shape : array that broadcasts with `mean`, > 0. In the unit of x; the variance is mean³/shape.

    Source: Johnson, Kotz & Balakrishnan (1994), ch. 15; also known as the Wald distribution.

    Examples
    --------
    >>> InverseGaussian(mean=2.0, shape=4.0).var
    2.0
    """

    name = "inverse gaussian"
    aliases = ("wald",)
    support = POSITIVE_REALS
    concentrates = {"shape": "∞"}
    centre = "mean"

    mean: Parameter = positive(power=1)
    shape: Parameter = positive(power=1)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        z = (x - self.mean) / self.mean
        pull = 0.5 * self.shape * (z / x) * z
        return 0.5 * log(self.shape) - HALF_LOG_TWO_PI - 1.5 * log(x) - pull

    def _cdf(self, x: Array) -> Array:
        return np.exp(self._log_cdf(x))

    def _sf(self, x: Array) -> Array:
        return np.exp(self._log_sf(x))

    def _log_cdf(self, x: Array) -> Array:
        return log_sum_of_mills(*self._marks(x))

    def _log_sf(self, x: Array) -> Array:
        return log_difference_of_mills(*self._marks(x))

    def _marks(self, x: Array) -> tuple[Array, Array]:
        """Return the standardised distance from the mean and half its distance to the mirror."""
        root = np.sqrt(self.shape / x)
        return root * ((x - self.mean) / self.mean), root

    def _quantile(self, q: Array) -> Array:
        return positive_quantile(self, q, Side.BELOW, self._near_quantile(q))

    def _upper_quantile(self, q: Array) -> Array:
        return positive_quantile(self, q, Side.ABOVE, self._near_quantile(1.0 - q))

    def _near_quantile(self, q: Array) -> Array:
        """Return values to look for quantiles from.

        P(X ≤ x) is at most twice its first term: from the value at which that is q, below the
        root, the concave log cdf is climbed without a step too far.
        """
        half = scipy_special().ndtri(0.5 * q) * np.sqrt(self.mean / self.shape)
        least = self.mean * (2.0 / (np.sqrt(half**2 + 4.0) - half)) ** 2
        middle = self.mean / np.sqrt(1.0 + self.mean / self.shape)
        return np.where(q <= 0.5, least, middle)

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return rng.wald(self.mean, self.shape, shape)

    # moments

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        return self.mean**2 * (self.mean / self.shape)

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        # exp(z) E1(z) is hyperu(1, 1, z).
        tail = scipy_special().hyperu(1.0, 1.0, 2.0 * self.shape / self.mean)
        return HALF_LOG_TWO_PI + 0.5 + 0.5 * np.log(self.var) - 1.5 * tail

    # likelihood

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        z = (x - self.mean) / self.mean
        return self.shape / self.mean * (z / self.mean), 0.5 / self.shape - 0.5 * z * (z / x)

    def information(self) -> tuple[Parameter, ...]:
        by_mean = self.shape / self.mean / (self.mean * self.mean)
        return by_mean, 0.0, 0.5 / (self.shape * self.shape)

    @staticmethod
    def statistics(x: Array, pivot: float) -> tuple[Array | Log, ...]:
        excess = x - pivot
        excess *= 1.0 / pivot
        # pivot/x is 1 - e + e²/(1 + e): what is left of it beyond the mean.
        curved = pivot / x
        curved *= excess
        curved *= excess
        return excess, curved, Log(x)

    @classmethod
    def maximize(cls, statistics: SufficientStatistics) -> Self:
        excess, curved, _ = statistics.mean
        spread = curved - excess * excess / (1.0 + excess)
        return cls(statistics.pivot * (1.0 + excess), statistics.pivot / spread)

    def mean_log_prob(self, statistics: SufficientStatistics) -> Parameter:
        _, spread = self._mean_deviations(statistics)
        pull = 0.5 * self.shape / self.mean * spread
        return 0.5 * np.log(self.shape) - HALF_LOG_TWO_PI - 1.5 * statistics.mean[2] - pull

    def mean_score(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        deviation, spread = self._mean_deviations(statistics)
        by_mean = self.shape / self.mean * (deviation / self.mean)
        return by_mean, 0.5 / self.shape - 0.5 * spread / self.mean

    def hessian_of(self, n: Parameter, score: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
        by_mean, _, by_shape = self.information()
        both = score[0] / self.shape
        return -n * by_mean - 3.0 * score[0] / self.mean, both, -n * by_shape

    @inside_support
    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        # P(X ≤ x) is Φ(inner) + exp(2 shape/mean) Φ(-outer). Its derivatives are φ(inner) times
        # Mills' ratio at `outer`, and how far that falls short of 1/outer.
        mean, shape = self.mean, self.shape
        inner, root = self._marks(x)
        outer, z = inner + 2.0 * root, (x - mean) / mean
        ratio, fall = mills(outer), mills_fall(outer)
        log_tail = (log_sum_of_mills if side is Side.BELOW else log_difference_of_mills)(
            inner, root
        )
        density = -side.value * np.exp(-0.5 * inner * inner - HALF_LOG_TWO_PI - log_tail)
        by_mean = -2.0 * shape / mean / mean * ratio * density
        slope = (z * (mean / x) - 2.0 * fall) / (root * (x + mean))
        by_shape = slope * density
        bend = 0.5 * root / shape - outer * fall / mean - 0.5 * inner * inner * slope
        of_mean = (shape / mean * z + root * (x / mean) * (fall / ratio) - 2.0) / mean
        of_both = (1.0 - 0.5 * inner * inner - 0.5 * outer * (fall / ratio)) / shape
        hessian = (
            by_mean * (of_mean - by_mean),
            by_mean * (of_both - by_shape),
            bend / shape * density - by_shape * by_shape,
        )
        return Derivatives(log_tail, (by_mean, by_shape), hessian)

    def _mean_deviations(self, statistics: SufficientStatistics) -> tuple[Parameter, Parameter]:
        """Return the means of x - mean and of (x - mean)²/x, in units of the mean."""
        excess, curved, _ = statistics.mean
        d = (self.mean - statistics.pivot) / statistics.pivot
        spread = curved - 2.0 * d * (excess - curved) + d * d * (1.0 - excess + curved)
        at_pivot = statistics.pivot / self.mean
        return at_pivot * (excess - d), at_pivot * spread
