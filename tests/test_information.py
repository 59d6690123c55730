"""Entropy, cross entropy and Kullback-Leibler divergence against closed forms and quadrature."""

import functools

import numpy as np
import pytest
from mpmath import mp, mpf

import likeliest as lk
from members import CORNERS, ORDINARY, TABLE
from quadrature import expectation
from truth import LOG_DENSITY, parameters

mp.dps = 60
DENSE = pytest.mark.families(where=lambda family: not family.atoms)  # or masses alone


def lb(a, b):
    """Log of the beta function."""
    return mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(mpf(a) + b)


def _normal(p, q):
    ratio = mpf(p.std) / q.std
    return (ratio**2 + ((mpf(p.mean) - q.mean) / q.std) ** 2 - 1) / 2 - mp.log(ratio)


def _exponential(p, q):
    return mp.log(mpf(p.rate) / q.rate) + mpf(q.rate) / p.rate - 1


def _gamma(p, q):
    a, b, s, t = mpf(p.shape), mpf(q.shape), mpf(p.scale), mpf(q.scale)
    return (
        (a - b) * mp.digamma(a) - mp.loggamma(a) + mp.loggamma(b) + b * mp.log(t / s)
        + a * (s - t) / t
    )  # fmt: skip


def _weibull(p, q):
    k, l, s, t = mpf(p.shape), mpf(q.shape), mpf(p.scale), mpf(q.scale)
    logs = mp.log(k / s**k) - mp.log(l / t**l) + (k - l) * (mp.log(s) - mp.euler / k)
    return logs + (s / t) ** l * mp.gamma(l / k + 1) - 1


def _beta(p, q):
    a, b, c, d = mpf(p.alpha), mpf(p.beta), mpf(q.alpha), mpf(q.beta)
    logs = (a - c) * mp.digamma(a) + (b - d) * mp.digamma(b)
    return lb(c, d) - lb(a, b) + logs + (c - a + d - b) * mp.digamma(a + b)


def _uniform(p, q):
    return mp.log((mpf(q.high) - q.low) / (mpf(p.high) - p.low))


def _laplace(p, q):
    gap = abs(mpf(p.loc) - q.loc)
    ratio = mpf(p.scale) / q.scale
    return ratio * mp.exp(-gap / p.scale) + gap / q.scale - mp.log(ratio) - 1


def _cauchy(p, q):
    s, t = mpf(p.scale), mpf(q.scale)
    return mp.log(((s + t) ** 2 + (mpf(p.loc) - q.loc) ** 2) / (4 * s * t))


def _pareto(p, q):
    ratio = mpf(q.shape) / p.shape
    return q.shape * mp.log(mpf(p.scale) / q.scale) - mp.log(ratio) + ratio - 1


def _inverse_gaussian(p, q):
    m, n, k, l = mpf(p.mean), mpf(q.mean), mpf(p.shape), mpf(q.shape)
    # E X = m and E 1/X = 1/m + 1/k.
    return mp.log(k / l) / 2 - mpf(1) / 2 + l * (m / n**2 - 2 / n + 1 / m + 1 / k) / 2


def _gumbel(p, q):
    ratio, shift = mpf(p.scale) / q.scale, (mpf(p.loc) - q.loc) / q.scale
    moved = mp.exp(-shift) * mp.gamma(1 + ratio)
    return -mp.log(ratio) - mp.euler - 1 + shift + ratio * mp.euler + moved


def _rayleigh(p, q):
    ratio = (mpf(p.scale) / q.scale) ** 2
    return ratio - 1 - mp.log(ratio)


def _bernoulli(p, q):
    a, b = mpf(p.prob), mpf(q.prob)
    return a * mp.log(a / b) + (1 - a) * mp.log((1 - a) / (1 - b))


def _poisson(p, q):
    return p.rate * mp.log(mpf(p.rate) / q.rate) + mpf(q.rate) - p.rate


def _geometric(p, q):
    a, b = mpf(p.prob), mpf(q.prob)
    return mp.log(a / b) + (1 - a) / a * mp.log((1 - a) / (1 - b))


def _lognormal(p, q):
    return _normal(lk.Normal(p.log_mean, p.log_std), lk.Normal(q.log_mean, q.log_std))


