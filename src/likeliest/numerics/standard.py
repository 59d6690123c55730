"""Log densities g(z) of standard members, and slopes; of x it is g((x - loc)/scale) - log scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.numerics.arrays import largest, where
from likeliest.numerics.gamma import digamma_difference, trigamma_difference
from likeliest.numerics.saddlepoint import stirling_error
from likeliest.numerics.special import (
    HALF_LOG_TWO_PI,
    LOG_TWO,
    absolute,
    log1pmx,
    log_one_plus_square,
    sign,
    sqrt,
)

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array, Number

_NORMAL = 1e300  # stands for df = ∞ in the formulas: the t is then the normal to the last bit


def normal(z: Number) -> Number:
    """Log density of the standard normal, nats."""
    return -0.5 * z * z - HALF_LOG_TWO_PI


def normal_slope(z: Number) -> Number:
    """Derivative of `normal` by z."""
    return -z


def laplace(z: Number) -> Number:
    """Log density of the standard Laplace, nats."""
    return -absolute(z) - LOG_TWO


def laplace_slope(z: Number) -> Number:
    """Derivative of `laplace` by z; 0 at the corner."""
    return -sign(z)


def student_t(x: Number, df: Number, scale: Number = 1.0) -> Array:
    """Log density of the standard t at x/scale, which may overflow; nats, for a finite df."""
    return t_log_peak(df) - 0.5 * (df + 1.0) * log_one_plus_square(x / sqrt(df), scale)


def student_t_slope(z: Number, df: Number) -> Array:
    """Derivative of `student_t` by z."""
    root = sqrt(df)
    return -(df + 1.0) / root * pull(z / root)


def student_t_slopes(z: Number, df: Number) -> tuple[Array, Array]:
    """Derivatives of `student_t` by z and by df."""
    root = z / sqrt(df)
    drawn = pull(root)
    by_df = t_tilt(df) - log_one_plus_square(root) + (1.0 + 1.0 / df) * root * drawn
    return -(df + 1.0) / sqrt(df) * drawn, 0.5 * by_df


def finite_df(df: Number) -> Number:
    """Return df, and where it is infinite one that is as good."""
    if isinstance(df, float):
        return min(df, _NORMAL)
    most = min(_NORMAL, 1e-8 * largest(df))
    return where(df > most, most, df)  # a NaN stays, to be seen


def t_log_peak(df: Number) -> Array:
    """Return log of Γ((df+1)/2) / (Γ(df/2) √(π df)), by Stirling's formula and its error."""
    half = 0.5 * df
    gap = stirling_error(half + 0.5) - stirling_error(half)
    return half * log1pmx(0.5 / half) + gap - HALF_LOG_TWO_PI


def t_tilt(df: Number) -> Array:
    """Twice the derivative of `t_log_peak` by df."""
    return digamma_difference(0.5 * df, 0.5) - 1.0 / df


def t_peak(df: Number) -> tuple[Array, Array, Array]:
    """Return `t_log_peak` with its first and second derivative by df/2 (NumPy), from one series.

    log Γ(a + ½) - log Γ(a) - ½ log a is an odd series in 1/a (Abramowitz & Stegun 6.1.40); where
    a = df/2 is small it is taken at a + 10, and the factors between are taken off.
    """
    if isinstance(df, float):  # the pieces by themselves: of one number half the work
        return t_log_peak(df), t_tilt(df), trigamma_difference(0.5 * df, 0.5) + 2.0 / df / df
    a = 0.5 * np.asarray(df)
    near = a < _STEPS.size
    b = np.where(near, a + _STEPS.size, a)
    inverse = 1.0 / b
    square = inverse * inverse
    series = square[..., None] ** _STEPS @ _SERIES
    peak = inverse * series[..., 0] - HALF_LOG_TWO_PI
    tilt, bend = square * series[..., 1], square * inverse * series[..., 2]
    if near.any():
        k = np.where(near, a, 1.0)[..., None] + _STEPS
        part = 0.5 / (k * (k + 0.5))
        bends = np.sum(part * (1.0 / k + 1.0 / (k + 0.5)), axis=-1)
        factors, own = np.sum(np.log1p(0.5 / k), axis=-1), 1.0 / a
        peak = peak + np.where(near, 0.5 * (np.log(b) - np.log(a)) - factors, 0.0)
        tilt = tilt + np.where(near, 0.5 * (inverse - own) + np.sum(part, axis=-1), 0.0)
        bend = bend + np.where(near, 0.5 * (own * own - square) - bends, 0.0)
    return peak[()], tilt[()], bend[()]


_STEPS = np.arange(10.0)
_TERMS = np.array(
    [-1 / 8, 1 / 192, -1 / 640, 17 / 14336, -31 / 18432, 691 / 180224, -5461 / 425984,
     929569 / 15728640, -3202291 / 8912896, 221930581 / 79691776]
)  # fmt: skip
_ODD = 2.0 * _STEPS + 1.0
_SERIES = np.stack([_TERMS, -_ODD * _TERMS, _ODD * (_ODD + 1.0) * _TERMS], axis=-1)


def pull(root: Number) -> Array:
    """root/(1 + root²), also where the square overflows."""
    far = absolute(root) > 1.0
    inner = where(far, 1.0 / where(far, root, 1.0), root)  # which leaves the fraction as it was
    return inner / (1.0 + inner * inner)
