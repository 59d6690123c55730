"""`likeliest fit`: which distribution describes the data, and how sure that is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from likeliest.cli import output
from likeliest.cli.arguments import (
    AllColumns,
    ColumnNames,
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
    MissingCode,
    MissingOption,
    Picture,
    SamplingWeights,
    Upper,
    Weights,
    as_written,
    family_names,
    fixed_parameters,
    read_observations,
)
from likeliest.cli.columns import compare_columns, show_columns
from likeliest.cli.groups import (
    fit_groups,
    require_groups,
    show_groups,
    tell_left_out,
)
from likeliest.cli.records import of_comparison, of_fit
from likeliest.errors import ParameterError
from likeliest.fitting.criteria import Criterion  # noqa: TC001  (typer reads the annotation)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from likeliest.data.observations import Observations
    from likeliest.fitting import Comparison, Fit

_LEVEL = 0.95


def _sets(incomplete: str) -> list[str]:
    """Return the sets of families whose names begin so, for the completion of a shell."""
    from likeliest.distributions.families import sets

    return [name for name in (*sets.SETS, "all") if name.startswith(incomplete)]


def fit(
    data: Data,
    column: ColumnNames = None,
    all_columns: AllColumns = False,
    family: Annotated[
        list[str] | None,
        typer.Option(
            "--family",
            "-f",
            help="Fit this family; may be repeated. Without it a set of families is compared.",
            autocompletion=family_names,
        ),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by", help="Fit each group of this column by itself; may be repeated for several."
        ),
    ] = None,
    event: Event = None,
    lower: Lower = None,
    upper: Upper = None,
    entry: Entry = None,
    exit: Exit = None,  # noqa: A002
    weights: Weights = None,
    families: Annotated[
        str | None,
        typer.Option(
            metavar="SET",
            help="Compare the families of this set: common (by default), all, heavy-tailed, "
            "survival, extremes or counts.",
            autocompletion=_sets,
        ),
    ] = None,
    sampling_weights: SamplingWeights = None,
    fixed: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE",
            help="Hold a parameter of the one family at a value, such as df=5; may be repeated.",
        ),
    ] = None,
    criterion: Annotated[
        Criterion | None,
        typer.Option(help="Rank the families by aicc (by default), aic, bic or nll."),
    ] = None,
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
    missing_code: MissingCode = None,
    full: Annotated[
        bool,
        typer.Option("--full", help="Show every family that was compared, and why some were not."),
    ] = False,
    plot: Picture = None,
    kind: Annotated[
        str | None,
        typer.Option(
            help="Draw this picture with --plot: density (by default), qq, cdf, pp, survival, "
            "profile, or four for the ones that matter.",
        ),
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option(
            help="Save the best fit to this JSON file; with --by all groups, as .csv or .parquet."
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Fit one family, or compare all that can hold the data and show the best in full.

    Of several columns the best family of each is shown in a row.
    """
    output.require_picture(plot)
    if kind is not None and plot is None:
        raise ParameterError("--kind says which picture --plot draws: name its file with --plot.")
    output.require_writable(save)
    _require_level(level)
    if by:
        require_groups(save, plot, sampling_weights)
    chosen = _chosen(family, families, criterion, by, full=full)
    by_criterion: Criterion = criterion or "aicc"
    held = fixed_parameters(fixed or [])
    written = as_written(decimal, missing_code)
    drops = drop_missing or missing is Missing.DROP
    names = [*dict.fromkeys(column or [])]
    words = {
        "event": event, "lower": lower, "upper": upper, "entry": entry, "exit": exit,
        "weights": weights, "sampling_weights": sampling_weights,
    }  # fmt: skip
    if all_columns or len(names) > 1:
        _require_no_single(
            fixed=held, save=save, plot=plot, level=level != _LEVEL and not json, **words
        )
        if all_columns and names:
            raise ParameterError("--all-columns and --column go apart: name columns, or take all.")
        columns = compare_columns(
            data, names, chosen, by_criterion, rounding, limits=limits,
            missing="drop" if drops else "raise", written=written,
        )  # fmt: skip
        show_columns(columns, level, json=json, full=full)
        return
    seen = read_observations(
        data, names[0] if names else None, words, missing,
        drop_missing=drop_missing, limits=limits, written=written, grouped=bool(by),
    )  # fmt: skip
    if by:
        from likeliest.data.keys import keys_of_file

        groups = fit_groups(
            seen, keys_of_file(data, by, written), chosen, criterion=by_criterion,
            rounding=rounding, fixed=held, missing="drop" if drops else "raise",
        )  # fmt: skip
        if drops:
            tell_left_out(groups)
        show_groups(groups, level, save, json=json)
        return
    best, compared = _fitted(seen, chosen, by_criterion, rounding, held)
    if json:
        output.show_json(_record(best, compared, level))
    else:
        _show(best, compared, level, full=full)
    if save is not None:
        best.save(save)
    if plot is not None:
        _draw(best, compared, plot, kind)


def _chosen(
    family: list[str] | None,
    families: str | None,
    criterion: Criterion | None,
    by: list[str] | None,
    *,
    full: bool,
) -> list[str] | str:
    """Return the families, or the set, to fit; refuse options that would have no effect."""
    if family and families is not None:
        raise ParameterError("--family and --families go apart: name families, or a set of them.")
    if full and by:
        raise ParameterError("--full does not go with --by: --save writes all groups to a file.")
    if family and len(family) == 1:
        for name, given in (("criterion", criterion is not None), ("full", full)):
            if given:
                raise ParameterError(
                    f"--{name} ranks several families: name more than one by --family, or none."
                )
    return family or families or "common"


def _require_no_single(**given: object) -> None:
    """Refuse what goes with one column."""
    for name, value in given.items():
        if value:
            raise ParameterError(f"--{name} goes with one column: name it with --column.")


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
            seen, names, criterion=criterion, rounding=rounding, progress=lambda _: advance(1)
        )
    return compared.best, compared


def _require_level(level: float) -> None:
    if not 0.0 < level < 1.0:
        raise ParameterError(f"--level must lie between 0 and 1, such as 0.95; got {level:g}.")


def _record(best: Fit, compared: Comparison | None, level: float) -> dict[str, Any]:
    """Return what is printed as JSON, the fitted column first."""
    named = {"column": best.description.column or None}
    return named | (of_fit(best, level) if compared is None else of_comparison(compared, level))


def _show(best: Fit, compared: Comparison | None, level: float, *, full: bool) -> None:
    from likeliest.fitting import tables

    if compared is not None:
        output.show(tables.of_comparison(compared, None if full else tables.TOP))
        print()  # noqa: T201
    table = tables.of_fit(best, level)
    told = () if compared is None else compared.notes
    output.show(replace(table, footer=tuple(line for line in table.footer if line not in told)))


def _draw(best: Fit, compared: Comparison | None, plot: Path, kind: str | None) -> None:
    drawn: Axes | Figure
    if kind == "four":
        drawn = best.plots()
    elif kind is None and compared is not None:
        drawn = compared.plot()
    else:
        drawn = best.plot(kind or "density")
    output.save_picture(drawn, plot)
