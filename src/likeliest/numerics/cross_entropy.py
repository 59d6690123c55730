"""The cross entropy of a block of rows of logits, and its gradient in their place.

The others' share is what is summed: with d = log Σ_{j≠t} exp z_j - z_t, the log odds against the
target t, the NLL is log(1 + exp d) and the gradient at t is -1/(1 + exp -d). Neither cancels, so
that both keep their digits where the model is all but certain; with the target in the sum they
would be 1 - 1.

One kernel serves NumPy arrays and tensors. It works in place, for a block that fits a core's cache.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.numerics.arrays import is_tensor, namespace, where
from likeliest.numerics.special import log, log1p, sigmoid, softplus, tanh, xlogy

if TYPE_CHECKING:
    from likeliest.numerics.arrays import ArrayOrTensor


@dataclass(frozen=True, slots=True)
class Objective:
    """What a row's loss is, beside its NLL.

    Parameters
    ----------
    classes : int
    weight : array of shape (classes,), optional
        Of each class.
    label_smoothing : float
        Share of the target that is spread evenly over all classes.
    z_loss : float
        Factor of the squared logsumexp that is added.
    soft_cap : float, optional
        Logits z become soft_cap · tanh(z / soft_cap).
    temperature : float
        What logits are divided by, after the cap.
    """

    classes: int
    weight: ArrayOrTensor | None = None
    label_smoothing: float = 0.0
    z_loss: float = 0.0
    soft_cap: float | None = None
    temperature: float = 1.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be found out of a block: the gradient takes the place of the logits."""

    gradient: bool = False
    entropy: bool = False
    rank: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """What was found, each of shape (rows,), float64 where the device has it.

    Parameters
    ----------
    loss : the objective, nats
    nll : the negative log likelihood of the target alone, nats
    logsumexp : of the row's logits, capped and tempered
    confidence : the greatest probability
    entropy : of the row's distribution, nats, or None
    rank : of the target, 0 where it is the likeliest (ties go to the first), or None
    """

    loss: ArrayOrTensor
    nll: ArrayOrTensor
    logsumexp: ArrayOrTensor
    confidence: ArrayOrTensor
    entropy: ArrayOrTensor | None = None
    rank: ArrayOrTensor | None = None


def rows(
    z: ArrayOrTensor,
    target: ArrayOrTensor,
    objective: Objective,
    wanted: Wanted,
    scale: ArrayOrTensor,
) -> Terms:
    """Return the terms of a block of rows, in whose place the gradient comes.

    Parameters
    ----------
    z : array or tensor of shape (rows, classes), float32 or float64
        Logits. Overwritten: by the gradient of Σ scale · loss by them, if that is wanted.
    target : of shape (rows,), whole, or (rows, classes), probabilities
    objective : Objective
    wanted : Wanted
    scale : of shape (rows,), wide
        What the gradient of each row is multiplied by.
    """
    slope = _shape(z, objective, wanted)
    find = _of_class if target.ndim == 1 else _of_distribution
    terms = find(z, target, objective, wanted, scale)
    if wanted.gradient:
        if slope is not None:
            z *= slope
        if objective.temperature != 1.0:
            z /= objective.temperature
    return terms


def wide(x: ArrayOrTensor) -> ArrayOrTensor:
    """Return x in float64; in float32 on a device without it."""
    if not is_tensor(x):
        return x.astype(np.float64)
    return x.float() if x.device.type == "mps" else x.double()


def _shape(z: ArrayOrTensor, objective: Objective, wanted: Wanted) -> ArrayOrTensor | None:
    """Cap and temper the logits in place; return the slope of the cap."""
    slope = None
    if objective.soft_cap is not None:
        z /= objective.soft_cap
        bounded = tanh(z)
        slope = 1.0 - bounded * bounded if wanted.gradient else None
        z[...] = bounded
        z *= objective.soft_cap
    if objective.temperature != 1.0:
        z /= objective.temperature
    return slope


def _of_class(
    z: ArrayOrTensor,
    target: ArrayOrTensor,
    objective: Objective,
    wanted: Wanted,
    scale: ArrayOrTensor,
) -> Terms:
    xp = namespace(z)
    at = (xp.arange(z.shape[0], **_device(z)), target)
    z_target = z[at]
    rank = _rank(z, z_target, target) if wanted.rank else None
    spread = _spread(z, objective)
    share, to_each = _shares(target, objective, z_target)
    lowest = float(xp.finfo(z.dtype).min)
    z[at] = lowest  # not -inf: a row without others would be inf - inf
    top, total = _exponentials(z)
    z_target, top, total = wide(z_target), wide(top), wide(total)
    # Where the others are as low as what stands for the target, that was summed with them.
    total = where((top == lowest) & (total > 1.0), total - 1.0, total)
    others = top + log(total)
    # A logit of inf, or a row of -inf alone, says nothing.
    undefined = (z_target == np.inf) | ((top == lowest) & (z_target == -np.inf))
    against = where(undefined, np.nan, (top - z_target) + log(total))
    nll = softplus(against)
    logsumexp = where(against > 0.0, others + softplus(-against), z_target + nll)
    wrong, right = sigmoid(against), sigmoid(-against)
    lone = wrong / total
    entropy = None
    if wanted.entropy:
        of_others = log(total) - wide(xp.sum(xlogy(z, z), axis=-1)) / total
        own = where(right > 0.0, right * nll, 0.0 * right)  # nothing, if the target is impossible
        entropy = own + wrong * (softplus(-against) + of_others)
    own_loss = where((nll == np.inf) & (share == 0.0), 0.0, share * nll)
    loss = own_loss + (to_each[0] * logsumexp - spread) + _penalty(objective, logsumexp)
    if wanted.gradient:
        extra = to_each[0] + 2.0 * objective.z_loss * logsumexp
        _scale_rows(z, (share + extra) * lone * scale)
        if objective.label_smoothing:
            _subtract_each(z, objective, scale)
        z[at] = _like(z, (extra * right - share * wrong - to_each[1]) * scale)
    return Terms(loss, nll, logsumexp, xp.maximum(right, lone), entropy, rank)


