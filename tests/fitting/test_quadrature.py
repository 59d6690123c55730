"""Rounded data climbed by quadrature: the top is that of the probabilities themselves."""

import numpy as np
import pytest

import likeliest as lk
from likeliest.distributions.derivatives import by_differences

SMOOTH = [lk.StudentT, lk.Cauchy, lk.Logistic, lk.Gumbel, lk.Weibull, lk.LogLogistic]


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
def test_the_fit_is_a_top_of_the_probabilities(seed):
    """Whatever way they were integrated: nothing near is likelier, by the cdf alone."""
    rng = np.random.default_rng(seed)
    x, step = hard_sample(rng)
    fit = lk.fit(x, "student t", rounding=step)
    best = fit.distribution
    cells, counts = np.unique(np.round(x / step), return_counts=True)

    def value(df, loc, scale):
        member = lk.StudentT(df, loc, scale)
        lower, upper = (cells - 0.5) * step, (cells + 0.5) * step
        return float(np.sum(counts * np.log(member.probability(lower, upper))))

    at = (best.df, best.loc, best.scale)
    assert fit.log_likelihood == pytest.approx(value(*at), abs=1e-9 * x.size)
    for _ in range(30):
        df, scale = (p * np.exp(rng.normal(0, 0.02)) for p in (best.df, best.scale))
        loc = best.loc + best.scale * rng.normal(0, 0.02)
        assert value(df, loc, scale) <= fit.log_likelihood + 1e-9 * x.size


@pytest.mark.families(where=SMOOTH.__contains__)
@pytest.mark.parametrize("step", [0.05, 0.5, 2.0])
def test_derivatives_of_cells_are_those_of_their_log_probability(family, ordinary, step):
    lower = np.arange(2.0, 12.0)
    at = tuple(ordinary.parameters.values())

    def value(*parameters):
        return family(*parameters).log_interval(lower, lower + step)

    found = ordinary.interval_derivatives(lower, lower + step)
    truth = by_differences(value, at, [1e-3 * abs(v) for v in at])
    assert found.log_prob == pytest.approx(value(*at), rel=1e-12)
    for ours, theirs in zip(found.score, truth.score, strict=True):
        assert ours == pytest.approx(theirs, rel=1e-7, abs=1e-8)
    for ours, theirs in zip(found.hessian, truth.hessian, strict=True):
        assert ours == pytest.approx(theirs, rel=1e-4, abs=1e-5)


@pytest.mark.parametrize(("df", "z"), [(1e4, 40.0), (1e6, 60.0), (300.0, 200.0)])
def test_a_t_tail_beyond_the_range_of_its_probability(df, z):
    """By Laplace's formula: the tail is the density over the hazard, to a part in z²."""
    member = lk.StudentT(df, 0.0, 1.0)
    hazard = (df + 1.0) * z / (df + z * z)
    expected = float(member.log_prob(z)) - np.log(hazard)
    assert float(member.log_sf(z)) == pytest.approx(expected, abs=20.0 / min(df, z * z))
