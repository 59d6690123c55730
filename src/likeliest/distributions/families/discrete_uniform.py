"""The discrete uniform distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ClosedForm
from likeliest.distributions.corner import Corner
from likeliest.distributions.discrete import DiscreteDistribution
from likeliest.distributions.families.ends import ends_of, require_order
from likeliest.distributions.families.uniform import Uniform
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, real
from likeliest.distributions.support import WHOLE_NUMBERS, Support
from likeliest.numerics.special import log

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.derivatives import Derivatives, Side, Total
    from likeliest.distributions.sample import Sample
    from likeliest.distributions.statistics import SufficientStatistics
    from likeliest.numerics.arrays import Array


@family
class DiscreteUniform(ClosedForm, DiscreteDistribution):
    """Discrete uniform distribution: any whole number between two, none more likely than another.

    p(x) = 1 / (high - low + 1) for x = low, …, high.

    Parameters
    ----------
    low : array of any shape, whole: the least number.
    high : array that broadcasts with `low`, whole, ≥ low: the greatest number, which can be drawn
        as well. (SciPy's `randint` ends before its own.)

    Notes
    -----
    The estimates are the least and the greatest number seen. How many German tanks there were is
    a matter of `high` with `low` fixed at 1.

    Source: Johnson, Kemp & Kotz (2005), section 6.10.1.

    Examples
    --------
    >>> float(DiscreteUniform(low=1, high=6).mean)
    3.5
    """

    name = "discrete uniform"
    support = WHOLE_NUMBERS
    corners = {"low": Corner.LOW_END, "high": Corner.HIGH_END}
    has_one_top = True
    closed_given = ("low", "high")

    low: Parameter = real(whole=True)
    high: Parameter = real(whole=True)

    def _check(self) -> None:
        require_order(self, equal=True)

    def bounds(self) -> Support:
        return Support(self.low, self.high, low_closed=True, high_closed=True, whole=True)

    # evaluation: formulas of ends that need not be whole, so that a fit can walk between them

    @property
    def _count(self) -> Parameter:
        return self.high - self.low + 1.0

    @property
    def _between(self) -> Uniform:
        """Return the uniform that has the same probability of every stretch of whole numbers."""
        return Uniform.unchecked(low=self.low - 1.0, high=self.high)

    def _log_prob(self, x: Array) -> Array:
        return 0.0 * x - log(self._count)

    def _cdf(self, x: Array) -> Array:
        return (x - self.low + 1.0) / self._count

    def _sf(self, x: Array) -> Array:
        return (self.high - x) / self._count

    def _quantile(self, q: Array) -> Array:
        return self.low - 1.0 + np.maximum(_least_share(q, self._count), 1.0)

    def _upper_quantile(self, q: Array) -> Array:
        # As many may lie above as have at most the probability q together.
        least = _least_share(q, self._count)
        above = least - (least / self._count > q)
        return self.high - np.minimum(above, self._count - 1.0)

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return self.low + np.floor(rng.random(shape) * self._count)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value."""
        return 0.5 * self.low + 0.5 * self.high

    @cached_property
    def var(self) -> Parameter:
        """Variance."""
        return (self._count - 1.0) * (self._count + 1.0) / 12.0

    @cached_property
    def entropy(self) -> Parameter:
        """Entropy, nats."""
        return np.log(self._count)

    # likelihood

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        return self._between._score(x)  # noqa: SLF001

    def derivatives(self, x: Array, total: Total) -> Derivatives:
        return self._between.derivatives(x, total)

    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        """Return the log of a tail with its derivatives, by row."""
        return self._between.tail_derivatives(np.floor(x), side)

    def log_interval(self, lower: Array, upper: Array) -> Array:
        return self._between.log_interval(np.floor(lower), np.floor(upper))

    def interval_derivatives(self, lower: Array, upper: Array) -> Derivatives:
        return self._between.interval_derivatives(np.floor(lower), np.floor(upper))

    @staticmethod
    def statistics(x: Array, pivot: float) -> tuple[Array, ...]:
        return ()

    @classmethod
    def maximize(cls, statistics: SufficientStatistics) -> Self:
        return cls(statistics.low, statistics.high)

    @classmethod
    def maximize_given(cls, statistics: SufficientStatistics, fixed: Mapping[str, float]) -> Self:
        return cls(*ends_of(cls.name, statistics, fixed))

    def mean_log_prob(self, statistics: SufficientStatistics) -> Parameter:
        return -np.log(self._count)

    def mean_score(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        unit = 1.0 / self._count
        return unit, -unit

    def mean_hessian(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        square = self._count**-2.0
        return square, -square, square

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return the member that just holds the numbers, and one with one more on either side."""
        low, high = np.floor(sample.low), np.ceil(sample.high)
        return [
            cls(fixed.get("low", low - more), fixed.get("high", high + more)) for more in (0.0, 1.0)
        ]


def _least_share(q: Array, count: Parameter) -> Array:
    """Return the least whole k with k/count ≥ q, to the last bit of that quotient."""
    k = np.ceil(q * count)
    k = k - ((k - 1.0) / count >= q)
    return np.asarray(k + (k / count < q))
