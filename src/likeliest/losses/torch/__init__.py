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

from likeliest.losses.outputs import Outputs
from likeliest.losses.torch.cross_entropy import cross_entropy
from likeliest.losses.torch.linear_cross_entropy import linear_cross_entropy
from likeliest.losses.torch.modules import CrossEntropyLoss, LinearCrossEntropyLoss, NLLLoss
from likeliest.losses.torch.nll_loss import nll_loss

__all__ = [
    "CrossEntropyLoss",
    "LinearCrossEntropyLoss",
    "NLLLoss",
    "Outputs",
    "cross_entropy",
    "linear_cross_entropy",
    "nll_loss",
]
