"""The likelihood from sufficient statistics is the sum over the data."""

import math

import pytest

import likeliest as lk
from likeliest.data.observations import Observations
from likeliest.distributions.bases import WithStatistics
from likeliest.likelihood.statistics import statistics_of
from members import enough


@pytest.mark.families(where=lambda f: issubclass(f, WithStatistics))
def test_the_mean_log_density_follows_from_the_statistics(family, ordinary):
    x = ordinary.sample(300, seed=15)
    s = statistics_of(family, Observations.of(x), {})
    for other in (lk.fit(x, family).distribution, ordinary):
        if family is lk.Laplace and other.loc != s.pivot:
            continue  # the mean absolute deviation is kept about the median alone
        terms = other.log_prob(x)
        size = math.fsum(abs(t) for t in terms)
        assert abs(float(other.mean_log_prob(s)) * 300 - math.fsum(terms)) <= 1e-13 * size


@pytest.mark.parametrize("n", [5, 300, 20_000])
def test_the_likelihood_of_a_fit_is_the_sum_of_log_prob(family, ordinary, n):
    x = ordinary.sample(enough(family, n), seed=16)
    if family is lk.Bernoulli:
        x[:2] = 0, 1
    fit = lk.fit(x, family)
    terms = fit.distribution.log_prob(x)
    size = math.fsum(abs(t) for t in terms)
    assert abs(fit.log_likelihood - math.fsum(terms)) <= 1e-13 * size
    assert fit.nll == -fit.log_likelihood
    assert abs(fit.distribution.log_likelihood(x) - math.fsum(terms)) <= 1e-13 * size
