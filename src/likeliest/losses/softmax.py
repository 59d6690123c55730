"""Softmax, its logarithm, and the logarithm of the sum of exponentials.

The greatest value is left out of the sum: with s = Σ_{j≠top} exp(x_j - x_top), the logarithm of the
greatest probability is -log(1 + s), which keeps its digits where that probability is all but 1.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.errors import DataError, ParameterError
from likeliest.losses.classes import Precision, numbers
from likeliest.losses.rows import Block, Rows, on_all_cores
from likeliest.losses.tensors import any_tensor, beside

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    import numpy.typing as npt

    from likeliest.numerics.arrays import Array, ArrayOrTensor

    Axis = int | tuple[int, ...] | None


def softmax(x: ArrayOrTensor, axis: Axis = -1) -> ArrayOrTensor:
    """Return exp(x) over its sum along an axis: the probabilities of logits x.

    A value of -inf has probability 0. A row that holds NaN or +inf, or nothing but -inf, is no
    distribution: NaN throughout.

    Parameters
    ----------
    x : array or tensor of any shape
        Logits. float32 stays float32, float16 is computed in float32, whole numbers in float64.
    axis : int, tuple of ints, or None
        Along what a row lies; None is all axes at once.

    Returns
    -------
    array or tensor of the shape of x

    Raises
    ------
    DataError
        If x does not hold real numbers, or a row is empty.

    Examples
    --------
    >>> softmax([0.0, 0.0, float("-inf")]).tolist()
    [0.5, 0.5, 0.0]
    """
    if any_tensor(x):
        return _torch().softmax(x, axis)
    return _each("softmax", x, axis, _probabilities)


def log_softmax(x: ArrayOrTensor, axis: Axis = -1) -> ArrayOrTensor:
    """Return x - log Σ exp(x) along an axis: the log probabilities of logits x, in nats.

    Near certainty it keeps its digits: of logits 20 and 0 the first has -2.06e-9, in float32 too.
    A row that holds NaN or +inf, or nothing but -inf, is no distribution: NaN throughout.

    Parameters
    ----------
    x, axis
        As in `softmax`.

    Returns
    -------
    array or tensor of the shape of x, nats

    Raises
    ------
    DataError
        If x does not hold real numbers, or a row is empty.

    Examples
    --------
    >>> import numpy as np
    >>> [f"{value:.4e}" for value in log_softmax(np.array([20.0, 0.0], dtype=np.float32))]
    ['-2.0612e-09', '-2.0000e+01']
    """
    if any_tensor(x):
        return _torch().log_softmax(x, axis)
    return _each("log_softmax", x, axis, _log_probabilities)


def logsumexp(
    x: ArrayOrTensor,
    axis: Axis = -1,
    *,
    keepdims: bool = False,
    weights: ArrayOrTensor | None = None,
) -> ArrayOrTensor:
    """Return log Σ weights · exp(x) along an axis, without overflow.

    A row of nothing but -inf gives -inf, one with +inf gives inf, one with NaN gives NaN.

    Parameters
    ----------
    x, axis
        As in `softmax`.
    keepdims : bool
        Whether the axis stays, with length 1.
    weights : array or tensor that broadcasts to the shape of x, optional
        Not negative. Where it is 0, x may hold anything.

    Returns
    -------
    array or tensor of the shape of x without the axis

    Raises
    ------
    DataError
        If x does not hold real numbers, or a row is empty; if weights do not fit or are negative.

    Examples
    --------
    >>> round(float(logsumexp([1000.0, 1000.0])), 4)
    1000.6931
    """
    if any_tensor(x, weights):
        return _torch().logsumexp(*beside(x, weights), axis=axis, keepdims=keepdims)
    given = numbers("logsumexp", "x", x)
    axes = row_axes("logsumexp", given.shape, axis)
    precision, rows = Precision.of(given), Rows.along(*_together(given, axes))
    of_each = None if weights is None else _weight_rows(weights, given.shape, axes)
    result = np.empty(rows.count)

    def work(block: Block) -> None:
        z = rows.copy(block, precision.computed)
        if of_each is None:
            top, others, _ = _exponentials(z)
            result[block.rows] = top + np.log1p(others)
        else:
            result[block.rows] = _weighted(z, of_each.copy(block, precision.computed))

    on_all_cores(work, rows.blocks())
    kept = tuple(1 if i in axes else size for i, size in enumerate(given.shape))
    left = tuple(size for i, size in enumerate(given.shape) if i not in axes)
    return result.astype(precision.result).reshape(kept if keepdims else left)[()]


def row_axes(name: str, shape: tuple[int, ...], axis: Axis) -> tuple[int, ...]:
    """Return the axes from 0 on, in order; raise where there is none or nothing along them."""
    given = range(len(shape)) if axis is None else (axis,) if isinstance(axis, int) else axis
    if not all(-len(shape) <= at < len(shape) for at in given):
        raise ParameterError(f"{name}: there is no axis {axis} in an array of shape {shape}.")
    axes = tuple(sorted({at % len(shape) for at in given}))
    if not axes or math.prod([shape[at] for at in axes]) == 0:  # a list, for torch.compile
        raise DataError(f"{name}: nothing to sum along axis {axis} of an array of shape {shape}.")
    return axes


def _torch() -> ModuleType:
    from likeliest.losses.torch import exponentials as of_tensors

    return of_tensors


def _each(
    name: str,
    x: npt.ArrayLike,
    axis: Axis,
    function: Callable[[npt.NDArray[Any]], npt.NDArray[Any]],
) -> npt.NDArray[Any]:
    """Return `function` of each block of rows, in the shape of x."""
    given = numbers(name, "x", x)
    axes = row_axes(name, given.shape, axis)
    precision = Precision.of(given)
    joined, at = _together(given, axes)
    result = np.empty(joined.shape, precision.result)
    rows, into = Rows.along(joined, at), Rows.along(result, at)
    on_all_cores(
        lambda block: into.put(block, function(rows.copy(block, precision.computed))),
        rows.blocks(),
    )
    return _apart(result, given.shape, axes)


def _together(x: npt.NDArray[Any], axes: tuple[int, ...]) -> tuple[npt.NDArray[Any], int]:
    """Return x with its axes made one, and where that is."""
    if len(axes) == 1:
        return x, axes[0]
    moved = np.moveaxis(x, axes, range(-len(axes), 0))
    kept = moved.shape[: -len(axes)]
    return moved.reshape(*kept, math.prod(moved.shape[len(kept) :])), len(kept)


def _apart(x: npt.NDArray[Any], shape: tuple[int, ...], axes: tuple[int, ...]) -> npt.NDArray[Any]:
    """Undo `_together`."""
    if len(axes) == 1:
        return x
    moved = x.reshape(*x.shape[:-1], *(shape[at] for at in axes))
    return np.moveaxis(moved, range(-len(axes), 0), axes)


def _exponentials(
    z: npt.NDArray[Any], *, keep: bool = False
) -> tuple[Array, Array, npt.NDArray[Any]]:
    """Return the greatest of each row, the sum of the others' exponentials over its own, and those.

    Parameters
    ----------
    z : array of shape (rows, n)
        The greatest is taken off; then its exponentials take its place, unless it is kept.
    """
    at = (np.arange(z.shape[0]), z.argmax(axis=-1))
    top = z[at]
    z -= np.where(np.isfinite(top), top, 0.0)[:, None]
    raised = np.exp(z, out=None if keep else z)
    raised[at] = 0.0
    others = raised.sum(axis=-1).astype(np.float64)
    raised[at] = 1.0
    return top.astype(np.float64), others, raised


def _probabilities(z: npt.NDArray[Any]) -> npt.NDArray[Any]:
    top, others, raised = _exponentials(z)
    raised /= np.where(np.isfinite(top), 1.0 + others, np.nan).astype(z.dtype)[:, None]
    return raised


def _log_probabilities(z: npt.NDArray[Any]) -> npt.NDArray[Any]:
    top, others, _ = _exponentials(z, keep=True)
    z -= np.where(np.isfinite(top), np.log1p(others), np.nan).astype(z.dtype)[:, None]
    return z


def _weighted(z: npt.NDArray[Any], weights: npt.NDArray[Any]) -> Array:
    z[weights == 0.0] = -np.inf
    top = z.max(axis=-1)
    z -= np.where(np.isfinite(top), top, 0.0)[:, None]
    total = (np.exp(z, out=z) * weights).sum(axis=-1).astype(np.float64)
    result: Array = np.where(np.isfinite(top), top, 0.0) + np.log(total)
    return result


def _weight_rows(weights: npt.ArrayLike, shape: tuple[int, ...], axes: tuple[int, ...]) -> Rows:
    given = numbers("logsumexp", "weights", weights)
    if not np.all((given >= 0) & (given < np.inf)):
        raise DataError("logsumexp: weights must be finite and not negative.")
    try:
        whole = np.broadcast_to(given, shape)
    except ValueError as error:
        raise DataError(
            f"logsumexp: weights of shape {given.shape} do not broadcast to {shape}."
        ) from error
    return Rows.along(*_together(whole, axes))
