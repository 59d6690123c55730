"""How often a fit reads the full data: counted, so that no clock is needed."""

import numpy as np
import pytest

import likeliest as lk
from likeliest.fitting.routes import climb
from members import ORDINARY

CLIMBED = [f for f in ORDINARY if not f.non_smooth and f is not lk.Bernoulli]
QUICK = [f for f in CLIMBED if f is not lk.Tweedie]  # differences of sums of tails: seconds a pass

# Each of their tails is a quadrature or a sum.
DEAR = {
    lk.PoissonInverseGaussian,
    lk.GeneralizedGamma,
    lk.LogGamma,
    lk.ExponentiallyModifiedGaussian,
}


def censored(member, n):
    """Return observations of which each has a limit of its own, beyond which it was not seen."""
    rng = np.random.default_rng(1)
    x = member.sample(n, seed=rng)
    limits = member.quantile(rng.uniform(0.3, 0.99, n))
    return lk.observe(np.minimum(x, limits), event=x <= limits)


@pytest.mark.families(where=CLIMBED.__contains__)
def test_twenty_thousand_values_are_read_a_few_times(family, ordinary):
    assert lk.fit(ordinary.sample(20_000, seed=1), family).found.passes <= 8


@pytest.mark.families(where=QUICK.__contains__)
def test_twenty_thousand_censored_values_are_read_a_few_times(family, ordinary, monkeypatch):
    n = 20_000
    if family in DEAR:
        n //= 8
        monkeypatch.setattr(climb, "_START_ROWS", climb._START_ROWS // 8)
    assert lk.fit(censored(ordinary, n), family).found.passes <= 8


@pytest.mark.families(where=[lk.Weibull, lk.Normal, lk.Gumbel, lk.Logistic].__contains__)
def test_a_million_values_are_read_three_times(family, ordinary):
    assert lk.fit(ordinary.sample(1_000_000, seed=1), family).found.passes <= 3
    assert lk.fit(censored(ordinary, 1_000_000), family).found.passes <= 3


def test_one_common_entry_is_one_tail():
    """Its window is evaluated once for all rows, however many they are."""
    x = lk.Gamma(3.0, 2.0).sample(5_000, seed=1)
    fit = lk.fit(lk.observe(x[x > 2.0], entry=2.0), "gamma")
    assert fit.found.passes == 1  # the sums of the values; the rest is one tail a step


def test_rows_that_are_the_same_are_one():
    x = lk.Weibull(1.7, 4.0).sample(5_000, seed=1)
    stopped = lk.observe(np.minimum(x, 4.0), event=x <= 4.0)
    counted = lk.observe(
        [*x[x <= 4.0], 4.0], event=[*np.ones(np.sum(x <= 4.0)), 0],
        weights=[*np.ones(np.sum(x <= 4.0)), np.sum(x > 4.0)],
    )  # fmt: skip
    one, other = lk.fit(stopped, "weibull"), lk.fit(counted, "weibull")
    assert one.log_likelihood == pytest.approx(other.log_likelihood, rel=1e-14)
    assert one.parameters == pytest.approx(other.parameters, rel=1e-9)
