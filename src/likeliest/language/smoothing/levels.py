"""The levels of the counts, worked through in chunks that are cut where a context ends.

The n-grams of a context stand side by side, so what a formula adds up over a context is within one
chunk, and the results do not depend on how large chunks are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.engines import threads
from likeliest.language.models import trie
from likeliest.language.storage.space import Memory, Space

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from likeliest.language.counting.counts import NGramCounts
    from likeliest.language.smoothing.base import Array

Advance = Callable[[int], None]
"""What is told of how many n-grams more have been dealt with."""


@dataclass(frozen=True, eq=False)
class Chunk:
    """N-grams of consecutive contexts.

    Parameters
    ----------
    levels : Levels
    n : int
        Their order.
    first, end : int
        Their numbers.
    low, high : int
        The numbers of their contexts; some may have no n-gram.
    at, context_at : int
        How many n-grams, and contexts, before these stay in the model.
    """

    levels: Levels
    n: int
    first: int
    end: int
    low: int
    high: int
    at: int
    context_at: int

    def __len__(self) -> int:
        return self.end - self.first

    def of(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the part of values of all n-grams of this order that belongs to these."""
        return values[self.first : self.end]

    def of_contexts(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the part of values of all n-grams one shorter that belongs to these contexts."""
        return values[self.low : self.high]

    @property
    def counts(self) -> NDArray[np.int64]:
        """The count of each."""
        return self.of(self.levels.counts[self.n - 1])

    @cached_property
    def symbols(self) -> NDArray[np.int64]:
        """The last symbol of each."""
        return trie.symbols(self.of(self.levels.keys[self.n - 2]))

    @cached_property
    def context(self) -> NDArray[np.int64]:
        """The context of each, the first one of the chunk being 0; unigrams have the empty one."""
        if self.n == 1:
            return np.zeros(len(self), dtype=np.int64)
        return trie.contexts(self.of(self.levels.keys[self.n - 2])) - self.low

    @cached_property
    def lower(self) -> Array:
        """The probability of each without its first symbol."""
        places = self.of(self.levels.suffixes[self.n])
        return self.levels.space.take(self.levels.probs[self.n - 1], places)

    @cached_property
    def kept(self) -> NDArray[np.bool_] | None:
        """Which stay in the model; None if all do."""
        return _above(self.counts, self.levels.least(self.n))

    @cached_property
    def contexts_kept(self) -> NDArray[np.bool_] | None:
        """Which contexts stay in the model; None if all do."""
        count = self.of_contexts(self.levels.counts[self.n - 2])
        return _above(count, self.levels.least(self.n - 1))

    def keys_kept(self) -> trie.Keys:
        """Return the keys in the model of those that stay: contexts are numbered as they stay."""
        if self.kept is None:
            return self.of(self.levels.keys[self.n - 2])
        context = self.context + self.context_at
        if self.contexts_kept is not None:
            context = (np.cumsum(self.contexts_kept) + (self.context_at - 1))[self.context]
        return trie.key(context, self.symbols)[self.kept]

    def over_contexts(self, values: NDArray[Any]) -> Array:
        """Return the sums of values of the n-grams over those with the same context."""
        if self.n == 1:  # one sum of many: pairwise it keeps more digits
            return np.array([values.sum()], dtype=np.float64)
        size = self.high - self.low
        return np.bincount(self.context, values, minlength=size).astype(np.float64, copy=False)


def _above(count: NDArray[np.int64], least: int) -> NDArray[np.bool_] | None:
    return count > least if least > 0 else None


class Levels:
    """Counts with what the formulas need of them, level by level.

    Parameters
    ----------
    counts : NGramCounts
    prune : sequence of int
        N-grams of order n counted `prune[n - 1]` times or less do not stay.
    space : Space, optional
    advance : callable, optional
    vocab_pad : int
        Symbols that the uniform distribution is spread over, where the vocabulary has fewer.
    """

    def __init__(
        self,
        counts: NGramCounts,
        prune: Sequence[int] = (),
        space: Space | None = None,
        advance: Advance | None = None,
        vocab_pad: int = 0,
    ) -> None:
        self.uniform = 1.0 / max(vocab_pad, len(counts.vocabulary))
        self.vocabulary = counts.vocabulary
        self.order = counts.order
        self.total = counts.total
        self.keys = [np.asarray(keys) for keys in counts.levels]
        self.counts = [np.asarray(count) for count in counts.counts]
        self.prune = prune
        self.space = space or Memory()
        self.advance = advance or (lambda _: None)
        self.suffixes: dict[int, NDArray[np.integer]] = {}
        self.probs: dict[int, Array] = {}
        self.notes: list[str] = []

    def least(self, n: int) -> int:
        """Return the count up to which n-grams of an order do not stay."""
        return self.prune[min(n, len(self.prune)) - 1] if self.prune and n > 1 else 0

    def size_kept(self, n: int) -> int:
        """Return how many n-grams of an order stay."""
        return sum(self._kept(n, part) for part in self.stretches(self.counts[n - 1]))

    def _kept(self, n: int, count: NDArray[np.int64]) -> int:
        least = self.least(n)
        return count.size if least == 0 else int(np.count_nonzero(count > least))

    def unigrams(self) -> Chunk:
        """Return the unigrams as a chunk: they have the empty context."""
        return Chunk(self, 1, 0, self.counts[0].size, 0, 1, 0, 0)

    def chunks(self, n: int) -> Iterator[Chunk]:
        """Yield the n-grams of an order, n ≥ 2."""
        keys, contexts = self.keys[n - 2], self.counts[n - 2].size
        rows = self.space.rows(keys.size)
        first = low = at = context_at = 0
        while low < contexts:
            high = min(low + rows, contexts)
            if first + rows < keys.size:  # a context with more n-grams than that is a chunk itself
                high = min(high, max(int(keys[first + rows]) >> trie.SHIFT, low + 1))
            end = int(np.searchsorted(keys, high << trie.SHIFT)) if high < contexts else keys.size
            yield Chunk(self, n, first, end, low, high, at, context_at)
            at += self._kept(n, self.counts[n - 1][first:end])
            context_at += self._kept(n - 1, self.counts[n - 2][low:high])
            first, low = end, high

    def over(self, n: int, work: Callable[[Chunk], int]) -> None:
        """Call a function for each chunk of an order, on all cores; it returns what to advance."""
        looked_at = [*self.keys[max(n - 3, 0) : n - 1], *self.counts[n - 2 : n]]
        for done in threads.each(work, self.chunks(n)):
            self.space.release(looked_at)
            self.advance(done)

    def link(self, n: int) -> None:
        """Find the n-grams of an order, n ≥ 2, without their first symbols."""
        size, below = self.counts[n - 1].size, self.counts[n - 2].size
        suffixes = self.space.scratch(size, np.int32 if below < 1 << 31 else np.int64)

        def work(chunk: Chunk) -> int:
            place = chunk.symbols
            if n > 2:
                shorter = chunk.of_contexts(self.suffixes[n - 1])[chunk.context]
                place = trie.find(self.keys[n - 3], trie.key(shorter, chunk.symbols))
            chunk.of(suffixes)[:] = place
            return len(chunk) // 2

        self.over(n, work)
        self.suffixes[n] = suffixes

    def leave(self, n: int) -> None:
        """Give up what no order above n needs."""
        self.suffixes.pop(n, None)
        self.probs.pop(n - 1, None)

    def starts(self, n: int) -> int:
        """Return how many n-grams of an order, n ≥ 2, begin a sequence: the first ones."""
        number = 1
        for keys in self.keys[: n - 1]:
            number = int(np.searchsorted(keys, number << trie.SHIFT))
        return number

    def histogram(self, counts: NDArray[np.integer], most: int) -> NDArray[np.int64]:
        """Return how many counts are 0, 1, 2, and so on up to `most` or more."""

        def work(part: NDArray[np.integer]) -> NDArray[np.int64]:
            return np.bincount(np.minimum(part, most), minlength=most + 1)

        total = np.zeros(most + 1, dtype=np.int64)
        for part in threads.each(work, self.stretches(counts)):
            total += part
        return total

    def stretches(self, values: NDArray[Any]) -> Iterator[NDArray[Any]]:
        """Yield values in parts, from first to last; those before need no memory any more."""
        rows = self.space.rows(values.size)
        for first in range(0, values.size, rows):
            yield values[first : first + rows]
            self.space.release([values])
