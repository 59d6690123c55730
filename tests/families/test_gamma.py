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


@pytest.mark.parametrize("shape", [1e-100, 1e-9, 0.3, 2.0, 1e9, 1e100])
def test_the_scale_of_a_given_shape_is_the_mean_over_it(shape):
    fit = lk.fit([1.5, 2.25, 3.5, 7.0], "gamma", weights=[1, 2, 1, 4], fixed={"shape": shape})
    scale = 4.6875 / shape
    assert fit.parameters == {"shape": shape, "scale": pytest.approx(scale, rel=1e-15)}
    error = scale / np.sqrt(8.0 * shape)
    assert fit.standard_errors["scale"] == pytest.approx(error, rel=1e-14)


def test_a_given_shape_at_the_ends_of_float64_is_fitted():
    fit = lk.fit([1.5, 2.25, 3.5, 7.0], "gamma", fixed={"shape": 1e-300})
    assert fit.parameters["scale"] == pytest.approx(3.5625e300, rel=1e-15)
    assert fit.standard_errors["scale"] == np.inf  # some 1e450
    fit = lk.fit([1.5, 2.25, 3.5, 7.0], "gamma", fixed={"shape": 1e300})
    assert fit.parameters["scale"] == pytest.approx(3.5625e-300, rel=1e-15)
    assert fit.standard_errors["scale"] == 0.0  # some 1e-450
