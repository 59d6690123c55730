"""The families of distributions, each in a file of its own.

Adding one is adding its file and its line here; the registry, the laws in `tests/laws` and the
command line then know it.
"""

from __future__ import annotations

from likeliest.distributions.families.bernoulli import Bernoulli
from likeliest.distributions.families.beta import Beta
from likeliest.distributions.families.beta_prime import BetaPrime
from likeliest.distributions.families.birnbaum_saunders import BirnbaumSaunders
from likeliest.distributions.families.burr import Burr
from likeliest.distributions.families.cauchy import Cauchy
from likeliest.distributions.families.chi import Chi
from likeliest.distributions.families.chi2 import Chi2
from likeliest.distributions.families.conway_maxwell_poisson import ConwayMaxwellPoisson
from likeliest.distributions.families.dagum import Dagum
from likeliest.distributions.families.discrete_weibull import DiscreteWeibull
from likeliest.distributions.families.exponential import Exponential
from likeliest.distributions.families.exponentially_modified_gaussian import (
    ExponentiallyModifiedGaussian,
)
from likeliest.distributions.families.exponentiated_weibull import ExponentiatedWeibull
from likeliest.distributions.families.f import F
from likeliest.distributions.families.frechet import Frechet
from likeliest.distributions.families.gamma import Gamma
from likeliest.distributions.families.generalized_gamma import GeneralizedGamma
from likeliest.distributions.families.generalized_logistic import GeneralizedLogistic
from likeliest.distributions.families.generalized_pareto import GeneralizedPareto
from likeliest.distributions.families.generalized_poisson import GeneralizedPoisson
from likeliest.distributions.families.geometric import Geometric
from likeliest.distributions.families.gev import GEV
from likeliest.distributions.families.gompertz import Gompertz
from likeliest.distributions.families.gumbel import Gumbel
from likeliest.distributions.families.gumbel_of_minima import GumbelOfMinima
from likeliest.distributions.families.half_cauchy import HalfCauchy
from likeliest.distributions.families.half_normal import HalfNormal
from likeliest.distributions.families.hyperbolic_secant import HyperbolicSecant
from likeliest.distributions.families.inverse_gamma import InverseGamma
from likeliest.distributions.families.inverse_gaussian import InverseGaussian
from likeliest.distributions.families.kumaraswamy import Kumaraswamy
from likeliest.distributions.families.laplace import Laplace
from likeliest.distributions.families.levy import Levy
from likeliest.distributions.families.log_gamma import LogGamma
from likeliest.distributions.families.logarithmic import Logarithmic
from likeliest.distributions.families.logistic import Logistic
from likeliest.distributions.families.logit_normal import LogitNormal
from likeliest.distributions.families.loglogistic import LogLogistic
from likeliest.distributions.families.lognormal import LogNormal
from likeliest.distributions.families.lomax import Lomax
from likeliest.distributions.families.maxwell import Maxwell
from likeliest.distributions.families.moyal import Moyal
from likeliest.distributions.families.nakagami import Nakagami
from likeliest.distributions.families.negative_binomial import NegativeBinomial
from likeliest.distributions.families.normal import Normal
from likeliest.distributions.families.pareto import Pareto
from likeliest.distributions.families.poisson import Poisson
from likeliest.distributions.families.poisson_inverse_gaussian import PoissonInverseGaussian
from likeliest.distributions.families.rayleigh import Rayleigh
from likeliest.distributions.families.registry import all_families, find, from_dict
from likeliest.distributions.families.sets import SETS, chosen
from likeliest.distributions.families.skew_normal import SkewNormal
from likeliest.distributions.families.student_t import StudentT
from likeliest.distributions.families.uniform import Uniform
from likeliest.distributions.families.weibull import Weibull
from likeliest.distributions.families.yule_simon import YuleSimon
from likeliest.distributions.families.zeta import Zeta

__all__ = [
    "GEV",
    "SETS",
    "Bernoulli",
    "Beta",
    "BetaPrime",
    "BirnbaumSaunders",
    "Burr",
    "Cauchy",
    "Chi",
    "Chi2",
    "ConwayMaxwellPoisson",
    "Dagum",
    "DiscreteWeibull",
    "Exponential",
    "ExponentiallyModifiedGaussian",
    "ExponentiatedWeibull",
    "F",
    "Frechet",
    "Gamma",
    "GeneralizedGamma",
    "GeneralizedLogistic",
    "GeneralizedPareto",
    "GeneralizedPoisson",
    "Geometric",
    "Gompertz",
    "Gumbel",
    "GumbelOfMinima",
    "HalfCauchy",
    "HalfNormal",
    "HyperbolicSecant",
    "InverseGamma",
    "InverseGaussian",
    "Kumaraswamy",
    "Laplace",
    "Levy",
    "LogGamma",
    "LogLogistic",
    "LogNormal",
    "Logarithmic",
    "Logistic",
    "LogitNormal",
    "Lomax",
    "Maxwell",
    "Moyal",
    "Nakagami",
    "NegativeBinomial",
    "Normal",
    "Pareto",
    "Poisson",
    "PoissonInverseGaussian",
    "Rayleigh",
    "SkewNormal",
    "StudentT",
    "Uniform",
    "Weibull",
    "YuleSimon",
    "Zeta",
    "all_families",
    "chosen",
    "find",
    "from_dict",
]
