"""Quantile residuals: values that are standard normal if the law is right, whatever it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.data.rows import Kind

if TYPE_CHECKING:
    from likeliest.data.rows import Rows
    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Array


def quantile_residuals(member: Distribution, rows: Rows, share: Array) -> Array:
    """Return a residual for each row: the normal quantile of its probability.

    Of a count, or of what is known only between bounds, the probability is that which a share lies
    below of what it can be; within a window it is that given the window.

    Parameters
    ----------
    member : Distribution
    rows : Rows
    share : array of shape (rows,)
        Drawn uniformly from (0, 1).

    Source: Dunn & Smyth (1996), J. Comput. Graph. Statist. 5, 236-244.
    """
    from scipy.special import ndtri_exp

    low, high = _bounds(member, rows)
    below_low, below_high = member.log_cdf(low), member.log_cdf(high)
    above_low, above_high = member.log_sf(low), member.log_sf(high)
    if rows.entry is not None or rows.exit is not None:
        entry = np.full(low.shape, -np.inf) if rows.entry is None else rows.entry
        exit_ = np.full(low.shape, np.inf) if rows.exit is None else rows.exit
        first, last = member.cdf(entry), member.cdf(exit_)
        beyond = member.sf(exit_)
        width = np.where(first > 0.5, member.sf(entry) - beyond, last - first)
        below = (np.exp(below_low) - first, np.exp(below_high) - first)
        above = (np.exp(above_low) - beyond, np.exp(above_high) - beyond)
        below_low, below_high = (np.log(np.clip(p / width, 0.0, 1.0)) for p in below)
        above_low, above_high = (np.log(np.clip(p / width, 0.0, 1.0)) for p in above)
    log_below = np.logaddexp(np.log1p(-share) + below_low, np.log(share) + below_high)
    log_above = np.logaddexp(np.log1p(-share) + above_low, np.log(share) + above_high)
    # From the smaller tail, which has the digits.
    return np.where(log_below < log_above, ndtri_exp(log_below), -ndtri_exp(log_above))


def _bounds(member: Distribution, rows: Rows) -> tuple[Array, Array]:
    """Return between which values each row lies; of an exact value of a density both are it."""
    if rows.kind is Kind.EXACT:
        return (rows.a - 1.0 if member.discrete else rows.a), rows.a
    if rows.kind is Kind.BELOW:
        low = np.full(rows.a.shape, -np.inf) if rows.entry is None else rows.entry
        return low, rows.a
    if rows.kind is Kind.ABOVE:
        return rows.a, np.full(rows.a.shape, np.inf) if rows.exit is None else rows.exit
    return rows.a, rows.a if rows.b is None else rows.b
