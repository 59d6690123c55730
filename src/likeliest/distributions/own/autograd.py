"""Exact derivatives of a log density that takes tensors, by PyTorch's autograd."""

from __future__ import annotations

from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.distributions.derivatives import Derivatives
from likeliest.errors import FamilyError, MissingExtraError
from likeliest.numerics.arrays import is_tensor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from likeliest.distributions.parameters import Parameter
    from likeliest.numerics.arrays import Array


def require_torch() -> Any:
    """Return PyTorch, or say how to install it.

    Raises
    ------
    MissingExtraError
        If it is not there.
    """
    try:
        import torch
    except ImportError:
        raise MissingExtraError(
            "autograd=True needs PyTorch: pip install 'likeliest[torch]'. Without it derivatives "
            "are from differences, or given as score=."
        ) from None
    return torch


def evaluated(log_prob: Callable[..., Any], x: Array, parameters: Mapping[str, Parameter]) -> Array:
    """Return the log density of arrays by way of tensors, or of tensors as they are."""
    torch: Any = require_torch()
    if is_tensor(x):
        values: Any = x
        given = {n: v if is_tensor(v) else values.new_tensor(v) for n, v in parameters.items()}
        found: Array = log_prob(x, **given)
        return found
    with torch.no_grad():
        given = {name: torch.as_tensor(np.asarray(v)) for name, v in parameters.items()}
        return np.asarray(log_prob(torch.as_tensor(np.asarray(x)), **given))


def by_row(
    log_prob: Callable[..., Any], x: Array, parameters: Mapping[str, Parameter]
) -> Derivatives:
    """Return the log density with its derivatives by the parameters, one entry a value.

    Each value gets parameters of its own, so that the gradient of the sum is that of each.

    Raises
    ------
    FamilyError
        If the function leaves PyTorch on its way.
    """
    torch = require_torch()
    shape = np.broadcast_shapes(np.shape(x), *(np.shape(v) for v in parameters.values()))
    own = {
        name: torch.as_tensor(np.broadcast_to(v, shape).copy()).requires_grad_()
        for name, v in parameters.items()
    }
    leaves = list(own.values())
    try:
        value = log_prob(torch.as_tensor(np.broadcast_to(x, shape).copy()), **own)
        slopes = _gradients(torch, value, leaves)
        bends = [_gradients(torch, slope, leaves) for slope in slopes]
    except (AttributeError, RuntimeError, TypeError) as error:
        raise FamilyError(
            "With autograd=True the log density must work on PyTorch's tensors throughout, with "
            f"torch.log or likeliest.numerics.special.log in the place of np.log: {error}."
        ) from None
    pairs = combinations_with_replacement(range(len(leaves)), 2)
    return Derivatives(
        value.detach().numpy(),
        tuple(slope.detach().numpy() for slope in slopes),
        tuple(bends[i][j].detach().numpy() for i, j in pairs),
    )


def _gradients(torch: Any, value: Any, leaves: list[Any]) -> list[Any]:
    """Return the gradients of the entries of a tensor, 0 where it does not depend on a leaf."""
    if not value.requires_grad:
        return [torch.zeros_like(leaf) for leaf in leaves]
    found = torch.autograd.grad(value.sum(), leaves, create_graph=True, allow_unused=True)
    pairs = zip(found, leaves, strict=True)
    return [torch.zeros_like(leaf) if slope is None else slope for slope, leaf in pairs]
