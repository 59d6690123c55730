"""Values of which some are known only to lie beyond a bound, by hand and by brute force."""

import numpy as np
import pytest

import likeliest as lk
from likeliest.data.observations import Observations
from likeliest.errors import SupportError
from likeliest.fitting.gap import largest_gap


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


def test_bins_of_whole_numbers_are_probabilities_for_every_family():
    """And [11, 20] of whole numbers is more than (11, 20] of a density: not compared."""
    edges, counts = [-1, 0, 1, 2, np.inf], [30, 40, 20, 10]
    compared = lk.compare(edges=edges, counts=counts, families=["poisson", "normal", "exponential"])
    poisson, normal = compared["poisson"], compared["normal"]
    for fit in (poisson, normal):
        ends = fit.distribution.cdf(np.array(edges[1:-1]))
        first = 0.0 if fit is poisson else fit.distribution.cdf(-1.0)
        cells = np.diff(np.concatenate([[first], ends, [1.0]]))
        assert fit.log_likelihood == pytest.approx(np.sum(counts * np.log(cells)), rel=1e-12)
    assert "30 of 100" in compared.left_out["exponential"]
    inclusive = lk.compare(lower=[0, 3, 6], upper=[2, 5, np.nan], weights=[5, 4, 1])
    assert "not ranked" in inclusive.left_out["poisson"]


def test_a_density_gives_no_probability_to_a_point():
    with pytest.raises(SupportError, match="needs x ≥ 0: 3 of 7"):
        lk.fit(family="exponential", edges=[-1, 0, 1], counts=[3, 4])


def test_rows_that_tell_the_same_leave_infinite_errors():
    fit = lk.fit(family="laplace", lower=[1, 2, 2], upper=[2, np.nan, 4], weights=[3, 1, 5])
    assert fit.diagnostics.outcome == "flat direction"
    assert fit.intervals()["loc"] == (-np.inf, np.inf)
    assert np.isinf(fit.covariance.diagonal()).all()
    assert lk.Fit.from_dict(fit.to_dict()).standard_errors == fit.standard_errors


def samples(kind, n=200, times=25):
    """Yield Weibull samples, right-censored, left-censored, or of which some entered too late."""
    rng = np.random.default_rng(8)
    for _ in range(times):
        x, limit = lk.Weibull(2.0, 10.0).sample(n, seed=rng), rng.uniform(2.0, 14.0, n)
        if kind == "right":
            yield lk.observe(np.minimum(x, limit), event=x <= limit)
        elif kind == "left":
            yield lk.observe(lower=np.where(x >= limit, x, np.nan), upper=np.maximum(x, limit))
        else:
            yield lk.observe(x[x > limit], entry=limit[x > limit])


@pytest.mark.parametrize("kind", ["right", "left", "late"])
def test_misfit_of_censored_and_truncated_values(kind):
    """What is true is told of one sample in a hundred, what is wrong of nearly all."""
    false, true = (
        [lk.fit(seen, name).misfit is not None for seen in samples(kind)]
        for name in ("weibull", "exponential")
    )
    assert sum(false) <= 2
    assert sum(true) > 20


def test_misfit_of_a_curve_is_named_where_it_is():
    """Half lie above 700 and none before 1500: there the exponential leaves exp(-1000 rate)."""
    x = np.concatenate([np.linspace(600.0, 700.0, 50), np.linspace(1500.0, 1600.0, 50)])
    seen = lk.observe(x, entry=500.0)
    fit = lk.fit(seen, "exponential")
    gap = (0.5 + 0.49) / 2 - np.exp(-1000.0 / (x.mean() - 500.0))
    assert largest_gap(fit.distribution, seen) == (pytest.approx(gap, rel=1e-9), 1500.0)
    assert f"at 1500 the share of values up to there differs by {gap:.2f}" in fit.misfit


def test_misfit_of_many_rows_looks_at_some():
    rng = np.random.default_rng(9)
    x, limit = lk.Weibull(2.0, 10.0).sample(60_000, seed=rng), rng.uniform(2.0, 14.0, 60_000)
    weights = rng.integers(1, 3, 60_000)
    for seen in (
        lk.observe(np.minimum(x, limit), event=x <= limit, weights=weights),
        lk.observe(x[x > 3.0], entry=3.0),
    ):
        weibull = lk.fit(seen, "weibull")
        assert weibull.misfit is None
        assert "were looked at" in weibull.goodness("smooth").notes[0]
        assert "not a good description" in lk.fit(seen, "exponential").misfit


def test_misfit_of_bins_of_which_the_outer_ones_are_open():
    """Up to 2 lie 900 of 1000; the exponential at the first edge alone would have 1 - 0.5 ** 2."""
    edges = [0.0, 1.0, 2.0, 8.0, np.inf]
    seen = lk.observe(edges=edges, counts=[500, 400, 50, 50])
    gap = 0.9 - (1.0 - 0.5**2)
    at_edge = largest_gap(lk.Exponential(np.log(2.0)), seen)
    assert at_edge == (pytest.approx(gap, rel=1e-9), 2.0)
    assert "at 2 the share of values" in lk.fit(seen, "exponential").misfit
    counts = 1000.0 * np.diff([lk.Gamma(2.0, 1.5).cdf(edge) for edge in edges])
    assert lk.fit(lk.observe(edges=edges, counts=counts), "gamma").misfit is None
    overlapping = lk.observe(lower=[np.nan, 1.0, 3.0], upper=[2.0, 4.0, np.nan], weights=[9, 9, 9])
    assert lk.fit(overlapping, "exponential").misfit is None
