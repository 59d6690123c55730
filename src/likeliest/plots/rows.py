"""Rows of any kind where they lie, in order, beside fitted distribution functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.data.turnbull import turnbull
from likeliest.errors import ConvergenceError
from likeliest.plots import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Array

_POINTS = 801
_MOST_ROWS = 200  # more rows than this are drawn in part
_MOST_ESTIMATED = 10_000


def draw(ax: Axes, observations: Observations, fitted: list[tuple[Distribution, str]]) -> None:
    """Draw distribution functions, Turnbull's estimate, and each row from bound to bound.

    Rows are in the order of their middles, as high as the share of the weights up to them. A mark
    alone is an exact value, and an arrow says to which side a row is open.
    """
    values = np.asarray(observations.values, dtype=np.float64)
    exact = observations.lower is None or observations.upper is None
    lower = values if exact else np.asarray(observations.lower)
    upper = values if exact else np.asarray(observations.upper)
    weights = np.ones(values.size) if observations.weights is None else observations.weights
    order = np.argsort(values, kind="stable")
    height = (np.cumsum(weights[order]) - 0.5 * weights[order]) / np.sum(weights)
    if values.size > _MOST_ROWS:
        some = np.linspace(0, values.size - 1, _MOST_ROWS).astype(np.intp)
        order, height = order[some], height[some]
    lower, upper = lower[order], upper[order]
    low, high = _view(lower, upper, fitted[0][0])
    _spans(ax, lower, upper, height, (low, high))
    if not observations.truncated:
        _own_share(ax, observations, (low, high))
    x = np.linspace(low, high, _POINTS)
    for index, (distribution, label) in enumerate(fitted):
        ax.plot(x, distribution.cdf(x), label=label, **style.line(index))
    notes = [f"{_MOST_ROWS} of {values.size:,} rows shown"] * (values.size > _MOST_ROWS)
    notes += ["the curves are of all values, seen or not"] * observations.truncated
    if notes:
        style.note(ax, ", ".join(notes))
    ax.set_xlim(low, high)
    ax.set_ylim(0.0, 1.03)
    ax.set_ylabel("share up to x")


def _view(lower: Array, upper: Array, distribution: Distribution) -> tuple[float, float]:
    ends = np.concatenate([lower, upper])
    ends = ends[np.isfinite(ends)]
    low, high = float(ends.min()), float(ends.max())
    pad = 0.08 * (high - low) or 1.0
    low = 0.0 if distribution.support.low == 0.0 else low - pad
    return low, min(high + pad, distribution.support.high)


def _own_share(ax: Axes, observations: Observations, view: tuple[float, float]) -> None:
    """Draw the data's own share up to x, sloping where it is known at both ends alone."""
    if len(observations) > _MOST_ESTIMATED:
        observations = observations.some(_MOST_ESTIMATED)
    try:
        curve = turnbull(observations)
    except ConvergenceError:
        return
    before, after = 1.0 - curve.before(), 1.0 - curve.beyond
    x = np.clip(np.stack([curve.low, curve.high], axis=1).ravel(), *view)
    y = np.stack([before, after], axis=1).ravel()
    last = y.size - (curve.high[-1] == np.inf)  # from there on nothing is known
    ax.plot(x[:last], y[:last], color=style.GREY, lw=1.8, label="data, Turnbull")


def _spans(ax: Axes, lower: Array, upper: Array, height: Array, view: tuple[float, float]) -> None:
    """Draw exact rows as points, and others from bound to bound, arrows where they are open."""
    exact = lower == upper
    ax.plot(lower[exact], height[exact], ".", color=style.GREY, markersize=5)
    shown = ~exact
    ax.hlines(
        height[shown], np.maximum(lower, view[0])[shown], np.minimum(upper, view[1])[shown],
        color=style.GREY, linewidth=0.9, alpha=0.6, label="data, from bound to bound",
    )  # fmt: skip
    for open_, at, mark in (
        (upper == np.inf, lower, style.RIGHT),
        (lower == -np.inf, upper, style.LEFT),
    ):
        ax.plot(at[open_], height[open_], marker=mark, ls="", color=style.GREY, markersize=4)
