"""Read one column of numbers from a file of any common kind.

polars parses; this module finds the column and says in one line what is wrong, where, and what to
do. Nothing is skipped: a missing or unreadable cell is an error that names its row.
"""

from __future__ import annotations

import difflib
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from likeliest.data.vectors import LARGEST_COUNT
from likeliest.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from likeliest.numerics.arrays import Array

STANDARD_INPUT = "-"


def read(
    path: str | Path,
    column: str | None = None,
    *,
    name: str | None = None,
    missing: Literal["refuse", "nan"] = "refuse",
) -> Array:
    """Return a column of numbers.

    Parameters
    ----------
    path : str or Path
        A CSV, TSV, Parquet, Arrow/Feather, JSON or JSON-lines file, by its extension; any other
        is read as CSV, which includes plain text with one number a line, and files whose first
        line is cut by semicolons or tabs. "-" is standard input, one number a line.
    column : str, optional
        Needed where the file has several numeric columns.
    name : str, optional
        What messages call the file; by default its path.
    missing : {"refuse", "nan"}
        What empty cells, and the words NA, N/A, null and none, become: an error, or NaN.

    Returns
    -------
    array of shape (n,), float64.

    Raises
    ------
    ReadError
        If the file cannot be read, or the column cannot be found or used.

    Examples
    --------
    >>> from likeliest.data import datasets
    >>> read(datasets.path("old_faithful"), "waiting")[:3].tolist()
    [79.0, 54.0, 74.0]
    """
    name = name or ("standard input" if str(path) == STANDARD_INPUT else str(path))
    frame = _frame(path, name)
    if frame.height == 0:
        raise ReadError(f"{name} holds no values.")
    series = frame[_choose(frame, column, name)]
    where = f"{name}, column {series.name!r}" if frame.width > 1 else name
    return _numbers(_without_words(series) if missing == "nan" else series, where, missing)


def _frame(path: str | Path, name: str) -> pl.DataFrame:
    import polars as pl

    if str(path) == STANDARD_INPUT:
        return _from_text(sys.stdin.buffer.read(), None, name)
    file = Path(path)
    if not file.exists():
        raise ReadError(f"There is no file {name}.")
    if file.is_dir():
        raise ReadError(f"{name} is a folder; name a file in it.")
    readers: dict[str, Callable[[Path], pl.DataFrame]] = {
        ".parquet": pl.read_parquet,
        ".arrow": pl.read_ipc,
        ".feather": pl.read_ipc,
        ".ipc": pl.read_ipc,
        ".json": pl.read_json,
        ".jsonl": pl.read_ndjson,
        ".ndjson": pl.read_ndjson,
    }
    reader = readers.get(file.suffix.lower())
    try:
        if reader is None:
            separator = "\t" if file.suffix.lower() in {".tsv", ".tab"} else None
            return _from_text(file.read_bytes(), separator, name)
        return reader(file)
    except OSError as error:
        raise ReadError(f"{name} cannot be read: {error.strerror or error}.") from None
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        first = (str(error).strip().splitlines() or ["it is malformed"])[0]
        raise ReadError(f"{name} cannot be read as {file.suffix[1:]}: {first}") from None


def _from_text(content: bytes, separator: str | None, name: str) -> pl.DataFrame:
    """Parse CSV, TSV or one number a line; a first line that is a number is data, not a header."""
    import polars as pl

    _require_text(content, name)
    content = content.rstrip(b"\r\n")  # empty lines at the end are no cells
    first = io.BytesIO(content).readline().decode("utf-8-sig").strip()
    separator = separator or max(",;\t", key=first.count)
    cells = [cell.strip().strip('"') for cell in first.split(separator)]
    header = not all(_is_number(cell) for cell in cells)
    if len(cells) == 1 and len(first.split()) > 1 and all(map(_is_number, first.split())):
        raise ReadError(f"{name} has several numbers on line 1: write one a line.")
    duplicates = sorted({cell for cell in cells if cells.count(cell) > 1}) if header else []
    if duplicates:
        raise ReadError(f"{name} has several columns named {duplicates[0]!r}: rename them.")
    try:
        return pl.read_csv(
            io.BytesIO(content),
            separator=separator,
            has_header=header,
            infer_schema_length=10_000,
            infer_schema=True,
            try_parse_dates=True,
        )
    except pl.exceptions.NoDataError:
        raise ReadError(f"{name} is empty.") from None
    except pl.exceptions.PolarsError:
        # A number column with a word beyond the rows looked at: all as text, the cell is named.
        return _as_words(content, separator, name, header=header)


