"""How a text of cells is laid out: its separator, its header, what stands above and below it.

There is one opinion of the first line: it is formed here, from the beginning of the text, and the
parser of the rows is told what to skip and what the columns are called.
"""

from __future__ import annotations

import csv
import itertools
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from likeliest.data.reading import cells
from likeliest.data.reading.separator import (
    are_row_names,
    is_parted_by_blanks,
    separator_of,
    split,
)
from likeliest.data.reading.units import is_unit
from likeliest.errors import ReadError

if TYPE_CHECKING:
    from likeliest.data.reading.cells import Mark

_LOOKED_AT = 200  # lines
_BESIDE_NAMES = ' \t"\ufeff\u200b\u00a0'
_NO_REMARK = re.compile(r"#\s*([,;\t|]|$)|#[A-Z]+[/!?]")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the rows of a text begin, and what its columns are called.

    Parameters
    ----------
    separator : str
        What parts the cells; empty where there is one cell a line.
    names : tuple of str
    skipped : int
        Lines above the first row.
    named : bool
        Whether a line of the text gave the names.
    commented : bool
        Whether lines that begin with "#" are left out.
    blanks : bool
        Whether any run of blanks parts the cells.
    units : tuple of str
        What the line of units says; empty where there is none.
    usual : {".", ","}, optional
        The decimal mark that the cells agree on.
    either : str
        What to say where the first line could be a header or a row; empty where it is clear.
    """

    separator: str
    names: tuple[str, ...]
    skipped: int
    named: bool
    commented: bool = False
    blanks: bool = False
    units: tuple[str, ...] = ()
    usual: Mark | None = None
    either: str = ""


@dataclass(frozen=True, slots=True)
class _Record:
    """The cells of a record, how many lines stand above it, and the number of its last line.

    Next is one between which and the record before nothing but blank lines stand.
    """

    cells: tuple[str, ...]
    above: int
    line: int
    quoted: bool = False
    is_next: bool = True


def layout_of(
    head: str,
    where: str,
    *,
    column: str | None = None,
    decimal: Mark | None = None,
    separator: str | None = None,
) -> Layout:
    """Form the one opinion of how a text is laid out, from its first lines.

    Parameters
    ----------
    head : str
        The beginning of the text, whole lines.
    where : str
        What messages call the file.
    column : str, optional
        The column asked for: a first line that holds it is a header.
    decimal : {".", ","}, optional
        The decimal mark, where the user has said it.
    separator : str, optional
        What parts the cells, where the ending of the file says so.
    """
    lines = head.replace("\r\n", "\n").split("\n")
    first = 0
    told = re.fullmatch(r"sep=(.)", lines[0].strip(" \r"))
    if told:
        separator, first = told.group(1), 1
    marked = [line for line in lines if line.startswith("#")] if "#" in head else []
    commented = bool(marked) and all(map(_is_comment, marked))
    rows = (line for line in lines[first:] if line.strip() and not _is_comment(line))
    shown = [*itertools.islice(rows, _LOOKED_AT)]
    if not shown:
        raise ReadError(f"{where} holds no values.")
    blanks = False
    if separator is None:
        separator = separator_of(shown, where, column, decimal)
        blanks = separator == "" and is_parted_by_blanks(shown, where)
    records = _records(lines, first, " " if blanks else separator, where)
    found = _layout(records, separator, where, column, decimal, blanks=blanks)
    found = replace(found, commented=commented, blanks=blanks)
    return _with_comment_as_header(found, lines, separator)


def _is_comment(line: str) -> bool:
    """Whether a line is a remark: not a header with a column "#", not a spreadsheet's "#N/A"."""
    return line.startswith("#") and _NO_REMARK.match(line) is None


def _records(lines: list[str], first: int, separator: str, where: str) -> list[_Record]:
    """Return the first records with cells in them, each with the line that it ends on."""
    records: list[_Record] = []
    kept = lines[first : first + 2 * _LOOKED_AT]
    reader = csv.reader(
        (("" if _is_comment(line) else line) + "\n" for line in kept),
        delimiter=separator or "\x1f",
        skipinitialspace=separator == " ",
    )
    above, is_next = first, True
    try:
        for row in reader:
            if separator == " " and row and row[-1] == "":
                row = row[:-1]  # noqa: PLW2901  (blanks at the end)
            if any(cell.strip() for cell in row):
                quoted = lines[above].lstrip().startswith('"')
                line = first + reader.line_num
                records.append(_Record(tuple(row), above, line, quoted, is_next))
                is_next = True
            elif row:
                is_next = False
            above = first + reader.line_num
    except csv.Error as error:
        raise ReadError(
            f"{where} cannot be read as a table: line {first + reader.line_num}: {error}."
        ) from None
    if not records:
        raise ReadError(f"{where} holds no values.")
    return records


