"""`likeliest language show`: what a model says comes next."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from likeliest.cli import output
from likeliest.cli.language import common


def show(
    model: common.ModelFile,
    after: Annotated[
        str, typer.Option(help="Continue this text; without it, the start of a sequence.")
    ] = "",
    top: Annotated[int, typer.Option(help="Show this many continuations.")] = 10,
    inside: Annotated[
        bool,
        typer.Option("--inside", help="Take the text of --after from the middle of a sequence."),
    ] = False,
    plot: Annotated[Path | None, typer.Option(help="Draw the bigram table to this file.")] = None,
    tokenizer: common.TokenizerName = None,
    json: common.Json = False,
) -> None:
    """Show the likeliest continuations of a text, and what the model is."""
    from likeliest.language import NGramModel
    from likeliest.tables import Table

    common.utf8()
    output.require_picture(plot)
    chosen = common.opened(model, tokenizer)
    if plot is not None:
        from likeliest import plots

        output.save_picture(
            plots.bigram(common.opened_ngrams(model, tokenizer), "probabilities"), plot
        )
    likeliest = chosen.next(after, bos=not inside, top=top) if top > 0 else {}
    if json:
        sizes = {"ngrams": list(chosen.sizes)} if isinstance(chosen, NGramModel) else {}
        output.show_json({"after": after, "next": likeliest, **sizes})
    else:
        output.show(chosen.summary())
        rows = tuple((symbol, f"{p:.6f}") for symbol, p in likeliest.items())
        where = f"after {after!r}" if after else ("inside" if inside else "at the start")
        output.show(Table(f"Likeliest {where}", ("symbol", "probability"), rows))
