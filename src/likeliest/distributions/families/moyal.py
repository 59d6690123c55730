"""The Moyal distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import LocationScale
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Derivatives, Total
from likeliest.distributions.families.location_scale import Sums, score_and_hessian
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive, real
from likeliest.distributions.standards import NORMAL, Standard
from likeliest.distributions.support import REALS
from likeliest.numerics.arrays import where
from likeliest.numerics.special import HALF_LOG_TWO_PI, LOG_TWO, exp, expm1, scipy_special

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array, Number

_LEAST = -1e4  # the density below is 0
_FAR = 80.0  # z from which erf is its tangent
_LARGEST_EXPONENT = 30.0  # of a start: each step down an exponential takes but one off it


def _log_prob(z: Number) -> Number:
    z = where(z < _LEAST, _LEAST, z)  # of -∞ the two terms would be ∞ - ∞
    return -0.5 * (z + exp(-z)) - HALF_LOG_TWO_PI


def _root(z: Array) -> Array:
    """Return the size of the standard normal whose square is exp(-z)."""
    return np.exp(-0.5 * z)


def _sf(z: Array) -> Array:
    return scipy_special().erf(_root(z) * np.sqrt(0.5))


def _cdf(z: Array) -> Array:
    return scipy_special().erfc(_root(z) * np.sqrt(0.5))


def _log_sf(z: Array) -> Array:
    above = _sf(z)
    log_above = np.where(z > _FAR, LOG_TWO - HALF_LOG_TWO_PI - 0.5 * z, np.log(above))
    return np.where(above < 0.5, log_above, np.log1p(-_cdf(z)))


MOYAL = Standard(
    log_prob=_log_prob,
    slope=lambda z: 0.5 * expm1(-z),
    log_cdf=lambda z: LOG_TWO + NORMAL.log_sf(_root(z)),
    log_sf=_log_sf,
    cdf=_cdf,
    sf=_sf,
    quantile=lambda q: -2.0 * np.log(NORMAL.upper_quantile(0.5 * q)),
    upper_quantile=lambda q: -2.0 * np.log(np.sqrt(2.0) * scipy_special().erfinv(q)),
)


@family
class Moyal(LocationScale, ContinuousDistribution):
    """Moyal distribution: the energy that a fast particle loses, with a long upper tail.

    f(x) = exp(-(z + exp(-z))/2) / (scale √(2π)), z = (x - loc) / scale.

    Parameters
    ----------
    loc : array of any shape: the mode. In the unit of x.
    scale : array that broadcasts with `loc`, > 0. In the unit of x.

    Source: Moyal (1955); Walck (2007), ch. 26.

    Examples
    --------
    >>> round(float(Moyal(loc=0.0, scale=1.0).mean), 4)
    1.2704
    """

    name = "moyal"
    support = REALS
    standard = MOYAL

    loc: Parameter = real(power=1)
    scale: Parameter = positive(power=1)

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return self.loc - 2.0 * self.scale * np.log(np.abs(rng.standard_normal(shape)))

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x."""
        return self.loc + (np.euler_gamma + LOG_TWO) * self.scale

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        return np.pi**2 / 2.0 * self.scale**2 + 0.0 * self.loc

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        peak = HALF_LOG_TWO_PI + 0.5 * (1.0 + np.euler_gamma + LOG_TWO)
        return peak + np.log(self.scale) + 0.0 * self.loc

    # likelihood

    def derivatives(self, x: Array, total: Total) -> Derivatives:
        z = (x - self.loc) / self.scale
        power = np.exp(-z)
        product = power * z
        n, distances, powers, products = total(1.0), total(z), total(power), total(product)
        sums = Sums(
            n=n,
            slope=0.5 * (powers - n),
            z_slope=0.5 * (products - distances),
            bend=-0.5 * powers,
            z_bend=-0.5 * products,
            zz_bend=-0.5 * total(product * z),
        )
        value = -0.5 * (distances + powers) - n * (HALF_LOG_TWO_PI + np.log(self.scale))
        return Derivatives(value, *score_and_hessian(sums, self.scale))

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return the member with the standard deviation of the data and the likeliest loc."""
        scale = np.sqrt(2.0) / np.pi * sample.spread()
        scale = fixed.get("scale", max(scale, (sample.mean - sample.low) / _LARGEST_EXPONENT))
        powers = np.exp((sample.low - np.asarray(sample.values, dtype=np.float64)) / scale)
        mean = float(np.average(powers, weights=sample.weights))
        return [cls(sample.low - scale * np.log(mean), scale)]
