"""`likeliest language filter`: keep or rank lines by how well a model predicts them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from likeliest.cli.language import common, documents
from likeliest.errors import ParameterError

if TYPE_CHECKING:
    from likeliest.language import Line


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
        int | None, typer.Option(help="Print this many of the likeliest lines, best first.")
    ] = None,
    worst: Annotated[
        bool, typer.Option("--worst", help="With --top, print the least likely lines instead.")
    ] = False,
    scores: Annotated[
        bool, typer.Option("--scores", help="Print perplexity and line number before each line.")
    ] = False,
    field: documents.Field = None,
    mode: documents.Mode = None,
    normalize: documents.Normalize = False,
    pieces: documents.Pieces = None,
    tokenizer: common.TokenizerName = None,
    encoding: common.Encoding = "utf-8",
    errors: common.Errors = "strict",
) -> None:
    """Keep the lines or documents of a text by perplexity, in their order, or rank them."""
    from likeliest import language

    if top is not None and (below is not None or above is not None):
        raise ParameterError("--top ranks all lines; --below and --above keep some: choose one.")
    if worst and top is None:
        raise ParameterError("--worst needs --top, the number of lines.")
    common.utf8("surrogateescape" if errors == "surrogateescape" else "surrogatepass")
    records = documents.Documents(files, field, mode, normalize, pieces)
    if records.there():
        opened = common.opened(model, tokenizer)
        documents.filter_(opened, records, below=below, above=above, top=top, worst=worst)
        return
    chosen, text = common.opened(model, tokenizer), common.sources(files)
    how: dict[str, Any] = {"encoding": encoding, "errors": errors}
    if top is None:
        with common.reading(files, "scoring", shown=not sys.stdout.isatty()) as told:
            kept = language.keep(chosen, text, below=below, above=above, progress=told.read, **how)
            _write(kept, scores=scores)
        return
    with common.reading(files, "scoring") as told:
        ranked = language.rank(chosen, text, top, worst=worst, progress=told.read, **how)
    _write(ranked, scores=scores)


def _write(lines: Iterable[Line], *, scores: bool) -> None:
    for line in lines:
        before = f"{line.perplexity:.6g}\t{line.number}\t" if scores else ""
        sys.stdout.write(f"{before}{line.text}\n")
