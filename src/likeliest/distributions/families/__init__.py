"""The families of distributions, each in a file of its own.

Adding one is adding its file and its line here; the registry, the laws in `tests/laws` and the
command line then know it.
"""

from __future__ import annotations

from likeliest.distributions.families.asymmetric_laplace import AsymmetricLaplace
from likeliest.distributions.families.bernoulli import Bernoulli
from likeliest.distributions.families.beta import Beta
from likeliest.distributions.families.beta_prime import BetaPrime
from likeliest.distributions.families.birnbaum_saunders import BirnbaumSaunders
from likeliest.distributions.families.bounded_pareto import BoundedPareto
from likeliest.distributions.families.burr import Burr
from likeliest.distributions.families.cauchy import Cauchy
from likeliest.distributions.families.chi import Chi
from likeliest.distributions.families.chi2 import Chi2
from likeliest.distributions.families.dagum import Dagum
from likeliest.distributions.families.discrete_uniform import DiscreteUniform
from likeliest.distributions.families.discrete_weibull import DiscreteWeibull
from likeliest.distributions.families.exponential import Exponential
from likeliest.distributions.families.exponentiated_weibull import ExponentiatedWeibull
from likeliest.distributions.families.f import F
from likeliest.distributions.families.folded_normal import FoldedNormal
from likeliest.distributions.families.frechet import Frechet
from likeliest.distributions.families.gamma import Gamma
from likeliest.distributions.families.generalized_logistic import GeneralizedLogistic
from likeliest.distributions.families.generalized_pareto import GeneralizedPareto
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
from likeliest.distributions.families.johnson_su import JohnsonSU
from likeliest.distributions.families.kumaraswamy import Kumaraswamy
from likeliest.distributions.families.laplace import Laplace
from likeliest.distributions.families.levy import Levy
from likeliest.distributions.families.log_uniform import LogUniform
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
from likeliest.distributions.families.rayleigh import Rayleigh
from likeliest.distributions.families.registry import all_families, find, from_dict
from likeliest.distributions.families.rice import Rice
from likeliest.distributions.families.sets import SETS, chosen
from likeliest.distributions.families.student_t import StudentT
from likeliest.distributions.families.uniform import Uniform
from likeliest.distributions.families.von_mises import VonMises
from likeliest.distributions.families.weibull import Weibull
from likeliest.distributions.families.weibull_of_maxima import WeibullOfMaxima
from likeliest.distributions.families.wrapped_cauchy import WrappedCauchy
from likeliest.distributions.families.yule_simon import YuleSimon
from likeliest.distributions.families.zeta import Zeta

__all__ = [
    "GEV",
    "SETS",
    "AsymmetricLaplace",
    "Bernoulli",
    "Beta",
    "BetaPrime",
    "BirnbaumSaunders",
    "BoundedPareto",
    "Burr",
    "Cauchy",
    "Chi",
    "Chi2",
    "Dagum",
    "DiscreteUniform",
    "DiscreteWeibull",
    "Exponential",
    "ExponentiatedWeibull",
    "F",
    "FoldedNormal",
    "Frechet",
    "Gamma",
    "GeneralizedLogistic",
    "GeneralizedPareto",
    "Geometric",
    "Gompertz",
    "Gumbel",
    "GumbelOfMinima",
    "HalfCauchy",
    "HalfNormal",
    "HyperbolicSecant",
    "InverseGamma",
    "InverseGaussian",
    "JohnsonSU",
    "Kumaraswamy",
    "Laplace",
    "Levy",
    "LogLogistic",
    "LogNormal",
    "LogUniform",
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
    "Rayleigh",
    "Rice",
    "StudentT",
    "Uniform",
    "VonMises",
    "Weibull",
    "WeibullOfMaxima",
    "WrappedCauchy",
    "YuleSimon",
    "Zeta",
    "all_families",
    "chosen",
    "find",
    "from_dict",
]
