"""What rows say: residuals by their law, influence beside refits, Takeuchi's trace, maxima."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import likeliest as lk
from likeliest.errors import DataError, FamilyError, ParameterError


def test_residuals_of_exact_values_are_the_formula() -> None:
    x = lk.Gamma(2.0, 3.0).sample(50, seed=1)
    fit = lk.fit(x, "gamma")
    law = stats.gamma(fit.parameters["shape"], scale=fit.parameters["scale"])
    np.testing.assert_allclose(fit.residuals(), stats.norm.ppf(law.cdf(x)), rtol=1e-9)
    np.testing.assert_allclose(fit.pit(), law.cdf(x), rtol=1e-9)


def test_residuals_of_the_right_law_are_normal() -> None:
    limit = np.random.default_rng(1).uniform(0.5, 4.0, 2000)
    x = lk.Weibull(1.5, 2.0).sample(2000, seed=2)
    fits = [
        lk.fit(lk.Poisson(3.0).sample(2000, seed=1), "poisson"),
        lk.fit(np.minimum(x, limit), "weibull", event=x <= limit),
        lk.fit(x[x > 1.0], "weibull", entry=1.0),
    ]
    for fit in fits:
        assert stats.kstest(fit.residuals(seed=5), "norm").pvalue > 0.01
        assert (fit.residuals(seed=5) == fit.residuals(seed=5)).all()


def test_far_residuals_keep_their_digits() -> None:
    fit = lk.fit([0.0, 1.0], "normal")
    far = fit.distribution  # mean 0.5, std 0.5
    from likeliest.data.rows import Kind, Rows
    from likeliest.likelihood.residuals import quantile_residuals

    x = np.array([0.5 - 0.5 * 30, 0.5 + 0.5 * 30])
    found = quantile_residuals(far, Rows(Kind.EXACT, x), np.array([0.5, 0.5]))
    np.testing.assert_allclose(found, [-30.0, 30.0], rtol=1e-12)


def test_influence_is_near_what_leaving_out_does() -> None:
    x = lk.Gamma(2.0, 3.0).sample(400, seed=1)
    fit = lk.fit(x, "gamma")
    found = fit.influence()
    for i in (0, 17, int(np.argmax(x))):
        without = lk.fit(np.delete(x, i), "gamma")
        for name, moved in found.items():
            exact = fit.parameters[name] - without.parameters[name]
            assert moved[i] == pytest.approx(exact, rel=0.06, abs=1e-4)
    assert sum(found["shape"]) == pytest.approx(0.0, abs=1e-9)


def test_takeuchi_of_an_exponential_is_the_formula() -> None:
    """By the mean m the trace is the variance of x over m²."""
    x = lk.Gamma(3.0, 1.0).sample(200, seed=1)
    fit = lk.fit(x, "exponential")
    expected = 2.0 * np.var(x) / x.mean() ** 2 - 2.0 * fit.log_likelihood
    assert fit.tic == pytest.approx(expected, rel=1e-9)
    right = lk.fit(lk.Gamma(2.0, 1.0).sample(20_000, seed=1), "gamma")
    assert right.tic == pytest.approx(right.aic, abs=0.3)


def test_maxima_of_two_clusters_of_a_cauchy() -> None:
    x = np.array([-20.0, -19.0, 0.0, 1.0, 2.0])
    found = lk.fit(x, "cauchy", fixed={"scale": 1.0}).maxima(80, seed=1)
    grid = np.linspace(-30, 30, 60_001)
    value = stats.cauchy.logpdf(x[:, None] - grid).sum(axis=0)
    inner = (value[1:-1] > value[:-2]) & (value[1:-1] > value[2:])
    expected = sorted(grid[1:-1][inner], key=lambda at: -np.interp(at, grid, value))
    assert len(found) == 2
    for one, at in zip(found.parameters, expected, strict=False):
        assert one["loc"] == pytest.approx(at, abs=2e-3)
    assert found.log_likelihood[0] == pytest.approx(value.max(), abs=1e-6)
    assert "2 maxima" in repr(found)


def test_one_maximum_is_one() -> None:
    x = lk.Weibull(1.5, 2.0).sample(60, seed=1)
    fit = lk.fit(x, "weibull")
    found = fit.maxima(30, seed=1)
    assert len(found) == 1
    assert found.log_likelihood[0] == pytest.approx(fit.log_likelihood, abs=1e-8)


def test_what_is_refused() -> None:
    laplace = lk.fit([1.0, 2.0, 4.0, 7.0], "laplace")
    for work in (laplace.influence, laplace.maxima, lambda: laplace.tic):
        with pytest.raises(FamilyError, match="corners"):
            work()
    fit = lk.fit([1.0, 2.0, 4.0, 7.0], "normal")
    with pytest.raises(ParameterError, match="starts must be 1"):
        fit.maxima(0)
    loaded = lk.Fit.from_dict(fit.to_dict())
    for work in (loaded.residuals, loaded.influence, loaded.maxima):
        with pytest.raises(DataError, match="attach"):
            work()
