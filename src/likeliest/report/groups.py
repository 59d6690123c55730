"""The reports of many groups: of the fits of one family, and of families ranked in each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import LikeliestError
from likeliest.files import json_ready
from likeliest.fitting.tables import CRITERION_NAMES
from likeliest.report import captions, words
from likeliest.report.page import Page, Section
from likeliest.report.pictures import picture
from likeliest.tables import NOTHING, Table, amount, interval, number

if TYPE_CHECKING:
    from likeliest.data.groups import Grouped
    from likeliest.fitting.comparisons import Comparisons
    from likeliest.fitting.fits import Fits
    from likeliest.report.pictures import Picture
    from likeliest.report.recipe import Recipe

_MOST_ROWS = 1_000  # groups that the table of a page holds


def page_of_fits(fits: Fits, recipe: Recipe, level: float) -> Page:
    """Return the page that tells of the fits of one family to many groups."""
    failed = fits.why_failed() if fits.reasons else ()
    return Page(
        f"The {fits.family.name} distribution fitted to {_title(fits.grouped)}",
        words.groups(fits),
        (
            _data(fits.grouped, recipe.source),
            Section(
                "The groups",
                (words.LIKELIEST, words.sureness(level)),
                _table(fits, level),
                sorts=True,
                below=_not_shown(len(fits)),
                pictures=_caterpillars(fits, level),
            ),
            Section("What is doubtful", points=(*failed, words.INDEPENDENT)),
            Section("Make it again", commands=recipe.commands()),
        ),
        json_ready({"groups": fits.to_frame(level=level).head(_MOST_ROWS).to_dicts()}),
    )


def page_of_comparisons(compared: Comparisons, recipe: Recipe) -> Page:
    """Return the page that tells of families ranked for each of many groups."""
    return Page(
        f"Which distribution describes {_title(compared.grouped)}?",
        words.rankings(compared),
        (
            _data(compared.grouped, recipe.source),
            Section(
                "The groups",
                (words.how_ranked(compared.criterion),),
                _ranked(compared),
                sorts=True,
                below=_not_shown(len(compared)),
            ),
            Section("What is doubtful", points=(words.INDEPENDENT,)),
            Section("Make it again", commands=recipe.commands()),
        ),
        json_ready({"groups": compared.to_frame().head(_MOST_ROWS).to_dicts()}),
    )


def _title(grouped: Grouped) -> str:
    return f"{len(grouped):,} groups of {words.name_of(grouped.observations.description)}"


def _data(grouped: Grouped, source: str) -> Section:
    description = grouped.observations.description
    rows = [("file", source)] if source else []
    rows += [("column", description.label)] if description.label else []
    rows += [
        ("grouped by", ", ".join(grouped.keys.columns.columns)),
        ("groups", amount(len(grouped))),
        ("values", amount(description.n)),
        ("values in the smallest group", amount(int(np.min(grouped.sizes)))),
        ("values in the largest group", amount(int(np.max(grouped.sizes)))),
    ]
    told = description.told()
    table = Table(f"The data: {words.name_of(description)}", ("what", "value"), tuple(rows))
    return Section("The data", (f"{told[:1].upper()}{told[1:]}.",), table)


def _not_shown(number_of: int) -> tuple[str, ...]:
    more = number_of - _MOST_ROWS
    if more <= 0:
        return ()
    return (
        f"These are the first {_MOST_ROWS:,} groups; {more:,} more are not shown. "
        ".to_frame() has all of them (on the command line --save writes them).",
    )


def _keys(grouped: Grouped) -> tuple[str, list[str]]:
    """Return what the keys are called, and the name of each group that is shown."""
    keys = grouped.keys.columns
    return ", ".join(keys.columns), [
        ", ".join(map(str, row)) for row in keys.head(_MOST_ROWS).iter_rows()
    ]


def _table(fits: Fits, level: float) -> Table:
    head, names = _keys(fits.grouped)
    columns, heads = [names, [f"{n:,.6g}" for n in fits.n[: len(names)]]], [head, "values"]
    errors, intervals = fits.standard_errors, fits.intervals(level)
    for name, estimates in fits.parameters.items():
        heads.append(name)
        columns.append(
            [_shown(v, e) for v, e in zip(estimates, errors[name], strict=True)][: len(names)]
        )
        if name not in fits.fixed:
            heads.append(f"{name}, {words.percent(level)} interval")
            ends = zip(*intervals[name], strict=True)
            columns.append([_ends(low, high) for low, high in ends][: len(names)])
    heads.append("status")
    columns.append(fits.status[: len(names)])
    return Table(
        f"{fits.family.name} · {fits.grouped.told()}",
        tuple(heads),
        tuple(zip(*columns, strict=True)),
        wrapped=("status",),
    )


def _shown(value: float, error: float) -> str:
    if np.isnan(value):
        return NOTHING
    return number(float(value), error=None if np.isnan(error) else float(error))


def _ends(low: float, high: float) -> str:
    return NOTHING if np.isnan(low) else interval((float(low), float(high)))


def _caterpillars(fits: Fits, level: float) -> tuple[Picture, ...]:
    from likeliest import plots

    made = []
    for name in (name for name in fits.family.constraints if name not in fits.fixed):
        try:
            ax = plots.caterpillar(fits, name, level)
        except LikeliestError:  # no group could be fitted
            continue
        alt, caption = captions.of_caterpillar(fits, name)
        made.append(picture(ax, f"groups-{name}", alt, caption))
    return tuple(made)


def _ranked(compared: Comparisons) -> Table:
    head, names = _keys(compared.grouped)
    shown = len(names)
    rows = list(range(shown))
    at = np.argmin(compared.values, axis=1)[:shown]
    best = compared.best[:shown]
    values, weights = compared.values[rows, at], compared.weights[rows, at]
    is_there = [name is not None for name in best]
    columns = (
        names,
        [f"{n:,}" for n in compared.grouped.sizes[:shown].tolist()],
        [name or NOTHING for name in best],
        [f"{w:.3f}" if there else NOTHING for w, there in zip(weights, is_there, strict=True)],
        [f"{v:.2f}" if there else NOTHING for v, there in zip(values, is_there, strict=True)],
    )
    heads = (head, "values", "best family", "weight", CRITERION_NAMES[compared.criterion])
    title = f"{len(compared.families)} families · {compared.grouped.told()}"
    return Table(title, heads, tuple(zip(*columns, strict=True)), wrapped=("best family",))
