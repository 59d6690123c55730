"""The probability of an interval, without cancellation, with its derivatives."""

from __future__ import annotations

from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from likeliest.distributions.derivatives import Derivatives, Side, keep, rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Parameter
    from likeliest.numerics.arrays import Array, Indices, Mask

D = TypeVar("D", bound="Distribution")

_FEW = 16  # whole numbers in an interval whose masses are added one by one
_NARROW = -0.05  # log of the tail from the far end less that from the near one: digits would go
_NEVER = -1e300
_SMOOTH = 1.5  # nats by which a log density may vary over an interval that ten nodes integrate
_DOUBT = 1e-7  # of an integral, by which three nodes may differ from five
_LEGENDRE = np.polynomial.legendre.leggauss(10)
_LOBATTO = (
    np.array([-1.0, -np.sqrt(3.0 / 7.0), 0.0, np.sqrt(3.0 / 7.0), 1.0]),
    np.array([9.0, 49.0, 64.0, 49.0, 9.0]) / 90.0,
)
_SIMPSON = np.array([1.0, 0.0, 4.0, 0.0, 1.0]) / 3.0


def log_probability(member: Distribution, lower: Array, upper: Array) -> Array:
    """Return log P(lower < X ≤ upper), in nats, without cancellation; see `between`."""
    shape = np.broadcast_shapes(np.shape(lower), np.shape(upper), member.batch_shape)
    if len(shape) != 1:
        return log_probability(*_flat(member, lower, upper, shape)).reshape(shape)
    lower, upper = np.broadcast_to(lower, shape), np.broadcast_to(upper, shape)
    out = np.empty((1, *shape))
    for_tails, _, (near, far) = _integrated(member, lower, upper, out, _values)
    if for_tails.size:
        with np.errstate(all="ignore"):
            out[0, for_tails] = near + np.log(-np.expm1(far - near))
    return out[0]


