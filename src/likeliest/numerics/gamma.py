"""Differences of log Γ, digamma and trigamma that cancel if they are taken as written."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from likeliest.numerics.arrays import either, where
from likeliest.numerics.saddlepoint import stirling_error
from likeliest.numerics.special import (
    HALF_LOG_TWO_PI,
    absolute,
    digamma,
    log,
    log1p,
    log1pmx,
    polynomial,
    scipy_special,
    trigamma,
)

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array, Number

_ASYMPTOTIC_FROM = 20.0
_SERIES_WITHIN = 0.25  # nearer to 0, e - log(1 + e) would cancel
_STEPS = 3  # of Newton's method, from within 1.5 %: the errors then are 4e-6, 3e-13 and rounding
_SHIFT = 20  # steps up to where the asymptotic series serves
_STEP_DOWN = tuple(2.0 - 2.0 / (2 * i + 1) for i in range(1, 17))
_DIGAMMA = (1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760)
_TRIGAMMA = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730)


def gamma_log_peak(shape: Number) -> Array:
    """log(shape^shape exp(-shape) / Γ(shape)): the log density of a gamma's log x at its mean."""
    return 0.5 * log(shape) - HALF_LOG_TWO_PI - stirling_error(shape)


def excess_less_log(excess: Number, log_ratio: Number) -> Array:
    """e - log(1 + e), where the logarithm is known and e may be near 0."""
    near = absolute(excess) < _SERIES_WITHIN
    return where(near, -log1pmx(where(near, excess, 0.0)), excess - log_ratio)


def gammaln_difference(x: Number, d: Number) -> Array:
    """log Γ(x + d) - log Γ(x), x > 0, d ≥ 0, from Stirling's formula and its error."""
    ratio = d / x
    return (
        x * log1pmx(ratio)
        - 0.5 * log1p(ratio)
        + d * log(x + d)
        + (stirling_error(x + d) - stirling_error(x))
    )


def log_minus_digamma(x: Number) -> Array:
    """log x - ψ(x), positive, about 1/(2x) for large x (Abramowitz & Stegun 6.3.18)."""
    far, near = (_far_gap, _ASYMPTOTIC_FROM), (_near_gap, 1.0)
    return either(x >= _ASYMPTOTIC_FROM, x, far, near)


def _far_gap(x: Number) -> Number:
    inverse = 1.0 / x
    return inverse * (0.5 + inverse * polynomial(inverse * inverse, _DIGAMMA))


def _near_gap(x: Number) -> Number:
    return log(x) - digamma(x)


def digamma_difference(x: Number, d: Number) -> Array:
    """ψ(x + d) - ψ(x), x > 0, d ≥ 0."""
    return log1p(d / x) + log_minus_digamma_fall(x, d)


def log_minus_digamma_fall(x: Number, d: Number) -> Array:
    """How much log x - ψ(x) falls from x to x + d, x > 0, d ≥ 0; about d/(2x²) for large x."""
    large = x >= _ASYMPTOTIC_FROM
    a = where(large, x + 0.0 * d, _ASYMPTOTIC_FROM)
    b = a + d
    # The leading terms, 1/(2a) - 1/(2b), are subtracted on paper.
    series = 0.5 * d / a / b + (_beyond_half(a) - _beyond_half(b))
    small = where(large, 1.0, x + 0.0 * d)
    return where(large, series, log_minus_digamma(small) - log_minus_digamma(small + d))


def log_minus_digamma_beyond_half(x: Number) -> Array:
    """log x - ψ(x) - 1/(2x), positive, about 1/(12x²) for large x.

    Each step from x to x + 1 takes off 1/(2x) + 1/(2x + 2) - log(1 + 1/x), in r = 1/(2x + 1)
    a series of positive terms.
    """
    shifted = where(x < 1.0, 1.0, x)
    total = _beyond_half(shifted + _SHIFT)
    for j in range(_SHIFT):
        r = 1.0 / (2.0 * (shifted + j) + 1.0)
        total = total + r * r * r * polynomial(r * r, _STEP_DOWN)
    return where(x < 1.0, _near_gap(x) - 0.5 / x, total)


def _beyond_half(x: Number) -> Array:
    """log x - ψ(x) - 1/(2x) for large x."""
    square = 1.0 / x / x
    return square * polynomial(square, _DIGAMMA)


