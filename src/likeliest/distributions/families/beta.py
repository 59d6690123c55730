"""The beta distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ExponentialFamily, inside_support
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.families import shares
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive
from likeliest.distributions.support import OPEN_UNIT_INTERVAL
from likeliest.errors import ConvergenceError
from likeliest.numerics.gamma import (
    log_minus_digamma,
    x_trigamma_minus_one,
)
from likeliest.numerics.logs import Curve
from likeliest.numerics.saddlepoint import (
    are_close,
    curves,
    excess_and_curve,
)
from likeliest.numerics.special import (
    log,
    log1p,
    log1pmx,
)
from likeliest.numerics.tails import betainc, betainc_inverse, betaincc_inverse, log_betainc

if TYPE_CHECKING:
    from likeliest.distributions.derivatives import Derivatives, Side
    from likeliest.distributions.families.shares import Pair
    from likeliest.distributions.statistics import Statistic, SufficientStatistics
    from likeliest.numerics.arrays import Array


@family
class Beta(ExponentialFamily, ContinuousDistribution):
    """Beta distribution: a share or a probability, between 0 and 1.

    f(x) = x^(alpha-1) (1 - x)^(beta-1) Γ(alpha + beta) / (Γ(alpha) Γ(beta)) for 0 < x < 1.

    Parameters
    ----------
    alpha : array of any shape, > 0. No unit.
    beta : array that broadcasts with `alpha`, > 0. No unit.

    Source: Johnson, Kotz & Balakrishnan (1995), ch. 25; density after Loader (2000).

    Examples
    --------
    >>> Beta(alpha=2.0, beta=6.0).mean
    0.25
    """

    name = "beta"
    support = OPEN_UNIT_INTERVAL
    concentrates = {"alpha": "∞", "beta": "∞"}

    alpha: Parameter = positive()
    beta: Parameter = positive()

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        a, b = self.alpha, self.beta
        excess = self._excess(x) / (a + b)
        return shares.log_density_of_logit(a, b, x, 1.0 - x, excess) - log(x) - log1p(-x)

    def _excess(self, x: Parameter) -> Parameter:
        """(alpha + beta) x - alpha, to more digits than its terms have."""
        y = 1.0 - x
        lost = (1.0 - y) - x
        return shares.excess_of(self.alpha, self.beta, x, y) - self.alpha * lost

    def _cdf(self, x: Array) -> Array:
        return betainc(self.alpha, self.beta, x, 1.0 - x)

    def _sf(self, x: Array) -> Array:
        return betainc(self.beta, self.alpha, 1.0 - x, x)

    def _log_cdf(self, x: Array) -> Array:
        return log_betainc(self.alpha, self.beta, x, 1.0 - x)

    def _log_sf(self, x: Array) -> Array:
        return log_betainc(self.beta, self.alpha, 1.0 - x, x)

    def _quantile(self, q: Array) -> Array:
        return betainc_inverse(self.alpha, self.beta, q)

    def _upper_quantile(self, q: Array) -> Array:
        return betaincc_inverse(self.alpha, self.beta, q)

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return rng.beta(self.alpha, self.beta, shape)

    def reflected(self) -> Self:
        """Return the distribution of 1 - X."""
        return type(self)(self.beta, self.alpha)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value."""
        return self.alpha / (self.alpha + self.beta)

    @cached_property
    def var(self) -> Parameter:
        """Variance."""
        n = self.alpha + self.beta
        return self.mean * (self.beta / n) / (n + 1.0)

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        a, b = self.alpha, self.beta
        n = a + b
        # That of the logit, and the mean of log x (1 - x).
        logs = np.log(a / n) - log_minus_digamma(a) + np.log(b / n) - log_minus_digamma(b)
        return shares.entropy_of_logit(a, b) + logs + 2.0 * log_minus_digamma(n)

    # likelihood

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        a, b = self.alpha, self.beta
        return shares.score_of(a, b, x, 1.0 - x, self._excess(x) / (a + b))

    def information(self) -> tuple[Parameter, ...]:
        return shares.information_of(self.alpha, self.beta)

    def errors(self) -> tuple[tuple[Parameter, ...], Parameter]:
        a, b = self.alpha, self.beta
        of_a, of_b, of_both, determinant = _scaled_information(a, b)
        root_a, root_b = np.sqrt(of_a / determinant), np.sqrt(of_b / determinant)
        by_both = np.sqrt(a / b) * (of_both / determinant / root_a / root_b)
        return (np.sqrt(a) * root_a, np.sqrt(b) * root_b), by_both

    @staticmethod
    def statistics(x: Array, pivot: float) -> tuple[Statistic, ...]:
        # e - log(1 + e) of the excess of x over the pivot, and of 1 - x over 1 - pivot: the logs
        # less their leading terms, so that a tight sample keeps its digits.
        excess, below = excess_and_curve(x, pivot)
        deficit = (pivot - x) / (1.0 - pivot)
        if np.ndim(pivot):
            return excess, below, curves(deficit, (1.0 - x) / (1.0 - pivot))
        if are_close(1.0 - x, 1.0 - pivot):
            return excess, below, -log1pmx(deficit)
        return excess, below, Curve(deficit, (1.0 - x) * (1.0 / (1.0 - pivot)))

    @classmethod
    def maximize(cls, statistics: SufficientStatistics) -> Self:
        """Solve for both, on as many groups at once as there are."""
        excess, below, above = statistics.mean
        pivot = statistics.pivot
        deficit = -excess * pivot / (1.0 - pivot)
        means = pivot * (1.0 + excess), (1.0 - pivot) * (1.0 + deficit)
        # The log of the mean less the mean log, of x and of 1 - x.
        gaps = below + log1pmx(excess), above + log1pmx(deficit)
        tight = np.maximum(*gaps) < _SMALL_GAP
        with np.errstate(all="ignore"):
            wide_root, tight_root = _by_newton(means, gaps), _by_expansion(means, gaps)
        a, b = (np.where(tight, t, w)[()] for t, w in zip(tight_root, wide_root, strict=True))
        if not np.all(np.isfinite(a) & np.isfinite(b)):
            raise ConvergenceError(
                f"Shares as small as {np.min(np.minimum(*means)):.3g} need a beta with parameters "
                "beyond what float64 can hold. To rounding it is a gamma: fit that."
            )
        return cls(a, b)

    def mean_log_prob(self, statistics: SufficientStatistics) -> Parameter:
        excess, below, above = statistics.mean
        a, b, pivot = self.alpha, self.beta, statistics.pivot
        # log f(x) - log f(pivot) is linear in the statistics; a - 1 - pivot (a + b - 2) is the
        # slope at the pivot.
        pull = (self._excess(pivot) + 1.0 - 2.0 * pivot) / (1.0 - pivot)
        return self.log_prob(pivot) - pull * excess - (a - 1.0) * below - (b - 1.0) * above

    def mean_score(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        excess, below, above = statistics.mean
        pivot = statistics.pivot
        by_alpha, by_beta = self._score(np.asarray(pivot))
        deficit = -excess * pivot / (1.0 - pivot)
        return by_alpha + (excess - below), by_beta + (deficit - above)

    def hessian_of(self, n: Parameter, score: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
        by_alpha, by_both, by_beta = self.information()
        return -n * by_alpha, -n * by_both, -n * by_beta

    @inside_support
    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        return shares.tail_terms(self.alpha, self.beta, x, 1.0 - x, side)


_SMALL_GAP = 1e-4  # both parameters are then some thousands or more
_MOST = 100  # Newton steps; quadratic convergence needs some six


def _by_newton(means: Pair, gaps: Pair) -> Pair:
    """Solve the likelihood equations by Newton's method in log a and log b."""
    (mean, rest), (gap_x, gap_y) = means, gaps
    spread = -mean * np.expm1(-gap_x) - rest * np.expm1(-gap_y)
    a = 0.5 + 0.5 * mean * np.exp(-gap_x) / spread
    b = 0.5 + 0.5 * rest * np.exp(-gap_y) / spread
    for _ in range(_MOST):
        step_a, step_b = _newton_step(a, b, means, gaps)
        a, b = a * np.exp(step_a), b * np.exp(step_b)
        if np.all(np.maximum(np.abs(step_a), np.abs(step_b)) < 1e-14):
            break
    return a, b


def _by_expansion(means: Pair, gaps: Pair) -> Pair:
    """Solve them where both parameters are large, by repeated substitution.

    There log a - ψ(a) is nearly 1/(2a), so that a + b follows from the gaps' average and the
    logit of a/(a + b) from that of the mean and the gaps' difference; each round gains four
    digits, and nothing large is subtracted.
    """
    (mean, rest), (gap_x, gap_y) = means, gaps
    gap = mean * gap_x + rest * gap_y
    n, shift = 0.5 / gap, gap_y - gap_x
    for _ in range(6):
        growth = np.expm1(shift) / (1.0 + mean * np.expm1(shift))
        up, down = rest * growth, -mean * growth
        a, b = mean * (1.0 + up) * n, rest * (1.0 + down) * n
        of_a, of_b = log_minus_digamma(a), log_minus_digamma(b)
        bend = mean * (of_a - log1pmx(up)) + rest * (of_b - log1pmx(down))
        shift, n = gap_y - gap_x + (of_a - of_b), n * (bend - log_minus_digamma(n)) / gap
    return a, b


def _scaled_information(a: Parameter, b: Parameter) -> tuple[Array, Array, Array, Array]:
    """Return b n (ψ'(b) - ψ'(n)), a n (ψ'(a) - ψ'(n)), b n ψ'(n) and a b n |information|.

    n is a + b. Of parameters far apart it is the larger to rounding, so that n - b is written a.
    """
    n = a + b
    x_a, x_b, x_n = x_trigamma_minus_one(a), x_trigamma_minus_one(b), x_trigamma_minus_one(n)
    of_a, of_b = a + a * x_b + b * (x_b - x_n), b + b * x_a + a * (x_a - x_n)
    determinant = a * x_a + b * x_b - n * x_n + n * x_a * x_b - x_n * (b * x_a + a * x_b)
    return of_a, of_b, b * (1.0 + x_n), determinant


def _newton_step(a: Parameter, b: Parameter, means: Pair, gaps: Pair) -> Pair:
    """Return the Newton step of log a and log b."""
    (mean, rest), n = means, a + b
    # log(a/(n mean)) and log(b/(n rest)): the one nearer 0 from the other's digits.
    upper = mean > rest
    ratio_a = np.where(upper, np.log1p((rest - b / n) / mean), np.log(a / (n * mean)))
    ratio_b = np.where(upper, np.log(b / (n * rest)), np.log1p((mean - a / n) / rest))
    # E[log x] - ψ(a) + ψ(n), and the same of 1 - x.
    by_a = log_minus_digamma(a) - log_minus_digamma(n) - ratio_a - gaps[0]
    by_b = log_minus_digamma(b) - log_minus_digamma(n) - ratio_b - gaps[1]
    of_a, of_b, of_both, determinant = _scaled_information(a, b)
    step_a = (of_a * by_a + of_both * by_b) / determinant
    step_b = (of_both * (a / b) * by_a + of_b * by_b) / determinant
    return np.clip(step_a, -2.0, 2.0), np.clip(step_b, -2.0, 2.0)
