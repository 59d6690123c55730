"""The beta prime distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ByRow
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Derivatives, Side
from likeliest.distributions.families import shares
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive
from likeliest.distributions.sample import average
from likeliest.distributions.support import POSITIVE_REALS
from likeliest.numerics.gamma import log_minus_digamma
from likeliest.numerics.special import log

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array

_LEAST_SPREAD = 1e-12  # of a start: relative to the greatest that shares of that mean can have


@family
class BetaPrime(ByRow, ContinuousDistribution):
    """Beta prime distribution: odds whose probability is a beta; the ratio of two gammas.

    f(x) = x^(alpha-1) (1 + x)^(-alpha-beta) Γ(alpha + beta) / (Γ(alpha) Γ(beta)) for x > 0.

    Parameters
    ----------
    alpha : array of any shape, > 0. No unit.
    beta : array that broadcasts with `alpha`, > 0: the power with which the tail falls. No unit.

    Source: Johnson, Kotz & Balakrishnan (1995), ch. 25, section 7; density after Loader (2000).

    Examples
    --------
    >>> float(BetaPrime(alpha=2.0, beta=5.0).mean)
    0.5
    """

    name = "beta prime"
    aliases = ("inverted beta",)
    support = POSITIVE_REALS
    concentrates = {"alpha": "∞", "beta": "∞"}

    alpha: Parameter = positive()
    beta: Parameter = positive()

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        a, b, (share, rest) = self.alpha, self.beta, _shares(x)
        excess = shares.excess_of(a, b, share, rest) / (a + b)
        return shares.log_density_of_logit(a, b, share, rest, excess) - log(x)

    def _log_cdf(self, x: Array) -> Array:
        return shares.tail_of(self.alpha, self.beta, *_shares(x), Side.BELOW)

    def _log_sf(self, x: Array) -> Array:
        return shares.tail_of(self.alpha, self.beta, *_shares(x), Side.ABOVE)

    def density_terms(self, x: Array) -> Derivatives:
        a, b, (share, rest) = self.alpha, self.beta, _shares(x)
        excess = shares.excess_of(a, b, share, rest) / (a + b)
        value = shares.log_density_of_logit(a, b, share, rest, excess) - log(x)
        hessian = tuple(0.0 * x - term for term in shares.information_of(a, b))
        return Derivatives(value, shares.score_of(a, b, share, rest, excess), hessian)

    def tail_terms(self, x: Array, side: Side) -> Derivatives:
        return shares.tail_terms(self.alpha, self.beta, *_shares(x), side)

    def _quantile(self, q: Array) -> Array:
        return shares.odds_with(self.alpha, self.beta, q, Side.BELOW)

    def _upper_quantile(self, q: Array) -> Array:
        return shares.odds_with(self.alpha, self.beta, q, Side.ABOVE)

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return rng.standard_gamma(self.alpha, shape) / rng.standard_gamma(self.beta, shape)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value; infinite for beta ≤ 1."""
        finite = np.greater(self.beta, 1.0)
        return np.where(finite, self.alpha / (np.where(finite, self.beta, 2.0) - 1.0), np.inf)[()]

    @cached_property
    def var(self) -> Parameter:
        """Variance; infinite for beta ≤ 2."""
        finite = np.greater(self.beta, 2.0)
        rest = np.where(finite, self.beta, 3.0) - 1.0
        ratio = self.alpha / rest
        return np.where(finite, ratio * (ratio + 1.0) / (rest - 1.0), np.inf)[()]

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        a, b = self.alpha, self.beta
        mean_log = np.log(a / b) - log_minus_digamma(a) + log_minus_digamma(b)
        return shares.entropy_of_logit(a, b) + mean_log

    # likelihood

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return the member with the mean and the spread of x/(1 + x)."""
        share, _ = _shares(np.asarray(sample.values, dtype=np.float64))
        mean = average(share, sample.weights)
        most = mean * (1.0 - mean)
        square = average((share - mean) ** 2, sample.weights)
        size = most / np.maximum(square, _LEAST_SPREAD * most) - 1.0
        size = np.maximum(size, _LEAST_SIZE)
        return [cls(mean * size, (1.0 - mean) * size)]


_LEAST_SIZE = 1e-2  # alpha + beta of a start


def _shares(x: Array) -> tuple[Array, Array]:
    """Return x/(1 + x) and 1/(1 + x)."""
    rest = 1.0 / (1.0 + x)
    return x * rest, rest
