"""What kernels run over: chunks of data, wherever these lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from likeliest.numerics.arrays import Array

C_co = TypeVar("C_co", covariant=True)
T = TypeVar("T")


class Source(Protocol[C_co]):
    """Data in chunks: in memory (`threads.Chunks`) or read anew at each pass (`stream.Stream`).

    A kernel is called with a chunk and knows nothing of where it came from. The chunks are always
    the same ones, and sums of theirs are added exactly, so that a result does not depend on how
    many of them are worked on at once.
    """

    def total(self, kernel: Callable[[C_co], Sequence[float]]) -> Array:
        """Add up the k sums that the kernel returns of each chunk, rounding once."""
        ...

    def each(self, kernel: Callable[[C_co], T]) -> Iterator[T]:
        """Yield what the kernel returns of each chunk, in order."""
        ...
