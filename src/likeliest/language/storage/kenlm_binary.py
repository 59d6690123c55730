"""Binary files of KenLM: tries, whose n-grams are listed, and hash tables, which are asked.

A header is followed by what KenLM finds words with, by the n-grams, and by the words. In a trie an
n-gram stands under what it is without its first word, so from its last word to its first; its
record is packed to bits: word, probability, back-off weight, and where those under it begin.
"""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.errors import ReadError
from likeliest.language.models import trie
from likeliest.language.models.hashed import HashedModel, Tables
from likeliest.language.models.model import NGramModel
from likeliest.language.models.tens import NEVER, nats
from likeliest.language.smoothing.base import Array, Estimate
from likeliest.language.storage.arpa import require_words, spelled
from likeliest.language.text import pieces
from likeliest.language.text.vocabulary import END, START, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from likeliest.language.text.tokenizers import Tokenizer

MAGIC = b"mmap lm http://kheafield.com/code format version "

_VERSION = b"5\n"
_SANITY = struct.Struct("<56s3f3IQ")  # the name of the format, and numbers as the machine has them
_SANE = (0.0, 1.0, -0.5, 1, 0xFFFFFFFF, 0, 1)
_FIXED = struct.Struct("<B3xfiB3xI")
_KINDS = ("probing", "rest probing", "trie", "quantised trie", "trie", "quantised trie")
_PROBING, _RESTS, _TRIE = 0, 1, 2
_MOST_ORDER = 64
_MOST_SLOTS = 1e6  # for each n-gram
_PROB_BITS, _WEIGHT_BITS = 31, 32  # of a probability without its sign, and of a weight


@dataclass(frozen=True)
class _Header:
    """The header of a binary file.

    Parameters
    ----------
    kind : int
        Which of the six data structures.
    multiplier : float
        How many slots a hash table has for each n-gram.
    has_words : bool
    counts : tuple of int
        How many n-grams of each order.
    size : int
        Bytes of the header.
    """

    kind: int
    multiplier: float
    has_words: bool
    counts: tuple[int, ...]
    size: int


def is_binary(path: str | Path) -> bool:
    """Return whether a file begins as KenLM's binaries do."""
    with Path(path).open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def is_hashed(path: str | Path) -> bool:
    """Return whether a file is a binary whose n-grams are hashed, so that none can be listed."""
    return is_binary(path) and _header(path, _mapped(path)).kind < _TRIE


def read(
    path: str | Path, tokenizer: str | Tokenizer | object | None = None
) -> NGramModel | HashedModel:
    """Open a binary file of KenLM, as `build_binary` makes them.

    Parameters
    ----------
    path : str or Path
    tokenizer : str or Tokenizer, optional
        How text becomes the file's symbols: "words" by default, unless all of them are characters
        or bytes.

    Returns
    -------
    NGramModel of a trie, HashedModel of hash tables ("probing", what `build_binary` makes unless
    told), whose n-grams can be asked for and not listed.

    Raises
    ------
    ReadError
        If the file is none, is damaged, or was built without its words.
    """
    try:
        if not is_binary(path):
            raise ReadError(f"{path} is no binary of KenLM: open it with likeliest.language.load.")
        return read_hashed(path, tokenizer) if is_hashed(path) else read_trie(path, tokenizer)
    except OSError as error:
        raise ReadError(f"{path} cannot be read: {error.strerror}.") from None


def read_trie(path: str | Path, tokenizer: str | Tokenizer | object | None = None) -> NGramModel:
    """Return the model in a trie of KenLM, quantised or not.

    Raises
    ------
    ReadError
        If the file is damaged, has no words, or holds hash tables.
    """
    content = _mapped(path)
    header = _header(path, content)
    if header.kind < _TRIE:
        raise ReadError(
            f"{path} is a binary of KenLM with hash tables, whose n-grams cannot be listed. Score "
            "text with it (likeliest.language.load_kenlm); for more give its ARPA file."
        )
    chosen = pieces.find("words" if tokenizer is None else tokenizer)
    found = _Trie(path, content, header)
    vocabulary, logs, weights = found.unigrams(chosen)
    if tokenizer is None:
        require_words(path, vocabulary.symbols)
    all_logs, all_weights, levels = [logs], [weights], list[trie.Keys]()
    for rows, tens, weight in found.ngrams():
        place = trie.prefix_places(rows, levels)
        order, keys = trie.argsort(trie.key(place, rows[:, -1]))
        if (place < 0).any() or (keys[1:] == keys[:-1]).any():
            raise _damaged(path)
        levels.append(keys)
        all_logs.append(nats(tens)[order])
        all_weights.append(nats(weight)[order])
    estimate = Estimate(vocabulary, tuple(levels), tuple(all_logs), tuple(all_weights[:-1]))
    return NGramModel(estimate, chosen, "kenlm")


