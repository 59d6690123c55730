"""The door `observe`: what was seen, in the words of those who saw it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np

from likeliest.data.bins import count_rows, name_bins, require_closed
from likeliest.data.intervals import ends_of
from likeliest.data.labels import aligned, labels_of
from likeliest.data.observations import Observations
from likeliest.data.observed import Told, not_both, observed, of_intervals
from likeliest.data.reading.choice import choose, position_of
from likeliest.data.reading.column import (
    Column,
    as_text,
    column_of,
    events_of,
    floats_of,
    is_text,
)
from likeliest.data.reading.frames import table_of_frame
from likeliest.data.reading.source import table_of
from likeliest.data.reading.written import AS_USUAL, Written
from likeliest.data.vectors import is_frame, is_path
from likeliest.engines.dask import is_remote
from likeliest.errors import DataError

if TYPE_CHECKING:
    from os import PathLike

    from numpy.typing import ArrayLike

    from likeliest.data.bins import Closed
    from likeliest.data.reading.column import Missing
    from likeliest.data.reading.table import Table
    from likeliest.numerics.arrays import Array


class Frame(Protocol):
    """A data frame of pandas or polars, a lazy one, or an Arrow table."""

    @property
    def columns(self) -> Any:
        """The columns or their names."""


_PLAIN = (np.ndarray, list, tuple)  # data that carry no name, labels or bounds of their own
Data: TypeAlias = "ArrayLike | Observations | Column | Frame | dict[str, Any] | PathLike[str]"
"""What `fit` and `compare` take."""


def observe(
    data: Data | None = None,
    *,
    column: str | None = None,
    event: ArrayLike | None = None,
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
    entry: ArrayLike | None = None,
    exit: ArrayLike | None = None,  # noqa: A002
    edges: ArrayLike | None = None,
    counts: ArrayLike | None = None,
    closed: Closed = "right",
    weights: ArrayLike | None = None,
    sampling_weights: ArrayLike | None = None,
    rounding: float = 0.0,
    missing: Missing = "raise",
) -> Observations:
    """Say what was seen: exact, censored, truncated, binned, weighted or rounded values.

    `fit` and `compare` take the same words. Where `data` is a frame or a file, words may be the
    names of its columns.

    Parameters
    ----------
    data : one-dimensional array-like, frame, or path
        The values: lifetimes, sizes, counts. `scipy.stats.CensoredData` and pandas' intervals, as
        `pandas.cut` makes them, are taken as they are. A frame is one of pandas or polars, a lazy
        one, an Arrow table or a dict of columns. The path, or the name of a bundled data set, is of
        a file that `likeliest.read` takes.
    column : str, optional
        The column of the frame or file that holds the values; needed where several could be meant.
    event : array-like of booleans or of 0 and 1, optional
        Whether the value itself was seen; where not, it is right-censored: X > value.
    lower, upper : array-like, optional
        In place of `data`: bounds of each value. A bound that is NaN or infinite is open; where
        both are the same the value is exact. Of whole numbers both ends are included.
    entry, exit : array-like, or one number for all, optional
        A value could be seen only if entry < X ≤ exit; NaN: no bound. A deductible is an entry.
    edges, counts : array-like, optional
        In place of `data`: how many values lie in each of the bins between the edges. The first
        and last edge may be infinite.
    closed : {"right", "left"}
        The end of each bin that belongs to it: (a, b] is closed on the right.
    weights : array-like, optional
        How often each row was seen.
    sampling_weights : array-like, optional
        How many of the population each row stands for. Estimates are the population's; standard
        errors are robust ones, in which a row counts once.
    rounding : float, optional
        The step to which the values were rounded.
    missing : {"raise", "drop"}
        What to do with rows in which the value, its event or its weight is NaN.

    Returns
    -------
    Observations
        For `fit`, `compare` and the likelihood of a distribution.

    Raises
    ------
    DataError
        If columns differ in length or in their pandas labels, a name is no column of the frame, an
        event is coded otherwise, bounds are the wrong way round, or a value lies outside its own
        window: with the row.

    Examples
    --------
    Five units, two of which still ran after 100 hours:

    >>> import likeliest as lk
    >>> seen = lk.observe([31, 55, 90, 100, 100], event=[1, 1, 1, 0, 0])
    >>> round(lk.fit(seen, "exponential").parameters["rate"], 6)
    0.007979

    Claims that were reported only above a deductible of 500:

    >>> lk.observe([620.0, 900.0, 2400.0], entry=500).n
    3.0

    Columns of a frame:

    >>> frame = {"hours": [31, 55, 90, 100, 100], "failed": [1, 1, 1, 0, 0]}
    >>> print(lk.observe(frame, column="hours", event="failed").description)
    5 values: 3 exact, 2 right-censored
    """
    given: object = missing
    if not (isinstance(given, str) and given in {"raise", "drop"}):
        raise DataError(f'missing must be "raise" or "drop"; got {missing!r}.')
    if not isinstance(rounding, (int, float)) and np.ndim(rounding):
        raise DataError(
            "rounding is one step for all values; of steps that differ give the bounds: "
            "lower=value - step/2, upper=value + step/2."
        )
    every = {
        "event": event, "lower": lower, "upper": upper, "entry": entry, "exit": exit,
        "edges": edges, "counts": counts, "weights": weights, "sampling_weights": sampling_weights,
    }  # fmt: skip
    words = {name: word for name, word in every.items() if word is not None}
    is_told_more = words or column or missing == "drop" or closed != "right"
    if type(data) in _PLAIN and not (is_told_more or is_frame(data) or is_remote(data)):
        return Observations.of(data, rounding=rounding)  # type: ignore[arg-type]
    if is_remote(data) or any(map(is_remote, words.values())):
        from likeliest.data.distributed import observe_partitions

        return observe_partitions(data, column, words, rounding, missing)
    require_closed(closed, has_bins="edges" in words or "counts" in words)
    _require_same_rows({"data": data, **words})
    if isinstance(data, Observations):
        return _as_they_are(data, [*(["column"] if column else []), *words], rounding)
    told = Told(closed, rounding, missing, _name_of(data))
    if is_frame(data):
        return _of_frame(data, column, words, told)
    if is_path(data):
        return _of_table(table_of(data, _wanted(column, words)), column, words, told)
    _require_no_names(data, column, words)
    return observed(data, words, told)


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


def _as_they_are(observations: Observations, words: list[str], rounding: float) -> Observations:
    if words:
        raise DataError(
            f"Observations carry their own {' and '.join(words)}: say so where they are made, with "
            "lk.observe or Observations.of(values, weights, rounding)."
        )
    return Observations.of(observations, rounding=rounding)


# columns by their names


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


def _require_no_names(data: object, column: str | None, words: dict[str, Any]) -> None:
    for word, name in [("column", column), *words.items()]:
        if isinstance(name, str):
            given = "no data are given" if data is None else f"the data are a {type(data).__name__}"
            raise DataError(
                f"{word}={name!r} names a column, and {given}: give the data frame or the file "
                "first, or give the values themselves."
            )


def _name_of(data: Any) -> str:
    """Return what pandas or polars calls a column."""
    name = getattr(data, "name", None)
    return "" if name is None else str(name)


def _require_same_rows(columns: dict[str, Any]) -> None:
    """Raise if columns that were read have lost different rows: they would be paired wrongly."""
    read = {n: c.rows for n, c in columns.items() if isinstance(c, Column)}
    cut = {name: rows for name, rows in read.items() if rows is not None}
    first, *others = cut or [""]
    for name in others:
        if not np.array_equal(cut[first], cut[name]):
            raise DataError(
                f'{first} and {name} were read with missing="drop" and have lost different rows, '
                "so that their values no longer belong together. Read them as one data frame and "
                'name its columns: lk.observe(frame, column=..., missing="drop").'
            )
