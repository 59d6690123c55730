"""The arguments that the cross entropies share: looked at once, brought into rows."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any

import torch

from likeliest.errors import DataError, ParameterError
from likeliest.losses.classes import IGNORED
from likeliest.losses.reduction import check_reduction

if TYPE_CHECKING:
    from collections.abc import Collection

    from torch import Tensor

    from likeliest.losses.reduction import Reduction


def class_axis(input: Tensor, axis: int | None) -> int:
    """Return where the classes are, from 0 on: by PyTorch's rule unless told."""
    if input.ndim == 0 or not input.is_floating_point():
        raise DataError(
            f"input must be floating-point and of one dimension or more; got {input.dtype} of "
            f"shape {tuple(input.shape)}."
        )
    at = (0 if input.ndim == 1 else 1) if axis is None else axis
    if not -input.ndim <= at < input.ndim:
        raise DataError(f"input has {input.ndim} dimensions; there is no axis {axis}.")
    if not input.shape[at]:
        raise DataError(f"There are no classes in an input of shape {tuple(input.shape)}.")
    return at % input.ndim


def class_rows(input: Tensor, at: int) -> tuple[Tensor, tuple[int, ...]]:
    """Return what each class has as rows, and the rows' shape."""
    moved = input.movedim(at, -1)
    return moved.reshape(moved.shape[:-1].numel(), moved.shape[-1]), tuple(moved.shape[:-1])


def check_target(target: Tensor, shape: tuple[int, ...], classes: int, axis: int) -> None:
    """Raise DataError where targets are neither class indices nor probabilities for the rows.

    Parameters
    ----------
    target : tensor
    shape : tuple of ints
        Of the rows: the shape of the logits without their classes.
    classes : int
    axis : int
        Where the logits, and so probabilities, have their classes, from 0 on.
    """
    found, of_logits = tuple(target.shape), (*shape[:axis], classes, *shape[axis:])
    if target.dtype == torch.bool or target.is_complex():
        raise DataError(f"target must hold class indices or probabilities; got {target.dtype}.")
    if target.is_floating_point():
        if found != of_logits:
            advice = " Class indices must be whole numbers: target.long()." * (found == shape)
            raise DataError(
                f"Probabilities as targets need a number for each of {classes} classes in each of "
                f"{shape} rows, shape {of_logits}; got shape {found}.{advice}"
            )
    elif found != shape:
        raise DataError(
            f"target must have the shape of the rows, {shape}; got {found}."
            f"{_advice(found, shape, of_logits, axis)}"
        )


def _advice(
    found: tuple[int, ...], shape: tuple[int, ...], of_logits: tuple[int, ...], axis: int
) -> str:
    """Return the likely reason for a wrong shape of class indices, and the way out."""
    if found == of_logits:
        return (
            " It is as large as the logits: where it holds ones and zeros, give "
            f"target.argmax({axis}), or target.float() as probabilities."
        )
    if found == of_logits[:-1]:
        return " Where the classes come last, say so: axis=-1."
    squeezed = tuple(size for size in found if size != 1)
    if squeezed == tuple(size for size in shape if size != 1):
        return f" Drop or add dimensions of 1: target.reshape({shape})."
    return ""


def target_rows(target: Tensor, shape: tuple[int, ...], classes: int, axis: int) -> Tensor:
    """Return class indices of shape (rows,), or probabilities of shape (rows, classes)."""
    check_target(target, shape, classes, axis)
    if target.is_floating_point():
        return target.movedim(axis, -1).reshape(math.prod(shape), classes)
    return target.reshape(-1).long()


def check_classes(target: Tensor, classes: int, ignored: int) -> None:
    """Raise DataError where a target is no class; waits for the device.

    Parameters
    ----------
    target : whole, of shape (rows,)
    classes : int
    ignored : int
        A further value that is allowed.
    """
    wrong = ((target < 0) | (target >= classes)) & (target != ignored)
    if wrong.any():
        rows = wrong.nonzero().squeeze(1)
        raise DataError(
            f"target must be a class from 0 to {classes - 1:,}, or {ignored} to be ignored: "
            f"{rows.numel():,} of {target.numel():,} are not (first: row {int(rows[0]):,}, "
            f"{int(target[rows[0]])})."
        )


def needs_plain(target: Tensor, outputs: Collection[str]) -> bool:
    """Whether only PyTorch's own operations will do: for probabilities' gradient, or torch.func.

    Raises
    ------
    ParameterError
        If outputs are asked for besides.
    """
    by_target = target.requires_grad and torch.is_grad_enabled()
    if not (by_target or is_transformed()):
        return False
    if outputs:
        raise ParameterError(
            "outputs cannot be had inside torch.func, or with a gradient by the probabilities "
            "that are the targets: detach those, or leave outputs out."
        )
    return True