def read_hashed(path: str | Path, tokenizer: str | Tokenizer | object | None = None) -> HashedModel:
    """Return the model in the hash tables of a binary of KenLM, mapped to memory.

    Raises
    ------
    ReadError
        If the file is damaged, or has no words.
    """
    chosen = pieces.find("words" if tokenizer is None else tokenizer)
    content = _mapped(path)
    header = _header(path, content)
    value = "<f4"
    rest = [("rest", value)] if header.kind == _RESTS else []
    weights = np.dtype([("prob", value), ("weight", value), *rest])
    middle = np.dtype([("key", "<u8"), *weights.descr])
    longest = np.dtype([("key", "<u8"), ("prob", value)])
    at = header.size + 8 + 12 * _slots(header.counts[0], header.multiplier)
    unigrams = _array(path, content, weights, at, header.counts[0] + 1)
    at += unigrams.nbytes
    tables = []
    for n, count in enumerate(header.counts[1:], 2):
        kind = longest if n == len(header.counts) else middle
        tables.append(_array(path, content, kind, at, _slots(count, header.multiplier)))
        at += tables[-1].nbytes
    words = _words(path, content, header, at)
    if not header.counts[0] <= len(words) <= unigrams.size:
        raise _damaged(path)
    vocabulary, ids, start = _numbered(path, words, chosen, float(unigrams["prob"][0]))
    if tokenizer is None:
        require_words(path, vocabulary.symbols)
    held = Tables(unigrams[: len(words)], tuple(tables), ids, start)
    return HashedModel(held, chosen, vocabulary, str(path))


def _mapped(path: str | Path) -> mmap.mmap:
    try:
        with Path(path).open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError as error:
        raise ReadError(f"{path} cannot be read: {error.strerror}.") from None


