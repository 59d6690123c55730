"""torch.nn.functional's likelihood losses, exact: the same arguments in the same places.

What differs from torch's own, and why:

- `gaussian_nll_loss` does not clamp the variance at `eps`, which torch does behind autograd's
  back: the loss and its gradient are those of the variance that is given.
- `poisson_nll_loss(full=True)` has log Γ(target + 1) for every count, where torch has Stirling's
  approximation (0.041 too little at 2), and nothing from 1 down.
- `binary_cross_entropy` does not hold the logarithms above -100: what was impossible costs ∞.
- The mean of an empty batch is 0, with gradients of 0, where torch's is NaN.
- Half precision is computed in float32 and rounded once.
- No value is looked at, which on a GPU would be a synchronisation: a negative variance makes NaN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from likeliest import losses
from likeliest.errors import ParameterError
from likeliest.losses.arguments import prepared
from likeliest.losses.gaussian import NORMAL
from likeliest.losses.location_scale import location_scale_terms
from likeliest.losses.poisson import of_log_rate, of_rate
from likeliest.losses.reduction import check_reduction
from likeliest.numerics.special import HALF_LOG_TWO_PI

if TYPE_CHECKING:
    from likeliest.losses.reduction import Reduction


def gaussian_nll_loss(
    input: Tensor,
    target: Tensor,
    var: Tensor | float,
    full: bool = False,
    eps: float = 1e-6,
    reduction: Reduction = "mean",
) -> Tensor:
    """Negative log likelihood of normal distributions, from their means and variances.

    ½ (log var + (target - input)² / var), nats; ½ log 2π more with `full`.

    Parameters
    ----------
    input : tensor of any shape
        Means.
    target : tensor that broadcasts with `input`
    var : tensor or float, > 0
        One for each mean, one for each row of the last axis (with that axis or without), or one.
    full : bool
        Whether to add the constant.
    eps : float
        Not used, as no variance is clamped; it keeps the place that it has in torch.
    reduction : {"mean", "sum", "none"}

    Examples
    --------
    >>> gaussian_nll_loss(torch.zeros(2), torch.ones(2), 1.0)
    tensor(0.5000)
    """
    check_reduction(reduction)
    arguments = {**_broadcast(input, target), "var": _beside(input, var)}

    def formula(input: Tensor, target: Tensor, var: Tensor) -> Tensor:
        terms: Tensor = location_scale_terms(NORMAL, "var", input, target, var)
        return terms if full else terms - HALF_LOG_TWO_PI

    loss: Tensor = prepared("gaussian_nll_loss", arguments).loss(formula, reduction)
    return loss


def poisson_nll_loss(
    input: Tensor,
    target: Tensor,
    log_input: bool = True,
    full: bool = False,
    eps: float = 1e-8,
    reduction: Reduction = "mean",
) -> Tensor:
    """Negative log likelihood of Poisson distributions, from their rates or the logs of them.

    rate - target log rate, nats; log Γ(target + 1) more with `full`.

    Parameters
    ----------
    input : tensor of any shape
        Logs of the rates, or with `log_input=False` the rates.
    target : tensor that broadcasts with `input`, ≥ 0
        Counts.
    log_input : bool
    full : bool
        Whether to add the log of the factorial: exact, not Stirling's.
    eps : float
        With `log_input=False` added to the rate inside the logarithm.
    reduction : {"mean", "sum", "none"}

    Examples
    --------
    >>> poisson_nll_loss(torch.zeros(2), torch.tensor([2, 3]), full=True)
    tensor(2.2425)
    """
    check_reduction(reduction)

    def formula(input: Any, target: Any) -> Any:
        if full:
            return of_log_rate(input, target) if log_input else of_rate(input + eps, target) - eps
        log_rate = input if log_input else torch.log(input + eps)
        return (torch.exp(input) if log_input else input) - target * log_rate

    loss: Tensor = prepared("poisson_nll_loss", _broadcast(input, target)).loss(formula, reduction)
    return loss


def binary_cross_entropy(
    input: Tensor, target: Tensor, weight: Tensor | None = None, *, reduction: Reduction = "mean"
) -> Tensor:
    """Binary cross entropy from probabilities: `likeliest.losses.binary_cross_entropy`.

    Examples
    --------
    >>> binary_cross_entropy(torch.tensor([0.5, 1.0]), torch.tensor([1.0, 1.0]), reduction="sum")
    tensor(0.6931)
    """
    loss: Tensor = losses.binary_cross_entropy(input, target, weight, reduction=reduction)
    return loss


def binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    *,
    reduction: Reduction = "mean",
    pos_weight: Tensor | None = None,
) -> Tensor:
    """Binary cross entropy from logits: `likeliest.losses.binary_cross_entropy_with_logits`.

    Examples
    --------
    >>> binary_cross_entropy_with_logits(torch.tensor([50.0]), torch.tensor([1.0]))
    tensor(1.9287e-22)
    """
    loss: Tensor = losses.binary_cross_entropy_with_logits(
        input, target, weight, pos_weight=pos_weight, reduction=reduction
    )
    return loss


def _broadcast(input: Tensor, target: Tensor) -> dict[str, Any]:
    shape: torch.Size = torch.broadcast_shapes(input.shape, target.shape)  # type: ignore[no-untyped-call]
    return {"input": input.expand(shape), "target": target.expand(shape)}


def _beside(input: Tensor, var: Tensor | float) -> Tensor | float:
    """Return the variance with the last axis that torch lets one leave out."""
    if not isinstance(var, Tensor) or var.shape == input.shape or var.ndim == 0:
        return var
    if var.shape == input.shape[:-1]:
        return var.unsqueeze(-1)
    pairs = zip(input.shape, var.shape, strict=False)
    if var.ndim == input.ndim and sum(two for one, two in pairs if one != two) == 1:
        return var
    raise ParameterError(
        f"gaussian_nll_loss: var has shape {tuple(var.shape)}, which does not fit the input's "
        f"{tuple(input.shape)}. Give one for each value, or one for each row of the last axis."
    )
