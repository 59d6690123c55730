"""The Pearson III distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self, cast

import numpy as np

from likeliest.distributions.bases import ByRow, in_double
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Derivatives, Side, by_shape, chained_with_shape
from likeliest.distributions.families import prentice
from likeliest.distributions.families.extremes import (
    distance_at,
    reduced,
    reduced_value,
    support_of,
    value_at,
)
from likeliest.distributions.families.log_gamma import LogGamma
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive, real
from likeliest.distributions.sample import average
from likeliest.distributions.standards import tail_jet
from likeliest.distributions.support import REALS, Support
from likeliest.numerics.arrays import where
from likeliest.numerics.special import exp, log
from likeliest.numerics.tails import log_gammainc, log_gammaincc

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array, Number

REGULAR_WITHIN = 2.0
"""The skewness from which the likelihood grows without limit as the end nears a value."""

_USUAL_ERRORS_WITHIN = float(np.sqrt(2.0))  # of the skewness: a gamma's shape of 2
_NEAR_IRREGULAR = 1.95
_MOST, _FLAT = 1.6, 0.1  # skewnesses of starts
_HELD = 0.9  # of the way to the end, where a start has the furthest value
_STEP = 5e-4  # of half the skewness
_NEAR_END = -0.7  # of log u
_DIRECT_FROM = 0.1  # of half the skewness: from here on incomplete gamma functions have digits


@family
class PearsonIII(ByRow, ContinuousDistribution):
    """Pearson III distribution: a gamma that begins anywhere, or ends, and the normal between.

    f(x) = |r|/std k^k u^(k-1) exp(-k u)/Γ(k), u = 1 + r (x - mean)/std > 0, r = skewness/2,
    k = r^-2: u is a gamma of shape k and mean 1. It begins at mean - 2 std/skewness, or ends there
    if that is above the mean.

    Parameters
    ----------
    skewness : array of any shape; 0 is the normal, 2 an exponential. No unit.
    mean : array that broadcasts with `skewness`. In the unit of x.
    std : array that broadcasts with `skewness`, > 0: the standard deviation. In the unit of x.

    Notes
    -----
    A fit keeps the skewness between -2 and 2: beyond, the likelihood grows without limit as the end
    nears the least, or the greatest, value. Beyond √2 standard errors are not the usual ones.

    Source: Johnson, Kotz & Balakrishnan (1994), section 17.8; Bobée & Ashkar (1991).

    Examples
    --------
    >>> round(float(PearsonIII(skewness=0.8, mean=10.0, std=2.0).quantile(0.99)), 3)
    15.782
    """

    name = "pearson iii"
    aliases = ("pearson3", "pearson type iii", "pearson type 3")
    support = REALS
    special_cases = {"normal": {"skewness": 0.0}}
    special_conditions = {"gamma": "a support that begins at 0"}
    concentrates = {"std": "0"}
    centre = "mean"

    skewness: Parameter = real(power=0, regular_above=-REGULAR_WITHIN, regular_below=REGULAR_WITHIN)
    mean: Parameter = real(power=1)
    std: Parameter = positive(power=1)

    def bounds(self) -> Support:
        return support_of(self._half, self.mean, self.std, -np.inf)

    @property
    def _half(self) -> Parameter:
        return 0.5 * self.skewness

    # evaluation, by w = log(u)/r: the log of a gamma in Prentice's form

    def w(self, x: Array, rest: Number = 0.0) -> Array:
        """Return w at x, of which rounding has taken a rest."""
        return reduced_value(x, self._half, self.mean, self.std, rest)

    def w_terms(self, x: Array, rest: Number = 0.0) -> Derivatives:
        """Return w with its derivatives by half the skewness, mean and spread."""
        return reduced(x, self._half, self.mean, self.std, rest)

    def _log_prob(self, x: Array) -> Array:
        return self.log_prob_at(self.w(x))

    def log_prob_at(self, w: Array) -> Array:
        """Return the log density where w is this."""
        return prentice.log_density(self._half, w) - self._half * w - log(self.std)

    @in_double
    def density_terms(self, x: Array) -> Derivatives:
        return self.density_terms_at(self.w_terms(x))

    def density_terms_at(self, inner: Derivatives) -> Derivatives:
        """Return the log density with its derivatives where w is this."""
        r, unit, w = self._half, 1.0 / self.std, cast("Array", inner.log_prob)
        value, (by_r, by_w), (r_twice, mixed, w_twice) = prentice.density_terms(r, w)
        # -(u - 1)/r - r: near the end of the support from u.
        near_end = r * w < _NEAR_END
        u, part = exp(where(near_end, r * w, 0.0)), where(near_end, r + 0.0 * w, 1.0)
        by_w = where(near_end, ((1.0 - r) * (1.0 + r) - u) / part, by_w - r)
        outer = Derivatives(
            value - r * w - log(self.std), (by_r - w, by_w), (r_twice, mixed - 1.0, w_twice)
        )
        value, score, hessian = _by_skewness(chained_with_shape(outer, inner))
        bend = hessian[-1] + unit * unit
        return Derivatives(value, (*score[:-1], score[-1] - unit), (*hessian[:-1], bend))

    def _log_cdf(self, x: Array) -> Array:
        return self.log_tail_at(self.w(x), Side.BELOW)

    def _log_sf(self, x: Array) -> Array:
        return self.log_tail_at(self.w(x), Side.ABOVE)

    def log_tail_at(self, w: Array, side: Side) -> Array:
        """Return the log of a tail where w is this."""
        r, w = np.broadcast_arrays(self._half, w)
        direct = np.abs(r) > _DIRECT_FROM
        k = 1.0 / np.square(np.where(direct, r, 1.0))
        gamma = k * np.exp(np.where(direct, r * w, 0.0))
        lower = (r > 0.0) == (side is Side.BELOW)
        tail = np.where(lower, log_gammainc(k, gamma), log_gammaincc(k, gamma))
        if not np.all(direct):
            flat = LogGamma.unchecked(shape=r[~direct], loc=0.0, scale=1.0)
            tail[~direct] = (flat.log_cdf if side is Side.BELOW else flat.log_sf)(w[~direct])
        return tail

    def tail_terms(self, x: Array, side: Side) -> Derivatives:
        return self.tail_terms_at(self.w_terms(x), side)

    def tail_terms_at(self, inner: Derivatives, side: Side) -> Derivatives:
        """Return the log of a tail with its derivatives where w is this.

        Those by the skewness are differences of incomplete gamma functions where it is large enough
        for these, else means over the tail.
        """
        w = np.asarray(inner.log_prob)
        direct = bool(np.all(np.abs(self._half) > _DIRECT_FROM))
        outer = self._by_differences(w, side) if direct else self._by_means(w, side)
        return _by_skewness(chained_with_shape(outer, inner))

    def _by_means(self, w: Array, side: Side) -> Derivatives:
        """Return the log of a tail of w with its derivatives by half the skewness and w."""
        value, (by_r, by_loc, _), (r_twice, mixed, _, loc_twice, *_) = self._of_log.tail_terms(
            w, side
        )
        return Derivatives(value, (by_r, -by_loc), (r_twice, -mixed, loc_twice))

    def _by_differences(self, w: Array, side: Side) -> Derivatives:
        r = self._half
        value = self.log_tail_at(w, side)
        density, (of_r, of_w), _ = prentice.density_terms(r, w)
        jet = tail_jet(value, density, of_w, side)

        def tail(moved: Parameter) -> tuple[Parameter, Parameter]:
            member = PearsonIII.unchecked(skewness=2.0 * moved, mean=self.mean, std=self.std)
            return member.log_tail_at(w, side), 0.0

        by_r, r_twice, _ = by_shape(tail, (value, 0.0), r, _STEP)
        return Derivatives(
            value, (by_r, jet.first), (r_twice, jet.first * (of_r - by_r), jet.second)
        )

    @property
    def _of_log(self) -> LogGamma:
        """Return the distribution of w."""
        return LogGamma.unchecked(shape=self._half, loc=0.0, scale=1.0)

    def _quantile(self, q: Array) -> Array:
        return self.x_at(self.w_quantile(q))

    def _upper_quantile(self, q: Array) -> Array:
        return self.x_at(self.w_upper_quantile(q))

    def w_quantile(self, q: Array) -> Array:
        """Return the quantile of w."""
        return self._of_log.quantile(q)

    def w_upper_quantile(self, q: Array) -> Array:
        """Return the w exceeded with this probability."""
        return self._of_log.upper_quantile(q)

    def x_at(self, w: Array) -> Array:
        """Return the x at w."""
        return value_at(w, self._half, self.mean, self.std)

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        w = prentice.sample(self._half, shape, rng)
        return self.mean + self.std * distance_at(w, self._half)

    # moments: mean and standard deviation are parameters

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        return np.square(self.std)

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        r = self._half
        return np.log(self.std) + self._of_log.entropy - np.square(r) * prentice.mean_excess(r)

    # likelihood

    def notes(self, sample: Sample, estimated: Collection[str]) -> tuple[str, ...]:
        return why_irregular(float(self.skewness))

    def without_top(self, sample: Sample) -> tuple[str, str] | None:
        return without_top(float(self.skewness), sample)

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return members with the mean and spread of the data, of which the supports hold them."""
        values = np.asarray(sample.values, dtype=np.float64)
        return [cls(*one) for one in starts(values, sample.weights, fixed)]


