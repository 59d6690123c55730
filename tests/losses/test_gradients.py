"""NumPy's gradients are the textbook's derivatives, gathered where arguments were broadcast."""

import numpy as np
import pytest
from mpmath import mp

from losses.cases import BY_NAME, CASES, L


def derivative(case, row, i):
    """Return the derivative of one loss by its i-th argument, to some 25 digits."""
    at = [mp.mpf(float(v)) for v in row]
    with mp.workdps(60):
        return mp.diff(lambda v: case.truth(*at[:i], v, *at[i + 1 :]), at[i])


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_gradient_is_the_textbooks_derivative(case):
    loss, gradients = case(reduction="none", gradient=True)
    assert np.array_equal(loss, case(reduction="none"))
    assert set(gradients) == set(case.arguments) - ({"target"} if case.counts else set())
    rows = list(zip(*case.arguments.values(), strict=True))
    for i, name in enumerate(case.arguments):
        if name not in gradients or (name == "target" and "binary" in case.name):
            continue
        exact = np.array([float(derivative(case, row, i)) for row in rows])
        assert np.allclose(gradients[name], exact, rtol=1e-11, atol=1e-13), name


def test_gradient_by_the_target_of_binary_cross_entropy():
    for case, odds in (
        (BY_NAME["binary_cross_entropy_with_logits"], lambda z: z),
        (BY_NAME["binary_cross_entropy"], lambda p: np.log(p) - np.log1p(-p)),
    ):
        gradient = case(reduction="sum", gradient=True)[1]["target"]
        assert np.allclose(gradient, -odds(case.arguments["input"]), rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_gradients_are_gathered_where_arguments_were_broadcast(case):
    shape = (2, 3)
    whole = {name: v.reshape(shape) for name, v in case.arguments.items()}
    for name in set(whole) - {"input", "target"}:
        for part in (whole[name][:1], whole[name][:, :1], whole[name][0], whole[name][0, 0]):
            spread = np.broadcast_to(part, shape)
            for reduction, size in (("sum", 1), ("mean", 6), ("none", 1)):
                few = case({**whole, name: part}, reduction=reduction, gradient=True)[1][name]
                every = case({**whole, name: spread}, reduction="sum", gradient=True)[1][name]
                assert few.shape == part.shape
                axes = {(1, 3): (0,), (3,): (0,), (2, 1): (1,), (): (0, 1)}[part.shape]
                total = every.sum(axis=axes).reshape(part.shape) / size
                assert np.allclose(few, total, rtol=1e-13, atol=1e-13)


def test_gradient_by_a_single_prediction_is_the_sum():
    y = np.array([1.0, 2.0, 6.0])
    loss, gradients = L.gaussian_nll(2.0, y, var=1.0, gradient=True)
    assert gradients["input"] == pytest.approx(-1.0)
    assert gradients["target"].shape == (3,)
    assert loss.ndim == 0


@pytest.mark.parametrize(
    ("log_mean", "k", "log_dispersion"),
    [
        (1.0, 3.0, -700.0),
        (1.0, 0.0, -40.0),
        (3.0, 15.0, -25.0),
        (700.0, 1.0, 0.0),
        (-300.0, 2.0, 3.0),
    ],
)
def test_gradient_of_the_negative_binomial_at_extremes(log_mean, k, log_dispersion):
    case = BY_NAME["negative_binomial log_input log_dispersion"]
    row = (log_mean, k, log_dispersion)
    _, gradients = L.negative_binomial_nll(
        log_mean, k, log_dispersion=log_dispersion, gradient=True
    )
    with mp.workdps(1500):
        at = [mp.mpf(v) for v in row]
        h = mp.mpf(10) ** -200
        for i, name in ((0, "input"), (2, "log_dispersion")):
            near = [at[j] + (h if j == i else 0) for j in range(3)]
            exact = (case.truth(*near) - case.truth(*at)) / h
            assert abs(gradients[name] - exact) <= 1e-10 * abs(exact) + mp.mpf(1e-300)


def test_gradient_at_a_rate_of_zero():
    loss, gradients = L.poisson_nll([0.0, 0.0], [0, 2], log_input=False, gradient=True)
    assert loss == np.inf
    assert gradients["input"].tolist() == [0.5, -np.inf]


def test_a_certain_and_right_probability_has_a_slope():
    _, gradients = L.binary_cross_entropy([0.0, 1.0], [0, 1], reduction="sum", gradient=True)
    assert gradients["input"].tolist() == [1.0, -1.0]


def test_gradient_near_certainty_keeps_its_digits():
    _, gradients = L.binary_cross_entropy_with_logits(50.0, 1.0, gradient=True)
    assert gradients["input"] == pytest.approx(-float(mp.exp(-50)), rel=1e-14)


def test_gradient_descent_finds_the_fit():
    y = np.array([1.0, 4.0, 2.5, 9.0, 3.0])
    mean, log_var = 0.0, 0.0
    for _ in range(3_000):
        _, gradient = L.gaussian_nll(mean, y, log_var=log_var, gradient=True)
        mean -= 0.3 * gradient["input"]
        log_var -= 0.3 * gradient["log_var"]
    assert mean == pytest.approx(y.mean(), rel=1e-6)
    assert np.exp(log_var) == pytest.approx(y.var(), rel=1e-6)
