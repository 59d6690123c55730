"""mean, var and entropy of every family against quadrature and summation in mpmath."""

import numpy as np
import pytest
from mpmath import mp, mpf

import likeliest as lk
from members import EVERY
from quadrature import expectation

MORE = [
    lk.Gamma(0.3, 2.0), lk.Gamma(400.0, 0.1), lk.Weibull(0.7, 3.0), lk.Weibull(30.0, 3.0),
    lk.Weibull(19.9, 1.0), lk.Weibull(20.1, 1.0), lk.Beta(300.0, 2.0), lk.Beta(40.0, 60.0),
    lk.LogLogistic(2.2, 5.0), lk.LogLogistic(40.0, 5.0), lk.StudentT(2.5, -1.0, 3.0),
    lk.StudentT(60.0, 0.0, 2.0), lk.Pareto(20.0, 3.0), lk.InverseGaussian(3.0, 300.0),
    lk.InverseGaussian(1.0, 0.2), lk.Poisson(40.0), lk.Poisson(300.0), lk.Geometric(0.01),
    lk.NegativeBinomial(30.0, 0.1), lk.Normal(-3.0, 1e3), lk.LogNormal(2.0, 0.1),
    lk.YuleSimon(20.0), lk.Zeta(15.0),
]  # fmt: skip
# Beyond quadrature, or so far out that their moments leave float64; scaling is a law of its own.
BEYOND = (
    lk.Normal(-3e-300, 1e-300), lk.Normal(1e9, 1e-3), lk.LogNormal(-200, 30), lk.Gamma(1e15, 3.0),
    lk.Gamma(1.0, 1e300), lk.Gamma(20.0, 1e-290), lk.Weibull(200.0, 1e-250), lk.Weibull(0.05, 1.0),
    lk.Beta(1e8, 1e8), lk.Uniform(-1e300, 1e300), lk.Uniform(0.0, 1e-300), lk.Exponential(1e300),
    lk.Exponential(1e-300), lk.Logistic(-1e200, 1e198), lk.LogLogistic(0.2, 1e100),
    lk.Laplace(1e-290, 1e-291), lk.StudentT(1e12, 0.0, 1.0), lk.StudentT(1, 0, 1e200),
    lk.Cauchy(0.0, 1e-300), lk.InverseGaussian(2.0, 1e6), lk.InverseGaussian(1e100, 1e98),
    lk.Pareto(0.1, 1e-200), lk.Pareto(500.0, 1.0), lk.Gumbel(-1e100, 1e99), lk.Rayleigh(1e-250),
    lk.Poisson(1e6), lk.Poisson(1e12), lk.Geometric(1e-9), lk.NegativeBinomial(1e5, 1e-6),
    lk.HalfNormal(1e-250), lk.Burr(0.3, 0.5, 1e-50), lk.Dagum(0.3, 0.5, 1e-50), lk.Maxwell(1e-90),
    lk.GumbelOfMinima(-1e100, 1e99), lk.HyperbolicSecant(-1e200, 1e198), lk.Moyal(-1e100, 1e99),
    lk.Levy(1e-90), lk.HalfCauchy(1e-120), lk.DiscreteWeibull(0.3, 1.0),
    lk.DiscreteWeibull(1.0, 1e6), lk.Logarithmic(1.0 - 1e-9), lk.YuleSimon(3.0), lk.YuleSimon(0.8),
    lk.LogitNormal(-200.0, 30.0), lk.GeneralizedGamma(5.0, -100.0, 1.0),
    lk.Tweedie(0.3, 1.9, 3.0), lk.Tweedie(100.0, 1.1, 50.0), lk.Tweedie(2.0, 1.99, 8.0),
    lk.Tweedie(30.0, 1.3, 4.0), lk.LogPearsonIII(-1.2, -100.0, 1.0),
    lk.LogPearsonIII(-1e-10, 1.0, 0.5),
    lk.PearsonIII(1e-10, 0.5, 1.0), lk.PearsonIII(4.0, 1e-90, 2e-90),
    lk.LogGamma(12.0, 1.0, 0.5), lk.SkewNormal(300.0, -3e-100, 1e-100),
    lk.ExponentiallyModifiedGaussian(-3e-100, 1e-103, 1e-100),
    lk.ExponentiatedWeibull(0.1, 0.5, 1e-50),
    lk.BirnbaumSaunders(20.0, 1e-100), lk.GeneralizedLogistic(0.05, -3e-100, 1e-100),
    lk.Nakagami(1e4, 1e-100), lk.BetaPrime(1.0, 0.05), lk.F(2.0, 0.1),
    lk.BoundedPareto(40.0, 1e-90, 1e90), lk.BoundedPareto(-300.0, 1.0, 1e3),
    lk.LogUniform(1e-90, 1e90), lk.JohnsonSU(3.0, 0.4, 2e-60, 1e-60), lk.VonMises(3.1, 400.0),
    lk.WrappedCauchy(3.1, 0.999), lk.DiscreteUniform(0, 10**12),
    lk.YuleSimon(0.05), lk.Zeta(3.0), lk.Zeta(0.7), lk.Zeta(0.05),
)  # fmt: skip
WITHIN = [m for m in EVERY if m not in BEYOND] + MORE


def close(ours, truth, relative=1e-13):
    return abs(mpf(float(ours)) - truth) <= relative * abs(truth)


