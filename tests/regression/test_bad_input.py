"""Bad input to a regression: one clear error each, that names column, row and way out."""

import numpy as np
import pytest

import likeliest as lk
from likeliest.errors import (
    DataError,
    FamilyError,
    ParameterError,
    ReadError,
    SupportError,
    UnboundedLikelihoodError,
)

RNG = np.random.default_rng(0)
FRAME = {
    "y": RNG.poisson(3.0, 40).astype(float),
    "x": RNG.normal(size=40),
    "z": RNG.normal(size=40),
    "g": np.tile(["a", "b", "c", "d"], 10),
    "k": np.tile([1.0, 2.0], 20),
}
HOSTILE = [
    "y ~ __import__('os').system('true')",
    "y ~ x + open('file')",
    "y ~ x.__class__",
    "y ~ (lambda: 1)()",
    "y ~ x[0]",
    "y ~ np.log(x)",
    "y ~ x # + open('file')",
    "y ~ eval('1')",
    "y ~ I(__import__)",
    "y ~ {x}",
    "y ~ log(open('file'))",
    "y ~ C(g, contr.__class__)",
    "y ~ x ** 100",
    "y ~ poly(x, **d)",
    "y ~ f'{x}'",
    "y ~ log(x, out=y)",
    "y ~ I(x := 3)",
    "y ~ x if x else z",
    "y ~ 'a'",
    "y ~ [x]",
    "open('file') ~ x",
    "y.mean() ~ x",
    "y ~ " + "(" * 500 + "x" + ")" * 500,
    "y ~ " + "x + " * 5000 + "x",
]


@pytest.mark.parametrize("formula", HOSTILE)
def test_a_hostile_formula_is_never_evaluated(formula):
    with pytest.raises(ParameterError):
        lk.regress(formula, FRAME, "poisson")


def test_a_factor_is_checked_again_as_the_parser_takes_it_out(monkeypatch):
    from likeliest.regression import matrices

    seen = []
    monkeypatch.setattr(matrices, "require_safe", lambda text, functions: seen.append(text))
    lk.regress("y ~ log(x + 10) + z", FRAME, "poisson")
    assert seen == ["log(x + 10)"]


def refused(error, *words):
    """Expect an error whose message holds every word."""
    return pytest.raises(error, match="".join(f"(?=.*{word})" for word in words))


@pytest.mark.parametrize("formula", ["y ~ x | z", "y ~ .", "y ~", "y ~ x ~ z", "", "~ x", 3.0])
def test_no_formula(formula):
    with pytest.raises((ParameterError, DataError)):
        lk.regress(formula, FRAME, "poisson")


def test_no_such_column():
    with refused(ReadError, "zz", "It has y, x"):
        lk.regress("y ~ zz", FRAME, "poisson")


def test_collinear_columns_are_named():
    frame = FRAME | {"w": 2.0 * FRAME["x"] - FRAME["z"]}
    with refused(DataError, "'w'", "'x'", "'z'", "combination"):
        lk.regress("y ~ x + z + w", frame, "poisson")
    with refused(DataError, r"'C\(g\)\[T.b\]'", r"'g\[T.b\]'"):
        lk.regress("y ~ g + C(g)", FRAME, "poisson")


def test_a_constant_column_beside_the_intercept():
    with refused(DataError, "'c'", "the same in every row"):
        lk.regress("y ~ x + c", FRAME | {"c": np.full(40, 3.0)}, "poisson")


def test_fewer_rows_than_coefficients():
    few = {name: column[:3] for name, column in FRAME.items()}
    with refused(DataError, "4 coefficients", "3 rows"):
        lk.regress("y ~ x + z + k", few, "poisson")


def test_missing_covariates():
    frame = FRAME | {"x": np.where(np.arange(40) % 7 == 3, np.nan, FRAME["x"])}
    with refused(DataError, "6 of 40 rows", "no value of x", "row 3", 'missing="drop"'):
        lk.regress("y ~ x", frame, "poisson")
    r = lk.regress("y ~ x", frame, "poisson", missing="drop")
    keep = ~np.isnan(frame["x"])
    some = lk.regress("y ~ x", {n: c[keep] for n, c in frame.items()}, "poisson")
    assert np.array_equal(r.estimates, some.estimates)


