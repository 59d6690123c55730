"""The set of values that a family can hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.numerics.arrays import namespace, where

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array, Number


@dataclass(frozen=True, slots=True)
class Support:
    """An interval of the real line, or the whole numbers in it.

    Parameters
    ----------
    low, high : float
        The ends.
    low_closed, high_closed : bool
        Whether the end itself can be observed: an exact 0 is data for the exponential, not for
        the lognormal.
    whole : bool
        Only whole numbers.
    atom_at_low : bool
        Whether the low end has a probability of its own, the other values a density.

    Examples
    --------
    >>> NONNEGATIVE_REALS.contains(np.array([-1.0, 0.0, 2.5])).tolist()
    [False, True, True]
    >>> POSITIVE_REALS.describe()
    'x > 0'
    """

    low: Any = -np.inf
    high: Any = np.inf
    low_closed: bool = False
    high_closed: bool = False
    whole: bool = False
    atom_at_low: bool = False

    def contains(self, x: Number) -> Array:
        """Whether each value lies in the support (an array or tensor of booleans)."""
        xp = namespace(x, self.low, self.high)
        inside = (x >= self.low) if self.low_closed else (x > self.low)
        inside = inside & ((x <= self.high) if self.high_closed else (x < self.high))
        return inside & (xp.floor(x) == x) if self.whole else inside

    @property
    def has_mass_at_low(self) -> bool:
        """Whether the low end itself has a probability."""
        return self.whole or self.atom_at_low

    @property
    def is_everything(self) -> bool:
        """Whether every finite number lies in it."""
        if self.whole or np.ndim(self.low) or np.ndim(self.high):
            return False
        return bool(self.low == -np.inf == -self.high)

    def interior(self) -> Any:
        """Return some point well inside, to stand in for values outside."""
        if self.whole:
            return where(self.low > -np.inf, self.low, 0.0)
        low, high = self.low, self.high
        bounded_below, bounded_above = low > -np.inf, high < np.inf
        beside = where(bounded_above, high - 1.0, 0.0)
        within = where(bounded_above, 0.5 * low + 0.5 * high, low + 1.0)
        return where(bounded_below, within, beside)

    def describe(self) -> str:
        """Say the support in symbols: `x > 0`, `0 < x < 1`, `x = 0, 1, 2, …`."""
        if self.whole:
            if self.low == 0.0 and self.high == 1.0:
                return "x = 0 or 1"
            if self.low == -np.inf:
                return "any whole x"
            last = f", {self.high:g}" if self.high < np.inf else ""
            return f"x = {self.low:g}, {self.low + 1:g}, …{last}"
        less = "≤" if self.high_closed else "<"
        if self.low == -np.inf:
            return "any real x" if self.high == np.inf else f"x {less} {self.high:g}"
        if self.high == np.inf:
            return f"x {'≥' if self.low_closed else '>'} {self.low:g}"
        low, high = _shown(self.low), _shown(self.high)
        return f"{low} {'≤' if self.low_closed else '<'} x {less} {high}"


def _shown(end: float) -> str:
    """Write an end, those of the circle as ±π."""
    return "-" * bool(end < 0.0) + ("π" if abs(end) == np.pi else f"{abs(end):g}")


REALS = Support()
POSITIVE_REALS = Support(low=0.0)
NONNEGATIVE_REALS = Support(low=0.0, low_closed=True)
OPEN_UNIT_INTERVAL = Support(low=0.0, high=1.0)
WHOLE_NUMBERS = Support(whole=True)
COUNTS = Support(low=0.0, low_closed=True, whole=True)
POSITIVE_COUNTS = Support(low=1.0, low_closed=True, whole=True)
CIRCLE = Support(-np.pi, np.pi, low_closed=True, high_closed=True)
"""Angles in radians, cut open at ±π."""
ZERO_OR_ONE = Support(low=0.0, high=1.0, low_closed=True, high_closed=True, whole=True)
