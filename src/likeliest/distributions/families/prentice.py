"""The log of a gamma in Prentice's form: normal at shape 0, and smooth there.

With k = shape^-2 and g a standard gamma of shape k, w = log(g/k)/shape has the log density

    -½ log 2π - S(k) - w² φ(shape w),    φ(t) = (exp(t) - 1 - t)/t²,

S being the error of Stirling's formula for log Γ(k + 1).

Source: Prentice (1974).
"""

from __future__ import annotations

from math import factorial
from typing import TYPE_CHECKING

import numpy as np

from likeliest.distributions.derivatives import Derivatives
from likeliest.numerics.arrays import where
from likeliest.numerics.gamma import (
    log_minus_digamma,
    log_minus_digamma_beyond_half,
    x_trigamma_minus_one,
)
from likeliest.numerics.quotients import expm1_over, expm1_quotient
from likeliest.numerics.saddlepoint import STIRLING, STIRLING_FROM, stirling_error_of_inverse
from likeliest.numerics.special import HALF_LOG_TWO_PI, absolute, exp, polynomial

if TYPE_CHECKING:
    from likeliest.distributions.parameters import Parameter
    from likeliest.numerics.arrays import Array, Number

_WITHIN = 0.5  # where series serve
_TERMS = range(14)
_CURVE = tuple(1.0 / factorial(k + 2) for k in _TERMS)
_CURVE_SLOPE = tuple((k + 1) / factorial(k + 3) for k in _TERMS)
_CURVE_BEND = tuple((k + 2) * (k + 1) / factorial(k + 4) for k in _TERMS)
# S as a series in shape, c0 s² + c1 s⁶ + …, and its derivatives.
_ERROR_SLOPE = tuple((4 * j + 2) * c for j, c in enumerate(STIRLING))
_ERROR_BEND = tuple((4 * j + 2) * (4 * j + 1) * c for j, c in enumerate(STIRLING))


def log_density(shape: Parameter, w: Array) -> Array:
    """Return the log density of w."""
    error = stirling_error_of_inverse(shape * shape)
    return -HALF_LOG_TWO_PI - error - w * w * _curve(shape * w)


def density_terms(shape: Parameter, w: Array) -> Derivatives:
    """Return the log density of w with its derivatives by the shape and by w."""
    t = shape * w
    _, first, second = _curve_terms(t)
    growth = expm1_quotient(t)
    by_shape, shape_twice = _error_slopes(shape)
    square = w * w
    return Derivatives(
        log_density(shape, w),
        (-by_shape - square * w * first, -w * growth.value),
        (-shape_twice - square * square * second, -square * growth.first, -exp(t)),
    )


def _curve(t: Number) -> Number:
    small = absolute(t) < _WITHIN
    s, direct = where(small, t, 0.0), where(small, 1.0, t)
    return where(small, polynomial(s, _CURVE), (expm1_over(direct) - 1.0) / direct)


def _curve_terms(t: Number) -> tuple[Number, Number, Number]:
    """Return φ(t) with its derivatives."""
    small = absolute(t) < _WITHIN
    s, direct = where(small, t, 0.0), where(small, 1.0, t)
    growth = expm1_quotient(direct)
    value = (growth.value - 1.0) / direct
    first = (growth.first - value) / direct
    second = (growth.second - 2.0 * first) / direct
    return (
        where(small, polynomial(s, _CURVE), value),
        where(small, polynomial(s, _CURVE_SLOPE), first),
        where(small, polynomial(s, _CURVE_BEND), second),
    )


def _error_slopes(shape: Number) -> tuple[Number, Number]:
    """Return the first and second derivative of S(shape^-2) by the shape."""
    small = absolute(shape) < _SMALL
    s = where(small, shape, 0.0)
    fourth = s * s * s * s
    near_slope, near_bend = s * polynomial(fourth, _ERROR_SLOPE), polynomial(fourth, _ERROR_BEND)
    q = where(small, 1.0, shape)
    k = 1.0 / (q * q)
    # dS/dk is less than 0 by this, and dk/dq = -2k/q.
    beyond_half = log_minus_digamma_beyond_half(k)
    k_twice = x_trigamma_minus_one(k) / k - 0.5 / (k * k)
    slope = 2.0 * k / q * beyond_half
    bend = 4.0 * k * k * k * k_twice - 6.0 * k * k * beyond_half
    return where(small, near_slope, slope), where(small, near_bend, bend)


def mean_excess(shape: Parameter) -> Parameter:
    """Return k (log k - ψ(k)), which is -E[w]/shape: ½ at shape 0."""
    k = 1.0 / np.maximum(np.square(shape), _NO_SHAPE)
    return k * log_minus_digamma(k)


def variance(shape: Parameter) -> Parameter:
    """Return the variance of w: 1 at shape 0."""
    return 1.0 + x_trigamma_minus_one(1.0 / np.maximum(np.square(shape), _NO_SHAPE))


def sample(shape: Parameter, size: tuple[int, ...], rng: np.random.Generator) -> Array:
    """Draw w."""
    q = np.broadcast_to(shape, size)
    flat = np.abs(q) < _FLAT
    some = np.where(flat, 1.0, q)
    k = 1.0 / (some * some)
    # A gamma of shape k is one of shape k + 1 times a uniform to the power 1/k.
    logs = np.log(rng.standard_gamma(k + 1.0, size) / k) - rng.standard_exponential(size) / k
    return np.where(flat, rng.standard_normal(size), logs / some)


_SMALL = float(STIRLING_FROM**-0.5)  # a shape up to which Stirling's series serves
_FLAT = 1e-6  # a shape that no sample tells from 0
_NO_SHAPE = 1e-30  # a square of the shape that stands for 0
