"""The Gumbel distribution of maxima."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import LocationScale
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Derivatives, Total
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive, real
from likeliest.distributions.sample import average
from likeliest.distributions.standards import GUMBEL
from likeliest.distributions.support import REALS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array

_LARGEST_EXPONENT = 30.0  # of a start: each step down an exponential takes but one off it


@family
class Gumbel(LocationScale, ContinuousDistribution):
    """Gumbel distribution: the greatest of many values, such as the year's highest flood.

    f(x) = exp(-z - exp(-z)) / scale, z = (x - loc) / scale. For minima there is 'gumbel of minima'.

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
    starts_many = True
    support = REALS
    standard = GUMBEL

    loc: Parameter = real(power=1)
    scale: Parameter = positive(power=1)

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
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return the member with the standard deviation of the data and the likeliest loc."""
        scale = np.sqrt(6.0) / np.pi * sample.spread()
        scale = fixed.get(
            "scale", np.maximum(scale, (sample.mean - sample.low) / _LARGEST_EXPONENT)
        )
        powers = np.exp((sample.low - np.asarray(sample.values, dtype=np.float64)) / scale)
        mean = average(powers, sample.weights)
        return [cls(sample.low - scale * np.log(mean), scale)]
