"""Cross entropy of a linear layer's outputs, which are never held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

import torch
from torch.nn import functional

from likeliest.errors import DataError, ParameterError
from likeliest.losses.classes import IGNORED
from likeliest.losses.outputs import check_outputs
from likeliest.losses.reduction import check_reduction
from likeliest.losses.torch.arguments import (
    check_count,
    check_ignored,
    check_options,
    class_weight,
    is_autocast,
    needs_plain,
    result_dtype,
    row_mask,
    target_rows,
)
from likeliest.losses.torch.cross_entropy import cross_entropy
from likeliest.losses.torch.ending import Ending
from likeliest.losses.torch.operators import linear_cross_entropy as operator

if TYPE_CHECKING:
    from collections.abc import Collection

    from torch import Tensor

    from likeliest.losses.outputs import Output, Outputs
    from likeliest.losses.reduction import Reduction


@overload
def linear_cross_entropy(
    input: Tensor,
    linear_weight: Tensor,
    target: Tensor,
    *,
    linear_bias: Tensor | None = ...,
    weight: Tensor | None = ...,
    reduction: Reduction = ...,
    ignore_index: int | None = ...,
    label_smoothing: float = ...,
    options: Any = ...,
    soft_cap: float | None = ...,
    temperature: float = ...,
    z_loss: float = ...,
    count: float | Tensor | None = ...,
    mask: Tensor | None = ...,
    chunk_size: int | None = ...,
    loss_dtype: torch.dtype | None = ...,
    validate: bool = ...,
) -> Tensor: ...


@overload
def linear_cross_entropy(
    input: Tensor,
    linear_weight: Tensor,
    target: Tensor,
    *,
    outputs: Collection[Output],
    linear_bias: Tensor | None = ...,
    weight: Tensor | None = ...,
    reduction: Reduction = ...,
    ignore_index: int | None = ...,
    label_smoothing: float = ...,
    options: Any = ...,
    soft_cap: float | None = ...,
    temperature: float = ...,
    z_loss: float = ...,
    count: float | Tensor | None = ...,
    mask: Tensor | None = ...,
    chunk_size: int | None = ...,
    loss_dtype: torch.dtype | None = ...,
    validate: bool = ...,
) -> Outputs: ...


def linear_cross_entropy(
    input: Tensor,
    linear_weight: Tensor,
    target: Tensor,
    *,
    outputs: Collection[Output] = (),
    linear_bias: Tensor | None = None,
    weight: Tensor | None = None,
    reduction: Reduction = "mean",
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
    options: Any = None,
    soft_cap: float | None = None,
    temperature: float = 1.0,
    z_loss: float = 0.0,
    count: float | Tensor | None = None,
    mask: Tensor | None = None,
    chunk_size: int | None = None,
    loss_dtype: torch.dtype | None = None,
    validate: bool = False,
) -> Tensor | Outputs:
    """Cross entropy of `input @ linear_weight.T + linear_bias`, whose logits are never held.

    As `torch.nn.functional.linear_cross_entropy`, with every option in chunks. The logits are made
    a chunk of rows at a time, turned into losses and gradients, and forgotten. Losses and the
    weight's gradient are summed in float32 (of float64, in float64) and rounded once, however many
    chunks there are. With reduction "mean" and "sum" the gradients are made in the forward pass;
    with "none" the logits are made again in the backward pass.

    Parameters
    ----------
    input : tensor of shape (…, features)
    linear_weight : tensor of shape (classes, features)
        Frozen, its gradient costs nothing. Of shape (classes, d1, …, features), as PyTorch has it,
        all logits are held.
    target : tensor
        Class indices of shape (…), or probabilities of shape (…, classes).
    outputs : tuple of {"nll", "logsumexp", "confidence", "entropy", "rank"}
        What else is returned, as `Outputs`, from the same pass.
    linear_bias : tensor of shape (classes,), optional
        A class may be masked with -inf.
    options : torch.nn.LinearCrossEntropyOptions, optional
        Taken so that calls written for PyTorch run; only `batch_chunk_size` has a meaning here.
    chunk_size : int, optional
        About how many rows a chunk has, four or more. The result depends on it by rounding alone.
    weight, reduction, ignore_index, label_smoothing, soft_cap, temperature, z_loss, count, mask,
    loss_dtype, validate
        As in `cross_entropy`.

    Returns
    -------
    tensor, or Outputs

    Raises
    ------
    DataError
        If shapes or dtypes do not fit, or a target is no class; it says which.
    ParameterError
        If an option lies outside its range.

    Examples
    --------
    >>> import torch
    >>> hidden = torch.ones(2, 3, 4, requires_grad=True)
    >>> weight = torch.eye(5, 4)
    >>> loss = linear_cross_entropy(hidden, weight, torch.tensor([[0, 1, 4], [2, -100, 3]]))
    >>> loss.backward()
    >>> round(loss.item(), 4), hidden.grad.shape
    (1.6743, torch.Size([2, 3, 4]))
    """
    ignored = IGNORED if ignore_index is None else ignore_index
    check_ignored(target, ignored)
    _check_shapes(input, linear_weight, linear_bias)
    if linear_weight.ndim > 2 or needs_plain(target, outputs):
        return cross_entropy(
            _logits(input, linear_weight, linear_bias),
            target,
            weight,
            outputs=outputs,
            ignore_index=ignored,
            reduction=reduction,
            label_smoothing=label_smoothing,
            soft_cap=soft_cap,
            temperature=temperature,
            z_loss=z_loss,
            count=count,
            mask=mask,
            axis=input.ndim - 1,
            loss_dtype=result_dtype(input, loss_dtype),
            validate=validate,
        )
    hidden, shape, classes = input, tuple(input.shape[:-1]), linear_weight.shape[0]
    rows, counted = target_rows(target, shape, classes, len(shape)), row_mask(mask, shape)
    if counted is not None:
        counted = counted.reshape(-1)
        if rows.ndim == 1:
            rows, counted = rows.masked_fill(~counted, ignored), None
        else:
            hidden = input.masked_fill(~counted.reshape(*shape, 1), 0.0)
    check_reduction(reduction)
    check_count(count, reduction)
    check_outputs(outputs, probabilities=rows.ndim == 2)
    check_options(label_smoothing, z_loss, soft_cap, temperature)
    weights = class_weight(weight, classes, input)
    end = Ending(
        reduction, count, outputs, result_dtype(input, loss_dtype), shape, validate, counted
    )
    settings = (ignored, label_smoothing, z_loss, soft_cap, temperature)
    size = _rows_of_chunk(chunk_size, options)
    losses, terms = _in_chunks(
        (hidden, linear_weight, linear_bias), rows.detach(), weights, settings, end, size
    )
    return end.result(losses, terms, rows, weights, ignored)


def _in_chunks(
    layer: tuple[Tensor, Tensor, Tensor | None],
    target: Tensor,
    weight: Tensor | None,
    settings: tuple[int, float, float, float | None, float],
    end: Ending,
    size: int,
) -> tuple[Tensor, Tensor]:
    hidden, linear_weight, linear_bias = layer
    by = (x is not None and x.requires_grad and torch.is_grad_enabled() for x in layer)
    losses, terms, *_ = operator(
        hidden.reshape(target.shape[0], hidden.shape[-1]),
        linear_weight,
        target,
        linear_bias,
        weight,
        *settings,
        _compute_dtype(hidden),
        size,
        end.each,
        "entropy" in end.outputs,
        "rank" in end.outputs,
        *by,
    )
    return losses, terms


def _check_shapes(input: Tensor, linear_weight: Tensor, linear_bias: Tensor | None) -> None:
    if input.ndim == 0 or linear_weight.ndim < 2 or input.shape[-1] != linear_weight.shape[-1]:
        raise DataError(
            "input of shape (…, features) and linear_weight of shape (classes, features) must have "
            f"the same features; got {tuple(input.shape)} and {tuple(linear_weight.shape)}."
        )
    if not linear_weight.numel() and 0 in linear_weight.shape[:-1]:
        raise DataError(
            f"There are no classes in a linear_weight of shape {tuple(linear_weight.shape)}."
        )
    if linear_bias is not None and linear_bias.shape != linear_weight.shape[:-1]:
        raise DataError(
            f"linear_bias must have the shape of the classes, {tuple(linear_weight.shape[:-1])}; "
            f"got {tuple(linear_bias.shape)}."
        )
    if not input.is_floating_point():
        raise DataError(f"input must be floating-point; got {input.dtype}.")
    for name, other in (("linear_weight", linear_weight), ("linear_bias", linear_bias)):
        if other is not None and other.dtype != input.dtype and not is_autocast(input.device):
            raise DataError(
                f"input is {input.dtype} and {name} {other.dtype}: convert one of them, or compute "
                "under torch.autocast."
            )


def _compute_dtype(input: Tensor) -> torch.dtype:
    """Return the dtype of the matrix products."""
    kind = input.device.type
    return torch.get_autocast_dtype(kind) if is_autocast(input.device) else input.dtype


def _rows_of_chunk(chunk_size: int | None, options: Any) -> int:
    size = chunk_size or getattr(options, "batch_chunk_size", None) or 0
    if size < 0:
        raise ParameterError(f"chunk_size must be 1 or more; got {size}.")
    return int(size)


def _logits(input: Tensor, linear_weight: Tensor, linear_bias: Tensor | None) -> Tensor:
    """Return all logits, with the classes after the rows' own dimensions as PyTorch has them."""
    flat = linear_weight.reshape(-1, linear_weight.shape[-1])
    bias = None if linear_bias is None else linear_bias.reshape(-1)
    logits = functional.linear(input, flat, bias)
    return logits.reshape(*input.shape[:-1], *linear_weight.shape[:-1])
