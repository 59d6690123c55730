"""Rows: observations of one kind, with the window through which they could be seen."""

from __future__ import annotations

from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from likeliest.engines import mapped
from likeliest.engines.threads import Chunks

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.engines.source import Source
    from likeliest.numerics.arrays import Array, Indices, Mask


_GLANCE = 1_000  # rows in which different values mostly show


class Kind(Enum):
    """What is known of a value."""

    EXACT = "exact"  # x
    BELOW = "left-censored"  # X ≤ b
    ABOVE = "right-censored"  # X > a
    BETWEEN = "interval"  # a < X ≤ b


class Rows(NamedTuple):
    """Rows of one kind.

    Parameters
    ----------
    kind : Kind
    a : array of shape (n,)
        The value, or the lower bound; of what is known to lie below, the upper bound.
    b : array of shape (n,), optional
        The upper bound of intervals.
    entry, exit : arrays of shape (n,) or (1,), optional
        The rows could be seen only in (entry, exit]; of shape (1,) where that is common to all.
        None: anywhere.
    weight : array of shape (n,), optional
        How often each was seen; None: once.
    row : array of shape (n,), optional
        Where each stands among the observations; None: in order.
    """

    kind: Kind
    a: Array
    b: Array | None = None
    entry: Array | None = None
    exit: Array | None = None
    weight: Array | None = None
    row: Indices | None = None

    @property
    def size(self) -> int:
        """The number of rows."""
        return int(self.a.size)

    @property
    def n(self) -> float:
        """The number of observations: the sum of the weights."""
        return float(self.size) if self.weight is None else float(np.sum(self.weight))

    @property
    def window(self) -> Rows | None:
        """The window as rows of its own: P(seen) is their probability."""
        if self.entry is None and self.exit is None:
            return None
        if self.entry is None:
            return Rows(Kind.BELOW, _required(self.exit))
        return Rows(Kind.ABOVE if self.exit is None else Kind.BETWEEN, self.entry, self.exit)

    @property
    def has_common_window(self) -> bool:
        """Whether one window serves all rows."""
        end = self.exit if self.entry is None else self.entry
        return end is not None and end.size == 1 and self.size > 1

    def part(self, first: int, end: int) -> Rows:
        """Return rows `first` to `end`, without a copy."""
        if first == 0 and end == self.size:
            return self
        return self._map(lambda column: column[first:end])

    def chunks(self) -> Source[Rows]:
        """Return the rows as a source for kernels."""
        return Chunks(self.part, self.size, done=_releaser(self.a))

    def take(self, at: Indices | Mask) -> Rows:
        """Return the rows at these positions (or where a mask is true)."""
        return self._map(lambda column: mapped.picked(column, at))

    def tabulated(self) -> Rows:
        """Return each distinct row once, with its weight; the same where they are not fewer."""
        columns = [c for c in (self.a, self.b, self.entry, self.exit) if c is not None]
        own = [c for c in columns if c.size == self.size]
        if all((c == c[0]).all() for c in own):
            return self.take(np.zeros(1, dtype=np.intp))._replace(
                weight=np.array([self.n]), row=None
            )
        keys = own[0] if len(own) == 1 else np.stack(own, axis=1)
        _, first, inverse = np.unique(keys, axis=0, return_index=True, return_inverse=True)
        if 2 * first.size > self.size:
            return self
        weight = np.bincount(inverse.ravel(), self.weight, first.size).astype(np.float64)
        return self.take(first)._replace(weight=weight, row=None)

    @property
    def is_constant(self) -> bool:
        """Whether all rows are the same."""
        columns = (self.a, self.b, self.entry, self.exit)
        own = [c for c in columns if c is not None and c.size == self.size]
        if any((c[:_GLANCE] != c[0]).any() for c in own):  # as most are, without a pass
            return False
        return all(bool((c == c[0]).all()) for c in own)

    def moved(self, origin: float, unit: float) -> Rows:
        """Return the rows with every value less `origin`, over `unit`."""

        def move(column: Array | None) -> Array | None:
            return None if column is None else (column - origin) / unit

        return self._replace(
            a=(self.a - origin) / unit,
            b=move(self.b),
            entry=move(self.entry),
            exit=move(self.exit),
        )

    def _map(self, pick: Callable[[Any], Any]) -> Rows:
        common = 1 if self.size > 1 else -1  # the size of a column that serves all rows
        columns = [c if c is None or c.size == common else pick(c) for c in self[1:]]
        return Rows(self.kind, *columns)  # type: ignore[arg-type]


def _releaser(column: Array) -> Callable[[], None] | None:
    """Return what gives back the memory of a column that lies in a temporary file."""
    return partial(mapped.release, column) if mapped.is_shared(column) else None


def _required(column: Array | None) -> Array:
    if column is None:
        raise ValueError("the rows lack a bound")
    return column
