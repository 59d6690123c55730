"""`likeliest language filter`: keep or rank lines by how well a model predicts them."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from likeliest.cli.language import common


def filter_(
    model: common.ModelFile,
    files: common.TextFiles,
    below: Annotated[
        float | None, typer.Option(help="Keep lines of at most this perplexity.")
    ] = None,
    above: Annotated[
        float | None, typer.Option(help="Keep lines of at least this perplexity.")
    ] = None,
    top: Annotated[
        int | None, typer.Option(help="The so many likeliest lines, best first.")
    ] = None,
    worst: Annotated[bool, typer.Option("--worst", help="With --top: the least likely.")] = False,
    scores: Annotated[
        bool, typer.Option("--scores", help="Print perplexity and line number before each line.")
    ] = False,
    tokenizer: common.TokenizerName = None,
    encoding: common.Encoding = "utf-8",
    errors: common.Errors = "strict",
) -> None:
    """Keep the lines of a text by perplexity, in their order, or rank them."""
    from likeliest import language

    chosen, text = common.opened(model, tokenizer), common.sources(files)
    if top is None:
        kept = iter(language.keep(
            chosen, text, below=below, above=above, encoding=encoding, errors=errors
        ))  # fmt: skip
    else:
        kept = iter(language.rank(chosen, text, top, worst=worst, encoding=encoding, errors=errors))
    for line in kept:
        before = f"{line.perplexity:.6g}\t{line.number}\t" if scores else ""
        sys.stdout.write(f"{before}{line.text}\n")
