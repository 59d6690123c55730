"""Binary cross entropy: the negative log likelihood of the Bernoulli distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from likeliest.losses.arguments import PROBABILITY, Values, evaluate
from likeliest.numerics import counts
from likeliest.numerics.arrays import where
from likeliest.numerics.special import log, log1p, sigmoid, softplus

if TYPE_CHECKING:
    from likeliest.losses.reduction import Reduction


def binary_cross_entropy(
    input: Any,
    target: Any,
    weight: Any = None,
    *,
    reduction: Reduction = "mean",
    gradient: bool = False,
    validate: bool = False,
) -> Any:
    """Binary cross entropy from probabilities; from logits it is closer to the truth.

    -weight (target log p + (1 - target) log(1 - p)): the `nll` of `Bernoulli(p)`. A probability of
    exactly 0 or 1 costs nothing where it is right and ∞ where it is wrong.

    Parameters
    ----------
    input : array or tensor of any shape
        Predicted probabilities of a 1, in [0, 1].
    target : array or tensor of the shape of `input`
        What was observed, 0 or 1, or a probability. Either of the two may be a single number.
    weight : array or tensor that broadcasts to that shape, optional
        Multiplies the losses; the mean is over their number, not their weight.
    reduction : {"mean", "sum", "none"}
        Of no values at all, mean and sum are 0.
    gradient : bool
        For NumPy: also return the gradient by `input` and `target`.
    validate : bool
        Of tensors, whether to look at the values too and raise as for NumPy.

    Returns
    -------
    number, or for "none" an array of the shape of `input`, nats. With `gradient`, a pair: that,
    and a dict from argument name to the gradient by it (for "none", of the sum).

    Raises
    ------
    DataError
        Shapes that do not fit; or, if looked at, values that are NaN or outside [0, 1].

    Source: Bishop (2006), eq. 4.90.

    Examples
    --------
    >>> round(float(binary_cross_entropy([0.9, 0.2, 1.0], [1, 0, 1])), 4)
    0.1095
    """
    return evaluate(
        "binary_cross_entropy",
        of_probability,
        _by_probability,
        {"input": input, "target": target, "weight": weight},
        {"input": PROBABILITY, "target": PROBABILITY},
        reduction=reduction,
        gradient=gradient,
        validate=validate,
    )


def binary_cross_entropy_with_logits(
    input: Any,
    target: Any,
    weight: Any = None,
    *,
    pos_weight: Any = None,
    reduction: Reduction = "mean",
    gradient: bool = False,
    validate: bool = False,
) -> Any:
    """Binary cross entropy from logits: right to the last digits at any margin.

    weight (pos_weight target log(1 + exp(-input)) + (1 - target) log(1 + exp(input))): without
    weights the `nll` of `Bernoulli(1/(1 + exp(-input)))`.

    Parameters
    ----------
    input : array or tensor of any shape
        Predicted log odds of a 1.
    target : array or tensor of the shape of `input`
        What was observed, 0 or 1, or a probability. Either of the two may be a single number.
    weight : array or tensor that broadcasts to that shape, optional
        Multiplies the losses; the mean is over their number, not their weight.
    pos_weight : array or tensor that broadcasts to that shape, optional
        Multiplies the loss of a 1: above 1 it makes misses dearer than false alarms.
    reduction : {"mean", "sum", "none"}
        Of no values at all, mean and sum are 0.
    gradient : bool
        For NumPy: also return the gradient by `input` and `target`.
    validate : bool
        Of tensors, whether to look at the values too and raise as for NumPy.

    Returns
    -------
    number, or for "none" an array of the shape of `input`, nats. With `gradient`, a pair: that,
    and a dict from argument name to the gradient by it (for "none", of the sum).

    Raises
    ------
    DataError
        Shapes that do not fit; or, if looked at, values that are NaN or out of range.

    Source: Bishop (2006), eqs. 4.59 and 4.90.

    Examples
    --------
    >>> float(binary_cross_entropy_with_logits(50.0, 1.0))
    1.9287498479639178e-22
    """
    return evaluate(
        "binary_cross_entropy_with_logits",
        of_logit,
        _by_logit,
        {"input": input, "target": target, "weight": weight, "pos_weight": pos_weight},
        {"target": PROBABILITY},
        reduction=reduction,
        gradient=gradient,
        validate=validate,
    )


def of_probability(input: Any, target: Any, weight: Any = 1.0) -> Any:
    """Return each observation's loss, from the probability of a 1."""
    return weight * counts.bernoulli_nll(target, _weighed(input, weight))


def _weighed(input: Any, weight: Any) -> Any:
    """Return the probabilities, within (0, 1) where the weight is 0: 0 · ∞ would be no number."""
    certain = (input == 0.0) | (input == 1.0)
    return where((weight == 0.0) & certain, 0.5, input)


def _by_probability(input: Any, target: Any, weight: Any = 1.0) -> Values:
    p = _weighed(input, weight)
    one = where(target != 0.0, target / where(target != 0.0, p, 1.0), 0.0)
    none = where(target != 1.0, (1.0 - target) / where(target != 1.0, 1.0 - p, 1.0), 0.0)
    by_target = log1p(-p) - log(p)
    return {"input": weight * (none - one), "target": weight * by_target}


def of_logit(input: Any, target: Any, weight: Any = 1.0, pos_weight: Any = 1.0) -> Any:
    """Return each observation's loss, from the log odds of a 1."""
    return weight * counts.bernoulli_nll_of_logit(target, input, pos_weight)


def _by_logit(input: Any, target: Any, weight: Any = 1.0, pos_weight: Any = 1.0) -> Values:
    by_input = (1.0 - target) * sigmoid(input) - pos_weight * target * sigmoid(-input)
    by_target = pos_weight * softplus(-input) - softplus(input)
    return {"input": weight * by_input, "target": weight * by_target}
