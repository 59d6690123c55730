"""The discrete Weibull distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ByRow
from likeliest.distributions.derivatives import Derivatives, Jet, Side, Standardisation, chained
from likeliest.distributions.discrete import DiscreteDistribution
from likeliest.distributions.families.weibull import Weibull
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive
from likeliest.distributions.quadrature import expectation
from likeliest.distributions.support import COUNTS
from likeliest.numerics.arrays import where
from likeliest.numerics.special import exp, expm1, log, log1mexp, log1p

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array

_SHAPES = (0.5, 1.0, 2.0)  # of starts


@family
class DiscreteWeibull(ByRow, DiscreteDistribution):
    """Discrete Weibull distribution: whole periods that a thing lasts, if its life is a Weibull.

    p(x) = exp(-(x/scale)^shape) - exp(-((x+1)/scale)^shape) for x = 0, 1, 2, …

    Parameters
    ----------
    shape : array of any shape, > 0. No unit; 1 is the geometric, above it counts vary less.
    scale : array that broadcasts with `shape`, > 0: P(X ≥ scale) is 1/e. No unit.

    Notes
    -----
    Nakagawa and Osaki write q^(x^β) for P(X ≥ x): q = exp(-scale^(-shape)), β = shape.

    Source: Johnson, Kemp & Kotz (2005), section 11.2.12; Nakagawa & Osaki (1975).

    Examples
    --------
    >>> round(float(DiscreteWeibull(shape=1.5, scale=4.0).sf(3)), 4)
    0.3679
    """

    name = "discrete weibull"
    support = COUNTS
    special_cases = {"geometric": {"shape": 1.0}}

    shape: Parameter = positive()
    scale: Parameter = positive()

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        below, gap, _ = self._hazards(x)
        return log1mexp(-gap) - below

    def _hazards(self, x: Array) -> tuple[Array, Array, Array]:
        """Return (x/scale)^shape, by how much that grows to x + 1, and log(1 + 1/x), 0 at 0."""
        positive = x > 0.0
        some = where(positive, x, 1.0)
        step = log1p(1.0 / some)
        below = exp(self.shape * log(some / self.scale))
        first = exp(-self.shape * log(self.scale))
        gap = where(positive, below * expm1(self.shape * step), first)
        return where(positive, below, 0.0 * first), gap, where(positive, step, 0.0)

    def _log_cdf(self, x: Array) -> Array:
        return self._life().log_cdf(x + 1.0)

    def _log_sf(self, x: Array) -> Array:
        return self._life().log_sf(x + 1.0)

    def _life(self) -> Weibull:
        """Return the distribution that is rounded down."""
        return Weibull.unchecked(shape=self.shape, scale=self.scale)

    def density_terms(self, x: Array) -> Derivatives:
        k, unit = self.shape, 1.0 / self.scale
        below, gap, step = self._hazards(x)
        above = log(x + 1.0) - log(self.scale)
        before = where(x > 0.0, above - step, 0.0)  # log(x/scale)
        by_shape = gap * above + below * step
        per_scale = -k * unit
        widths = Standardisation(
            gap,
            (by_shape, per_scale * gap),
            (
                by_shape * above + below * step * before,
                -unit * gap + per_scale * by_shape,
                -per_scale * unit * (k + 1.0) * gap,
            ),
        )
        rate = 1.0 / expm1(gap)
        value, score, hessian = chained(Jet(log1mexp(-gap), rate, -rate * (1.0 + rate)), widths)
        return Derivatives(
            value - below,
            (score[0] - below * before, score[1] - per_scale * below),
            (
                hessian[0] - below * before * before,
                hessian[1] + unit * below * (1.0 + k * before),
                hessian[2] + per_scale * unit * (k + 1.0) * below,
            ),
        )

    def tail_terms(self, x: Array, side: Side) -> Derivatives:
        return self._life().tail_derivatives(x + 1.0, side)

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return np.floor(self.scale * rng.standard_exponential(shape) ** (1.0 / self.shape))

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value: by summation."""
        return expectation(self, lambda _, x: x)

    @cached_property
    def var(self) -> Parameter:
        """Variance: by summation."""
        return expectation(self, lambda member, x: (x - member.mean) ** 2)

    # likelihood

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        if not fixed and sample.exact and sample.high - sample.low == 1.0:
            both = f"{sample.low:g} or {sample.high:g}"
            return f"rises towards its limit as shape → ∞: all values are {both}"
        common = sample.common()
        if common is None or not np.isfinite(common[1]):
            return None
        low, high = common
        if "shape" not in fixed and low <= np.floor(fixed.get("scale", low)) <= high:
            where_to = f"are {low:g}" if low == high else f"can lie between {low:g} and {high:g}"
            return f"rises towards 1 as shape → ∞: all values {where_to}"
        if low <= 0.0 and "scale" not in fixed:
            return "rises towards 1 as scale → 0: all values can be 0"
        return None

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return members of some shapes with the mean of the data and half a period more."""
        shapes = (fixed["shape"],) if "shape" in fixed else _SHAPES
        middle = sample.mean + 0.5
        return [cls(k, middle / Weibull(k, 1.0).mean) for k in shapes]