def _of_distribution(
    z: ArrayOrTensor,
    target: ArrayOrTensor,
    objective: Objective,
    wanted: Wanted,
    scale: ArrayOrTensor,
) -> Terms:
    xp = namespace(z)
    target = xp.asarray(target, dtype=xp.result_type(target.dtype, z.dtype))
    asked = target
    if objective.label_smoothing:
        even = objective.label_smoothing / objective.classes
        asked = target * (1.0 - objective.label_smoothing) + even
    if objective.weight is not None:
        asked = asked * objective.weight
    at = (xp.arange(z.shape[0], **_device(z)), xp.argmax(z, axis=-1))
    top = wide(z[at])
    z -= z[at][:, None]
    below = xp.asarray(z, copy=True)  # the logits less the greatest of their row
    xp.exp(z, out=z)
    z[at] = 0.0
    rest = where(xp.isfinite(top), wide(xp.sum(z, axis=-1)), np.nan)
    z[at] = 1.0
    total, log_total = 1.0 + rest, log1p(rest)
    logsumexp = top + log_total
    surprisal = _like(z, log_total)[:, None] - below
    loss = _expected(asked, surprisal) + _penalty(objective, logsumexp)
    nll = _expected(target, surprisal)
    entropy = None
    if wanted.entropy:
        entropy = log_total - wide(xp.sum(xlogy(z, z), axis=-1)) / total
    if wanted.gradient:
        asked_in_all = xp.sum(wide(asked), axis=-1)
        asked_of_others = asked_in_all - wide(asked[at])
        extra = 2.0 * objective.z_loss * logsumexp
        _scale_rows(z, (asked_in_all + extra) / total * scale)
        z -= asked * _like(z, scale)[:, None]
        by_top = asked_of_others - asked_in_all * (rest / total) + extra / total
        z[at] = _like(z, by_top * scale)
    return Terms(loss, nll, logsumexp, 1.0 / total, entropy)


def _exponentials(z: ArrayOrTensor) -> tuple[ArrayOrTensor, ArrayOrTensor]:
    """Put exp(z - max) in the place of z; return the maximum and the sum of each row."""
    xp = namespace(z)
    top = xp.max(z, axis=-1)
    z -= top[:, None]
    xp.exp(z, out=z)
    return top, xp.sum(z, axis=-1)


def _penalty(objective: Objective, logsumexp: ArrayOrTensor) -> ArrayOrTensor | float:
    # A square that overflows, times 0, would be no number.
    return objective.z_loss * logsumexp**2 if objective.z_loss else 0.0


def _expected(q: ArrayOrTensor, surprisal: ArrayOrTensor) -> ArrayOrTensor:
    """Return the sum of q · surprisal; a class that is not asked for may be impossible."""
    return wide(namespace(q).sum(where(q == 0.0, 0.0 * q, q * surprisal), axis=-1))


def _shares(
    target: ArrayOrTensor, objective: Objective, like: ArrayOrTensor
) -> tuple[ArrayOrTensor | float, tuple[float | ArrayOrTensor, float | ArrayOrTensor]]:
    """Return what is asked of the target, of all classes by smoothing, and of the target by it."""
    smoothing, weight = objective.label_smoothing, objective.weight
    if weight is None:
        return 1.0 - smoothing, (smoothing, smoothing / objective.classes)
    own = wide(weight[target])
    in_all = smoothing * wide(namespace(weight).sum(weight)) / objective.classes
    return (1.0 - smoothing) * own, (in_all, smoothing * own / objective.classes)


def _spread(z: ArrayOrTensor, objective: Objective) -> ArrayOrTensor | float:
    """Return the logits' mean under what smoothing asks, times its share."""
    if not objective.label_smoothing:
        return 0.0
    weight = objective.weight
    weighted = z if weight is None else where(weight == 0.0, 0.0, z * weight)
    return objective.label_smoothing * wide(namespace(z).mean(weighted, axis=-1))


def _subtract_each(z: ArrayOrTensor, objective: Objective, scale: ArrayOrTensor) -> None:
    even = _like(z, scale * (objective.label_smoothing / objective.classes))[:, None]
    z -= even if objective.weight is None else even * objective.weight


def _rank(z: ArrayOrTensor, z_target: ArrayOrTensor, target: ArrayOrTensor) -> ArrayOrTensor:
    xp = namespace(z)
    ahead = z > z_target[:, None]
    before = xp.arange(z.shape[1], **_device(z)) < target[:, None]
    ahead |= (z == z_target[:, None]) & before
    return xp.sum(ahead, axis=-1)


def _scale_rows(z: ArrayOrTensor, factor: ArrayOrTensor) -> None:
    z *= _like(z, factor)[:, None]


def _like(z: ArrayOrTensor, x: ArrayOrTensor) -> ArrayOrTensor:
    return x.to(z.dtype) if is_tensor(z) else x.astype(z.dtype)


def _device(z: Any) -> dict[str, Any]:
    return {"device": z.device} if is_tensor(z) else {}
