"""What kernels run over: chunks of data, wherever these lie, and partitions that hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from likeliest.engines import threads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from likeliest.numerics.arrays import Array

C = TypeVar("C")
C_co = TypeVar("C_co", covariant=True)
P = TypeVar("P")
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


class Partitions(Protocol[P, C]):
    """Data in partitions that are worked on one by one: on a cluster, or read from files."""

    @property
    def where(self) -> str:
        """Where they lie, for messages."""
        ...

    def __len__(self) -> int:
        """The number of partitions."""
        ...

    def total(self, kernel: Callable[[C], Sequence[float]]) -> Array:
        """Add up the k sums that the kernel returns of each chunk, rounding once."""
        ...

    def each(self, kernel: Callable[[C], T]) -> Iterator[T]:
        """Yield what the kernel returns of each chunk, in order."""
        ...

    @property
    def sources(self) -> Callable[[P], Sequence[Source[C]]]:
        """From a partition to the sources of its chunks."""
        ...

    def on_each(self, work: Callable[[P], T]) -> list[T]:
        """Return what `work` makes of each partition, where it lies."""
        ...

    def kept(self) -> Partitions[P, C]:
        """Return the same, kept for several passes where that is quicker."""
        ...

    def giving(self, sources: Callable[[P], Sequence[Any]]) -> Partitions[P, Any]:
        """Return the same partitions as the source of other chunks."""
        ...

    def after(self, work: Callable[[P], P]) -> Partitions[P, C]:
        """Return what `work` makes of each partition."""
        ...


def total_of(
    sources: Callable[[P], Sequence[Source[C]]],
    kernel: Callable[[C], Sequence[float]],
    part: P,
) -> list[float]:
    """Return the sums of a partition; none of an empty one."""
    sums = [source.total(kernel).tolist() for source in sources(part)]
    return threads.added(sums).tolist() if sums else []


def each_of(
    sources: Callable[[P], Sequence[Source[C]]], kernel: Callable[[C], T], part: P
) -> list[T]:
    """Return what the kernel makes of each chunk of a partition."""
    return [some for source in sources(part) for some in source.each(kernel)]
