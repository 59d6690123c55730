"""Negative log likelihood of the negative binomial distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from likeliest.losses.arguments import NONNEGATIVE, POSITIVE, REAL, Values, evaluate, only_one
from likeliest.numerics import counts
from likeliest.numerics.arrays import where
from likeliest.numerics.special import exp, log

if TYPE_CHECKING:
    from likeliest.losses.reduction import Reduction


def negative_binomial_nll(
    input: Any,
    target: Any,
    dispersion: Any = None,
    *,
    log_dispersion: Any = None,
    log_input: bool = True,
    reduction: Reduction = "mean",
    gradient: bool = False,
    validate: bool = False,
    loss_dtype: Any = None,
) -> Any:
    """Negative log likelihood of counts that vary more than a Poisson's.

    The `nll` of `NegativeBinomial(mean, dispersion)`, whose variance is mean + dispersion mean²;
    a dispersion of 0 is the Poisson, with the right gradient there.

    Parameters
    ----------
    input : array or tensor of any shape
        Logs of the predicted means; the means, > 0, if `log_input` is False.
    target : array or tensor of the shape of `input`, ≥ 0
        Counts; between whole numbers Γ takes the factorial's place. Either of the two may be a
        single number. In a tensor, what is negative costs ∞.
    dispersion, log_dispersion : array or tensor that broadcasts to that shape
        Exactly one: the dispersion, ≥ 0, or its log.
    log_input : bool
        Whether `input` is the log of the mean.
    reduction : {"mean", "sum", "none"}
        Of no counts at all, mean and sum are 0.
    gradient : bool
        For NumPy: also return the gradient by `input` and by the dispersion.
    validate : bool
        Of tensors, whether to look at the values too and raise as for NumPy.
    loss_dtype : dtype, optional
        Of the loss, a NumPy or a PyTorch one; that of the arguments unless told.

    Returns
    -------
    number, or for "none" an array of the shape of `input`, nats. With `gradient`, a pair: that,
    and a dict from argument name to the gradient by it (for "none", of the sum).

    Raises
    ------
    ParameterError
        Not exactly one of `dispersion` and `log_dispersion`; or, if looked at, one out of range.
    DataError
        Shapes that do not fit; or, if looked at, values that are NaN, infinite or out of range.

    Source: Johnson, Kemp & Kotz (2005), ch. 5; evaluated after Loader (2000).

    Examples
    --------
    >>> round(float(negative_binomial_nll([0.0, 1.0], [2, 3], dispersion=0.5)), 4)
    1.9471
    """
    given = only_one("negative_binomial_nll", dispersion=dispersion, log_dispersion=log_dispersion)

    def member(input: Any, given: Values) -> tuple[Any, Any, Any]:
        """Return mean, log mean and dispersion."""
        d = given["dispersion"] if "dispersion" in given else exp(given["log_dispersion"])
        return (exp(input), input, d) if log_input else (input, log(input), d)

    def formula(input: Any, target: Any, **given: Any) -> Any:
        counted = ~(target < 0)  # a NaN stays, to be seen
        mass = counts.negative_binomial(where(counted, target, 0.0), *member(input, given))
        return where(counted, -mass, float("inf"))

    def derivatives(input: Any, target: Any, **given: Any) -> Values:
        mean, _, d = member(input, given)
        by_dispersion = counts.negative_binomial_by_dispersion(target, mean, d)
        excess = mean - target if log_input else (mean - target) / mean
        return {
            "input": excess * counts.shares(mean, d)[0],
            next(iter(given)): -by_dispersion * (d if "log_dispersion" in given else 1.0),
        }

    return evaluate(
        "negative_binomial_nll",
        formula,
        derivatives,
        {"input": input, "target": target, **given},
        {
            "input": REAL if log_input else POSITIVE,
            "target": NONNEGATIVE,
            "dispersion": NONNEGATIVE,
        },
        reduction=reduction,
        gradient=gradient,
        validate=validate,
        loss_dtype=loss_dtype,
    )
