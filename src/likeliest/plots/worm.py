"""The worm plot: a Q–Q plot of quantile residuals with the line taken out of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from likeliest.inference.levels import checked_level
from likeliest.plots import style
from likeliest.plots.over import title
from likeliest.plots.picture import Picture
from likeliest.plots.positions import Positions
from likeliest.plots.requirements import needs_data, observations_of, require

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.fitting.result import Fit
    from likeliest.numerics.arrays import Array

_POINTS = 201
_OUT = 6.0  # at an estimated end of the support a residual is infinite


def worm(fitted: Fit, level: float = 0.95, ax: Axes | None = None) -> Axes:
    """Draw how far each quantile residual lies from where a normal law would put it.

    Of a right family the points wind about 0, within the band with probability `level` each. A
    slope says that the fitted spread is wrong, a bow that the skewness is, an S that the tails are.

    Parameters
    ----------
    fitted : Fit
    level : float
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    PictureError
        If the fit has no data.

    Source: van Buuren & Fredriks (2001), Statistics in Medicine 20, 1259-1277.

    Examples
    --------
    >>> import likeliest as lk
    >>> worm(lk.fit(lk.datasets.seattle_rain(), "gamma")).get_ylabel()
    'residual less its normal quantile'
    """
    require(needs_data(fitted), "A worm plot")
    observations = observations_of(fitted)
    residuals = replace(fitted, observations=observations).residuals()
    ax = style.axes(ax, title(f"Worm plot: {fitted.family} fitted to", fitted.description))
    draw_worm(ax, in_order(residuals, observations.weights), observations.n, level)
    return ax


def draw_worm(ax: Axes, points: Positions, n: float, level: float) -> None:
    """Draw residuals in order, less their normal quantiles, with the band for n rows."""
    from scipy.special import ndtri

    normal = ndtri(points.share)
    off = points.at - normal
    z, half = band(normal, n, level)
    style.band(ax, z, (-half, half), f"{100 * level:.12g} % of points lie within")
    ax.axhline(0.0, **style.line(0), label="as fitted")
    ax.plot(normal, off, **style.points(off.size))
    most = max(1.15 * float(np.max(np.abs(off))), 1.5 * float(half.min()))
    ax.set_xlim(z[0], z[-1])
    ax.set_ylim(-most, most)
    ax.set_xlabel("normal quantile")
    ax.set_ylabel("residual less its normal quantile")
    style.legend(ax)


def band(normal: Array, n: float, level: float) -> tuple[Array, Array]:
    """Return normal quantiles, and how far off each a residual lies within with probability level.

    Parameters
    ----------
    normal : array of shape (k,)
        The quantiles that are to be covered.
    n : float
        Rows.
    level : float
    """
    from scipy.special import ndtri

    checked_level(level)
    reach = 1.05 * float(np.max(np.abs(normal))) or 1.0
    z = np.linspace(-reach, reach, _POINTS)
    return z, float(ndtri(0.5 + 0.5 * level)) * _spread(z) / np.sqrt(n)


def in_order(residuals: Array, weights: Array | None) -> Positions:
    """Return the residuals in order, with the share of the weights up to the middle of each."""
    clipped = np.clip(residuals, -_OUT, _OUT)
    order = np.argsort(clipped, kind="stable")
    each = np.ones(order.size) if weights is None else weights[order]
    up_to = np.cumsum(each)
    return Positions(clipped[order], (up_to - 0.5 * each) / up_to[-1]).thinned()


def _spread(z: Array) -> Array:
    """Return the standard error of a sample quantile of a standard normal law, times √n."""
    from scipy.special import log_ndtr

    density = -0.5 * z**2 - 0.5 * np.log(2.0 * np.pi)
    return np.exp(0.5 * (log_ndtr(z) + log_ndtr(-z)) - density)


PICTURE = Picture("Worm plot", worm, needs_data)
