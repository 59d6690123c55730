"""The chi-squared distribution."""

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
from likeliest.numerics.gamma import inverse_digamma
from likeliest.numerics.saddlepoint import excess_and_curve
from likeliest.numerics.special import LOG_TWO

if TYPE_CHECKING:
    from likeliest.distributions.statistics import Statistic, SufficientStatistics
    from likeliest.numerics.arrays import Array


@family
class Chi2(ExponentialFamily, Shaped, ContinuousDistribution):
    """Chi-squared distribution: the sum of `df` squares of standard normals.

    f(x) = x^(df/2-1) exp(-x/2) / (Γ(df/2) 2^(df/2)) for x > 0: a gamma of scale 2.

    Parameters
    ----------
    df : array of any shape, > 0: the degrees of freedom. No unit.

    Source: Johnson, Kotz & Balakrishnan (1994), ch. 18.

    Examples
    --------
    >>> round(float(Chi2(df=3.0).sf(7.8147)), 4)
    0.05
    """

    name = "chi2"
    aliases = ("chi squared",)
    support = POSITIVE_REALS

    df: Parameter = positive()

    @property
    def _gamma(self) -> Gamma:
        return Gamma.unchecked(shape=0.5 * self.df, scale=2.0)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        return self._gamma._log_prob(x)  # noqa: SLF001

    def _cdf(self, x: Array) -> Array:
        return self._gamma.cdf(x)

    def _sf(self, x: Array) -> Array:
        return self._gamma.sf(x)

    def _log_cdf(self, x: Array) -> Array:
        return self._gamma.log_cdf(x)

    def _log_sf(self, x: Array) -> Array:
        return self._gamma.log_sf(x)

    def _quantile(self, q: Array) -> Array:
        return self._gamma.quantile(q)

    def _upper_quantile(self, q: Array) -> Array:
        return self._gamma.upper_quantile(q)

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return rng.chisquare(self.df, shape)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value: df."""
        return self.df

    @cached_property
    def var(self) -> Parameter:
        """Variance: twice df."""
        return 2.0 * self.df

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        return self._gamma.entropy

    # likelihood

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        return (0.5 * self._gamma._score(x)[0],)  # noqa: SLF001

    def information(self) -> tuple[Parameter, ...]:
        return (0.25 * self._gamma.information()[0],)

    @staticmethod
    def statistics(x: Array, pivot: float) -> tuple[Statistic, ...]:
        return excess_and_curve(x, pivot)

    @classmethod
    def maximize(cls, statistics: SufficientStatistics) -> Self:
        excess, curved = statistics.mean
        mean_log = np.log(statistics.pivot) + (excess - curved)
        return cls(2.0 * inverse_digamma(mean_log - LOG_TWO))

    def mean_log_prob(self, statistics: SufficientStatistics) -> Parameter:
        return self._gamma.mean_log_prob(statistics)

    def mean_score(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        return (0.5 * self._gamma.mean_score(statistics)[0],)

    def hessian_of(self, n: Parameter, score: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
        return (-n * self.information()[0],)

    def standardise(self, x: Array) -> Standardisation:
        return Standardisation(0.5 * x, (), ())

    def tail_at(self, shape: Parameter, z: Array, side: Side) -> Jet:
        return self._gamma.tail_at(0.5 * shape, z, side)

    def log_tail_at(self, shape: Parameter, z: Array, side: Side) -> Array:
        return self._gamma.log_tail_at(0.5 * shape, z, side)

    def density_by_shape(self, z: Array) -> Parameter:
        return 0.5 * self._gamma.density_by_shape(z)

    def shape_step(self) -> Parameter:
        return 2.0 * self._gamma.shape_step()
