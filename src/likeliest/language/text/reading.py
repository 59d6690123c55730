"""Text from wherever it is kept, as blocks of UTF-8 bytes in which a separator ends each sequence.

A list of strings is a sequence each; a file is a sequence a line, blank lines included (as KenLM
counts them); a stream is an iterable of lines. A block may end in the middle of a line, so that one
line of any length fits in memory.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any, Literal

from likeliest.errors import DataError, ParameterError, ReadError
from likeliest.language.text.unpacking import BROKEN, unpacked

Text = str | Path | Iterable[str] | Iterable[Path]
"""What can be fitted and scored: strings, paths, or an iterable of either."""

Cut = Literal["line", "space", "anywhere"]
"""Where a tokenizer lets a long line be cut without changing its symbols."""

BLOCK = 1 << 22
"""Bytes in a block: large enough that Python's share is small, small beside memory."""

_LINES = 20_000  # strings of a list or stream that are joined into one block
_SEPARATORS = ("\n", "\0", "\x1e", "\ufdd0", "\ufdd1")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of text.

    Parameters
    ----------
    text : bytes
        Valid UTF-8.
    separator : str
        The character that ends a sequence; it occurs in no sequence.
    """

    text: bytes
    separator: str = "\n"


Progress = Callable[[int], None]
"""What is told how many bytes each block had once it is dealt with, and 0 when there is no more."""


def blocks(
    text: Text,
    *,
    cut: Cut = "line",
    encoding: str = "utf-8",
    errors: str = "strict",
    progress: Progress | None = None,
) -> Iterator[Block]:
    r"""Yield the blocks of a text, in order.

    Parameters
    ----------
    text : path, list of str, list of paths, or iterable of lines
        A `str` by itself is the path of a file.
    cut : {"line", "space", "anywhere"}
        Where a line longer than a block may be cut.
    encoding, errors : str
        Of files, as in Python's `open`.
    progress : callable, optional
        Called with the number of bytes of each block once it is dealt with, and with 0 at the end.

    Raises
    ------
    ReadError
        If a file cannot be read, or is not text in this encoding.

    Examples
    --------
    >>> [block.text for block in blocks(["emma", "olivia"])]
    [b'emma\nolivia\n']
    """
    for block in _blocks(text, cut, encoding, errors):
        yield block
        if progress is not None:
            progress(len(block.text))
    if progress is not None:
        progress(0)


def _blocks(text: Text, cut: Cut, encoding: str, errors: str) -> Iterator[Block]:
    whole = isinstance(text, list | tuple)  # its strings are sequences as they stand, not lines
    for item in _sources(text):
        if isinstance(item, Path):
            yield from _file(item, cut, encoding, errors)
        else:
            yield joined(item if whole else [line.removesuffix("\n") for line in item])


def shorter(block: Block, size: int) -> Iterator[Block]:
    r"""Yield a block in parts of about so many bytes, each up to the end of a sequence.

    Examples
    --------
    >>> [part.text for part in shorter(Block(b"emma\nolivia\nava\n"), 6)]
    [b'emma\nolivia\n', b'ava\n']
    """
    text, mark, first = block.text, block.separator.encode(), 0
    while len(text) - first > size and (found := text.find(mark, first + size)) >= 0:
        end = found + len(mark)
        yield Block(text[first:end], block.separator)
        first = end
    if first < len(text):
        yield Block(text[first:], block.separator) if first else block


def lines(
    text: Text,
    *,
    encoding: str = "utf-8",
    errors: str = "strict",
    progress: Progress | None = None,
) -> Iterator[str]:
    """Yield the sequences one by one.

    Examples
    --------
    >>> list(lines(["emma", "olivia"]))
    ['emma', 'olivia']
    """
    for block in blocks(text, encoding=encoding, errors=errors, progress=progress):
        yield from block.text.decode("utf-8", "surrogatepass").split(block.separator)[:-1]


def _sources(text: Text) -> Iterator[Path | list[str]]:
    """Yield files, and strings by the list."""
    if isinstance(text, str | Path):
        yield _existing(text)
        return
    anything: object = text
    if isinstance(anything, bytes) or not isinstance(anything, Iterable):
        kind = type(anything).__name__
        raise DataError(f"text is a list of strings, a path, or a stream; got {kind}.")
    stream: Iterator[object] = iter(anything)
    for first in stream:
        if isinstance(first, Path):
            yield _existing(first)
        else:
            yield _strings([first, *islice(stream, _LINES - 1)])


def _strings(items: list[object]) -> list[str]:
    strings = [item for item in items if isinstance(item, str)]
    if len(strings) < len(items):
        wrong = next(item for item in items if not isinstance(item, str))
        raise DataError(f"each sequence is a string; got {type(wrong).__name__}: {wrong!r:.60}.")
    return strings


def _existing(name: str | Path) -> Path:
    path = Path(name)
    try:
        found = path.is_file() or path.is_fifo() or path.is_char_device()
        folder = path.is_dir()
    except (OSError, ValueError):  # a text passed for a path: too long, or with a NUL
        found = folder = False
    if found:
        return path
    if folder:
        raise ReadError(f"{path} is a folder; name the files in it.")
    shown = str(name) if len(str(name)) <= 60 else str(name)[:60] + "…"
    raise ReadError(f"There is no file {shown!r}. A text itself is passed as a list: [text].")


def joined(strings: list[str]) -> Block:
    r"""Return strings as one block, a sequence each.

    Examples
    --------
    >>> joined(["a\nb", "c"]).text
    b'a\nb\x00c\x00'
    """
    whole = "\n".join(strings)
    separator = "\n"
    if whole.count("\n") != len(strings) - 1:
        joined = "".join(strings)
        separator = next((c for c in _SEPARATORS if c not in joined), "")
        if not separator:
            raise DataError("the strings hold every character that could separate them.")
        whole = separator.join(strings)
    return Block((whole + separator).encode("utf-8", "surrogatepass"), separator)


def _file(path: Path, cut: Cut, encoding: str, errors: str) -> Iterator[Block]:
    rest, inside = b"", False
    for piece in _decoded(path, encoding, errors):
        rest = rest + piece if rest else piece
        end = _end(rest, cut)
        if end:
            yield Block(rest[:end])
            inside, rest = rest[end - 1 : end] != b"\n", rest[end:]
    if rest or inside:  # the last line has no end of its own
        yield Block(rest + b"\n")


def _end(text: bytes, cut: Cut) -> int:
    """Return how much of the text may be passed on."""
    end = text.rfind(b"\n") + 1
    if end or cut == "line" or len(text) < BLOCK:
        return end
    if cut == "space":
        return max(text.rfind(b" "), text.rfind(b"\t")) + 1
    end = len(text)
    while end and text[end - 1] & 0xC0 == 0x80:  # back to the start of a character
        end -= 1
    return max(end - 1, 0)


def _decoded(path: Path, encoding: str, errors: str) -> Iterator[bytes]:
    """Yield pieces of a file as UTF-8 with lines ended by a line feed alone."""
    try:
        decoder = codecs.getincrementaldecoder(encoding)(errors)
        codecs.lookup_error(errors)
    except LookupError as error:
        raise ParameterError(f"{error}: see the codecs module of Python.") from None
    known = codecs.lookup(encoding).name in {"utf-8", "ascii"} and errors == "strict"
    offset = line = 0
    try:
        with path.open("rb") as raw:
            file: Any = unpacked(path, raw)
            pieces = iter(lambda: file.read(BLOCK), b"")
            for number, piece in enumerate(chain(pieces, [b""])):
                try:
                    plain = known and piece.isascii() and not decoder.getstate()[0]
                    text = piece if plain else _encoded(decoder.decode(piece, not piece))
                except UnicodeDecodeError as error:
                    raise _not_decoded(error, path, encoding, piece, offset, line) from None
                except TypeError:
                    raise ParameterError(f"errors={errors} is for writing alone.") from None
                _require_no_nul(text, path, line)
                offset, line = offset + len(piece), line + text.count(b"\n")
                if number == 0:
                    text = text.removeprefix(codecs.BOM_UTF8)
                yield _unix(text, file.peek(1)[:1] if piece else b"")
    except BROKEN as error:
        why = getattr(error, "strerror", None) or error
        raise ReadError(f"{path} cannot be read: {why}.") from None


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")  # errors="surrogateescape" makes surrogates


def _unix(text: bytes, following: bytes) -> bytes:
    if b"\r" not in text:
        return text
    if text.endswith(b"\r") and following == b"\n":
        text = text[:-1]
    return text.replace(b"\r\n", b"\n")


def _require_no_nul(text: bytes, path: Path, line: int) -> None:
    at = text.find(b"\0")
    if at >= 0:
        where = line + text.count(b"\n", 0, at) + 1
        raise ReadError(f"{path} is not text: line {where:,} holds a NUL byte. A binary file?")


def _not_decoded(  # noqa: PLR0917
    error: UnicodeDecodeError, path: Path, encoding: str, piece: bytes, offset: int, line: int
) -> ReadError:
    held = max(len(error.object) - len(piece), 0)  # bytes that the decoder kept of the last piece
    where = offset - held + error.start
    number = line + piece.count(b"\n", 0, max(error.start - held, 0)) + 1
    return ReadError(
        f"{path} is not {encoding.upper()} at byte {where:,} (line {number:,}). Name its encoding "
        '(--encoding latin-1, say), or --errors replace to put "\ufffd" for what is not.'
    )
