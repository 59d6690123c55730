"""Find the separator of cells: a mark, runs of blanks, or none where a line is one number."""

from __future__ import annotations

import csv
import itertools
import re
from collections import Counter
from typing import TYPE_CHECKING

from likeliest.data.reading import cells
from likeliest.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from likeliest.data.reading.cells import Mark

_SEPARATORS = ("\t", ";", "|", ",")  # a comma last: it may be a decimal mark
_GROUPED = r"[1-9][0-9]{0,2}( [0-9]{3})+"


def separator_of(lines: list[str], where: str, column: str | None, decimal: Mark | None) -> str:
    """Return what parts the cells; empty where there is one a line."""
    if _are_decimal_commas(lines, where, column, decimal):
        return ""
    best, share = "", 0.0
    for candidate in _SEPARATORS:
        counts = Counter(len(split(line, candidate)) for line in lines)
        several = [(n, width) for width, n in counts.items() if width > 1]
        if several and max(several)[0] / len(lines) > share + 0.05:
            best, share = candidate, max(several)[0] / len(lines)
    if best == "," and _are_parted_twice(lines):
        raise ReadError(
            f"{where} has lines such as {cells.shown(lines[-1])}: parted by blanks, with decimal "
            "commas, or by commas? Part the cells by semicolons or tabs."
        )
    return best if share >= 0.4 else ""


def _are_parted_twice(lines: list[str]) -> bool:
    """Whether blanks part as many numbers on each line too, the commas in them decimal."""
    rows = [line.split() for line in lines[1:] or lines]
    alike = len(rows[0]) > 1 and all(len(row) == len(rows[0]) for row in rows)
    return alike and all(
        cells.is_number(cell) and not cell.endswith(",") for row in rows for cell in row
    )


def _are_decimal_commas(
    lines: list[str], where: str, column: str | None, decimal: Mark | None
) -> bool:
    """Whether each line is one number, the commas in it decimal or between thousands."""
    rows = [line.strip() for line in lines]
    header = [] if cells.is_number(rows[0]) or cells.could_be_pair(rows[0]) else [rows.pop(0)]
    figures = [row for row in rows if cells.is_number(row)]
    marked = [row for row in figures if cells.could_be_pair(row)]
    if not marked or len(figures) < len(rows):
        return False
    quoted = all(row.startswith('"') and row.endswith('"') for row in marked)
    if quoted or (decimal is not None and column is None):
        return True
    widths = {row.count(",") for row in figures}
    if header:
        return "," not in header[0]
    if len(widths) > 1 or column is not None:
        return column is None
    raise ReadError(
        f"{where} has lines such as {cells.shown(marked[0])}: one number a line, or "
        f"{widths.pop() + 1} columns? For numbers say which mark is the decimal one: decimal="
        "',' or decimal='.' in lk.read; for columns name one: column='column_0'."
    )


def is_parted_by_blanks(lines: list[str], where: str) -> bool:
    """Whether runs of blanks part the cells: as many on each line, with numbers in two or more.

    One number and a word are a value and its unit, unless a header has a name for both.
    """
    rows = [BY_BLANKS.findall(line) for line in lines]
    width = len(rows[-1])
    if width < 2 or any(len(row) != width for row in rows[1:]):
        _require_no_ragged_rows(rows, where)
        return False
    if len(rows[0]) == 1 and all(re.fullmatch(_GROUPED, line.strip()) for line in lines[1:]):
        raise ReadError(
            f"{where} has lines such as {cells.shown(lines[1])}: one number, or two? Write it "
            "without blanks, or a header with a name for each."
        )
    columns = [*zip(*rows[1:], strict=True)]
    are_figures = [all(map(cells.is_number, column)) for column in columns]
    if len(rows) == 1:
        return all(map(cells.is_number, rows[0]))
    named = not any(map(cells.is_number, rows[0]))
    if len(rows[0]) == width:
        return sum(are_figures) >= (1 if named else 2)
    has_names = len(rows[0]) == width - 1 and named and are_row_names(columns[0])
    if not (has_names and any(are_figures[1:])):
        return False
    if all(any(map(_are_thousands, row, row[1:])) for row in rows[1:]):
        raise ReadError(
            f"{where}: line 1 has {len(rows[0])} names, and lines such as "
            f"{cells.shown(lines[1])} have {width} cells. Are there blanks between thousands? "
            "Leave them out. If the first cells are the names of rows that R writes, give them a "
            "name in line 1."
        )
    return True


def _require_no_ragged_rows(rows: list[list[str]], where: str) -> None:
    """Raise where blanks seem to part cells, names above numbers, but not as many on each line."""
    if len(rows[0]) < 2 or any(map(cells.is_number, rows[0])):
        return
    if all(len(row) > 1 and any(map(cells.is_number, row)) for row in rows[1:]):
        at = next(i for i, row in enumerate(rows[1:], 1) if len(row) != len(rows[0]))
        raise ReadError(
            f"{where} seems to be parted by blanks, but there are {len(rows[0])} names and "
            f"{len(rows[at])} cells in {cells.shown(' '.join(rows[at]))}. Put cells with blanks in "
            "them in double quotes, and NA for empty ones."
        )


BY_BLANKS = re.compile(r'"[^"]*"|[^ \t\r]+')


def are_row_names(labels: Sequence[str]) -> bool:
    """Whether cells are the names that R gives to rows: all words, or whole numbers that rise."""
    plain = [label.strip('" ') for label in labels]
    if all(re.fullmatch("[0-9]{1,15}", label) for label in plain):
        numbers = [*map(int, plain)]
        return all(a < b for a, b in itertools.pairwise(numbers))
    return len(set(plain)) == len(plain) and not any(map(cells.is_number, plain))


def _are_thousands(first: str, second: str) -> bool:
    """Whether two cells could be one number with a blank between its thousands."""
    return bool(
        re.fullmatch("[+-]?[1-9][0-9]{0,2}", first)
        and re.fullmatch("[0-9]{3}([.,][0-9]*)?", second)
    )


def split(line: str, separator: str) -> list[str]:
    """Return the cells of a line; the whole line where its quotes make no sense."""
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return [line]
