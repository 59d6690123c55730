"""Cross entropy of logits, right to the last digits near certainty."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

import torch

from likeliest.losses.classes import IGNORED
from likeliest.losses.outputs import check_outputs
from likeliest.losses.torch import direct, plain
from likeliest.losses.torch.arguments import (
    check_count,
    check_ignored,
    check_options,
    check_target,
    class_axis,
    class_rows,
    class_weight,
    is_transformed,
    legacy_reduction,
    needs_plain,
    result_dtype,
    row_mask,
    target_rows,
)
from likeliest.losses.torch.ending import Ending
from likeliest.losses.torch.operators import cross_entropy as operator

if TYPE_CHECKING:
    from collections.abc import Collection

    from torch import Tensor

    from likeliest.losses.outputs import Output, Outputs
    from likeliest.losses.reduction import Reduction


_PLAIN = (torch.Tensor, torch.nn.Parameter)  # other kinds may hold no values to look at


@overload
def cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = ...,
    size_average: bool | None = ...,
    ignore_index: int = ...,
    reduce: bool | None = ...,
    reduction: Reduction = ...,
    label_smoothing: float = ...,
    *,
    soft_cap: float | None = ...,
    temperature: float = ...,
    z_loss: float = ...,
    count: float | Tensor | None = ...,
    mask: Tensor | None = ...,
    axis: int | None = ...,
    loss_dtype: torch.dtype | None = ...,
    validate: bool = ...,
) -> Tensor: ...


@overload
def cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = ...,
    size_average: bool | None = ...,
    ignore_index: int = ...,
    reduce: bool | None = ...,
    reduction: Reduction = ...,
    label_smoothing: float = ...,
    *,
    outputs: Collection[Output],
    soft_cap: float | None = ...,
    temperature: float = ...,
    z_loss: float = ...,
    count: float | Tensor | None = ...,
    mask: Tensor | None = ...,
    axis: int | None = ...,
    loss_dtype: torch.dtype | None = ...,
    validate: bool = ...,
) -> Outputs: ...


def cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    ignore_index: int = IGNORED,
    reduce: bool | None = None,
    reduction: Reduction = "mean",
    label_smoothing: float = 0.0,
    *,
    outputs: Collection[Output] = (),
    soft_cap: float | None = None,
    temperature: float = 1.0,
    z_loss: float = 0.0,
    count: float | Tensor | None = None,
    mask: Tensor | None = None,
    axis: int | None = None,
    loss_dtype: torch.dtype | None = None,
    validate: bool = False,
) -> Tensor | Outputs:
    """Cross entropy of logits and targets: the mean negative log likelihood, in nats.

    As `torch.nn.functional.cross_entropy`, but for five things: near certainty the loss and its
    gradient keep their digits (there they become 0); half precision is computed in float32 and
    rounded once; ignored rows may hold anything; no row that counts, or no row at all, gives 0
    and zero gradients where the mean would be NaN; and the options after `label_smoothing`.

    Parameters
    ----------
    input : tensor of shape (classes,), (n, classes) or (n, classes, d1, …)
        Logits, of any floating dtype. A class may be masked with -inf.
    target : tensor
        Class indices of the shape of `input` without its classes, or probabilities of its shape.
        By probabilities autograd goes too.
    weight : tensor of shape (classes,), optional
        Of each class, a constant; the mean is divided by the targets' weights.
    size_average, reduce : bool, optional
        PyTorch's deprecated words for `reduction`.
    ignore_index : int
        A class index that does not count. Of probabilities, `mask` says which rows do.
    reduction : {"mean", "sum", "none"}
    label_smoothing : float
        Share of the target that is spread evenly over the classes (Szegedy et al. 2016).
    outputs : tuple of {"nll", "logsumexp", "confidence", "entropy", "rank"}
        What else is returned, as `Outputs`.
    soft_cap : float, optional
        Logits z become soft_cap · tanh(z / soft_cap) first.
    temperature : float
        What the logits are divided by, after the cap.
    z_loss : float
        Factor of the squared logsumexp that is added to each row's loss, whatever the weight of
        its class.
    count : float or tensor, optional
        What a mean is divided by in place of the rows of this call that count: the number in the
        whole batch, when it comes in parts or on several devices. A tensor of 0 stands for 1.
    mask : bool tensor of the rows' shape, optional
        True for the rows that count; the others may hold anything and cost nothing.
    axis : int, optional
        Where the classes are: 1 (0 of one dimension) unless told, as in PyTorch; -1 for
        (batch, time, classes).
    loss_dtype : torch.dtype, optional
        Of the loss; that of `input` unless told, or float32 under autocast. bfloat16 has three
        digits: with float32 a training curve shows more.
    validate : bool
        Raise where a loss is NaN or a target no class; waits for the device. On the CPU targets
        are always looked at; NaN is passed on, as gradient scalers expect.

    Returns
    -------
    tensor, or Outputs

    Raises
    ------
    DataError
        If shapes do not fit, or a target is no class; it says which.
    ParameterError
        If an option lies outside its range.

    Examples
    --------
    >>> import torch
    >>> logits = torch.tensor([[20.0, 0.0]], requires_grad=True)
    >>> loss = cross_entropy(logits, torch.tensor([0]))
    >>> f"{loss.item():.4e}", f"{torch.nn.functional.cross_entropy(logits, torch.tensor([0])):.4e}"
    ('2.0612e-09', '0.0000e+00')
    """
    given = (weight, size_average, reduce, soft_cap, count, mask, axis, loss_dtype)
    if (
        all(option is None for option in given)
        and not (outputs or label_smoothing or z_loss or validate)
        and temperature == 1.0
        and type(input) in _PLAIN
        and type(target) is torch.Tensor
        and not torch.compiler.is_compiling()
        and not is_transformed()
    ):
        known = direct.of_small_batch(input, target, reduction, ignore_index)
        if known is not None:
            return known
    reduction = legacy_reduction(size_average, reduce, reduction)
    at = class_axis(input, axis)
    shape, classes = (*input.shape[:at], *input.shape[at + 1 :]), input.shape[at]
    check_target(target, shape, classes, at)
    check_ignored(target, ignore_index)
    check_count(count, reduction)
    counted = row_mask(mask, shape)
    if not target.is_floating_point():
        target = target.long()
        if counted is not None:
            target, counted = target.masked_fill(~counted, ignore_index), None
    weights = class_weight(weight, classes, input)
    result = result_dtype(input, loss_dtype)
    settings = (ignore_index, label_smoothing, z_loss, soft_cap, temperature)
    check_options(*settings[1:])
    ours = outputs or validate or z_loss or soft_cap is not None or temperature != 1.0
    traced = torch.compiler.is_compiling() or type(input) not in _PLAIN
    if not (ours or traced or needs_plain(target, outputs)):
        return direct.cross_entropy(
            input,
            target,
            direct.Asked(
                at, ignore_index, weights, label_smoothing, reduction, count, result, counted
            ),
        )
    check_outputs(outputs, probabilities=target.is_floating_point())
    x, shape = class_rows(input, at)
    rows = target_rows(target, shape, classes, at)
    if counted is not None:
        counted = counted.reshape(-1)
        x = x.masked_fill(~counted[:, None], 0.0)
    end = Ending(reduction, count, outputs, result, shape, validate, counted)
    if needs_plain(rows, outputs):
        each = plain.losses(x, rows, weights, *settings)
        return end.result(each if end.each else each.sum(), each[None], rows, weights, ignore_index)
    losses, terms, _ = operator(
        x,
        rows.detach(),
        weights,
        *settings,
        end.each,
        "entropy" in outputs,
        "rank" in outputs,
        x.requires_grad and torch.is_grad_enabled(),
    )
    return end.result(losses, terms, rows, weights, ignore_index)
