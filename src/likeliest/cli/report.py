"""`likeliest report`: what was fitted, how well and how sure, as one HTML file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from likeliest.cli import output
from likeliest.cli.arguments import (
    LEVEL,
    ColumnName,
    CriterionName,
    Data,
    DecimalMark,
    DropMissing,
    Entry,
    Event,
    Exit,
    FamilyNames,
    FamilySet,
    Fixed,
    IntervalLevel,
    Limits,
    Lower,
    Missing,
    MissingOption,
    Rounding,
    SamplingWeights,
    Upper,
    Weights,
    fixed_parameters,
    read_observations,
    require_level,
)
from likeliest.cli.fit import chosen_families, fitted

if TYPE_CHECKING:
    from likeliest.fitting.criteria import Criterion


def report(
    data: Data,
    target: Annotated[
        Path, typer.Option("--output", "-o", help="Write the report to this .html file.")
    ],
    column: ColumnName = None,
    family: FamilyNames = None,
    event: Event = None,
    lower: Lower = None,
    upper: Upper = None,
    entry: Entry = None,
    exit: Exit = None,  # noqa: A002
    weights: Weights = None,
    families: FamilySet = None,
    sampling_weights: SamplingWeights = None,
    fixed: Fixed = None,
    criterion: CriterionName = None,
    rounding: Rounding = None,
    level: IntervalLevel = LEVEL,
    missing: MissingOption = Missing.RAISE,
    drop_missing: DropMissing = False,
    limits: Limits = False,
    decimal: DecimalMark = None,
) -> None:
    """Write a report of a fit as one HTML file, for a reader who was not there.

    It says in plain words what was fitted, how well, how sure and what is doubtful, with pictures
    and the commands that make it again. It opens from disk and loads nothing from elsewhere.
    """
    from likeliest import report as reports

    output.require_writable(target)
    reports.require_jinja()
    reports.require_other(target, data)
    require_level(level)
    chosen = chosen_families(family, families, criterion, None, full=False)
    by_criterion: Criterion = criterion or "aicc"
    held = fixed_parameters(fixed or [])
    words = {
        "event": event, "lower": lower, "upper": upper, "entry": entry, "exit": exit,
        "weights": weights, "sampling_weights": sampling_weights,
    }  # fmt: skip
    drops = drop_missing or missing is Missing.DROP
    seen = read_observations(
        data, column, words, missing, drop_missing=drops, limits=limits, decimal=decimal
    )
    best, compared = fitted(seen, chosen, by_criterion, rounding, held)
    recipe = reports.Recipe(
        "" if data == "-" else data,
        "" if lower or upper else seen.description.column,
        families=chosen if isinstance(chosen, str) else tuple(chosen),
        words={word: name for word, name in words.items() if name is not None},
        fixed=held,
        rounding=rounding,
        criterion=by_criterion,
        drops=drops,
        limits=limits,
        decimal="" if decimal is None else decimal.value,
        is_ranking=compared is not None,
    )
    with output.progress("drawing"):
        made = (
            reports.of_fit(best, level=level, recipe=recipe)
            if compared is None
            else reports.of_comparison(compared, level=level, recipe=recipe)
        )
    made.save(target)
    print(f"report: {target}", file=sys.stderr)  # noqa: T201
