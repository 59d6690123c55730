"""Incomplete gamma and beta functions and Student's tail against mpmath.

For parameters at which mpmath's own series need too long, the density is integrated in it: the
tail over the density is the integral of a smooth function that falls from 1.
"""

import numpy as np
import pytest
from mpmath import mp, mpf

from likeliest.distributions.families.beta import Beta
from likeliest.distributions.statistics import SufficientStatistics
from likeliest.numerics import tails


def log_gamma_tail(a, x, upper):
    """Return log P(a, x), or log Q(a, x), by quadrature over the density."""
    with mp.workdps(45):
        a, x = mpf(float(a)), mpf(float(x))
        root = mp.sqrt(a)
        sign = 1 if upper else -1

        def ratio(s):
            step = sign * s * root
            if x + step <= 0:
                return mpf(0)
            return mp.exp((a - 1) * mp.log1p(step / x) - step)

        ends = [mpf(e) for e in ("0", "0.02", "0.1", "0.4", "1", "3", "8", "20", "60")]
        integral = mp.quad(ratio, ends) * root
        return a * mp.log(x) - x - mp.loggamma(a) - mp.log(x) + mp.log(integral)


def log_beta_tail(a, b, x, y):
    """Return log I_x(a, b) by quadrature over the density, y being 1 - x exactly."""
    with mp.workdps(50):
        a, b, x, y = (mpf(float(v)) for v in (a, b, x, y))
        x, y = x / (x + y), y / (x + y)
        width = mp.sqrt(x * y / (a + b))

        def ratio(s):
            t = s * width
            if t >= x:
                return mpf(0)
            return mp.exp((a - 1) * mp.log1p(-t / x) + (b - 1) * mp.log1p(t / y))

        ends = [mpf(e) for e in ("0", "0.02", "0.1", "0.4", "1", "3", "8", "20", "60")]
        integral = mp.quad(ratio, ends) * width
        front = (a - 1) * mp.log(x) + (b - 1) * mp.log(y)
        front += mp.loggamma(a + b) - mp.loggamma(a) - mp.loggamma(b)
        return front + mp.log(integral)


def test_the_quadrature_itself():
    a, x = mpf(5000), mpf(4800)
    exact = mp.log(mp.gammainc(a, 0, x, regularized=True))
    assert abs(log_gamma_tail(5000, 4800, upper=False) - exact) < 1e-14
    exact = mp.log(mp.gammainc(a, mpf(5100), mp.inf, regularized=True))
    assert abs(log_gamma_tail(5000, 5100, upper=True) - exact) < 1e-14
    exact = mp.log(mp.betainc(400, 900, 0, mpf(0.25), regularized=True))
    assert abs(log_beta_tail(400, 900, 0.25, 0.75) - exact) < 1e-14


DEVIATIONS = [-30.0, -9.0, -4.01, -3.99, -2.0, -0.5, 0.0, 0.5, 2.0, 5.0, 12.0, 30.0]


@pytest.mark.parametrize("a", [1e7, 1e9, 1e12, 1e15])
@pytest.mark.parametrize("z", DEVIATIONS)
def test_gammainc_of_a_large_shape(a, z):
    x = a + z * np.sqrt(a)
    shorter = log_gamma_tail(a, x, upper=z > 0.0)
    with mp.workdps(45):
        longer = mp.log1p(-mp.exp(shorter))
    lower, upper = (longer, shorter) if z > 0.0 else (shorter, longer)
    assert abs(tails.gammainc(a, x) / float(mp.exp(lower)) - 1) < 1e-11
    assert abs(tails.gammaincc(a, x) / float(mp.exp(upper)) - 1) < 1e-11
    for ours, exact in ((tails.log_gammainc(a, x), lower), (tails.log_gammaincc(a, x), upper)):
        # A probability near 1 is as good as its complement lets it be.
        assert abs(ours - exact) < 1e-12 * max(1, abs(exact))


