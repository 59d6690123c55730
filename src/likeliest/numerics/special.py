"""Elementwise functions that serve NumPy arrays and PyTorch tensors with one call.

SciPy is imported on first use; PyTorch only where a tensor comes in.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.numerics.arrays import either, is_tensor, namespace, where

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array, Number


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


def log(x: Number) -> Array:
    """Natural logarithm."""
    return namespace(x).log(x)


def log1p(x: Number) -> Array:
    """log(1 + x)."""
    return namespace(x).log1p(x)


def exp(x: Number) -> Array:
    """Exponential."""
    return namespace(x).exp(x)


def expm1(x: Number) -> Array:
    """exp(x) - 1."""
    return namespace(x).expm1(x)


def sqrt(x: Number) -> Array:
    """Square root."""
    return namespace(x).sqrt(x)


def absolute(x: Number) -> Array:
    """Absolute value."""
    return namespace(x).abs(x)


def sign(x: Number) -> Array:
    """-1, 0 or 1."""
    return namespace(x).sign(x)


def tanh(x: Number) -> Array:
    """Hyperbolic tangent."""
    return namespace(x).tanh(x)


def cos(x: Number) -> Array:
    """Cosine."""
    return namespace(x).cos(x)


def sin(x: Number) -> Array:
    """Sine."""
    return namespace(x).sin(x)


def asinh(x: Number) -> Array:
    """Inverse hyperbolic sine."""
    return namespace(x).asinh(x) if is_tensor(x) else np.arcsinh(x)


def sigmoid(x: Number) -> Array:
    """1/(1 + exp(-x))."""
    torch = torch_of(x)
    return torch.sigmoid(x) if torch else scipy_special().expit(x)


def gammaln(x: Number) -> Array:
    """log Γ(x), x > 0."""
    torch = torch_of(x)
    return torch.lgamma(x) if torch else scipy_special().gammaln(x)


def digamma(x: Number) -> Array:
    """d log Γ(x) / dx."""
    torch = torch_of(x)
    return torch.digamma(x) if torch else scipy_special().digamma(x)


def trigamma(x: Number) -> Array:
    """d² log Γ(x) / dx²."""
    torch = torch_of(x)
    return torch.polygamma(1, x) if torch else scipy_special().zeta(2.0, x)


def ndtr(x: Number) -> Array:
    """P(Z ≤ x) for a standard normal Z."""
    torch = torch_of(x)
    return torch.special.ndtr(x) if torch else scipy_special().ndtr(x)


def ndtri(q: Number) -> Array:
    """Return the quantile of a standard normal at probability q."""
    torch = torch_of(q)
    return torch.special.ndtri(q) if torch else scipy_special().ndtri(q)


def log_ndtr(x: Number) -> Array:
    """log P(Z ≤ x) for a standard normal Z."""
    torch = torch_of(x)
    return torch.special.log_ndtr(x) if torch else scipy_special().log_ndtr(x)


def erfcx(x: Number) -> Array:
    """exp(x²) erfc(x), ∞ where it overflows."""
    torch = torch_of(x)
    return torch.special.erfcx(x) if torch else scipy_special().erfcx(x)


def softplus(x: Number) -> Array:
    """log(1 + exp(x)), without overflow and with all its digits where it is tiny."""
    torch = torch_of(x)
    # PyTorch's own has the right slope at 0, which |x| would hide from autograd. Its default
    # threshold of 20 costs digits; past 80 the two are the same to rounding.
    if torch:
        return torch.nn.functional.softplus(x, threshold=80.0)
    return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))


def log1mexp(x: Number) -> Array:
    """log(1 - exp(x)), x < 0 (Mächler 2012)."""
    small = x > -0.6931471805599453
    near = log(-expm1(where(small, x, -1.0)))
    return where(small, near, log1p(-exp(where(small, -1.0, x))))


def xlogy(x: Number, y: Number) -> Array:
    """x log y, 0 where x is 0."""
    torch = torch_of(x) or torch_of(y)
    return torch.special.xlogy(x, y) if torch else scipy_special().xlogy(x, y)


def xlog1py(x: Number, y: Number) -> Array:
    """x log(1 + y), 0 where x is 0."""
    torch = torch_of(x) or torch_of(y)
    return torch.special.xlog1py(x, y) if torch else scipy_special().xlog1py(x, y)


def quotient(x: Number, y: Number) -> Array:
    """x/y, 0 where x is 0 (NumPy)."""
    some = np.not_equal(x, 0.0)
    return np.where(some, x / np.where(some, y, 1.0), 0.0)[()]


def log_one_plus_square(x: Number, unit: Number = 1.0) -> Array:
    """log(1 + z²) with z = x/unit, also where z² or z overflows."""
    z = x / unit
    far = absolute(z) > _SQUARE_ALONE
    near, away = where(far, 0.0, z), where(far, x, 1.0)
    return where(far, 2.0 * (log(absolute(away)) - log(unit)), log1p(near * near))


def polynomial(x: Number, coefficients: tuple[float, ...]) -> Array:
    """Return c0 + c1 x + c2 x² + …, by Horner's rule."""
    result: Any = coefficients[-1]
    for coefficient in coefficients[-2::-1]:
        result = result * x + coefficient
    return result


def log1pmx(x: Number) -> Array:
    """log(1 + x) - x, with all its digits near 0.

    With r = x/(2 + x), log(1 + x) = 2 artanh r and x = 2r/(1 - r), so that the difference is
    r (2r² Σ r^(2j)/(2j + 3) - x).
    """
    return either(absolute(x) < _SERIES_WITHIN, x, (_log1pmx_near, 0.0), (_log1pmx_far, 0.0))


def _log1pmx_near(x: Number) -> Array:
    return x * _log1pmx_over(x)


def _log1pmx_far(x: Number) -> Array:
    return log1p(x) - x


def log1pmx_over(x: Number) -> Array:
    """(log(1 + x) - x)/x, about -x/2 near 0, where it is smooth."""
    small = absolute(x) < _SERIES_WITHIN
    s, direct = where(small, x, 0.0), where(small, 1.0, x)
    return where(small, _log1pmx_over(s), log1p(direct) / direct - 1.0)


def _log1pmx_over(x: Number) -> Array:
    r = x / (2.0 + x)
    r2 = r * r
    return (2.0 * r2 * polynomial(r2, _COEFFICIENTS) - x) / (2.0 + x)


_SERIES_WITHIN = 0.25
_SQUARE_ALONE = 1e8
_COEFFICIENTS = tuple(1.0 / (2 * j + 3) for j in range(11))
LOG_TWO = float(np.log(2.0))
HALF_LOG_TWO_PI = float(0.5 * np.log(2.0 * np.pi))
