"""From what a user names, a file, standard input, a data set or a frame, to a table."""

from __future__ import annotations

import io
import os
import re
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.data import datasets
from likeliest.data.reading import kinds
from likeliest.data.reading.frames import last_rows, table_of_columns, table_of_frame
from likeliest.data.reading.records import table_of_json
from likeliest.data.reading.table import Table, unreadable
from likeliest.data.reading.text import beginning, content, decoded, table_of_text
from likeliest.data.reading.written import AS_USUAL, Written
from likeliest.errors import MissingExtraError, ReadError

if TYPE_CHECKING:
    from collections.abc import Collection

    from likeliest.data.reading.cells import Mark

STANDARD_INPUT = "-"
_TABS = {".tsv", ".tab"}
_JSON = {".json", ".jsonl", ".ndjson", ".geojson"}
_PACKED = {".gz", ".bz2", ".xz", ".zst", ".zstd", ".zip"}


def table_of(data: object, wanted: Collection[str] = (), written: Written = AS_USUAL) -> Table:
    """Return the table that is meant: of a file by its path, or of data in memory.

    Columns that are not wanted, if any are named, need not be there to be read.
    """
    if isinstance(data, (str, os.PathLike)):
        found = _named(data, tuple(wanted), written.decimal)
    else:
        found = table_of_frame(data, wanted)
    return replace(found, written=written)


def _named(data: str | os.PathLike[str], wanted: tuple[str, ...], decimal: Mark | None) -> Table:
    if str(data) == STANDARD_INPUT:
        return _opened(sys.stdin.buffer.read(), "standard input", "", wanted, decimal)
    path = Path(data)
    where = str(data)
    if not path.exists() and where in datasets.names():
        path = datasets.path(where)
    try:
        if not path.exists():
            raise ReadError(f"There is no file {where}.")
        if path.is_dir():
            raise ReadError(f"{where} is a folder; name a file in it.")
        source = path if path.is_file() else path.read_bytes()  # a pipe can be read but once
        return _opened(source, where, _suffix(path), wanted, decimal)
    except OSError as error:
        raise ReadError(f"{where} cannot be read: {error.strerror or error}.") from None
    except ValueError as error:  # a path with a zero byte in it
        if isinstance(error, ReadError):
            raise
        raise ReadError(f"There is no file {where!r}: {error}.") from None


def _suffix(path: Path) -> str:
    """Return the ending that says what a file is, below that of its packing."""
    inner = path.with_suffix("") if path.suffix.lower() in _PACKED else path
    return inner.suffix.lower()


def _opened(
    source: Path | bytes, where: str, suffix: str, wanted: tuple[str, ...], decimal: Mark | None
) -> Table:
    head = beginning(source, 4_096)
    if not head.strip():
        raise ReadError(f"{where} is empty.")
    kind = kinds.kind_of(head, where)
    if kind in kinds.PACKED:
        raw = kinds.unpacked(content(source), kind, where)
        return _opened(raw, where, suffix, wanted, decimal)
    if kind == "zip":
        return _from_zip(content(source), where, wanted, decimal)
    if kind == "npy":
        return _from_npy(content(source), where, wanted)
    if kind != "text":
        return _scanned(source, where, kind)
    if suffix in {".parquet", ".arrow", ".feather", ".ipc", ".npy", ".npz", ".xlsx"}:
        raise ReadError(f"{where} cannot be read as {suffix[1:]}: it does not begin like one.")
    _require_not_printed(head, where)
    if suffix in _JSON or _looks_like_json(head):
        return table_of_json(decoded(content(source), where), where, wanted)
    separator = "\t" if suffix in _TABS else None
    column = next(iter(wanted), None)
    return table_of_text(source, where, column=column, decimal=decimal, separator=separator)


def _require_not_printed(head: bytes, where: str) -> None:
    """Raise if a text is what R or NumPy print of their values."""
    for pattern, who, how in (
        (rb"\s*\[1\]\s+[-\d.N]", "R prints", "write.csv"),
        (rb"\s*\[+\s*[-+\d.]+\s+[-+\d.]", "NumPy prints", "numpy.savetxt"),
    ):
        if re.match(pattern, head):
            raise ReadError(f"{where} is what {who} of values: write them with {how}.")


