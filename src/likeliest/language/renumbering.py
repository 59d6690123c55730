"""New numbers for the symbols of counts that memory does not hold: piece by piece, then merged.

N-grams side by side at one level have contexts side by side at the level below, so a stretch of the
largest level with what leads to it is counts of its own, with whole n-grams. Renumbered in memory,
such pieces are sorted runs that are merged as those of a text are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from likeliest.engines.mapped import release
from likeliest.language import spill, trie
from likeliest.language.counts import NGramCounts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from likeliest.language.vocabulary import Vocabulary


def renumbered(
    counts: NGramCounts, numbers: NDArray[np.integer], vocabulary: Vocabulary, limit: int
) -> NGramCounts:
    """Return what `NGramCounts.renumbered` does, within a limit of memory in bytes."""
    most = spill.ngrams_within(limit)
    if counts.size <= most:
        return counts.renumbered(numbers, vocabulary)
    parts = (piece.renumbered(numbers, vocabulary) for piece in pieces(counts, most // 2))
    total = spill.gathered(parts, limit)
    return counts if total is None else total.named(vocabulary)


def pieces(counts: NGramCounts, most: int) -> Iterator[NGramCounts]:
    """Yield counts of about `most` n-grams each whose sum these are.

    An n-gram that is the context of the last ones of a piece and of the first ones of the next is
    in both, counted in the latter.
    """
    levels = [np.zeros(0, dtype=np.int64), *map(np.asarray, counts.levels)]
    sizes = [count.size for count in counts.counts]
    largest = int(np.argmax(sizes))
    number = -(-counts.size // max(most, 1)) if largest else 1
    inner = (sizes[largest] * i // number for i in range(1, number))
    start = [0] * len(sizes)
    for end in [*(_cut(levels, sizes, largest, place) for place in inner), sizes]:
        yield _piece(counts, levels, largest, start, end)
        start = end
        for array in (*counts.levels, *counts.counts):
            release(array)


def _cut(levels: list[trie.Keys], sizes: list[int], largest: int, place: int) -> list[int]:
    """Return where a cut at a place of the largest level cuts each level."""
    cut = list(sizes)
    cut[largest] = place
    for n in range(largest, 1, -1):
        cut[n - 1] = int(levels[n][cut[n]]) >> trie.SHIFT
    for n in range(largest + 1, len(sizes)):
        cut[n] = int(np.searchsorted(levels[n], cut[n - 1] << trie.SHIFT))
    return cut


def _piece(
    counts: NGramCounts, levels: list[trie.Keys], largest: int, start: list[int], end: list[int]
) -> NGramCounts:
    first = counts.counts[0] if not any(start) else np.zeros_like(counts.counts[0])
    keys, own = [], [first]
    for n in range(1, counts.order):
        # Below the largest level the cut may go through the n-grams of a context, which both need.
        count = counts.counts[n][start[n] : end[n] + (n < largest)].copy()
        count[end[n] - start[n] :] = 0
        above = start[n - 1] if n > 1 else 0
        keys.append(levels[n][start[n] : start[n] + count.size] - (above << trie.SHIFT))
        own.append(count)
    return NGramCounts(counts.vocabulary, tuple(keys), tuple(own))
