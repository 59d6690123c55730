"""Scores of forecasts against the closed forms of their laws."""

import numpy as np
import pytest
from scipy import special, stats

import likeliest as lk


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(1)
    x = rng.normal(size=300)
    return {
        "x": x,
        "y": 1.0 + x + rng.standard_t(3, size=300),
        "wait": rng.gamma(2.0, np.exp(0.3 * x)),
        "count": rng.poisson(np.exp(1.0 + 0.3 * x)),
    }


# The closed forms: Gneiting & Raftery (2007), equation 21; Jordan, Krüger & Lerch (2019).


def of_normal(y, d):
    z = (y - d.mean) / d.std
    density = 2.0 * stats.norm.pdf(z) - 1.0 / np.sqrt(np.pi)
    return d.std * (z * (2.0 * stats.norm.cdf(z) - 1.0) + density)


def of_gamma(y, d):
    a, b = d.shape, d.scale
    first = y * (2.0 * stats.gamma.cdf(y, a, scale=b) - 1.0)
    return (
        first
        - a * b * (2.0 * stats.gamma.cdf(y, a + 1.0, scale=b) - 1.0)
        - b / special.beta(0.5, a)
    )


def of_poisson(y, d):
    m = d.rate
    bessel = special.ive(0, 2.0 * m) + special.ive(1, 2.0 * m)
    first = (y - m) * (2.0 * stats.poisson.cdf(y, m) - 1.0)
    return first + 2.0 * m * stats.poisson.pmf(y, m) - m * bessel


@pytest.mark.parametrize(
    ("formula", "law", "truth"),
    [
        ("y ~ x", "normal", of_normal),
        ("wait ~ x", "gamma", of_gamma),
        ("count ~ x", "poisson", of_poisson),
    ],
)
def test_crps_is_its_closed_form(rows, formula, law, truth):
    r = lk.regress(formula, rows, law)
    seen = rows[formula.split()[0]]
    np.testing.assert_allclose(r.crps(), truth(seen, r.distribution()), atol=1e-12)


def test_far_values_and_large_counts(rows):
    r = lk.regress("y ~ x", rows, "normal")
    far = {"x": [0.0, 0.0, 0.0], "y": [-1e3, 40.0, 1e6]}
    np.testing.assert_allclose(r.crps(far), of_normal(far["y"], r.distribution(far)), rtol=1e-9)
    counts = lk.regress("count ~ 1", {"count": [1_000_000, 1_002_000, 999_000]}, "poisson")
    assert counts.crps() == pytest.approx(
        of_poisson(np.array([1e6, 1.002e6, 9.99e5]), counts.distribution()), rel=1e-4
    )


def test_of_a_heavy_tail_without_a_mean(rows):
    r = lk.regress("y ~ x", rows, "cauchy")
    row, y = r.distribution({"x": [0.5]}), 4.0
    x = np.tan(np.pi * (np.linspace(0.0, 1.0, 2_000_001)[1:-1] - 0.5)) * 3.0
    by_sum = np.trapezoid((row.cdf(x) - (x >= y)) ** 2, x)
    assert r.crps({"x": [0.5]}, y=[y])[0] == pytest.approx(by_sum, rel=1e-4)


def test_log_scores_sum_to_the_log_likelihood(rows):
    r = lk.regress("log(wait) ~ x", rows, "normal")
    again = lk.Regression.from_dict(r.to_dict())
    for scores in (r.log_score(), r.log_score(rows), again.log_score(rows)):
        assert scores.sum() == pytest.approx(r.log_likelihood, rel=1e-12)
    given = r.log_score({"x": rows["x"]}, y=np.log(rows["wait"]))
    np.testing.assert_allclose(given, r.log_score(), rtol=1e-14)


def test_what_cannot_be_scored_is_said(rows):
    ended = lk.regress("wait ~ x", rows, "weibull", event=np.arange(300) % 2)
    with pytest.raises(lk.errors.DataError, match="known between bounds"):
        ended.log_score()
    arrays = lk.regress(rows["y"], rows["x"], "normal")
    with pytest.raises(lk.errors.DataError, match="give what was seen as y="):
        arrays.crps([[1.0]])
    with pytest.raises(lk.errors.DataError, match="one value for each of 1 rows"):
        arrays.crps([[1.0]], y=[1.0, 2.0])
    with pytest.raises(lk.errors.DataError, match="nothing was seen"):
        arrays.crps([[1.0]], y=[np.nan])
