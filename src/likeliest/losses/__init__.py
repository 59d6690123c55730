"""Losses: negative log likelihoods and cross entropies, for NumPy arrays and PyTorch tensors."""

from likeliest.losses.binary_cross_entropy import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
)
from likeliest.losses.gamma import gamma_nll
from likeliest.losses.gaussian import gaussian_nll
from likeliest.losses.laplace import laplace_nll
from likeliest.losses.negative_binomial import negative_binomial_nll
from likeliest.losses.poisson import poisson_nll
from likeliest.losses.student_t import student_t_nll

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "gamma_nll",
    "gaussian_nll",
    "laplace_nll",
    "negative_binomial_nll",
    "poisson_nll",
    "student_t_nll",
]
