"""Weibayes: bounds by the Poisson law of failures, and by simulation."""

import numpy as np
import pytest
from scipy import stats

import likeliest as lk

HOURS = np.array([100.0, 250.0, 400.0, 400.0, 400.0, 400.0])
EVENT = np.array([1, 1, 0, 0, 0, 0])


def test_without_failures_the_bound_is_that_of_a_poisson_zero():
    found = lk.weibayes(HOURS, shape=1.7, event=np.zeros(6))
    expected = np.sum(HOURS**1.7) / found.lower_bound(0.9) ** 1.7
    assert np.exp(-expected) == pytest.approx(0.1, rel=1e-12)
    assert found.scale == np.inf
    assert found.interval()[1] == np.inf


def test_with_failures_as_many_or_fewer_are_as_likely_as_it_says():
    found = lk.weibayes(HOURS, shape=1.7, event=EVENT)
    low, high = found.interval(0.9)
    exposure = np.sum(HOURS**1.7)
    assert stats.poisson.cdf(2, exposure / low**1.7) == pytest.approx(0.05, rel=1e-10)
    assert stats.poisson.sf(1, exposure / high**1.7) == pytest.approx(0.05, rel=1e-10)
    fit = lk.fit(HOURS, "weibull", event=EVENT, fixed={"shape": 1.7})
    assert found.scale == pytest.approx(fit.parameters["scale"], rel=1e-8)
    assert low < found.scale < high
    weighted = lk.weibayes([100.0, 250.0, 400.0], shape=1.7, event=[1, 1, 0], weights=[1, 1, 4])
    assert weighted == found


def test_with_failures_the_bound_is_on_the_safe_side():
    rng, kept = np.random.default_rng(1), 0
    for _ in range(200):
        lives = np.sort(1000.0 * rng.weibull(2.0, 8))
        ran = np.minimum(lives, lives[2])  # the test ends at the third failure
        found = lk.weibayes(ran, shape=2.0, event=lives <= lives[2])
        kept += found.lower_bound(0.9) < 1000.0
        exact = (2.0 * found.exposure / stats.chi2.ppf(0.9, 6)) ** 0.5  # of tests that end so
        assert found.lower_bound(0.9) < exact
    assert kept / 200 > 0.9


def test_reliability_and_b_life_are_two_sides_of_the_bound():
    found = lk.weibayes(HOURS, shape=1.7, event=EVENT)
    life = found.b_life([1.0, 10.0], level=0.9)
    assert found.reliability(life, level=0.9) == pytest.approx([0.99, 0.9], rel=1e-12)
    assert "2 of 6 units failed" in repr(found)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: lk.weibayes(HOURS, shape=0.0), "shape must be a number above 0"),
        (lambda: lk.weibayes([-1.0, 2.0], shape=1.0), "needs times from 0 on"),
        (lambda: lk.weibayes(lk.observe(HOURS, entry=10.0), shape=1.0), "exact or censored"),
    ],
)
def test_what_is_no_lifetime_is_refused(call, message):
    with pytest.raises(lk.errors.LikeliestError, match=message):
        call()


def test_a_fit_without_events_tells_of_it():
    with pytest.raises(lk.errors.UnboundedLikelihoodError, match=r"lk\.weibayes"):
        lk.fit(HOURS, "weibull", event=np.zeros(6))
