"""Sums of logarithms against sums in high precision."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf

from likeliest.numerics.logs import sum_of_logs


@pytest.mark.parametrize("n", [1, 7, 8, 63, 64, 65, 1000])
@pytest.mark.parametrize("size", [5e-324, 1e-300, 1e-37, 1e-4, 1.0, 1e3, 1e37, 1e300])
def test_a_sum_of_logs(n, size):
    x = size * (1.0 + np.random.default_rng(n).gamma(3.0, 1.0, n))
    with mp.workdps(40):
        truth = mp.fsum(mp.log(mpf(v)) for v in x.tolist())
        error = abs(float(mpf(sum_of_logs(x)) - truth))
    assert error <= 1e-15 * np.sum(np.maximum(1.0, np.abs(np.log(x))))


@given(st.integers(-1074, 1023), st.integers(0, 2000), st.integers(1, 300))
def test_no_product_leaves_float64(low, width, n):
    exponents = np.random.default_rng(n).integers(low, min(low + width, 1023) + 1, n)
    truth = int(exponents.sum()) * np.log(2.0)
    size = max(1.0, float(np.abs(exponents).sum()))
    assert abs(sum_of_logs(np.ldexp(1.0, exponents)) - truth) <= 1e-15 * size


def test_values_far_apart_do_not_leave_float64():
    x = np.array([1e-300, 1e-300, 1e300, 1e300] * 4)
    assert abs(sum_of_logs(x)) < 1e-11
