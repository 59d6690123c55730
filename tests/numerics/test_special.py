"""Elementary functions against mpmath, from one end of float64 to the other."""

import numpy as np
import pytest
from mpmath import mp, mpf

from likeliest.numerics import arrays, compensated, gamma, saddlepoint, special

mp.dps = 60
SMALL_TO_LARGE = np.concatenate([10.0 ** np.arange(-300, 301, 20), np.logspace(-6, 6, 97)])
AROUND_ZERO = np.concatenate([[0.0], np.logspace(-300, -1, 61), [0.2, 0.2499, 0.2501, 0.4, 0.5]])


def worst(function, truth, *columns):
    """Return the largest relative error over rows of arguments."""
    ours = np.asarray(function(*(np.asarray(c) for c in columns)))
    errors = []
    for value, *row in zip(ours.ravel(), *(np.ravel(c) for c in columns), strict=True):
        exact = truth(*(mpf(float(v)) for v in row))
        if abs(exact) > mpf("1e308") or 0 < abs(exact) < mpf("1e-300"):
            continue
        error = abs(mpf(float(value)) - exact)
        errors.append((float(error / abs(exact)) if exact else float(error), row))
    assert len(errors) > 10
    return max(errors)


def test_log1pmx():
    x = np.concatenate([AROUND_ZERO, -AROUND_ZERO, [-0.9, -0.999, -1 + 1e-15, 1.0, 30.0, 1e10]])
    with mp.workdps(700):
        assert worst(special.log1pmx, lambda v: mp.log1p(v) - v, x)[0] < 2e-15


def test_stirling_error():
    def truth(n):
        with mp.workdps(700 if n > 1e30 else 100):
            return mp.loggamma(n + 1) - ((n + mpf(1) / 2) * mp.log(n) - n + mp.log(2 * mp.pi) / 2)

    n = SMALL_TO_LARGE[SMALL_TO_LARGE < 1e200]
    assert worst(saddlepoint.stirling_error, truth, n[n >= 15])[0] < 1e-15
    near = np.concatenate([np.arange(1, 60) / 2, [14.999999, 15.0, 15.000001]])
    small = np.concatenate([near[near < 15], n[n < 15]])
    ours = saddlepoint.stirling_error(small)
    for value, v in zip(ours, small, strict=True):
        # It stands beside log terms of order 1 and of the size of log n.
        assert abs(float(value) - float(truth(mpf(float(v))))) < 1e-14 * max(1, abs(np.log(v)))


def test_deviance():
    rng = np.random.default_rng(0)
    m = 10.0 ** rng.uniform(-100, 100, 400)
    x = m * np.concatenate([
        1 + 10.0 ** rng.uniform(-15, -0.3, 150), 1 - 10.0 ** rng.uniform(-15, -0.3, 150),
        10.0 ** rng.uniform(-20, 20, 100),
    ])  # fmt: skip
    assert worst(saddlepoint.deviance, lambda x, m: x * mp.log(x / m) + m - x, x, m)[0] < 2e-13
    assert saddlepoint.deviance(0.0, 3.0) == 3.0
    assert saddlepoint.deviance(3.0, 3.0) == 0.0


def test_log_ratio():
    rng = np.random.default_rng(1)
    p = 10.0 ** rng.uniform(-280, 280, 300)
    x = p * np.concatenate(
        [1 + 10.0 ** rng.uniform(-15, -0.1, 150), 10.0 ** rng.uniform(-20, 20, 150)]
    )
    assert worst(saddlepoint.log_ratio, lambda x, p: mp.log(x / p), x, p)[0] < 1e-15
    for value in (1e-300, 1e300):
        assert abs(saddlepoint.log_ratio(value, 1 / value) / (2 * np.log(value)) - 1) < 1e-15


def test_gammaln_difference():
    rng = np.random.default_rng(2)
    x, d = 10.0 ** rng.uniform(-3, 14, 300), 10.0 ** rng.uniform(-8, 8, 300)
    ours = gamma.gammaln_difference(x, d)
    for value, *row in zip(ours, x, d, strict=True):
        a, b = (mpf(float(v)) for v in row)
        exact = mp.loggamma(a + b) - mp.loggamma(a)
        # The error of adding b to a in float64 is the argument's own.
        assert abs(float(value) - float(exact)) < 1e-14 * max(1, abs(exact), abs(mp.log(a)))


def test_log_minus_digamma():
    x = SMALL_TO_LARGE[SMALL_TO_LARGE > 1e-290]
    with mp.workdps(400):
        assert (
            worst(gamma.log_minus_digamma, lambda v: mp.log(v) - mp.digamma(v), x[x < 1e150])[0]
            < 1e-13
        )
    near = np.array([19.0, 19.99999, 20.0, 20.00001, 25.0, 1.0, 1.46, 1.47, 2.0, 3.0, 0.5, 0.1])
    assert worst(gamma.log_minus_digamma, lambda v: mp.log(v) - mp.digamma(v), near)[0] < 2e-14


