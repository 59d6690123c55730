"""Sums over partitions that are read one after the other: rows of files larger than memory."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from likeliest.engines import threads
from likeliest.engines.source import each_of, total_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from likeliest.engines.source import Source
    from likeliest.numerics.arrays import Array

C = TypeVar("C")
P = TypeVar("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Batches(Generic[P, C]):
    """A source of chunks of partitions that come from a reader; a few of them are in memory.

    Parameters
    ----------
    read : callable
        Begins a pass: returns what partitions are made of, the same each time.
    make : callable
        Makes a partition of that; runs on several threads.
    sources : callable
        From a partition to the sources of its chunks.
    keep : callable
        From the partitions of a pass to the same in a place where they are read sooner.
    where : str
        Where they lie, for messages.
    many : int
        How many there are.

    Examples
    --------
    >>> def whole(part):
    ...     return [threads.Chunks(lambda first, end: part[first:end], len(part))]
    >>> parts = Batches(lambda: [(1.0, 2.0), (3.0,)], list, whole, list, "two batches", 2)
    >>> parts.total(lambda chunk: [sum(chunk)]).tolist()
    [6.0]
    """

    read: Callable[[], Iterable[Any]]
    make: Callable[[Any], P]
    sources: Callable[[P], Sequence[Source[C]]]
    keep: Callable[[Iterable[P]], Iterable[P]]
    where: str
    many: int

    def __len__(self) -> int:
        """The number of partitions."""
        return self.many

    def total(self, kernel: Callable[[C], Sequence[float]]) -> Array:
        """Add up the k sums that the kernel returns of each chunk."""
        sums = self.on_each(partial(total_of, self.sources, kernel))
        return threads.added([*filter(None, sums)])

    def each(self, kernel: Callable[[C], T]) -> Iterator[T]:
        """Yield what the kernel returns of each chunk, in order."""
        for some in self.on_each(partial(each_of, self.sources, kernel)):
            yield from some

    def on_each(self, work: Callable[[P], T]) -> list[T]:
        """Return what `work` makes of each partition, on one thread each."""
        return [*self._each_made(work)]

    def kept(self) -> Batches[P, C]:
        """Return the same partitions, read once more and kept for several passes."""
        found = self.keep(self._each_made(_same))
        return replace(self, read=lambda: found, make=_same)

    def giving(self, sources: Callable[[P], Sequence[Any]]) -> Batches[P, Any]:
        """Return the same partitions as the source of other chunks."""
        return replace(self, sources=sources)

    def after(self, work: Callable[[P], P]) -> Batches[P, C]:
        """Return what `work` makes of the partitions, at each pass anew."""
        make = self.make
        return replace(self, make=lambda raw: work(make(raw)))

    def _each_made(self, work: Callable[[P], T]) -> Iterator[T]:
        make = self.make
        return threads.each(partial(threads.on_one, lambda raw: work(make(raw))), self.read())


def _same(part: P) -> P:
    return part
