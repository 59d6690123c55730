"""A fitted distribution over the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.plots import histogram, style
from likeliest.plots.density import density, described
from likeliest.plots.unit import axis_name, data_in_unit, in_unit, unit_for
from likeliest.tables import count, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.result import Fit
    from likeliest.numerics.arrays import Array

_MOST_MARKS = 60  # more whole numbers than this are joined by a line alone


def fit(fitted: Fit, ax: Axes | None = None, column: str = "") -> Axes:
    """Draw a fit over the histogram of its data, the estimates with standard errors in the legend.

    Parameters
    ----------
    fitted : Fit
        One that was loaded from a file has no data and is drawn alone.
    ax : matplotlib Axes, optional
    column : str
        The name of what was fitted, for the title and the axis; empty where it has none.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import likeliest as lk
    >>> ax = fit(lk.fit(lk.datasets.seattle_rain(), "gamma"))
    >>> ax.get_title(loc="left")
    'gamma fitted to 623 values'
    """
    title = f"{fitted.family} fitted to {count(fitted.n)}{column and f' of {column}'}"
    if fitted.observations is None:
        ax = density(fitted.distribution, ax=ax)
        ax.set_title(f"{title}: {described(fitted.distribution)}", loc="left")
        return ax
    ax = style.axes(ax, title)
    summary = fitted.observations.summary
    unit = unit_for([summary.low, summary.high], fitted.distribution)
    whole = fitted.measure == "mass" and summary.whole and unit == 1.0
    bars = histogram.histogram(data_in_unit(fitted.observations, unit), whole=whole)
    histogram.draw(ax, bars)
    overlay(ax, in_unit(fitted.distribution, unit), bars, 0, _estimates(fitted))
    finish(ax, bars, unit, column)
    return ax


def overlay(
    ax: Axes, distribution: Distribution, bars: histogram.Histogram, index: int, label: str
) -> None:
    """Draw a distribution over bars: its density, or its probability of each bar."""
    if bars.whole or distribution.discrete:
        x = np.round(0.5 * (bars.edges[1:] + bars.edges[:-1]))
        few = x.size <= _MOST_MARKS
        looks = style.marked(index) if few else style.line(index)
        ax.plot(x, _masses(distribution, x), label=label, **looks)
    else:
        x = np.linspace(bars.edges[0], bars.edges[-1], 801)
        y = np.exp(distribution.log_prob(x))
        # Above the picture (see `finish`): an infinite density leaves it, and does not level off.
        y = np.minimum(y, 10.0 * float(bars.heights.max()))
        ax.plot(x, y, label=label, **style.line(index))


def finish(ax: Axes, bars: histogram.Histogram, unit: float, column: str = "") -> None:
    """Name the axes, and keep a spike of a curve from squeezing the bars."""
    ax.set_xlabel(axis_name(unit, column))
    ax.set_ylabel("share of the values" if bars.whole else "density")
    top = float(bars.heights.max())
    ax.set_ylim(0.0, min(ax.get_ylim()[1], 2.2 * top) if top > 0 else None)
    ax.legend(frameon=False, fontsize=9.5)


def _masses(distribution: Distribution, x: Array) -> Array:
    if distribution.discrete:
        return np.exp(distribution.log_prob(x))
    return distribution.probability(x - 0.5, x + 0.5)


def _estimates(fitted: Fit) -> str:
    errors = fitted.standard_errors
    lines = [fitted.family]
    for name, value in fitted.parameters.items():
        error = errors[name]
        lines.append(
            f"{name} {number(value, 4, error)}"
            + ("" if error is None else f" ± {number(error, 2)}")
        )
    return "\n".join(lines)
