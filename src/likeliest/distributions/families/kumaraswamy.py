"""The Kumaraswamy distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ByRow
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Derivatives, Side
from likeliest.distributions.families import exponentiated
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive
from likeliest.distributions.sample import average
from likeliest.distributions.support import OPEN_UNIT_INTERVAL
from likeliest.numerics.gamma import gammaln_difference, log_gamma_variance
from likeliest.numerics.special import LOG_TWO, log, log1mexp, scipy_special

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array

_FACTORS = (0.2, 1.0, 3.0)  # of starts


@family
class Kumaraswamy(ByRow, ContinuousDistribution):
    """Kumaraswamy distribution: a share such as a reservoir's filling, with closed-form quantiles.

    f(x) = inner outer x^(inner-1) (1 - x^inner)^(outer-1) for 0 < x < 1.

    Parameters
    ----------
    inner : array of any shape, > 0: the power near 0. No unit.
    outer : array that broadcasts with `inner`, > 0: the power of 1 - x near 1. No unit.

    Source: Kumaraswamy (1980); Jones (2009).

    Examples
    --------
    >>> round(float(Kumaraswamy(inner=2.0, outer=2.0).cdf(0.5)), 12)
    0.4375
    """

    name = "kumaraswamy"
    support = OPEN_UNIT_INTERVAL
    concentrates = {"inner": "∞", "outer": "∞"}

    inner: Parameter = positive()
    outer: Parameter = positive()

    # evaluation: -inner log x is an exponential to the power `outer`, turned about

    def _w(self, x: Array) -> Array:
        return log(self.inner) + log(-log(x))

    def _log_prob(self, x: Array) -> Array:
        return exponentiated.log_density(self.outer, self._w(x)) - log(x) - log(-log(x))

    def _log_cdf(self, x: Array) -> Array:
        return exponentiated.log_tail(self.outer, self._w(x), Side.ABOVE)

    def _log_sf(self, x: Array) -> Array:
        return self.outer * log1mexp(self.inner * np.log(x))

    def density_terms(self, x: Array) -> Derivatives:
        of_w = exponentiated.density_terms(self.outer, self._w(x))
        return self._by_inner(of_w._replace(log_prob=of_w.log_prob - log(x) - log(-log(x))))

    def tail_terms(self, x: Array, side: Side) -> Derivatives:
        return self._by_inner(exponentiated.tail_terms(self.outer, self._w(x), Side(-side.value)))

    def _by_inner(self, of_w: Derivatives) -> Derivatives:
        """Return derivatives by `inner` and `outer` from those by `outer` and w."""
        (by_outer, by_w), (outer_twice, mixed, w_twice) = of_w.score, of_w.hessian
        unit = 1.0 / self.inner
        hessian = (unit * unit * (w_twice - by_w), unit * mixed, outer_twice)
        return Derivatives(of_w.log_prob, (unit * by_w, by_outer), hessian)

    def _quantile(self, q: Array) -> Array:
        return self._at(np.log1p(-q))

    def _upper_quantile(self, q: Array) -> Array:
        return self._at(np.log(q))

    def _at(self, log_above: Array) -> Array:
        return np.exp(log1mexp(log_above / self.outer) / self.inner)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value."""
        h = 1.0 / self.inner
        # outer B(1 + 1/inner, outer), B being the beta function
        return np.exp(scipy_special().gammaln(1.0 + h) - gammaln_difference(self.outer + 1.0, h))

    @cached_property
    def var(self) -> Parameter:
        """Variance."""
        h, above = 1.0 / self.inner, self.outer + 1.0
        bend = gammaln_difference(above + h, h) - gammaln_difference(above, h)
        return self.mean * self.mean * np.expm1(log_gamma_variance(h) - bend)

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        a, b = self.inner, self.outer
        harmonic = scipy_special().digamma(b + 1.0) + np.euler_gamma
        return (1.0 - 1.0 / b) + (1.0 - 1.0 / a) * harmonic - np.log(a) - np.log(b)

    # likelihood

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return for some powers near 0 the likeliest power near 1."""
        logs = np.log(np.asarray(sample.values, dtype=np.float64))
        middle = -LOG_TWO / np.log(sample.median())
        inners = [fixed["inner"]] if "inner" in fixed else [f * middle for f in _FACTORS]
        each = [average(log1mexp(inner * logs), sample.weights) for inner in inners]
        return [
            cls(inner, fixed.get("outer", -1.0 / log_rest))
            for inner, log_rest in zip(inners, each, strict=True)
        ]
