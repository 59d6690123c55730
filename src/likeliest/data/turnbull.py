"""The data's own distribution, where values are known only to lie between bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from likeliest.errors import ConvergenceError, DataError

if TYPE_CHECKING:
    from likeliest.data.observations import Observations
    from likeliest.numerics.arrays import Array, Indices

_TOLERANCE = 1e-8  # nats below the greatest log likelihood, at most
_MOST = 20_000
_HALVINGS = 30
_NOTHING = 1e-12  # of all: a share that only rounding or a step not yet taken leaves


@dataclass(frozen=True, slots=True)
class Turnbull:
    """The nonparametric maximum likelihood estimate of a distribution function.

    All probability lies in a few intervals, and the likelihood says nothing of where within them.

    Parameters
    ----------
    low, high : arrays of shape (k,)
        The intervals low < X ≤ high that hold some, rising, or low ≤ X ≤ high where lower bounds
        belong to their intervals; the same where it is a point, and infinite at an open end.
    share : array of shape (k,)
        The probability of each; they add up to 1.
    log_likelihood : float
        Nats; the sum of log probabilities, also of exact values.
    gap : float
        No distribution has a log likelihood that is greater by more than this.
    n : float
        The number of observations.
    """

    low: Array
    high: Array
    share: Array
    log_likelihood: float
    gap: float
    n: float

    @property
    def beyond(self) -> Array:
        """Return the estimated share beyond each interval."""
        return np.maximum(1.0 - np.cumsum(self.share), 0.0)

    def before(self) -> Array:
        """Return the estimated share at or beyond the beginning of each interval."""
        return np.concatenate([[1.0], self.beyond[:-1]])


def turnbull(observations: Observations) -> Turnbull:
    """Return the nonparametric estimate of values in any mix: exact, censored, between bounds.

    By self-consistent steps (EM) in turn with steps of isotonic regression (ICM), until the
    conditions of a maximum certify that none is greater by more than 1e-8.

    Raises
    ------
    DataError
        If values could be seen only within windows, for which this estimate need not be unique.
    ConvergenceError
        If the conditions were not reached.

    Source: Turnbull (1976); Wellner & Zhan (1997); Gentleman & Geyer (1994), section 3, for the
    conditions.

    Examples
    --------
    >>> import likeliest as lk
    >>> seen = lk.observe(lower=[0, 1, 1, 3], upper=[2, 3, 4, 5])
    >>> curve = turnbull(seen)
    >>> curve.low.tolist(), curve.high.tolist(), curve.share.round(6).tolist()
    ([1.0, 3.0], [2.0, 3.0], [0.5, 0.5])
    """
    if observations.truncated:
        raise DataError(
            "Turnbull's estimate is of values that could be seen anywhere; these have an entry or "
            "an exit. Of values that are exact or censored on one side Kaplan and Meier's curve "
            "takes them."
        )
    rows, low, high = _Rows.of(observations)
    share = np.full(low.size, 1.0 / low.size)
    for _ in range(_MOST):
        share = _isotonic(rows, rows.self_consistent(share))
        gap = float(np.max(rows.gradient(share)) - rows.n)
        if gap <= _TOLERANCE:
            some = share > _NOTHING
            value = rows.log_likelihood(share)
            return Turnbull(low[some], high[some], share[some], value, max(gap, 0.0), rows.n)
    raise ConvergenceError(
        f"Turnbull's estimate was not reached in {_MOST:,} steps: its log likelihood may be "
        f"{gap:.2g} nats below the greatest."
    )


class _Rows(NamedTuple):
    """Rows that hold the candidate intervals from `first` up to, but not with, `end`."""

    first: Indices
    end: Indices
    weight: Array
    n: float

    @classmethod
    def of(cls, observations: Observations) -> tuple[_Rows, Array, Array]:
        """Return the rows, and the candidate intervals: a lower end next to an upper one.

        Of ends at one value, a closed lower one comes first, then the upper, then an open lower.
        """
        values = np.asarray(observations.values, dtype=np.float64)
        lower = values if observations.lower is None else observations.lower
        upper = values if observations.upper is None else observations.upper
        n, closed = values.size, observations.lower_closed | (lower == upper)
        at = np.concatenate([lower, upper])
        kind = np.concatenate([np.where(closed, 0, 2), np.ones(n, dtype=np.intp)])
        order = np.lexsort((kind, at))
        is_lower = order < n
        begins = np.flatnonzero(is_lower[:-1] & ~is_lower[1:])
        place = np.empty(2 * n, dtype=np.intp)
        place[order] = np.arange(2 * n)
        first = np.searchsorted(begins, place[:n])
        end = np.searchsorted(begins, place[n:])
        pairs = np.stack([first, end], axis=1)
        distinct, inverse = np.unique(pairs, axis=0, return_inverse=True)
        weight = np.bincount(inverse.ravel(), observations.weights).astype(np.float64)
        rows = cls(distinct[:, 0], distinct[:, 1], weight, float(weight.sum()))
        return rows, at[order[begins]], at[order[begins + 1]]

    def probability(self, share: Array) -> Array:
        """Return the probability of each row."""
        up_to = np.concatenate([[0.0], np.cumsum(share)])
        return up_to[self.end] - up_to[self.first]

    def log_likelihood(self, share: Array) -> float:
        """Return the sum of log probabilities; -inf where a row has none."""
        with np.errstate(divide="ignore"):
            return float(np.sum(self.weight * np.log(np.maximum(self.probability(share), 0.0))))

    def gradient(self, share: Array) -> Array:
        """Return the derivative of the log likelihood by the share of each interval."""
        return self._spread(self.weight / self.probability(share), share.size)

    def self_consistent(self, share: Array) -> Array:
        """Return the shares that the rows would have on the average under these shares."""
        return share * self.gradient(share) / self.n

    def _spread(self, terms: Array, size: int) -> Array:
        """Return the sums of the terms of the rows that hold each interval."""
        change = np.bincount(self.first, terms, size + 1)
        change -= np.bincount(self.end, terms, size + 1)
        return np.asarray(np.cumsum(change)[:-1], np.float64)

    def slopes(self, share: Array) -> tuple[Array, Array]:
        """Return the derivatives by the distribution function after each interval but the last.

        The first, and the negative second by each alone.
        """
        probability, size = self.probability(share), share.size
        once, twice = self.weight / probability, self.weight / probability**2
        rise = np.bincount(self.end, once, size + 1) - np.bincount(self.first, once, size + 1)
        bend = np.bincount(self.end, twice, size + 1) + np.bincount(self.first, twice, size + 1)
        return rise[1:-1].astype(np.float64), bend[1:-1].astype(np.float64)


def _isotonic(rows: _Rows, share: Array) -> Array:
    """Return the shares after a Newton step of the distribution function, kept rising.

    Shortened until the log likelihood does not fall.
    """
    from scipy.optimize import isotonic_regression

    if share.size < 2:
        return share
    before = np.cumsum(share)[:-1]
    rise, bend = rows.slopes(share)
    aim = isotonic_regression(before + rise / bend, weights=bend).x
    aim = np.diff(np.clip(aim, 0.0, 1.0), prepend=0.0, append=1.0)
    here, step = rows.log_likelihood(share), 1.0
    for _ in range(_HALVINGS):
        moved = share + step * (aim - share)
        if rows.log_likelihood(moved) >= here:
            return moved
        step *= 0.5
    return share
