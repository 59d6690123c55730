"""Successes among a known number of trials: the binomial and the beta-binomial."""

from __future__ import annotations

from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from likeliest.distributions.bases import ByRow, ExponentialFamily, inside_support
from likeliest.distributions.derivatives import Derivatives, Side
from likeliest.distributions.families import shares
from likeliest.distributions.made import Made, made
from likeliest.distributions.parameters import Constraint
from likeliest.distributions.recipes import COMBINATORS, Combinator, Recipe
from likeliest.distributions.support import Support
from likeliest.errors import ParameterError
from likeliest.numerics.arrays import where
from likeliest.numerics.gamma import digamma_difference, gammaln_difference, trigamma_difference
from likeliest.numerics.special import gammaln, log, quotient, xlog1py, xlogy
from likeliest.numerics.tails import log_betainc

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Parameter
    from likeliest.distributions.sample import Sample
    from likeliest.distributions.statistics import SufficientStatistics
    from likeliest.numerics.arrays import Array

_MOST_TRIALS = 2.0**53  # beyond, float64 cannot tell counts apart
_MOST_SUMMED = 100_000  # trials of a beta-binomial, whose tails are sums
_UNDERFLOW = 1e-290  # of a tail beside the greatest mass
_LEAST_SIZE, _MOST_SIZE = 0.1, 1e4  # alpha + beta of a start


def binomial(trials: int) -> type[Distribution]:
    """Make the binomial family of a known number of trials: how many of them succeed.

    p(x) = C(trials, x) prob^x (1 - prob)^(trials-x) for x = 0, 1, …, trials.

    Parameters
    ----------
    trials : int
        How many there are, the same for each value; of one each it is `likeliest.Bernoulli`.

    Returns
    -------
    class
        The family, the same for the same number. Its parameter is `prob`.

    Raises
    ------
    ParameterError
        If the number is not whole, or below 1.

    Examples
    --------
    >>> import likeliest as lk
    >>> heads = [11, 8, 10, 13, 9]                            # of 20 tosses each
    >>> fit = lk.fit(heads, lk.binomial(20))
    >>> fit.family, fit.parameters["prob"]
    ('binomial(trials=20)', 0.51)
    """
    prob = Constraint(0.0, 1.0, low_closed=True, high_closed=True)
    return _of_trials("binomial", Binomial, trials, {"prob": prob}, most=_MOST_TRIALS)


def beta_binomial(trials: int) -> type[Distribution]:
    """Make the beta-binomial family of a known number of trials, whose probability varies.

    p(x) = C(trials, x) B(x + alpha, trials - x + beta) / B(alpha, beta) for x = 0, 1, …, trials, B
    being the beta function: a binomial whose probability is a beta's for each value.

    Parameters
    ----------
    trials : int
        How many there are, the same for each value.

    Returns
    -------
    class
        The family, the same for the same number. Its parameters are `alpha` and `beta`. As both go
        to infinity it becomes the binomial; where that is likelier than all members, a fit says so.

    Raises
    ------
    ParameterError
        If the number is not whole, below 2 or above 100,000.

    Examples
    --------
    >>> import likeliest as lk
    >>> sick = [0, 9, 1, 6, 3, 10, 0, 4]                      # of litters of 10
    >>> fit = lk.fit(sick, lk.beta_binomial(10))
    >>> round(float(fit.distribution.mean), 3)
    4.174
    """
    positive = Constraint(0.0, np.inf)
    parameters = {"alpha": positive, "beta": positive}
    return _of_trials("beta-binomial", BetaBinomial, trials, parameters, most=_MOST_SUMMED, least=2)


def _of_trials(
    name: str,
    base: type[Any],
    trials: Any,
    parameters: Mapping[str, Constraint],
    *,
    most: float,
    least: int = 1,
) -> type[Distribution]:
    is_number = isinstance(trials, (int, float, np.number)) and not isinstance(trials, bool)
    number = float(trials) if is_number else np.nan
    if not (number == np.floor(number) and least <= number <= most):
        raise ParameterError(
            f"{name} needs the number of trials, a whole number from {least} to {most:,.0f}, which "
            f"all values share; got {trials!r:.60}."
        )
    return made(
        base,
        Recipe(name, (), (("trials", int(number)),)),
        parameters,
        trials=number,
        discrete=True,
        support=Support(0.0, number, low_closed=True, high_closed=True, whole=True),
    )


COMBINATORS["binomial"] = Combinator(binomial, (), ("trials",))
COMBINATORS["beta-binomial"] = Combinator(beta_binomial, (), ("trials",))


