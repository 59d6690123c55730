"""Remainders of the series Σ θ^j/j and Σ j^(-s): what lies beyond a term, with its digits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from likeliest.numerics.special import exp, log, log1p, scipy_special
from likeliest.numerics.tails import lentz

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array, Number

_ADDED = 30  # terms of ζ(s, a) that are added one by one before Euler and Maclaurin's formula
# B_2j / (2j)!: Abramowitz & Stegun 23.1.18.
_MACLAURIN = (
    1 / 12, -1 / 720, 1 / 30240, -1 / 1209600, 1 / 47900160, -691 / 1307674368000,
    1 / 74724249600, -3617 / 10670622842880000,
)  # fmt: skip
_LONG = 2.0  # terms after k, in units of 1/(1 - θ), from which the continued fraction is short
_LARGE_BASE = 0.5  # 1 - θ of a θ so large that the whole sum has digits to spare
_NODES, _NODE_WEIGHTS = np.polynomial.legendre.leggauss(16)


class LogSum(NamedTuple):
    """The log of a sum with its first and second derivative by the parameter."""

    value: Array
    first: Array
    second: Array


def log_zeta(excess: Any, first: Any = 1.0) -> LogSum:
    """Return log Σ j^(-1-excess) over j = first, first + 1, …, for excess > 0.

    NumPy or tensors.

    Source: Euler and Maclaurin's formula; Abramowitz & Stegun 23.2.9.

    Examples
    --------
    >>> round(float(np.exp(log_zeta(1.0).value) - np.pi**2 / 6.0), 15)
    0.0
    """
    # Over the first term, which is 1: first^s Σ j^(-s) = 1 + Σ exp(-s log(j/first)).
    s = 1.0 + excess
    sums = [0.0 * s, 0.0 * s, 0.0 * s]
    for n in range(1, _ADDED):
        rise = log1p(n / first)
        term = exp(-s * rise)
        sums = [sums[0] + term, sums[1] - rise * term, sums[2] + rise * rise * term]
    rise, last = log1p(_ADDED / first), first + _ADDED
    value, slope, bend = _beyond(excess, last)
    weight = exp(-s * rise)
    sums = [
        sums[0] + weight * value,
        sums[1] + weight * (slope - rise * value),
        sums[2] + weight * (bend - 2.0 * rise * slope + rise * rise * value),
    ]
    more, whole, log_first = sums[0], 1.0 + sums[0], log(first)
    slope = sums[1] / whole
    bend = sums[2] / whole - slope * slope
    return LogSum(log1p(more) - s * log_first, slope - log_first, bend)


def _beyond(excess: Any, last: Any) -> tuple[Any, Any, Any]:
    """Return last^s Σ j^(-s) over j from `last` on with its derivatives, but for the factor's."""
    s, inverse, unit = 1.0 + excess, 1.0 / excess, 1.0 / last
    value = last * inverse + 0.5
    slope, bend = -last * inverse * inverse, 2.0 * last * inverse * inverse * inverse
    # s (s + 1) … (s + 2j - 2) / last^(2j - 1), with its derivatives by the product rule.
    rise, by_s, twice = s * unit, unit, 0.0 * unit
    for j, coefficient in enumerate(_MACLAURIN, start=1):
        value, slope = value + coefficient * rise, slope + coefficient * by_s
        bend = bend + coefficient * twice
        for factor in ((s + (2.0 * j - 1.0)) * unit, (s + 2.0 * j) * unit):
            rise, by_s, twice = (
                rise * factor, by_s * factor + rise * unit, twice * factor + 2.0 * by_s * unit
            )  # fmt: skip
    return value, slope, bend


def log_sum_of_powers(k: Array, base: Number) -> Array:
    """Return log Σ base^j/j over j > k, for 0 < base < 1 and k ≥ 1.

    It is the incomplete beta function B(base; k + 1, 0): by a continued fraction where the terms
    have died away, else from the harmonic number less ∫ (1 - (1 - y)^k)/y over 0 < y < 1 - base.

    Examples
    --------
    >>> beyond = np.exp(log_sum_of_powers(np.array(1.0), 0.5))
    >>> round(float(0.5 + beyond - np.log(2.0)), 15)
    0.0
    """
    k, base = (np.asarray(v, dtype=np.float64) for v in np.broadcast_arrays(k, base))
    rest = 1.0 - base
    near = (k * rest < _LONG) & (rest < _LARGE_BASE)
    result = np.empty(k.shape)
    result[near] = _from_harmonic(k[near], base[near])
    result[~near] = _by_fraction(k[~near] + 1.0, base[~near])
    return result[()]


def _by_fraction(a: Array, x: Array) -> Array:
    """Log B(x; a, 0) by the continued fraction of Didonato & Morris (1992), with b = 0."""
    y = 1.0 - x

    def coefficients(n: int) -> tuple[Array, Array]:
        m = a + 2 * n
        numerator = -(((a + n - 1) * n * x / (m - 1)) ** 2)
        return numerator, n - n * n * x / (m - 1) + (a + n) * (a * y + 1 + n * (1 + y)) / (m + 1)

    return a * np.log(x) + np.log(lentz(a * (a * y + 1) / (a + 1), coefficients))


def _from_harmonic(k: Array, base: Array) -> Array:
    """Log of Σ base^j/j over j > k as the whole less the first k terms."""
    rest = 1.0 - base
    y = 0.5 * rest[..., None] * (1.0 + _NODES)
    lost = -np.expm1(k[..., None] * np.log1p(-y)) / y
    missing = 0.5 * rest * np.sum(lost * _NODE_WEIGHTS, axis=-1)
    harmonic = scipy_special().digamma(k + 1.0) + np.euler_gamma
    return np.log(-np.log(rest) - harmonic + missing)
