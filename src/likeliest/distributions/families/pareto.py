"""The Pareto distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ClosedForm, LogLocationScale
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.corner import Corner
from likeliest.distributions.derivatives import Derivatives, Side, Total
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive
from likeliest.distributions.standards import EXPONENTIAL, FAR_OUT, exponential_cell
from likeliest.distributions.support import POSITIVE_REALS, Support
from likeliest.errors import SupportError
from likeliest.numerics.saddlepoint import log_ratio, logs_of_quotient

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.distributions.statistics import Statistic, SufficientStatistics
    from likeliest.numerics.arrays import Array


@family
class Pareto(ClosedForm, LogLocationScale, ContinuousDistribution):
    """Pareto distribution: sizes above a least one, whose tail falls as a power.

    f(x) = shape scale^shape / x^(shape+1) for x ≥ scale.

    Parameters
    ----------
    shape : array of any shape, > 0: the power of the tail. No unit.
    scale : array that broadcasts with `shape`, > 0: the least value. In the unit of x.

    Notes
    -----
    The estimate of the scale is the least value, where the likelihood has a corner; its interval
    comes from the exact law of log(min / scale), of rounded values from the profile of the
    likelihood.

    Source: Johnson, Kotz & Balakrishnan (1994), ch. 20.

    Examples
    --------
    >>> float(Pareto(shape=3.0, scale=2.0).mean)
    3.0
    """

    name = "pareto"
    support = POSITIVE_REALS
    standard = EXPONENTIAL
    corners = {"scale": Corner.LOW_END}
    has_one_top = True
    closed_given = ("shape", "scale")

    shape: Parameter = positive()
    scale: Parameter = positive(power=1)

    def bounds(self) -> Support:
        return Support(self.scale, low_closed=True)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x; infinite for shape ≤ 1."""
        with np.errstate(divide="ignore"):
            mean = self.scale * np.divide(self.shape, np.subtract(self.shape, 1.0))
        return np.where(np.greater(self.shape, 1.0), mean, np.inf)[()]

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared; infinite for shape ≤ 2."""
        a = np.where(np.greater(self.shape, 2.0), self.shape, 3.0)
        var = self.scale**2 * a / ((a - 1.0) ** 2 * (a - 2.0))
        return np.where(np.greater(self.shape, 2.0), var, np.inf)[()]

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        return np.log(self.scale / self.shape) + 1.0 / self.shape + 1.0

    # likelihood

    def derivatives(self, x: Array, total: Total) -> Derivatives:
        k, unit = self.shape, 1.0 / self.scale
        n, logs, values = total(1.0), total(self._log_over_scale(x)), total(np.log(x))
        score = (n / k - logs, n * (k * unit))
        hessian = (-n / k**2, n * unit, -n * (k * unit * unit))
        return Derivatives(n * np.log(k) - values - k * logs, score, hessian)

    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        if side is Side.BELOW:
            return super().tail_derivatives(x, side)
        # Its log is linear in the shape and in log scale: up to the scale all lies above.
        beyond, k, unit = np.greater(x, self.scale), self.shape, 1.0 / self.scale
        share = np.where(beyond, unit, 0.0)
        with np.errstate(all="ignore"):
            above = np.where(beyond, self._log_over_scale(x), 0.0)
        return Derivatives(-k * above, (-above, k * share), (0.0 * above, share, -k * unit * share))

    def log_interval(self, lower: Array, upper: Array) -> Array:
        return np.asarray(self.interval_derivatives(lower, upper).log_prob)

    def interval_derivatives(self, lower: Array, upper: Array) -> Derivatives:
        # P = exp(-k before) (1 - exp(-k width)), both lengths in logarithms.
        k, unit = self.shape, 1.0 / self.scale
        begins = np.greater(lower, self.scale)  # within the support
        with np.errstate(all="ignore"):
            first = np.maximum(lower, self.scale)
            before = k * self._log_over_scale(first)
            z = k * np.log1p((upper - first) / first)
            some = z > 0.0
            z = np.where(some, np.minimum(z, FAR_OUT), FAR_OUT)
            value, by_z, twice = exponential_cell(z)
        odds = k * by_z / z
        by_shape = np.where(some, by_z - before, 0.0)
        by_scale = np.where(some, np.where(begins, k, -odds), 0.0)
        by_both = np.where(begins, by_scale, -k * twice / z)
        bend = (twice - by_z) * np.where(begins, 0.0, k / z) ** 2
        return Derivatives(
            np.where(some, value - before, -np.inf),
            (by_shape / k, unit * by_scale),
            ((twice - by_z) / (k * k), unit * by_both / k, unit * unit * (bend - by_scale)),
        )

    def _log_over_scale(self, x: Array) -> Array:
        # More accurate than the base's: just above the scale the tail below is of this size.
        return np.log1p((x - self.scale) / self.scale)

    def information(self) -> tuple[Parameter, ...]:
        # The scale's entries are never used: its estimate sits in a corner.
        return 1.0 / (self.shape * self.shape), 0.0, 0.0

    @classmethod
    def pivot(cls, sample: Sample, fixed: Mapping[str, float]) -> float:
        return fixed.get("scale", sample.low)

    @staticmethod
    def statistics(x: Array, pivot: float) -> tuple[Statistic, ...]:
        return (logs_of_quotient(x, pivot),)

    @classmethod
    def maximize(cls, statistics: SufficientStatistics) -> Self:
        # About any pivot: the mean of log(x / min).
        mean_log = statistics.mean[0] - log_ratio(statistics.low, statistics.pivot)
        return cls(1.0 / mean_log, statistics.low)

    @classmethod
    def maximize_given(cls, statistics: SufficientStatistics, fixed: Mapping[str, float]) -> Self:
        if "shape" in fixed:
            return cls(fixed["shape"], statistics.low)
        scale = fixed["scale"]
        if np.any(scale > statistics.low):
            raise SupportError(
                f"pareto with scale fixed at {scale:g} does not hold values below it (least: "
                f"{np.min(statistics.low):g}). Fix the scale at or below the least value."
            )
        return cls(1.0 / statistics.mean[0], scale)

    def mean_log_prob(self, statistics: SufficientStatistics) -> Parameter:
        return self.mean_derivatives(statistics).log_prob

    def mean_score(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        return self.mean_derivatives(statistics).score

    def mean_hessian(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        k, unit = self.shape, 1.0 / self.scale
        return -1.0 / (k * k), unit, -k * unit * unit

    def mean_derivatives(self, statistics: SufficientStatistics) -> Derivatives:
        # Together: most of the cost is the logarithm that value and score share.
        above = statistics.mean[0] - log_ratio(self.scale, statistics.pivot)
        k = self.shape
        mean_log = statistics.mean[0] + np.log(statistics.pivot)
        value = np.log(k) - mean_log - k * above
        score = (1.0 / k - above, k / self.scale)
        return Derivatives(value, score, self.mean_hessian(statistics))
