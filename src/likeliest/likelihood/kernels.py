"""The terms of rows of one kind: log probability, score and Hessian by a family's parameters.

An exact value contributes its log density (or log mass); what is known only to lie below, above or
between bounds contributes the log of that probability. Of rows that could be seen only through a
window the log probability of the window is taken off. These are the only places where it is
decided what a row contributes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.data.rows import Kind, Rows
from likeliest.distributions.derivatives import Derivatives, Side, keep

if TYPE_CHECKING:
    from likeliest.distributions.derivatives import Total
    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Parameter
    from likeliest.numerics.arrays import Array


def terms(member: Distribution, part: Rows) -> Array:
    """Return each row's contribution to the log likelihood, nats, without its weight."""
    seen = _log_probability(member, part.kind, part.a, part.b)
    window = part.window
    if window is None:
        return seen
    less = _log_probability(member, window.kind, window.a, window.b)
    # A member that has nothing in the window gives no row a probability.
    missed = np.isneginf(less)
    return np.where(missed, -np.inf, seen) - np.where(missed, 0.0, less)


def derivatives(member: Distribution, part: Rows, total: Total) -> tuple[Derivatives, Parameter]:
    """Return the sums of the rows' terms, scores and Hessians, as `total` adds them up.

    Beside them the sum of the absolute values of what was added, by which rounding is judged.
    """
    seen = _of_kind(member, part.kind, part.a, part.b, total)
    value = seen.log_prob
    size: Parameter = abs(value) if isinstance(value, float) else np.abs(value)
    window = part.window
    if window is None:
        return seen, size
    if part.has_common_window:

        def every(term: Array | float) -> Parameter:
            return total(1.0) * _alone(term)

        less = _of_kind(member, window.kind, window.a, window.b, every)
    else:
        less = _of_kind(member, window.kind, window.a, window.b, total)
    return _minus(seen, less), np.add(size, np.abs(less.log_prob))


def scores(member: Distribution, part: Rows) -> Array:
    """Return each row's own score, without its weight, of shape (rows, k)."""
    by_row, _ = derivatives(member, part._replace(weight=None), keep)
    return np.stack([np.broadcast_to(s, part.a.shape) for s in by_row.score], axis=-1)


def _of_kind(
    member: Distribution, kind: Kind, a: Array, b: Array | None, total: Total
) -> Derivatives:
    if kind is Kind.EXACT:
        return member.derivatives(a, total)
    if kind is Kind.BETWEEN:
        by_row = member.interval_derivatives(a, _bound(b))
    else:
        by_row = member.tail_derivatives(a, Side.BELOW if kind is Kind.BELOW else Side.ABOVE)
    return Derivatives(
        total(by_row.log_prob),
        tuple(total(s) for s in by_row.score),
        tuple(total(h) for h in by_row.hessian),
    )


def _log_probability(member: Distribution, kind: Kind, a: Array, b: Array | None) -> Array:
    if kind is Kind.EXACT:
        return member.log_prob(a)
    if kind is Kind.BETWEEN:
        return member.log_interval(a, _bound(b))
    return member.log_cdf(a) if kind is Kind.BELOW else member.log_sf(a)


def _minus(seen: Derivatives, window: Derivatives) -> Derivatives:
    return Derivatives(
        seen.log_prob - window.log_prob,
        tuple(a - b for a, b in zip(seen.score, window.score, strict=True)),
        tuple(a - b for a, b in zip(seen.hessian, window.hessian, strict=True)),
    )


def _alone(term: Array | float) -> Parameter:
    """Return the only entry of a term along its last axis."""
    if np.ndim(term) > 1:
        return np.asarray(term)[..., :1]
    return float(np.ravel(term)[0])


def _bound(b: Array | None) -> Array:
    if b is None:
        raise ValueError("intervals need two bounds")
    return b