def _layout(
    records: list[_Record],
    separator: str,
    where: str,
    column: str | None,
    decimal: Mark | None,
    *,
    blanks: bool,
) -> Layout:
    """Find the header among the first records, and where the rows begin."""
    widths = Counter(len(record.cells) for record in records)
    width = max(widths, key=lambda w: (widths[w], w))
    if width == 1 and separator and len(records) > 1:
        width = len(records[-1].cells)
    index = _above_one_column(records) if width == 1 else _first_of_width(records, width)
    index = _header_with(column, records, index)
    above = records[index - 1] if index else None
    first = records[index]
    usual = None if separator == "," else _usual(records[index + 1 :])
    names, named, either = _names(first, records[index + 1 :], column)
    if above is not None and not named and width > 1:
        given = _names_of_other_width(above, records[index:], separator, decimal, where)
        if given is not None:
            return Layout(separator, given, above.line, named=True, usual=usual)
    below = records[index + 1 :] if named else []
    skipped = first.line if named else first.above
    if below and width > 1 and below[0].is_next:  # blank lines below the header are no rows
        skipped = below[0].above
    units = _units(below[0], below[1:]) if below else ()
    if units:
        skipped = below[0].line
    if not named and width > 1 and len(records) == 1 and column is None:
        raise ReadError(
            f"{where} has several numbers on line {first.line} and no other: write one a line."
        )
    return Layout(
        separator, names, skipped, named, units=units, usual=usual, either=either, blanks=blanks
    )


def _usual(records: list[_Record]) -> Mark | None:
    return cells.mark_of([cell for record in records for cell in record.cells])


def _first_of_width(records: list[_Record], width: int) -> int:
    """Return the first record of this width, but for titles: one cell filled, above names."""
    index = next(i for i, record in enumerate(records) if len(record.cells) == width)
    for i, record in enumerate(records[index:-1], index):
        below = [cell for cell in records[i + 1].cells if cell.strip()]
        is_title = sum(bool(cell.strip()) for cell in record.cells) == 1
        is_above_names = len(below) > 1 and not any(map(cells.is_number, below))
        is_above_title = len(below) == 1 and i + 2 < len(records) and not cells.is_number(below[0])
        if not (is_title and (is_above_names or is_above_title)):
            return i
    return index


def _header_with(column: str | None, records: list[_Record], index: int) -> int:
    """Return which record is the header: one further below where it names the column asked for.

    Above it may stand what an instrument writes of itself, in as many cells.
    """
    named = [[cell.strip(_BESIDE_NAMES) for cell in record.cells] for record in records]
    if column is None or column in named[index]:
        return index
    for i in range(index + 1, len(records) - 1):
        if column in named[i] and len(named[i]) == len(named[i + 1]):
            below = named[i + 1][named[i].index(column)]
            is_header = not any(map(cells.is_number, named[i])) and cells.is_number(below)
            return i if is_header else index
    return index


def _above_one_column(records: list[_Record]) -> int:
    """Return which of the first records of one cell each is the header or the first row.

    Of two lines of words above numbers the first is a title where it is a sentence or a blank line
    follows it, and the second no unit.
    """
    words = [not cells.is_number(record.cells[0]) for record in records[:3]]
    if words[:2] != [True, True] or words[2:] != [False]:
        return 0
    title, name = records[0], records[1]
    is_title = " " in title.cells[0].strip() or name.line > title.line + 1
    return 1 if is_title and not is_unit(name.cells[0]) else 0


def _names(
    first: _Record, rows: list[_Record], column: str | None
) -> tuple[tuple[str, ...], bool, str]:
    """Return the columns' names, whether the record holds them, and what to say if it may."""
    held = tuple(cell.strip(_BESIDE_NAMES) for cell in first.cells)
    made = tuple(f"column_{i}" for i in range(len(held)))
    figures = [cells.is_number(cell) for cell in held]
    if column in {*held, *made}:
        return (held, True, "") if column in held else (made, False, "")
    filled = [f for f, cell in zip(figures, held, strict=True) if cell]
    if not any(filled):
        return held, True, ""
    if len(held) == 1:
        below = [row.cells[0].strip(' \t"') for row in rows]
        return (
            ("",),
            False,
            _either(first.line, held[0], made[0]) if _stands_out(held[0], below) else "",
        )
    if _is_numbered(held, rows):
        return held, True, ""
    all_figures = all(filled) and not _could_be_labels(held, rows)
    if all_figures or any(map(cells.is_plain_fraction, held)):
        return made, False, ""
    i = next(i for i, figure in enumerate(figures) if figure)
    return made, False, _either(first.line, held[i], made[i])


def _either(line: int, name: str, made: str) -> str:
    return (
        f"Line {line} could be a header or the first row: column={name!r} says that it is a "
        f"header, column={made!r} that it is a row."
    )


