"""How far a fitted distribution function lies from the data's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.tables import number

if TYPE_CHECKING:
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
    slack = 1e-6 * np.abs(np.diff(cells, axis=1)[1:, 0])
    return bool((cells[1:, 0] >= cells[:-1, 1] - slack).all())


def misfit(distribution: Distribution, observations: Observations) -> str | None:
    """Say that the distribution does not describe the data, or None if it may.

    Where values have no end on one side, overlap, or could be seen only within a window, there is
    no distribution of the data to compare with.
    """
    lower, upper = observations.lower, observations.upper
    if lower is not None and upper is not None and not np.isfinite([lower, upper]).all():
        return None
    if observations.truncated or not _are_apart(observations):
        return None
    try:
        gap, where = largest_gap(distribution, observations)
    except NotImplementedError:  # a user's own family need not have a cdf
        return None
    n = min(observations.n, float(_SAMPLE)) if len(observations) > 5 * _SAMPLE else observations.n
    if gap < max(_MATERIAL, _CRITICAL / np.sqrt(n)):
        return None
    return (
        f"The likeliest {distribution.name} is not a good description: at "
        f"{number(where, error=observations.spread())} the share of values up to there differs by "
        f"{gap:.2f} from the fitted probability, more than chance would make it. Look at the plot."
    )
