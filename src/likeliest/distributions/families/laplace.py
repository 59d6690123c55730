"""The Laplace distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np

from likeliest.distributions.bases import LocationScale, WithStatistics
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.corner import Corner
from likeliest.distributions.derivatives import Derivatives, Total
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive, real
from likeliest.distributions.standards import FAR_OUT, LAPLACE, exponential_cell
from likeliest.distributions.support import REALS
from likeliest.numerics.special import LOG_TWO

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.distributions.statistics import SufficientStatistics
    from likeliest.numerics.arrays import Array


@family
class Laplace(WithStatistics, LocationScale, ContinuousDistribution):
    """Laplace distribution: errors whose size is exponential, to either side alike.

    f(x) = exp(-|x - loc| / scale) / (2 scale).

    Parameters
    ----------
    loc : array of any shape: the median. In the unit of x.
    scale : array that broadcasts with `loc`, > 0: the mean size of an error. In the unit of x.

    Notes
    -----
    The estimate of loc is the median, at which the likelihood has a corner; its standard error
    comes from the expected information. Of rows that are not exact it comes from the sum of outer
    products of their scores: the curvature at the top says between which values the middle fell,
    not how sure it is.

    Source: Johnson, Kotz & Balakrishnan (1995), ch. 24.

    Examples
    --------
    >>> float(Laplace(loc=0.0, scale=1.0).pdf(0.0))
    0.5
    """

    name = "laplace"
    aliases = ("double exponential",)
    support = REALS
    standard = LAPLACE
    corners = {"loc": Corner.INSIDE}
    has_one_top = True
    closed_given = ("loc", "scale")

    loc: Parameter = real(power=1)
    scale: Parameter = positive(power=1)

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return rng.laplace(self.loc, self.scale, shape)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x."""
        return self.loc

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        return 2.0 * self.scale * self.scale

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        return 1.0 + LOG_TWO + np.log(self.scale)

    # likelihood

    def derivatives(self, x: Array, total: Total) -> Derivatives:
        unit = 1.0 / self.scale
        z = (x - self.loc) * unit
        n, sizes, signs = total(1.0), total(np.abs(z)), total(np.sign(z))
        score = (unit * signs, unit * (sizes - n))
        hessian = (0.0 * signs, -(unit**2) * signs, unit**2 * (n - 2.0 * sizes))
        return Derivatives(n * (np.log(unit) - LOG_TWO) - sizes, score, hessian)

    def log_interval(self, lower: Array, upper: Array) -> Array:
        return np.asarray(self.interval_derivatives(lower, upper).log_prob)

    def interval_derivatives(self, lower: Array, upper: Array) -> Derivatives:
        unit = 1.0 / self.scale
        with np.errstate(all="ignore"):
            below, above = (self.loc - lower) * unit, (upper - self.loc) * unit
            inside = (below >= 0.0) & (above > 0.0)
            value, by_loc, by_scale, bends = _beside(below, above, (upper - lower) * unit)
            if np.any(inside):
                across = _across(*np.where(inside, np.minimum((below, above), FAR_OUT), 1.0))
                value, by_loc, by_scale = (
                    np.where(inside, a, b)
                    for a, b in zip(across[:3], (value, by_loc, by_scale), strict=True)
                )
                pairs = zip(across[3], bends, strict=True)
                bends = _Bends(*(np.where(inside, a, b) for a, b in pairs))
        twice, mixed, bend = bends
        square = unit * unit
        hessian = (square * twice, square * mixed, square * (bend - by_scale))
        return Derivatives(value, (unit * by_loc, unit * by_scale), hessian)

    def information(self) -> tuple[Parameter, ...]:
        precision = 1.0 / (self.scale * self.scale)
        return precision, 0.0, precision

    @classmethod
    def pivot(cls, sample: Sample, fixed: Mapping[str, float]) -> float:
        return fixed["loc"] if "loc" in fixed else sample.median()

    @staticmethod
    def statistics(x: Array, pivot: float) -> tuple[Array, ...]:
        return (np.abs(x - pivot),)

    @classmethod
    def maximize(cls, statistics: SufficientStatistics) -> Self:
        """Return the likeliest member; the statistics are about the median."""
        return cls(statistics.pivot, statistics.mean[0])

    @classmethod
    def maximize_given(cls, statistics: SufficientStatistics, fixed: Mapping[str, float]) -> Self:
        return cls(statistics.pivot, fixed.get("scale", statistics.mean[0]))

    def mean_log_prob(self, statistics: SufficientStatistics) -> Parameter:
        """Return the mean log density, for a member whose loc is the pivot."""
        return -statistics.mean[0] / self.scale - np.log(self.scale) - LOG_TWO


class _Bends(NamedTuple):
    """Second derivatives by the location, by both, and by the logarithm of the scale."""

    twice: Array
    mixed: Array
    by_scale: Array


def _beside(below: Array, above: Array, width: Array) -> tuple[Array, Array, Array, _Bends]:
    """Return the log probability of intervals to one side of the centre, with its derivatives.

    By the location in units of the scale, and by the logarithm of the scale. The ends lie `below`
    and `above` the centre, in that unit; the width has more digits than their sum.
    """
    side = np.where(below < 0.0, 1.0, -1.0)
    distance = -np.minimum(below, above)
    some = width > 0.0
    value, by_width, twice = exponential_cell(np.where(some, np.minimum(width, FAR_OUT), FAR_OUT))
    by_scale = np.where(some, distance - by_width, 0.0)
    side = np.where(some, side, 0.0)
    value = np.where(some, value - distance - LOG_TWO, -np.inf)
    bends = _Bends(0.0 * side, -side, np.where(some, twice - distance, 0.0))
    return value, side, by_scale, bends


def _across(below: Array, above: Array) -> tuple[Array, Array, Array, _Bends]:
    """Return the same of intervals that hold the centre."""
    before, after = 0.5 * np.expm1(-below), 0.5 * np.expm1(-above)  # less ½: minus the halves
    share = -(before + after)
    low, high = (0.5 + before) / share, (0.5 + after) / share
    by_loc = (before - after) / share
    by_scale = -(low * below + high * above)
    bend = -(low * below * (below - 1.0) + high * above * (above - 1.0)) - by_scale**2
    mixed = low * below - high * above - by_loc - by_loc * by_scale
    return np.log(share), by_loc, by_scale, _Bends(-(low + high) - by_loc**2, mixed, bend)
