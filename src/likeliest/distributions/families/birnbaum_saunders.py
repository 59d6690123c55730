"""The Birnbaum-Saunders distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.derivatives import Derivatives, Standardisation
from likeliest.distributions.families.of_normal import OfNormal
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive
from likeliest.distributions.sample import average
from likeliest.distributions.support import POSITIVE_REALS
from likeliest.numerics.saddlepoint import log_ratio
from likeliest.numerics.special import LOG_TWO, absolute, exp, expm1, log, log1p, tanh

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array


@family
class BirnbaumSaunders(OfNormal):
    """Birnbaum-Saunders distribution: the cycles until a crack that grows at random is too long.

    f(x) = (√(x/scale) + √(scale/x)) / (2 shape x) φ(z), z = (√(x/scale) - √(scale/x))/shape, for
    x > 0, φ being the standard normal density. Also the fatigue-life distribution.

    Parameters
    ----------
    shape : array of any shape, > 0. No unit.
    scale : array that broadcasts with `shape`, > 0: the median. In the unit of x.

    Source: Birnbaum & Saunders (1969); Johnson, Kotz & Balakrishnan (1995), ch. 33, section 2.

    Examples
    --------
    >>> float(BirnbaumSaunders(shape=0.5, scale=3.0).cdf(3.0))
    0.5
    """

    name = "birnbaum-saunders"
    aliases = ("fatigue life",)
    support = POSITIVE_REALS
    concentrates = {"shape": "0"}
    centre = "scale"

    shape: Parameter = positive()
    scale: Parameter = positive(power=1)

    # evaluation, by half of log(x/scale): z is 2/shape times its hyperbolic sine

    def _half(self, x: Array) -> Array:
        return 0.5 * log_ratio(x, self.scale)

    def _z(self, x: Array) -> Array:
        return 2.0 / self.shape * _sinh(self._half(x))

    def _log_slope(self, x: Array) -> Array:
        return _log_cosh(self._half(x)) - log(self.shape) - log(x)

    def standardise(self, x: Array) -> Standardisation:
        half, unit, per_scale = self._half(x), 1.0 / self.shape, 1.0 / self.scale
        sinh, cosh = _sinh(half), exp(_log_cosh(half))
        z = 2.0 * unit * sinh
        return Standardisation(
            z,
            (-unit * z, -unit * per_scale * cosh),
            (
                2.0 * unit * unit * z,
                unit * unit * per_scale * cosh,
                unit * per_scale * per_scale * (cosh + 0.5 * sinh),
            ),
        )

    def slope_terms(self, x: Array) -> Derivatives:
        unit, per_scale = 1.0 / self.shape, 1.0 / self.scale
        t = tanh(self._half(x))
        bend = 0.25 * per_scale * per_scale * (1.0 + 2.0 * t - t * t)
        return Derivatives(
            self._log_slope(x), (-unit, -0.5 * per_scale * t), (unit * unit, 0.0, bend)
        )

    def _at(self, z: Array) -> Array:
        return self.scale * np.exp(2.0 * np.arcsinh(0.5 * self.shape * z))

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x."""
        return self.scale * (1.0 + 0.5 * self.shape * self.shape)

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        square = self.shape * self.shape
        return self.scale * self.scale * square * (1.0 + 1.25 * square)

    # likelihood

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return the member with the median of the data, of that scale the likeliest."""
        scale = fixed.get("scale", sample.median())
        half = 0.5 * log_ratio(np.asarray(sample.values, dtype=np.float64), scale)
        square = average(_sinh(np.clip(half, -_WIDEST, _WIDEST)) ** 2, sample.weights)
        return [cls(np.maximum(2.0 * np.sqrt(square), _LEAST_SHAPE), scale)]


_WIDEST = 300.0  # half a log ratio of a start: the square of its sinh is within float64
_LEAST_SHAPE = 1e-15


def _sinh(x: Array) -> Array:
    return 0.5 * (expm1(x) - expm1(-x))


def _log_cosh(x: Array) -> Array:
    size = absolute(x)
    return size + log1p(exp(-2.0 * size)) - LOG_TWO
