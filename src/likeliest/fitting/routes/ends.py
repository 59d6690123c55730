"""The estimate where the likelihood has corners: ends of the support, and the centre of a Laplace.

Without windows the log likelihood of a location-scale family whose density is log-concave is
concave in (location/scale, 1/scale), whatever is known of each row (Prékopa 1973): the probability
of an interval is an integral of a log-concave function over a convex set. The likelihood maximised
over the scale then rises to one top and falls from there, as a function of the location. Uniform
and Laplace are such families, and the logarithm of a Pareto is. So one search serves the three: the
signs of one-sided slopes at the knots (values, edges of intervals and windows) say between which
two knots the top lies, or on which; between two knots the slope is continuous, and its root is
the top. Windows by row can add tops; there the knots are looked over first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from likeliest.data.rows import Kind
from likeliest.errors import SupportError, UnboundedLikelihoodError
from likeliest.fitting.curvature import Curvature, OfRows
from likeliest.fitting.routes import climb, closed_form
from likeliest.fitting.routes.found import Found
from likeliest.likelihood.matching import as_exact, matched
from likeliest.numerics.special import LOG_TWO
from likeliest.tables import number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from likeliest.data.observations import Observations
    from likeliest.distributions.bases import WithStatistics
    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Array, Mask

_LEVEL = 1e-12  # a slope this small a part of what it is the sum of is none
_ALIKE = 1e-9  # widths that differ by this part are one: the error is of second order
_MOST = 100  # Newton steps within a bracket
_SURE = 1e-14  # a step this small in a logarithm is the last
_DOUBTFUL = 10.0  # in units of a logarithm: a top so far from the start is looked at again
_FAR = 60.0  # in units of a logarithm: as good as the limit
_OUTWARDS = 60  # doublings of the range in which a top is looked for
_SECANTS = 6  # of eight steps of a search; the others halve its bracket
_ASIDE = (0.0, -2.0, 2.0)  # from the first guess of a logarithm, where windows make several tops
_LOOKS = 48  # knots that are looked at where windows can make several tops
_TRIED = 3  # of them those that are climbed from

ENDS = {"uniform": ("low", "high"), "pareto": ("scale",)}


class Cells(NamedTuple):
    """Rows known to lie in (lower, upper]; windows are rows of a weight below 0."""

    lower: Array
    upper: Array
    weight: Array

    def where(self, mask: Mask) -> Cells:
        """Return some of the rows."""
        return Cells(self.lower[mask], self.upper[mask], self.weight[mask])


class Read(NamedTuple):
    """Rows as the search reads them: exact values with their weights, and intervals."""

    values: Array
    weight: Array
    cells: Cells

    @property
    def n(self) -> float:
        """The weight of exact values."""
        return float(self.weight.sum())

    @property
    def least_upper(self) -> float:
        """The least upper bound of a row: the low end of a support lies below it."""
        seen = self.cells.upper[self.cells.weight > 0]
        return float(min(self.values.min(initial=np.inf), seen.min(initial=np.inf)))

    @property
    def greatest_lower(self) -> float:
        """The greatest lower bound of a row."""
        seen = self.cells.lower[self.cells.weight > 0]
        return float(max(self.values.max(initial=-np.inf), seen.max(initial=-np.inf)))

    @property
    def edges(self) -> Array:
        """All finite numbers that the rows consist of, in order."""
        every = np.concatenate([self.values, self.cells.lower, self.cells.upper])
        return np.unique(every[np.isfinite(every)])


class Profile(Protocol):
    """A likelihood maximised over all but one parameter."""

    def value(self, at: float) -> float:
        """Return the log likelihood, nats."""

    def slope(self, at: float, side: int) -> float:
        """Return its slope just after (side 1) or before (-1) a point; 0 where it is level."""


def maximize(
    family: type[WithStatistics], observations: Observations, fixed: Mapping[str, float]
) -> Found:
    """Return the likeliest member of a family whose likelihood has corners.

    Standard errors come from the observed information where the top is level in a parameter. Those
    of a Laplace come from the expected information of exact rows, and of others from the sum of
    outer products of the rows' scores: its own curvature says which values the middle fell
    between, not how sure it is.

    Raises
    ------
    UnboundedLikelihoodError
        If the likelihood has no maximum, with the direction in which it rises.
    """
    if observations.exact and not observations.truncated:
        ends = tuple(name for name in ENDS.get(family.name, ()) if name not in fixed)
        return closed_form.maximize(family, observations, fixed, ends)
    search = _SEARCHES.get(family.name)
    if search is None:
        return climb.maximize(family, observations, fixed)
    return search(family, observations, fixed)


def _read(family: type[Distribution], observations: Observations) -> Read:
    """Return the rows that a family sees."""
    values, weights, low, high, weight = [], [], [], [], []
    for block in matched(family, observations):
        one = np.ones(block.size) if block.weight is None else block.weight
        if block.kind is Kind.EXACT:
            values.append(block.a)
            weights.append(one)
        else:
            below = block.kind is Kind.BELOW
            low.append(np.full(block.size, -np.inf) if below else block.a)
            high.append(block.a if below else block.b if block.b is not None else one * np.inf)
            weight.append(one)
        if block.window is not None:
            common = block.has_common_window
            shape = (1,) if common else (block.size,)
            low.append(np.broadcast_to(-np.inf if block.entry is None else block.entry, shape))
            high.append(np.broadcast_to(np.inf if block.exit is None else block.exit, shape))
            weight.append(-one.sum(keepdims=True) if common else -one)
    empty = [np.empty(0)]
    return Read(
        np.concatenate(values or empty),
        np.concatenate(weights or empty),
        Cells(*(np.concatenate(column or empty) for column in (low, high, weight))),
    )


# the search


def top_of(profile: Profile, knots: Array, *, several: bool) -> float:
    """Return where a profile is greatest between its first and last knot.

    `several`: whether it may have more than one top.
    """
    if not several or knots.size < 2:
        return _only_top(profile, knots)
    some = knots[np.unique(np.linspace(0, knots.size - 1, _LOOKS).astype(int))]
    marks = np.unique(np.concatenate([some, 0.5 * some[1:] + 0.5 * some[:-1]]))
    heights = np.array([profile.value(float(m)) for m in marks])
    heights = np.where(np.isnan(heights), -np.inf, heights)
    around = np.concatenate([[-np.inf], heights, [-np.inf]])
    tops = np.flatnonzero((heights >= around[:-2]) & (heights >= around[2:]))
    best = float(marks[int(np.argmax(heights))])
    for i in tops[np.argsort(-heights[tops], kind="stable")][:_TRIED]:
        low, high = marks[max(i - 1, 0)], marks[min(i + 1, marks.size - 1)]
        inner = knots[(knots > low) & (knots < high)]
        at = _only_top(profile, np.concatenate([[low], inner, [high]]))
        if profile.value(at) > profile.value(best):
            best = at
    return best


def _only_top(profile: Profile, knots: Array) -> float:
    last = first = knots.size - 1
    low = 0
    while low < first:  # the first knot after which it rises no more
        middle = (low + first) // 2
        if profile.slope(float(knots[middle]), 1) > 0.0:
            low = middle + 1
        else:
            first = middle
    at = float(knots[first])
    if first < last and profile.slope(at, 1) == 0.0:
        after = float(knots[first + 1])
        return 0.5 * at + 0.5 * after if profile.slope(after, -1) == 0.0 else at
    if first == 0 or profile.slope(at, -1) >= 0.0:
        return at
    return _root(lambda x: profile.slope(x, 1), float(knots[first - 1]), at)


def _root(falling: Callable[[float], float], low: float, high: float) -> float:
    """Return where a function that is above 0 at `low` and below at `high` crosses it.

    The rule of false position, with the value of an end that stays halved (Dowell & Jarratt 1971)
    and a bisection where it is slow.
    """
    above, below = falling(low), -np.inf
    kept = 0
    for i in range(2 * _MOST):
        middle = 0.5 * low + 0.5 * high
        if not low < middle < high or high - low <= 2.0 * np.spacing(max(abs(low), abs(high))):
            break
        secant = low + (high - low) * above / (above - below)
        at = secant if i % 8 < _SECANTS and low < secant < high else middle
        slope = falling(at)
        if slope == 0.0:
            return at
        if slope > 0.0:
            below = 0.5 * below if kept > 0 else below
            low, above, kept = at, slope, 1
        else:
            above = 0.5 * above if kept < 0 else above
            high, below, kept = at, slope, -1
    return 0.5 * low + 0.5 * high


def _outwards(profile: Profile, start: float, stride: float, side: int) -> float | None:
    """Return a point from which a profile falls outwards, or None if there is none."""
    for _ in range(_OUTWARDS):
        at = start + side * stride
        if side * profile.slope(at, side) < 0.0:
            return at
        stride *= 2.0
    return None


def _sum(terms: Array, weight: Array) -> tuple[float, float]:
    weighed = terms * weight
    return float(np.sum(weighed)), float(np.sum(np.abs(weighed)))


def _clear(slope: float, size: float) -> float:
    """Return a slope, or 0 if it is what rounding left of it."""
    return 0.0 if abs(slope) <= _LEVEL * size < np.inf else slope


# exponential on one side or both: Pareto in logarithms, and Laplace


@dataclass
class Held:
    """Rows about a given location: a function of the rate β = 1/scale alone.

    n log β - β distance + Σ weight log(1 - exp(-β width)) + Σ weight log(1 - exp(-β before)/2 -
    exp(-β after)/2): exact values, how far intervals begin from the location, how wide they are,
    and the intervals that hold it.
    """

    n: float
    distance: float
    width: Array
    width_weight: Array
    before: Array
    after: Array
    holding_weight: Array
    constant: float

    def value(self, log_rate: float) -> float:
        """Return the log likelihood, nats."""
        rate = np.exp(log_rate)
        wide = np.log(-np.expm1(-rate * self.width))
        holding = np.log(self._holding(rate))
        return float(
            self.constant
            + self.n * log_rate
            - rate * self.distance
            + np.sum(self.width_weight * wide)
            + np.sum(self.holding_weight * holding)
        )

    def slopes(self, log_rate: float) -> tuple[float, float]:
        """Return the first and second derivative by log β."""
        rate = np.exp(log_rate)
        z = np.minimum(rate * self.width, _NO_MORE)
        less = -np.expm1(-z)
        share = z * (1.0 - less) / less
        bent = share - z * share / less
        first = self.n - rate * self.distance + float(self.width_weight @ share)
        second = -rate * self.distance + float(self.width_weight @ bent)
        if self.before.size:
            p, q = (np.minimum(rate * d, _NO_MORE) for d in (self.before, self.after))
            a, b = 0.5 * np.exp(-p), 0.5 * np.exp(-q)
            inside = self._holding(rate)
            by_rate = (a * p + b * q) / inside
            first += float(self.holding_weight @ by_rate)
            bent = (a * p * (1.0 - p) + b * q * (1.0 - q)) / inside - by_rate * by_rate
            second += float(self.holding_weight @ bent)
        return first, second

    def _holding(self, rate: float) -> Array:
        return -0.5 * (np.expm1(-rate * self.before) + np.expm1(-rate * self.after))

    def best(self, start: float) -> float:
        """Return the log β at which the likelihood is greatest: Newton's method in a bracket."""
        low, high, at = start - 2.0 * _FAR, start + 2.0 * _FAR, start
        for _ in range(_MOST):
            first, second = self.slopes(at)
            if first > 0.0:
                low = at
            else:
                high = at
            step = -first / second if second < 0.0 else np.copysign(1.0, first)
            if abs(step) <= _SURE * max(1.0, abs(at)):
                return at + step
            moved = at + float(np.clip(step, -4.0, 4.0))
            at = moved if low < moved < high else 0.5 * low + 0.5 * high
        return at


