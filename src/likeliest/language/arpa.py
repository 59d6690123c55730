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

import gzip
import io
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import DataError, ReadError
from likeliest.files import whole
from likeliest.language import pieces, trie
from likeliest.language.model import NGramModel
from likeliest.language.smoothing.base import Array, Estimate
from likeliest.language.vocabulary import END, START, UNKNOWN, Vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from likeliest.language.tokenizers import Tokenizer

LOG10 = float(np.log(10.0))
NEVER = -99.0
"""What stands for the logarithm of 0, as SRILM has it."""

_TOGETHER = 1 << 16  # lines that are made at once
_ENDS = (START.encode(), END.encode())
_ABOVE = 1e-4  # a log10 p so little above 0 is rounding


def write(model: NGramModel, path: str | Path) -> None:
    """Write a model as an ARPA file, whole or not at all.

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
    with whole(path) as raw:
        file = io.TextIOWrapper(raw, encoding="utf-8", errors="surrogatepass", newline="\n")
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


def read(path: str | Path, tokenizer: str | Tokenizer | object = "words") -> NGramModel:
    """Read an ARPA file, plain or gzipped.

    Parameters
    ----------
    path : str or Path
    tokenizer : str or Tokenizer
        How text becomes the file's symbols.

    Returns
    -------
    NGramModel

    Raises
    ------
    ReadError
        If the file is cut short or malformed; the message names the line.
    """
    chosen = pieces.find(tokenizer)
    try:
        with Path(path).open("rb") as raw:
            packed = raw.peek(2)[:2] == b"\x1f\x8b"
            file = gzip.GzipFile(fileobj=raw) if packed else raw
            return _Reader(path, file, chosen).model()
    except (OSError, EOFError, gzip.BadGzipFile) as error:
        raise ReadError(f"{path} cannot be read: {error}.") from None


class _Reader:
    """Reads an ARPA file line by line, so that an error can say where it is.

    Lines stay bytes: symbols are what stands between ASCII white space, as KenLM has it, and may
    hold what Unicode takes for a space or the end of a line.
    """

    def __init__(self, path: str | Path, file: Iterable[bytes], tokenizer: Tokenizer) -> None:
        self.path, self.file, self.tokenizer = path, file, tokenizer
        self.line = 0
        self.index: dict[bytes, int] = {}
        self.symbols = [END]
        self.unknown: int | None = None

    def wrong(self, what: str, line: int | None = None) -> ReadError:
        return ReadError(f"{self.path}, line {line or self.line:,}: {what}.")

    def next(self) -> bytes:
        """Return the next line that is not empty, without its end."""
        for line in self.file:
            self.line += 1
            if line.strip():
                return line.rstrip()
        raise self.wrong("the file ends here, without \\end\\: it is cut short")

    def model(self) -> NGramModel:
        sizes = self._header()
        order = len(sizes)
        logs, weights = self._unigrams(sizes[0], order)
        all_logs, all_weights, levels = [logs], [weights], list[trie.Keys]()
        for n in range(2, order + 1):
            keys, logs, weights = self._section(n, sizes[n - 1], order, levels)
            levels.append(keys)
            all_logs.append(logs)
            all_weights.append(weights)
        if self.next() != b"\\end\\":
            raise self.wrong(f"\\end\\ should stand here, after {sizes[-1]:,} {order}-grams")
        vocabulary = Vocabulary(tuple(self.symbols), self.unknown)
        estimate = Estimate(vocabulary, tuple(levels), tuple(all_logs), tuple(all_weights[:-1]))
        return NGramModel(estimate, self.tokenizer, "arpa")

    def _header(self) -> list[int]:
        for line in self.file:  # whatever stands before \data\ is a comment
            self.line += 1
            if line.removeprefix(BOM_UTF8).strip() == b"\\data\\":
                break
        else:
            raise ReadError(f"{self.path} is no model: neither a saved one nor an ARPA file.")
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

    def _entries(self, n: int, size: int, order: int) -> Iterator[tuple[float, list[bytes], float]]:
        """Yield log10 p, symbols and log10 weight of each line of a section."""
        for done in range(size):
            line = self.next()
            fields = line.split()
            if line.startswith(b"\\"):
                raise self.wrong(f"{size:,} {n}-grams were announced; there are {done:,}")
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
        for log, (symbol,), weight in self._entries(1, size, order):
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
        first_line = self.line
        logs, weights, numbers, lines = [], [], [], []
        for log, symbols, weight in self._entries(n, size, order):
            if _ENDS[1] in symbols[:-1] or _ENDS[0] in symbols[1:]:
                raise self.wrong("<s> can only begin an n-gram, and </s> only end one")
            try:
                numbers.extend([self.index[s] for s in symbols])
            except KeyError as error:
                missing = _spelled(error.args[0])
                raise self.wrong(f"{missing!r} is not among the 1-grams") from None
            logs.append(log)
            weights.append(weight)
            lines.append(self.line)
        rows = np.array(numbers, dtype=np.int64).reshape(size, n)
        keys, order_of = self._keys(rows, levels, np.array(lines, dtype=np.int64), first_line)
        return keys, _nats(logs)[order_of], _nats(weights)[order_of]

    def _keys(
        self, rows: NDArray[np.int64], levels: list[trie.Keys], lines: NDArray[np.int64], first: int
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


def _nats(tens: list[float]) -> Array:
    values = np.array(tens, dtype=np.float64)
    return np.where(values <= NEVER, -np.inf, values * LOG10)
