"""Columns of a frame or a file, named where `observe` takes an array."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from likeliest.data.bins import count_rows, name_bins
from likeliest.data.intervals import ends_of
from likeliest.data.labels import aligned, labels_of
from likeliest.data.observed import Told, not_both, observed, of_intervals
from likeliest.data.reading.choice import choose, position_of
from likeliest.data.reading.column import as_text, column_of, events_of, floats_of, is_text
from likeliest.data.reading.frames import table_of_frame
from likeliest.data.reading.source import table_of
from likeliest.data.reading.written import AS_USUAL, Written
from likeliest.data.vectors import is_frame

if TYPE_CHECKING:
    from likeliest.data.observations import Observations
    from likeliest.data.reading.column import Missing
    from likeliest.data.reading.table import Table
    from likeliest.numerics.arrays import Array


def observe_named(data: Any, column: str | None, words: dict[str, Any], told: Told) -> Observations:
    """Return observations of a frame or a file, of which words may name columns."""
    if is_frame(data):
        return _of_frame(data, column, words, told)
    return _of_table(table_of(data, _wanted(column, words)), column, words, told)


def observe_file(
    data: str,
    column: str | None = None,
    words: dict[str, Any] | None = None,
    *,
    rounding: float = 0.0,
    missing: Missing = "raise",
    limits: bool = False,
    written: Written = AS_USUAL,
) -> Observations:
    """Say what was seen in a file, as `observe` does, with what `read` can be told of its cells.

    Parameters
    ----------
    data, column, missing, limits
        As `likeliest.read` takes them.
    written : Written
        What the user says of all cells.
    words : dict
        The words of `observe` with the columns that hold them; an entry and an exit may be a
        number for all.
    rounding : float
        As `observe` takes it.
    """
    words = words or {}
    table = table_of(data, _wanted(column, words), written)
    for end in ("entry", "exit"):
        if end in words and words[end] not in table.names:
            words = words | {end: _number_or_name(words[end])}
    told = Told("right", rounding, missing)
    return _of_table(table, column, words, told, limits=limits)


def _of_frame(data: Any, column: str | None, words: dict[str, Any], told: Told) -> Observations:
    words = {word: _flat(data, name) for word, name in words.items()}
    ends = _ends_of_column(data, column)
    if not isinstance(column, list):
        column = None if column is None else str(column)  # pandas may number its columns
    table = table_of_frame(data, _wanted(column, words))
    labels = labels_of(data)
    beside = aligned({word: one for word, one in words.items() if word not in _OF_BINS}, labels)
    if isinstance(words.get("counts"), str):
        told = replace(told, labels=labels)
    return _of_table(table, column, words | beside, told, ends=ends)


def _flat(data: Any, name: Any) -> Any:
    """Return the name of a column below several rows of headers, a tuple, as text."""
    is_deep = isinstance(name, tuple) and getattr(data.columns, "nlevels", 1) > 1
    return str(name) if is_deep else name


def _ends_of_column(data: Any, column: str | None) -> tuple[Array, Array] | None:
    """Return the ends of the intervals that a column of pandas holds; None of other columns."""
    is_named = hasattr(data, "iloc") and column is not None and [*data.columns].count(column) == 1
    return ends_of(data[column]) if is_named else None


def _of_table(
    table: Table,
    column: str | None,
    words: dict[str, Any],
    told: Told,
    *,
    limits: bool = False,
    ends: tuple[Array, Array] | None = None,
) -> Observations:
    """Return observations of a table of which words may name columns."""
    names = {word: name for word, name in words.items() if isinstance(name, str)}
    beside = {
        word: (events_of if word == "event" else floats_of)(table, position_of(table, name))
        for word, name in names.items()
    }
    if _stand_alone(words):
        if column is not None:
            raise not_both(" and ".join(word for word in _ALONE if word in words), ["column"])
        bounds = [names[word] for word in ("lower", "upper", "counts") if word in names]
        if "counts" in names and count_rows(told.labels):
            told = replace(told, labels=_bins_of(table, names["counts"]))
        return observed(None, words | beside, replace(told, name=" to ".join(bounds)))
    if ends is not None:
        return of_intervals(ends, words | beside, replace(told, name=column or ""))
    at = choose(table, column, besides=names.values())
    found = column_of(table, at, missing=told.missing, limits=limits)
    return observed(found, words | beside, told)


def _bins_of(table: Table, counts: str) -> list[str] | None:
    """Return the column that says which bin each count is of, where one does."""
    others = [i for i, name in enumerate(table.names) if name != counts]
    text = [as_text(one).to_list() for one in table.columns(others) if is_text(one) and len(one)]
    found = [one for one in text if name_bins(one)]
    return found[0] if len(found) == 1 else None


_OF_BINS = ("edges", "counts")
_ALONE = ("lower", "upper", "edges", "counts")  # they say what was seen without data


def _stand_alone(words: dict[str, Any]) -> bool:
    return any(word in words for word in _ALONE)


def _wanted(column: str | None, words: dict[str, Any]) -> tuple[str, ...]:
    """Return the only columns that need be read; none where others are to be looked at."""
    if (column is None and not _stand_alone(words)) or "counts" in words:
        return ()
    return tuple(name for name in (column, *words.values()) if isinstance(name, str))


def _number_or_name(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
