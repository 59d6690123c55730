"""Probabilities of which only the density is known: sums over panels of the axis.

Panels lie about a centre, or away from an end of the support, in the logarithm of the distance, so
that far tails and densities that are infinite at an end are reached as well as the middle. Each is
halved until Gauss and Legendre's rule of 20 nodes agrees with that of its halves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.numerics.arrays import Array

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(20)
_NEAR, _FAR = 24.0, 690.0  # logarithms of distances: where panels are short, and where they end
_SHORT, _LONG = 0.5, 6.0  # panels
_AGREE = 1e-14  # of the whole mass: what the halves of a panel may differ from it by
_HALVINGS = 30
_STEPS = 80  # of Newton and halving, for quantiles
_LARGEST = 1 << 20  # masses of whole numbers that are added


class Panels(NamedTuple):
    """Stretches of the axis, x = centre + side · unit · exp(s) for s between two ends.

    Parameters
    ----------
    centre, side : arrays of shape (panels,)
    first, last : arrays of shape (panels,)
        The s of the lower and of the upper end in x.
    """

    centre: Array
    side: Array
    first: Array
    last: Array


@dataclass(frozen=True)
class Masses:
    """The masses of panels along the axis, of a density.

    Parameters
    ----------
    density : callable
        From an array of x to one of the same shape.
    unit : float
    panels : Panels
        In the order of x.
    mass : array of shape (panels,)
    """

    density: Callable[[Array], Array]
    unit: float
    panels: Panels
    mass: Array

    @classmethod
    def of(
        cls, density: Callable[[Array], Array], low: float, high: float, centre: float, unit: float
    ) -> Masses:
        """Return the masses of a density on (low, high), whose middle lies about a centre."""
        blank = cls(density, unit, _panels(low, high, centre, unit), np.zeros(0))
        open_ = blank.panels
        done: list[tuple[Panels, Array]] = []
        coarse = blank.between(open_, open_.first, open_.last)
        for _ in range(_HALVINGS):
            middle = 0.5 * (open_.first + open_.last)
            left = blank.between(open_, open_.first, middle)
            right = blank.between(open_, middle, open_.last)
            whole = np.sum([mass.sum() for _, mass in done]) + (left + right).sum()
            rough = np.abs(left + right - coarse) > _AGREE * whole
            kept = ~rough
            done.append((Panels(*(p[kept] for p in open_)), (left + right)[kept]))
            if not rough.any():
                break
            firsts, middles, lasts = open_.first[rough], middle[rough], open_.last[rough]
            open_ = Panels(
                np.tile(open_.centre[rough], 2), np.tile(open_.side[rough], 2),
                np.concatenate([firsts, middles]), np.concatenate([middles, lasts]),
            )  # fmt: skip
            coarse = np.concatenate([left[rough], right[rough]])
        else:
            done.append((open_, coarse))
        columns = [np.concatenate(c) for c in zip(*(panels for panels, _ in done), strict=True)]
        mass = np.concatenate([mass for _, mass in done])
        order = np.argsort(blank.x_at(Panels(*columns), columns[2]), kind="stable")
        return cls(density, unit, Panels(*(c[order] for c in columns)), mass[order])

    @property
    def total(self) -> float:
        """The mass of the whole axis."""
        return float(self.mass.sum())

    def x_at(self, panels: Panels, s: Array) -> Array:
        """Return the x of points in panels."""
        return np.asarray(panels.centre + panels.side * self.unit * np.exp(s))

    def _s_at(self, panels: Panels, x: Array) -> Array:
        return np.log(np.abs(x - panels.centre) / self.unit)

    def between(self, panels: Panels, start: Array, end: Array) -> Array:
        """Return the masses between two points in each panel, the first of which is the lower."""
        half = 0.5 * (end - start)[:, None]
        s = (0.5 * (end + start))[:, None] + half * _NODES
        wide = Panels(*(p[:, None] for p in panels))
        x = self.x_at(wide, s)
        values = self.density(x.ravel()).reshape(x.shape) * np.exp(s) * self.unit
        values = np.where(np.isfinite(values), values, 0.0)
        return np.abs(half[:, 0]) * (values @ _WEIGHTS)

    def _place(self, x: Array) -> Array:
        ends = self.x_at(self.panels, self.panels.last)
        return np.minimum(np.searchsorted(ends, x), ends.size - 1)

    def _split(self, x: Array) -> tuple[Array, Panels, Array]:
        at = self._place(x)
        panels = Panels(*(p[at] for p in self.panels))
        s = self._s_at(panels, x)
        ends = np.sort(np.stack([panels.first, panels.last]), axis=0)
        return at, panels, np.clip(s, ends[0], ends[1])

    def below(self, x: Array) -> Array:
        """Return the mass below each x."""
        at, panels, s = self._split(x)
        before = np.concatenate([[0.0], np.cumsum(self.mass)])[at]
        return before + self.between(panels, panels.first, s)

    def above(self, x: Array) -> Array:
        """Return the mass above each x, accurate where it is small."""
        at, panels, s = self._split(x)
        after = np.concatenate([np.cumsum(self.mass[::-1])[::-1], [0.0]])[at + 1]
        return after + self.between(panels, s, panels.last)

    def quantile(self, q: Array, *, from_above: bool = False) -> Array:
        """Return the x with the mass q below, or above: by Newton's steps within a panel."""
        step = -1 if from_above else 1
        reached = np.cumsum(self.mass[::step])
        nth = np.minimum(np.searchsorted(reached, q), reached.size - 1)
        at = reached.size - 1 - nth if from_above else nth
        panels = Panels(*(p[at] for p in self.panels))
        left = q - np.concatenate([[0.0], reached])[nth]  # within the panel, from its own side
        start, end = (panels.last, panels.first) if from_above else (panels.first, panels.last)
        inner, outer = start.copy(), end.copy()
        s = 0.5 * (inner + outer)
        for _ in range(_STEPS):
            ends = (s, start) if from_above else (start, s)
            excess = self.between(panels, *ends) - left
            short = excess < 0.0
            inner, outer = np.where(short, s, inner), np.where(short, outer, s)
            slope = self.density(self.x_at(panels, s)) * np.exp(s) * self.unit
            towards = np.sign(end - start)
            step_to = s - towards * excess / slope
            within = (step_to - inner) * (step_to - outer) < 0.0
            moved = np.where(within, step_to, 0.5 * (inner + outer))
            if np.all(np.abs(moved - s) <= 1e-15 * np.maximum(1.0, np.abs(s))):
                s = moved
                break
            s = moved
        return self.x_at(panels, s)

    def expectation(self, function: Callable[[Array], Array]) -> float:
        """Return the mean of a function of x; infinite or NaN where the far panels hold it."""
        panels = self.panels
        half = 0.5 * (panels.last - panels.first)[:, None]
        s = (0.5 * (panels.last + panels.first))[:, None] + half * _NODES
        x = self.x_at(Panels(*(p[:, None] for p in panels)), s)
        mass = self.density(x.ravel()).reshape(x.shape) * np.exp(s) * self.unit * np.abs(half)
        with np.errstate(all="ignore"):
            values = np.where(mass > 0.0, mass * function(x), 0.0) @ _WEIGHTS
        far = np.maximum(panels.first, panels.last) > 0.5 * _FAR
        if np.abs(values[far]).sum() > 1e-9 * np.abs(values).sum():
            return float(np.sign(values[far].sum()) * np.inf)
        return float(values.sum())


