"""`likeliest explore`: drag parameters in the browser and watch the likelihood move."""

from __future__ import annotations

from typing import Annotated

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
    Limits,
    Lower,
    Missing,
    MissingCode,
    MissingOption,
    Rounding,
    Upper,
    Weights,
    as_written,
    family_names,
    read_observations,
)


def explore(
    data: Data,
    column: ColumnName = None,
    family: Annotated[
        str | None,
        typer.Option(
            "--family",
            "-f",
            help="Show this family first; others can be chosen on the page.",
            autocompletion=family_names,
        ),
    ] = None,
    event: Event = None,
    lower: Lower = None,
    upper: Upper = None,
    entry: Entry = None,
    exit: Exit = None,  # noqa: A002
    weights: Weights = None,
    rounding: Rounding = None,
    missing: MissingOption = Missing.RAISE,
    drop_missing: DropMissing = False,
    limits: Limits = False,
    decimal: DecimalMark = None,
    missing_code: MissingCode = None,
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="Listen at this port; 0 takes a free one.")
    ] = 0,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Print the address without opening a browser.")
    ] = False,
) -> None:
    """Explore data in the browser: drag parameters and watch the likelihood move.

    The page is served to this machine alone, at an address with a random token, until Ctrl-C. It
    leads from probability to likelihood, its logarithm, the maximum, gradient descent and cross
    entropy, step by step, on your own data.
    """
    import likeliest as lk
    from likeliest.explorer.server import require_server

    require_server()
    words = {
        "event": event, "lower": lower, "upper": upper, "entry": entry, "exit": exit,
        "weights": weights,
    }  # fmt: skip
    seen = read_observations(
        data, column, words, missing, drop_missing=drop_missing, limits=limits,
        written=as_written(decimal, missing_code),
    )  # fmt: skip
    with output.progress(f"ranking families of {len(seen):,} values"):
        explorer = lk.explore(seen, family, rounding=rounding)
    explorer.serve(port, open_browser=not no_browser)
