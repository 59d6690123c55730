"""The scale of a Pareto: exact laws of its estimate, from exact and from rounded values."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from likeliest.inference.at_risk import are_cells, at_risk
from likeliest.inference.first_cell import EndCell, FirstCell, expected_to_share, whole_numbers
from likeliest.numerics.roots import solve_rising
from likeliest.numerics.special import log, log1mexp, scipy_special

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from likeliest.data.observations import Observations
    from likeliest.numerics.arrays import Array


def cells(
    member: Mapping[str, float],
    observations: Observations,
    fixed: Mapping[str, float],
    error: float | None,
) -> dict[str, EndCell]:
    """Return what rows that are not all exact tell of a free scale; `error` is the shape's."""
    if "scale" in fixed:
        return {}
    shape, scale, n = member["shape"], member["scale"], observations.n
    if not are_cells(observations):
        known_of = (shape / error) ** 2 if error else np.inf
        return {"scale": EndCell(scale, scale, 0.0, at_risk(observations, scale), shape, known_of)}
    lower, upper, count = observations.outermost()[0]
    lower = max(lower, 0.0)
    if "shape" in fixed or count == 0.0:
        return {"scale": EndCell(lower, upper, count, n, shape)}
    shape, precision = _shape_above(upper, observations)
    return {"scale": EndCell(lower, upper, count, n, shape, precision)}


def exact_interval(
    member: Mapping[str, float], n: float, level: float, fixed: Mapping[str, float]
) -> tuple[float, float]:
    """Return the interval of a scale fitted to n exact values, from the law of log(min / scale)."""
    scale = member["scale"]
    return float(scale * np.exp(-_reach(member["shape"], n, n, level, fixed))), scale


def interval(
    member: Mapping[str, float], cell: EndCell, level: float, fixed: Mapping[str, float]
) -> tuple[float, float]:
    """Return the interval of a scale fitted to rows that are not all exact.

    Of rounded values the scale is known by how many of them lie in the first cell. The interval
    comes from the law of the likelihood ratio, summed over all that could have been seen
    (`first_cell`), with the shape at its likeliest for each scale; the values above the first cell
    tell the shape, as a gamma law with their information would. It covers with at least the
    probability stated, to the accuracy of that law; where a few values share a cell, with up to
    some 3 % more. Of cells much finer than the gaps between values, and of intervals that overlap,
    the interval is that of exact values, from either edge of the first.
    """
    width = cell.inside * np.log(cell.upper / cell.lower) if cell.lower > 0.0 else np.inf
    if cell.precision > 0.0 and expected_to_share(cell, width):
        return _ScaleInCell(cell).first_cell().interval(level)
    known_of = cell.n if cell.count or np.isinf(cell.precision) else cell.precision
    reach = _reach(member["shape"], cell.n, known_of, level, fixed)
    return cell.lower * float(np.exp(-reach)), cell.upper


def _reach(
    shape: float, n: float, known_of: float, level: float, fixed: Mapping[str, float]
) -> float:
    """Return how far below the least of n values the scale may lie, as a logarithm.

    `known_of`: of how many values the shape is known; of censored rows it is fewer.

    Source: laws of the estimates: Malik (1970).
    """
    # n shape log(min/scale) is a unit exponential; known_of shape/estimate is an independent
    # gamma of shape known_of - 1: their quotient follows F(2, 2 known_of - 2) but for a factor.
    if fixed:
        return float(-np.log1p(-level) / (n * shape))
    if known_of > 1.0:
        ratio = scipy_special().fdtri(2.0, 2.0 * known_of - 2.0, level)
        return float(ratio * known_of / ((known_of - 1.0) * n * shape))
    return np.inf


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
