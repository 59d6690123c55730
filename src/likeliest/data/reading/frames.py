"""Data frames and columns in memory, pandas, polars, Arrow, dicts and lists, as a table."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from numbers import Number
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.data.reading.foot import ROWS
from likeliest.data.reading.table import Table
from likeliest.errors import ReadError

if TYPE_CHECKING:
    import polars as pl

_ACCEPTED = (
    "Give a file, a data frame of pandas, polars or Arrow, a dict of columns, or one column."
)


def table_of_frame(data: object, wanted: Collection[str] = ()) -> Table:
    """Return data in memory as a table.

    Parameters
    ----------
    data : object
        A data frame, a mapping of names to columns, a sequence of records, or one column.
    wanted : names of columns
        The only ones that are converted; none: all are.
    """
    import polars as pl

    if isinstance(data, (pl.LazyFrame, pl.DataFrame)):
        names, lazy = tuple(data.collect_schema().names()), data.lazy()
        is_there = isinstance(data, pl.DataFrame)  # a lazy one is worked out but once
        foot = partial(last_rows, lazy) if is_there else None
        return Table("the data frame", names, lazy, foot=foot)
    if _is_pandas(data):
        return _from_pandas(data, wanted)
    if hasattr(data, "__arrow_c_stream__") and not isinstance(data, pl.Series):
        return _from_arrow(data)
    if isinstance(data, Mapping):
        return table_of_columns(dict(data), "the dict", wanted)
    if isinstance(data, Sequence) and data and isinstance(data[0], Mapping):
        return table_of_records(list(data), "the records")
    return _from_one_column(data, wanted)


def _from_one_column(data: Any, wanted: Collection[str]) -> Table:
    if hasattr(data, "compute"):
        raise ReadError(f"A {type(data).__name__} is spread over a cluster: pass .compute() of it.")
    if isinstance(data, np.ndarray) and data.dtype.names:
        return table_of_columns({n: data[n] for n in data.dtype.names}, "the array", wanted)
    name = str(getattr(data, "name", None) or "")
    for other in set(wanted) - {name}:
        raise ReadError(f"The data are one column, and have none called {other!r}. {_ACCEPTED}")
    return table_of_columns({name: data}, "the data")


def table_of_columns(columns: Mapping[Any, Any], where: str, wanted: Collection[str] = ()) -> Table:
    """Return columns as a table, all of one length, those that are wanted at the least."""
    names = tuple(map(str, columns))
    some = {i for i, name in enumerate(names) if name in wanted} or range(len(names))
    series = {i: series_of(v, where) for i, v in enumerate(columns.values()) if i in some}
    if len({len(one) for one in series.values()}) > 1:
        shown = ", ".join(f"{names[i]!r}: {len(one):,}" for i, one in series.items())
        raise ReadError(f"{where} has columns of several lengths ({shown}): choose one by name.")
    return _placed(series, names, where, partial(_last_rows, columns))


def _last_rows(columns: Mapping[Any, Any]) -> list[tuple[str, ...]]:
    try:
        return _last_rows_of_columns(columns.values())
    except (TypeError, IndexError, KeyError):  # columns that cannot be cut
        return []


def table_of_records(records: list[Any], where: str) -> Table:
    """Return records, each a mapping of names to cells, as a table; what one lacks is missing."""
    names: dict[str, None] = {}
    for record in records:
        if not isinstance(record, Mapping):
            raise ReadError(f"{where}: some are records with names, and some are not.")
        names.update(dict.fromkeys(record))
    columns = {name: [record.get(name) for record in records] for name in names}
    return table_of_columns(columns, where)


def series_of(values: Any, where: str) -> pl.Series:
    """Return one column of any kind as a Series: of numbers, of text, or of what it holds."""
    import polars as pl

    if isinstance(values, pl.Series):
        return values
    if _is_pandas(values):
        return _from_pandas_series(values)
    if hasattr(values, "__arrow_c_stream__") or hasattr(values, "__arrow_c_array__"):
        return pl.Series(values)
    if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
        raise ReadError(
            f"{where}: a value of type {type(values).__name__} is no column. {_ACCEPTED}"
        )
    if isinstance(values, np.ndarray):
        return _from_numpy(values, where)
    return _from_list(list(values))


def _from_numpy(array: np.ndarray, where: str) -> pl.Series:
    import polars as pl

    if array.ndim != 1:
        raise ReadError(
            f"{where} has a column of shape {array.shape}: a column has one cell a row."
        )
    if array.dtype.kind == "c":
        raise ReadError(f"{where} holds complex numbers; a likelihood needs real ones.")
    if array.dtype.kind == "f":
        return pl.Series(array.astype(np.float64))
    if array.dtype.kind in "iubmM":
        return pl.Series(np.ascontiguousarray(array).astype(array.dtype.newbyteorder("=")))
    return _from_list(array.tolist())


def _from_list(values: list[Any]) -> pl.Series:
    """Return cells of Python as numbers where all are, else as the text that they show."""
    import polars as pl

    present = [value for value in values if value is not None]
    truths = sum(isinstance(value, (bool, np.bool_)) for value in present)
    if truths == len(present):
        return pl.Series(values, dtype=pl.Boolean if present else pl.Null)
    if truths:
        return _as_words(values)
    if all(isinstance(value, (int, np.integer)) for value in present):
        small = all(-(2**63) <= value < 2**63 for value in present)
        return pl.Series(values, dtype=pl.Int64) if small else _as_words(values)
    if all(isinstance(value, Number) and not isinstance(value, complex) for value in present):
        return pl.Series([None if v is None else float(v) for v in values], dtype=pl.Float64)
    return _as_words(values)


def _as_words(values: list[Any]) -> pl.Series:
    import polars as pl

    return pl.Series([None if v is None else str(v) for v in values], dtype=pl.String)


def _is_pandas(data: object) -> bool:
    return type(data).__module__.partition(".")[0] == "pandas" and hasattr(data, "to_numpy")


def _from_pandas(data: Any, wanted: Collection[str]) -> Table:
    if not hasattr(data, "columns"):
        name = "" if getattr(data, "name", None) is None else str(data.name)
        for other in set(wanted) - {name}:
            raise ReadError(f"The data are one column, {name!r}, and have none called {other!r}.")
        return _placed({0: _from_pandas_series(data)}, (name,), "the data")
    names = tuple(map(str, data.columns))
    some = [i for i, name in enumerate(names) if not wanted or name in wanted]
    series = {i: _from_pandas_series(data.iloc[:, i]) for i in some}
    end = data.iloc[-ROWS:]
    words = [end.index, *(end.iloc[:, i] for i in range(len(names)))]
    return _placed(series, names, "the data frame", lambda: _last_rows_of_columns(words))


def _placed(
    series: dict[int, pl.Series],
    names: tuple[str, ...],
    where: str,
    foot: Callable[[], list[tuple[str, ...]]] | None = None,
) -> Table:
    """Return a table of which only some columns have been converted: the others are not read."""
    import polars as pl

    rows = len(next(iter(series.values()))) if series else 0
    nothing = pl.Series([None] * rows, dtype=pl.Null)
    frame = pl.LazyFrame({str(i): series.get(i, nothing) for i in range(len(names))})
    return Table(where, names, frame, foot=foot)


def _from_pandas_series(series: Any) -> pl.Series:
    import polars as pl

    kind = getattr(series.dtype, "kind", "O")
    if isinstance(series.dtype, np.dtype) and kind in "fiubmM":
        return _from_numpy(series.to_numpy(), "the data frame")
    if kind in "mM":  # with a time zone, or kept by Arrow
        return pl.Series([None] * len(series), dtype=pl.Datetime)
    absent = series.isna().to_numpy()
    cells = series.astype(object).to_numpy()
    return _from_list([None if a else c for c, a in zip(cells, absent, strict=True)])


def _from_arrow(data: Any) -> Table:
    import polars as pl

    try:
        made = pl.DataFrame(data)
    except (pl.exceptions.PolarsError, TypeError, ValueError) as error:
        raise ReadError(f"A {type(data).__name__} cannot be read: {error}. {_ACCEPTED}") from None
    return Table(
        "the table", tuple(made.columns), made.lazy(), foot=partial(last_rows, made.lazy())
    )


def last_rows(frame: pl.LazyFrame) -> list[tuple[str, ...]]:
    """Return the words in the last rows of a frame."""
    import polars as pl

    kinds = (pl.String, pl.Categorical, pl.Enum)
    names = [name for name, kind in frame.collect_schema().items() if isinstance(kind, kinds)]
    if not names:
        return []
    words = frame.select(pl.col(names).cast(pl.String).fill_null("")).tail(ROWS)
    return words.collect().rows()


def _last_rows_of_columns(columns: Iterable[Any]) -> list[tuple[str, ...]]:
    """Return the words in the last rows of columns of any kind that are equally long."""
    ends = [[*getattr(column, "iloc", column)[-ROWS:]] for column in columns]
    words = [
        [cell if isinstance(cell, str) else "" for cell in end]
        for end in ends
        if any(isinstance(cell, str) for cell in end)
    ]
    return [*zip(*words, strict=True)] if len({*map(len, ends)}) == 1 else []
