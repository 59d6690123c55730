"""Rounded data climbed by quadrature: the top is that of the probabilities themselves."""

import numpy as np
import pytest

import likeliest as lk
from likeliest.data.observations import Observations
from likeliest.fitting import iterative
from likeliest.likelihood import kernels as likelihood

SMOOTH = {
    "student t": lk.StudentT(3.0, 5.0, 2.0), "cauchy": lk.Cauchy(5.0, 2.0),
    "logistic": lk.Logistic(5.0, 2.0), "gumbel": lk.Gumbel(5.0, 2.0),
    "weibull": lk.Weibull(1.7, 4.0), "log-logistic": lk.LogLogistic(3.0, 4.0),
}  # fmt: skip


def hard_sample(rng):
    """Return a sample with ties, clusters or two humps, rounded finely or coarsely."""
    n, step = int(np.exp(rng.uniform(1.6, 5.5))), float(np.exp(rng.uniform(-4.0, 1.5)))
    x = rng.standard_t(np.exp(rng.uniform(-0.5, 3.5)), n)
    kind = rng.integers(4)
    if kind == 1:
        x[: n // 3] = 5.0 + 0.01 * x[: n // 3]
    elif kind == 2:
        x[: n // 4] = 0.0
    elif kind == 3:
        x = np.where(rng.random(n) < 0.5, x, 30.0 + x)
    return np.round(x / step) * step, step


@pytest.mark.parametrize("seed", range(40))
def test_never_below_the_slow_way(seed, monkeypatch):
    x, step = hard_sample(np.random.default_rng(seed))
    fit = lk.fit(x, "student t", rounding=step)
    monkeypatch.setattr(iterative, "_by_quadrature", lambda _, __, starts: ([], starts))
    slow = lk.fit(x, "student t", rounding=step)
    assert fit.log_likelihood >= slow.log_likelihood - 1e-10 * x.size
    value = likelihood.log_likelihood(fit.distribution, fit.observations)
    assert abs(value - fit.log_likelihood) < 1e-10 * x.size


@pytest.mark.parametrize("name", SMOOTH)
@pytest.mark.parametrize("step", [0.05, 0.5, 2.0])
def test_its_errors_are_those_of_differences(name, step, monkeypatch):
    x = np.round(SMOOTH[name].sample(300, rng=3) / step) * step
    x = x if SMOOTH[name].support.low < 0 else np.maximum(x, step)
    fit = lk.fit(x, name, rounding=step)
    monkeypatch.setattr(iterative, "_by_quadrature", lambda _, __, starts: ([], starts))
    slow = lk.fit(x, name, rounding=step)
    assert fit.standard_errors == pytest.approx(slow.standard_errors, rel=1e-4)
    for parameter, value in fit.parameters.items():
        assert abs(value - slow.parameters[parameter]) < 1e-4 * fit.standard_errors[parameter]


@pytest.mark.parametrize("name", SMOOTH)
def test_the_expansion_is_that_of_the_log_likelihood(name):
    member = SMOOTH[name]
    observations = Observations.of(np.arange(2.0, 12.0), np.arange(1.0, 11.0), 0.5)
    found = likelihood.interval_expansion(member, observations, 16)

    def value(shift):
        moved = [v + s for v, s in zip(member.parameters.values(), shift, strict=True)]
        return likelihood.log_likelihood(type(member)(*moved), observations)

    k, h = len(member.parameters), 1e-4
    unit = h * np.eye(k)
    assert found.value == pytest.approx(value(np.zeros(k)), rel=1e-12)
    slope = [(value(unit[i]) - value(-unit[i])) / (2 * h) for i in range(k)]
    assert found.score == pytest.approx(np.array(slope), rel=1e-5, abs=1e-5)
    for i in range(k):
        for j in range(k):
            around = [value(s * unit[i] + t * unit[j]) * s * t for s in (1, -1) for t in (1, -1)]
            bend = sum(around) / (4 * h * h)
            assert found.hessian[i, j] == pytest.approx(bend, rel=1e-3, abs=1e-3)


@pytest.mark.parametrize(("df", "z"), [(1e4, 40.0), (1e6, 60.0), (300.0, 200.0)])
def test_a_t_tail_beyond_the_range_of_its_probability(df, z):
    """By Laplace's formula: the tail is the density over the hazard, to a part in z²."""
    member = lk.StudentT(df, 0.0, 1.0)
    hazard = (df + 1.0) * z / (df + z * z)
    expected = float(member.log_prob(z)) - np.log(hazard)
    assert float(member.log_sf(z)) == pytest.approx(expected, abs=20.0 / min(df, z * z))
