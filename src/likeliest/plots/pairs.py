"""Columns two by two: the rows, with the ellipses that hold half and nearly all of a fit."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from likeliest.data.observe import observe
from likeliest.distributions.multivariate.elliptical import Elliptical
from likeliest.errors import PictureError
from likeliest.plots import style
from likeliest.plots.histogram import histogram

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.data.matrix import Matrix
    from likeliest.multivariate import MultivariateFit

_MOST = 6  # columns that can be told apart side by side
_POINTS = 2_000  # rows that are drawn
_INSIDE = (0.5, 0.95)  # of the distribution, within an ellipse
_SIZE = 2.1  # inches of a panel and the gap beside it
_GAPS = (0.5, 0.4)  # inches across and down, for the numbers on the axes


def pairs(fitted: MultivariateFit, *, ax: Axes | None = None) -> Axes:
    """Draw the rows of a fit in two columns at a time, and each column by itself.

    Ellipses hold half and 95 % of the fitted distribution; the curve above is each column's own.

    Parameters
    ----------
    fitted : MultivariateFit
        Of a multivariate normal or t, of six columns at most.
    ax : Axes, optional
        Where to draw; without it a figure of its own.

    Returns
    -------
    Axes
        A frame, whose `child_axes` are the panels, row by row.

    Raises
    ------
    PictureError
        If the family has no ellipses, or there are too many columns.

    Examples
    --------
    >>> import likeliest as lk
    >>> rows = lk.MultivariateNormal([0, 0], [[1, 0.5], [0.5, 1]]).sample(50, seed=1)
    >>> len(lk.fit(rows, "multivariate normal").plot().child_axes)
    4
    """
    law = fitted.distribution
    if not isinstance(law, Elliptical):
        raise PictureError(
            f"There is no picture of {fitted.family} yet. Of a column by itself there is: "
            "fit.distribution.marginal(name).plot()."
        )
    d = len(law.columns)
    if d > _MOST:
        raise PictureError(f"{d} columns are more than {_MOST}: fit those that are to be seen.")
    title = f"{fitted.found.told}\n{fitted.family}, ellipses of 50 % and 95 %"
    frame = style.axes(ax, title, (1.5 + _SIZE * d, 1.0 + _SIZE * d))
    across, down = (gap / (_SIZE * d) for gap in _GAPS)
    for place, panel in enumerate(style.panels(frame, d * d, d, (across, down))):
        i, j = divmod(place, d)
        if i < j:
            panel.set_axis_off()
        elif i == j:
            _alone(panel, law, i, fitted.rows)
        else:
            _together(panel, law, (j, i), fitted.rows)
        if i == d - 1:
            panel.set_xlabel(law.columns[j])
        if j == 0 and i > 0:
            panel.set_ylabel(law.columns[i])
    return frame


def _alone(panel: Axes, law: Elliptical, at: int, rows: Matrix | None) -> None:
    """Draw the values of a column, and its density."""
    if rows is not None:
        there = ~np.isnan(rows.values[:, at])
        weights = None if rows.weights is None else rows.weights[there]
        bars = histogram(observe(rows.values[there, at], weights=weights), whole=False)
        panel.bar(bars.edges[:-1], bars.heights, np.diff(bars.edges), align="edge", color=style.BAR)
    one = law.marginal(law.columns[at])
    low, high = one.interval(0.995)
    x = np.linspace(low, high, 201)
    panel.plot(x, np.exp(one.log_prob(x)), **style.line(0))
    panel.tick_params(labelleft=False, left=False)


def _together(panel: Axes, law: Elliptical, at: tuple[int, int], rows: Matrix | None) -> None:
    """Draw the rows in two columns, and the ellipses."""
    if rows is not None:
        some = rows.values[:: max(1, len(rows.values) // _POINTS)][:, at]
        panel.plot(*some.T, **style.points(len(some)))
    both = law.marginal([law.columns[i] for i in at])
    angle = np.linspace(0.0, 2.0 * np.pi, 181)
    circle = np.array([np.cos(angle), np.sin(angle)])
    for number, share in enumerate(_INSIDE):
        radius = _radius(share, getattr(both, "df", math.inf))
        panel.plot(*(both.centre[:, None] + radius * both.root @ circle), **style.line(number))


def _radius(share: float, df: float) -> float:
    """Return how far from the centre of two columns this share lies, in units of the ellipse."""
    if math.isinf(df):
        return math.sqrt(-2.0 * math.log1p(-share))
    return math.sqrt(df * math.expm1(-2.0 / df * math.log1p(-share)))
