"""Axes of values: even, or logarithmic where a few far ones would squeeze the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from likeliest.tables import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

    from likeliest.numerics.arrays import Array

_WIDE = 25.0  # times the range of the middle half
_DECADES = 300.0  # times the least value: of a wider range only powers of ten are written
_NEAR = 0.4  # of the greatest value: a least one below has 0 in sight
_MARGIN = 0.04


def set_scale(
    ax: Axes, values: Array, axes: Literal["x", "xy"], *, log: bool | None = None
) -> None:
    """Make axes logarithmic, if asked for, or where values spread far beyond their middle half.

    Of values that are not all above 0 they are even near it and logarithmic beyond.
    """
    first, last = np.quantile(values, [0.25, 0.75])
    middle = float(last - first)
    is_wide = middle > 0.0 and np.ptp(values) > _WIDE * middle
    if log is False or not (log or is_wide):
        return
    size = middle or float(np.max(np.abs(values))) or 1.0
    even = {} if values.min() > 0.0 else {"linthresh": 10.0 ** np.ceil(np.log10(size))}
    for axis in axes:
        set_one = ax.set_xscale if axis == "x" else ax.set_yscale
        set_one("symlog" if even else "log", **even)
        if not even:
            set_plain_ticks(ax.xaxis if axis == "x" else ax.yaxis)


def set_plain_ticks(axis: Axis) -> None:
    """Write the ticks of a logarithmic axis as numbers, and no more than can stand side by side."""
    low, high = axis.get_view_interval()
    steps = (1.0, 2.0, 5.0) if high < _DECADES * low else (1.0,)
    axis.set_major_locator(LogLocator(10.0, steps))
    axis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
    axis.set_minor_formatter(NullFormatter())


def set_range(
    ax: Axes, values: Array, window: tuple[float, float], *, log: bool | None = None
) -> tuple[float, float]:
    """Set the range of x so that all values are shown, and return it.

    Parameters
    ----------
    ax : matplotlib Axes
    values : array
    window : (float, float)
        What is shown at most; 0 is shown where it is the least, and near.
    log : bool, optional
    """
    set_scale(ax, values, "x", log=log)
    along = ax.xaxis.get_transform()
    low, high = along.transform(np.array([values.min(), values.max()]))
    pad = _MARGIN * (high - low) or 1.0
    low, high = along.inverted().transform(np.array([low - pad, high + pad]))
    if ax.get_xscale() == "linear":
        is_near = values.min() < _NEAR * values.max()
        low, high = max(low, window[0]), min(high, window[1])
        low = 0.0 if window[0] == 0.0 and is_near else low
    ax.set_xlim(low, high)
    return float(low), float(high)


def grid(ax: Axes, count: int) -> Array:
    """Return points along the axis of x, even on its scale."""
    along = ax.xaxis.get_transform()
    low, high = along.transform(np.array(ax.get_xlim()))
    return np.asarray(along.inverted().transform(np.linspace(low, high, count)), np.float64)


def set_view(ax: Axes, ends: Array) -> None:
    """Show the values, and of a band about them only as much as leaves them room."""
    along = ax.yaxis.get_transform()
    low, high = along.transform(ends)
    pad = 0.25 * (high - low) or 1.0
    shown = along.transform(np.array(ax.get_ylim()))
    view = (max(low - pad, shown[0]), min(high + pad, shown[1]))
    ax.set_ylim(*along.inverted().transform(np.array(view)))
