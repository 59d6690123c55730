"""Text of cells, CSV and its kin, as a table: laid out once, then scanned by polars."""

from __future__ import annotations

import codecs
import csv
import io
import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from likeliest.data.reading.foot import ROWS
from likeliest.data.reading.layout import layout_of
from likeliest.data.reading.table import Table, unreadable
from likeliest.errors import ReadError

if TYPE_CHECKING:
    import polars as pl

    from likeliest.data.reading.cells import Mark
    from likeliest.data.reading.layout import Layout

_HEAD = 1 << 16  # bytes in which the layout shows
_NO_SEPARATOR = "\x1f"  # parts nothing that people write
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x19\x1c-\x1e\x7f]")


def table_of_text(
    source: Path | bytes,
    where: str,
    *,
    column: str | None = None,
    decimal: Mark | None = None,
    separator: str | None = None,
) -> Table:
    """Return the table that a text holds.

    Parameters
    ----------
    source : Path or bytes
        A file in UTF-8 is scanned where it lies; any other text is read and made UTF-8.
    where : str
        What messages call it.
    column, decimal, separator
        See `layout_of`.
    """
    source = _without_rules(_in_utf8(source, where))
    head = beginning(source).removeprefix(codecs.BOM_UTF8)
    if not head.strip():
        raise ReadError(f"{where} is empty.")
    text = _whole_lines(head).decode("utf-8", errors="replace")
    layout = layout_of(text, where, column=column, decimal=decimal, separator=separator)
    if layout.blanks:
        source = _with_tabs(source)
    scan = partial(_scanned, source, layout)
    return Table(
        where,
        layout.names,
        scan(),
        units=layout.units,
        usual=layout.usual,
        doubt="none" if layout.usual else "all" if layout.separator == ";" else "mixed",
        either=layout.either,
        is_written=True,
        blank=_blank_lines(source, layout),
        foot=partial(_foot, source, layout),
        surplus=str(len(layout.names)) if layout.separator or layout.blanks else "",
        as_floats=None if "," in {decimal, layout.usual} else scan,
        explained=lambda error: _explained(error, source, layout, where),
    )


def _scanned(source: Path | bytes, layout: Layout, floats: int | None = None) -> pl.LazyFrame:
    """Return the rows, scanned: columns "0", "1", …, and one for what a row has too much.

    One column may be parsed as floats.
    """
    import polars as pl

    width = len(layout.names) + bool(layout.separator or layout.blanks)
    schema: dict[str, type[pl.DataType]] = dict.fromkeys(map(str, range(width)), pl.String)
    if floats is not None:
        schema[str(floats)] = pl.Float64
    return pl.scan_csv(
        source if isinstance(source, Path) else io.BytesIO(source),
        has_header=False,
        separator="\t" if layout.blanks else layout.separator or _NO_SEPARATOR,
        skip_lines=layout.skipped,
        comment_prefix="#" if layout.commented else None,
        schema=schema,
        missing_columns="insert",
        encoding="utf8-lossy",
        glob=False,  # a bracket in a name is a bracket
    )


def beginning(source: Path | bytes, size: int = _HEAD) -> bytes:
    """Return the first bytes."""
    if isinstance(source, bytes):
        return source[:size]
    with source.open("rb") as file:
        return file.read(size)


def content(source: Path | bytes) -> bytes:
    """Return all bytes."""
    return source if isinstance(source, bytes) else source.read_bytes()


