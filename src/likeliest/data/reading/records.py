"""JSON as a table: lists, records, lines, and the shapes in which pandas writes frames."""

from __future__ import annotations

import io
import json
from collections.abc import Collection
from functools import partial
from typing import Any

from likeliest.data.reading.frames import last_rows, table_of_columns, table_of_records
from likeliest.data.reading.table import Table
from likeliest.errors import ReadError

_SHAPES = "a list of numbers, a list of records, or an object of columns"


def table_of_json(text: str, where: str, wanted: Collection[str]) -> Table:
    """Return the table that JSON, or JSON on each line, holds.

    Raises
    ------
    ReadError
        If it is not JSON, a saved fit in place of data, or of a shape that is no table.
    """
    quick = _records_by_polars(text, where)
    if quick is not None:
        return quick
    held = _parsed(text, where)
    if isinstance(held, dict):
        return _from_object(held, where, wanted)
    if not isinstance(held, list):
        raise ReadError(f"{where} holds one value; what is read is {_SHAPES}.")
    if not held:
        raise ReadError(f"{where} holds no values.")
    if isinstance(held[0], dict):
        return table_of_records(held, where)
    if isinstance(held[0], list):
        return _from_rows(held, where, wanted)
    return table_of_columns({"": held}, where)


def _records_by_polars(text: str, where: str) -> Table | None:
    """Return plain records as polars reads them, faster than Python; None where it does not."""
    import polars as pl

    start = text.lstrip()
    reader = pl.read_json if start.startswith("[") else pl.read_ndjson
    second = start[1:].lstrip()[:1]
    if not (start.startswith("[") and second == "{") and not _are_lines(start):
        return None
    try:
        frame = reader(io.BytesIO(text.encode("utf-8")), infer_schema_length=None)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return None
    simple = (t.is_numeric() or t in {pl.String, pl.Boolean, pl.Null} for t in frame.dtypes)
    if not all(simple):
        return None
    foot = partial(last_rows, frame.lazy())
    return Table(where, tuple(frame.columns), frame.lazy(), foot=foot)


def _are_lines(text: str) -> bool:
    """Whether there is a record on each line: the first two are whole."""
    lines = [line.strip() for line in text[:100_000].split("\n", 2)[:2]]
    return len(lines) == 2 and all(x.startswith("{") and x.endswith("}") for x in lines)


def _parsed(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise ReadError(f"{where} is JSON nested too deep; what is read is {_SHAPES}.") from None
    except ValueError as error:
        first = error
    try:
        return [json.loads(line) for line in text.split("\n") if line.strip()]
    except (ValueError, RecursionError):
        raise ReadError(f"{where} is not JSON: {first}.") from None


def _from_object(held: dict[str, Any], where: str, wanted: Collection[str]) -> Table:
    _refuse_fits(held, where)
    if set(held) >= {"columns", "data"} and isinstance(held["data"], list):  # pandas: split
        return _from_rows([held["columns"], *held["data"]], where, wanted)
    values = [value for key, value in held.items() if key != "schema"]
    if len(values) == 1 and _are_records(values[0]):  # pandas: table; what many services answer
        return table_of_records(values[0], where)
    values = [*held.values()]
    if values and all(isinstance(value, list) for value in values):
        return table_of_columns(held, where, wanted)
    if values and all(isinstance(value, dict) for value in values):
        if all(key.isdigit() for key in held):  # pandas: index
            return table_of_records(values, where)
        rows = {key: None for value in values for key in value}
        columns = {name: [inner.get(key) for key in rows] for name, inner in held.items()}
        return table_of_columns(columns, where, wanted)
    if any(isinstance(value, (dict, list)) for value in values):
        keys = [key for key, value in held.items() if isinstance(value, list)]
        inside = f" The data may be what stands under {keys[0]!r}." if keys else ""
        raise ReadError(f"{where} is no table; what is read is {_SHAPES}.{inside}")
    return table_of_records([held], where)


def _are_records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _refuse_fits(held: dict[str, Any], where: str) -> None:
    """Say so where a fit was saved, or a table of fits printed, in place of data."""
    if str(held.get("format", "")).startswith("likeliest fit"):
        raise ReadError(
            f"{where} is a saved fit, not data. `likeliest sample` and `likeliest probability` "
            "take it for a distribution; in Python lk.Fit.load reads it."
        )
    if {"criterion", "fits"} <= set(held):
        raise ReadError(f"{where} is a comparison of fits, not data: give the file that they fit.")


def _from_rows(rows: list[Any], where: str, wanted: Collection[str]) -> Table:
    """Return a list of rows as a table, the first the header where it holds names alone."""
    if any(not isinstance(row, list) for row in rows):
        raise ReadError(f"{where}: some rows are lists, and some are not.")
    named = bool(rows[0]) and all(isinstance(cell, str) for cell in rows[0])
    width = len(rows[0])
    odd = next((i for i, row in enumerate(rows) if len(row) != width), None)
    if odd is not None:
        raise ReadError(
            f"{where}: row {odd} has {len(rows[odd])} cells, and the first has {width}."
        )
    if not named and width == 1:
        return table_of_columns({"": [row[0] for row in rows]}, where)
    names = rows[0] if named else [f"column_{i}" for i in range(width)]
    body = rows[1:] if named else rows
    return table_of_columns(
        {n: [row[i] for row in body] for i, n in enumerate(names)}, where, wanted
    )
