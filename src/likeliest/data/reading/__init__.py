"""Read one column of numbers from a file or a data frame of any common kind.

One door and one parser: `source` finds out what is meant, `layout` forms the one opinion of a
text's header, polars scans the rows, `choice` says which column is meant, and `column` and `cells`
make numbers of its cells, or say in one line what is wrong, where, and what to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from likeliest.data.column import Column
from likeliest.data.reading.choice import choose
from likeliest.data.reading.column import column_of, require_missing
from likeliest.data.reading.source import STANDARD_INPUT, table_of
from likeliest.data.reading.written import written

if TYPE_CHECKING:
    from likeliest.data.reading.column import Missing
    from likeliest.data.reading.written import MissingCode

__all__ = ["STANDARD_INPUT", "Column", "read"]


def read(
    data: object,
    column: str | None = None,
    *,
    missing: Missing = "raise",
    limits: bool = False,
    decimal: str | None = None,
    missing_code: MissingCode | None = None,
) -> Column:
    """Return a column of numbers of a file or a data frame, with its name.

    Parameters
    ----------
    data : path or object
        A CSV, TSV, Parquet, Arrow, JSON, NumPy or Excel file, known by what it holds, packed by
        gzip, zstd, bzip2, xz or zip or plain; "-" for standard input; the name of a bundled data
        set; a data frame of pandas, polars (lazy ones too) or Arrow; a dict of columns.
    column : str, optional
        Needed where several could be meant. A first line that holds it is a header; without a
        header, columns are called column_0, column_1, …
    missing : {"raise", "drop"}
        What empty cells and words such as NA become: an error that says where, or they are left
        out and counted.
    limits : bool
        Whether "<5" and ">100" are taken for values known to be below or above, in place of an
        error.
    decimal : {".", ","}, optional
        The decimal mark, where cells such as "1,234" leave it open.
    missing_code : float or "none", optional
        The number that stands for a missing value, such as -999; "none" says that no number does.
        Without it a value that looks like such a code, far below all others, is an error.

    Returns
    -------
    Column
        What `likeliest.fit` and `likeliest.compare` take; its limits with `.observations()`.

    Raises
    ------
    ReadError
        If the file cannot be read, or the column cannot be found or used.

    Examples
    --------
    >>> import likeliest as lk
    >>> lk.read("old_faithful", "waiting")
    <column 'waiting': 272 values>
    >>> column = lk.read({"day": ["Mon", "Tue"], "rain": ["1,5", "0,25"]})
    >>> column.name, column.values.tolist()
    ('rain', [1.5, 0.25])
    """
    require_missing(missing)
    told = written(decimal, missing_code)
    table = table_of(data, () if column is None else (column,), told)
    return column_of(table, choose(table, column), missing=missing, limits=limits)
