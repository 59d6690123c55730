"""The Weibull distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import LogLocationScale
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Derivatives, Total
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive
from likeliest.distributions.sample import of_values
from likeliest.distributions.standards import GUMBEL_OF_MINIMA
from likeliest.distributions.support import POSITIVE_REALS
from likeliest.numerics.gamma import log_gamma_variance
from likeliest.numerics.saddlepoint import log_quotient, log_ratio
from likeliest.numerics.special import scipy_special

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array

_LARGEST_EXPONENT = 30.0  # of a start: each step down an exponential takes but one off it


@family
class Weibull(LogLocationScale, ContinuousDistribution):
    """Weibull distribution: the life of a thing whose hazard grows or falls as a power of its age.

    f(x) = (shape/scale) (x/scale)^(shape-1) exp(-(x/scale)^shape) for x > 0.

    Parameters
    ----------
    shape : array of any shape, > 0. No unit; 1 is the exponential, 2 the Rayleigh.
    scale : array that broadcasts with `shape`, > 0. In the unit of x.

    Source: Johnson, Kotz & Balakrishnan (1994), ch. 21.

    Examples
    --------
    >>> round(float(Weibull(shape=2.0, scale=10.0).sf(10.0)), 4)
    0.3679
    """

    name = "weibull"
    starts_many = True
    support = POSITIVE_REALS
    special_cases = {"exponential": {"shape": 1.0}, "rayleigh": {"shape": 2.0}}
    standard = GUMBEL_OF_MINIMA

    shape: Parameter = positive()
    scale: Parameter = positive(power=1)

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return self.scale * rng.standard_exponential(shape) ** (1.0 / self.shape)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x."""
        return self.scale * scipy_special().gamma(1.0 + 1.0 / self.shape)

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        return self.mean**2 * np.expm1(log_gamma_variance(1.0 / self.shape))

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        return np.euler_gamma * (1.0 - 1.0 / self.shape) + np.log(self.scale / self.shape) + 1.0

    # likelihood

    def derivatives(self, x: Array, total: Total) -> Derivatives:
        k, unit = self.shape, 1.0 / self.scale
        log_x = self._log_over_scale(x)
        power = np.exp(k * log_x)
        n, logs, powers = total(1.0), total(log_x), total(power)
        product = power * log_x  # not in place: `total` may keep what it is handed
        products = total(product)
        excess = powers - n
        score = (n / k + logs - products, k * unit * excess)
        hessian = (
            -n / k**2 - total(product * log_x),
            unit * (excess + k * products),
            -(k * unit * unit) * (excess + k * powers),
        )
        return Derivatives((k - 1.0) * logs - powers + n * np.log(k * unit), score, hessian)

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return the member with the mean and the standard deviation of log x.

        Of a given shape it is the likeliest.
        """
        if "shape" in fixed:
            return [cls(fixed["shape"], _likeliest_scale(sample, fixed["shape"]))]
        middle = sample.mean
        log_x = log_quotient(np.asarray(sample.values, dtype=np.float64), middle)
        shape = np.pi / np.sqrt(6.0) / np.maximum(of_values(np.std, log_x), 1e-15)
        log_scale = of_values(np.mean, log_x) + np.euler_gamma / shape
        above = np.maximum(of_values(np.max, log_x) - log_scale, 1e-15)
        shape = np.minimum(shape, _LARGEST_EXPONENT / above)
        return [cls(shape, middle * np.exp(log_scale))]


def _likeliest_scale(sample: Sample, shape: float) -> float:
    """Return the mean of x^shape to the power 1/shape, relative to the greatest x."""
    values = np.asarray(sample.values, dtype=np.float64)
    powers = np.expm1(shape * log_ratio(values, sample.high))
    excess = np.average(powers, weights=sample.weights)
    return float(sample.high * np.exp(np.log1p(excess) / shape))
