"""Losses for PyTorch, under the names of `torch.nn.functional` and `torch.nn`.

One import is changed, `from likeliest.losses import torch as F`, and the calls stay as they are.
"""

try:
    import torch as _torch  # noqa: F401
except ImportError as error:
    from likeliest.errors import MissingExtraError

    raise MissingExtraError(
        "likeliest.losses.torch needs PyTorch: pip install 'likeliest[torch]'."
    ) from error

from likeliest.losses.gamma import gamma_nll
from likeliest.losses.gaussian import gaussian_nll
from likeliest.losses.laplace import laplace_nll
from likeliest.losses.metrics import (
    bits_per_byte,
    expected_calibration_error,
    perplexity,
    top_k_accuracy,
)
from likeliest.losses.negative_binomial import negative_binomial_nll
from likeliest.losses.outputs import Outputs
from likeliest.losses.poisson import poisson_nll
from likeliest.losses.softmax import log_softmax, logsumexp, softmax
from likeliest.losses.student_t import student_t_nll
from likeliest.losses.torch.cross_entropy import cross_entropy
from likeliest.losses.torch.kl_div import kl_div
from likeliest.losses.torch.likelihood import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    gaussian_nll_loss,
    poisson_nll_loss,
)
from likeliest.losses.torch.likelihood_modules import (
    BCELoss,
    BCEWithLogitsLoss,
    GammaNLLLoss,
    GaussianNLLLoss,
    KLDivLoss,
    LaplaceNLLLoss,
    NegativeBinomialNLLLoss,
    PoissonNLLLoss,
    StudentTNLLLoss,
)
from likeliest.losses.torch.linear_cross_entropy import linear_cross_entropy
from likeliest.losses.torch.modules import CrossEntropyLoss, LinearCrossEntropyLoss, NLLLoss
from likeliest.losses.torch.nll_loss import nll_loss

__all__ = [
    "BCELoss",
    "BCEWithLogitsLoss",
    "CrossEntropyLoss",
    "GammaNLLLoss",
    "GaussianNLLLoss",
    "KLDivLoss",
    "LaplaceNLLLoss",
    "LinearCrossEntropyLoss",
    "NLLLoss",
    "NegativeBinomialNLLLoss",
    "Outputs",
    "PoissonNLLLoss",
    "StudentTNLLLoss",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "bits_per_byte",
    "cross_entropy",
    "expected_calibration_error",
    "gamma_nll",
    "gaussian_nll",
    "gaussian_nll_loss",
    "kl_div",
    "laplace_nll",
    "linear_cross_entropy",
    "log_softmax",
    "logsumexp",
    "negative_binomial_nll",
    "nll_loss",
    "perplexity",
    "poisson_nll",
    "poisson_nll_loss",
    "softmax",
    "student_t_nll",
    "top_k_accuracy",
]
