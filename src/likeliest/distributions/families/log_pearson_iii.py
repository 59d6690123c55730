"""The log-Pearson III distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from likeliest.distributions.bases import ByRow, in_double
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Side
from likeliest.distributions.families.pearson_iii import (
    REGULAR_WITHIN,
    PearsonIII,
    starts,
    why_irregular,
    without_top,
)
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive, real
from likeliest.distributions.support import POSITIVE_REALS, Support
from likeliest.numerics.arrays import is_tensor
from likeliest.numerics.log_deviation import log_deviation
from likeliest.numerics.special import exp, log, log1pmx_over

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from likeliest.distributions.derivatives import Derivatives
    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array, Number

_NEAR_END = 0.02  # of the way to the mean of log x


@family
class LogPearsonIII(ByRow, ContinuousDistribution):
    """Log-Pearson III distribution: the flood law of the United States' agencies.

    f(x) = g(log x)/x for x > 0, g being the Pearson III density: of skewness, mean and standard
    deviation.

    Parameters
    ----------
    skewness : array of any shape: of log x; 0 is the lognormal. No unit.
    log_mean : array that broadcasts with `skewness`: the mean of log x. No unit.
    log_std : array that broadcasts with `skewness`, > 0: the standard deviation of log x. No unit.

    Notes
    -----
    The logarithm is the natural one: the mean and the standard deviation of log10 x, of which
    hydrologists' tables speak, are `log_mean` and `log_std` over log 10 = 2.3026; the skewness is
    the same. The flood of a return period of 100 years is `quantile(0.99)`.

    It begins at exp(log_mean - 2 log_std/skewness), or ends there if the skewness is negative. A
    fit keeps the skewness between -2 and 2: beyond, the likelihood grows without limit as the end
    nears the least, or the greatest, value. Agencies' guidelines (Bulletin 17) take moments of
    log x, with a skewness pooled from many rivers, in the place of the likeliest: such a skewness
    can be held by `fixed`.

    Source: England et al. (2019), Bulletin 17C; Bobée (1975).

    Examples
    --------
    >>> flood = LogPearsonIII(skewness=0.5, log_mean=7.0, log_std=0.6)
    >>> round(float(flood.quantile(0.99)), 1)
    5494.1
    """

    name = "log-pearson iii"
    aliases = ("log-pearson", "log-pearson3", "log-pearson type iii", "log-pearson type 3", "lp3")
    support = POSITIVE_REALS
    special_cases = {"lognormal": {"skewness": 0.0}}
    concentrates = {"log_std": "0"}
    centre = "log_mean"

    skewness: Parameter = real(power=0, regular_above=-REGULAR_WITHIN, regular_below=REGULAR_WITHIN)
    log_mean: Parameter = real(power=0)
    log_std: Parameter = positive()

    @property
    def _of_log(self) -> PearsonIII:
        return PearsonIII.unchecked(skewness=self.skewness, mean=self.log_mean, std=self.log_std)

    def bounds(self) -> Support:
        of_log = self._of_log.bounds()
        with np.errstate(over="ignore"):
            return Support(_at_end(of_log.low), _at_end(of_log.high))

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        return self._of_log.log_prob_at(self._of_log.w(*self._logs(x))) - log(x)

    def _log_cdf(self, x: Array) -> Array:
        return self._of_log.log_tail_at(self._of_log.w(*self._logs(x)), Side.BELOW)

    def _log_sf(self, x: Array) -> Array:
        return self._of_log.log_tail_at(self._of_log.w(*self._logs(x)), Side.ABOVE)

    @in_double
    def density_terms(self, x: Array) -> Derivatives:
        y, rest = self._logs(x)
        terms = self._of_log.density_terms_at(self._of_log.w_terms(y, rest))
        return terms._replace(log_prob=terms.log_prob - y)

    def tail_terms(self, x: Array, side: Side) -> Derivatives:
        return self._of_log.tail_terms_at(self._of_log.w_terms(*self._logs(x)), side)

    def _logs(self, x: Array) -> tuple[Array, Number]:
        """Return log x, and near the end of the support what rounding has taken from it."""
        y = log(x)
        if is_tensor(y):
            return y, 0.0
        near_end = 1.0 + 0.5 * self.skewness * (y - self.log_mean) / self.log_std < _NEAR_END
        if not near_end.any():
            return y, 0.0
        rest = np.zeros(near_end.shape)
        some, logs = (np.broadcast_to(v, near_end.shape)[near_end] for v in (x, y))
        rest[near_end] = log_deviation(some, logs, 0.0)
        return y, rest

    def _quantile(self, q: Array) -> Array:
        return self._at(self._of_log.w_quantile(q))

    def _upper_quantile(self, q: Array) -> Array:
        return self._at(self._of_log.w_upper_quantile(q))

    def _at(self, w: Array) -> Array:
        """Return the x at w: near the end of the support to more digits than exp(log x) has."""
        x = np.exp(self._of_log.x_at(w))
        reached = self._of_log.w(*self._logs(x))
        step = self.log_std * np.exp(0.5 * self.skewness * reached) * (w - reached)
        return np.where(np.isfinite(step), x * (1.0 + step), x)

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return np.exp(self._of_log._sample(shape, rng))  # noqa: SLF001

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x; infinite where skewness · log_std ≥ 2."""
        return np.exp(self._log_moment(1.0))

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared; infinite where skewness · log_std ≥ 1."""
        first, second = self._log_moment(1.0), self._log_moment(2.0)
        finite = np.isfinite(second)
        ratio = np.where(finite, second, 0.0) - 2.0 * np.where(finite, first, 0.0)
        return np.where(finite, np.exp(2.0 * first) * np.expm1(ratio), np.inf)[()]

    def _log_moment(self, power: float) -> Parameter:
        """Return log E[X^power], by the Laplace transform of a gamma; ∞ where there is none."""
        r, s = 0.5 * np.asarray(self.skewness), power * np.asarray(self.log_std)
        flat, t = np.equal(r, 0.0), r * s
        finite = t < 1.0
        curve = s / np.where(flat, 1.0, r) * log1pmx_over(-np.where(finite, t, 0.0))
        curve = np.where(flat, 0.5 * s * s, curve)
        return np.where(finite, power * self.log_mean + curve, np.inf)[()]

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        return self._of_log.entropy + self.log_mean

    # likelihood

    def rescaled(self, factor: float) -> Self:
        return type(self)(self.skewness, self.log_mean + np.log(factor), self.log_std)

    def notes(self, sample: Sample, estimated: Collection[str]) -> tuple[str, ...]:
        return why_irregular(float(self.skewness))

    def without_top(self, sample: Sample) -> tuple[str, str] | None:
        return without_top(float(self.skewness), sample)

    @classmethod
    def centre_of(cls, fixed: Mapping[str, float]) -> float | None:
        return float(np.exp(fixed["log_mean"])) if "log_mean" in fixed else None

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return members of the logarithms of the data."""
        of_log = {name.removeprefix("log_"): value for name, value in fixed.items()}
        logs = np.log(np.asarray(sample.values, dtype=np.float64))
        return [cls(*one) for one in starts(logs, sample.weights, of_log)]


def _at_end(of_log: Any) -> Any:
    """Return an end of the support: without a gradient, which may leave what float64 holds."""
    return exp(of_log.detach() if is_tensor(of_log) else of_log)
