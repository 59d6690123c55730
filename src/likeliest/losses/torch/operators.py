"""The operators behind the cross entropies: opaque to compilers, correct under autograd.

Losses and gradients are found in one pass over the logits, a chunk at a time. The gradient of a sum
is made with the sum, in float32 or wider, and is multiplied by what comes from upstream as often as
backward is called. Rows with upstream gradients of their own have their logits made again.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from likeliest.losses.torch import chunks, plain
from likeliest.numerics.cross_entropy import Objective, Wanted

_Outputs = tuple[Tensor, Tensor, Tensor, Tensor, Tensor]
_Gradients = tuple[Tensor, Tensor, Tensor]


def _made_with_losses(each: bool, *asked: bool) -> tuple[bool, ...]:
    """Return which gradients are made in the forward pass: those of a sum."""
    return tuple(wanted and not each for wanted in asked)


def _empty_terms(input: Tensor, *, each: bool) -> tuple[Tensor, Tensor]:
    n, kind = input.shape[0], chunks.wide_dtype(input)
    losses = input.new_empty((n,) if each else (), dtype=kind)
    return losses, input.new_empty((chunks.TERMS, n), dtype=kind)


@torch.library.custom_op("likeliest::linear_cross_entropy", mutates_args=())
def linear_cross_entropy(
    input: Tensor,
    linear_weight: Tensor,
    target: Tensor,
    linear_bias: Tensor | None,
    weight: Tensor | None,
    ignore_index: int,
    label_smoothing: float,
    z_loss: float,
    soft_cap: float | None,
    temperature: float,
    compute: torch.dtype,
    chunk_size: int,
    each: bool,
    entropy: bool,
    rank: bool,
    by_input: bool,
    by_weight: bool,
    by_bias: bool,
) -> _Outputs:
    """Return the losses (their sum, or each), the terms, and the gradients of the sum.

    Parameters
    ----------
    input : tensor of shape (rows, features)
    linear_weight : tensor of shape (classes, features)
    target : tensor of shape (rows,) or (rows, classes)
    compute : dtype of the matrix products
    each : bool
        Whether each row's loss is returned; then no gradient is.
    by_input, by_weight, by_bias : bool
        Which gradients are made; the others are empty.
    """
    objective = Objective(
        linear_weight.shape[0], weight, label_smoothing, z_loss, soft_cap, temperature
    )
    asked = _made_with_losses(each, by_input, by_weight, by_bias)
    by = chunks.By(input, linear_weight, linear_bias, compute, asked)
    wanted = Wanted(by.any, entropy, rank)
    found = chunks.Found(input, target, ignore_index, objective, wanted)
    chunks.run(by, found, chunk_size)
    losses = found.losses if each else found.losses.sum()
    return losses, found.terms, *by.gradients


@linear_cross_entropy.register_fake
def _(input: Tensor, linear_weight: Tensor, *settings: Any) -> _Outputs:
    each, _, _, *asked = settings[-6:]
    losses, terms = _empty_terms(input, each=each)
    made = _made_with_losses(each, *asked)
    return losses, terms, *chunks.empty_gradients(input, linear_weight, made)


@torch.library.custom_op("likeliest::linear_cross_entropy_gradient", mutates_args=())
def linear_cross_entropy_gradient(
    upstream: Tensor,
    input: Tensor,
    linear_weight: Tensor,
    target: Tensor,
    linear_bias: Tensor | None,
    weight: Tensor | None,
    ignore_index: int,
    label_smoothing: float,
    z_loss: float,
    soft_cap: float | None,
    temperature: float,
    compute: torch.dtype,
    chunk_size: int,
    by_input: bool,
    by_weight: bool,
    by_bias: bool,
) -> _Gradients:
    """Return the gradients of Σ upstream · loss, upstream of shape (rows,)."""
    objective = Objective(
        linear_weight.shape[0], weight, label_smoothing, z_loss, soft_cap, temperature
    )
    by = chunks.By(input, linear_weight, linear_bias, compute, (by_input, by_weight, by_bias))
    # A loss scaled up for half precision would leave its range; the factor is put back in float32.
    sizes = upstream.abs().nan_to_num(0.0, 0.0, 0.0)  # a row without one leaves the others be
    size = sizes.max() if upstream.numel() else upstream.new_ones(())
    size = size.clamp(min=torch.finfo(upstream.dtype).tiny)
    found = chunks.Found(
        input, target, ignore_index, objective, Wanted(gradient=True), upstream / size
    )
    chunks.run(by, found, chunk_size)
    gradients = by.gradients
    for gradient in gradients:
        gradient.mul_(size)
    return gradients


@linear_cross_entropy_gradient.register_fake
def _(upstream: Tensor, input: Tensor, linear_weight: Tensor, *settings: Any) -> _Gradients:
    return chunks.empty_gradients(input, linear_weight, settings[-3:])


def _keep_linear(ctx: Any, inputs: tuple[Any, ...], output: _Outputs) -> None:
    ctx.set_materialize_grads(False)  # else zeros as large as the weights come for unused outputs
    ctx.save_for_backward(*inputs[:5], *output[2:])
    ctx.settings = inputs[5:12]
    ctx.each = inputs[12]
    ctx.by = inputs[15:]


def _linear_backward(
    ctx: Any, upstream: Tensor | None, *_: Tensor | None
) -> tuple[Tensor | None, ...]:
    if upstream is None:
        return (None,) * 18
    *inputs, by_input, by_weight, by_bias = ctx.saved_tensors
    differentiable = (inputs[0], inputs[1], inputs[3])
    if torch.is_grad_enabled():  # a gradient that is to be differentiated again
        made = plain.linear_gradients(upstream, inputs, ctx.settings, ctx.by)
    elif ctx.each:
        made = linear_cross_entropy_gradient(upstream, *inputs, *ctx.settings, *ctx.by)
    else:
        made = tuple(gradient * upstream for gradient in (by_input, by_weight, by_bias))
    x, w, b = (
        gradient.to(tensor.dtype) if asked else None
        for gradient, tensor, asked in zip(made, differentiable, ctx.by, strict=True)
    )
    return x, w, None, b, *(None,) * 14


linear_cross_entropy.register_autograd(_linear_backward, setup_context=_keep_linear)


@torch.library.custom_op("likeliest::cross_entropy", mutates_args=())
def cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None,
    ignore_index: int,
    label_smoothing: float,
    z_loss: float,
    soft_cap: float | None,
    temperature: float,
    each: bool,
    entropy: bool,
    rank: bool,
    by_input: bool,
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the losses (their sum, or each), the terms, and each loss's gradient by its row."""
    objective = Objective(input.shape[1], weight, label_smoothing, z_loss, soft_cap, temperature)
    found = chunks.Found(input, target, ignore_index, objective, Wanted(by_input, entropy, rank))
    gradient = torch.zeros_like(input) if by_input else input.new_empty((0, 0))
    chunks.of_logits(input, found, gradient)
    return found.losses if each else found.losses.sum(), found.terms, gradient