def decoded(raw: bytes, where: str) -> str:
    """Return text of any common encoding; of one byte a letter where it is no Unicode."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw.removeprefix(mark).decode(encoding, errors="replace")
    guessed = _utf16_without_mark(raw)
    if guessed:
        return raw.decode(guessed, errors="replace")
    control = _CONTROLS.search(raw)
    if control:
        line = raw[: control.start()].count(b"\n") + 1
        raise ReadError(
            f"{where} is not text: line {line} holds the byte {control.group()[0]}. "
            "Is it a binary file?"
        )
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")  # the figures are the same in any


_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip


def _utf16_without_mark(raw: bytes) -> str:
    """Return the encoding in which every other byte of the first is 0; empty if it is none."""
    head = raw[: min(len(raw), 2_000) // 2 * 2]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if len(head) < 4 or max(even, odd) < 0.8 * len(head) / 2 or min(even, odd) > 0:
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _in_utf8(source: Path | bytes, where: str) -> Path | bytes:
    """Return the source as it is if it is UTF-8 with newlines that polars knows, else made so."""
    head = beginning(source)
    plain = _whole_lines(head)
    old = re.search(rb"\r(?!\n|\Z)", plain) is not None  # of the Macintosh before 2001
    try:
        plain.removeprefix(codecs.BOM_UTF8).decode("utf-8")
        if not old and not _CONTROLS.search(plain) and not plain.startswith(_MARKS[1][0][:2]):
            return source
    except UnicodeDecodeError:
        pass
    text = decoded(content(source), where)
    return re.sub("\r+\n|\r", "\n", text).encode("utf-8")


def _without_rules(source: Path | bytes) -> Path | bytes:
    """Return a text without the lines that are drawn in it, as databases and Markdown draw them.

    Nor with the number of rows that PostgreSQL writes below.
    """
    head = beginning(source)
    if not (b"---" in head and _RULE.search(head)):
        return source
    return _ROWS_COUNTED.sub(b"", _RULE.sub(b"", content(source)))


_RULE = re.compile(rb"^(?=[^\r\n]*---)(?=[^\r\n]*[|+])[-|+:= \t]+\r?(?:\n|\Z)", re.MULTILINE)
_ROWS_COUNTED = re.compile(rb"^\(\d+ rows?\)\s*\Z", re.MULTILINE)


def _whole_lines(head: bytes) -> bytes:
    """Return a beginning without the line that it breaks off in; all where it is the whole text."""
    return head if len(head) < _HEAD or b"\n" not in head else head[: head.rindex(b"\n")]


def _with_tabs(source: Path | bytes) -> bytes:
    """Return a text parted by runs of blanks with a tab for each run outside quotes."""
    trimmed = re.sub(rb"^[ \t]+|[ \t\r]+$", b"", content(source), flags=re.MULTILINE)
    return re.sub(rb'("[^"\n]*")|[ \t]+', lambda m: m.group(1) or b"\t", trimmed)


def _foot(source: Path | bytes, layout: Layout) -> list[tuple[str, ...]]:
    """Return the cells of the last rows."""
    tail = _tail(source)
    lines = tail.decode("utf-8", errors="replace").split("\n")
    first = layout.skipped if len(tail) < _HEAD else 1
    separator = "\t" if layout.blanks else layout.separator or _NO_SEPARATOR
    lines = lines[first:]
    if layout.commented:
        lines = [line for line in lines if not line.startswith("#")]
    while lines and not lines[-1].strip(f" \t\r{separator}"):
        lines.pop()
    try:
        rows = [tuple(row) for row in csv.reader(lines[-ROWS:], delimiter=separator)]
    except csv.Error:
        return []
    return rows


def _tail(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source[-_HEAD:]
    with source.open("rb") as file:
        file.seek(max(0, source.stat().st_size - _HEAD))
        return file.read()


def _blank_lines(source: Path | bytes, layout: Layout) -> int:
    """Return how many lines at the end hold no cell, but for the separators of empty ones."""
    tail = _tail(source)
    lines = tail.split(b"\n")[: -1 if tail.endswith(b"\n") else None]
    empty = b" \t\r" + layout.separator.encode()
    number = 0
    for line in reversed(lines[layout.skipped if len(tail) < _HEAD else 0 :]):
        if layout.commented and line.startswith(b"#"):
            continue
        if line.strip(empty):
            break
        number += 1
    return number


def _never_closed(lines: list[str]) -> int:
    """Return the line that opens a quote which no line closes, counting from 1; 0 if none does."""
    opened = 0
    for number, line in enumerate(lines, 1):
        if line.count('"') % 2:
            opened = 0 if opened else number
    return opened


def _explained(error: Exception, source: Path | bytes, layout: Layout, where: str) -> ReadError:
    """Return the error that names the first line whose cells are too many, if that is it."""
    lines = content(source).decode("utf-8", errors="replace").splitlines()
    opened = _never_closed(lines)
    if opened:
        return ReadError(f"{where}: line {opened} opens a double quote that is never closed.")
    width = len(layout.names)
    separator = "\t" if layout.blanks else layout.separator or _NO_SEPARATOR
    reader = csv.reader(lines[layout.skipped :], delimiter=separator)
    try:
        for row in reader:
            if len(row) > width:
                line = layout.skipped + reader.line_num
                return ReadError(
                    f"{where}: line {line} has {len(row)} cells, and the lines above {width}. Put "
                    "cells that hold the separator in double quotes, or remove what is too much."
                )
    except csv.Error as told:
        error = told
    return unreadable(where, error, "a table")
