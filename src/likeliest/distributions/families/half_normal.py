"""The half-normal distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from likeliest.distributions.families.scaled_chi import ScaledChi, squares_over
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive
from likeliest.distributions.standards import NORMAL
from likeliest.distributions.support import NONNEGATIVE_REALS
from likeliest.numerics.special import HALF_LOG_TWO_PI, LOG_TWO, log, scipy_special

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.distributions.statistics import SufficientStatistics
    from likeliest.numerics.arrays import Array

_LOG_PEAK = LOG_TWO - HALF_LOG_TWO_PI


@family
class HalfNormal(ScaledChi):
    """Half-normal distribution: the size of a normal error, without its sign.

    f(x) = √(2/π) exp(-x² / (2 scale²)) / scale for x ≥ 0.

    Parameters
    ----------
    scale : array of any shape, > 0: the standard deviation of the error. In the unit of x.

    Source: Johnson, Kotz & Balakrishnan (1994), ch. 18.

    Examples
    --------
    >>> round(float(HalfNormal(scale=2.0).mean), 4)
    1.5958
    """

    name = "half-normal"
    support = NONNEGATIVE_REALS
    degrees = 1.0
    log_peak = _LOG_PEAK

    scale: Parameter = positive(power=1)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        z = x / self.scale
        return _LOG_PEAK - log(self.scale) - 0.5 * z * z

    def _cdf(self, x: Array) -> Array:
        return scipy_special().erf(x / self.scale * np.sqrt(0.5))

    def _sf(self, x: Array) -> Array:
        return scipy_special().erfc(x / self.scale * np.sqrt(0.5))

    def _log_cdf(self, x: Array) -> Array:
        below = self._cdf(x)
        return np.where(below < 0.5, np.log(below), np.log1p(-self._sf(x)))

    def _log_sf(self, x: Array) -> Array:
        return LOG_TWO + NORMAL.log_sf(x / self.scale)

    def _quantile(self, q: Array) -> Array:
        return self.scale * np.sqrt(2.0) * scipy_special().erfinv(q)

    def _upper_quantile(self, q: Array) -> Array:
        return self.scale * NORMAL.upper_quantile(0.5 * q)

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return self.scale * np.abs(rng.standard_normal(shape))

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x."""
        return self.scale * np.sqrt(2.0 / np.pi)

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        return (1.0 - 2.0 / np.pi) * self.scale * self.scale

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        return 0.5 - _LOG_PEAK + np.log(self.scale)

    # likelihood

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        return "grows without limit as scale → 0: all values are 0" if sample.high == 0.0 else None

    @staticmethod
    def statistics(x: Array, pivot: float) -> tuple[Array, ...]:
        return (squares_over(x, pivot),)

    def mean_log_prob(self, statistics: SufficientStatistics) -> Parameter:
        at_pivot = statistics.pivot / self.scale
        return _LOG_PEAK - np.log(self.scale) - 0.5 * statistics.mean[0] * at_pivot * at_pivot
