"""What the verbs share: printing tables and JSON, writing pictures, showing progress."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from likeliest.cli.wording import on_the_command_line
from likeliest.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from likeliest.tables import Table

WIDTH = 80


def show(table: Table) -> None:
    """Print a table with rich, no wider than 80 columns; plain where the output is no terminal."""
    from rich import box
    from rich.console import Console
    from rich.table import Table as Grid
    from rich.text import Text

    console = Console(width=min(WIDTH, Console().width) if sys.stdout.isatty() else WIDTH)
    grid = Grid(
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
    )
    for index, column in enumerate(table.columns):
        words = index == 0 or column in table.wrapped
        grid.add_column(
            Text(column),
            justify="left" if words else "right",
            no_wrap=column not in table.wrapped,
            overflow="fold",
        )
    for row in table.rows:
        grid.add_row(*map(Text, row))
    console.print(Text(table.title, style="bold"), soft_wrap=False)
    console.print(grid)
    for line in table.footer:
        console.print(Text(on_the_command_line(line)), soft_wrap=False)


def show_json(record: Any) -> None:
    """Print a record for a machine, and nothing else."""
    print(json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False))  # noqa: T201


def require_writable(path: Path | None) -> None:
    """Refuse, before the long work, a place that cannot be written to."""
    if path is None:
        return
    if path.is_dir():
        raise ReadError(f"{path} is a folder; name the file to write.")
    if not path.parent.is_dir():
        raise ReadError(f"There is no folder {path.parent} to write {path.name} in.")


def require_picture(path: Path | None) -> None:
    """Refuse, before the long work, a picture that cannot be written."""
    require_writable(path)
    if path is not None and path.suffix.lower() not in {".png", ".svg", ".pdf"}:
        raise ReadError(f"{path}: a picture is written as .png, .svg or .pdf.")


def save_picture(drawn: Axes | Figure, path: Path) -> None:
    """Write a picture and say so on standard error."""
    from likeliest.plots import save

    save(drawn, path)
    print(f"picture: {path}", file=sys.stderr)  # noqa: T201


@contextmanager
def progress(
    what: str, total: int | None = None, *, printing: bool = False
) -> Iterator[Callable[[int], None]]:
    """Show how far work has come, on standard error and on a terminal only.

    While the work prints values, there is no bar among them on the terminal.

    Yields
    ------
    callable
        Takes how many more of `total` are done; without a total the bar only says that it works.
    """
    if not sys.stderr.isatty() or (printing and sys.stdout.isatty()):
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

    counted = () if total is None else (MofNCompleteColumn(),)
    bar = Progress(
        "{task.description}", BarColumn(), *counted, TimeElapsedColumn(),
        console=Console(stderr=True), transient=True, redirect_stdout=False,
    )  # fmt: skip
    with bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.advance(task, done)
