"""The data's own distribution in numbers, beside the fitted one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from likeliest.data import kaplan_meier
from likeliest.data.observations import is_distributed
from likeliest.data.turnbull import turnbull
from likeliest.inference.columns import Columns
from likeliest.inference.levels import checked_level
from likeliest.inference.summit import observations_of

if TYPE_CHECKING:
    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.result import Fit
    from likeliest.numerics.arrays import Array


@dataclass(frozen=True, eq=False, repr=False)
class Empirical(Columns):
    """The share of the values beyond each step, as the data have it and as the fit has it.

    Parameters
    ----------
    since, at : arrays of shape (k,)
        The share falls somewhere from `since` to `at`: the same where the place is known.
    share : array of shape (k,)
        The data's share beyond `at`.
    low, high : arrays of shape (k,)
        The ends of an interval for each share, by Greenwood's formula on the scale of log(-log);
        NaN where there is none.
    fitted : array of shape (k,)
        The share that the fitted distribution has beyond `at`.
    estimate : str
        Kaplan and Meier's, or Turnbull's.
    entry, exit : float
        Shares are of the values between these; infinite where all could be seen.
    """

    since: Array
    at: Array
    share: Array
    low: Array
    high: Array
    fitted: Array
    estimate: str
    entry: float = -np.inf
    exit: float = np.inf

    def _title(self) -> str:
        return f"shares beyond, by {self.estimate} and by the fit"


def empirical(fit: Fit, level: float = 0.95) -> Empirical:
    """Return the data's own distribution beside the fitted one; see `Fit.empirical`."""
    checked_level(level)
    what = "The data's own distribution"
    observations = observations_of(fit, what, by_any=True)
    if is_distributed(observations):
        raise observations.not_here(what)
    if not kaplan_meier.serves(observations):
        own = turnbull(observations)
        unknown = np.full(own.share.size, np.nan)
        fitted = _beyond(fit.distribution, own.high)
        return Empirical(own.low, own.high, own.beyond, unknown, unknown, fitted, "Turnbull")
    curve = kaplan_meier.kaplan_meier(observations)
    at, beyond, (low, high) = curve.at, curve.beyond, curve.band(level)
    entry, exit_ = curve.entry, curve.exit
    if observations.provenance.by_sampling:
        low = high = np.full(at.size, np.nan)
    if curve.is_mirrored:  # the share of -X beyond -x is that of X below x
        at, entry, exit_ = -at[::-1], -exit_, -entry
        beyond, low, high = (
            1.0 - np.append(share[:-1][::-1], last)
            for share, last in ((beyond, 1.0), (high, np.nan), (low, np.nan))
        )
    fitted = _beyond(fit.distribution, at, entry, exit_)
    return Empirical(at, at, beyond, low, high, fitted, "Kaplan and Meier", entry, exit_)


def _beyond(d: Distribution, x: Array, entry: float = -np.inf, exit_: float = np.inf) -> Array:
    """Return P(X > x | entry < X ≤ exit)."""
    if entry == -np.inf and exit_ == np.inf:
        return np.asarray(d.sf(x))
    whole = d.log_interval(np.array(entry), np.array(exit_))
    return np.asarray(np.exp(d.log_interval(x, np.full(x.shape, exit_)) - whole))