def _as_words(content: bytes, separator: str, name: str, *, header: bool) -> pl.DataFrame:
    import polars as pl

    try:
        return pl.read_csv(
            io.BytesIO(content), separator=separator, has_header=header, infer_schema=False
        )
    except pl.exceptions.PolarsError as error:
        first = str(error).strip().splitlines()[0]
        raise ReadError(f"{name} cannot be read as a table: {first}") from None


def _require_text(content: bytes, name: str) -> None:
    if not content or content.isspace():
        raise ReadError(f"{name} is empty.")
    if b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        raise ReadError(f"{name} is not text: line {line} holds a NUL byte. Is it a binary file?")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ReadError(
            f"{name} is not UTF-8 at byte {error.start:,} (line {line}): save it as UTF-8."
        ) from None


def _choose(frame: pl.DataFrame, column: str | None, name: str) -> str:
    """Return the column asked for, or the only one with numbers in it."""
    if column is not None:
        if column in frame.columns:
            return column
        near = difflib.get_close_matches(column, frame.columns, n=1)
        hint = f"Did you mean {near[0]!r}? " if near else ""
        raise ReadError(f"{name} has no column {column!r}. {hint}It has {_listed(frame.columns)}.")
    if frame.width == 1:
        return frame.columns[0]
    numeric = [c for c in frame.columns if frame[c].dtype.is_numeric()]
    if len(numeric) == 1:
        return numeric[0]
    if not numeric:
        raise ReadError(f"{name} has no column of numbers; it has {_listed(frame.columns)}.")
    raise ReadError(
        f"{name} has {len(numeric)} columns of numbers: {_listed(numeric)}. Choose one: "
        f"--column {numeric[0]} (in Python column={numeric[0]!r})."
    )


def _without_words(series: pl.Series) -> pl.Series:
    """Return the cells with every word for a missing one made empty."""
    import polars as pl

    if series.dtype != pl.String:
        return series
    plain = series.str.strip_chars(' \t\r"').str.to_lowercase()
    return series.set(plain.is_in([*_MISSING]), None)


def _numbers(series: pl.Series, where: str, missing: Literal["refuse", "nan"]) -> Array:
    import polars as pl

    if series.dtype.is_temporal():
        raise ReadError(f"{where} holds dates or times, not numbers.")
    empty = series.is_null()
    if empty.any() and missing == "refuse":
        rows = ", ".join(f"{row:,}" for row in empty.arg_true()[:3])
        raise ReadError(
            f"{where}: {empty.sum():,} of {len(series):,} cells are empty "
            f"(first: row {rows}, counting from 0). {_DECIDE}"
        )
    if series.dtype in (pl.String, pl.Categorical):
        series = _from_words(series.cast(pl.String), where)
    if not (series.dtype.is_numeric() or series.dtype == pl.Boolean):
        raise ReadError(f"{where} holds {series.dtype}, not numbers.")
    if series.dtype.is_integer() and _reach(series) > LARGEST_COUNT:
        raise ReadError(
            f"{where} holds whole numbers beyond 2^53, which float64 cannot tell apart. "
            "Subtract an offset first."
        )
    return np.ascontiguousarray(series.cast(pl.Float64).to_numpy())


def _reach(series: pl.Series) -> int:
    """Return the largest absolute value of whole numbers."""
    low, high = series.min(), series.max()
    return max(-int(low or 0), int(high or 0))  # type: ignore[arg-type]


def _from_words(series: pl.Series, where: str) -> pl.Series:
    """Return cells of text as numbers, or say which are none."""
    import polars as pl

    cells = series.str.strip_chars(' \t\r"')
    numbers = cells.cast(pl.Float64, strict=False)
    wrong = numbers.is_null() & cells.is_not_null()
    if not wrong.any():
        return numbers
    row = int(wrong.arg_true()[0])
    text = cells[row]
    shown = text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"
    comma = "" if not _is_number(text.replace(",", ".")) else " A decimal comma? Write a point."
    decide = f" {_DECIDE}" if text.lower() in _MISSING else ""
    raise ReadError(
        f"{where}: {wrong.sum():,} of {len(series):,} cells are not numbers "
        f"(first: row {row:,}, counting from 0: {shown!r}).{comma}{decide}"
    )


_LONGEST_SHOWN = 40
_MISSING = ("", "na", "n/a", "nan", "null", "none", "-", ".")
_DECIDE = (
    "Decide what they mean: nothing is dropped silently. If they are missing at random, "
    "--drop-missing leaves them out and says how many."
)


def _listed(columns: list[str]) -> str:
    shown = ", ".join(columns[:20])
    return shown + (f" and {len(columns) - 20} more" if len(columns) > 20 else "")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
