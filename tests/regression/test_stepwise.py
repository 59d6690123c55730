"""Choosing terms: arrays, several parameters, rows with gaps, saving; and what is refused."""

import numpy as np
import pytest

import likeliest as lk
from likeliest.errors import DataError, ParameterError

RNG = np.random.default_rng(4)
N = 120
FRAME = {"x": RNG.normal(size=N), "z": RNG.normal(size=N), "g": np.tile(["a", "b", "c"], N // 3)}
FRAME["y"] = 1.0 + FRAME["x"] + np.exp(0.5 * FRAME["x"]) * RNG.normal(size=N)


def test_terms_of_all_parameters_take_part(tmp_path):
    r = lk.regress("y ~ x + z + g", FRAME, "normal", formulas={"std": "~ x + z"}).stepwise("BIC")
    assert {step.change for step in r.steps.path[1:]} == {"- mean: z", "- mean: g", "- std: z"}
    own = lk.regress("y ~ x", FRAME, "normal", formulas={"std": "~ x"})
    assert r.coefficients["std"] == pytest.approx(own.coefficients["std"], rel=1e-6)
    assert r.bic == pytest.approx(own.bic, abs=1e-8)
    assert "terms chosen by BIC in 3 steps" in repr(r)
    r.save(tmp_path / "r.json")
    loaded = lk.Regression.load(tmp_path / "r.json")
    assert loaded.steps == r.steps
    assert loaded.predict({"x": [0.5]}) == pytest.approx(own.predict({"x": [0.5]}))
    with pytest.raises(DataError, match="needs the data"):
        loaded.stepwise()


def test_columns_whose_names_are_no_words():
    named = FRAME | {"how far": FRAME["x"], "by:pass": FRAME["z"]}
    r = lk.regress("y ~ `how far` * g + `by:pass`", named, "normal").stepwise("BIC")
    assert [name for _, name in r.names] == ["Intercept", "how far", "Intercept"]
    own = lk.regress("y ~ x", FRAME, "normal")
    assert r.predict({"how far": [0.5]}) == pytest.approx(own.predict({"x": [0.5]}), rel=1e-9)


def test_rows_stay_the_same_where_a_term_has_gaps():
    holes = FRAME | {"z": np.where(np.arange(N) < 9, np.nan, FRAME["z"])}
    r = lk.regress("y ~ x + z", holes, "normal", missing="drop").stepwise("BIC")
    assert r.n == N - 9
    assert [name for _, name in r.names] == ["Intercept", "x", "Intercept"]


def test_arrays_keep_their_columns_and_errors_their_kind():
    x = 1e6 + np.column_stack([FRAME["z"], FRAME["x"]])
    clusters = np.repeat(np.arange(N // 4), 4)
    r = lk.regress(FRAME["y"], x, "normal").with_errors("cluster", clusters).stepwise("AICc")
    own = lk.regress(FRAME["y"], x[:, [1]], "normal").with_errors("cluster", clusters)
    assert list(r.coefficients["mean"]) == ["Intercept", "x2"]
    assert r.errors == pytest.approx(own.errors, rel=1e-6)
    assert r.predict(x[:3, [1]]) == pytest.approx(own.predict(x[:3, [1]]), rel=1e-9)


def test_a_parameter_on_its_bound_is_free_again():
    # With its levels a Poisson; without them more spread out than that.
    counts = {"y": RNG.poisson(9.0, 60) // 3 * 3, "g": np.repeat(["a", "b"], 30)}
    counts["y"][:30] += 6
    r = lk.regress("y ~ g", counts, "negative binomial")
    start = r.stepwise("AIC", "forward").steps.path[0]
    own = lk.regress("y ~ 1", counts, "negative binomial")
    assert r.bounds == ("dispersion",)
    assert start.log_likelihood == pytest.approx(own.log_likelihood, abs=1e-8)


@pytest.mark.parametrize(
    ("formula", "options", "error", "word"),
    [
        ("y ~ x + z - 1", {}, ParameterError, "no intercept"),
        ("y ~ 1", {}, ParameterError, "no terms"),
        ("y ~ x", {"penalty": "ridge", "strength": 0.1}, ParameterError, "penalised"),
        ("y ~ x", {"sampling_weights": np.full(N, 2.0)}, DataError, "sample"),
    ],
)
def test_what_cannot_be_chosen_from(formula, options, error, word):
    r = lk.regress(formula, FRAME, "normal", **options)
    with pytest.raises(error, match=word):
        r.stepwise()


def test_words():
    r = lk.regress("y ~ x", FRAME, "normal")
    with pytest.raises(ParameterError, match="AIC, AICc, BIC"):
        r.stepwise("R2")
    with pytest.raises(ParameterError, match="backward, both, forward"):
        r.stepwise(direction="sideways")
