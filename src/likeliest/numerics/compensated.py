"""Differences of nearly equal products and quotients, with the rounding of each put back.

A deviance at a shape of 1e15 needs x/scale - shape to far more digits than x/scale itself has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from likeliest.numerics.arrays import largest, where

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array, Number

_SPLITTER = 2.0**27 + 1.0
_ROOM = 1e-9  # of the largest number: beyond it the halves of a product leave the range


def product_error(a: Number, b: Number, product: Number) -> Number:
    """Return a·b - product exactly, `product` being a·b rounded.

    Source: Dekker (1971), with Veltkamp's splitting.
    """
    (a_high, a_low), (b_high, b_low) = _halves(a), _halves(b)
    return ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low


def product_difference(a: Number, b: Number, c: Number, d: Number) -> Number:
    """Return a·b - c·d, right to its last digits also where the products nearly agree."""
    ab, cd = a * b, c * d
    return (ab - cd) + (product_error(a, b, ab) - product_error(c, d, cd))


def quotient_excess(x: Number, scale: Number, k: Number) -> Array:
    """Return x/scale - k, right to its last digits also where the quotient is near k."""
    y = x / scale
    most = _ROOM * largest(y)
    ordinary = (y > 1.0 / most) & (y < most) & (x > 1.0 / most) & (x < most)
    # A plain number is first given the type of the values: chosen from two of them a tensor would
    # be of float32.
    q, s = where(ordinary, y, 1.0), where(ordinary, scale + 0.0 * y, 1.0)
    p = where(ordinary, x + 0.0 * y, 1.0)
    return (y - k) - where(ordinary, product_error(q, s, p) / s, 0.0)


def _halves(a: Number) -> tuple[Number, Number]:
    """Split a number in two whose products with each other are exact."""
    shifted = _SPLITTER * a
    high = shifted - (shifted - a)
    return high, a - high
