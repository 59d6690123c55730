"""Fits of families of rows: normal, t, Dirichlet, counts in categories, labels."""

from likeliest.multivariate.comparison import MultivariateComparison, compare_multivariate
from likeliest.multivariate.estimation import fit_multivariate
from likeliest.multivariate.result import MultivariateFit

__all__ = [
    "MultivariateComparison",
    "MultivariateFit",
    "compare_multivariate",
    "fit_multivariate",
]
