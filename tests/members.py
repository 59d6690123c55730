"""Members of each family that the laws are held against: ordinary ones and hard corners."""

import likeliest as lk

MEMBERS = {
    lk.Normal: [lk.Normal(50, 2.5), lk.Normal(-3e-300, 1e-300), lk.Normal(1e9, 1e-3)],
    lk.LogNormal: [lk.LogNormal(1.0, 0.5), lk.LogNormal(-200, 30), lk.LogNormal(0, 1e-3)],
    lk.Exponential: [lk.Exponential(0.2), lk.Exponential(1e300), lk.Exponential(1e-300)],
    lk.Gamma: [
        lk.Gamma(3.0, 2.0), lk.Gamma(0.01, 5.0), lk.Gamma(1e4, 1e-4), lk.Gamma(1.0, 1e300),
        lk.Gamma(1e15, 3.0), lk.Gamma(20.0, 1e-290),
    ],
    lk.Weibull: [lk.Weibull(1.7, 4.0), lk.Weibull(0.05, 1.0), lk.Weibull(200.0, 1e-250)],
    lk.Beta: [
        lk.Beta(2.0, 5.0), lk.Beta(0.5, 0.5), lk.Beta(1e-2, 3.0), lk.Beta(1e4, 3e5),
        lk.Beta(1e8, 1e8), lk.Beta(1.0, 1.0),
    ],
    lk.Uniform: [lk.Uniform(2.0, 7.0), lk.Uniform(-1e300, 1e300), lk.Uniform(0.0, 1e-300)],
    lk.Logistic: [lk.Logistic(5.0, 2.0), lk.Logistic(-1e200, 1e198)],
    lk.LogLogistic: [lk.LogLogistic(3.0, 2.0), lk.LogLogistic(0.2, 1e100), lk.LogLogistic(300, 1)],
    lk.Laplace: [lk.Laplace(5.0, 2.0), lk.Laplace(1e-290, 1e-291)],
    lk.StudentT: [
        lk.StudentT(4.0, 5.0, 2.0), lk.StudentT(0.5, 0.0, 1.0), lk.StudentT(1e4, 1.0, 3.0),
        lk.StudentT(1e12, 0.0, 1.0), lk.StudentT(float("inf"), 2.0, 0.5), lk.StudentT(1, 0, 1e200),
    ],
    lk.Cauchy: [lk.Cauchy(5.0, 2.0), lk.Cauchy(0.0, 1e-300)],
    lk.InverseGaussian: [
        lk.InverseGaussian(3.0, 6.0), lk.InverseGaussian(1.0, 1e-2), lk.InverseGaussian(2.0, 1e6),
        lk.InverseGaussian(1e100, 1e98),
    ],
    lk.Pareto: [lk.Pareto(2.5, 3.0), lk.Pareto(0.1, 1e-200), lk.Pareto(500.0, 1.0)],
    lk.Gumbel: [lk.Gumbel(5.0, 2.0), lk.Gumbel(-1e100, 1e99)],
    lk.Rayleigh: [lk.Rayleigh(2.0), lk.Rayleigh(1e-250)],
    lk.Bernoulli: [lk.Bernoulli(0.3), lk.Bernoulli(1e-12)],
    lk.Poisson: [lk.Poisson(4.0), lk.Poisson(1e-8), lk.Poisson(1e6), lk.Poisson(1e12)],
    lk.Geometric: [lk.Geometric(0.3), lk.Geometric(1e-9), lk.Geometric(0.999)],
    lk.NegativeBinomial: [
        lk.NegativeBinomial(4.0, 0.5), lk.NegativeBinomial(1e5, 1e-6),
        lk.NegativeBinomial(4.0, 0.0), lk.NegativeBinomial(3.0, 50.0),
        lk.NegativeBinomial(100.0, 1e-12),
    ],
}  # fmt: skip
"""The first of each is the ordinary one."""

ORDINARY = {family: members[0] for family, members in MEMBERS.items()}
EVERY = [member for members in MEMBERS.values() for member in members]
