"""The four pictures that matter of a fit, in one figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from likeliest.distributions.families.sets import SETS
from likeliest.plots import style
from likeliest.plots.over import title
from likeliest.plots.registry import PICTURES, kinds

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from likeliest.fitting.result import Fit

_SIZE = (11.0, 8.0)
_OF_EXTREMES = {"frechet", "generalized pareto", "gev", "gumbel"} & {*SETS["extremes"]}


def four(fitted: Fit) -> list[str]:
    """Return the kinds of the pictures that suit a fit: at most four, those that can be drawn.

    Density, Q–Q plot and distribution function, and a fourth by the family; of lifetimes survival
    and hazard.

    Examples
    --------
    >>> import likeliest as lk
    >>> four(lk.fit([31, 55, 90, 100, 100], "weibull", event=[1, 1, 1, 0, 0]))
    ['survival', 'qq', 'cdf', 'pp']
    """
    there = kinds(fitted)
    return [kind for kind in _wanted(fitted) if kind in there][:4]


def _wanted(fitted: Fit) -> list[str]:
    if fitted.description.right_censored:
        return ["survival", "qq", "hazard", "cdf", "pp"]
    if fitted.distribution.discrete:
        return ["density", "qq", "cdf", "rootogram", "pp"]
    if fitted.family in _OF_EXTREMES:
        return ["density", "qq", "cdf", "return level"]
    return ["density", "qq", "cdf", "pp"]


def overview(fitted: Fit) -> Figure:
    """Draw the four pictures that matter of a fit.

    Parameters
    ----------
    fitted : Fit
        One that was loaded from a file has a density alone.

    Returns
    -------
    Figure

    Examples
    --------
    >>> import likeliest as lk
    >>> figure = overview(lk.fit(lk.datasets.seattle_rain(), "gamma"))
    >>> [ax.get_title(loc="left") for ax in figure.axes]
    ['Density', 'Q–Q plot', 'Distribution function', 'P–P plot']
    """
    chosen = four(fitted)
    figure = style.figure(_SIZE if len(chosen) > 1 else (7.0, 4.2))
    rows = 2 if len(chosen) > 2 else 1
    columns = 2 if len(chosen) > 1 else 1
    for place, kind in enumerate(chosen, 1):
        ax = PICTURES[kind].draw(fitted, ax=figure.add_subplot(rows, columns, place))
        style.set_title(ax, PICTURES[kind].name)
    told = title(f"{fitted.family} fitted to", fitted.description)
    figure.suptitle(style.wrapped(told, figure.get_figwidth()), x=0.01, ha="left", fontsize=13)
    return figure
