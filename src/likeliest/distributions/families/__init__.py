"""The families of distributions, each in a file of its own.

Adding one is adding its file, its line in `places` and its import here, which is for type checkers;
the registry, the laws in `tests/laws` and the command line then know it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from likeliest.distributions.families.places import PLACES
from likeliest.distributions.families.registry import all_families, find, from_dict, is_family
from likeliest.distributions.families.sets import SETS, chosen
from likeliest.on_demand import on_demand

if TYPE_CHECKING:
    from likeliest.distributions.families.asymmetric_laplace import (
        AsymmetricLaplace as AsymmetricLaplace,
    )
    from likeliest.distributions.families.bernoulli import Bernoulli as Bernoulli
    from likeliest.distributions.families.beta import Beta as Beta
    from likeliest.distributions.families.beta_prime import BetaPrime as BetaPrime
    from likeliest.distributions.families.birnbaum_saunders import (
        BirnbaumSaunders as BirnbaumSaunders,
    )
    from likeliest.distributions.families.bounded_pareto import BoundedPareto as BoundedPareto
    from likeliest.distributions.families.burr import Burr as Burr
    from likeliest.distributions.families.cauchy import Cauchy as Cauchy
    from likeliest.distributions.families.chi import Chi as Chi
    from likeliest.distributions.families.chi2 import Chi2 as Chi2
    from likeliest.distributions.families.conway_maxwell_poisson import (
        ConwayMaxwellPoisson as ConwayMaxwellPoisson,
    )
    from likeliest.distributions.families.dagum import Dagum as Dagum
    from likeliest.distributions.families.discrete_uniform import DiscreteUniform as DiscreteUniform
    from likeliest.distributions.families.discrete_weibull import DiscreteWeibull as DiscreteWeibull
    from likeliest.distributions.families.exponential import Exponential as Exponential
    from likeliest.distributions.families.exponentially_modified_gaussian import (
        ExponentiallyModifiedGaussian as ExponentiallyModifiedGaussian,
    )
    from likeliest.distributions.families.exponentiated_weibull import (
        ExponentiatedWeibull as ExponentiatedWeibull,
    )
    from likeliest.distributions.families.f import F as F
    from likeliest.distributions.families.folded_normal import FoldedNormal as FoldedNormal
    from likeliest.distributions.families.frechet import Frechet as Frechet
    from likeliest.distributions.families.gamma import Gamma as Gamma
    from likeliest.distributions.families.generalized_gamma import (
        GeneralizedGamma as GeneralizedGamma,
    )
    from likeliest.distributions.families.generalized_logistic import (
        GeneralizedLogistic as GeneralizedLogistic,
    )
    from likeliest.distributions.families.generalized_pareto import (
        GeneralizedPareto as GeneralizedPareto,
    )
    from likeliest.distributions.families.generalized_poisson import (
        GeneralizedPoisson as GeneralizedPoisson,
    )
    from likeliest.distributions.families.geometric import Geometric as Geometric
    from likeliest.distributions.families.gev import GEV as GEV
    from likeliest.distributions.families.gompertz import Gompertz as Gompertz
    from likeliest.distributions.families.gumbel import Gumbel as Gumbel
    from likeliest.distributions.families.gumbel_of_minima import GumbelOfMinima as GumbelOfMinima
    from likeliest.distributions.families.half_cauchy import HalfCauchy as HalfCauchy
    from likeliest.distributions.families.half_normal import HalfNormal as HalfNormal
    from likeliest.distributions.families.hyperbolic_secant import (
        HyperbolicSecant as HyperbolicSecant,
    )
    from likeliest.distributions.families.inverse_gamma import InverseGamma as InverseGamma
    from likeliest.distributions.families.inverse_gaussian import InverseGaussian as InverseGaussian
    from likeliest.distributions.families.johnson_su import JohnsonSU as JohnsonSU
    from likeliest.distributions.families.kumaraswamy import Kumaraswamy as Kumaraswamy
    from likeliest.distributions.families.laplace import Laplace as Laplace
    from likeliest.distributions.families.levy import Levy as Levy
    from likeliest.distributions.families.log_gamma import LogGamma as LogGamma
    from likeliest.distributions.families.log_pearson_iii import LogPearsonIII as LogPearsonIII
    from likeliest.distributions.families.log_uniform import LogUniform as LogUniform
    from likeliest.distributions.families.logarithmic import Logarithmic as Logarithmic
    from likeliest.distributions.families.logistic import Logistic as Logistic
    from likeliest.distributions.families.logit_normal import LogitNormal as LogitNormal
    from likeliest.distributions.families.loglogistic import LogLogistic as LogLogistic
    from likeliest.distributions.families.lognormal import LogNormal as LogNormal
    from likeliest.distributions.families.lomax import Lomax as Lomax
    from likeliest.distributions.families.maxwell import Maxwell as Maxwell
    from likeliest.distributions.families.moyal import Moyal as Moyal
    from likeliest.distributions.families.nakagami import Nakagami as Nakagami
    from likeliest.distributions.families.negative_binomial import (
        NegativeBinomial as NegativeBinomial,
    )
    from likeliest.distributions.families.normal import Normal as Normal
    from likeliest.distributions.families.pareto import Pareto as Pareto
    from likeliest.distributions.families.pearson_iii import PearsonIII as PearsonIII
    from likeliest.distributions.families.poisson import Poisson as Poisson
    from likeliest.distributions.families.poisson_inverse_gaussian import (
        PoissonInverseGaussian as PoissonInverseGaussian,
    )
    from likeliest.distributions.families.rayleigh import Rayleigh as Rayleigh
    from likeliest.distributions.families.rice import Rice as Rice
    from likeliest.distributions.families.skellam import Skellam as Skellam
    from likeliest.distributions.families.skew_normal import SkewNormal as SkewNormal
    from likeliest.distributions.families.student_t import StudentT as StudentT
    from likeliest.distributions.families.tweedie import Tweedie as Tweedie
    from likeliest.distributions.families.uniform import Uniform as Uniform
    from likeliest.distributions.families.von_mises import VonMises as VonMises
    from likeliest.distributions.families.weibull import Weibull as Weibull
    from likeliest.distributions.families.weibull_of_maxima import (
        WeibullOfMaxima as WeibullOfMaxima,
    )
    from likeliest.distributions.families.wrapped_cauchy import WrappedCauchy as WrappedCauchy
    from likeliest.distributions.families.yule_simon import YuleSimon as YuleSimon
    from likeliest.distributions.families.zeta import Zeta as Zeta
else:
    __getattr__ = on_demand(__name__, PLACES)

__all__ = [  # noqa: PLE0604  (the keys are strings)
    *PLACES,
    "SETS",
    "all_families",
    "chosen",
    "find",
    "from_dict",
    "is_family",
]