class Binomial(ExponentialFamily, Made):
    """Successes among a known number of trials, each with the same probability.

    Source: Johnson, Kemp & Kotz (2005), ch. 3; mass after Loader (2000).
    """

    trials: ClassVar[float]
    prob: Parameter

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        n, p = self.trials, self.prob
        rest = n - x
        inner = (x > 0.0) & (rest > 0.0)
        k = where(inner, x, 0.5 * n)
        share = k / n
        logit = shares.log_density_of_logit(k, n - k, p + 0.0 * x, 1.0 - p + 0.0 * x, p - share)
        ends = xlogy(x, p + 0.0 * x) + xlog1py(rest, -p + 0.0 * x)
        impossible = inner & ((p + 0.0 * x <= 0.0) | (p + 0.0 * x >= 1.0))
        mass = where(inner, logit - log(k) - log(1.0 - share), ends)
        return where(impossible, -np.inf, mass)

    def _cdf(self, x: Array) -> Array:
        return np.exp(self._log_cdf(x))

    def _sf(self, x: Array) -> Array:
        return np.exp(self._log_sf(x))

    def _log_cdf(self, x: Array) -> Array:
        return log_betainc(self.trials - x, x + 1.0, 1.0 - self.prob, self.prob)

    def _log_sf(self, x: Array) -> Array:
        return log_betainc(x + 1.0, self.trials - x, self.prob, 1.0 - self.prob)

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return np.asarray(rng.binomial(int(self.trials), self.prob, shape), dtype=np.float64)

    # moments

    def moments(self) -> tuple[Parameter, Parameter]:
        mean = self.trials * self.prob
        return mean, mean * (1.0 - self.prob)

    # likelihood

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        p, rest = self.prob + 0.0 * x, self.trials - x
        some, short = x > 0.0, rest > 0.0
        won = where(some, x / where(some, p, 1.0), 0.0)
        lost = where(short, rest / where(short, 1.0 - p, 1.0), 0.0)
        return (won - lost,)

    def information(self) -> tuple[Parameter, ...]:
        return (self.trials / (self.prob * (1.0 - self.prob)),)

    @classmethod
    def statistics(cls, x: Array, pivot: float) -> tuple[Array, ...]:
        # The log mass near the estimate: raw sums of log C(n, x) would cancel.
        return x - pivot, cls(_inside(pivot / cls.trials)).log_prob(x)  # type: ignore[call-arg]

    @classmethod
    def maximize(cls, statistics: SufficientStatistics) -> Self:
        share = (statistics.pivot + statistics.mean[0]) / cls.trials
        return cls(np.clip(share, 0.0, 1.0))  # type: ignore[call-arg]  # declared when it is made

    def mean_log_prob(self, statistics: SufficientStatistics) -> Parameter:
        deviation, at_pivot = statistics.mean
        won = statistics.pivot + deviation
        share = _inside(statistics.pivot / self.trials)
        growth, fall = (self.prob - share) / share, (share - self.prob) / (1.0 - share)
        return at_pivot + xlog1py(won, growth) + xlog1py(self.trials - won, fall)

    def mean_score(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        return self._score(np.asarray(statistics.pivot + statistics.mean[0]))

    def hessian_of(self, n: Parameter, score: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
        p, q, trials = self.prob, 1.0 - self.prob, n * self.trials
        return (-quotient(trials + q * score[0], p) - quotient(trials - p * score[0], q),)

    def exact_range(self, n: float, tail: float) -> tuple[float, float]:
        log_least = np.log(tail) / (n * self.trials)  # that a share of 1 can be
        if self.prob == 1.0:
            return float(np.exp(log_least)), 1.0
        return 0.0, float(-np.expm1(log_least))

    @inside_support
    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        p, rest = self.prob, self.trials - x
        log_tail = self._log_cdf(x) if side is Side.BELOW else self._log_sf(x)
        # dF/dp is -trials times the mass at x of one trial less.
        first = side.value * np.exp(self._log_prob(x) - log_tail) * rest / (1.0 - p)
        slope = np.where(x > 0.0, x / p, 0.0) - (rest - 1.0) / (1.0 - p)
        return Derivatives(log_tail, (first,), (first * (slope - first),))


class BetaBinomial(ByRow, Made):
    """Successes among a known number of trials, whose probability is drawn from a beta each time.

    Source: Johnson, Kemp & Kotz (2005), section 6.2.2; Skellam (1948).
    """

    trials: ClassVar[float]
    alpha: Parameter
    beta: Parameter

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        a, b, n = self.alpha + 0.0 * x, self.beta + 0.0 * x, self.trials
        choose = gammaln(n + 1.0 + 0.0 * x) - gammaln(x + 1.0) - gammaln(n - x + 1.0)
        drawn = gammaln_difference(a, x) + gammaln_difference(b, n - x)
        return choose + drawn - gammaln_difference(a + b, n + 0.0 * x)

    def density_terms(self, x: Array) -> Derivatives:
        a, b, n = self.alpha, self.beta, self.trials
        whole = a + b
        slope, bend = digamma_difference(whole, n), trigamma_difference(whole, n)
        by_alpha, by_beta = digamma_difference(a, x), digamma_difference(b, n - x)
        alpha_twice, beta_twice = trigamma_difference(a, x), trigamma_difference(b, n - x)
        return Derivatives(
            self._log_prob(x),
            (by_alpha - slope, by_beta - slope),
            (alpha_twice - bend, -bend + 0.0 * x, beta_twice - bend),
        )

    def _log_cdf(self, x: Array) -> Array:
        member, k = self._with_all_counts()
        return self._picked(_log_sums(member.log_prob(k), Side.BELOW), x)

    def _log_sf(self, x: Array) -> Array:
        member, k = self._with_all_counts()
        return self._picked(_log_sums(member.log_prob(k), Side.ABOVE), x)

    def tail_terms(self, x: Array, side: Side) -> Derivatives:
        """Return the log of a tail with its derivatives: means over the counts in it."""
        member, k = self._with_all_counts()
        log_mass, score, hessian = member.density_terms(k)
        log_tail, top = _log_sums(np.asarray(log_mass), side), np.max(log_mass)
        mass, whole = np.exp(log_mass - top), np.exp(log_tail - top)
        lost = whole < _UNDERFLOW

        def mean(term: Parameter) -> Array:
            # Far out all but the nearest count may have underflown.
            each = np.broadcast_to(term, mass.shape)
            nearest = each if side is Side.BELOW else np.roll(each, -1, axis=-1)
            return np.where(lost, nearest, _sums(mass * each, side) / np.where(lost, 1.0, whole))

        first = tuple(map(mean, score))
        pairs = combinations_with_replacement(range(len(score)), 2)
        second = tuple(
            mean(h + score[i] * score[j]) - first[i] * first[j]
            for (i, j), h in zip(pairs, hessian, strict=True)
        )
        return Derivatives(
            self._picked(log_tail, x),
            tuple(self._picked(s, x) for s in first),
            tuple(self._picked(h, x) for h in second),
        )

    def _with_all_counts(self) -> tuple[Self, Array]:
        """Return members with a last axis for counts, and all of these."""
        k = np.arange(self.trials + 1.0)
        if not self.batch_shape or self.batch_shape[-1] == 1:
            return self, k
        by_row = {n: v if np.ndim(v) == 0 else v[..., None] for n, v in self.parameters.items()}  # type: ignore[index]
        return type(self).unchecked(**by_row), k

    def _picked(self, table: Array, x: Array) -> Array:
        """Return the entries of a table over all counts that belong to x."""
        if not self.batch_shape:
            return np.asarray(table[np.asarray(x, dtype=np.intp)])[()]
        at = np.broadcast_to(x, np.broadcast_shapes(np.shape(x), self.batch_shape)).astype(np.intp)
        if self.batch_shape[-1] == 1:
            return np.take_along_axis(table, at, axis=-1)
        return np.take_along_axis(table, at[..., None], axis=-1)[..., 0]

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        prob = rng.beta(self.alpha, self.beta, shape)
        return np.asarray(rng.binomial(int(self.trials), prob), dtype=np.float64)

    # moments

    def moments(self) -> tuple[Parameter, Parameter]:
        size = self.alpha + self.beta
        share, rest = self.alpha / size, self.beta / size
        spread = (size + self.trials) / (size + 1.0)  # relative to the binomial's
        return self.trials * share, self.trials * share * rest * spread

    # likelihood

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        common = sample.common()
        if common is None:
            return None
        for name, held in (("alpha", common[0] <= 0.0), ("beta", common[1] >= cls.trials)):
            if held and name not in fixed:
                value = 0.0 if name == "alpha" else cls.trials
                return f"rises towards 1 as {name} → 0: all values can be {value:g}"
        return None

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return the member with the mean and the variance of the data."""
        n = cls.trials
        share = _inside(sample.mean / n)
        extra = sample.spread() ** 2 / (n * share * (1.0 - share)) - 1.0
        size = np.clip((n - 1.0) / np.maximum(extra, 1e-9) - 1.0, _LEAST_SIZE, _MOST_SIZE)
        return [cls(share * size, (1.0 - share) * size)]  # type: ignore[call-arg]


def _inside(share: Parameter) -> Parameter:
    """Return a share, moved off 0 and 1."""
    return np.clip(share, 1e-12, 1.0 - 1e-12)


def _log_sums(logs: Array, side: Side) -> Array:
    """Return along the last axis the log of the sum up to each entry, or of what comes after."""
    if side is Side.BELOW:
        return np.logaddexp.accumulate(logs, axis=-1)
    after = np.logaddexp.accumulate(logs[..., :0:-1], axis=-1)[..., ::-1]
    return np.concatenate([after, np.full_like(logs[..., :1], -np.inf)], axis=-1)


def _sums(terms: Array, side: Side) -> Array:
    """Return the sums likewise."""
    if side is Side.BELOW:
        return np.cumsum(terms, axis=-1)
    after = np.cumsum(terms[..., :0:-1], axis=-1)[..., ::-1]
    return np.concatenate([after, np.zeros_like(terms[..., :1])], axis=-1)
