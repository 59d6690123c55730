"""Elementwise functions that serve NumPy arrays and PyTorch tensors with one call.

SciPy is imported on first use; PyTorch only where a tensor comes in.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from likeliest.numerics.arrays import is_tensor, namespace, where


@cache
def scipy_special() -> Any:
    """Return scipy.special, imported when first needed."""
    import scipy.special

    return scipy.special


def torch_of(x: Any) -> Any:
    """Return the torch module, x being a tensor, or None."""
    if not is_tensor(x):
        return None
    import torch

    return torch


def log(x: Any) -> Any:
    """Natural logarithm."""
    return namespace(x).log(x)


def log1p(x: Any) -> Any:
    """log(1 + x)."""
    return namespace(x).log1p(x)


def exp(x: Any) -> Any:
    """Exponential."""
    return namespace(x).exp(x)


def expm1(x: Any) -> Any:
    """exp(x) - 1."""
    return namespace(x).expm1(x)


def sqrt(x: Any) -> Any:
    """Square root."""
    return namespace(x).sqrt(x)


def absolute(x: Any) -> Any:
    """Absolute value."""
    return namespace(x).abs(x)


def sign(x: Any) -> Any:
    """-1, 0 or 1."""
    return namespace(x).sign(x)


def tanh(x: Any) -> Any:
    """Hyperbolic tangent."""
    return namespace(x).tanh(x)


def gammaln(x: Any) -> Any:
    """log Γ(x), x > 0."""
    torch = torch_of(x)
    return torch.lgamma(x) if torch else scipy_special().gammaln(x)


def digamma(x: Any) -> Any:
    """d log Γ(x) / dx."""
    torch = torch_of(x)
    return torch.digamma(x) if torch else scipy_special().digamma(x)


def trigamma(x: Any) -> Any:
    """d² log Γ(x) / dx²."""
    torch = torch_of(x)
    return torch.polygamma(1, x) if torch else scipy_special().polygamma(1, x)


def ndtr(x: Any) -> Any:
    """P(Z ≤ x) for a standard normal Z."""
    torch = torch_of(x)
    return torch.special.ndtr(x) if torch else scipy_special().ndtr(x)


def ndtri(q: Any) -> Any:
    """Return the quantile of a standard normal at probability q."""
    torch = torch_of(q)
    return torch.special.ndtri(q) if torch else scipy_special().ndtri(q)


def log_ndtr(x: Any) -> Any:
    """log P(Z ≤ x) for a standard normal Z."""
    torch = torch_of(x)
    return torch.special.log_ndtr(x) if torch else scipy_special().log_ndtr(x)


def softplus(x: Any) -> Any:
    """log(1 + exp(x)), without overflow."""
    return where(x > 0, x, 0.0 * x) + log1p(exp(-absolute(x)))


def log1mexp(x: Any) -> Any:
    """log(1 - exp(x)), x < 0 (Mächler 2012)."""
    small = x > -0.6931471805599453
    near = log(-expm1(where(small, x, -1.0)))
    return where(small, near, log1p(-exp(where(small, -1.0, x))))


def xlogy(x: Any, y: Any) -> Any:
    """x log y, 0 where x is 0."""
    torch = torch_of(x) or torch_of(y)
    return torch.special.xlogy(x, y) if torch else scipy_special().xlogy(x, y)


def xlog1py(x: Any, y: Any) -> Any:
    """x log(1 + y), 0 where x is 0."""
    torch = torch_of(x) or torch_of(y)
    return torch.special.xlog1py(x, y) if torch else scipy_special().xlog1py(x, y)


def log1pmx(x: Any) -> Any:
    """log(1 + x) - x, with all its digits near 0.

    With r = x/(2 + x), log(1 + x) = 2 artanh r and x = 2r/(1 - r), so that the difference is
    r (2r² Σ r^(2j)/(2j + 3) - x).
    """
    small = absolute(x) < _SERIES_WITHIN
    s = where(small, x, 0.0)
    r = s / (2.0 + s)
    r2 = r * r
    series = _COEFFICIENTS[-1]
    for coefficient in _COEFFICIENTS[-2::-1]:
        series = series * r2 + coefficient
    direct = where(small, 0.0, x)
    return where(small, r * (2.0 * r2 * series - s), log1p(direct) - direct)


_SERIES_WITHIN = 0.25
_COEFFICIENTS = tuple(1.0 / (2 * j + 3) for j in range(11))
HALF_LOG_TWO_PI = float(0.5 * np.log(2.0 * np.pi))
