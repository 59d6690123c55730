"""The foot of a table: rows that sum the others up, a total or a mean, which are no values.

What a row is called says it for certain, as "Total" does, or only where its number agrees, as with
"Max", which may be a person.
"""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import polars as pl

    from likeliest.numerics.arrays import Array

ROWS = 60
"""Number of rows at the end of a table that are checked for sums."""

_PARTIAL = frozenset({
    "subtotal", "subtotals", "sub total", "grand total", "zwischensumme", "gesamtsumme",
    "sous total", "subtotale", "total general", "total général",
})  # fmt: skip
_CERTAIN = _PARTIAL | {
    "total", "totals", "overall total", "column total", "sum", "sums", "mean", "means", "average",
    "averages", "avg", "std", "stdev", "stddev", "std dev", "std. dev", "std deviation",
    "standard deviation", "standard error", "std error", "std. error", "variance", "median",
    "minimum", "maximum", "summe", "gesamt", "insgesamt", "mittelwert", "durchschnitt",
    "standardabweichung", "stabw", "somme", "moyenne", "écart type", "médiane", "totale", "totaal",
    "gemiddelde", "suma", "promedio", "desviación estándar", "deviazione standard",
}  # fmt: skip
_SUMS: tuple[Callable[[Array], float], ...] = (np.sum, np.mean)
_IF_IT_AGREES: dict[str, tuple[Callable[[Array], float], ...]] = {
    **dict.fromkeys(("n", "n obs", "count", "number", "anzahl", "nombre", "obs"), (np.size,)),
    **dict.fromkeys(("min", "minimo", "mínimo"), (np.min,)),
    **dict.fromkeys(("max", "massimo", "máximo"), (np.max,)),
    **dict.fromkeys(("med", "50%", "mediana"), (np.median,)),
    **dict.fromkeys(("sd", "s.d", "dev", "σ"), (lambda x: float(np.std(x, ddof=1)), np.std)),
    **dict.fromkeys(("se", "sem", "s.e"), (lambda x: float(np.std(x, ddof=1) / np.sqrt(x.size)),)),
    **dict.fromkeys(("var",), (lambda x: float(np.var(x, ddof=1)), np.var)),
    **dict.fromkeys(("all", "overall", "alle", "media", "mittel", "ø", "tot", "ges"), _SUMS),
    "": (np.sum,),
}


def require_no_summary(rows: Sequence[tuple[str, ...]], numbers: pl.Series, where: str) -> None:
    """Raise if a row at the foot of a table is a total, a mean or the like of those above it.

    Parameters
    ----------
    rows : sequence of tuples of str
        The cells of the last rows of the table, the very last one at the end.
    numbers : Series of float
        Of the column that is read, null where a cell is missing.
    where : str
        What messages call the column.

    Raises
    ------
    ReadError
        With the name of the row.

    Examples
    --------
    >>> import polars as pl
    >>> rows = [("a", "1.5"), ("b", "2.5"), ("Total", "4")]
    >>> require_no_summary(rows, pl.Series([1.5, 2.5, 4.0]), "a.csv")
    Traceback (most recent call last):
        ...
    likeliest.errors.ReadError: a.csv: row 2 (counting from 0) is called 'Total': 4 is a figure of the rows above, and no value of its own. Remove the row, or name it otherwise if it is one.
    """  # noqa: E501
    first = len(numbers) - len(rows)
    if first < 0 or not rows:
        return
    named = [[_plain(cell) for cell in row] for row in rows]
    found = Counter(word for row in named for word in set(row))
    foot = _first_of_foot(named)
    above = numbers[: first + foot]
    for i, (cells, words) in enumerate(zip(rows, named, strict=True)):
        value = numbers[first + i]
        if value is None:
            continue
        for cell, word in zip(cells, words, strict=True):
            is_category = found[word] > 1 and word not in _PARTIAL
            is_certain = word in _CERTAIN and not is_category
            if is_certain or (i >= foot and _agrees(word, named, i, value, above)):
                called = f"is called {cell.strip()!r}" if word else "has no name"
                raise ReadError(
                    f"{where}: row {first + i} (counting from 0) {called}: {value:g} is a figure "
                    "of the rows above, and no value of its own. Remove the row, or name it "
                    "otherwise if it is one."
                )


def _plain(cell: str) -> str:
    """Return a name in small letters, without what stands in brackets behind it."""
    bare = re.sub(r"\s*\(.*\)$", "", cell.strip(' \t\r":*')).rstrip(":. ")
    return re.sub(r"[\s_-]+", " ", bare).casefold()


def _first_of_foot(named: list[list[str]]) -> int:
    """Return the first of the last rows that all have a name of a summary, or none."""
    foot = len(named)
    for row in reversed(named):
        if not any(word in _CERTAIN or word in _IF_IT_AGREES for word in row):
            break
        foot -= 1
    return foot


def _agrees(word: str, named: list[list[str]], i: int, value: float, rows: pl.Series) -> bool:
    """Whether the number of a row is the statistic that its name says, of those above the foot.

    A row without a name may be the sum, where the row above it has one.
    """
    if word not in _IF_IT_AGREES:
        return False
    is_nameless_sum = i + 1 == len(named) and len(rows) > 2 and any(_is_dropped(named, i))
    if not word and not is_nameless_sum:
        return False
    above = rows.drop_nulls().to_numpy()
    if above.size < 2:
        return False
    return any(
        _is_rounded(value, float(of(above)), 5e-3 if of is np.sum else 1e-9)
        for of in _IF_IT_AGREES[word]
    )


def _is_dropped(named: list[list[str]], i: int) -> list[bool]:
    """Say of each cell of a row whether it is empty where all others of its column are not."""
    others = [row for row in named[:i] if len(row) == len(named[i])]
    return [
        not cell and len(others) > 1 and all(row[j] for row in others)
        for j, cell in enumerate(named[i])
    ]


def _is_rounded(value: float, exact: float, relative: float) -> bool:
    """Whether a number is another one, rounded to the digits that it has or by a share."""
    last = min(int(Decimal(repr(value)).normalize().as_tuple().exponent), 0)
    return abs(value - exact) <= max(0.5 * 10.0**last * (1 + 1e-9), relative * abs(exact))


# the last rows of what is no text


def last_rows(frame: pl.LazyFrame) -> list[tuple[str, ...]]:
    """Return the words in the last rows of a frame."""
    import polars as pl

    kinds = (pl.String, pl.Categorical, pl.Enum)
    names = [name for name, kind in frame.collect_schema().items() if isinstance(kind, kinds)]
    if not names:
        return []
    words = frame.select(pl.col(names).cast(pl.String).fill_null("")).tail(ROWS)
    return words.collect().rows()


def last_rows_of_columns(columns: Iterable[Any]) -> list[tuple[str, ...]]:
    """Return the words in the last rows of columns of any kind that are equally long."""
    ends = [[*getattr(column, "iloc", column)[-ROWS:]] for column in columns]
    words = [
        [cell if isinstance(cell, str) else "" for cell in end]
        for end in ends
        if any(isinstance(cell, str) for cell in end)
    ]
    return [*zip(*words, strict=True)] if len({*map(len, ends)}) == 1 else []
