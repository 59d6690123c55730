"""The exponentiated Weibull distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ByRow
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Derivatives, Side, chained_with_shape
from likeliest.distributions.families import exponentiated
from likeliest.distributions.families.weibull import Weibull
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive
from likeliest.distributions.quadrature import expectation
from likeliest.distributions.support import POSITIVE_REALS
from likeliest.numerics.saddlepoint import log_ratio
from likeliest.numerics.special import LOG_TWO, log

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array

_OUTERS = (0.3, 1.0, 4.0)  # of starts


@family
class ExponentiatedWeibull(ByRow, ContinuousDistribution):
    """Exponentiated Weibull distribution: lives whose hazard can fall, rise, or do both in turn.

    f(x) = outer shape/x v exp(-v) (1 - exp(-v))^(outer-1), v = (x/scale)^shape, for x > 0: its
    distribution function is the Weibull's to the power `outer`.

    Parameters
    ----------
    outer : array of any shape, > 0. No unit; 1 is the Weibull.
    shape : array that broadcasts with `outer`, > 0. No unit.
    scale : array that broadcasts with `outer`, > 0. In the unit of x.

    Source: Mudholkar & Srivastava (1993).

    Examples
    --------
    >>> round(float(ExponentiatedWeibull(outer=2.0, shape=1.5, scale=3.0).cdf(3.0)), 4)
    0.3996
    """

    name = "exponentiated weibull"
    support = POSITIVE_REALS
    special_cases = {"weibull": {"outer": 1.0}}
    concentrates = {"shape": "∞"}
    centre = "scale"

    outer: Parameter = positive()
    shape: Parameter = positive()
    scale: Parameter = positive(power=1)

    # evaluation

    def _w(self, x: Array) -> Array:
        return self.shape * log_ratio(x, self.scale)

    def _log_prob(self, x: Array) -> Array:
        return exponentiated.log_density(self.outer, self._w(x)) + log(self.shape) - log(x)

    def _log_cdf(self, x: Array) -> Array:
        return exponentiated.log_tail(self.outer, self._w(x), Side.BELOW)

    def _log_sf(self, x: Array) -> Array:
        return exponentiated.log_tail(self.outer, self._w(x), Side.ABOVE)

    def _inner(self, x: Array) -> Derivatives:
        """Return w = shape log(x/scale) with its derivatives by all parameters."""
        y, unit = log_ratio(x, self.scale), 1.0 / self.scale
        slopes = (0.0, y, -self.shape * unit)
        return Derivatives(
            self.shape * y, slopes, (0.0, 0.0, 0.0, 0.0, -unit, self.shape * unit * unit)
        )

    def density_terms(self, x: Array) -> Derivatives:
        inner, unit = self._inner(x), 1.0 / self.shape
        outer = exponentiated.density_terms(self.outer, self._w(x))
        value, score, hessian = chained_with_shape(outer, inner)
        return Derivatives(
            value + log(self.shape) - log(x),
            (score[0], score[1] + unit, score[2]),
            (*hessian[:3], hessian[3] - unit * unit, *hessian[4:]),
        )

    def tail_terms(self, x: Array, side: Side) -> Derivatives:
        inner = self._inner(x)
        return chained_with_shape(exponentiated.tail_terms(self.outer, self._w(x), side), inner)

    def _quantile(self, q: Array) -> Array:
        return self._at(np.log(q))

    def _upper_quantile(self, q: Array) -> Array:
        return self._at(np.log1p(-q))

    def _at(self, log_below: Array) -> Array:
        return self.scale * np.exp(exponentiated.log_value_at(log_below, self.outer) / self.shape)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x: by quadrature."""
        return expectation(self, lambda _, x: x)

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared: by quadrature."""
        return expectation(self, lambda member, x: (x - member.mean) ** 2)

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats: by quadrature."""
        return expectation(self, lambda member, x: -member.log_prob(x))

    # likelihood

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return the Weibull of the data, and members of other powers with its median."""
        near = Weibull.start(sample, {})[0]
        starts = []
        for outer in (fixed["outer"],) if "outer" in fixed else _OUTERS:
            shape = fixed.get("shape", near.shape / np.sqrt(outer))
            to_median = exponentiated.log_value_at(np.asarray(-LOG_TWO), outer) / shape
            starts.append(cls(outer, shape, near.median * np.exp(-to_median)))
        return starts
