"""Where a corner of a likelihood can lie: what the rows know of an end of the support."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from likeliest.data.rows import Kind
from likeliest.distributions.corner import Corner

if TYPE_CHECKING:
    from collections.abc import Iterable

    from likeliest.data.rows import Rows
    from likeliest.distributions.parameters import Constraint
    from likeliest.numerics.arrays import Array


class Seen(NamedTuple):
    """The numbers that rows consist of.

    Parameters
    ----------
    exact, lower, upper : arrays
        Exact values, and the bounds of the other rows; infinite ones are open.
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
        exact, lower, upper, entry, exit_ = ([np.empty(0)] for _ in range(5))
        for block in blocks:
            if block.kind is Kind.EXACT:
                exact.append(block.a)
            else:
                below, open_ = block.kind is Kind.BELOW, np.full(block.size, np.inf)
                lower.append(-open_ if below else block.a)
                upper.append(block.a if below else open_ if block.b is None else block.b)
            entry += [] if block.entry is None else [block.entry]
            exit_ += [] if block.exit is None else [block.exit]
        return cls(*(np.unique(np.concatenate(c)) for c in (exact, lower, upper, entry, exit_)))

    @property
    def least(self) -> float:
        """The least upper bound of a row: the support begins below it."""
        return float(min(self.exact.min(initial=np.inf), self.upper.min(initial=np.inf)))

    @property
    def greatest(self) -> float:
        """The greatest lower bound of a row: the support ends above it."""
        return float(max(self.exact.max(initial=-np.inf), self.lower.max(initial=-np.inf)))

    @property
    def has_windows(self) -> bool:
        """Whether rows could be seen only within windows."""
        return bool(self.entry.size or self.exit.size)

    @property
    def edges(self) -> Array:
        """All finite numbers among them, in order."""
        every = np.unique(np.concatenate(self))
        return every[np.isfinite(every)]

    @property
    def span(self) -> float:
        """How far apart they lie; 1 where they are one."""
        edges = self.edges
        return float(edges[-1] - edges[0]) or 1.0

    def holds(self, corner: Corner, at: float) -> bool:
        """Whether every row can lie in a support that ends there."""
        if corner is Corner.LOW_END:
            return at < self.least or at == self.least == self.exact.min(initial=np.inf)
        if corner is Corner.HIGH_END:
            return at > self.greatest or at == self.greatest == self.exact.max(initial=-np.inf)
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
            edges = self.edges
            at = edges if self.has_windows else np.append(edges[[0, -1]], self.exact)
        return np.unique(at[np.isfinite(at) & constraint.contains(at)])
