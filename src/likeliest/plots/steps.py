"""The data's own distribution function as steps, with a confidence band."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from likeliest.data import kaplan_meier
from likeliest.data.turnbull import turnbull
from likeliest.plots import bins

if TYPE_CHECKING:
    from likeliest.data.kaplan_meier import KaplanMeier
    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Array, Indices

_MOST = 2_000  # steps that are drawn
_NONE = np.zeros(0)


class Steps(NamedTuple):
    """The share of the values up to x, as far as the data tell.

    Parameters
    ----------
    at : array of shape (k,)
        Where it rises.
    share : array of shape (k + 1,)
        Before the first, and from each on.
    low, high : arrays of shape (k + 1,)
        The pointwise confidence band; NaN where there is none.
    since : array of shape (k,)
        From where on each rise may have been; the same as `at` where it is known.
    suspended : array
        Where values were known only to lie beyond, or below.
    name : str
        Of the estimate.
    entry, exit : float
        The window that shares are of.
    """

    at: Array
    share: Array
    low: Array
    high: Array
    since: Array
    suspended: Array
    name: str
    entry: float = -np.inf
    exit: float = np.inf

    def up_to(self, x: Array) -> Array:
        """Return the share of the values up to each x."""
        return self.share[np.searchsorted(self.at, x, side="right")]


def steps_of(observations: Observations, distribution: Distribution, level: float) -> Steps:
    """Return the data's own distribution function, with a band that covers each of its values.

    Of exact values the band is Clopper and Pearson's of each share, of censored and truncated ones
    Greenwood's on the scale of log(-log); Turnbull's estimate has none.

    Examples
    --------
    >>> import likeliest as lk
    >>> own = steps_of(lk.observe([3.0, 1.0, 2.0, 2.0]), lk.Normal(0, 1), 0.95)
    >>> own.at.tolist(), own.share.tolist()
    ([1.0, 2.0, 3.0], [0.0, 0.25, 0.75, 1.0])

    Source: Clopper & Pearson (1934); Kalbfleisch & Prentice (2002), section 1.4; Turnbull (1976).
    """
    if observations.description.is_plain:
        values, inverse = np.unique(np.asarray(observations.values), return_inverse=True)
        count = np.cumsum(np.bincount(inverse, observations.weights).astype(np.float64))
        some = _thinned(values.size)
        return _counted(values[some], count[some], observations, level, "data")
    if kaplan_meier.serves(observations):
        return _product_limit(kaplan_meier.kaplan_meier(observations), level)
    if bins.serves(observations, distribution):
        low, high, weight = bins.distinct(observations)
        closed = np.isfinite(high)
        count = np.cumsum(weight)[closed]
        name = "data, known at the edges of bins"
        made = _counted(high[closed], count, observations, level, name)
        return made._replace(since=np.maximum(low[closed], distribution.bounds().low))
    curve = turnbull(observations)
    share = np.concatenate([[0.0], np.cumsum(curve.share)])
    unknown = np.full(share.size, np.nan)
    return Steps(curve.high, share, unknown, unknown, curve.low, _NONE, "data, Turnbull")


def _thinned(size: int) -> Indices:
    """Return places of no more steps than can be told apart."""
    return np.unique(np.linspace(0, size - 1, min(size, _MOST)).astype(np.intp))


def _counted(at: Array, count: Array, observations: Observations, level: float, name: str) -> Steps:
    n = observations.n
    count = np.concatenate([[0.0], count])
    share = np.clip(count / n, 0.0, 1.0)
    low, high = _clopper_pearson(count, n, level)
    if observations.provenance.by_sampling:
        low = high = np.full(share.size, np.nan)
    at = np.asarray(at, dtype=np.float64)
    return Steps(at, share, low, high, at, _NONE, name)


def _clopper_pearson(count: Array, n: float, level: float) -> tuple[Array, Array]:
    from scipy.special import betaincinv

    tail = 0.5 - 0.5 * level
    left = np.maximum(n - count, 0.0)
    with np.errstate(all="ignore"):
        low = np.where(count > 0.0, betaincinv(count, left + 1.0, tail), 0.0)
        high = np.where(left > 1e-9 * n, betaincinv(count + 1.0, left, 1.0 - tail), 1.0)
    return low, high


def _product_limit(curve: KaplanMeier, level: float) -> Steps:
    beyond = np.concatenate([[1.0], curve.beyond])
    least, most = (np.concatenate([[np.nan], end]) for end in curve.band(level))
    name = "data, Kaplan–Meier"
    some = _thinned(curve.at.size)
    after = np.concatenate([[0], some + 1])
    at, beyond, least, most = curve.at[some], beyond[after], least[after], most[after]
    if curve.is_mirrored:
        at, suspended = -at[::-1], -curve.suspended[::-1]
        window = (-curve.exit, -curve.entry)
        return Steps(at, beyond[::-1], least[::-1], most[::-1], at, suspended, name, *window)
    return Steps(
        at, 1.0 - beyond, 1.0 - most, 1.0 - least, at, curve.suspended, name,
        curve.entry, curve.exit,
    )  # fmt: skip
