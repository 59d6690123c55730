"""The arguments that the cross entropies share: looked at once, brought into rows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch

from likeliest.errors import DataError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Collection

    from torch import Tensor


def class_rows(input: Tensor, axis: int | None) -> tuple[Tensor, tuple[int, ...]]:
    """Return what each class has as rows, and the rows' shape."""
    if input.ndim == 0 or not input.is_floating_point():
        raise DataError(
            f"input must be floating-point and of one dimension or more; got {input.dtype} of "
            f"shape {tuple(input.shape)}."
        )
    at = class_axis(input, axis)
    if not -input.ndim <= at < input.ndim:
        raise DataError(f"input has {input.ndim} dimensions; there is no axis {axis}.")
    moved = input.movedim(at, -1)
    if not moved.shape[-1]:
        raise DataError(f"There are no classes in an input of shape {tuple(input.shape)}.")
    return moved.reshape(moved.shape[:-1].numel(), moved.shape[-1]), tuple(moved.shape[:-1])


def class_axis(input: Tensor, axis: int | None) -> int:
    """Return where the classes are, by PyTorch's rule unless told."""
    return (0 if input.ndim == 1 else 1) if axis is None else axis


def target_rows(target: Tensor, shape: tuple[int, ...], classes: int, axis: int = -1) -> Tensor:
    """Return class indices of shape (rows,), or probabilities of shape (rows, classes).

    Parameters
    ----------
    target : tensor
    shape : tuple of ints
        Of the rows: the shape of the logits without their classes.
    axis : int
        Where probabilities have their classes.
    """
    if target.is_floating_point():
        moved = target.movedim(axis, -1) if target.ndim == len(shape) + 1 else target
        if tuple(moved.shape) == (*shape, classes):
            return moved.reshape(math.prod(shape), classes)
        raise DataError(
            f"Probabilities as targets need a number for each of {classes} classes in each of "
            f"{tuple(shape)} rows; got shape {tuple(target.shape)}."
        )
    if target.dtype == torch.bool or target.is_complex():
        raise DataError(f"target must hold class indices or probabilities; got {target.dtype}.")
    if tuple(target.shape) != tuple(shape):
        raise DataError(
            f"target must have the shape of the rows, {tuple(shape)}; got {tuple(target.shape)}."
        )
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


def is_transformed() -> bool:
    """Whether this is called inside a transform of torch.func, where no value can be looked at."""
    return bool(torch._C._are_functorch_transforms_active())  # noqa: SLF001


def class_weight(weight: Tensor | None, classes: int, like: Tensor) -> Tensor | None:
    """Return the classes' weights, checked, as constants."""
    if weight is None:
        return None
    if tuple(weight.shape) != (classes,):
        raise DataError(
            f"weight must have one number for each of {classes} classes; got shape "
            f"{tuple(weight.shape)}."
        )
    kind = torch.float64 if like.dtype == torch.float64 else torch.float32
    return weight.detach().to(like.device, kind)


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
    kind = device.type
    return torch.amp.is_autocast_available(kind) and torch.is_autocast_enabled(kind)
