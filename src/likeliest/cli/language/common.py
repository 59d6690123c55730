"""What the verbs of `likeliest language` share: options, reading text, opening models."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from likeliest.cli import output
from likeliest.errors import ParameterError

if TYPE_CHECKING:
    from rich.progress import Progress

    from likeliest.language import MLPModel, NGramModel
    from likeliest.language.text.reading import Text

TextFiles = Annotated[
    list[str],
    typer.Argument(
        help="Text files, one sequence a line; - reads standard input, and first_names is bundled."
    ),
]
ModelFile = Annotated[Path, typer.Argument(help="A model that --save wrote, or an ARPA file.")]
TokenizerName = Annotated[
    str | None,
    typer.Option(
        help="Cut text into words, characters or bytes; only an ARPA file needs it. Without it "
        "words, unless all of its symbols are characters."
    ),
]
Encoding = Annotated[str, typer.Option(help="Name the encoding of the files.")]
Errors = Annotated[
    str,
    typer.Option(help="Say what becomes of bytes that are not text: strict, replace or ignore."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON in place of tables.")]


def sources(names: list[str]) -> Text:
    """Return what to read: files, standard input, or bundled texts."""
    from likeliest.data import datasets

    if "-" in names:
        if len(names) > 1:
            raise ParameterError("- reads standard input, and no file goes beside it.")
        return Path("/dev/stdin") if sys.platform != "win32" else sys.stdin
    return [
        datasets.text_path(n) if n in datasets.texts() and not Path(n).exists() else Path(n)
        for n in names
    ]


def opened(model: Path, tokenizer: str | None) -> NGramModel | MLPModel:
    """Return a saved model, or a network."""
    from likeliest import language
    from likeliest.errors import ReadError
    from likeliest.language.storage.files import is_network

    try:
        if is_network(model):
            return language.load_mlp(model, check=True)
    except OSError as error:
        raise ReadError(f"{model} cannot be read: {error.strerror}.") from None
    return opened_ngrams(model, tokenizer)


def opened_ngrams(model: Path, tokenizer: str | None) -> NGramModel:
    """Return a saved model of n-grams, for what is not done with a network."""
    from likeliest import language

    chosen = language.load(model, tokenizer, check=True)
    if chosen.smoothing == "arpa":  # what was skipped; of a model of our own `fit` has said it
        for line in chosen.notes:
            note(f"{model}: {line}")
    return chosen


def require_saved(save: Path | None) -> None:
    """Refuse, before the long work, a place or a name that a model cannot be saved to."""
    from likeliest.language.storage.files import require_own

    output.require_writable(save)
    if save is not None:
        require_own(save)


class Told:
    """What is told how far the reading of files has come, and the work after it. Shows nothing."""

    def read(self, size: int) -> None:
        """Take in that so many bytes more were read; 0 when there is no more."""

    def worked(self, done: int, total: int) -> None:
        """Take in that so many of `total` n-grams more are dealt with."""


class _Bar(Told):
    """Shows it as a bar: of bytes, then of the share of the work."""

    def __init__(self, bar: Progress, what: str, then: str, total: int | None) -> None:
        from rich.progress import BarColumn, DownloadColumn, TaskProgressColumn, TextColumn
        from rich.progress import TimeElapsedColumn as Elapsed

        self.bar, self.then, self.working = bar, then, False
        label = TextColumn("{task.description}")
        self.of_work = (label, BarColumn(), TaskProgressColumn(), Elapsed())
        bar.columns = (label, BarColumn(), DownloadColumn(), Elapsed())
        self.task = bar.add_task(what, total=total)

    def read(self, size: int) -> None:
        """Advance by bytes; at the end show what comes then, of a length not known yet."""
        if size:
            self.bar.advance(self.task, size)
        elif self.then:
            self._work()

    def worked(self, done: int, total: int) -> None:
        """Advance by n-grams, of counts that were there before too."""
        self._work()
        self.bar.update(self.task, total=total, advance=done)

    def _work(self) -> None:
        if not self.working:
            self.working = True
            self.bar.remove_task(self.task)
            self.bar.columns = self.of_work
            self.task = self.bar.add_task(self.then, total=None)


@contextmanager
def reading(names: list[str], what: str, then: str = "", *, shown: bool = True) -> Iterator[Told]:
    """Show how much of the files has been read: on standard error, and on a terminal only.

    Parameters
    ----------
    names : list of str
    what : str
        What is done with what is read.
    then : str
        What is done when all has been read.
    shown : bool
        False where the lines of a result are written to the same terminal.
    """
    if not shown or not sys.stderr.isatty():
        yield Told()
        return
    from rich.console import Console
    from rich.progress import Progress

    total = sum(path.stat().st_size for path in _files(names)) or None
    console = Console(stderr=True)
    with Progress(
        console=console, transient=True, redirect_stdout=False, redirect_stderr=False
    ) as bar:
        yield _Bar(bar, what, then, total)


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
