"""`likeliest fit` of several columns: each is compared by itself, and shown in a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from likeliest.cli import output, records

if TYPE_CHECKING:
    from likeliest.data.reading.column import Missing
    from likeliest.data.reading.written import Written
    from likeliest.fitting.columns import ColumnComparison
    from likeliest.fitting.criteria import Criterion


def compare_columns(
    data: str,
    names: list[str],
    families: list[str] | str,
    criterion: Criterion,
    rounding: float | None,
    *,
    missing: Missing,
    limits: bool,
    written: Written,
) -> ColumnComparison:
    """Compare families on each of the columns named, or on all of numbers."""
    import likeliest as lk
    from likeliest.data.reading.columns import read_columns
    from likeliest.fitting import columns

    with output.progress(f"reading {data}"):
        found = read_columns(data, names, missing=missing, limits=limits, written=written)
    candidates = lk.families.chosen(families)
    with output.progress(f"fitting {len(found.read)} columns", len(found.read)) as advance:
        return columns.compare_columns(
            found,
            lambda seen: lk.compare(seen, candidates, criterion=criterion, rounding=rounding),
            lambda _: advance(1),
        )


def show_columns(compared: ColumnComparison, level: float, *, json: bool, full: bool) -> None:
    """Print a row for each column; with `full` its families below."""
    if json:
        output.show_json(records.of_columns(compared, level))
        return
    from likeliest.fitting import tables

    output.show(compared.table())
    for name in compared if full else ():
        print()  # noqa: T201
        output.show(tables.of_comparison(compared[name]))
