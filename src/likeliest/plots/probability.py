"""Probability paper: shares on an axis that makes the fitted distribution a straight line."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from likeliest.inference.levels import checked_level
from likeliest.plots import bands, scales, style
from likeliest.plots.names import column_of
from likeliest.plots.over import title
from likeliest.plots.picture import Picture
from likeliest.plots.positions import Seen, positions_of
from likeliest.plots.requirements import (
    needs_continuous,
    needs_own_distribution,
    observations_of,
    require,
)
from likeliest.plots.shares import of_whom
from likeliest.plots.unit import axis_name, data_in_unit, in_unit, unit_for
from likeliest.tables import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.transforms import Transform

    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.result import Fit
    from likeliest.numerics.arrays import Array

_TICKS = np.array([
    1e-6, 1e-5, 1e-4, 0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1 - 1e-4,
    1 - 1e-5, 1 - 1e-6,
])  # fmt: skip
_POINTS = 101
_CLOSE = 0.05  # of the axis: ticks nearer to each other are not all written
_TABLE = 2_001  # points between which the stretch of the axis is interpolated
_FAR = 27.0  # log odds of the least share
_LEAST, _MOST = 1e-12, 1.0 - 1e-9  # shares that the paper holds


def why_not(fitted: Fit) -> str:
    """Return why there is no paper of the law; empty where there is."""
    return needs_continuous(fitted) or needs_own_distribution(fitted)


def probability(fitted: Fit, level: float = 0.95, ax: Axes | None = None) -> Axes:
    """Draw the data on the probability paper of the fitted family.

    The axis of shares is stretched so that the fit is a straight line; values above 0 have a
    logarithmic axis. Points that bend away tell of another family. The band is that of the fit.

    Parameters
    ----------
    fitted : Fit
    level : float
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    PictureError
        If the fit has no data, or the law is of whole numbers.

    Examples
    --------
    >>> import likeliest as lk
    >>> ax = probability(lk.fit([31, 55, 90, 100, 100], "weibull", event=[1, 1, 1, 0, 0]))
    >>> ax.get_lines()[-1].get_ydata().round(1).tolist()
    [0.1, 0.3, 0.5]
    """
    require(why_not(fitted), "Probability paper")
    checked_level(level)
    observations = observations_of(fitted)
    unit = unit_for([observations.summary.low, observations.summary.high], fitted.distribution)
    points = positions_of(data_in_unit(observations, unit), fitted.distribution).thinned()
    told = title(f"Probability paper: {fitted.family} fitted to", fitted.description)
    ax = style.axes(ax, told)
    law = in_unit(fitted.distribution, unit)
    ends = (max(law.bounds().low, points.entry), min(law.bounds().high, points.exit))
    is_log = law.bounds().low >= 0.0 and points.at[0] > 0.0 and points.entry <= 0.0
    scales.set_range(ax, points.at, ends, log=is_log or None)
    x = scales.grid(ax, _POINTS)
    paper = _Paper.of(Seen(law, points.entry, points.exit, are_edges=True), ax)
    ax.set_yscale("function", functions=(paper.height, paper.share))
    window = (points.entry * unit, points.exit * unit)

    def share(d: Distribution) -> Array:
        return Seen(d, *window, are_edges=True).share(x * unit)

    bands.draw(
        ax, x, lambda: fitted.estimate(share, scale="logit"), level,
        label=f"{100 * level:.12g} % band of the fit",
    )  # fmt: skip
    ax.plot(x, paper.share(paper.along.transform(x)), label=fitted.family, **style.line(0))
    ax.plot(points.at, points.share, **style.points(points.at.size))
    shares = np.concatenate([points.share[[0, -1]], paper.share(paper.along.transform(x[[0, -1]]))])
    ax.set_ylim(float(shares.min()), float(shares.max()))
    _set_ticks(ax, paper)
    ax.set_xlabel(axis_name(unit, observations.description.label))
    of = column_of(observations.description)
    ax.set_ylabel(f"share up to {of}{of_whom(*window)}")
    style.legend(ax, "upper left")
    return ax


class _Paper(NamedTuple):
    """How high shares stand: where the axis of x has their values by the fit.

    Parameters
    ----------
    along : Transform
        Of the axis of x.
    heights, odds : arrays of shape (k,)
        Both rising; the logarithms of the odds of shares.
    """

    along: Transform
    heights: Array
    odds: Array

    @classmethod
    def of(cls, seen: Seen, ax: Axes) -> _Paper:
        along = ax.xaxis.get_transform()
        low, high = along.transform(np.array(ax.get_xlim()))
        heights = np.linspace(low - 2.0 * (high - low), high + 2.0 * (high - low), _TABLE)
        with np.errstate(all="ignore"):
            x = along.inverted().transform(heights)
            odds = np.log(seen.share(x)) - np.log(seen.beyond(x))
        kept = np.isfinite(odds) & (np.abs(odds) < _FAR)
        return cls(along, heights[kept], odds[kept])

    def height(self, share: Array) -> Array:
        share = np.clip(share, _LEAST, _MOST)
        return np.interp(np.log(share) - np.log1p(-share), self.odds, self.heights)

    def share(self, height: Array) -> Array:
        from scipy.special import expit

        return np.asarray(expit(np.interp(height, self.heights, self.odds)))


def _set_ticks(ax: Axes, paper: _Paper) -> None:
    """Write round shares, as many as can stand one above the other, those in the middle first."""
    low, high = ax.get_ylim()
    some = _TICKS[(low <= _TICKS) & (high >= _TICKS)]
    room = _CLOSE * float(np.diff(paper.height(np.array([low, high])))[0])
    kept: list[float] = []
    for tick in sorted(some, key=lambda share: abs(share - 0.5)):
        height = paper.height(np.array([tick, *kept]))
        if (np.abs(height[1:] - height[0]) >= room).all():
            kept.append(float(tick))
    ax.yaxis.set_major_locator(FixedLocator(sorted(kept)))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda share, _: number(share)))
    ax.yaxis.set_minor_locator(NullLocator())


PICTURE = Picture("Probability paper", probability, why_not)
