"""From one loss for each observation to the loss."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.distributions.distribution import Reduction
from likeliest.errors import ParameterError

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array

__all__ = ["Reduction", "check_reduction", "gathered", "reduced"]


def check_reduction(reduction: str) -> None:
    """Raise ParameterError for a word that is none of "none", "mean" and "sum"."""
    if reduction not in {"none", "mean", "sum"}:
        raise ParameterError(f"reduction must be 'none', 'mean' or 'sum'; got {reduction!r}.")


def reduced(terms: Any, reduction: Reduction) -> Any:
    """Return the terms, their sum or their mean; of no terms, sum and mean are 0."""
    if reduction == "none":
        return terms
    total = terms.sum()
    return total if reduction == "sum" else total / max(math.prod(terms.shape), 1)


def gathered(
    gradient: Array, terms: tuple[int, ...], shape: tuple[int, ...], reduction: Reduction
) -> Array:
    """Return the gradient of the reduced loss by an argument (NumPy).

    Parameters
    ----------
    gradient : array that broadcasts to `terms`
        Derivative of each term by its own element of the argument.
    terms : shape of the terms
    shape : shape of the argument
        Where the argument was broadcast, its gradient is the sum over all that it went to.
    reduction : {"none", "mean", "sum"}
        For "none", the gradient of the sum.
    """
    gradient = np.broadcast_to(gradient, terms)
    added = tuple(range(len(terms) - len(shape)))
    stretched = tuple(
        i for i, size in enumerate(terms) if i not in added and shape[i - len(added)] != size
    )
    total = gradient.sum(axis=(*added, *stretched), keepdims=True).reshape(shape)
    return (total / max(math.prod(terms), 1) if reduction == "mean" else total)[()]
