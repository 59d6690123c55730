"""The same data under each of many candidates: parameters with an axis of their own."""

import numpy as np
import pytest

import likeliest as lk
from likeliest.engines import threads
from likeliest.errors import LikeliestError
from likeliest.likelihood.objective import Objective

X = lk.Gamma(3.0, 2.0).sample(40, seed=2)
WEIGHTS = np.arange(40) % 3 + 0.5


def moved(member, factor):
    """Another member: its first parameter a little off, a whole one by whole numbers."""
    (first, constraint), *_ = type(member).constraints.items()
    value = member.parameters[first]
    off = round(100 * factor - 100) if constraint.whole else value * factor - value
    return type(member)(**{**member.parameters, first: value + off})


def test_each_family_under_three_candidates(family, ordinary):
    x = ordinary.sample(30, seed=1)
    one = [moved(ordinary, factor) for factor in (1.0, 0.99, 0.98)]
    grid = family(
        **{
            name: np.array([[member.parameters[name]] for member in one])
            for name in family.constraints
        }
    )
    expected = [member.log_prob(x).sum() for member in one]
    assert grid.log_likelihood(x) == pytest.approx(expected, rel=1e-13, abs=1e-13)
    assert grid.nll(x).shape == (3,)
    assert grid.nll(x, reduction="mean") == pytest.approx(-np.array(expected) / 30, rel=1e-13)
    assert np.array_equal(grid.nll(x, reduction="none"), -grid.log_prob(x))


@pytest.mark.parametrize("n", [1, 40, 70_000])
def test_as_many_numbers_as_candidates(n):
    x, means = lk.Normal(50, 5).sample(n, seed=3), np.linspace(45.0, 55.0, 7)
    grid = lk.Normal(means[:, None], 5.0)
    expected = [-lk.Normal(mean, 5.0).log_prob(x).sum() for mean in means]
    assert grid.nll(x) == pytest.approx(expected, rel=1e-12)
    assert grid.likelihood(x).shape == (7,)


def test_grids_of_two_parameters():
    means, stds = np.linspace(4.0, 8.0, 5), np.array([1.0, 2.0, 4.0])
    nll = lk.Normal(means[:, None, None], stds[:, None]).nll(X)
    assert nll.shape == (5, 3)
    for i, mean in enumerate(means):
        for j, std in enumerate(stds):
            assert nll[i, j] == pytest.approx(lk.Normal(mean, std).nll(X), rel=1e-12)
    # The least of a fine grid lies by the maximum likelihood estimate.
    fine = np.linspace(X.mean() - 1.0, X.mean() + 1.0, 2_001)
    assert fine[lk.Normal(fine[:, None], X.std()).nll(X).argmin()] == pytest.approx(
        X.mean(), abs=1e-3
    )


def test_weights_and_lists():
    grid = lk.Gamma([[2.0], [3.0]], 2.0)
    expected = [(lk.Gamma(s, 2.0).log_prob(X) * WEIGHTS).sum() for s in (2.0, 3.0)]
    assert grid.log_likelihood(X.tolist(), WEIGHTS) == pytest.approx(expected, rel=1e-13)
    mean = grid.nll(X, WEIGHTS, reduction="mean")
    assert mean == pytest.approx(-np.array(expected) / WEIGHTS.sum(), rel=1e-13)


@pytest.mark.parametrize(
    "seen",
    [
        lk.observe(X, event=np.arange(40) % 4 > 0), lk.observe(lower=X, upper=X + 1.0),
        lk.observe(X + 3.0, entry=2.5), lk.observe(X, rounding=0.5), lk.observe(X, weights=WEIGHTS),
    ],
    ids=["censored", "intervals", "truncated", "rounded", "weighed"],
)  # fmt: skip
def test_whatever_was_seen(seen):
    shapes = (2.0, 2.5, 3.0)
    grid = lk.Gamma(np.array(shapes)[:, None], 2.0)
    expected = [lk.Gamma(shape, 2.0).log_likelihood(seen) for shape in shapes]
    assert grid.log_likelihood(seen) == pytest.approx(expected, rel=1e-13)
    rows = grid.nll(seen, reduction="none")
    assert rows.shape == (3, len(seen))
    assert -rows.sum(axis=1) == pytest.approx(expected, rel=1e-12)


def test_one_thread_is_as_many():
    x = lk.Normal(0.0, 1.0).sample(300_000, seed=4)
    grid = lk.Normal(np.linspace(-1.0, 1.0, 3)[:, None], 1.0)
    many = grid.nll(x)
    before = threads.set_threads(1)
    try:
        assert np.array_equal(grid.nll(x), many)
    finally:
        threads.set_threads(before)


def test_a_parameter_for_each_value_is_still_one_sum():
    means = np.linspace(4.0, 8.0, 40)
    expected = sum(lk.Normal(m, 2.0).log_prob(v) for m, v in zip(means, X, strict=True))
    assert lk.Normal(means, 2.0).log_likelihood(X) == pytest.approx(expected, rel=1e-13)


def test_values_that_no_candidate_holds():
    assert lk.Gamma([[2.0], [3.0]], 2.0).log_likelihood([1.0, -1.0]).tolist() == [-np.inf, -np.inf]


def test_a_member_that_cannot_hold_a_row_has_no_likelihood():
    """Neither sums of the values nor a window with nothing in it show that by themselves."""
    for member in (lk.Uniform(0.0, 1.0), lk.Pareto(2.0, 3.0)):
        for seen in (
            lk.observe([0.5, 2.0]), lk.observe([2.0, 2.5], entry=1.5),
            lk.observe([2.0, 2.5], entry=[1.5, 1.6]), lk.observe([0.5, 2.0], event=[0, 1]),
        ):  # fmt: skip
            assert Objective.of(type(member), seen, {}).value(member) == -np.inf
            assert member.log_likelihood(seen) == -np.inf


def test_shapes_that_do_not_go_together_say_how():
    with pytest.raises(LikeliestError, match=r"shape \(7, 1\)"):
        lk.Normal(np.zeros(7), 1.0).nll(X)


def test_tensors_have_a_gradient_for_each_candidate():
    torch = pytest.importorskip("torch")
    means = torch.tensor([[5.0], [6.0]], dtype=torch.float64, requires_grad=True)
    x = torch.tensor(X)
    nll = lk.Normal(means, 2.0).nll(x)
    assert nll.shape == (2,)
    nll.sum().backward()
    expected = [[-(X - mean).sum() / 4.0] for mean in (5.0, 6.0)]
    assert np.allclose(means.grad.numpy(), expected, rtol=1e-12)