@pytest.mark.parametrize("member", WITHIN, ids=repr)
def test_mass_mean_variance_and_entropy(member):
    """All of a member at once: they are sums over the same values of its density."""
    at_zero = mpf(float(member.pdf(0.0))) if member.atoms else 0
    assert abs(expectation(member, lambda x, _: 1) + at_zero - 1) < 1e-15
    ours = float(member.mean), float(member.var)
    if np.isfinite(ours[0]):
        mean = expectation(member, lambda x, _: x)
        size = abs(mean) + mp.sqrt(mpf(ours[1])) if np.isfinite(ours[1]) else abs(mean)
        assert abs(mpf(ours[0]) - mean) <= 1e-13 * size
    if np.isfinite(ours[1]):
        variance = expectation(member, lambda x, _: (x - mean) ** 2) + at_zero * mean**2
        assert close(ours[1], variance)
        assert close(member.std, mp.sqrt(variance))
    if not member.atoms:
        truth = expectation(member, lambda _, log_f: -log_f)
        assert abs(mpf(float(lk.entropy(member))) - truth) <= 1e-13 * max(1, abs(truth))


NONE, ENDLESS = "none", "infinite"


@pytest.mark.parametrize(
    ("member", "mean", "var"),
    [
        (lk.Cauchy(1.0, 2.0), NONE, NONE),
        (lk.StudentT(0.5, 1.0, 2.0), NONE, NONE),
        (lk.StudentT(1.0, 1.0, 2.0), NONE, NONE),
        (lk.StudentT(2.0, 1.0, 2.0), 1.0, ENDLESS),
        (lk.StudentT(np.inf, 1.0, 2.0), 1.0, 4.0),
        (lk.Pareto(1.0, 2.0), ENDLESS, ENDLESS),
        (lk.Pareto(2.0, 2.0), 4.0, ENDLESS),
        (lk.LogLogistic(1.0, 2.0), ENDLESS, ENDLESS),
        (lk.LogLogistic(2.0, 2.0), np.pi, ENDLESS),
        (lk.Geometric(1.0), 0.0, 0.0),
        (lk.Bernoulli(0.0), 0.0, 0.0),
        (lk.Bernoulli(1.0), 1.0, 0.0),
    ],
    ids=repr,
)
def test_moments_that_are_missing_or_on_a_bound(member, mean, var):
    for ours, truth in ((member.mean, mean), (member.var, var)):
        if truth == NONE:
            assert np.isnan(ours)
        elif truth == ENDLESS:
            assert ours == np.inf
        else:
            assert abs(float(ours) - truth) <= 1e-15 * truth


# A standard deviation of order 1e-3 of a scale, whose square is the digits' trial.
@pytest.mark.parametrize(
    ("member", "mean", "var"),
    [
        (lk.Weibull(1e4, 1.0), "0.999942288227", "1.6447405e-8"),
        (lk.LogLogistic(300, 1), "1.000018277341", "3.6556e-5"),
    ],
    ids=repr,
)
def test_small_variances_keep_their_digits(member, mean, var):
    k = mpf(float(member.shape))
    with mp.workdps(50):
        if isinstance(member, lk.Weibull):
            one, two = mp.gamma(1 + 1 / k), mp.gamma(1 + 2 / k)
        else:
            one, two = (j * mp.pi / k / mp.sin(j * mp.pi / k) for j in (1, 2))
        assert abs(one - mpf(mean)) < 1e-9
        assert abs((two - one**2) / mpf(var) - 1) < 1e-2
        assert close(member.mean, one)
        assert close(member.var, two - one**2)


@pytest.mark.parametrize("rate", [1e4, 1e6, 1e8])
def test_entropy_of_a_wide_poisson(rate):
    series = mpf(1) / (12 * rate) + mpf(1) / (24 * rate**2) + mpf(19) / (360 * rate**3)
    truth = mp.log(2 * mp.pi * mp.e * rate) / 2 - series
    assert close(lk.entropy(lk.Poisson(rate)), truth)


@pytest.mark.parametrize("shape", [1e6, 1e10, 1e15])
def test_entropy_of_a_narrow_gamma(shape):
    with mp.workdps(60):
        k = mpf(shape)
        truth = k + mp.loggamma(k) + (1 - k) * mp.digamma(k) + mp.log(3)
        assert close(lk.Gamma(shape, 3.0).entropy, truth)


@pytest.mark.parametrize("size", [1e6, 1e10, 1e14])
def test_entropy_of_a_narrow_beta(size):
    with mp.workdps(60):
        a, b = mpf(size), mpf(3 * size)
        n = a + b
        truth = mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(n) - (a - 1) * mp.digamma(a)
        truth += (n - 2) * mp.digamma(n) - (b - 1) * mp.digamma(b)
        assert close(lk.Beta(size, 3 * size).entropy, truth)


@pytest.mark.parametrize("ratio", [1e-8, 1e-3, 1.0, 400.0, 1e5, 1e12])
def test_entropy_of_the_inverse_gaussian_at_the_ends(ratio):
    with mp.workdps(40):
        z = 2 * mpf(ratio)
        tail = mp.exp(z) * mp.e1(z)
        truth = mp.log(2 * mp.pi) / 2 + mpf("0.5") - mp.log(ratio) / 2 - mpf("1.5") * tail
        ours = float(lk.InverseGaussian(1.0, ratio).entropy)
        assert abs(ours - truth) <= 1e-13 * max(1, abs(truth))
