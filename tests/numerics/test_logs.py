"""Sums of logarithms against sums in high precision."""

import numpy as np
import pytest
from mpmath import mp, mpf

from likeliest.numerics.logs import sum_of_logs


@pytest.mark.parametrize("n", [1, 7, 8, 9, 1000])
@pytest.mark.parametrize("size", [1e-300, 1e-37, 1.0, 1e37, 1e300])
def test_a_sum_of_logs(n, size):
    x = size * np.random.default_rng(n).gamma(3.0, 1.0, n)
    with mp.workdps(40):
        truth = mp.fsum(mp.log(mpf(v)) for v in x.tolist())
        error = abs(float(mpf(sum_of_logs(x)) - truth))
    assert error <= 1e-15 * np.sum(np.maximum(1.0, np.abs(np.log(x))))


def test_values_far_apart_do_not_leave_float64():
    x = np.array([1e-300, 1e-300, 1e300, 1e300] * 4)
    assert abs(sum_of_logs(x)) < 1e-11
