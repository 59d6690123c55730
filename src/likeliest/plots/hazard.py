"""The hazard rate: how soon what has lasted until x ends, by the fit and by the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from likeliest.inference.levels import checked_level
from likeliest.plots import bands, scales, style
from likeliest.plots.density import view
from likeliest.plots.over import title
from likeliest.plots.picture import Picture
from likeliest.plots.requirements import (
    needs_continuous,
    needs_data,
    observations_of,
    require,
)
from likeliest.plots.unit import axis_name, unit_for

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.result import Fit
    from likeliest.numerics.arrays import Array

_POINTS = 121
_EVENTS, _MOST_BINS = 12, 20  # that a bin should hold, and bins


def why_not(fitted: Fit) -> str:
    """Return why there is no hazard to draw; empty where there is."""
    return needs_data(fitted) or needs_continuous(fitted)


class Rates(NamedTuple):
    """Events over the time at risk, in bins.

    Parameters
    ----------
    edges : array of shape (k + 1,)
    rate, low, high : arrays of shape (k,)
        With the ends of Garwood's interval.
    """

    edges: Array
    rate: Array
    low: Array
    high: Array


def hazard(fitted: Fit, level: float = 0.95, ax: Axes | None = None) -> Axes:
    """Draw the hazard rate at x: the density of what has come to x, by the fit and by the data.

    Of the data it is the number of events over the time at risk, in bins of about a dozen events.

    Parameters
    ----------
    fitted : Fit
    level : float
        With which the band, and each interval of the data, covers.
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
    >>> hazard(lk.fit([31, 55, 90, 100, 100], "weibull", event=[1, 1, 1, 0, 0])).get_ylabel()
    'hazard rate'
    """
    require(why_not(fitted), "A hazard rate")
    checked_level(level)
    observations = observations_of(fitted)
    unit = unit_for([observations.summary.low, observations.summary.high], fitted.distribution)
    ax = style.axes(ax, title(f"Hazard: {fitted.family} fitted to", fitted.description))
    scales.set_range(ax, *_shown(fitted.distribution, observations, unit), log=False)
    rates = rates_of(observations, fitted.distribution.support.low, level)
    if rates is not None:
        _bars(ax, rates, unit)
    inner = scales.grid(ax, _POINTS + 2)[1:-1]
    with np.errstate(all="ignore"):
        d = fitted.distribution
        height = np.exp(d.log_prob(inner * unit) - d.log_sf(inner * unit)) * unit
    ax.plot(inner, height, label=fitted.family, **style.line(0))
    bands.draw(ax, inner, lambda: fitted.hazard(inner * unit), level, unit=1.0 / unit)
    top = float(height[np.isfinite(height)].max(initial=0.0))
    if rates is not None:
        top = max(top, min(float(np.max(rates.rate)) * unit, 2.0 * top))
    ax.set_ylim(0.0, 1.5 * top or None)
    ax.set_xlabel(axis_name(unit, observations.description.label))
    ax.set_ylabel("hazard rate")
    style.legend(ax, title=style.bands(level))
    return ax


def _shown(
    distribution: Distribution, observations: Observations, unit: float
) -> tuple[Array, tuple[float, float]]:
    """Return the ends of the picture, and of what can be seen: a hazard far out tells little."""
    low, high = view(distribution)
    seen = observations.summary
    entry = -np.inf if observations.entry is None else float(np.min(observations.entry))
    ends = np.array([max(seen.low, low, entry), min(seen.high, high)])
    support = distribution.bounds()
    return np.sort(ends) / unit, (max(support.low, entry) / unit, support.high / unit)


def rates_of(observations: Observations, origin: float, level: float) -> Rates | None:
    """Return the rates of the data from an origin on; None where some are not known to be events.

    Source: Garwood (1936), for the interval of a count.
    """
    from scipy.special import gammaincinv

    values = np.asarray(observations.values, dtype=np.float64)
    weights = np.ones(values.size) if observations.weights is None else observations.weights
    seen = observations.description
    if seen.left_censored or seen.interval_censored or observations.exit is not None:
        return None
    is_event = np.ones(values.size, dtype=bool)
    if observations.upper is not None and not observations.provenance.rounding:
        is_event = np.isfinite(observations.upper)
    entry = np.full(values.size, -np.inf) if observations.entry is None else observations.entry
    if not is_event.any():
        return None
    start = max(float(np.min(entry)), origin)
    edges = _edges(values[is_event], weights[is_event], start)
    if edges.size < 2:
        return None
    count = np.histogram(values[is_event], edges, weights=weights[is_event])[0]
    exposure = np.diff([_time_up_to(edge, values, entry, weights, edges[0]) for edge in edges])
    tail = 0.5 - 0.5 * level
    with np.errstate(all="ignore"):
        low = np.where(count > 0.0, gammaincinv(count, tail), 0.0)
        high = gammaincinv(count + 1.0, 1.0 - tail)
        return Rates(edges, count / exposure, low / exposure, high / exposure)


def _edges(events: Array, weights: Array, start: float) -> Array:
    """Return edges between which about as many events lie, from the start or the first of them."""
    bins = int(np.clip(np.sum(weights) // _EVENTS, 1, _MOST_BINS))
    inner = np.quantile(events, np.linspace(0.0, 1.0, bins + 1))
    return np.unique(np.concatenate([[start if np.isfinite(start) else inner[0]], inner[1:]]))


def _time_up_to(x: float, values: Array, entry: Array, weights: Array, first: float) -> float:
    """Return how long all were at risk from the first edge up to x."""
    since = np.maximum(entry, first)
    return float(np.sum(weights * np.maximum(np.minimum(values, x) - since, 0.0)))


def _bars(ax: Axes, rates: Rates, unit: float) -> None:
    middle = 0.5 * (rates.edges[1:] + rates.edges[:-1]) / unit
    ax.hlines(
        rates.rate * unit, rates.edges[:-1] / unit, rates.edges[1:] / unit, color=style.DATA,
        lw=1.4, label="data, events over time at risk",
    )  # fmt: skip
    ax.vlines(middle, rates.low * unit, rates.high * unit, color=style.GREY, lw=0.9)


PICTURE = Picture("Hazard", hazard, why_not)
