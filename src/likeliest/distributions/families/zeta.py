"""The zeta distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ExponentialFamily, inside_support
from likeliest.distributions.derivatives import Derivatives, Side, Standardisation, chained
from likeliest.distributions.discrete import DiscreteDistribution
from likeliest.distributions.families.from_one import all_ones
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive
from likeliest.distributions.standards import EXPONENTIAL
from likeliest.distributions.support import POSITIVE_COUNTS
from likeliest.numerics.logs import Log
from likeliest.numerics.series import log_zeta
from likeliest.numerics.special import LOG_TWO, log, log1mexp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.distributions.statistics import Statistic, SufficientStatistics
    from likeliest.numerics.arrays import Array

_STEPS = 40  # of Newton's method, each of which at most doubles the shape
_FAR = 0.5  # a mean log of many ones, below which 2 and 1 are all that counts
_LEAST_LOG = 1e-6  # of a start
_LARGEST = 1e300  # of a draw: the largest are left out


@family
class Zeta(ExponentialFamily, DiscreteDistribution):
    """Zeta distribution: ranks and sizes that fall as a power; also Zipf's law without an end.

    p(x) = x^(-1-shape) / ζ(1 + shape) for x = 1, 2, 3, …, ζ being Riemann's zeta function.

    Parameters
    ----------
    shape : array of any shape, > 0: the power of the tail. No unit.

    Notes
    -----
    SciPy's `zipf` takes a = shape + 1; R's VGAM takes the same shape.

    Source: Johnson, Kemp & Kotz (2005), section 11.2.20.

    Examples
    --------
    >>> round(float(Zeta(shape=1.0).pmf(1)), 4)
    0.6079
    """

    name = "zeta"
    aliases = ("zipf",)
    support = POSITIVE_COUNTS

    shape: Parameter = positive()

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        return -(1.0 + self.shape) * log(x) - log_zeta(self.shape).value

    def _cdf(self, x: Array) -> Array:
        return -np.expm1(self._log_sf(x))

    def _sf(self, x: Array) -> Array:
        return np.exp(self._log_sf(x))

    def _log_cdf(self, x: Array) -> Array:
        return log1mexp(self._log_sf(x))

    def _log_sf(self, x: Array) -> Array:
        return log_zeta(self.shape, x + 1.0).value - log_zeta(self.shape).value

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        """Draw by rejection from a Pareto rounded down.

        Source: Devroye (1986), section 10.6.1.
        """
        k = np.broadcast_to(self.shape, shape)
        draws, left = np.empty(shape), np.ones(shape, dtype=bool)
        while left.any():
            some = k[left]
            x = np.floor((1.0 - rng.random(some.size)) ** (-1.0 / some))
            rise, first = np.expm1(some * np.log1p(1.0 / x)), np.expm1(some * LOG_TWO)
            fits = rng.random(some.size) * x * rise / first <= (1.0 + rise) / (1.0 + first)
            draws[left] = x
            left[left] = ~(fits & (x < _LARGEST))
        return draws

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value; infinite for shape ≤ 1."""
        finite = np.greater(self.shape, 1.0)
        k = np.where(finite, self.shape, 2.0)
        return np.where(finite, np.exp(log_zeta(k - 1.0).value - log_zeta(k).value), np.inf)[()]

    @cached_property
    def var(self) -> Parameter:
        """Variance; infinite for shape ≤ 2."""
        finite = np.greater(self.shape, 2.0)
        k = np.where(finite, self.shape, 3.0)
        # Of what exceeds 1, whose moments are small together.
        beyond = [np.exp(log_zeta(k - j, 2.0).value - log_zeta(k).value) for j in range(3)]
        square, above = beyond[2] - 2.0 * beyond[1] + beyond[0], beyond[1] - beyond[0]
        return np.where(finite, square - above * above, np.inf)[()]

    # likelihood

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        return (-log(x) - log_zeta(self.shape).first,)

    def information(self) -> tuple[Parameter, ...]:
        return (log_zeta(self.shape).second,)

    @staticmethod
    def statistics(x: Array, pivot: float) -> tuple[Statistic, ...]:
        return (Log(x),)

    @classmethod
    def maximize(cls, statistics: SufficientStatistics) -> Self:
        return cls(_shape_of(np.asarray(statistics.mean[0])))

    def mean_log_prob(self, statistics: SufficientStatistics) -> Parameter:
        return -(1.0 + self.shape) * statistics.mean[0] - log_zeta(self.shape).value

    def mean_score(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        return (-statistics.mean[0] - log_zeta(self.shape).first,)

    def hessian_of(self, n: Parameter, score: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
        return (-n * log_zeta(self.shape).second,)

    @inside_support
    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        whole, beyond = log_zeta(self.shape), log_zeta(self.shape, x + 1.0)
        slope, bend = whole.first - beyond.first, whole.second - beyond.second
        inner = Standardisation(whole.value - beyond.value, (slope,), (bend,))
        return chained(EXPONENTIAL.tail(inner.z, side), inner)

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        return "rises towards 1 as shape → ∞: all values are 1" if all_ones(sample) else None

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return the member with the mean log of the data."""
        mean_log = np.average(np.log(np.asarray(sample.values)), weights=sample.weights)
        return [cls(float(_shape_of(np.maximum(mean_log, _LEAST_LOG))))]


def _shape_of(mean_log: Array) -> Array:
    """Return the shape at which E log X = -ζ'/ζ(1 + shape) has a value, by Newton's method.

    On the logarithms of both: E log X is 1/shape for small shapes, and falls as 2^-shape far out.
    """
    shape = np.where(mean_log > _FAR, 1.0 / mean_log, np.log(LOG_TWO / mean_log) / LOG_TWO - 1.0)
    for _ in range(_STEPS):
        _, first, second = log_zeta(shape)
        step = np.log(-first / mean_log) * -first / second
        shape = np.clip(shape + step, 0.5 * shape, 2.0 * shape)
    return shape
