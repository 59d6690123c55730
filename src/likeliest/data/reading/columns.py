"""All columns of numbers of a table, each read by itself: what is wrong with one stops no other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from likeliest.data.reading.choice import is_index, look_at, position_of
from likeliest.data.reading.column import as_text, column_of, is_text, parsed_column
from likeliest.data.reading.source import table_of
from likeliest.data.reading.written import AS_USUAL, Written
from likeliest.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import polars as pl

    from likeliest.data.column import Column
    from likeliest.data.reading.column import Missing
    from likeliest.data.reading.table import Table

NOT_NUMERIC = "not numeric"
COUNTS_ROWS = "counts the rows"


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table.

    Parameters
    ----------
    names : tuple of str
        Of all columns, in the order of the table.
    read : dict of Column
        Those that hold numbers, by name.
    refused : dict of str
        Why the cells of a column that was meant are not such numbers.
    left_out : dict of str
        Why a column is not meant: it is not numeric, or it counts the rows.
    """

    names: tuple[str, ...]
    read: dict[str, Column]
    refused: dict[str, str]
    left_out: dict[str, str]


def read_columns(
    data: object,
    names: Sequence[str] = (),
    *,
    missing: Missing = "raise",
    limits: bool = False,
    written: Written = AS_USUAL,
) -> Columns:
    """Read the columns named, or all that are numeric and do not count the rows.

    Parameters
    ----------
    data : path or object
        As `read` takes it.
    names : sequence of str
        Empty: all columns of numbers.
    missing, limits
        As `read` takes them, for every column.
    written : Written
        What the user says of all cells.

    Raises
    ------
    ReadError
        If the table cannot be read, or has no column of a name that is asked for.

    Examples
    --------
    >>> found = read_columns({"id": [1, 2, 3], "site": ["a", "b", "c"], "ph": [7.1, 6.8, 7.4]})
    >>> list(found.read), found.left_out
    (['ph'], {'id': 'counts the rows', 'site': 'not numeric'})
    """
    table = table_of(data, names, written)
    if names:
        positions = [position_of(table, name) for name in dict.fromkeys(names)]
    elif table.either:
        raise ReadError(f"{table.where}: {table.either}")
    else:
        positions = [*range(len(table.names))]
    read: dict[str, Column] = {}
    refused: dict[str, str] = {}
    left_out: dict[str, str] = {}
    for position, series in _each(table, positions):
        name, one = table.names[position], table.only(position, series)
        if table.names.count(name) > 1:
            refused[name] = "several columns have this name: rename them."
            continue
        reason = "" if names else _not_meant(one, position, series)
        if reason:
            left_out[name] = reason
            continue
        try:
            read[name] = column_of(one, 0, missing=missing, limits=limits)
        except ReadError as error:
            refused[name] = str(error).removeprefix(table.where).lstrip(": ")
    return Columns(table.names, read, refused, left_out)


def _each(table: Table, positions: list[int]) -> Iterator[tuple[int, pl.Series]]:
    """Read the columns of a text one at a time, those that have types together."""
    if table.as_floats is not None:
        yield from ((position, table.column(position)) for position in positions)
    else:
        yield from zip(positions, table.columns(positions), strict=True)


def _not_meant(table: Table, position: int, series: pl.Series) -> str:
    """Say why a column is left out unasked; empty where it is meant."""
    look = look_at(table, series)
    if look.counting or is_index(table.names[0], position, look):
        return COUNTS_ROWS if look.numbers else NOT_NUMERIC
    if look.numbers or series.dtype.is_numeric():
        return ""
    if is_text(series) and _are_mostly_numbers(table, series):
        return ""
    return NOT_NUMERIC


def _are_mostly_numbers(table: Table, series: pl.Series) -> bool:
    """Whether half of the cells that are not missing are numbers, so that all were meant to be."""
    words = as_text(series)
    parsed = parsed_column(table, words)
    numbers = len(words) - parsed.numbers.null_count()
    return numbers > 0 and numbers >= int(parsed.bad.sum())
