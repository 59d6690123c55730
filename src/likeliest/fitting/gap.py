"""How far a fitted distribution function lies from the data's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution

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
    large = len(observations) > 5 * _SAMPLE and observations.exact
    table = (observations.subsample(_SAMPLE) if large else observations).tabulated()
    weights = np.ones(len(table)) if table.weights is None else table.weights
    below = np.concatenate([[0.0], np.cumsum(weights)]) / np.sum(weights)
    if observations.exact and not distribution.discrete:
        # Ties are values rounded to the middle of a step: half of them lie below it.
        gap = np.abs(0.5 * (below[1:] + below[:-1]) - distribution.cdf(table.values))
    else:
        upper = table.values if observations.upper is None else observations.upper
        gap = np.abs(below[1:] - distribution.cdf(upper))
    worst = int(np.argmax(gap))
    return float(gap[worst]), float(table.values[worst])


def misfit(distribution: Distribution, observations: Observations) -> str | None:
    """Say that the distribution does not describe the data, or None if it may.

    Where values have no end on one side, there is no distribution of the data to compare with.
    """
    lower, upper = observations.lower, observations.upper
    if lower is not None and upper is not None and not np.isfinite([lower, upper]).all():
        return None
    try:
        gap, where = largest_gap(distribution, observations)
    except NotImplementedError:  # a user's own family need not have a cdf
        return None
    n = min(observations.n, float(_SAMPLE)) if len(observations) > 5 * _SAMPLE else observations.n
    if gap < max(_MATERIAL, _CRITICAL / np.sqrt(n)):
        return None
    return (
        f"The likeliest is not a good description: at {where:g} the share of values up to there "
        f"differs by {gap:.2f} from the fitted probability, more than chance would make it. "
        "Look at the picture."
    )
