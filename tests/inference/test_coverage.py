"""Intervals of 95 % hold the truth in about that share of simulated samples, of every family.

The bounds are some three and a half standard errors away. The long simulation, of 10,000 samples a
cell, is `benchmarks/coverage.py`.
"""

import numpy as np
import pytest

import likeliest as lk
from members import HUMPED, MADE, ORDINARY, REPRESENTED

N = 500
DEAR = {lk.Skellam, lk.ConwayMaxwellPoisson}  # fitted one by one, some 20 ms each
PLAIN = [m for family, m in ORDINARY.items() if family not in REPRESENTED and family not in MADE]


@pytest.mark.slow
@pytest.mark.parametrize("member", PLAIN, ids=lambda m: m.name)
def test_coverage(member):
    many, off = (100, 0.075) if type(member) in DEAR else (300, 0.045)
    x = member.sample((many, N), seed=2)
    fits = lk.fit(x.ravel(), type(member), by=np.repeat(np.arange(many), N))
    assert not fits.failed.any()
    for name, (low, high) in fits.intervals().items():
        truth = member.parameters[name]
        share = np.mean((low <= truth) & (truth <= high))
        if type(member).constraints[name].whole:  # whole ends cannot be held by 95 % exactly
            assert share >= 0.95, (name, share)
            continue
        assert abs(share - 0.95) <= off, (name, share)


@pytest.mark.slow
@pytest.mark.parametrize("member", MADE.values(), ids=lambda m: m.name)
def test_coverage_of_families_made_of_others(member):
    many, off = (50, 0.1) if type(member) in HUMPED else (150, 0.065)
    hits = dict.fromkeys(member.parameters, 0)
    for row in member.sample((many, N), seed=2):
        for name, (low, high) in lk.fit(row, type(member)).intervals().items():
            hits[name] += low <= member.parameters[name] <= high
    assert all(abs(hit / many - 0.95) <= off for hit in hits.values()), hits


@pytest.mark.parametrize("weight", [1.0, 0.2, 1e-3])
def test_next_to_no_observations_say_next_to_nothing(weight):
    fit = lk.fit([1.0, 2.0, 9.0], "pareto", weights=[weight / 3.0] * 3)
    assert fit.intervals()["scale"] == (0.0, 1.0)
