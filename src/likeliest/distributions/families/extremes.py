"""t = log(1 + shape z)/shape, z itself for shape 0, of which extreme-value families are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.distributions.derivatives import Derivatives
from likeliest.distributions.support import Support
from likeliest.numerics.arrays import where
from likeliest.numerics.compensated import product_difference
from likeliest.numerics.quotients import expm1_over, log1p_over, log1p_quotient

if TYPE_CHECKING:
    from likeliest.distributions.parameters import Parameter
    from likeliest.numerics.arrays import Array, Number

REGULAR_ABOVE = -1.0
"""The shape below which the likelihood grows without limit as the end nears the greatest value."""

USUAL_ERRORS_ABOVE = -0.5
"""The shape below which estimates converge faster than by the root of n: Smith (1985)."""


def reduced(
    x: Array, shape: Parameter, loc: Parameter, scale: Parameter, rest: Number = 0.0
) -> Derivatives:
    """Return t at z = (x - loc)/scale with its derivatives by shape, loc and scale.

    `rest` is what rounding has taken from x.
    """
    z, whole = _standardised(x, shape, loc, scale, rest)
    unit = 1.0 / scale
    ratio = log1p_quotient(shape * z, whole)
    by_shape, by_shape_twice = z * z * ratio.first, z * z * z * ratio.second
    slope = unit / whole
    bend, mixed = -shape * slope * slope, -z * slope / whole
    return Derivatives(
        z * ratio.value,
        (by_shape, -slope, -z * slope),
        (
            by_shape_twice,
            -mixed,
            -z * mixed,
            bend,
            slope * unit + z * bend,
            2.0 * z * slope * unit + z * z * bend,
        ),
    )


def reduced_value(
    x: Array, shape: Parameter, loc: Parameter, scale: Parameter, rest: Number = 0.0
) -> Array:
    """Return t at z = (x - loc)/scale."""
    z, whole = _standardised(x, shape, loc, scale, rest)
    return z * log1p_over(shape * z, whole)


def _standardised(
    x: Array, shape: Parameter, loc: Parameter, scale: Parameter, rest: Number
) -> tuple[Array, Array]:
    """Return z and 1 + shape z, near the end of the support to the digits that x has."""
    distance, unit = x - loc, 1.0 / scale
    z = distance * unit
    whole = 1.0 + shape * z
    near_end = whole < 0.5
    if near_end.any():
        less = distance - x
        lost = (x - (distance - less)) - (loc + less)  # by rounding, exactly: Knuth's sum
        exact = (product_difference(scale, 1.0, -shape, distance) + shape * (lost + rest)) * unit
        whole = where(near_end, exact, whole)
    return z, whole


def distance_at(t: Array, shape: Parameter) -> Array:
    """Return the z at which the reduced value is t: (exp(shape t) - 1)/shape."""
    return t * expm1_over(shape * t)


def value_at(t: Array, shape: Parameter, loc: Parameter, scale: Parameter) -> Array:
    """Return the x at which the reduced value is t."""
    power = np.multiply(shape, t)
    near_end = power < -1.0
    bounded = np.where(near_end, shape, 1.0)
    from_end = (loc - scale / bounded) + scale / bounded * np.exp(power)
    return np.where(near_end, from_end, loc + scale * distance_at(t, shape))


def support_of(shape: Parameter, loc: Parameter, scale: Parameter, low: float) -> Support:
    """Return the support, which ends where 1 + shape z is 0; without that, from `low` on."""
    bounded = where(shape == 0.0, 1.0, shape)
    end = loc - scale / bounded
    return Support(where(shape > 0.0, end, low), where(shape < 0.0, end, np.inf))


def why_irregular(shape: float) -> tuple[str, ...]:
    """Say what a shape below -½ means for standard errors."""
    if shape > USUAL_ERRORS_ABOVE:
        return ()
    return (
        f"The shape, {shape:.3g}, lies below -1/2: the end of the support is estimated better than "
        "by the root of n, and standard errors are not the usual ones (Smith 1985).",
    )