def legacy_reduction(
    size_average: bool | None, reduce: bool | None, reduction: Reduction
) -> Reduction:
    """Return the reduction that PyTorch's former arguments ask for, with a FutureWarning."""
    if size_average is None and reduce is None:
        check_reduction(reduction)
        return reduction
    asked: Reduction = "none" if reduce is False else "sum" if size_average is False else "mean"
    warnings.warn(
        f"size_average and reduce are deprecated, in PyTorch too: give reduction={asked!r}.",
        FutureWarning,
        stacklevel=3,
    )
    return asked


def check_count(count: float | Tensor | None, reduction: Reduction) -> None:
    """Raise ParameterError where a count is no divisor, or there is no mean to divide."""
    if count is None:
        return
    if reduction != "mean":
        raise ParameterError(
            f"count is what a mean is divided by; with reduction={reduction!r} leave it out."
        )
    if not (isinstance(count, torch.Tensor) or 0.0 < count < math.inf):
        raise ParameterError(f"count must be positive and finite; got {count}.")


def check_ignored(target: Tensor, ignore_index: int) -> None:
    """Raise ParameterError where a class is to be ignored and the targets are probabilities."""
    if target.is_floating_point() and ignore_index != IGNORED:
        raise ParameterError(
            "Probabilities as targets have no ignore_index: say with mask= which rows count."
        )


def is_transformed() -> bool:
    """Whether this is called inside a transform of torch.func, where no value can be looked at."""
    return bool(torch._C._are_functorch_transforms_active())  # noqa: SLF001


def class_weight(weight: Any, classes: int, like: Tensor) -> Tensor | None:
    """Return the classes' weights, checked: constants, on the device of the logits.

    Raises
    ------
    DataError
        If they are no tensor, or not one for each class.
    ParameterError
        If a gradient by them is expected.
    """
    if weight is None:
        return None
    if not isinstance(weight, torch.Tensor):
        raise DataError(
            f"weight must be a tensor; got {type(weight).__name__}. Give torch.tensor(weight)."
        )
    if tuple(weight.shape) != (classes,):
        raise DataError(
            f"weight must have one number for each of {classes} classes; got shape "
            f"{tuple(weight.shape)}."
        )
    if weight.requires_grad and torch.is_grad_enabled():
        raise ParameterError(
            "weight requires a gradient, and class weights are constants here: give "
            "weight.detach(), or multiply the rows of reduction='none' yourself."
        )
    kind = torch.float64 if like.dtype == torch.float64 else torch.float32
    constant: Tensor = weight.detach().to(like.device, kind)
    return constant


def row_mask(mask: Any, shape: tuple[int, ...]) -> Tensor | None:
    """Return which rows count, checked."""
    if mask is None:
        return None
    if not isinstance(mask, torch.Tensor) or mask.dtype != torch.bool:
        found = getattr(mask, "dtype", type(mask).__name__)
        raise DataError(f"mask must be a bool tensor, True where a row counts; got {found}.")
    if tuple(mask.shape) != tuple(shape):
        raise DataError(
            f"mask must have one value for each row, shape {tuple(shape)}; got {tuple(mask.shape)}."
        )
    rows: Tensor = mask
    return rows


def check_options(
    label_smoothing: float, z_loss: float, soft_cap: float | None, temperature: float
) -> None:
    """Raise ParameterError where an option lies outside its range."""
    if not 0.0 <= label_smoothing <= 1.0:
        raise ParameterError(f"label_smoothing must lie in [0, 1]; got {label_smoothing}.")
    if not 0.0 <= z_loss < math.inf:
        raise ParameterError(f"z_loss must be finite and not negative; got {z_loss}.")
    if soft_cap is not None and not 0.0 < soft_cap < math.inf:
        raise ParameterError(f"soft_cap must be positive; got {soft_cap}.")
    if not 0.0 < temperature < math.inf:
        raise ParameterError(f"temperature must be positive; got {temperature}.")


def result_dtype(input: Tensor, dtype: torch.dtype | None) -> torch.dtype:
    """Return the dtype of the loss: that asked for, or as PyTorch's own losses have it."""
    if dtype is not None:
        return dtype
    return torch.float32 if is_autocast(input.device) else input.dtype


def is_autocast(device: torch.device) -> bool:
    """Whether autocast is on, on a device that has it."""
    if not torch._C._is_any_autocast_enabled():  # noqa: SLF001, the whole question mostly
        return False
    kind = device.type
    return torch.amp.is_autocast_available(kind) and torch.is_autocast_enabled(kind)
