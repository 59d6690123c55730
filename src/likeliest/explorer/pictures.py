"""The data and a distribution as numbers that the page draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.data import kaplan_meier
from likeliest.plots import bins, histogram, over
from likeliest.plots.positions import Seen
from likeliest.plots.steps import steps_of

if TYPE_CHECKING:
    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Array

_POINTS = 241
_MOST_STEPS = 400
_MARGIN = 0.1
_FEW = 10  # values of which bars would tell more than they know
_TALLEST = 2.5  # times the tallest bar: there a spike is cut off
_LEVEL = 0.95
_UNKNOWN = (
    "Values that lie between bounds, and could be seen only within a window, have no distribution "
    "of their own to draw: only the fitted one is shown."
)


@dataclass(frozen=True)
class View:
    """What is drawn of some data, and of each distribution over them.

    Parameters
    ----------
    x : array
        Where distributions are evaluated.
    whole : bool
        Whether x are whole numbers, of which each has a probability.
    entry, exit : float
        The window within which values could be seen.
    survives : bool
        Whether shares beyond x are drawn, in place of densities.
    unit : float
        By which a height is multiplied to be what a value contributes: the step of rounding.
    tallest : float
        Where the picture ends.
    data : dict
        Bars or steps, ready for JSON.
    """

    x: Array
    whole: bool
    entry: float
    exit: float
    survives: bool
    unit: float
    tallest: float
    data: dict[str, Any]

    @classmethod
    def of(cls, seen: Observations, member: Distribution, measure: str) -> View:
        """Return the view of data under a family: bars, or steps where values are censored."""
        plain = seen.description.is_plain
        if plain or (bins.serves(seen, member) and not kaplan_meier.serves(seen)):
            return _of_bars(seen, member, measure, plain=plain)
        if kaplan_meier.serves(seen) or not seen.truncated:
            return _of_steps(seen, member)
        ends = _window(seen.summary.low, seen.summary.high, seen.n, member)
        x = np.linspace(*ends, _POINTS)
        return cls(x, False, -np.inf, np.inf, True, 1.0, 1.0, {"kind": "none", "note": _UNKNOWN})

    def curve(self, member: Distribution) -> Array:
        """Return the density, probability or share beyond, at each x."""
        with np.errstate(all="ignore"):
            if self.survives:
                return Seen(member, self.entry, self.exit, are_edges=True).beyond(self.x)
            if self.whole:
                return over.masses(member, self.x)
            return np.minimum(np.exp(member.log_prob(self.x)), 4.0 * self.tallest)

    def to_dict(self) -> dict[str, Any]:
        """Return the view, ready for JSON."""
        return {
            **self.data, "x": self.x.tolist(), "whole": self.whole, "survives": self.survives,
            "unit": self.unit, "tallest": self.tallest,
        }  # fmt: skip


def _of_bars(seen: Observations, member: Distribution, measure: str, *, plain: bool) -> View:
    if plain:
        whole = measure == "mass" and seen.summary.whole
        bars = histogram.histogram(seen, whole=whole, atoms=member.atoms)
    else:
        bars = bins.histogram(seen, member)
    whole = bars.whole or member.discrete
    edges = bars.edges
    if whole:
        low, high = _window(float(edges[0]), float(edges[-1]), seen.n, member)
        first, last = np.floor(low), np.ceil(high)
        step = max(1.0, np.ceil((last - first) / _POINTS))
        x = np.arange(max(first, member.support.low), last + 1.0, step)
    else:
        x = np.linspace(*_window(float(edges[0]), float(edges[-1]), seen.n, member), _POINTS)
    top = float(bars.heights.max()) if bars.heights.size else 1.0
    unit = 1.0 if whole else seen.provenance.rounding or 1.0
    if len(seen) < _FEW:
        with np.errstate(all="ignore"):
            y = over.masses(member, x) if whole else np.exp(member.log_prob(x))
        top = float(np.max(y, where=np.isfinite(y), initial=0.0)) or top
        data: dict[str, Any] = {"kind": "none", "note": ""}
        return View(x, whole, -np.inf, np.inf, False, unit, _TALLEST * top, data)
    data = {
        "kind": "bars", "edges": edges.tolist(), "heights": bars.heights.tolist(),
        "outside": bars.outside,
        "atoms": [{"at": at, "share": share} for at, share in bars.at_atoms.items()],
    }  # fmt: skip
    return View(x, whole, -np.inf, np.inf, False, unit, _TALLEST * top, data)


def _of_steps(seen: Observations, member: Distribution) -> View:
    own = steps_of(seen, member, _LEVEL)
    every = np.concatenate([own.since, own.at, own.suspended, [own.entry, own.exit]])
    every = every[np.isfinite(every)]
    x = np.linspace(*_window(float(every.min()), float(every.max()), seen.n, member), _POINTS)
    some = np.unique(np.linspace(0, own.at.size - 1, min(own.at.size, _MOST_STEPS)).astype(int))
    share = own.share[np.concatenate([[0], some + 1])]
    marks = np.unique(own.suspended)
    if marks.size > _MOST_STEPS:
        marks = np.quantile(marks, np.linspace(0.0, 1.0, _MOST_STEPS))
    data = {
        "kind": "steps", "name": own.name.removeprefix("data, "), "at": own.at[some].tolist(),
        "since": own.since[some].tolist(), "beyond": (1.0 - share).tolist(),
        "marks": marks.tolist(), "marksBeyond": (1.0 - own.up_to(marks)).tolist(),
        "marksAre": "less" if seen.description.left_censored else "greater",
        "last": float(every.max()),
    }  # fmt: skip
    return View(x, False, own.entry, own.exit, True, 1.0, 1.0, data)


def _window(low: float, high: float, n: float, member: Distribution) -> tuple[float, float]:
    """Return the ends of the picture: a little beyond the data, within the support."""
    margin = (_MARGIN + 1.0 / np.sqrt(n)) * (high - low) or 1.0
    bounds = member.support
    # An end of the support that is a parameter moves with it; a fixed one is where the axis ends.
    left = max(low - margin, bounds.low) if np.isfinite(bounds.low) else low - margin
    right = min(high + margin, bounds.high) if np.isfinite(bounds.high) else high + margin
    return (min(left, low), max(right, high))