def between(member: Distribution, lower: Array, upper: Array) -> Derivatives:
    """Return log P(lower < X ≤ upper) with its derivatives, one entry a row.

    Of an interval that is narrow beside the tail beyond it, by integrating the density: a cdf's
    difference would lose digits. d log P = E[s] and d² log P = E[H] + var(s), the mean and
    covariance of score and Hessian over the interval (Louis 1982). Of others from both tails.
    """
    shape = np.broadcast_shapes(np.shape(lower), np.shape(upper), member.batch_shape)
    if len(shape) != 1:
        return _reshaped(between(*_flat(member, lower, upper, shape)), shape)
    lower, upper = np.broadcast_to(lower, shape), np.broadcast_to(upper, shape)
    k = len(member.constraints)
    out = np.empty((1 + k + k * (k + 1) // 2, *lower.shape))
    for_tails, below, _ = _integrated(member, lower, upper, out, _spread_out)
    with np.errstate(all="ignore"):
        for side, at in ((Side.BELOW, for_tails[below]), (Side.ABOVE, for_tails[~below])):
            if at.size:
                one = subset(member, at)
                ends = (upper, lower) if side is Side.BELOW else (lower, upper)
                tails = (one.tail_derivatives(end[at], side) for end in ends)
                out[:, at] = rows(_difference(*tails))
    return Derivatives(out[0], tuple(out[1 : 1 + k]), tuple(out[1 + k :]))


def _integrated(
    member: Distribution,
    lower: Array,
    upper: Array,
    out: Array,
    at_nodes: Callable[[Distribution, Array], Derivatives],
) -> tuple[Indices, Mask, tuple[Array, Array]]:
    """Fill in the rows that are integrated over.

    Returns
    -------
    The rows that are left for the tails; which of them lie in the lower tail; and the logs of the
    nearer and the further tail of those.
    """
    left = np.flatnonzero(np.isfinite(lower) & np.isfinite(upper))
    others = np.flatnonzero(~(np.isfinite(lower) & np.isfinite(upper)))
    with np.errstate(all="ignore"):
        if member.discrete:
            is_few = upper[left] - lower[left] <= _FEW
            few, left = left[is_few], left[~is_few]
            if few.size:
                found = _by_masses(subset(member, few), lower[few], upper[few], at_nodes)
                out[:, few] = rows(found)
        elif left.size:
            some = subset(member, left)
            found, doubt = _by_lobatto(some, lower[left], upper[left], at_nodes)
            sure = (doubt <= _DOUBT) & ~_hold_a_corner(some, lower[left], upper[left])
            out[:, left[sure]] = rows(found)[:, sure]
            left = left[~sure]
        left = np.sort(np.concatenate([left, others]))
        if not left.size:
            return left, np.zeros(0, dtype=bool), (np.zeros(0), np.zeros(0))
        some, low, high = subset(member, left), lower[left], upper[left]
        log_cdf, log_sf = some.log_cdf(high), some.log_sf(low)
        below = log_cdf < log_sf
        near = np.where(below, log_cdf, log_sf)
        far = np.where(below, some.log_cdf(low), some.log_sf(high))
        narrow = np.flatnonzero((far - near > _NARROW) & np.isfinite(low) & np.isfinite(high))
        kept = np.ones(left.size, dtype=bool)
        if narrow.size and not member.discrete:
            found, variation = _in_smooth_parts(
                subset(some, narrow), low[narrow], high[narrow], at_nodes
            )
            smooth = variation <= _SMOOTH
            out[:, left[narrow[smooth]]] = rows(found)[:, smooth]
            kept[narrow[smooth]] = False
        return left[kept], below[kept], (near[kept], far[kept])


def _hold_a_corner(member: Distribution, lower: Array, upper: Array) -> Mask:
    """Return which intervals hold a corner of the density, across which nodes go wrong."""
    held = np.zeros(lower.shape, dtype=bool)
    for name in member.corners:
        at = getattr(member, name)
        held |= (lower < at) & (at < upper)
    return held


def _in_smooth_parts(
    member: Distribution,
    lower: Array,
    upper: Array,
    at_nodes: Callable[[Distribution, Array], Derivatives],
) -> tuple[Derivatives, Array]:
    """Integrate the density by ten nodes on either side of a corner that it has inside.

    Beside it how much the log density varies over them. An end of the support needs no care: of an
    interval that holds one a tail keeps all digits.
    """
    inside = [name for name, corner in member.corners.items() if not corner.is_end]
    if not inside:
        return _by_legendre(member, lower, upper, at_nodes)
    cut = np.clip(getattr(member, inside[0]), lower, upper)
    below, in_low = _by_legendre(member, lower, cut, at_nodes)
    above, in_high = _by_legendre(member, cut, upper, at_nodes)
    both = Derivatives(
        np.stack([below.log_prob, above.log_prob], axis=1),
        tuple(np.stack(pair, axis=1) for pair in zip(below.score, above.score, strict=True)),
        tuple(np.stack(pair, axis=1) for pair in zip(below.hessian, above.hessian, strict=True)),
    )
    whole = averaged(both, np.ones(2), 0.0)
    if whole.score:
        whole = _with_jump(member, inside[0], (lower < cut) & (cut < upper), whole)
    return whole, np.maximum(in_low, in_high)


def _with_jump(member: Distribution, name: str, held: Mask, whole: Derivatives) -> Derivatives:
    """Return the derivatives of an interval's log probability with what moving its corner adds.

    The score by the corner jumps there: the second derivative has the jump, times the density.
    """
    names = list(member.constraints)
    i = names.index(name)
    at = np.broadcast_to(getattr(member, name), held.shape)
    below, above = (
        np.broadcast_to(member.derivatives(np.nextafter(at, to), keep).score[i], held.shape)
        for to in (-np.inf, np.inf)
    )
    jump = (below - above) * np.exp(member.log_prob(at) - whole.log_prob)
    place = i * len(names) - i * (i - 1) // 2
    hessian = list(whole.hessian)
    hessian[place] = hessian[place] + np.where(held, jump, 0.0)
    return whole._replace(hessian=tuple(hessian))


def _by_lobatto(
    member: Distribution,
    lower: Array,
    upper: Array,
    at_nodes: Callable[[Distribution, Array], Derivatives],
) -> tuple[Derivatives, Array]:
    """Integrate the density by five nodes, both ends among them; beside it what three differ by.

    The error of five is about the square of that difference.
    """
    bounds = member.bounds()
    low, high = np.maximum(lower, bounds.low), np.minimum(upper, bounds.high)
    middle, half = 0.5 * (low + high), 0.5 * (high - low)
    d = at_nodes(member, middle[:, None] + half[:, None] * _LOBATTO[0])
    f = np.exp(d.log_prob - np.asarray(d.log_prob)[:, 2:3])
    doubt = np.abs(f @ _LOBATTO[1] - f @ _SIMPSON) + np.where(half > 0.0, 0.0, np.inf)
    return averaged(d, _LOBATTO[1], np.log(half)), np.where(np.isnan(doubt), np.inf, doubt)


def _by_legendre(
    member: Distribution,
    lower: Array,
    upper: Array,
    at_nodes: Callable[[Distribution, Array], Derivatives],
) -> tuple[Derivatives, Array]:
    """Integrate the density by ten nodes; beside it how much the log density varies over them."""
    bounds = member.bounds()
    low, high = np.maximum(lower, bounds.low), np.minimum(upper, bounds.high)
    middle, half = 0.5 * (low + high), 0.5 * (high - low)
    d = at_nodes(member, middle[:, None] + half[:, None] * _LEGENDRE[0])
    variation = np.max(d.log_prob, axis=1) - np.min(d.log_prob, axis=1)
    return averaged(d, _LEGENDRE[1], np.log(half)), np.where(np.isnan(variation), np.inf, variation)


def _by_masses(
    member: Distribution,
    lower: Array,
    upper: Array,
    at_nodes: Callable[[Distribution, Array], Derivatives],
) -> Derivatives:
    """Add the masses of the whole numbers in (lower, upper]."""
    first, last = np.floor(lower) + 1.0, np.floor(upper)
    x = first[:, None] + np.arange(_FEW)
    beyond = x > last[:, None]
    d = at_nodes(member, np.minimum(x, last[:, None]))
    return averaged(d, np.where(beyond, 0.0, 1.0), 0.0)


def averaged(d: Derivatives, weight: Array, log_unit: Array | float) -> Derivatives:
    """Return log ∫ f with its derivatives from those of log f at nodes (the last axis)."""
    top = np.maximum(np.max(d.log_prob, axis=-1), _NEVER)  # of what has no mass at all
    share = np.exp(d.log_prob - top[..., None]) * weight
    mass = share.sum(axis=-1)
    share /= mass[..., None]

    def mean(term: Parameter) -> Array:
        return np.sum(term * share, axis=-1)

    score = tuple(mean(s) for s in d.score)
    pairs = combinations_with_replacement(range(len(score)), 2)
    hessian = tuple(
        mean(h + d.score[i] * d.score[j]) - score[i] * score[j]
        for (i, j), h in zip(pairs, d.hessian, strict=True)
    )
    return Derivatives(top + np.log(mass) + log_unit, score, hessian)


def _spread_out(member: Distribution, x: Array) -> Derivatives:
    """Return the derivatives at nodes x, of shape (rows, nodes)."""
    return beside_nodes(member).derivatives(x, keep)


def _values(member: Distribution, x: Array) -> Derivatives:
    """Return the log density at nodes x, without its derivatives."""
    return Derivatives(beside_nodes(member).log_prob(x), (), ())


def beside_nodes(member: D) -> D:
    """Return members of rows with an axis for nodes."""
    if not member.is_batch:
        return member
    columns = {
        name: value if np.ndim(value) == 0 else np.asarray(value)[:, None]
        for name, value in member.parameters.items()
    }
    return type(member).unchecked(**columns)


def _difference(near: Derivatives, far: Derivatives) -> Derivatives:
    """Return the log of a tail less the tail further out, with its derivatives."""
    ratio = np.exp(far.log_prob - near.log_prob)
    some = ratio > 0  # nothing is beyond an open end
    of_near, of_far = 1.0 / (1.0 - ratio), np.where(some, ratio / (1.0 - ratio), 0.0)

    def less(a: Parameter, b: Parameter) -> Array:
        return a * of_near - np.where(some, b, 0.0) * of_far

    score = tuple(less(a, b) for a, b in zip(near.score, far.score, strict=True))
    pairs = combinations_with_replacement(range(len(score)), 2)
    hessian = tuple(
        less(h + near.score[i] * near.score[j], g + far.score[i] * far.score[j])
        - score[i] * score[j]
        for (i, j), h, g in zip(pairs, near.hessian, far.hessian, strict=True)
    )
    return Derivatives(near.log_prob + np.log1p(-ratio), score, hessian)


def subset(member: D, at: Mask | Indices | slice) -> D:
    """Return the members of some rows; one that serves all rows is the same."""
    if not member.is_batch:
        return member
    picked = {n: v if np.ndim(v) == 0 else np.asarray(v)[at] for n, v in member.parameters.items()}
    return type(member).unchecked(**picked)


def spread_out(member: D, shape: tuple[int, ...]) -> D:
    """Return members of a batch as rows, one for each place of an array; one stays as it is."""
    parameters = {
        name: value if np.ndim(value) == 0 else np.broadcast_to(value, shape).ravel()
        for name, value in member.parameters.items()
    }
    return type(member).unchecked(**parameters)


def _flat(member: D, lower: Array, upper: Array, shape: tuple[int, ...]) -> tuple[D, Array, Array]:
    ends = (np.broadcast_to(end, shape).ravel() for end in (lower, upper))
    return (spread_out(member, shape), *ends)  # type: ignore[return-value]


def _reshaped(d: Derivatives, shape: tuple[int, ...]) -> Derivatives:
    return Derivatives(
        np.reshape(d.log_prob, shape),
        tuple(np.reshape(s, shape) for s in d.score),
        tuple(np.reshape(h, shape) for h in d.hessian),
    )
