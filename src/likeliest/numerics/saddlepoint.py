"""The pieces of Loader's (2000) saddle-point forms: large terms have cancelled on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.numerics.arrays import either, holds, where
from likeliest.numerics.logs import Curve, Log
from likeliest.numerics.special import (
    absolute,
    log,
    log1p,
    log1pmx,
    polynomial,
)

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array, Number

STIRLING_FROM = 8.0
_CLOSE = 0.25  # nearer to p than this share of it, e - log(1 + e) would cancel
_LEAST, _GREATEST = 1e-290, 1e290
# Stirling's series, B_2k / (2k (2k - 1) n^(2k-1)): Abramowitz & Stegun 6.1.41.
STIRLING = (
    *(1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400),
    *(43867 / 244188, -174611 / 125400),
)
_NEAR_FROM, _NEAR_AT = 0.5, 2.0
# n times the error for n from ½ to 8, a polynomial in t = (n - 2)/(n + 2), |t| ≤ 0.6: Chebyshev's
# interpolant of degree 31, off by 1e-17 of it (tests/numerics/test_stirling.py derives it).
_NEAR = (
    0.0826813919108186,
    0.002460020129811816,
    -0.004400437682216368,
    0.005534708839646558,
    -0.005883028230854068,
    0.005670519839899272,
    -0.0051642055768973145,
    0.0045646819366005065,
    -0.0039825007017448176,
    0.0034627016224167487,
    -0.0030157200633215532,
    0.0026373721185059843,
    -0.002318444852359204,
    0.002049906680934218,
    -0.001826506278669632,
    0.0016332394499288636,
    -0.0014321913987423967,
    0.0012917453176453338,
    -0.0014199184773800062,
    0.0013026537249070619,
    7.751195869890509e-05,
    -0.00010859026028647773,
    -0.004657475752556014,
    0.004411818472381403,
    0.008833517118878597,
    -0.008429071396076453,
    -0.016874583648224268,
    0.0160544423710274,
    0.016578658415902517,
    -0.015786323928352514,
    -0.009373270139448766,
    0.008909853929477754,
)


def stirling_error(n: Number) -> Array:
    """log Γ(n + 1) - [(n + ½) log n - n + ½ log 2π], n > 0."""
    far, near = (_stirling_far, STIRLING_FROM), (_stirling_near, 1.0)
    return either(n >= STIRLING_FROM, n, far, near)


def stirling_error_of_inverse(u: Number) -> Array:
    """Return the error at n = 1/u, for u ≥ 0: 0 at 0, and smooth there."""
    small = u <= 1.0 / STIRLING_FROM
    near = _stirling_near(1.0 / where(small, 1.0, u))
    return where(small, stirling_series(where(small, u, 0.0)), near)


def stirling_series(u: Number) -> Array:
    """Return the error at n = 1/u, for n of at least `STIRLING_FROM`."""
    return u * polynomial(u * u, STIRLING)


def _stirling_far(n: Number) -> Array:
    return stirling_series(1.0 / n)


def _stirling_near(n: Number) -> Array:
    """Return the error for n below `STIRLING_FROM`; below ½ from that at n + 1."""
    low = n < _NEAR_FROM
    shifted = where(low, n + 1.0, n)
    error = polynomial((shifted - _NEAR_AT) / (shifted + _NEAR_AT), _NEAR) / shifted
    small = where(low, n, 1.0)
    return where(low, error + ((small + 0.5) * (log1p(small) - log(small)) - 1.0), error)


def deviance(x: Number, m: Number) -> Array:
    """x log(x/m) + m - x, for x ≥ 0 and m > 0: Loader's bd0."""
    return deviance_about(x, m, m - x)


def deviance_about(x: Number, m: Number, excess: Number) -> Array:
    """Return the deviance where m - x is known to more digits than m and x themselves give."""
    positive, within = x > 0, m < np.inf
    # Chosen beside m or excess, so that a plain number takes the type of a tensor among them.
    finite = where(within, m, 1.0)
    part = deviance_from(where(positive, x, finite), log(finite), where(within, excess, 0.0))
    return where(positive & within, part, m)


