"""What the verbs of `likeliest language` share: options, reading text, opening models."""

from __future__ import annotations

import io
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

    return language.load(model, tokenizer, check=True)


@contextmanager
def reading(
    names: list[str], what: str, then: str = "", *, shown: bool = True
) -> Iterator[Callable[[int], None]]:
    """Show how much of the files has been read: on standard error, and on a terminal only.

    Parameters
    ----------
    names : list of str
    what : str
        What is done with what is read.
    then : str
        What is done when all has been read, for as long as it takes.
    shown : bool
        False where the lines of a result are written to the same terminal.
    """
    if not shown or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

    total = sum(path.stat().st_size for path in _files(names)) or None
    label, elapsed = TextColumn("{task.description}"), TimeElapsedColumn()
    console = Console(stderr=True)
    with Progress(
        label,
        BarColumn(),
        DownloadColumn(),
        elapsed,
        console=console,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    ) as bar:
        task = bar.add_task(what, total=total)

        def advance(size: int) -> None:
            if size:
                bar.advance(task, size)
            elif then:  # of no known length: the bar runs to and fro
                bar.remove_task(task)
                bar.columns = (label, BarColumn(), elapsed)
                bar.add_task(then, total=None)

        yield advance


def _files(names: list[str]) -> list[Path]:
    """Return those of the sources whose size is known."""
    text = sources(names)
    return [path for path in text if path.is_file()] if isinstance(text, list) else []


def note(text: str) -> None:
    """Say something beside the result, on standard error."""
    print(text, file=sys.stderr)  # noqa: T201


def utf8(errors: str = "surrogatepass") -> None:
    """Make standard output UTF-8, as the text was, whatever the locale says."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors=errors)


def number(value: float) -> float | None:
    """Return a number as JSON holds it: nothing where it is infinite."""
    return value if abs(value) != float("inf") else None
