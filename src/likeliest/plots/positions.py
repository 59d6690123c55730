"""The data's own distribution as points, and the fitted one as far as values could be seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from likeliest.data import kaplan_meier
from likeliest.data.turnbull import turnbull
from likeliest.errors import DataError
from likeliest.inference.redraw import within
from likeliest.plots import bins

if TYPE_CHECKING:
    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Array

_MOST = 600  # points that are drawn


class Positions(NamedTuple):
    """Points of the data's own distribution function.

    Parameters
    ----------
    at : array of shape (k,)
        Rising, in the unit of the data.
    share : array of shape (k,)
        The share of the values up to each; of values that were seen there only half is counted.
    are_edges : bool
        Whether the points are edges between values, where nothing was seen.
    entry, exit : float
        The window that the shares are of: P(X ≤ x | entry < X ≤ exit).
    ends : tuple of bool
        Whether the shares come down to 0, and up to 1: of censored values they need not.
    """

    at: Array
    share: Array
    are_edges: bool = False
    entry: float = -np.inf
    exit: float = np.inf
    ends: tuple[bool, bool] = (True, True)

    def thinned(self) -> Positions:
        """Return no more points than can be told apart: even by share, and even by log odds."""
        k = self.at.size
        if k <= _MOST:
            return self
        odds = np.log(k - 0.5) - np.log(0.5)
        by_odds = k / (1.0 + np.exp(-np.linspace(-odds, odds, _MOST // 2)))
        places = np.concatenate([np.linspace(0.0, k - 1.0, _MOST // 2), by_odds - 0.5])
        some = np.unique(np.round(places).astype(np.intp))
        return self._replace(at=self.at[some], share=self.share[some])


@dataclass(frozen=True)
class Seen:
    """A distribution as far as its values could be seen, entry < X ≤ exit.

    Parameters
    ----------
    distribution : Distribution
    entry, exit : float
    are_edges : bool
        Whether shares are those up to x; else half of the mass at x is left out.
    """

    distribution: Distribution
    entry: float = -np.inf
    exit: float = np.inf
    are_edges: bool = False

    @classmethod
    def of(cls, distribution: Distribution, positions: Positions) -> Seen:
        """Return the distribution that positions are to be compared with."""
        return cls(distribution, positions.entry, positions.exit, positions.are_edges)

    def share(self, x: Array) -> Array:
        """Return the share of the values up to each x."""
        up_to, beyond = self._halved(x)
        return np.where(up_to < 0.5, up_to, 1.0 - beyond)

    def beyond(self, x: Array) -> Array:
        """Return the share of the values beyond each x."""
        up_to, beyond = self._halved(x)
        return np.where(up_to < 0.5, 1.0 - up_to, beyond)

    def value(self, share: Array) -> Array:
        """Return the value up to which each share lies; of whole numbers one between two."""
        low, high = np.full(share.shape, self.entry), np.full(share.shape, self.exit)
        x = within(self.distribution, low, high, share)
        if not self.distribution.discrete or self.are_edges:
            return x
        is_below = share < self.share(x)
        left = np.where(is_below, x - 1.0, x)
        lower, upper = self.share(left), self.share(left + 1.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            part = np.clip((share - lower) / (upper - lower), 0.0, 1.0)
        return np.maximum(left + np.nan_to_num(part), self.distribution.bounds().low)

    def _halved(self, x: Array) -> tuple[Array, Array]:
        up_to, beyond = self._tails(x)
        if self.distribution.discrete and not self.are_edges:
            below, at_or_beyond = self._tails(x - 1.0)
            return 0.5 * (up_to + below), 0.5 * (beyond + at_or_beyond)
        return up_to, beyond

    def _tails(self, x: Array) -> tuple[Array, Array]:
        """Return the shares up to x and beyond it, each with its digits."""
        d = self.distribution
        if self.entry == -np.inf and self.exit == np.inf:
            return d.cdf(x), d.sf(x)
        x = np.clip(x, self.entry, self.exit)
        whole = np.exp(d.log_interval(np.array(self.entry), np.array(self.exit)))
        up_to = np.exp(d.log_interval(np.full(x.shape, self.entry), x))
        beyond = np.exp(d.log_interval(x, np.full(x.shape, self.exit)))
        return up_to / whole, beyond / whole


def positions_of(observations: Observations, distribution: Distribution) -> Positions:
    """Return points of the data's own distribution function.

    Exact values are points one by one, ties of rounded values and of counts one together. Of values
    censored on one side, and of truncated ones, they are Kaplan and Meier's, of bins the edges, and
    of any other mix Turnbull's.

    Raises
    ------
    DataError
        If the data have no distribution function of their own.

    Examples
    --------
    >>> import likeliest as lk
    >>> points = positions_of(lk.observe([3.0, 1.0, 2.0, 9.0]), lk.Normal(0, 1))
    >>> points.at.tolist(), points.share.tolist()
    ([1.0, 2.0, 3.0, 9.0], [0.125, 0.375, 0.625, 0.875])
    """
    if observations.description.is_plain:
        return _of_values(observations, tied=distribution.discrete)
    if kaplan_meier.serves(observations):
        return _of_curve(kaplan_meier.kaplan_meier(observations))
    if bins.serves(observations, distribution):
        return _of_bins(observations)
    if observations.truncated:
        raise DataError(
            "Values that lie between bounds, and could be seen only within a window, have no "
            'distribution function of their own to compare with: draw fit.plot("residuals").'
        )
    return _of_intervals(observations, distribution)


def _of_values(observations: Observations, *, tied: bool) -> Positions:
    if tied or observations.provenance.rounding:
        values, inverse = np.unique(np.asarray(observations.values), return_inverse=True)
        weights = np.bincount(inverse, observations.weights).astype(np.float64)
    else:
        values = np.asarray(observations.values, dtype=np.float64)
        order = np.argsort(values, kind="stable")
        values = values[order]
        if observations.weights is None:
            return Positions(values, (np.arange(values.size) + 0.5) / values.size)
        weights = observations.weights[order]
    up_to = np.cumsum(weights)
    return Positions(values.astype(np.float64), (up_to - 0.5 * weights) / up_to[-1])


def _of_curve(curve: kaplan_meier.KaplanMeier) -> Positions:
    beyond = 0.5 * (curve.beyond + curve.before())
    ends = bool(curve.beyond[-1] <= 0.0)
    if curve.is_mirrored:
        window = (-curve.exit, -curve.entry)
        return Positions(-curve.at[::-1], beyond[::-1], False, *window, (ends, True))
    return Positions(curve.at, 1.0 - beyond, False, curve.entry, curve.exit, (True, ends))


def _of_bins(observations: Observations) -> Positions:
    _, high, weight = bins.distinct(observations)
    share = np.cumsum(weight) / np.sum(weight)
    some = np.isfinite(high) & (share < 1.0 - 1e-12)
    return Positions(high[some], share[some], are_edges=True)


def _of_intervals(observations: Observations, distribution: Distribution) -> Positions:
    curve = turnbull(observations)
    share = np.cumsum(curve.share)
    if not distribution.discrete:
        share = share - 0.5 * np.where(curve.low == curve.high, curve.share, 0.0)
    some = np.isfinite(curve.high) & (share < 1.0 - 1e-12)
    return Positions(curve.high[some], share[some], are_edges=True)
