"""Losses: negative log likelihoods and cross entropies, for NumPy arrays and PyTorch tensors."""

from likeliest.losses.binary_cross_entropy import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
)
from likeliest.losses.cross_entropy import cross_entropy
from likeliest.losses.gamma import gamma_nll
from likeliest.losses.gaussian import gaussian_nll
from likeliest.losses.laplace import laplace_nll
from likeliest.losses.linear_cross_entropy import linear_cross_entropy
from likeliest.losses.metrics import (
    bits_per_byte,
    expected_calibration_error,
    perplexity,
    top_k_accuracy,
)
from likeliest.losses.negative_binomial import negative_binomial_nll
from likeliest.losses.nll_loss import nll_loss
from likeliest.losses.outputs import Outputs
from likeliest.losses.poisson import poisson_nll
from likeliest.losses.softmax import (
    log_softmax,
    logsumexp,
    softmax,
)
from likeliest.losses.student_t import student_t_nll

__all__ = [
    "Outputs",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "bits_per_byte",
    "cross_entropy",
    "expected_calibration_error",
    "gamma_nll",
    "gaussian_nll",
    "laplace_nll",
    "linear_cross_entropy",
    "log_softmax",
    "logsumexp",
    "negative_binomial_nll",
    "nll_loss",
    "perplexity",
    "poisson_nll",
    "softmax",
    "student_t_nll",
    "top_k_accuracy",
]
