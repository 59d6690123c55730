"""Derivatives of log densities of the form g(z) - log scale with z = (x - loc)/scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from likeliest.parameters import Parameter


class Sums(NamedTuple):
    """Sums over the values: how many; g', z g', g'', z g'' and z² g''."""

    n: Parameter
    slope: Parameter
    z_slope: Parameter
    bend: Parameter
    z_bend: Parameter
    zz_bend: Parameter


def by_location_and_scale(
    s: Sums, scale: Parameter
) -> tuple[tuple[Parameter, Parameter], tuple[Parameter, Parameter, Parameter]]:
    """Return the sums of score and Hessian."""
    square = scale * scale
    score = (-s.slope / scale, -(s.n + s.z_slope) / scale)
    by_both = (s.slope + s.z_bend) / square
    return score, (s.bend / square, by_both, (s.n + 2.0 * s.z_slope + s.zz_bend) / square)
