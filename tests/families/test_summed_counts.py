"""Tails that are added up by a few nodes are those of all masses, however wide."""

import numpy as np
import pytest

import likeliest as lk
from likeliest.distributions.summed import nodes_above, nodes_below

WIDE = [
    lk.GeneralizedPoisson(1000.0, 0.95), lk.GeneralizedPoisson(0.5, 0.97),
    lk.ConwayMaxwellPoisson(100.0, 0.05), lk.ConwayMaxwellPoisson(2000.0, 0.3),
    lk.ConwayMaxwellPoisson(39.0, 5e-4), lk.ConwayMaxwellPoisson(1e-3, 900.0),
    lk.PoissonInverseGaussian(100.0, 20.0), lk.PoissonInverseGaussian(3000.0, 1e-4),
]  # fmt: skip


@pytest.mark.parametrize("member", WIDE, ids=repr)
def test_tails_and_moments_are_those_of_all_masses(member):
    masses = member.pmf(np.arange(400_000.0))
    below, above = np.cumsum(masses), np.cumsum(masses[::-1])[::-1]
    x = np.unique(
        np.concatenate([member.quantile([1e-6, 0.2]), member.upper_quantile([0.1, 1e-9])])
    )
    at = x.astype(int)
    assert below[-1] == pytest.approx(1.0, rel=1e-12)
    assert member.cdf(x) == pytest.approx(below[at], rel=1e-11)
    assert member.sf(x) == pytest.approx(above[at + 1], rel=1e-11)
    logs = np.log(np.where(masses > 0.0, masses, 1.0))
    assert lk.entropy(member) == pytest.approx(-masses @ logs, rel=1e-11)
    mean = masses @ np.arange(masses.size)
    assert member.mean == pytest.approx(mean, rel=1e-11)
    assert member.var == pytest.approx(masses @ (np.arange(masses.size) - mean) ** 2, rel=1e-10)


@pytest.mark.parametrize("n", [1, 15, 16, 17, 33, 100, 12345])
def test_a_sum_is_exact_for_polynomials(n):
    nodes, weights = nodes_below(np.array([[n - 1.0]]))
    k = np.arange(float(n))
    for power in (0, 1, 7, 15):
        assert np.sum(weights * nodes**power) == pytest.approx(np.sum(k**power), rel=1e-11)


def test_a_geometric_sum_is_that_of_the_formula():
    rate = np.array([[3.0], [0.1], [1e-3], [1e-6]])
    nodes, weights = nodes_above(np.full((4, 1), 9.0), lambda x: -rate * x)
    total = np.sum(weights * np.exp(-rate * (nodes - 10.0)), axis=1)
    assert total == pytest.approx(1.0 / -np.expm1(-rate[:, 0]), rel=1e-12)
