"""Whether the probabilities of a regression are what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import PictureError
from likeliest.plots import style
from likeliest.plots.of_regressions.names import told

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.numerics.arrays import Array
    from likeliest.regression.result import Regression

_BARS = 10
_LEVEL = 0.95


def calibration(regression: Regression, ax: Axes | None = None) -> Axes:
    """Draw whether probabilities that the regression gave came true.

    Of events (bernoulli) the share that happened, by the predicted probability: of a right
    regression the points lie along the line. Of other families the share of the rows by the
    predicted probability of a value up to that seen: of a right regression all bars are alike; a
    hump says that its distributions are too wide, a valley that they are too narrow, a slope that
    they lie too low or too high.

    Parameters
    ----------
    regression : Regression
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Source: Gneiting, Balabdaoui & Raftery (2007), J. R. Statist. Soc. B 69, 243-268.
    """
    problem = regression.required_problem("A picture of calibration")
    weights = problem.observations.weights
    each = np.ones(len(problem.observations)) if weights is None else np.asarray(weights)
    if regression.family == "bernoulli":
        return _of_events(regression, each, style.axes(ax, told("Calibration", regression)))
    from scipy.special import ndtr, ndtri

    ax = style.axes(ax, told("Calibration", regression))
    edges = np.linspace(0.0, 1.0, _BARS + 1)
    seen = np.histogram(ndtr(regression.residuals()), edges, weights=each)[0] / each.sum()
    ax.bar(
        edges[:-1], seen, 1.0 / _BARS, align="edge", color=style.BAR, edgecolor=style.GREY,
        linewidth=0.6, label="share of the rows",
    )  # fmt: skip
    even = 1.0 / _BARS
    half = float(ndtri(0.5 + 0.5 * _LEVEL)) * np.sqrt(even * (1.0 - even) / each.sum())
    style.band(
        ax, edges, (np.full(edges.size, even - half), np.full(edges.size, even + half)),
        "95 % of bars end within",
    )  # fmt: skip
    ax.axhline(even, label="as fitted", **style.line(0))
    ax.set_xlim(0.0, 1.0)
    ax.set_ylim(0.0, 1.3 * max(float(seen.max()), even + half))
    ax.set_xlabel("predicted probability of a value up to that seen")
    ax.set_ylabel("share of the rows")
    style.legend(ax)
    return ax


def _of_events(regression: Regression, weights: Array, ax: Axes) -> Axes:
    """Draw the share that happened in rows of nearly equal probability, with its interval."""
    from scipy.special import ndtri

    problem = regression.required_problem("A picture of calibration")
    seen = problem.observations
    if not seen.description.is_plain:
        raise PictureError("Calibration is drawn of events that were seen as they stand.")
    happened = np.asarray(seen.values, dtype=np.float64)
    predicted = np.broadcast_to(regression.predict(), happened.shape)
    order = np.argsort(predicted, kind="stable")
    parts = [p for p in np.array_split(order, min(_BARS, np.unique(predicted).size)) if p.size]
    x, share, n = np.array(
        [[np.average(one[p], weights=weights[p]) for p in parts] for one in (predicted, happened)]
        + [[weights[p].sum() for p in parts]]
    )
    z = float(ndtri(0.5 + 0.5 * _LEVEL))  # Wilson's interval of a share
    middle = (share + z * z / (2.0 * n)) / (1.0 + z * z / n)
    half = z * np.sqrt(share * (1.0 - share) / n + z * z / (4.0 * n * n)) / (1.0 + z * z / n)
    off = np.stack([share - (middle - half), middle + half - share])
    ax.plot([0.0, 1.0], [0.0, 1.0], label="as fitted", **style.line(0))
    ax.errorbar(
        x, share, np.maximum(off, 0.0), color=style.DATA, marker="o", markersize=5.0, capsize=3.0,
        linestyle="none", label="share that happened, with 95 % intervals",
    )  # fmt: skip
    reach = min(1.0, 1.1 * max(float(x.max()), float((middle + half).max())))
    ax.set_xlim(0.0, reach)
    ax.set_ylim(0.0, reach)
    ax.set_xlabel("predicted probability")
    ax.set_ylabel("share that happened")
    style.legend(ax, "upper left")
    return ax
