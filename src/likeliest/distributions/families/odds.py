"""log(1 + exp(w)), the cumulative hazard of families whose odds grow as a power."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.distributions.derivatives import Jet
from likeliest.distributions.families.loglogistic import LogLogistic
from likeliest.numerics.special import log1mexp, sigmoid, softplus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array

_OUTERS = (0.3, 1.0, 4.0)  # of starts
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


def starts_about_loglogistic(
    sample: Sample, fixed: Mapping[str, float], power: float
) -> list[tuple[float, float, float]]:
    """Return inner, outer and scale of members with the median of the data.

    Parameters
    ----------
    power : float
        Of exp(log odds): -1 where the tail above is a power of them, 1 where that below is.
    """
    near = LogLogistic.start(sample, {})[0]
    starts = []
    for outer in (fixed["outer"],) if "outer" in fixed else _OUTERS:
        inner = fixed.get("inner", near.shape / np.sqrt(outer))
        to_median = np.expm1(np.log(2.0) / outer) ** (power / inner)
        starts.append((inner, outer, near.scale * to_median))
    return starts
