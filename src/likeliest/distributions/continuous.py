"""Distributions with a density."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.distributions.arguments import as_numbers
from likeliest.distributions.distribution import Distribution, between
from likeliest.numerics.special import exp

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from likeliest.numerics.arrays import Array


class ContinuousDistribution(Distribution):
    """A distribution with a density."""

    discrete = False

    def pdf(self, x: ArrayLike) -> Array:
        """Return the density at x, in 1/unit of x: exp(log_prob(x))."""
        return exp(self.log_prob(x))

    def logpdf(self, x: ArrayLike) -> Array:
        """Return the log density at x: another name of log_prob."""
        return self.log_prob(x)

    def probability(self, a: ArrayLike, b: ArrayLike) -> Array:
        """P(a ≤ X ≤ b), accurate in both tails.

        Examples
        --------
        >>> import likeliest as lk
        >>> round(float(lk.Normal(50, 2.5).probability(50, 52.5)), 4)
        0.3413
        """
        return between(
            self,
            np.asarray(as_numbers(a, "an end"), np.float64),
            np.asarray(as_numbers(b, "an end"), np.float64),
        )
