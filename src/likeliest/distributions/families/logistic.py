"""The logistic distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Derivatives, Total
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive, real
from likeliest.distributions.support import REALS
from likeliest.numerics.special import absolute, exp, log, log1p, scipy_special, softplus, tanh

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.data.observations import Observations
    from likeliest.numerics.arrays import Array


@family
class Logistic(ContinuousDistribution):
    """Logistic distribution: a bell with heavier tails, whose cdf is the logistic curve of growth.

    f(x) = exp(-z) / (scale (1 + exp(-z))²), z = (x - loc) / scale.

    Parameters
    ----------
    loc : array of any shape. In the unit of x.
    scale : array that broadcasts with `loc`, > 0. In the unit of x.

    Source: Johnson, Kotz & Balakrishnan (1995), ch. 23.

    Examples
    --------
    >>> round(float(Logistic(loc=0.0, scale=1.0).cdf(2.0)), 4)
    0.8808
    """

    name = "logistic"
    support = REALS
    concentrates = {"scale": "0"}
    centre = "loc"

    loc: Parameter = real()
    scale: Parameter = positive(power=1)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        z = absolute((x - self.loc) / self.scale)
        return -z - 2.0 * log1p(exp(-z)) - log(self.scale)

    def _cdf(self, x: Array) -> Array:
        return scipy_special().expit((x - self.loc) / self.scale)

    def _sf(self, x: Array) -> Array:
        return scipy_special().expit((self.loc - x) / self.scale)

    def _log_cdf(self, x: Array) -> Array:
        return -softplus((self.loc - x) / self.scale)

    def _log_sf(self, x: Array) -> Array:
        return -softplus((x - self.loc) / self.scale)

    def _quantile(self, q: Array) -> Array:
        return self.loc + self.scale * (np.log(q) - np.log1p(-q))

    def _upper_quantile(self, q: Array) -> Array:
        return self.loc + self.scale * (np.log1p(-q) - np.log(q))

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return rng.logistic(self.loc, self.scale, shape)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x."""
        return self.loc + 0.0 * self.scale

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        return np.pi**2 / 3.0 * self.scale**2 + 0.0 * self.loc

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        return np.log(self.scale) + 2.0 + 0.0 * self.loc

    # likelihood

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        z = (x - self.loc) / self.scale
        t = tanh(0.5 * z)
        return t / self.scale, (z * t - 1.0) / self.scale

    def derivatives(self, x: Array, total: Total) -> Derivatives:
        unit = 1.0 / self.scale
        z = (x - self.loc) * unit
        size = np.abs(z)
        tail = np.exp(-size)
        t = np.copysign((1.0 - tail) / (1.0 + tail), z)
        n, slopes, products = total(1.0), total(t), total(z * t)
        bend = 0.5 - 0.5 * t * t  # dt/dz
        bends = total(bend)
        bend *= z
        turns = total(bend)
        bend *= z
        score = (unit * slopes, unit * (products - n))
        hessian = (
            -(unit**2) * bends,
            -(unit**2) * (slopes + turns),
            unit**2 * (n - 2.0 * products - total(bend)),
        )
        size += 2.0 * np.log1p(tail)
        return Derivatives(n * np.log(unit) - total(size), score, hessian)

    @classmethod
    def start(cls, observations: Observations, fixed: Mapping[str, float]) -> list[Self]:
        """Return the member with the median and the standard deviation of the data."""
        scale = np.sqrt(3.0) / np.pi * (float(np.std(observations.values)) or 1.0)
        return [cls(observations.median(), scale)]
