"""Quantile residuals of a regression against normal quantiles, and with the line taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from likeliest.plots import style
from likeliest.plots.of_regressions.names import told
from likeliest.plots.worm import band, draw_worm, in_order

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.plots.positions import Positions
    from likeliest.regression.result import Regression


def qq(regression: Regression, ax: Axes | None = None, *, level: float = 0.95) -> Axes:
    """Draw quantile residuals against normal quantiles.

    Of a right regression the points lie along the line, within the band with probability `level`
    each, whatever the family.

    Parameters
    ----------
    regression : Regression
    ax : matplotlib Axes, optional
    level : float

    Returns
    -------
    Axes

    Source: Dunn & Smyth (1996), J. Comput. Graph. Statist. 5, 236-244.
    """
    from scipy.special import ndtri

    points = _ordered(regression)
    normal = ndtri(points.share)
    ax = style.axes(ax, told("Q–Q plot of residuals", regression))
    z, half = band(normal, regression.n, level)
    style.band(ax, z, (z - half, z + half), f"{100 * level:.12g} % of points lie within")
    ax.plot(z, z, label="as fitted", **style.line(0))
    ax.plot(normal, points.at, **(style.points(normal.size) | {"label": "a row"}))
    ax.set_xlim(z[0], z[-1])
    ax.set_xlabel("normal quantile")
    ax.set_ylabel("quantile residual")
    style.legend(ax, "upper left")
    return ax


def worm(regression: Regression, ax: Axes | None = None, *, level: float = 0.95) -> Axes:
    """Draw how far each quantile residual lies from where a normal law would put it.

    A slope says that the fitted spread is wrong, a bow that the skewness is, an S that the tails
    are.

    Parameters
    ----------
    regression : Regression
    ax : matplotlib Axes, optional
    level : float

    Returns
    -------
    Axes

    Source: van Buuren & Fredriks (2001), Statistics in Medicine 20, 1259-1277.
    """
    ax = style.axes(ax, told("Worm plot", regression))
    draw_worm(ax, _ordered(regression), regression.n, level)
    return ax


def _ordered(regression: Regression) -> Positions:
    problem = regression.required_problem("A picture of residuals")
    return in_order(regression.residuals(), problem.observations.weights)
