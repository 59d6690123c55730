"""The data under a fitted curve: bars of a histogram, or of the whole numbers themselves."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from likeliest.plots import style

if TYPE_CHECKING:
    from collections.abc import Collection

    from matplotlib.axes import Axes

    from likeliest.data.observations import Observations
    from likeliest.numerics.arrays import Array, Mask

_MOST_BINS = 120


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bars of data.

    Parameters
    ----------
    edges : array of shape (bars + 1,)
    heights : array of shape (bars,)
        Shares of the whole over the widths; for `whole`, shares.
    whole : bool
        Whether there is a bar for each whole number.
    outside : float
        Share of the observations beyond the bars, where a few far ones would squeeze the rest.
    at_atoms : dict
        For values that have a probability of their own, and no part in the bars, their share.
    """

    edges: Array
    heights: Array
    whole: bool
    outside: float
    at_atoms: dict[float, float] = field(default_factory=dict)


def histogram(
    observations: Observations, *, whole: bool, atoms: Collection[float] = ()
) -> Histogram:
    """Return the bars: one for each whole number, or as many as Freedman & Diaconis (1981) say.

    Values in `atoms` are left out of the bars, and their shares told beside them.
    """
    is_atom = np.isin(observations.values, [*atoms])
    if is_atom.any() and not is_atom.all():
        at = {a: _share(observations, np.asarray(observations.values == a)) for a in atoms}
        bars = histogram(observations.take(np.flatnonzero(~is_atom)), whole=whole)
        kept = 1.0 - sum(at.values())
        return replace(bars, heights=kept * bars.heights, outside=kept * bars.outside, at_atoms=at)
    values = np.asarray(observations.values, dtype=np.float64)
    weights = np.ones(values.size) if observations.weights is None else observations.weights
    weighted = observations.weights is not None
    sampled = observations.subsample(20_000) if weighted or values.size > 100_000 else observations
    sample = np.asarray(sampled.values, dtype=np.float64)
    low, high = _clipped(sample, observations)
    if whole and high - low <= 2 * _MOST_BINS:
        edges = np.arange(np.floor(low) - 0.5, np.ceil(high) + 1.0)
    else:
        whole = False
        edges = np.linspace(low, high, _bins(sample, low, high, values.size) + 1)
    counts, _ = np.histogram(values, edges, weights=weights)
    widths = np.ones(counts.size) if whole else np.diff(edges)
    total = float(np.sum(weights))
    outside = 1.0 - float(np.sum(counts)) / total
    return Histogram(edges, counts / total / widths, whole, max(outside, 0.0))


def _share(observations: Observations, mask: Mask) -> float:
    weights = observations.weights
    return float(np.mean(mask) if weights is None else weights[mask].sum() / weights.sum())


def draw(ax: Axes, bars: Histogram) -> None:
    """Draw the bars, and say what lies beyond them."""
    middles, widths = 0.5 * (bars.edges[1:] + bars.edges[:-1]), np.diff(bars.edges)
    ax.bar(
        middles,
        bars.heights,
        width=(0.85 if bars.whole else 1.0) * widths,
        color=style.BAR,
        edgecolor="white",
        linewidth=0.5,
        label="data",
    )
    ax.set_xlim(bars.edges[0], bars.edges[-1])
    if bars.outside > 1e-9:
        style.note(ax, f"{bars.outside:.2g} of the values lie beyond the picture")


def _clipped(sample: Array, observations: Observations) -> tuple[float, float]:
    """Return the range shown: all, unless a few far values would squeeze the rest to one bar."""
    s = observations.summary
    first, low, high, last = np.quantile(sample, [0.05, 0.25, 0.75, 0.95])
    reach = max(6.0 * (high - low), last - first)
    if s.low == s.high:
        pad = abs(s.low) * 0.1 or 1.0
        return s.low - pad, s.high + pad
    if reach == 0.0:
        return s.low, s.high
    return max(s.low, float(low - reach)), min(s.high, float(high + reach))


def _bins(sample: Array, low: float, high: float, n: int) -> int:
    quartiles = np.quantile(sample, [0.25, 0.75])
    width = 2.0 * float(quartiles[1] - quartiles[0]) / max(n, 1) ** (1.0 / 3.0)
    wanted = (high - low) / width if width > 0 else 10.0
    # Two humps make the quartiles, and so the bins, too wide: Rice's rule is the least.
    least = max(5.0, 2.0 * n ** (1.0 / 3.0))
    return int(np.clip(np.ceil(wanted), least, _MOST_BINS))
