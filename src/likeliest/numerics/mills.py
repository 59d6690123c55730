"""The Mills ratio of the normal distribution: its upper tail over its density."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.numerics.arrays import where
from likeliest.numerics.polynomials import polynomial
from likeliest.numerics.special import scipy_special

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array

_SERIES_FROM = 30.0
# 1 - t R(t) = t⁻² - 3 t⁻⁴ + 15 t⁻⁶ - …: Abramowitz & Stegun 26.2.12.
_SERIES = (1.0, -3.0, 15.0, -105.0, 945.0, -10395.0, 135135.0, -2027025.0)
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(12)


def mills(t: Array) -> Array:
    """P(Z > t) / φ(t) for a standard normal Z of density φ."""
    return np.sqrt(0.5 * np.pi) * scipy_special().erfcx(t / np.sqrt(2.0))


def mills_slope(t: Array) -> Array:
    """1 - t R(t), the fall of the Mills ratio R at t > 0, without cancellation for large t."""
    large = t > _SERIES_FROM
    inverse = 1.0 / where(large, t, _SERIES_FROM) ** 2
    s = where(large, 1.0, t)
    return where(large, inverse * polynomial(inverse, _SERIES), 1.0 - s * mills(s))


def mills_drop(centre: Array, half: Array) -> Array:
    """R(centre - half) - R(centre + half), for 0 < half; also where half is far below centre."""
    close = half < 0.1 * centre
    c, h = where(close, centre, 1.0), where(close, half, 0.0)
    slopes = sum(w * mills_slope(c + h * t) for t, w in zip(_NODES, _WEIGHTS, strict=True))
    return where(close, h * slopes, mills(centre - half) - mills(centre + half))
