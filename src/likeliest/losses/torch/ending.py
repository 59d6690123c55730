"""From rows' losses to what is returned: the mean, the dtype, the terms asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from likeliest.errors import DataError
from likeliest.losses.outputs import OUTPUTS, Outputs

if TYPE_CHECKING:
    from collections.abc import Collection

    from torch import Tensor

    from likeliest.losses.reduction import Reduction

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Ending:
    """How a cross entropy ends.

    Parameters
    ----------
    reduction : {"mean", "sum", "none"}
    count : float or tensor, optional
        What a mean is divided by.
    outputs : names of the terms to return
    dtype : torch.dtype
        Of the loss.
    shape : tuple of ints
        Of the rows.
    validate : bool
        Whether to raise where a loss is NaN.
    counted : bool tensor of shape (rows,), optional
        Rows of probabilities that count, unless all do.
    """

    reduction: Reduction
    count: float | Tensor | None
    outputs: Collection[str]
    dtype: torch.dtype
    shape: tuple[int, ...]
    validate: bool
    counted: Tensor | None = None

    @property
    def each(self) -> bool:
        """Whether each row's loss is needed, and not their sum alone."""
        return self.reduction == "none" or self.counted is not None

    def result(
        self, losses: Tensor, terms: Tensor, target: Tensor, weight: Tensor | None, ignored: int
    ) -> Tensor | Outputs:
        """Return the loss, with the terms asked for.

        Parameters
        ----------
        losses : tensor, the sum or each row's
        terms : tensor of shape (5, rows)
        target : tensor, rows of class indices or probabilities
        weight : tensor of shape (classes,), optional
        ignored : int
            The target that does not count.
        """
        terms = terms.detach()
        if self.counted is not None:
            terms = terms.masked_fill(~self.counted, torch.nan)
            losses = losses.masked_fill(~self.counted, 0.0)
            losses = losses if self.reduction == "none" else losses.sum()
        if self.validate:
            _look_for_nan(terms[0].masked_fill(self._left_out(target, ignored), 0.0))
        if self.reduction == "mean":
            losses = losses / self._divisor(target, weight, ignored)
        loss = losses.to(self.dtype)
        if self.reduction == "none":
            loss = loss.reshape(self.shape)
        if not self.outputs:
            return loss
        found = {name: self._term(name, terms[OUTPUTS.index(name)]) for name in self.outputs}
        return Outputs(loss, **found)

    def _divisor(self, target: Tensor, weight: Tensor | None, ignored: int) -> Any:
        """Return what a mean is divided by: the rows that count, or their targets' weights."""
        if isinstance(self.count, torch.Tensor):  # counted on the device, where none may be found
            return self.count.masked_fill(self.count == 0, 1)
        if self.count is not None:
            return self.count
        left_out = self._left_out(target, ignored)
        if target.ndim == 2 or weight is None:
            return (~left_out).sum().clamp(min=1)
        total = weight[target.masked_fill(left_out, 0)].masked_fill(left_out, 0.0).sum()
        return torch.where(total == 0.0, torch.ones_like(total), total)

    def _left_out(self, target: Tensor, ignored: int) -> Tensor:
        if target.ndim == 1:
            return target == ignored
        if self.counted is None:
            return torch.zeros(target.shape[0], dtype=torch.bool, device=target.device)
        return ~self.counted

    def _term(self, name: str, values: Tensor) -> Tensor:
        if name == "rank":
            return values.nan_to_num(-1.0).long().reshape(self.shape)
        kind = torch.float64 if self.dtype == torch.float64 else torch.float32
        return values.to(kind).reshape(self.shape)


def _look_for_nan(nll: Tensor) -> None:
    wrong = nll.isnan().nonzero().squeeze(1)
    if wrong.numel():
        shown = ", ".join(str(row) for row in wrong[:_SHOWN].tolist())
        raise DataError(
            f"The loss is NaN in {wrong.numel():,} of {nll.numel():,} rows (first: {shown}): a "
            "logit there is NaN or inf, or every class is masked with -inf. Look at what made them."
        )
