"""`likeliest fit`: which distribution describes the data, and how sure that is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from likeliest.cli import output
from likeliest.cli.arguments import (
    ColumnName,
    Data,
    DecimalMark,
    DropMissing,
    Entry,
    Event,
    Exit,
    Json,
    Limits,
    Lower,
    Missing,
    MissingOption,
    Picture,
    Upper,
    Weights,
    family_names,
    fixed_parameters,
    read_observations,
)
from likeliest.errors import ParameterError
from likeliest.fitting.criteria import Criterion  # noqa: TC001  (typer reads the annotation)

if TYPE_CHECKING:
    from likeliest.data.observations import Observations
    from likeliest.fitting import Comparison, Fit

_TOP = 5  # families that are shown without --full
_LEVEL = 0.95


def fit(
    data: Data,
    column: ColumnName = None,
    family: Annotated[
        list[str] | None,
        typer.Option(
            "--family",
            "-f",
            help="Fit this family; may be repeated. Without it a set of families is compared.",
            autocompletion=family_names,
        ),
    ] = None,
    event: Event = None,
    lower: Lower = None,
    upper: Upper = None,
    entry: Entry = None,
    exit: Exit = None,  # noqa: A002
    weights: Weights = None,
    families: Annotated[
        str,
        typer.Option(
            metavar="SET",
            help="Compare the families of this set: common, all, heavy-tailed, survival, extremes "
            "or counts. It is not needed with --family.",
        ),
    ] = "common",
    fixed: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE",
            help="Hold a parameter of the one family at a value, such as df=5; may be repeated.",
        ),
    ] = None,
    criterion: Annotated[
        Criterion, typer.Option(help="Rank the families by aicc, aic, bic or nll.")
    ] = "aicc",
    rounding: Annotated[
        float | None,
        typer.Option(
            help="Name the step to which values were rounded; 0 takes them as exact. Without it 1 "
            "is taken for whole numbers when families are compared, else 0."
        ),
    ] = None,
    level: Annotated[
        float, typer.Option(help="Give intervals of this coverage, between 0 and 1.")
    ] = _LEVEL,
    missing: MissingOption = Missing.RAISE,
    drop_missing: DropMissing = False,
    limits: Limits = False,
    decimal: DecimalMark = None,
    full: Annotated[
        bool,
        typer.Option("--full", help="Show every family that was compared, and why some were not."),
    ] = False,
    plot: Picture = None,
    save: Annotated[Path | None, typer.Option(help="Save the best fit to this JSON file.")] = None,
    json: Json = False,
) -> None:
    """Fit one family, or compare all that can hold the data and show the best in full."""
    output.require_picture(plot)
    output.require_writable(save)
    _require_level(level)
    held = fixed_parameters(fixed or [])
    words = {
        "event": event, "lower": lower, "upper": upper, "entry": entry, "exit": exit,
        "weights": weights,
    }  # fmt: skip
    seen = read_observations(
        data, column, words, missing, drop_missing=drop_missing, limits=limits, decimal=decimal
    )
    best, compared = _fitted(seen, family or families, criterion, rounding, held)
    if json:
        output.show_json(_record(best, compared, level))
    else:
        _show(best, compared, level, full=full)
    if save is not None:
        best.save(save)
    if plot is not None:
        _draw(best, compared, plot)


def _fitted(
    seen: Observations,
    names: list[str] | str,
    criterion: Criterion,
    rounding: float | None,
    fixed: dict[str, float],
) -> tuple[Fit, Comparison | None]:
    import likeliest as lk

    one = isinstance(names, list) and len(names) == 1
    if fixed and not one:
        raise ParameterError("--fixed holds a parameter of one family: name it with --family.")
    what = f"fitting {len(seen):,} values"
    if one:
        with output.progress(what):
            return lk.fit(seen, names[0], rounding=rounding or 0.0, fixed=fixed or None), None
    families = lk.families.chosen(names)
    with output.progress(what, len(families)) as advance:
        compared = lk.compare(
            seen, families, criterion=criterion, rounding=rounding, progress=lambda _: advance(1)
        )
    return compared.best, compared


def _require_level(level: float) -> None:
    if not 0.0 < level < 1.0:
        raise ParameterError(f"--level must lie between 0 and 1, such as 0.95; got {level:g}.")


def _record(best: Fit, compared: Comparison | None, level: float) -> dict[str, Any]:
    """Return what is printed as JSON, the fitted column first."""
    named = {"column": best.description.column or None}
    if compared is None:
        return named | best.to_dict() | {"intervals": _intervals(best, level)}
    record = named | compared.to_dict()
    for fitted, written in zip(compared.fits, record["fits"], strict=True):
        written["intervals"] = _intervals(fitted, level)
    return record


def _intervals(fitted: Fit, level: float) -> Any:
    from likeliest.files import json_ready

    ends = {n: None if pair is None else [*pair] for n, pair in fitted.intervals(level).items()}
    return json_ready({"level": level, **ends})


def _show(best: Fit, compared: Comparison | None, level: float, *, full: bool) -> None:
    from likeliest.fitting.tables import of_comparison, of_fit

    if compared is not None:
        output.show(of_comparison(compared, None if full else _TOP))
        print()  # noqa: T201
    output.show(of_fit(best, level))


def _draw(best: Fit, compared: Comparison | None, plot: Path) -> None:
    output.save_picture(best.plot() if compared is None else compared.plot(), plot)
