"""Derivatives of log densities of the form g(z) - log scale with z = (x - loc)/scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from likeliest.distributions.parameters import Parameter
    from likeliest.numerics.arrays import Array


LARGEST_Z = 1e150
"""A standardised value whose square is within float64, and where a power law is one to rounding."""


class Sums(NamedTuple):
    """Sums over the values: how many; g', z g', g'', z g'' and z² g''."""

    n: Parameter
    slope: Parameter
    z_slope: Parameter
    bend: Parameter
    z_bend: Parameter
    zz_bend: Parameter


def score_and_hessian(
    s: Sums, scale: Parameter
) -> tuple[tuple[Parameter, Parameter], tuple[Parameter, Parameter, Parameter]]:
    """Return the sums of score and Hessian."""
    square = scale * scale
    score = (-s.slope / scale, -(s.n + s.z_slope) / scale)
    by_both = (s.slope + s.z_bend) / square
    return score, (s.bend / square, by_both, (s.n + 2.0 * s.z_slope + s.zz_bend) / square)


def within_squares(x: Array, loc: Parameter, scale: Parameter) -> Array:
    """Return x, moved to where (x - loc)/scale has a square within float64."""
    reach = LARGEST_Z * scale
    return np.clip(x, loc - reach, loc + reach)


def dense_spots(values: Array) -> list[tuple[Parameter, Parameter]]:
    """Return where sorted values crowd: the centres and half widths of the narrowest windows.

    Of one sample or of many, a row for each.

    Windows hold a third or a tenth of the values; two of each that do not overlap.
    """
    if values.ndim > 1:
        return _dense_spots_of_many(values)
    spots: list[tuple[Parameter, Parameter]] = []
    for share in (3, 10):
        width = max(2, values.size // share)
        spans = values[width - 1 :] - values[: values.size - width + 1]
        for _ in range(2):
            first = int(np.argmin(spans))
            if not np.isfinite(spans[first]):
                break
            spots.append((float(values[first : first + width].mean()), 0.5 * float(spans[first])))
            spans[max(0, first - width + 1) : first + width] = np.inf
    return spots


def _dense_spots_of_many(values: Array) -> list[tuple[Parameter, Parameter]]:
    """Return the same of rows; where a row has no further window, its last one again."""
    spots: list[tuple[Parameter, Parameter]] = []
    size = values.shape[1]
    for share in (3, 10):
        width = max(2, size // share)
        spans = values[:, width - 1 :] - values[:, : size - width + 1]
        at = np.arange(spans.shape[1])
        for _ in range(2):
            first = np.argmin(spans, axis=1, keepdims=True)
            span = np.take_along_axis(spans, first, axis=1)
            inside = np.take_along_axis(values, first + np.arange(width), axis=1)
            centre, half = inside.mean(axis=1, keepdims=True), 0.5 * span
            known = np.isfinite(span)
            if not known.all():
                if not spots:
                    break
                centre = np.where(known, centre, spots[-1][0])
                half = np.where(known, half, spots[-1][1])
            spots.append((centre, half))
            spans[(at > first - width) & (at < first + width)] = np.inf
    return spots
