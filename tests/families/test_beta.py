"""The beta where all shares are tiny: it is then a gamma."""

import numpy as np
import pytest

import likeliest as lk


@pytest.mark.parametrize("unit", [1e-14, 1e-16, 1e-17, 1e-30, 1e-100, 1e-150])
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
