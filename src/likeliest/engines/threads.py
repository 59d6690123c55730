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
from contextvars import copy_context
from functools import cache
from itertools import chain, islice, pairwise
from numbers import Integral
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from likeliest.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from likeliest.numerics.arrays import Array

S = TypeVar("S")
T = TypeVar("T")

CHUNK = 32_768
"""Values in a chunk: long enough for threads, short enough for the cache.

Two threads that both take the interpreter lock between ufuncs lose some ten microseconds a call
to each other: shorter chunks lose more to that than the caches of a core win, and longer ones ask
for more memory.
"""

LONG_CHUNK = 131_072
"""Values in a chunk where each call is soon done, as a sum is: it should last as long."""

# From 128 KiB glibc maps pages of its own for an array and gives them back: a Cauchy fit of a
# million values would spend half its time on 29,000 page faults. Once an array of 16 MiB has been
# freed, it keeps the memory of smaller ones for the next.
np.empty(2**21)

_threads = {"count": 0}  # 0: not asked for yet


def set_threads(count: int) -> int:
    """Set how many threads sums are taken on; return the number before.

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
    if not _threads["count"]:
        said = os.environ.get("LIKELIEST_THREADS", "").strip() or "0"
        if not (said.isascii() and said.isdigit()):
            raise ParameterError(
                "LIKELIEST_THREADS, of the environment, must be a whole number of threads, or 0 "
                f"for one on each core; got {said!r:.40}."
            )
        _threads["count"] = int(said) or os.cpu_count() or 1
    return _threads["count"]


def over_chunks(function: Callable[[int, int], T], n: int, *, light: bool = False) -> list[T]:
    """Call `function(first, end)` for chunks of `n` values; return the results in order.

    The chunks are equally long. A `light` function makes a few calls that are soon done: only long
    chunks of it are worth threads.
    """
    if 0 < n <= CHUNK:  # as quickly as can be: small data is most of the data there is
        return [function(0, n)]
    alone = light and n < 4 * LONG_CHUNK
    count = -(-n // (LONG_CHUNK if light and not alone else CHUNK))
    chunks = list(pairwise(n * k // count for k in range(count + 1)))
    workers = min(number(), len(chunks))
    if workers == 1 or alone:
        return [function(first, end) for first, end in chunks]
    results: list[T] = [None] * len(chunks)  # type: ignore[list-item]
    left = iter(range(len(chunks)))

    def work() -> None:
        for at in left:  # whichever thread is free takes the next
            results[at] = function(*chunks[at])

    # Each in a copy of this thread's context, which holds NumPy's error state.
    pool = _pool(number())
    others = [pool.submit(copy_context().run, work) for _ in range(workers - 1)]
    work()
    for other in others:
        if not other.cancel():  # one that has not begun has nothing left to do
            other.result()
    return results


def in_order(function: Callable[[S], T], items: Iterable[S]) -> Iterator[T]:
    """Yield `function(item)` for each item, in order; as many at work at once as there are threads.

    Items are taken from the iterable in this thread, and only a few ahead of the results: after an
    error in the iterable these results are lost. A single item is worked on in this thread.
    """
    workers = number()
    source = iter(items)
    first = list(islice(source, min(workers, 2)))
    if len(first) < 2:
        yield from map(function, chain(first, source))
        return
    running: deque[Future[T]] = deque()
    for item in chain(first, source):
        running.append(_pool(workers).submit(function, item))
        if len(running) > workers:
            yield running.popleft().result()
    while running:
        yield running.popleft().result()


def total(function: Callable[[int, int], Sequence[float]], n: int, *, light: bool = False) -> Array:
    """Add up the sums that `function(first, end)` returns for each chunk.

    Returns
    -------
    array of shape (k,), the exact sums of the chunks' k partial sums, rounded once.
    """
    partials = over_chunks(function, n, light=light)
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
