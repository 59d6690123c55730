"""How far log x lies from a number, to digits that a subtraction of the two would lose."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

import numpy as np

from likeliest.numerics.arrays import is_tensor, where
from likeliest.numerics.saddlepoint import log_ratio
from likeliest.numerics.special import log

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array, Number

_TIGHT = 1e-3  # a unit less than this share of m shows the rounding of log x
_FARTHEST = 700.0  # exp of it is still in range
_DIGITS = 50


def log_deviation(x: Number, m: Number, unit: Number) -> Array:
    """Return log x - m, with the digits that count where it is measured in a small unit.

    It is log(x/c) + (log c - m) for any c. With a c near exp(m) the first has all its digits where
    x is near c, and the second, which needs log c to far more than float64 has, is the same for
    all x. Tensors are subtracted as they are.
    """
    if is_tensor(x) or is_tensor(m) or is_tensor(unit):
        return log(x) - m
    tight = np.less(unit, _TIGHT * np.abs(m))
    if not tight.any():
        return log(x) - m
    near = where(tight, m, 0.0)
    c = np.exp(np.clip(near, -_FARTHEST, _FARTHEST))
    return where(tight, log_ratio(x, c) + _log_less(c, near), log(x) - m)


def _log_less(c: Number, m: Number) -> Array:
    """Return log c - m, rounded once."""
    with localcontext(prec=_DIGITS):
        exact = np.frompyfunc(lambda c, m: float(Decimal(c).ln() - Decimal(m)), 2, 1)
        return np.asarray(exact(c, m), dtype=np.float64)[()]
