"""The chi distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ExponentialFamily, Shaped
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Jet, Side, Standardisation
from likeliest.distributions.families.nakagami import Nakagami
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive
from likeliest.distributions.support import POSITIVE_REALS
from likeliest.numerics.gamma import inverse_digamma, log_minus_digamma, x_trigamma_minus_one
from likeliest.numerics.saddlepoint import log_ratio
from likeliest.numerics.special import LOG_TWO, sqrt

if TYPE_CHECKING:
    from likeliest.distributions.statistics import Statistic, SufficientStatistics
    from likeliest.numerics.arrays import Array


@family
class Chi(ExponentialFamily, Shaped, ContinuousDistribution):
    """Chi distribution: the length of a vector of `df` standard normals.

    f(x) = x^(df-1) exp(-x²/2) / (2^(df/2-1) Γ(df/2)) for x > 0: the root of a chi-squared.

    Parameters
    ----------
    df : array of any shape, > 0: the degrees of freedom. No unit.

    Notes
    -----
    With a scale it is the Nakagami of shape df/2.

    Source: Johnson, Kotz & Balakrishnan (1994), ch. 18.

    Examples
    --------
    >>> round(float(Chi(df=2.0).sf(1.0)), 4)
    0.6065
    """

    name = "chi"
    support = POSITIVE_REALS

    df: Parameter = positive()

    @property
    def _scaled(self) -> Nakagami:
        return Nakagami.unchecked(shape=0.5 * self.df, scale=sqrt(self.df))

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        return self._scaled._log_prob(x)  # noqa: SLF001

    def _cdf(self, x: Array) -> Array:
        return self._scaled.cdf(x)

    def _sf(self, x: Array) -> Array:
        return self._scaled.sf(x)

    def _log_cdf(self, x: Array) -> Array:
        return self._scaled.log_cdf(x)

    def _log_sf(self, x: Array) -> Array:
        return self._scaled.log_sf(x)

    def _quantile(self, q: Array) -> Array:
        return self._scaled.quantile(q)

    def _upper_quantile(self, q: Array) -> Array:
        return self._scaled.upper_quantile(q)

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return np.sqrt(rng.chisquare(self.df, shape))

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value."""
        return self._scaled.mean

    @cached_property
    def var(self) -> Parameter:
        """Variance."""
        return self._scaled.var

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        return self._scaled.entropy

    # likelihood

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        return (log_ratio(x, sqrt(self.df)) + 0.5 * log_minus_digamma(0.5 * self.df),)

    def information(self) -> tuple[Parameter, ...]:
        return (0.5 * (x_trigamma_minus_one(0.5 * self.df) + 1.0) / self.df,)

    @staticmethod
    def statistics(x: Array, pivot: float) -> tuple[Statistic, ...]:
        return Nakagami.statistics(x, pivot)

    @classmethod
    def maximize(cls, statistics: SufficientStatistics) -> Self:
        return cls(2.0 * inverse_digamma(2.0 * _mean_log(statistics) - LOG_TWO))

    def mean_log_prob(self, statistics: SufficientStatistics) -> Parameter:
        return self._scaled.mean_log_prob(statistics)

    def mean_score(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        excess = _mean_log(statistics) - 0.5 * np.log(self.df)
        return (excess + 0.5 * log_minus_digamma(0.5 * self.df),)

    def hessian_of(self, n: Parameter, score: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
        return (-n * self.information()[0],)

    def standardise(self, x: Array) -> Standardisation:
        return Standardisation(2.0 * np.log(x), (), ())

    def tail_at(self, shape: Parameter, z: Array, side: Side) -> Jet:
        return self._scaled.tail_at(0.5 * shape, z - np.log(shape), side)

    def shape_step(self) -> Parameter:
        return _STEP * np.minimum(self.df, np.sqrt(self.df))


_STEP = 2e-3  # of the length over which the tails change with df


def _mean_log(statistics: SufficientStatistics) -> Array:
    """Return the mean of log x."""
    excess, curved = statistics.mean
    return np.asarray(np.log(statistics.pivot) + 0.5 * (excess - curved))[()]
