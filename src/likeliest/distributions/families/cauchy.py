"""The Cauchy distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import LocationScale
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Derivatives, Side, Total
from likeliest.distributions.families.location_scale import (
    Sums,
    dense_spots,
    score_and_hessian,
    within_squares,
)
from likeliest.distributions.families.student_t import tie_message
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive, real
from likeliest.distributions.standards import CAUCHY
from likeliest.distributions.support import REALS
from likeliest.numerics.special import log, log_one_plus_square

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array

_LOG_PI = float(np.log(np.pi))


@family
class Cauchy(LocationScale, ContinuousDistribution):
    """Cauchy distribution: tails so heavy that it has no mean.

    f(x) = 1 / (π scale (1 + z²)), z = (x - loc)/scale.

    Parameters
    ----------
    loc : array of any shape: the median. In the unit of x.
    scale : array that broadcasts with `loc`, > 0: half the interquartile range. In the unit of x.

    Notes
    -----
    With loc and scale free the likelihood has a single maximum (Copas 1975), unless half the
    values or more are one and the same: it then grows without limit as the scale shrinks on it.

    Source: Johnson, Kotz & Balakrishnan (1994), ch. 16.

    Examples
    --------
    >>> float(Cauchy(loc=0.0, scale=1.0).cdf(1.0))
    0.75
    """

    name = "cauchy"
    support = REALS
    standard = CAUCHY

    loc: Parameter = real(power=1)
    scale: Parameter = positive(power=1)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        # More accurate than the base's: z itself may leave float64.
        return -log_one_plus_square(x - self.loc, self.scale) - log(self.scale) - _LOG_PI

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return self.loc + self.scale * rng.standard_cauchy(shape)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """NaN: the Cauchy has no expected value."""
        return np.nan + 0.0 * self.loc

    @cached_property
    def var(self) -> Parameter:
        """NaN: the Cauchy has no variance."""
        return np.nan + 0.0 * self.loc

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        return np.log(4.0 * np.pi * self.scale)

    # likelihood

    def derivatives(self, x: Array, total: Total) -> Derivatives:
        z = (x - self.loc) / self.scale
        square = z * z
        b = 1.0 / (1.0 + square)
        # z²b is 1 - b, so that nothing leaves float64 where z² does.
        log_terms = np.log1p(square)
        if not np.isfinite(square).all():
            log_terms = np.where(np.isfinite(square), log_terms, log_one_plus_square(z))
        bend = 2.0 * b * (1.0 - 2.0 * b)
        n, bends = total(1.0), total(b)
        sums = Sums(
            n=n,
            slope=-2.0 * total(z * b),
            z_slope=-2.0 * (n - bends),
            bend=total(bend),
            z_bend=total(z * bend),
            zz_bend=2.0 * total((1.0 - b) * (1.0 - 2.0 * b)),
        )
        score, hessian = score_and_hessian(sums, self.scale)
        return Derivatives(-total(log_terms) - n * (np.log(self.scale) + _LOG_PI), score, hessian)

    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        near = super().tail_derivatives(within_squares(x, self.loc, self.scale), side)
        log_tail = self.log_cdf(x) if side is Side.BELOW else self.log_sf(x)
        return near._replace(log_prob=log_tail)

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        if not sample.exact:
            return super().unbounded(sample, fixed)
        if "scale" in fixed:
            return None
        value, share = sample.commonest()
        if share < 0.5 or fixed.get("loc", value) != value:
            return None
        return tie_message(value, share)

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """From the median and half the interquartile range; and from points across the data.

        With the scale fixed the likelihood can have a maximum at each cluster.
        """
        low, middle, high = np.quantile(sample.values, [0.25, 0.5, 0.75])
        scale = 0.5 * (high - low) or sample.spread() or 1.0
        if "scale" not in fixed:
            return [cls(middle, scale)]
        values = np.sort(np.asarray(sample.values, dtype=np.float64))
        places = [centre for centre, _ in dense_spots(values)]
        places += list(np.quantile(values, np.linspace(0.0, 1.0, 33)))
        return [cls(middle, scale), *(cls(place, scale) for place in places)]
