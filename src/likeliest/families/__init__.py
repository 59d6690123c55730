"""The families of distributions, each in a file of its own.

Adding one is adding its file and its line here; the registry, the laws in `tests/laws` and the
command line then know it.
"""

from __future__ import annotations

from likeliest.families.bernoulli import Bernoulli
from likeliest.families.beta import Beta
from likeliest.families.cauchy import Cauchy
from likeliest.families.exponential import Exponential
from likeliest.families.gamma import Gamma
from likeliest.families.geometric import Geometric
from likeliest.families.gumbel import Gumbel
from likeliest.families.inverse_gaussian import InverseGaussian
from likeliest.families.laplace import Laplace
from likeliest.families.logistic import Logistic
from likeliest.families.loglogistic import LogLogistic
from likeliest.families.lognormal import LogNormal
from likeliest.families.negative_binomial import NegativeBinomial
from likeliest.families.normal import Normal
from likeliest.families.pareto import Pareto
from likeliest.families.poisson import Poisson
from likeliest.families.rayleigh import Rayleigh
from likeliest.families.registry import all_families, find, from_dict
from likeliest.families.student_t import StudentT
from likeliest.families.uniform import Uniform
from likeliest.families.weibull import Weibull

__all__ = [
    "Bernoulli",
    "Beta",
    "Cauchy",
    "Exponential",
    "Gamma",
    "Geometric",
    "Gumbel",
    "InverseGaussian",
    "Laplace",
    "LogLogistic",
    "LogNormal",
    "Logistic",
    "NegativeBinomial",
    "Normal",
    "Pareto",
    "Poisson",
    "Rayleigh",
    "StudentT",
    "Uniform",
    "Weibull",
    "all_families",
    "find",
    "from_dict",
]
