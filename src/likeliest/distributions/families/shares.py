"""The beta of a share x and its rest y = 1 - x, both to all digits: also of odds x/y."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from likeliest.distributions.derivatives import Derivatives, Side, complement
from likeliest.distributions.integrated import listed
from likeliest.numerics.arrays import where
from likeliest.numerics.compensated import product_difference
from likeliest.numerics.gamma import log_minus_digamma, trigamma_difference, x_trigamma_minus_one
from likeliest.numerics.saddlepoint import deviance_about, log_ratio_about, stirling_error
from likeliest.numerics.special import HALF_LOG_TWO_PI, log
from likeliest.numerics.tails import betainc_inverse, betaincc_inverse, log_betainc

if TYPE_CHECKING:
    from likeliest.distributions.parameters import Parameter
    from likeliest.numerics.arrays import Array, Mask

Pair: TypeAlias = "tuple[Parameter, Parameter]"
"""The same quantity of x and of y."""

_LARGE = 1e290  # the halves of what is larger overflow
_ROWS = 1_024  # whose tails are integrated at a time
_DEEP = 40.0  # nats below its end at which the rest of a tail is of no account
_STEPS = 4  # of Newton's method
_LEGENDRE = np.polynomial.legendre.leggauss(14)
# Of a tail of length 1: each panel is four times as long as the one before. Errors are 6e-9 of
# parameters of 0.001, 1e-9 from 0.3 on, and mostly 1e-11.
_EDGES = np.concatenate([[0.0], 4.0 ** np.arange(-5.0, 1.0)])
_NODES = (_EDGES[:-1, None] + 0.5 * np.diff(_EDGES)[:, None] * (1.0 + _LEGENDRE[0])).ravel()
_SQUARES = _NODES * _NODES
_WEIGHTS = (0.5 * np.diff(_EDGES)[:, None] * _LEGENDRE[1]).ravel()


def excess_of(a: Parameter, b: Parameter, x: Parameter, y: Parameter) -> Parameter:
    """Return b x - a y, which is (a + b) x - a, to more digits than its terms have."""
    return product_difference(*_balanced(b, x), *_balanced(a, y))


def log_density_of_logit(
    a: Parameter, b: Parameter, x: Parameter, y: Parameter, excess: Parameter
) -> Array:
    """Return the log density of log(x/y): x^a y^b / B(a, b), from excess = x - a/(a + b).

    Source: Loader (2000).
    """
    n = a + b
    peak = 0.5 * log(a / n * b) - HALF_LOG_TWO_PI
    errors = stirling_error(n) - stirling_error(a) - stirling_error(b)
    # As shares of n: n x could be too small for all its digits.
    pull = deviance_about(a / n, x, excess) + deviance_about(b / n, y, -excess)
    return peak + errors - n * pull


def score_of(a: Parameter, b: Parameter, x: Parameter, y: Parameter, excess: Parameter) -> Pair:
    """Return the derivatives of the log density by a and b, x and y fixed."""
    n = a + b
    whole = log_minus_digamma(n)
    by_a = log_ratio_about(x, a / n, excess) + log_minus_digamma(a)
    by_b = log_ratio_about(y, b / n, -excess) + log_minus_digamma(b)
    return by_a - whole, by_b - whole


def information_of(a: Parameter, b: Parameter) -> tuple[Parameter, Parameter, Parameter]:
    """Return the Fisher information by a and b: the upper triangle."""
    n = a + b
    return (
        -trigamma_difference(a, b),
        -(1.0 + x_trigamma_minus_one(n)) / n,
        -trigamma_difference(b, a),
    )


def entropy_of_logit(a: Parameter, b: Parameter) -> Parameter:
    """Return the differential entropy of log(x/y), nats, by Stirling's formula."""
    n = a + b
    peak = HALF_LOG_TWO_PI - 0.5 * np.log(a / n * b)
    errors = stirling_error(a) + stirling_error(b) - stirling_error(n)
    weights = a * log_minus_digamma(a) + b * log_minus_digamma(b) - n * log_minus_digamma(n)
    return peak + errors + weights


def tail_of(a: Parameter, b: Parameter, x: Array, y: Array, side: Side) -> Array:
    """Return the log of a tail."""
    return log_betainc(a, b, x, y) if side is Side.BELOW else log_betainc(b, a, y, x)


