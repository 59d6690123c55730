"""The uniform distribution."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import WithStatistics, inside_support
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Derivatives, Side, Total
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, real
from likeliest.distributions.support import REALS, Support
from likeliest.errors import ParameterError, SupportError
from likeliest.numerics.arrays import is_tensor
from likeliest.numerics.first_cell import (
    EndCell,
    FirstCell,
    expected_to_share,
    rise,
    whole_numbers,
)
from likeliest.numerics.special import log

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.data.observations import Observations
    from likeliest.distributions.statistics import SufficientStatistics
    from likeliest.numerics.arrays import Array


@family
class Uniform(WithStatistics, ContinuousDistribution):
    """Uniform distribution: any value between two ends, none more likely than another.

    f(x) = 1 / (high - low) for low ≤ x ≤ high.

    Parameters
    ----------
    low : array of any shape. In the unit of x.
    high : array that broadcasts with `low`, > low. In the unit of x.

    Notes
    -----
    The estimates are the least and the greatest value, where the likelihood has corners; their
    intervals come from the exact law of (high - max) / (max - min).

    Of rounded values an end is known by how many of them lie in its cell. Given how many lie in the
    cell at the other end, the rest are uniform up to that cell, whatever the other end is: the law
    of the likelihood ratio then knows no other parameter, and its test, summed over all that
    could have been seen, gives the interval (`numerics.first_cell`). It covers with at least the
    probability stated; where a few values share a cell, with up to some 3 % more. Of cells
    much finer than the gaps between values, and of intervals that overlap, the interval is that of
    exact values, from either edge of the first.

    Source: Johnson, Kotz & Balakrishnan (1995), ch. 26; a parameter-free law given what is known of
    the others: Lehmann & Romano (2005), ch. 4.

    Examples
    --------
    >>> float(Uniform(low=2.0, high=6.0).pdf(3.0))
    0.25
    """

    name = "uniform"
    support = REALS
    concentrates = {"low": "x", "high": "x"}
    corners = ("low", "high")
    non_smooth = True

    low: Parameter = real()
    high: Parameter = real()

    def _check(self) -> None:
        if is_tensor(self.low) or is_tensor(self.high):
            return
        if not np.all(np.less(self.low, self.high)):
            raise ParameterError(f"Uniform: low must lie below high; got {self!r}.")

    def bounds(self) -> Support:
        return Support(self.low, self.high, low_closed=True, high_closed=True)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        return 0.0 * x - log(self.high - self.low)

    def _cdf(self, x: Array) -> Array:
        return (x - self.low) / (self.high - self.low)

    def _sf(self, x: Array) -> Array:
        return (self.high - x) / (self.high - self.low)

    def _quantile(self, q: Array) -> Array:
        return self.low + q * (self.high - self.low)

    def _upper_quantile(self, q: Array) -> Array:
        return self.high - q * (self.high - self.low)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x."""
        return 0.5 * self.low + 0.5 * self.high

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        return (self.high - self.low) ** 2 / 12.0

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        return np.log(self.high - self.low)

    # likelihood

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        by_low = 1.0 / (self.high - self.low) + 0.0 * x
        return by_low, -by_low

    def derivatives(self, x: Array, total: Total) -> Derivatives:
        unit = 1.0 / (self.high - self.low)
        n = total(1.0 + 0.0 * x)
        by_low, bend = n * unit, n * unit**2
        return Derivatives(n * np.log(unit), (by_low, -by_low), (bend, -bend, bend))

    @inside_support
    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        unit = 1.0 / (self.high - self.low)
        to_end, to_other = x - self.low, self.high - x
        if side is Side.ABOVE:
            to_end, to_other = to_other, to_end
        # 1/to_end - unit, without the cancellation.
        own = unit * to_other / to_end
        bend = -own * (1.0 / to_end + unit)
        level = np.full_like(own, unit**2) if np.ndim(unit) == 0 else unit**2 + 0.0 * own
        other = np.sqrt(level)
        value = np.log(to_end * unit)
        if side is Side.BELOW:
            return Derivatives(value, (-own, -other), (bend, -level, level))
        return Derivatives(value, (other, own), (level, -level, bend))

    @staticmethod
    def statistics(x: Array, pivot: float) -> tuple[Array, ...]:
        return ()

    @classmethod
    def maximize(cls, statistics: SufficientStatistics) -> Self:
        return cls(statistics.low, statistics.high)

    @classmethod
    def maximize_given(cls, statistics: SufficientStatistics, fixed: Mapping[str, float]) -> Self:
        low, high = fixed.get("low", statistics.low), fixed.get("high", statistics.high)
        if low > statistics.low or high < statistics.high:
            raise SupportError(
                f"uniform with {dict(fixed)} does not hold all values: they reach from "
                f"{statistics.low:g} to {statistics.high:g}. Fix an end beyond them."
            )
        return cls(low, high)

    def mean_log_prob(self, statistics: SufficientStatistics) -> Parameter:
        return -np.log(self.high - self.low)

    def corner_interval(
        self, name: str, n: float, level: float, fixed: Mapping[str, float]
    ) -> tuple[float, float]:
        # n - 1 values lie within the others' reach; n if the other end is known.
        beyond = _beyond(float(self.high - self.low), n if fixed else n - 1.0, level)
        if name == "low":
            return float(self.low) - beyond, float(self.low)
        return float(self.high), float(self.high) + beyond

    def end_cells(
        self, observations: Observations, fixed: Mapping[str, float]
    ) -> dict[str, EndCell]:
        first, last = observations.outermost()
        n = observations.n
        from_low, from_high = n - max(last[2], 1.0), n - max(first[2], 1.0)
        from_low, to_high = (n, fixed["high"]) if "high" in fixed else (from_low, last[0])
        from_high, to_low = (n, fixed["low"]) if "low" in fixed else (from_high, first[1])
        cells = {
            "low": EndCell(*first, from_low, to_high),
            "high": EndCell(*last, from_high, to_low),
        }
        return {name: cell for name, cell in cells.items() if name not in fixed}

    def rounded_corner_interval(
        self, name: str, cell: EndCell, level: float, fixed: Mapping[str, float]
    ) -> tuple[float, float]:
        if name == "high":
            mirrored = EndCell(-cell.upper, -cell.lower, cell.count, cell.n, -cell.inside)
            low, high = self._interval_of_low(mirrored, level, fixed)
            return -high, -low
        return self._interval_of_low(cell, level, fixed)

    def _interval_of_low(
        self, cell: EndCell, level: float, fixed: Mapping[str, float]
    ) -> tuple[float, float]:
        upper = min(cell.upper, cell.inside) if fixed else cell.upper
        rest, width = cell.inside - cell.upper, cell.upper - cell.lower
        if rest > 0.0 and expected_to_share(cell, np.log1p(width / rest)):
            low, high = _first_cell(cell, width, rest).interval(level)
            return cell.upper + low, cell.upper + high
        whole = float(self.high - self.low) + 2.0 * width
        return cell.lower - _beyond(whole, cell.n, level), upper


def _beyond(width: float, n: float, level: float) -> float:
    """Return how far an end may lie beyond the outermost of n values, `width` from where they end.

    (high - max)/(max - low) > t has probability (1 + t)^-n.
    """
    return width * float(np.expm1(-np.log1p(-level) / n)) if n > 0 else np.inf


def _first_cell(cell: EndCell, width: float, rest: float) -> FirstCell:
    """Return the cell of the low end, its upper edge at 0; values are uniform from there to `rest`.

    About that edge no digits are lost where the values are large beside their spread.
    """
    k, n = whole_numbers(cell)

    def exponent(a: float, b: float) -> float:
        return math.log1p((b - a) / (rest - b)) if b < rest else np.inf

    whole = exponent(-width, 0.0)
    best = min(-math.log1p(-k / n), whole) if k < n else whole

    def ratio(end: float) -> float:
        if end < -width:
            return float(rise(k, n, whole, whole)) + n * exponent(end, -width)
        return float(rise(k, n, exponent(end, 0.0), whole))

    return FirstCell(-width, 0.0, k, n, lambda _: exponent, ratio, best=-rest * math.expm1(best))
