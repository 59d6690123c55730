"""The Lévy distribution."""

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
from likeliest.distributions.support import POSITIVE_REALS
from likeliest.numerics.logs import Log
from likeliest.numerics.special import HALF_LOG_TWO_PI, LOG_TWO, log, scipy_special

if TYPE_CHECKING:
    from likeliest.distributions.statistics import SufficientStatistics
    from likeliest.numerics.arrays import Array


@family
class Levy(ExponentialFamily, ContinuousDistribution):
    """Lévy distribution: the time a random walk without drift takes to reach a level.

    f(x) = √(scale/(2π)) exp(-scale / (2x)) / x^(3/2) for x > 0.

    Parameters
    ----------
    scale : array of any shape, > 0. In the unit of x.

    Source: Johnson, Kotz & Balakrishnan (1994), ch. 12.

    Examples
    --------
    >>> round(float(Levy(scale=2.0).median), 4)
    4.3962
    """

    name = "levy"
    aliases = ("lévy",)
    support = POSITIVE_REALS

    scale: Parameter = positive(power=1)

    # evaluation: √(scale/x) is the size of a standard normal

    def _log_prob(self, x: Array) -> Array:
        pull = 0.5 * (self.scale / x)
        return 0.5 * log(self.scale) - HALF_LOG_TWO_PI - pull - 1.5 * log(x)

    def _root(self, x: Array) -> Array:
        return np.sqrt(self.scale / x)

    def _cdf(self, x: Array) -> Array:
        return scipy_special().erfc(self._root(x) * np.sqrt(0.5))

    def _sf(self, x: Array) -> Array:
        return scipy_special().erf(self._root(x) * np.sqrt(0.5))

    def _log_cdf(self, x: Array) -> Array:
        return LOG_TWO + NORMAL.log_sf(self._root(x))

    def _log_sf(self, x: Array) -> Array:
        above = self._sf(x)
        return np.where(above < 0.5, np.log(above), np.log1p(-self._cdf(x)))

    def _quantile(self, q: Array) -> Array:
        root = NORMAL.upper_quantile(0.5 * q)
        return self.scale / root / root

    def _upper_quantile(self, q: Array) -> Array:
        root = np.sqrt(2.0) * scipy_special().erfinv(q)
        return self.scale / root / root

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        root = rng.standard_normal(shape)
        return self.scale / root / root

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value: infinite."""
        return np.inf + 0.0 * self.scale

    @cached_property
    def var(self) -> Parameter:
        """Variance: infinite."""
        return np.inf + 0.0 * self.scale

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        return 0.5 * (1.0 + 3.0 * np.euler_gamma + np.log(16.0 * np.pi)) + np.log(self.scale)

    # likelihood

    def typical(self) -> Parameter:
        return self.scale

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        return (0.5 * (1.0 - self.scale / x) / self.scale,)

    def information(self) -> tuple[Parameter, ...]:
        return (0.5 / (self.scale * self.scale),)

    @staticmethod
    def statistics(x: Array, pivot: float) -> tuple[Array | Log, ...]:
        return pivot / x, Log(x)

    @classmethod
    def maximize(cls, statistics: SufficientStatistics) -> Self:
        return cls(statistics.pivot / statistics.mean[0])

    def mean_log_prob(self, statistics: SufficientStatistics) -> Parameter:
        inverse, mean_log = statistics.mean
        pull = 0.5 * inverse * (self.scale / statistics.pivot)
        return 0.5 * np.log(self.scale) - HALF_LOG_TWO_PI - pull - 1.5 * mean_log

    def mean_score(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        inverse = statistics.mean[0] * (self.scale / statistics.pivot)
        return (0.5 * (1.0 - inverse) / self.scale,)

    def hessian_of(self, n: Parameter, score: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
        return (-0.5 * n / self.scale / self.scale,)

    @inside_support
    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        # By the log of z = scale/x, whose tail on the other side it is.
        z, unit = self.scale / x, 1.0 / self.scale
        inner = Standardisation(z, (unit,), (-unit * unit,))
        log_tail = self._log_cdf(x) if side is Side.BELOW else self._log_sf(x)
        of_log = 0.5 * np.log(z) - HALF_LOG_TWO_PI - 0.5 * z
        return chained(tail_jet(log_tail, of_log, 0.5 - 0.5 * z, Side(-side.value)), inner)
