"""Negative log likelihood of the Laplace distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from likeliest.losses.arguments import only_one
from likeliest.losses.location_scale import Standard, location_scale_nll
from likeliest.numerics import standard

if TYPE_CHECKING:
    from likeliest.losses.reduction import Reduction

_LAPLACE = Standard(standard.laplace, lambda z: (standard.laplace_slope(z), {}))


def laplace_nll(
    input: Any,
    target: Any,
    scale: Any = None,
    *,
    log_scale: Any = None,
    reduction: Reduction = "mean",
    gradient: bool = False,
    validate: bool = False,
    loss_dtype: Any = None,
) -> Any:
    """Negative log likelihood of values under Laplace distributions of given medians.

    log(2 scale) + |target - input| / scale: the `nll` of `Laplace(input, scale)`; with a scale
    of 1 the absolute error and a constant.

    Parameters
    ----------
    input : array or tensor of any shape
        Predicted medians, in the unit of the target.
    target : array or tensor of the shape of `input`
        What was observed. Either of the two may be a single number.
    scale, log_scale : array or tensor that broadcasts to that shape
        Exactly one: the mean size of an error, or its log.
    reduction : {"mean", "sum", "none"}
        Of no values at all, mean and sum are 0.
    gradient : bool
        For NumPy: also return the gradient; by `input` it is 0 at the corner.
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
        Not exactly one of `scale` and `log_scale`; or, if looked at, one out of range.
    DataError
        Shapes that do not fit; or, if looked at, values that are NaN or infinite.

    Source: Johnson, Kotz & Balakrishnan (1995), ch. 24.

    Examples
    --------
    >>> round(float(laplace_nll([2.0, 0.0], [3.0, -1.0], scale=0.5)), 4)
    2.0
    """
    return location_scale_nll(
        "laplace_nll",
        _LAPLACE,
        {"input": input, "target": target},
        only_one("laplace_nll", scale=scale, log_scale=log_scale),
        reduction=reduction,
        gradient=gradient,
        validate=validate,
        loss_dtype=loss_dtype,
    )
