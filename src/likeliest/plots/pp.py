"""The P–P plot: shares of the data against those of the fit, which shows the middle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from likeliest.plots import style
from likeliest.plots.envelope import envelope
from likeliest.plots.over import title
from likeliest.plots.picture import Picture
from likeliest.plots.positions import Seen, positions_of
from likeliest.plots.requirements import needs_own_distribution, observations_of, require

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.fitting.result import Fit


def pp(fitted: Fit, level: float = 0.95, ax: Axes | None = None) -> Axes:
    """Draw the share of the data up to each value against that of the fit, with a band.

    Points of a right family lie along the line, and all of a sample within the band with
    probability `level`.

    Parameters
    ----------
    fitted : Fit
    level : float
    ax : matplotlib Axes, optional

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
    >>> ax = pp(lk.fit([48.8292, 49.3087, 52.4836, 53.2384, 57.6151], "normal"))
    >>> ax.get_lines()[-1].get_ydata().round(1).tolist()
    [0.1, 0.3, 0.5, 0.7, 0.9]
    """
    require(needs_own_distribution(fitted), "A P–P plot")
    observations = observations_of(fitted)
    points = positions_of(observations, fitted.distribution).thinned()
    band = envelope(fitted, observations, points, level)
    ax = style.axes(ax, title(f"P–P plot: {fitted.family} fitted to", observations.description))
    ax.fill_betweenx(points.share, band.low, band.high, label=band.label, **style.BAND)
    ax.plot([0.0, 1.0], [0.0, 1.0], label="as fitted", **style.line(0))
    shares = Seen.of(fitted.distribution, points).share(points.at)
    ax.plot(shares, points.share, **style.points(shares.size))
    ax.set_xlim(0.0, 1.0)
    ax.set_ylim(0.0, 1.0)
    ax.set_xlabel(f"share by the fitted {fitted.family}")
    ax.set_ylabel("share of the data")
    style.legend(ax, loc="upper left")
    return ax


PICTURE = Picture("P–P plot", pp, needs_own_distribution)
