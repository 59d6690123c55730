"""Fitted distributions over the data, drawn by what is known of the values."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from likeliest.data import kaplan_meier
from likeliest.data.observations import Observations
from likeliest.distributions.combinators.mixture import Mixture
from likeliest.errors import PictureError
from likeliest.plots import bins, histogram, rows, scales, shares, style
from likeliest.plots.density import draw_components
from likeliest.plots.names import plain
from likeliest.plots.unit import axis_name, data_in_unit, in_unit, unit_for
from likeliest.tables import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.data.description import Description
    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.result import Fit
    from likeliest.numerics.arrays import Array

_NO_LOG = (
    "A density on a logarithmic axis is drawn of continuous values above 0, as they stand or "
    "censored on one side."
)
_MOST_OF_A_TITLE = 240
_MOST_MARKS = 60  # more whole numbers than this are joined by a line alone


def draw(
    ax: Axes, observations: Observations, fits: list[tuple[Fit, str]], *, log: bool = False
) -> None:
    """Draw fits, each with its label, over their data, on a logarithmic axis if asked for.

    Plain values are a histogram, and bins are bars. Values censored on one side, and truncated
    ones, are Kaplan and Meier's curve, and any other mix stands row by row beside the distribution
    functions.
    """
    first = fits[0][0]
    summary = observations.summary
    unit = unit_for([summary.low, summary.high], first.distribution)
    seen = data_in_unit(observations, unit)
    curves = [(in_unit(fitted.distribution, unit), label) for fitted, label in fits]
    name = axis_name(unit, observations.description.label)
    if log and not kaplan_meier.serves(seen):
        raise PictureError(_NO_LOG)
    if log and observations.description.is_plain:
        _over_log_bars(ax, seen, curves)
    elif observations.description.is_plain:
        whole = first.measure == "mass" and summary.whole and unit == 1.0
        atoms = {atom for distribution, _ in curves for atom in distribution.atoms}
        _over_bars(ax, histogram.histogram(seen, whole=whole, atoms=atoms), curves)
    elif kaplan_meier.serves(seen):
        is_below = observations.description.left_censored > 0.0
        shares.draw(ax, fits, observations, beyond=not is_below, log=log or None)
    elif bins.serves(seen, first.distribution):
        _over_bars(ax, bins.histogram(seen, first.distribution), curves)
    else:
        rows.draw(ax, seen, curves)
    ax.set_xlabel(name)
    style.legend(ax)


def title(what: str, seen: Description) -> str:
    """Return a title that says what the data were."""
    return plain(f"{what} {seen.told()}", _MOST_OF_A_TITLE)


def _over_bars(ax: Axes, bars: histogram.Histogram, curves: list[tuple[Distribution, str]]) -> None:
    histogram.draw(ax, bars)
    for index, (distribution, label) in enumerate(curves):
        _curve(ax, distribution, bars, index, label)
    ax.set_ylabel("share of the values" if bars.whole else "density")
    # A spike of a curve is kept from squeezing the bars.
    top = float(bars.heights.max())
    ax.set_ylim(0.0, min(ax.get_ylim()[1], 2.2 * top) if top > 0 else None)
    for atom, share in bars.at_atoms.items():
        _atom(ax, curves[0][0], atom, share)


def _over_log_bars(
    ax: Axes, observations: Observations, curves: list[tuple[Distribution, str]]
) -> None:
    """Draw the histogram of the logarithms, and the densities that they have, over the values."""
    if observations.summary.low <= 0.0 or any(d.discrete for d, _ in curves):
        raise PictureError(_NO_LOG)
    logs = np.log(np.asarray(observations.values, dtype=np.float64))
    bars = histogram.histogram(Observations.of_checked(logs, observations.weights), whole=False)
    ax.set_xscale("log")
    histogram.draw(ax, replace(bars, edges=np.exp(bars.edges)))
    x = scales.grid(ax, 801)
    for index, (distribution, label) in enumerate(curves):
        ax.plot(x, x * np.exp(distribution.log_prob(x)), label=label, **style.line(index))
    scales.set_plain_ticks(ax.xaxis)
    ax.set_ylabel("density of the logarithm")


def _atom(ax: Axes, distribution: Distribution, atom: float, share: float) -> None:
    """Draw a probability of one value, which has no density, as an arrow with its numbers."""
    fitted = float(np.exp(distribution.log_prob(atom)))
    low, high = ax.get_xlim()
    ax.set_xlim(min(low, atom - 0.02 * (high - low)), high)
    ax.axvline(atom, color=style.GREY, linewidth=2.5, zorder=1)
    ax.annotate(
        f"P({number(atom)}) = {fitted:.3g}\ndata {share:.3g}",
        (atom, 0.96), xycoords=("data", "axes fraction"), xytext=(6, 0),
        textcoords="offset points", va="top", fontsize=9.5,
    )  # fmt: skip


def _curve(
    ax: Axes, distribution: Distribution, bars: histogram.Histogram, index: int, label: str
) -> None:
    """Draw a distribution over bars: its density, or its probability of each bar."""
    if bars.whole or distribution.discrete:
        x = np.round(0.5 * (bars.edges[1:] + bars.edges[:-1]))
        few = x.size <= _MOST_MARKS
        looks = style.marked(index) if few else style.line(index)
        ax.plot(x, masses(distribution, x), label=label, **looks)
        if index == 0 and isinstance(distribution, Mixture):
            for weight, part in zip(distribution.weights, distribution.components, strict=True):
                ax.plot(x, weight * masses(part, x), **style.component())
    else:
        x = np.linspace(bars.edges[0], bars.edges[-1], 801)
        y = np.exp(distribution.log_prob(x))
        # An infinite density leaves the picture, and does not level off.
        y = np.minimum(y, 10.0 * float(bars.heights.max()))
        ax.plot(x, y, label=label, **style.line(index))
        if index == 0:
            draw_components(ax, distribution, x)


def masses(distribution: Distribution, x: Array) -> Array:
    """Return the probability of each whole number, of a density that of the interval about it."""
    if distribution.discrete:
        return np.exp(distribution.log_prob(x))
    return distribution.probability(x - 0.5, x + 0.5)
