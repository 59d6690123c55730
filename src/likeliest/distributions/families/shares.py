"""The beta of a share x and its rest y = 1 - x, both to all digits: also of odds x/y."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from likeliest.distributions.derivatives import Derivatives, Side, by_differences
from likeliest.numerics.arrays import where
from likeliest.numerics.compensated import product_difference
from likeliest.numerics.gamma import log_minus_digamma, trigamma_difference, x_trigamma_minus_one
from likeliest.numerics.saddlepoint import deviance_about, log_ratio_about, stirling_error
from likeliest.numerics.special import HALF_LOG_TWO_PI, log
from likeliest.numerics.tails import betainc_inverse, betaincc_inverse, log_betainc

if TYPE_CHECKING:
    from likeliest.distributions.parameters import Parameter
    from likeliest.numerics.arrays import Array

Pair: TypeAlias = "tuple[Parameter, Parameter]"
"""The same quantity of x and of y."""

_LARGE = 1e290  # the halves of what is larger overflow
_FEW = 1_000  # rows of which a call costs more than their tails
_STEP = 2e-3  # of the length over which the tails change with a shape


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
    """Return the log of a tail with its derivatives by a and b, x and y fixed: by differences."""
    steps = [_STEP * np.minimum(v, np.sqrt(v)) for v in (a, b)]
    return by_differences(lambda a, b: tail_of(a, b, x, y, side), (a, b), steps, axes=axes_of(x))


def axes_of(x: Array) -> int | None:
    """Return how many axes few rows have, which differences take at once; None of many rows."""
    return np.ndim(x) if np.size(x) <= _FEW else None


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
