"""The cross entropies as modules, with the constructors of `torch.nn`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from likeliest.losses.classes import IGNORED
from likeliest.losses.torch.arguments import legacy_reduction
from likeliest.losses.torch.cross_entropy import cross_entropy
from likeliest.losses.torch.linear_cross_entropy import linear_cross_entropy
from likeliest.losses.torch.nll_loss import nll_loss

if TYPE_CHECKING:
    from collections.abc import Collection

    from torch import Tensor

    from likeliest.losses.outputs import Output
    from likeliest.losses.reduction import Reduction


class CrossEntropyLoss(nn.Module):
    """`cross_entropy` as a module, as `torch.nn.CrossEntropyLoss`.

    Parameters
    ----------
    weight, size_average, ignore_index, reduce, reduction, label_smoothing, outputs, soft_cap,
    temperature, z_loss, count, axis, loss_dtype
        As in `cross_entropy`. `count` and `mask` may be given to each call instead.

    Examples
    --------
    >>> loss = CrossEntropyLoss(label_smoothing=0.1)
    >>> round(loss(torch.zeros(3, 4), torch.tensor([0, 1, 3])).item(), 4)
    1.3863
    """

    weight: Tensor | None

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        ignore_index: int = IGNORED,
        reduce: bool | None = None,
        reduction: Reduction = "mean",
        label_smoothing: float = 0.0,
        *,
        outputs: Collection[Output] = (),
        soft_cap: float | None = None,
        temperature: float = 1.0,
        z_loss: float = 0.0,
        count: float | Tensor | None = None,
        axis: int | None = None,
        loss_dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        self.register_buffer("weight", weight)
        self.reduction = legacy_reduction(size_average, reduce, reduction)
        self.ignore_index, self.count, self.outputs = ignore_index, count, tuple(outputs)
        self.label_smoothing, self.z_loss = label_smoothing, z_loss
        self.soft_cap, self.temperature = soft_cap, temperature
        self.axis, self.loss_dtype = axis, loss_dtype

    def forward(
        self,
        input: Tensor,
        target: Tensor,
        *,
        count: float | Tensor | None = None,
        mask: Tensor | None = None,
    ) -> Any:
        """Return the loss of logits and targets; `Outputs` where the module has `outputs`."""
        return cross_entropy(
            input,
            target,
            self.weight,
            outputs=self.outputs,
            ignore_index=self.ignore_index,
            reduction=self.reduction,
            label_smoothing=self.label_smoothing,
            soft_cap=self.soft_cap,
            temperature=self.temperature,
            z_loss=self.z_loss,
            count=self.count if count is None else count,
            mask=mask,
            axis=self.axis,
            loss_dtype=self.loss_dtype,
        )


class NLLLoss(nn.Module):
    """`nll_loss` as a module, as `torch.nn.NLLLoss`.

    Parameters
    ----------
    weight, size_average, ignore_index, reduce, reduction, axis, loss_dtype
        As in `nll_loss`.
    """

    weight: Tensor | None

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        ignore_index: int = IGNORED,
        reduce: bool | None = None,
        reduction: Reduction = "mean",
        *,
        axis: int | None = None,
        loss_dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        self.register_buffer("weight", weight)
        self.reduction = legacy_reduction(size_average, reduce, reduction)
        self.ignore_index, self.axis, self.loss_dtype = ignore_index, axis, loss_dtype

    def forward(self, input: Tensor, target: Tensor, *, mask: Tensor | None = None) -> Tensor:
        """Return the loss of log probabilities and targets."""
        return nll_loss(
            input,
            target,
            self.weight,
            ignore_index=self.ignore_index,
            reduction=self.reduction,
            mask=mask,
            axis=self.axis,
            loss_dtype=self.loss_dtype,
        )


class LinearCrossEntropyLoss(nn.Module):
    """A linear layer and the cross entropy of its outputs, as `torch.nn.LinearCrossEntropyLoss`.

    Parameters
    ----------
    in_features, num_classes : int
    out_features : tuple of ints
        Further dimensions of the targets.
    bias : bool
        Whether the layer, `linear`, has one.
    device, dtype
        Of its parameters.
    weight, reduction, ignore_index, label_smoothing, options, outputs, soft_cap, temperature,
    z_loss, count, chunk_size, loss_dtype
        As in `linear_cross_entropy`. `count` and `mask` may be given to each call instead.

    Examples
    --------
    >>> head = LinearCrossEntropyLoss(8, 100)
    >>> head(torch.randn(2, 5, 8), torch.randint(100, (2, 5))).shape
    torch.Size([])
    """

    weight: Tensor | None

    def __init__(
        self,
        in_features: int,
        num_classes: int,
        *,
        out_features: tuple[int, ...] = (),
        bias: bool = False,
        device: Any = None,
        dtype: torch.dtype | None = None,
        reduction: Reduction = "mean",
        weight: Tensor | None = None,
        ignore_index: int | None = None,
        label_smoothing: float = 0.0,
        options: Any = None,
        outputs: Collection[Output] = (),
        soft_cap: float | None = None,
        temperature: float = 1.0,
        z_loss: float = 0.0,
        count: float | Tensor | None = None,
        chunk_size: int | None = None,
        loss_dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        self.register_buffer("weight", weight)
        self.classes = (num_classes, *out_features)
        self.linear = nn.Linear(
            in_features, math.prod(self.classes), bias=bias, device=device, dtype=dtype
        )
        self.ignore_index, self.reduction = ignore_index, reduction
        self.count, self.outputs = count, tuple(outputs)
        self.label_smoothing, self.z_loss = label_smoothing, z_loss
        self.soft_cap, self.temperature = soft_cap, temperature
        self.options, self.chunk_size, self.loss_dtype = options, chunk_size, loss_dtype

    def forward(
        self,
        input: Tensor,
        target: Tensor,
        *,
        count: float | Tensor | None = None,
        mask: Tensor | None = None,
    ) -> Any:
        """Return the loss of hidden states and targets; `Outputs` if the module has `outputs`."""
        bias: Tensor | None = self.linear.bias
        return linear_cross_entropy(
            input,
            self.linear.weight.reshape(*self.classes, -1),
            target,
            outputs=self.outputs,
            linear_bias=None if bias is None else bias.reshape(self.classes),
            weight=self.weight,
            reduction=self.reduction,
            ignore_index=self.ignore_index,
            label_smoothing=self.label_smoothing,
            options=self.options,
            soft_cap=self.soft_cap,
            temperature=self.temperature,
            z_loss=self.z_loss,
            count=self.count if count is None else count,
            mask=mask,
            chunk_size=self.chunk_size,
            loss_dtype=self.loss_dtype,
        )
