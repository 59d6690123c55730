"""The asymmetric Laplace: its mode is one of the values, and it may be the outermost."""

import numpy as np
import pytest

import likeliest as lk
from likeliest.errors import UnboundedLikelihoodError


@pytest.mark.parametrize("weighted", [False, True])
def test_no_value_is_a_likelier_mode(weighted):
    for seed in range(4):
        x = lk.AsymmetricLaplace(0.6, 3.0, 2.0).sample(80, seed=seed)
        w = np.random.default_rng(seed).integers(1, 4, 80) if weighted else np.ones(80)
        fit = lk.fit(x, "asymmetric laplace", weights=w)
        best = -np.inf
        for mode in x:
            up = np.average(np.maximum(x - mode, 0.0), weights=w)
            down = np.average(np.maximum(mode - x, 0.0), weights=w)
            best = max(best, -w.sum() * (2.0 * np.log(np.sqrt(up) + np.sqrt(down)) + 1.0))
        assert fit.log_likelihood == pytest.approx(best, rel=1e-13)


def test_a_mode_at_the_outermost_value_is_refused_as_an_exponential():
    x = 5.0 + lk.Exponential(1.0).sample(100, seed=1)
    for values, limit, way in ((x, "0", "least value up"), (-x, "∞", "greatest value down")):
        with pytest.raises(UnboundedLikelihoodError, match=rf"asymmetry → {limit}.*{way}"):
            lk.fit(values, "asymmetric laplace")
