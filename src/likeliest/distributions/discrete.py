"""Distributions of whole numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.distributions.arguments import as_numbers
from likeliest.distributions.distribution import Distribution, between
from likeliest.numerics.special import exp

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from likeliest.numerics.arrays import Array


class DiscreteDistribution(Distribution):
    """A distribution of whole numbers, with a mass for each."""

    discrete = True

    def pmf(self, x: ArrayLike) -> Array:
        """Return the probability mass at x: exp(log_prob(x))."""
        return exp(self.log_prob(x))

    def logpmf(self, x: ArrayLike) -> Array:
        """Return the log mass at x: another name of log_prob."""
        return self.log_prob(x)

    def _quantile(self, q: Array) -> Array:
        return self._least(lambda x: self.cdf(x) >= q, np.shape(q))

    def _upper_quantile(self, q: Array) -> Array:
        return self._least(lambda x: self.sf(x) <= q, np.shape(q))

    def _least(self, holds: Callable[[Array], Any], shape: tuple[int, ...]) -> Array:
        """Return the least whole number of the support from which a condition holds."""
        shape = np.broadcast_shapes(shape, self.batch_shape)
        found = _least_whole(holds, shape)
        if np.all(np.greater_equal(self.bounds().low, 0.0)):
            return found
        return np.where(found > 0.0, found, 0.0 - _least_whole(lambda x: ~holds(-1.0 - x), shape))

    def probability(self, a: ArrayLike, b: ArrayLike) -> Array:
        """P(a ≤ X ≤ b), both ends included.

        Examples
        --------
        >>> import likeliest as lk
        >>> round(float(lk.Poisson(2.0).probability(0, 1)), 4)
        0.406
        """
        first = np.ceil(np.asarray(as_numbers(a, "an end"), np.float64)) - 1.0
        return between(self, first, np.floor(np.asarray(as_numbers(b, "an end"), np.float64)))


def _least_whole(holds: Callable[[Array], Any], shape: tuple[int, ...]) -> Array:
    """Return the least whole number ≥ 0 from which a condition holds; ∞ beyond float64.

    By steps that square, then by halving: of the exponent first, of the distance when it is short.
    """
    below, above, step = np.full(shape, -1.0), np.ones(shape), 2.0
    while not np.all(enough := holds(above)) and np.max(above) < _GREATEST:
        below, above = np.where(enough, below, above), np.where(enough, above, step)
        step = min(step * step, _GREATEST)
    beyond = ~np.asarray(holds(above))
    while np.any((above - below > np.maximum(1.0, np.spacing(above))) & ~beyond):
        low = np.maximum(below, 1.0)
        wide = above > 4.0 * low
        middle = np.floor(np.where(wide, np.sqrt(low) * np.sqrt(above), 0.5 * (below + above)))
        enough = holds(middle)
        below, above = np.where(enough, below, middle), np.where(enough, middle, above)
    return np.where(beyond, np.inf, above)


_GREATEST = float(np.finfo(np.float64).max)
