"""The log-logistic distribution."""

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
from likeliest.distributions.standards import LOGISTIC
from likeliest.distributions.support import POSITIVE_REALS
from likeliest.numerics.saddlepoint import log_ratio
from likeliest.numerics.special import polynomial

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array

# tan(b)/b - 1 = b²/3 + 2b⁴/15 + …: Abramowitz & Stegun 4.3.67.
_TANGENT = (1 / 3, 2 / 15, 17 / 315, 62 / 2835, 1382 / 155925, 21844 / 6081075, 929569 / 638512875)
_SERIES_WITHIN = 0.1


@family
class LogLogistic(LogLocationScale, ContinuousDistribution):
    """Log-logistic distribution: log x is logistic; the odds of x falling short grow as a power.

    f(x) = (shape/x) v / (1 + v)², v = (x/scale)^shape, for x > 0. Known as the Fisk in economics.

    Parameters
    ----------
    shape : array of any shape, > 0. No unit.
    scale : array that broadcasts with `shape`, > 0. In the unit of x; the median.

    Source: Johnson, Kotz & Balakrishnan (1995), ch. 23, section 11.

    Examples
    --------
    >>> float(LogLogistic(shape=2.0, scale=3.0).cdf(3.0))
    0.5
    """

    name = "loglogistic"
    aliases = ("fisk",)
    starts_many = True
    support = POSITIVE_REALS
    standard = LOGISTIC

    shape: Parameter = positive()
    scale: Parameter = positive(power=1)

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return self.scale * np.exp(rng.logistic(size=shape) / self.shape)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x; ∞ for shape ≤ 1."""
        b = np.pi / np.maximum(self.shape, 1.0)
        return np.where(self.shape > 1.0, self.scale * b / np.sin(b), np.inf)[()]

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared; ∞ for shape ≤ 2."""
        # 2b/sin 2b - (b/sin b)², with b = π/shape.
        b = np.pi / np.maximum(self.shape, 2.0)
        small = np.minimum(b, _SERIES_WITHIN) ** 2
        series = small * polynomial(small, _TANGENT)
        excess = np.where(b < _SERIES_WITHIN, series, np.tan(b) / b - 1.0)
        var = (self.scale * b / np.sin(b)) ** 2 * excess
        return np.where(self.shape > 2.0, var, np.inf)[()]

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        return np.log(self.scale / self.shape) + 2.0

    # likelihood

    def derivatives(self, x: Array, total: Total) -> Derivatives:
        k, unit = self.shape, 1.0 / self.scale
        log_x = self._log_over_scale(x)
        size = k * np.abs(log_x)
        tail = np.exp(-size)
        t = np.copysign((1.0 - tail) / (1.0 + tail), log_x)
        n, logs, slopes, products = total(1.0), total(log_x), total(t), total(log_x * t)
        bend = 0.5 - 0.5 * t * t  # dt/dz with z = k log(x/scale)
        turn = bend * log_x
        bends, turns = total(bend), total(turn)
        score = (n / k - products, k * unit * slopes)
        hessian = (
            -n / k**2 - total(turn * log_x),
            unit * (slopes + k * turns),
            -(k * unit * unit) * (slopes + k * bends),
        )
        size += 2.0 * np.log1p(tail)
        return Derivatives(n * np.log(k * unit) - logs - total(size), score, hessian)

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return the member with the median of the data and the standard deviation of log x."""
        middle = sample.median()
        log_x = log_ratio(np.asarray(sample.values, dtype=np.float64), middle)
        return [cls(np.pi / np.sqrt(3.0) / np.maximum(of_values(np.std, log_x), 1e-15), middle)]
