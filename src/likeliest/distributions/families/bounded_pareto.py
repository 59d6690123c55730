"""The bounded Pareto distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np

from likeliest.distributions.bases import ClosedForm, inside_support
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.corner import Corner
from likeliest.distributions.derivatives import Derivatives, Side, Total
from likeliest.distributions.families.ends import ends_of, require_order
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive, real
from likeliest.distributions.quadrature import expectation
from likeliest.distributions.support import POSITIVE_REALS, Support
from likeliest.numerics.arrays import where
from likeliest.numerics.quotients import expm1_over, expm1_quotient
from likeliest.numerics.roots import newton_between
from likeliest.numerics.saddlepoint import log_ratio, logs_of_quotient
from likeliest.numerics.special import absolute, log, log1mexp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.distributions.statistics import Statistic, SufficientStatistics
    from likeliest.numerics.arrays import Array, Indices, Number


@family
class BoundedPareto(ClosedForm, ContinuousDistribution):
    """Bounded Pareto distribution: sizes between two ends whose density is a power.

    f(x) = shape x^(-shape-1) / (low^-shape - high^-shape) for low ≤ x ≤ high.

    Parameters
    ----------
    shape : array of any shape: the power of the Pareto that is cut off. No unit; 0 is the
        log-uniform, -1 the uniform.
    low : array that broadcasts with `shape`, > 0. In the unit of x.
    high : array that broadcasts with `shape`, > low. In the unit of x.

    Notes
    -----
    The estimates of the ends are the least and the greatest value, where the likelihood has
    corners.

    Source: Aban, Meerschaert & Panorska (2006).

    Examples
    --------
    >>> round(float(BoundedPareto(shape=1.0, low=1.0, high=3.0).cdf(1.5)), 12)
    0.5
    """

    name = "bounded pareto"
    aliases = ("truncated pareto",)
    support = POSITIVE_REALS
    special_cases = {"log-uniform": {"shape": 0.0}}
    concentrates = {"low": "x", "high": "x"}
    corners = {"low": Corner.LOW_END, "high": Corner.HIGH_END}
    has_one_top = True
    closed_given = ("shape", "low", "high")

    shape: Parameter = real()
    low: Parameter = positive(power=1)
    high: Parameter = positive(power=1)

    def _check(self) -> None:
        require_order(self)

    def bounds(self) -> Support:
        return Support(self.low, self.high, low_closed=True, high_closed=True)

    # evaluation: log(x/low) is an exponential of rate `shape`, cut off at its span

    @cached_property
    def _span(self) -> Parameter:
        return log_ratio(self.high, self.low)

    def _log_prob(self, x: Array) -> Array:
        # From the end at which it is highest: there nothing large cancels.
        k, span = absolute(self.shape), log_ratio(self.high, self.low)
        fall = where(self.shape < 0.0, log_ratio(self.high, x), log_ratio(x, self.low))
        # By its series near 0, through which tensors' gradients lose nothing.
        return -k * fall - log(x) - log(span) - log(expm1_quotient(-k * span).value)

    def _cdf(self, x: Array) -> Array:
        return np.exp(self._log_cdf(x))

    def _sf(self, x: Array) -> Array:
        return np.exp(self._log_sf(x))

    def _log_cdf(self, x: Array) -> Array:
        return _log_share(log_ratio(x, self.low), log_ratio(self.high, x), self.shape, self._span)

    def _log_sf(self, x: Array) -> Array:
        return _log_share(log_ratio(self.high, x), log_ratio(x, self.low), -self.shape, self._span)

    def _whole(self, rate: Parameter) -> _Within:
        return _within(self._span, rate)

    def _quantile(self, q: Array) -> Array:
        return self.low * np.exp(_length_of(q, self.shape, self._span))

    def _upper_quantile(self, q: Array) -> Array:
        return self.high * np.exp(-_length_of(q, -self.shape, self._span))

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x."""
        # The same integral at a rate that is less by 1.
        span, k = self._span, self.shape
        return self.low * np.exp(log_mean((k - 1.0) * span).value - log_mean(k * span).value)

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared: by quadrature."""
        return expectation(self, lambda member, x: (x - member.mean) ** 2)

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        span, k = self._span, self.shape
        front, slope, _ = log_mean(k * span)
        return np.log(span) + front - (k + 1.0) * span * slope + np.log(self.low)

    # likelihood

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        span, k = log_ratio(self.high, self.low), self.shape
        w, level = k * span, 0.0 * x
        return (
            -log_ratio(x, self.low) - span * log_mean(w).slope,
            level + 1.0 / (expm1_over(-w) * span * self.low),
            level - 1.0 / (expm1_over(w) * span * self.high),
        )

    def derivatives(self, x: Array, total: Total) -> Derivatives:
        n, mean_log = total(1.0 + 0.0 * x), total(np.log(x))
        return self._summed(n, total(log_ratio(x, self.low)), mean_log)

    def _summed(self, n: Parameter, above: Parameter, logs: Parameter) -> Derivatives:
        """Return the sums of log density, score and Hessian of n values.

        `above`, `logs`: the sums of log(x/low) and of log x.
        """
        k, span = self.shape, self._span
        front, slope, bend = log_mean(k * span)
        low, high, inverse = 1.0 / self.low, 1.0 / self.high, 1.0 / span
        turn, square = slope + k * span * bend, inverse * inverse - k * k * bend
        at_low, at_high = (inverse / expm1_over(sign * k * span) for sign in (-1.0, 1.0))
        return Derivatives(
            -logs - k * above - n * (np.log(span) + front),
            (-above - n * span * slope, n * low * at_low, -n * high * at_high),
            (
                -n * span * span * bend,
                n * low * (1.0 + turn),
                -n * high * turn,
                n * low * low * (square - at_low),
                -n * low * high * square,
                n * high * high * (square + at_high),
            ),
        )

    @inside_support
    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        """Return the log of a tail with its derivatives, by row."""
        below = side is Side.BELOW
        k = self.shape if below else -self.shape
        far_end, own_end = (self.high, self.low) if below else (self.low, self.high)
        near = _within(np.abs(log_ratio(x, own_end)), k)
        whole, own, far = self._whole(k), 1.0 / own_end, 1.0 / far_end
        sign = 1.0 if below else -1.0
        by_t, by_tt = near.by_t - whole.by_t, near.by_tt - whole.by_tt
        level = 0.0 * near.by_t
        by_own, by_far = -sign * own * by_t, -sign * far * whole.by_t + level
        own_twice = own * own * (by_tt + sign * by_t)
        far_twice = -far * far * (whole.by_tt - sign * whole.by_t) + level
        both = own * far * whole.by_tt + level
        by_rate = sign * (near.by_rate - whole.by_rate)
        own_mixed = -own * (near.by_both - whole.by_both)
        far_mixed = -far * whole.by_both + level
        rate_twice = near.by_rate_twice - whole.by_rate_twice
        value = self._log_cdf(x) if below else self._log_sf(x)
        if below:
            return Derivatives(
                value,
                (by_rate, by_own, by_far),
                (rate_twice, own_mixed, far_mixed, own_twice, both, far_twice),
            )
        return Derivatives(
            value,
            (by_rate, by_far, by_own),
            (rate_twice, far_mixed, own_mixed, far_twice, both, own_twice),
        )

    def information(self) -> tuple[Parameter, ...]:
        # The ends' entries are never used: their estimates sit in corners.
        span = self._span
        return span * span * log_mean(self.shape * span).bend, 0.0, 0.0, 0.0, 0.0, 0.0

    @staticmethod
    def statistics(x: Array, pivot: float) -> tuple[Statistic, ...]:
        return (logs_of_quotient(x, pivot),)

    @classmethod
    def maximize(cls, statistics: SufficientStatistics) -> Self:
        return cls.maximize_given(statistics, {})

    @classmethod
    def maximize_given(cls, statistics: SufficientStatistics, fixed: Mapping[str, float]) -> Self:
        low, high = ends_of(cls.name, statistics, fixed)
        if "shape" in fixed:
            return cls(fixed["shape"], low, high)
        span = log_ratio(high, low)
        above = statistics.mean[0] - log_ratio(low, statistics.pivot)
        return cls(_rate_with_mean(above / span) / span, low, high)

    def mean_log_prob(self, statistics: SufficientStatistics) -> Parameter:
        return self.mean_derivatives(statistics).log_prob

    def mean_score(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        return self.mean_derivatives(statistics).score

    def mean_hessian(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        return self.mean_derivatives(statistics).hessian

    def mean_derivatives(self, statistics: SufficientStatistics) -> Derivatives:
        above = statistics.mean[0] - log_ratio(self.low, statistics.pivot)
        return self._summed(1.0, above, statistics.mean[0] + np.log(statistics.pivot))

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return the log-uniform between ends a little beyond the values."""
        low = fixed.get("low", 0.9 * sample.low)
        return [cls(fixed.get("shape", 0.0), low, fixed.get("high", 1.1 * sample.high))]