_NO_MORE = 700.0


class _Scaled:
    """A likelihood maximised over the rate, as a function of the location."""

    def __init__(self, read: Read, rate: float | None, start: float) -> None:
        self.read, self.rate = read, rate
        self.several = bool(np.any(read.cells.weight < 0))
        self.log_rate = self.start = float(np.log(start))

    def held(self, at: float) -> Held:
        raise NotImplementedError

    def by_location(self, at: float, side: int, rate: float) -> tuple[float, float]:
        """Return the slope by the location, and the sum of absolute values that it is of."""
        raise NotImplementedError

    def best_rate(self, at: float) -> float:
        """Return the log of the likeliest rate."""
        if self.rate is not None:
            return float(np.log(self.rate))
        held = self.held(at)
        if self.several:
            tops = [held.best(self.start + aside) for aside in _ASIDE]
            self.log_rate = max(tops, key=held.value)
        else:  # from the last, unless that went astray: the next location is near
            self.log_rate = held.best(self.start if self.is_astray() else self.log_rate)
        return self.log_rate

    def value(self, at: float) -> float:
        return self.held(at).value(self.best_rate(at))

    def slope(self, at: float, side: int) -> float:
        return _clear(*self.by_location(at, side, float(np.exp(self.best_rate(at)))))

    def is_astray(self) -> float:
        """Return the direction in which the rate went to its limit; 0: it did not."""
        gone = self.log_rate - self.start
        return float(np.sign(gone)) if self.rate is None and abs(gone) > 0.9 * _FAR else 0.0

    def rises_for_ever(self, at: float) -> float:
        """Return the direction of the rate in which the likelihood is level or rises; else 0."""
        gone = self.log_rate - self.start
        if self.rate is not None or abs(gone) < _DOUBTFUL:
            return 0.0
        held, side = self.held(at), float(np.sign(gone))
        fall = held.value(self.log_rate) - held.value(self.log_rate + side * _DOUBTFUL)
        return side if fall < 1e-9 * self.read.n else 0.0


