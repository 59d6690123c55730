"""The ratio of Bessel functions against mpmath."""

import numpy as np
import pytest
from mpmath import mp, mpf

from likeliest.numerics.bessel import inverse_ratio, ratio


@pytest.mark.parametrize("t", [0.0, 1e-9, 1e-3, 0.7, 5.0, 39.9, 40.1, 300.0, 1e6])
def test_ratio_with_what_is_left_and_its_slope(t):
    with mp.workdps(50):
        value = mp.besseli(1, mpf(t)) / mp.besseli(0, mpf(t))
        truth = value, 1 - value, 1 - (value / t if t else mpf(1) / 2) - value**2
    ours = ratio(np.float64(t))
    for a, b in zip(ours, map(float, truth), strict=True):
        assert float(a) == pytest.approx(b, rel=2e-12, abs=1e-300)
    assert float(inverse_ratio(np.float64(truth[1]))) == pytest.approx(t, rel=1e-12, abs=1e-15)
