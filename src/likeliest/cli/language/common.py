"""What the verbs of `likeliest language` share: options, reading text, opening models."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from likeliest.errors import ParameterError

if TYPE_CHECKING:
    from likeliest.language import NGramModel
    from likeliest.language.text import Text

TextFiles = Annotated[
    list[str], typer.Argument(help="Files with a sequence a line, -, or a bundled text.")
]
ModelFile = Annotated[Path, typer.Argument(help="A model saved by `fit --save`, or an ARPA file.")]
TokenizerName = Annotated[
    str | None,
    typer.Option(help="For an ARPA file: words (by default), characters or bytes."),
]
Encoding = Annotated[str, typer.Option(help="Of the files.")]
Errors = Annotated[
    str, typer.Option(help="What to do with bytes that are not text: strict, replace, ignore.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def sources(names: list[str]) -> Text:
    """Return what to read: files, standard input, or bundled texts."""
    from likeliest import datasets

    if "-" in names:
        if len(names) > 1:
            raise ParameterError("- is standard input, and stands alone.")
        return Path("/dev/stdin") if sys.platform != "win32" else sys.stdin
    return [
        datasets.text_path(n) if n in datasets.texts() and not Path(n).exists() else Path(n)
        for n in names
    ]


def opened(model: Path, tokenizer: str | None) -> NGramModel:
    """Return a saved model."""
    from likeliest import language

    return language.load(model, tokenizer)


@contextmanager
def reading(names: list[str]) -> Iterator[Callable[[int], None]]:
    """Show how much of the files has been read: on standard error, and on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

    total = sum(Path(n).stat().st_size for n in names if Path(n).is_file()) or None
    bar = Progress(
        "counting", BarColumn(), DownloadColumn(), TimeRemainingColumn(),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip
    with bar:
        task = bar.add_task("counting", total=total)
        yield lambda size: bar.advance(task, size)


def number(value: float) -> float | None:
    """Return a number as JSON holds it: nothing where it is infinite."""
    return value if abs(value) != float("inf") else None
