"""The Fréchet distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import LogLocationScale
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Derivatives, Total
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive
from likeliest.distributions.standards import GUMBEL
from likeliest.distributions.support import POSITIVE_REALS
from likeliest.numerics.gamma import log_gamma_variance
from likeliest.numerics.saddlepoint import log_ratio
from likeliest.numerics.special import scipy_special

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array


@family
class Frechet(LogLocationScale, ContinuousDistribution):
    """Fréchet distribution: the greatest of many values whose tail falls as a power.

    f(x) = (shape/scale) (x/scale)^(-shape-1) exp(-(x/scale)^-shape) for x > 0: 1/x is Weibull.

    Parameters
    ----------
    shape : array of any shape, > 0: the power of the tail. No unit.
    scale : array that broadcasts with `shape`, > 0. In the unit of x.

    Source: Johnson, Kotz & Balakrishnan (1995), ch. 22.

    Examples
    --------
    >>> round(float(Frechet(shape=2.0, scale=10.0).cdf(10.0)), 4)
    0.3679
    """

    name = "frechet"
    aliases = ("inverse weibull", "fréchet")
    support = POSITIVE_REALS
    standard = GUMBEL

    shape: Parameter = positive()
    scale: Parameter = positive(power=1)

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return self.scale * rng.standard_exponential(shape) ** (-1.0 / self.shape)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x; infinite for shape ≤ 1."""
        above = np.greater(self.shape, 1.0)
        k = np.where(above, self.shape, 2.0)
        return np.where(above, self.scale * scipy_special().gamma(1.0 - 1.0 / k), np.inf)[()]

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared; infinite for shape ≤ 2."""
        above = np.greater(self.shape, 2.0)
        k = np.where(above, self.shape, 3.0)
        mean = self.scale * scipy_special().gamma(1.0 - 1.0 / k)
        return np.where(above, mean**2 * np.expm1(log_gamma_variance(-1.0 / k)), np.inf)[()]

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        return np.euler_gamma * (1.0 + 1.0 / self.shape) + np.log(self.scale / self.shape) + 1.0

    # likelihood

    def derivatives(self, x: Array, total: Total) -> Derivatives:
        k, unit = self.shape, 1.0 / self.scale
        log_x = self._log_over_scale(x)
        power = np.exp(-k * log_x)
        n, logs, powers = total(1.0), total(log_x), total(power)
        product = power * log_x  # not in place: `total` may keep what it is handed
        products = total(product)
        excess = n - powers
        score = (n / k - logs + products, k * unit * excess)
        hessian = (
            -n / k**2 - total(product * log_x),
            unit * (excess + k * products),
            -(k * unit * unit) * (excess + k * powers),
        )
        return Derivatives(n * np.log(k * unit) - (k + 1.0) * logs - powers, score, hessian)

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return the member with the mean and the standard deviation of log x."""
        if "shape" in fixed:
            return [cls(fixed["shape"], _likeliest_scale(sample, fixed["shape"]))]
        middle = sample.median()
        log_x = log_ratio(np.asarray(sample.values, dtype=np.float64), middle)
        shape = np.pi / np.sqrt(6.0) / max(float(np.std(log_x)), 1e-15)
        log_scale = float(np.mean(log_x)) - np.euler_gamma / shape
        shape = min(shape, _LARGEST_EXPONENT / max(log_scale - float(np.min(log_x)), 1e-15))
        return [cls(shape, middle * np.exp(log_scale))]


_LARGEST_EXPONENT = 30.0  # of a start: each step down an exponential takes but one off it


def _likeliest_scale(sample: Sample, shape: float) -> float:
    """Return the mean of x^-shape to the power -1/shape, relative to the least x."""
    values = np.asarray(sample.values, dtype=np.float64)
    powers = np.expm1(-shape * log_ratio(values, sample.low))
    excess = np.average(powers, weights=sample.weights)
    return float(sample.low * np.exp(-np.log1p(excess) / shape))
