"""The estimates of many groups in order, each with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import DataError, ParameterError
from likeliest.plots import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.fitting.fits import Fits

_MOST_NAMES = 40  # more groups than this are not named at the axis
_MOST_MARKS = 150  # of more groups so many are drawn, evenly spaced in their order
_WIDE = 30.0  # from this ratio of the greatest to the least on, the axis is logarithmic


def caterpillar(
    fits: Fits, parameter: str | None = None, level: float = 0.95, ax: Axes | None = None
) -> Axes:
    """Draw the estimates of a parameter for many groups, the least at the bottom.

    Parameters
    ----------
    fits : Fits
    parameter : str, optional
        The first that was estimated, if none is named.
    level : float
        Coverage of the intervals; a group without one is a point alone.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    DataError
        If no group could be fitted.

    Examples
    --------
    >>> import likeliest as lk
    >>> fits = lk.fit([1.0, 3.0, 2.0, 5.0, 9.0], "exponential", by=["a", "a", "b", "b", "b"])
    >>> ax = caterpillar(fits)
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['b', 'a']
    """
    name = parameter or next(n for n in fits.family.constraints if n not in fits.fixed)
    if name not in fits.family.constraints:
        there = ", ".join(fits.family.constraints)
        raise ParameterError(f"{fits.family.name} has no parameter {name!r}; it has {there}.")
    estimates = fits.parameters[name]
    order = np.flatnonzero(np.isfinite(estimates))
    if not order.size:
        raise DataError("No group could be fitted, so that there is nothing to draw.")
    order = order[np.argsort(estimates[order], kind="stable")]
    total = order.size
    if total > _MOST_MARKS:
        order = order[np.round(np.linspace(0, total - 1, _MOST_MARKS)).astype(np.intp)]
    low, high = (end[order] for end in fits.intervals(level)[name])
    ax = style.axes(ax, f"{name} of the {fits.family.name} distribution, {total:,} groups")
    at = np.arange(order.size)
    ax.hlines(at, low, high, color=style.GREY, linewidth=1.0)
    ax.plot(estimates[order], at, "o", color=style.COLOURS[0], markersize=4.0)
    ends = np.concatenate([estimates[order], low, high])
    ends = ends[np.isfinite(ends)]
    if ends.min() > 0.0 and ends.max() > _WIDE * ends.min():
        ax.set_xscale("log")
    ax.set_xlabel(f"{name}, with its {100.0 * level:.12g} % interval")
    keys = fits.grouped.keys.columns
    if total <= _MOST_NAMES:
        ax.set_yticks(at, [", ".join(map(str, keys.row(int(group)))) for group in order])
        ax.set_ylabel(", ".join(keys.columns))
    else:
        ax.set_yticks([])
        ax.set_ylabel(f"groups in order of {name}")
    return ax
