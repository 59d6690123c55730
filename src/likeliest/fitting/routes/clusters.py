"""Where mixtures set out from: values gathered into points, clusters of them, and tight windows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.numerics.arrays import Array, Indices

_POINTS = 600  # into which values are gathered
_BINS_AT_ONCE = 32
_WINDOWS = (2, 3, 4, 5, 7, 10, 14, 20, 30)  # points in one
_LEAST_WINDOW = 3.0  # values in one
_NARROWEST = 2e-3  # of the standard deviation: a window of equal values is taken to be so wide
_OVERLAP = 0.5  # of a window that one before it may cover


class Points(NamedTuple):
    """Values in ascending order, or the means of neighbours, with their weights.

    Parameters
    ----------
    values, weights : arrays of shape (points,)
    gathered : tuple, optional
        Of means: the values themselves, their weights or None, and where each point's begin.
    """

    values: Array
    weights: Array
    gathered: tuple[Array, Array | None, Indices] | None = None

    @classmethod
    def of(cls, values: Array, weights: Array | None) -> Points:
        """Return all values; of many, points in their place."""
        if weights is None:
            values = np.sort(values)
        else:
            order = np.argsort(values)
            values, weights = values[order], weights[order]
        first = np.flatnonzero(np.diff(values, prepend=-np.inf) > 0.0)
        if gathered := first.size > _POINTS:
            first = _bins(values, weights)
        ones = np.ones(values.size) if weights is None else weights
        by_point = np.add.reduceat(ones, first)
        if not gathered:
            return cls(values[first], by_point)
        means = np.add.reduceat(ones * values, first) / by_point
        return cls(means, by_point, (values, weights, first))

    @property
    def n(self) -> float:
        """The sum of the weights."""
        return float(self.weights.sum())

    def averaged(self, function: Callable[[Array], Array]) -> Array:
        """Return the mean of a function of the values at each point, of shape (points, columns)."""
        if self.gathered is None:
            return function(self.values)
        values, weights, first = self.gathered
        found = []
        for at in range(0, first.size, _BINS_AT_ONCE):
            starts = first[at : at + _BINS_AT_ONCE]
            after = at + _BINS_AT_ONCE
            some = slice(starts[0], first[after] if after < first.size else values.size)
            columns = function(values[some])
            if weights is not None:
                columns = columns * weights[some, None]
            found.append(np.add.reduceat(columns, starts - starts[0], axis=0))
        return np.concatenate(found) / self.weights[:, None]


def _bins(values: Array, weights: Array | None) -> Indices:
    """Return where bins of sorted values begin, near both by rank and by distance.

    Tails keep bins of their own.
    """
    count = values.size
    ranks = np.arange(count) / count if weights is None else np.cumsum(weights) / weights.sum()
    low, middle, high = values[np.searchsorted(ranks, [0.25, 0.5, 0.75]).clip(0, count - 1)]
    place = np.arcsinh((values - middle) / ((high - low) or 1.0))
    place = (place - place[0]) / (place[-1] - place[0])
    of = np.floor(0.5 * _POINTS * (ranks + place))
    return np.flatnonzero(np.diff(of, prepend=-1.0) > 0.0)


def axes(points: Points) -> list[Array]:
    """Return the numbers by which values are near to each other or far."""
    x, weights = points.values, points.weights
    ranks = np.cumsum(weights) - 0.5 * weights
    middle = x[np.searchsorted(ranks, 0.5 * points.n).clip(0, x.size - 1)]
    found = [x, ranks, np.abs(x - middle)]
    return [*found, np.log(x)] if x[0] > 0.0 else found


def clusters(y: Array, weights: Array, k: int, rng: np.random.Generator, *, even: bool) -> Indices:
    """Return to which of k centres each value lies nearest, the centres drawn far from each other.

    Source: Arthur & Vassilvitskii (2007). Where `even`, by equal shares of the weight instead.
    """
    if even:
        order = np.argsort(y, kind="stable")
        below = np.cumsum(weights[order]) - 0.5 * weights[order]
        label = np.empty(y.size, dtype=np.intp)
        label[order] = np.minimum((below / weights.sum() * k).astype(np.intp), k - 1)
        return label
    far = np.ones(y.size)
    centres = []
    for _ in range(k):
        chance = np.cumsum(far * weights)
        centres.append(y[min(np.searchsorted(chance, rng.random() * chance[-1]), y.size - 1)])
        distance = (y - centres[-1]) ** 2
        far = distance if len(centres) == 1 else np.minimum(far, distance)
    return np.argmin(np.abs(y - np.sort(centres)[:, None]), axis=0)


def windows(points: Points, log_density: Array, most: int) -> list[slice]:
    """Return neighbours so close to each other that a component of their own would gain most.

    The gain is that of a normal over the density that they have, of shape (points,).
    """
    x, weights = points.values, points.weights
    x = x - weights @ x / points.n
    narrowest = _NARROWEST * np.sqrt(weights @ (x * x) / points.n)
    sums = np.cumsum(weights * np.stack([np.ones(x.size), x, x * x, log_density]), axis=1)
    sums = np.concatenate([np.zeros((4, 1)), sums], axis=1)
    found: list[tuple[float, slice]] = []
    for size in _WINDOWS:
        n, mean, square, density = sums[:, size:] - sums[:, :-size]
        mean, square = mean / n, square / n
        std = np.sqrt(np.maximum(square - mean * mean, narrowest**2))
        gain = n * (np.log(n / points.n / std) - _AT_BEST) - density
        gain = np.where(n >= _LEAST_WINDOW, gain, -np.inf)
        best = np.argsort(-gain)[: 4 * most]
        found += [(float(gain[at]), slice(at, at + size)) for at in best if gain[at] > 0.0]
    chosen: list[slice] = []
    for _, one in sorted(found, key=lambda item: -item[0]):
        if all(_common(one, other) <= _OVERLAP for other in chosen):
            chosen.append(one)
        if len(chosen) == most:
            break
    return chosen


_AT_BEST = 0.5 * np.log(2.0 * np.pi) + 0.5  # less the mean log density of a normal, of scale 1


def _common(one: slice, other: slice) -> float:
    """Return how much of the longer of two windows both cover."""
    both = min(one.stop, other.stop) - max(one.start, other.start)
    return max(both, 0) / max(one.stop - one.start, other.stop - other.start)


def halves(x: Array, component: Array) -> list[Array]:
    """Return a component's lower half, and its inner half, as shares of each value."""
    middle = component @ x / component.sum()
    away = np.abs(x - middle)
    typical = component @ away / component.sum()
    return [np.where(x < middle, 0.9, 0.1), np.where(away < typical, 0.9, 0.1)]
