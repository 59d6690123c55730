"""The delta method: errors of a function of the parameters from its slopes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from likeliest.errors import ParameterError
from likeliest.inference.levels import checked_level

if TYPE_CHECKING:
    from likeliest.inference.chart import Chart
    from likeliest.inference.functions import Function
    from likeliest.numerics.arrays import Array

Scale = Literal["identity", "log", "logit"]

PROBE = 8.0
"""Standard errors: a function that stays within a range so far out belongs to it."""


class Valued(Protocol):
    """A function that was evaluated at the estimate."""

    @property
    def value(self) -> Array:
        """The value, of any shape."""


@dataclass(frozen=True)
class Delta:
    """How sure a function of the parameters is, by its slopes at the estimate.

    Parameters
    ----------
    function : Valued
    standard_error : array of shape (values,)
    scale : {"identity", "log", "logit"}
        On which the interval is symmetric, so that no end leaves the function's range.

    Source: the delta method, e.g. Pawitan (2001), ch. 4.7; Oehlert (1992).
    """

    function: Valued
    standard_error: Array
    scale: Scale
    method = "delta"

    @classmethod
    def of(cls, function: Function, chart: Chart, scale: Scale | None = None) -> Delta:
        """Return the errors of a function; without a scale one is chosen by its range."""
        value = function.value.ravel()
        # Beyond the support a probability is 0 or 1, whatever the parameters.
        certain = (value == 0.0) | (value == 1.0) if scale == "logit" else None
        slopes = function.moving_slopes(certain)
        variance = np.einsum("vi,ij,vj->v", slopes, chart.covariance, slopes)
        chosen = checked_scale(scale, value) if scale else _scale(function, chart)
        return cls(function, np.sqrt(variance), chosen)

    def interval(self, level: float = 0.95) -> tuple[Array, Array]:
        """Return the ends for each value."""
        from scipy.special import ndtri

        width = float(ndtri(0.5 + 0.5 * checked_level(level))) * self.standard_error
        return ends_on(self.scale, self.function.value.ravel(), width)


def ends_on(scale: Scale, value: Array, width: Array) -> tuple[Array, Array]:
    """Return the ends of intervals about values, half their `width` in the unit of the value."""
    from scipy.special import expit, logit

    if scale == "log":
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            factor = np.exp(width / value)
        return value / factor, value * factor
    if scale == "logit":
        with np.errstate(divide="ignore", invalid="ignore"):
            centre = logit(value)
            width = np.where(width == 0.0, 0.0, width / (value * (1.0 - value)))
        return expit(centre - width), expit(centre + width)
    return value - width, value + width


def checked_scale(scale: str, value: Array) -> Scale:
    """Return a scale on which the values lie, or raise ParameterError."""
    if scale == "identity":
        return "identity"
    if scale == "log" and (value > 0.0).all():
        return "log"
    if scale == "logit" and ((value >= 0.0) & (value <= 1.0)).all():
        return "logit"
    raise ParameterError(
        f'scale must be "identity", "log" (values above 0) or "logit" (values between 0 and 1); '
        f"got {scale!r} for {value.flat[0]:g}."
    )


def _scale(function: Function, chart: Chart) -> Scale:
    """Return the scale of a range that the function does not leave far from the estimate.

    Locations are moved beyond 0: what stays positive does not owe it to where they lie.
    """
    locations = [c.is_location for c in chart.coordinates.constraints]
    reach = PROBE * chart.errors
    reach = np.diag(np.where(locations, np.maximum(reach, 2.0 * np.abs(chart.u)), reach))
    far = function.at(chart.u + np.concatenate([reach, -reach]))
    return scale_of_range(function.value, far)


def scale_of_range(value: Array, far: Array) -> Scale:
    """Return the scale of a range that values do not leave far from the estimate."""
    seen = np.concatenate([far.ravel(), value.ravel()])
    seen = seen[np.isfinite(seen)]
    if (value < 1.0).all() and ((seen >= 0.0) & (seen <= 1.0)).all() and (value > 0.0).all():
        return "logit"
    return "log" if (seen > 0.0).all() else "identity"
