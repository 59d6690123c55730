"""Kaplan and Meier's curve of the data under fitted ones, with marks where values are unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.fitting.gap import share_beyond
from likeliest.plots import style
from likeliest.tables import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.data.kaplan_meier import KaplanMeier
    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Array

_POINTS = 801
_MOST_MARKS = 400  # more suspensions than this would be a bar
_NEARLY_ALL = 0.98  # of the values: beyond twice as far as they lie the picture ends


def draw(ax: Axes, curve: KaplanMeier, fitted: list[tuple[Distribution, str]], name: str) -> None:
    """Draw the share of the values beyond each x, as seen and as fitted; if mirrored, below it."""
    sign = -1.0 if curve.is_mirrored else 1.0
    low, high, outside = _view(curve, fitted[0][0])
    last = float(np.max(np.concatenate([curve.at, curve.suspended])))
    at = np.concatenate([[low], curve.at, [last]])
    share = np.concatenate([[1.0, *curve.beyond], [1.0, *curve.beyond][-1:]])
    ax.step(sign * at, share, where="post", color=style.GREY, lw=1.4, label="data, Kaplan–Meier")
    if curve.suspended.size:
        marks = np.unique(curve.suspended)
        if marks.size > _MOST_MARKS:
            marks = np.quantile(marks, np.linspace(0.0, 1.0, _MOST_MARKS))
        ax.plot(
            sign * marks, _height(curve, marks), "|", color=style.GREY, markersize=9, mew=1.3,
            label=f"known only to be {'less' if curve.is_mirrored else 'greater'}",
        )  # fmt: skip
    x = np.linspace(low, high, _POINTS)
    for index, (distribution, label) in enumerate(fitted):
        y = share_beyond(distribution, curve, x)
        ax.plot(sign * x, y, label=label, **style.line(index))
    ax.set_xlim(*sorted((sign * low, sign * high)))
    ax.set_ylim(0.0, 1.03)
    plain = name.partition(",")[0].partition(" (")[0]
    way = "below" if curve.is_mirrored else "beyond"
    ax.set_ylabel(f"share {way} {plain}{_of_whom(curve)}")
    if outside:
        style.note(ax, f"{outside:.2g} of the values lie beyond the picture")


def _view(curve: KaplanMeier, distribution: Distribution) -> tuple[float, float, float]:
    """Return the range shown, and the share of the values beyond it."""
    seen = np.concatenate([curve.at, curve.suspended])
    low, high = float(seen.min()), float(seen.max())
    pad = 0.04 * (high - low) or 1.0
    is_positive = distribution.support.low == 0.0
    start = 0.0 if is_positive and not curve.is_mirrored else low - pad
    low = curve.entry if np.isfinite(curve.entry) else start
    reach = low + 2.0 * (curve.quantile(_NEARLY_ALL) - low)
    if high > reach:
        return low, reach, float(_height(curve, np.array([reach]))[0])
    high += pad
    return low, min(high, 0.0) if is_positive and curve.is_mirrored else high, 0.0


def _height(curve: KaplanMeier, x: Array) -> Array:
    """Return the curve at each x."""
    return np.concatenate([[1.0], curve.beyond])[np.searchsorted(curve.at, x, side="right")]


def _of_whom(curve: KaplanMeier) -> str:
    ends = (-curve.exit, -curve.entry) if curve.is_mirrored else (curve.entry, curve.exit)
    above = f"above {number(ends[0])}" if np.isfinite(ends[0]) else ""
    up_to = f"up to {number(ends[1])}" if np.isfinite(ends[1]) else ""
    told = " and ".join(part for part in (above, up_to) if part)
    return f", of those {told}" if told else ""