class _LogMean(NamedTuple):
    """The log of the mean of exp(-w u) over u from 0 to 1, with its derivatives by w."""

    value: Number
    slope: Number
    bend: Number


def log_mean(w: Number) -> _LogMean:
    """Return log((1 - exp(-w))/w), 0 at 0, with its derivatives; w of either sign."""
    quotient = expm1_quotient(-absolute(w))
    slope = -quotient.first / quotient.value
    bend = quotient.second / quotient.value - slope * slope
    turned = w < 0.0
    return _LogMean(
        log(quotient.value) + where(turned, -w, 0.0 * w),
        where(turned, -1.0 - slope, slope),
        bend,
    )


class _Within(NamedTuple):
    """Derivatives of the log of the integral of exp(-rate s) over s from 0 to t."""

    by_t: Parameter
    by_rate: Parameter
    by_tt: Parameter
    by_both: Parameter
    by_rate_twice: Parameter


def _within(t: Parameter, rate: Parameter) -> _Within:
    w = rate * t
    _, slope, bend = log_mean(w)
    inverse = 1.0 / t
    return _Within(
        inverse + rate * slope,
        t * slope,
        rate * rate * bend - inverse * inverse,
        slope + w * bend,
        t * t * bend,
    )


def _log_share(t: Array, rest: Array, rate: Parameter, span: Parameter) -> Array:
    """Return the log of the probability of the first t of an exponential that is cut off.

    `rest`: what is left of the span. Of a rate below 0 the density rises, and so its part is small.
    """
    near, whole = (np.log(v * expm1_over(-np.abs(rate) * v)) for v in (t, span))
    return near - whole + np.minimum(rate, 0.0) * rest