CLOSED = [
    (_normal, lk.Normal(0, 1), lk.Normal(1, 2)),
    (_normal, lk.Normal(50, 2.5), lk.Normal(45, 8)),
    (_normal, lk.Normal(0, 5), lk.Normal(0, 0.2)),
    (_normal, lk.Normal(1e9, 1e-3), lk.Normal(1e9 + 0.0078125, 2e-3)),
    (_lognormal, lk.LogNormal(1, 0.5), lk.LogNormal(0.3, 0.8)),
    (_exponential, lk.Exponential(0.2), lk.Exponential(3.0)),
    (_exponential, lk.Exponential(1e8), lk.Exponential(1e6)),
    (_gamma, lk.Gamma(3.0, 2.0), lk.Gamma(1.2, 5.0)),
    (_gamma, lk.Gamma(0.2, 2.0), lk.Gamma(0.7, 1.0)),
    (_gamma, lk.Gamma(500.0, 0.02), lk.Gamma(450.0, 0.02)),
    (_weibull, lk.Weibull(1.7, 4.0), lk.Weibull(0.9, 2.0)),
    (_weibull, lk.Weibull(3.0, 1.0), lk.Weibull(8.0, 1.5)),
    (_beta, lk.Beta(2.0, 5.0), lk.Beta(1.0, 1.0)),
    (_beta, lk.Beta(0.5, 0.5), lk.Beta(3.0, 0.8)),
    (_beta, lk.Beta(0.05, 0.02), lk.Beta(2.0, 0.01)),
    (_uniform, lk.Uniform(2.0, 7.0), lk.Uniform(2.0, 9.0)),
    (_laplace, lk.Laplace(5.0, 2.0), lk.Laplace(3.0, 0.5)),
    (_cauchy, lk.Cauchy(5.0, 2.0), lk.Cauchy(-1.0, 3.0)),
    (_cauchy, lk.Cauchy(0.0, 1.0), lk.Cauchy(0.0, 1e-6)),
    (_inverse_gaussian, lk.InverseGaussian(3.0, 6.0), lk.InverseGaussian(2.0, 1.0)),
    (_pareto, lk.Pareto(2.5, 3.0), lk.Pareto(0.7, 1.0)),
    (_gumbel, lk.Gumbel(5.0, 2.0), lk.Gumbel(4.0, 3.0)),
    (_gumbel, lk.Gumbel(0.0, 2.0), lk.Gumbel(1.0, 0.5)),
    (_rayleigh, lk.Rayleigh(2.0), lk.Rayleigh(0.5)),
    (_bernoulli, lk.Bernoulli(0.3), lk.Bernoulli(0.9)),
    (_bernoulli, lk.Bernoulli(1e-12), lk.Bernoulli(1e-6)),
    (_poisson, lk.Poisson(4.0), lk.Poisson(40.0)),
    (_poisson, lk.Poisson(1e6), lk.Poisson(1.001e6)),
    (_geometric, lk.Geometric(0.3), lk.Geometric(0.02)),
]


@pytest.mark.parametrize(
    ("truth", "p", "q"), CLOSED, ids=lambda v: repr(v) if hasattr(v, "name") else ""
)
def test_divergence_in_closed_form(truth, p, q):
    for one, two in ((p, q), (q, p)):
        if isinstance(p, (lk.Uniform, lk.Pareto)) and one is q:
            continue  # the wider does not fit in the narrower: infinite, tested below
        exact = truth(one, two)
        assert abs(lk.kl_divergence(one, two) - exact) <= 1e-12 * max(1, abs(exact))
        total = exact + mpf(lk.entropy(one))
        assert abs(lk.cross_entropy(one, two) - total) <= 1e-12 * max(1, abs(exact), abs(total))


