"""Maximum likelihood: give it data, get the likeliest model, with its uncertainty."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from likeliest import distributions, errors
from likeliest.data import datasets
from likeliest.data.angles import angles
from likeliest.data.observations import Observations
from likeliest.data.observe import observe
from likeliest.data.reading import Column, read
from likeliest.data.scan import scan
from likeliest.distributions import families
from likeliest.distributions.combinators import (
    beta_binomial,
    binomial,
    hurdle,
    mixture,
    truncated,
    zero_inflated,
)
from likeliest.distributions.families import (
    GEV,
    AsymmetricLaplace,
    Bernoulli,
    Beta,
    BetaPrime,
    BirnbaumSaunders,
    BoundedPareto,
    Burr,
    Cauchy,
    Chi,
    Chi2,
    Dagum,
    DiscreteUniform,
    DiscreteWeibull,
    Exponential,
    ExponentiatedWeibull,
    F,
    FoldedNormal,
    Frechet,
    Gamma,
    GeneralizedLogistic,
    GeneralizedPareto,
    Geometric,
    Gompertz,
    Gumbel,
    GumbelOfMinima,
    HalfCauchy,
    HalfNormal,
    HyperbolicSecant,
    InverseGamma,
    InverseGaussian,
    JohnsonSU,
    Kumaraswamy,
    Laplace,
    Levy,
    Logarithmic,
    Logistic,
    LogitNormal,
    LogLogistic,
    LogNormal,
    LogUniform,
    Lomax,
    Maxwell,
    Moyal,
    Nakagami,
    NegativeBinomial,
    Normal,
    Pareto,
    Poisson,
    Rayleigh,
    Rice,
    StudentT,
    Uniform,
    VonMises,
    Weibull,
    WeibullOfMaxima,
    WrappedCauchy,
    YuleSimon,
    Zeta,
)
from likeliest.distributions.information import cross_entropy, entropy, kl_divergence
from likeliest.distributions.own import from_scipy, model
from likeliest.distributions.parameters import positive, real, unit_interval
from likeliest.engines.threads import set_threads
from likeliest.fitting import (
    ColumnComparison,
    Comparison,
    Comparisons,
    Fit,
    Fits,
    compare,
    fit,
)
from likeliest.regression import Regression, RegressionComparison, regress

if TYPE_CHECKING:
    from likeliest import language as language
    from likeliest import losses as losses
    from likeliest import plots as plots
    from likeliest.inference import HypothesisTest as HypothesisTest
    from likeliest.inference import extremes as extremes
    from likeliest.inference import likelihood_ratio as likelihood_ratio
    from likeliest.inference import score_test as score_test
    from likeliest.inference import vuong as vuong

__version__ = "0.1.0"

__all__ = [
    "GEV",
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
    "Column",
    "ColumnComparison",
    "Comparison",
    "Comparisons",
    "Dagum",
    "DiscreteUniform",
    "DiscreteWeibull",
    "Exponential",
    "ExponentiatedWeibull",
    "F",
    "Fit",
    "Fits",
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
    "HypothesisTest",
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
    "Observations",
    "Pareto",
    "Poisson",
    "Rayleigh",
    "Regression",
    "RegressionComparison",
    "Rice",
    "StudentT",
    "Uniform",
    "VonMises",
    "Weibull",
    "WeibullOfMaxima",
    "WrappedCauchy",
    "YuleSimon",
    "Zeta",
    "angles",
    "beta_binomial",
    "binomial",
    "compare",
    "cross_entropy",
    "datasets",
    "distributions",
    "entropy",
    "errors",
    "extremes",
    "families",
    "fit",
    "from_scipy",
    "hurdle",
    "kl_divergence",
    "language",
    "likelihood_ratio",
    "losses",
    "mixture",
    "model",
    "observe",
    "plots",
    "positive",
    "read",
    "real",
    "regress",
    "scan",
    "score_test",
    "set_threads",
    "truncated",
    "unit_interval",
    "vuong",
    "zero_inflated",
]


_ON_DEMAND = {
    "language": "language",
    "losses": "losses",
    "plots": "plots",
    "HypothesisTest": "inference",
    "extremes": "inference",
    "likelihood_ratio": "inference",
    "score_test": "inference",
    "vuong": "inference",
}
"""Names whose room is imported when they are first asked for."""


def __getattr__(name: str) -> object:
    """Import a room when a name of it is first asked for."""
    if name not in _ON_DEMAND:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    room = importlib.import_module(f"likeliest.{_ON_DEMAND[name]}")
    return room if name == _ON_DEMAND[name] else getattr(room, name)


def __dir__() -> list[str]:
    """Return the public names, for the completion of an editor."""
    return [*__all__, "__version__"]
