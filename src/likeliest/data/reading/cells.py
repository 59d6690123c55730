"""Cells of text as numbers: decimal marks, words for what is missing, limits, and what is none.

A number is written with a decimal point, and commas between groups of three digits if any, or with
a decimal comma, and points between groups. Which of the two a column follows is read off its
cells; "1,234" alone could be either, and is then refused until `decimal` says which.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import polars as pl

Mark = Literal[".", ","]
Doubt = Literal["none", "mixed", "all"]

_D = "[0-9]"  # \d are those of every script
_EXPONENT = rf"([eE][+-]?{_D}+)?"
_BY_POINT = rf"^[+-]?(([1-9]{_D}{{0,2}}(,{_D}{{3}})+|{_D}+)(\.{_D}*)?|\.{_D}+){_EXPONENT}$"
_BY_COMMA = rf"^[+-]?(([1-9]{_D}{{0,2}}(\.{_D}{{3}})+|{_D}+)(,{_D}*)?|,{_D}+){_EXPONENT}$"
_INFINITE = r"^[+-]?(inf|infinity)$"
_LIMIT = r"^(<=?|>=?|≤|≥)\s*(.*\d.*)$"
_AT_LEAST = r"^([^+]*\d)\s*\+$"  # of survival times: 7+ is more than 7
_FORMULA = r'^="([^"]*)"$'  # with which a spreadsheet keeps text as it is
_BLANKS = "\u00a0\u2007\u2009\u202f"
_GROUP_MARKS = rf"(\d)[ '’{_BLANKS}](\d{{3}})"
_GROUPED = rf"^\D*[1-9]\d?\d?([ '’{_BLANKS}]\d{{3}})+(\D.*)?$"
_EDGES = f' \t\r"{_BLANKS}\ufeff\u200b'
MISSING = frozenset({
    "", "na", "n/a", "#n/a", "#nv", "<na>", "nan", "-nan", "null", "none", "nil", "nat", "missing",
    "-", "--", "–", "—", ".", "..", "?", "\\n", "n.a.", "n.a", "k.a.", "#na", "(na)", "(null)",
    "#null!", *(f".{letter}" for letter in "_abcdefghijklmnopqrstuvwxyz"),  # SAS's and Stata's
})  # fmt: skip
_LONGEST_SHOWN = 40
_GLANCE = 1_000  # cells in which a decimal point mostly shows


@dataclass(frozen=True, slots=True)
class Parsed:
    """A column of text, cell by cell.

    Parameters
    ----------
    numbers : Series of float
        Null where a cell holds none; the bound, where it holds a limit.
    signs : Series of text
        "<" where the value is known to be below the number, ">" above it, else empty.
    bad : Series of bool
        Cells that are neither numbers nor limits nor words for a missing value.
    trouble : str
        Why the numbers cannot be trusted although each cell can be read; mostly empty.
    """

    numbers: pl.Series
    signs: pl.Series | None
    bad: pl.Series
    trouble: str = ""

    @property
    def usable(self) -> bool:
        """Whether every cell is a number, a limit or missing, and the decimal mark is known."""
        return not self.trouble and not bool(self.bad.any())


def parse(
    cells: pl.Series,
    decimal: Mark | None = None,
    usual: Mark | None = None,
    *,
    doubt: Doubt = "none",
) -> Parsed:
    """Read a column of text.

    Parameters
    ----------
    cells : Series of text
    decimal : {".", ","}, optional
        The decimal mark, where the user has said it.
    usual : {".", ","}, optional
        The mark that other columns of the same file follow.
    doubt : {"none", "mixed", "all"}
        Whether "1.250" may be 1250 if no cell of the column says otherwise: never, beside whole
        numbers below 1000, or always.
    """
    import polars as pl

    cells = cells.alias("cell")
    doubtful = doubt != "none" and decimal is None and not _has_fractions(cells.head(_GLANCE))
    plain = None if doubtful else _plainly(cells, decimal or usual or ".")
    if plain is not None:
        return Parsed(plain.fill_nan(None), None, pl.repeat(False, len(cells), eager=True))
    odd = cells.cast(pl.Float64, strict=False).is_null() & cells.is_not_null()
    tidy = _tidied(cells, odd)
    missing = tidy.str.to_lowercase().is_in([*MISSING]) | tidy.is_null()
    limits = tidy.str.contains(_LIMIT).fill_null(value=False) & ~missing
    signs = None
    if limits.any():
        signs = tidy.str.extract(r"^([<>≤≥])").replace({"≤": "<", "≥": ">"})
        signs = signs.set(~limits, "").fill_null("")
        tidy = tidy.str.extract(_LIMIT, 2).zip_with(limits, tidy)
    numbers, bad, trouble = _by_mark(tidy, missing, decimal, usual)
    trouble = trouble or (_doubt(tidy, alone=doubt == "all") if doubtful and usual is None else "")
    return Parsed(numbers.fill_nan(None), signs, bad, trouble)


def _plainly(cells: pl.Series, mark: Mark) -> pl.Series | None:
    """Return numbers where each cell plainly is one or missing; None where more is to be seen."""
    import polars as pl

    if mark == ",":
        if cells.str.contains(".", literal=True).any():
            return None
        plain = cells.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    else:
        plain = cells.cast(pl.Float64, strict=False)
    odd = plain.is_null() & cells.is_not_null()
    words = cells.filter(odd).unique()
    if len(words) > len(MISSING) or any(_tidy(word).lower() not in MISSING for word in words):
        return None
    return plain


def is_number(text: str) -> bool:
    """Whether a cell is written as a number, with either mark, or stands for one.

    Examples
    --------
    >>> [is_number(cell) for cell in ("1,5", "1,250.00", "<5", "NA", "width", "12 mm", "")]
    [True, True, True, True, False, False, False]
    """
    cell = _tidy(text)
    return bool(cell) and (cell.lower() in MISSING or _is_figure(cell))


def is_plain_fraction(text: str) -> bool:
    """Whether a cell is a number that no header would be: one with decimals, a sign or a limit."""
    return is_number(text) and not re.fullmatch(r"\d+", text.strip(_EDGES))


def could_be_pair(text: str, decimal: Mark | None = None) -> bool:
    """Whether a line is a number with a decimal comma, or with commas between thousands.

    With the decimal mark that is told only the one, or the other.
    """
    cell = _tidy(text)
    by_comma = decimal != "." and bool(re.search(_BY_COMMA, cell))
    by_point = decimal != "," and bool(re.search(_BY_POINT, cell))
    return "," in cell and (by_comma or by_point)


def mark_of(cells: list[str]) -> Mark | None:
    """Return the decimal mark that cells of a file agree on; None where they do not say."""
    marks: set[Mark] = set()
    for cell in map(_tidy, cells):
        comma, point = bool(re.search(_BY_COMMA, cell)), bool(re.search(_BY_POINT, cell))
        if comma != point:
            marks.add("," if comma else ".")
    return marks.pop() if len(marks) == 1 else None


def shown(text: str) -> str:
    """Return a cell in quotes, shortened where it is long."""
    return repr(text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…")


def advice(text: str) -> str:
    """Say what a cell that is no number looks like, and what to do; empty where nothing is known.

    Examples
    --------
    >>> advice("12 mm")
    "A unit, 'mm'? Write the numbers alone, and the unit in the header."
    """
    cell = _tidy(text)
    for pattern, said in _ADVICE:
        found = re.search(pattern, cell, re.IGNORECASE)
        if found:
            return said.format(*found.groups())
    return ""


_NUMBER = r"[+-]?[\d.,]*\d[\d.,]*"
_MONTH = "(?:jan|feb|m[aä]r|apr|ma[yi]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-z]*"
_ADVICE = (
    (
        r"^\d{4}-\d\d?-\d\d?|^\d\d?[./]\d\d?[./]\d{2,4}"
        rf"|^\d\d?[-. ]{_MONTH}\b|^{_MONTH}[-. ]\d\d?\b",
        "A date? Turn it into a number of one unit.",
    ),
    (
        r"^\d+:\d\d|^-?\d+ days?\b",
        "A time? Turn it into a number of one unit, such as minutes.",
    ),
    (
        rf"^{_NUMBER} ?%$",
        "A percentage? Write the numbers alone: 12 for 12 %, or 0.12 where shares are meant.",
    ),
    (
        rf"^[+-]?\(?[$€£¥] ?{_NUMBER}\)?$|^{_NUMBER} ?[$€£¥]$|^[A-Z]{{3}} ?{_NUMBER}$",
        "A currency sign? Write the numbers alone.",
    ),
    (r"^[+-]?\d{1,2}(?:,\d\d)+,\d{3}(?:\.\d*)?$", "Commas between lakhs? Leave them out."),
    (r"^0x[0-9a-f]+$", "A hexadecimal number? Write it with decimal digits."),
    (rf"^{_NUMBER} ?[×x*·] ?10", "A power of ten? Write 1.5e3 for 1.5×10^3."),
    (rf"^{_NUMBER}-$", "A minus behind the number? Write it before."),
    (rf"^[~≈] ?{_NUMBER}$", "A value that is about so? Write the number alone."),
    (rf"^{_NUMBER} ?(?:\*+|†|‡|\[\w+\])$", "A mark of a footnote? Write the number alone."),
    (rf"^{_NUMBER} ?\({_NUMBER}\)$", "A value with its error in brackets? Write the value alone."),
    (r"^\d+ ?/ ?\d+$|[½⅓⅔¼¾]", "A fraction? Write it with decimals."),
    (
        rf"^[\[(] ?{_NUMBER} ?[,;] ?{_NUMBER} ?[\])]$",
        "An interval? Write its two ends into two columns, and name them by lower= and upper= "
        "(in Python lk.observe takes a pandas column of intervals as it is).",
    ),
    (rf"^[\[(] ?{_NUMBER}$|^{_NUMBER} ?[\])]$", "Half an interval? Put it in double quotes."),
    (r"^[\[{].*[\]}]$", "Several values in one? Write each into a cell of its own."),
    (rf"^\({_NUMBER}\)$", "Brackets for a negative number? Write a minus sign."),
    (rf"^{_NUMBER} ?± ?{_NUMBER}$", "A value with its error? Write the value alone."),
    (
        rf"^{_NUMBER} ?(?:-|–|to|\.\.) ?{_NUMBER}$",
        "A range? Write its two ends into two columns.",
    ),
    (rf"^{_NUMBER}[dD][+-]?\d+$", "An exponent of Fortran's? Write e in place of d."),
    (r"^\d{1,3}(?:_\d{3})+$", "Underscores between thousands? Leave them out."),
    (r"^#\w+[/!?\d]*$", "An error value of a spreadsheet? Correct it there."),
    (
        r"^(?:nd|n\.d\.|bdl|lod|<lod|<loq|<dl|bql|not detected)$",
        "Below a detection limit? Write the limit, such as <5, and give limits=True in lk.read.",
    ),
    (r"^(?:true|false|yes|no|t|f)$", "Yes and no? Write 1 and 0."),
    (
        rf"^{_NUMBER} ?([^\W\d_][^\d]*|°.*)$",
        "A unit, '{0}'? Write the numbers alone, and the unit in the header.",
    ),
    (rf"^{_NUMBER}\s+{_NUMBER}(?:\s|$)", "Several numbers? Write one a cell."),
    (r"^'.*'$", "Single quotes? Use double ones, or none."),
)


def _tidy(text: str) -> str:
    """Return a cell without blanks about it and between thousands, its minus a plain one."""
    cell = text.strip()
    if cell.startswith("="):
        cell = re.sub(_FORMULA, r"\1", cell)
    cell = cell.strip(_EDGES)
    if cell.endswith("+"):
        cell = re.sub(_AT_LEAST, r">\1", cell)
    if cell.isascii() and " " not in cell and "'" not in cell:
        return cell
    cell = re.sub(r"^([<>≤≥=\s]*)[−–](?=[\d.,])", r"\1-", cell)
    if not re.search(_GROUPED, cell):
        return cell
    return re.sub(_GROUP_MARKS, r"\1\2", re.sub(_GROUP_MARKS, r"\1\2", cell))


def _tidied(cells: pl.Series, odd: pl.Series) -> pl.Series:
    """Return the cells with those that are odd made tidy, as `_tidy` does."""
    some = cells.filter(odd).str.strip_chars(" \t\r")
    some = some.str.replace(_FORMULA, "${1}").str.strip_chars(_EDGES)
    some = some.str.replace(_AT_LEAST, ">${1}")
    some = some.str.replace(r"^([<>≤≥=\s]*)[−–]([\d.,])", "${1}-${2}")
    grouped = some.str.contains(_GROUPED).fill_null(value=False)
    joined = some
    for _ in range(2):  # groups that share a digit need a second pass
        joined = joined.str.replace_all(_GROUP_MARKS, "${1}${2}")
    some = joined.zip_with(grouped, some)
    return cells if some.is_empty() else cells.scatter(odd.arg_true(), some)


def _is_figure(cell: str) -> bool:
    limit = re.match(_LIMIT, cell)
    number = limit.group(2) if limit else cell
    return any(
        re.match(pattern, number, re.IGNORECASE) for pattern in (_BY_POINT, _BY_COMMA, _INFINITE)
    )


def _by_mark(
    tidy: pl.Series, missing: pl.Series, decimal: Mark | None, usual: Mark | None
) -> tuple[pl.Series, pl.Series, str]:
    """Return the numbers, which cells are none, and why they cannot be trusted, if so."""
    import polars as pl

    point = tidy.str.contains(_BY_POINT).fill_null(value=False) & ~missing
    comma = tidy.str.contains(_BY_COMMA).fill_null(value=False) & ~missing
    infinite = tidy.str.to_lowercase().str.contains(_INFINITE).fill_null(value=False)
    marked = tidy.str.contains(r"[.,]").fill_null(value=False)
    by_point, by_comma = (point & ~comma).any(), (comma & ~point).any()
    either = point & comma & marked
    trouble = ""
    mark = decimal or ("," if by_comma else "." if by_point else usual)
    if decimal is None and by_comma and by_point:
        trouble = _mixed(tidy, point & ~comma, comma & ~point)
    elif mark is None and (either & tidy.str.contains(",", literal=True)).any():
        trouble = _unclear(str(tidy.filter(either)[0]))
    used = comma if mark == "," else point
    bad = ~(used | missing | infinite)
    if mark == ",":
        numbers = tidy.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    else:
        numbers = tidy.str.replace_all(",", "", literal=True)
    values = numbers.set(bad | missing, None).cast(pl.Float64, strict=False)
    return values, bad | (values.is_null() & ~missing), trouble


def _has_fractions(cells: pl.Series) -> bool:
    """Whether some cell has a decimal point that cannot part thousands."""
    return bool((cells.str.contains(_BY_POINT) & ~cells.str.contains(_BY_COMMA)).any())


def _doubt(cells: pl.Series, *, alone: bool) -> str:
    """Say so where points may part thousands: none has other than three digits after it."""
    grouped = cells.str.contains(r"^[+-]?[1-9][0-9]{0,2}\.[0-9]{3}$").fill_null(value=False)
    small = cells.str.contains(r"^[+-]?[0-9]{1,3}$").fill_null(value=False)
    doubtful = grouped.any() and (alone or small.any()) and not _has_fractions(cells)
    return _unclear(str(cells.filter(grouped)[0])) if doubtful else ""


def _mixed(cells: pl.Series, point: pl.Series, comma: pl.Series) -> str:
    first, second = int(point.arg_true()[0]), int(comma.arg_true()[0])
    return (
        f"has decimal points and decimal commas: row {first} is {shown(cells[first])}, row "
        f"{second} is {shown(cells[second])} (counting from 0). Write them alike."
    )


def _unclear(cell: str) -> str:
    by_comma, by_point = cell.replace(".", "").replace(",", "."), cell.replace(",", "")
    return (
        f"has cells such as {shown(cell)}, which could be {by_comma} or {by_point}. Say which "
        "mark is the decimal one: decimal=',' or decimal='.' in lk.read."
    )
