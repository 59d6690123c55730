"""Counts of n-grams: all that a model of this order needs to know of a text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from likeliest.engines import threads
from likeliest.errors import DataError
from likeliest.language.models import trie
from likeliest.language.text.vocabulary import END, START, UNKNOWN, Vocabulary

if TYPE_CHECKING:
    from likeliest.language.text.tokenizers import Tokenizer

Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class NGramCounts:
    """How often each n-gram of orders 1 to `order` occurs: the sufficient statistics of a text.

    Counts of two texts merge by addition (`a + b`), so that a text can be counted in parts.

    Parameters
    ----------
    vocabulary : Vocabulary
    levels : tuple of arrays
        For orders 2 and up, the keys of the n-grams; see `likeliest.language.models.trie`.
    counts : tuple of arrays
        For orders 1 and up. At order 1 there is a count for each symbol of the vocabulary; number
        0 counts the ends of sequences, and so the sequences.

    Examples
    --------
    >>> import likeliest as lk
    >>> counts = lk.language.count(["emma", "ava"], order=2)
    >>> counts.sequences, counts.total, counts["m", "m"], counts["a", "."]
    (2, 9, 1, 2)
    >>> counts.table().astype(int).tolist()[0]
    [0, 1, 1, 0, 0]
    """

    vocabulary: Vocabulary
    levels: tuple[trie.Keys, ...]
    counts: tuple[Counts, ...]

    @property
    def order(self) -> int:
        """The highest order counted."""
        return len(self.counts)

    @property
    def sequences(self) -> int:
        """How many sequences were counted."""
        return int(self.counts[0][0])

    @property
    def total(self) -> int:
        """How many symbols were counted, the end of each sequence included."""
        return int(self.counts[0].sum())

    @property
    def size(self) -> int:
        """How many distinct n-grams there are, of all orders."""
        return sum(c.size for c in self.counts)

    def __repr__(self) -> str:
        return (
            f"NGramCounts(order {self.order}, {len(self.vocabulary):,} symbols, {self.size:,} "
            f"n-grams, {self.total:,} counted)"
        )

    def __getitem__(self, ngram: str | tuple[str, ...]) -> int:
        """Return the count of an n-gram; '.' at either end is the boundary."""
        symbols = (ngram,) if isinstance(ngram, str) else tuple(ngram)
        if len(symbols) > self.order:
            raise DataError(f"{len(symbols)}-grams were not counted; the order is {self.order}.")
        index = self.vocabulary.index
        place = -1
        for n, symbol in enumerate(symbols, 1):
            boundary = symbol in {".", "<s>", "</s>"} and n in {1, len(symbols)}
            number = index.get(symbol, 0 if boundary else -1)
            if number < 0:
                return 0
            wanted = trie.key(np.array([place]), np.array([number]))
            place = number if n == 1 else int(trie.find(self.levels[n - 2], wanted)[0])
            if place < 0:
                return 0
        return int(self.counts[len(symbols) - 1][place])

    def __add__(self, other: NGramCounts) -> NGramCounts:
        """Return the counts of both texts together."""
        return added([self, other])

    def named(self, vocabulary: Vocabulary) -> NGramCounts:
        """Return the counts with this vocabulary; symbols that are new in it have count 0."""
        first = np.zeros(len(vocabulary), dtype=np.int64)
        first[: self.counts[0].size] = self.counts[0]
        return NGramCounts(vocabulary, self.levels, (first, *self.counts[1:]))

    def renumbered(self, numbers: NDArray[np.integer], vocabulary: Vocabulary) -> NGramCounts:
        """Return the counts with symbol i renumbered `numbers[i]`; equal numbers are one symbol."""
        first = np.bincount(numbers, self.counts[0], minlength=len(vocabulary)).astype(np.int64)
        levels, counts, place = [], [first], numbers.astype(np.int64)
        for keys, count in zip(self.levels, self.counts[1:], strict=True):
            symbols = numbers[trie.symbols(keys)]
            new, place = trie.unique(trie.key(place[trie.contexts(keys)], symbols))
            total = np.zeros(new.size, dtype=np.int64)
            np.add.at(total, place, count)
            levels.append(new)
            counts.append(total)
        return NGramCounts(vocabulary, tuple(levels), tuple(counts))

    def restricted(self, symbols: Sequence[str], renumber: Renumber | None = None) -> NGramCounts:
        """Return the counts of these symbols alone; all others become `<unk>`.

        Parameters
        ----------
        symbols : sequence of str
            Those that the text lacks have counts of 0.
        renumber : callable, optional
            What does as `renumbered` does, in its place.
        """
        listed = [s for s in dict.fromkeys(symbols) if s not in {START, END, UNKNOWN}]
        vocabulary = Vocabulary((END, *listed)).with_unknown()
        own = [vocabulary.index.get(s, vocabulary.unknown) for s in self.vocabulary.symbols]
        own[0] = 0
        numbers = np.array(own, dtype=np.int64)
        return (renumber or NGramCounts.renumbered)(self, numbers, vocabulary)

    def ordered(self, renumber: Renumber | None = None) -> NGramCounts:
        """Return the counts with symbols in the order of their code points.

        Parameters
        ----------
        renumber : callable, optional
            What does as `renumbered` does, in its place.
        """
        symbols = self.vocabulary.symbols
        order = [0, *sorted(range(1, len(symbols)), key=symbols.__getitem__)]
        if order == list(range(len(symbols))):
            return self
        numbers = np.empty(len(order), dtype=np.int64)
        numbers[order] = np.arange(len(order))
        unknown = self.vocabulary.unknown
        vocabulary = Vocabulary(
            tuple(symbols[i] for i in order), None if unknown is None else int(numbers[unknown])
        )
        return (renumber or NGramCounts.renumbered)(self, numbers, vocabulary)

    def limited(
        self,
        min_count: int = 1,
        max_symbols: int | None = None,
        renumber: Renumber | None = None,
    ) -> NGramCounts:
        """Return the counts with rare symbols counted as one, `<unk>`.

        Parameters
        ----------
        min_count : int
            Symbols that occur less often are unknown.
        max_symbols : int, optional
            Only so many of the most frequent are kept; of equals the first seen.
        renumber : callable, optional
            What does as `renumbered` does, in its place.
        """
        count = self.counts[0]
        kept = count >= min_count
        kept[0] = True
        if max_symbols is not None and np.count_nonzero(kept[1:]) > max_symbols:
            order = np.argsort(-count[1:], kind="stable") + 1
            kept[order[max_symbols:]] = False
        if self.vocabulary.unknown is not None:
            kept[self.vocabulary.unknown] = False
        if kept.all():
            return self
        numbers = np.where(kept, np.cumsum(kept) - 1, np.count_nonzero(kept))
        symbols = [s for s, keep in zip(self.vocabulary.symbols, kept, strict=True) if keep]
        vocabulary = Vocabulary(tuple(symbols)).with_unknown()
        return (renumber or NGramCounts.renumbered)(self, numbers, vocabulary)

    def cut(self, order: int) -> NGramCounts:
        """Return the counts up to a lower order."""
        return NGramCounts(self.vocabulary, self.levels[: order - 1], self.counts[:order])

    def ngrams(self, n: int) -> Iterator[tuple[tuple[str, ...], int]]:
        """Yield each n-gram of an order with its count, the boundary as '.'."""
        shown = self.vocabulary.shown
        if n == 1:
            rows = [[number] for number in range(len(self.vocabulary))]
        else:
            rows = trie.spelled(self.levels, n).tolist()
        for row, count in zip(rows, self.counts[n - 1].tolist(), strict=True):
            yield tuple(map(shown, row)), count

    def table(self) -> NDArray[np.float64]:
        """Return the bigram counts as a table: a row for each context, a column for each outcome.

        Raises
        ------
        DataError
            If the order is 1, or the table would have over 10 million cells.
        """
        size = len(self.vocabulary)
        if self.order < 2:
            raise DataError("a table of bigrams needs counts of order 2.")
        if size * size > 10_000_000:
            raise DataError(f"a table of {size:,} by {size:,} symbols is too large.")
        table = np.zeros((size, size))
        keys = self.levels[0]
        table[trie.contexts(keys), trie.symbols(keys)] = self.counts[1]
        return table

    @classmethod
    def from_table(cls, table: NDArray[np.floating], symbols: Sequence[str]) -> NGramCounts:
        """Return bigram counts from their table; row and column 0 are the boundary.

        Examples
        --------
        >>> NGramCounts.from_table(np.array([[0, 2], [2, 3]]), ".a").total
        7
        """
        whole = np.asarray(table, dtype=np.int64)
        rows, columns = np.nonzero(whole)
        vocabulary = Vocabulary(("</s>", *symbols[1:]))
        return cls(
            vocabulary, (trie.key(rows, columns),), (whole.sum(axis=0), whole[rows, columns])
        )

    def to_text(self, path: str | Path, tokenizer: str | Tokenizer = "words") -> None:
        """Write the counts as text, an n-gram, a tab and its count a line, as SRILM does.

        Parameters
        ----------
        path : str or Path
        tokenizer : str or Tokenizer
            The one that they were made with: it says how a symbol is written without white space.
        """
        from likeliest.language.counting import as_text as counts_text

        counts_text.write(self, path, tokenizer)

    def save(self, path: str | Path) -> None:
        """Write the counts to a file that `likeliest.language.load_counts` opens at once."""
        from likeliest.language.storage.files import save_counts

        save_counts(self, path)


Renumber = Callable[[NGramCounts, NDArray[np.integer], Vocabulary], NGramCounts]


def added(parts: Sequence[NGramCounts]) -> NGramCounts:
    """Return the counts of several texts together, each with a vocabulary of its own.

    Symbols are numbered as they come: those of the first text, then what is new in the second, and
    so on, as if the texts had been read one after another.

    Raises
    ------
    DataError
        If they are of different orders.
    """
    first = parts[0]
    other = next((part.order for part in parts if part.order != first.order), None)
    if other is not None:
        raise DataError(f"counts of order {first.order} and {other} do not add.")
    index: dict[str, int] = {}  # without the boundary: a piece of a tokenizer may bear its name
    numbers = []
    for part in parts:
        own = (index.setdefault(symbol, len(index) + 1) for symbol in part.vocabulary.symbols[1:])
        numbers.append(np.array([0, *own]))
    unknown = next(
        (int(number[part.vocabulary.unknown])
         for number, part in zip(numbers, parts, strict=True)
         if part.vocabulary.unknown is not None),
        None,
    )  # fmt: skip
    vocabulary = Vocabulary((first.vocabulary.symbols[0], *index), unknown)
    others = zip(parts[1:], numbers[1:], strict=True)
    return merge([first.named(vocabulary), *(p.renumbered(n, vocabulary) for p, n in others)])


def merge(parts: Sequence[NGramCounts]) -> NGramCounts:
    """Return the sum of counts whose symbols have the same numbers; the widest vocabulary names it.

    Level by level: every part's contexts get their new numbers, then the keys are united. Numbers
    follow the order of the n-grams at each level, so every part stays sorted.
    """
    if len(parts) == 1:
        return parts[0]
    widest = max(parts, key=lambda part: part.counts[0].size)
    first = np.zeros_like(widest.counts[0])
    for part in parts:
        first[: part.counts[0].size] += part.counts[0]
    levels, counts = [], [first]
    places = [np.arange(part.counts[0].size) for part in parts]
    for n in range(widest.order - 1):
        keys = [
            trie.key(place[trie.contexts(part.levels[n])], trie.symbols(part.levels[n]))
            for part, place in zip(parts, places, strict=True)
        ]
        united = np.sort(np.concatenate(keys))
        united = united[np.append(True, united[1:] != united[:-1])] if united.size else united
        places = list(threads.each(partial(_places, united), keys))
        total = np.zeros(united.size, dtype=np.int64)
        for part, place in zip(parts, places, strict=True):
            total[place] += part.counts[n + 1]
        levels.append(united)
        counts.append(total)
    return NGramCounts(widest.vocabulary, tuple(levels), tuple(counts))


def _places(united: trie.Keys, keys: trie.Keys) -> trie.Places:
    return np.searchsorted(united, keys)


_TOGETHER = 4


@dataclass(slots=True)
class Heap:
    """Parts on their way to their sum, merged four at a time: each n-gram is merged few times."""

    ranks: list[list[NGramCounts]] = field(default_factory=list)

    def add(self, part: NGramCounts, rank: int = 0) -> None:
        """Take in a part."""
        if rank == len(self.ranks):
            self.ranks.append([])
        self.ranks[rank].append(part)
        if len(self.ranks[rank]) == _TOGETHER:
            parts, self.ranks[rank] = self.ranks[rank], []
            self.add(merge(parts), rank + 1)

    @property
    def size(self) -> int:
        """How many n-grams are held."""
        return sum(part.size for rank in self.ranks for part in rank)

    def taken(self) -> NGramCounts | None:
        """Return the sum of all parts, and hold none."""
        parts = [part for rank in self.ranks for part in rank]
        self.ranks = []
        return merge(parts) if parts else None
