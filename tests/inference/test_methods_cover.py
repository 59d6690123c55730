"""Intervals of 95 % hold the truth about as often as they say: a short simulation of each method.

`benchmarks/coverage.py` is the long one. Of 150 samples a share of 95 % is known to ± 1.8 %: the
bounds are four of these away.
"""

import numpy as np
import pytest

import likeliest as lk

SAMPLES, BOUNDS = 150, (0.88, 1.0)


@pytest.mark.parametrize("member", [lk.Gamma(3.0, 2.0), lk.Gumbel(5.0, 2.0)], ids=lambda m: m.name)
def test_profiles(member):
    x = member.sample((SAMPLES, 50), seed=1)
    hits = {name: [] for name in member.parameters}
    quantile = []
    for row in x:
        fit = lk.fit(row, type(member))
        for name, (low, high) in fit.intervals(method="profile").items():
            hits[name].append(low <= member.parameters[name] <= high)
        low, high = fit.quantile(0.9).interval()
        quantile.append(low <= member.quantile(0.9) <= high)
    shares = [np.mean(hit) for hit in (*hits.values(), quantile)]
    assert all(BOUNDS[0] <= share <= BOUNDS[1] for share in shares), shares
    assert min(shares) < 0.99  # and they are not just wide


def test_the_bootstrap():
    member = lk.Exponential(0.2)
    hits = []
    for row in member.sample((SAMPLES, 50), seed=2):
        low, high = lk.fit(row, "exponential").bootstrap(299).intervals()["rate"]
        hits.append(low <= member.rate <= high)
    assert BOUNDS[0] <= np.mean(hits) <= 0.99
