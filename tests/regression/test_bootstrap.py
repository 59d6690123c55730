"""The bootstrap of a regression, against least squares of the rows drawn, and that of a fit."""

import numpy as np
import pytest

import likeliest as lk
from likeliest.errors import ConvergenceError, DataError, ParameterError

RNG = np.random.default_rng(9)
N = 40
X = np.column_stack([np.ones(N), RNG.normal(50.0, 2.0, N), RNG.normal(size=N)])
Y = X @ [1.0, 0.5, -1.0] + RNG.normal(size=N)
DRAWS = 60


def by_least_squares(times):
    """Return the coefficients and log standard deviation of a normal, rows drawn so often."""
    root = np.sqrt(times)[:, None]
    beta = np.linalg.lstsq(root * X, root[:, 0] * Y, rcond=None)[0]
    return [*beta, 0.5 * np.log(np.sum(times * (Y - X @ beta) ** 2) / times.sum())]


def test_rows_are_drawn_with_replacement():
    b = lk.regress(Y, X[:, 1:], "normal").bootstrap(DRAWS, seed=3, by="rows")
    drawn = np.random.default_rng(3).integers(0, N, (DRAWS, N))
    own = [by_least_squares(np.bincount(rows, minlength=N)) for rows in drawn]
    assert b.replicates == pytest.approx(np.array(own), rel=1e-6, abs=1e-6)
    assert f"{DRAWS} refits to rows drawn anew" in repr(b)


def test_weights_are_counts():
    weights = RNG.integers(1, 4, N).astype(float)
    r = lk.regress(Y, X[:, 1:], "normal", weights=weights)
    b = r.bootstrap(DRAWS, seed=3)
    drawn = np.random.default_rng(3).multinomial(int(weights.sum()), weights / weights.sum(), DRAWS)
    own = [by_least_squares(times.astype(float)) for times in drawn]
    assert b.by == "rows"
    assert b.replicates == pytest.approx(np.array(own), rel=1e-6, abs=1e-6)


def test_clusters_are_drawn_whole():
    clusters = np.arange(N) // 4
    r = lk.regress(Y, X[:, 1:], "normal").with_errors("cluster", clusters)
    b = r.bootstrap(DRAWS, seed=3)
    rng = np.random.default_rng(3)
    drawn = [np.bincount(rng.integers(0, 10, 10), minlength=10)[clusters] for _ in range(DRAWS)]
    own = [by_least_squares(times.astype(float)) for times in drawn]
    assert b.replicates == pytest.approx(np.array(own), rel=1e-6, abs=1e-6)


def test_responses_are_drawn_from_the_regression():
    r = lk.regress(Y, X[:, 1:], "normal")
    b = r.bootstrap(199, seed=1)
    std = r.parameters["std"]
    errors = std * np.sqrt(np.linalg.inv(X.T @ X).diagonal())
    assert b.by == "model"
    assert list(b.standard_errors["mean"].values()) == pytest.approx(errors, rel=0.15)
    low, high = b.ends(0.9, "percentile")
    ordered = np.sort(b.replicates, axis=0)
    assert low == pytest.approx(ordered[9])  # 0.05 · 200 - 1
    assert high == pytest.approx(ordered[189])
    # The estimated spread of a normal is too small, and BCa knows.
    assert b.intervals()["std"]["Intercept"][1] > high[3]


@pytest.mark.parametrize("by", ["rows", "model"])
def test_an_intercept_alone_is_the_bootstrap_of_a_fit(by):
    times = RNG.exponential(3.0, 30)
    r = lk.regress(times, np.ones(30), "exponential")
    low, high = r.bootstrap(149, seed=2, by=by).intervals(0.9)["mean"]["x1"]
    fit = lk.fit(times, "exponential").bootstrap(149, seed=2, by=by).intervals(0.9)["rate"]
    # Ends lie between two replicates, of logarithms here; the skewness of the model is drawn.
    sure = 1e-4 if by == "rows" else 0.03
    assert (np.exp(-high), np.exp(-low)) == pytest.approx(fit, rel=sure)


def test_censored_rows_are_drawn(monkeypatch):
    frame = {"t": RNG.weibull(1.5, 60) * 5, "x": RNG.normal(size=60)}
    frame["seen"] = (frame["t"] < 6.0).astype(float)
    frame["t"] = np.minimum(frame["t"], 6.0)
    r = lk.regress("t ~ x", frame, "weibull", event="seen")
    drawn = r.bootstrap(99)
    assert list(drawn.standard_errors["scale"].values()) == pytest.approx(r.errors[:2], rel=0.3)
    with pytest.raises(DataError, match='by="rows"'):
        r.bootstrap(9, by="model")
    monkeypatch.setattr(lk.Regression, "bootstrap", lambda self: drawn)
    assert r.intervals(0.9, "bootstrap") == drawn.intervals(0.9)


def test_a_parameter_may_end_on_its_bound():
    counts = {"y": RNG.negative_binomial(12, 0.8, 50).astype(float), "x": RNG.normal(size=50)}
    r = lk.regress("y ~ x", counts, "negative binomial")
    b = r.bootstrap(40, by="rows")
    assert not r.bounds
    assert b.failed == 0
    assert np.isneginf(b.replicates[:, 2]).any()
    assert np.isfinite(b.replicates[:, :2]).all()


def test_too_many_without_an_estimate():
    few = {"won": [0, 1, 0, 1, 0, 1, 1], "speed": [1, 2, 3, 4, 5, 6, 7]}
    r = lk.regress("won ~ speed", few, "bernoulli")
    with pytest.raises(ConvergenceError, match="drawn anew have no estimate"):
        r.bootstrap(50)


@pytest.mark.parametrize(
    ("options", "words", "error", "match"),
    [
        ({"penalty": "ridge", "strength": 0.1}, {}, ParameterError, "penalised"),
        ({"sampling_weights": np.full(N, 2.0)}, {}, DataError, "sandwich"),
        ({"weights": np.full(N, 2.0)}, {"by": "model"}, DataError, "rows"),
        ({}, {"by": "model", "clusters": np.arange(N) // 2}, DataError, "whole clusters"),
        ({}, {"clusters": [1, 2]}, DataError, "one id for each"),
        ({}, {"clusters": np.zeros(N)}, DataError, "two rows, or clusters"),
        ({}, {"by": "guess"}, ParameterError, "model, rows"),
        ({}, {"draws": 0}, ParameterError, "draws"),
    ],
)
def test_what_is_refused(options, words, error, match):
    r = lk.regress(Y, X[:, 1:], "normal", **options)
    with pytest.raises(error, match=match):
        r.bootstrap(**{"draws": 5, **words})
