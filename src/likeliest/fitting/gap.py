"""How far a fitted distribution function lies from the data's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.data.distributed import Distributed
from likeliest.data.kaplan_meier import kaplan_meier, serves
from likeliest.data.observations import Observations
from likeliest.errors import FamilyError
from likeliest.fitting.mixed_gap import mixed_gap
from likeliest.tables import number

if TYPE_CHECKING:
    from likeliest.data.kaplan_meier import KaplanMeier
    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Array

_SAMPLE = 10_000
_MATERIAL = 0.05  # a smaller gap does not change what one would do with the fit
_CRITICAL = 1.63  # of √n times the gap, at 1 % where nothing was estimated; more than enough here


def largest_gap(distribution: Distribution, observations: Observations) -> tuple[float, float]:
    """Return the largest distance between the two distribution functions, and where it is.

    Of many rows a sample is taken. Source: Kolmogorov (1933).

    Examples
    --------
    >>> import likeliest as lk
    >>> from likeliest.data.observations import Observations
    >>> largest_gap(lk.Uniform(0.0, 1.0), Observations.of([0.75]))
    (0.25, 0.75)
    """
    if observations.lower is not None and observations.upper is not None:
        return _largest_of(distribution, *_cells(observations.upper, observations.weights))
    large = len(observations) > 5 * _SAMPLE
    table = (observations.subsample(_SAMPLE) if large else observations).tabulated()
    weights = np.ones(len(table)) if table.weights is None else table.weights
    if distribution.discrete:
        return _largest_of(distribution, table.values, weights)
    # Ties are values rounded to the middle of a step: half of them lie below it.
    below = np.concatenate([[0.0], np.cumsum(weights)]) / np.sum(weights)
    gap = np.abs(0.5 * (below[1:] + below[:-1]) - distribution.cdf(table.values))
    worst = int(np.argmax(gap))
    return float(gap[worst]), float(table.values[worst])


def _cells(upper: Array, weights: Array | None) -> tuple[Array, Array]:
    """Return the upper edges of cells in order, and how many values lie in each."""
    edges, inverse = np.unique(upper, return_inverse=True)
    return edges, np.bincount(inverse, weights).astype(np.float64)


def _largest_of(distribution: Distribution, edges: Array, counts: Array) -> tuple[float, float]:
    """Return the largest gap between the distribution functions at the edges, and where it is."""
    gap = np.abs(np.cumsum(counts) / np.sum(counts) - distribution.cdf(edges))
    worst = int(np.argmax(gap))
    return float(gap[worst]), float(edges[worst])


def _are_apart(observations: Observations) -> bool:
    """Whether intervals do not overlap, so that the data have a distribution function."""
    if observations.lower is None or observations.upper is None:
        return True
    cells = np.unique(np.stack([observations.lower, observations.upper], axis=1), axis=0)
    width = np.diff(cells, axis=1)[1:, 0]
    slack = 1e-6 * np.where(np.isfinite(width), width, 0.0)
    return bool((cells[1:, 0] >= cells[:-1, 1] - slack).all())


def misfit(distribution: Distribution, observations: Observations) -> str | None:
    """Say that the distribution does not describe the data, or None if it may.

    Of values censored on one side, and of truncated ones, Kaplan and Meier's curve is the data's
    own. Of bins, the outer ones open perhaps, it is known at their edges. Of bounds that overlap it
    is Turnbull's estimate.
    """
    if isinstance(observations, Distributed):
        observations = observations.some(_SAMPLE)
    if not observations.description.is_plain and serves(observations):
        some = observations.some(_SAMPLE) if len(observations) > 5 * _SAMPLE else observations
        return _misfit_of_curve(distribution, kaplan_meier(some), some)
    if observations.truncated:
        return None
    try:
        if not _are_apart(observations):
            return _misfit_of_mix(distribution, observations)
        gap, where = largest_gap(distribution, observations)
    except FamilyError:  # a user's own family need not have a cdf
        return None
    n = min(observations.n, float(_SAMPLE)) if len(observations) > 5 * _SAMPLE else observations.n
    if gap < max(_MATERIAL, _CRITICAL / np.sqrt(n)):
        return None
    return _told(distribution, observations, gap, where)


def _misfit_of_mix(distribution: Distribution, observations: Observations) -> str | None:
    some = observations.some(_SAMPLE) if len(observations) > 5 * _SAMPLE else observations
    found = mixed_gap(distribution, some, _MATERIAL, _CRITICAL)
    return None if found is None else _told(distribution, observations, *found)


def _misfit_of_curve(
    distribution: Distribution, curve: KaplanMeier, observations: Observations
) -> str | None:
    """Say where a curve lies beyond its band about the fitted one.

    Source: Hall & Wellner (1980), whose band is Kolmogorov's where nothing is censored.
    """
    step = 0.0 if distribution.discrete else observations.provenance.rounding
    try:
        fitted = share_beyond(distribution, curve, curve.at + 0.5 * step)
    except FamilyError:
        return None
    is_edge = distribution.discrete or step
    seen = curve.beyond if is_edge else 0.5 * (curve.beyond + curve.before())
    with np.errstate(invalid="ignore"):
        width = curve.beyond * (1.0 + curve.n * curve.hazard_variance)
    gap = np.where(np.isfinite(width), np.abs(seen - fitted), 0.0)
    excess = gap / np.maximum(_MATERIAL, _CRITICAL / np.sqrt(curve.n) * np.nan_to_num(width))
    if not excess.size or excess.max() < 1.0:
        return None
    worst = int(np.argmax(excess))
    where = float(curve.at[worst])
    at = -where if curve.is_mirrored else where
    return _told(distribution, observations, float(gap[worst]), at)


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


def _told(distribution: Distribution, observations: Observations, gap: float, where: float) -> str:
    return (
        f"The likeliest {distribution.name} is not a good description: at "
        f"{number(where, error=observations.spread())} the share of values up to there differs by "
        f"{gap:.2f} from the fitted probability, more than chance would make it. Look at the plot."
    )