def test_missing_categories_and_values():
    frame = FRAME | {"g": [None if i == 5 else g for i, g in enumerate(FRAME["g"])]}
    with refused(DataError, "no value of g", "row 5"):
        lk.regress("y ~ g", frame, "poisson")
    frame = FRAME | {"y": np.where(np.arange(40) == 2, np.nan, FRAME["y"])}
    with pytest.raises(DataError):
        lk.regress("y ~ g", frame, "poisson")
    assert lk.regress("y ~ g", frame, "poisson", missing="drop").n == 39


def test_a_response_outside_the_support():
    with pytest.raises(SupportError):
        lk.regress("y ~ x", FRAME | {"y": FRAME["y"] - 5.0}, "poisson")


def test_a_function_outside_its_domain():
    with refused(DataError, r"log\(x\)", "nan"):
        lk.regress("y ~ log(x)", FRAME, "poisson")


def test_perfect_separation_names_the_column():
    frame = FRAME | {"won": (FRAME["x"] > 0.1).astype(float)}
    with refused(UnboundedLikelihoodError, "prob: x → ∞", "separates"):
        lk.regress("won ~ x + z", frame, "bernoulli")


def test_a_level_without_events_names_its_column():
    frame = FRAME | {"y": np.where(FRAME["g"] == "c", 0.0, FRAME["y"] + 1.0)}
    with refused(UnboundedLikelihoodError, r"g\[T.c\] → -∞"):
        lk.regress("y ~ g", frame, "poisson")


def test_parameters_that_are_not_there():
    with refused(ParameterError, "no parameter 'shape'", "rate"):
        lk.regress("y ~ x", FRAME, "poisson", formulas={"shape": "~ x"})
    with refused(ParameterError, "main parameter"):
        lk.regress("y ~ x", FRAME, "poisson", formulas={"rate": "~ x"})
    with refused(ParameterError, "fixed"):
        lk.regress("y ~ x", FRAME, "normal", fixed={"std": 1.0}, formulas={"std": "~ x"})
    with refused(ParameterError, "link", "one of identity"):
        lk.regress("y ~ x", FRAME, "poisson", links={"rate": "cube"})
    with refused(ParameterError, "logit", "between 0 and 1"):
        lk.regress("y ~ x", FRAME, "poisson", links={"rate": "logit"})
    with refused(ParameterError, "list of 2 numbers"):
        lk.regress("y ~ x", FRAME, "poisson", start={"rate": [0.0]})


def test_a_family_with_corners():
    with refused(FamilyError, "laplace", "corners"):
        lk.regress("y ~ x", FRAME, "laplace")


def test_exposure():
    with refused(DataError, "exposure", "above 0"):
        lk.regress("y ~ z", FRAME, "poisson", exposure="x")
    with refused(ParameterError, "log link"):
        lk.regress("y ~ z", FRAME, "normal", exposure="k")


def test_arrays_of_other_lengths():
    with pytest.raises(DataError, match="40 rows"):
        lk.regress(FRAME["y"][:39], FRAME["x"], "poisson")
    with pytest.raises(DataError, match="X has 40"):
        lk.regress(FRAME["y"], FRAME["x"], "gamma", formulas={"shape": FRAME["z"][:5]})
    with pytest.raises(DataError, match="weights"):
        lk.regress("y ~ x", FRAME, "poisson", weights=np.ones(3))


def test_without_formulaic(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "formulaic", None)
    with pytest.raises(lk.errors.MissingExtraError, match=r"likeliest\[regression\]"):
        lk.regress("y ~ x", FRAME, "poisson")
    assert lk.regress(FRAME["y"], FRAME["x"], "poisson").estimates.size == 2
