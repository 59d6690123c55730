"""The report of many columns, each compared by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from likeliest.files import json_ready
from likeliest.fitting import gap, tables
from likeliest.report import captions, words
from likeliest.report.page import Page, Section
from likeliest.report.pictures import picture
from likeliest.tables import NOTHING, Table, amount

if TYPE_CHECKING:
    from likeliest.fitting.columns import ColumnComparison
    from likeliest.fitting.comparison import Comparison
    from likeliest.report.pictures import Picture
    from likeliest.report.recipe import Recipe

_TOP = 3  # families that one picture can hold
_MOST_SECTIONS = 100  # columns that are told of one by one
_MOST_DRAWN = 2_500_000  # bytes of pictures


def page_of(columns: ColumnComparison, recipe: Recipe, level: float) -> Page:
    """Return the page that tells of many columns, and of each in a section."""
    return Page(
        words.title_of_columns(columns, recipe.source),
        words.columns(columns),
        (
            Section("The columns", (words.MANY_COLUMNS,), _table(columns), sorts=True),
            *_one_by_one(columns, level),
            Section("What is doubtful", points=(*columns.table().footer, words.INDEPENDENT)),
            Section("Make it again", commands=recipe.commands()),
        ),
        json_ready({"columns": columns.to_frame().to_dicts(), "left_out": columns.left_out}),
    )


def _table(columns: ColumnComparison) -> Table:
    heads = (
        "column", "values", "missing", "family", "weight", "next", "Δ", "misfit", "parameters",
    )  # fmt: skip
    rows = [
        (name, *_row(columns[name], columns.missing[name]))
        if name in columns.comparisons
        else (name, NOTHING, NOTHING, "not fitted", *5 * (NOTHING,))
        for name in columns.names
    ]
    title = f"{len(rows)} columns, the likeliest family of each"
    return Table(title, heads, tuple(rows), wrapped=("family", "next", "misfit", "parameters"))


def _row(compared: Comparison, missing: int) -> tuple[str, ...]:
    best, more = compared.best, len(compared) > 1
    return (
        amount(compared.n),
        amount(missing),
        best.family,
        f"{compared.weights[0]:.3f}",
        compared.fits[1].family if more else NOTHING,
        f"{compared.deltas[1]:.2f}" if more else NOTHING,
        _misfit(compared),
        tables.parameters(best),
    )


def _misfit(compared: Comparison) -> str:
    best = compared.best
    if best.misfit:
        return "found"
    judged = best.observations is not None and gap.can_judge(best.observations)
    return "none found" if judged else "not checked"


def _one_by_one(columns: ColumnComparison, level: float) -> tuple[Section, ...]:
    """Return a section for each column, with a picture as long as the page has room."""
    made: list[Section] = []
    drawn = 0
    for at, (name, compared) in enumerate([*columns.items()][:_MOST_SECTIONS]):
        pictures: tuple[Picture, ...] = ()
        if drawn < _MOST_DRAWN:
            alt, caption = captions.of_comparison(compared, _TOP)
            pictures = (picture(compared.plot(top=_TOP), f"column-{at}", alt, caption),)
            drawn += pictures[0].size
        best = compared.best
        made.append(
            Section(
                name,
                (words.winner(compared), words.match(best), words.estimates(best, level)),
                tables.of_comparison(compared, tables.TOP),
                points=words.notes(best, compared.notes),
                pictures=pictures,
            )
        )
    return tuple(made)
