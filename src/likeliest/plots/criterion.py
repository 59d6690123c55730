"""How far each family of a comparison lies behind the best."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import StrMethodFormatter

from likeliest.fitting.tables import CRITERION_NAMES
from likeliest.inference.levels import require_positive
from likeliest.plots import over, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.fitting.comparison import Comparison

_EVEN = 10.0  # up to here the axis is even, beyond logarithmic: 1,000 behind is as lost as 500
_MOST = 20


def criterion(compared: Comparison, top: int = _MOST, ax: Axes | None = None) -> Axes:
    """Draw a bar for each family, as long as its criterion lies above the best.

    Parameters
    ----------
    compared : Comparison
    top : int
        How many families are shown.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import likeliest as lk
    >>> ax = criterion(lk.compare([2.1, 3.4, 1.9, 5.6, 4.4, 2.2, 3.1], ["normal", "exponential"]))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['normal', 'exponential']
    """
    require_positive("top", top)
    first = compared.fits[:top]
    deltas, weights = (np.array(each)[: len(first)] for each in (compared.deltas, compared.weights))
    name = CRITERION_NAMES[compared.criterion]
    what = f"{name} of {len(compared)} {'family' if len(compared) == 1 else 'families'},"
    told = over.title(what, compared.best.description)
    ax = style.axes(ax, told, (7.0, 1.6 + 0.27 * len(first)))
    known = np.isfinite(deltas)
    reach = max(float(deltas[known].max(initial=0.0)), 1.0)
    colours = [style.COLOURS[0], *(len(first) - 1) * [style.BAR]]
    places = np.arange(len(first))
    ax.barh(
        places, np.where(known, deltas, reach), 0.7, color=colours, edgecolor=style.GREY, lw=0.6
    )
    for place, delta, weight in zip(places, deltas, weights, strict=True):
        told = f"{delta:.1f}, weight {weight:.2f}" if np.isfinite(delta) else "no value"
        ax.annotate(
            told, (delta if np.isfinite(delta) else reach, place), xytext=(5, 0),
            textcoords="offset points", va="center", fontsize=9,
        )  # fmt: skip
    if reach > _EVEN:
        ax.set_xscale("symlog", linthresh=_EVEN)
    along = ax.xaxis.get_transform()
    ax.set_xlim(0.0, float(along.inverted().transform(1.3 * along.transform(np.array([reach])))[0]))
    ax.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    ax.set_yticks(places, [each.family for each in first])
    ax.invert_yaxis()
    ax.set_xlabel(f"Δ{name}: how far above the best; less is better")
    return ax
