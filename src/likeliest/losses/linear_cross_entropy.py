"""Cross entropy of a linear layer's outputs, which are never held."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.errors import DataError, ParameterError
from likeliest.losses import chunking
from likeliest.losses.classes import IGNORED, Precision, numbers, target_rows
from likeliest.losses.passes import Asked, Pass
from likeliest.losses.rows import Block, Rows, on_all_cores
from likeliest.losses.tensors import any_tensor, beside, refuse_gradient

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy.typing as npt

    from likeliest.losses.outputs import Output
    from likeliest.losses.reduction import Reduction
    from likeliest.numerics.arrays import Array, ArrayOrTensor

_NAME = "linear_cross_entropy"


def linear_cross_entropy(
    input: ArrayOrTensor,
    linear_weight: ArrayOrTensor,
    target: ArrayOrTensor,
    *,
    outputs: Collection[Output] = (),
    linear_bias: ArrayOrTensor | None = None,
    weight: ArrayOrTensor | None = None,
    reduction: Reduction = "mean",
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
    soft_cap: float | None = None,
    temperature: float = 1.0,
    z_loss: float = 0.0,
    count: float | None = None,
    mask: npt.ArrayLike | None = None,
    chunk_size: int | None = None,
    gradient: bool = False,
) -> Any:
    """Cross entropy of `input @ linear_weight.T + linear_bias`, whose logits are never held.

    The logits are made a chunk of rows at a time, turned into losses and gradients, and forgotten.
    Losses are added up in float64; the gradients by the linear layer in the precision of the
    products, float32 of float32, rounded once more where they are returned as float16. Tensors are
    given to `likeliest.losses.torch.linear_cross_entropy`.

    Parameters
    ----------
    input : array of shape (…, features)
    linear_weight : array of shape (classes, features)
        Computed is in the wider precision of this and `input`.
    target : array
        Class indices of shape (…), or probabilities of shape (…, classes).
    outputs : tuple of {"nll", "logsumexp", "confidence", "entropy", "rank"}
        What else is returned, as `Outputs`, from the same pass.
    linear_bias : array of shape (classes,), optional
        A class may be masked with -inf.
    chunk_size : int, optional
        About how many rows a chunk has, four or more. The result depends on it by rounding alone.
    gradient : bool
        Also return the gradients; with reduction "none", those of the sum.
    weight, reduction, ignore_index, label_smoothing, soft_cap, temperature, z_loss, count, mask
        As in `cross_entropy`.

    Returns
    -------
    number, or for "none" an array of the shape of the rows; with `outputs`, an `Outputs`. With
    `gradient`, a pair: that, and a dict with the arrays "input", "linear_weight" and, if there is
    a bias, "linear_bias".

    Raises
    ------
    DataError
        If shapes or types do not fit, logits come out NaN or +inf, or a target is no class; it says
        where.
    ParameterError
        If an option lies outside its range.

    Examples
    --------
    >>> import numpy as np
    >>> hidden, layer = np.ones((2, 3, 4)), np.eye(5, 4)
    >>> targets = [[0, 1, 4], [2, -100, 3]]
    >>> loss, gradients = linear_cross_entropy(hidden, layer, targets, gradient=True)
    >>> round(float(loss), 4), gradients["linear_weight"].shape
    (1.6743, (5, 4))
    """
    options: dict[str, Any] = {
        "outputs": outputs,
        "reduction": reduction,
        "label_smoothing": label_smoothing,
        "soft_cap": soft_cap,
        "temperature": temperature,
        "z_loss": z_loss,
        "count": count,
        "mask": mask,
    }
    if any_tensor(input, linear_weight, target, linear_bias, weight):
        from likeliest.losses import torch

        refuse_gradient(_NAME, gradient=gradient)
        others = linear_weight, target, linear_bias, weight, mask
        *given, bias, weight, options["mask"] = beside(input, *others)
        options |= {"ignore_index": ignore_index, "chunk_size": chunk_size}
        return torch.linear_cross_entropy(*given, linear_bias=bias, weight=weight, **options)
    ignored = IGNORED if ignore_index is None else ignore_index
    asked = Asked(_NAME, weight, gradient=gradient, ignore_index=ignored, **options)
    layer = _Layer(input, linear_weight, linear_bias)
    classes, shape = layer.weight.shape[0], layer.shape
    targets = target_rows(_NAME, target, shape, classes, len(shape), ignored)
    found = Pass(asked, targets, shape, classes, layer.precision)
    _run(layer, found, _rows_of_chunk(chunk_size, classes))
    return (found.result(), layer.gradients()) if gradient else found.result()


class _Layer:
    """The linear layer, and the gradients by what it is made of.

    Parameters
    ----------
    input : array of shape (…, features)
    weight : array of shape (classes, features)
    bias : array of shape (classes,), optional
    """

    def __init__(
        self, input: npt.ArrayLike, weight: npt.ArrayLike, bias: npt.ArrayLike | None
    ) -> None:
        x, w = numbers(_NAME, "input", input), numbers(_NAME, "linear_weight", weight)
        b = None if bias is None else numbers(_NAME, "linear_bias", bias)
        if x.ndim == 0 or w.ndim != 2 or x.shape[-1] != w.shape[-1] or w.shape[0] == 0:
            raise DataError(
                f"{_NAME}: input of shape (…, features) and linear_weight of shape (classes, "
                f"features) must have the same features; got {x.shape} and {w.shape}."
            )
        if b is not None and b.shape != w.shape[:1]:
            raise DataError(
                f"{_NAME}: linear_bias must have one number for each of {w.shape[0]:,} classes; "
                f"got shape {b.shape}."
            )
        self.precision = Precision.of(x, w)
        kind = self.precision.computed
        self.shape, self.whole = x.shape[:-1], x.shape
        self.input = x.reshape(np.prod(self.shape, dtype=int), x.shape[-1]).astype(kind, copy=False)
        self.weight = w.astype(kind, copy=False)
        self.bias = None if b is None else b.astype(kind)
        self.by_input: npt.NDArray[Any] | None = None
        self.by_weight: npt.NDArray[Any] | None = None
        self.by_bias: Array | None = None

    def logits(self, rows: slice | npt.NDArray[np.intp], into: npt.NDArray[Any]) -> None:
        """Put the logits of some rows into a buffer."""
        np.matmul(self.input[rows], self.weight.T, out=into)
        if self.bias is not None:
            into += self.bias

    def start(self) -> None:
        """Make room for the gradients."""
        self.by_input = np.zeros_like(self.input)
        self.by_weight = np.zeros(self.weight.shape, self.weight.dtype)
        self.by_bias = None if self.bias is None else np.zeros(self.bias.shape)

    def add(self, rows: slice | npt.NDArray[np.intp], slopes: npt.NDArray[Any]) -> None:
        """Add what the gradient by some rows' logits gives."""
        if self.by_input is None or self.by_weight is None:
            return
        self.by_input[rows] = slopes @ self.weight
        _add_product(self.by_weight, slopes, self.input[rows])
        if self.by_bias is not None:
            self.by_bias += np.ones(slopes.shape[0], slopes.dtype) @ slopes

    def gradients(self) -> dict[str, npt.NDArray[Any]]:
        """Return the gradients by the argument's name."""
        made = {
            "input": None if self.by_input is None else self.by_input.reshape(self.whole),
            "linear_weight": self.by_weight,
            "linear_bias": self.by_bias,
        }
        kind = self.precision.result
        return {k: g.astype(kind, copy=False) for k, g in made.items() if g is not None}


