"""Negative log likelihood of Student's t distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from likeliest.losses.arguments import POSITIVE_OR_INFINITE, Values, only_one
from likeliest.losses.location_scale import Standard, location_scale_nll
from likeliest.numerics import standard

if TYPE_CHECKING:
    from likeliest.losses.reduction import Reduction
    from likeliest.numerics.arrays import Array


def student_t_nll(
    input: Any,
    target: Any,
    scale: Any = None,
    *,
    df: Any,
    log_scale: Any = None,
    reduction: Reduction = "mean",
    gradient: bool = False,
    validate: bool = False,
    loss_dtype: Any = None,
) -> Any:
    """Negative log likelihood of values under t distributions: a loss that outliers hardly move.

    The `nll` of `StudentT(df, input, scale)`; with df = ∞ that of `Normal(input, scale)`.

    Parameters
    ----------
    input : array or tensor of any shape
        Predicted centres, in the unit of the target.
    target : array or tensor of the shape of `input`
        What was observed. Either of the two may be a single number.
    scale, log_scale : array or tensor that broadcasts to that shape
        Exactly one: the scale, in the unit of the target, or its log.
    df : array or tensor that broadcasts to that shape, > 0, ∞ included
        Degrees of freedom: the fewer, the heavier the tails.
    reduction : {"mean", "sum", "none"}
        Of no values at all, mean and sum are 0.
    gradient : bool
        For NumPy: also return the gradient.
    validate : bool
        Of tensors, whether to look at the values too and raise as for NumPy.
    loss_dtype : dtype, optional
        Of the loss, a NumPy or a PyTorch one; that of the arguments unless told.

    Returns
    -------
    number, or for "none" an array of the shape of `input`, nats. With `gradient`, a pair: that,
    and a dict from each argument's name to the gradient by it (for "none", of the sum).

    Raises
    ------
    ParameterError
        Not exactly one of `scale` and `log_scale`; or, if looked at, a parameter out of range.
    DataError
        Shapes that do not fit; or, if looked at, values that are NaN or infinite.

    Source: Lange, Little & Taylor (1989), eq. 1.

    Examples
    --------
    >>> round(float(student_t_nll(0.0, [0.5, -1.0, 80.0], scale=1.0, df=3.0)), 4)
    6.3566
    """
    return location_scale_nll(
        "student_t_nll",
        _STUDENT_T,
        {"input": input, "target": target},
        only_one("student_t_nll", scale=scale, log_scale=log_scale),
        {"df": (df, POSITIVE_OR_INFINITE)},
        reduction=reduction,
        gradient=gradient,
        validate=validate,
        loss_dtype=loss_dtype,
    )


def _log_density(z: Array, df: Array) -> Array:
    return standard.student_t(z, standard.finite_df(df))


def _slopes(z: Array, df: Array) -> tuple[Array, Values]:
    by_z, by_df = standard.student_t_slopes(z, standard.finite_df(df))
    return by_z, {"df": by_df}


_STUDENT_T = Standard(_log_density, _slopes)
