"""The likelihood losses are the families' nll, and the textbook's, to the last digits."""

import itertools

import numpy as np
import pytest
from mpmath import mp

import likeliest as lk
from losses.cases import BY_NAME, CASES, L

INF = float("inf")
FAR = [-700.0, -100.0, -1.0, 0.0, 0.5, 3.0, 100.0, 700.0]
COUNTS = [0.0, 1.0, 2.0, 3.0, 14.0, 15.0, 16.0, 100.0, 1e6, 1e15]
DISPERSIONS = [0.0, 1e-300, 1e-100, 1e-20, 1e-12, 1e-6, 1e-3, 0.05, 0.07, 0.5, 1.0, 10.0, 1e5, 1e20]
SIZES = [0.0, 1e-200, 1e-3, 1.0, 1e5, 1e100]
EXTREMES = {
    "gaussian log_var": {"input": [0.0], "target": SIZES, "log_var": FAR},
    "gaussian log_std": {"input": [0.0], "target": SIZES, "log_std": [v / 2 for v in FAR]},
    "gaussian var": {"input": [3.0], "target": SIZES, "var": [1e-300, 1e-9, 1.0, 1e300]},
    "gaussian std": {"input": [3.0], "target": SIZES, "std": [1e-150, 1e-9, 1.0, 1e300]},
    "laplace log_scale": {"input": [0.0], "target": SIZES, "log_scale": FAR},
    "laplace scale": {"input": [-1.0], "target": SIZES, "scale": [1e-300, 1.0, 1e300]},
    "student_t log_scale": {
        "input": [0.0], "target": [0.0, 1e-200, 1e-3, 1.0], "log_scale": FAR,
        "df": [1e-5, 0.5, 3.0, 1e5, 1e12, INF],
    },
    "student_t scale": {
        "input": [1.0], "target": SIZES, "scale": [1e-200, 1.0, 1e200], "df": [1e-5, 3.0, 1e12, INF]
    },
    "poisson log_input": {"input": [*FAR, 10.0, 34.5], "target": COUNTS},
    "poisson rate": {"input": [1e-300, 1e-9, 0.5, 15.0, 1e6, 1e15, 1e15 + 3e7], "target": COUNTS},
    "negative_binomial mean dispersion": {
        "input": [1e-100, 1e-9, 0.3, 15.0, 1e4, 1e15, 1e100], "target": COUNTS,
        "dispersion": DISPERSIONS,
    },
    "negative_binomial log_input log_dispersion": {
        "input": [-300.0, -20.0, 0.0, 2.0, 10.0, 30.0, 300.0], "target": COUNTS,
        "log_dispersion": [-700.0, -300.0, -30.0, -10.0, -1.0, 0.0, 3.0, 40.0],
    },
    "gamma log_input log_shape": {
        "input": FAR, "target": [1e-300, 1e-3, 0.9, 1.0, 1.2, 5.0, 1e300],
        "log_shape": [-10.0, 0.0, 0.9, 5.0, 14.0],
    },
    "gamma mean shape": {
        "input": [1e-300, 1e-3, 1.0, 1.1, 1e300], "target": [1e-300, 1e-3, 0.9, 1.0, 1.2, 1e300],
        "shape": [1e-5, 1.0, 2.5, 100.0, 1e6],
    },
}  # fmt: skip


def grid(values):
    rows = np.array(list(itertools.product(*values.values())))
    return dict(zip(values, rows.T, strict=True))


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_loss_is_the_familys_nll(case):
    target = case.arguments["target"]
    others = [v for name, v in case.arguments.items() if name != "target"]
    possible = np.isin(target, [0.0, 1.0]) if "binary" in case.name else np.full(target.shape, True)
    for reduction in ("none", "sum", "mean"):
        inside = {name: value[possible] for name, value in case.arguments.items()}
        ours = case(inside, reduction=reduction)
        member = case.family(*(v[possible] for v in others))
        theirs = member.nll(target[possible], reduction=reduction)
        assert np.allclose(ours, theirs, rtol=1e-12, atol=1e-12)
        assert np.shape(ours) == np.shape(theirs)


@pytest.mark.parametrize("name", EXTREMES)
def test_loss_is_the_textbooks_at_extremes(name):
    arguments = grid(EXTREMES[name])
    with mp.workdps(700 if "negative_binomial" in name else 80):
        exact = np.array(BY_NAME[name].exact(arguments))
        ours = BY_NAME[name](arguments, reduction="none")
        bounded = np.array([v < 1e307 for v in exact])
        ours_exactly = np.array([mp.mpf(float(v)) for v in ours])
        errors = abs(exact - ours_exactly) / np.maximum(1, abs(exact))
        assert max(errors[bounded]) <= 1e-12
    assert np.all(ours[~bounded] > 1e300)
    assert not np.isnan(ours).any()


MARGINS = [0.0, 1e-3, 1.0, 5.0, 16.0, 36.0, 40.0, 80.0, 81.0, 300.0, 700.0, 1e4]


