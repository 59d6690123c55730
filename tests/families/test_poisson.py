"""Tails of the Poisson so far out that mass and tail lose the digits of their ratio."""

import mpmath as mp
import numpy as np
import pytest
from scipy import stats

import likeliest as lk
from likeliest.distributions.derivatives import Side

FAR = [
    (1e6, 7e5),
    (1e6, 8.9e5),
    (2e12, 1.5e12),
    (2e4, 3.0),
    (1e6, 1.3e6),
    (2e12, 2.5e12),
    (3.0, 2e4),
]


def hazard(x, rate):
    """Return mass over tail as a series that falls like a geometric one."""
    x, rate = mp.mpf(x), mp.mpf(rate)
    term, total = mp.mpf(1), mp.mpf(0 if x > rate else 1)
    for j in range(1, 5_000):
        term *= rate / (x + j) if x > rate else (x - j + 1) / rate
        total += term
        if term < mp.mpf(10) ** -40:
            break
    return 1 / total


@pytest.mark.parametrize(("x", "rate"), FAR)
def test_far_tails_keep_their_curvature(x, rate):
    with mp.workdps(50):
        side = Side.ABOVE if x > rate else Side.BELOW
        h, slope = hazard(x, rate), mp.mpf(x) / mp.mpf(rate) - 1
        # h' = h (slope - h) above; below the signs of h change.
        first = side.value * h
        truth = float(first), float(first * (slope - first))
    d = lk.Poisson(rate).tail_derivatives(np.array([x]), side)
    assert d.score[0][0] == pytest.approx(truth[0], rel=1e-12)
    assert d.hessian[0][0] == pytest.approx(truth[1], rel=1e-9)


def test_large_counts_that_are_all_censored_have_a_likeliest_rate():
    limit, below, above = 2e12, 12, 18
    lower, upper = [-np.inf] * below + [limit] * above, [limit] * below + [np.inf] * above
    fit = lk.fit(family="poisson", lower=lower, upper=upper)
    # So large a count is normal: the share below the limit says how far below the mean that lies.
    distance = stats.norm.ppf(below / (below + above))
    assert (limit - fit.parameters["rate"]) / limit**0.5 == pytest.approx(distance, abs=1e-5)