def _header(path: str | Path, content: mmap.mmap) -> _Header:
    if not content[: len(MAGIC) + len(_VERSION)].endswith(_VERSION):
        raise ReadError(
            f"{path} is a binary of another version of KenLM: build it again, or give the ARPA."
        )
    fixed_at = _SANITY.size
    if len(content) < fixed_at + _FIXED.size:
        raise _damaged(path)
    if _SANITY.unpack_from(content)[1:] != _SANE:
        raise ReadError(
            f"{path} is a binary of KenLM that was built on another kind of machine: give the ARPA."
        )
    order, multiplier, kind, has_words, _ = _FIXED.unpack_from(content, fixed_at)
    if (
        not 2 <= order <= _MOST_ORDER
        or not 0 <= kind < len(_KINDS)
        or not 1.0 <= multiplier < _MOST_SLOTS
    ):
        raise _damaged(path)
    end = fixed_at + _FIXED.size + 8 * order
    if len(content) < end:
        raise _damaged(path)
    counts = struct.unpack_from(f"<{order}Q", content, fixed_at + _FIXED.size)
    if max(counts) > len(content):
        raise _damaged(path)
    return _Header(kind, multiplier, bool(has_words), counts, -(-end // 8) * 8)


def _damaged(path: str | Path) -> ReadError:
    return ReadError(f"{path} is a binary of KenLM that is cut short or damaged.")


def _slots(count: int, multiplier: float) -> int:
    """Return how many slots KenLM's table for so many n-grams has; it computes in float32."""
    return max(count + 1, int(np.float32(multiplier) * np.float32(count)))


def _array(path: str | Path, content: mmap.mmap, kind: Any, first: int, size: int) -> NDArray[Any]:
    dtype = np.dtype(kind)
    if first + size * dtype.itemsize > len(content):
        raise _damaged(path)
    return np.frombuffer(content, dtype, size, first)


def _words(path: str | Path, content: mmap.mmap, header: _Header, first: int) -> list[str]:
    if not header.has_words:
        raise ReadError(
            f"{path} was built without its words (build_binary -v): build it with them, or give "
            "the ARPA."
        )
    text = content[first:]
    if not text.startswith(b"<unk>\0") or not text.endswith(b"\0"):
        raise _damaged(path)
    return [spelled(word) for word in text[:-1].split(b"\0")]


def _numbered(
    path: str | Path, words: list[str], tokenizer: Tokenizer, unknown: float
) -> tuple[Vocabulary, NDArray[np.int64], int]:
    """Return the vocabulary, KenLM's number of each of its symbols, and that of <s>.

    Parameters
    ----------
    unknown : float
        log10 p of <unk>, which is there only if it is over that of what never occurs.
    """
    numbers = {word: number for number, word in enumerate(words)}
    if len(numbers) < len(words) or START not in numbers or END not in numbers:
        raise _damaged(path)
    ends = {0, numbers[START], numbers[END]}
    symbols = [word for number, word in enumerate(words) if number not in ends]
    ids = [numbers[END], *(numbers[word] for word in symbols)]
    vocabulary = Vocabulary((END, *map(tokenizer.read, symbols)))
    if unknown > NEVER:
        vocabulary = vocabulary.with_unknown()
        ids.append(0)
    return vocabulary, np.array(ids), numbers[START]


class _Trie:
    """The n-grams of a trie.

    Parameters
    ----------
    path : str or Path
    content : mmap
    header : _Header
    """

    def __init__(self, path: str | Path, content: mmap.mmap, header: _Header) -> None:
        self.path, self.content, self.header = path, content, header
        self.word_bits = header.counts[0].bit_length()
        self.is_quantised = header.kind in {3, 5}
        self.has_arrays = header.kind in {4, 5}
        self.at = header.size + 8 + 8 * header.counts[0]
        self.tables = list(self._tables()) if self.is_quantised else []
        unigram = [("prob", "<f4"), ("weight", "<f4"), ("next", "<u8")]
        self.first = self._take(unigram, header.counts[0] + 2)

    def _take(self, kind: Any, size: int) -> NDArray[Any]:
        """Return an array, and go on to what is after it."""
        array = _array(self.path, self.content, kind, self.at, size)
        self.at += array.nbytes
        return array

    def _tables(self) -> Iterator[NDArray[np.float32]]:
        """Yield the values that the numbers of each order's probabilities and weights stand for."""
        version, self.prob_bits, self.weight_bits = self._take("u1", 8)[:3].tolist()
        if version != 2 or not (0 < self.prob_bits <= 25 and 0 < self.weight_bits <= 25):
            raise _damaged(self.path)
        for _ in self.header.counts[2:]:
            yield self._take("<f4", 1 << self.prob_bits)
            yield self._take("<f4", 1 << self.weight_bits)
        yield self._take("<f4", 1 << self.prob_bits)

    def unigrams(self, tokenizer: Tokenizer) -> tuple[Vocabulary, Array, Array]:
        """Return the symbols, their log probabilities and their weights, in nats."""
        size, at = self.header.counts[0], self.at
        self.levels = list(self._levels())
        words = _words(self.path, self.content, self.header, self.at)
        self.at = at
        if len(words) != size:
            raise _damaged(self.path)
        found = _numbered(self.path, words, tokenizer, float(self.first["prob"][0]))
        vocabulary, ids, self.start = found
        self.number = np.full(size, -1)
        self.number[ids] = np.arange(ids.size)
        self.end = int(ids[0])
        weights = self.first["weight"][ids].astype(np.float64)
        weights[0] = self.first["weight"][self.start]
        logs = self.first["prob"][ids].astype(np.float64)
        return vocabulary, nats(logs), nats(weights)

    def _levels(self) -> Iterator[tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]]:
        """Yield words, log10 p, weights and ends of what is under them, of each order from 2 on."""
        orders = len(self.header.counts)
        for n in range(2, orders + 1):
            yield self._level(n, self.header.counts[n - 1], is_longest=n == orders)

    def _level(self, n: int, size: int, *, is_longest: bool) -> Any:
        most = 0 if is_longest else self.header.counts[n]
        next_bits, highs = most.bit_length(), None
        if self.has_arrays and not is_longest:
            next_bits, highs = self._highs(size + 1, most)
        if self.is_quantised:
            value_bits = self.prob_bits + (0 if is_longest else self.weight_bits)
        else:
            value_bits = _PROB_BITS + (0 if is_longest else _WEIGHT_BITS)
        total = self.word_bits + value_bits + next_bits
        packed = self._take("u1", ((1 + size) * total + 7) // 8 + 8)
        starts = np.arange(size + 1) * total
        words = _bits(packed, starts[:-1], self.word_bits)
        values = starts[:-1] + self.word_bits
        if self.is_quantised:
            probs, weights = self._quantised(packed, values, n, is_longest=is_longest)
        else:
            probs = -np.abs(_floats(_bits(packed, values, _PROB_BITS)))
            weights = np.zeros(size, np.float32)
            if not is_longest:
                weights = _floats(_bits(packed, values + _PROB_BITS, _WEIGHT_BITS))
        ends = np.zeros(size + 1, np.int64)
        if not is_longest:
            ends = _bits(packed, starts + self.word_bits + value_bits, next_bits)
            if highs is not None:
                ends |= highs << next_bits
        return words, probs, weights, ends

    def _quantised(
        self, packed: NDArray[np.uint8], at: NDArray[np.int64], n: int, *, is_longest: bool
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        table = 2 * (n - 2)
        if is_longest:
            return self.tables[table][_bits(packed, at, self.prob_bits)], np.zeros(at.size, "f4")
        probs = self.tables[table][_bits(packed, at + self.weight_bits, self.prob_bits)]
        return probs, self.tables[table + 1][_bits(packed, at, self.weight_bits)]

    def _highs(self, entries: int, most: int) -> tuple[int, NDArray[np.int64]]:
        """Return how many low bits stand with each entry, and the number of the others.

        The first entries with each number of high bits are in an array. How many bits those are
        KenLM does not write: it takes the number that makes array and entries the smallest.
        """
        version, allowed = _array(self.path, self.content, "u1", self.at, 2).tolist()
        if version != 0:
            raise _damaged(self.path)
        required = most.bit_length()
        cost = [
            (most >> (required - chopped)) * 64 - entries * chopped
            for chopped in range(min(required, allowed) + 1)
        ]
        low_bits = required - cost.index(min(cost))
        size = (most >> low_bits) + 1
        begin = self.at
        self.at = -(-begin // 8) * 8 + 8
        firsts = self._take("<u8", size).astype(np.int64)
        self.at = begin + 8 * (1 + size) + 7
        return low_bits, np.searchsorted(firsts, np.arange(entries), side="right") - 1

    def ngrams(self) -> Iterator[tuple[NDArray[np.int64], Array, Array]]:
        """Yield n-grams in our numbers, log10 p and weights, of each order from 2 on.

        N-grams with <s> or </s> inside, which nothing asks for, are left out.
        """
        above = np.arange(self.header.counts[0])[:, None]
        ends = self.first["next"][: self.header.counts[0] + 1].astype(np.int64)
        for words, probs, weights, ends_below in self.levels:
            width = np.diff(ends)
            if ends[0] != 0 or ends[-1] != words.size or (width < 0).any():
                raise _damaged(self.path)
            if words.size and words.max() >= self.number.size:
                raise _damaged(self.path)
            above = np.column_stack([words, np.repeat(above, width, axis=0)])
            rows = self.number[above]
            rows[:, 0] = np.where(above[:, 0] == self.start, 0, rows[:, 0])
            inside = (above[:, :-1] == self.end).any(axis=1) | (rows < 0).any(axis=1)
            if not (probs <= 0.0).all() or not (weights < np.inf).all():
                raise _damaged(self.path)
            kept = ~inside
            yield rows[kept], probs[kept].astype(np.float64), weights[kept].astype(np.float64)
            ends = ends_below


def _bits(packed: NDArray[np.uint8], at: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Return the numbers of so many bits, up to 57, that begin at these bits."""
    # Overlapping words of 64 bits, one from each byte on.
    words = np.ndarray(packed.size - 7, "<u8", packed, strides=(1,))
    shifted = words[at >> 3] >> (at & 7).astype(np.uint64)
    return (shifted & np.uint64((1 << size) - 1)).astype(np.int64)


def _floats(bits: NDArray[np.int64]) -> NDArray[np.float32]:
    return bits.astype(np.uint32).view(np.float32)
