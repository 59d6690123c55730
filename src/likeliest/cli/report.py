"""`likeliest report`: what was fitted, how well and how sure, as one HTML file."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from likeliest.cli import output
from likeliest.cli.arguments import (
    LEVEL,
    AllColumns,
    By,
    ColumnNames,
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
    MissingCode,
    MissingOption,
    Rounding,
    SamplingWeights,
    Upper,
    Weights,
    as_written,
    fixed_parameters,
    read_observations,
    require_level,
)
from likeliest.cli.columns import compare_columns
from likeliest.cli.fit import chosen_families, fitted, require_no_single
from likeliest.cli.groups import fit_groups, require_groups

if TYPE_CHECKING:
    from likeliest.data.observations import Observations
    from likeliest.data.reading.written import Written
    from likeliest.fitting.criteria import Criterion
    from likeliest.report import Recipe, Report


def report(
    data: Data,
    target: Annotated[
        Path, typer.Option("--output", "-o", help="Write the report to this .html file.")
    ],
    column: ColumnNames = None,
    all_columns: AllColumns = False,
    family: FamilyNames = None,
    by: By = None,
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
    missing_code: MissingCode = None,
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
    words = {
        "event": event, "lower": lower, "upper": upper, "entry": entry, "exit": exit,
        "weights": weights, "sampling_weights": sampling_weights,
    }  # fmt: skip
    asked = _Asked(
        data,
        [*dict.fromkeys(column or [])],
        chosen_families(family, families, criterion, by, full=False),
        criterion or "aicc",
        rounding,
        words,
        fixed_parameters(fixed or []),
        by or [],
        "drop" if drop_missing or missing is Missing.DROP else "raise",
        limits,
        as_written(decimal, missing_code),
    )
    if all_columns or len(asked.columns) > 1:
        require_no_single(
            asked.columns, all_columns=all_columns, by=by, fixed=asked.fixed, **asked.words
        )
        made = _of_columns(asked, level)
    elif by:
        require_groups(None, None, sampling_weights)
        made = _of_groups(asked, level)
    else:
        made = _of_one(asked, level)
    made.save(target)
    print(f"report: {target}", file=sys.stderr)  # noqa: T201


@dataclass(frozen=True)
class _Asked:
    """Hold the options of the command, for the commands that a report repeats."""

    data: str
    columns: list[str]
    families: list[str] | str
    criterion: Criterion
    rounding: float | None
    words: dict[str, str | None]
    fixed: dict[str, float]
    by: list[str]
    missing: Literal["raise", "drop"]
    limits: bool
    written: Written

    def observations(self) -> Observations:
        """Read what was seen in one column."""
        return read_observations(
            self.data, self.columns[0] if self.columns else None, self.words,
            Missing(self.missing), drop_missing=False, limits=self.limits, written=self.written,
            grouped=bool(self.by),
        )  # fmt: skip

    def recipe(self, column: str = "", columns: tuple[str, ...] = ()) -> Recipe:
        """Return how the report is made again."""
        from likeliest.report import Recipe

        return Recipe(
            "" if self.data == "-" else self.data,
            column,
            columns,
            bool(columns) and not self.columns,
            self.families if isinstance(self.families, str) else tuple(self.families),
            {word: name for word, name in self.words.items() if name is not None},
            tuple(self.by),
            self.fixed,
            self.rounding,
            self.criterion,
            drops=self.missing == "drop",
            limits=self.limits,
            decimal=self.written.decimal or "",
            missing_code=self.written.missing_code,
            is_ranking=isinstance(self.families, str) or len(self.families) > 1,
        )


def _of_one(asked: _Asked, level: float) -> Report:
    from likeliest import report as reports

    seen = asked.observations()
    best, compared = fitted(seen, asked.families, asked.criterion, asked.rounding, asked.fixed)
    is_bounded = asked.words["lower"] or asked.words["upper"]
    recipe = asked.recipe("" if is_bounded else seen.description.column)
    with output.progress("drawing"):
        if compared is None:
            return reports.of_fit(best, level=level, recipe=recipe)
        return reports.of_comparison(compared, level=level, recipe=recipe)


def _of_columns(asked: _Asked, level: float) -> Report:
    from likeliest import report as reports

    compared = compare_columns(
        asked.data, asked.columns, asked.families, asked.criterion, asked.rounding,
        missing=asked.missing, limits=asked.limits, written=asked.written,
    )  # fmt: skip
    recipe = asked.recipe(columns=compared.names)
    with output.progress("drawing"):
        return reports.of_columns(compared, level=level, recipe=recipe)


def _of_groups(asked: _Asked, level: float) -> Report:
    from likeliest import report as reports
    from likeliest.data.keys import keys_of_file
    from likeliest.fitting.fits import Fits

    seen = asked.observations()
    groups = fit_groups(
        seen, keys_of_file(asked.data, asked.by, asked.written), asked.families,
        criterion=asked.criterion, rounding=asked.rounding, fixed=asked.fixed,
        missing=asked.missing,
    )  # fmt: skip
    recipe = asked.recipe(seen.description.column)
    if isinstance(groups, Fits):
        return reports.of_fits(groups, level=level, recipe=recipe)
    return reports.of_comparisons(groups, recipe=recipe)
