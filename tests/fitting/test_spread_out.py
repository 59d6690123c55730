"""Values spread over many orders of magnitude: a location has far to go to its estimate."""

import re

import numpy as np
import pytest
from scipy import stats

import likeliest as lk
from members import TABLE

LOCATED = [family for family in TABLE if any(c.is_location for c in family.constraints.values())]
AT_A_LIMIT = {
    lk.AsymmetricLaplace,
    lk.GEV,
    lk.GeneralizedLogistic,
    lk.JohnsonSU,
    lk.LogGamma,
    lk.SkewNormal,
    lk.ExponentiallyModifiedGaussian,
    lk.WeibullOfMaxima,
    lk.PearsonIII,
}  # where one value lies far out


def at_the_top(fit, x):
    """Assert that the score vanishes, beside its terms' rounding."""
    value = fit.distribution.log_likelihood(x)
    assert abs(fit.log_likelihood - value) < 1e-9 * max(1.0, abs(value))
    score = fit.distribution.score(x)
    for name, error in fit.standard_errors.items():
        if error is not None:
            slack = 1e-12 * np.sum(np.abs(score[name]))
            assert abs(np.sum(score[name])) < 1e-5 / error + slack, name


@pytest.mark.parametrize("located", [f for f in LOCATED if f not in AT_A_LIMIT])
@pytest.mark.parametrize("outlier", [-1e6, 1e6, 1e12])
@pytest.mark.parametrize("n", [5, 20, 1000])
def test_one_outlier(located, outlier, n):
    for seed in range(3):
        x = np.append(np.random.default_rng(seed).normal(0.0, 1.0, n - 1), outlier)
        fit = lk.fit(x, located)
        if not located.non_smooth:
            at_the_top(fit, x)


@pytest.mark.parametrize(
    ("outlier", "n", "limit"),
    [(-1e6, 20, "shape → -1"), (-1e6, 1000, "shape → -1"), (1e6, 5, "shape → ∞")],
)
def test_an_outlier_that_no_gev_holds_is_named_by_its_limit(outlier, n, limit):
    x = np.append(np.random.default_rng(0).normal(0.0, 1.0, n - 1), outlier)
    with pytest.raises(lk.errors.UnboundedLikelihoodError, match=limit):
        lk.fit(x, "gev")


@pytest.mark.parametrize("n", [5, 20, 1000])
@pytest.mark.parametrize(
    ("outlier", "name", "limit", "edge"),
    [
        (-1e6, "skew normal", "shape → -∞", stats.halfnorm),
        (1e6, "skew normal", "shape → ∞", stats.halfnorm),
        (1e12, "skew normal", "shape → ∞", stats.halfnorm),
        (-1e6, "exponentially modified gaussian", "delay → 0", stats.norm),
    ],
)
def test_an_outlier_leads_to_an_edge_of_the_family(outlier, n, name, limit, edge):
    x = np.append(np.random.default_rng(0).normal(0.0, 1.0, n - 1), outlier)
    turned = np.sign(outlier) * x
    there = float(np.sum(edge.logpdf(turned, *edge.fit(turned))))
    with pytest.raises(lk.errors.UnboundedLikelihoodError) as raised:
        lk.fit(x, name)
    assert limit in str(raised.value)
    said = float(re.search(r"towards (\S+) nats", str(raised.value)).group(1))
    assert abs(said - there) < 1e-7 * abs(there)


@pytest.mark.parametrize("n", [5, 20, 1000])
def test_an_outlier_above_is_the_delay_of_an_exponentially_modified_gaussian(n):
    """A normal part that is all but a point: an exponential from about the least value on.

    The likelihood hardly rises towards it: rounding decides whether the climb stops on the way.
    """
    x = np.append(np.random.default_rng(0).normal(0.0, 1.0, n - 1), 1e6)
    try:
        fit = lk.fit(x, "exponentially modified gaussian")
    except lk.errors.UnboundedLikelihoodError as error:
        said = str(error)
    else:
        at_the_top(fit, x)
        edge = np.sum(stats.expon.logpdf(x, *stats.expon.fit(x)))
        assert edge - 1e-3 < fit.log_likelihood < edge
        said = " ".join(fit.diagnostics.notes)
    assert "as scale → 0, where it becomes" in said
    assert f"an exponential from {x.min():g} on" in said


@pytest.mark.parametrize("outlier", [1e6, 1e12])
@pytest.mark.parametrize("located", ["gev", "johnson su"])
def test_an_outlier_among_many_is_fitted(located, outlier):
    x = np.append(np.random.default_rng(0).normal(0.0, 1.0, 999), outlier)
    at_the_top(lk.fit(x, located), x)


@pytest.mark.parametrize(
    ("located", "outlier", "limit"),
    [
        ("asymmetric laplace", 1e6, r"asymmetry → 0 .*exponential from the least value up"),
        ("asymmetric laplace", -1e12, r"asymmetry → ∞ .*exponential from the greatest value down"),
        ("johnson su", 1e6, r"tail → 0\.2"),
        ("weibull of maxima", 1e6, r"shape → ∞"),
        ("weibull of maxima", -1e6, r"shape → 1"),
        ("pearson iii", 1e6, r"skewness → 2, .*nears the least value"),
        ("pearson iii", -1e6, r"skewness → -2, .*nears the greatest value"),
    ],
)
def test_an_outlier_that_only_a_limit_holds(located, outlier, limit):
    x = np.append(np.random.default_rng(1).normal(0.0, 1.0, 19), outlier)
    with pytest.raises(lk.errors.UnboundedLikelihoodError, match=limit):
        lk.fit(x, located)


@pytest.mark.parametrize("climbed", [lk.Cauchy, lk.Logistic, lk.Gumbel, lk.StudentT])
@pytest.mark.parametrize("n", [4, 5, 50, 1000])
def test_thirty_orders_of_magnitude(climbed, n):
    for seed in range(2 if climbed is lk.StudentT else 12):  # of few values it climbs many times
        x = np.exp(np.random.default_rng(seed).normal(0.0, 30.0, n))
        at_the_top(lk.fit(x, climbed), x)


@pytest.mark.parametrize("outlier", [-1e6, 1e6])
@pytest.mark.parametrize("climbed", [lk.Cauchy, lk.Logistic, lk.Gumbel, lk.StudentT])
def test_an_outlier_that_the_subsample_missed(climbed, outlier):
    x = np.random.default_rng(0).normal(0.0, 1.0, 100_000)
    x[777] = outlier
    at_the_top(lk.fit(x, climbed), x)


@pytest.mark.parametrize("outlier", [1e-12, 1e12])
@pytest.mark.parametrize("climbed", [lk.Weibull, lk.LogLogistic])
def test_an_outlier_that_the_subsample_missed_among_lives(climbed, outlier):
    x = np.random.default_rng(0).gamma(2.0, 1.0, 100_000)
    x[777] = outlier
    at_the_top(lk.fit(x, climbed), x)


def test_counts_of_a_wide_range_are_few_all_the_same():
    x = np.random.default_rng(0).poisson(3.0, 100_000).astype(float)
    x[777] = 1e5
    observations = lk.Observations.of(x)
    table = observations.compressed()
    assert len(table) < 30
    assert table.n == 100_000
    weighted = lk.Observations.of(x, np.full(x.size, 2.0)).compressed()
    assert np.array_equal(weighted.weights, 2.0 * table.weights)
    at_the_top(lk.fit(x, "negative binomial"), x)
    spread_out = np.arange(100_000.0) * 7.0
    assert lk.Observations.of(spread_out).compressed().weights is None
