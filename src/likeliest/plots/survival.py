"""The share of the values beyond x, of the data and of the fit, each with its band."""

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


def survival(
    fitted: Fit, level: float = 0.95, ax: Axes | None = None, *, log: bool | None = None
) -> Axes:
    """Draw the share of the values beyond x, as seen and as fitted: who still lives, what holds.

    It is `cdf` from the other side.

    Parameters
    ----------
    fitted : Fit
    level : float
        With which each band covers each of its values.
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
    >>> survival(fit).get_lines()[0].get_ydata().round(1).tolist()
    [1.0, 0.8, 0.6, 0.4, 0.4]
    """
    require(needs_own_distribution(fitted), "A survival curve")
    checked_level(level)
    observations = observations_of(fitted)
    ax = style.axes(ax, title(f"Survival: {fitted.family} fitted to", observations.description))
    shares.draw(ax, [(fitted, fitted.family)], observations, level, beyond=True, log=log)
    style.legend(ax, title=style.bands(level))
    return ax


PICTURE = Picture("Survival", survival, needs_own_distribution)
