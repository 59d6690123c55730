r"""ARPA files: the text form of back-off models that KenLM, SRILM and others read and write.

    \data\
    ngram 1=4
    ...
    \1-grams:
    -0.7781513	a	-0.30103
    ...
    \end\

Each line holds log10 p, the n-gram and the log10 of its back-off weight (0 where it is left out).
"""

from __future__ import annotations

import io
import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import DataError, LikeliestError, ReadError
from likeliest.files import whole
from likeliest.language.models import trie
from likeliest.language.models.model import NGramModel
from likeliest.language.smoothing.base import Array, Estimate
from likeliest.language.text import pieces
from likeliest.language.text.tokenizers import BLANKS, forked, words_of
from likeliest.language.text.unpacking import BROKEN, packed, unpacked
from likeliest.language.text.vocabulary import END, START, UNKNOWN, Vocabulary

if TYPE_CHECKING:
    from io import BufferedReader

    import polars as pl
    from numpy.typing import NDArray

    from likeliest.language.text.tokenizers import Tokenizer

LOG10 = float(np.log(10.0))
NEVER = -99.0
"""What stands for the logarithm of 0, as SRILM has it."""

_TOGETHER = 1 << 16  # lines that are made at once
_ENDS = (START.encode(), END.encode())
_FIRST, _LAST = -1, -2  # <s> and </s>, both number 0, until it is known that they stand right
_BLOCK = 1 << 24  # bytes
_SPACED = bytes.maketrans(b"\t", b" ")
_ABOVE = 1e-4  # a log10 p so little above 0 is rounding


def write(model: NGramModel, path: str | Path) -> None:
    """Write a model as an ARPA file, whole or not at all; packed where its name ends in .gz, say.

    Raises
    ------
    DataError
        If the model is not of back-off form (add-k).
    """
    e = model.estimate
    if e.floors is not None:
        raise DataError(
            "an add-k model gives symbols never seen a floor, which the ARPA form cannot hold. "
            "Choose witten-bell, or keep it with save()."
        )
    with whole(path) as raw, packed(path, raw) as target:
        file = io.TextIOWrapper(target, encoding="utf-8", errors="surrogatepass", newline="\n")
        sizes = [e.log_probs[0].size + 1, *(keys.size for keys in e.levels)]
        file.write("\\data\\\n" + "".join(f"ngram {n}={s}\n" for n, s in enumerate(sizes, 1)))
        for n in range(1, model.order + 1):
            file.write(f"\n\\{n}-grams:\n")
            file.writelines(_lines(model, n))
        file.write("\n\\end\\\n")
        file.flush()
        file.detach()


def _lines(model: NGramModel, n: int) -> Iterator[str]:
    e = model.estimate
    names = [model.tokenizer.written(s) for s in e.vocabulary.symbols]
    if e.vocabulary.unknown is not None:
        names[e.vocabulary.unknown] = UNKNOWN
    if n > 1:
        first, last = [START, *names[1:]], [END, *names[1:]]
        for at in range(0, e.log_probs[n - 1].size, _TOGETHER):
            yield from _stretch(model, n, first, last, slice(at, at + _TOGETHER))
    else:
        logs = _tens(e.log_probs[0])
        weights = _tens(e.log_weights[0]) if n < model.order else None
        weight = "" if weights is None else f"\t{weights[0]:.9g}"
        yield f"{NEVER:g}\t{START}{weight}\n"
        yield f"{logs[0]:.9g}\t{END}\n"
        for number in range(1, len(names)):
            weight = "" if weights is None else f"\t{weights[number]:.9g}"
            yield f"{logs[number]:.9g}\t{names[number]}{weight}\n"


