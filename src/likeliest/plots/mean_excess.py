"""Mean excess over a threshold: a rising line tells of a heavy tail, a falling one of a light."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from likeliest.distributions.made import mean_of
from likeliest.inference.levels import checked_level
from likeliest.numerics.quadrature import double_exponential
from likeliest.plots import style
from likeliest.plots.over import title
from likeliest.plots.picture import Picture
from likeliest.plots.requirements import needs_continuous, needs_data, observations_of, require
from likeliest.plots.unit import axis_name, unit_for

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.result import Fit
    from likeliest.numerics.arrays import Array

_MOST = 200  # thresholds
_LEFT = 5.0  # values beyond the last threshold: a mean of fewer says little
_POINTS = 61


def why_not(fitted: Fit) -> str:
    """Return why there is no mean excess to draw; empty where there is."""
    if reason := needs_data(fitted) or needs_continuous(fitted):
        return reason
    seen = observations_of(fitted)
    if not seen.description.is_plain:
        return "how far values lie beyond a threshold is not known of censored or truncated ones."
    if seen.n <= _LEFT + 1.0 or seen.summary.low == seen.summary.high:
        return f"it takes more than {_LEFT + 1.0:g} values, and not all the same."
    return ""


class Excesses(NamedTuple):
    """Mean excesses over thresholds, with their standard errors."""

    threshold: Array
    mean: Array
    error: Array


def mean_excess(fitted: Fit, level: float = 0.95, ax: Axes | None = None) -> Axes:
    """Draw how far values beyond a threshold exceed it on average, by the data and by the fit.

    It is even for an exponential law, and rises in a straight line for a generalized Pareto: where
    the points become straight, a threshold for such a fit lies.

    Parameters
    ----------
    fitted : Fit
    level : float
        With which the band covers each mean.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    PictureError
        If the fit has no data, or censored, truncated or whole numbers.

    Source: Davison & Smith (1990), J. R. Statist. Soc. B 52, 393-442.

    Examples
    --------
    >>> import likeliest as lk
    >>> ax = mean_excess(lk.fit(lk.datasets.seattle_rain(), "gamma"))
    >>> ax.get_ylabel()
    'mean excess over it'
    """
    from scipy.special import ndtri

    require(why_not(fitted), "A mean excess")
    checked_level(level)
    observations = observations_of(fitted)
    unit = unit_for([observations.summary.low, observations.summary.high], fitted.distribution)
    ax = style.axes(ax, title(f"Mean excess: {fitted.family} fitted to", fitted.description))
    found = excesses_of(observations)
    x, mean = found.threshold / unit, found.mean / unit
    half = float(ndtri(0.5 + 0.5 * level)) * found.error / unit
    ax.fill_between(x, mean - half, mean + half, color=style.GREY, alpha=0.18, lw=0.0)
    ax.plot(x, mean, **(style.points(x.size) | {"label": "data"}))
    grid = np.linspace(found.threshold[0], found.threshold[-1], _POINTS)
    if np.isfinite(mean_of(fitted.distribution)):
        fit = mean_beyond(fitted.distribution, grid) - grid
        ax.plot(grid / unit, fit / unit, label=fitted.family, **style.line(0))
    else:
        style.note(ax, f"the mean of the fitted {fitted.family} is infinite")
    ax.set_ylim(0.0, 1.5 * float(mean.max()))
    ax.set_xlabel(f"threshold of {axis_name(unit, observations.description.label)}")
    ax.set_ylabel("mean excess over it")
    style.legend(ax, "upper left", style.bands(level))
    return ax


def mean_beyond(distribution: Distribution, x: Array) -> Array:
    """Return the mean of what lies beyond each x, by the double exponential rule."""
    share, weight = double_exponential()
    tails = np.asarray(distribution.sf(x))[:, None]
    with np.errstate(all="ignore"):
        return np.asarray(np.sum(distribution.upper_quantile(tails * share) * weight, axis=-1))


def excesses_of(observations: Observations) -> Excesses:
    """Return the mean excess over values of the data, but for the last few."""
    values = np.asarray(observations.values, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    x = values[order]
    weights = np.ones(x.size) if observations.weights is None else observations.weights[order]
    origin = float(x[-1])  # the greatest: sums of distances to it keep the digits of the tail

    def beyond(terms: Array) -> Array:
        return np.cumsum((weights * terms)[::-1])[::-1]

    n, first, second = beyond(np.ones(x.size)), beyond(x - origin), beyond((x - origin) ** 2)
    last = int(np.flatnonzero(n > _LEFT)[-1])
    places = [np.linspace(0, last, _MOST // 2), last + 1.0 - np.geomspace(1, last + 1, _MOST // 2)]
    at = np.unique(np.searchsorted(x, x[np.concatenate(places).astype(np.intp)], "left"))
    next_ = np.searchsorted(x, x[at], "right")  # strictly beyond the threshold
    some = next_ < x.size
    at, next_ = at[some], next_[some]
    mean = first[next_] / n[next_]
    variance = np.maximum(second[next_] / n[next_] - mean**2, 0.0)
    return Excesses(x[at], mean + origin - x[at], np.sqrt(variance / n[next_]))


PICTURE = Picture("Mean excess", mean_excess, why_not)
