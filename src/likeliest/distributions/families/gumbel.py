"""The Gumbel distribution of maxima."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Derivatives, Total
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive, real
from likeliest.distributions.support import REALS
from likeliest.numerics.arrays import where
from likeliest.numerics.special import exp, log, log1mexp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.data.observations import Observations
    from likeliest.numerics.arrays import Array

_FAR = 1e4  # the density there is 0
_LARGEST_EXPONENT = 30.0  # of a start: each step down an exponential takes but one off it


@family
class Gumbel(ContinuousDistribution):
    """Gumbel distribution: the greatest of many values, such as the year's highest flood.

    f(x) = exp(-z - exp(-z)) / scale, z = (x - loc) / scale. For minima fit -x.

    Parameters
    ----------
    loc : array of any shape. In the unit of x; the mode.
    scale : array that broadcasts with `loc`, > 0. In the unit of x.

    Source: Johnson, Kotz & Balakrishnan (1995), ch. 22.

    Examples
    --------
    >>> round(float(Gumbel(loc=0.0, scale=1.0).mean), 4)
    0.5772
    """

    name = "gumbel"
    support = REALS
    concentrates = {"scale": "0"}
    centre = "loc"

    loc: Parameter = real()
    scale: Parameter = positive(power=1)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        z = (x - self.loc) / self.scale
        z = where(z < -_FAR, -_FAR, z)  # of -∞ the two terms would be ∞ - ∞
        return -z - exp(-z) - log(self.scale)

    def _cdf(self, x: Array) -> Array:
        return np.exp(-np.exp((self.loc - x) / self.scale))

    def _sf(self, x: Array) -> Array:
        return -np.expm1(-np.exp((self.loc - x) / self.scale))

    def _log_cdf(self, x: Array) -> Array:
        return -np.exp((self.loc - x) / self.scale)

    def _log_sf(self, x: Array) -> Array:
        return log1mexp(-np.exp((self.loc - x) / self.scale))

    def _quantile(self, q: Array) -> Array:
        return self.loc - self.scale * np.log(-np.log(q))

    def _upper_quantile(self, q: Array) -> Array:
        return self.loc - self.scale * np.log(-np.log1p(-q))

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return rng.gumbel(self.loc, self.scale, shape)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x."""
        return self.loc + np.euler_gamma * self.scale

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        return np.pi**2 / 6.0 * self.scale**2 + 0.0 * self.loc

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        return np.log(self.scale) + np.euler_gamma + 1.0 + 0.0 * self.loc

    # likelihood

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        z = (x - self.loc) / self.scale
        short = 1.0 - exp(-z)
        return short / self.scale, (z * short - 1.0) / self.scale

    def derivatives(self, x: Array, total: Total) -> Derivatives:
        unit = 1.0 / self.scale
        z = (x - self.loc) * unit
        power = np.exp(-z)
        n, distances, powers = total(1.0), total(z), total(power)
        product = power * z  # not in place: `total` may keep what it is handed
        products = total(product)
        rise = distances - products
        score = (unit * (n - powers), unit * (rise - n))
        hessian = (
            -(unit**2) * powers,
            -(unit**2) * (n - powers + products),
            unit**2 * (n - 2.0 * rise - total(product * z)),
        )
        return Derivatives(n * np.log(unit) - distances - powers, score, hessian)

    @classmethod
    def start(cls, observations: Observations, fixed: Mapping[str, float]) -> list[Self]:
        """Return the member with the standard deviation of the data and the likeliest loc."""
        s = observations.summary
        scale = np.sqrt(6.0) / np.pi * observations.spread()
        scale = fixed.get("scale", max(scale, (s.mean - s.low) / _LARGEST_EXPONENT))
        powers = np.exp((s.low - np.asarray(observations.values, dtype=np.float64)) / scale)
        mean = float(np.average(powers, weights=observations.weights))
        return [cls(s.low - scale * np.log(mean), scale)]