def _stretch(
    model: NGramModel, n: int, first: list[str], last: list[str], part: slice
) -> Iterator[str]:
    """Yield the lines of some n-grams, n ≥ 2."""
    e = model.estimate
    logs = _tens(e.log_probs[n - 1][part])
    weights = _tens(e.log_weights[n - 1][part]) if n < model.order else None
    rows = trie.spelled(e.levels, n, part.start, part.stop)
    for at, row in enumerate(rows.tolist()):
        ngram = " ".join([first[row[0]], *(last[i] for i in row[1:-1]), last[row[-1]]])
        weight = "" if weights is None or row[-1] == 0 else f"\t{weights[at]:.9g}"
        yield f"{logs[at]:.9g}\t{ngram}{weight}\n"


def _tens(logs: Array) -> list[float]:
    return list(np.maximum(logs / LOG10, NEVER).tolist())


def read(path: str | Path, tokenizer: str | Tokenizer | object | None = None) -> NGramModel:
    """Read an ARPA file, plain or packed by gzip, bzip2, xz or zstd.

    Parameters
    ----------
    path : str or Path
    tokenizer : str or Tokenizer, optional
        How text becomes the file's symbols: "words" by default, unless all of them are characters
        or bytes.

    Returns
    -------
    NGramModel
        Its `notes` say what was skipped.

    Raises
    ------
    ReadError
        If the file is cut short or malformed, and the message names the line; or if all its symbols
        are characters or bytes and no tokenizer is named.
    """
    chosen = pieces.find("words" if tokenizer is None else tokenizer)
    try:
        with Path(path).open("rb") as raw:
            _require_text(path, raw)
            source = _Source(unpacked(path, raw))
            return _Reader(path, source, chosen, named=tokenizer is not None).model()
    except LikeliestError:
        raise
    except BROKEN as error:
        raise ReadError(f"{path} cannot be read: {error}.") from None


def _require_text(path: str | Path, raw: BufferedReader) -> None:
    """Name the formats of models and archives that are taken for ARPA files."""
    first = raw.peek(32)
    if first.startswith(b"mmap lm http://kheafield.com/code"):
        raise ReadError(
            f"{path} is a binary of KenLM, which is not read here: give the ARPA file that "
            "build_binary made it of."
        )
    if first.startswith(b"PK\x03\x04"):
        raise ReadError(f"{path} is a zip archive: unpack it, and name the file in it.")


class _Source:
    """The lines of a file, one at a time or many as they stand."""

    def __init__(self, file: io.BufferedIOBase) -> None:
        self.file = file
        self.text, self.at, self.line = b"", 0, 0

    def next(self) -> bytes:
        """Return the next line with its end; nothing at the end of the file."""
        end = self.text.find(b"\n", self.at) + 1
        while end == 0 and self._more():
            end = self.text.find(b"\n") + 1
        end = end or len(self.text)
        line = self.text[self.at : end]
        self.at, self.line = end, self.line + bool(line)
        return line

    def block(self, most: int) -> tuple[bytes, int]:
        """Return some of the next lines, and how many, without going on to what is after them."""
        if self.text.find(b"\n", self.at) < 0 or len(self.text) - self.at < _BLOCK // 2:
            self._more()
        text = self.text[self.at : self.text.rfind(b"\n") + 1]
        lines = text.count(b"\n")
        if lines > most:
            ends = np.flatnonzero(np.frombuffer(text, np.uint8) == ord("\n"))
            text, lines = text[: ends[most - 1] + 1], most
        return text, lines

    def skip(self, text: bytes, lines: int) -> None:
        """Go on to what is after a block."""
        self.at, self.line = self.at + len(text), self.line + lines

    def _more(self) -> bool:
        more = self.file.read(_BLOCK)
        self.text, self.at = self.text[self.at :] + more, 0
        return bool(more)


Part = tuple["Array", "Array", "NDArray[np.int64]", "NDArray[np.int64]"]
"""Of some n-grams log10 p, log10 weight, the numbers of their symbols, and their lines."""