class _Laplace(_Scaled):
    """Of a Laplace: intervals that end before the location, begin after it, or hold it."""

    def __init__(self, read: Read, rate: float | None, start: float) -> None:
        super().__init__(read, rate, start)
        self.width = width = read.cells.upper - read.cells.lower
        self.alike = None
        if width.size and width.max() - width.min() <= _ALIKE * width.min() < np.inf:
            self.alike = float(np.average(width, weights=read.cells.weight))

    def held(self, at: float) -> Held:
        read, cells = self.read, self.read.cells
        after, before = cells.lower >= at, cells.upper <= at
        holds = ~(after | before)
        away = np.where(after, cells.lower - at, np.where(before, at - cells.upper, 0.0))
        weight = np.where(holds, 0.0, cells.weight)
        total = float(weight.sum())
        if self.alike is not None:
            width, width_weight = np.array([self.alike]), np.array([total])
        else:
            bounded = np.isfinite(self.width) & ~holds
            width, width_weight = self.width[bounded], weight[bounded]
        some = cells.where(holds)
        distance = float(read.weight @ np.abs(read.values - at) + weight @ away)
        return Held(
            read.n, distance, width, width_weight,
            at - some.lower, some.upper - at, some.weight,
            -(read.n + total) * LOG_TWO,
        )  # fmt: skip

    def by_location(self, at: float, side: int, rate: float) -> tuple[float, float]:
        read, cells = self.read, self.read.cells
        after, before = cells.lower >= at, cells.upper <= at
        some = cells.where(~(after | before))
        ahead = (read.values > at) if side > 0 else (read.values >= at)
        pull = np.where(after, 1.0, np.where(before, -1.0, 0.0))
        slope = float(np.where(ahead, read.weight, -read.weight).sum() + pull @ cells.weight)
        size = float(read.weight.sum() + np.abs(cells.weight).sum())
        a, b = np.expm1(rate * (some.lower - at)), np.expm1(rate * (at - some.upper))
        return rate * (slope + float(some.weight @ ((b - a) / (a + b)))), rate * size