def starts(
    values: Array, weights: Array | None, fixed: Mapping[str, float]
) -> list[tuple[float, float, float]]:
    """Return skewness, mean and spread to set out from: of members that can hold the values."""
    mean = fixed.get("mean", float(average(values, weights)))
    spread = float(np.sqrt(average((values - mean) ** 2, weights))) or 1.0
    cubes = float(average(((values - mean) / spread) ** 3, weights))
    side = -1.0 if cubes < 0.0 else 1.0
    found = []
    for of_data in (side * min(abs(cubes), _MOST), side * _FLAT, -side * _FLAT):
        skewness, std, centre = fixed.get("skewness", of_data), fixed.get("std", spread), mean
        furthest = float(values.min() if skewness > 0.0 else values.max()) - mean
        needed = -0.5 * skewness * furthest  # what the spread has to exceed
        if needed >= _HELD * std:
            if "skewness" not in fixed:
                skewness *= _HELD * std / needed
            elif "std" not in fixed:
                std = needed / _HELD
            elif "mean" not in fixed:
                centre += furthest + 2.0 * _HELD * std / skewness
        found.append((skewness, centre, std))
    return found[:1] if "skewness" in fixed else found


def _by_skewness(of_half: Derivatives) -> Derivatives:
    """Return derivatives by the skewness from those by half of it."""
    value, (by_r, *score), (r_twice, mixed, mixed_too, *hessian) = of_half
    return Derivatives(
        value,
        (0.5 * by_r, *score),
        (0.25 * r_twice, 0.5 * mixed, 0.5 * mixed_too, *hessian),
    )


def why_irregular(skewness: float) -> tuple[str, ...]:
    """Say what a skewness beyond √2 means for standard errors."""
    if abs(skewness) < _USUAL_ERRORS_WITHIN:
        return ()
    return (
        f"The skewness, {skewness:.3g}, lies beyond √2: the end of the support is estimated better "
        "than by the root of n, and standard errors are not the usual ones (Smith 1985).",
    )


def without_top(skewness: float, sample: Sample) -> tuple[str, str] | None:
    """Say that a likelihood rises to where it is irregular."""
    if not sample.exact or abs(skewness) < _NEAR_IRREGULAR:
        return None
    limit, beyond, end = ("2", "beyond", "least") if skewness > 0.0 else ("-2", "below", "greatest")
    return (
        f"has no maximum with a skewness between -2 and 2: it rises as skewness → {limit}, and "
        f"{beyond} grows without limit as the end of the support nears the {end} value",
        "fix the skewness, such as fixed={'skewness': 1.0}, or choose another family.",
    )
