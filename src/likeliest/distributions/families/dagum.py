"""The Dagum distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ByRow
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Derivatives, Side, Standardisation, chained
from likeliest.distributions.families.odds import (
    log_odds_at,
    log_softplus,
    starts_about_loglogistic,
)
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive
from likeliest.distributions.standards import EXPONENTIAL, GUMBEL
from likeliest.distributions.support import POSITIVE_REALS
from likeliest.numerics.gamma import gammaln_difference, log_gamma_variance
from likeliest.numerics.saddlepoint import log_ratio
from likeliest.numerics.special import log, scipy_special, sigmoid, softplus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array


@family
class Dagum(ByRow, ContinuousDistribution):
    """Dagum distribution: incomes, with a power for the poor and another for the rich.

    f(x) = inner outer/x v / (1 + v)^(outer+1), v = (x/scale)^-inner, for x > 0: 1/x is Burr.

    Parameters
    ----------
    inner : array of any shape, > 0: the power of the tail. No unit.
    outer : array that broadcasts with `inner`, > 0: near 0 the density has the power
        inner · outer - 1. No unit; 1 is the log-logistic.
    scale : array that broadcasts with `inner`, > 0. In the unit of x.

    Source: Kleiber & Kotz (2003), section 6.3; also known as Burr III.

    Examples
    --------
    >>> float(Dagum(inner=2.0, outer=1.0, scale=3.0).cdf(3.0))
    0.5
    """

    name = "dagum"
    aliases = ("burr iii",)
    support = POSITIVE_REALS
    special_cases = {"loglogistic": {"outer": 1.0}}
    concentrates = {"inner": "∞"}
    centre = "scale"

    inner: Parameter = positive()
    outer: Parameter = positive()
    scale: Parameter = positive(power=1)

    # evaluation

    def _log_odds(self, x: Array) -> Array:
        return -self.inner * log_ratio(x, self.scale)

    def _log_prob(self, x: Array) -> Array:
        w = self._log_odds(x)
        peak = log(self.inner) + log(self.outer) - log(x)
        return peak + w - (self.outer + 1.0) * softplus(w)

    def _log_cdf(self, x: Array) -> Array:
        return -self.outer * softplus(self._log_odds(x))

    def _log_sf(self, x: Array) -> Array:
        log_hazard = log_softplus(self._log_odds(x)).value
        return GUMBEL.log_sf(-np.log(self.outer) - log_hazard)

    def density_terms(self, x: Array) -> Derivatives:
        c, d, unit = self.inner, self.outer, 1.0 / self.scale
        y = -log_ratio(x, self.scale)
        w = c * y
        hazard, share = softplus(w), sigmoid(w)
        slope = 1.0 - (d + 1.0) * share  # of w - (d + 1) log(1 + exp(w))
        bend = -(d + 1.0) * share * sigmoid(-w)
        value = log(c) + log(d) - log(x) + w - (d + 1.0) * hazard
        score = (1.0 / c + y * slope, 1.0 / d - hazard, c * unit * slope)
        hessian = (
            y * y * bend - (1.0 / c) * (1.0 / c),
            -y * share,
            unit * (slope + w * bend),
            0.0 * w - (1.0 / d) * (1.0 / d),
            -c * unit * share,
            c * unit * unit * (c * bend - slope),
        )
        return Derivatives(value, score, hessian)

    def tail_terms(self, x: Array, side: Side) -> Derivatives:
        # By -log(-log cdf), of which the tails are the Gumbel's.
        c, d, unit = self.inner, self.outer, 1.0 / self.scale
        y = -log_ratio(x, self.scale)
        w = c * y
        log_hazard, slope, bend = log_softplus(w)
        slopes = (-y * slope, -1.0 / d, -c * unit * slope)
        bends = (
            -y * y * bend,
            0.0,
            -unit * (slope + w * bend),
            (1.0 / d) * (1.0 / d),
            0.0,
            -c * unit * unit * (c * bend - slope),
        )
        inner = Standardisation(-np.log(d) - log_hazard, slopes, bends)
        return chained(GUMBEL.tail(inner.z, side), inner)

    def _quantile(self, q: Array) -> Array:
        return self._at_hazard(EXPONENTIAL.upper_quantile(q))

    def _upper_quantile(self, q: Array) -> Array:
        return self._at_hazard(EXPONENTIAL.quantile(q))

    def _at_hazard(self, t: Array) -> Array:
        return self.scale * np.exp(-log_odds_at(t / self.outer) / self.inner)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x; infinite for inner ≤ 1."""
        finite = np.greater(self.inner, 1.0)
        h = 1.0 / np.where(finite, self.inner, 2.0)
        # outer B(outer + h, 1 - h), B being the beta function
        logs = gammaln_difference(self.outer, h) + scipy_special().gammaln(1.0 - h)
        return np.where(finite, self.scale * np.exp(logs), np.inf)[()]

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared; infinite for inner ≤ 2."""
        finite = np.greater(self.inner, 2.0)
        h = 1.0 / np.where(finite, self.inner, 3.0)
        bend = gammaln_difference(self.outer + h, h) - gammaln_difference(self.outer, h)
        mean = np.where(finite, self.mean, 1.0)
        return np.where(finite, mean * mean * np.expm1(log_gamma_variance(-h) + bend), np.inf)[()]

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        c, d = self.inner, self.outer
        log_odds = -np.euler_gamma - scipy_special().digamma(d)  # the mean of log v
        return np.log(self.scale / c / d) - log_odds * (1.0 / c + 1.0) + 1.0 + 1.0 / d

    # likelihood

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return the log-logistic of the data, and members with a longer and a shorter tail."""
        return [cls(*start) for start in starts_about_loglogistic(sample, fixed, 1.0)]
