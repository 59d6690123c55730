"""The distribution functions of the likeliest families of a comparison beside the data's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from likeliest.inference.levels import require_positive
from likeliest.plots import over, shares, style
from likeliest.plots.requirements import needs_own_distribution, observations_of, require

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.fitting.comparison import Comparison


def cdfs(compared: Comparison, top: int = 3, ax: Axes | None = None) -> Axes:
    """Draw the share of the values up to x, as seen and by each of the first families.

    Parameters
    ----------
    compared : Comparison
    top : int
        How many families are shown.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    PictureError
        If the fits have no data, or these no distribution function of their own.

    Examples
    --------
    >>> import likeliest as lk
    >>> ax = cdfs(lk.compare(lk.datasets.seattle_rain(), ["gamma", "lognormal"]))
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['data', 'lognormal', 'gamma']
    """
    require_positive("top", top)
    require(needs_own_distribution(compared.best), "A distribution function")
    observations = observations_of(compared.best)
    ax = style.axes(ax, over.title("Distribution functions of", observations.description))
    shares.draw(ax, [(each, each.family) for each in compared.fits[:top]], observations)
    style.legend(ax, "lower right")
    return ax
