"""The F distribution."""

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
from likeliest.distributions.support import POSITIVE_REALS
from likeliest.numerics.gamma import log_minus_digamma
from likeliest.numerics.special import log

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array

_STARTS = ((4.0, 8.0), (30.0, 30.0))


@family
class F(ByRow, ContinuousDistribution):
    """F distribution: the ratio of two estimates of one variance, Fisher's and Snedecor's.

    f(x) = u^(dfn/2) (1 - u)^(dfd/2) / (x B(dfn/2, dfd/2)), u = dfn x / (dfn x + dfd), for x > 0, B
    being the beta function.

    Parameters
    ----------
    dfn : array of any shape, > 0: the degrees of freedom of the numerator. No unit.
    dfd : array that broadcasts with `dfn`, > 0: those of the denominator. No unit.

    Source: Johnson, Kotz & Balakrishnan (1995), ch. 27; density after Loader (2000).

    Examples
    --------
    >>> round(float(F(dfn=3.0, dfd=10.0).sf(3.7083)), 4)
    0.05
    """

    name = "f"
    aliases = ("fisher snedecor", "snedecor f")
    support = POSITIVE_REALS

    dfn: Parameter = positive()
    dfd: Parameter = positive()

    # evaluation: dfn x/dfd are the odds of a beta of half of each

    def _log_prob(self, x: Array) -> Array:
        a, b, (share, rest) = 0.5 * self.dfn, 0.5 * self.dfd, _shares(self.dfn, self.dfd, x)
        return shares.log_density_of_logit(a, b, share, rest, self._excess(x, rest)) - log(x)

    def _excess(self, x: Array, rest: Array) -> Array:
        """Return the share less its mean."""
        return self.dfn / (self.dfn + self.dfd) * rest * (x - 1.0)

    def _log_cdf(self, x: Array) -> Array:
        return shares.tail_of(
            0.5 * self.dfn, 0.5 * self.dfd, *_shares(self.dfn, self.dfd, x), Side.BELOW
        )

    def _log_sf(self, x: Array) -> Array:
        return shares.tail_of(
            0.5 * self.dfn, 0.5 * self.dfd, *_shares(self.dfn, self.dfd, x), Side.ABOVE
        )

    def density_terms(self, x: Array) -> Derivatives:
        a, b, (share, rest) = 0.5 * self.dfn, 0.5 * self.dfd, _shares(self.dfn, self.dfd, x)
        excess = self._excess(x, rest)
        value = shares.log_density_of_logit(a, b, share, rest, excess) - log(x)
        by_a, by_b = shares.score_of(a, b, share, rest, excess)
        a_twice, both, b_twice = shares.information_of(a, b)
        # The odds grow with dfn and fall with dfd, in proportion.
        slope, bend = -(a + b) * excess, -(a + b) * share * rest
        per_n, per_d = 1.0 / self.dfn, 1.0 / self.dfd
        return Derivatives(
            value,
            (0.5 * by_a + per_n * slope, 0.5 * by_b - per_d * slope),
            (
                per_n * rest + per_n * per_n * (bend - slope) - 0.25 * a_twice,
                -0.25 * both - 0.5 * (per_d * rest + per_n * share) - per_n * per_d * bend,
                per_d * share + per_d * per_d * (bend + slope) - 0.25 * b_twice,
            ),
        )

    def tail_terms(self, x: Array, side: Side) -> Derivatives:
        """Return the log of a tail with its derivatives: those of the share, whose end moves."""
        a, b, (share, rest) = 0.5 * self.dfn, 0.5 * self.dfd, _shares(self.dfn, self.dfd, x)
        excess = self._excess(x, rest)
        value, (by_a, by_b), (a_twice, both, b_twice) = shares.tail_terms(a, b, share, rest, side)
        # By the logit of the share: the density there over the tail, but for the sign.
        log_density = shares.log_density_of_logit(a, b, share, rest, excess)
        slope = -side.value * np.exp(log_density - value)
        bend = slope * (-(a + b) * excess - slope)
        score_a, score_b = shares.score_of(a, b, share, rest, excess)
        with_a, with_b = slope * (score_a - by_a), slope * (score_b - by_b)
        per_n, per_d = 1.0 / self.dfn, 1.0 / self.dfd
        return Derivatives(
            value,
            (0.5 * by_a + per_n * slope, 0.5 * by_b - per_d * slope),
            (
                0.25 * a_twice + per_n * with_a + per_n * per_n * (bend - slope),
                0.25 * both + 0.5 * (per_n * with_b - per_d * with_a) - per_n * per_d * bend,
                0.25 * b_twice - per_d * with_b + per_d * per_d * (bend + slope),
            ),
        )

    def _quantile(self, q: Array) -> Array:
        return self._at(shares.odds_with(0.5 * self.dfn, 0.5 * self.dfd, q, Side.BELOW))

    def _upper_quantile(self, q: Array) -> Array:
        return self._at(shares.odds_with(0.5 * self.dfn, 0.5 * self.dfd, q, Side.ABOVE))

    def _at(self, odds: Array) -> Array:
        return self.dfd / self.dfn * odds

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return rng.f(self.dfn, self.dfd, shape)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value; infinite for dfd ≤ 2."""
        finite = np.greater(self.dfd, 2.0)
        d = np.where(finite, self.dfd, 3.0)
        return np.where(finite, d / (d - 2.0), np.inf)[()]

    @cached_property
    def var(self) -> Parameter:
        """Variance; infinite for dfd ≤ 4."""
        finite = np.greater(self.dfd, 4.0)
        d = np.where(finite, self.dfd, 5.0)
        var = 2.0 * (d / (d - 2.0)) ** 2 * ((self.dfn + d - 2.0) / self.dfn / (d - 4.0))
        return np.where(finite, var, np.inf)[()]

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        a, b = 0.5 * self.dfn, 0.5 * self.dfd
        return shares.entropy_of_logit(a, b) - log_minus_digamma(a) + log_minus_digamma(b)

    # likelihood

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        common = sample.common()
        if common is None or fixed or not common[0] <= 1.0 <= common[1]:
            return None
        return "grows without limit as dfn → ∞ and dfd → ∞: all values can be 1"

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return members with wide and with narrow tails."""
        return [cls(*start) for start in _STARTS]


def _shares(dfn: Parameter, dfd: Parameter, x: Array) -> tuple[Array, Array]:
    """Return u = dfn x/(dfn x + dfd) and 1 - u."""
    odds = dfn / dfd * x
    rest = 1.0 / (1.0 + odds)
    return odds * rest, rest
