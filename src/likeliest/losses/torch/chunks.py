"""Logits a chunk at a time: made, turned into losses and gradients, and forgotten."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import torch

from likeliest.losses import chunking
from likeliest.losses.torch.arguments import check_classes
from likeliest.numerics.cross_entropy import rows

if TYPE_CHECKING:
    from torch import Tensor

    from likeliest.numerics.cross_entropy import Objective, Wanted

TERMS = 5
"""Rows of the terms: nll, logsumexp, confidence, entropy, rank."""

_BLOCK = 1 << 19  # logits worked on at a time: what a core's cache holds
_CHUNK_ON_ACCELERATOR = 1 << 27
_ONE_CHAIN = 128  # terms that are summed up in one chain; then BLAS begins another


class Found:
    """The rows that are not ignored, and what is found of each.

    Parameters
    ----------
    input : tensor of shape (rows, …)
    target : tensor of shape (rows,) or (rows, classes)
    ignore_index : int
    objective : Objective
    wanted : Wanted
    upstream : tensor of shape (rows,), optional
        What each row's gradient is multiplied by.
    """

    def __init__(
        self,
        input: Tensor,
        target: Tensor,
        ignore_index: int,
        objective: Objective,
        wanted: Wanted,
        upstream: Tensor | None = None,
    ) -> None:
        n, kind = input.shape[0], wide_dtype(input)
        self.objective, self.wanted = objective, wanted
        self.losses = input.new_zeros(n, dtype=kind)
        self.terms = input.new_full((TERMS, n), torch.nan, dtype=kind)
        scale = torch.ones_like(self.losses) if upstream is None else upstream.to(kind)
        self.places: Tensor | None = None
        self.ignored: Tensor | None = None
        if target.ndim == 1:
            ignored = target == ignore_index
            if is_accelerator(input.device):  # to look at values would be to wait for them
                self.ignored = ignored
                scale = scale.masked_fill(ignored, 0.0)
                target = target.masked_fill(ignored, 0)
            else:
                check_classes(target, objective.classes, ignore_index)
                if ignored.any():
                    self.places = (~ignored).nonzero().squeeze(1)
                    scale, target = scale[self.places], target[self.places]
        self.scale, self.target = scale, target

    def of(self, x: Tensor) -> Tensor:
        """Return the rows of x that count; those that do not are left out, or 0."""
        if self.places is not None:
            return x[self.places]
        return x if self.ignored is None else x.masked_fill(self.ignored[:, None], 0.0)

    def at(self, first: int, count: int) -> Tensor | slice:
        """Return where some of the rows that count stand among all."""
        part = slice(first, first + count)
        return part if self.places is None else self.places[part]

    def block(self, z: Tensor, first: int) -> None:
        """Find what there is in the rows from `first` on, whose logits z become the gradient."""
        part = slice(first, first + z.shape[0])
        terms = rows(z, self.target[part], self.objective, self.wanted, self.scale[part])
        at = self.at(first, z.shape[0])
        loss = terms.loss
        if self.ignored is not None:
            loss = loss.masked_fill(self.ignored[part], 0.0)
        self.losses[at] = loss
        found = (terms.nll, terms.logsumexp, terms.confidence, terms.entropy, terms.rank)
        for row, term in zip(self.terms, found, strict=True):
            if term is not None:
                row[at] = term.to(row.dtype)

    def finish(self) -> None:
        """Blank the terms of rows that are ignored, and the rank of a target without an NLL."""
        if self.ignored is not None:
            self.terms.masked_fill_(self.ignored, torch.nan)
        self.terms[-1].masked_fill_(self.terms[0].isnan(), torch.nan)


class By:
    """What the logits are made of, and the gradients by it.

    Parameters
    ----------
    input, weight, bias : tensors of shape (rows, features), (classes, features), (classes,)
    compute : dtype
        Of the matrix products; their sums are kept in float32 or wider.
    asked : three bools
        Whether the gradients by input, weight and bias are made.
    """

    def __init__(
        self,
        input: Tensor,
        weight: Tensor,
        bias: Tensor | None,
        compute: torch.dtype,
        asked: tuple[bool, ...],
    ) -> None:
        self.compute = compute if _has_products(input.device, compute) else accumulator(compute)
        self.input, self.weight = input, weight.to(self.compute)
        self.accumulator = accumulator(compute)
        self.bias = None if bias is None else bias.to(self.accumulator)
        self.asked, self.any = asked, any(asked)
        self.gradients = empty_gradients(input, weight, asked)
        for gradient in self.gradients:
            gradient.zero_()

    def logits(self, x: Tensor, into: Tensor) -> None:
        """Put the logits of some rows into a buffer."""
        if self.compute != self.accumulator:
            torch.add(
                _product(x, self.weight.t()), 0.0 if self.bias is None else self.bias, out=into
            )
        elif self.bias is None:
            torch.mm(x, self.weight.t(), out=into)
        else:
            torch.addmm(self.bias, x, self.weight.t(), out=into)

    def add(self, gradient: Tensor, x: Tensor, rows: Tensor | slice) -> None:
        """Add what the gradient by the logits of some rows gives."""
        by_input, by_weight, by_bias = self.gradients
        input_asked, weight_asked, bias_asked = self.asked
        if bias_asked:
            by_bias += gradient.sum(0)
        gradient = gradient.to(self.compute)
        if input_asked:
            by_input[rows] = _product(gradient, self.weight)
        if not weight_asked:
            return
        if self.compute == self.accumulator:
            by_weight.addmm_(gradient.t(), x)
        else:
            by_weight += _product(gradient.t(), x)


def run(by: By, found: Found, chunk_size: int) -> None:
    """Pass over all rows once.

    Parameters
    ----------
    chunk_size : int
        Rows in a chunk; 0 leaves the choice to the device and the number of classes.
    """
    with torch.autocast(by.input.device.type, enabled=False):
        x = found.of(by.input).to(by.compute)
        n, classes = x.shape[0], by.weight.shape[0]
        size = chunk_size or _chunk_rows(x, classes)
        bounds = chunking.bounds(n, size, least=2 if n > _ONE_CHAIN else 1)
        most = max((end - first for first, end in pairwise(bounds)), default=0)
        buffer = x.new_empty((most, classes), dtype=by.accumulator)
        for first, end in pairwise(bounds):
            part = x[first:end]
            logits = buffer[: end - first]
            by.logits(part, logits)
            _blocks(logits, found, first)
            if by.any:
                by.add(logits, part, found.at(first, end - first))
        found.finish()


def of_logits(input: Tensor, found: Found, gradient: Tensor) -> None:
    """Pass over logits that are there; their gradient is written where it is wanted."""
    with torch.autocast(input.device.type, enabled=False):
        kind = accumulator(input.dtype)
        n = found.target.shape[0]
        size = _block_rows(input, input.shape[1])
        for first in range(0, n, size):
            part = slice(first, first + size)
            at = found.at(first, size)
            z = input[at].to(kind, copy=True)
            if found.ignored is not None:
                z.masked_fill_(found.ignored[part][:, None], 0.0)
            found.block(z, first)
            if found.wanted.gradient:
                gradient[at] = z.to(gradient.dtype)
        found.finish()


def is_accelerator(device: torch.device) -> bool:
    """Whether work is queued there, and done best in large pieces."""
    return device.type != "cpu"


def wide_dtype(x: Tensor) -> torch.dtype:
    """Return the dtype of a row's terms."""
    return torch.float32 if x.device.type == "mps" else torch.float64


