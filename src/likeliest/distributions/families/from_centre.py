"""How far a normal error of one or two dimensions lands from a point: its density and slopes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from likeliest.distributions.derivatives import Derivatives

if TYPE_CHECKING:
    from likeliest.distributions.parameters import Parameter
    from likeliest.numerics.arrays import Array, Number


class Angular(NamedTuple):
    """The mean of exp(t cos φ) over the directions φ there are, by its logarithm.

    Parameters
    ----------
    value : the logarithm, less t.
    rest : 1 less its slope.
    slope : its second derivative.
    """

    value: Number
    rest: Number
    slope: Number


def density_terms(
    x: Array, centre: tuple[Parameter, Parameter], dimensions: int, angular: Angular, peak: Array
) -> Derivatives:
    """Return the log density of a length with its derivatives by distance and scale.

    Parameters
    ----------
    x : array
    centre : tuple
        Its distance, and the standard deviation of the error in each dimension.
    dimensions : int
    angular : Angular
        At t = x distance/scale².
    peak : array
        What the log density has beside the exponent: none of the distance is in it.
    """
    distance, scale = centre
    unit = 1.0 / scale
    t = (x * unit) * (distance * unit)
    off, square = (x - distance) * unit, unit * unit
    pull = off - x * unit * angular.rest  # (x A - distance)/scale, A being 1 - rest
    spread = off * off + 2.0 * t * angular.rest
    bend = t * angular.slope
    score = (unit * pull, unit * (spread - dimensions))
    hessian = (
        square * (x * unit * (x * unit) * angular.slope - 1.0),
        -2.0 * square * (pull + x * unit * bend),
        square * (dimensions - 3.0 * spread + 4.0 * t * bend),
    )
    return Derivatives(peak - 0.5 * off * off + angular.value, score, hessian)
