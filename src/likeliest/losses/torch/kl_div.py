"""The Kullback–Leibler divergence of log probabilities from what they should be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import torch

from likeliest.errors import ParameterError
from likeliest.losses.arguments import prepared
from likeliest.losses.torch.arguments import legacy_reduction

if TYPE_CHECKING:
    from torch import Tensor

KLReduction = Literal["none", "batchmean", "sum", "mean"]


def kl_div(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: KLReduction = "mean",
    log_target: bool = False,
    *,
    loss_dtype: torch.dtype | None = None,
) -> Tensor:
    """Kullback–Leibler divergence of a model's log probabilities from the target's probabilities.

    Σ target · (log target - input), nats, as `torch.nn.functional.kl_div`; but a class of which
    nothing is asked may be impossible, half precision is computed in float32, and no rows give 0.

    Parameters
    ----------
    input : tensor of any shape
        Log probabilities of the model.
    target : tensor of the shape of `input`
        Probabilities, or with `log_target` their logs.
    size_average, reduce : bool, optional
        PyTorch's deprecated words for `reduction`.
    reduction : {"none", "batchmean", "sum", "mean"}
        The divergence of a row, on average, is "batchmean"; "mean", the default in PyTorch, divides
        by the classes too.
    log_target : bool
    loss_dtype : torch.dtype, optional
        Of the loss; that of the arguments unless told.

    Examples
    --------
    >>> import torch
    >>> model, wanted = torch.log(torch.tensor([[0.5, 0.5]])), torch.tensor([[0.25, 0.75]])
    >>> round(kl_div(model, wanted, reduction="batchmean").item(), 6)
    0.130812
    """
    asked = kl_reduction(size_average, reduce, reduction)
    rows = asked == "batchmean"
    if rows and input.ndim == 0:
        raise ParameterError('kl_div: a number has no rows for reduction="batchmean".')
    given = prepared("kl_div", {"input": input, "target": target})

    def formula(input: Tensor, target: Tensor) -> Tensor:
        p = target.exp() if log_target else target
        log_p = target if log_target else torch.where(p == 0.0, 1.0, p).log()
        none = p == 0.0
        terms = p * (torch.where(none, 0.0, log_p) - torch.where(none, 0.0, input))
        return terms / max(input.shape[0], 1) if rows else terms

    loss: Tensor = replace(given, dtype=loss_dtype or given.dtype).loss(
        formula, "sum" if asked == "batchmean" else asked
    )
    return loss


def kl_reduction(
    size_average: bool | None, reduce: bool | None, reduction: KLReduction
) -> KLReduction:
    """Return the reduction; PyTorch's deprecated words count for more than "batchmean"."""
    if reduction == "batchmean" and size_average is None and reduce is None:
        return reduction
    return legacy_reduction(size_average, reduce, "mean" if reduction == "batchmean" else reduction)
