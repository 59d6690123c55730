"""Quantile residuals by row: whether values drift, or a few lie far out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import StrMethodFormatter

from likeliest.plots import style
from likeliest.plots.over import title
from likeliest.plots.picture import Picture
from likeliest.plots.requirements import needs_data, observations_of, require

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.fitting.result import Fit
    from likeliest.numerics.arrays import Array

_NO_ORDER = (
    "equal values of rounded data are taken together, and the order of the rows is not kept; "
    'fit.plot("worm") needs none.'
)
_MOST = 4_000  # points that are drawn; the mean is of all
_OUT = 6.0  # standard deviations: what lies farther is drawn there
_FEWEST = 40  # rows: a moving mean of fewer says nothing
_PARTS = 8  # of the rows: one of them goes into each mean


def why_not(fitted: Fit) -> str:
    """Return why residuals cannot be drawn by row; empty where they can."""
    if reason := needs_data(fitted):
        return reason
    seen = observations_of(fitted)
    return _NO_ORDER if seen.provenance.rounding and not seen.truncated else ""


def residuals(fitted: Fit, ax: Axes | None = None, *, seed: int = 0) -> Axes:
    """Draw a quantile residual for each row, with their moving mean.

    Of a right family they are standard normal whatever it is: 95 in 100 lie between the dashed
    lines, and the mean stays near 0. A drift says that the rows are not of one distribution.

    Parameters
    ----------
    fitted : Fit
    ax : matplotlib Axes, optional
    seed : int
        Of the residuals of counts, rounded and censored values, which are random.

    Returns
    -------
    Axes

    Raises
    ------
    PictureError
        If the fit has no data.

    Source: Dunn & Smyth (1996), J. Comput. Graph. Statist. 5, 236-244.

    Examples
    --------
    >>> import likeliest as lk
    >>> fit = lk.fit([48.8292, 49.3087, 52.4836, 53.2384, 57.6151], "normal")
    >>> residuals(fit).get_lines()[0].get_ydata().round(2).tolist()
    [-1.09, -0.94, 0.06, 0.3, 1.68]
    """
    require(why_not(fitted), "Residuals")
    observations = observations_of(fitted)
    r = replace(fitted, observations=observations).residuals(seed=seed)
    r = np.clip(r, -_OUT, _OUT)  # at an estimated end of the support it is infinite
    ax = style.axes(ax, title(f"Residuals: {fitted.family} fitted to", fitted.description))
    some = np.unique(np.linspace(0, r.size - 1, min(r.size, _MOST)).astype(np.intp))
    ax.plot(some + 1, r[some], **(style.points(some.size) | {"label": "a row"}))
    if r.size >= _FEWEST:
        ax.plot(*_moving(r), label="moving mean", **style.line(0))
    ax.axhline(0.0, color=style.GREY, linewidth=0.9)
    for limit in (-1.96, 1.96):
        ax.axhline(limit, color=style.GREY, linewidth=0.9, linestyle=(0, (4, 3)))
    if some.size < r.size:
        style.note(ax, f"{some.size:,} of {r.size:,} rows shown")
    ax.set_ylim(min(-3.2, 1.08 * float(r.min())), max(3.2, 1.08 * float(r.max())))
    ax.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    ax.set_xlabel("row")
    ax.set_ylabel("quantile residual")
    style.legend(ax)
    return ax


def _moving(r: Array) -> tuple[Array, Array]:
    """Return the means of an eighth of the rows each, and the rows in whose middle they stand."""
    width = r.size // _PARTS
    total = np.concatenate([[0.0], np.cumsum(r)])
    means = (total[width:] - total[:-width]) / width
    some = np.unique(np.linspace(0, means.size - 1, min(means.size, _MOST)).astype(np.intp))
    return np.asarray(some + 0.5 * (width + 1.0), np.float64), means[some]


PICTURE = Picture("Residuals", residuals, why_not)
