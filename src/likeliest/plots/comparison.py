"""The likeliest few families over the data."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from likeliest.fitting.tables import CRITERION_NAMES
from likeliest.inference.levels import require_positive
from likeliest.plots import over, style
from likeliest.plots.requirements import observations_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.fitting.comparison import Comparison


def comparison(compared: Comparison, top: int = 3, ax: Axes | None = None) -> Axes:
    """Draw the first `top` fits over the data, as `fit` draws one, with Δ and weight in the legend.

    Parameters
    ----------
    compared : Comparison
    top : int
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import likeliest as lk
    >>> ax = comparison(lk.compare(lk.datasets.seattle_rain()))
    >>> ax.get_title(loc="left")
    'The likeliest 3 of 15 families, 623 values'
    """
    require_positive("top", top)
    first = compared.fits[:top]
    observations = observations_of(compared.best)
    families = "1 family" if len(compared) == 1 else f"{len(compared)} families"
    what = f"The likeliest {len(first)} of {families},"
    ax = style.axes(ax, over.title(what, replace(compared.best.description, rounding=0.0)))
    name = CRITERION_NAMES[compared.criterion]
    ranked = zip(first, compared.deltas, compared.weights, strict=False)
    labels = [
        f"{f.family}: Δ{name} {delta:.1f}, weight {weight:.2f}" for f, delta, weight in ranked
    ]
    over.draw(ax, observations, [*zip(first, labels, strict=True)])
    return ax
