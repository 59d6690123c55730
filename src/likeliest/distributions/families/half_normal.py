"""The half-normal distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ExponentialFamily, inside_support
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Derivatives, Side, Standardisation, chained
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive
from likeliest.distributions.standards import NORMAL, tail_jet
from likeliest.distributions.support import NONNEGATIVE_REALS
from likeliest.numerics.special import HALF_LOG_TWO_PI, LOG_TWO, log, scipy_special

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.distributions.statistics import SufficientStatistics
    from likeliest.numerics.arrays import Array

_LOG_PEAK = LOG_TWO - HALF_LOG_TWO_PI
_ORDINARY = (1e-100, 1e100)  # squares of values with such a mean stay within float64


@family
class HalfNormal(ExponentialFamily, ContinuousDistribution):
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

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        z = x / self.scale
        return ((z * z - 1.0) / self.scale,)

    def information(self) -> tuple[Parameter, ...]:
        return (2.0 / (self.scale * self.scale),)

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        return "grows without limit as scale → 0: all values are 0" if sample.high == 0.0 else None

    @classmethod
    def pivot(cls, sample: Sample, fixed: Mapping[str, float]) -> float:
        """Return 1, which costs no pass, unless squares of the values could leave float64."""
        mean = sample.mean
        is_ordinary = np.greater(mean, _ORDINARY[0]) & np.less(mean, _ORDINARY[1])
        return np.where(is_ordinary, 1.0, mean)[()]  # type: ignore[return-value]  # of many samples

    @staticmethod
    def statistics(x: Array, pivot: float) -> tuple[Array, ...]:
        y = x if np.all(pivot == 1.0) else x * (1.0 / pivot)
        return (y * y,)

    @classmethod
    def maximize(cls, statistics: SufficientStatistics) -> Self:
        return cls(statistics.pivot * np.sqrt(statistics.mean[0]))

    def mean_log_prob(self, statistics: SufficientStatistics) -> Parameter:
        at_pivot = statistics.pivot / self.scale
        return _LOG_PEAK - np.log(self.scale) - 0.5 * statistics.mean[0] * at_pivot * at_pivot

    def mean_score(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        at_pivot = statistics.pivot / self.scale
        return ((statistics.mean[0] * at_pivot * at_pivot - 1.0) / self.scale,)

    def hessian_of(self, n: Parameter, score: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
        return (-(2.0 * n / self.scale + 3.0 * score[0]) / self.scale,)

    @inside_support
    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        # By log z: of a value far below the scale, 1/z has no square.
        z, unit = x / self.scale, 1.0 / self.scale
        inner = Standardisation(z, (-unit,), (unit * unit,))
        log_tail = self._log_cdf(x) if side is Side.BELOW else self._log_sf(x)
        of_log = _LOG_PEAK + np.log(z) - 0.5 * z * z
        return chained(tail_jet(log_tail, of_log, 1.0 - z * z, side), inner)
