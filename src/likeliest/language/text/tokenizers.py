"""Text to symbols and back: characters, bytes and words; `pieces` has those of Hugging Face.

A tokenizer is a small description; its encoder holds the table that turns text into numbers, and
grows it while it learns. In what an encoder returns, 0 ends a sequence and -1 is a symbol that is
not in the vocabulary.
"""

from __future__ import annotations

import os
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from likeliest.errors import DataError
from likeliest.language.text.reading import joined
from likeliest.language.text.vocabulary import END, START, UNKNOWN, Vocabulary

if TYPE_CHECKING:
    import polars as pl

    from likeliest.language.text.reading import Block, Cut

Ids = NDArray[np.int32]

MOST_SYMBOLS = 16_777_216
"""Symbols that a vocabulary may have: so that a key of context, symbol and place fits 63 bits."""


class Encoder(ABC):
    """Turns blocks of text into numbers; one that does not learn is called from several threads.

    Parameters
    ----------
    symbols : list of str
        Number i is symbol i; the boundary comes first.
    learns : bool
        Whether a new symbol gets the next number, or is unknown.
    """

    def __init__(self, symbols: Sequence[str], *, learns: bool) -> None:
        self.symbols = list(symbols)
        self.learns = learns
        self.scoring = False  # where marks of ends are words like others, and not refused

    @abstractmethod
    def __call__(self, block: Block) -> Ids:
        """Return the numbers of the symbols of a block, 0 for each end of a sequence."""

    def one(self, text: str) -> list[int]:
        """Return the numbers of the symbols of one sequence, without an end."""
        numbers: list[int] = self(joined([text]))[:-1].tolist()
        return numbers

    def _learn(self, symbols: Sequence[str]) -> None:
        self.symbols.extend(symbols)
        require_room(len(self.symbols))


def require_room(symbols: int) -> None:
    """Refuse a vocabulary over the limit."""
    if symbols > MOST_SYMBOLS:
        raise DataError(
            f"the vocabulary passes {MOST_SYMBOLS:,} symbols. Use a tokenizer of characters or of "
            "pieces of words, or put <unk> for rare words before."
        )


class Tokenizer(ABC):
    """A way to cut text into symbols and to join symbols into text."""

    name: ClassVar[str]
    cut: ClassVar[Cut]
    """Where a long line may be cut without changing its symbols."""
    sorts: ClassVar[bool] = False
    """Whether the vocabulary is put in order, or kept in the order of first appearance."""

    def vocabulary(self) -> list[str]:
        """Return the symbols known before any text is seen, the boundary first."""
        return [END]

    @abstractmethod
    def encoder(self, vocabulary: Vocabulary | None = None, *, learns: bool = False) -> Encoder:
        """Return an encoder: one for a vocabulary, or one that learns.

        Parameters
        ----------
        vocabulary : Vocabulary, optional
            Without one the encoder learns from the first symbol on.
        learns : bool
            Whether new symbols are added to the vocabulary, or are unknown.
        """

    @abstractmethod
    def decode(self, symbols: Sequence[str]) -> str:
        """Return the text of a sequence of symbols."""

    def continued(self, prefix: str, symbols: Sequence[str]) -> str:
        """Return a text, as it stands, and the symbols that follow it."""
        return prefix + self.decode(symbols)

    def written(self, symbol: str) -> str:
        """Return a symbol as an ARPA file has it: without white space."""
        return symbol

    def read(self, written: str) -> str:
        """Return the symbol that `written` wrote."""
        return written

    def to_dict(self) -> dict[str, str]:
        """Return what is needed to make it again."""
        return {"name": self.name}


def _known(vocabulary: Vocabulary | None, *, learns: bool) -> tuple[Vocabulary, bool]:
    """Return the vocabulary to begin with, and whether it grows."""
    return (Vocabulary((END,)), True) if vocabulary is None else (vocabulary, learns)


class _TableEncoder(Encoder):
    """Numbers by a table with a place for each code: a code point or a byte."""

    shown: Callable[[int], str] = staticmethod(chr)
    """How the symbol of a code is spelled."""

    def __init__(
        self, vocabulary: Vocabulary, codes: Sequence[int], size: int, *, learns: bool
    ) -> None:
        super().__init__(vocabulary.symbols, learns=learns)
        unknown = -1 if learns or vocabulary.unknown is None else vocabulary.unknown
        self.table = np.full(size, unknown, dtype=np.int32)
        self.table[np.asarray(codes, dtype=np.int64)] = np.arange(1, len(codes) + 1)

    def numbers(self, codes: NDArray[Any], separator: int) -> Ids:
        ids = self.table[codes]
        ids[np.flatnonzero(codes == separator)] = 0
        if self.learns and ids.size and ids.min() < 0:
            new = np.unique(codes[ids < 0])
            self.table[new] = np.arange(len(self.symbols), len(self.symbols) + new.size)
            self._learn([self.shown(code) for code in new.tolist()])
            return self.numbers(codes, separator)
        return ids