class _Pareto(_Scaled):
    """Of a Pareto, by its scale: intervals begin at the scale or above it."""

    def __init__(self, read: Read, rate: float | None, start: float) -> None:
        super().__init__(read, rate, start)
        self.reference = read.least_upper
        cells = read.cells
        near = cells.lower < self.reference
        self.near, far = cells.where(near), cells.where(~near)
        self.exact = float(read.weight @ _log_quotient(read.values, self.reference))
        self.logs = float(read.weight @ np.log(read.values))
        self.far = float(far.weight @ _log_quotient(far.lower, self.reference))
        self.n_far = read.n + float(far.weight.sum())
        some = far.where(np.isfinite(far.upper))
        self.width, self.weight = _log_quotient(some.upper, some.lower), some.weight

    def held(self, at: float) -> Held:
        near, none = self.near, np.empty(0)
        begin = np.maximum(near.lower, at)
        bounded = np.isfinite(near.upper) & (near.upper > at)
        width = _log_quotient(near.upper[bounded], begin[bounded])
        distance = self.exact + self.far + self.n_far * float(_log_quotient(self.reference, at))
        distance += float(near.weight @ _log_quotient(begin, at))
        impossible = np.any((near.upper <= at) & (near.weight > 0)) or at > self.reference
        return Held(
            self.read.n, distance, np.concatenate([self.width, width]),
            np.concatenate([self.weight, near.weight[bounded]]), none, none, none,
            -np.inf if impossible else -self.logs,
        )  # fmt: skip

    def by_location(self, at: float, side: int, rate: float) -> tuple[float, float]:
        """Return the slope by the logarithm of the scale."""
        near = self.near
        if at >= self.reference and side > 0:
            return -np.inf, 0.0
        inside = near.lower <= at if side > 0 else near.lower < at
        upper = np.maximum(near.upper, at)
        width = _log_quotient(upper, np.broadcast_to(at, upper.shape))
        falls = -1.0 / np.expm1(np.minimum(rate * width, _NO_MORE))
        slope, size = _sum(
            np.where(inside, np.where(np.isfinite(upper), falls, 0.0), 1.0), near.weight
        )
        slope, size = rate * (self.n_far + slope), rate * (abs(self.n_far) + size)
        return (-np.inf if np.isnan(slope) else slope), size

    def information(self, at: float, log_rate: float) -> Array:
        """Return minus the second derivatives by the logarithms of shape and scale, at a top."""
        near, rate = self.near, float(np.exp(log_rate))
        some = near.where((near.lower < at) & np.isfinite(near.upper))
        z = np.minimum(rate * _log_quotient(some.upper, at), _NO_MORE)
        bent = np.exp(-z) / np.expm1(-z) ** 2
        by_scale = rate * rate * float(some.weight @ bent)
        mixed = -rate * float(some.weight @ (z * bent))
        return np.array([[-self.held(at).slopes(log_rate)[1], mixed], [mixed, by_scale]])


