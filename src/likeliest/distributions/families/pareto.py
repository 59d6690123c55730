"""The Pareto distribution."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import LogLocationScale, WithStatistics
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Derivatives, Total
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive
from likeliest.distributions.standards import EXPONENTIAL
from likeliest.distributions.support import POSITIVE_REALS, Support
from likeliest.errors import SupportError
from likeliest.numerics.first_cell import (
    EndCell,
    FirstCell,
    expected_to_share,
    whole_numbers,
)
from likeliest.numerics.roots import solve_rising
from likeliest.numerics.saddlepoint import log_ratio, logs_of_quotient
from likeliest.numerics.special import log, log1mexp, scipy_special

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from likeliest.data.observations import Observations
    from likeliest.distributions.sample import Sample
    from likeliest.distributions.statistics import Statistic, SufficientStatistics
    from likeliest.numerics.arrays import Array


@family
class Pareto(WithStatistics, LogLocationScale, ContinuousDistribution):
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

    Of rounded values the scale is known by how many of them lie in the first cell. The interval
    comes from the law of the likelihood ratio, summed over all that could have been seen
    (`numerics.first_cell`), with the shape at its likeliest for each scale; the values above the
    first cell tell the shape, as a gamma law with their information would. It covers with at least
    the probability stated, to the accuracy of that law; where a few values share a cell, with up to
    some 3 % more. Of cells much finer than the gaps between values, and of intervals that overlap,
    the interval is that of exact values, from either edge of the first. The shape's standard error
    is what the values above the first cell tell.

    Source: Johnson, Kotz & Balakrishnan (1994), ch. 20; laws of the estimates: Malik (1970).

    Examples
    --------
    >>> float(Pareto(shape=3.0, scale=2.0).mean)
    3.0
    """

    name = "pareto"
    support = POSITIVE_REALS
    standard = EXPONENTIAL
    corners = ("scale",)
    non_smooth = True

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
        reach = self._reach(n, level, fixed)
        return float(self.scale * np.exp(-reach)), float(self.scale)

    def _reach(self, n: float, level: float, fixed: Mapping[str, float]) -> float:
        """Return how far below the least of n values the scale may lie, as a logarithm."""
        # n shape log(min/scale) is a unit exponential W; n shape/estimate is an independent
        # gamma of shape n - 1, so that estimate (n - 1) log(min/scale) follows F(2, 2n - 2).
        if fixed:
            return float(-np.log1p(-level) / (n * self.shape))
        if n > 1.0:
            ratio = scipy_special().fdtri(2.0, 2.0 * n - 2.0, level)
            return float(ratio / ((n - 1.0) * self.shape))
        return np.inf

    def end_cells(
        self, observations: Observations, fixed: Mapping[str, float]
    ) -> dict[str, EndCell]:
        if "scale" in fixed:
            return {}
        lower, upper, count = observations.outermost()[0]
        lower = max(lower, 0.0)
        if "shape" in fixed or count == 0.0:
            return {"scale": EndCell(lower, upper, count, observations.n, float(self.shape))}
        shape, precision = _shape_above(upper, observations)
        return {"scale": EndCell(lower, upper, count, observations.n, shape, precision)}

    def rounded_corner_interval(
        self, name: str, cell: EndCell, level: float, fixed: Mapping[str, float]
    ) -> tuple[float, float]:
        width = cell.inside * np.log(cell.upper / cell.lower) if cell.lower > 0.0 else np.inf
        if cell.precision > 0.0 and expected_to_share(cell, width):
            return _ScaleInCell(cell).first_cell().interval(level)
        reach = self._reach(cell.n, level, fixed)
        return cell.lower * float(np.exp(-reach)), cell.upper


