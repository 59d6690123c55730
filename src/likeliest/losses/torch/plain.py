"""The same losses in PyTorch's own operations: what is differentiated more than once.

They hold all logits, and autograd goes through them as often as it is asked to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch.nn import functional

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

_LINEAR_FROM = 50.0  # softplus is its argument from here on, to float64's last digit


def losses(
    logits: Tensor,
    target: Tensor,
    weight: Tensor | None,
    ignore_index: int,
    label_smoothing: float,
    z_loss: float,
    soft_cap: float | None,
    temperature: float,
) -> Tensor:
    """Return each row's loss, nats; 0 where it is ignored.

    Parameters
    ----------
    logits : tensor of shape (rows, classes)
    target : tensor of shape (rows,) or (rows, classes)
    """
    z = logits if logits.dtype == torch.float64 else logits.float()
    if soft_cap is not None:
        z = soft_cap * torch.tanh(z / soft_cap)
    z = z / temperature
    if target.ndim == 1:
        return _of_class(z, target, weight, ignore_index, label_smoothing, z_loss)
    asked = target * (1.0 - label_smoothing) + label_smoothing / z.shape[1]
    asked = asked if weight is None else asked * weight
    logsumexp = torch.logsumexp(z, dim=1)
    terms = torch.where(asked == 0.0, 0.0, asked * (logsumexp[:, None] - z))
    return terms.sum(1) + z_loss * logsumexp**2


def _of_class(
    z: Tensor,
    target: Tensor,
    weight: Tensor | None,
    ignore_index: int,
    label_smoothing: float,
    z_loss: float,
) -> Tensor:
    ignored = target == ignore_index
    at = target.masked_fill(ignored, 0)[:, None]
    z = z.masked_fill(ignored[:, None], 0.0)
    own = z.gather(1, at)[:, 0]
    others = torch.logsumexp(z.scatter(1, at, torch.finfo(z.dtype).min), dim=1)
    nll = functional.softplus(others - own, threshold=_LINEAR_FROM)
    weights = torch.ones_like(z[0]) if weight is None else weight.to(z.dtype)
    loss = (1.0 - label_smoothing) * weights[at[:, 0]] * nll
    logsumexp = torch.logaddexp(others, own)
    if label_smoothing:
        loss = loss + label_smoothing * ((logsumexp[:, None] - z) * weights).mean(1)
    return (loss + z_loss * logsumexp**2).masked_fill(ignored, 0.0)


def linear_gradients(
    upstream: Tensor, inputs: Sequence[Any], settings: Sequence[Any], asked: Sequence[bool]
) -> tuple[Tensor, ...]:
    """Return the gradients by input, weight and bias, to be differentiated again."""
    x, linear_weight, target, bias, weight = inputs
    compute = settings[5]
    with torch.enable_grad():
        logits = functional.linear(
            x.to(compute), linear_weight.to(compute), None if bias is None else bias.to(compute)
        )
        each = losses(logits, target, weight, *settings[:5])
        return _gradients(each, upstream, (x, linear_weight, bias), asked)


def gradient(upstream: Tensor, inputs: Sequence[Any], settings: Sequence[Any]) -> Tensor:
    """Return the gradient by the logits, to be differentiated again."""
    logits, target, weight = inputs
    with torch.enable_grad():
        each = losses(logits, target, weight, *settings)
        return _gradients(each, upstream, (logits,), (True,))[0]


def _gradients(
    each: Tensor, upstream: Tensor, tensors: Sequence[Any], asked: Sequence[bool]
) -> tuple[Tensor, ...]:
    by = [tensor for tensor, wanted in zip(tensors, asked, strict=True) if wanted]
    total = (each * upstream).sum()
    made = iter(torch.autograd.grad(total, by, create_graph=True))
    empty = each.new_empty(0)
    return tuple(next(made) if wanted else empty for wanted in asked)
