"""The Weibull of a given shape, whose scale has a closed form."""

import pytest
from mpmath import mp, mpf

import likeliest as lk

X, WEIGHTS = [1.5, 2.25, 3.5, 7.0], [1, 2, 1, 4]


@pytest.mark.parametrize("unit", [1e-300, 1.0, 1e300])
@pytest.mark.parametrize("shape", [1e-9, 0.3, 2.0, 500.0, 1e6])
def test_the_scale_of_a_given_shape_is_a_power_mean(shape, unit):
    x = [v * unit for v in X]
    fit = lk.fit(x, "weibull", weights=WEIGHTS, fixed={"shape": shape})
    with mp.workdps(60):
        mean = mp.fsum(w * mpf(v) ** mpf(shape) for v, w in zip(x, WEIGHTS, strict=True)) / 8
        scale = float(mean ** (1 / mpf(shape)))
    slack = 1e-12 * fit.standard_errors["scale"]  # a shape of 1e-9 says next to nothing of it
    assert fit.parameters["scale"] == pytest.approx(scale, rel=1e-12, abs=slack)
