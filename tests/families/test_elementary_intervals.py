"""Probabilities of intervals of the families whose tails are elementary, against mpmath."""

import mpmath as mp
import numpy as np
import pytest

import likeliest as lk
from likeliest.distributions.intervals import between

mp.mp.dps = 50


def uniform(x, low, high):
    return min(max((x - low) / (high - low), mp.mpf(0)), mp.mpf(1))


def pareto(x, shape, scale):
    return 1 - (scale / x) ** shape if x > scale else mp.mpf(0)


def laplace(x, loc, scale):
    tail = mp.exp(-abs(x - loc) / scale) / 2
    return tail if x < loc else 1 - tail


LAWS = [
    (lk.Uniform(2.0, 9.0), uniform),
    (lk.Pareto(2.5, 3.0), pareto),
    (lk.Laplace(5.0, 2.0), laplace),
]
INTERVALS = [
    (1.0, 3.5), (1.0, 12.0), (4.0, 4.5), (3.5, 8.75), (8.0, 60.0), (2.5, 7.0), (5.5, 6.5),
    (6.0, 6.0 + 2.0**-30), (3.25, 3.25 + 2.0**-40), (5.0 - 2.0**-30, 5.0 + 2.0**-29),
]  # fmt: skip
"""Within the support, across its ends and the centre, and narrow."""


@pytest.mark.parametrize(("member", "cdf"), LAWS, ids=lambda law: getattr(law, "name", ""))
def test_intervals_have_the_derivatives_that_differences_of_50_digits_have(member, cdf):
    at = tuple(map(mp.mpf, member.parameters.values()))
    lower, upper = np.array(INTERVALS).T
    ours = member.interval_derivatives(lower, upper)
    for i, (a, b) in enumerate(INTERVALS):

        def log_prob(first, second, a=a, b=b):
            return mp.log(cdf(mp.mpf(b), first, second) - cdf(mp.mpf(a), first, second))

        def truth(*order, log_prob=log_prob):
            return float(mp.diff(log_prob, at, order, h=mp.mpf(10) ** -20))

        assert ours.log_prob[i] == pytest.approx(float(log_prob(*at)), rel=1e-14, abs=1e-15)
        for term, order in zip(
            (*ours.score, *ours.hessian), ((1, 0), (0, 1), (2, 0), (1, 1), (0, 2)), strict=True
        ):
            assert term[i] == pytest.approx(truth(*order), rel=1e-12, abs=1e-13), (a, b, order)


@pytest.mark.parametrize("member", [law for law, _ in LAWS], ids=lambda law: law.name)
def test_beyond_the_support_nothing_is_likely(member):
    low, high = member.bounds().low, member.bounds().high
    beyond = [(low - 1.5, low - 0.5)] * bool(np.isfinite(low))
    beyond += [(high + 0.5, high + 1.0)] * bool(np.isfinite(high))
    for a, b in beyond:
        assert member.log_interval(np.array([a]), np.array([b]))[0] == -np.inf


def test_members_by_row_have_an_interval_each():
    shape, scale = np.array([[1.0], [2.0]]), np.array([[2.0], [3.0]])
    both = lk.Pareto(shape, scale).interval_derivatives(np.array([2.5, 4.0]), np.array([3.5, 9.0]))
    for i in range(2):
        one = lk.Pareto(shape[i, 0], scale[i, 0])
        assert np.array_equal(
            both.log_prob[i], one.log_interval(np.array([2.5, 4.0]), np.array([3.5, 9.0]))
        )


@pytest.mark.parametrize("member", [law for law, _ in LAWS], ids=lambda law: law.name)
def test_the_general_way_serves_families_with_corners(member):
    lower, upper = np.array(INTERVALS).T
    possible = member.log_interval(lower, upper) > -np.inf
    ours = member.interval_derivatives(lower[possible], upper[possible])
    general = between(member, lower[possible], upper[possible])
    assert general.log_prob == pytest.approx(ours.log_prob, rel=1e-9, abs=1e-12)
    for a, b in zip(general.score, ours.score, strict=True):
        assert a == pytest.approx(b, rel=1e-7, abs=1e-9)
    if not member.ends():
        for a, b in zip(general.hessian, ours.hessian, strict=True):
            assert a == pytest.approx(b, rel=1e-6, abs=1e-7)
