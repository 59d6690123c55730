"""Regressor keeps the habits of scikit-learn: its own checks, and what `regress` gives."""

import pickle

import numpy as np
import polars as pl
import pytest
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import estimator_checks_generator

import likeliest as lk

# Some checks fit data without any scatter, where a normal law has no likeliest spread.
SQUARES = lk.Regressor("normal", fixed={"std": 1.0})
WIDE = "its data have more columns than rows, of which no likeliest coefficients exist"
CHECKS = list(
    estimator_checks_generator(
        SQUARES,
        expected_failed_checks={"check_sample_weight_equivalence_on_dense_data": WIDE},
        mark="xfail",
    )
)


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(5)
    x, group = rng.normal(size=200), rng.integers(0, 3, 200)
    y = rng.poisson(np.exp(0.5 + 0.4 * x + 0.3 * group))
    return {"x": x, "group": [*map("abc".__getitem__, group)], "y": y}


def _name(one):
    return one.func.__name__ if hasattr(one, "func") else "model"


@pytest.mark.parametrize(("model", "check"), CHECKS, ids=_name)
def test_scikit_learn_s_own_checks(model, check):
    check(model)


def test_all_of_its_checks_are_run():
    assert len(CHECKS) > 50


def test_weights_are_repetitions(rows):
    X, y = np.column_stack([rows["x"]]), rows["y"]
    weights = np.random.default_rng(1).integers(0, 4, y.size)
    weighted = lk.Regressor("poisson").fit(X, y, sample_weight=weights)
    repeated = lk.Regressor("poisson").fit(X.repeat(weights, axis=0), y.repeat(weights))
    np.testing.assert_allclose(weighted.predict(X), repeated.predict(X), rtol=1e-9)


def test_it_is_what_regress_gives(rows):
    X, y = np.column_stack([rows["x"]]), rows["y"]
    model = lk.Regressor("negative binomial", links={"mean": "log"}).fit(X, y)
    r = lk.regress(y, X, "negative binomial")
    assert model.regression_.coefficients == r.coefficients
    assert model.log_score(X, y) == pytest.approx(r.log_likelihood / y.size, rel=1e-12)
    np.testing.assert_array_equal(model.predict_distribution(X).mean, model.predict(X))


def test_a_formula_reads_a_frame_with_or_without_its_response(rows):
    frame = pl.DataFrame(rows)
    named = lk.Regressor("poisson", formula="y ~ x + group").fit(frame)
    given = lk.Regressor("poisson", formula="~ x + group").fit(frame.drop("y"), rows["y"])
    assert named.regression_.coefficients == given.regression_.coefficients
    assert named.score(frame) == given.score(frame.drop("y"), rows["y"]) > 0.3
    assert named.log_score(frame) == pytest.approx(named.regression_.log_likelihood / 200)
    with pytest.raises(lk.errors.DataError, match="names the response: give no y"):
        named.fit(frame, rows["y"])
    with pytest.raises(lk.errors.DataError, match="y is needed"):
        given.fit(frame)


def test_columns_of_a_frame_keep_their_names(rows):
    pandas = pytest.importorskip("pandas")
    X = pandas.DataFrame({"speed": rows["x"]})
    model = lk.Regressor("poisson").fit(X, rows["y"])
    assert list(model.regression_.coefficients["rate"]) == ["Intercept", "speed"]
    assert model.feature_names_in_.tolist() == ["speed"]


def test_pipelines_searches_and_pickles(rows):
    X, y = np.column_stack([rows["x"], rows["x"] ** 2]), rows["y"]
    line = make_pipeline(StandardScaler(), lk.Regressor("poisson"))
    assert cross_val_score(line, X, y, cv=4).mean() > 0.05
    search = GridSearchCV(
        lk.Regressor(),
        {"family": ["poisson", "negative binomial", "geometric"]},
        scoring=lambda model, X, y: model.log_score(X, y),
        cv=4,
    ).fit(X, y)
    assert search.best_params_["family"] != "geometric"
    best = search.best_estimator_
    again = pickle.loads(pickle.dumps(best))  # noqa: S301
    np.testing.assert_array_equal(again.predict(X), best.predict(X))


def test_what_is_wrong_is_said(rows):
    X, y = np.column_stack([rows["x"]]), rows["y"]
    with pytest.raises(NotFittedError):
        lk.Regressor("poisson").predict(X)
    with pytest.raises(lk.errors.ParameterError, match="go with formula="):
        lk.Regressor("normal", formulas={"std": "~ x"}).fit(X, y)
    with pytest.raises(lk.errors.UnboundedLikelihoodError, match="std"):
        lk.Regressor().fit(X, 2.0 * X[:, 0])
