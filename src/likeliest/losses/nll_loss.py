"""The negative log likelihood of log probabilities that are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.errors import DataError
from likeliest.losses.classes import (
    IGNORED,
    Precision,
    class_axis,
    class_weight,
    named_rows,
    numbers,
    target_rows,
)
from likeliest.losses.reduction import check_reduction
from likeliest.losses.tensors import any_tensor, beside, refuse_gradient

if TYPE_CHECKING:
    import numpy.typing as npt

    from likeliest.losses.reduction import Reduction
    from likeliest.numerics.arrays import ArrayOrTensor

_NAME = "nll_loss"


def nll_loss(
    input: ArrayOrTensor,
    target: ArrayOrTensor,
    weight: ArrayOrTensor | None = None,
    *,
    ignore_index: int = IGNORED,
    reduction: Reduction = "mean",
    axis: int | None = None,
    gradient: bool = False,
) -> Any:
    """Negative log likelihood of log probabilities and targets, in nats.

    The sum or mean of -input at the targets. Of logits, `cross_entropy` is the more accurate and
    needs no log probabilities. Tensors are given to `likeliest.losses.torch.nll_loss`.

    Parameters
    ----------
    input : array of shape (classes,), (n, classes) or (n, classes, d1, …)
        Log probabilities; -inf is an impossible class, of loss inf.
    target : array
        Class indices of the shape of `input` without its classes.
    weight : array of shape (classes,), optional
        Of each class, not negative; the mean is divided by the targets' weights.
    ignore_index : int
        A target that does not count; its row may hold anything.
    reduction : {"mean", "sum", "none"}
        No row that counts, or no row at all, has a mean of 0 and gradients of 0.
    axis : int, optional
        Where the classes are: 1 (0 of one dimension) unless told.
    gradient : bool
        Also return the gradient by the input; with "none", that of the sum.

    Returns
    -------
    number, or for "none" an array of the shape of the rows. With `gradient`, a pair: that, and a
    dict with the array "input".

    Raises
    ------
    DataError
        If shapes or types do not fit, a target is no class, or its log probability is NaN or +inf;
        it says where.

    Examples
    --------
    >>> import numpy as np
    >>> log_probs = np.log([[0.25, 0.75], [0.5, 0.5]])
    >>> round(float(nll_loss(log_probs, [1, 0], reduction="sum")), 6)
    0.980829
    """
    if any_tensor(input, target, weight):
        from likeliest.losses import torch

        refuse_gradient(_NAME, gradient=gradient)
        tensors = beside(input, target, weight)
        options: dict[str, Any] = {"ignore_index": ignore_index, "reduction": reduction}
        return torch.nll_loss(*tensors, **options, axis=axis)
    check_reduction(reduction)
    x = numbers(_NAME, "input", input)
    precision, at = Precision.of(x), class_axis(_NAME, x, axis)
    moved = np.moveaxis(x, at, -1)
    shape, classes = moved.shape[:-1], moved.shape[-1]
    targets = target_rows(_NAME, target, shape, classes, at, ignore_index)
    if targets.ndim == 2:
        raise DataError(f"{_NAME}: target must hold class indices; got {np.asarray(target).dtype}.")
    counted = targets != ignore_index
    places = np.where(counted, targets, 0).reshape(*shape, 1)
    share = _shares(class_weight(_NAME, weight, classes, precision.computed), places, counted)
    own = np.take_along_axis(moved, places, axis=-1)[..., 0].astype(np.float64)
    _check(own.reshape(-1), counted, shape)
    losses = np.where(share == 0.0, 0.0, -share * np.where(share == 0.0, 0.0, own))
    scale = 1.0 / (float(share.sum()) or 1.0) if reduction == "mean" else 1.0
    total = losses if reduction == "none" else losses.sum() * scale
    loss = np.asarray(total, precision.result)[()]
    if not gradient:
        return loss
    by_input = np.zeros(x.shape, precision.result)
    slopes = (-share * scale)[..., None].astype(precision.result)
    np.put_along_axis(np.moveaxis(by_input, at, -1), places, slopes, axis=-1)
    return loss, {"input": by_input}


def _shares(
    weight: npt.NDArray[Any] | None, places: npt.NDArray[Any], counted: npt.NDArray[np.bool_]
) -> npt.NDArray[Any]:
    """Return what each row's loss is multiplied by: the weight of its class, 0 if ignored."""
    own = np.ones(places.shape[:-1]) if weight is None else weight[places[..., 0]]
    return np.where(counted.reshape(own.shape), own, 0.0).astype(np.float64)


def _check(own: npt.NDArray[Any], counted: npt.NDArray[np.bool_], shape: tuple[int, ...]) -> None:
    wrong = ~(own < np.inf) & counted
    if wrong.any():
        raise DataError(
            f"{_NAME}: the target's log probability is NaN or +inf in {named_rows(wrong, shape)}. "
            "Look at what made it."
        )
