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
    target = target.to(torch.promote_types(target.dtype, z.dtype))
    asked = target * (1.0 - label_smoothing) + label_smoothing / z.shape[1]
    asked = asked if weight is None else asked * weight
    at = z.argmax(1, keepdim=True)
    below = (z - z.gather(1, at)).scatter(1, at, 0.0)  # a constant there: 1 - 1 has no digits
    log_total = functional.softplus(_log_of_others(below, at)[:, None], threshold=_LINEAR_FROM)
    logsumexp = z.gather(1, at) + log_total
    loss = _expected(asked, log_total - below).sum(1)
    return loss + z_loss * logsumexp[:, 0] ** 2 if z_loss else loss


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
    own = z.gather(1, at)
    top = z.detach().amax(1, keepdim=True)
    top = top.masked_fill(top.isinf(), 0.0)  # what is near to all of them, so that no digits go
    others = _log_of_others(z - top, at)
    nll = functional.softplus(others - (own - top)[:, 0], threshold=_LINEAR_FROM)
    weights = z.new_ones(z.shape[1]) if weight is None else weight.to(z.dtype)
    loss = (1.0 - label_smoothing) * _expected(weights[at[:, 0]], nll)
    logsumexp = top[:, 0] + torch.logaddexp(others, (own - top)[:, 0])
    if label_smoothing:
        loss = loss + label_smoothing * _expected(weights, logsumexp[:, None] - z).mean(1)
    if z_loss:
        loss = loss + z_loss * logsumexp**2
    return loss.masked_fill(ignored, 0.0)


def _log_of_others(z: Tensor, at: Tensor) -> Tensor:
    """Return the logsumexp of each row but for one class."""
    return torch.logsumexp(z.scatter(1, at, torch.finfo(z.dtype).min), dim=1)


def _expected(asked: Tensor, surprisal: Tensor) -> Tensor:
    """Return asked · surprisal; a class that is not asked for may be impossible."""
    return asked * torch.where((asked == 0.0) & surprisal.isinf(), 0.0, surprisal)


def linear_gradients(
    upstream: Tensor, inputs: Sequence[Any], settings: Sequence[Any], asked: Sequence[bool]
) -> tuple[Tensor, ...]:
    """Return the gradients by input, weight and bias, to be differentiated again."""
    x, linear_weight, target, bias, weight = inputs
    compute = settings[5]
    with torch.enable_grad():
        # Views: where one is made of another (tied weights), no path leads from this to that.
        x, linear_weight = x.view_as(x), linear_weight.view_as(linear_weight)
        bias = None if bias is None else bias.view_as(bias)
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