@pytest.mark.parametrize("a", [1e-10, 1e-3, 0.5, 1.0, 30.0, 1e3, 1.9e4, 2.1e4])
@pytest.mark.parametrize("share", [1e-30, 1e-3, 0.3, 0.9, 1.0, 1.1, 3.0, 30.0, 300.0])
def test_gammainc_of_a_smaller_shape(a, share):
    x = max(a, 1.0) * share
    with mp.workdps(60):
        lower = mp.gammainc(mpf(a), 0, mpf(x), regularized=True)
        upper = mp.gammainc(mpf(a), mpf(x), mp.inf, regularized=True)
        for ours, exact in ((tails.log_gammainc(a, x), lower), (tails.log_gammaincc(a, x), upper)):
            log_exact = mp.log(exact)
            assert abs(ours - log_exact) < 1e-12 * max(1, abs(log_exact))


@pytest.mark.parametrize("a", [3e4, 1e7, 1e12])
@pytest.mark.parametrize("q", [1e-250, 1e-30, 1e-6, 9e-4, 2e-3, 0.5, 0.99])
def test_gammainc_inverse_of_a_large_shape(a, q):
    x = float(tails.gammainc_inverse(a, q))
    back = log_gamma_tail(a, x, upper=False)
    hazard = np.exp(float((a - 1) * mp.log(x) - x - mp.loggamma(a) - back))
    assert abs(back - mp.log(q)) < 1e-10 + 4 * np.spacing(x) * hazard


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (1e4, 3e5), (1e8, 1e8), (1e12, 1e10), (1e5, 10.0), (10.0, 1e5), (0.5, 1e8), (1e10, 1.0),
        (3e14, 1e15),
    ],
)  # fmt: skip
@pytest.mark.parametrize("z", [-30.0, -8.0, -2.0, 0.0, 1.5, 6.0])
def test_betainc_of_large_parameters(a, b, z):
    n = a + b
    x = a / n + z * np.sqrt(a / n * (b / n) / n)
    if not 0 < x < 1:
        pytest.skip("beyond the ends")
    # Both as a Beta's cdf would have them: 1 - x of an x that is rounded.
    x, y = (x, 1.0 - x) if a <= b else (1.0 - (1.0 - x), 1.0 - x)
    if (mpf(x) + mpf(y)) != 1:
        x = 1.0 - y
    if (mpf(x) + mpf(y)) != 1:
        y = 1.0 - x
    assert mpf(x) + mpf(y) == 1
    if a < 1:
        exact = mp.log(mp.betainc(mpf(a), mpf(b), 0, mpf(x), regularized=True))
    else:
        exact = log_beta_tail(a, b, x, y)
    # What the rounding of n x costs, in standard deviations: of note from n = 1e12.
    lost = 2.0**-53 * a / np.sqrt(a * (b / n)) * max(1.0, abs(z))
    assert abs(tails.log_betainc(a, b, x, y) - exact) < 1e-11 * max(1, abs(exact)) + lost


@pytest.mark.parametrize("a", [1e-8, 1e-2, 0.5, 1.0, 3.0, 50.0])
@pytest.mark.parametrize("b", [1e-8, 0.3, 1.0, 7.0, 200.0])
@pytest.mark.parametrize("x", [1e-300, 1e-20, 1e-3, 0.2, 0.7, 0.999])
def test_betainc_of_small_parameters(a, b, x):
    with mp.workdps(360 if x < 1e-20 else 60):
        y = 1 - mpf(x)
        below = mp.betainc(a, b, 0, mpf(x), regularized=True)
        above = mp.betainc(b, a, 0, y, regularized=True)
        for ours, exact in (
            (tails.log_betainc(a, b, x, float(y)), below),
            (tails.log_betainc(b, a, float(y), x), above),
        ):
            log_exact = mp.log(exact)
            assert abs(ours - log_exact) < 1e-12 * max(1, abs(log_exact))


@pytest.mark.parametrize("df", [0.1, 1.0, 2.5, 30.0, 1e3])
@pytest.mark.parametrize(
    "z", [-1e8, -20.0, -1.0, -1e-9, 0.0, 1e-9, 0.4, 1.0, 3.0, 40.0, 1e8, 1e200]
)
def test_student_tail(df, z):
    with mp.workdps(60):
        v, t = mpf(df), mpf(z)
        half = mp.betainc(v / 2, mpf(1) / 2, 0, v / (v + t * t), regularized=True) / 2
        exact = mp.log(half if z > 0 else 1 - half)
        assert abs(tails.log_t_tail(df, np.float64(z)) - exact) < 1e-12 * max(1, abs(exact))