@pytest.mark.parametrize("target", [0.0, 1.0, 0.3, 1e-10])
def test_binary_cross_entropy_has_its_digits_near_certainty(target):
    z = np.array([*MARGINS, *(-m for m in MARGINS)])
    case = BY_NAME["binary_cross_entropy_with_logits"]
    arguments = {"input": z, "target": np.full(z.shape, target)}
    for exact, ours in zip(case.exact(arguments), case(arguments, reduction="none"), strict=True):
        assert abs(mp.mpf(float(ours)) - exact) <= 1e-13 * exact + mp.mpf(1e-307)


@pytest.mark.parametrize("target", [0.0, 1.0, 0.3])
def test_binary_cross_entropy_of_probabilities_has_its_digits(target):
    p = np.array([1e-300, 1e-17, 0.3, 0.5, 0.9, 1.0 - 1e-15])
    case = BY_NAME["binary_cross_entropy"]
    arguments = {"input": p, "target": np.full(p.shape, target)}
    for exact, ours in zip(case.exact(arguments), case(arguments, reduction="none"), strict=True):
        assert abs(mp.mpf(float(ours)) - exact) <= 1e-13 * exact


def test_binary_cross_entropy_at_certainty():
    loss = L.binary_cross_entropy([0.0, 1.0, 0.0, 1.0], [0, 1, 1, 0], reduction="none")
    assert loss.tolist() == [0.0, 0.0, INF, INF]
    assert not np.signbit(loss).any()


def test_weights_of_binary_cross_entropy():
    z, y = np.array([[0.5, -2.0], [1.0, 3.0]]), np.array([[1.0, 0.0], [0.0, 1.0]])
    plain = L.binary_cross_entropy_with_logits(z, y, reduction="none")
    weighted = L.binary_cross_entropy_with_logits(
        z, y, [2.0, 0.5], pos_weight=[3.0, 7.0], reduction="none"
    )
    assert np.allclose(weighted, plain * [2.0, 0.5] * np.where(y == 1, [3.0, 7.0], 1.0), rtol=1e-15)
    p = 1.0 / (1.0 + np.exp(-z))
    of_chances = L.binary_cross_entropy(p, y, [[2.0], [0.5]], reduction="sum")
    assert of_chances == pytest.approx(np.sum(plain * [[2.0], [0.5]]), rel=1e-14)


@pytest.mark.parametrize("mean", [1e-3, 4.0, 1e6])
def test_without_dispersion_it_is_the_poisson_to_the_last_bit(mean):
    k = np.array([0.0, 1.0, 14.0, 15.0, 1e6])
    rates = np.full(5, mean)
    options = {"log_input": False, "reduction": "none"}
    ours = L.negative_binomial_nll(rates, k, 0.0, **options)
    assert np.array_equal(ours, L.poisson_nll(rates, k, **options))


def test_half_way_between_counts_the_factorial_is_gamma():
    loss = L.poisson_nll([0.0], [0.5])
    assert loss == pytest.approx(float(1 + mp.loggamma(mp.mpf("1.5"))), rel=1e-14)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_rows_columns_and_numbers_broadcast(case):
    whole = {name: np.broadcast_to(v, (3, 6)) for name, v in case.arguments.items()}
    rows = {**case.arguments, "input": whole["input"], "target": whole["target"]}
    assert np.array_equal(case(whole, reduction="none"), case(rows, reduction="none"))
    first = {name: v[0] for name, v in case.arguments.items()}
    one = case({**first, "target": whole["target"][:, :1]}, reduction="none")
    assert one.shape == (3, 1)
    assert case(first) == one[0, 0]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_precision_is_kept(case):
    for dtype, slack in ((np.float32, 2e-5), (np.float16, 2e-2)):
        low = {name: v.astype(dtype) for name, v in case.arguments.items()}
        ours, gradients = case(low, gradient=True, reduction="none")
        assert ours.dtype == dtype
        assert all(g.dtype == dtype for g in gradients.values())
        exact = case({n: v.astype(np.float64) for n, v in low.items()}, reduction="none")
        finite = np.abs(exact) < np.finfo(dtype).max
        assert np.allclose(ours[finite], exact[finite], rtol=slack, atol=slack)
        assert case(low).dtype == dtype
    whole = case({**case.arguments, "target": np.ones(6, int)}, reduction="none")
    assert whole.dtype == np.float64


def test_whole_numbers_beside_float32_stay_float32():
    assert L.poisson_nll(np.float32([0.5, 1.0]), np.array([1, 2])).dtype == np.float32
    assert L.gaussian_nll(np.float32([0.5]), np.float32([1.0]), var=0.5).dtype == np.float32
    assert L.poisson_nll([1, 2], [1, 2]).dtype == np.float64


def test_losses_are_imported_on_demand():
    assert lk.losses is L
    assert set(L.__all__) <= set(dir(L))
    with pytest.raises(AttributeError, match="no attribute 'loss'"):
        lk.loss  # noqa: B018
