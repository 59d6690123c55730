"""From rows' losses to what is returned: the mean, the dtype, the terms asked for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from likeliest.errors import DataError, ParameterError
from likeliest.losses.outputs import OUTPUTS, Outputs, check_outputs
from likeliest.losses.reduction import check_reduction

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
    """

    reduction: Reduction
    count: float | Tensor | None
    outputs: Collection[str]
    dtype: torch.dtype
    shape: tuple[int, ...]
    validate: bool

    def check(self, target: Tensor) -> None:
        """Raise ParameterError where what is asked for is not known."""
        check_reduction(self.reduction)
        count = self.count
        if not (count is None or isinstance(count, torch.Tensor) or 0.0 < count < math.inf):
            raise ParameterError(f"count must be positive and finite; got {count}.")
        check_outputs(self.outputs, probabilities=target.ndim == 2)

    @property
    def each(self) -> bool:
        """Whether each row's loss is returned."""
        return self.reduction == "none"

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
        if self.validate:
            _look_for_nan(
                terms[0] if target.ndim == 2 else terms[0].masked_fill(target == ignored, 0)
            )
        if self.reduction == "mean":
            losses = losses / self._divisor(target, weight, ignored)
        loss = losses.to(self.dtype)
        if self.each:
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
        if target.ndim == 2:
            return max(target.shape[0], 1)
        counted = target != ignored
        if weight is None:
            return counted.sum().clamp(min=1)
        total = weight[target.masked_fill(~counted, 0)].masked_fill(~counted, 0.0).sum()
        return torch.where(total == 0.0, torch.ones_like(total), total)

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
