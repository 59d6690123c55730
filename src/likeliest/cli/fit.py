"""`likeliest fit`: which distribution describes the data, and how sure that is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
    Json,
    Limits,
    Lower,
    Missing,
    MissingCode,
    MissingOfFit,
    MissingOfFitOption,
    Picture,
    Rounding,
    SamplingWeights,
    Upper,
    Weights,
    as_written,
    fixed_parameters,
    read_observations,
    require_level,
)
from likeliest.cli.columns import compare_columns, show_columns
from likeliest.cli.groups import (
    fit_groups,
    require_groups,
    show_groups,
    tell_left_out,
)
from likeliest.cli.records import of_comparison, of_fit
from likeliest.cli.rows import family_of_rows, fit_rows, require_rows_alone, show_rows
from likeliest.errors import ParameterError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from likeliest.data.observations import Observations
    from likeliest.fitting.comparison import Comparison
    from likeliest.fitting.criteria import Criterion
    from likeliest.fitting.result import Fit

_OF_A_COMPARISON = ("densities", "criterion", "tails")  # pictures; any other is of the best fit


def fit(
    data: Data,
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
    method: Annotated[
        str,
        typer.Option(
            help="Estimate the one family by likelihood, or by spacings or l-moments, which exist "
            "where a family with an unknown end has no greatest likelihood."
        ),
    ] = "likelihood",
    criterion: CriterionName = None,
    rounding: Rounding = None,
    level: IntervalLevel = LEVEL,
    missing: MissingOfFitOption = MissingOfFit.RAISE,
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
            "hazard, probability, profile, surface, return level, rootogram, residuals, worm, mean "
            "excess, or four for those that matter; of a comparison densities (by default), "
            "criterion or tails; of rows pairs.",
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

    Given several columns, show the best family of each, one a row.
    """
    output.require_picture(plot)
    if kind is not None and plot is None:
        raise ParameterError("--kind says which picture --plot draws: name its file with --plot.")
    output.require_writable(save)
    require_level(level)
    if by:
        require_groups(save, plot, sampling_weights)
    chosen = chosen_families(family, families, criterion, by, full=full)
    by_criterion: Criterion = criterion or "aicc"
    held = fixed_parameters(fixed or [])
    written = as_written(decimal, missing_code)
    drops = drop_missing or missing is MissingOfFit.DROP
    names = [*dict.fromkeys(column or [])]
    if (of_rows := family_of_rows(family)) is not None:
        require_rows_alone(
            of_rows, by=by, event=event, lower=lower, upper=upper, entry=entry, exit=exit,
            sampling_weights=sampling_weights, fixed=held, method=method != "likelihood",
            rounding=rounding, limits=limits,
        )  # fmt: skip
        gaps = MissingOfFit.DROP if drops else missing
        made = fit_rows(data, of_rows, names, weights, missing=gaps, written=written)
        show_rows(made, level, save, plot, kind, json=json)
        return
    of_cells = _of_one_column(missing)
    if method != "likelihood" and (by or len(family or []) != 1):
        raise ParameterError("--method estimates one family on one sample: name it with --family.")
    words = {
        "event": event, "lower": lower, "upper": upper, "entry": entry, "exit": exit,
        "weights": weights, "sampling_weights": sampling_weights,
    }  # fmt: skip
    if all_columns or len(names) > 1:
        require_no_single(
            names, all_columns=all_columns, fixed=held, save=save, plot=plot,
            level=level != LEVEL and not json, **words,
        )  # fmt: skip
        columns = compare_columns(
            data, names, chosen, by_criterion, rounding, limits=limits,
            missing="drop" if drops else "raise", written=written,
        )  # fmt: skip
        show_columns(columns, level, json=json, full=full)
        return
    seen = read_observations(
        data, names[0] if names else None, words, of_cells,
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
    best, compared = fitted(seen, chosen, by_criterion, rounding, held, method)
    _tell(best, compared, level, json=json, full=full)
    if save is not None:
        best.save(save)
    if plot is not None:
        _draw(best, compared, plot, kind)


def _of_one_column(missing: MissingOfFit) -> Missing:
    """Return what becomes of missing cells of a column by itself."""
    if missing is MissingOfFit.EM:
        raise ParameterError('--missing em goes with --family "multivariate normal" alone.')
    return Missing(missing.value)


def chosen_families(
    family: list[str] | None,
    families: str | None,
    criterion: Criterion | None,
    by: list[str] | None,
    *,
    full: bool,
) -> list[str] | str:
    """Return the families, or the set, to fit; refuse options that would have no effect."""
    if family and families is not None:
        raise ParameterError(
            "--family and --families exclude each other: name families, or a set of them."
        )
    if full and by:
        raise ParameterError("--full does not go with --by: --save writes all groups to a file.")
    if family and len(family) == 1:
        for name, given in (("criterion", criterion is not None), ("full", full)):
            if given:
                raise ParameterError(
                    f"--{name} ranks several families: name more than one by --family, or none."
                )
    return family or families or "common"


def require_no_single(names: list[str], *, all_columns: bool, **given: object) -> None:
    """Refuse what goes with one column, and columns that are named where all are meant."""
    for name, value in given.items():
        if value:
            raise ParameterError(f"--{name} goes with one column: name it with --column.")
    if all_columns and names:
        raise ParameterError(
            "--all-columns and --column exclude each other: name columns, or take all."
        )


def fitted(
    seen: Observations,
    names: list[str] | str,
    criterion: Criterion,
    rounding: float | None,
    fixed: dict[str, float],
    method: Any = "likelihood",
) -> tuple[Fit, Comparison | None]:
    """Return the best fit, and the comparison where several families are compared."""
    import likeliest as lk

    one = isinstance(names, list) and len(names) == 1
    if fixed and not one:
        raise ParameterError("--fixed holds a parameter of one family: name it with --family.")
    what = f"fitting {len(seen):,} values"
    if one:
        with output.progress(what):
            made = lk.fit(
                seen, names[0], rounding=rounding or 0.0, fixed=fixed or None, method=method
            )
            return made, None
    families = lk.families.chosen(names)
    with output.progress(what, len(families)) as advance:
        compared = lk.compare(
            seen, names, criterion=criterion, rounding=rounding, progress=lambda _: advance(1)
        )
    return compared.best, compared


def _record(best: Fit, compared: Comparison | None, level: float) -> dict[str, Any]:
    """Return what is printed as JSON, the fitted column first."""
    named = {"column": best.description.column or None}
    return named | (of_fit(best, level) if compared is None else of_comparison(compared, level))


def _tell(best: Fit, compared: Comparison | None, level: float, *, json: bool, full: bool) -> None:
    """Print the best fit, and the ranking that it is the first of."""
    if json:
        output.show_json(_record(best, compared, level))
    else:
        _show(best, compared, level, full=full)


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
    elif compared is not None and (kind is None or kind in _OF_A_COMPARISON):
        drawn = compared.plot(kind or "densities")
    else:
        drawn = best.plot(kind or "density")
    output.save_picture(drawn, plot)
