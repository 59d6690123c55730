"""The Nakagami distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ExponentialFamily, Shaped
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Jet, Side, Standardisation
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive
from likeliest.distributions.standards import tail_jet
from likeliest.distributions.support import POSITIVE_REALS
from likeliest.numerics.arrays import where
from likeliest.numerics.gamma import (
    excess_less_log,
    gamma_log_peak,
    inverse_log_minus_digamma,
    log_minus_digamma,
    x_trigamma_minus_one,
)
from likeliest.numerics.logs import Curve
from likeliest.numerics.saddlepoint import are_close, curves, log_ratio, stirling_error
from likeliest.numerics.special import LOG_TWO, expm1, log, log1mexp, log1pmx, scipy_special
from likeliest.numerics.tails import gammainc_inverse, log_gammainc, log_gammaincc

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.statistics import Statistic, SufficientStatistics
    from likeliest.numerics.arrays import Array

_STEP = 2e-3  # of the shape, over which the tails change
_UNDERFLOW = -650.0  # log of a square below which the lower tail is its leading power


@family
class Nakagami(ExponentialFamily, Shaped, ContinuousDistribution):
    """Nakagami distribution: the strength of a signal that reaches its receiver by many ways.

    f(x) = 2/x r^shape shape^shape exp(-shape r) / Γ(shape), r = (x/scale)², for x > 0: x² is a
    gamma of mean scale².

    Parameters
    ----------
    shape : array of any shape, > 0. No unit; ½ is the half-normal, 1 the Rayleigh.
    scale : array that broadcasts with `shape`, > 0: the root of the mean square. In the unit of x.

    Source: Nakagami (1960).

    Examples
    --------
    >>> round(float(Nakagami(shape=1.0, scale=2.0).sf(2.0)), 4)
    0.3679
    """

    name = "nakagami"
    support = POSITIVE_REALS
    special_cases = {"half-normal": {"shape": 0.5}}
    concentrates = {"shape": "∞"}
    centre = "scale"
    closed_given = ("shape",)

    shape: Parameter = positive()
    scale: Parameter = positive(power=1)

    # evaluation, by r = (x/scale)², of which shape · r is a standard gamma

    def _log_square(self, x: Array) -> Array:
        return 2.0 * log_ratio(x, self.scale)

    def _log_prob(self, x: Array) -> Array:
        logs = self._log_square(x)
        pull = excess_less_log(expm1(logs), logs)
        return gamma_log_peak(self.shape) - self.shape * pull + LOG_TWO - log(x)

    def _cdf(self, x: Array) -> Array:
        return np.exp(self._log_cdf(x))

    def _sf(self, x: Array) -> Array:
        return np.exp(self._log_sf(x))

    def _log_cdf(self, x: Array) -> Array:
        return _log_tail(self.shape, self._log_square(x), Side.BELOW)

    def _log_sf(self, x: Array) -> Array:
        return _log_tail(self.shape, self._log_square(x), Side.ABOVE)

    def _quantile(self, q: Array) -> Array:
        k = self.shape
        # Of a tail that is its leading power: the square would leave float64.
        log_square = (np.log(q) + scipy_special().gammaln(k + 1.0)) / k - np.log(k)
        far = log_square < _UNDERFLOW
        near = np.sqrt(gammainc_inverse(k, np.where(far, 0.5, q)) / k)
        return self.scale * np.where(far, np.exp(0.5 * log_square), near)[()]

    def _upper_quantile(self, q: Array) -> Array:
        upper = self.scale * np.sqrt(scipy_special().gammainccinv(self.shape, q) / self.shape)
        return np.where(q > 0.5, self._quantile(np.where(q > 0.5, 1.0 - q, 0.5)), upper)[()]

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return self.scale * np.sqrt(rng.standard_gamma(self.shape, shape) / self.shape)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x."""
        return self.scale * np.exp(self._log_mean())

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        return -self.scale * self.scale * np.expm1(2.0 * self._log_mean())

    def _log_mean(self) -> Parameter:
        """Return log of Γ(shape + ½)/(Γ(shape) √shape), about -1/(8 shape) for a large shape."""
        k = self.shape
        return k * log1pmx(0.5 / k) + (stirling_error(k + 0.5) - stirling_error(k))

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        k = self.shape
        peak = np.log(self.scale) - LOG_TWO - gamma_log_peak(k)
        return peak + (k - 0.5) * log_minus_digamma(k)

    # likelihood

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        logs = self._log_square(x)
        excess = expm1(logs)
        by_shape = log_minus_digamma(self.shape) - excess_less_log(excess, logs)
        return by_shape, 2.0 * self.shape * excess / self.scale

    def information(self) -> tuple[Parameter, ...]:
        by_shape = x_trigamma_minus_one(self.shape) / self.shape
        return by_shape, 0.0, 4.0 * self.shape / (self.scale * self.scale)

    @staticmethod
    def statistics(x: Array, pivot: float) -> tuple[Statistic, ...]:
        # The excess of (x/pivot)² over 1, and that less the logarithm: both small for a tight
        # sample.
        excess = (x - pivot) / pivot
        excess = excess * (2.0 + excess)
        ratio = x / pivot
        square = ratio * ratio
        if np.ndim(pivot):
            return excess, curves(excess, square)
        return excess, -log1pmx(excess) if are_close(square, 1.0) else Curve(excess, square)

    @classmethod
    def maximize(cls, statistics: SufficientStatistics) -> Self:
        excess, curved = statistics.mean
        shape = inverse_log_minus_digamma(curved + log1pmx(excess))
        return cls(shape, statistics.pivot * np.sqrt(1.0 + excess))

    @classmethod
    def maximize_given(cls, statistics: SufficientStatistics, fixed: Mapping[str, float]) -> Self:
        return cls(fixed["shape"], statistics.pivot * np.sqrt(1.0 + statistics.mean[0]))

    def _mean_pull(self, statistics: SufficientStatistics) -> tuple[Parameter, Parameter]:
        """Return the means of r - 1 - log r and of r - 1."""
        excess, curved = statistics.mean
        logs = self._log_square(np.asarray(statistics.pivot))
        at_pivot = np.expm1(logs)
        pull = excess_less_log(at_pivot, logs) + curved + at_pivot * excess
        return pull, at_pivot + (1.0 + at_pivot) * excess

    def mean_log_prob(self, statistics: SufficientStatistics) -> Parameter:
        excess, curved = statistics.mean
        mean_log = np.log(statistics.pivot) + 0.5 * (excess - curved)
        pull, _ = self._mean_pull(statistics)
        return gamma_log_peak(self.shape) - self.shape * pull + LOG_TWO - mean_log

    def mean_score(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        pull, excess = self._mean_pull(statistics)
        return log_minus_digamma(self.shape) - pull, 2.0 * self.shape * excess / self.scale

    def hessian_of(self, n: Parameter, score: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
        by_shape, _, by_scale = self.information()
        return -n * by_shape, score[1] / self.shape, -n * by_scale - 3.0 * score[1] / self.scale

    def standardise(self, x: Array) -> Standardisation:
        unit = 1.0 / self.scale
        return Standardisation(self._log_square(x), (-2.0 * unit,), (2.0 * unit * unit,))

    def tail_at(self, shape: Parameter, z: Array, side: Side) -> Jet:
        excess = expm1(z)
        of_log = gamma_log_peak(shape) - shape * excess_less_log(excess, z)
        return tail_jet(_log_tail(shape, z, side), of_log, -shape * excess, side)

    def shape_step(self) -> Parameter:
        return _STEP * self.shape


def _log_tail(shape: Parameter, log_square: Array, side: Side) -> Array:
    """Return the log of a tail by log r; far below, where r leaves float64, by its power."""
    far = log_square < _UNDERFLOW
    argument = where(far, 1.0, shape * np.exp(log_square))
    power = shape * (log_square + np.log(shape)) - scipy_special().gammaln(shape + 1.0)
    if side is Side.ABOVE:
        return where(far, log1mexp(where(far, power, -1.0)), log_gammaincc(shape, argument))
    return where(far, power, log_gammainc(shape, argument))
