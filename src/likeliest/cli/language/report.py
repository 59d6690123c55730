"""`likeliest language report`: what a model is and how well it predicts, as one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from likeliest.cli import output
from likeliest.cli.language import common


def report(
    model: common.ModelFile,
    target: Annotated[
        Path, typer.Option("--output", "-o", help="Write the report to this .html file.")
    ],
    files: Annotated[
        list[str] | None,
        typer.Argument(
            help="Text to measure the model on, one sequence a line; not the text it was made from."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Draw sequences with this seed.")] = 0,
    tokenizer: common.TokenizerName = None,
    encoding: common.Encoding = "utf-8",
    errors: common.Errors = "strict",
) -> None:
    """Write a report of a language model as one HTML file, for a reader who was not there."""
    from likeliest import report as reports

    output.require_writable(target)
    reports.require_jinja()
    for name in (str(model), *(files or ())):
        reports.require_other(target, name)
    chosen, measured = common.opened_ngrams(model, tokenizer), None
    if files:
        with common.reading(files, "scoring") as told:
            found = chosen.evaluate(
                common.sources(files), encoding=encoding, errors=errors, progress=told.read
            )
        measured = found, tuple(files)
    reports.of_language_model(chosen, None, model, seed, measured).save(target)
    common.note(f"report: {target}")
