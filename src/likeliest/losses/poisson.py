"""Negative log likelihood of the Poisson distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from likeliest.losses.arguments import NONNEGATIVE, REAL, Values, evaluate
from likeliest.numerics import counts
from likeliest.numerics.arrays import Array, where
from likeliest.numerics.special import exp

if TYPE_CHECKING:
    from likeliest.losses.reduction import Reduction


def poisson_nll(
    input: Any,
    target: Any,
    *,
    log_input: bool = True,
    reduction: Reduction = "mean",
    gradient: bool = False,
    validate: bool = False,
    loss_dtype: Any = None,
) -> Any:
    """Negative log likelihood of counts under Poisson distributions of given rates.

    rate - target log rate + log target!: the `nll` of `Poisson(rate)`, with the factorial itself.

    Parameters
    ----------
    input : array or tensor of any shape
        Logs of the predicted rates; the rates, ≥ 0, if `log_input` is False.
    target : array or tensor of the shape of `input`, ≥ 0
        Counts; between whole numbers the same formula holds, with log Γ(target + 1). Either of
        the two may be a single number. In a tensor, what is negative costs ∞.
    log_input : bool
        Whether `input` is the log of the rate.
    reduction : {"mean", "sum", "none"}
        Of no counts at all, mean and sum are 0.
    gradient : bool
        For NumPy: also return the gradient by `input`.
    validate : bool
        Of tensors, whether to look at the values too and raise as for NumPy.
    loss_dtype : dtype, optional
        Of the loss, a NumPy or a PyTorch one; that of the arguments unless told.

    Returns
    -------
    number, or for "none" an array of the shape of `input`, nats. With `gradient`, a pair: that,
    and a dict that holds the gradient by `input` (for "none", of the sum).

    Raises
    ------
    DataError
        Shapes that do not fit; or, if looked at, values that are NaN, infinite or negative.

    Source: Johnson, Kemp & Kotz (2005), ch. 4; evaluated after Loader (2000).

    Examples
    --------
    >>> round(float(poisson_nll([0.0, 1.0], [2, 3])), 4)
    1.6016
    """
    return evaluate(
        "poisson_nll",
        of_log_rate if log_input else of_rate,
        _by_log_rate if log_input else _by_rate,
        {"input": input, "target": target},
        {"input": REAL if log_input else NONNEGATIVE, "target": NONNEGATIVE},
        reduction=reduction,
        gradient=gradient,
        validate=validate,
        loss_dtype=loss_dtype,
    )


def of_log_rate(input: Array, target: Array) -> Array:
    """Return each count's loss, from the log of its rate."""
    counted = ~(target < 0)  # a NaN stays, to be seen
    k = where(counted, target, 0.0)
    return where(counted, -counts.poisson_of_log(k, input, exp(input)), float("inf"))


def of_rate(input: Array, target: Array) -> Array:
    """Return each count's loss, from its rate."""
    counted = ~(target < 0)
    return where(counted, -counts.poisson(where(counted, target, 0.0), input), float("inf"))


def _by_log_rate(input: Array, target: Array) -> Values:
    return {"input": exp(input) - target}


def _by_rate(input: Array, target: Array) -> Values:
    # No event is no surprise at any rate, 0 included.
    rate = where(target > 0, input, 1.0)
    return {"input": (rate - target) / rate}
