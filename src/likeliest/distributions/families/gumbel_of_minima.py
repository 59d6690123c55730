"""The Gumbel distribution of minima."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import LocationScale
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Derivatives, Total
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive, real
from likeliest.distributions.standards import GUMBEL_OF_MINIMA
from likeliest.distributions.support import REALS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array

_LARGEST_EXPONENT = 30.0  # of a start: each step down an exponential takes but one off it


@family
class GumbelOfMinima(LocationScale, ContinuousDistribution):
    """Gumbel distribution of minima: the least of many values; the log of a Weibull's.

    f(x) = exp(z - exp(z)) / scale, z = (x - loc) / scale.

    Parameters
    ----------
    loc : array of any shape. In the unit of x; the mode.
    scale : array that broadcasts with `loc`, > 0. In the unit of x.

    Source: Johnson, Kotz & Balakrishnan (1995), ch. 22.

    Examples
    --------
    >>> round(float(GumbelOfMinima(loc=0.0, scale=1.0).mean), 4)
    -0.5772
    """

    name = "gumbel of minima"
    aliases = ("smallest extreme value",)
    support = REALS
    standard = GUMBEL_OF_MINIMA

    loc: Parameter = real(power=1)
    scale: Parameter = positive(power=1)

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return self.loc - self.scale * rng.gumbel(size=shape)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x."""
        return self.loc - np.euler_gamma * self.scale

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        return np.pi**2 / 6.0 * self.scale**2 + 0.0 * self.loc

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        return np.log(self.scale) + np.euler_gamma + 1.0 + 0.0 * self.loc

    # likelihood

    def derivatives(self, x: Array, total: Total) -> Derivatives:
        unit = 1.0 / self.scale
        z = (x - self.loc) * unit
        power = np.exp(z)
        n, distances, powers = total(1.0), total(z), total(power)
        product = power * z  # not in place: `total` may keep what it is handed
        products = total(product)
        excess = powers - n
        rise = products - distances
        score = (unit * excess, unit * (rise - n))
        hessian = (
            -(unit**2) * powers,
            -(unit**2) * (excess + products),
            unit**2 * (n - 2.0 * rise - total(product * z)),
        )
        return Derivatives(n * np.log(unit) + distances - powers, score, hessian)

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return the member with the standard deviation of the data and the likeliest loc."""
        scale = np.sqrt(6.0) / np.pi * sample.spread()
        scale = fixed.get("scale", max(scale, (sample.high - sample.mean) / _LARGEST_EXPONENT))
        powers = np.exp((np.asarray(sample.values, dtype=np.float64) - sample.high) / scale)
        mean = float(np.average(powers, weights=sample.weights))
        return [cls(sample.high + scale * np.log(mean), scale)]
