"""Yields against the extended likelihood, maximised here with the yields as parameters."""

import numpy as np
import pytest
from scipy import optimize, stats

import likeliest as lk

rng = np.random.default_rng(3)
ENERGIES = np.concatenate([rng.normal(5.0, 0.3, 150), rng.exponential(4.0, 350)])


def numerical_errors(function, at):
    k, h = len(at), 1e-3 * np.abs(at)
    hessian = np.empty((k, k))
    for i in range(k):
        for j in range(k):
            e, f = np.eye(k)[i] * h, np.eye(k)[j] * h
            hessian[i, j] = function(at + e + f) - function(at + e - f)
            hessian[i, j] += function(at - e - f) - function(at - e + f)
            hessian[i, j] /= 4 * h[i] * h[j]
    return np.sqrt(np.diag(np.linalg.inv(hessian)))


def unbinned(p):
    s, b, mean, std, rate = p
    rates = s * stats.norm.pdf(ENERGIES, mean, std) + b * rate * np.exp(-rate * ENERGIES)
    return s + b - np.sum(np.log(rates))


EDGES = np.append(np.linspace(0.0, 15.0, 31), 60.0)
COUNTS, _ = np.histogram(ENERGIES, EDGES)


def binned(p):
    s, b, mean, std, rate = p
    cells = s * np.diff(stats.norm.cdf(EDGES, mean, std)) - b * np.diff(np.exp(-rate * EDGES))
    return s + b - np.sum(COUNTS * np.log(cells))


@pytest.mark.parametrize(
    ("nll", "data"),
    [(unbinned, {"data": ENERGIES}), (binned, {"edges": EDGES, "counts": COUNTS})],
    ids=["unbinned", "binned"],
)
def test_yields_are_those_of_the_extended_likelihood(nll, data):
    fit = lk.fit(family=lk.mixture("normal", "exponential"), **data)
    found = fit.yields()
    shape = [fit.parameters[name] for name in ("mean_1", "std_1", "rate_2")]
    at = np.array([found.values["normal 1"], found.values["exponential 2"], *shape])
    best = optimize.minimize(nll, at * 1.01, method="Nelder-Mead", options={"maxiter": 4000})
    assert nll(at) <= best.fun + 1e-6
    errors = numerical_errors(nll, at)
    ours = [found.errors["normal 1"], found.errors["exponential 2"]]
    assert ours == pytest.approx(errors[:2], rel=2e-4)
    assert found.values["all"] == 500.0
    assert found.errors["all"] == pytest.approx(np.sqrt(500.0))


def test_of_one_component_only_the_number_fluctuates():
    found = lk.fit(ENERGIES, "exponential").yields()
    assert found.values == {"all": 500.0}
    low, high = found.intervals()["all"]
    assert low < 500.0 < high
    assert "expected events" in repr(found)


def test_what_was_seen_through_a_window_has_no_yield():
    fit = lk.fit(ENERGIES[ENERGIES > 1.0], "exponential", entry=1.0)
    with pytest.raises(lk.errors.DataError, match="counts the events that were seen"):
        fit.yields()
