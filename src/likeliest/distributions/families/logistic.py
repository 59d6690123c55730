"""The logistic distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import LocationScale
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Derivatives, Total
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive, real
from likeliest.distributions.sample import average, first_positive
from likeliest.distributions.standards import LOGISTIC
from likeliest.distributions.support import REALS
from likeliest.numerics.special import LOG_TWO

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array


@family
class Logistic(LocationScale, ContinuousDistribution):
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
    starts_many = True
    support = REALS
    standard = LOGISTIC

    loc: Parameter = real(power=1)
    scale: Parameter = positive(power=1)

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

    def derivatives(self, x: Array, total: Total) -> Derivatives:
        unit = 1.0 / self.scale
        half = (x - self.loc) * (0.5 * unit)  # z / 2
        t = np.tanh(half)
        bend = 1.0 - t * t  # 2 dt/dz
        turn = bend * half
        size = np.abs(half) - np.log1p(np.abs(t))  # half of minus log f(z), less log 2
        n, slopes, products = total(1.0), total(t), 2.0 * total(half * t)
        score = (unit * slopes, unit * (products - n))
        square = unit * unit
        hessian = (
            -0.5 * square * total(bend),
            -square * (slopes + total(turn)),
            square * (n - 2.0 * (products + total(turn * half))),
        )
        log_prob = n * np.log(0.25 * unit) - 2.0 * total(size)
        return Derivatives(log_prob, score, hessian)

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return the member with the data's mean deviation from between median and mean.

        There, nearer to the median, the likeliest location of a skew sample mostly lies.
        """
        loc = (2.0 * sample.median() + sample.mean) / 3.0
        deviation = np.abs(np.asarray(sample.values, dtype=np.float64) - loc)
        return [cls(loc, first_positive(average(deviation, sample.weights) / (2.0 * LOG_TWO)))]
