"""How far a fit lies from Turnbull's estimate, of values that overlapping bounds hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.data.turnbull import turnbull
from likeliest.errors import ConvergenceError

if TYPE_CHECKING:
    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Array

_PLACES = 64  # at which the two are compared


def mixed_gap(
    distribution: Distribution, observations: Observations, material: float, critical: float
) -> tuple[float, float] | None:
    """Return the largest gap that is material and that chance would not make, and where it is.

    Chance is judged by P(X ≤ t | row) under the fit, averaged over the rows, whose expectation is
    P(X ≤ t). Where all rows are exact that is the empirical distribution function, and the bound
    Kolmogorov's; bounds take from its variance what they hide.

    Source: Efron (1967), self-consistency; Louis (1982) for the share of information that is left.
    """
    try:
        curve = turnbull(observations)
    except ConvergenceError:
        return None
    up_to = np.cumsum(curve.share)
    some = np.unique(np.linspace(0, up_to.size - 1, _PLACES).astype(np.intp))
    some = some[np.isfinite(curve.high[some])]
    at, share = curve.high[some], up_to[some]
    fitted = distribution.cdf(at)
    gap = np.abs(share - fitted)
    chance = _surprise(distribution, observations, at, fitted) / critical
    worst = int(np.argmax(np.where(gap >= material, chance, 0.0))) if at.size else 0
    if not at.size or gap[worst] < material or chance[worst] < 1.0:
        return None
    return float(gap[worst]), float(at[worst])


def _surprise(
    distribution: Distribution, observations: Observations, at: Array, fitted: Array
) -> Array:
    """Return at each place √n times the mean excess of P(X ≤ t | row), as if all were exact."""
    values = np.asarray(observations.values, dtype=np.float64)
    lower = values if observations.lower is None else observations.lower
    upper = values if observations.upper is None else observations.upper
    first = lower
    if distribution.discrete and observations.lower_closed:
        first = np.ceil(lower) - 1.0
    below, above = distribution.cdf(first), distribution.cdf(upper)
    weights = observations.weights if observations.weights is not None else np.ones(values.size)
    n = float(weights.sum())
    found = np.empty(at.size)
    for i, (t, expected) in enumerate(zip(at, fitted, strict=True)):
        with np.errstate(invalid="ignore", divide="ignore"):
            part = np.clip((expected - below) / (above - below), 0.0, 1.0)
        part = np.where(upper <= t, 1.0, np.where(lower >= t, 0.0, part))
        excess = np.nan_to_num(part) - expected
        known = (weights @ excess**2) / n / max(expected * (1.0 - expected), 1e-12)
        found[i] = abs(weights @ excess) / np.sqrt(n * max(known, 1.0 / n))
    return found
