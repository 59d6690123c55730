"""Read the numbers of one column of a table, or say which cells are none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from likeliest.data.column import Column
from likeliest.data.reading import cells
from likeliest.data.reading.foot import require_no_summary
from likeliest.data.vectors import LARGEST_COUNT
from likeliest.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from likeliest.data.reading.cells import Parsed
    from likeliest.data.reading.table import Table
    from likeliest.data.reading.written import MissingCode
    from likeliest.numerics.arrays import Array

Missing = Literal["raise", "drop"]

_DECIDE = (
    "Decide what they mean: nothing is dropped silently. If they are missing at random, "
    'missing="drop" leaves them out and says how many.'
)
_LIMITS = (
    "A number with < or > before it, or + behind it, is a limit: limits=True in lk.read "
    "takes it for a value known to be below or above."
)
_NO_LIMITS = (
    "A limit goes with a column of values and limits=True in lk.read. Of bounds write the number "
    "alone, and leave the open end empty."
)
_CODES = frozenset({-99.0, -99.9, -99.99, -999.0, -999.9, -999.99, -9999.0, -9999.9, -99999.0})
_HIGH_CODES = frozenset({99.0, 999.0, 9999.0, 99999.0, 99.9, 999.9, 9999.9, 99.99, 999.99})
_YES, _NO = ("true", "t", "yes", "y"), ("false", "f", "no", "n")


def require_missing(missing: object) -> None:
    """Raise unless it says what becomes of cells that are missing."""
    if not (isinstance(missing, str) and missing in {"raise", "drop"}):
        raise ReadError(f"missing must be 'raise' or 'drop'; got {missing!r}.")


def column_of(table: Table, position: int, *, missing: Missing, limits: bool = False) -> Column:
    """Read the numbers of a column, or say which cells are none."""
    where, numbers, signs = _read(table, position)
    if signs is not None and not limits:
        raise _not_a_number(signs != "", as_text(table.columns([position])[0]), where, _LIMITS)
    name, unit = table.names[position], table.units[position] if table.units else ""
    total = len(numbers)
    numbers, rows = _present(numbers, where, missing, lambda: table.columns([position])[0])
    values = np.ascontiguousarray(numbers.to_numpy())
    lower = upper = None
    if signs is not None:
        kept = (signs if rows is None else signs.gather(rows)).to_numpy()
        lower = np.where(kept == "<", -np.inf, values)
        upper = np.where(kept == ">", np.inf, values)
    return Column(name, values, lower, upper, rows, total - values.size, unit)


def floats_of(table: Table, position: int) -> Array:
    """Return the numbers of a column that stands beside another: NaN where a cell is missing."""
    where, numbers, signs = _read(table, position)
    if signs is not None:
        raise _not_a_number(signs != "", as_text(table.columns([position])[0]), where, _NO_LIMITS)
    return np.ascontiguousarray(numbers.fill_null(np.nan).to_numpy())


def events_of(table: Table, position: int) -> Array:
    """Return a column of events as 1 and 0, of true and false and of yes and no too."""
    import polars as pl

    series = table.column(position)
    if series.dtype == pl.Boolean:
        return series.cast(pl.Float64).fill_null(np.nan).to_numpy()
    if not is_text(series):
        return floats_of(table, position)
    words = as_text(series).str.strip_chars().str.to_lowercase()
    filled = words.filter(~words.is_in(cells.MISSING)).drop_nulls()
    codes = filled.unique().sort().to_list()
    if codes and set(codes) <= {*_YES, *_NO}:
        said = words.replace_strict({**dict.fromkeys(_YES, 1.0), **dict.fromkeys(_NO, 0.0)},
                                    default=np.nan, return_dtype=pl.Float64)  # fmt: skip
        return said.fill_null(np.nan).to_numpy()
    if all(map(cells.is_number, codes)):
        return floats_of(table, position)
    spelt = as_text(series).filter(words.is_in(filled.implode()))
    found = ", ".join(map(cells.shown, spelt.unique(maintain_order=True)[:3]))
    raise ReadError(
        f"{_called(table, position)}: an event is 1, true or yes where the value itself was seen, "
        f"and 0, false or no where it is right-censored; the cells are {found}. Write them so."
    )


def _called(table: Table, position: int) -> str:
    """Return what messages call a column."""
    name = table.names[position]
    return f"{table.where}, column {name!r}" if len(table.names) > 1 else table.where


def _read(table: Table, position: int) -> tuple[str, pl.Series, pl.Series | None]:
    """Return what messages call a column, its numbers, and the signs of limits if there are any."""
    series = table.column(position)
    where = _called(table, position)
    if len(series) == 0:
        raise ReadError(f"{where} holds no values.")
    if not is_text(series):
        numbers = _typed(series, where)
        require_no_summary(table.foot() if table.foot else (), numbers, where)
        return where, _without_codes(numbers, table.written.missing_code, where), None
    words = as_text(series)
    parsed = parsed_column(table, words)
    _require_numbers(parsed, words, where)
    _require_told_apart(words, parsed.numbers, where)
    require_no_summary(table.foot() if table.foot else (), parsed.numbers, where)
    code = table.written.missing_code
    if code is None and parsed.signs is not None:
        code = "none"
    numbers = _without_codes(parsed.numbers, code, where)
    return where, numbers, parsed.signs


def _without_codes(numbers: pl.Series, code: MissingCode | None, where: str) -> pl.Series:
    """Return numbers less the one that stands for a missing value, or ask whether one does."""
    if code is None:
        _require_no_codes(numbers, where)
    return numbers if code in {None, "none"} else numbers.set(numbers == code, None)


def _require_no_codes(numbers: pl.Series, where: str) -> None:
    """Refuse what looks like a code for missing values, -999 or 999, far from all others.

    -999 and lower may come once. Other codes are values unless they come twice, and -99 and 99 also
    where some of the others are negative.
    """
    for code, side in ((numbers.min(), "below"), (numbers.max(), "above")):
        if not isinstance(code, float) or code not in (_CODES if side == "below" else _HIGH_CODES):
            continue
        others = numbers.filter(numbers != code).drop_nans()
        nearest = others.min() if side == "below" else others.max()
        least, n = others.min(), int((numbers == code).sum())
        if not (isinstance(nearest, float) and isinstance(least, float)):
            continue
        is_among = max(nearest / code, 0.0 if side == "below" else -least / code) >= 0.1
        if is_among or (n < 2 and code > -999.0) or (abs(code) < 999.0 and least < 0.0):
            continue
        raise ReadError(
            f"{where}: {n:,} of {len(numbers):,} values {_are(n)} {code:g}, far {side} all others, "
            f"which are {nearest:g} or {'more' if side == 'below' else 'less'}. If it stands for a "
            f"missing value, say so with missing_code={code:g} in lk.read; if it is a value, with "
            "missing_code='none' in lk.read."
        )


def _present(
    numbers: pl.Series, where: str, missing: Missing, as_written: Callable[[], pl.Series]
) -> tuple[pl.Series, np.ndarray | None]:
    """Return the numbers that are there, and their rows if some are not."""
    if numbers.null_count() == 0 and np.isfinite(numbers.to_numpy()).all():
        return numbers, None
    numbers = numbers.fill_nan(None)
    _require_finite(as_written, numbers, where)
    absent = numbers.is_null()
    if not absent.any():
        return numbers, None
    if missing == "raise":
        raise _missing_found(as_written(), absent, where)
    if absent.all():
        raise ReadError(f"{where} holds no values: all {len(numbers):,} cells are missing.")
    return numbers.drop_nulls(), np.flatnonzero(~absent.to_numpy())


def is_text(series: pl.Series) -> bool:
    """Whether the cells are words, in whatever form they are kept."""
    import polars as pl

    return isinstance(series.dtype, (pl.String, pl.Categorical, pl.Enum))


def as_text(series: pl.Series) -> pl.Series:
    """Return cells of words as plain text."""
    import polars as pl

    return series if series.dtype == pl.String else series.cast(pl.String)


def parsed_column(table: Table, words: pl.Series) -> Parsed:
    """Read cells of text by the rules that the table suggests."""
    return cells.parse(words, table.written.decimal, table.usual, doubt=table.doubt)


def _require_numbers(parsed: Parsed, words: pl.Series, where: str) -> None:
    if parsed.trouble:
        raise ReadError(f"{where} {parsed.trouble}")
    if parsed.bad.any():
        hint = cells.advice(words[int(parsed.bad.arg_true()[0])])
        raise _not_a_number(parsed.bad, words, where, hint)


def _not_a_number(bad: pl.Series, words: pl.Series, where: str, hint: str) -> ReadError:
    n, row = int(bad.sum()), int(bad.arg_true()[0])
    return ReadError(
        f"{where}: {n:,} of {len(words):,} cells {_are(n)} {_none(n)} (first: row {row}, "
        f"counting from 0: {cells.shown(words[row])}).{hint and f' {hint}'}"
    )


def _missing_found(series: pl.Series, absent: pl.Series, where: str) -> ReadError:
    n, rows = int(absent.sum()), absent.arg_true()[:3].to_list()
    first = ", ".join(f"row {row}: {_shown_missing(series[row])}" for row in rows)
    return ReadError(
        f"{where}: {n:,} of {len(series):,} cells {_are(n)} missing "
        f"(first: {first}, counting from 0). {_DECIDE}"
    )


def _require_finite(as_written: Callable[[], pl.Series], numbers: pl.Series, where: str) -> None:
    infinite = numbers.is_infinite().fill_null(value=False)
    if infinite.any():
        series = as_written()
        n, row = int(infinite.sum()), int(infinite.arg_true()[0])
        raise ReadError(
            f"{where}: {n:,} of {len(series):,} cells {_are(n)} not finite (first: row {row}, "
            f"counting from 0: {series[row]}). Decide what they mean before fitting."
        )


def _shown_missing(cell: object) -> str:
    if cell is None or not str(cell).strip():
        return "empty"
    return cells.shown(cell) if isinstance(cell, str) else str(cell)


def _none(n: int) -> str:
    return "not a number" if n == 1 else "not numbers"


def _are(n: int) -> str:
    return "is" if n == 1 else "are"


def _typed(series: pl.Series, where: str) -> pl.Series:
    """Return cells of a type of their own as floats, null where one is missing."""
    import polars as pl

    kind = series.dtype
    if kind.is_temporal():
        raise ReadError(
            f"{where} holds dates or times, not numbers: turn them into numbers of one unit, such "
            "as days since the first."
        )
    if kind == pl.Null:
        return series.cast(pl.Float64)
    if kind == pl.Boolean:
        raise ReadError(
            f"{where} holds true and false, which are events, not numbers: event= takes them as "
            "they are. To fit how many are true, write 1 and 0."
        )
    if not kind.is_numeric():
        raise ReadError(f"{where} holds {kind}, not numbers: one number a cell is needed.")
    if kind.is_integer() and _reach(series) > LARGEST_COUNT:
        raise _beyond(where)
    return series.cast(pl.Float64).rechunk()  # else each use as an array would copy it


def _require_told_apart(words: pl.Series, numbers: pl.Series, where: str) -> None:
    """Refuse whole numbers, written as digits alone, that float64 cannot tell apart."""
    large = numbers.abs() >= LARGEST_COUNT
    if large.any():
        whole = words.filter(large).str.strip_chars()
        whole = whole.filter(whole.str.contains(r"^[+-]?\d{1,400}$"))
        if any(abs(int(cell)) > LARGEST_COUNT for cell in whole):
            raise _beyond(where)


def _beyond(where: str) -> ReadError:
    return ReadError(
        f"{where} holds whole numbers beyond 2^53, which float64 cannot tell apart. Subtract an "
        "offset first."
    )


def _reach(series: pl.Series) -> int:
    """Return the largest absolute value of whole numbers."""
    low, high = series.min(), series.max()
    return max(-int(low or 0), int(high or 0))  # type: ignore[arg-type]
