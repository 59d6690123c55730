"""Counting within a limit of memory: sorted runs go to disk and are merged as streams.

A run is the counts of a part of the text, level by level in order. Because numbers follow the order
of the n-grams, the runs' keys stay sorted when their contexts get the numbers of the merged counts:
so a level is merged by reading every run once from front to back, a block of each at a time.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from likeliest.engines import threads
from likeliest.engines.mapped import read_only, room_in
from likeliest.errors import ParameterError
from likeliest.language import counting, trie
from likeliest.language.counts import Heap, NGramCounts
from likeliest.language.vocabulary import Vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

_UNITS = ("", "K", "M", "G", "T")
_LEAST = 50_000_000
_OF_PROCESS = 30_000_000  # bytes of the interpreter with what it has imported
_OF_SYMBOL = 350  # bytes at work for a symbol of a chunk; beside those counted one is read
_OF_NGRAM = 64  # bytes at work for an n-gram: key and count, twice over while merged
_OF_ROW = 150  # bytes at work for an n-gram of a chunk whose probabilities are computed


def size_in_bytes(memory: float | str, name: str = "memory", least: int = _LEAST) -> int:
    """Return a size such as "2GB", or "2GiB", in bytes.

    Raises
    ------
    ParameterError
        If it is no size, or under the least: for memory 50 MB, in which nothing can be counted.

    Examples
    --------
    >>> size_in_bytes("1.5GB")
    1500000000
    """
    written = f"{memory:.0f}" if isinstance(memory, float) else str(memory)
    match = re.fullmatch(r"\s*(\d{1,20}(?:\.\d+)?)\s*([KMGT]?)(i?)B?\s*", written, re.IGNORECASE)
    if match is None:
        raise ParameterError(f"{name} is a size such as 2GB; got {memory!r:.40}.")
    power = _UNITS.index(match[2].upper())
    size = int(float(match[1]) * (1024 if match[3] else 1000) ** power)
    if size < least:
        raise ParameterError(f"{name} must be {least // 10**6}MB or more; got {memory!r:.40}.")
    return size


def ngrams_within(limit: int) -> int:
    """Return how many n-grams may be at work within half of the limit."""
    return _half(limit) // _OF_NGRAM


def chunk_size(limit: int) -> int:
    """Return how many symbols a chunk may have within half of the limit, a chunk on each core."""
    return max(min(counting.CHUNK, _half(limit) // (_OF_SYMBOL * threads.number())), 1)


def rows(limit: int) -> int:
    """Return how many n-grams may be estimated at once on each core within half of the limit."""
    return max(_half(limit) // (_OF_ROW * threads.number()), 1)


def _half(limit: int) -> int:
    return (max(limit, _LEAST) - _OF_PROCESS) // 2


@dataclass(frozen=True, slots=True)
class Column:
    """Whole numbers in a file, written and read from front to back.

    Read, not mapped, so that what has been read takes no memory of this process.
    """

    path: Path

    def __len__(self) -> int:
        return self.path.stat().st_size // 8 if self.path.exists() else 0

    def append(self, values: NDArray[np.int64]) -> None:
        """Write values at the end."""
        with room_in(self.path.parent), self.path.open("ab") as file:
            file.write(np.ascontiguousarray(values).data)

    def read(self, first: int, end: int) -> NDArray[np.int64]:
        """Return the values from `first` up to `end`, or to the last one."""
        if not self.path.exists():
            return np.zeros(0, dtype=np.int64)
        return np.fromfile(self.path, np.int64, max(end - first, 0), offset=8 * first)

    def mapped(self) -> NDArray[np.int64]:
        """Return all values, mapped to memory."""
        if len(self) == 0:
            return np.zeros(0, dtype=np.int64)
        with self.path.open("rb") as file:
            return np.frombuffer(read_only(file), np.int64)


@dataclass(frozen=True, slots=True)
class Run:
    """Counts in files: a column of those of order 1; above, one of keys and one of counts each."""

    first: Column
    keys: tuple[Column, ...]
    counts: tuple[Column, ...]


def gathered(parts: Iterable[NGramCounts], limit: int) -> NGramCounts | None:
    """Return the sum of parts; what passes the limit goes to disk as sorted runs.

    Where there were runs the result's arrays are mapped files, which on systems that can remove an
    open file are gone with the process. The vocabulary stays in memory.
    """
    with folder() as scratch:
        runs = Runs(scratch, limit)
        runs.take(parts)
        if not runs.written:
            return runs.heap.taken()
        return merge_runs(runs.close(), scratch, ngrams_within(limit), consume=True)


class Runs:
    """Counts on their way to the disk: in memory up to a limit, then as a sorted run.

    Parameters
    ----------
    folder : Path
    limit : int, optional
        Bytes; half of them are for counts.
    """

    def __init__(self, folder: Path, limit: int | None) -> None:
        self.folder = folder
        self.most = None if limit is None else ngrams_within(limit)
        self.written: list[Run] = []
        self.heap = Heap()

    def take(self, parts: Iterable[NGramCounts]) -> None:
        """Take in parts."""
        for part in parts:
            self.heap.add(part)
            if self.most is not None and self.heap.size > self.most:
                self._write()

    def close(self) -> list[Run]:
        """Write what is still in memory; return all runs."""
        self._write()
        return self.written

    def _write(self) -> None:
        counts = self.heap.taken()
        if counts is None:
            return
        run = opened(self.folder, len(self.written), counts.order)
        run.first.append(counts.counts[0])
        for column, keys in zip(run.keys, counts.levels, strict=True):
            column.append(keys)
        for column, count in zip(run.counts, counts.counts[1:], strict=True):
            column.append(count)
        self.written.append(run)


def opened(folder: Path, number: int, order: int) -> Run:
    """Return a run in the files that it has in a folder."""

    def column(kind: str) -> Column:
        return Column(folder / f"run{number}.{kind}")

    above = range(2, order + 1)
    return Run(
        column("count1"),
        tuple(column(f"level{n}") for n in above),
        tuple(column(f"count{n}") for n in above),
    )


@contextmanager
def folder(parent: Path | None = None, prefix: str = "likeliest-") -> Iterator[Path]:
    """Make a folder that is gone at the end, unless it has got another name."""
    with tempfile.TemporaryDirectory(prefix=prefix, dir=parent, ignore_cleanup_errors=True) as name:
        yield Path(name)


def merge_runs(
    runs: Sequence[Run], folder: Path, most: int, *, consume: bool = False
) -> NGramCounts:
    """Return the sum of runs, with about `most` n-grams in memory at once.

    Parameters
    ----------
    runs : sequence of Run
    folder : Path
        Where the sum is written.
    most : int
    consume : bool
        Whether the runs' files are removed as soon as they are read.
    """
    first = np.zeros(max(len(run.first) for run in runs), dtype=np.int64)
    for run in runs:
        first[: len(run.first)] += run.first.read(0, len(run.first))
    block = max(most // (2 * len(runs)), 1024)
    places: list[Column | None] = [None] * len(runs)
    levels, counts = [], [first]
    for n in range(len(runs[0].keys)):
        before = places
        keys, total, places = _level(runs, n, places, folder, block)
        for run, place in zip(runs, before, strict=True):  # what was read is needed no more
            own = (run.keys[n], run.counts[n]) if consume else ()
            for column in (*own, *([place] if place else [])):
                column.path.unlink(missing_ok=True)
        levels.append(keys.mapped())
        counts.append(total.mapped())
    return NGramCounts(Vocabulary(()), tuple(levels), tuple(counts))


def _level(
    runs: Sequence[Run], n: int, places: Sequence[Column | None], folder: Path, block: int
) -> tuple[Column, Column, list[Column | None]]:
    """Merge one level; return its keys and counts, and where each run's n-grams went."""
    at, sizes = [0] * len(runs), [len(run.keys[n]) for run in runs]
    new = [Column(folder / f"place{n}.{r}") for r in range(len(runs))]
    all_keys, all_counts = Column(folder / f"keys{n}"), Column(folder / f"counts{n}")
    done = 0
    while any(a < size for a, size in zip(at, sizes, strict=True)):
        heads = [
            _head(run.keys[n].read(a, a + block), place)
            for run, a, place in zip(runs, at, places, strict=True)
        ]
        # What lies beyond a block is larger than its last key: up to the least of them all is here.
        ends = [h[-1] for h, a, size in zip(heads, at, sizes, strict=True) if a + h.size < size]
        if ends:
            heads = [h[: int(np.searchsorted(h, min(ends), "right"))] for h in heads]
        united = np.sort(np.concatenate(heads))
        united = united[np.append(True, united[1:] != united[:-1])]
        total = np.zeros(united.size, dtype=np.int64)
        for r, head in enumerate(heads):
            where = np.searchsorted(united, head)
            total[where] += runs[r].counts[n].read(at[r], at[r] + head.size)
            new[r].append(where + done)
            at[r] += head.size
        all_keys.append(united)
        all_counts.append(total)
        done += united.size
    return all_keys, all_counts, list(new)


def _head(keys: NDArray[np.int64], place: Column | None) -> NDArray[np.int64]:
    """Return a block of a run's keys with the merged numbers of their contexts."""
    if place is None or keys.size == 0:
        return keys
    context = trie.contexts(keys)
    low, high = int(context[0]), int(context[-1])
    return trie.key(place.read(low, high + 1)[context - low], trie.symbols(keys))
