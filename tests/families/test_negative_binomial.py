"""The negative binomial a hair from the Poisson, where its derivatives are small differences."""

import numpy as np
import pytest
from mpmath import mp, mpf

import likeliest as lk
from reducers import over

X = np.arange(20.0)
MEAN = 4.0


def exact(x, dispersion, order):
    """Differentiate the log mass by the dispersion, in mpmath."""
    with mp.workdps(150):
        m, k = mpf(MEAN), mpf(float(x))

        def log_mass(d):
            r = 1 / d
            choose = mp.loggamma(k + r) - mp.loggamma(r) - mp.loggamma(k + 1)
            return choose - r * mp.log1p(m * d) + k * mp.log(m * d / (1 + m * d))

        d = mpf(dispersion)
        return mp.diff(log_mass, d, order, h=d * mpf(10) ** -40)


@pytest.mark.parametrize("dispersion", [1e-2, 1e-4, 1e-6, 1e-9, 1e-12, 1e-15])
def test_score(dispersion):
    score = lk.NegativeBinomial(MEAN, dispersion).score(X)["dispersion"]
    for x, ours in zip(X, score, strict=True):
        truth = exact(x, dispersion, 1)
        assert abs(ours - truth) < 1e-13 * (1 + abs(truth))


def test_score_on_the_bound_is_the_limit():
    score = lk.NegativeBinomial(MEAN, 0.0).score(X)["dispersion"]
    assert np.array_equal(score, 0.5 * ((X - MEAN) ** 2 - X))


@pytest.mark.parametrize("dispersion", [0.5, 1e-2, 1.1e-3, 0.9e-3, 1e-6, 1e-8, 1e-10, 1e-100])
@pytest.mark.parametrize("x", [*range(20), 1000, 100_000])
def test_curvature(dispersion, x):
    member = lk.NegativeBinomial(MEAN, dispersion)
    values = np.array([float(x)])
    d = member.derivatives(values, over(values))
    truth = exact(x, dispersion, 2)
    assert abs(d.hessian[2] - truth) < 1e-9 * (1 + abs(truth))


@pytest.mark.parametrize(("mean", "dispersion", "x"), [(1e18, 2.0, 3.0), (1e300, 1.0, 0.0)])
def test_far_above_its_size(mean, dispersion, x):
    member = lk.NegativeBinomial(mean, dispersion)
    with mp.workdps(700):
        m, k, d = mpf(mean), mpf(x), mpf(dispersion)

        def log_mass(m, d):
            r = 1 / d
            choose = mp.loggamma(k + r) - mp.loggamma(r) - mp.loggamma(k + 1)
            return choose - r * mp.log1p(m * d) + k * (mp.log(m * d) - mp.log1p(m * d))

        by_mean = mp.diff(lambda v: log_mass(v, d), m, h=m * mpf(10) ** -40)
        by_dispersion = mp.diff(lambda v: log_mass(m, v), d, h=d * mpf(10) ** -40)
        value = log_mass(m, d)
    score = member.score([x])
    assert member.log_prob(x) == pytest.approx(float(value), rel=1e-12)
    assert score["mean"][0] == pytest.approx(float(by_mean), rel=1e-12)
    assert score["dispersion"][0] == pytest.approx(float(by_dispersion), rel=1e-12)


@pytest.mark.parametrize("dispersion", [1e-4, 1e-6, 1e-8, 1e-12])
def test_tails(dispersion):
    member = lk.NegativeBinomial(MEAN, dispersion)
    d = mpf(dispersion)
    with mp.workdps(40):
        one_more = mpf(MEAN) * d / (1 + mpf(MEAN) * d)
        for x in X:
            below = mp.betainc(1 / d, x + 1, 0, 1 - one_more, regularized=True)
            above = mp.betainc(x + 1, 1 / d, 0, one_more, regularized=True)
            assert abs(member.log_cdf(x) - mp.log(below)) < 1e-13
            assert abs(member.log_sf(x) - mp.log(above)) < 1e-13 * max(1, abs(mp.log(above)))