def x_trigamma_minus_one(x: Number) -> Array:
    """x ψ'(x) - 1, positive, about 1/(2x) for large x (Abramowitz & Stegun 6.4.12)."""
    far, near = (_far_excess, _ASYMPTOTIC_FROM), (_near_excess, 1.0)
    return either(x >= _ASYMPTOTIC_FROM, x, far, near)


def _far_excess(x: Number) -> Number:
    inverse = 1.0 / x
    return inverse * (0.5 + inverse * polynomial(inverse * inverse, _TRIGAMMA))


def _near_excess(x: Number) -> Number:
    return x * trigamma(x) - 1.0


def trigamma_difference(x: Number, d: Number) -> Array:
    """ψ'(x + d) - ψ'(x), x > 0, d ≥ 0; negative."""
    y = x + d
    return x_trigamma_minus_one(y) / y - x_trigamma_minus_one(x) / x - d / (x * y)


def inverse_log_minus_digamma(gap: Array) -> Array:
    """Return the x at which log x - ψ(x) = gap > 0; ∞ for a gap of 0.

    Newton's method on the logarithms of both sides, where the function is nearly a line of
    slope -1, from Minka's (2002) start.

    Examples
    --------
    >>> float(inverse_log_minus_digamma(log_minus_digamma(np.float64(2.5))))
    2.5
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        wide = np.maximum(gap, 1e-290)
        x, target = where(wide < 1e8, _minka(np.minimum(wide, 1e8)), 1.0 / wide), np.log(wide)
        if isinstance(x, float):  # of one number Python's own functions take a third of the time
            x, target, log_, exp_ = float(x), float(target), math.log, math.exp
        else:
            log_, exp_ = np.log, np.exp
        for _ in range(_STEPS):
            value = log_minus_digamma(x)
            x = x * exp_((log_(value) - target) * value / x_trigamma_minus_one(x))
        return where(gap > 0, x, where(gap == 0, np.inf, np.nan))


def inverse_digamma(value: Array) -> Array:
    """Return the x > 0 at which ψ(x) = value, by Newton's method from Minka's (2000) start.

    Examples
    --------
    >>> round(float(inverse_digamma(digamma(2.5))), 12)
    2.5
    """
    x = np.where(value >= -2.22, np.exp(value) + 0.5, -1.0 / (value + np.euler_gamma))
    for _ in range(6):
        x = x - (digamma(x) - value) / trigamma(x)
    return x[()]


def log_gamma_variance(h: Number) -> Array:
    """Return log Γ(1 + 2h) - 2 log Γ(1 + h), h > -½: about π² h²/6 near 0.

    It is the log of E Y²/(E Y)² where Y is a standard exponential to the power h.
    """
    gammaln, zeta = scipy_special().gammaln, scipy_special().zeta
    # log Γ(1 + h) = -γ h + Σ (-1)^j ζ(j) h^j / j (Abramowitz & Stegun 6.1.33, rearranged)
    series = tuple((-1) ** j * zeta(j) / j * (2.0**j - 2.0) for j in range(2, 20))
    h = np.asarray(h)
    near = np.where(np.abs(h) < _VARIANCE_WITHIN, h, 0.0)
    direct = gammaln(1.0 + 2.0 * h) - 2.0 * gammaln(1.0 + h)
    by_series = near * near * polynomial(near, series)
    return np.where(np.abs(h) < _VARIANCE_WITHIN, by_series, direct)[()]


def log_gamma_quotient(h: Number) -> Array:
    """Return log Γ(1 + h)/h, h > -1: -γ at 0, and smooth there."""
    h = np.asarray(h)
    small = np.abs(h) < _VARIANCE_WITHIN
    zeta = scipy_special().zeta
    series = (-np.euler_gamma, *((-1) ** j * zeta(j) / j for j in range(2, 16)))
    direct = np.where(small, 1.0, h)
    by_formula = scipy_special().gammaln(1.0 + direct) / direct
    return np.where(small, polynomial(np.where(small, h, 0.0), series), by_formula)[()]


_VARIANCE_WITHIN = 0.05


def _minka(gap: Array) -> Array:
    root = np.sqrt((gap - 3.0) ** 2 + 24.0 * gap)
    return (3.0 - gap + root) / (12.0 * gap)
