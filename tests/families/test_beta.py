"""The beta where all shares are tiny: it is then a gamma."""

import numpy as np
import pytest
from mpmath import mp

import likeliest as lk
from likeliest.errors import ConvergenceError
from truth import log_density


@pytest.mark.parametrize("unit", [1e-14, 1e-16, 1e-17, 1e-30, 1e-100, 1e-150, 1e-200, 1e-300])
def test_tiny_shares_are_a_gammas(unit):
    for seed in range(3):
        x = unit * np.random.default_rng(seed).gamma(2.0, 1.0, 20)
        beta, gamma = lk.fit(x, "beta"), lk.fit(x, "gamma")
        close = 10.0 * unit + 1e-12
        assert abs(beta.parameters["alpha"] / gamma.parameters["shape"] - 1.0) < close
        assert abs(beta.parameters["beta"] * gamma.parameters["scale"] - 1.0) < close
        assert abs(beta.log_likelihood - gamma.log_likelihood) < 1e-9
        assert np.max(np.abs(beta.correlation + gamma.correlation - 2.0 * np.eye(2))) < 1e-12
        relative = beta.errors / list(beta.parameters.values())
        expected = gamma.errors / list(gamma.parameters.values())
        assert np.max(np.abs(relative / expected - 1.0)) < close


def test_shares_too_small_to_be_fitted_are_a_gammas_by_name():
    with pytest.raises(ConvergenceError, match="gamma"):
        lk.fit([5e-308, 6e-308, 9e-308], "beta")


SMALLEST = 5e-324
AT_THE_ENDS = [
    (0.01, 3.0, SMALLEST), (1e-8, 1e-8, SMALLEST), (1.0, 3.0, 1e-315), (0.3, 0.2, 1e-300),
    (5.4, 2.7e300, 2e-300), (5.4, 2.7e300, 2e-320), (1e12, 1e300, 1.00001e-288),
    (1e300, 1e300, 0.5), (2.0, 3.0, 1.0 - 2.0**-53), (1e16, 2.0, 1.0 - 2.0**-53),
]  # fmt: skip


@pytest.mark.parametrize(("alpha", "beta", "x"), AT_THE_ENDS)
def test_log_prob_at_the_ends(alpha, beta, x):
    member = lk.Beta(alpha, beta)
    with mp.workdps(700):
        truth = log_density(member, x)
        error = abs(mp.mpf(float(member.log_prob(x))) - truth)
    assert error <= 1e-12 * max(1, abs(truth))


def test_shares_from_one_end_to_the_other():
    x = [1e-300, 1e-200, 0.3, 0.5, 0.7, 1.0 - 2.0**-53]
    fit = lk.fit(x, "beta")
    for name, score in fit.distribution.score(x).items():
        assert abs(np.sum(score)) * fit.standard_errors[name] < 1e-12
