"""`likeliest fit`: which distribution describes the data, and how sure that is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from likeliest.cli import output
from likeliest.fitting.criteria import Criterion  # noqa: TC001  (typer reads the annotation)

if TYPE_CHECKING:
    from likeliest.fitting import Comparison, Fit
    from likeliest.numerics.arrays import Array


def fit(
    data: Annotated[
        str,
        typer.Argument(
            help="A CSV, TSV, Parquet, Arrow or JSON file; - for standard input, one number "
            "a line; or a bundled data set: five_points, old_faithful, seattle_rain."
        ),
    ],
    column: Annotated[
        str | None, typer.Option("--column", "-c", help="The column, if there are several.")
    ] = None,
    family: Annotated[
        list[str] | None,
        typer.Option("--family", "-f", help="A family to fit; may be repeated. Default: all."),
    ] = None,
    criterion: Annotated[
        Criterion, typer.Option(help="What ranks the families: aicc, aic, bic or nll.")
    ] = "aicc",
    rounding: Annotated[
        float | None,
        typer.Option(
            help="The step to which values were rounded; 0: not at all. Default: 1 for "
            "whole numbers when families are compared, else 0."
        ),
    ] = None,
    drop_missing: Annotated[
        bool,
        typer.Option("--drop-missing", help="Leave out empty and NA cells, and say how many."),
    ] = False,
    plot: Annotated[Path | None, typer.Option(help="Draw the result to this file.")] = None,
    save: Annotated[Path | None, typer.Option(help="Save the best fit as JSON.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Fit one family, or compare all that can hold the data and show the best in full."""
    output.require_picture(plot)
    output.require_writable(save)
    values = output.read_data(data, column, drop_missing=drop_missing)
    best, compared = _fitted(values, family or [], criterion, rounding)
    if json:
        output.show_json((compared or best).to_dict())
    else:
        if compared is not None:
            output.show(compared.table())
            print()  # noqa: T201
        output.show(best.table())
    if save is not None:
        best.save(save)
    if plot is not None:
        ax = (compared or best).plot()
        if column is not None and ax.get_xlabel() == "x":
            ax.set_xlabel(column)
        output.save_picture(ax, plot)


def _fitted(
    values: Array, names: list[str], criterion: Criterion, rounding: float | None
) -> tuple[Fit, Comparison | None]:
    import likeliest as lk

    what = f"fitting {values.size:,} values"
    if len(names) == 1:
        with output.progress(what):
            return lk.fit(values, names[0], rounding=rounding or 0.0), None
    families = [*map(lk.families.find, names)] or [*lk.families.all_families()]
    with output.progress(what, len(families)) as advance:
        compared = lk.compare(
            values, families, criterion=criterion, rounding=rounding,
            progress=lambda _: advance(1),
        )  # fmt: skip
    return compared.best, compared
