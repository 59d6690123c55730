"""What is drawn lies in the support, also where the distribution reaches beyond float64."""

import numpy as np
import pytest

import likeliest as lk
from likeliest.distributions.log_concave import LogConcave
from likeliest.distributions.summed import Summed
from members import EVERY

WIDE = [
    lk.Weibull(1e-3, 1.0), lk.LogLogistic(1e-3, 1.0), lk.LogNormal(0.0, 1e4), lk.Pareto(1e-4, 1.0),
    lk.StudentT(1e-3, 0.0, 1.0), lk.Gamma(1e-4, 1.0), lk.Beta(1e-4, 1e-4),
]  # fmt: skip


@pytest.mark.parametrize("member", EVERY + WIDE, ids=repr)
def test_draws_lie_in_the_support(member):
    x = member.sample(10_000, seed=0)
    assert np.isfinite(x).all()
    assert member.bounds().contains(x).all()
    assert np.ndim(member.sample(seed=0)) == 0


@pytest.mark.parametrize("member", EVERY, ids=repr)
def test_draws_follow_the_distribution(member):
    from scipy import stats

    # Each tail of these is a quadrature or a sum.
    n = 4_000 if isinstance(member, (LogConcave, Summed)) else 20_000
    x = member.sample(n, seed=1)
    # Randomised within its mass, the probability of a count is uniform too (Rosenblatt 1952).
    has_mass = np.isin(x, member.atoms) | member.discrete
    mass = np.zeros_like(x)
    mass[has_mass] = np.exp(member.log_prob(x[has_mass]))
    within = np.random.default_rng(2).random(x.size) * mass
    above = member.sf(x) + within
    assert stats.kstest(above, "uniform").pvalue > 1e-4
