"""`likeliest language score`: how well a model predicts a text."""

from __future__ import annotations

import math
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from likeliest.cli import output
from likeliest.cli.language import common, documents
from likeliest.errors import ParameterError

if TYPE_CHECKING:
    from likeliest.language.models.scorer import Scorer
    from likeliest.language.text.reading import Text

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
    field: documents.Field = None,
    mode: documents.Mode = None,
    normalize: documents.Normalize = False,
    pieces: documents.Pieces = None,
    output_file: Annotated[
        Path | None,
        typer.Option(
            "--output",
            help="Write documents with their perplexity to this .jsonl or .parquet file.",
        ),
    ] = None,
    buckets: Annotated[
        str | None,
        typer.Option(
            help="With --output, sort documents into head, middle and tail at two percentiles, "
            "such as 30,60."
        ),
    ] = None,
    encoding: common.Encoding = "utf-8",
    errors: common.Errors = "strict",
    json: common.Json = False,
) -> None:
    """Tell how well a model predicts a text: NLL, perplexity, bits for a character and a byte."""
    common.utf8()
    output.require_writable(html)
    records = documents.Documents(files, field, mode, normalize, pieces)
    if records.there():
        _documents(records, common.opened(model, tokenizer), output_file, buckets, json=json)
        return
    if output_file is not None or buckets is not None:
        raise ParameterError("--output and --buckets are for documents: .jsonl or .parquet files.")
    chosen, text = common.opened(model, tokenizer), common.sources(files)
    if surprisal or html is not None:
        text = _coloured(chosen, text, html, shown=surprisal, encoding=encoding, errors=errors)
        if surprisal:
            return
    with common.reading(files, "scoring") as told:
        found = chosen.evaluate(text, encoding=encoding, errors=errors, progress=told.read)
    record = {
        "sequences": found.sequences,
        "nll": common.number(found.nll),
        "mean_nll": common.number(found.mean_nll),
        "perplexity": common.number(found.perplexity),
        "perplexity_without_unknown": common.number(found.perplexity_without_unknown),
        "bits_per_character": common.number(found.bits_per_character),
        "bits_per_byte": common.number(found.bits_per_byte),
    }
    if json:
        output.show_json(record)
        return
    from likeliest.tables import Table, number

    rows = tuple(
        (name.replace("_", " "), "∞" if value is None else number(value, 8))
        for name, value in record.items()
    )
    footer = () if math.isfinite(found.nll) else (_NEVER,)
    output.show(Table(f"{chosen!r}", ("figure", "value"), rows, footer))


def _documents(
    records: documents.Documents,
    model: Scorer,
    output_file: Path | None,
    buckets: str | None,
    *,
    json: bool,
) -> None:
    if buckets is not None and output_file is None:
        raise ParameterError("--buckets needs --output, the file that gets them.")
    output.require_writable(output_file)
    from likeliest.tables import Table, number

    found = documents.score(model, records, output_file, buckets)
    if json:
        output.show_json({name: common.number(value) for name, value in found.items()})
        return
    rows = tuple((name.replace("_", " "), number(value, 6)) for name, value in found.items())
    footer = ("perplexity 30 is that below which 30 % of the documents with text lie.",)
    output.show(Table(f"{model!r}", ("figure", "value"), rows, footer))


_NEVER = (
    "Some symbols have probability 0 under this model: it is not smoothed, or lacks them. Fit with "
    "--smoothing kneser-ney, or see which with --surprisal."
)


def _coloured(
    model: Scorer,
    text: Text,
    html: Path | None,
    *,
    shown: bool,
    encoding: str,
    errors: str,
) -> Text:
    """Show the first lines; return all of them, for what was read of a pipe is read no more."""
    from rich.console import Console

    from likeliest.files import write_whole
    from likeliest.language.text.reading import lines
    from likeliest.plots.surprisal import page

    stream = lines(text, encoding=encoding, errors=errors)
    first = list(islice(stream, _MOST_COLOURED))
    surprisal = model.surprisal(first)
    if html is not None:
        write_whole(html, page(surprisal))
    if shown:
        Console().print(surprisal.to_terminal(), soft_wrap=True)
    after = list(islice(stream, 1))
    if after:
        common.note(f"coloured: the first {_MOST_COLOURED:,} lines")
    return chain(first, after, stream)
