"""Return levels: the value that is exceeded once in a period, with its band."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import ParameterError
from likeliest.inference.levels import checked_level
from likeliest.plots import bands, scales, style
from likeliest.plots.over import title
from likeliest.plots.picture import Picture
from likeliest.plots.positions import positions_of
from likeliest.plots.requirements import (
    needs_continuous,
    needs_data,
    needs_own_distribution,
    observations_of,
    require,
)
from likeliest.plots.unit import axis_name, unit_for

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.fitting.result import Fit
    from likeliest.inference.estimates import Method
    from likeliest.numerics.arrays import Array

_FIRST = 1.05  # values: the shortest period
_BEYOND, _LEAST = 4.0, 100.0  # times as many values as there are; and at least so many
_POINTS = 81


def why_not(fitted: Fit) -> str:
    """Return why there are no return levels to draw; empty where there are."""
    return needs_data(fitted) or needs_continuous(fitted)


def return_level(
    fitted: Fit,
    rate: float = 1.0,
    level: float = 0.95,
    ax: Axes | None = None,
    *,
    method: Method = "delta",
) -> Axes:
    """Draw the value that is exceeded once in a period on average, with its band.

    Points are the data: of n values the greatest stands at a period of 2 n values. To the right
    of them the picture is the family's word alone, and the band tells how little it is worth there.

    Parameters
    ----------
    fitted : Fit
    rate : float
        How many values a unit of time has: 1 of annual maxima.
    level : float
        With which the band covers each value.
    ax : matplotlib Axes, optional
    method : {"delta", "profile", "bootstrap"}
        Of the band, as in `Fit.return_level`.

    Returns
    -------
    Axes

    Raises
    ------
    PictureError
        If the fit has no data, or the law is of whole numbers.

    Examples
    --------
    >>> import likeliest as lk
    >>> ax = return_level(lk.fit(lk.Gumbel(30.0, 5.0).sample(50, seed=1), "gumbel"))
    >>> ax.get_xlabel()
    'return period, in values'
    """
    require(why_not(fitted), "Return levels")
    checked_level(level)
    if not rate > 0.0:
        raise ParameterError(f"rate is how many values a unit of time has, above 0; got {rate!r}.")
    observations = observations_of(fitted)
    unit = unit_for([observations.summary.low, observations.summary.high], fitted.distribution)
    ax = style.axes(ax, title(f"Return levels: {fitted.family} fitted to", fitted.description))
    ax.set_xscale("log")
    period = np.geomspace(_FIRST, max(_BEYOND * observations.n, _LEAST), _POINTS) / rate
    ax.set_xlim(period[0], period[-1])
    shown = fitted.distribution.upper_quantile(1.0 / (period * rate)) / unit
    seen: Array = np.zeros(0)
    if not needs_own_distribution(fitted):
        points = positions_of(observations, fitted.distribution).thinned()
        below, up_to = fitted.distribution.cdf(np.array([points.entry, points.exit]))
        once = 1.0 / (1.0 - below - points.share * (up_to - below))  # of all, seen or not
        some = once >= _FIRST
        seen = points.at[some] / unit
    bands.draw(
        ax, period, lambda: fitted.return_level(period, rate, method), level, unit=unit,
        label=f"{100 * level:.12g} % band",
    )  # fmt: skip
    ax.plot(period, shown, label=fitted.family, **style.line(0))
    if seen.size:
        ax.plot(once[some] / rate, seen, **style.points(seen.size))
    every = np.concatenate([shown, seen])
    scales.set_scale(ax, every, "y")
    scales.set_view(ax, np.array([every.min(), every.max()]))
    ax.set_xlabel("return period, in values" if rate == 1.0 else "return period, in units of time")
    ax.set_ylabel(axis_name(unit, observations.description.label))
    style.legend(ax, "upper left")
    return ax


PICTURE = Picture("Return levels", return_level, why_not)
