"""`likeliest regress`: how the parameters of a distribution depend on columns of a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from likeliest.cli import output
from likeliest.cli.arguments import (
    Data,
    DecimalMark,
    DropMissing,
    Entry,
    Event,
    Exit,
    Json,
    Lower,
    Missing,
    MissingCode,
    MissingOption,
    SamplingWeights,
    Upper,
    Weights,
    as_written,
    family_names,
    fixed_parameters,
)
from likeliest.cli.groups import require_groups, show_groups
from likeliest.errors import ParameterError


def regress(
    data: Data,
    formula: Annotated[
        str,
        typer.Argument(
            help="Say what depends on what: 'days ~ eth + sex'. Terms are columns, + : * and log, "
            "exp, sqrt, poly, s (a smooth curve), bs, cr, C, scale, center. With --lower or "
            "--upper: '~ eth'."
        ),
    ],
    family: Annotated[
        list[str],
        typer.Option(
            "--family",
            "-f",
            autocompletion=family_names,
            help="Regress this family; may be repeated, to rank several on the same terms.",
        ),
    ],
    formulas: Annotated[
        list[str] | None,
        typer.Option(
            "--formula",
            help="Give a further parameter its terms, such as 'dispersion ~ sex'; may be repeated.",
        ),
    ] = None,
    link: Annotated[
        list[str] | None,
        typer.Option("--link", help="Choose a link, such as mean=log; may be repeated."),
    ] = None,
    fixed: Annotated[
        list[str] | None,
        typer.Option("--fixed", help="Hold a parameter, such as df=5; may be repeated."),
    ] = None,
    offset: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN", help="Name the column that is a known part of the linear predictor."
        ),
    ] = None,
    exposure: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN",
            help="Name the column that says how long or how much each row was observed.",
        ),
    ] = None,
    penalty: Annotated[
        str | None,
        typer.Option(help="Draw slopes towards 0: ridge, or lasso, which leaves some at 0."),
    ] = None,
    strength: Annotated[
        float | None,
        typer.Option(
            help="Give the penalty this strength; without it the one by which rows held out are "
            "the likeliest."
        ),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by", help="Regress each group of this column by itself; may be repeated for several."
        ),
    ] = None,
    event: Event = None,
    lower: Lower = None,
    upper: Upper = None,
    entry: Entry = None,
    exit: Exit = None,  # noqa: A002
    weights: Weights = None,
    sampling_weights: SamplingWeights = None,
    missing: MissingOption = Missing.RAISE,
    drop_missing: DropMissing = False,
    decimal: DecimalMark = None,
    missing_code: MissingCode = None,
    exponentiated: Annotated[
        bool,
        typer.Option("--exp", help="Show exp(coefficient): ratios under a log link, odds ratios."),
    ] = False,
    drop_one: Annotated[
        bool, typer.Option("--drop-one", help="Test each term by leaving it out.")
    ] = False,
    stepwise: Annotated[
        str | None,
        typer.Option(help="Leave out terms, step by step, by this criterion: AIC, AICc or BIC."),
    ] = None,
    level: Annotated[
        float, typer.Option(help="Give intervals of this coverage, between 0 and 1.")
    ] = 0.95,
    plot: Annotated[
        Path | None,
        typer.Option(help="Draw the regression into this file: .png, .svg or .pdf."),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(
            help="Draw this picture with --plot: effects (by default), residuals, qq, worm, "
            "calibration or rootogram."
        ),
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option(
            help="Save the regression, the best of several, to this JSON file; with --by all "
            "groups, as .csv or .parquet."
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Regress a distribution on columns: any family, any of its parameters, with errors.

    With several families their ranking is shown, and saved, drawn and tested is the best.
    """
    import likeliest as lk
    from likeliest.data.keys import keys_of_file
    from likeliest.data.reading.source import table_of
    from likeliest.inference.levels import checked_level

    checked_level(level)
    output.require_writable(save)
    output.require_picture(plot)
    if kind is not None and plot is None:
        raise ParameterError("--kind says which picture --plot draws: name its file with --plot.")
    if by:
        require_groups(save, plot, sampling_weights)
        if drop_one or stepwise or exponentiated or len(family) > 1:
            raise ParameterError(
                "--by goes with one --family, and without --exp, --drop-one and --stepwise."
            )
    words: dict[str, Any] = {
        "event": event, "lower": lower, "upper": upper, "weights": weights,
        "sampling_weights": sampling_weights,
        "entry": _number_or_column(entry), "exit": _number_or_column(exit),
    }  # fmt: skip
    written = as_written(decimal, missing_code)
    regressed: Any = lk.regress  # what it returns depends on the options
    with output.progress(f"regressing on {data}"):
        found = regressed(
            formula,
            table_of(data, written=written),
            family[0] if len(family) == 1 else family,
            by=keys_of_file(data, by, written) if by else None,
            formulas=_formulas(formulas or []),
            links=_links(link or []),
            fixed=fixed_parameters(fixed or []),
            offset=offset,
            exposure=exposure,
            penalty=penalty,
            strength=strength,
            missing="drop" if drop_missing or missing is Missing.DROP else "raise",
            **words,
        )
    if by:
        show_groups(found, level, save, json=json)
        return
    best = found if len(family) == 1 else found.best
    best = best.stepwise(stepwise) if stepwise else best
    if save is not None:
        best.save(save)
    if json:
        output.show_json(best.to_dict())
    else:
        tables = [
            *([found.table()] if len(family) > 1 else []),
            *([best.steps.table()] if stepwise else []),
            best.table(level, exp=exponentiated),
            *([best.drop_one().table()] if drop_one else []),
        ]
        output.show(tables[0])
        for table in tables[1:]:
            print()  # noqa: T201
            output.show(table)
    if plot is not None:
        output.save_picture(best.plot(kind or "effects"), plot)


def _number_or_column(text: str | None) -> float | str | None:
    if text is None:
        return None
    try:
        return float(text)
    except ValueError:
        return text


def _formulas(given: list[str]) -> dict[str, str]:
    """Return formulas by parameter from `dispersion ~ sex`."""
    made: dict[str, str] = {}
    for text in given:
        name, tilde, terms = (part.strip() for part in text.partition("~"))
        if not (name and tilde and terms):
            raise ParameterError(
                f"--formula takes a parameter and its terms, such as 'shape ~ sex'; got {text!r}."
            )
        if name in made:
            raise ParameterError(f"--formula {name} is given twice.")
        made[name] = f"~ {terms}"
    return made


def _links(given: list[str]) -> dict[str, str]:
    """Return links by parameter from `mean=log`."""
    made: dict[str, str] = {}
    for text in given:
        name, equals, link = (part.strip() for part in text.partition("="))
        if not (name and equals and link):
            raise ParameterError(
                f"--link takes a parameter and its link, such as mean=log; got {text!r}."
            )
        made[name] = link
    return made
