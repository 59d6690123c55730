"""Sums over a Dask collection: a statistic of each partition where it lies, added up in order.

Only statistics travel between machines. Partitions are added to their neighbours in order, so what
the sum depends on is how the data are cut, never which worker was first.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np

from likeliest.engines import threads
from likeliest.engines.source import each_of, total_of

if TYPE_CHECKING:
    from likeliest.engines.source import Source
    from likeliest.numerics.arrays import Array

C = TypeVar("C")
P = TypeVar("P")
S = TypeVar("S")
T = TypeVar("T")

_TOGETHER = 8  # partial sums added in one task


def is_collection(data: object) -> bool:
    """Return whether data are a Dask collection: a bag, an array, a series. Imports nothing."""
    return hasattr(type(data), "__dask_graph__") and hasattr(type(data), "to_delayed")


def is_remote(data: object) -> bool:
    """Return whether data lie in Dask's partitions: a collection, a delayed object, a list of such.

    Imports nothing.
    """
    if isinstance(data, (list, tuple)):
        return bool(data) and all(hasattr(type(part), "__dask_graph__") for part in data)
    return hasattr(type(data), "__dask_graph__")


def partitions_of(data: Any) -> list[Any]:
    """Return the partitions of what `is_remote`, in order, each delayed."""
    if isinstance(data, (list, tuple)):
        return [*data]
    return list(np.ravel(data.to_delayed())) if is_collection(data) else [data]


def then(work: Callable[..., Any], *parts: Any) -> Any:
    """Return what `work` makes of partitions, delayed."""
    import dask

    return dask.delayed(work)(*parts)


@dataclass(frozen=True)
class Partitions(Generic[P, C]):
    """A source of chunks that lie in Dask's partitions; kernels go there, and sums come back.

    Parameters
    ----------
    parts : tuple of delayed objects
    sources : callable
        From a partition to the sources of its chunks; runs where the partition lies.

    Examples
    --------
    >>> import dask
    >>> parts = (dask.delayed([1.0, 2.0]), dask.delayed([3.0]))
    >>> def whole(part):
    ...     return [threads.Chunks(lambda first, end: part[first:end], len(part))]
    >>> Partitions(parts, whole).total(lambda chunk: [sum(chunk)]).tolist()
    [6.0]
    """

    parts: tuple[Any, ...]
    sources: Callable[[P], Sequence[Source[C]]]

    def __len__(self) -> int:
        """The number of partitions."""
        return len(self.parts)

    @property
    def where(self) -> str:
        """Where they lie, for messages."""
        return f"{len(self):,} partitions of Dask: bring them here with data.compute(), if they fit"

    def total(self, kernel: Callable[[C], Sequence[float]]) -> Array:
        """Add up the k sums that the kernel returns of each chunk."""
        sums = self.on_each(partial(total_of, self.sources, kernel))
        return threads.added([*filter(None, sums)])

    def each(self, kernel: Callable[[C], T]) -> Iterator[T]:
        """Yield what the kernel returns of each chunk, in order."""
        for some in self.on_each(partial(each_of, self.sources, kernel)):
            yield from some

    def on_each(self, work: Callable[[P], T]) -> list[T]:
        """Return what `work` makes of each partition: one task each, on one thread."""
        import dask

        alone = dask.delayed(partial(threads.on_one, work))
        return [*dask.compute(*(alone(part) for part in self.parts))]

    def kept(self) -> Partitions[P, C]:
        """Return the same with partitions that stay where they were made, if that is on a cluster.

        Without a cluster they are made again at each pass, so that they need not fit into memory.
        """
        import dask

        return Partitions(dask.persist(*self.parts), self.sources) if _has_cluster() else self

    def giving(self, sources: Callable[[P], Sequence[Any]]) -> Partitions[P, Any]:
        """Return the same partitions as the source of other chunks."""
        return Partitions(self.parts, sources)

    def after(self, work: Callable[[P], P]) -> Partitions[P, C]:
        """Return what `work` makes of each partition, where it lies."""
        return Partitions(tuple(then(work, part) for part in self.parts), self.sources)


def _has_cluster() -> bool:
    distributed = sys.modules.get("distributed")
    if distributed is None:
        return False
    try:
        return bool(distributed.default_client())
    except ValueError:  # there is none
        return False


def total(
    collection: Any,
    statistic: Callable[[Any], S],
    add: Callable[[Sequence[S]], S],
    together: int = _TOGETHER,
) -> S:
    """Return the sum of the statistics of all partitions.

    It is computed on the cluster of the current `distributed.Client`, or, without one, on Dask's
    threads in this process.

    Parameters
    ----------
    collection : Dask bag, array or series
    statistic : callable
        From a partition (a list, an array, a pandas series) to what adds up. Sent to the workers,
        as `add` is: both must be picklable.
    add : callable
        From a sequence of statistics, in the order of their partitions, to their sum.
    together : int
        How many are added in one task.

    Examples
    --------
    >>> import dask.bag
    >>> total(dask.bag.from_sequence(range(10), npartitions=3), sum, sum)
    45
    """
    import dask

    add_up = dask.delayed(add)
    partial = [dask.delayed(statistic)(part) for part in np.ravel(collection.to_delayed())]
    while len(partial) > 1:
        firsts = range(0, len(partial), together)
        partial = [add_up(partial[first : first + together]) for first in firsts]
    (result,) = dask.compute(partial[0])
    return result
