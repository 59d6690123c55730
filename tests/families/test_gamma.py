"""The gamma of large shapes, and of values far from its scale."""

import numpy as np
import pytest
from mpmath import mp

import likeliest as lk
from truth import log_density


def is_the_textbooks(member, x):
    with mp.workdps(250):
        truth = log_density(member, x)
        error = abs(mp.mpf(float(member.log_prob(x))) - truth)
    return error <= 1e-12 * max(1, abs(truth))


@pytest.mark.parametrize("scale", [1e-310, 1e-290, 1e-100, 0.1, 3.0, 1e20, 1e100, 1e180])
@pytest.mark.parametrize("shape", [1e15, 1e16, 1e20, 1e30, 1e40, 1e100])
def test_log_prob_of_large_shapes(shape, scale):
    for z in (-5.0, -0.3, 0.0, 1.0, 37.0):
        assert is_the_textbooks(lk.Gamma(shape, scale), shape * scale * (1.0 + z / np.sqrt(shape)))


@pytest.mark.parametrize("scale", [3.0, 1e20, 1e300])
@pytest.mark.parametrize("shape", [1e-300, 1e-6, 0.01, 3.0, 1e5])
def test_log_prob_of_values_that_are_nothing_beside_the_scale(shape, scale):
    for x in (1e-320, 1e-300, 1e-100):
        assert is_the_textbooks(lk.Gamma(shape, scale), x)