def deviance_from(x: Number, log_m: Number, excess: Number) -> Array:
    """Return the deviance of x > 0 from the log of m and m - x."""
    near = absolute(excess) < 0.5 * x
    if holds(near):
        return -x * log1pmx(excess / x)
    d = where(near, excess / x, 0.0)
    return where(near, -x * log1pmx(d), x * (log(x) - log_m) + excess)


def log_ratio(x: Number, p: Number) -> Array:
    """log(x/p) for x, p > 0, with all its digits where they are close."""
    return log_ratio_about(x, p, x - p)


def log_ratio_about(x: Number, p: Number, excess: Number) -> Array:
    """log(x/p) where x - p is known to more digits than x and p themselves give."""
    near = absolute(excess) < 0.5 * p
    if holds(near):
        return log1p(excess / p)
    d = where(near, excess / p, 0.0)
    ratio = x / p
    # Of a quotient that stays within float64 one logarithm is closer than two.
    ordinary = (ratio > _LEAST) & (ratio < _GREATEST)
    far = where(ordinary, log(where(ordinary, ratio, 1.0)), log(x) - log(p))
    return where(near, log1p(d), far)


def log_quotient(x: Array, p: float) -> Array:
    """Return log(x/p) of a chunk (NumPy), in as few operations as its values allow.

    Only values all close to p need more than the logarithm of the quotient. Of many samples `x`
    has a row for each and `p` is of shape (samples, 1), within float64 by a wide margin.
    """
    if np.ndim(p):
        return _log_quotients(x, p)
    if are_close(x, p):
        return np.log1p((x - p) / p)
    if not _is_ordinary(x, p):
        return np.log(x) - np.log(p)
    ratio = x * (1.0 / p)
    return np.log(ratio, out=ratio)


def logs_of_quotient(x: Array, p: float) -> Array | Log:
    """Return log(x/p) of a chunk (NumPy), to be added up."""
    if np.ndim(p):
        return _log_quotients(x, p)
    if are_close(x, p) or not _is_ordinary(x, p):
        return log_quotient(x, p)
    return Log(x * (1.0 / p))


def excess_and_curve(x: Array, p: float) -> tuple[Array, Array | Curve]:
    """Return e = (x - p)/p and e - log(1 + e) of a chunk (NumPy), to be added up."""
    if np.ndim(p):
        excess = (x - p) / p
        return excess, curves(excess, x / p)
    if are_close(x, p) or not _is_ordinary(x, p):
        excess = (x - p) / p
        return excess, -log1pmx(excess) if are_close(x, p) else excess - log_quotient(x, p)
    ratio = x * (1.0 / p)
    excess = ratio - 1.0
    return excess, Curve(excess, ratio)


def _log_quotients(x: Array, p: Array | float) -> Array:
    """Return log(x/p) of many samples, a row for each."""
    logs = np.log(x / p)
    close = (np.abs(logs) < _CLOSE).all(axis=-1)
    if close.any():
        pivot = np.broadcast_to(p, (len(x), 1))[close]
        logs[close] = np.log1p((x[close] - pivot) / pivot)
    return logs


def curves(excess: Array, one_more: Array) -> Array:
    """Return e - log(1 + e) of many samples, a row for each, by e and 1 + e."""
    curve = excess - np.log(one_more)
    close = (np.abs(excess) < _CLOSE).all(axis=-1)
    if close.any():
        curve[close] = -log1pmx(excess[close])
    return curve


def are_close(x: Array, p: float) -> bool:
    """Whether all values of a chunk lie so close to p that log(x/p) needs their differences."""
    least, most = (1.0 - _CLOSE) * p, (1.0 + _CLOSE) * p
    # The first value settles it mostly, without a look at the others.
    return bool(
        least < x[0] < most and np.minimum.reduce(x) > least and np.maximum.reduce(x) < most
    )


def _is_ordinary(x: Array, p: float) -> bool:
    """Whether x/p and 1/p stay well within float64; of x/p with p > 1 only the least can leave."""
    if not _LEAST < p < _GREATEST:
        return False
    return bool(
        np.minimum.reduce(x) > _LEAST * p and (p > 1.0 or np.maximum.reduce(x) < _GREATEST * p)
    )
