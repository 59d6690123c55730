"""A table as it was found: named columns, none of them read before it is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from likeliest.data.reading.written import AS_USUAL, Written
from likeliest.data.vectors import LARGEST_COUNT
from likeliest.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from likeliest.data.reading.cells import Doubt, Mark

ROWS_LOOKED_AT = 2_000
INDEX_NAMES = frozenset({"", "__index_level_0__"})
"""What R, pandas and pandas' Parquet call the column that names the rows."""


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of a file or a data frame.

    Parameters
    ----------
    where : str
        What messages call it.
    names : tuple of str
        Of the columns of `frame`, by position; a file may use one twice.
    frame : LazyFrame
        Scanned: a column is read when it is asked for.
    units : tuple of str
        What a line of units says of each column; empty where there is none.
    written : Written
        What the user says of all cells.
    usual : {".", ","}, optional
        The decimal mark that the cells of a text agree on.
    doubt : {"none", "mixed", "all"}
        Whether points in a text may part thousands; see `cells.parse`.
    either : str
        What to say where the first line of a text could be a header or a row.
    is_written : bool
        Whether the cells are those of a text, in which numbers are words too.
    blank : int
        Empty lines at the end of a text, which are no rows.
    foot : callable, optional
        Gives the cells of the last rows as text; None where they are not looked at.
    surplus : str
        The column of `frame` that holds what a row of a text has too much; empty if there is none.
    as_floats : callable, optional
        Scans a text again with one column parsed as floats, which is faster than by way of text
        and fails where a cell is not plainly a number.
    explained : callable
        Turns an error of the parser into one that names the line.
    """

    where: str
    names: tuple[str, ...]
    frame: pl.LazyFrame
    units: tuple[str, ...] = ()
    written: Written = AS_USUAL
    usual: Mark | None = None
    doubt: Doubt = "none"
    either: str = ""
    is_written: bool = False
    blank: int = 0
    foot: Callable[[], list[tuple[str, ...]]] | None = field(default=None, repr=False)
    surplus: str = ""
    as_floats: Callable[[int], pl.LazyFrame] | None = field(default=None, repr=False)
    explained: Callable[[Exception], Exception] | None = field(default=None, repr=False)

    def columns(self, positions: list[int], rows: int | None = None) -> list[pl.Series]:
        """Read some columns, whole or their first rows."""
        import polars as pl

        names = self.frame.collect_schema().names()
        some = [pl.col(names[i]) for i in positions]
        if self.surplus:
            some.append(pl.col(self.surplus))
        chosen = self.frame.select(some)
        try:
            frame = (chosen if rows is None else chosen.head(rows)).collect()
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
            raise self._reason(error) from None
        if self.surplus and frame.drop_in_place(self.surplus).null_count() < frame.height:
            raise self._reason(ValueError("some rows have more cells than the first"))
        if self.blank and rows is None:
            frame = frame.head(frame.height - self.blank)
        return frame.get_columns()

    def column(self, position: int) -> pl.Series:
        """Read a column: of a text as floats if every cell is one, else as text."""
        quick = self._floats(position)
        return self.columns([position])[0] if quick is None else quick

    def only(self, position: int, series: pl.Series) -> Table:
        """Return the table of one column that has been read."""
        import polars as pl

        return Table(
            self.where,
            (self.names[position],),
            pl.LazyFrame({"0": series}),
            units=(self.units[position],) if self.units else (),
            written=self.written,
            usual=self.usual,
            doubt=self.doubt,
            foot=self.foot,
        )

    def _floats(self, position: int) -> pl.Series | None:
        if self.as_floats is None:
            return None
        scanned = replace(self, frame=self.as_floats(position), as_floats=None, explained=None)
        try:
            numbers = scanned.columns([position])[0]
        except ReadError:
            return None
        # Of large whole numbers, and of what may be thousands, the digits are looked at.
        large = (numbers.abs() >= LARGEST_COUNT).any()
        return None if large or (self.doubt != "none" and _may_be_groups(numbers)) else numbers

    def _reason(self, error: BaseException) -> Exception:
        if self.explained is not None and isinstance(error, Exception):
            return self.explained(error)
        return unreadable(self.where, error)


def _may_be_groups(numbers: pl.Series) -> bool:
    """Whether every fraction may be a number of thousands: 1.250, but not 0.25 and not 1.2505."""
    fractions = numbers.filter(numbers != numbers.floor()).drop_nans()
    for some in (fractions.head(ROWS_LOOKED_AT), fractions):
        thousands = some * 1000.0
        near = (thousands - thousands.round()).abs() < 1e-6
        if not (near & some.abs().is_between(1.0, 1000.0)).all():
            return False
    return len(fractions) > 0


def unreadable(where: str, error: BaseException, kind: str = "") -> ReadError:
    """Return the error for what a parser could not read: its first line."""
    first = next(iter(str(error).strip().splitlines()), "") or "it is malformed"
    return ReadError(f"{where} cannot be read{kind and f' as {kind}'}: {first.rstrip('.')}.")
