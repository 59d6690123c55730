"""Tops of likelihoods with many corners, against all of them, and in how many readings."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

import likeliest as lk
from likeliest.errors import SupportError, UnboundedLikelihoodError


def log_scale_top(negative):
    """Return the least of a function of a logarithm that may have several."""
    starts = [minimize_scalar(negative, bracket=(s, s + 0.3)).fun for s in (-1.0, 0.5, 2.0)]
    return min(starts)


def by_scipy(x, exact, limit, entry, weight):
    """Return the greatest log likelihood of a Laplace over all corners, by its density and sf."""

    def negative(loc, log_scale):
        scale = np.exp(log_scale)

        def log_sf(t):
            z = (t - loc) / scale
            return np.where(z > 0, -np.abs(z) - np.log(2), np.log1p(-0.5 * np.exp(-np.abs(z))))

        density = -np.abs(x - loc) / scale - np.log(2 * scale)
        terms = np.where(exact, density, log_sf(limit))
        return -np.sum(weight * (terms - log_sf(entry)))

    places = np.unique(np.concatenate([x[exact], entry[np.isfinite(entry)]]))
    return -min(log_scale_top(lambda s, at=at: negative(at, s)) for at in places)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_highest_of_many_corners_is_found(seed):
    rng = np.random.default_rng(seed)
    x = rng.laplace(0.3, 2.0, 80)
    entry = rng.laplace(-1.5, 2.0, 80)
    seen = x > entry
    x, entry = x[seen], entry[seen]
    weight = rng.integers(1, 4, x.size).astype(float)
    fit = lk.fit(x, "laplace", entry=entry, weights=weight)
    exact = np.ones(x.size, dtype=bool)
    assert fit.log_likelihood >= by_scipy(x, exact, x, entry, weight) - 1e-8


def test_dense_corners_are_passed_in_few_readings():
    rng = np.random.default_rng(3)
    x, limit = rng.laplace(0.3, 2.0, 2_000), rng.laplace(1.5, 2.0, 2_000)
    exact = x <= limit
    fit = lk.fit(np.minimum(x, limit), "laplace", event=exact)
    assert fit.found.passes <= 60
    some = np.abs(x - fit.parameters["loc"]) < 0.05  # concave: no other corner is higher
    nearby = np.unique(x[some & exact])
    assert nearby.size > 10

    def negative(loc, s):
        z = (np.minimum(x, limit) - loc) / np.exp(s)
        sf = np.where(z > 0, -np.abs(z) - np.log(2), np.log1p(-0.5 * np.exp(-np.abs(z))))
        return -np.sum(np.where(exact, -np.abs(z) - np.log(2) - s, sf))

    best = max(-minimize_scalar(lambda s, at=at: negative(at, s)).fun for at in nearby)
    assert fit.log_likelihood >= best - 1e-8


@pytest.mark.parametrize(
    "member", [lk.Uniform(2.0, 97.0), lk.Pareto(2.5, 30.0), lk.Laplace(50.0, 20.0)], ids=repr
)
def test_rounded_values_are_fitted_in_a_few_readings(member):
    x = member.sample(10_000, seed=1)
    for step in (0.1, 1.0):
        fit = lk.fit(np.round(x / step) * step, type(member), rounding=step)
        assert fit.found.passes <= 25
        assert fit.log_likelihood >= member.log_likelihood(fit.observations)


def test_an_end_runs_at_most_to_the_other_end():
    with pytest.raises(UnboundedLikelihoodError, match=r"rises as low → 10, towards 0 nats"):
        lk.fit(family="uniform", lower=[3, 4, 5], upper=[np.inf] * 3, fixed={"high": 10})
    with pytest.raises(UnboundedLikelihoodError, match=r"rises as high → 1, towards 0 nats"):
        lk.fit(family="uniform", lower=[-np.inf] * 2, upper=[3, 4], fixed={"low": 1})
    with pytest.raises(UnboundedLikelihoodError, match=r"rises as high → ∞, towards 0 nats"):
        lk.fit(family="uniform", lower=[3, 4, 5], upper=[np.inf] * 3, fixed={"low": 1})


def test_an_end_that_leaves_an_interval_no_room_is_refused():
    with pytest.raises(SupportError, match=r"Fix it above the greatest value, 4\."):
        lk.fit(family="uniform", lower=[3, 4], upper=[4, 5], fixed={"high": 4})
    with pytest.raises(SupportError, match=r"Fix it above the greatest value, 4\."):
        lk.fit(family="uniform", lower=[3, 4, 4], upper=[3, 4, 5], fixed={"high": 4})
    assert lk.fit([3, 4], "uniform", fixed={"high": 4}).parameters["low"] == 3.0
