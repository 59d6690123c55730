"""The hyperbolic secant distribution."""

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
from likeliest.distributions.standards import Standard
from likeliest.distributions.support import REALS
from likeliest.numerics.special import LOG_TWO, absolute, exp, log1p, tanh

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array, Number

_LOG_PEAK = float(np.log(2.0 / np.pi))
_FAR = -40.0  # z below which exp(z) is its own arc tangent


def _log_prob(z: Number) -> Number:
    size = absolute(z)
    return _LOG_PEAK - size - log1p(exp(-2.0 * size))


def _cdf(z: Array) -> Array:
    return 2.0 / np.pi * np.arctan(np.exp(z))


def _log_cdf(z: Array) -> Array:
    shorter = _cdf(-np.abs(z))
    lower = np.where(z < _FAR, _LOG_PEAK + z, np.log(shorter))
    return np.where(z < 0.0, lower, np.log1p(-shorter))


def _quantile(q: Array) -> Array:
    tail = np.minimum(q, 1.0 - q)
    z = np.log(np.tan(0.5 * np.pi * tail))
    return np.where(q < 0.5, z, -z)


SECANT = Standard(
    log_prob=_log_prob,
    slope=lambda z: -tanh(z),
    log_cdf=_log_cdf,
    log_sf=lambda z: _log_cdf(-z),
    cdf=_cdf,
    sf=lambda z: _cdf(-z),
    quantile=_quantile,
    upper_quantile=lambda q: -_quantile(q),
)


@family
class HyperbolicSecant(LocationScale, ContinuousDistribution):
    """Hyperbolic secant distribution: bell-shaped, with exponential tails.

    f(x) = 1 / (π scale cosh(z)), z = (x - loc) / scale.

    Parameters
    ----------
    loc : array of any shape: mean and median. In the unit of x.
    scale : array that broadcasts with `loc`, > 0: 2/π of the standard deviation. In the unit of x.

    Source: Johnson, Kotz & Balakrishnan (1995), ch. 23, section 11.

    Examples
    --------
    >>> float(HyperbolicSecant(loc=1.0, scale=2.0).cdf(1.0))
    0.5
    """

    name = "hyperbolic secant"
    aliases = ("hypsecant",)
    support = REALS
    standard = SECANT

    loc: Parameter = real(power=1)
    scale: Parameter = positive(power=1)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x."""
        return self.loc + 0.0 * self.scale

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        return np.pi**2 / 4.0 * self.scale**2 + 0.0 * self.loc

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        return LOG_TWO + np.log(np.pi * self.scale) + 0.0 * self.loc

    # likelihood

    def derivatives(self, x: Array, total: Total) -> Derivatives:
        z = (x - self.loc) / self.scale
        slope = -np.tanh(z)
        # 1 - tanh², without the cancellation.
        bend = -4.0 * (small := np.exp(-2.0 * np.abs(z))) / (1.0 + small) ** 2
        n = total(1.0)
        sums = Sums(
            n=n,
            slope=total(slope),
            z_slope=total(z * slope),
            bend=total(bend),
            z_bend=total(z * bend),
            zz_bend=total(z * z * bend),
        )
        value = total(_log_prob(z)) - n * np.log(self.scale)
        return Derivatives(value, *score_and_hessian(sums, self.scale))

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return the member with the median and the standard deviation of the data."""
        return [cls(sample.median(), 2.0 / np.pi * (sample.spread() or 1.0))]
