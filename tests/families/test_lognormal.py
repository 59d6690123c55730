"""The lognormal whose log_std is nothing beside its log_mean: log x alone has too few digits."""

import numpy as np
import pytest
from mpmath import mp, mpf

import likeliest as lk
from likeliest.numerics.log_deviation import log_deviation
from truth import LOG_DENSITY, UPPER, log_density, parameters

MEANS = [-700.0, -50.0, -3.3, 1e-3, 0.7, 50.0, 700.0]
STDS = [1e-2, 1e-5, 1e-8, 1e-12, 1e-14]


def about(member):
    return np.exp(member.log_mean + member.log_std * np.array([-37.0, -3.0, -0.2, 0.0, 1.0, 8.0]))


@pytest.mark.parametrize("std", STDS)
@pytest.mark.parametrize("mean", MEANS)
def test_log_prob_keeps_its_digits(mean, std):
    member = lk.LogNormal(mean, std)
    for x in [*about(member), 1e-300, 1.0, 3e5]:
        truth = log_density(member, x)
        assert abs(mpf(float(member.log_prob(x))) - truth) <= 1e-12 * max(1, abs(truth))


def test_many_members_at_once():
    means, stds = np.array(MEANS)[:, None], np.array(STDS)
    x = np.exp(means + stds)
    both = lk.LogNormal(means, stds).log_prob(x)
    for (i, j), value in np.ndenumerate(both):
        assert value == lk.LogNormal(MEANS[i], STDS[j]).log_prob(x[i, j])


@pytest.mark.parametrize("std", [1e-5, 1e-8])
def test_tail_and_score_keep_theirs(std):
    member = lk.LogNormal(50.0, std)
    for x in about(member):
        tail = UPPER["lognormal"](mpf(float(x)), *parameters(member))
        assert abs(mpf(float(member.sf(x))) / tail - 1) <= 1e-11
        mean, log_std = parameters(member)
        by_mean = mp.diff(lambda m: LOG_DENSITY["lognormal"](mpf(x), m, log_std), mean, h=1e-30)  # noqa: B023
        assert abs(mpf(float(member.score(x)["log_mean"])) - by_mean) <= 1e-11 * abs(by_mean)


def test_the_log_likelihood_of_a_fit():
    x = np.exp(50.0 + 1e-8 * np.random.default_rng(0).standard_normal(500))
    for fixed in ({}, {"log_mean": 50.0 + 1e-9}):
        fit = lk.fit(x, "lognormal", fixed=fixed)
        exact = mp.fsum(log_density(fit.distribution, v) for v in x)
        assert abs(fit.log_likelihood - exact) <= 1e-12 * abs(exact)


def test_what_is_far_from_exp_m_keeps_its_digits_too():
    for x in (5e-324, 1e-300, 0.5, 1e300):
        for m in (-745.0, -700.0, 2.0, 709.0):
            truth = mp.log(mpf(x)) - m
            with np.errstate(over="ignore"):
                ours = float(log_deviation(x, m, 1e-9))
            assert abs(mpf(ours) / truth - 1) < 1e-14
