"""The distribution function of the data and of the fit, each with its band."""

from __future__ import annotations

from typing import TYPE_CHECKING

from likeliest.inference.levels import checked_level
from likeliest.plots import shares, style
from likeliest.plots.over import title
from likeliest.plots.picture import Picture
from likeliest.plots.requirements import needs_own_distribution, observations_of, require

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.fitting.result import Fit


def cdf(
    fitted: Fit, level: float = 0.95, ax: Axes | None = None, *, log: bool | None = None
) -> Axes:
    """Draw the share of the values up to x, as seen and as fitted.

    Of censored values the data's own is Kaplan and Meier's estimate, of any mix Turnbull's; a value
    that is known only to lie beyond is a mark on it. Each band covers each of its values with
    probability `level`.

    Parameters
    ----------
    fitted : Fit
    level : float
    ax : matplotlib Axes, optional
    log : bool, optional
        Whether x has a logarithmic axis; without it, where a few far values squeeze the rest.

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
    >>> fit = lk.fit([31, 55, 90, 100, 100], "weibull", event=[1, 1, 1, 0, 0])
    >>> cdf(fit).get_lines()[0].get_ydata().round(1).tolist()
    [0.0, 0.2, 0.4, 0.6, 0.6]
    """
    require(needs_own_distribution(fitted), "A distribution function")
    checked_level(level)
    observations = observations_of(fitted)
    what = f"Distribution function: {fitted.family} fitted to"
    ax = style.axes(ax, title(what, observations.description))
    shares.draw(ax, [(fitted, fitted.family)], observations, level, log=log)
    style.legend(ax, "lower right", style.bands(level))
    return ax


PICTURE = Picture("Distribution function", cdf, needs_own_distribution)
