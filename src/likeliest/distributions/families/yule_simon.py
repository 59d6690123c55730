"""The Yule-Simon distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ByRow
from likeliest.distributions.derivatives import Derivatives, Side, Standardisation, chained
from likeliest.distributions.discrete import DiscreteDistribution
from likeliest.distributions.families.from_one import all_ones, share_of_ones
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive
from likeliest.distributions.standards import EXPONENTIAL
from likeliest.distributions.support import POSITIVE_COUNTS
from likeliest.numerics.arrays import where
from likeliest.numerics.gamma import digamma_difference, gammaln_difference, trigamma_difference
from likeliest.numerics.special import gammaln, log, log1mexp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array, Number

_LONGEST_AGE = 650.0  # of a draw: e to its power is within float64


@family
class YuleSimon(ByRow, DiscreteDistribution):
    """Yule-Simon distribution: how often a word is used, if the rich get richer.

    p(x) = shape B(x, shape + 1) for x = 1, 2, 3, …, B being the beta function. The tail falls with
    the power `shape`.

    Parameters
    ----------
    shape : array of any shape, > 0. No unit.

    Source: Johnson, Kemp & Kotz (2005), section 11.1.4; Simon (1955).

    Examples
    --------
    >>> round(float(YuleSimon(shape=3.0).pmf(1)), 12)
    0.75
    """

    name = "yule-simon"
    aliases = ("yule",)
    support = POSITIVE_COUNTS

    shape: Parameter = positive()

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        return log(self.shape) - log(x) + _log_tail(x, self.shape)

    def _log_cdf(self, x: Array) -> Array:
        return log1mexp(_log_tail(x, self.shape))

    def _log_sf(self, x: Array) -> Array:
        return _log_tail(x, self.shape)

    def _cdf(self, x: Array) -> Array:
        return -np.expm1(_log_tail(x, self.shape))

    def density_terms(self, x: Array) -> Derivatives:
        unit, first, second = 1.0 / self.shape, *self._tail_slopes(x)
        return Derivatives(self._log_prob(x), (unit + first,), (second - unit * unit,))

    def tail_terms(self, x: Array, side: Side) -> Derivatives:
        first, second = self._tail_slopes(x)
        inner = Standardisation(-_log_tail(x, self.shape), (-first,), (-second,))
        return chained(EXPONENTIAL.tail(inner.z, side), inner)

    def _tail_slopes(self, x: Array) -> tuple[Array, Array]:
        """Return the derivatives of log P(X > x) by the shape."""
        above = self.shape + 1.0
        return -digamma_difference(above, x), -trigamma_difference(above, x)

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        # The size of a genus whose age is exponential, each species founding another at rate 1.
        age = np.minimum(rng.standard_exponential(shape) / self.shape, _LONGEST_AGE)
        return 1.0 + np.floor(rng.standard_exponential(shape) / -log1mexp(-age))

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value; infinite for shape ≤ 1."""
        finite = np.greater(self.shape, 1.0)
        k = np.where(finite, self.shape, 2.0)
        return np.where(finite, k / (k - 1.0), np.inf)[()]

    @cached_property
    def var(self) -> Parameter:
        """Variance; infinite for shape ≤ 2."""
        finite = np.greater(self.shape, 2.0)
        k = np.where(finite, self.shape, 3.0)
        return np.where(finite, (k / (k - 1.0)) ** 2 / (k - 2.0), np.inf)[()]

    # likelihood

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        return "rises towards 1 as shape → ∞: all values are 1" if all_ones(sample) else None

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return the member with the share of ones of the data."""
        share = share_of_ones(sample)
        return [cls(share / (1.0 - share))]


def _log_tail(x: Number, shape: Number) -> Array:
    """Log Γ(x + 1) Γ(shape + 1) / Γ(x + shape + 1) = log P(X > x), by the smaller of the two."""
    x, shape = x + 0.0 * shape, shape + 0.0 * x
    below = x < shape
    small, large = where(below, x, shape), where(below, shape, x)
    return gammaln(1.0 + small) - gammaln_difference(1.0 + large, small)
