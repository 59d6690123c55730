"""Bad input: one error that says what, where, and what to do; an empty batch costs nothing."""

import numpy as np
import pytest

import likeliest as lk
from likeliest.errors import DataError, LikeliestError, ParameterError
from losses.cases import CASES, L

Y = [1.0, 2.0, 3.0]
NEEDS = "needs exactly one of"
WRONG = {
    "none given": (
        lambda: L.gaussian_nll(Y, Y),
        ParameterError,
        f"{NEEDS} var, std, log_var.*none",
    ),
    "two given": (
        lambda: L.gaussian_nll(Y, Y, 1.0, log_var=0.0),
        ParameterError,
        f"{NEEDS} .*; got var and log_var",
    ),
    "no scale": (lambda: L.laplace_nll(Y, Y), ParameterError, NEEDS),
    "two scales": (
        lambda: L.student_t_nll(Y, Y, 1.0, df=3.0, log_scale=0.0),
        ParameterError,
        NEEDS,
    ),
    "no dispersion": (lambda: L.negative_binomial_nll(Y, Y), ParameterError, NEEDS),
    "no shape": (lambda: L.gamma_nll(Y, Y), ParameterError, NEEDS),
    "reduction": (
        lambda: L.poisson_nll(Y, Y, reduction="avg"),
        ParameterError,
        "'none', 'mean' or 'sum'; got 'avg'",
    ),
    "a pair of shapes": (
        lambda: L.poisson_nll(np.zeros((3, 1)), Y),
        DataError,
        r"input has shape \(3, 1\) and target \(3,\).*Reshape",
    ),
    "a wider variance": (
        lambda: L.gaussian_nll(Y, Y, np.ones((2, 3))),
        ParameterError,
        r"var has shape \(2, 3\), which does not broadcast .*\(3,\)",
    ),
    "a longer weight": (
        lambda: L.binary_cross_entropy([0.5], [1], np.ones(2)),
        ParameterError,
        r"weight has shape \(2,\)",
    ),
    "words": (lambda: L.poisson_nll(Y, ["a", "b", "c"]), DataError, "target must hold numbers"),
    "complex": (lambda: L.poisson_nll([1j] * 3, Y), DataError, "input must hold numbers"),
    "dates": (
        lambda: L.gaussian_nll(np.array(["2026-01-01"] * 3, "M8[D]"), Y, 1.0),
        DataError,
        "must hold numbers; got datetime64",
    ),
    "a negative variance": (
        lambda: L.gaussian_nll(np.zeros((2, 2)), np.zeros((2, 2)), [[1.0, 2.0], [-2.5, 0.0]]),
        ParameterError,
        r"var must be > 0: 2 of 4 are not \(first: var\[1, 0\] = -2.5\). log_var takes any",
    ),
    "a scale of 0": (lambda: L.laplace_nll(Y, Y, 0.0), ParameterError, r"\(first: scale = 0\)"),
    "an infinite std": (
        lambda: L.gaussian_nll(Y, Y, std=np.inf),
        ParameterError,
        "std must be > 0",
    ),
    "a df of 0": (lambda: L.student_t_nll(Y, Y, 1.0, df=0.0), ParameterError, "∞ included"),
    "a negative dispersion": (
        lambda: L.negative_binomial_nll(Y, Y, -1.0),
        ParameterError,
        "dispersion must be ≥ 0",
    ),
    "a negative shape": (lambda: L.gamma_nll(Y, Y, -1.0), ParameterError, "shape must be > 0"),
    "a negative count": (
        lambda: L.poisson_nll(Y, [0, 2, -1]),
        DataError,
        r"target must be ≥ 0: 1 of 3 are not \(first: target\[2\] = -1\)",
    ),
    "a negative rate": (
        lambda: L.poisson_nll([1.0, -1.0, 0.0], Y, log_input=False),
        DataError,
        r"input must be ≥ 0: .*input\[1\] = -1",
    ),
    "a mean of 0": (
        lambda: L.gamma_nll([0.0], [1.0], 1.0, log_input=False),
        DataError,
        "input must be > 0",
    ),
    "an amount of 0": (lambda: L.gamma_nll([0.0], [0.0], 1.0), DataError, "target must be > 0"),
    "a missing target": (
        lambda: L.gaussian_nll(Y, [1.0, np.nan, 2.0], 1.0),
        DataError,
        r"target must be finite: .*target\[1\] = nan\). Leave out the rows with a missing value",
    ),
    "a missing log variance": (
        lambda: L.gaussian_nll(Y, Y, log_var=np.nan),
        ParameterError,
        "log_var must be finite",
    ),
    "an infinite logit": (
        lambda: L.binary_cross_entropy_with_logits([np.inf], [1.0]),
        DataError,
        "input must be finite",
    ),
    "a chance above 1": (
        lambda: L.binary_cross_entropy([0.5, 1.5], [0, 1]),
        DataError,
        r"input must be in \[0, 1\]: .*input\[1\] = 1.5",
    ),
    "a label of 2": (
        lambda: L.binary_cross_entropy_with_logits([0.5], [2]),
        DataError,
        r"target must be in \[0, 1\]",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_one_error_says_what_is_wrong(name):
    call, kind, message = WRONG[name]
    with pytest.raises(kind, match=message) as caught:
        call()
    assert isinstance(caught.value, LikeliestError)
    assert isinstance(caught.value, ValueError)
    assert "_nll" in str(caught.value) or "binary" in str(caught.value) or name == "reduction"


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_an_empty_batch_costs_nothing(case):
    empty = {name: v[:0] for name, v in case.arguments.items()}
    for reduction in ("mean", "sum"):
        loss, gradients = case(empty, reduction=reduction, gradient=True)
        assert loss == 0.0
        assert all(g.shape == (0,) for g in gradients.values())
    assert case(empty, reduction="none").shape == (0,)
    for name in set(empty) - {"input", "target"}:
        numbers = {**empty, name: case.arguments[name][0]}
        assert case(numbers, gradient=True)[1][name] == 0.0


def test_arguments_are_not_changed():
    values = {"input": np.zeros(3), "target": np.arange(3.0), "var": np.ones(3)}
    kept = {name: v.copy() for name, v in values.items()}
    L.gaussian_nll(**values, gradient=True)
    assert all(np.array_equal(values[name], kept[name]) for name in kept)


def test_lists_and_numbers_are_taken():
    assert L.gaussian_nll(1, 2, var=1) == pytest.approx(lk.Normal(1, 1).nll([2.0]))
    assert L.poisson_nll([0], [True]) == pytest.approx(1.0)


def test_ragged_lists():
    with pytest.raises(DataError, match="gaussian_nll: input must be an array of numbers"):
        L.gaussian_nll([[1.0], [1.0, 2.0]], [1.0], 1.0)
    with pytest.raises(DataError, match="cross_entropy: target must be an array of numbers"):
        L.cross_entropy([[1.0, 2.0]], [[1], [1, 2]])


def test_masked_values_are_not_laid_bare():
    masked = np.ma.masked_equal([1.0, 99.0], 99.0)
    with pytest.raises(DataError, match="target is a masked array that hides 1 of 2"):
        L.gaussian_nll([1.0, 1.0], masked, 1.0)
    assert L.gaussian_nll([1.0], np.ma.masked_array([1.0]), 1.0) > 0
