"""`likeliest language generate`: sequences drawn from a model."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from likeliest.cli.language import common


def generate(
    model: common.ModelFile,
    n: Annotated[int, typer.Option("-n", help="Draw this many sequences.")] = 10,
    prefix: Annotated[str, typer.Option(help="Begin each sequence with this.")] = "",
    temperature: Annotated[
        float,
        typer.Option(help="Sharpen the choice below 1, flatten it above; 0 takes the likeliest."),
    ] = 1.0,
    top_k: Annotated[
        int | None, typer.Option(help="Draw from this many likeliest symbols.")
    ] = None,
    top_p: Annotated[
        float | None,
        typer.Option(help="Draw from the likeliest symbols that together have this probability."),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Draw the same text again where the seed is the same.")
    ] = None,
    max_symbols: Annotated[
        int, typer.Option(help="Cut a sequence after this many symbols.")
    ] = 1000,
    text: Annotated[
        Path | None,
        typer.Option(
            help="Say of each sequence whether it stands in this text, such as the training text."
        ),
    ] = None,
    tokenizer: common.TokenizerName = None,
) -> None:
    """Draw sequences at random, one a line."""
    common.utf8()
    chosen = common.opened(model, tokenizer)
    drawn = chosen.generate(
        n, temperature=temperature, top_k=top_k, top_p=top_p, prefix=prefix, seed=seed,
        max_symbols=max_symbols,
    )  # fmt: skip
    if text is None:
        sys.stdout.writelines(f"{line}\n" for line in drawn)
        return
    seen = chosen.seen(drawn, text)
    for line, is_known in zip(drawn, seen, strict=True):
        sys.stdout.write(f"{'in the text' if is_known else 'new'}\t{line}\n")
    common.note(f"{sum(seen):,} of {len(seen):,} are in {text}")
