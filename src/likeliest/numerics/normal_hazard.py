"""The hazard of the standard normal, φ(v)/P(Z > v), and what cancels beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from likeliest.numerics.arrays import where
from likeliest.numerics.special import erfcx, exp, ndtr, polynomial

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Number

_LOW, _FAR = -5.0, 30.0  # between them Mills' ratio serves, above a series
_ROOT_HALF = float(np.sqrt(0.5))
_ROOT_HALF_PI = float(np.sqrt(0.5 * np.pi))
_DENSITY_AT_0 = float(1.0 / np.sqrt(2.0 * np.pi))
# From the log of 1 - 1/v² + 3/v⁴ - 15/v⁶ + …: Abramowitz & Stegun 26.2.12.
_SLOPE = (-1.0, 2.0, -10.0, 74.0, -706.0, 8162.0, -110410.0, 1708394.0)
_BEND = (1.0, -6.0, 50.0, -518.0, 6354.0, -89782.0, 1435330.0, -25625910.0)


class NormalHazard(NamedTuple):
    """The hazard at v; and the first and second derivative of log(exp(v²/2) P(Z > v)).

    These are v less the hazard and 1 less its derivative: about -1/v and 1/v² for large v.
    """

    value: Number
    first: Number
    second: Number


def normal_hazard(v: Number) -> NormalHazard:
    """Return the hazard at v with what is left of v and of 1 beside it; NumPy or tensors.

    Examples
    --------
    >>> [round(float(term), 4) for term in normal_hazard(2.0)]
    [2.3732, -0.3732, 0.1143]
    """
    low, far = v < _LOW, v > _FAR
    below, middle = where(low, v, _LOW), where(low | far, 0.0, v)
    mills = _ROOT_HALF_PI * erfcx(middle * _ROOT_HALF)
    fall = 1.0 - middle * mills
    slight = exp(-0.5 * below * below) * _DENSITY_AT_0 / ndtr(-below)
    inverse = 1.0 / where(far, v, _FAR)
    square = inverse * inverse
    distant = inverse * polynomial(square, _SLOPE)
    second = where(low, 1.0 - slight * (slight - below), 1.0 - fall / (mills * mills))
    return NormalHazard(
        where(low, slight, where(far, v - distant, 1.0 / mills)),
        where(far, distant, where(low, below - slight, -fall / mills)),
        where(far, square * polynomial(square, _BEND), second),
    )
