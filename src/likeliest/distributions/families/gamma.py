"""The gamma distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ExponentialFamily, Shaped
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Derivatives, Jet, Side, Standardisation, Total
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive
from likeliest.distributions.standards import tail_jet
from likeliest.distributions.support import POSITIVE_REALS
from likeliest.numerics.compensated import quotient_excess
from likeliest.numerics.gamma import (
    gamma_log_peak,
    inverse_log_minus_digamma,
    log_minus_digamma,
    x_trigamma_minus_one,
)
from likeliest.numerics.saddlepoint import (
    deviance_from,
    excess_and_curve,
    log_ratio,
    log_ratio_about,
)
from likeliest.numerics.special import (
    log,
    log1pmx,
    scipy_special,
)
from likeliest.numerics.tails import (
    gammainc,
    gammainc_inverse,
    gammaincc,
    log_gammainc,
    log_gammaincc,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.statistics import Statistic, SufficientStatistics
    from likeliest.numerics.arrays import Array


@family
class Gamma(ExponentialFamily, Shaped, ContinuousDistribution):
    """Gamma distribution: the wait for `shape` events that come every `scale` on average.

    f(x) = x^(shape-1) exp(-x/scale) / (Γ(shape) scale^shape) for x > 0.

    Parameters
    ----------
    shape : array of any shape, > 0. No unit.
    scale : array that broadcasts with `shape`, > 0. In the unit of x.

    Source: Johnson, Kotz & Balakrishnan (1994), ch. 17; density after Loader (2000).

    Examples
    --------
    >>> Gamma(shape=2.0, scale=3.0).mean
    6.0
    """

    name = "gamma"
    support = POSITIVE_REALS
    special_cases = {"exponential": {"shape": 1.0}, "chi2": {"scale": 2.0}}
    concentrates = {"shape": "∞", "scale": "0"}
    closed_given = ("shape",)

    shape: Parameter = positive()
    scale: Parameter = positive(power=1)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        excess = quotient_excess(x, self.scale, self.shape)
        return _log_density_of_log(x, self.shape, self.scale, excess) - log(x)

    def _cdf(self, x: Array) -> Array:
        return gammainc(self.shape, x / self.scale)

    def _sf(self, x: Array) -> Array:
        return gammaincc(self.shape, x / self.scale)

    def _log_cdf(self, x: Array) -> Array:
        return log_gammainc(self.shape, x / self.scale)

    def _log_sf(self, x: Array) -> Array:
        return log_gammaincc(self.shape, x / self.scale)

    def _quantile(self, q: Array) -> Array:
        return self.scale * gammainc_inverse(self.shape, q)

    def _upper_quantile(self, q: Array) -> Array:
        return self.scale * scipy_special().gammainccinv(self.shape, q)

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return rng.gamma(self.shape, self.scale, shape)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x."""
        return self.shape * self.scale

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        return self.shape * self.scale * self.scale

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        k = self.shape
        # k + log Γ(k) + (1 - k) ψ(k), by Stirling's formula, which leaves nothing large.
        peak = np.log(k) - gamma_log_peak(k)
        return np.log(self.scale) + peak + (k - 1.0) * log_minus_digamma(k)

    # likelihood

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        excess = quotient_excess(x, self.scale, self.shape)
        ratio = log_ratio_about(x / self.scale, self.shape, excess)
        return log_minus_digamma(self.shape) + ratio, excess / self.scale

    def derivatives(self, x: Array, total: Total) -> Derivatives:
        if x.size < _MANY or np.max(self.shape) > _PLAIN_BELOW:
            return super().derivatives(x, total)
        # Of many values with a moderate shape: plain logarithms keep 13 digits.
        k, ratio = self.shape, x / self.scale
        log_ratio = np.log(ratio)
        special = scipy_special()
        value = k * log_ratio - ratio - special.gammaln(k) - np.log(x)
        score = (total(log_ratio - special.psi(k)), total((ratio - k) / self.scale))
        return Derivatives(total(value), score, self.hessian_of(total(1.0), score))

    def information(self) -> tuple[Parameter, ...]:
        return self._trigamma(), 1.0 / self.scale, self.shape / (self.scale * self.scale)

    def errors(self) -> tuple[tuple[Parameter, ...], Parameter]:
        excess = x_trigamma_minus_one(self.shape)
        of_scale = self.scale * np.sqrt((1.0 + 1.0 / excess) / self.shape)
        return (np.sqrt(self.shape / excess), of_scale), -1.0 / np.sqrt(1.0 + excess)

    @staticmethod
    def statistics(x: Array, pivot: float) -> tuple[Statistic, ...]:
        # Over a pivot both stay small for a tight sample: 1e9 + noise keeps its digits.
        return excess_and_curve(x, pivot)

    @classmethod
    def maximize(cls, statistics: SufficientStatistics) -> Self:
        excess, curved = statistics.mean
        # The log of the mean less the mean of the logs: 0 when all x are equal.
        gap = curved + log1pmx(excess)
        shape = inverse_log_minus_digamma(gap)
        return cls(shape, statistics.pivot * (1.0 + excess) / shape)

    @classmethod
    def maximize_given(cls, statistics: SufficientStatistics, fixed: Mapping[str, float]) -> Self:
        excess, _ = statistics.mean
        return cls(fixed["shape"], statistics.pivot * (1.0 + excess) / fixed["shape"])

    def mean_log_prob(self, statistics: SufficientStatistics) -> Parameter:
        excess, curved = statistics.mean
        # log f(x) - log f(pivot) is linear in both statistics.
        pivot = statistics.pivot
        from_shape = quotient_excess(pivot, self.scale, self.shape)
        at_pivot = _log_density_of_log(pivot, self.shape, self.scale, from_shape) - log(pivot)
        return at_pivot - (from_shape + 1.0) * excess - (self.shape - 1.0) * curved

    def mean_score(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        excess, curved = statistics.mean
        by_shape, by_scale = self._score(np.asarray(statistics.pivot))
        at_pivot = statistics.pivot / self.scale
        return by_shape + (excess - curved), by_scale + at_pivot * excess / self.scale

    def hessian_of(self, n: Parameter, score: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
        by_scale = -(n * self.shape / self.scale + 2.0 * score[1]) / self.scale
        return -n * self._trigamma(), -n / self.scale, by_scale

    def _trigamma(self) -> Parameter:
        return (x_trigamma_minus_one(self.shape) + 1.0) / self.shape

    def standardise(self, x: Array) -> Standardisation:
        # By log z: with a small shape there are values whose z has no square.
        unit = 1.0 / self.scale
        return Standardisation(x / self.scale, (-unit,), (unit * unit,))

    def tail_at(self, shape: Parameter, z: Array, side: Side) -> Jet:
        log_tail = self.log_tail_at(shape, z, side)
        of_log = _log_density_of_log(z, shape, 1.0, quotient_excess(z, 1.0, shape))
        return tail_jet(log_tail, of_log, shape - z, side)

    def log_tail_at(self, shape: Parameter, z: Array, side: Side) -> Array:
        return (log_gammainc if side is Side.BELOW else log_gammaincc)(shape, z)

    def density_by_shape(self, z: Array) -> Parameter:
        excess = quotient_excess(z, 1.0, self.shape)
        return log_minus_digamma(self.shape) + log_ratio_about(z, self.shape, excess)

    def shape_step(self) -> Parameter:
        return _STEP * np.minimum(self.shape, np.sqrt(self.shape))


_MANY = 1024  # values from which plain formulas pay
_PLAIN_BELOW = 50.0  # a shape up to which they lose no more than rounding
_STEP = 2e-3  # of the length over which the tails change with the shape


def _log_density_of_log(
    x: Parameter, shape: Parameter, scale: Parameter, excess: Parameter
) -> Array:
    """Return the log density of log X at log x, from x/scale - shape as `excess`."""
    pull = deviance_from(shape, log_ratio(x, scale), excess)
    return gamma_log_peak(shape) - pull
