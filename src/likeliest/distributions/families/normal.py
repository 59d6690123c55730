"""The normal distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ExponentialFamily, LocationScale
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive, real
from likeliest.distributions.standards import NORMAL
from likeliest.distributions.support import REALS
from likeliest.numerics.special import HALF_LOG_TWO_PI

if TYPE_CHECKING:
    from likeliest.distributions.statistics import SufficientStatistics
    from likeliest.numerics.arrays import Array


@family
class Normal(ExponentialFamily, LocationScale, ContinuousDistribution):
    """Normal distribution: the sum of many small independent errors.

    f(x) = exp(-(x - mean)² / (2 std²)) / (std √(2π)).

    Parameters
    ----------
    mean : array of any shape. In the unit of x.
    std : array that broadcasts with `mean`, > 0. In the unit of x.

    Source: Johnson, Kotz & Balakrishnan (1994), ch. 13.

    Examples
    --------
    >>> round(float(Normal(mean=50.0, std=2.5).probability(50, 52.5)), 4)
    0.3413
    """

    name = "normal"
    aliases = ("gaussian",)
    support = REALS
    concentrates = {"std": "0"}
    centre = "mean"
    standard = NORMAL

    mean: Parameter = real(power=1)
    std: Parameter = positive(power=1)

    # evaluation

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return rng.normal(self.mean, self.std, shape)

    # moments

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        return self.std * self.std

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        return 0.5 + HALF_LOG_TWO_PI + np.log(self.std) + 0.0 * self.mean

    # likelihood

    def information(self) -> tuple[Parameter, ...]:
        return 1.0 / self.var, 0.0, 2.0 / self.var

    @staticmethod
    def statistics(x: Array, pivot: float) -> tuple[Array, ...]:
        deviation = x - pivot
        return (np.multiply(deviation, deviation, out=deviation),)

    @classmethod
    def maximize(cls, statistics: SufficientStatistics) -> Self:
        deviation = statistics.average - statistics.pivot
        # The pivot is near the mean, if it is not the mean itself: nothing cancels here.
        return cls(statistics.average, np.sqrt(statistics.mean[0] - deviation * deviation))

    def mean_log_prob(self, statistics: SufficientStatistics) -> Parameter:
        _, square = self._mean_deviations(statistics)
        return -0.5 * square / self.var - np.log(self.std) - HALF_LOG_TWO_PI

    def mean_score(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        deviation, square = self._mean_deviations(statistics)
        return deviation / self.var, (square / self.var - 1.0) / self.std

    def hessian_of(self, n: Parameter, score: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
        return normal_hessian(self.std, n, score)

    def _mean_deviations(self, statistics: SufficientStatistics) -> tuple[Parameter, Parameter]:
        """Return the mean deviation from the mean of this distribution, and its square's."""
        deviation, shift = statistics.average - statistics.pivot, self.mean - statistics.pivot
        square = statistics.mean[0] - shift * (2.0 * deviation - shift)
        return deviation - shift, square


def normal_hessian(
    std: Parameter, n: Parameter, score: tuple[Parameter, ...]
) -> tuple[Parameter, ...]:
    """Return the Hessian of n values from their score by the mean and the standard deviation."""
    by_mean, by_std = score
    each = -n / std / std
    return each, -2.0 * by_mean / std, 2.0 * each - 3.0 * by_std / std