def _log_quotient(x: Array | float, y: Array | float) -> Array:
    """Return log(x/y), with its digits where both are near each other."""
    return np.where(np.isfinite(x), np.log1p((x - y) / y), np.inf)


# uniform


class _Uniform:
    """The likelihood of a uniform by both ends: Σ weight log |row within [low, high]|.

    Rows that could have been seen anywhere have all reals as their window.
    """

    def __init__(self, read: Read) -> None:
        cells = read.cells
        self.least, self.greatest = read.least_upper, read.greatest_lower
        open_ = read.n + float(cells.weight.sum())
        inside = (cells.lower >= self.least) & (cells.upper <= self.greatest)
        far, near = cells.where(inside), cells.where(~inside)
        self.constant = float(far.weight @ np.log(far.upper - far.lower))
        self.rows = Cells(
            np.append(near.lower, -np.inf), np.append(near.upper, np.inf),
            np.append(near.weight, -open_),
        )  # fmt: skip

    def value(self, low: float, high: float) -> float:
        """Return the log likelihood, nats."""
        rows = self.rows
        length = np.minimum(rows.upper, high) - np.maximum(rows.lower, low)
        if low > self.least or high < self.greatest or np.any((length <= 0) & (rows.weight > 0)):
            return -np.inf
        return self.constant + float(rows.weight @ np.log(length))

    def by_low(self, low: float, high: float, side: int) -> float:
        """Return the slope by the low end."""
        rows = self.rows
        if low >= self.least and side > 0:
            return -np.inf
        moves = rows.lower <= low if side > 0 else rows.lower < low
        return _uniform_slope(-rows.weight[moves], np.minimum(rows.upper, high)[moves] - low)

    def by_high(self, low: float, high: float, side: int) -> float:
        """Return the slope by the high end."""
        rows = self.rows
        if high <= self.greatest and side < 0:
            return np.inf
        moves = rows.upper > high if side > 0 else rows.upper >= high
        return _uniform_slope(rows.weight[moves], high - np.maximum(rows.lower, low)[moves])

    def hessian(self, low: float, high: float) -> Array:
        """Return the second derivatives by both ends."""
        rows = self.rows
        by_low, by_high = rows.lower < low, rows.upper > high
        squares = rows.weight / (np.minimum(rows.upper, high) - np.maximum(rows.lower, low)) ** 2
        mixed = float(squares[by_low & by_high].sum())
        return np.array(
            [[-float(squares[by_low].sum()), mixed], [mixed, -float(squares[by_high].sum())]]
        )


