"""The rootogram: counts as bars that hang from the curve of those expected."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from likeliest.plots import style
from likeliest.plots.over import title
from likeliest.plots.picture import Picture
from likeliest.plots.positions import Seen
from likeliest.plots.requirements import needs_data, observations_of, require
from likeliest.plots.unit import axis_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.result import Fit
    from likeliest.numerics.arrays import Array

MOST_BARS = 60  # more whole numbers than this are taken together
_BEYOND = 1e-3  # of the expected values lies on each side of the picture


def why_not(fitted: Fit) -> str:
    """Return why there is no rootogram; empty where there is."""
    if reason := needs_data(fitted):
        return reason
    if not fitted.distribution.discrete:
        return f"{fitted.family} is no law of counts."
    seen = observations_of(fitted)
    one_window = all(end is None or end.size == 1 for end in (seen.entry, seen.exit))
    if seen.description.exact == seen.n and one_window:
        return ""
    return "counts that are censored, or seen within windows of their own, fall into no bars."


class Counts(NamedTuple):
    """Counts in cells of whole numbers, first ≤ x ≤ last.

    Parameters
    ----------
    first, last : arrays of shape (k,)
    seen, expected : arrays of shape (k,)
    """

    first: Array
    last: Array
    seen: Array
    expected: Array


def rootogram(fitted: Fit, ax: Axes | None = None) -> Axes:
    """Draw the square roots of counts as bars that hang from those of the expected ones.

    A bar that ends above 0 stands for a number that was seen too rarely, one that reaches below 0
    for one that was seen too often. The root of a count has the same spread whatever the count, so
    that of a right family nearly all bars end within the dashed lines, two standard errors from 0.

    Parameters
    ----------
    fitted : Fit
        Of a law of counts.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    PictureError
        If the law is none of counts, or they are censored.

    Source: Kleiber & Zeileis (2016), The American Statistician 70, 296-303.

    Examples
    --------
    >>> import likeliest as lk
    >>> ax = rootogram(lk.fit([0, 1, 1, 2, 0, 3, 1, 0], "poisson"))
    >>> [round(float(bar.get_height()), 3) for bar in ax.patches][:3]
    [1.732, 1.732, 1.0]
    """
    require(why_not(fitted), "A rootogram")
    observations = observations_of(fitted)
    counts = counts_of(observations, fitted.distribution)
    ax = style.axes(ax, title(f"Rootogram: {fitted.family} fitted to", fitted.description))
    hang(ax, counts, fitted.family)
    ax.set_xlabel(axis_name(1.0, observations.description.label))
    return ax


def hang(ax: Axes, counts: Counts, family: str) -> None:
    """Draw the roots of counts as bars that hang from the curve of those expected."""
    middle, width = 0.5 * (counts.first + counts.last), counts.last - counts.first + 1.0
    top, height = np.sqrt(counts.expected), np.sqrt(counts.seen)
    ax.bar(
        middle, height, 0.85 * width, bottom=top - height, color=style.BAR, edgecolor=style.GREY,
        linewidth=0.6, label="data, hung from the curve",
    )  # fmt: skip
    looks = style.marked(0) if middle.size <= MOST_BARS // 2 else style.line(0)
    ax.plot(middle, top, label=f"expected of {family}", **looks)
    ax.axhline(0.0, color=style.DATA, linewidth=1.0)
    for limit in (-1.0, 1.0):
        ax.axhline(limit, color=style.GREY, linewidth=0.9, linestyle=(0, (4, 3)))
    ax.set_ylabel("square root of the count")
    if width[0] > 1.0:
        style.note(ax, f"{width[0]:g} numbers to a bar")
    style.legend(ax)


def counts_of(observations: Observations, distribution: Distribution) -> Counts:
    """Return the counts, and those expected, of numbers one by one or of several together."""
    values = np.asarray(observations.values, dtype=np.float64)
    weights = np.ones(values.size) if observations.weights is None else observations.weights
    entry = -np.inf if observations.entry is None else float(observations.entry[0])
    exit_ = np.inf if observations.exit is None else float(observations.exit[0])
    seen = Seen(distribution, entry, exit_, are_edges=True)
    ends = seen.value(np.array([_BEYOND, 1.0 - _BEYOND]))
    low, high = min(values.min(), float(ends[0])), max(values.max(), float(ends[1]))
    each = max(1.0, np.ceil((high - low + 1.0) / MOST_BARS))
    first = np.arange(low, high + 1.0, each)
    last = first + each - 1.0
    edges = np.concatenate([first, [last[-1] + 1.0]]) - 0.5
    count = np.histogram(values, edges, weights=weights)[0].astype(np.float64)
    share = seen.share(last) - seen.share(first - 1.0)
    return Counts(first, last, count, observations.n * np.maximum(share, 0.0))


PICTURE = Picture("Rootogram", rootogram, why_not)
