"""Modules for the likelihood losses: torch.nn's arguments, and the same for further families."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor, nn

from likeliest import losses
from likeliest.losses.reduction import check_reduction
from likeliest.losses.torch import likelihood
from likeliest.losses.torch.arguments import legacy_reduction
from likeliest.losses.torch.kl_div import KLReduction, kl_div, kl_reduction

if TYPE_CHECKING:
    import torch

    from likeliest.losses.reduction import Reduction


class Loss(nn.Module):
    """A loss with its reduction: "mean", "sum" or "none"."""

    def __init__(self, reduction: Reduction = "mean") -> None:
        super().__init__()
        check_reduction(reduction)
        self.reduction = reduction

    def extra_repr(self) -> str:
        """Return what `print` shows."""
        return f"reduction={self.reduction!r}"


class GaussianNLLLoss(Loss):
    """`gaussian_nll_loss` as a module: `GaussianNLLLoss()(input, target, var)`.

    Examples
    --------
    >>> import torch
    >>> GaussianNLLLoss(full=True)(torch.zeros(2), torch.ones(2), torch.ones(2))
    tensor(1.4189)
    """

    def __init__(
        self,
        *,
        full: bool = False,
        eps: float = 1e-6,
        reduction: Reduction = "mean",
        strict: bool = False,
        loss_dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__(reduction)
        self.full, self.eps, self.strict, self.loss_dtype = full, eps, strict, loss_dtype

    def forward(self, input: Tensor, target: Tensor, var: Tensor | float) -> Tensor:
        """Return the loss of targets under normals of means `input` and variances `var`."""
        return likelihood.gaussian_nll_loss(
            input,
            target,
            var,
            self.full,
            self.eps,
            self.reduction,
            strict=self.strict,
            loss_dtype=self.loss_dtype,
        )


class PoissonNLLLoss(Loss):
    """`poisson_nll_loss` as a module: `PoissonNLLLoss()(log_rate, counts)`."""

    def __init__(
        self,
        log_input: bool = True,
        full: bool = False,
        size_average: bool | None = None,
        eps: float = 1e-8,
        reduce: bool | None = None,
        reduction: Reduction = "mean",
        *,
        loss_dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__(legacy_reduction(size_average, reduce, reduction))
        self.log_input, self.full, self.eps = log_input, full, eps
        self.loss_dtype = loss_dtype

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """Return the loss of counts under Poisson distributions."""
        return likelihood.poisson_nll_loss(
            input,
            target,
            self.log_input,
            self.full,
            eps=self.eps,
            reduction=self.reduction,
            loss_dtype=self.loss_dtype,
        )


class BCELoss(Loss):
    """`binary_cross_entropy` as a module."""

    weight: Tensor | None

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: Reduction = "mean",
        *,
        strict: bool = False,
        loss_dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__(legacy_reduction(size_average, reduce, reduction))
        self.register_buffer("weight", weight)
        self.strict, self.loss_dtype = strict, loss_dtype

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """Return the loss of targets under probabilities."""
        return likelihood.binary_cross_entropy(
            input,
            target,
            self.weight,
            reduction=self.reduction,
            strict=self.strict,
            loss_dtype=self.loss_dtype,
        )


class BCEWithLogitsLoss(Loss):
    """`binary_cross_entropy_with_logits` as a module.

    Examples
    --------
    >>> import torch
    >>> BCEWithLogitsLoss(reduction="sum")(torch.tensor([0.0, 50.0]), torch.tensor([1.0, 1.0]))
    tensor(0.6931)
    """

    weight: Tensor | None
    pos_weight: Tensor | None

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: Reduction = "mean",
        pos_weight: Tensor | None = None,
        *,
        loss_dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__(legacy_reduction(size_average, reduce, reduction))
        self.register_buffer("weight", weight)
        self.register_buffer("pos_weight", pos_weight)
        self.loss_dtype = loss_dtype

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """Return the loss of targets under logits."""
        return likelihood.binary_cross_entropy_with_logits(
            input,
            target,
            self.weight,
            reduction=self.reduction,
            pos_weight=self.pos_weight,
            loss_dtype=self.loss_dtype,
        )


class KLDivLoss(nn.Module):
    """`kl_div` as a module, as `torch.nn.KLDivLoss`.

    Examples
    --------
    >>> import torch
    >>> model, wanted = torch.log(torch.tensor([[0.5, 0.5]])), torch.tensor([[0.25, 0.75]])
    >>> KLDivLoss(reduction="batchmean")(model, wanted)
    tensor(0.1308)
    """

    def __init__(
        self,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: KLReduction = "mean",
        log_target: bool = False,
        *,
        loss_dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        self.reduction = kl_reduction(size_average, reduce, reduction)
        self.log_target, self.loss_dtype = log_target, loss_dtype

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """Return the divergence of log probabilities from targets."""
        return kl_div(
            input,
            target,
            reduction=self.reduction,
            log_target=self.log_target,
            loss_dtype=self.loss_dtype,
        )


class LaplaceNLLLoss(Loss):
    """`likeliest.losses.laplace_nll` as a module."""

    def __init__(
        self, reduction: Reduction = "mean", *, loss_dtype: torch.dtype | None = None
    ) -> None:
        super().__init__(reduction)
        self.loss_dtype = loss_dtype

    def forward(
        self,
        input: Tensor,
        target: Tensor,
        scale: Tensor | float | None = None,
        *,
        log_scale: Tensor | float | None = None,
    ) -> Tensor:
        """Return the loss of targets under Laplace distributions of medians `input`."""
        loss: Tensor = losses.laplace_nll(
            input,
            target,
            scale,
            log_scale=log_scale,
            reduction=self.reduction,
            loss_dtype=self.loss_dtype,
        )
        return loss


class StudentTNLLLoss(Loss):
    """`likeliest.losses.student_t_nll` as a module, with its degrees of freedom."""

    def __init__(
        self, df: float, *, reduction: Reduction = "mean", loss_dtype: torch.dtype | None = None
    ) -> None:
        super().__init__(reduction)
        self.loss_dtype = loss_dtype
        self.df = df

    def forward(
        self,
        input: Tensor,
        target: Tensor,
        scale: Tensor | float | None = None,
        *,
        log_scale: Tensor | float | None = None,
    ) -> Tensor:
        """Return the loss of targets under t distributions of centres `input`."""
        loss: Tensor = losses.student_t_nll(
            input,
            target,
            scale,
            df=self.df,
            log_scale=log_scale,
            reduction=self.reduction,
            loss_dtype=self.loss_dtype,
        )
        return loss


class NegativeBinomialNLLLoss(Loss):
    """`likeliest.losses.negative_binomial_nll` as a module."""

    def __init__(
        self,
        *,
        log_input: bool = True,
        reduction: Reduction = "mean",
        loss_dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__(reduction)
        self.loss_dtype = loss_dtype
        self.log_input = log_input

    def forward(
        self,
        input: Tensor,
        target: Tensor,
        dispersion: Tensor | float | None = None,
        *,
        log_dispersion: Tensor | float | None = None,
    ) -> Tensor:
        """Return the loss of counts under negative binomials."""
        loss: Tensor = losses.negative_binomial_nll(
            input,
            target,
            dispersion,
            log_dispersion=log_dispersion,
            log_input=self.log_input,
            reduction=self.reduction,
            loss_dtype=self.loss_dtype,
        )
        return loss


class GammaNLLLoss(Loss):
    """`likeliest.losses.gamma_nll` as a module."""

    def __init__(
        self,
        *,
        log_input: bool = True,
        reduction: Reduction = "mean",
        loss_dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__(reduction)
        self.loss_dtype = loss_dtype
        self.log_input = log_input

    def forward(
        self,
        input: Tensor,
        target: Tensor,
        shape: Tensor | float | None = None,
        *,
        log_shape: Tensor | float | None = None,
    ) -> Tensor:
        """Return the loss of positive targets under gamma distributions."""
        loss: Tensor = losses.gamma_nll(
            input,
            target,
            shape,
            log_shape=log_shape,
            log_input=self.log_input,
            reduction=self.reduction,
            loss_dtype=self.loss_dtype,
        )
        return loss
