"""`likeliest language shrink`: a smaller model, by pruning, quantising and packing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from likeliest.cli import output
from likeliest.cli.language import common


def shrink(
    model: common.ModelFile,
    threshold: Annotated[
        float | None,
        typer.Option(
            help="Prune n-grams that change the perplexity by less than this, such as 1e-8."
        ),
    ] = None,
    size: Annotated[
        str | None,
        typer.Option(help="Prune until the packed file is no larger than this, such as 10MB."),
    ] = None,
    bits: Annotated[
        int | None,
        typer.Option(help="Quantise values to this many bits: 8 leaves 256 values for each order."),
    ] = None,
    text: Annotated[
        Path | None,
        typer.Option(help="Count contexts in this text, and measure the perplexity on it."),
    ] = None,
    save: Annotated[Path | None, typer.Option(help="Write the packed model to this file.")] = None,
    arpa: Annotated[Path | None, typer.Option(help="Write the model to this ARPA file.")] = None,
    tokenizer: common.TokenizerName = None,
    json: common.Json = False,
) -> None:
    """Make a model smaller: prune n-grams, quantise values, write a packed file."""
    common.require_saved(save)
    output.require_writable(arpa)
    chosen = common.opened_ngrams(model, tokenizer)
    if threshold is not None or size is not None:
        chosen = chosen.prune(threshold, size=size, text=text)
    if bits is not None:
        chosen = chosen.quantise(bits, text=text)
    if save is not None:
        chosen.save(save, packed=True)
    if arpa is not None:
        chosen.to_arpa(arpa)
    if json:
        written = None if save is None else save.stat().st_size
        notes = list(chosen.notes)
        output.show_json({"ngrams": list(chosen.sizes), "bytes": written, "notes": notes})
    else:
        output.show(chosen.summary())
