"""Derivatives of log densities of the form g(z) with a location and a scale, or a shape and one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array, Number


def by_location_and_scale(
    z: Array, slope: Array, bend: Array, scale: Number
) -> tuple[tuple[Array, Array], tuple[Array, Array, Array]]:
    """Return score and Hessian of g(z) - log scale with z = (x - loc)/scale.

    Parameters
    ----------
    z, slope, bend : arrays: z, g'(z) and g''(z)
    scale : number
    """
    square = scale * scale
    steep = slope + z * bend
    score = (-slope / scale, -(1.0 + z * slope) / scale)
    return score, (bend / square, steep / square, (1.0 + z * (slope + steep)) / square)


def by_shape_and_scale(
    y: Array, slope: Array, bend: Array, shape: Number, scale: Number
) -> tuple[tuple[Array, Array], tuple[Array, Array, Array]]:
    """Return score and Hessian of g(z) + log shape - log x with z = shape log(x/scale).

    Parameters
    ----------
    y, slope, bend : arrays: log(x/scale), g'(z) and g''(z)
    shape, scale : numbers
    """
    ratio = shape / scale
    score = (1.0 / shape + slope * y, -slope * ratio)
    by_shape = bend * y * y - 1.0 / (shape * shape)
    by_both = -(slope + shape * y * bend) / scale
    return score, (by_shape, by_both, (slope + shape * bend) * (ratio / scale))
