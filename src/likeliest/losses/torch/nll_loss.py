"""The negative log likelihood of log probabilities that are there."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from likeliest.errors import DataError
from likeliest.losses.classes import IGNORED
from likeliest.losses.torch.arguments import (
    check_classes,
    check_target,
    class_axis,
    class_rows,
    class_weight,
    is_transformed,
    legacy_reduction,
    result_dtype,
    row_mask,
)
from likeliest.losses.torch.chunks import accumulator, is_accelerator

if TYPE_CHECKING:
    from torch import Tensor

    from likeliest.losses.reduction import Reduction


def nll_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    ignore_index: int = IGNORED,
    reduce: bool | None = None,
    reduction: Reduction = "mean",
    *,
    mask: Tensor | None = None,
    axis: int | None = None,
    loss_dtype: torch.dtype | None = None,
) -> Tensor:
    """Negative log likelihood of log probabilities and targets, in nats.

    As `torch.nn.functional.nll_loss`; ignored rows may hold anything, and no row that counts gives
    0 where the mean would be NaN. Of logits, `cross_entropy` is the more accurate.

    Parameters
    ----------
    input : tensor of shape (classes,), (n, classes) or (n, classes, d1, …)
        Log probabilities.
    target : tensor
        Class indices of the shape of `input` without its classes.
    weight : tensor of shape (classes,), optional
        Of each class, a constant; the mean is divided by the targets' weights.
    size_average, reduce : bool, optional
        PyTorch's deprecated words for `reduction`.
    ignore_index : int
        A target that does not count.
    reduction : {"mean", "sum", "none"}
    mask : bool tensor of the rows' shape, optional
        True for the rows that count.
    axis : int, optional
        Where the classes are: 1 (0 of one dimension) unless told.
    loss_dtype : torch.dtype, optional
        Of the loss; that of `input` unless told, or float32 under autocast.

    Returns
    -------
    tensor: a number, or of the shape of `target`

    Raises
    ------
    DataError
        If shapes do not fit, or a target is no class; it says which.

    Examples
    --------
    >>> import torch
    >>> log_probs = torch.log(torch.tensor([[0.25, 0.75], [0.5, 0.5]]))
    >>> round(nll_loss(log_probs, torch.tensor([1, 0]), reduction="sum").item(), 6)
    0.980829
    """
    reduction = legacy_reduction(size_average, reduce, reduction)
    at = class_axis(input, axis)
    shape, classes = (*input.shape[:at], *input.shape[at + 1 :]), input.shape[at]
    if target.is_floating_point():
        raise DataError(f"nll_loss: target must hold class indices; got {target.dtype}.")
    check_target(target, shape, classes, at)
    target, counted = target.long(), row_mask(mask, shape)
    if counted is not None:
        target = target.masked_fill(~counted, ignore_index)
    weights, result = class_weight(weight, classes, input), result_dtype(input, loss_dtype)
    looked_at = not (
        is_accelerator(input.device) or is_transformed() or torch.compiler.is_compiling()
    )
    if weights is None and accumulator(input.dtype) == input.dtype and input.numel():
        moved = input if at == min(1, input.ndim - 1) else input.movedim(at, 1)
        kind = "sum" if reduction == "mean" and not looked_at else reduction
        try:
            losses = functional.nll_loss(moved, target, None, None, ignore_index, None, kind)
            if kind == "mean" and math.isnan(losses.item()):  # perhaps no row counts
                kind = "sum"
                losses = functional.nll_loss(moved, target, None, None, ignore_index, None, kind)
        except (IndexError, RuntimeError):
            if looked_at:
                check_classes(target.reshape(-1), classes, ignore_index)
            raise
        if kind != reduction:
            losses = losses / (target != ignore_index).sum().clamp(min=1)
        return losses.to(result)
    x, rows = class_rows(input, at)[0], target.reshape(-1)
    if looked_at:
        check_classes(rows, classes, ignore_index)
    ignored = rows == ignore_index
    rows = rows.masked_fill(ignored, 0)
    own = x.gather(1, rows[:, None])[:, 0].to(accumulator(x.dtype))
    share = torch.ones_like(own) if weights is None else weights[rows]
    share = share.masked_fill(ignored, 0.0)
    losses = -(share * own.masked_fill(share == 0.0, 0.0))
    if reduction == "none":
        return losses.reshape(shape).to(result)
    total = share.sum() if reduction == "mean" else share.new_ones(())
    return (losses.sum() / total.masked_fill(total == 0.0, 1.0)).to(result)
