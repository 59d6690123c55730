"""What cannot be used is one clear error: what, where, what to do."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pytest

import likeliest as lk
from likeliest.errors import (
    DataError,
    FamilyError,
    LikeliestError,
    ParameterError,
    SupportError,
    UnboundedLikelihoodError,
)

VERBS = [lambda data, **o: lk.fit(data, "normal", **o), lk.compare]


@pytest.mark.parametrize("verb", VERBS, ids=["fit", "compare"])
@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], ["empty", "at least one"]),
        ([1.0, np.nan, 3.0, np.inf, -np.inf], ["3 of 5", "row 1: nan, row 3: inf, row 4: -inf"]),
        ([np.nan] * 9, ["9 of 9", "row 0", "row 2", "…"]),
        (["1.5", "two"], ["numbers", "row 0", "str", "lk.read"]),
        ([1.0, "nan", 2.0], ["numbers", "row 1", "'nan'"]),
        ([1.0, None, 2.0], ["row 1", "missing"]),
        ([1.0, "x", 2.0], ["numbers"]),
        ([1 + 2j, 3.0], ["complex"]),
        (np.ones((3, 2)), ["one-dimensional", "(3, 2)", "column"]),
        (3.0, ["one-dimensional"]),
        ([[1.0, 2.0], [3.0]], ["array of numbers"]),
        (np.array(["2020-01-01"], dtype="datetime64[D]"), ["dates"]),
        ([dt.date(2020, 1, 1)], ["dates", "one unit"]),
        ([dt.timedelta(1)], ["durations", "by their unit"]),
        ([pd.Period("2020")], ["dates"]),
        ([pd.Timestamp("2020", tz="UTC")], ["dates"]),
        (pd.Series(pd.date_range("2020", periods=2, tz="UTC")), ["dates"]),
        ([2**53 + 1, 3], ["2^53", "row 0"]),
        ({1.0, 2.0}, ["set", "once", "list"]),
        (pl.Series([1.0, None, 3.0]), ["row 1"]),
        (object(), ["one-dimensional"]),
        ([10**400, 1], ["2^53", "row 0", "e+400"]),
        ([1, 2**70, 3], ["2^53", "row 1"]),
        ([Decimal(1), Decimal("sNaN")], ["numbers", "row 1"]),
        (pl.Series([[1.0], [2.0]]), ["numbers", "row 0"]),
        (np.zeros(3, "V8"), ["numbers", "row 0"]),
        (np.ma.array([1, 2, 3], mask=[0, 1, 0]), ["1 of 3", "row 1"]),
        (np.ma.array([True, False], mask=[0, 1]), ["1 of 2", "row 1"]),
        (np.ma.array([1.0, 2.0], mask=[0, 1]), ["1 of 2", "row 1"]),
    ],
    ids=lambda v: type(v).__name__,
)  # fmt: skip
def test_data(verb, data, said):
    with pytest.raises(DataError) as caught:
        verb(data)
    assert isinstance(caught.value, ValueError)
    for part in said:
        assert part in str(caught.value), caught.value


@pytest.mark.parametrize("verb", VERBS, ids=["fit", "compare"])
@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ([1.0, 2.0], ["2 weights", "3 values"]),
        ([1.0, -2.0, 1.0], ["1 of 3", "negative", "row 1", "-2"]),
        ([0.0, 0.0, 0.0], ["all zero"]),
        ([1.0, np.nan, 1.0], ["1 of 3 weights", "row 1: nan"]),
        (["a", "b", "c"], ["weights", "numbers"]),
        (np.ones((3, 1)), ["weights", "one-dimensional"]),
        ([1e308] * 3, ["sum to inf", "multiply"]),
        ([1e-300] * 3, ["sum to 3e-300", "multiply"]),
        (np.ma.array([1, 1, 1], mask=[0, 1, 0]), ["1 of 3 weights", "row 1"]),
    ],
)
def test_weights(verb, weights, said):
    with pytest.raises(DataError) as caught:
        verb([1.0, 2.0, 3.5], weights=weights)
    for part in said:
        assert part in str(caught.value), caught.value


@pytest.mark.parametrize("verb", VERBS, ids=["fit", "compare"])
def test_observations_keep_their_own_weights_and_bounds(verb):
    exact = lk.Observations.of([1.0, 2.0, 3.5])
    with pytest.raises(DataError, match=r"carry their own weights.*Observations\.of"):
        verb(exact, weights=[1.0, 2.0, 1.0])
    with pytest.raises(DataError, match="carry their own bounds"):
        verb(exact.rounded(0.5), rounding=0.1)
    with pytest.raises(DataError, match="carry their own weights"):
        lk.Normal(0.0, 1.0).log_likelihood(exact, weights=[1.0, 2.0, 1.0])
    assert lk.fit(exact, "normal", rounding=0.5).measure == "mass"


def test_one_bad_value_in_ten_million():
    x = np.ones(10_000_000)
    x[7_654_321] = np.nan
    with pytest.raises(DataError, match=r"1 of 10,000,000 values .*row 7654321: nan"):
        lk.fit(x, "normal")
    x[7_654_321] = -2.5
    with pytest.raises(SupportError, match=r"1 of 10,?000,?000 values is not .*row 7654321, -2\.5"):
        lk.fit(x, "gamma")


def test_values_outside_the_support_name_who_could_hold_them():
    with pytest.raises(SupportError) as caught:
        lk.fit([1.5, -2.5, 3.0, 0.0], "gamma")
    message = str(caught.value)
    assert "2 of 4" in message
    assert "row 1, -2.5" in message
    assert "normal" in message
    assert "weibull" not in message


@pytest.mark.families(where=lambda f: len(f.constraints) > 1)
def test_too_few_values(family):
    k = len(family.constraints)
    x = [0.25] * (k - 1) if not family.discrete else [1.0] * (k - 1)
    with pytest.raises((DataError, UnboundedLikelihoodError)):
        lk.fit(x, family)


def test_one_value_is_enough_for_one_parameter():
    assert lk.fit([2.0], "exponential").parameters == {"rate": 0.5}


@pytest.mark.parametrize(
    ("name", "said"),
    [("nromal", "normal"), ("gama", "gamma"), ("weibul", "weibull"), ("negbin", "no family")],
)
def test_an_unknown_family_suggests_the_nearest(name, said):
    with pytest.raises(FamilyError, match=said):
        lk.fit([1.0, 2.0], name)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Normal", lk.Normal), ("NORMAL", lk.Normal), ("gaussian", lk.Normal),
        ("Student t", lk.StudentT), ("student-t", lk.StudentT), ("t", lk.StudentT),
        ("negative_binomial", lk.NegativeBinomial), ("NegativeBinomial", lk.NegativeBinomial),
        ("log normal", lk.LogNormal), (lk.Gamma, lk.Gamma),
        ("norm", lk.Normal), ("expon", lk.Exponential), ("lognorm", lk.LogNormal),
        ("weibull_min", lk.Weibull), ("invgauss", lk.InverseGaussian), ("gumbel_r", lk.Gumbel),
        ("genextreme", lk.GEV), ("genpareto", lk.GeneralizedPareto), ("burr12", lk.Burr),
        ("gumbel_l", lk.GumbelOfMinima), ("halfnorm", lk.HalfNormal), ("invweibull", lk.Frechet),
        ("fisk", lk.LogLogistic), ("nbinom", lk.NegativeBinomial), ("lnorm", lk.LogNormal),
    ],
)  # fmt: skip
def test_names_are_matched_loosely(name, found):
    assert lk.families.find(name) is found


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("geom", ["geometric", "x - 1"]),
        ("binom", ["binomial(20)"]),
    ],
)  # fmt: skip
def test_a_name_that_means_another_is_answered_with_what_is_nearest(name, said):
    with pytest.raises(FamilyError) as caught:
        lk.fit([1.0, 2.0], name)
    for part in said:
        assert part in str(caught.value)


@pytest.mark.parametrize("other", [None, 3, object, "", dict], ids=str)
def test_what_is_no_family(other):
    with pytest.raises(LikeliestError):
        lk.fit([1.0, 2.0], other)


@pytest.mark.parametrize(
    ("fixed", "said"),
    [
        ({"sd": 1.0}, ["no parameter 'sd'", "mean, std"]),
        ({"std": -1.0}, ["std must be > 0", "-1"]),
        ({"std": "wide"}, ["std must be a number"]),
        ({"std": np.nan}, ["std"]),
        ({"mean": 0.0, "std": 1.0}, ["nothing is left to fit", "log_likelihood"]),
    ],
)
def test_fixed(fixed, said):
    with pytest.raises(ParameterError) as caught:
        lk.fit([1.0, 2.0, 4.0], "normal", fixed=fixed)
    for part in said:
        assert part in str(caught.value), caught.value


@pytest.mark.parametrize("rounding", [-1.0, np.nan, np.inf])
def test_rounding(rounding):
    with pytest.raises(DataError, match="rounding"):
        lk.fit([1.0, 2.0, 4.0], "normal", rounding=rounding)


def test_counts_are_not_rounded():
    with pytest.raises(DataError, match="rounding"):
        lk.fit([1, 2, 4], "poisson", rounding=1)


def test_an_unknown_criterion():
    with pytest.raises(ParameterError, match="aicc"):
        lk.compare([1.0, 2.5, 4.0], criterion="best")


@pytest.mark.parametrize("make", [
    lambda: lk.Normal(0.0, 0.0), lambda: lk.Normal("a", 1.0), lambda: lk.Gamma(-1.0, 2.0),
    lambda: lk.Uniform(2.0, 1.0), lambda: lk.Bernoulli(1.5), lambda: lk.Normal(np.nan, 1.0),
    lambda: lk.Normal([0.0, 1.0], [1.0, -1.0]), lambda: lk.StudentT(0.0, 0.0, 1.0),
])  # fmt: skip
def test_parameters_out_of_range(make):
    with pytest.raises(ParameterError):
        make()


@pytest.mark.parametrize("q", [-0.1, 1.1, [0.5, 2.0]])
def test_quantiles_of_what_is_no_probability(family, ordinary, q):
    with pytest.raises(ParameterError, match="probability"):
        ordinary.quantile(q)


def test_an_unknown_reduction():
    with pytest.raises(ParameterError, match="reduction"):
        lk.Normal(0, 1).nll([1.0], reduction="median")


@pytest.mark.parametrize("level", [0.0, 1.0, 95, -0.5])
def test_levels(level):
    with pytest.raises(ParameterError, match="level"):
        lk.fit([1.0, 2.0, 4.0], "normal").intervals(level)
