"""The Maxwell distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from likeliest.distributions.families.scaled_chi import ScaledChi
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive
from likeliest.distributions.support import POSITIVE_REALS
from likeliest.numerics.special import log, scipy_special
from likeliest.numerics.tails import (
    gammainc,
    gammainc_inverse,
    gammaincc,
    log_gammainc,
    log_gammaincc,
)

if TYPE_CHECKING:
    from likeliest.distributions.statistics import SufficientStatistics
    from likeliest.numerics.arrays import Array

_LOG_PEAK = float(0.5 * np.log(2.0 / np.pi))


@family
class Maxwell(ScaledChi):
    """Maxwell distribution: the speed of a molecule of a gas, three normal errors long.

    f(x) = √(2/π) x² exp(-x² / (2 scale²)) / scale³ for x > 0.

    Parameters
    ----------
    scale : array of any shape, > 0: the standard deviation of each error. In the unit of x.

    Source: Johnson, Kotz & Balakrishnan (1994), ch. 18.

    Examples
    --------
    >>> round(float(Maxwell(scale=2.0).mean), 4)
    3.1915
    """

    name = "maxwell"
    support = POSITIVE_REALS
    degrees = 3.0
    log_peak = _LOG_PEAK

    scale: Parameter = positive(power=1)

    # evaluation: x²/(2 scale²) is a gamma of shape 3/2

    def _half_square(self, x: Array) -> Array:
        z = x / self.scale
        return 0.5 * z * z

    def _log_prob(self, x: Array) -> Array:
        return _LOG_PEAK + 2.0 * log(x) - 3.0 * log(self.scale) - self._half_square(x)

    def _cdf(self, x: Array) -> Array:
        return gammainc(1.5, self._half_square(x))

    def _sf(self, x: Array) -> Array:
        return gammaincc(1.5, self._half_square(x))

    def _log_cdf(self, x: Array) -> Array:
        return log_gammainc(1.5, self._half_square(x))

    def _log_sf(self, x: Array) -> Array:
        return log_gammaincc(1.5, self._half_square(x))

    def _quantile(self, q: Array) -> Array:
        return self.scale * np.sqrt(2.0 * gammainc_inverse(1.5, q))

    def _upper_quantile(self, q: Array) -> Array:
        return self.scale * np.sqrt(2.0 * scipy_special().gammainccinv(1.5, q))

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return self.scale * np.sqrt(2.0 * rng.standard_gamma(1.5, shape))

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x."""
        return 2.0 * self.scale * np.sqrt(2.0 / np.pi)

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        return (3.0 - 8.0 / np.pi) * self.scale * self.scale

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        return np.log(self.scale) + 0.5 * np.log(2.0 * np.pi) + np.euler_gamma - 0.5

    # likelihood

    def mean_log_prob(self, statistics: SufficientStatistics) -> Parameter:
        square, mean_log = statistics.mean
        at_pivot = statistics.pivot / self.scale
        peak = _LOG_PEAK + 2.0 * mean_log - 3.0 * np.log(self.scale)
        return peak - 0.5 * square * at_pivot * at_pivot