def test_x_trigamma_minus_one():
    x = SMALL_TO_LARGE[(SMALL_TO_LARGE > 1e-140) & (SMALL_TO_LARGE < 1e150)]
    with mp.workdps(400):
        worst_error = worst(gamma.x_trigamma_minus_one, lambda v: v * mp.polygamma(1, v) - 1, x)
    assert worst_error[0] < 3e-14


@pytest.mark.parametrize(
    ("function", "order"), [(gamma.digamma_difference, 0), (gamma.trigamma_difference, 1)]
)
def test_polygamma_differences(function, order):
    rng = np.random.default_rng(3)
    x = 10.0 ** rng.uniform(-2, 12, 400)
    d = x * 10.0 ** rng.uniform(-6, 6, 400)
    x = np.append(x, [0.5, 5e5, 5e11])
    d = np.append(d, [0.5, 0.5, 0.5])
    ours = function(x, d)
    for value, *row in zip(ours, x, d, strict=True):
        a, b = (mpf(float(v)) for v in row)
        exact = mp.polygamma(order, a + b) - mp.polygamma(order, a)
        # A step that is small beside x moves a float64 sum by rounding: x eps of d.
        lost = float(a) * 2.0**-52 / float(min(a, b))
        assert abs(float(value) / float(exact) - 1) < 1e-13 + 4 * lost, (a, b)


def test_log_minus_digamma_fall():
    rng = np.random.default_rng(5)
    x, d = 10.0 ** rng.uniform(-2, 14, 300), rng.integers(1, 10_000, 300).astype(float)
    x = np.append(x, [19.9, 20.0, 20.1, 1e15, 1e18])
    d = np.append(d, [3.0, 3.0, 3.0, 7.0, 9.0])
    ours = gamma.log_minus_digamma_fall(x, d)
    with mp.workdps(90):
        for value, *row in zip(ours, x, d, strict=True):
            a, b = (mpf(float(v)) for v in row)
            exact = mp.log(a) - mp.digamma(a) - (mp.log(a + b) - mp.digamma(a + b))
            assert abs(float(value) / float(exact) - 1) < 1e-12, row


def test_inverse_log_minus_digamma():
    gap = np.concatenate([np.logspace(-280, -1, 100), np.logspace(-1, 10, 60), [1e100, 1e280]])
    shapes = gamma.inverse_log_minus_digamma(gap)
    back = gamma.log_minus_digamma(shapes)
    assert np.max(np.abs(back / gap - 1)) < 1e-13
    for g, shape in zip(gap[85:150], shapes[85:150], strict=True):
        k = mpf(float(shape))
        with mp.workdps(200):
            assert abs((mp.log(k) - mp.digamma(k)) / mpf(float(g)) - 1) < 1e-13
    assert gamma.inverse_log_minus_digamma(0.0) == np.inf
    assert np.isnan(gamma.inverse_log_minus_digamma(-1e-9))


def test_compensated_differences():
    rng = np.random.default_rng(4)
    a, b, c = (10.0 ** rng.uniform(-5, 5, 500) for _ in range(3))
    d = a * b / c * (1 + rng.integers(-4, 5, 500) * 2.0**-52)
    for value, *row in zip(compensated.product_difference(a, b, c, d), a, b, c, d, strict=True):
        p, q, r, s = (mpf(float(v)) for v in row)
        exact = p * q - r * s
        assert abs(mpf(float(value)) - exact) <= 1e-15 * abs(exact) + 1e-31 * abs(p * q)
    scale, k = 10.0 ** rng.uniform(-9, 9, 500), 10.0 ** rng.uniform(0, 15, 500)
    x = scale * k * (1 + rng.integers(-9, 10, 500) * 2.0**-50)
    for value, *row in zip(compensated.quotient_excess(x, scale, k), x, scale, k, strict=True):
        p, s, m = (mpf(float(v)) for v in row)
        exact = p / s - m
        assert abs(mpf(float(value)) - exact) <= 1e-15 * abs(exact) + 1e-31 * m


def test_smooth_steps():
    x = np.concatenate([-SMALL_TO_LARGE, SMALL_TO_LARGE])
    x = x[np.abs(x) < 700]
    with mp.workdps(700):
        assert worst(special.softplus, lambda v: mp.log1p(mp.exp(v)), x)[0] < 1e-15
        assert worst(special.log1mexp, lambda v: mp.log(-mp.expm1(v)), x[x < 0])[0] < 3e-15


def test_log_one_plus_square():
    z = np.concatenate([SMALL_TO_LARGE, -SMALL_TO_LARGE, [0.0, 0.99e8, 1.01e8]])
    with mp.workdps(700):
        assert worst(special.log_one_plus_square, lambda v: mp.log1p(v * v), z)[0] < 1e-15


def test_arrays_are_told_from_tensors():
    assert arrays.namespace(1.0, np.ones(2)) is np
    assert not arrays.is_tensor(np.ones(2))
    assert arrays.where(np.array(True), 1.0, 2.0) == 1.0
