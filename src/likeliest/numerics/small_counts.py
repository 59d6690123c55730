"""Terms of counts that are small, looked up in tables: many rows hold few different counts."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from likeliest.numerics.special import gammaln, polynomial

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array, Indices, Number

BELOW = 512
"""Counts that have a table: sums of their terms keep all but three digits of float64."""

_MANY = 4 * BELOW  # rows from which tables pay
_LEAST_DISPERSION = 1e-6  # below, sums over the table and a quotient would lose digits
_NEAR = 0.1  # mean · dispersion below which a series stands for what would cancel
_TERMS = range(2, 22)
_PART = tuple((-1) ** k * (1.0 - 1.0 / k) for k in _TERMS)
_PART_SLOPE = tuple((-1) ** k * (1.0 - 1.0 / k) * (k - 2) for k in _TERMS[1:])


class Terms(NamedTuple):
    """The log mass of counts with derivatives by mean and dispersion, by row."""

    log_prob: Array
    score: tuple[Array, Array]
    hessian: tuple[Array, Array, Array]


def codes(x: Array) -> Indices | None:
    """Return many small counts as whole numbers, None where some are none."""
    if x.ndim != 1 or x.size < _MANY:
        return None
    whole = x.astype(np.intp)
    small = whole.min() >= 0 and whole.max() < BELOW
    return whole if small and np.array_equal(whole, x) else None


@cache
def log_factorials() -> Array:
    """Return log x! for x = 0, 1, …."""
    table = np.asarray(gammaln(np.arange(1, BELOW + 1).astype(np.float64)), dtype=np.float64)
    table.setflags(write=False)
    return table


def poisson(x: Array, rate: Number) -> Array | None:
    """Return the log mass of many small counts, x log(rate) - rate - log x!; None of others."""
    m = np.asarray(rate, dtype=np.float64)
    k = codes(x) if np.all(m > 0.0) else None
    if k is None:
        return None
    return np.asarray(x * np.log(m) - m - log_factorials()[k], dtype=np.float64)


def negative_binomial(x: Array, mean: Number, dispersion: Number) -> Terms | None:
    """Return the terms of many small counts with one dispersion; None where they are not such.

    log p = Σ log(1 + j d) - log x! + x log m - (x + 1/d) log(1 + m d), the sum over j < x.

    Source: Lawless (1987), Canadian Journal of Statistics 15.
    """
    if np.ndim(dispersion) or not dispersion >= _LEAST_DISPERSION:
        return None
    k = codes(x)
    if k is None:
        return None
    d, j = float(dispersion), np.arange(int(k.max()))
    share = j / (1.0 + j * d)
    rises = _summed(np.log1p(j * d)) - log_factorials()[: j.size + 1]
    firsts, seconds = _summed(share), _summed(share * share)
    m = np.asarray(mean, dtype=np.float64)
    u = m * d
    kept, log_growth = 1.0 / (1.0 + u), np.log1p(u)
    of_mean, kept_square, wide = m * kept, kept * kept, x + 1.0 / d
    # log(1 + u) - u / (1 + u) over d², and what its slope adds, which cancel where u is small.
    part = (log_growth - u * kept) * (1.0 / (d * d))
    bend = of_mean * of_mean
    bends = bend * wide - (2.0 / d) * part
    near = np.flatnonzero(u < _NEAR)
    if near.size:
        some, at = m[near], u[near]
        part[near] = some * some * polynomial(at, _PART)
        bends[near] = x[near] * bend[near] + some**3 * polynomial(at, _PART_SLOPE)
    gap = m - x
    return Terms(
        rises[k] + x * np.log(m) - wide * log_growth,
        (-gap / m * kept, firsts[k] - x * of_mean + part),
        (wide * (kept_square * (d * d)) - x / (m * m), gap * kept_square, bends - seconds[k]),
    )


def _summed(terms: Array) -> Array:
    """Return the sums of the first 0, 1, 2, … terms."""
    return np.concatenate([[0.0], np.cumsum(terms)])
