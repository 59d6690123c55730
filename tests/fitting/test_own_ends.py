"""A family that a user writes, with an end of the support, fits like one of ours."""

from typing import ClassVar

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import differential_evolution

import likeliest as lk
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.corner import Corner
from likeliest.distributions.family import REGISTRY, family
from likeliest.distributions.parameters import positive, real
from likeliest.distributions.support import POSITIVE_REALS, REALS, Support
from likeliest.errors import SupportError, UnboundedLikelihoodError


@pytest.fixture(scope="module")
def power():
    """Return the power function distribution, with nothing but its density and its cdf."""

    @family
    class Power(ContinuousDistribution):
        name = "power function"
        support = POSITIVE_REALS
        corners: ClassVar = {"greatest": Corner.HIGH_END}
        shape: float = positive()
        greatest: float = positive(power=1)

        def bounds(self):
            return Support(0.0, self.greatest, high_closed=True)

        def _log_prob(self, x):
            return np.log(self.shape / x) + self.shape * np.log(x / self.greatest)

        def _cdf(self, x):
            return (x / self.greatest) ** self.shape

        def _quantile(self, q):
            return self.greatest * q ** (1.0 / self.shape)

    yield Power
    del REGISTRY["powerfunction"]


@pytest.fixture(scope="module")
def delayed():
    """Return the exponential wait after a delay, with nothing but its density and its tails."""

    @family
    class Delayed(ContinuousDistribution):
        name = "delayed exponential"
        support = REALS
        corners: ClassVar = {"delay": Corner.LOW_END}
        delay: float = real(power=1)
        scale: float = positive(power=1)

        def bounds(self):
            return Support(self.delay, low_closed=True)

        def _log_prob(self, x):
            return -(x - self.delay) / self.scale - np.log(self.scale)

        def _cdf(self, x):
            return -np.expm1(-(x - self.delay) / self.scale)

        def _sf(self, x):
            return np.exp(-(x - self.delay) / self.scale)

        def _quantile(self, q):
            return self.delay - self.scale * np.log1p(-q)

    yield Delayed
    del REGISTRY["delayedexponential"]


def test_the_delay_is_the_least_value(delayed):
    x = delayed(3.0, 2.0).sample(200, seed=1)
    fit = lk.fit(x, delayed)
    assert fit.parameters["delay"] == x.min()
    assert fit.parameters["scale"] == pytest.approx(np.mean(x - x.min()), rel=1e-8)
    assert fit.corners == ("delay",)
    assert fit.standard_errors["delay"] is None
    assert fit.standard_errors["scale"] == pytest.approx(np.mean(x - x.min()) / 200**0.5, rel=1e-5)


def test_the_interval_of_an_end_is_as_long_as_a_gap_of_that_probability(delayed):
    x = delayed(3.0, 2.0).sample(200, seed=1)
    fit = lk.fit(x, delayed)
    low, high = fit.intervals()["delay"]
    assert high == x.min()
    # n gap / scale is a unit exponential beside n estimate / scale, a gamma of the shape n - 1.
    ratio = stats.f(2, 398).ppf(0.95) / 199.0
    assert high - low == pytest.approx(ratio * fit.parameters["scale"], rel=1e-9)
    again = lk.Fit.from_dict({**fit.to_dict(), "family": "delayed exponential"})
    assert again.intervals()["delay"] == (low, high)


def test_the_greatest_value_ends_a_power_function(power):
    x = power(2.5, 7.0).sample(300, seed=2)
    fit = lk.fit(x, power)
    assert fit.parameters["greatest"] == x.max()
    assert fit.parameters["shape"] == pytest.approx(1.0 / np.mean(np.log(x.max() / x)), rel=1e-8)
    low, high = fit.intervals()["greatest"]
    assert low == x.max() < high


def likelihood(law, x, seen):
    low, high = seen
    return np.sum(np.log(np.where(low == high, law.pdf(x), law.cdf(high) - law.cdf(low))))


@pytest.mark.parametrize("kind", ["rounded", "right", "mixed"])
def test_no_search_finds_a_likelier_member_of_rows_that_are_not_exact(delayed, kind):
    rng = np.random.default_rng(5)
    x = delayed(3.0, 2.0).sample(80, seed=rng)
    low, high = np.floor(x), np.floor(x) + 1.0
    if kind == "right":
        low = np.minimum(x, 5.0)
        high = np.where(x < 5.0, x, np.inf)
    if kind == "mixed":
        exact = rng.random(80) < 0.5
        low, high = np.where(exact, x, low), np.where(exact, x, high)
    fit = lk.fit(lk.observe(lower=low, upper=high), delayed)

    def negative(at):
        with np.errstate(all="ignore"):
            value = likelihood(stats.expon(at[0], np.exp(at[1])), x, (low, high))
        return -value if np.isfinite(value) else 1e9

    ours = -negative([fit.parameters["delay"], np.log(fit.parameters["scale"])])
    found = differential_evolution(negative, [(0.0, 5.0), (-2.0, 3.0)], seed=1, tol=1e-12)
    assert fit.log_likelihood == pytest.approx(ours, abs=1e-8)
    assert ours >= -found.fun - 1e-8


def test_what_has_no_maximum_is_said(delayed, power):
    with pytest.raises(UnboundedLikelihoodError, match="rises as delay → ∞"):
        lk.fit([3.0, 4.0], delayed, event=[0, 0])
    with pytest.raises(SupportError, match="at or below the least value, 3"):
        lk.fit([3.0, 4.0, 6.0], delayed, fixed={"delay": 3.5})
    with pytest.raises(SupportError, match="at or above the greatest value, 6"):
        lk.fit([3.0, 4.0, 6.0], power, fixed={"greatest": 5.0})