def _looks_like_json(head: bytes) -> bool:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return start[:1] == b"{" or (start[:1] == b"[" and start[1:].lstrip()[:1] in b'[{"-0123456789n')


def _scanned(source: Path | bytes, where: str, kind: str) -> Table:
    """Return a file with types of its own as polars scans it."""
    import polars as pl

    held = source if isinstance(source, Path) else io.BytesIO(source)
    try:
        if kind == "parquet":
            frame = pl.scan_parquet(held, glob=False, hive_partitioning=False)
        elif kind == "arrow":
            frame = pl.scan_ipc(held, glob=False, hive_partitioning=False)
        else:
            frame = pl.read_ipc_stream(held).lazy()
        names = tuple(frame.collect_schema().names())
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise unreadable(where, error, kind) from None
    return Table(where, names, frame, foot=partial(last_rows, frame))


def _from_zip(raw: bytes, where: str, wanted: tuple[str, ...], decimal: Mark | None) -> Table:
    names = kinds.members(raw)
    if any(name.startswith("xl/") for name in names):
        return _from_workbook(raw, where, wanted, decimal)
    if names and all(name.endswith(".npy") for name in names):
        return _from_npz(raw, where, wanted)
    name, inner = kinds.only_member(raw, where)
    return _opened(inner, where, _suffix(Path(name)), wanted, decimal)


def _from_workbook(raw: bytes, where: str, wanted: tuple[str, ...], decimal: Mark | None) -> Table:
    """Return the only sheet with cells in it, laid out by the same rules as a text."""
    try:
        import fastexcel
    except ImportError:
        raise MissingExtraError(
            f"{where} is an Excel workbook: install fastexcel (pip install 'likeliest[excel]') to "
            "read it, or save the sheet as CSV."
        ) from None
    try:
        book = fastexcel.read_excel(raw)
        sheets = [
            book.load_sheet(name, header_row=None, dtypes="string").to_polars()
            for name in book.sheet_names
        ]
    except fastexcel.FastExcelError as error:
        raise unreadable(where, error, "an Excel workbook") from None
    filled = [(n, s) for n, s in zip(book.sheet_names, sheets, strict=True) if s.height]
    if not filled:
        raise ReadError(f"{where} holds no values.")
    if len(filled) > 1:
        held = ", ".join(name for name, _ in filled)
        raise ReadError(
            f"{where} has {len(filled)} sheets with cells in them: {held}. "
            "Save the one that is meant as CSV."
        )
    text = filled[0][1].write_csv(include_header=False, separator="\t").encode("utf-8")
    column = next(iter(wanted), None)
    return table_of_text(text, where, column=column, decimal=decimal, separator="\t")


def _from_npy(raw: bytes, where: str, wanted: tuple[str, ...]) -> Table:
    return _of_arrays({"": _loaded(raw, where)}, where, wanted)


def _from_npz(raw: bytes, where: str, wanted: tuple[str, ...]) -> Table:
    with _loaded(raw, where) as arrays:
        return _of_arrays({name: arrays[name] for name in arrays.files}, where, wanted)


def _loaded(raw: bytes, where: str) -> Any:
    try:
        return np.load(io.BytesIO(raw), allow_pickle=False)
    except (ValueError, OSError, EOFError) as error:
        raise unreadable(where, error, "an array of NumPy") from None


def _of_arrays(arrays: dict[str, Any], where: str, wanted: tuple[str, ...]) -> Table:
    """Return arrays as columns: one that has fields, or rows of several, gives several."""
    columns: dict[str, Any] = {}
    for name, array in arrays.items():
        if array.dtype.names:
            columns |= {field: array[field] for field in array.dtype.names}
        elif array.ndim == 2 and array.shape[1] > 1:
            columns |= {f"{name or 'column'}_{i}": array[:, i] for i in range(array.shape[1])}
        else:
            columns[name] = array.ravel() if array.ndim == 2 else array
    return table_of_columns(columns, where, wanted)
