"""The exponential distribution function to a power, by the log of the value: w = log v."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.distributions.derivatives import Derivatives, Side, Standardisation, chained
from likeliest.distributions.standards import GUMBEL
from likeliest.numerics.arrays import where
from likeliest.numerics.special import exp, expm1, log, log1mexp

if TYPE_CHECKING:
    from likeliest.distributions.parameters import Parameter
    from likeliest.numerics.arrays import Array, Number

_FAR = 40.0  # v beyond which 1 - exp(-v) is 1 to rounding
_TINY = -40.0  # w below which it is v
_LARGEST = 700.0  # v whose exponential is within float64


def log_density(outer: Parameter, w: Array) -> Array:
    """Return the log density of w, P(W ≤ w) being (1 - exp(-exp(w)))^outer."""
    v = exp(w)
    return log(outer) + w - v + (outer - 1.0) * _log_below(w, v)


def density_terms(outer: Parameter, w: Array) -> Derivatives:
    """Return the log density of w with its derivatives by `outer` and w."""
    v, unit = exp(w), 1.0 / outer
    log_below = _log_below(w, v)
    slope, bend = _slopes(v)
    value = log(outer) + w - v + (outer - 1.0) * log_below
    return Derivatives(
        value,
        (unit + log_below, 1.0 - v + (outer - 1.0) * slope),
        (0.0 * v - unit * unit, slope, (outer - 1.0) * bend - v),
    )


def _log_below(w: Array, v: Array) -> Array:
    """Return log(1 - exp(-v)), v being exp(w): w itself far below 0."""
    small = w < _TINY
    return where(small, w, log1mexp(-where(small, 1.0, v)))


def _slopes(v: Number) -> tuple[Number, Number]:
    """Return the derivatives of log(1 - exp(-v)) by log v: 1 and 0 where v is small."""
    some = (v > 0.0) & (v < _LARGEST)
    inner = where(some, v, 1.0)
    slope = where(some, inner / expm1(inner), where(v > 0.0, 0.0, 1.0 + 0.0 * v))
    return slope, slope * (1.0 - where(some, v, 0.0) - slope)


def tail_of_log(outer: Parameter, w: Array) -> Standardisation:
    """Return -log(-log P(W ≤ w)), which is a standard Gumbel, by `outer` and w."""
    v, unit = np.exp(w), 1.0 / outer
    near = np.minimum(v, _FAR)
    above = -_log_below(w, near)  # exp(-v) far out
    slope, bend = _slopes(near)
    ratio = np.where(v > _FAR, v, slope / above)
    log_above = np.where(v > _FAR, -v, np.log(above))
    turn = np.where(v > _FAR, v, ratio * ratio + bend / above)
    return Standardisation(-np.log(outer) - log_above, (-unit, ratio), (unit * unit, 0.0, turn))


def log_tail(outer: Parameter, w: Array, side: Side) -> Array:
    """Return the log of a tail of w."""
    z = tail_of_log(outer, w).z
    return GUMBEL.log_cdf(z) if side is Side.BELOW else GUMBEL.log_sf(z)


def tail_terms(outer: Parameter, w: Array, side: Side) -> Derivatives:
    """Return the log of a tail of w with its derivatives by `outer` and w."""
    inner = tail_of_log(outer, w)
    return chained(GUMBEL.tail(inner.z, side), inner)


def log_value_at(log_below: Array, outer: Parameter) -> Array:
    """Return the w with P(W ≤ w) = exp(log_below)."""
    each = log_below / outer
    return np.where(each < _TINY, each, np.log(-log1mexp(np.maximum(each, _TINY))))
