"""The tail of a sum of independent χ² with weights."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from likeliest.inference.hypothesis_test import chi2_tail

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array

_NOTHING = 1e-9  # of the greatest weight
_PERIODS = 400  # of the integrand; its size there is below 1e-6


def tail_of_weighted_chi2(x: float, weights: Array) -> float:
    """Return P(Σ wᵢ χ²₁ > x) for weights ≥ 0.

    Accurate to 1e-6, absolute. Source: Imhof (1961), Biometrika 48, 419-426, equation 3.2.

    Examples
    --------
    >>> import numpy as np
    >>> round(tail_of_weighted_chi2(5.0, np.array([2.0, 1.0])), 5)
    0.18643
    """
    from scipy.integrate import quad

    weights = weights[weights > _NOTHING * np.max(weights, initial=0.0)]
    if not weights.size:
        return float(x <= 0.0)
    top = float(np.max(weights))
    if np.ptp(weights) <= _NOTHING * top:
        return chi2_tail(x / top, weights.size)
    w, x = weights / top, x / top

    def integrand(u: float) -> float:
        if u == 0.0:
            return float(0.5 * (np.sum(w) - x))
        angle = 0.5 * np.sum(np.arctan(w * u)) - 0.5 * x * u
        size = np.prod(1.0 + (w * u) ** 2) ** 0.25
        return float(np.sin(angle) / (u * size))

    period = 4.0 * np.pi / max(x, 1.0)
    ends = np.concatenate([[0.0], np.geomspace(0.25 * period, _PERIODS * period, 60)])
    parts = [quad(integrand, a, b, limit=200)[0] for a, b in pairwise(ends)]
    return float(np.clip(0.5 + sum(parts) / np.pi, 0.0, 1.0))