def _uniform_slope(weight: Array, length: Array) -> float:
    slope, size = _sum(1.0 / length, weight)
    limit = float(np.sum(np.where(length == 0.0, weight, 0.0)))
    return float(np.copysign(np.inf, limit)) if limit else _clear(slope, size)


@dataclass
class _HighEnd:
    """The likelihood of a uniform by its high end, the low one held."""

    rows: _Uniform
    low: float

    def value(self, at: float) -> float:
        return self.rows.value(self.low, at)

    def slope(self, at: float, side: int) -> float:
        return self.rows.by_high(self.low, at, side)


@dataclass
class _LowEnd:
    """The likelihood of a uniform by its low end, the high one at its likeliest or held."""

    rows: _Uniform
    high: Callable[[float], float]

    def value(self, at: float) -> float:
        return self.rows.value(at, self.high(at))

    def slope(self, at: float, side: int) -> float:
        return self.rows.by_low(at, self.high(at), side)


# one function a family


def _uniform(
    family: type[WithStatistics], observations: Observations, fixed: Mapping[str, float]
) -> Found:
    read = _read(family, observations)
    least, greatest, edges = read.least_upper, read.greatest_lower, read.edges
    for limit, name, end in ((least, "high", np.inf), (greatest, "low", -np.inf)):
        if np.isinf(limit) and name not in fixed:
            raise _without_maximum(family, {name: end}, 0.0)
    low, high = fixed.get("low", -np.inf), fixed.get("high", np.inf)
    if low > least or high < greatest or low == least < min(read.values, default=np.inf):
        raise SupportError(
            f"uniform with {dict(fixed)} does not hold all values: they reach from "
            f"{greatest if np.isinf(least) else least:g} to {greatest:g}. Fix an end beyond them."
        )
    rows, several = _Uniform(read), _has_several(read)
    span = float(edges[-1] - edges[0]) or 1.0
    lows = np.append(edges[(edges < least) & np.isin(edges, rows.rows.lower)], least)
    highs = np.insert(edges[(edges > greatest) & np.isin(edges, rows.rows.upper)], 0, greatest)

    def best_high(low: float) -> float:
        if "high" in fixed:
            return fixed["high"]
        profile = _HighEnd(rows, low)
        return top_of(
            profile, _reaching(profile, highs, span, 1, family=family, name="high"), several=several
        )

    if "low" in fixed:
        low = fixed["low"]
    else:
        outer = _LowEnd(rows, best_high)
        lows = _reaching(outer, lows, span, -1, family=family, name="low")
        low = top_of(outer, lows, several=several)
    high = best_high(low)
    member = family(**{"low": low, "high": high, **fixed})
    slopes = {"low": rows.by_low(low, high, -1), "high": rows.by_high(low, high, 1)}
    level = [
        name
        for name, at, knots in (("low", low, lows), ("high", high, highs))
        if name not in fixed and at not in knots and not _in_cells(observations)
    ]
    names = [name for name in ("low", "high") if name not in fixed and name not in level]
    at = [("low", "high").index(name) for name in level]
    stretches = tuple(n for n in names if slopes[n] == 0.0 and not _in_cells(observations))
    return Found(
        member,
        rows.value(low, high),
        tuple(level),
        Curvature(-rows.hessian(low, high)[np.ix_(at, at)], np.ones(len(at))),
        corners=tuple(name for name in names if name not in stretches),
        stretches=stretches,
        gradient_norm=0.0 if level else None,
        passes=1,
    )


