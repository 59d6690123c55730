"""Arrays as rows along one of their axes, a block of rows at a time, on all cores."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.engines.threads import each

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

BLOCK = 1 << 18
"""Values worked on at a time: what a core's cache holds."""

_ALONG = 16  # rows that share their cache lines, where the axis is not the last


@dataclass(frozen=True, slots=True)
class Block:
    """A block of rows: where it is among all rows, and where in the array that has them.

    Parameters
    ----------
    rows : slice
        Of all rows, in order.
    outer, inner : slice
        Of the dimensions before and after the axis.
    """

    rows: slice
    outer: slice
    inner: slice


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """An array of rows.

    Parameters
    ----------
    values : array of shape (outer, inner, length)
        A view of the array: the dimensions before the axis, those after it, and the axis.
    """

    values: npt.NDArray[Any]

    @classmethod
    def along(cls, x: npt.NDArray[Any], axis: int) -> Rows:
        """Return the rows of x along an axis, which is from 0 on."""
        before, after = math.prod(x.shape[:axis]), math.prod(x.shape[axis + 1 :])
        return cls(x.reshape(before, x.shape[axis], after).swapaxes(1, 2))

    @property
    def count(self) -> int:
        """Number of rows."""
        return self.values.shape[0] * self.values.shape[1]

    @property
    def length(self) -> int:
        """Number of values in a row."""
        return self.values.shape[2]

    def blocks(self) -> list[Block]:
        """Return the blocks that all rows are cut into; they depend on the shape alone."""
        outer, inner, length = self.values.shape
        if not self.count:
            return []
        size = max(BLOCK // max(length, 1), 1 if inner == 1 else _ALONG)
        step = max(size // inner, 1)
        size = min(size, inner)
        blocks = []
        for a in range(0, outer, step):
            for b in range(0, inner, size):
                end = (min(a + step, outer) - 1) * inner + min(b + size, inner)
                blocks.append(
                    Block(slice(a * inner + b, end), slice(a, a + step), slice(b, b + size))
                )
        return blocks

    def copy(self, block: Block, dtype: npt.DTypeLike) -> npt.NDArray[Any]:
        """Return a copy of a block's rows, of shape (rows, length)."""
        part = self.values[block.outer, block.inner]
        return np.array(part, dtype=dtype, order="C").reshape(-1, self.length)

    def put(self, block: Block, values: npt.NDArray[Any]) -> None:
        """Put values of shape (rows, length) in the place of a block's rows."""
        part = self.values[block.outer, block.inner]
        part[...] = values.reshape(part.shape)


def on_all_cores(function: Callable[[Any], object], items: Sequence[object]) -> None:
    """Call `function(item)` for each item, on the threads; its warnings of infinities are off."""

    def quietly(item: object) -> None:
        with np.errstate(all="ignore"):  # each thread has a state of its own
            function(item)

    if len(items) == 1:
        quietly(items[0])
        return
    for _ in each(quietly, items):
        pass