class _Reader:
    """Reads an ARPA file, many lines at a time where all of them are as they should be.

    Where they are not it reads line by line, so that an error can say where it is. Lines stay
    bytes then: symbols are what stands between tabs and spaces, as KenLM has it, and may hold
    what Unicode takes for a space or the end of a line.
    """

    def __init__(
        self, path: str | Path, source: _Source, tokenizer: Tokenizer, *, named: bool
    ) -> None:
        self.path, self.source, self.tokenizer, self.named = path, source, tokenizer, named
        self.index: dict[bytes, int] = {}
        self.symbols = [END]
        self.unknown: int | None = None
        self.notes: list[str] = []

    @property
    def line(self) -> int:
        return self.source.line

    def wrong(self, what: str, line: int | None = None) -> ReadError:
        return ReadError(f"{self.path}, line {line or self.line:,}: {what}.")

    def next(self) -> bytes:
        """Return the next line that is not empty, without its end."""
        while line := self.source.next():
            if line.strip(BLANKS):
                return line.rstrip(BLANKS)
        raise self.wrong("the file ends here, without \\end\\: it is cut short")

    def model(self) -> NGramModel:
        sizes = self._header()
        order = len(sizes)
        logs, weights = self._unigrams(sizes[0], order)
        self._require_words()
        all_logs, all_weights, levels = [logs], [weights], list[trie.Keys]()
        for n in range(2, order + 1):
            keys, logs, weights = self._section(n, sizes[n - 1], order, levels)
            levels.append(keys)
            all_logs.append(logs)
            all_weights.append(weights)
        if self.next() != b"\\end\\":
            raise self.wrong(f"\\end\\ should stand here, after {sizes[-1]:,} {order}-grams")
        if all_weights[-1].any():
            self.notes.append(
                f"{np.count_nonzero(all_weights[-1]):,} {order}-grams, the longest, have back-off "
                "weights, which are of no use: the file seems cut from a model of a higher order."
            )
        vocabulary = Vocabulary(tuple(self.symbols), self.unknown)
        estimate = Estimate(
            vocabulary, tuple(levels), tuple(all_logs), tuple(all_weights[:-1]),
            notes=tuple(self.notes),
        )  # fmt: skip
        return NGramModel(estimate, self.tokenizer, "arpa")

    def _require_words(self) -> None:
        """Refuse to take characters for words where nobody said what they are."""
        symbols = [s for s in self.symbols[1:] if s != UNKNOWN]
        if not self.named and symbols and all(map(_is_character, symbols)):
            raise ReadError(
                f"all {len(symbols):,} symbols of {self.path} are characters or bytes, and it does "
                'not say of what text. Name the tokenizer (--tokenizer): "characters" or "bytes" '
                'for text as it is, "words" for text with a space between its symbols.'
            )

    def _header(self) -> list[int]:
        while line := self.source.next():  # whatever stands before \data\ is a comment
            if line.removeprefix(BOM_UTF8).strip() == b"\\data\\":
                break
        else:
            raise ReadError(
                f"{self.path} is no model: neither a saved one nor an ARPA file, which has a "
                "line \\data\\."
            )
        sizes: list[int] = []
        while True:
            text = _spelled(self.next())
            match = re.fullmatch(r"ngram\s+(\d{1,2})\s*=\s*(\d{1,18})", text)
            if match is None:
                break
            if int(match[1]) != len(sizes) + 1:
                raise self.wrong(f"order {len(sizes) + 1} should come here; got {text!r}")
            sizes.append(int(match[2]))
        if not sizes or text != "\\1-grams:":
            raise self.wrong(f"'ngram N=COUNT' or '\\1-grams:' should stand here; got {text!r:.60}")
        return sizes

    def _entries(
        self, n: int, size: int, order: int, done: int, most: int
    ) -> Iterator[tuple[float, list[bytes], float]]:
        """Yield log10 p, symbols and log10 weight of each of `most` lines of a section."""
        for number in range(done, done + most):
            line = self.next()
            fields = words_of(line)
            if line.startswith(b"\\"):
                raise self.wrong(f"{size:,} {n}-grams were announced; there are {number:,}")
            if len(fields) not in {n + 1, n + 2}:
                raise self.wrong(f"{n} symbols between one or two numbers are wanted")
            try:
                log = float(fields[0])
                weight = float(fields[n + 1]) if len(fields) == n + 2 else 0.0
            except ValueError:
                first, last = _spelled(fields[0]), _spelled(fields[-1])
                raise self.wrong(f"{first!r:.30} or {last!r:.30} is no number") from None
            if not log <= _ABOVE or not weight < np.inf:
                raise self.wrong(f"log10 p = {log:g}, weight {weight:g}: not of a probability")
            yield min(log, 0.0), fields[1 : n + 1], weight

    def _unigrams(self, size: int, order: int) -> tuple[Array, Array]:
        logs, weights, seen = [NEVER], [0.0], set[str]()
        for log, (symbol,), weight in self._entries(1, size, order, 0, size):
            if symbol in self.index:
                raise self.wrong(f"{_spelled(symbol)!r:.40} occurs twice")
            if symbol in _ENDS:  # both are number 0: one as a context, one as an outcome
                self.index[symbol] = 0
                if symbol == _ENDS[0]:
                    weights[0] = weight
                else:
                    logs[0] = log
                continue
            self.index[symbol] = len(self.symbols)
            unknown = symbol.lower() == UNKNOWN.encode()
            if unknown:
                self.unknown = len(self.symbols)
            read = UNKNOWN if unknown else self.tokenizer.read(_spelled(symbol))
            if read in seen:
                raise self.wrong(f"{read!r:.40} occurs twice, in two spellings")
            seen.add(read)
            self.symbols.append(read)
            logs.append(log)
            weights.append(weight)
        missing = next((end for end in _ENDS if end not in self.index), None)
        if missing is not None:
            raise self.wrong(f"{missing.decode()} is not among the 1-grams above")
        return _nats(logs), _nats(weights)

    def _section(
        self, n: int, size: int, order: int, levels: list[trie.Keys]
    ) -> tuple[trie.Keys, Array, Array]:
        title = _spelled(self.next())
        if title != f"\\{n}-grams:":
            raise self.wrong(f"'\\{n}-grams:' should stand here; got {title!r:.60}")
        parts: list[Part] = []
        done = 0
        while done < size:
            text, lines = self.source.block(size - done)
            lines = lines or 1
            part = self._many(text, lines, n)
            if part is None:
                part = self._one_by_one(n, size, order, done, lines)
            else:
                self.source.skip(text, lines)
            parts.append(part)
            done += lines
        empty = np.zeros(0), np.zeros(0), np.zeros((0, n), np.int64), np.zeros(0, np.int64)
        columns = zip(*(parts or [empty]), strict=True)
        logs, weights, rows, at = (np.concatenate(column) for column in columns)
        # An end within an n-gram: MITLM and IRSTLM write such; nothing that is asked for has one.
        odd = (rows[:, :-1] == _LAST).any(axis=1) | (rows[:, 1:] == _FIRST).any(axis=1)
        if odd.any():
            self.notes.append(
                f"{np.count_nonzero(odd):,} {n}-grams with <s> or </s> inside were skipped (the "
                f"first: line {at[odd][0]:,})."
            )
            logs, weights, rows, at = logs[~odd], weights[~odd], rows[~odd], at[~odd]
        keys, order_of = self._keys(np.maximum(rows, 0), levels, at)
        return keys, _nats(logs)[order_of], _nats(weights)[order_of]

    def _one_by_one(self, n: int, size: int, order: int, done: int, most: int) -> Part:
        logs, weights, numbers, lines = [], [], [], []
        for log, symbols, weight in self._entries(n, size, order, done, most):
            try:
                numbers.extend([self._number(s) for s in symbols])
            except KeyError as error:
                missing = _spelled(error.args[0])
                raise self.wrong(f"{missing!r} is not among the 1-grams") from None
            logs.append(log)
            weights.append(weight)
            lines.append(self.line)
        rows = np.array(numbers, dtype=np.int64).reshape(most, n)
        return np.array(logs), np.array(weights), rows, np.array(lines, dtype=np.int64)

    def _number(self, symbol: bytes) -> int:
        if symbol in _ENDS:
            return _FIRST if symbol == _ENDS[0] else _LAST
        return self.index[symbol]

    def _many(self, text: bytes, lines: int, n: int) -> Part | None:
        """Return lines that are all as they should be; None where one is not, or polars cannot."""
        import polars as pl

        if self._names is None or not text:
            return None
        columns = {"log": pl.Float64, **{f"{i}": pl.String for i in range(n)}, "weight": pl.Float64}
        # A line that has all columns comes first: the others may lack the weight.
        head = b" ".join([b"0", *[_ENDS[0]] * n, b"0\n"])
        try:
            spaced = head + text.replace(b"\r\n", b"\n").translate(_SPACED)
            table = pl.read_csv(
                io.BytesIO(spaced), has_header=False, separator=" ", quote_char=None, schema=columns
            )
        except (pl.exceptions.PolarsError, UnicodeDecodeError):
            return None
        words = [table[f"{i}"].cast(self._names, strict=False) for i in range(n)]
        logs = table["log"].to_numpy()[1:]
        weights = table["weight"].fill_null(0.0).to_numpy()[1:]
        if (
            table.height != lines + 1
            or any(word.null_count() for word in words)
            or not (logs <= _ABOVE).all()
            or not (weights < np.inf).all()
        ):
            return None
        rows = np.stack([w.to_physical().to_numpy()[1:].astype(np.int64) for w in words], axis=1)
        places = self.line + 1 + np.arange(lines)
        return (
            np.minimum(logs, 0.0),
            weights,
            np.where(rows == 0, _FIRST, np.where(rows == 1, _LAST, rows - 1)),
            places,
        )

    @cached_property
    def _names(self) -> pl.Enum | None:
        """The symbols as polars knows them, in the order of their numbers, the two ends first."""
        import polars as pl

        if forked():
            return None
        names = [*_ENDS, *(symbol for symbol in self.index if symbol not in _ENDS)]
        try:
            return pl.Enum([name.decode() for name in names])
        except (UnicodeDecodeError, pl.exceptions.PolarsError):
            return None

    def _keys(
        self, rows: NDArray[np.int64], levels: list[trie.Keys], lines: NDArray[np.int64]
    ) -> tuple[trie.Keys, trie.Places]:
        place = rows[:, 0]
        for column in range(1, rows.shape[1] - 1):
            place = trie.find(levels[column - 1], trie.key(place, rows[:, column]))
            if (place < 0).any():
                line = int(lines[np.argmax(place < 0)])
                raise self.wrong("the n-gram without its last symbol is not in the file", line)
        order, keys = trie.argsort(trie.key(place, rows[:, -1]))
        twice = np.flatnonzero(keys[1:] == keys[:-1])
        if twice.size:
            raise self.wrong("this n-gram occurs twice", int(lines[order[twice[0] + 1]]))
        return keys, order


def _spelled(word: bytes) -> str:
    """Return what bytes spell; what is not UTF-8 stays as it is, as surrogates."""
    try:
        return word.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return word.decode("utf-8", "surrogateescape")


def _is_character(symbol: str) -> bool:
    return (
        len(symbol) == 1 or re.fullmatch(r"<U\+[0-9A-F]{4,6}>|<0x[0-9A-F]{2}>", symbol) is not None
    )


def _nats(tens: list[float] | Array) -> Array:
    values = np.asarray(tens, dtype=np.float64)
    return np.where(values <= NEVER, -np.inf, values * LOG10)
