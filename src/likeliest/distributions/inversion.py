"""Quantiles of positive values by Newton's method on the log of a tail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.distributions.derivatives import Side
from likeliest.distributions.intervals import spread_out, subset
from likeliest.numerics.roots import newton_between

if TYPE_CHECKING:
    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Parameter
    from likeliest.numerics.arrays import Array, Indices

_LEAST, _MOST = -744.0, 709.0  # of log x


def positive_quantile(member: Distribution, q: Array, side: Side, start: Parameter) -> Array:
    """Return the x > 0 whose tail on one side has the probability q.

    From the shorter tail, in log x: the log of a tail that begins as a power is a line there, and
    beyond the middle the log of the cumulative hazard nearly is.
    """
    shape = np.broadcast_shapes(np.shape(q), member.batch_shape)
    q = np.broadcast_to(np.asarray(q, dtype=np.float64), shape).ravel()
    below = (q < 0.5) == (side is Side.BELOW)
    log_q = np.log(np.where(q < 0.5, q, 1.0 - q))
    members = spread_out(member, shape)

    def beyond(u: Array, at: Indices) -> tuple[Array, Array]:
        x, some, is_below, goal = np.exp(u), subset(members, at), below[at], log_q[at]
        log_tail = np.empty(x.size)
        log_tail[is_below] = subset(some, is_below).log_cdf(x[is_below])
        log_tail[~is_below] = subset(some, ~is_below).log_sf(x[~is_below])
        hazard = x * np.exp(some.log_prob(x) - log_tail)
        return (
            np.where(is_below, log_tail - goal, np.log(log_tail / goal)),
            np.where(is_below, hazard, -hazard / log_tail),
        )

    first = np.broadcast_to(np.log(start), shape).ravel()
    low, high = np.full(first.size, _LEAST), np.full(first.size, _MOST)
    u = newton_between(beyond, low, high, first)
    x = np.exp(u)
    with np.errstate(all="ignore"):
        # Far from 1 numbers lie closer together than their logarithms.
        value, slope = beyond(u, np.arange(u.size))
        step = x * value / slope
    return np.where(np.isfinite(step), x - step, x).reshape(shape)[()]