def _run(layer: _Layer, found: Pass, size: int) -> None:
    """Pass over the rows that count once, a chunk of them at a time."""
    places = np.flatnonzero(found.counted)
    classes = layer.weight.shape[0]
    bounds = chunking.bounds(places.size, size)
    most = max((end - first for first, end in pairwise(bounds)), default=0)
    buffer = np.empty((most, classes), layer.precision.computed)
    if found.wanted.gradient:
        layer.start()
    for first, end in pairwise(bounds):
        at = places[first:end]
        logits = buffer[: at.size]
        with np.errstate(all="ignore"):
            layer.logits(at, logits)
        rows = Rows(logits[:, None, :])

        def work(block: Block, logits: Any = logits, at: Any = at) -> None:
            found.find(logits[block.rows], at[block.rows])

        on_all_cores(work, rows.blocks())
        if found.wanted.gradient:
            with np.errstate(all="ignore"):
                layer.add(at, logits)


def _add_product(total: npt.NDArray[Any], slopes: npt.NDArray[Any], x: npt.NDArray[Any]) -> None:
    """Add slopes.T @ x in place: without a temporary as large as the weights."""
    from scipy.linalg.blas import dgemm, sgemm

    if not total.size:
        return  # which BLAS would refuse
    gemm = sgemm if total.dtype == np.float32 else dgemm
    # BLAS has columns where NumPy has rows: the transposes are what it calls by their names.
    gemm(1.0, x.T, slopes.T, beta=1.0, trans_b=True, c=total.T, overwrite_c=True)


def _rows_of_chunk(chunk_size: int | None, classes: int) -> int:
    if chunk_size is None:
        return max(chunking.CHUNK // classes, chunking.LEAST_ROWS)
    if chunk_size < 1:
        raise ParameterError(f"{_NAME}: chunk_size must be 1 or more; got {chunk_size}.")
    return int(chunk_size)
