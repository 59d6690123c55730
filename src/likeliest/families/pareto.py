"""The Pareto distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.continuous import ContinuousDistribution
from likeliest.errors import SupportError
from likeliest.family import family
from likeliest.numerics.saddlepoint import log_ratio, logs_of_quotient
from likeliest.numerics.special import log, log1mexp, scipy_special
from likeliest.parameters import Parameter, positive
from likeliest.support import POSITIVE_REALS, Support

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.numerics.arrays import Array
    from likeliest.observations import Observations
    from likeliest.statistics import Statistic, SufficientStatistics


@family
class Pareto(ContinuousDistribution):
    """Pareto distribution: sizes above a least one, whose tail falls as a power.

    f(x) = shape scale^shape / x^(shape+1) for x ≥ scale.

    Parameters
    ----------
    shape : array of any shape, > 0: the power of the tail. No unit.
    scale : array that broadcasts with `shape`, > 0: the least value. In the unit of x.

    Notes
    -----
    The estimate of the scale is the least value, where the likelihood has a corner; its interval
    comes from the exact law of log(min / scale).

    Source: Johnson, Kotz & Balakrishnan (1994), ch. 20; laws of the estimates: Malik (1970).

    Examples
    --------
    >>> float(Pareto(shape=3.0, scale=2.0).mean)
    3.0
    """

    name = "pareto"
    support = POSITIVE_REALS
    concentrates = {"shape": "∞"}
    centre = "scale"
    corners = ("scale",)
    corners_stay = True

    shape: Parameter = positive()
    scale: Parameter = positive(power=1)

    def _bounds(self) -> Support:
        return Support(self.scale, low_closed=True)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        return log(self.shape) - log(x) - self.shape * log_ratio(x, self.scale)

    def _cdf(self, x: Array) -> Array:
        return -np.expm1(self._log_sf(x))

    def _sf(self, x: Array) -> Array:
        return np.exp(self._log_sf(x))

    def _log_cdf(self, x: Array) -> Array:
        return log1mexp(self._log_sf(x))

    def _log_sf(self, x: Array) -> Array:
        return -self.shape * log_ratio(x, self.scale)

    def _quantile(self, q: Array) -> Array:
        return self.scale * np.exp(-np.log1p(-q) / self.shape)

    def _upper_quantile(self, q: Array) -> Array:
        return self.scale * np.exp(-np.log(q) / self.shape)

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

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        by_shape = 1.0 / self.shape - log_ratio(x, self.scale)
        return by_shape, self.shape / self.scale + 0.0 * x

    def _information(self) -> tuple[Parameter, ...]:
        # The scale's entries are never used: its estimate sits in a corner.
        return 1.0 / (self.shape * self.shape), 0.0, 0.0

    @classmethod
    def pivot(cls, observations: Observations, fixed: Mapping[str, float]) -> float:
        return fixed.get("scale", observations.summary.low)

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
        if scale > statistics.low:
            raise SupportError(
                f"pareto with scale fixed at {scale:g} does not hold values below it (least: "
                f"{statistics.low:g}). Fix the scale at or below the least value."
            )
        return cls(1.0 / statistics.mean[0], scale)

    def mean_log_prob(self, statistics: SufficientStatistics) -> Parameter:
        above_pivot = statistics.mean[0]
        above = above_pivot - log_ratio(self.scale, statistics.pivot)
        mean_log = above_pivot + np.log(statistics.pivot)
        return np.log(self.shape) - mean_log - self.shape * above

    def corner_interval(
        self,
        name: str,
        n: float,
        level: float,
        fixed: Mapping[str, float],
    ) -> tuple[float, float]:
        # n shape log(min/scale) is a unit exponential W; n shape/estimate is an independent
        # gamma of shape n - 1, so that estimate (n - 1) log(min/scale) follows F(2, 2n - 2).
        if fixed:
            reach = -np.log1p(-level) / (n * self.shape)
        elif n > 1.0:
            reach = scipy_special().fdtri(2.0, 2.0 * n - 2.0, level) / ((n - 1.0) * self.shape)
        else:
            reach = np.inf
        return float(self.scale * np.exp(-reach)), float(self.scale)
