"""Counting within a limit of memory: sorted runs go to disk and are merged as streams.

A run is the counts of a part of the text, level by level in order. Because numbers follow the order
of the n-grams, the runs' keys stay sorted when their contexts get the numbers of the merged counts:
so a level is merged by reading every run once from front to back, a block of each at a time.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.errors import ParameterError
from likeliest.language import counting, trie
from likeliest.language.counts import Heap, NGramCounts
from likeliest.language.vocabulary import Vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_LEAST = 50_000_000
_OF_SYMBOL = 700  # bytes at work for a symbol of a chunk: two chunks counted and one read
_OF_NGRAM = 64  # bytes at work for an n-gram: key and count, twice over while merged


def size_in_bytes(memory: int | str) -> int:
    """Return a size such as "2GB" in bytes.

    Raises
    ------
    ParameterError
        If it is no size, or under 50 MB, in which nothing can be counted.

    Examples
    --------
    >>> size_in_bytes("1.5GB")
    1500000000
    """
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?\s*", str(memory), re.IGNORECASE)
    if match is None:
        raise ParameterError(f"memory is a size such as 2GB; got {memory!r}.")
    size = int(float(match[1]) * _UNITS[match[2].upper()])
    if size < _LEAST:
        raise ParameterError(f"memory must be 50MB or more; got {memory!r}.")
    return size


def chunk_size(limit: int) -> int:
    """Return how many symbols a chunk may have within half of the limit."""
    return int(min(counting.CHUNK, limit // 2 // _OF_SYMBOL))


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
        with self.path.open("ab") as file:
            values.tofile(file)

    def read(self, first: int, end: int) -> NDArray[np.int64]:
        """Return the values from `first` up to `end`, or to the last one."""
        if not self.path.exists():
            return np.zeros(0, dtype=np.int64)
        return np.fromfile(self.path, np.int64, max(end - first, 0), offset=8 * first)

    def mapped(self) -> NDArray[np.int64]:
        """Return all values, mapped to memory."""
        size = len(self)
        if size == 0:
            return np.zeros(0, dtype=np.int64)
        values: NDArray[Any] = np.memmap(self.path, np.int64, "r", shape=(size,))
        return values


@dataclass(frozen=True, slots=True)
class Run:
    """Counts in files: those of order 1 in memory, a column of keys and one of counts above."""

    first: NDArray[np.int64]
    keys: tuple[Column, ...]
    counts: tuple[Column, ...]


def gathered(parts: Iterable[NGramCounts], limit: int) -> NGramCounts | None:
    """Return the sum of parts; what passes the limit goes to disk as sorted runs.

    Where there were runs the result's arrays are mapped files, which on systems that can remove an
    open file are gone with the process. The vocabulary stays in memory.
    """
    most = limit // 2 // _OF_NGRAM
    with tempfile.TemporaryDirectory(prefix="likeliest-", ignore_cleanup_errors=True) as name:
        folder, runs, heap = Path(name), list[Run](), Heap()
        for part in parts:
            heap.add(part)
            if heap.size > most and (total := heap.taken()) is not None:
                runs.append(_written(total, folder, len(runs)))
        total = heap.taken()
        if not runs:
            return total
        if total is not None:
            runs.append(_written(total, folder, len(runs)))
        del total
        return merge_runs(runs, folder, most)


def merge_runs(runs: Sequence[Run], folder: Path, most: int) -> NGramCounts:
    """Return the sum of runs, with about `most` n-grams in memory at once."""
    first = np.zeros(max(run.first.size for run in runs), dtype=np.int64)
    for run in runs:
        first[: run.first.size] += run.first
    block = max(most // (2 * len(runs)), 1024)
    places: list[Column | None] = [None] * len(runs)
    levels, counts = [], [first]
    for n in range(len(runs[0].keys)):
        before = places
        keys, total, places = _level(runs, n, places, folder, block)
        for run, place in zip(runs, before, strict=True):  # what was read is needed no more
            for column in (run.keys[n], run.counts[n], *([place] if place else [])):
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


def _written(counts: NGramCounts, folder: Path, number: int) -> Run:
    def kept(array: NDArray[np.int64], kind: str) -> Column:
        column = Column(folder / f"run{number}.{kind}")
        column.append(array)
        return column

    return Run(
        counts.counts[0],
        tuple(kept(keys, f"level{n}") for n, keys in enumerate(counts.levels)),
        tuple(kept(count, f"count{n}") for n, count in enumerate(counts.counts[1:])),
    )
