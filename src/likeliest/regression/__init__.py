"""Regression by maximum likelihood: any family, any parameter, on covariates."""

from likeliest.regression.comparison import RegressionComparison
from likeliest.regression.estimation import regress
from likeliest.regression.result import Regression

__all__ = ["Regression", "RegressionComparison", "regress"]
