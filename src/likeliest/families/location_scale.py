"""Derivatives of log densities of the form g(z) - log scale with z = (x - loc)/scale."""

from __future__ import annotations

from typing import NamedTuple


class Sums(NamedTuple):
    """Sums over the values: how many; g', z g', g'', z g'' and z² g''."""

    n: float
    slope: float
    z_slope: float
    bend: float
    z_bend: float
    zz_bend: float


def by_location_and_scale(
    s: Sums, scale: float
) -> tuple[tuple[float, float], tuple[float, float, float]]:
    """Return the sums of score and Hessian."""
    square = scale * scale
    score = (-s.slope / scale, -(s.n + s.z_slope) / scale)
    by_both = (s.slope + s.z_bend) / square
    return score, (s.bend / square, by_both, (s.n + 2.0 * s.z_slope + s.zz_bend) / square)
