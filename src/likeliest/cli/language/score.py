"""`likeliest language score`: how well a model predicts a text."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer

from likeliest.cli import output
from likeliest.cli.language import common

_MOST_COLOURED = 2_000  # lines printed symbol by symbol


def score(
    model: common.ModelFile,
    files: common.TextFiles,
    tokenizer: common.TokenizerName = None,
    surprisal: Annotated[
        bool, typer.Option("--surprisal", help="Print the text coloured by surprisal.")
    ] = False,
    html: Annotated[
        Path | None, typer.Option(help="Write the coloured text as an HTML page.")
    ] = None,
    encoding: common.Encoding = "utf-8",
    errors: common.Errors = "strict",
    json: common.Json = False,
) -> None:
    """Tell how well a model predicts a text: NLL, perplexity, bits for a character and a byte."""
    from likeliest.language.text import lines

    output.require_writable(html)
    chosen = common.opened(model, tokenizer)
    # Each figure is a pass; lines are read once, so that a pipe can be scored.
    text = list(lines(common.sources(files), encoding=encoding, errors=errors))
    if surprisal or html is not None:
        _coloured(chosen.surprisal(text[:_MOST_COLOURED]), html, shown=surprisal)
        if surprisal:
            return
    nll = float(chosen.nll(text))
    mean = float(chosen.nll(text, "mean"))
    record = {
        "sequences": len(text),
        "nll": common.number(nll),
        "mean_nll": common.number(mean),
        "perplexity": common.number(chosen.perplexity(text)),
        "perplexity_without_unknown": common.number(chosen.perplexity(text, "exclude")),
        "bits_per_character": common.number(chosen.bits_per_character(text)),
        "bits_per_byte": common.number(chosen.bits_per_byte(text)),
    }
    if json:
        output.show_json(record)
        return
    from likeliest.tables import Table, number

    rows = tuple(
        (name.replace("_", " "), "∞" if value is None else number(value, 8))
        for name, value in record.items()
    )
    footer = () if math.isfinite(nll) else (_NEVER,)
    output.show(Table(f"{chosen!r}", ("figure", "value"), rows, footer))


_NEVER = (
    "Some symbols have probability 0 under this model: it is not smoothed, or lacks them. Fit with "
    "--smoothing kneser-ney, or see which with --surprisal."
)


def _coloured(surprisal: object, html: Path | None, *, shown: bool) -> None:
    from rich.console import Console

    from likeliest.files import write_whole
    from likeliest.language import Surprisal
    from likeliest.plots.surprisal import page

    if not isinstance(surprisal, Surprisal):
        raise TypeError(surprisal)
    if html is not None:
        write_whole(html, page(surprisal))
    if shown:
        Console().print(surprisal.to_terminal(), soft_wrap=True)
