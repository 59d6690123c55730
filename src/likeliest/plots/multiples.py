"""The fits of several groups, each over its data, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from likeliest.errors import LikeliestError, PictureError
from likeliest.inference.levels import require_positive
from likeliest.plots import over, style
from likeliest.plots.names import key_of
from likeliest.plots.requirements import observations_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.fitting.fits import Fits

_ACROSS = 4


def multiples(fits: Fits, top: int = 12, ax: Axes | None = None) -> Axes:
    """Draw the first groups, each with its fit over its data in a panel of its own.

    Parameters
    ----------
    fits : Fits
    top : int
        How many groups are shown.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes
        A frame, whose `child_axes` are the panels.

    Raises
    ------
    PictureError
        If none of the groups could be fitted.

    Examples
    --------
    >>> import likeliest as lk
    >>> fits = lk.fit([1.0, 3.0, 2.0, 5.0, 9.0, 8.0], "exponential", by=[*"aabbcc"])
    >>> [panel.get_title(loc="left") for panel in multiples(fits).child_axes]
    ['a', 'b', 'c']
    """
    require_positive("top", top)
    shown = []
    for group in range(min(top, len(fits))):
        try:
            shown.append((key_of(fits, group), fits.at(group)))
        except LikeliestError:  # the panel of a group that could not be fitted is left out
            continue
    if not shown:
        raise PictureError("The groups cannot be drawn: none of those shown could be fitted.")
    across = min(_ACROSS, len(shown))
    down = -(-len(shown) // across)
    told = f"{fits.family.name} fitted to {len(fits):,} groups"
    told += f", {len(shown)} of them shown" if len(shown) < len(fits) else ""
    ax = style.axes(ax, told, (2.8 * across, 2.1 * down + 0.7))
    ax.set_title(ax.get_title(loc="left"), loc="left", fontsize=12, pad=26)
    for panel, (name, fitted) in zip(style.panels(ax, len(shown), across), shown, strict=True):
        over.draw(panel, observations_of(fitted), [(fitted, fitted.family)])
        legend = panel.get_legend()
        if legend is not None:
            legend.remove()
        for text in panel.texts:
            text.remove()
        panel.set_ylabel("")
        panel.locator_params(axis="x", nbins=4)
        panel.tick_params(labelsize=8)
        panel.set_title(name, loc="left", fontsize=10)
    return ax
