"""Families of rows against SciPy's densities, and their own laws."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.stats

import likeliest as lk

ROOT = np.array([[1.0, 0.0, 0.0], [0.6, 2.0, 0.0], [-1.0, 0.3, 0.5]])
MEAN, COV = np.array([1.0, -2.0, 3.0]), ROOT @ ROOT.T
NAMES = ("a", "b", "c")
ALPHA, SHARES = [2.0, 0.7, 5.0], [0.5, 0.3, 0.2]
MEMBERS = {
    "normal": (lk.MultivariateNormal(MEAN, COV, NAMES), scipy.stats.multivariate_normal(MEAN, COV)),
    "t": (lk.MultivariateT(4.5, MEAN, COV, NAMES), scipy.stats.multivariate_t(MEAN, COV, 4.5)),
    "dirichlet": (lk.Dirichlet(ALPHA, NAMES), scipy.stats.dirichlet(ALPHA)),
    "multinomial": (lk.Multinomial(9, SHARES, NAMES), scipy.stats.multinomial(9, SHARES)),
    "dirichlet-multinomial": (
        lk.DirichletMultinomial(9, ALPHA, NAMES), scipy.stats.dirichlet_multinomial(ALPHA, 9),
    ),
}  # fmt: skip
LABELS = lk.Categorical({"dry": 0.7, "rain": 0.2, 3: 0.1})


@pytest.mark.parametrize("name", MEMBERS)
def test_log_densities_are_those_of_scipy(name):
    ours, theirs = MEMBERS[name]
    rows = ours.sample((4, 5), seed=1)
    expected = theirs.logpmf if ours.discrete else theirs.logpdf
    by_row = np.array([expected(row) for row in rows.reshape(-1, 3)]).reshape(4, 5)
    np.testing.assert_allclose(ours.log_prob(rows), by_row, rtol=0, atol=1e-12)
    weights = np.arange(20.0)
    assert ours.log_likelihood(rows.reshape(-1, 3), weights) == pytest.approx(
        weights @ by_row.ravel(), abs=1e-10
    )
    columns = dict(zip("cab", rows[0].T[[2, 0, 1]], strict=True))
    for frame in (columns, pd.DataFrame(columns), pl.DataFrame(columns)):
        np.testing.assert_array_equal(ours.log_prob(frame), ours.log_prob(rows[0]))


@pytest.mark.parametrize("name", ["normal", "t", "dirichlet", "multinomial"])
def test_entropy_is_that_of_scipy(name):
    ours, theirs = MEMBERS[name]
    assert ours.entropy == pytest.approx(theirs.entropy(), abs=1e-10)


@pytest.mark.parametrize("name", MEMBERS)
def test_moments_are_those_of_draws(name):
    ours, _ = MEMBERS[name]
    rows = ours.sample(40_000, seed=2)
    spread = ours.std / np.sqrt(len(rows))
    assert (np.abs(rows.mean(axis=0) - ours.mean) < 4.5 * spread).all()
    off = rows - ours.mean
    products = off[:, :, None] * off[:, None, :]
    spread = products.std(axis=0) / np.sqrt(len(rows))
    assert (np.abs(products.mean(axis=0) - ours.cov) <= 5.0 * spread).all()


@pytest.mark.parametrize("name", ["normal", "t", "dirichlet", "dirichlet-multinomial"])
def test_score_is_the_derivative(name):
    ours, _ = MEMBERS[name]
    row = ours.sample(seed=3)
    by_formula = np.array([*map(float, ours.score(row).values())]) @ ours.slopes()
    steps = 1e-5 * np.eye(by_formula.size)
    up, down = ([ours.moved(sign * u).log_prob(row) for u in steps] for sign in (1, -1))
    np.testing.assert_allclose(by_formula, np.subtract(up, down) / 2e-5, atol=1e-8)


@pytest.mark.parametrize("name", ["normal", "t", "dirichlet"])
def test_information_is_the_variance_of_the_score(name):
    """In the coordinates, where it is some unit for each of them."""
    ours, _ = MEMBERS[name]
    rows = ours.sample(60_000, seed=4)
    scores = np.array([*ours.score(rows).values()]).T @ ours.slopes()
    expected = ours.slopes().T @ ours.information() @ ours.slopes()
    products = scores[:, :, None] * scores[:, None, :]
    error = products.std(axis=0) / np.sqrt(len(rows))
    assert (np.abs(products.mean(axis=0) - expected) < 4.5 * error).all()


@pytest.mark.parametrize("name", ["normal", "t"])
def test_joint_is_marginal_times_conditional(name):
    ours, _ = MEMBERS[name]
    row = np.array([0.5, -1.0, 4.0])
    rest = ours.conditional({"c": row[2], "a": row[0]})
    split = ours.marginal(["a", "c"]).log_prob(row[[0, 2]]) + rest.log_prob(row[[1]])
    assert split == pytest.approx(float(ours.log_prob(row)), abs=1e-12)
    alone = ours.marginal(["b"]).log_prob([[1.0], [2.0]])
    np.testing.assert_allclose(alone, ours.marginal("b").log_prob([1.0, 2.0]), atol=1e-12)
    filled = ours.impute([[row[0], np.nan, row[2]], row])
    np.testing.assert_allclose(filled, [[row[0], rest.centre[0], row[2]], row], atol=1e-12)
    assert ours.mahalanobis(row) ** 2 == pytest.approx(
        (row - MEAN) @ np.linalg.inv(COV) @ (row - MEAN)
    )


def test_marginals_of_the_others_are_one_dimensional_families():
    for name in ("dirichlet", "multinomial", "dirichlet-multinomial"):
        ours, _ = MEMBERS[name]
        for at, column in enumerate(NAMES):
            one = ours.marginal(column)
            assert float(one.mean) == pytest.approx(ours.mean[at])
            assert float(one.var) == pytest.approx(ours.cov[at, at])


def test_probability_of_a_box():
    inf = np.inf
    for name in ("normal", "t"):
        ours, _ = MEMBERS[name]
        one = ours.probability([0.0, -inf, -inf], [2.0, inf, inf])
        exact = float(ours.marginal("a").probability(0.0, 2.0))
        assert abs(one.value - exact) < 1e-4
        assert one.error < 1e-4
    # Sheppard (1899): an orthant of two is 1/4 + asin(r)/2π.
    both = lk.MultivariateNormal([0, 0], [[1, 0.3], [0.3, 1]])
    expected = 0.25 + np.arcsin(0.3) / (2 * np.pi)
    assert both.cdf([0, 0]).value == pytest.approx(expected, abs=1e-9)
    assert both.probability([1, 0], [1, 2]).value == 0.0


def test_infinite_df_is_the_normal():
    normal, _ = MEMBERS["normal"]
    t = lk.MultivariateT(np.inf, MEAN, COV, NAMES)
    rows = normal.sample(5, seed=1)
    np.testing.assert_array_equal(t.log_prob(rows), normal.log_prob(rows))
    np.testing.assert_array_equal(t.sample(5, seed=1), rows)
    assert t.entropy == normal.entropy
    assert t.conditional({"a": 2.0}).scale.tolist() == normal.conditional({"a": 2.0}).cov.tolist()
    large = lk.MultivariateT(1e9, MEAN, COV, NAMES).log_prob(rows)
    np.testing.assert_allclose(large, normal.log_prob(rows), rtol=1e-7)


def test_labels_are_of_any_type():
    assert LABELS.log_prob("rain") == np.log(0.2)
    assert LABELS.log_prob(["rain", 3, "hail"]).tolist() == [np.log(0.2), np.log(0.1), -np.inf]
    assert LABELS.mode == "dry"
    assert LABELS.entropy == pytest.approx(scipy.stats.entropy([0.7, 0.2, 0.1]))
    drawn = lk.Categorical([0.25, 0.75]).sample(1000, seed=1)
    assert 700 < drawn.sum() < 800


def test_labels_that_json_does_not_hold():
    with pytest.raises(lk.errors.DataError, match="type tuple cannot be saved"):
        lk.Categorical({(1, 2): 0.5, "b": 0.5}).to_dict()


def test_outside_the_support():
    assert MEMBERS["dirichlet"][0].log_prob([0.5, 0.4, 0.2]) == -np.inf
    assert MEMBERS["multinomial"][0].log_prob([5, 4, 1]) == -np.inf
    assert MEMBERS["multinomial"][0].log_prob([4.5, 4.5, 0]) == -np.inf
    assert MEMBERS["dirichlet-multinomial"][0].log_prob([10, -1, 0]) == -np.inf


def test_distributions_survive_json():
    for ours in (*(pair[0] for pair in MEMBERS.values()), LABELS,
                 lk.MultivariateT(np.inf, MEAN, COV), lk.Multinomial(None, SHARES)):  # fmt: skip
        again = lk.distributions.multivariate.from_dict(ours.to_dict())
        assert repr(again) == repr(ours)
        assert type(again) is type(ours)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: lk.MultivariateNormal([0, 0], [[1, 2], [2, 1]]), "positive definite"),
        (lambda: lk.MultivariateNormal([0, 0], [[1, 0], [0.5, 1]]), "symmetric"),
        (lambda: lk.MultivariateNormal([0, 0], [[1, 0, 0]]), "2 rows of 2"),
        (lambda: lk.MultivariateNormal([0, 0], [[0, 0], [0, 1]], "ab"), r"cov\[a, a\] must be > 0"),
        (lambda: lk.MultivariateNormal([0, np.nan], np.eye(2)), "row of numbers"),
        (lambda: lk.MultivariateT(0.0, [0, 0], np.eye(2)), "df must be > 0"),
        (lambda: lk.Dirichlet([1.0, 0.0]), "all > 0"),
        (lambda: lk.Multinomial(2.5, SHARES), "whole number"),
        (lambda: lk.Multinomial(2, [0.5, 0.4]), "add up to 1"),
        (lambda: lk.Multinomial(None, SHARES).sample(2), "n is None"),
        (lambda: lk.Categorical([0.5, 0.5], ["a", "a"]), "each written in its own way"),
        (lambda: MEMBERS["normal"][0].marginal("z"), "no column 'z'"),
        (lambda: MEMBERS["normal"][0].conditional(dict.fromkeys("abc", 0)), "none is left"),
        (lambda: MEMBERS["normal"][0].log_prob([1.0, 2.0]), "needs 3 values in a row"),
    ],
)
def test_bad_arguments_are_named(make, says):
    with pytest.raises((lk.errors.ParameterError, lk.errors.DataError), match=says):
        make()
