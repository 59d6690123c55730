"""What an insurer pays: means of losses that are cut off below and above.

E[min(X - a, l)+] is the integral of P(X > x) from a to a + l. By parts it is an integral over
probabilities, all of whose terms are positive, so that layers far out keep their digits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.distributions.combinators.blend import Atom, Blend
from likeliest.distributions.made import mean_of
from likeliest.errors import FamilyError, ParameterError
from likeliest.numerics.quadrature import double_exponential

if TYPE_CHECKING:
    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Parameter
    from likeliest.numerics.arrays import Array

_SHARES, _WEIGHTS = double_exponential(nodes=181, far=5.4)  # so far out that tails may be heavy
_LEAST = 1e-300  # a probability below which nothing is paid
_MOST = 1e6  # counts that are added one by one


def layer_mean(member: Any, attachment: Any, limit: Any) -> Parameter:
    """Return E[min(X - attachment, limit)+], of the broadcast shape of all; see `Distribution`.

    Raises
    ------
    ParameterError
        If the attachment is not finite, or the limit not above 0.
    """
    low, width = (np.asarray(v, dtype=np.float64) for v in (attachment, limit))
    if not np.isfinite(low).all():
        raise ParameterError(f"The attachment of a layer must be finite; got {low.min():g}.")
    if not (width > 0.0).all():
        raise ParameterError(f"The limit of a layer must be above 0; got {width.min():g}.")
    with np.errstate(all="ignore"):
        return _layer(member, low, width)


def limited_expected_value(member: Any, limit: Any) -> Parameter:
    """Return E[min(X, limit)], of the broadcast shape of both."""
    limit = np.asarray(limit, dtype=np.float64)
    if np.isnan(limit).any() or np.isneginf(limit).any():
        raise ParameterError(f"A limit must be a number; got {limit.min():g}.")
    with np.errstate(all="ignore"):
        return np.where(np.isposinf(limit), mean_of(member), _limited(member, limit))[()]


def loss_elimination_ratio(member: Any, deductible: Any) -> Parameter:
    """Return the share of losses that a deductible takes off: E[min(X, deductible)] / E[X]."""
    return np.divide(limited_expected_value(member, deductible), mean_of(member))[()]


def _limited(member: Any, limit: Array) -> Parameter:
    if isinstance(member, Atom):
        return np.minimum(member.at, limit)
    if isinstance(member, Blend):
        return sum(b.share * _limited(b.member, limit) for b in member.branches())
    low = member.bounds().low
    if np.all(np.isfinite(low)):
        return np.where(limit > low, low + _layer(member, low, limit - low), limit)
    # The mean less E[(X - limit)+], or the limit less E[(limit - X)+]: whichever takes off less.
    many, at = _columns(member), limit[..., None]
    below = np.asarray(many.cdf(at))
    lacking = np.maximum(at - many.quantile(below * _SHARES), 0.0)
    from_limit = limit - np.sum(lacking * (below * _WEIGHTS), axis=-1)
    mean = mean_of(member)
    from_mean = mean - _layer(member, limit, np.full(limit.shape, np.inf))
    return np.where(np.isfinite(mean) & (below[..., 0] > 0.5), from_mean, from_limit)


def _layer(member: Any, low: Any, width: Array) -> Parameter:
    if isinstance(member, Atom):
        return np.clip(member.at - low, 0.0, width)
    if isinstance(member, Blend):
        return sum(b.share * _layer(b.member, low, width) for b in member.branches())
    if member.discrete:
        return _of_counts(member, np.asarray(low), width)
    many, at, wide = _columns(member), np.asarray(low)[..., None], width[..., None]
    first, last = np.asarray(many.sf(at)), np.asarray(many.sf(at + wide))
    # Of probabilities below `first` from 0 on, or, on the scale of logarithms, from `last` on.
    open_end = last < _LEAST
    near, far = -np.log(first), -np.log(np.where(open_end, 1.0, last))
    t = near + (far - near) * _SHARES
    p = np.where(open_end, first * _SHARES, np.exp(-t))
    step = np.where(open_end, first * _WEIGHTS, (far - near) * _WEIGHTS * np.exp(-t))
    excess = np.clip(many.upper_quantile(p) - at, 0.0, wide)
    whole = np.sum(np.where(step > 0.0, excess * step, 0.0), axis=-1)
    paid = whole + np.where(open_end, 0.0, wide * last)[..., 0]
    endless = np.isposinf(width) & ~np.isfinite(mean_of(member))
    return np.where(first[..., 0] < _LEAST, 0.0, np.where(endless, np.inf, paid))[()]


def _columns(member: Distribution) -> Distribution:
    """Return a member whose parameters have an axis more, for the nodes of an integral."""
    parameters = {
        name: v if np.ndim(v) == 0 else np.asarray(v)[..., None]
        for name, v in member.parameters.items()
    }
    return type(member).unchecked(**parameters)


def _of_counts(member: Any, low: Array, width: Array) -> Parameter:
    """Return the mean of a layer of whole numbers: P(X > x) is level between them."""
    if np.isposinf(width).any():
        whole = mean_of(member) - _limited(member, low)
        return np.where(np.isposinf(width), whole, _of_counts(member, low, np.fmin(width, 1.0)))
    start = np.maximum(low, member.bounds().low)
    first, last = np.floor(start), low + width
    count = np.max(np.ceil(last) - first, initial=0.0)
    if count > _MOST:
        raise FamilyError(f"A layer of {count:g} counts is too wide to add up {member.name} over.")
    k = first[..., None] + np.arange(count)
    room = np.clip(np.minimum(k + 1.0, last[..., None]) - np.maximum(k, start[..., None]), 0.0, 1.0)
    return np.sum(_columns(member).sf(k) * room, axis=-1) + np.clip(start - low, 0.0, width)
