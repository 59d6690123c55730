"""The foot of a table: a row that sums the others up, a total or a mean, which is no value."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from likeliest.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

ROWS = 60
"""Number of rows at the end of a table that are checked for sums."""

_NAMES = frozenset({
    "total", "totals", "grand total", "overall total", "column total", "subtotal", "sub total",
    "sum", "sums", "mean", "means", "average", "averages", "avg", "median", "overall", "count",
    "std", "stdev", "std dev", "std. dev", "standard deviation", "variance", "std error",
    "std. error", "standard error", "minimum", "maximum", "summe", "gesamt", "insgesamt",
    "gesamtsumme", "zwischensumme", "mittelwert", "durchschnitt", "standardabweichung", "somme",
    "total général", "moyenne", "médiane", "écart type", "suma", "total general", "promedio",
    "desviación estándar", "totale", "totaal", "gemiddelde",
})  # fmt: skip
_PAIR = frozenset({"min", "max"})  # Max alone may be a person
_OF_SUMS = frozenset({"", "all"})
_ROUNDED = 5e-3  # of a sum: how far that of rounded numbers may be off


def require_no_summary(rows: Sequence[tuple[str, ...]], numbers: pl.Series, where: str) -> None:
    """Raise if a row at the foot of a table is a total, a mean or the like of those above it.

    It is called so, or it is the last, has no name where the others have one, and is their sum.

    Parameters
    ----------
    rows : sequence of tuples of str
        The cells of the last rows of the table, the very last one at the end.
    numbers : Series of float
        Of the column that is read, null where a cell is missing.
    where : str
        What messages call the column.

    Examples
    --------
    >>> import polars as pl
    >>> rows = [("a", "1.5"), ("b", "2.5"), ("Total", "4")]
    >>> require_no_summary(rows, pl.Series([1.5, 2.5, 4.0]), "a.csv")
    Traceback (most recent call last):
        ...
    likeliest.errors.ReadError: a.csv: row 2 (counting from 0) is called 'Total': 4 is a figure of the other rows, and no value of its own. Remove the row, or name it otherwise if it is one.
    """  # noqa: E501
    first = len(numbers) - len(rows)
    if first < 0 or not rows:
        return
    found = names_of_summaries(rows)
    unnamed = _unnamed_sum(rows, numbers)
    if unnamed is not None:
        found.setdefault(len(rows) - 1, unnamed)
    for i, name in found.items():
        value = numbers[first + i]
        if value is not None:
            called = f"is called {name!r}" if name else "has no name"
            raise ReadError(
                f"{where}: row {first + i} (counting from 0) {called}: {value:g} is a figure "
                "of the other rows, and no value of its own. Remove the row, or name it "
                "otherwise if it is one."
            )


def names_of_summaries(rows: Sequence[tuple[str, ...]]) -> dict[int, str]:
    """Return which rows have a cell that names a summary, a name that comes but once, and it."""
    plain = [[_plain(cell) for cell in row] for row in rows]
    times = Counter(word for row in plain for word in set(row))
    names = _NAMES | _PAIR if times.keys() >= _PAIR else _NAMES
    return {
        i: cell.strip()
        for i, row in enumerate(rows)
        for cell, word in zip(row, plain[i], strict=True)
        if word in names and times[word] == 1
    }


def _plain(cell: str) -> str:
    """Return a name in small letters, without what stands in brackets behind it."""
    bare = re.sub(r"\s*\(.*\)$", "", cell.strip(' \t\r":*')).rstrip(":. ")
    return re.sub(r"[\s_-]+", " ", bare).casefold()


def _unnamed_sum(rows: Sequence[tuple[str, ...]], numbers: pl.Series) -> str | None:
    """Return the cell that names no row, if the last row has one alone and is the others' sum."""
    above, value, last = numbers[:-1].drop_nulls(), numbers[-1], rows[-1]
    if value is None or len(above) < 3 or any(len(row) != len(last) for row in rows):
        return None
    if abs(value - above.sum()) > _ROUNDED * abs(value):
        return None
    without = [[_plain(cell) in _OF_SUMS for cell in row] for row in rows]
    alone = (cell for cell, *column in zip(last, *without, strict=True)
             if column[-1] and not any(column[:-1]))  # fmt: skip
    return next((cell.strip() for cell in alone), None)
