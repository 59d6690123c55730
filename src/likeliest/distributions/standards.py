"""Standard distributions: those of a standardised value z, from which families are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from likeliest.distributions.derivatives import Jet, Side
from likeliest.numerics import standard
from likeliest.numerics.arrays import where
from likeliest.numerics.special import (
    LOG_TWO,
    absolute,
    exp,
    expm1,
    log1mexp,
    log1p,
    log_ndtr,
    log_one_plus_square,
    ndtr,
    ndtri,
    scipy_special,
    sigmoid,
    softplus,
    tanh,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.numerics.arrays import Array, Number

_FAR_NORMAL = 60.0  # standard deviations from which the series of the hazard is exact
_FAR_CAUCHY = 1e100  # the square of what lies beyond may overflow
_LEAST_GUMBEL = -1e4  # the density below is 0
_FAR_GUMBEL = 6.5  # of minima: a share of exp(-660) is above
FAR_OUT = 700.0  # in units of the scale of a tail exp(-t): so far out it is as good as 0
_TINY = -40.0  # log t where 1 - exp(-t) is t to rounding
_LOG_PI = float(np.log(np.pi))
_ROOT_HALF = float(np.sqrt(0.5))
_DENSITY_AT_0 = float(1.0 / np.sqrt(2.0 * np.pi))


def tail_jet(log_tail: Array, log_prob: Number, slope: Number, side: Side) -> Jet:
    """Return a log tail with its derivatives by z, from the log density g and g'.

    d log F = f/F and d² log F = f/F (g' - f/F); of the other tail the signs are reversed.
    """
    first = -side.value * np.exp(log_prob - log_tail)
    return Jet(log_tail, first, first * (slope - first))


@dataclass(frozen=True)
class Standard:
    """A continuous distribution of z, without parameters.

    Parameters
    ----------
    log_prob, slope : callable
        Log density and its derivative by z; NumPy or tensors.
    log_cdf, log_sf : callable
        Logs of the two tails.
    quantile, upper_quantile : callable
        The z with a probability q below it, and above it.
    """

    log_prob: Callable[[Number], Number]
    slope: Callable[[Number], Number]
    log_cdf: Callable[[Array], Array]
    log_sf: Callable[[Array], Array]
    cdf: Callable[[Array], Array]
    sf: Callable[[Array], Array]
    quantile: Callable[[Array], Array]
    upper_quantile: Callable[[Array], Array]

    def tail(self, z: Array, side: Side) -> Jet:
        """Return the log of a tail beyond z with its derivatives by z."""
        log_tail = self.log_cdf(z) if side is Side.BELOW else self.log_sf(z)
        return tail_jet(log_tail, self.log_prob(z), self.slope(z), side)


class _Normal(Standard):
    def tail(self, z: Array, side: Side) -> Jet:
        far = side.value * z
        outer = far > 0
        # erfcx is the tail beyond |z| over the density, and so keeps its digits however far out.
        half = 0.5 * scipy_special().erfcx(np.abs(far) * _ROOT_HALF)
        square = 0.5 * far * far
        power = np.exp(-square)
        beyond = half * power
        value = np.where(outer, np.log(half) - square, np.log1p(-beyond))
        hazard = np.where(outer, 1.0, power) * _DENSITY_AT_0 / np.where(outer, half, 1.0 - beyond)
        second = hazard * (far - hazard)
        distant = far > _FAR_NORMAL
        if np.any(distant):
            # There the hazard is |z| + 1/|z| - …, of which little is left beside the slope.
            inverse = 1.0 / np.where(distant, square, 1.0)
            series = 1.0 - inverse * (3.0 - inverse * (12.5 - 64.75 * inverse))
            second = np.where(distant, 0.5 * inverse * series - 1.0, second)
        return Jet(value, -side.value * hazard, second)


def exponential_tail(t: Array, side: Side) -> Jet:
    """Return the log of exp(-t), or of 1 - exp(-t) below t, with its derivatives by log t."""
    if side is Side.ABOVE:
        return Jet(-t, -t, -t)
    first = t / np.expm1(t)
    return Jet(log1mexp(-t), first, first * (1.0 - t - first))


def exponential_cell(t: Array) -> Jet:
    """Return the log of 1 - exp(-t), t not beyond `FAR_OUT`, with its derivatives by log t.

    In fewer operations than the tail: what it loses where the log is near 0 is lost beside 1.
    """
    less = -np.expm1(-t)
    first = t * (1.0 - less) / less
    return Jet(np.log(less), first, first * (1.0 - t - first))


class _Logistic(Standard):
    def tail(self, z: Array, side: Side) -> Jet:
        far = side.value * z
        small = np.exp(-np.abs(far))
        share = 1.0 / (1.0 + small)
        hazard = np.where(far < 0.0, small, 1.0) * share
        value = -(np.maximum(far, 0.0) + np.log1p(small))
        return Jet(value, -side.value * hazard, -small * share * share)


class _GumbelOfMinima(Standard):
    def tail(self, z: Array, side: Side) -> Jet:
        # exp(z) is a standard exponential; where its share below is 1 it may overflow.
        if side is Side.ABOVE:
            return exponential_tail(np.exp(z), side)
        value, first, second = exponential_tail(np.exp(np.clip(z, _TINY, _FAR_GUMBEL)), side)
        return Jet(np.where(z < _TINY, z, value), first, second)


class _Gumbel(Standard):
    def tail(self, z: Array, side: Side) -> Jet:
        value, first, second = GUMBEL_OF_MINIMA.tail(-z, Side(-side.value))
        return Jet(value, -first, second)


class _Cauchy(Standard):
    def tail(self, z: Array, side: Side) -> Jet:
        size = np.abs(z)
        if not np.all(size < _FAR_CAUCHY):
            return super().tail(z, side)
        outer, shorter = side.value * z > 0, np.arctan2(1.0, size) / np.pi
        tail = np.where(outer, shorter, 1.0 - shorter)
        value = np.where(outer, np.log(shorter), np.log1p(-shorter))
        inverse = 1.0 / (1.0 + z * z)
        first = (-side.value / np.pi) * inverse / tail
        return Jet(value, first, first * (-2.0 * z * inverse - first))


class _Exponential(Standard):
    def tail(self, z: Array, side: Side) -> Jet:
        if side is Side.ABOVE:
            return Jet(-z, -1.0, 0.0)
        first = 1.0 / np.expm1(z)
        return Jet(log1mexp(-z), first, -first * (1.0 + first))


def _gumbel(z: Number) -> Number:
    z = where(z < _LEAST_GUMBEL, _LEAST_GUMBEL, z)  # of -∞ the two terms would be ∞ - ∞
    return -z - exp(-z)


def _logistic(z: Number) -> Number:
    size = absolute(z)
    return -size - 2.0 * log1p(exp(-size))


def _laplace_log_cdf(z: Array) -> Array:
    lower = np.minimum(z, 0.0) - LOG_TWO
    return np.where(z < 0, lower, log1mexp(-np.maximum(z, 0.0) - LOG_TWO))


def _laplace_quantile(q: Array) -> Array:
    return np.where(q < 0.5, np.log(2.0 * q), -np.log(2.0 * (1.0 - q)))


def _cauchy_quantile(q: Array) -> Array:
    return np.where(q < 0.25, -1.0 / np.tan(np.pi * q), np.tan(np.pi * (q - 0.5)))


def _cauchy_cdf(z: Array) -> Array:
    return np.arctan2(1.0, -z) / np.pi


def _cauchy_log_cdf(z: Array) -> Array:
    shorter = _cauchy_cdf(-np.abs(z))
    return np.where(z < 0.0, np.log(shorter), np.log1p(-shorter))


NORMAL = _Normal(
    log_prob=standard.normal,
    slope=standard.normal_slope,
    log_cdf=log_ndtr,
    log_sf=lambda z: log_ndtr(-z),
    cdf=ndtr,
    sf=lambda z: ndtr(-z),
    quantile=ndtri,
    upper_quantile=lambda q: -ndtri(q),
)

LOGISTIC = _Logistic(
    log_prob=_logistic,
    slope=lambda z: -tanh(0.5 * z),
    log_cdf=lambda z: -softplus(-z),
    log_sf=lambda z: -softplus(z),
    cdf=sigmoid,
    sf=lambda z: sigmoid(-z),
    quantile=lambda q: np.log(q) - np.log1p(-q),
    upper_quantile=lambda q: np.log1p(-q) - np.log(q),
)

LAPLACE = Standard(
    log_prob=standard.laplace,
    slope=standard.laplace_slope,
    log_cdf=_laplace_log_cdf,
    log_sf=lambda z: _laplace_log_cdf(-z),
    cdf=lambda z: np.exp(_laplace_log_cdf(z)),
    sf=lambda z: np.exp(_laplace_log_cdf(-z)),
    quantile=_laplace_quantile,
    upper_quantile=lambda q: -_laplace_quantile(q),
)

CAUCHY = _Cauchy(
    log_prob=lambda z: -log_one_plus_square(z) - _LOG_PI,
    slope=lambda z: -2.0 * standard.pull(z),
    log_cdf=_cauchy_log_cdf,
    log_sf=lambda z: _cauchy_log_cdf(-z),
    cdf=_cauchy_cdf,
    sf=lambda z: _cauchy_cdf(-z),
    quantile=_cauchy_quantile,
    upper_quantile=lambda q: -_cauchy_quantile(q),
)

GUMBEL = _Gumbel(
    log_prob=_gumbel,
    slope=lambda z: expm1(-z),
    log_cdf=lambda z: -np.exp(-z),
    log_sf=lambda z: np.where(z > -_TINY, -z, log1mexp(-np.exp(np.maximum(-z, _TINY)))),
    cdf=lambda z: np.exp(-np.exp(-z)),
    sf=lambda z: -np.expm1(-np.exp(-z)),
    quantile=lambda q: -np.log(-np.log(q)),
    upper_quantile=lambda q: -np.log(-np.log1p(-q)),
)
"""The greatest of many values."""

GUMBEL_OF_MINIMA = _GumbelOfMinima(
    log_prob=lambda z: z - exp(z),
    slope=lambda z: -expm1(z),
    log_cdf=lambda z: np.where(z < _TINY, z, log1mexp(-np.exp(np.maximum(z, _TINY)))),
    log_sf=lambda z: -np.exp(z),
    cdf=lambda z: -np.expm1(-np.exp(z)),
    sf=lambda z: np.exp(-np.exp(z)),
    quantile=lambda q: np.log(-np.log1p(-q)),
    upper_quantile=lambda q: np.log(-np.log(q)),
)
"""The least of many values: the logarithm of a Weibull's."""

EXPONENTIAL = _Exponential(
    log_prob=lambda z: -z,
    slope=lambda z: 0.0 * z - 1.0,
    log_cdf=lambda z: log1mexp(-z),
    log_sf=lambda z: -z,
    cdf=lambda z: -np.expm1(-z),
    sf=lambda z: np.exp(-z),
    quantile=lambda q: -np.log1p(-q),
    upper_quantile=lambda q: -np.log(q),
)
"""The logarithm of a Pareto's value over its least."""
