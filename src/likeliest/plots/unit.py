"""The unit of an axis, where values are too large or small to be drawn in their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.plots.names import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution

_ORDINARY = (1e-30, 1e30)


def unit_for(ends: Iterable[float], distribution: Distribution) -> float:
    """Return 1, or the power of ten that brings values between the ends to an ordinary size.

    Examples
    --------
    >>> import likeliest as lk
    >>> unit_for([0.0, 3e-300], lk.Exponential(1e300)), unit_for([0.0, 3.0], lk.Exponential(1.0))
    (1e-300, 1.0)
    """
    size = max(abs(end) for end in ends if np.isfinite(end))
    if size == 0.0 or distribution.discrete or _ORDINARY[0] < size < _ORDINARY[1]:
        return 1.0
    return float(f"1e{int(np.floor(np.log10(size)))}")


def in_unit(distribution: Distribution, unit: float) -> Distribution:
    """Return the distribution of values over the unit."""
    return distribution if unit == 1.0 else distribution.rescaled(1.0 / unit)


def data_in_unit(observations: Observations, unit: float) -> Observations:
    """Return the observations over the unit."""
    return observations if unit == 1.0 else observations.moved(0.0, unit)


def axis_name(unit: float, column: str = "") -> str:
    """Return what the axis is called: the column, or "x", "x, in units of 1e-300"."""
    name = plain(column) or "x"
    return name if unit == 1.0 else f"{name}, in units of {unit:g}"
