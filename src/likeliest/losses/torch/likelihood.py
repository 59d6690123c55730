"""torch.nn.functional's likelihood losses: the same arguments in the same places.

What differs from torch's own, and why:

- `poisson_nll_loss(full=True)` has log Γ(target + 1) for every count, where torch has Stirling's
  approximation (0.041 too little at 2), and nothing from 1 down.
- `binary_cross_entropy_with_logits` keeps its digits at any margin.
- The mean of an empty batch is 0, with gradients of 0, where torch's is NaN.
- Half precision is computed in float32 and rounded once, or with `loss_dtype` not at all.
- A negative variance makes NaN: to raise, as torch does, would on a GPU be a synchronisation.

What torch holds finite so that a training run goes on is finite here too: the logarithms of
`binary_cross_entropy` above -100, the variance of `gaussian_nll_loss` above `eps`. With
`strict=True` what was impossible costs ∞.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.nn import functional

from likeliest.errors import ParameterError
from likeliest.losses.arguments import prepared
from likeliest.losses.binary_cross_entropy import of_logit, of_probability
from likeliest.losses.gaussian import NORMAL
from likeliest.losses.location_scale import location_scale_terms
from likeliest.losses.poisson import of_log_rate, of_rate
from likeliest.losses.reduction import check_reduction
from likeliest.losses.torch.arguments import legacy_reduction
from likeliest.numerics.special import HALF_LOG_TWO_PI

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.losses.reduction import Reduction


def gaussian_nll_loss(
    input: Tensor,
    target: Tensor,
    var: Tensor | float,
    full: bool = False,
    eps: float = 1e-6,
    reduction: Reduction = "mean",
    *,
    strict: bool = False,
    loss_dtype: torch.dtype | None = None,
) -> Tensor:
    """Negative log likelihood of normal distributions, from their means and variances.

    ½ (log var + (target - input)² / var), nats; ½ log 2π more with `full`.

    Parameters
    ----------
    input : tensor of any shape
        Means.
    target : tensor that broadcasts with `input`
    var : tensor or float, ≥ 0
        One for each mean, one for each row of the last axis (with that axis or without), or one.
    full : bool
        Whether to add the constant.
    eps : float
        What a smaller variance is replaced by; as in torch, autograd does not know of it.
    reduction : {"mean", "sum", "none"}
    strict : bool
        Take each variance as it is given, so that the loss and its gradient are those of the law.
    loss_dtype : torch.dtype, optional
        Of the loss; that of the arguments unless told.

    Examples
    --------
    >>> gaussian_nll_loss(torch.zeros(2), torch.ones(2), 1.0)
    tensor(0.5000)
    """
    check_reduction(reduction)
    arguments = {**_broadcast(input, target), "var": _beside(input, var)}

    def formula(input: Tensor, target: Tensor, var: Tensor) -> Tensor:
        if not strict:
            least = eps + (var - var.detach())  # eps in value, var to autograd
            var = torch.where((var >= 0.0) & (var < eps), least, var)
        terms: Tensor = location_scale_terms(NORMAL, "var", input, target, var)
        return terms if full else terms - HALF_LOG_TWO_PI

    return _loss("gaussian_nll_loss", arguments, formula, reduction, loss_dtype)


def poisson_nll_loss(
    input: Tensor,
    target: Tensor,
    log_input: bool = True,
    full: bool = False,
    size_average: bool | None = None,
    eps: float = 1e-8,
    reduce: bool | None = None,
    reduction: Reduction = "mean",
    *,
    loss_dtype: torch.dtype | None = None,
) -> Tensor:
    """Negative log likelihood of Poisson distributions, from their rates or the logs of them.

    rate - target log rate, nats; log Γ(target + 1) more with `full`.

    Parameters
    ----------
    input : tensor of any shape
        Logs of the rates, or with `log_input=False` the rates.
    target : tensor that broadcasts with `input`, ≥ 0
        Counts. None is no surprise at a rate of 0, whose log is -∞.
    log_input : bool
    full : bool
        Whether to add the log of the factorial: exact, not Stirling's.
    size_average, reduce : bool, optional
        PyTorch's deprecated words for `reduction`.
    eps : float
        With `log_input=False` added to the rate inside the logarithm.
    reduction : {"mean", "sum", "none"}
    loss_dtype : torch.dtype, optional
        Of the loss; that of the arguments unless told.

    Examples
    --------
    >>> poisson_nll_loss(torch.zeros(2), torch.tensor([2, 3]), full=True)
    tensor(2.2425)
    """
    reduction = legacy_reduction(size_average, reduce, reduction)

    def formula(input: Any, target: Any) -> Any:
        if full:
            return of_log_rate(input, target) if log_input else of_rate(input + eps, target) - eps
        log_rate = input if log_input else torch.log(input + eps)
        # No event is no surprise at a rate of 0: 0 · -∞ would be no number.
        log_rate = torch.where((target == 0.0) & (log_rate == -torch.inf), 0.0, log_rate)
        return (torch.exp(input) if log_input else input) - target * log_rate

    return _loss("poisson_nll_loss", _broadcast(input, target), formula, reduction, loss_dtype)


def binary_cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: Reduction = "mean",
    *,
    strict: bool = False,
    loss_dtype: torch.dtype | None = None,
) -> Tensor:
    """Binary cross entropy from probabilities; from logits it is closer to the truth.

    -weight (target log p + (1 - target) log(1 - p)), nats. A sigmoid that is saturated is exactly
    0 or 1; where it is wrong the loss is 100 and the gradient finite, as in torch.

    Parameters
    ----------
    input : tensor of any shape
        Predicted probabilities of a 1, in [0, 1].
    target : tensor of the shape of `input`
        What was observed, 0 or 1, or a probability.
    weight : tensor that broadcasts to that shape, optional
    size_average, reduce : bool, optional
        PyTorch's deprecated words for `reduction`.
    reduction : {"mean", "sum", "none"}
    strict : bool
        Let what was impossible cost ∞, as `likeliest.losses.binary_cross_entropy` does.
    loss_dtype : torch.dtype, optional
        Of the loss; that of the arguments unless told.

    Examples
    --------
    >>> p, y = torch.tensor([0.5, 0.0]), torch.tensor([1.0, 1.0])
    >>> binary_cross_entropy(p, y, reduction="none")
    tensor([  0.6931, 100.0000])
    >>> binary_cross_entropy(p, y, reduction="none", strict=True)
    tensor([0.6931,    inf])
    """
    reduction = legacy_reduction(size_average, reduce, reduction)
    arguments = {"input": input, "target": target, "weight": weight}
    formula: Callable[..., Any] = of_probability if strict else _held
    return _loss("binary_cross_entropy", arguments, formula, reduction, loss_dtype)


def binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: Reduction = "mean",
    pos_weight: Tensor | None = None,
    *,
    loss_dtype: torch.dtype | None = None,
) -> Tensor:
    """Binary cross entropy from logits: `likeliest.losses.binary_cross_entropy_with_logits`.

    Parameters
    ----------
    input, target, weight, pos_weight : tensors
        As there.
    size_average, reduce : bool, optional
        PyTorch's deprecated words for `reduction`.
    reduction : {"mean", "sum", "none"}
    loss_dtype : torch.dtype, optional
        Of the loss; that of the arguments unless told.

    Examples
    --------
    >>> binary_cross_entropy_with_logits(torch.tensor([50.0]), torch.tensor([1.0]))
    tensor(1.9287e-22)
    """
    reduction = legacy_reduction(size_average, reduce, reduction)
    arguments = {"input": input, "target": target, "weight": weight, "pos_weight": pos_weight}
    name = "binary_cross_entropy_with_logits"
    return _loss(name, arguments, of_logit, reduction, loss_dtype)


def _loss(
    name: str,
    arguments: dict[str, Any],
    formula: Callable[..., Any],
    reduction: Reduction,
    loss_dtype: torch.dtype | None,
) -> Tensor:
    given = prepared(name, arguments)
    loss: Tensor = replace(given, dtype=loss_dtype or given.dtype).loss(formula, reduction)
    return loss


def _held(input: Tensor, target: Tensor, weight: Tensor | None = None) -> Tensor:
    """Return torch's terms, whose logarithms are held above -100, and slopes below 1e12."""
    p = input.expand(target.shape if target.ndim else input.shape)
    y = target.expand(p.shape)
    with torch.autocast(p.device.type, enabled=False):
        terms: Tensor = functional.binary_cross_entropy(p, y, weight, reduction="none")
    return terms


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
