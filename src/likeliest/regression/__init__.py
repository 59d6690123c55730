"""Regression by maximum likelihood: any family, any parameter, on covariates."""

from likeliest.regression.bootstrap import RegressionBootstrap
from likeliest.regression.comparison import RegressionComparison
from likeliest.regression.estimation import regress
from likeliest.regression.many import Regressions
from likeliest.regression.result import Regression
from likeliest.regression.stepwise import Steps

__all__ = [
    "Regression",
    "RegressionBootstrap",
    "RegressionComparison",
    "Regressions",
    "Steps",
    "regress",
]
