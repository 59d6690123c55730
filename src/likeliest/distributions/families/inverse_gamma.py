"""The inverse gamma distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ExponentialFamily, Shaped
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Jet, Side, Standardisation
from likeliest.distributions.families.gamma import Gamma
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive
from likeliest.distributions.support import POSITIVE_REALS
from likeliest.numerics.compensated import quotient_excess
from likeliest.numerics.gamma import gamma_log_peak, log_minus_digamma
from likeliest.numerics.saddlepoint import (
    deviance_from,
    excess_and_curve,
    log_ratio,
    log_ratio_about,
)
from likeliest.numerics.special import log, scipy_special
from likeliest.numerics.tails import (
    gammainc,
    gammainc_inverse,
    gammaincc,
    log_gammainc,
    log_gammaincc,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.distributions.statistics import Statistic, SufficientStatistics
    from likeliest.numerics.arrays import Array

_FAR_ABOVE = 1e3  # times the least value: a mean so far up is that of a few


@family
class InverseGamma(ExponentialFamily, Shaped, ContinuousDistribution):
    """Inverse gamma distribution: 1/x is gamma; a variance that is itself uncertain.

    f(x) = scale^shape exp(-scale/x) / (Γ(shape) x^(shape+1)) for x > 0.

    Parameters
    ----------
    shape : array of any shape, > 0: the power of the tail. No unit.
    scale : array that broadcasts with `shape`, > 0. In the unit of x.

    Source: Johnson, Kotz & Balakrishnan (1994), ch. 17, section 8.

    Examples
    --------
    >>> float(InverseGamma(shape=3.0, scale=4.0).mean)
    2.0
    """

    name = "inverse gamma"
    support = POSITIVE_REALS
    special_cases = {"levy": {"shape": 0.5}}
    concentrates = {"shape": "∞", "scale": "∞"}
    closed_given = ("shape",)

    shape: Parameter = positive()
    scale: Parameter = positive(power=1)

    def _of_inverse(self) -> Gamma:
        return Gamma.unchecked(shape=self.shape, scale=1.0 / self.scale)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        excess = quotient_excess(self.scale, x, self.shape)
        pull = deviance_from(self.shape, log_ratio(self.scale + 0.0 * x, x), excess)
        return gamma_log_peak(self.shape) - pull - log(x)

    def _cdf(self, x: Array) -> Array:
        return gammaincc(self.shape, self.scale / x)

    def _sf(self, x: Array) -> Array:
        return gammainc(self.shape, self.scale / x)

    def _log_cdf(self, x: Array) -> Array:
        return log_gammaincc(self.shape, self.scale / x)

    def _log_sf(self, x: Array) -> Array:
        return log_gammainc(self.shape, self.scale / x)

    def _quantile(self, q: Array) -> Array:
        return self.scale / scipy_special().gammainccinv(self.shape, q)

    def _upper_quantile(self, q: Array) -> Array:
        return self.scale / gammainc_inverse(self.shape, q)

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return self.scale / rng.standard_gamma(self.shape, shape)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x; infinite for shape ≤ 1."""
        above = np.greater(self.shape, 1.0)
        mean = self.scale / (np.where(above, self.shape, 2.0) - 1.0)
        return np.where(above, mean, np.inf)[()]

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared; infinite for shape ≤ 2."""
        above = np.greater(self.shape, 2.0)
        a = np.where(above, self.shape, 3.0)
        return np.where(above, (self.scale / (a - 1.0)) ** 2 / (a - 2.0), np.inf)[()]

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        k = self.shape
        spread = np.log(self.scale / k) - gamma_log_peak(k)
        return spread + (k + 1.0) * log_minus_digamma(k)

    # likelihood

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        excess = quotient_excess(self.scale, x, self.shape)
        ratio = log_ratio_about(self.scale / x, self.shape, excess)
        return log_minus_digamma(self.shape) + ratio, -excess / self.scale

    def information(self) -> tuple[Parameter, ...]:
        by_shape = self._of_inverse().information()[0]
        return by_shape, -1.0 / self.scale, self.shape / (self.scale * self.scale)

    def errors(self) -> tuple[tuple[Parameter, ...], Parameter]:
        (of_shape, of_inverse), correlation = self._of_inverse().errors()
        return (of_shape, of_inverse * self.scale * self.scale), -correlation

    @classmethod
    def pivot(cls, sample: Sample, fixed: Mapping[str, float]) -> float:
        """Return the mean, or the least value where the mean lies far above most values."""
        is_near = np.less(sample.mean, _FAR_ABOVE * sample.low)
        return np.where(is_near, sample.mean, sample.low)[()]  # type: ignore[return-value]

    @staticmethod
    def statistics(x: Array, pivot: float) -> tuple[Statistic, ...]:
        return excess_and_curve(1.0 / x, 1.0 / pivot)

    @classmethod
    def maximize(cls, statistics: SufficientStatistics) -> Self:
        return cls._from_inverse(Gamma.maximize(_of_inverses(statistics)))

    @classmethod
    def maximize_given(cls, statistics: SufficientStatistics, fixed: Mapping[str, float]) -> Self:
        return cls._from_inverse(Gamma.maximize_given(_of_inverses(statistics), fixed))

    @classmethod
    def _from_inverse(cls, inverse: Gamma) -> Self:
        return cls(inverse.shape, 1.0 / inverse.scale)

    def mean_log_prob(self, statistics: SufficientStatistics) -> Parameter:
        excess, curved = statistics.mean
        mean_log = np.log(statistics.pivot) - (excess - curved)
        return self._of_inverse().mean_log_prob(_of_inverses(statistics)) - 2.0 * mean_log

    def mean_score(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        by_shape, by_inverse = self._of_inverse().mean_score(_of_inverses(statistics))
        return by_shape, -by_inverse / (self.scale * self.scale)

    def hessian_of(self, n: Parameter, score: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
        by_shape, by_both, by_scale = self.information()
        return -n * by_shape, -n * by_both, -n * by_scale

    def standardise(self, x: Array) -> Standardisation:
        # By log z, as for the gamma.
        unit = 1.0 / self.scale
        return Standardisation(self.scale / x, (unit,), (-unit * unit,))

    def tail_at(self, shape: Parameter, z: Array, side: Side) -> Jet:
        # What lies below x is what lies above z = scale/x.
        return self._of_inverse().tail_at(shape, z, Side(-side.value))

    def log_tail_at(self, shape: Parameter, z: Array, side: Side) -> Array:
        return self._of_inverse().log_tail_at(shape, z, Side(-side.value))

    def density_by_shape(self, z: Array) -> Parameter:
        return self._of_inverse().density_by_shape(z)

    def shape_step(self) -> Parameter:
        return self._of_inverse().shape_step()


def _of_inverses(statistics: SufficientStatistics) -> SufficientStatistics:
    """Return the statistics of 1/x about 1/pivot, as those of a gamma."""
    return type(statistics)(
        statistics.weight,
        1.0 / statistics.high,
        1.0 / statistics.low,
        1.0 / statistics.average,
        1.0 / statistics.pivot,
        statistics.mean,
    )