def _pareto(
    family: type[WithStatistics], observations: Observations, fixed: Mapping[str, float]
) -> Found:
    read = _read(family, observations)
    least = read.least_upper
    if np.isinf(least) and "scale" not in fixed:
        raise _without_maximum(family, {"scale": np.inf}, 0.0)
    scale = fixed.get("scale", 0.0)
    if scale > least or scale == least < min(read.values, default=np.inf):
        raise SupportError(
            f"pareto with scale fixed at {scale:g} does not hold values below it (least: "
            f"{least:g}). Fix the scale at or below the least value."
        )
    reference = scale or least
    middles = _log_quotient(np.maximum(as_exact(family, observations).values, reference), reference)
    start = 1.0 / (float(np.mean(middles)) or 1.0)
    profile = _Pareto(read, fixed.get("shape"), start)
    knots = np.empty(0)
    if "scale" not in fixed:
        knots = np.append(np.unique(profile.near.lower[profile.near.lower > 0.0]), least)
        if profile.slope(float(knots[0]), -1) < 0.0:
            lowest = next(
                (at for at in _fractions(float(knots[0])) if profile.slope(at, -1) > 0.0), None
            )
            if lowest is None:
                raise _without_maximum(family, {"scale": 0.0}, profile.value(float(knots[0])))
            knots = np.insert(knots, 0, lowest)
        scale = top_of(profile, knots, several=_has_several(read))
    log_shape = profile.best_rate(scale)
    _require_sane(family, profile, {1.0: {"shape": np.inf}, -1.0: {"shape": 0.0}}, scale)
    shape = float(np.exp(log_shape))
    member = family(**{"shape": shape, "scale": scale, **fixed})
    information = profile.information(scale, log_shape)
    free = [name for name in ("shape", "scale") if name not in fixed]
    corners: tuple[str, ...] = ()
    stretches: tuple[str, ...] = ()
    if "scale" not in fixed and scale in knots:
        flat = profile.slope(scale, -1) == 0.0
        corners, stretches = ((), ("scale",)) if flat else (("scale",), ())
        information = information[:1, :1]
    elif "scale" not in fixed and _in_cells(observations):
        corners = ("scale",)
        # The scale trades against the shape: what is left of its information beside it.
        information = information[:1, :1] - information[0, 1] ** 2 / information[1, 1]
    else:
        at = [("shape", "scale").index(name) for name in free]
        information = information[np.ix_(at, at)]
    if "shape" in fixed and corners + stretches:
        information = np.empty((0, 0))
    free = [name for name in free if name not in corners + stretches]
    return Found(
        member,
        profile.value(scale),
        tuple(free),
        Curvature(information, np.array([getattr(member, name) for name in free])),
        corners=corners,
        stretches=stretches,
        gradient_norm=0.0 if free else None,
        passes=1,
    )


