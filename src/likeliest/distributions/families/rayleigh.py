"""The Rayleigh distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from likeliest.distributions.bases import inside_support
from likeliest.distributions.derivatives import Derivatives, Side, Standardisation, chained
from likeliest.distributions.families.scaled_chi import ScaledChi
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive
from likeliest.distributions.standards import exponential_tail
from likeliest.distributions.support import POSITIVE_REALS
from likeliest.numerics.special import log, log1mexp

if TYPE_CHECKING:
    from likeliest.distributions.statistics import SufficientStatistics
    from likeliest.numerics.arrays import Array


@family
class Rayleigh(ScaledChi):
    """Rayleigh distribution: the length of a vector of two independent normal errors.

    f(x) = x exp(-x² / (2 scale²)) / scale² for x > 0.

    Parameters
    ----------
    scale : array of any shape, > 0: the standard deviation of each error. In the unit of x.

    Source: Johnson, Kotz & Balakrishnan (1994), ch. 18.

    Examples
    --------
    >>> round(float(Rayleigh(scale=2.0).mean), 4)
    2.5066
    """

    name = "rayleigh"
    support = POSITIVE_REALS
    degrees = 2.0
    log_peak = 0.0

    scale: Parameter = positive(power=1)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        z = x / self.scale
        return log(x) - 2.0 * log(self.scale) - 0.5 * z * z

    def _cdf(self, x: Array) -> Array:
        return -np.expm1(self._log_sf(x))

    def _sf(self, x: Array) -> Array:
        return np.exp(self._log_sf(x))

    def _log_cdf(self, x: Array) -> Array:
        return log1mexp(self._log_sf(x))

    def _log_sf(self, x: Array) -> Array:
        z = x / self.scale
        return -0.5 * z * z

    def _quantile(self, q: Array) -> Array:
        return self.scale * np.sqrt(-2.0 * np.log1p(-q))

    def _upper_quantile(self, q: Array) -> Array:
        return self.scale * np.sqrt(-2.0 * np.log(q))

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return rng.rayleigh(self.scale, shape)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x."""
        return self.scale * np.sqrt(0.5 * np.pi)

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        return (2.0 - 0.5 * np.pi) * self.scale * self.scale

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        return 1.0 + np.log(self.scale / np.sqrt(2.0)) + 0.5 * np.euler_gamma

    # likelihood

    def mean_log_prob(self, statistics: SufficientStatistics) -> Parameter:
        square, mean_log = statistics.mean
        at_pivot = statistics.pivot / self.scale
        return mean_log - 2.0 * np.log(self.scale) - 0.5 * square * at_pivot * at_pivot

    @inside_support
    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        z, unit = x / self.scale, 1.0 / self.scale
        t = 0.5 * z * z
        inner = Standardisation(t, (-2.0 * unit,), (2.0 * unit * unit,))
        return chained(exponential_tail(t, side), inner)
