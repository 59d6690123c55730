"""Softmax, its logarithm, and the logarithm of the sum of exponentials, of tensors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from likeliest.errors import DataError
from likeliest.losses.softmax import row_axes

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor


def softmax(x: Tensor, axis: int | tuple[int, ...] | None = -1) -> Tensor:
    """Return the probabilities of logits x; see `likeliest.losses.softmax`."""
    rows, axes = _rows("softmax", x, axis)
    return _apart(torch.softmax(rows, dim=-1), x, axes)


def log_softmax(x: Tensor, axis: int | tuple[int, ...] | None = -1) -> Tensor:
    """Return the log probabilities of logits x, nats; see `likeliest.losses.log_softmax`."""
    rows, axes = _rows("log_softmax", x, axis)
    return _apart(_log_softmax(rows)[0], x, axes)


def logsumexp(
    x: Tensor,
    weights: Tensor | None = None,
    *,
    axis: int | tuple[int, ...] | None = -1,
    keepdims: bool = False,
) -> Tensor:
    """Return log Σ weights · exp(x); see `likeliest.losses.logsumexp`."""
    rows, axes = _rows("logsumexp", x, axis)
    if weights is not None:
        joined = _rows("logsumexp", weights.to(x.device, rows.dtype).expand(x.shape), axes)[0]
        none = joined == 0.0
        rows = torch.where(none, -torch.inf, rows + torch.log(torch.where(none, 1.0, joined)))
    result = torch.logsumexp(rows, dim=-1).to(x.dtype)
    kept = tuple(1 if i in axes else size for i, size in enumerate(x.shape))
    return result.reshape(kept) if keepdims else result


class _LogSoftmax(torch.autograd.Function):
    """The greatest value is left out of the sum, forward and backward."""

    generate_vmap_rule = True

    @staticmethod
    def forward(rows: Tensor) -> tuple[Tensor, Tensor]:
        top, at = rows.max(dim=-1, keepdim=True)
        shifted = rows - torch.where(top.isfinite(), top, 0.0)
        others = shifted.exp().scatter(-1, at, 0.0).sum(dim=-1, keepdim=True)
        return shifted - torch.where(top.isfinite(), others.log1p(), torch.nan), at

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, Tensor]) -> None:
        ctx.mark_non_differentiable(output[1])
        ctx.save_for_backward(*output)
        ctx.save_for_forward(*output)

    @staticmethod
    def jvp(ctx: Any, direction: Tensor) -> tuple[Tensor, None]:
        result, at = ctx.saved_tensors
        own = direction.gather(-1, at)
        others = (result.exp() * direction).scatter(-1, at, 0.0).sum(dim=-1, keepdim=True)
        at_top = -torch.expm1(result.gather(-1, at)) * own - others
        by_top = result.gather(-1, at).exp() * own
        return (direction - by_top - others).scatter(-1, at, at_top), None

    @staticmethod
    def backward(ctx: Any, *upstream: Tensor) -> Tensor:
        result, at = ctx.saved_tensors
        by = upstream[0]
        p = result.exp()
        own = by.gather(-1, at)
        others = by.scatter(-1, at, 0.0).sum(dim=-1, keepdim=True)
        # By the greatest it is own · (1 - p) - p · others, and 1 - p keeps its digits.
        at_top = -torch.expm1(result.gather(-1, at)) * own - p.gather(-1, at) * others
        return (by - p * (others + own)).scatter(-1, at, at_top)


_log_softmax: Callable[[Tensor], tuple[Tensor, Tensor]] = _LogSoftmax.apply


def _rows(
    name: str, x: Tensor, axis: int | tuple[int, ...] | None
) -> tuple[Tensor, tuple[int, ...]]:
    """Return x with its axes last and made one, in float32 or wider, and the axes."""
    if not x.is_floating_point():
        raise DataError(f"{name}: tensors must be floating-point; got {x.dtype}.")
    axes = row_axes(name, tuple(x.shape), axis)
    wide = x if x.dtype == torch.float64 else x.float()
    moved = wide.movedim(axes, tuple(range(-len(axes), 0)))
    return moved.flatten(-len(axes)), axes


def _apart(rows: Tensor, x: Tensor, axes: tuple[int, ...]) -> Tensor:
    shape = [x.shape[at] for at in axes]
    apart = rows.reshape(*rows.shape[:-1], *shape)
    return apart.movedim(tuple(range(-len(axes), 0)), axes).to(x.dtype)