def _panels(low: float, high: float, centre: float, unit: float) -> Panels:
    """Return panels that cover (low, high), each side of a centre or away from an end."""
    upwards = np.concatenate([np.arange(0.0, _NEAR, _SHORT), np.arange(_NEAR, _FAR + 1.0, _LONG)])
    s = np.concatenate([-upwards[:0:-1], upwards])
    if low > -np.inf and high < np.inf:
        most = np.log(0.5 * (high - low) / unit)
        s = np.append(s[s < most], most)
        return _joined(_side(low, 1.0, s), _side(high, -1.0, s))
    if low > -np.inf:
        return _side(low, 1.0, s)
    if high < np.inf:
        return _side(high, -1.0, s)
    return _joined(_side(centre, -1.0, s), _side(centre, 1.0, s))


def _side(centre: float, side: float, s: Array) -> Panels:
    first, last = (s[:-1], s[1:]) if side > 0.0 else (s[1:], s[:-1])
    ones = np.ones(first.size)
    return Panels(centre * ones, side * ones, first, last)


def _joined(*parts: Panels) -> Panels:
    return Panels(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


@dataclass(frozen=True)
class Counts:
    """The masses of whole numbers from the least on.

    Parameters
    ----------
    low : float
    mass : array
        Of low, low + 1, ..., until what is left is nothing or too many were added.
    """

    low: float
    mass: Array

    @classmethod
    def of(cls, mass: Callable[[Array], Array], low: float, high: float) -> Counts:
        """Return the masses from `low` on."""
        parts: list[Array] = []
        first, size, total = 0.0, 1024.0, 0.0
        while first < _LARGEST:
            x: Array = low + np.arange(first, first + size)
            parts.append(np.where(x <= high, mass(np.minimum(x, high)), 0.0))
            total += float(parts[-1].sum())
            if x[-1] >= high or parts[-1][-1] <= 1e-18 * total:
                break
            first, size = first + size, first + size
        return cls(low, np.concatenate(parts))

    @property
    def total(self) -> float:
        """The mass of all."""
        return float(self.mass.sum())

    def below(self, x: Array) -> Array:
        """Return P(X ≤ x)."""
        reached = np.concatenate([[0.0], np.cumsum(self.mass)])
        return reached[np.clip(np.floor(x) - self.low + 1.0, 0, self.mass.size).astype(np.intp)]

    def above(self, x: Array) -> Array:
        """Return P(X > x), accurate where it is small."""
        left = np.concatenate([np.cumsum(self.mass[::-1])[::-1], [0.0]])
        return left[np.clip(np.floor(x) - self.low + 1.0, 0, self.mass.size).astype(np.intp)]

    def quantile(self, q: Array, *, from_above: bool = False) -> Array:
        """Return the least x with P(X ≤ x) ≥ q, or with P(X > x) ≤ q."""
        if from_above:
            left = np.cumsum(self.mass[::-1])[::-1]  # P(X ≥ low + i)
            first = np.searchsorted(-left, -q, side="left").astype(np.float64) - 1.0
            return self.low + np.clip(first, 0.0, left.size - 1.0)
        reached = np.cumsum(self.mass)
        nth = np.searchsorted(reached, q * (1.0 - 1e-15))
        return self.low + np.minimum(nth, reached.size - 1).astype(np.float64)

    def expectation(self, function: Callable[[Array], Array]) -> float:
        """Return the mean of a function of x; infinite where the masses do not die away."""
        x = self.low + np.arange(float(self.mass.size))
        if self.mass.size >= _LARGEST:
            return np.inf
        return float(np.sum(self.mass * function(x)))
