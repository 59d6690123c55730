"""Where a corner of a likelihood can lie: what the rows know of an end of the support."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from likeliest.data.rows import Kind
from likeliest.distributions.corner import Corner

if TYPE_CHECKING:
    from collections.abc import Iterable

    from likeliest.data.rows import Rows
    from likeliest.distributions.parameters import Constraint
    from likeliest.numerics.arrays import Array


_NONE = np.empty(0)


@dataclass(frozen=True)
class Seen:
    """The numbers that rows consist of.

    Parameters
    ----------
    exact : array
        Exact values.
    lower, upper : arrays
        The bounds of the other rows.
    entry, exit : arrays
        The ends of windows.
    """

    exact: Array
    lower: Array
    upper: Array
    entry: Array
    exit: Array

    @classmethod
    def of(cls, blocks: Iterable[Rows]) -> Seen:
        """Return what blocks of rows consist of."""
        columns: tuple[list[Array], ...] = ([], [], [], [], [])
        exact, lower, upper, entry, exit_ = columns
        for block in blocks:
            if block.kind is Kind.EXACT:
                exact.append(block.a)
            else:
                (upper if block.kind is Kind.BELOW else lower).append(block.a)
                upper += [] if block.b is None else [block.b]
            entry += [] if block.entry is None else [block.entry]
            exit_ += [] if block.exit is None else [block.exit]
        return cls(*(np.concatenate(c) if c else _NONE for c in columns))

    @cached_property
    def least(self) -> float:
        """The least upper bound of a row: the support begins below it; ∞ where there is none."""
        return float(min(self.exact.min(initial=np.inf), self.upper.min(initial=np.inf)))

    @cached_property
    def greatest(self) -> float:
        """The greatest lower bound of a row: the support ends above it; -∞ where there is none."""
        return float(max(self.exact.max(initial=-np.inf), self.lower.max(initial=-np.inf)))

    @property
    def has_windows(self) -> bool:
        """Whether rows could be seen only within windows."""
        return bool(self.entry.size or self.exit.size)

    @property
    def _every(self) -> tuple[Array, ...]:
        return self.exact, self.lower, self.upper, self.entry, self.exit

    @cached_property
    def span(self) -> float:
        """How far apart they lie; 1 where they are one."""
        some = [column for column in self._every if column.size]
        ends = max(float(c.max()) for c in some) - min(float(c.min()) for c in some)
        return ends or 1.0

    def holds(self, corner: Corner, at: float) -> bool:
        """Whether every row can lie in a support that ends there; an exact value may on its end."""
        if corner is Corner.LOW_END:
            return at < self.least or at == self.least < float(self.upper.min(initial=np.inf))
        if corner is Corner.HIGH_END:
            greatest = float(self.lower.max(initial=-np.inf))
            return at > self.greatest or at == self.greatest > greatest
        return True

    def candidates(self, corner: Corner, constraint: Constraint) -> Array:
        """Return where the likelihood can have a corner along a parameter, in order.

        An end of the support can lie at the outermost row, which it may not pass, or, further out,
        at a bound of a row or a window.
        """
        if corner is Corner.LOW_END:
            bounds = np.concatenate([self.lower, self.entry])
            at = np.append(bounds[bounds < self.least], self.least)
        elif corner is Corner.HIGH_END:
            bounds = np.concatenate([self.upper, self.exit])
            at = np.append(bounds[bounds > self.greatest], self.greatest)
        else:  # between exact values the slope is continuous
            at = np.concatenate(self._every)
            if not self.has_windows:
                at = np.append(self.exact, [at.min(), at.max()])
        return np.unique(at[np.isfinite(at) & constraint.contains(at)])
