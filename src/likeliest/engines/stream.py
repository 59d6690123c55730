"""Sums over data that are read anew at each pass: files larger than memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from likeliest.engines import threads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from likeliest.numerics.arrays import Array

C = TypeVar("C")
T = TypeVar("T")


@dataclass(frozen=True)
class Stream(Generic[C]):
    """Chunks that come from a reader; a few of them are in memory at once.

    Parameters
    ----------
    read : callable
        Begins a pass: returns the chunks, the same ones each time.

    Examples
    --------
    >>> Stream(lambda: iter([[1.0, 2.0], [3.0]])).total(lambda chunk: [sum(chunk)]).tolist()
    [6.0]
    """

    read: Callable[[], Iterable[C]]

    def total(self, kernel: Callable[[C], Sequence[float]]) -> Array:
        """Add up the k sums that the kernel returns of each chunk, rounding once."""
        return threads.added(list(self.each(kernel)))

    def each(self, kernel: Callable[[C], T]) -> Iterator[T]:
        """Yield what the kernel returns of each chunk, in order."""
        return threads.each(kernel, self.read())