def _laplace(
    family: type[WithStatistics], observations: Observations, fixed: Mapping[str, float]
) -> Found:
    read = _read(family, observations)
    sample = as_exact(family, observations)
    centre, edges = fixed.get("loc", sample.median()), read.edges
    distance = float(np.mean(np.abs(sample.values - centre))) or sample.spread() or 1.0
    scale = fixed.get("scale")
    profile = _Laplace(read, None if scale is None else 1.0 / scale, 1.0 / distance)
    loc = centre
    if "loc" not in fixed:
        _require_both_sides(family, read)
        knots = edges if profile.several else np.unique(np.append(edges[[0, -1]], read.values))
        span = float(edges[-1] - edges[0]) or 1.0
        for side in (-1, 1):
            knots = _reaching(profile, knots, span, side, family=family, name="loc")
        loc = top_of(profile, knots, several=profile.several)
    log_rate = profile.best_rate(loc)
    _require_sane(family, profile, {1.0: {"scale": 0.0}, -1.0: {"scale": np.inf}}, loc)
    member = family(**{"loc": loc, "scale": float(np.exp(-log_rate)), **fixed})
    free = tuple(name for name in ("loc", "scale") if name not in fixed)
    blocks = matched(family, observations)
    curvature: Curvature | OfRows = OfRows(member, free, blocks)
    told = curvature.information.diagonal() > 0.0
    stretches = tuple(name for name, is_told in zip(free, told, strict=True) if not is_told)
    if stretches:
        free = tuple(name for name in free if name not in stretches)
        curvature = OfRows(member, free, blocks)
    if "loc" in fixed:
        information = -np.array([[profile.held(loc).slopes(log_rate)[1]]])
        curvature = Curvature(information, np.array([member.parameters["scale"]]))
    value = profile.value(loc)
    return Found(member, value, free, curvature, stretches=stretches, gradient_norm=None, passes=1)


_SEARCHES = {"uniform": _uniform, "pareto": _pareto, "laplace": _laplace}


def _has_several(read: Read) -> bool:
    """Whether windows can make several tops: of exact rows the outermost value is the end."""
    weight = read.cells.weight
    return bool(np.any(weight < 0) and np.any(weight > 0))


def _in_cells(observations: Observations) -> bool:
    """Whether all that bounds the values bounds them on both sides: an end lies in a cell."""
    lower, upper = observations.lower, observations.upper
    if observations.truncated or lower is None or upper is None:
        return False
    return bool(np.isfinite(lower).all() and np.isfinite(upper).all())


def _fractions(start: float) -> Iterator[float]:
    """Yield numbers that go to 0, the faster the nearer they are."""
    stride = 1.0
    while stride < _NO_MORE:
        yield start * float(np.exp(-stride))
        stride *= 2.0


def _reaching(
    profile: Profile,
    knots: Array,
    span: float,
    side: int,
    *,
    family: type[Distribution],
    name: str,
) -> Array:
    """Return knots beyond which a profile falls to one side; raise if it rises for ever."""
    last = float(knots[0] if side < 0 else knots[-1])
    if side * profile.slope(last, side) <= 0.0:
        return knots
    at = _outwards(profile, last, span, side)
    if at is None:
        raise _without_maximum(family, {name: side * np.inf}, profile.value(last + side * span))
    return np.insert(knots, 0 if side < 0 else knots.size, at)


def _require_both_sides(family: type[Distribution], read: Read) -> None:
    """Raise if all rows are censored on one side: the likelihood then rises towards 1."""
    cells = read.cells
    if read.n or np.any(cells.weight < 0):
        return
    if np.all(cells.upper == np.inf):
        raise _without_maximum(family, {"loc": np.inf}, 0.0)
    if np.all(cells.lower == -np.inf):
        raise _without_maximum(family, {"loc": -np.inf}, 0.0)


def _require_sane(
    family: type[Distribution],
    profile: _Scaled,
    limits: Mapping[float, Mapping[str, float]],
    at: float,
) -> None:
    direction = profile.is_astray() or profile.rises_for_ever(at)
    if direction:
        raise _without_maximum(family, limits[direction], profile.value(at))


def _without_maximum(
    family: type[Distribution], limits: Mapping[str, float], value: float
) -> UnboundedLikelihoodError:
    ways = " and ".join(
        f"{name} → {number(limit).replace('inf', '∞')}" for name, limit in limits.items()
    )
    return UnboundedLikelihoodError(
        f"The likelihood of {family.name} has no maximum: it rises as {ways}, towards "
        f"{number(value, 8)} nats."
    )
