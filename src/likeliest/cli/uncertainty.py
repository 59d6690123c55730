"""`likeliest intervals` and `contour`: how sure the parameters of a saved fit are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from likeliest.cli import output
from likeliest.cli.arguments import (
    LEVEL,
    ColumnName,
    Data,
    DecimalMark,
    DropMissing,
    Entry,
    Event,
    Exit,
    IntervalLevel,
    Json,
    Limits,
    Lower,
    Missing,
    MissingCode,
    MissingOption,
    SamplingWeights,
    SavedFit,
    Upper,
    Weights,
    require_level,
)
from likeliest.cli.saved import Reading

if TYPE_CHECKING:
    from likeliest.tables import Table


def intervals(
    fit: SavedFit,
    data: Data,
    method: Annotated[
        Literal["wald", "profile", "bootstrap"],
        typer.Option(
            help="Take what a likelihood ratio test does not reject (the default), an estimate ± a "
            "multiple of its standard error, or the model refitted to data drawn anew.",
        ),
    ] = "profile",
    level: IntervalLevel = LEVEL,
    column: ColumnName = None,
    event: Event = None,
    lower: Lower = None,
    upper: Upper = None,
    entry: Entry = None,
    exit: Exit = None,  # noqa: A002
    weights: Weights = None,
    sampling_weights: SamplingWeights = None,
    missing: MissingOption = Missing.RAISE,
    drop_missing: DropMissing = False,
    limits: Limits = False,
    decimal: DecimalMark = None,
    missing_code: MissingCode = None,
    json: Json = False,
) -> None:
    """Give intervals of the parameters of a saved fit by a method that needs its data."""
    from likeliest.files import json_ready

    require_level(level)
    words = {
        "event": event, "lower": lower, "upper": upper, "entry": entry, "exit": exit,
        "weights": weights, "sampling_weights": sampling_weights,
    }  # fmt: skip
    reading = Reading(data, column, words, missing, drop_missing, limits, decimal, missing_code)
    made = reading.attached(fit)
    with output.progress(f"intervals of {made.family}"):
        found = made.intervals(level, method=method)
    if json:
        pairs = {name: None if pair is None else list(pair) for name, pair in found.items()}
        record = {"method": method, "level": level, "estimates": made.parameters}
        output.show_json(json_ready(record | {"intervals": pairs}))
        return
    output.show(_table(made.family, made.parameters, found, method, level))


def contour(
    fit: SavedFit,
    data: Data,
    parameters: Annotated[
        tuple[str, str], typer.Argument(metavar="NAME NAME", help="The two parameters.")
    ],
    level: IntervalLevel = LEVEL,
    points: Annotated[int, typer.Option(help="Find so many points of the contour.")] = 72,
    column: ColumnName = None,
    event: Event = None,
    lower: Lower = None,
    upper: Upper = None,
    entry: Entry = None,
    exit: Exit = None,  # noqa: A002
    weights: Weights = None,
    sampling_weights: SamplingWeights = None,
    missing: MissingOption = Missing.RAISE,
    drop_missing: DropMissing = False,
    limits: Limits = False,
    decimal: DecimalMark = None,
    missing_code: MissingCode = None,
    json: Json = False,
) -> None:
    """Give points of the contour within which two parameters of a saved fit lie together."""
    from likeliest.files import json_ready
    from likeliest.tables import Table, number

    require_level(level)
    words = {
        "event": event, "lower": lower, "upper": upper, "entry": entry, "exit": exit,
        "weights": weights, "sampling_weights": sampling_weights,
    }  # fmt: skip
    reading = Reading(data, column, words, missing, drop_missing, limits, decimal, missing_code)
    made = reading.attached(fit)
    found = made.contour(*parameters, level, points=points).tolist()
    if json:
        output.show_json(json_ready({"level": level, "names": parameters, "points": found}))
        return
    rows = tuple((number(first), number(second)) for first, second in found)
    title = f"Contour of {100 * level:.12g} % of {made.family}"
    output.show(Table(title, parameters, rows))


def _table(
    family: str,
    estimates: dict[str, float],
    found: dict[str, tuple[float, float] | None],
    method: str,
    level: float,
) -> Table:
    from likeliest.tables import Table, interval, number

    rows = tuple((name, number(estimates[name]), interval(pair)) for name, pair in found.items())
    columns = ("parameter", "estimate", f"{100 * level:.12g} % interval")
    return Table(f"{family}: intervals by {method}", columns, rows)
