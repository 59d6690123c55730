"""The likeliest few families over the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from likeliest.errors import ParameterError
from likeliest.fitting.tables import CRITERION_NAMES
from likeliest.plots import histogram, style
from likeliest.plots.fit import finish, overlay
from likeliest.plots.unit import data_in_unit, in_unit, unit_for
from likeliest.tables import count

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.fitting.comparison import Comparison


def comparison(
    compared: Comparison, top: int = 3, ax: Axes | None = None, column: str = ""
) -> Axes:
    """Draw the first `top` fits over the histogram of the data, with Δ and weight in the legend.

    Parameters
    ----------
    compared : Comparison
    top : int
    ax : matplotlib Axes, optional
    column : str
        The name of what was fitted, for the title and the axis; empty where it has none.

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
    given: object = top
    if not isinstance(given, int) or given < 1:
        raise ParameterError(f"top must be a whole number, 1 or more; got {top!r}.")
    first = compared.fits[:top]
    families = "1 family" if len(compared) == 1 else f"{len(compared)} families"
    seen = f"{count(compared.n)}{column and f' of {column}'}"
    title = f"The likeliest {len(first)} of {families}, {seen}"
    ax = style.axes(ax, title)
    observations = compared.best.observations
    if observations is None:
        raise ValueError("a comparison is drawn over its data, and these fits have none")
    summary = observations.summary
    unit = unit_for([summary.low, summary.high], compared.best.distribution)
    whole = compared.best.measure == "mass" and summary.whole and unit == 1.0
    bars = histogram.histogram(data_in_unit(observations, unit), whole=whole)
    histogram.draw(ax, bars)
    name = CRITERION_NAMES[compared.criterion]
    rows = zip(first, compared.deltas, compared.weights, strict=False)
    for index, (fitted, delta, weight) in enumerate(rows):
        label = f"{fitted.family}: Δ{name} {delta:.1f}, weight {weight:.2f}"
        overlay(ax, in_unit(fitted.distribution, unit), bars, index, label)
    finish(ax, bars, unit, column)
    return ax