def _is_numbered(held: tuple[str, ...], rows: list[_Record]) -> bool:
    """Whether columns are called 0, 1, 2, … beside a nameless one of labels, as pandas writes."""
    numbers = [str(i) for i in range(len(held) - 1)]
    return held[0] == "" and [*held[1:]] == numbers and all(row.cells[0].strip() for row in rows)


def _stands_out(first: str, below: list[str]) -> bool:
    """Whether a whole number stands above numbers that all have decimals: a year, or pandas' 0."""
    decimals = {len(found.group(1)) if found else 0 for found in map(_DECIMALS.search, below)}
    if not first.isdigit() or 0 in decimals or len(below) < 3:
        return False
    if first == "0" or re.fullmatch("(19|20)[0-9][0-9]", first):
        return True
    if len(decimals) != 1:
        return False
    [number] = decimals
    return number > 1 or (number == 1 and len(below) >= 10)


_DECIMALS = re.compile(r"[.,](\d+)(?:[eE][+-]?\d+)?$")


def _could_be_labels(held: tuple[str, ...], rows: list[_Record]) -> bool:
    """Whether whole numbers could be names of columns: each is another, and none comes below."""
    below = {cell.strip() for row in rows for cell in row.cells}
    return len(set(held)) == len(held) and not below & set(held) and len(rows) > 0


def _names_of_other_width(
    above: _Record, rows: list[_Record], separator: str, decimal: Mark | None, where: str
) -> tuple[str, ...] | None:
    """Return the names in a header that has one cell less, or more, than the rows; or refuse it."""
    width, given = len(rows[0].cells), tuple(cell.strip(' "') for cell in above.cells)
    if len(given) < 2 and width > 2:
        return None  # a title
    if any(map(cells.is_number, given)):
        return None
    if len(given) == width - 1:
        if all(row.cells[-1].strip() == "" for row in rows):
            return (*given, "")
        alike = all(len(row.cells) == width for row in rows)
        labels = [row.cells[0].strip() for row in rows]
        cut = separator == "," and _are_cut_apart(rows, decimal)
        if alike and are_row_names(labels) and not cut:
            return ("", *given)
    if len(given) < 2 and separator != ",":
        return None
    names = "" if len(given) != width - 1 else (
        " If the first cells are the names of rows that R writes, give them a name in line "
        f"{above.line}."
    )  # fmt: skip
    raise ReadError(
        f"{where}: line {above.line} has {len(given)} {'cell' if len(given) == 1 else 'cells'}, "
        f"and line {rows[0].line} has {width}. Are there decimal commas, or commas between "
        f"thousands? Put such cells in double quotes, or part the cells by semicolons.{names}"
    )


def _are_cut_apart(rows: list[_Record], decimal: Mark | None) -> bool:
    """Whether each row has two cells side by side that could be one number with a comma in it.

    Blanks may part the first of the two from what stands before it. Numbers that R has put in
    quotes are names of rows, and no part of another.
    """
    numbered = all(row.quoted and row.cells[0].strip().isdigit() for row in rows)
    return not numbered and all(
        any(
            cells.could_be_pair(f"{first.rpartition(' ')[2]},{second}", decimal)
            for first, second in itertools.pairwise(cell.strip() for cell in row.cells)
        )
        for row in rows
    )


def _units(candidate: _Record, rows: list[_Record]) -> tuple[str, ...]:
    """Return the units that a record holds, empty if it is a row: numbers stand below one."""
    held = tuple(cell.strip() for cell in candidate.cells)
    over_numbers = [
        cell for i, cell in enumerate(held)
        if cell and rows and i < len(rows[0].cells) and cells.is_number(rows[0].cells[i])
    ]  # fmt: skip
    some = any(is_unit(cell) and cell != "-" for cell in over_numbers)
    if not some or not all(is_unit(cell) for cell in held if cell):
        return ()
    return tuple("" if cell == "-" else cell.strip("[]() ") for cell in held)


def _with_comment_as_header(found: Layout, lines: list[str], separator: str) -> Layout:
    """Take the names of unnamed columns from the remark above them, where it has as many words."""
    above = lines[found.skipped - 1] if 0 < found.skipped <= len(lines) else ""
    if found.named or len(found.names) < 2 or not found.commented:
        return found
    remarks = [line for line in lines[: _first_row(lines)] if _is_comment(line)]
    above = remarks[-1].lstrip("# ") if remarks else ""
    parts = above.split() if found.blanks else split(above, separator or " ")
    names = tuple(part.strip(' "') for part in parts)
    if len(names) != len(found.names) or any(map(cells.is_number, names)):
        return found
    return replace(found, names=names, named=True, either="")


def _first_row(lines: list[str]) -> int:
    return next((i for i, x in enumerate(lines) if x.strip() and not _is_comment(x)), len(lines))
