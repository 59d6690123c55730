"""Quantile residuals of a regression by the predicted mean: whether curve or spread is off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.plots import scales, style
from likeliest.plots.of_regressions.names import told

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.numerics.arrays import Array
    from likeliest.regression.result import Regression

_MOST = 4_000  # points that are drawn
_OUT = 6.0  # standard deviations: what lies farther is drawn there
_FEWEST = 40  # rows: a moving mean of fewer says nothing
_PARTS = 12  # of the rows, by their predicted mean: the mean and spread of each is drawn


def residuals(regression: Regression, ax: Axes | None = None, *, seed: int = 0) -> Axes:
    """Draw a quantile residual for each row by the mean that was predicted for it.

    Of a right regression they are standard normal: 95 in 100 lie between the dashed lines whatever
    the mean. A bow of the moving mean says that a term is missing, a funnel that the spread needs
    terms of its own.

    Parameters
    ----------
    regression : Regression
    ax : matplotlib Axes, optional
    seed : int
        Of the residuals of counts and censored values, which are random.

    Returns
    -------
    Axes

    Source: Dunn & Smyth (1996), J. Comput. Graph. Statist. 5, 236-244.
    """
    r = np.clip(regression.residuals(seed), -_OUT, _OUT)
    made = regression.distribution()
    mean = np.broadcast_to(np.asarray(made.mean, dtype=np.float64), r.shape)
    name = "predicted mean"
    if not np.isfinite(mean).all():
        mean, name = np.broadcast_to(made.quantile(0.5), r.shape), "predicted median"
    ax = style.axes(ax, told("Residuals", regression))
    order = np.argsort(mean, kind="stable")
    some = order[np.unique(np.linspace(0, r.size - 1, min(r.size, _MOST)).astype(np.intp))]
    ax.plot(mean[some], r[some], **(style.points(some.size) | {"label": "a row"}))
    if r.size >= _FEWEST:
        ax.plot(*_moving(mean[order], r[order]), label="moving mean", **style.line(0))
    ax.axhline(0.0, color=style.GREY, linewidth=0.9)
    for limit in (-1.96, 1.96):
        ax.axhline(limit, color=style.GREY, linewidth=0.9, linestyle=(0, (4, 3)))
    scales.set_scale(ax, mean, "x")
    if some.size < r.size:
        style.note(ax, f"{some.size:,} of {r.size:,} rows shown")
    ax.set_ylim(min(-3.2, 1.08 * float(r.min())), max(3.2, 1.08 * float(r.max())))
    ax.set_xlabel(name)
    ax.set_ylabel("quantile residual")
    style.legend(ax)
    return ax


def _moving(x: Array, r: Array) -> tuple[Array, Array]:
    """Return the mean of each part of the rows, and the middle of what it is drawn over."""
    parts = np.array_split(np.arange(x.size), _PARTS)
    return np.array([np.median(x[p]) for p in parts]), np.array([np.mean(r[p]) for p in parts])
