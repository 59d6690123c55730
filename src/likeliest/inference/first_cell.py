"""The end of a support of which only rounded values are known: its law, and an interval for it.

A cell is what rounds to one value. Of n values k lie in the first cell that is not empty. With w
for -log P(X > the cell | the end) the likelihood of an end in that cell is
(1 - exp(-w))^k exp(-(n - k) w); from there down it falls by exp(-n w). At the cell's inner edge it
is 0, and its top is level (1 - exp(-w) = k/n) or in the corner at the outer edge. Of many values in
the cell twice the log likelihood ratio follows χ² with one degree of freedom, of a value in a cell
too fine to hold two, with two degrees; between them neither holds, and the law is summed here over
all that could have been seen: which cell is the first that is not empty, and how many lie in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from likeliest.numerics.special import log1mexp, scipy_special

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.numerics.arrays import Array, Number

_LOOKS = 16  # at each side, from what is surely rejected inwards
_DOUBLINGS, _HALVINGS = 60, 14
_CELLS = 4096  # past so many, a cell is expected to hold far less than one value
_FINE = 0.02  # values expected in a cell: of fewer, two share one too seldom to matter


@dataclass(frozen=True, slots=True)
class EndCell:
    """What rounded values tell of an end of the support.

    Parameters
    ----------
    lower, upper : float
        The outermost cell that is not empty, in the unit of x.
    count : float
        How many values lie in it; 0 where the cells are not of one width and side by side.
    n : float
        How many lie in it or further in.
    inside : float
        What those further in say of the distribution, in the family's own words.
    precision : float
        Of how many values it is known; infinite where it is certain.
    """

    lower: float
    upper: float
    count: float
    n: float
    inside: float = np.nan
    precision: float = np.inf


@dataclass(frozen=True, slots=True)
class FirstCell:
    """The cell of a lower end, and how a family's probabilities and likelihood follow from it.

    Parameters
    ----------
    lower, upper : float
        The first cell that is not empty.
    count : int
        How many values lie in it.
    n : int
        How many lie in it or further up.
    exponent : callable
        An end → (a, b) → -log P(X > b | X > a), where X reaches down to that end.
    ratio : callable
        An end → the log likelihood ratio of the likeliest end to it, nats.
    best : float
        The likeliest end.
    least : float
        Where the range of the end itself ends.
    """

    lower: float
    upper: float
    count: int
    n: int
    exponent: Callable[[float], Callable[[float, float], float]]
    ratio: Callable[[float], float]
    best: float
    least: float = -np.inf

    def interval(self, level: float) -> tuple[float, float]:
        """Return the ends that a test of the likelihood ratio does not reject: a hull of them.

        The test is of the ratio's own law, so that its level is at most 1 - `level`; where few
        values in a cell leave only coarse steps of it, it is less.
        """
        error = 1.0 - level
        surely = np.log(2.0 / error)  # Chernoff's bound to each side
        width, room = self.upper - self.lower, self.best - self.least

        def below(distance: float) -> float:
            if np.isinf(room):
                return self.best - distance
            return self.least + room * float(np.exp(-distance / room))

        def above(distance: float) -> float:
            return self.upper - (self.upper - self.best) * float(np.exp(-distance))

        return (
            self._limit(below, width, surely, error),
            self._limit(above, 1.0, surely, error),
        )

    def _limit(
        self, at: Callable[[float], float], stride: float, surely: float, error: float
    ) -> float:
        """Return the outermost end that is not rejected, `at` going outwards from the best."""
        for _ in range(_DOUBLINGS):
            if self.ratio(at(stride)) >= surely:
                break
            stride *= 2.0
        inner, outer = 0.0, stride
        for _ in range(_HALVINGS):
            middle = 0.5 * (inner + outer)
            inner, outer = (middle, outer) if self.ratio(at(middle)) < surely else (inner, middle)
        marks = np.linspace(outer, 0.0, _LOOKS)
        kept = lost = outer
        for kept in map(float, marks[1:]):
            if kept == 0.0 or self._share(at(kept)) > error:
                break
            lost = kept
        for _ in range(_HALVINGS):
            middle = 0.5 * (kept + lost)
            kept, lost = (middle, lost) if self._share(at(middle)) > error else (kept, middle)
        return at(lost)

    def _share(self, end: float) -> float:
        """Return the probability, from this end, of what is as unlikely as what was seen."""
        ratio = self.ratio(end) * (1.0 - 1e-9)
        if np.isinf(ratio):
            return 0.0
        exponent = self.exponent(end)
        step, n = self.upper - self.lower, self.n
        first = self.upper - step * np.floor((self.upper - end) / step * (1.0 - 1e-12))
        upto = [0.0, exponent(end, first)]
        # Beyond the ratio every count is as unlikely.
        while n * upto[-1] < ratio and len(upto) <= _CELLS:
            upto.append(exponent(end, first + (len(upto) - 1) * step))
        before, w = np.array(upto[:-1]), np.diff(upto)
        few = _few(ratio - n * before, n, w)
        many = _many(ratio, n, float(w[0]), exponent(first - step, first))
        # Where the cells ran out, the next are so fine that their values are as good as exact: the
        # first is as unlikely if it lies beyond the ratio.
        return float(
            np.exp(-max(n * upto[-1], ratio))
            + np.sum(np.exp(-n * before) * _at_most(few, n, w))
            + _at_least(many, n, float(w[0]))
        )


def rise(k: Number, n: float, w: Number, whole: Number) -> Number:
    """Return how far the top of the log likelihood, with w up to `whole`, lies above that at w."""
    with np.errstate(divide="ignore", invalid="ignore"):
        top = np.minimum(-np.log1p(-k / n), whole)
        gain = np.where(np.greater(k, 0), k * (log1mexp(-top) - log1mexp(-w)), 0.0)
        loss = np.where(np.less(k, n), (n - k) * (top - w), 0.0)
    return gain - loss


def expected_to_share(cell: EndCell, width: float) -> bool:
    """Whether cells, of which one is `width` wide in -log P, hold enough to see their law."""
    return cell.count >= 1.0 and cell.n * width >= _FINE


def whole_numbers(cell: EndCell) -> tuple[int, int]:
    """Return count and n for the law; what weights leave of a value says nothing."""
    n = max(1, int(np.floor(cell.n * (1.0 + 1e-12))))
    return min(max(1, round(cell.count)), n), n


def _at_most(k: Array, n: int, w: Array) -> Array:
    """Return the probability of 1 to k of n values in a cell."""
    return np.where(k >= 1, scipy_special().bdtr(k, n, -np.expm1(-w)) - np.exp(-n * w), 0.0)


def _at_least(k: float, n: int, w: float) -> float:
    return float(scipy_special().bdtrc(k - 1.0, n, -np.expm1(-w))) if k <= n else 0.0


def _few(ratio: Array, n: int, w: Array) -> Array:
    """Return the greatest count, at most the expected one, that is as unlikely; -1 if none is."""
    none, all_ = np.full(w.size, -1.0), np.floor(-n * np.expm1(-w)) + 1.0
    for _ in range(int(np.log2(all_.max())) + 2):
        k = np.floor(0.5 * (none + all_))
        unlikely = (k < 0) | (rise(np.maximum(k, 0.0), n, w, np.inf) >= ratio)
        none, all_ = np.where(unlikely, k, none), np.where(unlikely, all_, k)
    return none


def _many(ratio: float, n: int, w: float, whole: float) -> float:
    """Return the least count, at least the expected one, that is as unlikely; n + 1 if none is."""
    none, all_ = float(np.ceil(-n * np.expm1(-w))) - 1.0, n + 1.0
    while all_ - none > 1.0:
        k = float(np.floor(0.5 * (none + all_)))
        if rise(k, n, w, whole) >= ratio:
            all_ = k
        else:
            none = k
    return all_
