"""Bands about fitted curves: how sure each of their values is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import LikeliestError
from likeliest.plots import style

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Literal

    from matplotlib.axes import Axes

    from likeliest.inference import Estimate
    from likeliest.numerics.arrays import Array


def draw(
    ax: Axes,
    x: Array,
    estimated: Callable[[], Estimate],
    level: float,
    *,
    unit: float = 1.0,
    label: str = "",
    step: Literal["post"] | None = None,
) -> None:
    """Shade between the ends of intervals; nothing where there are none.

    There are none where ends of the support are estimated, or errors are not known.

    Parameters
    ----------
    ax : matplotlib Axes
    x : array of shape (k,)
    estimated : callable
        Returns the estimates of the values at x; its errors are taken as a reason for no band.
    level : float
    unit : float
        Of the values on the axis.
    label : str
    step : {"post"}, optional
    """
    try:
        with np.errstate(all="ignore"):
            low, high = estimated().interval(level)
    except LikeliestError:
        return
    style.band(ax, x, (low / unit, high / unit), label, step)