class _CharacterEncoder(_TableEncoder):
    def __call__(self, block: Block) -> Ids:
        if block.text.isascii():
            return self.numbers(np.frombuffer(block.text, np.uint8), ord(block.separator))
        text = block.text.decode("utf-8", "surrogatepass").encode("utf-32-le", "surrogatepass")
        return self.numbers(np.frombuffer(text, "<u4"), ord(block.separator))


@dataclass(frozen=True)
class Characters(Tokenizer):
    r"""Unicode characters (code points), with a boundary shown as '.'.

    Examples
    --------
    >>> from likeliest.language.text.reading import Block
    >>> encoder = Characters().encoder()
    >>> encoder(Block("né\n".encode())).tolist(), encoder.symbols
    ([1, 2, 0], ['</s>', 'n', 'é'])
    """

    name = "characters"
    cut = "anywhere"
    sorts = True

    def encoder(self, vocabulary: Vocabulary | None = None, *, learns: bool = False) -> Encoder:
        """Return an encoder: one that learns, or one for a vocabulary."""
        known, learns = _known(vocabulary, learns=learns)
        # A symbol longer than a character, such as <unk>, gets a place no character has.
        codes = [ord(s) if len(s) == 1 else 0x110000 + i for i, s in enumerate(known.symbols)]
        size = 0x110000 + len(codes)
        return _CharacterEncoder(known, codes[1:], size, learns=learns)

    def decode(self, symbols: Sequence[str]) -> str:
        """Return the text of a sequence of symbols."""
        return "".join("\ufffd" if symbol == UNKNOWN else symbol for symbol in symbols)

    def written(self, symbol: str) -> str:
        """Return a character as an ARPA file has it: white space as <U+0020>."""
        return f"<U+{ord(symbol):04X}>" if len(symbol) == 1 and symbol.isspace() else symbol

    def read(self, written: str) -> str:
        """Return the character that `written` wrote."""
        match = re.fullmatch(r"<U\+([0-9A-F]{4,6})>", written)
        return chr(int(match[1], 16)) if match else written


def _byte(code: int) -> str:
    return f"<0x{code:02X}>"


class _ByteEncoder(_TableEncoder):
    shown = staticmethod(_byte)

    def __call__(self, block: Block) -> Ids:
        codes = np.frombuffer(block.text, np.uint8)
        if ord(block.separator) < 0x80:
            return self.numbers(codes, ord(block.separator))
        raise DataError("bytes need a separator that is a byte; the strings hold them all.")


@dataclass(frozen=True)
class Bytes(Tokenizer):
    r"""The bytes of the text's UTF-8, written <0x41>.

    Examples
    --------
    >>> from likeliest.language.text.reading import Block
    >>> encoder = Bytes().encoder()
    >>> encoder(Block("né\n".encode())).tolist(), encoder.symbols
    ([1, 3, 2, 0], ['</s>', '<0x6E>', '<0xA9>', '<0xC3>'])
    """

    name = "bytes"
    cut = "anywhere"
    sorts = True

    def encoder(self, vocabulary: Vocabulary | None = None, *, learns: bool = False) -> Encoder:
        """Return an encoder: one that learns, or one for a vocabulary."""
        known, learns = _known(vocabulary, learns=learns)
        codes = [self._code(s, 256 + i) for i, s in enumerate(known.symbols)]
        return _ByteEncoder(known, codes[1:], 256 + len(codes), learns=learns)

    @staticmethod
    def _code(symbol: str, otherwise: int) -> int:
        return int(symbol[3:5], 16) if re.fullmatch(r"<0x[0-9A-F]{2}>", symbol) else otherwise

    def decode(self, symbols: Sequence[str]) -> str:
        """Return the text of a sequence of symbols; a broken character as the usual mark."""
        codes = (self._code(symbol, 0xFF) for symbol in symbols)
        return bytes(codes).decode("utf-8", "replace")


_LARGE = 50  # bytes of text for each word of the vocabulary, from which polars is the faster
_LARGEST = 1 << 31  # bytes of a text that polars takes as one string
_PROCESS = os.getpid()
_NUL = "a text of words holds a NUL character: take it out."
BLANKS = b"\t\n\r "
"""The characters that separate words, those of `lmplz`."""

_SPACED = bytes.maketrans(BLANKS, b"    ")
_WORD = re.compile(rb"[^\t\n\r ]+")


def words_of(text: bytes) -> list[bytes]:
    r"""Return the words of a text: what stands between tabs, ends of lines and spaces.

    Examples
    --------
    >>> words_of(b"the\tcat\x0bnap")
    [b'the', b'cat\x0bnap']
    """
    # Python's own split is ten times as fast, and takes two characters more for blanks.
    return _WORD.findall(text) if b"\v" in text or b"\f" in text else text.split()


