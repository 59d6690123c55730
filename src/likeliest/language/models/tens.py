"""Decadic logarithms, in which ARPA files and KenLM's binaries hold probabilities and weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from likeliest.language.smoothing.base import Array

LOG10 = float(np.log(10.0))
NEVER = -99.0
"""The number written for the logarithm of 0, as SRILM writes it."""


def nats(tens: list[float] | Array) -> Array:
    """Return natural logarithms of decadic ones.

    Examples
    --------
    >>> nats([-1.0, -99.0]).tolist()
    [-2.302585092994046, -inf]
    """
    values = np.asarray(tens, dtype=np.float64)
    return np.where(values <= NEVER, -np.inf, values * LOG10)
