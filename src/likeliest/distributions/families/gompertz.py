"""The Gompertz distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ByRow
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Derivatives, Side, chained, logarithm
from likeliest.distributions.families.exponential import Exponential
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive
from likeliest.distributions.quadrature import expectation
from likeliest.distributions.standards import EXPONENTIAL, GUMBEL_OF_MINIMA
from likeliest.distributions.support import NONNEGATIVE_REALS
from likeliest.numerics.quotients import expm1_over, expm1_quotient, log1p_over
from likeliest.numerics.special import log, scipy_special

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array

_LARGEST_EXPONENT = 30.0  # of a start: each step down an exponential takes but one off it
_AGINGS = (0.1, 1.0, 4.0)  # of starts, per mean


@family
class Gompertz(ByRow, ContinuousDistribution):
    """Gompertz distribution: a life whose hazard grows exponentially with age, as a human's does.

    f(x) = rate exp(aging x - rate (exp(aging x) - 1)/aging) for x ≥ 0.

    Parameters
    ----------
    aging : array of any shape, ≥ 0: by how much the log hazard grows; 0 is the exponential. Per
        unit of x.
    rate : array that broadcasts with `aging`, > 0: the hazard at 0. Per unit of x.

    Source: Johnson, Kotz & Balakrishnan (1995), ch. 22; Gompertz (1825).

    Examples
    --------
    >>> round(float(Gompertz(aging=0.1, rate=0.01).median), 3)
    20.708
    """

    name = "gompertz"
    support = NONNEGATIVE_REALS
    special_cases = {"exponential": {"aging": 0.0}}
    concentrates = {"aging": "∞", "rate": "0"}

    aging: Parameter = positive(power=-1, zero=True)
    rate: Parameter = positive(power=-1)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        hazard = self.rate * x * expm1_over(self.aging * x)
        return log(self.rate) + self.aging * x - hazard

    def _log_cdf(self, x: Array) -> Array:
        return EXPONENTIAL.log_cdf(-self._log_sf(x))

    def _log_sf(self, x: Array) -> Array:
        return -self.rate * x * expm1_over(self.aging * x)

    def _hazard(self, x: Array) -> Derivatives:
        """Return the cumulative hazard with its derivatives."""
        growth = expm1_quotient(self.aging * x)
        by_rate, by_both = x * growth.value, x * x * growth.first
        twice = self.rate * x * x * x * growth.second
        return Derivatives(
            self.rate * by_rate, (self.rate * by_both, by_rate), (twice, by_both, 0.0)
        )

    def density_terms(self, x: Array) -> Derivatives:
        hazard, (by_aging, by_rate), (twice, by_both, _) = self._hazard(x)
        value, unit = log(self.rate) + self.aging * x - hazard, 1.0 / self.rate
        of_rate = -unit * unit + 0.0 * x
        return Derivatives(value, (x - by_aging, unit - by_rate), (-twice, -by_both, of_rate))

    def tail_terms(self, x: Array, side: Side) -> Derivatives:
        inner = logarithm(self._hazard(x))
        return chained(GUMBEL_OF_MINIMA.tail(inner.z, side), inner)

    def _quantile(self, q: Array) -> Array:
        return self._at_hazard(EXPONENTIAL.quantile(q))

    def _upper_quantile(self, q: Array) -> Array:
        return self._at_hazard(EXPONENTIAL.upper_quantile(q))

    def _at_hazard(self, t: Array) -> Array:
        age = t / self.rate
        return age * log1p_over(self.aging * age)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x."""
        ages = np.greater(self.aging, 0.0)
        aging = np.where(ages, self.aging, 1.0)
        # exp(r) E1(r) is hyperu(1, 1, r).
        mean = scipy_special().hyperu(1.0, 1.0, self.rate / aging) / aging
        return np.where(ages, mean, 1.0 / self.rate)[()]

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared: by quadrature."""
        return expectation(self, lambda member, x: (x - member.mean) ** 2)

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        return 1.0 - np.log(self.rate) - self.aging * self.mean

    # likelihood

    def at_end(self, name: str) -> str:
        return f"{name} is 0: the best Gompertz is the exponential, which needs one parameter less."

    def simpler(self) -> Exponential | None:
        return Exponential(self.rate) if np.all(np.equal(self.aging, 0.0)) else None

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        if sample.high == 0.0:
            return "grows without limit as rate → ∞: all values are 0"
        return super().unbounded(sample, fixed)

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return for hazards that grow slowly and fast the likeliest rate."""
        values = np.asarray(sample.values, dtype=np.float64)
        most = _LARGEST_EXPONENT / sample.high
        agings = [min(aging / sample.mean, most) for aging in _AGINGS]
        if "aging" in fixed:
            agings = [fixed["aging"]]
        starts = []
        for aging in agings:
            grown = values * expm1_over(aging * values)
            starts.append(cls(aging, 1.0 / float(np.average(grown, weights=sample.weights))))
        return starts
