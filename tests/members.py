"""Members of each family that tests run on: the one table of them.

Shapes are members that real samples have, the first of them the ordinary one. Corners are hard:
parameters far from 1, on a bound, or near the ends of float64.
"""

from typing import NamedTuple

import likeliest as lk


class Members(NamedTuple):
    shapes: list
    corners: list


TABLE = {
    lk.Normal: Members(
        [lk.Normal(50, 2.5), lk.Normal(-1e4, 1.0)],
        [lk.Normal(-3e-300, 1e-300), lk.Normal(1e9, 1e-3)],
    ),
    lk.LogNormal: Members(
        [lk.LogNormal(1.0, 0.5), lk.LogNormal(-3.0, 3.0), lk.LogNormal(5.0, 0.01)],
        [lk.LogNormal(-200, 30), lk.LogNormal(0, 1e-3)],
    ),
    lk.Exponential: Members(
        [lk.Exponential(0.2), lk.Exponential(1e5)],
        [lk.Exponential(1e300), lk.Exponential(1e-300)],
    ),
    lk.Gamma: Members(
        [lk.Gamma(3.0, 2.0), lk.Gamma(0.1, 5.0), lk.Gamma(0.7, 1e-4), lk.Gamma(500.0, 0.1)],
        [
            lk.Gamma(0.01, 5.0), lk.Gamma(1e4, 1e-4), lk.Gamma(1.0, 1e300),
            lk.Gamma(1e15, 3.0), lk.Gamma(20.0, 1e-290),
        ],
    ),
    lk.Weibull: Members(
        [lk.Weibull(1.7, 4.0), lk.Weibull(0.3, 1.0), lk.Weibull(40.0, 100.0)],
        [lk.Weibull(0.05, 1.0), lk.Weibull(200.0, 1e-250)],
    ),
    lk.Beta: Members(
        [lk.Beta(2.0, 5.0), lk.Beta(0.5, 0.5), lk.Beta(0.1, 3.0), lk.Beta(200.0, 900.0)],
        [lk.Beta(1e-2, 3.0), lk.Beta(1e4, 3e5), lk.Beta(1e8, 1e8), lk.Beta(1.0, 1.0)],
    ),
    lk.Uniform: Members(
        [lk.Uniform(2.0, 7.0)],
        [lk.Uniform(-1e300, 1e300), lk.Uniform(0.0, 1e-300)],
    ),
    lk.Logistic: Members(
        [lk.Logistic(5.0, 2.0), lk.Logistic(-300.0, 0.1)],
        [lk.Logistic(-1e200, 1e198)],
    ),
    lk.LogLogistic: Members(
        [lk.LogLogistic(3.0, 2.0), lk.LogLogistic(0.7, 10.0), lk.LogLogistic(30.0, 1)],
        [lk.LogLogistic(0.2, 1e100), lk.LogLogistic(300, 1)],
    ),
    lk.Laplace: Members([lk.Laplace(5.0, 2.0)], [lk.Laplace(1e-290, 1e-291)]),
    lk.StudentT: Members(
        [lk.StudentT(4.0, 5.0, 2.0), lk.StudentT(0.8, 0, 1), lk.StudentT(25.0, -40, 3)],
        [
            lk.StudentT(0.5, 0.0, 1.0), lk.StudentT(1e4, 1.0, 3.0), lk.StudentT(1e12, 0.0, 1.0),
            lk.StudentT(float("inf"), 2.0, 0.5), lk.StudentT(1, 0, 1e200),
        ],
    ),
    lk.Cauchy: Members([lk.Cauchy(5.0, 2.0), lk.Cauchy(-100.0, 0.1)], [lk.Cauchy(0.0, 1e-300)]),
    lk.InverseGaussian: Members(
        [lk.InverseGaussian(3.0, 6.0), lk.InverseGaussian(1.0, 0.1)],
        [
            lk.InverseGaussian(1.0, 1e-2), lk.InverseGaussian(2.0, 1e6),
            lk.InverseGaussian(1e100, 1e98),
        ],
    ),
    lk.Pareto: Members(
        [lk.Pareto(2.5, 3.0), lk.Pareto(0.4, 1e-3)],
        [lk.Pareto(0.1, 1e-200), lk.Pareto(500.0, 1.0)],
    ),
    lk.Gumbel: Members([lk.Gumbel(5.0, 2.0), lk.Gumbel(1000.0, 0.5)], [lk.Gumbel(-1e100, 1e99)]),
    lk.Rayleigh: Members([lk.Rayleigh(2.0)], [lk.Rayleigh(1e-250)]),
    lk.GEV: Members(
        [lk.GEV(0.2, 10.0, 2.0), lk.GEV(-0.3, 5.0, 2.0), lk.GEV(0.0, -40.0, 3.0)],
        [lk.GEV(1e-12, 0.0, 1.0), lk.GEV(-0.9, 3.0, 0.5), lk.GEV(3.0, 2e-40, 1e-40)],
    ),
    lk.GeneralizedPareto: Members(
        [lk.GeneralizedPareto(0.2, 3.0), lk.GeneralizedPareto(-0.3, 20.0)],
        [
            lk.GeneralizedPareto(-1e-13, 2.0), lk.GeneralizedPareto(2.5, 1e-3),
            lk.GeneralizedPareto(0.0, 1e-100), lk.GeneralizedPareto(-0.9, 4.0),
        ],
    ),
    lk.Lomax: Members(
        [lk.Lomax(2.5, 3.0), lk.Lomax(0.6, 100.0)],
        [lk.Lomax(0.1, 1e-100), lk.Lomax(500.0, 1e4)],
    ),
    lk.Burr: Members(
        [lk.Burr(2.0, 1.5, 3.0), lk.Burr(0.8, 3.0, 50.0), lk.Burr(5.0, 0.4, 2.0)],
        [lk.Burr(0.3, 0.5, 1e-50), lk.Burr(40.0, 2.0, 1e3)],
    ),
    lk.Frechet: Members(
        [lk.Frechet(2.5, 3.0), lk.Frechet(0.7, 10.0), lk.Frechet(30.0, 1.0)],
        [lk.Frechet(0.2, 1e10), lk.Frechet(200.0, 1e-100)],
    ),
    lk.HalfNormal: Members([lk.HalfNormal(2.0)], [lk.HalfNormal(1e-250)]),
    lk.InverseGamma: Members(
        [lk.InverseGamma(3.0, 4.0), lk.InverseGamma(0.8, 1e-3), lk.InverseGamma(60.0, 100.0)],
        [lk.InverseGamma(0.05, 2.0), lk.InverseGamma(900.0, 3e4)],
    ),
    lk.Chi2: Members([lk.Chi2(3.0), lk.Chi2(0.7), lk.Chi2(200.0)], [lk.Chi2(0.02), lk.Chi2(1e4)]),
    lk.Gompertz: Members(
        [lk.Gompertz(0.1, 0.02), lk.Gompertz(3.0, 2.0)],
        [lk.Gompertz(0.0, 0.5), lk.Gompertz(1e-12, 3.0), lk.Gompertz(20.0, 1e-9)],
    ),
    lk.GumbelOfMinima: Members(
        [lk.GumbelOfMinima(5.0, 2.0), lk.GumbelOfMinima(1000.0, 0.5)],
        [lk.GumbelOfMinima(-1e100, 1e99)],
    ),
    lk.Maxwell: Members([lk.Maxwell(2.0)], [lk.Maxwell(1e-90)]),
    lk.Levy: Members([lk.Levy(2.0)], [lk.Levy(1e-90)]),
    lk.HalfCauchy: Members([lk.HalfCauchy(2.0)], [lk.HalfCauchy(1e-120)]),
    lk.HyperbolicSecant: Members(
        [lk.HyperbolicSecant(5.0, 2.0), lk.HyperbolicSecant(-300.0, 0.1)],
        [lk.HyperbolicSecant(-1e200, 1e198)],
    ),
    lk.Moyal: Members([lk.Moyal(5.0, 2.0), lk.Moyal(1000.0, 0.5)], [lk.Moyal(-1e100, 1e99)]),
    lk.Dagum: Members(
        [lk.Dagum(3.0, 0.7, 3.0), lk.Dagum(0.8, 3.0, 50.0), lk.Dagum(5.0, 2.0, 2.0)],
        [lk.Dagum(0.3, 0.5, 1e-50), lk.Dagum(40.0, 2.0, 1e3)],
    ),
    lk.LogitNormal: Members(
        [lk.LogitNormal(0.5, 1.2), lk.LogitNormal(-4.0, 0.1)],
        [lk.LogitNormal(3.0, 5.0), lk.LogitNormal(-200.0, 30.0)],
    ),
    lk.BirnbaumSaunders: Members(
        [lk.BirnbaumSaunders(0.5, 3.0), lk.BirnbaumSaunders(3.0, 100.0)],
        [lk.BirnbaumSaunders(1e-3, 1.0), lk.BirnbaumSaunders(20.0, 1e-100)],
    ),
    lk.ExponentiatedWeibull: Members(
        [lk.ExponentiatedWeibull(2.0, 1.5, 3.0), lk.ExponentiatedWeibull(0.4, 3.0, 50.0)],
        [lk.ExponentiatedWeibull(0.1, 0.5, 1e-50), lk.ExponentiatedWeibull(90.0, 0.7, 1e3)],
    ),
    lk.Kumaraswamy: Members(
        [lk.Kumaraswamy(2.0, 3.0), lk.Kumaraswamy(0.4, 0.6), lk.Kumaraswamy(5.0, 40.0)],
        [lk.Kumaraswamy(0.02, 3.0), lk.Kumaraswamy(90.0, 300.0)],
    ),
    lk.GeneralizedLogistic: Members(
        [lk.GeneralizedLogistic(2.0, 5.0, 2.0), lk.GeneralizedLogistic(0.3, -40.0, 3.0)],
        [lk.GeneralizedLogistic(0.05, -3e-100, 1e-100), lk.GeneralizedLogistic(300.0, 1e3, 0.5)],
    ),
    lk.SkewNormal: Members(
        [lk.SkewNormal(3.0, 5.0, 2.0), lk.SkewNormal(-1.5, -40.0, 3.0)],
        [
            lk.SkewNormal(0.0, 2.0, 3.0), lk.SkewNormal(-1e-9, 1.0, 0.5),
            lk.SkewNormal(300.0, -3e-100, 1e-100),
        ],
    ),
    lk.ExponentiallyModifiedGaussian: Members(
        [
            lk.ExponentiallyModifiedGaussian(300.0, 40.0, 100.0),
            lk.ExponentiallyModifiedGaussian(-5.0, 2.0, 6.0),
        ],
        [
            lk.ExponentiallyModifiedGaussian(1.0, 2.0, 0.01),
            lk.ExponentiallyModifiedGaussian(-3e-100, 1e-103, 1e-100),
        ],
    ),
    lk.LogGamma: Members(
        [lk.LogGamma(0.6, 5.0, 2.0), lk.LogGamma(-1.8, -40.0, 3.0)],
        [
            lk.LogGamma(0.0, 2.0, 3.0), lk.LogGamma(1e-10, 0.5, 1.0), lk.LogGamma(-0.05, 3.0, 1.0),
            lk.LogGamma(12.0, 1.0, 0.5),
        ],
    ),
    lk.GeneralizedGamma: Members(
        [lk.GeneralizedGamma(0.6, 1.5, 0.5), lk.GeneralizedGamma(-1.2, 3.0, 0.3)],
        [
            lk.GeneralizedGamma(0.0, -3.0, 2.0), lk.GeneralizedGamma(-1e-10, 1.0, 0.5),
            lk.GeneralizedGamma(5.0, -100.0, 1.0),
        ],
    ),
    lk.PearsonIII: Members(
        [lk.PearsonIII(0.8, 10.0, 2.0), lk.PearsonIII(-0.5, -40.0, 3.0)],
        [
            lk.PearsonIII(0.0, 2.0, 3.0), lk.PearsonIII(1e-10, 0.5, 1.0),
            lk.PearsonIII(-1.9, 3e3, 0.5), lk.PearsonIII(4.0, 1e-90, 2e-90),
        ],
    ),
    lk.LogPearsonIII: Members(
        [lk.LogPearsonIII(0.5, 7.0, 0.6), lk.LogPearsonIII(-0.7, 2.0, 0.3)],
        [
            lk.LogPearsonIII(0.0, -3.0, 2.0), lk.LogPearsonIII(-1e-10, 1.0, 0.5),
            lk.LogPearsonIII(-1.2, -100.0, 1.0),
        ],
    ),
    lk.Tweedie: Members(
        [lk.Tweedie(4.0, 1.5, 2.0), lk.Tweedie(30.0, 1.3, 4.0)],
        [lk.Tweedie(0.3, 1.9, 3.0), lk.Tweedie(100.0, 1.1, 50.0), lk.Tweedie(2.0, 1.99, 8.0)],
    ),
    lk.Nakagami: Members(
        [lk.Nakagami(2.0, 3.0), lk.Nakagami(0.5, 10.0), lk.Nakagami(300.0, 1.0)],
        [lk.Nakagami(0.03, 3.0), lk.Nakagami(1e4, 1e-100)],
    ),
    lk.Chi: Members([lk.Chi(3.0), lk.Chi(0.8), lk.Chi(200.0)], [lk.Chi(0.05), lk.Chi(1e4)]),
    lk.BetaPrime: Members(
        [lk.BetaPrime(2.0, 5.0), lk.BetaPrime(0.6, 0.9), lk.BetaPrime(200.0, 90.0)],
        [lk.BetaPrime(1e-2, 3.0), lk.BetaPrime(1e4, 3e3), lk.BetaPrime(1.0, 0.05)],
    ),
    lk.F: Members(
        [lk.F(6.0, 12.0), lk.F(1.5, 2.5)],
        [lk.F(200.0, 90.0), lk.F(0.05, 3.0), lk.F(1e4, 3e3), lk.F(2.0, 0.1)],
    ),
    lk.AsymmetricLaplace: Members(
        [lk.AsymmetricLaplace(0.6, 3.0, 2.0), lk.AsymmetricLaplace(2.2, -40.0, 0.5)],
        [lk.AsymmetricLaplace(0.05, 1e90, 1e89), lk.AsymmetricLaplace(40.0, 2e-90, 1e-90)],
    ),
    lk.BoundedPareto: Members(
        [lk.BoundedPareto(1.5, 2.0, 20.0), lk.BoundedPareto(-2.5, 0.5, 3.0)],
        [
            lk.BoundedPareto(1e-10, 2.0, 9.0), lk.BoundedPareto(40.0, 1e-90, 1e90),
            lk.BoundedPareto(-300.0, 1.0, 1e3),
        ],
    ),
    lk.FoldedNormal: Members(
        [lk.FoldedNormal(3.0, 2.0), lk.FoldedNormal(50.0, 4.0)],
        [lk.FoldedNormal(0.0, 3.0), lk.FoldedNormal(1e-92, 1e-90), lk.FoldedNormal(1e4, 1.0)],
    ),
    lk.JohnsonSU: Members(
        [lk.JohnsonSU(-0.6, 1.0, 3.0, 2.0), lk.JohnsonSU(0.5, 0.8, -40.0, 0.5)],
        [lk.JohnsonSU(3.0, 0.4, 2e-60, 1e-60), lk.JohnsonSU(0.0, 30.0, 1e3, 5.0)],
    ),
    lk.LogUniform: Members(
        [lk.LogUniform(2.0, 20.0)],
        [lk.LogUniform(1e-90, 1e90), lk.LogUniform(1.0, 1.001)],
    ),
    lk.Rice: Members(
        [lk.Rice(3.0, 1.5), lk.Rice(20.0, 4.0)],
        [lk.Rice(0.0, 3.0), lk.Rice(1e-92, 1e-90), lk.Rice(20.0, 1.0)],
    ),
    lk.VonMises: Members(
        [lk.VonMises(0.5, 2.0), lk.VonMises(-2.8, 12.0), lk.VonMises(2.5, 0.3)],
        [lk.VonMises(1.0, 0.0), lk.VonMises(3.1, 400.0)],
    ),
    lk.WeibullOfMaxima: Members(
        [lk.WeibullOfMaxima(2.2, 10.0, 2.0), lk.WeibullOfMaxima(1.4, -40.0, 5.0)],
        [lk.WeibullOfMaxima(0.3, 2e-50, 1e-50), lk.WeibullOfMaxima(60.0, 1e3, 5.0)],
    ),
    lk.WrappedCauchy: Members(
        [lk.WrappedCauchy(0.5, 0.6), lk.WrappedCauchy(-2.8, 0.9)],
        [lk.WrappedCauchy(1.0, 0.0), lk.WrappedCauchy(3.1, 0.999)],
    ),
    lk.DiscreteUniform: Members(
        [lk.DiscreteUniform(1, 6), lk.DiscreteUniform(-40, 300)],
        [lk.DiscreteUniform(7, 8), lk.DiscreteUniform(0, 10**12)],
    ),
    lk.Bernoulli: Members([lk.Bernoulli(0.3), lk.Bernoulli(0.97)], [lk.Bernoulli(1e-12)]),
    lk.Poisson: Members(
        [lk.Poisson(4.0), lk.Poisson(0.3), lk.Poisson(300.0)],
        [lk.Poisson(1e-8), lk.Poisson(1e6), lk.Poisson(1e12)],
    ),
    lk.Geometric: Members(
        [lk.Geometric(0.3), lk.Geometric(0.01)],
        [lk.Geometric(1e-9), lk.Geometric(0.999)],
    ),
    lk.NegativeBinomial: Members(
        [lk.NegativeBinomial(4.0, 0.5), lk.NegativeBinomial(100.0, 3.0)],
        [
            lk.NegativeBinomial(1e5, 1e-6), lk.NegativeBinomial(4.0, 0.0),
            lk.NegativeBinomial(3.0, 50.0), lk.NegativeBinomial(100.0, 1e-12),
        ],
    ),
    lk.GeneralizedPoisson: Members(
        [
            lk.GeneralizedPoisson(4.0, 0.5), lk.GeneralizedPoisson(0.5, 0.2),
            lk.GeneralizedPoisson(30.0, 0.8),
        ],
        [
            lk.GeneralizedPoisson(1e-8, 0.3), lk.GeneralizedPoisson(3.0, 0.0),
            lk.GeneralizedPoisson(300.0, 0.05),
        ],
    ),
    lk.PoissonInverseGaussian: Members(
        [
            lk.PoissonInverseGaussian(4.0, 0.25), lk.PoissonInverseGaussian(0.6, 1.0),
            lk.PoissonInverseGaussian(10.0, 0.1),
        ],
        [
            lk.PoissonInverseGaussian(50.0, 1e-3), lk.PoissonInverseGaussian(1e-6, 0.5),
            lk.PoissonInverseGaussian(0.05, 8.0),
        ],
    ),
    lk.ConwayMaxwellPoisson: Members(
        [
            lk.ConwayMaxwellPoisson(4.0, 2.0), lk.ConwayMaxwellPoisson(3.0, 0.5),
            lk.ConwayMaxwellPoisson(30.0, 0.5),
        ],
        [
            lk.ConwayMaxwellPoisson(30.0, 50.0), lk.ConwayMaxwellPoisson(1e-3, 3.0),
            lk.ConwayMaxwellPoisson(0.2, 0.05),
        ],
    ),
    lk.Skellam: Members(
        [lk.Skellam(1.6, 1.1), lk.Skellam(0.4, 3.0), lk.Skellam(40.0, 25.0)],
        [lk.Skellam(4.0, 0.0), lk.Skellam(1e-8, 0.3), lk.Skellam(300.0, 1e-3)],
    ),
    lk.DiscreteWeibull: Members(
        [lk.DiscreteWeibull(1.5, 6.0), lk.DiscreteWeibull(0.6, 3.0)],
        [lk.DiscreteWeibull(0.3, 1.0), lk.DiscreteWeibull(3.0, 50.0), lk.DiscreteWeibull(1.0, 1e6)],
    ),
    lk.Logarithmic: Members(
        [lk.Logarithmic(0.8), lk.Logarithmic(0.99)],
        [lk.Logarithmic(1e-3), lk.Logarithmic(1.0 - 1e-9)],
    ),
    lk.YuleSimon: Members(
        [lk.YuleSimon(3.0), lk.YuleSimon(0.8)],
        [lk.YuleSimon(0.05), lk.YuleSimon(900.0)],
    ),
    lk.Zeta: Members([lk.Zeta(3.0), lk.Zeta(0.7)], [lk.Zeta(0.05), lk.Zeta(400.0)]),
}  # fmt: skip

