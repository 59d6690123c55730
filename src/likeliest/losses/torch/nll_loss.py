"""The negative log likelihood of log probabilities that are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from likeliest.losses.classes import IGNORED
from likeliest.losses.reduction import check_reduction
from likeliest.losses.torch.arguments import (
    check_classes,
    class_rows,
    class_weight,
    is_transformed,
    result_dtype,
    target_rows,
)
from likeliest.losses.torch.chunks import accumulator, is_accelerator

if TYPE_CHECKING:
    from torch import Tensor

    from likeliest.losses.reduction import Reduction


def nll_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    *,
    ignore_index: int = IGNORED,
    reduction: Reduction = "mean",
    axis: int | None = None,
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
        Of each class; the mean is divided by the targets' weights.
    ignore_index : int
        A target that does not count.
    reduction : {"mean", "sum", "none"}
    axis : int, optional
        Where the classes are: 1 (0 of one dimension) unless told.

    Returns
    -------
    tensor of the dtype of `input` (float32 under autocast): a number, or of the shape of `target`

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
    check_reduction(reduction)
    x, shape = class_rows(input, axis)
    at = target_rows(target, shape, x.shape[1])
    if not (is_accelerator(x.device) or is_transformed() or torch.compiler.is_compiling()):
        check_classes(at, x.shape[1], ignore_index)
    ignored = at == ignore_index
    at = at.masked_fill(ignored, 0)
    weights = class_weight(weight, x.shape[1], x)
    own = x.gather(1, at[:, None])[:, 0].to(accumulator(x.dtype))
    share = torch.ones_like(own) if weights is None else weights[at]
    share = share.masked_fill(ignored, 0.0)
    losses = -(share * own.masked_fill(share == 0.0, 0.0))
    if reduction == "none":
        return losses.reshape(shape).to(result_dtype(x, None))
    total = share.sum() if reduction == "mean" else share.new_ones(())
    return (losses.sum() / total.masked_fill(total == 0.0, 1.0)).to(result_dtype(x, None))
