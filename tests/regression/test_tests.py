"""Tests, profile intervals and comparisons of regressions."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2

import likeliest as lk


@pytest.fixture(scope="module")
def lines():
    rng = np.random.default_rng(0)
    x, g = rng.normal(100.0, 5.0, 40), rng.integers(0, 2, 40)
    return {"y": 1.0 + 0.3 * x + g + rng.normal(size=40), "x": x, "g": g}


@pytest.fixture(scope="module")
def counts():
    rng = np.random.default_rng(3)
    z = rng.normal(size=300)
    c = rng.negative_binomial(2.0, 2.0 / (2.0 + np.exp(1.0 + 0.5 * z)))
    return {"c": c, "z": z, "s": np.where(z > 0.3, "a", "b")}


def squares(lines, *columns):
    x = np.column_stack([np.ones(40), *(lines[c] for c in columns)])
    estimates = np.linalg.lstsq(x, lines["y"], rcond=None)[0]
    rest = lines["y"] - x @ estimates
    return estimates, rest @ rest, np.linalg.inv(x.T @ x).diagonal()


@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
def test_profile_intervals_of_a_normal_are_those_of_the_f_ratio(lines, level):
    """A held coefficient raises the sum of squares by (β - b)²/(X'X)⁻¹, exactly."""
    r = lk.regress("y ~ x + g", lines, "normal")
    estimates, rest, inverse = squares(lines, "x", "g")
    width = np.sqrt(rest * np.expm1(chi2.ppf(level, 1) / 40.0) * inverse)
    found = r.intervals(level, method="profile")["mean"]
    for (low, high), b, w in zip(found.values(), estimates, width, strict=True):
        assert (low, high) == pytest.approx((b - w, b + w), rel=3e-6)


def test_profile_of_a_constant_parameter(lines):
    r = lk.regress("y ~ x + g", lines, "normal")
    _, rest, _ = squares(lines, "x", "g")
    low, high = r.intervals(0.95, method="profile")["std"]["Intercept"]
    top = -20.0 * (np.log(rest / 40.0) + 1.0)
    for end in (low, high):  # the log of std
        there = -40.0 * end - 0.5 * rest / np.exp(2.0 * end)
        assert 2.0 * (top - there) == pytest.approx(chi2.ppf(0.95, 1), rel=2e-6)


def test_profile_ends_have_their_deviance(counts):
    """With the coefficient held by an offset the log likelihood has fallen by half a quantile."""
    r = lk.regress("c ~ z + s", counts, "negative binomial")
    for end in r.intervals(0.9, method="profile")["mean"]["z"]:
        held = {**counts, "known": end * counts["z"]}
        without = lk.regress("c ~ s", held, "negative binomial", offset="known")
        lost = 2.0 * (r.log_likelihood - without.log_likelihood)
        assert lost == pytest.approx(chi2.ppf(0.9, 1), rel=1e-5)


def test_the_ratio_of_nested_normals(lines):
    small, big = (lk.regress(f, lines, "normal") for f in ("y ~ x", "y ~ x + g"))
    test = lk.likelihood_ratio(small, big)
    expected = 40.0 * np.log(squares(lines, "x")[1] / squares(lines, "x", "g")[1])
    assert test.statistic == pytest.approx(expected, rel=1e-9)
    assert test.p_value == pytest.approx(chi2.sf(expected, 1), rel=1e-7)
    dropped = next(t for t in big.drop_one().tests if t.term == "g")
    assert test.p_value == pytest.approx(dropped.p_value, rel=1e-7)
    assert "without mean: g" in test.null


def test_columns_may_be_others_with_the_same_span(lines):
    turned = {**lines, "a": lines["x"] + lines["g"], "b": lines["x"] - lines["g"]}
    small = lk.regress("y ~ x", lines, "normal")
    same, other = (lk.regress(f, turned, "normal") for f in ("y ~ x + g", "y ~ a + b"))
    ours, theirs = (lk.likelihood_ratio(small, big) for big in (same, other))
    assert theirs.statistic == pytest.approx(ours.statistic, rel=1e-8)


def test_poisson_within_negative_binomial_lies_on_a_boundary(counts):
    small, big = (lk.regress("c ~ z", counts, f) for f in ("poisson", "negative binomial"))
    test = lk.likelihood_ratio(small, big)
    assert test.statistic == pytest.approx(2.0 * (big.log_likelihood - small.log_likelihood))
    assert test.p_value == pytest.approx(0.5 * chi2.sf(test.statistic, 1), rel=1e-9)
    assert "boundary" in test.law


def test_exponential_within_weibull():
    rng = np.random.default_rng(5)
    x = rng.normal(size=200)
    frame = {"t": np.exp(1.0 + x) * rng.exponential(size=200), "x": x}
    small = lk.regress("t ~ x", frame, "weibull", fixed={"shape": 1.0})
    big = lk.regress("t ~ x", frame, "weibull")
    test = lk.likelihood_ratio(small, big)
    assert 0.001 < test.p_value <= 1.0
    assert "1 degree" in test.law


@pytest.mark.parametrize(
    ("small", "big", "told"),
    [
        ("y ~ g", "y ~ x", "g is no part of the larger"),
        ("y ~ x + g", "y ~ x", "g is no part"),
        ("y ~ x", "y ~ x", "nothing to test"),
    ],
)
def test_what_is_not_nested_is_refused(lines, small, big, told):
    with pytest.raises(lk.errors.ParameterError, match=told):
        lk.likelihood_ratio(*(lk.regress(f, lines, "normal") for f in (small, big)))


def test_other_refusals(lines, counts):
    small, big = lk.regress("y ~ x", lines, "normal"), lk.regress("y ~ x + g", lines, "normal")
    fewer = {name: column[:-1] for name, column in lines.items()}
    with pytest.raises(lk.errors.DataError, match="different rows"):
        lk.likelihood_ratio(lk.regress("y ~ x", fewer, "normal"), big)
    with pytest.raises(lk.errors.ParameterError, match="bootstrap"):
        lk.likelihood_ratio(small, big, "bootstrap")
    with pytest.raises(lk.errors.ParameterError, match="against another; got Fit"):
        lk.likelihood_ratio(small, lk.fit(lines["y"], "normal"))
    with pytest.raises(lk.errors.ParameterError, match="special case"):
        lk.likelihood_ratio(lk.regress("y ~ x", lines, "logistic"), big)
    offset = lk.regress("c ~ z", {**counts, "e": counts["z"] ** 2}, "poisson", offset="e")
    with pytest.raises(lk.errors.ParameterError, match="offsets"):
        lk.likelihood_ratio(offset, lk.regress("c ~ z + s", counts, "poisson"))
    with pytest.raises(lk.errors.ParameterError, match="profile"):
        big.intervals(method="exact")
    with pytest.raises(lk.errors.ParameterError, match="sandwich"):
        big.with_errors("sandwich").intervals(method="profile")
    bare = lk.regress("y ~ 0 + x", lines, "normal")
    with pytest.raises(lk.errors.ParameterError, match="all that mean depends on"):
        bare.intervals(method="profile")


def test_families_are_compared_on_the_same_terms(counts):
    named = ["poisson", "negative binomial", "geometric", "normal", "weibull"]
    compared = lk.regress("c ~ z", counts, named)
    assert compared.best.family == "negative binomial"
    assert compared["nbinom"] is compared.best
    assert compared.values == sorted(compared.values)
    assert sum(compared.weights) == pytest.approx(1.0)
    assert compared.left_out.keys() == {"normal", "weibull"}
    assert "cannot be compared" in compared.left_out["normal"]
    assert "left out: weibull" in repr(compared)
    frame = compared.by("bic").to_frame()
    assert frame["bic"][0] == pytest.approx(compared.best.bic)
    with pytest.raises(KeyError, match="cannot be compared"):
        compared["normal"]
    with pytest.raises(lk.errors.ParameterError, match="each once"):
        lk.regress("c ~ z", counts, ["poisson", "poisson"])
    with pytest.raises(lk.errors.SupportError):
        lk.regress("c ~ z", counts, ["weibull", "gamma"])
