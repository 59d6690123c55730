"""Families of a user's own, made from a function or from a distribution of SciPy's."""

from likeliest.distributions.own.from_function import model
from likeliest.distributions.own.from_scipy_stats import from_scipy

__all__ = ["from_scipy", "model"]
