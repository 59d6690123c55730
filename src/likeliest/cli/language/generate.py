"""`likeliest language generate`: sequences drawn from a model."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from likeliest.cli.language import common


def generate(
    model: common.ModelFile,
    n: Annotated[int, typer.Option("-n", help="How many sequences.")] = 10,
    prefix: Annotated[str, typer.Option(help="How each begins.")] = "",
    temperature: Annotated[
        float, typer.Option(help="Below 1 likely symbols become likelier; 0 takes the likeliest.")
    ] = 1.0,
    top_k: Annotated[int | None, typer.Option(help="Only the so many likeliest symbols.")] = None,
    top_p: Annotated[
        float | None, typer.Option(help="Only the likeliest that together reach this.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed gives the same text.")] = None,
    max_symbols: Annotated[int, typer.Option(help="Where an endless sequence is cut.")] = 1000,
    text: Annotated[
        Path | None,
        typer.Option(help="A text, such as the training one: say of each whether it is in it."),
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
