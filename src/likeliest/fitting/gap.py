"""How far a fitted distribution function lies from the data's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.data.kaplan_meier import kaplan_meier, serves
from likeliest.data.observations import is_distributed

if TYPE_CHECKING:
    from likeliest.data.kaplan_meier import KaplanMeier
    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Array

_SAMPLE = 10_000


def largest_gap(distribution: Distribution, observations: Observations) -> tuple[float, float]:
    """Return the largest distance between the two distribution functions, and where it is.

    Of values censored on one side, and of truncated ones, Kaplan and Meier's curve is the data's
    own. Of bins, the outer ones open perhaps, it is known at their edges. Of many rows a sample is
    taken. Source: Kolmogorov (1933).

    Examples
    --------
    >>> import likeliest as lk
    >>> from likeliest.data.observations import Observations
    >>> largest_gap(lk.Uniform(0.0, 1.0), Observations.of([0.75]))
    (0.25, 0.75)
    """
    if is_distributed(observations):
        observations = observations.some(_SAMPLE)
    large = len(observations) > 5 * _SAMPLE
    if not observations.description.is_plain and serves(observations):
        some = observations.some(_SAMPLE) if large else observations
        return _from_curve(distribution, kaplan_meier(some), some)
    if observations.lower is not None and observations.upper is not None:
        return _largest_of(distribution, *_cells(observations.upper, observations.weights))
    table = (observations.subsample(_SAMPLE) if large else observations).tabulated()
    weights = np.ones(len(table)) if table.weights is None else table.weights
    if distribution.discrete:
        return _largest_of(distribution, table.values, weights)
    # Ties are values rounded to the middle of a step: half of them lie below it.
    below = np.concatenate([[0.0], np.cumsum(weights)]) / np.sum(weights)
    gap = np.abs(0.5 * (below[1:] + below[:-1]) - distribution.cdf(table.values))
    worst = int(np.argmax(gap))
    return float(gap[worst]), float(table.values[worst])


def can_judge(observations: Observations) -> bool:
    """Return whether the data have a distribution function that a fit can be held against."""
    if is_distributed(observations):
        observations = observations.some(_SAMPLE)
    is_plain = observations.description.is_plain
    return not observations.truncated or (not is_plain and serves(observations))


def _cells(upper: Array, weights: Array | None) -> tuple[Array, Array]:
    """Return the upper edges of cells in order, and how many values lie in each."""
    edges, inverse = np.unique(upper, return_inverse=True)
    return edges, np.bincount(inverse, weights).astype(np.float64)


def _largest_of(distribution: Distribution, edges: Array, counts: Array) -> tuple[float, float]:
    """Return the largest gap between the distribution functions at the edges, and where it is."""
    gap = np.abs(np.cumsum(counts) / np.sum(counts) - distribution.cdf(edges))
    worst = int(np.argmax(gap))
    return float(gap[worst]), float(edges[worst])


def _from_curve(
    distribution: Distribution, curve: KaplanMeier, observations: Observations
) -> tuple[float, float]:
    """Return where a curve lies farthest from the fitted one for how well it is known there.

    Source: Hall & Wellner (1980), whose band is Kolmogorov's where nothing is censored.
    """
    if not curve.at.size:
        return 0.0, np.nan
    step = 0.0 if distribution.discrete else observations.provenance.rounding
    fitted = share_beyond(distribution, curve, curve.at + 0.5 * step)
    is_edge = distribution.discrete or step
    seen = curve.beyond if is_edge else 0.5 * (curve.beyond + curve.before())
    with np.errstate(invalid="ignore"):
        width = curve.beyond * (1.0 + curve.n * curve.hazard_variance)
    gap = np.where(np.isfinite(width), np.abs(seen - fitted), 0.0)
    worst = int(np.argmax(gap / np.maximum(1.0, np.nan_to_num(width))))
    where = float(curve.at[worst])
    return float(gap[worst]), -where if curve.is_mirrored else where


def share_beyond(distribution: Distribution, curve: KaplanMeier, at: Array) -> Array:
    """Return what a curve estimates, of a distribution: P(X > x | entry < X ≤ exit), or of −X."""
    tail = distribution.cdf if curve.is_mirrored else distribution.sf
    sign = -1.0 if curve.is_mirrored else 1.0
    last = tail(sign * curve.exit) if np.isfinite(curve.exit) else 0.0
    first = tail(sign * curve.entry) if np.isfinite(curve.entry) else 1.0
    x = sign * at
    if curve.is_mirrored and distribution.discrete:  # what is below a whole number
        x = np.ceil(x) - 1.0
    return np.clip((tail(x) - last) / (first - last), 0.0, 1.0)
