"""Negative log likelihood of the gamma distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from likeliest.losses.arguments import POSITIVE, REAL, Values, evaluate, only_one
from likeliest.losses.location_scale import decayed
from likeliest.numerics.arrays import where
from likeliest.numerics.gamma import excess_less_log, gamma_log_peak, log_minus_digamma
from likeliest.numerics.saddlepoint import log_ratio
from likeliest.numerics.special import exp, log

if TYPE_CHECKING:
    from likeliest.losses.reduction import Reduction


def gamma_nll(
    input: Any,
    target: Any,
    shape: Any = None,
    *,
    log_shape: Any = None,
    log_input: bool = True,
    reduction: Reduction = "mean",
    gradient: bool = False,
    validate: bool = False,
    loss_dtype: Any = None,
) -> Any:
    """Negative log likelihood of positive values under gamma distributions of given means.

    The `nll` of `Gamma(shape, scale=mean/shape)`, whose relative standard deviation is 1/√shape:
    a loss for durations, amounts and other values whose errors grow with them.

    Parameters
    ----------
    input : array or tensor of any shape
        Logs of the predicted means; the means, > 0, if `log_input` is False.
    target : array or tensor of the shape of `input`, > 0
        What was observed. Either of the two may be a single number. In a tensor, what is not
        above 0 costs ∞.
    shape, log_shape : array or tensor that broadcasts to that shape
        Exactly one: the shape, > 0 (1 is the exponential), or its log.
    log_input : bool
        Whether `input` is the log of the mean.
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
        Not exactly one of `shape` and `log_shape`; or, if looked at, one out of range.
    DataError
        Shapes that do not fit; or, if looked at, values that are NaN, infinite or not above 0.

    Source: McCullagh & Nelder (1989), ch. 8.

    Examples
    --------
    >>> round(float(gamma_nll([0.0, 1.0], [1.5, 2.0], shape=2.0)), 4)
    1.3002
    """
    given = only_one("gamma_nll", shape=shape, log_shape=log_shape)

    def parts(input: Any, target: Any, given: Values) -> tuple[Any, Any, Any]:
        """Return the shape, target/mean - 1, and that less the log of target/mean."""
        k = given["shape"] if "shape" in given else exp(given["log_shape"])
        if log_input:
            excess, ratio = target * decayed(input) - 1.0, log(target) - input
        else:
            excess, ratio = (target - input) / input, log_ratio(target, input)
        return k, excess, excess_less_log(excess, ratio)

    def formula(input: Any, target: Any, **given: Any) -> Any:
        inside = ~(target <= 0)  # a NaN stays, to be seen
        x = where(inside, target, 1.0)
        k, _, curve = parts(input, x, given)
        return where(inside, k * curve + log(x) - gamma_log_peak(k), float("inf"))

    def derivatives(input: Any, target: Any, **given: Any) -> Values:
        k, excess, curve = parts(input, target, given)
        by_mean = -k * excess
        return {
            "input": by_mean if log_input else by_mean / input,
            "target": (k * excess + 1.0) / target,
            next(iter(given)): (curve - log_minus_digamma(k))
            * (k if "log_shape" in given else 1.0),
        }

    return evaluate(
        "gamma_nll",
        formula,
        derivatives,
        {"input": input, "target": target, **given},
        {"input": REAL if log_input else POSITIVE, "target": POSITIVE, "shape": POSITIVE},
        reduction=reduction,
        gradient=gradient,
        validate=validate,
        loss_dtype=loss_dtype,
    )
