"""Modified Bessel functions K of order ν over that of order ½, by 1/z: smooth at 0."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from likeliest.numerics.arrays import where
from likeliest.numerics.special import log, polynomial, sqrt

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array, Number

FEW = 32  # the largest whole x for which the recurrence serves
_TERMS = 10  # of the expansion beyond, to rounding from there on


class LogRatio(NamedTuple):
    """A logarithm with its first and second derivative by s."""

    value: Number
    first: Number
    second: Number


def log_ratio_of_few(x: Number, s: Number) -> LogRatio:
    """Return the log of K_(x-½)(1/s) / K_½(1/s), x whole up to `FEW`: Bessel's polynomials.

    By their recurrence, all terms of which are positive: y(x + 1) = (2x - 1) s y(x) + y(x - 1),
    where y(0) = y(1) = 1.
    """
    one, zero = 1.0 + 0.0 * s, 0.0 * s
    before, latest = (one, zero, zero), (one, zero, zero)
    value, first, second = (term + 0.0 * x for term in latest)
    for k in range(1, FEW):
        y, slope, bend = latest
        grown = (
            (2 * k - 1) * s * y + before[0],
            (2 * k - 1) * (s * slope + y) + before[1],
            (2 * k - 1) * (s * bend + 2.0 * slope) + before[2],
        )
        before, latest = latest, grown
        at = x == k + 1.0
        value, first, second = (
            where(at, new, old) for new, old in zip(latest, (value, first, second), strict=True)
        )
    first = first / value
    return LogRatio(log(value), first, second / value - first * first)


def order_terms(x: Number, s: Number) -> tuple[Number, Number, Number]:
    """Return ν = x - ½, t = ν s, and √(1 + t²): what the expansion of large orders is in."""
    order = x - 0.5
    t = order * s
    return order, t, sqrt(1.0 + t * t)


def log_correction(order: Number, t: Number, root: Number) -> Array:
    """Return the log of Debye's sum of (-1)^k U_k(p)/ν^k, p = t/√(1 + t²), over (1 + t²)^¼."""
    p, per = t / root, 1.0 / order
    return _in_orders(per, p, _debye()) - 0.5 * log(root)


def log_ratio_slopes_of_many(x: Number, s: Number) -> tuple[Number, Number]:
    """Return the derivatives by s of the log of K_(x-½)(1/s) / K_½(1/s), for x above `FEW`.

    Source: Abramowitz & Stegun 9.7.8, its logarithm term by term.
    """
    order, t, root = order_terms(x, s)
    p, per, cube = t / root, 1.0 / order, root * root * root
    p_first, p_second = 1.0 / cube, -3.0 * t / (cube * root * root)
    first = tuple(_derived(c) for c in _debye())
    second = tuple(_derived(c) for c in first)
    by_p, by_p_twice = _in_orders(per, p, first), _in_orders(per, p, second)
    square = root * root
    slope = order / (1.0 + root) - 0.5 * t / square + by_p * p_first
    bend = (
        -order * t / (root * (1.0 + root) ** 2)
        - 0.5 * (1.0 - t * t) / (square * square)
        + by_p_twice * p_first * p_first
        + by_p * p_second
    )
    return order * slope, order * order * bend


def _in_orders(per: Number, p: Number, polynomials: tuple[tuple[float, ...], ...]) -> Number:
    """Return polynomials of p times 1/ν, 1/ν² and so on, added up."""
    total: Number = 0.0
    for coefficients in reversed(polynomials):
        total = per * (total + polynomial(p, coefficients))
    return total


def _derived(coefficients: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(k * c for k, c in enumerate(coefficients))[1:]


@cache
def _debye() -> tuple[tuple[float, ...], ...]:
    """Return the polynomials in p by which 1/ν, 1/ν², … stand in the logarithm.

    U_(k+1) = ½ p² (1 - p²) U_k' + ⅛ ∫ (1 - 5 p²) U_k: Abramowitz & Stegun 9.3.10.
    """
    sums = [[Fraction(1)]]
    for _ in range(_TERMS):
        u = sums[-1]
        following = [Fraction(0)] * (len(u) + 3)
        for power, c in enumerate(u):
            following[power + 1] += Fraction(power, 2) * c + c / (8 * (power + 1))
            following[power + 3] -= Fraction(power, 2) * c + 5 * c / (8 * (power + 3))
        sums.append(following)
    logs: list[list[Fraction]] = [[]]
    for n in range(1, _TERMS + 1):
        total = [(-1) ** n * c for c in sums[n]]
        for k in range(1, n):
            for i, a in enumerate(logs[k]):
                for j, b in enumerate(sums[n - k]):
                    total[i + j] -= Fraction(k, n) * a * (-1) ** (n - k) * b
        logs.append(total)
    return tuple(tuple(map(float, c)) for c in logs[1:])