@cross_entropy.register_fake
def _(input: Tensor, *settings: Any) -> tuple[Tensor, Tensor, Tensor]:
    each, _, _, by_input = settings[-4:]
    gradient = torch.empty_like(input) if by_input else input.new_empty((0, 0))
    return *_empty_terms(input, each=each), gradient


def _keep(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, Tensor, Tensor]) -> None:
    ctx.set_materialize_grads(False)
    ctx.save_for_backward(*inputs[:3], output[2])
    ctx.settings, ctx.each = inputs[3:8], inputs[8]


def _backward(ctx: Any, upstream: Tensor | None, *_: Tensor | None) -> tuple[Tensor | None, ...]:
    if upstream is None:
        return (None,) * 12
    *inputs, gradient = ctx.saved_tensors
    if torch.is_grad_enabled():
        made = plain.gradient(upstream, inputs, ctx.settings)
    else:
        if ctx.each and inputs[1].ndim == 1:  # an ignored row's may be anything: 0 · ∞ is not 0
            upstream = upstream.masked_fill(inputs[1] == ctx.settings[0], 0.0)
        made = gradient * (upstream.to(gradient.dtype)[:, None] if ctx.each else upstream)
    return made, *(None,) * 11


cross_entropy.register_autograd(_backward, setup_context=_keep)
