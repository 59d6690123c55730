"""Which column of a table is meant: the one asked for, or the only one that can be."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from likeliest.data.reading import cells
from likeliest.data.reading.column import as_text, is_text, parsed_column
from likeliest.data.reading.table import INDEX_NAMES, ROWS_LOOKED_AT
from likeliest.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Collection

    import polars as pl

    from likeliest.data.reading.table import Table

_MOST_LISTED = 20


@dataclass(frozen=True, slots=True)
class Look:
    """What a column looks like.

    Parameters
    ----------
    numbers : bool
        Whether every cell that is not missing is a number, or a limit, and some is.
    counting : bool
        Whether they count the rows.
    rising : bool
        Whether they are whole numbers, each above the one before.
    almost : str
        What keeps a column with digits in its cells from being of numbers; empty for one without
        digits, and for dates.
    """

    numbers: bool
    counting: bool = False
    rising: bool = False
    almost: str = ""


def choose(table: Table, column: str | None, besides: Collection[str] = ()) -> int:
    """Return the position of the column asked for, or of the only one that can be meant.

    Columns that are named for something else are passed over.

    One is chosen unasked only where no other has a cell with a digit in it, but for dates and for
    a nameless column that counts the rows.
    """
    if column is not None:
        return position_of(table, column)
    every = [i for i, name in enumerate(table.names) if name not in besides]
    if len(every) == 1:
        if table.either and not besides:
            raise ReadError(f"{table.where}: {table.either}")
        return every[0]
    if not every:
        raise ReadError(f"{table.where} has no {'other ' if besides else ''}columns.")
    looks = _looks(table, every, ROWS_LOOKED_AT)
    if sum(look.numbers and not is_index(table.names[i], i, look) for i, look in looks.items()) < 2:
        looks = _looks(table, every, None)
    named = [i for i in every if not is_index(table.names[i], i, looks[i])]
    numbers = [i for i in named if looks[i].numbers]
    if table.either and numbers:
        raise ReadError(f"{table.where}: {table.either}")
    if len(numbers) > 1:
        raise _several(table, numbers, looks)
    others = [i for i in named if looks[i].almost]
    if not numbers:
        raise _none(table, others, looks)
    if others or looks[numbers[0]].counting:
        raise _doubtful(table, numbers[0], others, looks)
    return numbers[0]


def position_of(table: Table, column: str) -> int:
    """Return the position of the column of this name, or say which names are near."""
    given: object = column
    if not isinstance(given, str):
        raise ReadError(f"A column is named by text, such as {str(given)!r}; got {given!r:.60}.")
    found = [i for i, name in enumerate(table.names) if name == column]
    if len(found) == 1:
        return found[0]
    if found:
        raise _twice(table, column)
    same = [name for name in table.names if name.strip().casefold() == column.strip().casefold()]
    close = next(iter(same or difflib.get_close_matches(column, table.names, n=1)), None)
    hint = f"Did you mean {close!r}? " if close is not None else ""
    raise ReadError(f"{table.where} has no column {column!r}. {hint}It has {_listed(table.names)}.")


def _twice(table: Table, name: str) -> ReadError:
    return ReadError(f"{table.where} has several columns named {name!r}: rename them.")


def is_index(name: str, position: int, look: Look) -> bool:
    """Whether a column only names the rows, as R and pandas write one beside the data."""
    nameless = position == 0 and not name
    return (
        (nameless and look.rising) or name in INDEX_NAMES - {""} or (not name and not look.numbers)
    )


def _looks(table: Table, positions: list[int], rows: int | None) -> dict[int, Look]:
    if rows is None:
        return {i: look_at(table, table.column(i)) for i in positions}
    some = zip(positions, table.columns(positions, rows), strict=True)
    return {i: look_at(table, series) for i, series in some}


def look_at(table: Table, series: pl.Series) -> Look:
    """Return what the cells of a column look like."""
    if not is_text(series):
        some = series.dtype.is_numeric() and series.null_count() < len(series)
        return _look_at_numbers(series) if some else Look(numbers=False)
    words = as_text(series)
    if not words.str.contains("[0-9]").any():
        return Look(numbers=False)
    parsed = parsed_column(table, words)
    if parsed.usable and parsed.numbers.null_count() < len(words):
        return _look_at_numbers(parsed.numbers) if parsed.signs is None else Look(numbers=True)
    if parsed.usable or _are_dates(words):
        return Look(numbers=False)
    return Look(numbers=False, almost=parsed.trouble or _almost(words, parsed.bad))


def _look_at_numbers(series: pl.Series) -> Look:
    import polars as pl

    numbers = series.cast(pl.Float64)
    return Look(numbers=True, counting=_counts_rows(numbers), rising=_rises(numbers))


def _almost(words: pl.Series, bad: pl.Series) -> str:
    """Say what keeps words with digits in them from being numbers; empty if none has a digit."""
    suspects = words.str.contains("[0-9]").fill_null(value=False)
    if not suspects.any():
        return ""
    worst = words.filter(suspects & bad)
    beside = " beside numbers" if worst.is_empty() else ""
    cell = words.filter(bad)[0] if worst.is_empty() else worst[0]
    said = cells.advice(cell)
    return f"has cells such as {cells.shown(cell)}{beside}.{said and f' {said}'}"


def _counts_rows(numbers: pl.Series) -> bool:
    """Whether numbers are 0, 1, 2, … or 1, 2, 3, …, three at least."""
    n = len(numbers)
    if n < 3 or numbers.null_count() or numbers[0] not in {0.0, 1.0}:
        return False
    return bool((numbers.diff().drop_nulls() == 1.0).all())


def _rises(numbers: pl.Series) -> bool:
    """Whether numbers are whole, and each is above the one before."""
    if numbers.null_count() or not (numbers == numbers.floor()).all():
        return False
    return bool((numbers.diff().drop_nulls() > 0.0).all())


def _are_dates(words: pl.Series) -> bool:
    date = (
        r"^\s*(\d{4}-\d\d?-\d\d?|\d{4}/\d\d?/\d\d?|\d\d?[./-]\d\d?[./-]\d{2,4}"
        r"|\d\d?-[A-Za-z]{3}-\d{2,4})"
    )
    time = r"([T ]\d\d?:\d\d.*)?\s*$|^\s*\d\d?:\d\d(:\d\d)?(\.\d+)?\s*$"
    filled = words.drop_nulls()
    filled = filled.filter(filled.str.strip_chars() != "")
    return len(filled) > 0 and bool(filled.str.contains(date + time).all())


def _several(table: Table, numbers: list[int], looks: dict[int, Look]) -> ReadError:
    names = [table.names[i] for i in numbers]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        return _twice(table, twice)
    counting = [table.names[i] for i in numbers if looks[i].counting]
    first = next((n for n in names if n and n not in counting), names[-1])
    counts = f" ({', '.join(counting)} counts the rows)" if counting else ""
    return ReadError(
        f"{table.where} has {len(numbers)} columns of numbers: {_listed(names)}{counts}. "
        f"Choose one: column={first!r}."
    )


def _none(table: Table, others: list[int], looks: dict[int, Look]) -> ReadError:
    if not others:
        return ReadError(f"{table.where} has no column of numbers; it has {_listed(table.names)}.")
    return ReadError(
        f"{table.where} has no column of numbers. {_described(table, others, looks)} To see which "
        f"cells are none, name the column: column={table.names[others[0]]!r}."
    )


def _doubtful(table: Table, number: int, others: list[int], looks: dict[int, Look]) -> ReadError:
    name = table.names[number]
    counts = ", and it counts the rows" if looks[number].counting else ""
    described = f" {_described(table, others, looks)}" if others else ""
    return ReadError(
        f"{table.where}: only column {name!r} is all numbers{counts}.{described} Say which is "
        f"meant: column={name!r}{_or_another(table, others)}."
    )


def _or_another(table: Table, others: list[int]) -> str:
    return f", or column={table.names[others[0]]!r}" if others else ""


def _described(table: Table, others: list[int], looks: dict[int, Look]) -> str:
    """Say what the columns that are almost of numbers look like."""
    return " ".join(f"Column {table.names[i]!r} {looks[i].almost}" for i in others[:3])


def _listed(columns: list[str] | tuple[str, ...]) -> str:
    shown = ", ".join(name or "''" for name in columns[:_MOST_LISTED])
    more = len(columns) - _MOST_LISTED
    return shown + (f" and {more} more" if more > 0 else "")
