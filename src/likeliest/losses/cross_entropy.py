"""Cross entropy of logits, right to the last digits near certainty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.losses.classes import IGNORED, Precision, class_axis, numbers, target_rows
from likeliest.losses.passes import Asked, Pass
from likeliest.losses.rows import Block, Rows, on_all_cores
from likeliest.losses.tensors import any_tensor, beside, refuse_gradient

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy.typing as npt

    from likeliest.losses.outputs import Output
    from likeliest.losses.reduction import Reduction
    from likeliest.numerics.arrays import ArrayOrTensor

_NAME = "cross_entropy"


def cross_entropy(
    input: ArrayOrTensor,
    target: ArrayOrTensor,
    weight: ArrayOrTensor | None = None,
    *,
    outputs: Collection[Output] = (),
    ignore_index: int = IGNORED,
    reduction: Reduction = "mean",
    label_smoothing: float = 0.0,
    soft_cap: float | None = None,
    temperature: float = 1.0,
    z_loss: float = 0.0,
    count: float | None = None,
    mask: npt.ArrayLike | None = None,
    axis: int | None = None,
    gradient: bool = False,
) -> Any:
    """Cross entropy of logits and targets: the mean negative log likelihood, in nats.

    Of a row of logits z and the class t, log Σ exp z_j - z_t. Near certainty it keeps its digits.
    Logits of float32 give a loss of float32, those of float16 are computed in float32, and whole
    numbers in float64. Tensors are given to `likeliest.losses.torch.cross_entropy`.

    Parameters
    ----------
    input : array of shape (classes,), (n, classes) or (n, classes, d1, …)
        Logits. A class may be masked with -inf; NaN and +inf are refused.
    target : array
        Class indices of the shape of `input` without its classes, or probabilities of its shape
        (which are not held to add up to 1).
    weight : array of shape (classes,), optional
        Of each class, not negative; the mean is divided by the targets' weights.
    outputs : tuple of {"nll", "logsumexp", "confidence", "entropy", "rank"}
        What else is returned, as `Outputs`, from the same pass.
    ignore_index : int
        A class index that does not count; its row may hold anything. Of probabilities, `mask` says
        which rows do.
    reduction : {"mean", "sum", "none"}
        No row that counts, or no row at all, has a mean of 0 and gradients of 0.
    label_smoothing : float
        Share of the target, in [0, 1], that is spread evenly over the classes (Szegedy et al.
        2016).
    soft_cap : float, optional
        Logits z become soft_cap · tanh(z / soft_cap) first, so that a mask of -inf is capped too.
    temperature : float
        What the logits are divided by, after the cap.
    z_loss : float
        Factor of the squared logsumexp that is added to each row's loss, whatever the weight of
        its class.
    count : float, optional
        What a mean is divided by in place of the rows of this call that count.
    mask : bool array of the rows' shape, optional
        True for the rows that count; the logits of the others may be anything.
    axis : int, optional
        Where the classes are: 1 (0 of one dimension) unless told; -1 for (batch, time, classes).
    gradient : bool
        Also return the gradient by the logits; with "none", that of the sum.

    Returns
    -------
    number, or for "none" an array of the shape of the rows; with `outputs`, an `Outputs`. With
    `gradient`, a pair: that, and a dict with the array "input".

    Raises
    ------
    DataError
        If shapes or types do not fit, logits are NaN or +inf, or a target is no class; it says
        where.
    ParameterError
        If an option lies outside its range.

    Examples
    --------
    >>> import numpy as np
    >>> logits = np.array([[20.0, 0.0], [0.0, 1.0]], dtype=np.float32)
    >>> losses = cross_entropy(logits, [0, 1], reduction="none")
    >>> [f"{x:.4e}" for x in losses], losses.dtype
    (['2.0612e-09', '3.1326e-01'], dtype('float32'))
    >>> loss, gradients = cross_entropy(logits, [0, 1], gradient=True)
    >>> gradients["input"].shape
    (2, 2)
    """
    options: dict[str, Any] = {
        "outputs": outputs,
        "ignore_index": ignore_index,
        "reduction": reduction,
        "label_smoothing": label_smoothing,
        "soft_cap": soft_cap,
        "temperature": temperature,
        "z_loss": z_loss,
        "count": count,
        "mask": mask,
    }
    if any_tensor(input, target, weight):
        from likeliest.losses import torch

        refuse_gradient(_NAME, gradient=gradient)
        *given, options["mask"] = beside(input, target, weight, mask)
        return torch.cross_entropy(*given, **options, axis=axis)
    asked = Asked(_NAME, weight, gradient=gradient, **options)
    return _of_arrays(numbers(_NAME, "input", input), target, axis, asked)


def _of_arrays(
    input: npt.NDArray[Any], target: npt.ArrayLike, axis: int | None, asked: Asked
) -> Any:
    precision = Precision.of(input)
    at = class_axis(_NAME, input, axis)
    shape, classes = (*input.shape[:at], *input.shape[at + 1 :]), input.shape[at]
    targets = target_rows(_NAME, target, shape, classes, at, asked.ignore_index)
    found = Pass(asked, targets, shape, classes, precision)
    logits = Rows.along(input, at)
    by_input = np.zeros(input.shape, precision.result) if asked.gradient else None
    slopes = None if by_input is None else Rows.along(by_input, at)

    def work(block: Block) -> None:
        z = logits.copy(block, precision.computed)
        counted = found.counted[block.rows]
        if counted.all():
            found.find(z, block.rows)
        else:
            part = z[counted]
            found.find(part, block.rows.start + np.flatnonzero(counted))
            z[...] = 0.0
            z[counted] = part
        if slopes is not None:
            slopes.put(block, z)

    on_all_cores(work, logits.blocks())
    return (found.result(), {"input": by_input}) if asked.gradient else found.result()
