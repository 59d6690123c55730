"""The data's own distribution, where some values are known only to lie to one side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from likeliest.data.commonest import weight_below
from likeliest.data.rows import Kind
from likeliest.errors import DataError

if TYPE_CHECKING:
    from likeliest.data.observations import Observations
    from likeliest.numerics.arrays import Array, Mask


@dataclass(frozen=True, slots=True)
class KaplanMeier:
    """The product-limit estimate of P(X > x | X > entry, X ≤ exit).

    Parameters
    ----------
    at : array of shape (k,)
        The values that were seen, each once, rising.
    beyond : array of shape (k,)
        The estimated share beyond each; before the first it is 1.
    at_risk, events : arrays of shape (k,)
        How many could have been seen at each, and how many were.
    suspended : array
        Where values were known only to be greater: one for each row, whatever its weight.
    n : float
        The number of observations.
    entry, exit : float
        Above what the estimate begins, and the exit common to all; infinite where there is none.
    is_mirrored : bool
        Whether all this is of −X: a left-censored X is a right-censored −X.
    """

    at: Array
    beyond: Array
    at_risk: Array
    events: Array
    suspended: Array
    n: float
    entry: float
    exit: float
    is_mirrored: bool = False

    @property
    def hazard_variance(self) -> Array:
        """Greenwood's sum Σ d/(r(r − d)), whose product with `beyond`² is its variance."""
        with np.errstate(divide="ignore"):
            return np.cumsum(self.events / (self.at_risk * (self.at_risk - self.events)))

    @property
    def errors(self) -> Array:
        """Standard errors of `beyond`; NaN where nobody is left.

        Source: Greenwood (1926).
        """
        with np.errstate(invalid="ignore"):
            return self.beyond * np.sqrt(self.hazard_variance)

    def band(self, level: float) -> tuple[Array, Array]:
        """Return the ends of an interval for each of `beyond`, on the scale of log(-log).

        Source: Kalbfleisch & Prentice (2002), section 1.4.
        """
        from scipy.special import ndtri

        with np.errstate(all="ignore"):
            log = np.log(self.beyond)
            width = float(ndtri(0.5 + 0.5 * level)) * np.sqrt(self.hazard_variance) / log
            return np.exp(log * np.exp(-width)), np.exp(log * np.exp(width))

    def before(self) -> Array:
        """Return the share that is left just before each value."""
        return np.concatenate([[1.0], self.beyond[:-1]])

    def quantile(self, p: float) -> float:
        """Return the least value up to which a share p lies; NaN if the curve does not get there.

        Examples
        --------
        >>> import likeliest as lk
        >>> seen = lk.observe([6, 6, 6, 6, 7, 9, 10], event=[1, 1, 1, 0, 1, 0, 1])
        >>> kaplan_meier(seen).quantile(0.5)
        7.0
        """
        reached = np.flatnonzero(self.beyond <= 1.0 - p + 1e-12)
        return float(self.at[reached[0]]) if reached.size else float("nan")


def serves(observations: Observations) -> bool:
    """Whether there is such an estimate: values are censored on one side only, if at all."""
    return _side(observations) is not None


def kaplan_meier(observations: Observations) -> KaplanMeier:
    """Return the product-limit estimate of values that are exact or censored on one side.

    A value that is known to be greater than x was at risk up to x, and one that entered at x is at
    risk beyond it. Where entries leave nobody at risk for a while, the estimate begins after that.
    Rounded values count as they stand. Left-censored values and exits by row give the estimate of
    −X.

    Raises
    ------
    DataError
        If values are censored on both sides or lie between bounds.

    Source: Kaplan & Meier (1958); left truncation: Klein & Moeschberger (2003), section 4.6.

    Examples
    --------
    Relapses of 21 children under 6-mercaptopurine, in weeks (Gehan, 1965):

    >>> import likeliest as lk
    >>> weeks = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    >>> seen = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
    >>> curve = kaplan_meier(lk.observe(weeks, event=seen))
    >>> curve.at.tolist()
    [6.0, 7.0, 10.0, 13.0, 16.0, 22.0, 23.0]
    >>> curve.beyond.round(3).tolist()
    [0.857, 0.807, 0.753, 0.69, 0.627, 0.538, 0.448]
    """
    side = _side(observations)
    if side is None:
        raise DataError(
            "Kaplan and Meier's estimate is of values that are exact or censored on one side; some "
            "of these lie between bounds, or are censored on the other."
        )
    seen = _Seen.of(observations, mirrored=side is Kind.BELOW)
    at, inverse = np.unique(seen.last[seen.died], return_inverse=True)
    events = np.bincount(inverse, seen.weight[seen.died], at.size).astype(np.float64)
    _, at_risk = weight_below(seen.last, seen.weight, at)
    entry, exit_ = float(np.min(seen.entry)), float(np.max(seen.exit))
    first = 0
    if seen.entry.size > 1:
        at_risk -= weight_below(seen.entry, seen.weight, at, or_at=side is Kind.BELOW)[1]
        left = (at_risk - events)[:-1]  # after the last nobody need be left
        emptied = np.flatnonzero(left <= _NOBODY * seen.weight.sum())
        first = int(emptied[-1]) + 1 if emptied.size else 0
        entry = float(at[first - 1]) if first else entry
    at, events, at_risk = at[first:], events[first:], np.maximum(at_risk, events)[first:]
    beyond = np.asarray(np.cumprod(1.0 - events / at_risk), np.float64)
    return KaplanMeier(
        at, beyond, at_risk, events,
        np.sort(seen.last[~seen.died]), observations.n, entry, exit_, side is Kind.BELOW,
    )  # fmt: skip


_NOBODY = 1e-12  # of all weights: what rounding leaves of none


class _Seen(NamedTuple):
    """The rows as columns of a life table, mirrored where X is left-censored.

    `last` is how far each value is known to go, `died` whether it ended there.
    """

    last: Array
    died: Mask
    weight: Array
    entry: Array
    exit: Array

    @classmethod
    def of(cls, observations: Observations, *, mirrored: bool) -> _Seen:
        values = np.asarray(observations.values, dtype=np.float64)
        weights = np.ones(values.size) if observations.weights is None else observations.weights
        died = np.ones(values.size, dtype=bool)
        lower, upper = observations.lower, observations.upper
        if lower is not None and upper is not None and not observations.provenance.rounding:
            died = lower == upper
        entry = np.array([-np.inf]) if observations.entry is None else observations.entry
        exit_ = np.array([np.inf]) if observations.exit is None else observations.exit
        if mirrored:
            return cls(-values, died, weights, -exit_, -entry)
        return cls(values, died, weights, entry, exit_)


def _side(observations: Observations) -> Kind | None:
    """Return ABOVE where values are censored to the right if at all, or BELOW; None where mixed."""
    rounded = observations.provenance.rounding > 0.0
    kinds = set() if rounded else {block.kind for block in observations.blocks} - {Kind.EXACT}
    one_exit = observations.exit is None or observations.exit.size == 1
    one_entry = observations.entry is None or observations.entry.size == 1
    if kinds <= {Kind.ABOVE} and one_exit:
        return Kind.ABOVE
    return Kind.BELOW if kinds <= {Kind.BELOW} and one_entry else None
