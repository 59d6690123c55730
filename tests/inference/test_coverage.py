"""Intervals of 95 % hold the truth in about that share of simulated samples, of every family.

A share of 300 is known to ± 1.3 %: the bounds are some three and a half of these away. The long
simulation, of 10,000 samples a cell, is `benchmarks/coverage.py`.
"""

import numpy as np
import pytest

import likeliest as lk
from members import HUMPED, ORDINARY, REPRESENTED

SIMULATIONS, N, OFF = 300, 500, 0.045
MEMBERS = [member for family, member in ORDINARY.items() if family not in REPRESENTED]


@pytest.mark.slow
@pytest.mark.parametrize("member", MEMBERS, ids=lambda m: m.name)
def test_coverage(member):
    many, off = (100, 0.08) if type(member) in HUMPED else (SIMULATIONS, OFF)
    x = member.sample((many, N), seed=2)
    fits = lk.fit(x.ravel(), type(member), by=np.repeat(np.arange(many), N))
    assert not fits.failed.any()
    for name, (low, high) in fits.intervals().items():
        truth = member.parameters[name]
        share = np.mean((low <= truth) & (truth <= high))
        assert abs(share - 0.95) <= off, (name, share)


@pytest.mark.parametrize("weight", [1.0, 0.2, 1e-3])
def test_next_to_no_observations_say_next_to_nothing(weight):
    fit = lk.fit([1.0, 2.0, 9.0], "pareto", weights=[weight / 3.0] * 3)
    assert fit.intervals()["scale"] == (0.0, 1.0)
