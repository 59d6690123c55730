"""Tables as text and as HTML, and how numbers are shown in them."""

from __future__ import annotations

import html as markup
import math
import textwrap
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from likeliest.errors import MissingExtraError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Library = Literal["polars", "pandas"]
"""Whose data frame a table becomes."""

_DIGITS = 6  # significant ones shown
_CAPTION = "text-align: left; padding: 2px 10px; font-weight: bold; white-space: nowrap"


@dataclass(frozen=True, slots=True, repr=False)
class Table:
    """A title, columns, rows, and lines below.

    Parameters
    ----------
    title : str
    columns : tuple of str
        The first is set to the left, the others to the right.
    rows : tuple of tuples of str
    footer : tuple of str
    wrapped : tuple of str
        Columns of words, set to the left, that may be folded where the width does not suffice.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    footer: tuple[str, ...] = ()
    wrapped: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return text(self)

    def _repr_html_(self) -> str:
        return html(self)


class ShownAsTable(ABC):
    """What is shown as its table, in plain text and in a notebook."""

    __slots__ = ()

    @abstractmethod
    def table(self) -> Table:
        """Return what is shown."""

    def __repr__(self) -> str:
        return text(self.table())

    def _repr_html_(self) -> str:
        return html(self.table())


def number(value: float | None, digits: int = _DIGITS, error: float | None = None) -> str:
    """Return a number as it is shown; an en dash where there is none.

    A number whose error lies beyond its usual digits is shown down to two digits of the error.

    Examples
    --------
    >>> number(1234.56789), number(1e-7), number(None), number(272.0)
    ('1234.57', '1e-07', '–', '272')
    >>> number(1e9 + 1 / 3, error=2e-4)
    '1000000000.33333'
    """
    if value is None:
        return "–"
    if error and value and math.isfinite(error) and math.isfinite(value):
        before_point = math.floor(math.log10(abs(value))) + 1
        wanted = before_point - math.floor(math.log10(error)) + 1
        if wanted > digits:
            digits = min(max(wanted, before_point), 17)
    return f"{value:.{digits}g}"


def count(n: float) -> str:
    """Return a number of observations: `1,000 values`, or `12.5 (weighted) values`.

    Examples
    --------
    >>> count(1000.0), count(1.0)
    ('1,000 values', '1 value')
    """
    return f"{amount(n)} value{'' if n == 1 else 's'}"


def amount(n: float) -> str:
    """Return how many there are, weights that are not whole included: `1,000` or `12.5`.

    Examples
    --------
    >>> amount(1000.0), amount(12.5)
    ('1,000', '12.5')
    """
    return f"{n:,.0f}" if n == round(n) else f"{n:,.6g}"


def interval(pair: tuple[float, float] | None) -> str:
    """Return an interval as it is shown: `1.5 to 2.5`."""
    if pair is None:
        return "–"
    width = pair[1] - pair[0]
    return f"{number(pair[0], error=width)} to {number(pair[1], error=width)}"


def frame(columns: Mapping[str, Sequence[object]], library: Library = "polars") -> Any:
    """Return columns as a data frame of polars or pandas.

    Raises
    ------
    MissingExtraError
        If pandas is asked for and not installed.

    Examples
    --------
    >>> frame({"family": ["normal", "gamma"], "weight": [0.75, 0.25]}).shape
    (2, 2)
    """
    if library == "polars":
        import polars as pl

        return pl.DataFrame(columns, strict=False)
    given: object = library
    if given != "pandas":
        raise ParameterError(f'library must be "polars" or "pandas"; got {library!r}.')
    try:
        import pandas as pd
    except ImportError:
        raise MissingExtraError(
            "pandas is not installed: install it, or take the data frame of polars, which "
            "to_frame() gives."
        ) from None
    return pd.DataFrame({name: list(cells) for name, cells in columns.items()})


def text(table: Table, width: int = 80) -> str:
    """Return the table as plain text, title and footer folded at `width` columns."""
    grid = [table.columns, *table.rows]
    widths = [max(len(row[i]) for row in grid) for i in range(len(table.columns))]
    left = _left(table)
    lines = ["  ".join(_cells(row, widths, left)).rstrip() for row in grid]
    folded = [part for line in table.footer for part in textwrap.wrap(line, width) or [""]]
    rule = "─" * min(width, max(len(line) for line in lines))
    title = textwrap.wrap(table.title, width, break_on_hyphens=False)
    return "\n".join([*title, rule, lines[0], rule, *lines[1:], rule, *folded])


def _cells(row: Sequence[str], widths: Sequence[int], left: set[int]) -> list[str]:
    return [
        cell.ljust(width) if i in left else cell.rjust(width)
        for i, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]


def html(table: Table) -> str:
    """Return the table as HTML for a notebook."""
    left = _left(table)
    rows = "".join(f"<tr>{_html_cells('td', row, left)}</tr>" for row in table.rows)
    footer = "<br>".join(markup.escape(line) for line in table.footer)
    return (
        '<table style="border-collapse: collapse; font-variant-numeric: tabular-nums">'
        f'<caption style="{_CAPTION}">{markup.escape(table.title)}</caption>'
        f"<thead><tr>{_html_cells('th', table.columns, left)}</tr></thead>"
        f'<tbody>{rows}</tbody></table><p style="padding: 0 10px">{footer}</p>'
    )


def _html_cells(tag: str, row: Sequence[str], left: set[int]) -> str:
    line = "; border-bottom: 1px solid" if tag == "th" else ""
    return "".join(
        f'<{tag} style="text-align: {"left" if i in left else "right"}; padding: 2px 10px{line}">'
        f"{markup.escape(cell)}</{tag}>"
        for i, cell in enumerate(row)
    )


def _left(table: Table) -> set[int]:
    """Return which columns are set to the left."""
    return {0, *(i for i, column in enumerate(table.columns) if column in table.wrapped)}
