"""Maximum likelihood: give it data, get the likeliest model, with its uncertainty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from likeliest.on_demand import on_demand

if TYPE_CHECKING:
    from likeliest import distributions, errors, language, losses, plots
    from likeliest.data import datasets
    from likeliest.data.angles import angles
    from likeliest.data.observations import Observations
    from likeliest.data.observe import observe
    from likeliest.data.reading import Column, read
    from likeliest.data.scan import scan
    from likeliest.distributions import families
    from likeliest.distributions.combinators.cure import cured
    from likeliest.distributions.combinators.hurdle import hurdle
    from likeliest.distributions.combinators.levels import categorical, ordered
    from likeliest.distributions.combinators.logarithm import log_of
    from likeliest.distributions.combinators.mixture import mixture
    from likeliest.distributions.combinators.reflection import reflected
    from likeliest.distributions.combinators.shift import shifted
    from likeliest.distributions.combinators.splice import spliced
    from likeliest.distributions.combinators.trials import beta_binomial, binomial
    from likeliest.distributions.combinators.truncated import truncated
    from likeliest.distributions.combinators.zero_inflated import zero_inflated
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
        ConwayMaxwellPoisson,
        Dagum,
        DiscreteUniform,
        DiscreteWeibull,
        Exponential,
        ExponentiallyModifiedGaussian,
        ExponentiatedWeibull,
        F,
        FoldedNormal,
        Frechet,
        Gamma,
        GeneralizedGamma,
        GeneralizedLogistic,
        GeneralizedPareto,
        GeneralizedPoisson,
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
        LogGamma,
        Logistic,
        LogitNormal,
        LogLogistic,
        LogNormal,
        LogPearsonIII,
        LogUniform,
        Lomax,
        Maxwell,
        Moyal,
        Nakagami,
        NegativeBinomial,
        Normal,
        Pareto,
        PearsonIII,
        Poisson,
        PoissonInverseGaussian,
        Rayleigh,
        Rice,
        Skellam,
        SkewNormal,
        StudentT,
        Tweedie,
        Uniform,
        VonMises,
        Weibull,
        WeibullOfMaxima,
        WrappedCauchy,
        YuleSimon,
        Zeta,
    )
    from likeliest.distributions.information import cross_entropy, entropy, kl_divergence
    from likeliest.distributions.multivariate import (
        Categorical,
        Dirichlet,
        DirichletMultinomial,
        Multinomial,
        MultivariateNormal,
        MultivariateT,
    )
    from likeliest.distributions.own import from_scipy, model
    from likeliest.distributions.parameters import positive, real, unit_interval
    from likeliest.engines.threads import set_threads
    from likeliest.explorer import explore
    from likeliest.fitting.columns import ColumnComparison
    from likeliest.fitting.comparison import Comparison, compare
    from likeliest.fitting.comparisons import Comparisons
    from likeliest.fitting.fit import fit
    from likeliest.fitting.fits import Fits
    from likeliest.fitting.result import Fit
    from likeliest.inference import (
        HypothesisTest,
        extremes,
        likelihood_ratio,
        score_test,
        vuong,
        weibayes,
    )
    from likeliest.multivariate import MultivariateComparison, MultivariateFit
    from likeliest.regression.comparison import RegressionComparison
    from likeliest.regression.estimation import regress
    from likeliest.regression.many import Regressions
    from likeliest.regression.regressor import Regressor
    from likeliest.regression.result import Regression

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
    "Categorical",
    "Cauchy",
    "Chi",
    "Chi2",
    "Column",
    "ColumnComparison",
    "Comparison",
    "Comparisons",
    "ConwayMaxwellPoisson",
    "Dagum",
    "Dirichlet",
    "DirichletMultinomial",
    "DiscreteUniform",
    "DiscreteWeibull",
    "Exponential",
    "ExponentiallyModifiedGaussian",
    "ExponentiatedWeibull",
    "F",
    "Fit",
    "Fits",
    "FoldedNormal",
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
    "HypothesisTest",
    "InverseGamma",
    "InverseGaussian",
    "JohnsonSU",
    "Kumaraswamy",
    "Laplace",
    "Levy",
    "LogGamma",
    "LogLogistic",
    "LogNormal",
    "LogPearsonIII",
    "LogUniform",
    "Logarithmic",
    "Logistic",
    "LogitNormal",
    "Lomax",
    "Maxwell",
    "Moyal",
    "Multinomial",
    "MultivariateComparison",
    "MultivariateFit",
    "MultivariateNormal",
    "MultivariateT",
    "Nakagami",
    "NegativeBinomial",
    "Normal",
    "Observations",
    "Pareto",
    "PearsonIII",
    "Poisson",
    "PoissonInverseGaussian",
    "Rayleigh",
    "Regression",
    "RegressionComparison",
    "Regressions",
    "Regressor",
    "Rice",
    "Skellam",
    "SkewNormal",
    "StudentT",
    "Tweedie",
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
    "categorical",
    "compare",
    "cross_entropy",
    "cured",
    "datasets",
    "distributions",
    "entropy",
    "errors",
    "explore",
    "extremes",
    "families",
    "fit",
    "from_scipy",
    "hurdle",
    "kl_divergence",
    "language",
    "likelihood_ratio",
    "log_of",
    "losses",
    "mixture",
    "model",
    "observe",
    "ordered",
    "plots",
    "positive",
    "read",
    "real",
    "reflected",
    "regress",
    "scan",
    "score_test",
    "set_threads",
    "shifted",
    "spliced",
    "truncated",
    "unit_interval",
    "vuong",
    "weibayes",
    "zero_inflated",
]


_MODULES = {
    "datasets": "data.datasets",
    "distributions": "distributions",
    "errors": "errors",
    "extremes": "inference.extremes",
    "families": "distributions.families",
    "language": "language",
    "losses": "losses",
    "plots": "plots",
}
"""Public modules, by their place."""

_ROOMS = {
    "Categorical": "distributions.multivariate",
    "Column": "data.reading",
    "ColumnComparison": "fitting.columns",
    "Comparison": "fitting.comparison",
    "Comparisons": "fitting.comparisons",
    "Dirichlet": "distributions.multivariate",
    "DirichletMultinomial": "distributions.multivariate",
    "Fit": "fitting.result",
    "Fits": "fitting.fits",
    "HypothesisTest": "inference",
    "Multinomial": "distributions.multivariate",
    "MultivariateComparison": "multivariate",
    "MultivariateFit": "multivariate",
    "MultivariateNormal": "distributions.multivariate",
    "MultivariateT": "distributions.multivariate",
    "Observations": "data.observations",
    "Regression": "regression",
    "RegressionComparison": "regression",
    "Regressions": "regression",
    "Regressor": "regression.regressor",
    "angles": "data.angles",
    "beta_binomial": "distributions.combinators",
    "binomial": "distributions.combinators",
    "categorical": "distributions.combinators",
    "compare": "fitting.comparison",
    "cross_entropy": "distributions.information",
    "cured": "distributions.combinators",
    "entropy": "distributions.information",
    "explore": "explorer",
    "fit": "fitting.fit",
    "from_scipy": "distributions.own",
    "hurdle": "distributions.combinators",
    "kl_divergence": "distributions.information",
    "likelihood_ratio": "inference",
    "log_of": "distributions.combinators",
    "mixture": "distributions.combinators",
    "model": "distributions.own",
    "observe": "data.observe",
    "ordered": "distributions.combinators",
    "positive": "distributions.parameters",
    "read": "data.reading",
    "real": "distributions.parameters",
    "reflected": "distributions.combinators",
    "regress": "regression",
    "scan": "data.scan",
    "score_test": "inference",
    "set_threads": "engines.threads",
    "shifted": "distributions.combinators",
    "spliced": "distributions.combinators",
    "truncated": "distributions.combinators",
    "unit_interval": "distributions.parameters",
    "vuong": "inference",
    "weibayes": "inference",
    "zero_inflated": "distributions.combinators",
}
"""Where the other public names are defined; the families stand in `distributions.families`."""


if not TYPE_CHECKING:
    _FAMILIES = dict.fromkeys(sorted({*__all__} - {*_MODULES, *_ROOMS}), "distributions.families")
    __getattr__ = on_demand(__name__, _FAMILIES | _ROOMS, _MODULES)


def __dir__() -> list[str]:
    """Return the public names, for the completion of an editor."""
    return [*__all__, "__version__"]
