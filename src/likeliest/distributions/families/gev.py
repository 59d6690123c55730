"""The generalized extreme-value distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ByRow
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import (
    Derivatives,
    Side,
    chained,
    chained_with_shape,
    inside,
)
from likeliest.distributions.families.extremes import (
    REGULAR_ABOVE,
    distance_at,
    reduced,
    reduced_value,
    support_of,
    value_at,
    why_irregular,
)
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive, real
from likeliest.distributions.standards import GUMBEL
from likeliest.distributions.support import REALS, Support
from likeliest.numerics.gamma import log_gamma_quotient, log_gamma_variance
from likeliest.numerics.quotients import expm1_quotient
from likeliest.numerics.special import exp, log

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array

_SHAPES = (-0.3, 0.01, 0.3, 1.0)  # of starts
_LEAST = 1e-20  # a shape that is 0 to rounding


@family
class GEV(ByRow, ContinuousDistribution):
    """Generalized extreme-value distribution: the year's highest flood, whatever its tail.

    f(x) = exp(-(1 + shape) t - exp(-t)) / scale, t = log(1 + shape z) / shape,
    z = (x - loc) / scale; t = z for shape = 0, the Gumbel.

    Parameters
    ----------
    shape : array of any shape, Coles's ξ: > 0 a heavy tail, < 0 an upper end. SciPy's c is -shape.
        No unit.
    loc : array that broadcasts with `shape`. In the unit of x.
    scale : array that broadcasts with `shape`, > 0. In the unit of x.

    Notes
    -----
    A fit stays above a shape of -1: below, the likelihood grows without limit as the upper end
    nears the greatest value.

    Source: Coles (2001), section 3.1.3; Jenkinson (1955).

    Examples
    --------
    >>> round(float(GEV(shape=0.2, loc=10.0, scale=2.0).quantile(0.99)), 3)
    25.094
    """

    name = "gev"
    aliases = ("generalized extreme value",)
    support = REALS
    special_cases = {"gumbel": {"shape": 0.0}}
    special_conditions = {"frechet": "a support that begins at 0"}
    concentrates = {"scale": "0"}
    centre = "loc"

    shape: Parameter = real(power=0, regular_above=REGULAR_ABOVE)
    loc: Parameter = real(power=1)
    scale: Parameter = positive(power=1)

    def bounds(self) -> Support:
        return support_of(self.shape, self.loc, self.scale, -np.inf)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        t = reduced_value(x, self.shape, self.loc, self.scale)
        return -(1.0 + self.shape) * t - exp(-t) - log(self.scale)

    def _log_cdf(self, x: Array) -> Array:
        return GUMBEL.log_cdf(reduced_value(x, self.shape, self.loc, self.scale))

    def _log_sf(self, x: Array) -> Array:
        return GUMBEL.log_sf(reduced_value(x, self.shape, self.loc, self.scale))

    def density_terms(self, x: Array) -> Derivatives:
        inner = reduced(x, self.shape, self.loc, self.scale)
        t, unit = inner.log_prob, 1.0 / self.scale
        power, slope = exp(-t), -(1.0 + self.shape)
        value = slope * t - power - log(self.scale)
        of_t = Derivatives(value, (-t, slope + power), (0.0, -1.0, -power))
        _, score, hessian = chained_with_shape(of_t, inner)
        bend = hessian[-1] + unit * unit
        return Derivatives(value, (*score[:-1], score[-1] - unit), (*hessian[:-1], bend))

    def tail_terms(self, x: Array, side: Side) -> Derivatives:
        inner = inside(reduced(x, self.shape, self.loc, self.scale))
        return chained(GUMBEL.tail(inner.z, side), inner)

    def _quantile(self, q: Array) -> Array:
        return value_at(GUMBEL.quantile(q), self.shape, self.loc, self.scale)

    def _upper_quantile(self, q: Array) -> Array:
        return value_at(GUMBEL.upper_quantile(q), self.shape, self.loc, self.scale)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x; infinite for shape ≥ 1."""
        finite = np.less(self.shape, 1.0)
        h = -np.where(finite, self.shape, 0.0)
        log_gamma = h * log_gamma_quotient(h)
        excess = -log_gamma_quotient(h) * expm1_quotient(log_gamma).value
        return np.where(finite, self.loc + self.scale * excess, np.inf)[()]

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared; infinite for shape ≥ ½."""
        finite = np.less(self.shape, 0.5)
        h = -np.where(finite, self.shape, 0.0)
        h = np.where(np.abs(h) < _LEAST, _LEAST, h)
        spread = np.exp(h * log_gamma_quotient(h)) * self.scale / h
        var = spread * spread * np.expm1(log_gamma_variance(h))
        return np.where(finite, var + 0.0 * self.loc, np.inf)[()]

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        return np.log(self.scale) + np.euler_gamma * (1.0 + self.shape) + 1.0 + 0.0 * self.loc

    # likelihood

    def notes(self, sample: Sample, estimated: Collection[str]) -> tuple[str, ...]:
        return why_irregular(float(self.shape))

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return members of some shapes with the quartiles of the data, wide enough to hold them.

        With loc and scale both fixed, of a shape that can hold them.
        """
        values = np.asarray(sample.values, dtype=np.float64)
        quartiles = np.quantile(values, [0.25, 0.5, 0.75])
        shapes = (fixed["shape"],) if "shape" in fixed else _SHAPES
        starts = []
        for shape in shapes:
            low, middle, high = distance_at(GUMBEL.quantile(np.array([0.25, 0.5, 0.75])), shape)
            scale = float((quartiles[2] - quartiles[0]) / (high - low)) or sample.spread() or 1.0
            scale = fixed.get("scale", scale)
            loc = fixed.get("loc", float(quartiles[1] - scale * middle))
            furthest = sample.high if shape < 0.0 else sample.low
            needed = -shape * (furthest - loc)  # what the scale has to exceed
            if needed >= scale and "scale" not in fixed:
                scale = 1.1 * needed
            elif needed >= scale and "loc" not in fixed:
                loc = furthest + scale / shape + (-0.1 if shape > 0.0 else 0.1) * scale
            held = min(1.0, 0.9 * scale / needed) if needed > 0.0 else 1.0
            starts.append(cls(shape * held, loc, scale))
        return starts