ACROSS = [
    (lk.Normal(0, 1), lk.StudentT(4.0, 0.5, 1.0)),
    (lk.StudentT(4.0, 0.5, 1.0), lk.Normal(0, 1)),
    (lk.Logistic(5.0, 2.0), lk.Normal(5.0, 3.5)),
    (lk.Normal(5.0, 3.5), lk.Cauchy(5.0, 2.0)),
    (lk.Cauchy(0.0, 1.0), lk.StudentT(0.4, 1.0, 1.0)),
    (lk.Laplace(1.0, 2.0), lk.Logistic(0.0, 1.0)),
    (lk.Gumbel(5.0, 2.0), lk.Normal(6.0, 2.5)),
    (lk.Gamma(3.0, 2.0), lk.LogNormal(1.6, 0.6)),
    (lk.LogNormal(1.0, 0.5), lk.Weibull(1.7, 4.0)),
    (lk.Weibull(0.7, 4.0), lk.Gamma(0.6, 8.0)),
    (lk.InverseGaussian(3.0, 6.0), lk.LogLogistic(2.0, 2.5)),
    (lk.LogLogistic(3.0, 2.0), lk.Exponential(0.4)),
    (lk.Rayleigh(2.0), lk.InverseGaussian(3.0, 6.0)),
    (lk.Pareto(2.5, 3.0), lk.Normal(5.0, 4.0)),
    (lk.Beta(2.0, 5.0), lk.Gamma(2.0, 0.1)),
    (lk.Beta(0.5, 0.4), lk.Gamma(2.0, 0.1)),
    (lk.Uniform(2.0, 7.0), lk.Normal(4.0, 1.0)),
    (lk.Uniform(0.0, 1.0), lk.Beta(2.0, 5.0)),
    (lk.Poisson(4.0), lk.NegativeBinomial(4.0, 0.5)),
    (lk.NegativeBinomial(4.0, 0.5), lk.Poisson(4.0)),
    (lk.NegativeBinomial(4.0, 0.5), lk.Geometric(0.3)),
    (lk.Bernoulli(0.3), lk.Poisson(0.3)),
    (lk.Geometric(0.3), lk.NegativeBinomial(2.0, 1.3)),
    (lk.GEV(0.2, 10.0, 2.0), lk.Gumbel(10.0, 2.5)),
    (lk.GEV(-0.3, 5.0, 2.0), lk.Normal(5.5, 2.0)),
    (lk.GeneralizedPareto(0.2, 3.0), lk.Lomax(4.0, 10.0)),
    (lk.Lomax(2.5, 3.0), lk.GeneralizedPareto(0.5, 1.0)),
    (lk.Burr(2.0, 1.5, 3.0), lk.LogLogistic(2.0, 2.5)),
    (lk.Frechet(2.5, 3.0), lk.InverseGamma(3.0, 8.0)),
    (lk.InverseGamma(3.0, 4.0), lk.Frechet(2.5, 1.5)),
    (lk.HalfNormal(2.0), lk.Exponential(0.5)),
    (lk.Chi2(3.0), lk.LogNormal(0.8, 0.8)),
    (lk.Gompertz(0.1, 0.02), lk.Weibull(2.0, 18.0)),
    (lk.GumbelOfMinima(5.0, 2.0), lk.Normal(4.0, 2.5)),
    (lk.Maxwell(2.0), lk.Rayleigh(2.5)),
    (lk.Levy(2.0), lk.InverseGamma(0.6, 1.2)),
    (lk.HalfCauchy(2.0), lk.Lomax(1.2, 2.0)),
    (lk.HyperbolicSecant(5.0, 2.0), lk.Logistic(5.0, 1.8)),
    (lk.Moyal(5.0, 2.0), lk.Gumbel(5.5, 3.0)),
    (lk.Dagum(3.0, 0.7, 3.0), lk.LogLogistic(2.5, 2.5)),
    (lk.LogitNormal(0.5, 1.2), lk.Beta(2.0, 1.5)),
    (lk.BirnbaumSaunders(0.5, 3.0), lk.Gamma(4.0, 0.8)),
    (lk.ExponentiatedWeibull(2.0, 1.5, 3.0), lk.Gamma(3.0, 1.3)),
    (lk.Kumaraswamy(2.0, 3.0), lk.Beta(2.0, 3.0)),
    (lk.GeneralizedLogistic(2.0, 5.0, 2.0), lk.Normal(7.0, 3.0)),
    (lk.SkewNormal(3.0, 5.0, 2.0), lk.Normal(6.5, 1.4)),
    (lk.ExponentiallyModifiedGaussian(300.0, 40.0, 100.0), lk.Gumbel(350.0, 80.0)),
    (lk.LogGamma(0.6, 5.0, 2.0), lk.Normal(4.5, 2.2)),
    (lk.GeneralizedGamma(0.6, 1.5, 0.5), lk.Gamma(4.0, 1.2)),
    (lk.Nakagami(2.0, 3.0), lk.Rayleigh(2.0)),
    (lk.PearsonIII(0.8, 10.0, 2.0), lk.Normal(10.0, 2.5)),
    (lk.LogPearsonIII(0.5, 7.0, 0.6), lk.LogNormal(7.0, 0.6)),
    (lk.AsymmetricLaplace(0.6, 3.0, 2.0), lk.Logistic(4.5, 2.0)),
    (lk.BoundedPareto(1.5, 2.0, 20.0), lk.Pareto(1.2, 1.5)),
    (lk.FoldedNormal(3.0, 2.0), lk.Gamma(3.0, 1.2)),
    (lk.JohnsonSU(-0.6, 1.0, 3.0, 2.0), lk.StudentT(3.0, 4.0, 2.0)),
    (lk.LogUniform(2.0, 20.0), lk.LogNormal(1.9, 0.7)),
    (lk.Rice(3.0, 1.5), lk.Gamma(6.0, 0.6)),
    (lk.VonMises(0.5, 2.0), lk.WrappedCauchy(-0.3, 0.6)),
    (lk.WrappedCauchy(-2.8, 0.9), lk.Normal(0.3, 2.0)),
    (lk.WeibullOfMaxima(2.2, 10.0, 2.0), lk.Normal(8.2, 0.9)),
    (lk.DiscreteUniform(1, 6), lk.Poisson(3.5)),
    (lk.Chi(3.0), lk.Maxwell(1.1)),
    (lk.BetaPrime(2.0, 5.0), lk.F(4.0, 10.0)),
    (lk.F(6.0, 12.0), lk.LogNormal(0.0, 0.7)),
    (lk.GeneralizedPoisson(4.0, 0.5), lk.NegativeBinomial(4.0, 0.8)),
    (lk.ConwayMaxwellPoisson(4.0, 2.0), lk.Poisson(4.2)),
    (lk.PoissonInverseGaussian(4.0, 0.5), lk.NegativeBinomial(4.0, 0.5)),
    (lk.DiscreteWeibull(1.5, 6.0), lk.NegativeBinomial(5.0, 0.4)),
    (lk.Skellam(1.6, 1.1), lk.Skellam(2.0, 0.9)),
    (lk.Logarithmic(0.8), lk.YuleSimon(3.0)),
    (lk.YuleSimon(20.0), lk.Zeta(3.0)),
    (lk.Zeta(15.0), lk.YuleSimon(20.0)),
]


