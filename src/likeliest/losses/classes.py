"""Logits, targets and weights of classes as arrays: looked at once, with errors that say where."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.errors import DataError, ParameterError
from likeliest.losses.arguments import unmasked

if TYPE_CHECKING:
    import numpy.typing as npt

IGNORED = -100
"""The target that does not count, unless another is named: as in PyTorch."""

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Precision:
    """What results are returned in, and what they are computed in.

    Parameters
    ----------
    result : dtype
        That of floats; float64 of whole numbers and of what is longer than float64.
    computed : dtype
        float32 or float64.
    """

    result: np.dtype[Any]
    computed: np.dtype[Any]

    @classmethod
    def of(cls, *arrays: npt.NDArray[Any]) -> Precision:
        """Return the precision of the widest of some arrays."""
        kinds = (a.dtype.itemsize if a.dtype.kind == "f" else 8 for a in arrays)
        size = min(max(kinds), 8)
        return cls(np.dtype(f"f{size}"), np.dtype(f"f{max(size, 4)}"))


def numbers(loss: str, name: str, x: npt.ArrayLike) -> npt.NDArray[Any]:
    """Return x as an array of floats or whole numbers, not converted."""
    array: npt.NDArray[Any] = unmasked(loss, name, x)
    if array.dtype.kind not in "fiu":
        raise DataError(f"{loss}: {name} must hold real numbers; got {array.dtype}.")
    return array


def class_axis(loss: str, input: npt.NDArray[Any], axis: int | None) -> int:
    """Return where the classes are, from 0 on: by PyTorch's rule unless told."""
    if input.ndim == 0:
        raise DataError(f"{loss}: input must have a dimension for the classes; got a number.")
    at = (0 if input.ndim == 1 else 1) if axis is None else axis
    if not -input.ndim <= at < input.ndim:
        raise ParameterError(f"{loss}: there is no axis {at} in an input of shape {input.shape}.")
    at %= input.ndim
    if input.shape[at] == 0:
        raise DataError(f"{loss}: there are no classes in an input of shape {input.shape}.")
    return at


def target_rows(
    loss: str, target: npt.ArrayLike, shape: tuple[int, ...], classes: int, axis: int, ignored: int
) -> npt.NDArray[Any]:
    """Return class indices of shape (rows,), or probabilities of shape (rows, classes).

    Parameters
    ----------
    target : array
    shape : tuple of ints
        Of the rows: that of the logits without their classes.
    axis : int
        Where probabilities have their classes.
    ignored : int
        A target that is no class and yet allowed.
    """
    array = unmasked(loss, "target", target)
    if array.size == 0 and array.shape == shape:
        return np.zeros(0, dtype=np.int64)
    if array.dtype.kind == "f":
        return _probabilities(loss, array, shape, classes, axis)
    if array.dtype.kind not in "iu":
        raise DataError(
            f"{loss}: target must hold class indices or probabilities; got {array.dtype}."
        )
    if array.shape != shape:
        raise DataError(
            f"{loss}: target must have the shape of the rows, {shape}; got {array.shape}."
        )
    _check_classes(loss, array, classes, ignored)
    return array.reshape(-1).astype(np.int64, copy=False)


def _probabilities(
    loss: str, target: npt.NDArray[Any], shape: tuple[int, ...], classes: int, axis: int
) -> npt.NDArray[Any]:
    of_input = (*shape[:axis], classes, *shape[axis:])
    if target.shape != of_input:
        advice = " Class indices must be whole numbers." if target.shape == shape else ""
        raise DataError(
            f"{loss}: targets of {target.dtype} are probabilities and need the shape {of_input}: "
            f"one for each of {classes:,} classes in each row; got {target.shape}.{advice}"
        )
    rows = np.moveaxis(target, axis, -1).reshape(math.prod(shape), classes)
    wrong = ~((rows.min(axis=-1) >= 0.0) & (rows.max(axis=-1) < np.inf))
    if wrong.any():
        raise DataError(
            f"{loss}: targets as probabilities must be finite and not negative: "
            f"{named_rows(wrong, shape)} hold one that is not."
        )
    return rows


def _check_classes(loss: str, target: npt.NDArray[Any], classes: int, ignored: int) -> None:
    wrong = ((target < 0) | (target >= classes)) & (target != ignored)
    if wrong.any():
        first = target.reshape(-1)[int(np.argmax(wrong))]
        raise DataError(
            f"{loss}: target must be a class from 0 to {classes - 1:,}, or {ignored} to be "
            f"ignored: {named_rows(wrong.reshape(-1), target.shape)} hold another (the first "
            f"{first})."
        )


def class_weight(
    loss: str, weight: npt.ArrayLike | None, classes: int, dtype: np.dtype[Any]
) -> npt.NDArray[Any] | None:
    """Return the classes' weights, checked."""
    if weight is None:
        return None
    array = numbers(loss, "weight", weight)
    if array.shape != (classes,):
        raise DataError(
            f"{loss}: weight must have one number for each of {classes:,} classes, shape "
            f"{(classes,)}; got shape {array.shape}."
        )
    wrong = ~((array >= 0) & (array < np.inf))
    if wrong.any():
        first = int(np.argmax(wrong))
        raise DataError(
            f"{loss}: weights of classes must be finite and not negative: "
            f"{np.count_nonzero(wrong):,} of {classes:,} are not (first: class {first:,}, "
            f"{array[first]:g})."
        )
    return array.astype(dtype)


def row_mask(
    loss: str, mask: npt.ArrayLike | None, shape: tuple[int, ...]
) -> npt.NDArray[np.bool_]:
    """Return which rows count, of shape (rows,): all, or those of a mask that fits."""
    if mask is None:
        return np.ones(math.prod(shape), dtype=bool)
    array = np.asarray(mask)
    if array.dtype != bool or array.shape != shape:
        raise DataError(
            f"{loss}: mask must be a bool array of the shape of the rows, {shape}, True where a "
            f"row counts; got {array.dtype} of shape {array.shape}."
        )
    return array.reshape(-1).copy()


def check_option(loss: str, name: str, value: float, low: float, high: float) -> None:
    """Raise ParameterError where an option lies outside [low, high]."""
    if not low <= value <= high:
        raise ParameterError(f"{loss}: {name} must lie in [{low:g}, {high:g}]; got {value}.")


def check_positive(loss: str, name: str, value: float | None) -> None:
    """Raise ParameterError where an option is given and not positive and finite."""
    if value is not None and not 0.0 < value < math.inf:
        raise ParameterError(f"{loss}: {name} must be positive and finite; got {value}.")


def named_rows(wrong: npt.NDArray[np.bool_], shape: tuple[int, ...]) -> str:
    """Return how many rows, and the first of them: `2 of 1,000 rows (17, 20)`.

    Parameters
    ----------
    wrong : bool array of shape (rows,)
    shape : tuple of ints
        Of the rows, in which their places are told.
    """
    flat = np.flatnonzero(wrong)
    places = np.stack(np.unravel_index(flat[:_SHOWN], shape), axis=-1) if len(shape) > 1 else flat
    shown = [f"({', '.join(map(str, p))})" if len(shape) > 1 else f"{p:,}" for p in places[:_SHOWN]]
    more = ", …" if flat.size > _SHOWN else ""
    return f"{flat.size:,} of {wrong.size:,} rows (first: {', '.join(shown)}{more})"
