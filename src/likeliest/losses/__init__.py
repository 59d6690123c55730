"""Losses: negative log likelihoods and cross entropies, for NumPy arrays and PyTorch tensors."""

from likeliest.losses.cross_entropy import cross_entropy
from likeliest.losses.linear_cross_entropy import linear_cross_entropy
from likeliest.losses.metrics import (
    bits_per_byte,
    expected_calibration_error,
    perplexity,
    top_k_accuracy,
)
from likeliest.losses.nll_loss import nll_loss
from likeliest.losses.outputs import Outputs
from likeliest.losses.softmax import log_softmax, logsumexp, softmax

__all__ = [
    "Outputs",
    "bits_per_byte",
    "cross_entropy",
    "expected_calibration_error",
    "linear_cross_entropy",
    "log_softmax",
    "logsumexp",
    "nll_loss",
    "perplexity",
    "softmax",
    "top_k_accuracy",
]
