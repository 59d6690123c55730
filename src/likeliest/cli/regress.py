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
from likeliest.errors import ParameterError


def regress(
    data: Data,
    formula: Annotated[
        str,
        typer.Argument(
            help="Say what depends on what: 'days ~ eth + sex'. Terms are columns, + : * and log, "
            "exp, sqrt, poly, bs, cr, C, scale, center. With --lower or --upper: '~ eth'."
        ),
    ],
    family: Annotated[
        str,
        typer.Option("--family", "-f", help="Regress this family.", autocompletion=family_names),
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
    level: Annotated[
        float, typer.Option(help="Give intervals of this coverage, between 0 and 1.")
    ] = 0.95,
    save: Annotated[
        Path | None, typer.Option(help="Save the regression to this JSON file.")
    ] = None,
    json: Json = False,
) -> None:
    """Regress a distribution on columns: any family, any of its parameters, with errors."""
    import likeliest as lk
    from likeliest.data.reading.source import table_of
    from likeliest.inference.levels import checked_level

    checked_level(level)
    output.require_writable(save)
    words: dict[str, Any] = {
        "event": event, "lower": lower, "upper": upper, "weights": weights,
        "sampling_weights": sampling_weights,
        "entry": _number_or_column(entry), "exit": _number_or_column(exit),
    }  # fmt: skip
    with output.progress(f"regressing on {data}"):
        found = lk.regress(
            formula,
            table_of(data, written=as_written(decimal, missing_code)),
            family,
            formulas=_formulas(formulas or []),
            links=_links(link or []),
            fixed=fixed_parameters(fixed or []),
            offset=offset,
            exposure=exposure,
            missing="drop" if drop_missing or missing is Missing.DROP else "raise",
            **words,
        )
    if save is not None:
        found.save(save)
    if json:
        output.show_json(found.to_dict())
        return
    output.show(found.table(level, exp=exponentiated))
    if drop_one:
        print()  # noqa: T201
        output.show(found.drop_one().table())


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