MADE = {
    type(member): member
    for member in (
        lk.truncated("lognormal", lower=2.0)(1.0, 0.7),
        lk.truncated("normal", upper=54.0)(50.0, 2.5),
        lk.truncated("poisson", lower=0)(2.0),
        lk.zero_inflated("poisson")(0.3, 4.0),
        lk.hurdle("gamma")(0.3, 2.0, 3.0),
        lk.mixture("normal", 2)(0.3, 0.0, 1.0, 6.0, 1.5),
        lk.binomial(20)(0.3),
        lk.beta_binomial(20)(2.0, 3.0),
        lk.shifted(lk.reflected("gamma"))(8.0, 4.0, 2.0),
        lk.log_of("gamma")(3.0, 2.0),
        lk.spliced("gamma", "exponential", at=5.0, continuous=True)(2.0, 3.0, 0.2),
    )
}  # fmt: skip
"""Families made of others, by their ordinary members: the laws hold for them as well."""

SHAPES = [member for members in TABLE.values() for member in members.shapes]
CORNERS = [member for members in TABLE.values() for member in members.corners]
EVERY = [member for members in TABLE.values() for member in (*members.shapes, *members.corners)]
FEWEST = {
    lk.GEV: 40, lk.GeneralizedPareto: 60, lk.Lomax: 150, lk.Burr: 300, lk.Dagum: 300,
    lk.mixture("normal", 2): 60, lk.spliced("gamma", "exponential", at=5.0, continuous=True): 1_000,
    lk.SkewNormal: 300, lk.ExponentiallyModifiedGaussian: 300,
    lk.PearsonIII: 300, lk.LogPearsonIII: 300,
    lk.LogGamma: 300, lk.GeneralizedGamma: 300, lk.ExponentiatedWeibull: 300,
    lk.GeneralizedLogistic: 300, lk.F: 150,
    lk.ConwayMaxwellPoisson: 300, lk.PoissonInverseGaussian: 300,
    lk.shifted(lk.reflected("gamma")): 300,
    lk.AsymmetricLaplace: 60, lk.JohnsonSU: 300, lk.WeibullOfMaxima: 150,
    lk.DiscreteWeibull: 40, lk.Logarithmic: 40, lk.YuleSimon: 60, lk.Zeta: 200,
}  # fmt: skip
"""Values of the ordinary member that surely have a maximum; of fewer it may lie at a limit."""

REPRESENTED = {
    lk.ExponentiatedWeibull, lk.GeneralizedLogistic, lk.Kumaraswamy, lk.BetaPrime, lk.F,
    lk.DiscreteWeibull, lk.YuleSimon, lk.Zeta, lk.LogGamma, lk.GeneralizedGamma,
    lk.PearsonIII, lk.LogPearsonIII, lk.Tweedie,
    lk.SkewNormal, lk.ExponentiallyModifiedGaussian, lk.WeibullOfMaxima, lk.JohnsonSU,
    lk.Rice, lk.VonMises,
}  # fmt: skip
"""Climbed to as Burr, Dagum and Lomax are: long simulations and searches are left to these."""


HUMPED = {lk.mixture("normal", 2)}
"""With several maxima: replicates and profiles stay at that of the fit, where a new fit may not."""


def enough(family, n):
    """Return a size of sample near n at which the ordinary member is sure of a maximum."""
    return max(n, FEWEST.get(family, n))


ORDINARY = {**{family: members.shapes[0] for family, members in TABLE.items()}, **MADE}
