"""The greatest point of a function that has corners at known places, its knots, and none between.

Without windows the log likelihood of a location-scale family whose density is log-concave is
concave in (location/scale, 1/scale), whatever is known of each row (Prékopa 1973): the probability
of an interval is an integral of a log-concave function over a convex set. The likelihood maximised
over the scale then rises to one top and falls from there, as a function of the location. The signs
of one-sided slopes at the knots (values, edges of intervals and windows) say between which two
knots that top lies, or on which; between two knots the slope is continuous, and its root is the
top. Where there can be several tops, the knots are looked over first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from likeliest.numerics.arrays import Array

_MOST = 200  # halvings of a bracket
_SECANTS = 6  # of eight steps of a search; the others halve its bracket
_LOOKS = 24  # knots that are looked at where there can be several tops
_TRIED = 3  # of them those that are climbed from
_BESIDE, _HOPS = 8, 4  # knots to either side of a top that are looked at, and how often


M = TypeVar("M")


class Profile(Protocol[M]):
    """A likelihood along one parameter, at its highest over the others."""

    def value(self, at: float) -> float:
        """Return the log likelihood, nats."""

    def glances(self, places: Array, near: M | None = None) -> tuple[Array, Sequence[M]]:
        """Return about how high it is at some places, and the members there.

        Close to a member `near` them it is looked at more closely.
        """

    def walked(self, start: M) -> tuple[float, float, M] | None:
        """Return place, value and member of the top that a walk leads to, if it comes to one."""

    def slope(self, at: float, side: int) -> float:
        """Return its slope just after (side 1) or before (-1) a point; 0 where it is level."""

    def level_top(self, low: float, high: float) -> float | None:
        """Return the top between two knots by way of its curvature; None if that goes astray."""


def top_of(profile: Profile[M], knots: Array, *, near: float, several: bool) -> float:
    """Return where a profile is highest between its first and last knot.

    `near`: where the top is looked for first. `several`: whether it may have more than one.
    """
    if not several or knots.size < 2:
        return _single_top(profile, knots, near)
    marks = marks_of(knots)
    heights, members = profile.glances(marks)
    finer = np.concatenate([marks_of(_around(knots, marks, i)) for i in _tops(heights)])
    finer = np.setdiff1d(finer, marks)
    if finer.size:
        more, others = profile.glances(finer)
        order = np.argsort(both := np.append(marks, finer))
        marks, heights = both[order], np.append(heights, more)[order]
        members = [[*members, *others][i] for i in order.tolist()]
    first = int(np.argmax(heights))
    best = float(marks[first]), -np.inf, members[first]
    for i in _tops(heights):
        found = profile.walked(members[i])
        if found is None:
            at = _single_top(profile, _around(knots, marks, i), float(marks[i]))
            found = at, profile.value(at), members[i]
        best = found if found[1] > best[1] else best
    return _hopped(profile, knots, best)


def _hopped(profile: Profile[M], knots: Array, best: tuple[float, float, M]) -> float:
    """Return the highest of the tops on knots close to one: windows can make steps up to it.

    `best`: where that is, its value, and the member there.
    """
    for _ in range(_HOPS):
        at, value, near = best
        i = int(np.searchsorted(knots, at))
        beside = knots[max(i - _BESIDE, 0) : i + _BESIDE + 1]
        heights, members = profile.glances(beside[beside != at], near)
        higher = int(np.argmax(heights))
        found = profile.walked(members[higher]) if heights[higher] > value else None
        if found is None or not found[1] > value:
            break
        best = found
    return best[0]


def _tops(heights: Array) -> list[int]:
    """Return the few highest places that none beside them is above."""
    around = np.concatenate([[-np.inf], heights, [-np.inf]])
    tops = np.flatnonzero((heights >= around[:-2]) & (heights >= around[2:]))
    return tops[np.argsort(-heights[tops], kind="stable")][:_TRIED].tolist()


def _around(knots: Array, marks: Array, i: int) -> Array:
    """Return the knots between the marks on either side of one, with these."""
    low, high = marks[max(i - 1, 0)], marks[min(i + 1, marks.size - 1)]
    return np.concatenate([[low], knots[(knots > low) & (knots < high)], [high]])


def marks_of(knots: Array) -> Array:
    """Return places to look at: some of the knots, and the middles between them."""
    some = knots[np.unique(np.linspace(0, knots.size - 1, _LOOKS).astype(int))]
    return np.unique(np.concatenate([some, 0.5 * some[1:] + 0.5 * some[:-1]]))


def _single_top(profile: Profile[M], knots: Array, near: float) -> float:
    last = first = knots.size - 1
    low, look, stride = 0, int(np.searchsorted(knots, near)), 1
    while low < first:  # the first knot after which it rises no more
        middle = look if low <= look < first else (low + first) // 2
        if profile.slope(float(knots[middle]), 1) > 0.0:
            low, look = middle + 1, middle + stride
        else:
            first, look = middle, middle - stride
        stride *= 2
    at = float(knots[first])
    if first < last and profile.slope(at, 1) == 0.0:
        after = float(knots[first + 1])
        return 0.5 * at + 0.5 * after if profile.slope(after, -1) == 0.0 else at
    if first == 0 or profile.slope(at, -1) >= 0.0:
        return at
    before = float(knots[first - 1])
    top = profile.level_top(before, at)
    return _root(lambda x: profile.slope(x, 1), before, at) if top is None else top


def _root(falling: Callable[[float], float], low: float, high: float) -> float:
    """Return where a function that is above 0 at `low` and below at `high` crosses it.

    The rule of false position, with the value of an end that stays halved (Dowell & Jarratt 1971)
    and a bisection where it is slow.
    """
    above, below = falling(low), -np.inf
    kept = 0
    for i in range(_MOST):
        middle = 0.5 * low + 0.5 * high
        if not low < middle < high or high - low <= 2.0 * np.spacing(max(abs(low), abs(high))):
            break
        secant = low + (high - low) * above / (above - below)
        at = secant if i % 8 < _SECANTS and low < secant < high else middle
        slope = falling(at)
        if slope == 0.0:
            return at
        if slope > 0.0:
            below = 0.5 * below if kept > 0 else below
            low, above, kept = at, slope, 1
        else:
            above = 0.5 * above if kept < 0 else above
            high, below, kept = at, slope, -1
    return 0.5 * low + 0.5 * high