def accumulator(dtype: torch.dtype) -> torch.dtype:
    """Return the dtype in which sums of this dtype are kept."""
    return torch.float64 if dtype == torch.float64 else torch.float32


def empty_gradients(
    input: Tensor, weight: Tensor, asked: tuple[bool, ...]
) -> tuple[Tensor, Tensor, Tensor]:
    """Return room for the gradients, empty where not asked for."""
    kind = accumulator(torch.promote_types(input.dtype, weight.dtype))
    shapes = ((*input.shape,), (*weight.shape,), (weight.shape[0],))
    x, w, b = (
        input.new_empty(shape if wanted else (0,) * len(shape), dtype=kind)
        for shape, wanted in zip(shapes, asked, strict=True)
    )
    return x, w, b


def _blocks(logits: Tensor, found: Found, first: int) -> None:
    size = _block_rows(logits, logits.shape[1])
    for start in range(0, logits.shape[0], size):
        found.block(logits[start : start + size], first + start)


def _product(a: Tensor, b: Tensor) -> Tensor:
    """Return a @ b, of half precision in float32."""
    if a.dtype in (torch.float32, torch.float64):
        return a @ b
    if a.device.type == "cuda":
        return torch.mm(a, b, out_dtype=torch.float32)
    return (a @ b).float()


def _has_products(device: torch.device, dtype: torch.dtype) -> bool:
    """Whether matrix products of this dtype are native; emulated ones are the slower."""
    if is_accelerator(device):
        return True
    if dtype == torch.bfloat16:
        return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())  # noqa: SLF001
    if dtype == torch.float16:
        return bool(torch.ops.mkldnn._is_mkldnn_fp16_supported())  # noqa: SLF001
    return True


def _chunk_rows(x: Tensor, classes: int) -> int:
    held = _CHUNK_ON_ACCELERATOR if is_accelerator(x.device) else chunking.CHUNK
    return max(held // classes, chunking.LEAST_ROWS)


def _block_rows(z: Tensor, classes: int) -> int:
    return max((_CHUNK_ON_ACCELERATOR if is_accelerator(z.device) else _BLOCK) // classes, 1)