@pytest.mark.parametrize(("p", "q"), ACROSS, ids=repr)
def test_across_families_by_quadrature(p, q):
    log_q = functools.cache(lambda x: _density(q, x))
    cross = expectation(p, lambda x, _: -log_q(x))
    divergence = expectation(p, lambda x, log_f: log_f - log_q(x))
    assert divergence > 0
    assert abs(lk.cross_entropy(p, q) - cross) <= 1e-12 * max(1, abs(cross))
    assert abs(lk.kl_divergence(p, q) - divergence) <= 1e-12 * max(1, abs(cross))


def _density(q, x):
    return LOG_DENSITY[q.name](x, *parameters(q))


INFINITE = {
    "mass where there is none": [
        (lk.Normal(0, 1), lk.Gamma(3.0, 2.0)),
        (lk.Exponential(1.0), lk.Uniform(0.0, 50.0)),
        (lk.Uniform(2.0, 9.0), lk.Uniform(2.0, 7.0)),
        (lk.Uniform(1.9, 7.0), lk.Uniform(2.0, 7.0)),
        (lk.Pareto(2.5, 1.0), lk.Pareto(2.5, 3.0)),
        (lk.Gamma(3.0, 2.0), lk.Beta(2.0, 5.0)),
        (lk.Poisson(0.1), lk.Bernoulli(0.1)),
        (lk.Bernoulli(0.5), lk.Bernoulli(1.0)),
        (lk.Bernoulli(0.5), lk.Bernoulli(0.0)),
        (lk.Geometric(0.5), lk.Geometric(1.0)),
    ],
    "tails too heavy": [
        (lk.Cauchy(0, 1), lk.Normal(0, 1)),
        (lk.Cauchy(0, 1), lk.Laplace(0, 1)),
        (lk.StudentT(2.0, 0, 1), lk.Normal(0, 1)),
        (lk.StudentT(1.0, 0, 1), lk.Logistic(0, 1)),
        (lk.StudentT(1.5, 0, 1), lk.Normal(0, 1)),
        (lk.Pareto(2.0, 1.0), lk.Normal(0, 1)),
        (lk.Pareto(1.0, 1.0), lk.Exponential(1.0)),
        (lk.Pareto(1.0, 1.0), lk.Gamma(3.0, 2.0)),
        (lk.LogLogistic(0.9, 1.0), lk.Exponential(1.0)),
        (lk.LogLogistic(1.5, 1.0), lk.Rayleigh(1.0)),
    ],
}


