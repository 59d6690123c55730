"""Scores of forecasts: how well the distribution of each row foretold what was seen in it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.errors import DataError
from likeliest.regression.columns import columns_of
from likeliest.regression.inputs import response_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike

    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Array, Indices
    from likeliest.regression.result import Regression

_NODES = 64  # on each side of what was seen
_BEYOND = 1e-13  # of the probability of a count lies on each side of those that are added up
_MOST_COUNTS = 4_000  # of a row; more are integrated as if they were no whole numbers
_CELLS = 1 << 18  # that are held at a time


def log_score(regression: Regression, new: Any, y: ArrayLike | None) -> Array:
    """Return the log likelihood of each row; see `Regression.log_score`."""
    seen, made = _foretold(regression, new, y)
    return np.asarray(made.log_prob(seen))


def crps(regression: Regression, new: Any, y: ArrayLike | None) -> Array:
    """Return the continuous ranked probability score of each row; see `Regression.crps`."""
    seen, made = _foretold(regression, new, y)
    out = np.empty(seen.size)
    if made.discrete:
        low, high = made.quantile(_BEYOND), made.upper_quantile(_BEYOND)
        width = np.maximum(high, seen) - np.minimum(low, seen)
        few = width < _MOST_COUNTS
    else:
        width, few = np.zeros(seen.size), np.zeros(seen.size, dtype=bool)
    for rows in _parts(np.flatnonzero(~few), 2 * _NODES):
        out[rows] = _of_quantiles(_some(made, rows), seen[rows])
    for rows in _parts(np.flatnonzero(few), int(width[few].max(initial=0.0)) + 1):
        out[rows] = _of_counts(_some(made, rows), seen[rows], np.minimum(low, seen)[rows])
    return out


def _foretold(regression: Regression, new: Any, y: ArrayLike | None) -> tuple[Array, Distribution]:
    """Return what was seen in each row, and the distribution that the regression gives it."""
    made = regression.distribution(new)
    n = np.broadcast_shapes(*(np.shape(value) for value in made.parameters.values()))
    seen = np.asarray(seen_in(regression, new) if y is None else y, dtype=np.float64)
    if seen.shape != n:
        raise DataError(f"y must have one value for each of {n[0]:,} rows; it has {seen.shape}.")
    if np.isnan(seen).any():
        raise DataError(
            f"In {int(np.isnan(seen).sum()):,} rows nothing was seen (first: row "
            f"{int(np.argmax(np.isnan(seen)))}): leave these out."
        )
    return seen, made


def seen_in(regression: Regression, new: Any) -> Array:
    """Return what was seen in new rows by the formula, or without any in those fitted."""
    if new is None:
        observations = regression.required_problem("A score of the rows that were fitted")
        seen = observations.observations
        if not seen.description.is_plain:
            raise DataError(
                "Some of the rows that were fitted are known between bounds or within windows "
                "alone, where a forecast has no such score. Give rows without."
            )
        return np.asarray(seen.values, dtype=np.float64)
    named = regression.response
    if named is None:
        raise DataError("No formula names the response: give what was seen as y=.")
    columns = columns_of(new, named.response_columns)
    context = next(iter(regression.predictors.values())).terms.context
    response = response_of(named, columns, regression.form, context)
    return np.broadcast_to(response, (columns.n,))


def _some(made: Distribution, rows: Indices) -> Distribution:
    """Return the distributions of some rows."""
    return type(made)(**{name: np.asarray(v)[rows] for name, v in made.parameters.items()})


def _parts(rows: Indices, each: int) -> Iterator[Indices]:
    """Yield rows in parts of which each row takes so many numbers."""
    size = max(_CELLS // each, 1)
    for first in range(0, rows.size, size):
        yield rows[first : first + size]


@cache
def _rule() -> tuple[Array, Array]:
    """Return nodes in (0, 1) and weights, dense at both ends, where quantiles may be infinite."""
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    s = 0.5 * (nodes + 1.0)
    share = s**4 * (35.0 - 84.0 * s + 70.0 * s**2 - 20.0 * s**3)
    return share, 70.0 * weights * (s * (1.0 - s)) ** 3


def _of_quantiles(made: Distribution, seen: Array) -> Array:
    """Return twice the integral of the pinball loss over all shares.

    Below the share of what was seen it is that of u (y - q), above it that of (1 - u) (q - y).

    Source: Gneiting & Raftery (2007), equation 20 and the text about it.
    """
    nodes, weights = (one[:, None] for one in _rule())
    total = np.zeros(seen.size)
    with np.errstate(all="ignore"):
        for share, quantile in (
            (made.cdf(seen), made.quantile),
            (made.sf(seen), made.upper_quantile),
        ):
            u = nodes * share
            inner = np.sum(weights * u * np.abs(quantile(u) - seen), axis=0)
            total += np.where(share > 0.0, share * inner, 0.0)
    return 2.0 * total


def _of_counts(made: Distribution, seen: Array, low: Array) -> Array:
    """Return the sum of (F(k) - 1{y ≤ k})² over all whole numbers k."""
    most = int(np.max(np.maximum(made.upper_quantile(_BEYOND), seen) - low)) + 1
    k = low + np.arange(most)[:, None]
    off = np.where(k < seen, made.cdf(k), made.sf(k))
    return np.sum(off**2, axis=0)
