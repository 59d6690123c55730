"""Terms of many small counts, from tables, against the mass and its derivatives in 40 digits."""

import numpy as np
import pytest
from mpmath import diff, log, loggamma, mp, mpf

import likeliest as lk
from likeliest.numerics import small_counts
from likeliest.numerics.products import cross, times, transposed_times

N = 3_000


def log_mass(x, mean, dispersion):
    r = 1 / mpf(dispersion)
    choices = loggamma(x + r) - loggamma(r) - loggamma(x + 1)
    return choices + r * log(r / (r + mean)) + x * log(mean / (r + mean))


@pytest.mark.parametrize("d", [1e-6, 1e-3, 0.3, 2.0, 100.0])
def test_a_negative_binomial(d):
    rng = np.random.default_rng(0)
    mean = np.exp(rng.uniform(-4.0, 5.0, N))
    x = np.minimum(rng.poisson(mean * rng.gamma(max(1.0 / d, 1e-2), d, N)), 511.0)
    value, score, hessian = small_counts.negative_binomial(x, mean, d)
    with mp.workdps(40):
        for row in rng.choice(N, 15, replace=False):
            k, m, at = int(x[row]), mpf(float(mean[row])), mpf(d)
            truth = [
                log_mass(k, m, at),
                *(diff(lambda a, b, k=k: log_mass(k, a, b), (m, at), n)
                  for n in ((1, 0), (0, 1), (2, 0), (1, 1), (0, 2))),
            ]  # fmt: skip
            found = [float(one[row]) for one in (value, *score, *hessian)]
            for ours, exact, digits in zip(found, truth, (12, 13, 11, 13, 13, 10), strict=True):
                assert abs(ours - float(exact)) <= 10.0**-digits * max(1.0, abs(float(exact)))


def test_a_poisson():
    rng = np.random.default_rng(1)
    rate = np.exp(rng.uniform(-4.0, 5.0, N))
    x = rng.poisson(rate).astype(float)
    found = small_counts.poisson(x, rate)
    assert np.allclose(found, lk.Poisson(rate).log_prob(x), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    "x", [np.zeros(10), np.full(N, 600.0), np.full(N, 0.5), np.full(N, -1.0), np.zeros((2, N))]
)
def test_other_counts_have_no_table(x):
    assert small_counts.codes(x) is None


def test_products_in_blocks_are_products():
    rng = np.random.default_rng(2)
    left, right, v = rng.normal(size=(5_000, 7)), rng.normal(size=(5_000, 3)), rng.normal(size=7)
    assert np.allclose(cross(left, right), left.T @ right, rtol=1e-12)
    assert np.allclose(times(left, v), left @ v, rtol=1e-12)
    assert np.allclose(transposed_times(left, right[:, 0]), right[:, 0] @ left, rtol=1e-12)
