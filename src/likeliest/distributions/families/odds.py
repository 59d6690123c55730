"""log(1 + exp(w)), the cumulative hazard of families whose odds grow as a power."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.distributions.derivatives import Jet
from likeliest.numerics.special import log1mexp, sigmoid, softplus

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array

_TINY = -40.0  # w at which log(1 + exp(w)) is exp(w) to rounding


def log_softplus(w: Array) -> Jet:
    """Return log log(1 + exp(w)) with its derivatives by w: w itself far below 0."""
    near = np.maximum(w, _TINY)
    whole, share = softplus(near), sigmoid(near)
    first = share / whole
    return Jet(np.where(w < _TINY, w, np.log(whole)), first, first * (1.0 - share - first))


def log_odds_at(t: Array) -> Array:
    """Return the w at which log(1 + exp(w)) is t > 0."""
    return t + log1mexp(-t)