def tail_terms(a: Parameter, b: Parameter, x: Array, y: Array, side: Side) -> Derivatives:
    """Return the log of a tail with its derivatives by a and b, x and y fixed.

    They are means over the tail of score and Hessian (Louis 1982), by quadrature over the logit of
    the share. The shorter tail is integrated, the other is what it leaves of 1.
    """
    shape = np.broadcast_shapes(*map(np.shape, (a, b, x, y)))
    terms = (*score_of(a, b, x, y, excess_of(a, b, x, y) / (a + b)), *information_of(a, b))
    by_a, by_b, a_twice, a_and_b, b_twice = (np.ravel(np.broadcast_to(t, shape)) for t in terms)
    a, b, x, y = (np.ravel(np.broadcast_to(v, shape)) for v in (a, b, x, y))
    # Seen from the smaller of x and y.
    mirrored = x > y
    own, other = np.where(mirrored, b, a), np.where(mirrored, a, b)
    end = np.minimum(x, y)
    inwards = (own + other) * end < np.maximum(own, 1.0)
    moments = np.empty((5, x.size))
    for first in range(0, x.size, _ROWS):
        rows = slice(first, first + _ROWS)
        moments[:, rows] = _moments(own[rows], other[rows], end[rows], inwards[rows])
    of_own, of_other, own_twice, both, other_twice = moments
    below = inwards != mirrored  # of what was integrated
    shorter = log_betainc(
        np.where(below, a, b), np.where(below, b, a), np.where(below, x, y), np.where(below, y, x)
    )
    beyond = Derivatives(
        shorter,
        (by_a + np.where(mirrored, of_other, of_own), by_b + np.where(mirrored, of_own, of_other)),
        (
            np.where(mirrored, other_twice, own_twice) - a_twice,
            both - a_and_b,
            np.where(mirrored, own_twice, other_twice) - b_twice,
        ),
    )
    nearer = below == (side is Side.BELOW)
    value, by_a, by_b, *hessian = (
        np.where(nearer, one, rest).reshape(shape)[()]
        for one, rest in zip(listed(beyond), listed(complement(beyond)), strict=True)
    )
    return Derivatives(value, (by_a, by_b), tuple(hessian))


def _moments(own: Array, other: Array, x: Array, inwards: Mask) -> Array:
    """Return means and covariances of log x and log(1 - x) over a tail, less those at its end.

    Parameters
    ----------
    own, other : arrays of shape (n,)
        The parameters of x and of 1 - x.
    x : array of shape (n,)
        The end of the tail, at most 1/2.
    inwards : array of shape (n,)
        Whether the tail lies below x.

    Returns
    -------
    array of shape (5, n): the two means, then the upper triangle of the covariances.
    """
    n, way = own + other, np.where(inwards, -1.0, 1.0)
    slope, bend = way * (n * x - own), n * x * (1.0 - x)
    straight, bell = _DEEP / np.maximum(slope, 1e-300), np.sqrt(2.0 * _DEEP / bend)
    reach = np.where(inwards & (own < 1.0), _DEEP / own, np.minimum(straight, bell))
    for _ in range(_STEPS):  # in logarithms, since a power is a line there
        rise = np.expm1(way * reach)
        fall = n * np.log1p(x * rise) - way * own * reach
        steepness = way * (n * x * (1.0 + rise) / (1.0 + x * rise) - own)
        step = np.log(_DEEP / fall) * fall / (reach * steepness)
        reach = reach * np.exp(np.clip(step, -2.0, 2.0))
    end = way * reach
    logit = end[:, None] * _NODES
    rest = np.expm1(logit)
    rest *= x[:, None]
    np.log1p(rest, out=rest)  # minus log(1 - x), less that at the end
    logit *= own[:, None]
    logit -= n[:, None] * rest
    weight = np.exp(logit, out=logit)
    weight *= _WEIGHTS
    whole = 1.0 / np.sum(weight, axis=1)
    of_logit, logit_twice = end * whole * (weight @ _NODES), end * end * whole * (weight @ _SQUARES)
    weight *= rest
    of_rest, both = -whole * np.sum(weight, axis=1), -end * whole * (weight @ _NODES)
    rest_twice = whole * np.einsum("ij,ij->i", weight, rest) - of_rest * of_rest
    both -= of_logit * of_rest
    own_and_rest = both + rest_twice
    own_twice = logit_twice - of_logit * of_logit + both + own_and_rest
    return np.stack([of_logit + of_rest, of_rest, own_twice, own_and_rest, rest_twice])


def odds_with(a: Parameter, b: Parameter, q: Array, side: Side) -> Array:
    """Return the odds x/y beyond which, on one side, lies a probability q."""
    below = side is Side.BELOW
    x = (betainc_inverse if below else betaincc_inverse)(a, b, q)
    y = (betaincc_inverse if below else betainc_inverse)(b, a, q)
    return np.where(x < y, x / (1.0 - x), (1.0 - y) / y)[()]


def _balanced(a: Parameter, x: Parameter) -> Pair:
    """Return factors of a·x that leave room below the end of float64: a is shrunk, x grows."""
    large = a > _LARGE
    return where(large, a * 2.0**-60, a), where(large, x * 2.0**60, x)
