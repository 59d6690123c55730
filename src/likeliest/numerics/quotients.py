"""log(1 + x)/x and (exp(x) - 1)/x with two derivatives each: smooth through 0, where x vanishes."""

from __future__ import annotations

from math import factorial
from typing import TYPE_CHECKING, NamedTuple

from likeliest.numerics.arrays import where
from likeliest.numerics.special import absolute, exp, expm1, log, log1p, polynomial

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Number

_WITHIN = 0.1  # where series serve: beyond, second derivatives lose no more than three digits


class Quotient(NamedTuple):
    """A function of x with its first and second derivative."""

    value: Number
    first: Number
    second: Number


def _derived(coefficients: tuple[float, ...]) -> tuple[float, ...]:
    """Return the coefficients of a power series' derivative."""
    return tuple(k * c for k, c in enumerate(coefficients))[1:]


_LOG = tuple((-1.0) ** k / (k + 1) for k in range(20))
_EXP = tuple(1.0 / factorial(k + 1) for k in range(12))
_LOG_SLOPE, _EXP_SLOPE = _derived(_LOG), _derived(_EXP)
_LOG_BEND, _EXP_BEND = _derived(_LOG_SLOPE), _derived(_EXP_SLOPE)


def log1p_over(x: Number, whole: Number | None = None) -> Number:
    """Return log(1 + x)/x alone, as `log1p_quotient` does."""
    small = absolute(x) < _WITHIN
    s, direct = where(small, x, 0.0), where(small, 1.0, x)
    whole = 1.0 + direct if whole is None else where(small, 2.0, whole)
    return where(small, polynomial(s, _LOG), _log1p(direct, whole) / direct)


def _log1p(x: Number, whole: Number) -> Number:
    """Return log(1 + x), near -1 from 1 + x itself."""
    near_end = x < -0.5
    return where(near_end, log(where(near_end, whole, 1.0)), log1p(where(near_end, 0.0, x)))


def log1p_quotient(x: Number, whole: Number | None = None) -> Quotient:
    """Return log(1 + x)/x, 1 at 0, with its derivatives; x > -1.

    Near -1 from 1 + x itself, which `whole` may give to more digits than x does.

    Examples
    --------
    >>> [round(float(term), 6) for term in log1p_quotient(0.0)]
    [1.0, -0.5, 0.666667]
    """
    small = absolute(x) < _WITHIN
    s, direct = where(small, x, 0.0), where(small, 1.0, x)
    whole = 1.0 + direct if whole is None else where(small, 2.0, whole)
    value, share = _log1p(direct, whole) / direct, 1.0 / whole
    first = (share - value) / direct
    second = -(share * share + 2.0 * first) / direct
    return Quotient(
        where(small, polynomial(s, _LOG), value),
        where(small, polynomial(s, _LOG_SLOPE), first),
        where(small, polynomial(s, _LOG_BEND), second),
    )


def expm1_over(x: Number) -> Number:
    """Return (exp(x) - 1)/x alone, as `expm1_quotient` does."""
    zero = x == 0.0
    return where(zero, 1.0 + 0.5 * x, expm1(x) / where(zero, 1.0, x))


def expm1_quotient(x: Number) -> Quotient:
    """Return (exp(x) - 1)/x, 1 at 0, with its derivatives.

    Examples
    --------
    >>> [round(float(term), 6) for term in expm1_quotient(0.0)]
    [1.0, 0.5, 0.333333]
    """
    small = absolute(x) < _WITHIN
    s, direct = where(small, x, 0.0), where(small, 1.0, x)
    value = expm1(direct) / direct
    first = (exp(direct) - value) / direct
    second = (exp(direct) - 2.0 * first) / direct
    return Quotient(
        where(small, polynomial(s, _EXP), value),
        where(small, polynomial(s, _EXP_SLOPE), first),
        where(small, polynomial(s, _EXP_BEND), second),
    )
