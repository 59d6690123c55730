r"""Counts as text, in the form of SRILM's `ngram-count -write`: an n-gram, a tab, its count.

    <s>	2
    the	3
    <s> the	2
    the cat	1

N-grams of all orders stand in one file. N-grams of the highest order alone would not do: they lack
those that begin a sequence and are shorter, from which lower orders are estimated.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import ReadError
from likeliest.files import whole
from likeliest.language.counting.counts import NGramCounts
from likeliest.language.models import trie
from likeliest.language.text import pieces
from likeliest.language.text.tokenizers import BLANKS, words_of
from likeliest.language.text.unpacking import BROKEN, packed, unpacked
from likeliest.language.text.vocabulary import END, START, UNKNOWN, Vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from likeliest.language.text.tokenizers import Tokenizer

_TOGETHER = 1 << 16


def write(counts: NGramCounts, path: str | Path, tokenizer: str | Tokenizer) -> None:
    """Write counts as text, whole or not at all; packed where the name ends in .gz, say."""
    written = pieces.find(tokenizer).written
    names = [written(symbol) for symbol in counts.vocabulary.symbols]
    if counts.vocabulary.unknown is not None:
        names[counts.vocabulary.unknown] = UNKNOWN
    with whole(path) as raw, packed(path, raw) as target:
        file = io.TextIOWrapper(target, encoding="utf-8", errors="surrogatepass", newline="\n")
        file.write(f"{START}\t{counts.sequences}\n")
        for n in range(1, counts.order + 1):
            file.writelines(_lines(counts, n, [START, *names[1:]], [END, *names[1:]]))
        file.flush()
        file.detach()


def _lines(counts: NGramCounts, n: int, first: list[str], last: list[str]) -> Iterator[str]:
    for at in range(0, counts.counts[n - 1].size, _TOGETHER):
        numbers = counts.counts[n - 1][at : at + _TOGETHER]
        rows: NDArray[np.integer] = np.arange(at, at + numbers.size)[:, None]
        if n > 1:
            rows = trie.spelled(counts.levels, n, at, at + _TOGETHER)
        for row, number in zip(rows.tolist(), numbers.tolist(), strict=True):
            if number:
                before = [first[row[0]], *(last[i] for i in row[1:-1])] if n > 1 else []
                yield f"{' '.join([*before, last[row[-1]]])}\t{number}\n"


def read(path: str | Path, tokenizer: str | Tokenizer = "words") -> NGramCounts:
    r"""Read counts of n-grams of all orders from text, plain or packed.

    Parameters
    ----------
    path : str or Path
        A file with an n-gram, a tab and its count in each line, as SRILM's `ngram-count -write` and
        `NGramCounts.to_text` make it.
    tokenizer : str or Tokenizer
        How text becomes the file's symbols.

    Raises
    ------
    ReadError
        If a line is malformed, and it is named; or if n-grams are missing: those of a lower order,
        or one that a longer one begins with.

    Examples
    --------
    >>> import os, tempfile
    >>> import likeliest as lk
    >>> folder = tempfile.TemporaryDirectory()
    >>> file = os.path.join(folder.name, "counts.txt")
    >>> lk.language.count(["the cat", "the dog"], 2, "words").to_text(file)
    >>> counts = read(file)
    >>> counts["the"], counts["the", "dog"], counts.sequences
    (2, 1, 2)
    >>> folder.cleanup()
    """
    try:
        with Path(path).open("rb") as raw:
            return _Counts(path, pieces.find(tokenizer)).read(unpacked(path, raw))
    except BROKEN as error:
        raise ReadError(f"{path} cannot be read: {error}.") from None


class _Counts:
    def __init__(self, path: str | Path, tokenizer: Tokenizer) -> None:
        self.path, self.tokenizer = path, tokenizer
        self.index: dict[bytes, int] = {START.encode(): 0, END.encode(): 0}
        self.rows: dict[int, list[list[int]]] = {}
        self.numbers: dict[int, list[int]] = {}

    def read(self, file: io.BufferedIOBase) -> NGramCounts:
        for line, text in enumerate(file, 1):
            if text.strip(BLANKS):
                self._take(line, words_of(text))
        if not self.rows or sorted(self.rows) != list(range(1, len(self.rows) + 1)):
            orders = ", ".join(map(str, sorted(self.rows)))
            raise ReadError(
                f"{self.path} has n-grams of orders {orders}: those "
                "of every order from 1 on are needed, for those that begin a sequence are in no "
                "longer ones. Write them all, as ngram-count -order N -write does."
            )
        symbols = [END, *(_spelled(s) for s in list(self.index)[2:])]
        unknown = symbols.index(UNKNOWN) if UNKNOWN in symbols else None
        read = [s if i in {0, unknown} else self.tokenizer.read(s) for i, s in enumerate(symbols)]
        first = np.zeros(len(symbols), dtype=np.int64)
        first[[row[0] for row in self.rows[1]]] = self.numbers[1]
        if first[0] == 0:
            raise ReadError(f"{self.path} has no count of </s>: sequences have no end there.")
        if len(self.rows[1]) != np.count_nonzero(first):
            raise ReadError(f"{self.path} has a symbol twice, or 0 times: add its counts up.")
        levels, counts = list[trie.Keys](), [first]
        for n in range(2, len(self.rows) + 1):
            rows = np.array(self.rows[n], dtype=np.int64)
            place = rows[:, 0]
            for column in range(1, n - 1):
                place = trie.find(levels[column - 1], trie.key(place, rows[:, column]))
                if (place < 0).any():
                    row = self.rows[n][int(np.argmax(place < 0))]
                    shown = " ".join(symbols[i] if i else START for i in row[:-1])
                    raise ReadError(
                        f"{self.path}: there are {n}-grams that begin with {shown!r:.60}, and no "
                        f"count of a beginning of it. Write n-grams of all orders, none left out."
                    )
            order, keys = trie.argsort(trie.key(place, rows[:, -1]))
            if (keys[1:] == keys[:-1]).any():
                raise ReadError(f"{self.path} has an n-gram of order {n} twice: add its counts up.")
            levels.append(keys)
            counts.append(np.array(self.numbers[n], dtype=np.int64)[order])
        return NGramCounts(Vocabulary(tuple(read), unknown), tuple(levels), tuple(counts))

    def _take(self, line: int, fields: list[bytes]) -> None:
        *words, number = fields
        n = len(words)
        if not words or not number.isdigit():
            raise ReadError(f"{self.path}, line {line:,}: symbols and a whole number are wanted.")
        if n == 1 and words[0] == START.encode():
            return  # as many as there are ends
        if START.encode() in words[1:] or END.encode() in words[:-1]:
            raise ReadError(
                f"{self.path}, line {line:,}: <s> can only begin an n-gram, and </s> only end one."
            )
        row = [self.index.setdefault(w, len(self.index) - 1) for w in words]
        self.rows.setdefault(n, []).append(row)
        self.numbers.setdefault(n, []).append(int(number))


def _spelled(word: bytes) -> str:
    return word.decode("utf-8", "surrogatepass")
