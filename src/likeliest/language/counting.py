"""Counting n-grams in a stream of numbers, chunk by chunk.

The stream is symbols with a 0 at each end of a sequence: ... 0 e m m a 0 o l i v i a 0. Each 0 is
the end of one sequence as an outcome and the start of the next as a context. An n-gram counts if
no 0 lies strictly inside it, so the stream may be cut anywhere: a chunk starts with the last
order - 1 symbols of the one before, its *lead*, which are contexts here and were counted there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from likeliest.engines import threads
from likeliest.language import trie
from likeliest.language.counts import Heap, NGramCounts
from likeliest.language.text import Block, Progress, Text, blocks, shorter
from likeliest.language.vocabulary import UNKNOWN, Vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from likeliest.language.tokenizers import Encoder, Ids, Tokenizer

CHUNK = 1 << 21
"""Symbols in a chunk: a context, a symbol and a place of this many pack into 63 bits."""

_OF_SYMBOL = 4  # bytes of text for a symbol, about

_DENSE = 1 << 18  # cells of a table of counts that stays in a core's cache


@dataclass(frozen=True, slots=True)
class Plan:
    """How a text is read and counted.

    Parameters
    ----------
    order : int
    tokenizer : Tokenizer
    encoding, errors : str
        Of files, as in Python's `open`.
    """

    order: int
    tokenizer: Tokenizer
    encoding: str = "utf-8"
    errors: str = "strict"

    def blocks(self, text: Text, progress: Progress | None = None) -> Iterator[Block]:
        """Yield the blocks of a text."""
        cut, encoding, errors = self.tokenizer.cut, self.encoding, self.errors
        return blocks(text, cut=cut, encoding=encoding, errors=errors, progress=progress)

    def parts(
        self, source: Iterable[Block], encoder: Encoder, size: int = CHUNK
    ) -> Iterator[NGramCounts]:
        """Yield the counts of blocks in parts to be merged, from chunks of `size` symbols."""
        parts = (part for block in source for part in shorter(block, _OF_SYMBOL * size))
        return count_stream(map(encoder, parts), self.order, encoder.symbols, size)


def chunks(pieces: Iterable[Ids], order: int, size: int = CHUNK) -> Iterator[Ids]:
    """Yield the stream in chunks of about `size` symbols, each after its lead."""
    lead = np.zeros(order - 1, dtype=np.int32)
    held: list[Ids] = []
    length = 0
    for piece in pieces:
        for first in range(0, piece.size, size):
            part = piece[first : first + size]
            if length + part.size > size and length:
                chunk = np.concatenate([lead, *held])
                yield chunk
                lead, held, length = chunk[chunk.size - (order - 1) :], [], 0
            held.append(part)
            length += part.size
    if length:
        yield np.concatenate([lead, *held])


def count_stream(
    pieces: Iterable[Ids], order: int, symbols: list[str], size: int = CHUNK
) -> Iterator[NGramCounts]:
    """Yield the counts of a stream in parts to be merged, counted on all cores.

    Parameters
    ----------
    pieces : iterable of int arrays
    order : int
        1 or more.
    symbols : list of str
        The vocabulary; it may grow while the stream is read.
    size : int
        Symbols in a chunk.
    """

    def work(chunk: Ids) -> NGramCounts:
        return count_chunk(chunk, order, len(symbols))

    return threads.each(work, chunks(pieces, order, size))


def gathered(parts: Iterable[NGramCounts]) -> NGramCounts | None:
    """Return the sum of parts, or None if there is none."""
    heap = Heap()
    for part in parts:
        heap.add(part)
    return heap.taken()


def named(counts: NGramCounts, symbols: list[str]) -> NGramCounts:
    """Return the counts of a stream with its vocabulary, in which the text may say `<unk>`."""
    unknown = symbols.index(UNKNOWN) if UNKNOWN in symbols else None
    return counts.named(Vocabulary(tuple(symbols), unknown))


def count_chunk(chunk: Ids, order: int, size: int) -> NGramCounts:
    """Return the counts of one chunk.

    Parameters
    ----------
    chunk : array of int
        The lead, `order - 1` symbols, then the symbols to count.
    order : int
    size : int
        Symbols in the vocabulary.
    """
    size = max(size, int(chunk.max(initial=0)) + 1)
    depth = 1
    while depth < order and size ** (depth + 1) <= _DENSE:
        depth += 1
    levels, counts, place = _dense(chunk, order, depth, size)
    for n in range(depth + 1, order + 1):
        keys, count, place = _sorted_level(chunk, order, n, place)
        levels.append(keys)
        counts.append(count)
    return NGramCounts(Vocabulary(()), tuple(levels), tuple(counts))


def _sorted_level(
    chunk: Ids, order: int, n: int, place: NDArray[np.int64]
) -> tuple[trie.Keys, NDArray[np.int64], NDArray[np.int64]]:
    """Count level n: `place[t]` is the number of the (n-1)-gram that ends at t, or -1."""
    context = place[n - 2 : -1].copy()
    if n > 2:
        context[chunk[n - 2 : -1] == 0] = -1  # the end of a sequence is no context
    # In the lead an n-gram is wanted as a context only, and the end of a sequence is none.
    context[: order - n][chunk[n - 1 : order - 1] == 0] = -1
    valid = np.flatnonzero(context >= 0)
    keys, number = trie.unique(trie.key(context[valid], chunk[n - 1 :][valid]))
    counted = number[np.searchsorted(valid, order - n) :]  # those that end beyond the lead
    after = np.full(chunk.size, -1, dtype=np.int64)
    after[valid + n - 1] = number
    return keys, np.bincount(counted, minlength=keys.size), after


def _dense(
    chunk: Ids, order: int, depth: int, size: int
) -> tuple[list[trie.Keys], list[NDArray[np.int64]], NDArray[np.int64]]:
    """Count levels 1 to `depth` in one table; the lower levels are its sums over the first symbol.

    Returns
    -------
    The keys of level 2 and up, the counts of level 1 and up, and the number of the `depth`-gram
    that ends at each place (-1 where there is none), which only a level above needs.
    """
    codes = _codes(chunk, depth, size)
    table = np.bincount(codes[order - depth :], minlength=size**depth)
    tables = [table]
    for n in range(depth - 1, 0, -1):
        tables.insert(0, tables[0].reshape(size, size**n).sum(axis=0))
    levels: list[trie.Keys] = []
    counts = [tables[0]]
    rank = np.arange(size)
    for n in range(2, depth + 1):
        present = tables[n - 1] > 0
        present[_lead_codes(chunk, order, n, size)] = True
        inner = present.reshape((size,) * n)
        for axis in range(1, n - 1):
            inner[(slice(None),) * axis + (0,)] = False
        cells = np.flatnonzero(present)
        levels.append(trie.key(rank[cells // size], cells % size))
        counts.append(tables[n - 1][cells])
        rank = np.full(size**n, -1)
        rank[cells] = np.arange(cells.size)
    place = np.full(chunk.size, -1, dtype=np.int64)
    if depth < order:
        place[depth - 1 :] = rank[codes]
    return levels, counts, place


def _codes(chunk: Ids, depth: int, size: int) -> NDArray[np.integer]:
    """Return the cell of the table for the `depth`-gram that ends at each place."""
    cells = size**depth
    # Narrow numbers take less time to move; int32 holds any table that is made.
    kind = np.dtype("u1" if cells <= 1 << 8 else "u2" if cells <= 1 << 16 else "i4")
    small: NDArray[np.integer] = chunk.astype(kind)
    codes = small[: chunk.size - depth + 1]
    for n in range(1, depth):
        codes = codes * kind.type(size)
        codes += small[n : chunk.size - depth + 1 + n]
    return codes


def _lead_codes(chunk: Ids, order: int, n: int, size: int) -> list[int]:
    """Return the cells of the n-grams that end in the lead: contexts, counted a chunk before."""
    codes = []
    for end in range(n, order):
        ngram = chunk[end - n : end].tolist()
        if ngram[-1] != 0:
            codes.append(reduce(lambda code, symbol: code * size + symbol, ngram, 0))
    return codes