@pytest.mark.parametrize("df", [1e6, 1e10, 1e15, 1e18])
@pytest.mark.parametrize("z", [0.5, 3.0, 8.0, 37.0])
def test_student_tail_close_to_the_normal(df, z):
    with mp.workdps(60):
        v = mpf(df)
        peak = mp.loggamma((v + 1) / 2) - mp.loggamma(v / 2) - mp.log(v * mp.pi) / 2

        def ratio(s):
            t = mpf(z) + s
            return mp.exp(-(v + 1) / 2 * mp.log1p((t * t - mpf(z) ** 2) / (v + mpf(z) ** 2)))

        ends = [mpf(e) for e in ("0", "0.03", "0.1", "0.3", "1", "3", "20")]
        front = peak - (v + 1) / 2 * mp.log1p(mpf(z) ** 2 / v)
        exact = front + mp.log(mp.quad(ratio, ends))
        assert abs(tails.log_t_tail(df, np.float64(z)) - exact) < 1e-12 * max(1, abs(exact))


@pytest.mark.parametrize("ratio", [1e-6, 1e-2, 1.0, 50.0, 1e4, 1e8])
@pytest.mark.parametrize("q", [1e-4, 0.3, 1.0, 3.0, 1e3])
def test_mills_sums_and_differences(ratio, q):
    """Both tails of an inverse Gaussian of mean 1 and shape `ratio` at x = q."""
    with mp.workdps(200):
        k, x = mpf(ratio), mpf(q)
        root = mp.sqrt(k / x)

        def phi(v):
            return mp.erfc(-v / mp.sqrt(2)) / 2

        with mp.workdps(200 + int(5e-1 * min(ratio, 1e3)) if q < 1e3 else 400):
            lower = phi(root * (x - 1)) + mp.exp(2 * k) * phi(-root * (x + 1))
            upper = phi(-root * (x - 1)) - mp.exp(2 * k) * phi(-root * (x + 1))
    half = np.sqrt(ratio / q)
    inner = half * (q - 1.0)
    # What the arguments' own rounding does to a tail of slope `inner`.
    slack = 1e-12 + 4 * 2.0**-52 * inner * inner
    for ours, exact in (
        (tails.log_sum_of_mills(np.float64(inner), np.float64(half)), lower),
        (tails.log_difference_of_mills(np.float64(inner), np.float64(half)), upper),
    ):
        if exact <= 0 or mp.log(exact) < -1e7:
            continue
        log_exact = mp.log(exact)
        assert abs(ours - log_exact) < slack * max(1, abs(log_exact))


GRID = 10.0 ** np.array([-4, -3, -2, -1, -0.3, 0, 0.5, 1, 2, 3, 3.5, 4, 5, 7, 9, 12])


def population(a, b):
    """Return the statistics that data of infinite number from a beta would have."""
    with mp.workdps(80):
        a, b = mpf(float(a)), mpf(float(b))
        n = a + b
        pivot = mpf(float(a / n))
        excess, deficit = (a / n - pivot) / pivot, -(a / n - pivot) / (1 - pivot)
        below = excess - (mp.digamma(a) - mp.digamma(n) - mp.log(pivot))
        above = deficit - (mp.digamma(b) - mp.digamma(n) - mp.log1p(-pivot))
        mean = tuple(np.float64(float(v)) for v in (excess, below, above))
    p = float(pivot)
    return SufficientStatistics(1.0, 0.0, 1.0, p, p, mean)


@pytest.mark.parametrize("a", GRID)
def test_beta_solver(a):
    for b in GRID:
        if min(a, b) / (a + b) < 1e-13:
            continue  # 1 - mean is then not a number of its own
        member = Beta.maximize(population(a, b))
        # What half a unit in the last place of the mean and of the gaps does to the roots.
        lean = max(a, b) / min(a, b)
        allowed = 1e-11 + 1e-15 * lean * max(1.0, min(a, b))
        assert abs(member.alpha / a - 1) < allowed, (a, b, member)
        assert abs(member.beta / b - 1) < allowed, (a, b, member)
