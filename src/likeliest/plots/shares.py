"""Shares of the values up to x, or beyond it: the data's own as steps, fitted ones as lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from likeliest.errors import LikeliestError
from likeliest.plots import scales, style
from likeliest.plots.positions import Seen
from likeliest.plots.steps import steps_of
from likeliest.plots.unit import axis_name, unit_for
from likeliest.tables import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.result import Fit
    from likeliest.numerics.arrays import Array
    from likeliest.plots.steps import Steps

_POINTS = 401
_OF_A_BAND = 101
_MOST_MARKS = 400  # more suspensions than this would be a bar
_MOST_WHOLE = 200  # more whole numbers than this are joined by a line


class _Share(NamedTuple):
    """Shares in a unit of x, up to x or beyond it."""

    own: Steps
    unit: float
    beyond: bool

    def of(self, share_up_to: Array) -> Array:
        return 1.0 - share_up_to if self.beyond else share_up_to

    def fitted(self, distribution: Distribution, x: Array) -> Array:
        seen = Seen(distribution, self.own.entry, self.own.exit, are_edges=True)
        return seen.beyond(x * self.unit) if self.beyond else seen.share(x * self.unit)


def draw(
    ax: Axes,
    fits: list[tuple[Fit, str]],
    observations: Observations,
    level: float = 0.95,
    *,
    beyond: bool = False,
    log: bool | None = None,
) -> None:
    """Draw shares as seen and as fitted; of a single fit with the band of each.

    Parameters
    ----------
    ax : matplotlib Axes
    fits : list of (Fit, str)
        With the label of each.
    observations : Observations
        The data, in their unit.
    level : float
        Of the bands.
    beyond : bool
        Whether shares are those beyond x, which is survival.
    log : bool, optional
        Whether x has a logarithmic axis; without it, where a few far values squeeze the rest.
    """
    first = fits[0][0].distribution
    unit = unit_for([observations.summary.low, observations.summary.high], first)
    share = _Share(steps_of(observations, first, level), unit, beyond)
    window = (max(first.support.low, share.own.entry) / unit, share.own.exit / unit)
    low, high = scales.set_range(ax, _ends(share.own) / unit, window, log=log)
    _own(ax, share, low, banded=len(fits) == 1)
    x = scales.grid(ax, _POINTS)
    whole = first.discrete and unit == 1.0 and high - low <= _MOST_WHOLE
    if whole:
        x = np.arange(np.floor(low), np.floor(high) + 1.0)
    for index, (fitted, label) in enumerate(fits):
        looks = style.line(index) | ({"drawstyle": "steps-post"} if whole else {})
        ax.plot(x, share.fitted(fitted.distribution, x), label=label, **looks)
    if len(fits) == 1:
        _band(ax, share, fits[0][0], x if whole else scales.grid(ax, _OF_A_BAND), level)
    ax.set_ylim(0.0, 1.03)
    description = observations.description
    ax.set_xlabel(axis_name(unit, description.label))
    of = (description.column or "x") + of_whom(share.own.entry, share.own.exit)
    ax.set_ylabel(f"share {'beyond' if beyond else 'up to'} {of}")


def of_whom(entry: float, exit_: float) -> str:
    """Return of which values shares are, where not all could be seen.

    Examples
    --------
    >>> of_whom(500.0, float("inf"))
    ', of those above 500'
    """
    above = f"above {number(entry)}" if np.isfinite(entry) else ""
    up_to = f"up to {number(exit_)}" if np.isfinite(exit_) else ""
    told = " and ".join(part for part in (above, up_to) if part)
    return f", of those {told}" if told else ""


def _ends(own: Steps) -> Array:
    """Return where the picture has something to show."""
    window = np.array([own.entry, own.exit])
    every = np.concatenate([own.since, own.at, own.suspended, window])
    return every[np.isfinite(every)]


def _own(ax: Axes, share: _Share, low: float, *, banded: bool) -> None:
    own = share.own
    last = float(np.max(_ends(own))) / share.unit
    at = np.concatenate([[low], own.at / share.unit, [last]])
    at = np.minimum(np.maximum(at, low), last)

    def along(values: Array) -> Array:
        return share.of(np.concatenate([values, values[-1:]]))

    lower, upper, y = along(own.low), along(own.high), along(own.share)
    known = np.isfinite(lower) & np.isfinite(upper)
    if (own.since < own.at).any():
        since = np.maximum(own.since / share.unit, low)
        _between(ax, (np.concatenate([[low], since, [last]]), at), y)
        if banded:
            inner = np.flatnonzero(known)[1:-1]
            ax.vlines(at[inner], lower[inner], upper[inner], color=style.DATA, lw=1.2)
    elif banded:
        ax.fill_between(
            at, lower, upper, where=known, step="post", color=style.GREY, alpha=0.18, lw=0.0
        )  # fmt: skip
    ax.step(at, y, where="post", color=style.DATA, lw=1.2, label=own.name, zorder=3)
    marks = np.unique(own.suspended)
    if marks.size > _MOST_MARKS:
        marks = np.quantile(marks, np.linspace(0.0, 1.0, _MOST_MARKS))
    if marks.size:
        ax.plot(
            marks / share.unit, share.of(own.up_to(marks)), "|", color=style.DATA, markersize=9,
            mew=1.2, label=f"known only to be {'greater' if own.share[0] == 0.0 else 'less'}",
        )  # fmt: skip


def _between(ax: Axes, at: tuple[Array, Array], y: Array) -> None:
    """Shade between the curve that rises early in each interval, and the one that rises late."""
    x = np.unique(np.concatenate(at))
    early, late = (y[np.searchsorted(own, x, side="right") - 1] for own in at)
    ax.fill_between(
        x, early, late, step="post", color=style.GREY, alpha=0.3, lw=0.0,
        label="not known within intervals",
    )  # fmt: skip


def _band(ax: Axes, share: _Share, fitted: Fit, x: Array, level: float) -> None:
    """Shade how sure the fitted shares are; where ends of the support are estimated, nothing."""
    try:
        with np.errstate(all="ignore"):
            low, high = fitted.estimate(lambda d: share.fitted(d, x), scale="logit").interval(level)
    except LikeliestError:
        return
    step = "post" if fitted.distribution.discrete else None
    known = np.isfinite(low) & np.isfinite(high)
    ax.fill_between(x, low, high, where=known, step=step, **style.BAND)  # type: ignore[arg-type]
