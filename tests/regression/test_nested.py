"""Smaller regressions: without a term, without any; the share of the deviance that is explained."""

import numpy as np
import pytest

import likeliest as lk

RNG = np.random.default_rng(2)
FRAME = {"x": RNG.normal(size=150), "z": RNG.normal(size=150), "g": np.tile(["a", "b", "c"], 50)}
LEVEL = np.exp(1.0 + 0.4 * FRAME["x"])
FRAME["y"] = RNG.poisson(LEVEL * RNG.gamma(2.0, 0.5, 150)).astype(float)
FRAME["w"] = 2.0 + FRAME["x"] + RNG.normal(size=150)


def test_each_term_is_the_regression_without_it():
    r = lk.regress("y ~ x + z + g", FRAME, "negative binomial", formulas={"dispersion": "~ z"})
    dropped = {(t.parameter, t.term): t for t in r.drop_one().tests}
    assert list(dropped) == [("mean", "x"), ("mean", "z"), ("mean", "g"), ("dispersion", "z")]
    for term, rest in (("x", "z + g"), ("z", "x + g"), ("g", "x + z")):
        smaller = lk.regress(
            f"y ~ {rest}", FRAME, "negative binomial", formulas={"dispersion": "~ z"}
        )
        one = dropped["mean", term]
        assert one.log_likelihood == pytest.approx(smaller.log_likelihood, rel=1e-9)
        assert one.aic == pytest.approx(smaller.aic, rel=1e-9)
        assert one.coefficients == (2 if term == "g" else 1)
    assert dropped["mean", "x"].p_value < 0.01 < dropped["mean", "z"].p_value
    assert r.drop_one().to_frame().shape == (4, 7)
    assert "likelihood ratio" in repr(r.drop_one())


def test_a_term_within_an_interaction_stays():
    r = lk.regress("y ~ x * z + g", FRAME, "poisson")
    assert [t.term for t in r.drop_one().tests] == ["g", "x:z"]


def test_the_null_is_an_intercept_alone():
    r = lk.regress("y ~ x + g", FRAME, "poisson")
    alone = lk.regress("y ~ 1", FRAME, "poisson")
    assert r.null_log_likelihood == pytest.approx(alone.log_likelihood, rel=1e-12)
    assert lk.regress("y ~ 0 + x", FRAME, "poisson").null_log_likelihood is None


def test_deviance_explained_by_a_normal_is_r_squared():
    r = lk.regress("w ~ x + z", FRAME, "normal")
    left = FRAME["w"] - r.predict()
    by_hand = 1.0 - np.sum(left**2) / np.sum((FRAME["w"] - np.mean(FRAME["w"])) ** 2)
    assert r.deviance_explained == pytest.approx(by_hand, rel=1e-9)


def test_deviance_explained_of_counts():
    # D = 2 Σ (y log(y/μ) - (y - μ)): McCullagh & Nelder (1989), section 2.3.
    def deviance(mean):
        y = FRAME["y"]
        ratio = np.where(y > 0, y, 1.0) / np.where(y > 0, mean, 1.0)
        return 2.0 * np.sum(y * np.log(ratio) - (y - mean))

    r = lk.regress("y ~ x + g", FRAME, "poisson")
    by_hand = 1.0 - deviance(r.predict()) / deviance(np.full(150, np.mean(FRAME["y"])))
    assert r.deviance_explained == pytest.approx(by_hand, rel=1e-9)


@pytest.mark.parametrize(
    "name", ["gamma", "exponential", "inverse gaussian", "negative binomial", "geometric"]
)
def test_deviance_explained_of_other_families(name):
    discrete = lk.families.find(name).discrete
    frame = FRAME if discrete else {**FRAME, "y": np.exp(FRAME["w"] / 4.0)}
    r = lk.regress("y ~ x", frame, name)
    assert 0.0 < r.deviance_explained < 1.0


def test_no_deviance_of_censored_rows():
    r = lk.regress("w ~ x", FRAME, "normal", event=(FRAME["w"] < 3.0).astype(int))
    assert r.deviance_explained is None
