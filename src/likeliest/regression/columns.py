"""Columns of data that formulas read: numbers, or categories as codes and levels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.data.reading.choice import position_of
from likeliest.data.reading.column import as_text, floats_of, is_text, parsed_column
from likeliest.data.reading.frames import table_of_frame
from likeliest.distributions.combinators.levels import Ordered
from likeliest.errors import DataError, ReadError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import polars as pl

    from likeliest.data.reading.table import Table
    from likeliest.distributions.combinators.levels import OfLevels
    from likeliest.numerics.arrays import Array, Indices, Mask


@dataclass(frozen=True)
class Categories:
    """A column of categories.

    Parameters
    ----------
    codes : array of shape (n,)
        Which level each row is of; -1 where it is missing.
    levels : tuple
        The levels that occur, in their order.
    has_order : bool
        Whether that order means something; that of text is its alphabet's.
    """

    codes: Indices
    levels: tuple[Any, ...]
    has_order: bool = False

    def take(self, rows: Indices) -> Categories:
        """Return some rows, with the levels that occur in them."""
        codes = self.codes[rows]
        seen = np.unique(codes[codes >= 0])
        if seen.size == len(self.levels):
            return Categories(codes, self.levels, self.has_order)
        place = np.full(len(self.levels) + 1, -1)
        place[seen] = np.arange(seen.size)
        return Categories(place[codes], tuple(self.levels[i] for i in seen), self.has_order)

    def numbered(self, family: type[OfLevels], name: str) -> Array:
        """Return the levels as 1, 2, … in their order, NaN where missing, for a family of such.

        Raises
        ------
        DataError
            If their number is not the family's, or it needs an order and there is none.
        """
        listed = ", ".join(map(str, self.levels[:8]))
        if len(self.levels) != family.levels:
            made = family.name.partition("(")[0]
            raise DataError(
                f"Column {name!r} holds {len(self.levels)} levels ({listed}), and {family.name} is "
                f"of {family.levels}: name lk.{made}({len(self.levels)})."
            )
        if issubclass(family, Ordered) and not self.has_order:
            raise DataError(
                f"The order of the levels of {name!r} ({listed}) is not known: make it a polars "
                "Enum or an ordered Categorical of pandas, or write numbers 1, 2, …"
            )
        return np.where(self.codes < 0, np.nan, self.codes + 1.0)


@dataclass(frozen=True)
class Columns:
    """Columns of one length by their names.

    Parameters
    ----------
    by_name : dict
    n : int
        Rows.
    """

    by_name: dict[str, Array | Categories]
    n: int

    def take(self, rows: Indices) -> Columns:
        """Return some rows."""
        made: dict[str, Array | Categories] = {
            name: one.take(rows) if isinstance(one, Categories) else one[rows]
            for name, one in self.by_name.items()
        }
        return Columns(made, len(rows))

    def some(self, rows: Indices | None) -> Columns:
        """Return some rows, or all."""
        return self if rows is None else self.take(rows)

    def missing(self, names: Iterable[str]) -> dict[str, Mask]:
        """Return for each column with gaps which rows have none of its values."""
        gaps = {name: _gaps(self.by_name[name]) for name in names}
        return {name: gap for name, gap in gaps.items() if gap.any()}

    def numbers(self, name: str) -> Array:
        """Return a column of numbers, or raise DataError."""
        column = self.by_name[name]
        if isinstance(column, Categories):
            raise DataError(
                f"Column {name!r} holds categories ({column.levels[0]!r}, …) where numbers are "
                "needed."
            )
        return np.asarray(column, dtype=np.float64)


def table_of_data(data: Any, wanted: Collection[str] = ()) -> Table:
    """Return a frame, or a file that was opened, as a table."""
    from likeliest.data.reading.table import Table

    return data if isinstance(data, Table) else table_of_frame(data, wanted)


def columns_of(data: Any, names: Collection[str]) -> Columns:
    """Return the named columns of a frame.

    Parameters
    ----------
    data : data frame of pandas, polars or Arrow, dict of columns, or Table
    names : collection of str
    """
    table = table_of_data(data, names)
    made: dict[str, Array | Categories] = {}
    for name in names:
        made[name] = _pandas_categories(data, name) or _column(table, name)
    sizes = {_size(one) for one in made.values()}
    return Columns(made, sizes.pop() if sizes else rows_of(data))


def rows_of(data: Any) -> int:
    """Return how many rows a frame has."""
    table = table_of_data(data)
    return len(table.columns([0])[0])


def _size(column: Array | Categories) -> int:
    return int(column.codes.size if isinstance(column, Categories) else column.size)


def _gaps(column: Array | Categories) -> Mask:
    if isinstance(column, Categories):
        return np.asarray(column.codes < 0)
    return np.isnan(column)


def _pandas_categories(data: Any, name: str) -> Categories | None:
    """Return a categorical column of pandas with its levels in their own order."""
    if type(data).__module__.partition(".")[0] != "pandas" or not hasattr(data, "columns"):
        return None
    at = [i for i, label in enumerate(map(str, data.columns)) if label == name]
    if len(at) != 1:
        return None
    categories = getattr(data.iloc[:, at[0]], "cat", None)
    if categories is None:
        return None
    codes = np.asarray(categories.codes, dtype=np.intp)
    names = tuple(_plain(v) for v in categories.categories)
    levels = Categories(codes, names, bool(categories.ordered))
    return levels.take(np.arange(codes.size))


def _column(table: Table, name: str) -> Array | Categories:
    import polars as pl

    at = position_of(table, name)
    series = table.column(at)
    if is_text(series) and table.is_written:
        try:
            return floats_of(table, at)
        except ReadError:
            if _are_mostly_numbers(table, series):
                raise
            return _categories(series)
    if series.dtype in (pl.String, pl.Categorical) or isinstance(series.dtype, pl.Enum):
        return _categories(series)
    if series.dtype == pl.Boolean or series.dtype.is_numeric() or series.dtype == pl.Null:
        numbers = series.cast(pl.Float64).fill_null(np.nan).to_numpy()
        return np.ascontiguousarray(numbers)
    raise DataError(
        f"Column {name!r} holds {series.dtype}: a formula reads numbers, truth values and text."
    )


def _are_mostly_numbers(table: Table, series: pl.Series) -> bool:
    """Whether words are numbers but for a few, so that they are no categories; "3+" is one."""
    parsed = parsed_column(table, as_text(series))
    numbers = len(series) - parsed.numbers.null_count()
    return parsed.signs is None and numbers > int(parsed.bad.sum())


def _categories(series: pl.Series) -> Categories:
    import polars as pl

    has_order = isinstance(series.dtype, pl.Enum)
    if isinstance(series.dtype, pl.Enum):
        levels = tuple(series.dtype.categories.to_list())
    else:
        series = series.cast(pl.String)
        levels = tuple(sorted(series.drop_nulls().unique().to_list()))
    place = {level: i for i, level in enumerate(levels)}
    codes = np.array([place.get(cell, -1) for cell in series.to_list()], dtype=np.intp)
    return Categories(codes, levels, has_order).take(np.arange(codes.size))


def _plain(level: Any) -> Any:
    return level.item() if isinstance(level, np.generic) else level
