"""The tail of a sum of independent χ² with weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array

_STEP, _REACH = 0.05, 40.0  # of the sum, in widths of the saddle


def tail_of_weighted_chi2(x: float, weights: Array) -> float:
    """Return P(Σ wᵢ χ²₁ > x) for weights ≥ 0, to ten digits even far out.

    The inverse Laplace transform is summed along a parabola through the saddle, on which it falls
    off like a normal density; left of the mean it gives the probability below x.
    Source: Rice (1980), SIAM J. Sci. Stat. Comput. 1, 438-448.

    Examples
    --------
    >>> import numpy as np
    >>> round(tail_of_weighted_chi2(5.0, np.array([2.0, 1.0])), 5)
    0.18643
    """
    weights = weights[weights > 0.0]
    if x <= 0.0 or not weights.size:
        return float(x < 0.0 or (x == 0.0 and weights.size > 0))
    w = weights / np.max(weights)
    x = x / float(np.max(weights))
    saddle = _saddle(x, w)
    inner = w / (1.0 - 2.0 * saddle * w)
    bend = 2.0 * np.sum(inner**2) + saddle**-2
    twist = (8.0 * np.sum(inner**3) - 2.0 * saddle**-3) / (6.0 * bend)
    curve = max(twist, 0.25 / abs(saddle))
    y = np.arange(0.0, _REACH, _STEP) / np.sqrt(bend)
    s = saddle + curve * y**2 + 1j * y
    exponent = -0.5 * np.sum(np.log(1.0 - 2.0 * s[:, None] * w), axis=1) - s * x
    terms = np.real(np.exp(exponent) / s * (1.0 - 2j * curve * y))
    total = float(np.sum(terms) - 0.5 * terms[0]) * _STEP / np.sqrt(bend) / np.pi
    return float(np.clip(total if saddle > 0.0 else 1.0 + total, 0.0, 1.0))


def _saddle(x: float, w: Array) -> float:
    """Return where exp(K(s) - s x) / s is least on the real axis, K the cumulants' function.

    Right of 0 where x is beyond the mean, else left of it.
    """
    from scipy.optimize import brentq

    def slope(s: float) -> float:
        return float(np.sum(w / (1.0 - 2.0 * s * w)) - x - 1.0 / s)

    if x > np.sum(w):
        ends = 0.5 / (np.sqrt(x) + 1.0), 0.5 - 0.25 / (x + 2.0)
    else:
        ends = -(0.5 * w.size + 2.0) / x, -1e-3 / (np.sum(w) + 1.0)
    return float(brentq(slope, *ends, xtol=1e-12 * min(map(abs, ends))))