def forked() -> bool:
    """Return whether this is a forked child, where polars would wait for its threads for ever."""
    return os.getpid() != _PROCESS


class _Numbers(dict[bytes, int]):
    """Numbers of words; a new word gets the next, or the one kept for unknown words."""

    def __init__(self, known: dict[bytes, int], unknown: int | None) -> None:
        super().__init__(known)
        self.unknown = unknown

    def __missing__(self, word: bytes) -> int:
        if self.unknown is not None:
            return self.unknown
        self[word] = number = len(self)
        return number


class _WordEncoder(Encoder):
    def __init__(self, vocabulary: Vocabulary, *, learns: bool) -> None:
        super().__init__(vocabulary.symbols, learns=learns)
        known = {b"\0": 0}
        for symbol, number in vocabulary.index.items():
            known[symbol.encode("utf-8", "surrogatepass")] = number
        known[b"\0"] = 0  # whatever a foreign model makes of it, no word of a text is this
        self.unknown = -1 if vocabulary.unknown is None else vocabulary.unknown
        self.table = _Numbers(known, None if learns else self.unknown)

    def __call__(self, block: Block) -> Ids:
        if block.separator != "\0" and b"\0" in block.text:
            raise DataError(_NUL)
        spaced = block.text.replace(block.separator.encode(), b" \0 ")
        large = _LARGE * len(self.symbols) < len(spaced) < _LARGEST
        ids = self._by_polars(spaced) if large and not self.learns else None
        return self._by_table(spaced) if ids is None else ids

    def one(self, text: str) -> list[int]:
        """Return the numbers of the words of one sequence, without an end."""
        words = words_of(text.encode("utf-8", "surrogatepass"))
        if "\0" in text:
            raise DataError(_NUL)
        return list(map(self.table.__getitem__, words))

    def _by_table(self, spaced: bytes) -> Ids:
        """Return the numbers of words between blanks, new ones learned."""
        words = words_of(spaced)
        ids = np.fromiter(map(self.table.__getitem__, words), dtype=np.int32, count=len(words))
        if self.learns and len(self.table) > len(self.symbols):
            self._take_in()
        return ids

    def _by_polars(self, spaced: bytes) -> Ids | None:
        """Return the numbers of many words, without Python's lock; None where polars cannot."""
        import polars as pl

        if forked() or self._categories is None:
            return None
        try:
            whole = pl.Series([spaced.translate(_SPACED).decode()])
        except UnicodeDecodeError:  # half a surrogate pair
            return None
        words = whole.str.split(" ").explode()
        numbers = words.cast(self._categories, strict=False).to_physical().cast(pl.Int32)
        ids = numbers.fill_null(self.unknown).to_numpy()
        return ids[ids < len(self.symbols)]  # without what stands between two blanks

    @cached_property
    def _categories(self) -> pl.Enum | None:
        """The words as polars knows them; last the empty one, which is between two blanks."""
        import polars as pl

        try:
            return pl.Enum(["\0", *self.symbols[1:], ""])
        except (ValueError, pl.exceptions.PolarsError):  # not all Unicode, or one of these two
            return None

    def _take_in(self) -> None:
        new = islice(self.table, len(self.symbols), None)
        words = [word.decode("utf-8", "surrogatepass") for word in new]
        reserved = set() if self.scoring else {START, END} & set(words)
        if reserved:
            raise DataError(
                f"the text holds the word {reserved.pop()}, which is kept for the ends of a "
                "sequence. They are put in by themselves: take them out of the text."
            )
        self._learn(words)


@dataclass(frozen=True)
class Words(Tokenizer):
    r"""Words: runs of anything but tab, line feed, carriage return and space, as `lmplz` has them.

    Examples
    --------
    >>> from likeliest.language.text.reading import Block
    >>> encoder = Words().encoder()
    >>> encoder(Block(b"the cat the dog\n")).tolist(), encoder.symbols
    ([1, 2, 1, 3, 0], ['</s>', 'the', 'cat', 'dog'])
    """

    name = "words"
    cut = "space"

    def encoder(self, vocabulary: Vocabulary | None = None, *, learns: bool = False) -> Encoder:
        """Return an encoder: one that learns, or one for a vocabulary."""
        known, learns = _known(vocabulary, learns=learns)
        return _WordEncoder(known, learns=learns)

    def decode(self, symbols: Sequence[str]) -> str:
        """Return the text of a sequence of symbols, with a space between words."""
        return " ".join(symbols)

    def continued(self, prefix: str, symbols: Sequence[str]) -> str:
        """Return a text, and the words that follow it after a space."""
        return " ".join([*([prefix.strip()] if prefix.strip() else []), *symbols])


TOKENIZERS: dict[str, type[Tokenizer]] = {t.name: t for t in (Characters, Bytes, Words)}