@pytest.mark.parametrize(
    ("p", "q"), [pair for pairs in INFINITE.values() for pair in pairs], ids=repr
)
def test_infinite_divergence(p, q):
    assert lk.kl_divergence(p, q) == np.inf
    assert lk.cross_entropy(p, q) == np.inf


@pytest.mark.parametrize(
    ("p", "q"),
    [
        (lk.StudentT(2.5, 0, 1), lk.Normal(0, 1)),
        (lk.StudentT(2.1, 0, 1), lk.Normal(0, 1)),
        (lk.Pareto(2.2, 1.0), lk.Normal(0, 1)),
        (lk.Pareto(1.2, 1.0), lk.Exponential(1.0)),
        (lk.LogLogistic(1.1, 1.0), lk.Exponential(1.0)),
        (lk.LogNormal(0.0, 3.0), lk.Exponential(1.0)),
        (lk.StudentT(0.3, 0, 1), lk.Cauchy(0, 1)),
    ],
    ids=repr,
)
def test_divergence_just_short_of_infinite(p, q):
    truth = expectation(p, lambda x, log_f: log_f - _density(q, x))
    assert abs(lk.kl_divergence(p, q) - truth) <= 1e-10 * truth


@DENSE
def test_divergence_is_zero_for_equal_members_only(family, ordinary):
    assert lk.kl_divergence(ordinary, family(**ordinary.parameters)) == 0.0
    for name, value in ordinary.parameters.items():
        step = 1.0 if family.constraints[name].whole else 0.01 * value
        assert family(**{**ordinary.parameters, name: value + step}) != ordinary


def test_members_half_of_whose_values_are_too_small_for_float64():
    p, q = lk.Gamma(1e-3, 1.0), lk.Gamma(2e-3, 1.0)
    assert lk.kl_divergence(p, p) == 0.0
    for information in (lk.kl_divergence, lk.cross_entropy):
        with pytest.raises(lk.errors.FamilyError, match="beyond what float64 can hold"):
            information(p, q)


def _is_closed(member):
    """Whether its entropy is a formula, and it is no other family's member at a shape of 0."""
    try:
        return np.isfinite(member.entropy) and member.parameters.get("shape") != 0.0
    except lk.errors.FamilyError:
        return False


AT_CORNERS = [m for m in CORNERS if not m.discrete or type(m) is lk.Bernoulli]
ELSEWHERE = [m for family, m in ORDINARY.items() if family not in {type(c) for c in AT_CORNERS}]
CLOSED_ENTROPY = [m for m in (*ELSEWHERE, *AT_CORNERS) if not m.atoms and _is_closed(m)]


@pytest.mark.parametrize("member", CLOSED_ENTROPY, ids=repr)
def test_cross_entropy_with_itself_is_the_entropy(member):
    """The entropies in closed form are held against quadrature in test_moments."""
    cross, closed = lk.cross_entropy(member, member), float(member.entropy)
    assert abs(cross - closed) <= 1e-11 * max(1, abs(closed))


@DENSE
def test_mean_nll_tends_to_the_cross_entropy(family, ordinary):
    # So that an end of the support moves outwards.
    shrunk = {"shape", "loc"} if family is lk.GEV else {"low", "scale"}
    if family in {lk.PearsonIII, lk.LogPearsonIII}:
        shrunk = {"skewness", "mean", "log_mean"}
    moved = {n: v * (0.9 if n in shrunk else 1.1) for n, v in ordinary.parameters.items()}
    if family is lk.DiscreteUniform:
        moved = {"low": 0.0, "high": 8.0}
    q = family(**moved)
    x = ordinary.sample(200_000, seed=0)
    terms = q.nll(x, reduction="none")
    error = float(np.std(terms)) / np.sqrt(x.size)
    limit = lk.cross_entropy(ordinary, q)
    assert np.isfinite(limit)
    assert abs(q.nll(x, reduction="mean") - limit) <= 4.5 * error + 1e-12
    assert 1e-7 < limit - lk.entropy(ordinary) < 10


def test_kinds_are_not_mixed():
    with pytest.raises(lk.errors.FamilyError, match="one gives densities"):
        lk.kl_divergence(lk.Normal(0, 1), lk.Poisson(1.0))
    with pytest.raises(lk.errors.FamilyError, match="scalar"):
        lk.cross_entropy(lk.Normal([0.0, 1.0], 1.0), lk.Normal(0, 1))


def test_ordinary_members_are_all_covered():
    seen = {type(p) for _, p, _ in CLOSED} | {type(p) for p, _ in ACROSS}
    assert seen == {family for family in TABLE if not family.atoms}
