"""The Q–Q plot: quantiles of the data against those of the fit, which shows the tails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.plots import scales, style
from likeliest.plots.envelope import envelope
from likeliest.plots.over import title
from likeliest.plots.picture import Picture
from likeliest.plots.positions import Seen, positions_of
from likeliest.plots.requirements import needs_own_distribution, observations_of, require
from likeliest.plots.unit import axis_name, unit_for

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.fitting.result import Fit


def qq(
    fitted: Fit, level: float = 0.95, ax: Axes | None = None, *, log: bool | None = None
) -> Axes:
    """Draw the quantiles of the data against those of the fit, with a band for chance.

    Points of a right family lie along the line, and all of a sample within the band with
    probability `level`.

    Parameters
    ----------
    fitted : Fit
    level : float
    ax : matplotlib Axes, optional
    log : bool, optional
        Whether axes are logarithmic; without it, where a few far values squeeze the rest.

    Returns
    -------
    Axes

    Raises
    ------
    PictureError
        If the fit has no data, or these no distribution function of their own.

    Examples
    --------
    >>> import likeliest as lk
    >>> ax = qq(lk.fit([48.8292, 49.3087, 52.4836, 53.2384, 57.6151], "normal"))
    >>> ax.get_lines()[-1].get_ydata().tolist()
    [48.8292, 49.3087, 52.4836, 53.2384, 57.6151]
    """
    require(needs_own_distribution(fitted), "A Q–Q plot")
    observations = observations_of(fitted)
    points = positions_of(observations, fitted.distribution).thinned()
    band = envelope(fitted, observations, points, level)
    seen = Seen.of(fitted.distribution, points)
    unit = unit_for([observations.summary.low, observations.summary.high], fitted.distribution)
    x, y = seen.value(points.share) / unit, points.at / unit
    ends = np.array([min(x.min(), y.min()), max(x.max(), y.max())])
    name = observations.description.label
    ax = style.axes(ax, title(f"Q–Q plot: {fitted.family} fitted to", observations.description))
    style.band(ax, x, seen.value(band.low) / unit, seen.value(band.high) / unit, band.label)
    ax.plot(ends, ends, label="as fitted", **style.line(0))
    ax.plot(x, y, **style.points(x.size))
    scales.set_scale(ax, np.concatenate([x, y]), "xy", log=log)
    scales.set_view(ax, ends)
    ax.set_xlabel(axis_name(unit, f"quantile of the fitted {fitted.family}"))
    ax.set_ylabel(axis_name(unit, name or "value"))
    style.legend(ax, loc="upper left")
    return ax


PICTURE = Picture("Q–Q plot", qq, needs_own_distribution)
