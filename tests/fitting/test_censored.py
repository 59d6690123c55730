"""Values of which some are known only to lie beyond a bound, by hand and by brute force."""

import numpy as np
import pytest

import likeliest as lk
from likeliest.data.observations import Observations


def censored(x, ends):
    """Return lifetimes followed no longer than until `ends`: later ones are known to be later."""
    seen = Observations.of(np.minimum(x, ends))
    upper = np.where(x <= ends, x, np.inf)
    return Observations(seen.values, seen.summary, lower=seen.values, upper=upper)


@pytest.fixture
def lifetimes():
    rng = np.random.default_rng(3)
    return censored(lk.Weibull(1.7, 4.0).sample(400, rng), rng.uniform(1.0, 6.0, 400))


def test_an_exponential_is_events_over_time(lifetimes):
    fit = lk.fit(lifetimes, "exponential")
    events, time = lifetimes.n_exact, float(np.sum(lifetimes.values))
    assert 100 < events < 300
    assert fit.parameters["rate"] == pytest.approx(events / time, rel=1e-6)
    assert fit.standard_errors["rate"] == pytest.approx(np.sqrt(events) / time, rel=1e-3)
    assert fit.log_likelihood == pytest.approx(events * np.log(events / time) - events, rel=1e-12)
    assert fit.measure == "density"


def test_a_weibull_is_at_the_top(lifetimes):
    fit = lk.fit(lifetimes, "weibull")
    shape, scale = fit.parameters["shape"], fit.parameters["scale"]
    died = lifetimes.lower == lifetimes.upper

    def log_likelihood(k, s):
        z = lifetimes.values / s
        hazard = np.log(k / s) + (k - 1.0) * np.log(z)
        return float(np.sum(np.where(died, hazard, 0.0) - z**k))

    assert fit.log_likelihood == pytest.approx(log_likelihood(shape, scale), rel=1e-12)
    for k, s in ((1.001, 1.0), (0.999, 1.0), (1.0, 1.001), (1.0, 0.999)):
        assert log_likelihood(shape * k, scale * s) < fit.log_likelihood


@pytest.mark.parametrize("unit", [1e-140, 1e140])
def test_the_unit_of_time_does_not_matter(lifetimes, unit):
    one = lk.fit(lifetimes, "weibull")
    other = lk.fit(lifetimes.moved(0.0, 1.0 / unit), "weibull")
    assert other.parameters["shape"] == pytest.approx(one.parameters["shape"], rel=1e-6)
    assert other.log_likelihood == pytest.approx(
        one.log_likelihood - lifetimes.n_exact * np.log(unit), rel=1e-9
    )


def test_families_are_compared(lifetimes):
    compared = lk.compare(lifetimes, ["weibull", "exponential", "lognormal"], rounding=0.0)
    assert compared.best.family == "weibull"
    assert compared.notes == ()


def test_an_exact_zero_among_censored_values():
    x = np.array([0.0, 1.0, 2.0])
    seen = Observations.of(x)
    some = Observations(x, seen.summary, lower=x, upper=np.array([0.0, 1.0, np.inf]))
    assert lk.fit(some, "exponential").parameters["rate"] == pytest.approx(2 / 3, rel=1e-6)
    with pytest.raises(lk.errors.SupportError, match="1 of 3"):
        lk.fit(some, "gamma")
