"""Negative log likelihood of the normal distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from likeliest.losses.arguments import only_one
from likeliest.losses.location_scale import Standard, location_scale_nll
from likeliest.numerics import standard

if TYPE_CHECKING:
    from likeliest.losses.reduction import Reduction

NORMAL = Standard(standard.normal, lambda z: (standard.normal_slope(z), {}))


def gaussian_nll(
    input: Any,
    target: Any,
    var: Any = None,
    *,
    std: Any = None,
    log_var: Any = None,
    log_std: Any = None,
    reduction: Reduction = "mean",
    gradient: bool = False,
    validate: bool = False,
    loss_dtype: Any = None,
) -> Any:
    """Negative log likelihood of values under normal distributions of given means.

    ½ log(2π var) + (target - input)² / (2 var): the `nll` of `Normal(input, std)`, constant
    included, with no bound on the variance.

    Parameters
    ----------
    input : array or tensor of any shape
        Predicted means, in the unit of the target.
    target : array or tensor of the shape of `input`
        What was observed. Either of the two may be a single number.
    var, std, log_var, log_std : array or tensor that broadcasts to that shape
        Exactly one: the variance, its root, or the log of either, which may be any real number.
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
        None or several of the four are given; or, if looked at, one out of range.
    DataError
        Shapes that do not fit; or, if looked at, values that are NaN or infinite.

    Source: Nix & Weigend (1994), eq. 5.

    Examples
    --------
    >>> round(float(gaussian_nll([2.5, 0.0], [3.0, -0.5], var=0.25)), 4)
    0.7258
    >>> loss, gradient = gaussian_nll([2.5, 0.0], [3.0, -0.5], log_var=0.0, gradient=True)
    >>> gradient["input"].tolist(), float(gradient["log_var"])
    ([-0.25, 0.25], 0.375)
    """
    return location_scale_nll(
        "gaussian_nll",
        NORMAL,
        {"input": input, "target": target},
        only_one("gaussian_nll", var=var, std=std, log_var=log_var, log_std=log_std),
        reduction=reduction,
        gradient=gradient,
        validate=validate,
        loss_dtype=loss_dtype,
    )