def _shape_above(edge: float, observations: Observations) -> tuple[float, float]:
    """Return the shape that values beyond an edge give, and of how many exact ones it would be.

    They are Pareto from the edge on. (shape · standard error of its logarithm)^-2 is what n exact
    values would make n.
    """
    lower, upper, weights = observations.lower, observations.upper, observations.weights
    if lower is None or upper is None:
        raise ValueError("the values are not rounded")
    beyond = lower > edge - 1e-6 * (upper - lower)
    if not beyond.any():
        return np.nan, 0.0
    w = (np.ones(lower.size) if weights is None else weights)[beyond]
    below = np.log(np.maximum(lower[beyond] / edge, 1.0))
    width = np.log(upper[beyond] / lower[beyond])

    def falling(shape: Array) -> Array:
        """Minus the derivative of the log likelihood."""
        return np.asarray(np.sum(w * (below - width / np.expm1(shape * width))))

    if not below.any():
        return np.inf, 0.0
    shape = float(solve_rising(falling, np.asarray(w.sum() / np.sum(w * (below + 0.5 * width)))))
    half = 0.5 * shape * width
    return shape, float(np.sum(w * (half / np.sinh(np.minimum(half, 700.0))) ** 2))


class _ScaleInCell:
    """The profile likelihood of a scale, the shape at its likeliest for it."""

    def __init__(self, cell: EndCell) -> None:
        self.cell = cell
        self.k, self.n = whole_numbers(cell)
        self.certain = bool(np.isinf(cell.precision))
        self.whole = float(log(cell.upper / cell.lower)) if cell.lower > 0.0 else np.inf
        # A level top leaves the shape to the values above the cell; else it is in the corner.
        level = float(-np.log1p(-self.k / self.n)) / cell.inside if self.k < self.n else np.inf
        self.best = cell.upper * float(np.exp(-min(level, self.whole)))
        self.top = self.height(self.best)

    def first_cell(self) -> FirstCell:
        cell = self.cell
        return FirstCell(
            cell.lower, cell.upper, self.k, self.n, self.exponent, self.ratio, self.best, 0.0
        )

    def exponent(self, scale: float) -> Callable[[float, float], float]:
        shape = self.shape(scale)
        return lambda a, b: shape * math.log(b / a) if a > 0.0 else np.inf

    def ratio(self, scale: float) -> float:
        m = self.cell.precision
        if scale <= _LEAST * self.cell.upper:
            return np.inf
        # The law of exact values, in which the shape is not known, is to that of a known one so.
        share = 1.0 if self.certain else m / (m + 1.0)
        return share * (self.top - self.height(scale))

    def shape(self, scale: float) -> float:
        """Return the likeliest shape: Newton's method on a concave function, from below."""
        if self.certain:
            return self.cell.inside
        k, m, (into, below) = self.k, self.cell.precision, self._distances(scale)
        pull = m / self.cell.inside + (self.n - k) * into + self.n * below
        shape = m / pull
        for _ in range(_MOST):
            z = min(shape * into, _FAR)
            share = z / math.expm1(z)
            slope = pull + k * into * (share * math.exp(z) - 1.0) / math.expm1(z)
            step = (m + k * share - pull * shape) / slope
            shape += step
            if step <= 1e-14 * shape:
                break
        return shape

    def height(self, scale: float) -> float:
        m, (into, below) = self.cell.precision, self._distances(scale)
        shape = self.shape(scale)
        in_cell = self.k * float(log1mexp(-shape * into)) if into < np.inf else 0.0
        rest = (self.n - self.k) * shape * into if self.k < self.n else 0.0
        value = in_cell - rest - self.n * shape * below
        ratio = shape / self.cell.inside
        return value if self.certain else value + m * (math.log(ratio) - ratio)

    def _distances(self, scale: float) -> tuple[float, float]:
        """Return how far up the cell reaches from the scale, and how far the scale lies below it.

        As logarithms of quotients.
        """
        start = max(scale, self.cell.lower)
        into, below = (self.cell.upper - start) / start, (start - scale) / scale
        return max(math.log1p(into), _NO_WAY), math.log1p(below)


_MOST = 50  # Newton steps; quadratic convergence needs some six
_NO_WAY = 1e-300  # a step up the cell; the formulas have a limit at 0, and no value
_LEAST = 1e-300  # of the cell's edge: a scale below is none that float64 tells from 0
_FAR = 700.0  # exp of it is still in range
