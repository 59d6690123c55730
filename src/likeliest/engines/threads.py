"""Sums over an array, in chunks that fit a core's cache, on all cores.

NumPy's ufuncs release the interpreter lock, so a thread pool over chunks scales. Chunk bounds do
not depend on the number of threads and partial sums are added exactly (Shewchuk's algorithm, in
`math.fsum`), so that one thread and two give the same bits.
"""

from __future__ import annotations

import math
import os
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice, pairwise
from numbers import Integral
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

from likeliest.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from likeliest.numerics.arrays import Array

C = TypeVar("C")
T = TypeVar("T")

CHUNK = 32_768
"""Values in a chunk: long enough for threads, short enough for the cache.

Two threads that both take the interpreter lock between ufuncs lose some ten microseconds a call
to each other: shorter chunks lose more to that than the caches of a core win, and longer ones ask
for more memory.
"""

LONG_CHUNK = 131_072
"""Values in a chunk where each call is soon done, as a sum is: it should last as long."""

_GIVEN_BACK = 256  # chunks after which memory is given back: of a mapped file 64 MiB

# From 128 KiB glibc maps pages of its own for an array and gives them back: a Cauchy fit of a
# million values would spend half its time on 29,000 page faults. Once an array of 16 MiB has been
# freed, it keeps the memory of smaller ones for the next.
np.empty(2**21)

_threads = {"count": 0}  # 0: not asked for yet
_is_alone: ContextVar[bool] = ContextVar("_is_alone", default=False)


def set_threads(count: int) -> int:
    """Set how many threads take sums; return the number before.

    The results do not depend on it, to the last bit.

    Examples
    --------
    >>> before = set_threads(1)
    >>> set_threads(before)
    1
    """
    if isinstance(count, bool) or not isinstance(count, Integral) or count < 1:
        raise ParameterError(f"threads must be a whole number, 1 or more; got {count!r:.40}.")
    before, _threads["count"] = number(), int(count)
    return before


def number() -> int:
    """Return how many threads sums are taken on.

    Raises
    ------
    ParameterError
        If the variable LIKELIEST_THREADS of the environment says something else.
    """
    if _is_alone.get():
        return 1
    if not _threads["count"]:
        said = os.environ.get("LIKELIEST_THREADS", "").strip() or "0"
        if not (said.isascii() and said.isdigit()):
            raise ParameterError(
                "LIKELIEST_THREADS, of the environment, must be a whole number of threads, or 0 "
                f"for one on each core; got {said!r:.40}."
            )
        _threads["count"] = int(said) or os.cpu_count() or 1
    return _threads["count"]


@contextmanager
def alone() -> Iterator[None]:
    """Take sums on this thread alone: the tasks of a cluster share its cores already."""
    token = _is_alone.set(True)
    try:
        yield
    finally:
        _is_alone.reset(token)


def on_one(work: Callable[[C], T], item: C) -> T:
    """Return what `work` makes of an item, its sums taken on this thread alone."""
    with alone():
        return work(item)


@dataclass(slots=True, eq=False)  # a fit makes several: frozen, each would take five times as long
class Chunks(Generic[C]):
    """Data in memory as a source of chunks that are equally long.

    Parameters
    ----------
    part : callable
        Returns the chunk of rows `first` to `end`.
    n : int
        The number of rows.
    light : bool
        Whether kernels make a few calls that are soon done: only long chunks of them are worth
        threads.
    done : callable, optional
        Is called now and then, where memory that was read can be given back.
    least : int
        Rows of a chunk at the least, where what a kernel returns is large.

    Examples
    --------
    >>> values = np.arange(5.0)
    >>> chunks = Chunks(lambda first, end: values[first:end], values.size)
    >>> chunks.total(lambda part: [part.sum()]).tolist()
    [10.0]
    """

    part: Callable[[int, int], C]
    n: int
    light: bool = False
    done: Callable[[], None] | None = None
    least: int = 0

    def total(self, kernel: Callable[[C], Sequence[float]]) -> Array:
        """Add up the k sums that the kernel returns of each chunk, rounding once."""
        return added(self.all(kernel))

    def each(self, kernel: Callable[[C], T]) -> Iterator[T]:
        """Yield what the kernel returns of each chunk, in order."""
        return iter(self.all(kernel))

    def all(self, kernel: Callable[[C], T]) -> list[T]:
        """Return what the kernel returns of each chunk, in order."""
        part, n = self.part, self.n
        if 0 < n <= CHUNK:  # as quickly as can be: small data is most of the data there is
            return [kernel(part(0, n))]
        alone = self.light and n < 4 * LONG_CHUNK
        count = -(-n // max(LONG_CHUNK if self.light and not alone else CHUNK, self.least))
        bounds = list(pairwise(n * k // count for k in range(count + 1)))
        workers = min(number(), len(bounds))
        results: list[T] = [None] * len(bounds)  # type: ignore[list-item]
        left = iter(range(len(bounds)))

        def work() -> None:
            for at in left:  # whichever thread is free takes the next
                results[at] = kernel(part(*bounds[at]))
                if self.done is not None and at % _GIVEN_BACK == 0:
                    self.done()

        if workers == 1 or alone:
            work()
            return results
        # Each in a copy of this thread's context, which holds NumPy's error state.
        pool = _pool(number())
        others = [pool.submit(copy_context().run, work) for _ in range(workers - 1)]
        work()
        for other in others:
            if not other.cancel():  # one that has not begun has nothing left to do
                other.result()
        return results


def each(kernel: Callable[[C], T], chunks: Iterable[C]) -> Iterator[T]:
    """Yield `kernel(chunk)` for each chunk, in order; as many at work at once as there are threads.

    Chunks are taken from the iterable in this thread, and only a few ahead of the results: after
    an error in the iterable these results are lost. A single one is worked on in this thread.
    """
    workers = number()
    source = iter(chunks)
    first = list(islice(source, min(workers, 2)))
    if len(first) < 2:
        yield from map(kernel, chain(first, source))
        return
    running: deque[Future[T]] = deque()
    for chunk in chain(first, source):
        running.append(_pool(workers).submit(copy_context().run, kernel, chunk))
        if len(running) > workers:
            yield running.popleft().result()
    while running:
        yield running.popleft().result()


def added(partials: Sequence[Sequence[float]]) -> Array:
    """Return the exact sums of the chunks' k partial sums, rounded once; of shape (k,)."""
    if len(partials) == 1:
        return np.asarray(partials[0], dtype=np.float64)
    return np.array([add(column) for column in zip(*partials, strict=True)])


def add(partials: Sequence[float]) -> float:
    """Add exactly, rounding once; infinities and NaN go through as in ordinary addition."""
    try:
        return math.fsum(partials)
    except (OverflowError, ValueError):
        return float(np.sum(partials))


@cache
def _pool(workers: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(workers, thread_name_prefix="likeliest")


# A forked child has the pool but not its threads: it would wait for them for ever.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.cache_clear)