def _length_of(q: Array, rate: Parameter, span: Parameter) -> Array:
    """Return the s below which an exponential of a rate, cut off at its span, has probability q."""
    w, size = rate * span, np.abs(rate)
    some = np.where(size > 0.0, size, 1.0)
    falling = -np.log1p(q * np.expm1(-np.abs(w))) / some
    grown = np.abs(w) + np.where(size > 0.0, log1mexp(-np.maximum(np.abs(w), _LEAST)), 0.0)
    rising = np.logaddexp(0.0, np.log(q) + grown) / some
    return np.where(size == 0.0, q * span, np.where(rate > 0.0, falling, rising))


def _rate_with_mean(mean: Parameter) -> Array:
    """Return the w for which u has a mean between 0 and 1, its density being exp(-w u)."""
    mean = np.asarray(mean, dtype=np.float64)
    goal = np.minimum(mean, 1.0 - mean).ravel()

    def lack(w: Array, at: Indices) -> tuple[Array, Array]:
        _, slope, bend = log_mean(w)
        return np.asarray(goal[at] + slope), np.asarray(bend)

    most = 1.0 / goal
    start = np.minimum(12.0 * (0.5 - goal), most)
    w = newton_between(lack, np.full(goal.size, -1.0), most, start).reshape(mean.shape)
    return np.where(mean > 0.5, -w, w)[()]


_LEAST = 1e-300
