"""A saved regression predicts as the one that was fitted, and loading runs no code."""

import json

import numpy as np
import pytest

import likeliest as lk
from likeliest.errors import DataError, MissingExtraError, ParameterError

RNG = np.random.default_rng(7)
FRAME = {
    "x": RNG.normal(size=120),
    "z": 1e5 + RNG.normal(size=120),
    "g": np.tile(["a", "b", "c"], 40),
    "k": np.tile([1, 2, 3, 4], 30),
    "hours": RNG.uniform(1.0, 2.0, 120),
}
FRAME["y"] = RNG.gamma(2.0, np.exp(0.3 * FRAME["x"]))
NEW = {name: column[:7] for name, column in FRAME.items()}
FORMULAS = [
    "y ~ x + z",
    "y ~ bs(x, df=5) + g",
    "y ~ poly(x, 3) * g",
    "y ~ cr(x, df=4) - 1",
    "y ~ cr(x, df=5, constraints='center')",
    "y ~ scale(x) + center(z) + C(k, contr.sum)",
    "y ~ 0 + g + g:x",
    "y ~ 1",
]


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_loaded_regression_predicts_the_same(formula, tmp_path):
    r = lk.regress(formula, FRAME, "gamma", formulas={"shape": "~ C(k)"}, exposure="hours")
    r.save(tmp_path / "r.json")
    again = lk.Regression.load(tmp_path / "r.json")
    assert np.array_equal(again.predict(NEW), r.predict(NEW))
    for one in (r, again):
        high = one.estimate(lambda d: d.quantile(0.9), NEW)
        assert np.allclose(
            high.standard_error, r.estimate(lambda d: d.quantile(0.9), NEW).standard_error
        )
    assert again.coefficients == r.coefficients
    assert np.allclose(again.errors, r.errors, rtol=1e-14)
    assert again.to_dict() == r.to_dict()
    assert "likelihood" in repr(again)


def test_levels_are_checked_after_loading(tmp_path):
    r = lk.regress("y ~ g", FRAME, "gamma")
    again = lk.Regression.from_dict(json.loads(json.dumps(r.to_dict())))
    with pytest.raises(DataError, match="level 'd'"):
        again.predict({"g": ["a", "d"]})
    with pytest.raises(DataError, match="needs the data"):
        again.residuals()
    with pytest.raises(DataError, match="needs the data"):
        again.with_errors("sandwich")


def test_a_hostile_formula_in_a_file():
    saved = lk.regress("y ~ x", FRAME, "gamma").to_dict()
    saved["predictors"][0]["formula"] = "x + __import__('os').getpid()"
    with pytest.raises(ParameterError, match="not evaluated"):
        lk.Regression.from_dict(saved)


def test_functions_of_a_caller_are_given_again():
    context = {"hinge": lambda x: np.maximum(x, 0.0)}
    r = lk.regress("y ~ hinge(x)", FRAME, "gamma", context=context)
    saved = json.loads(json.dumps(r.to_dict()))
    with pytest.raises(ParameterError, match="hinge"):
        lk.Regression.from_dict(saved)
    again = lk.Regression.from_dict(saved, context)
    assert np.array_equal(again.predict(NEW), r.predict(NEW))


@pytest.mark.parametrize("wrong", [3, {}, {"format": "likeliest regression 1"}])
def test_no_regression(wrong):
    with pytest.raises(DataError, match="not a saved regression"):
        lk.Regression.from_dict(wrong)


def test_a_saved_regression_of_arrays():
    X = np.column_stack([FRAME["x"], FRAME["z"]])
    r = lk.regress(FRAME["y"], X, "weibull")
    again = lk.Regression.from_dict(json.loads(json.dumps(r.to_dict())))
    assert np.array_equal(again.predict(X[:5]), r.predict(X[:5]))


def test_a_loaded_formula_needs_formulaic(monkeypatch):
    import sys

    r = lk.regress("y ~ x", FRAME, "gamma")
    again = lk.Regression.from_dict(r.to_dict())
    monkeypatch.setitem(sys.modules, "formulaic", None)
    with pytest.raises(MissingExtraError):
        again.predict(NEW)
