"""The command line: one verb a file, `likeliest fit` and its fellows.

A user's error is one line on standard error and exit code 2; never a traceback.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated, Any

import typer

from likeliest.cli.explore import explore
from likeliest.cli.families import families
from likeliest.cli.fit import fit
from likeliest.cli.language import app as language
from likeliest.cli.likelihood import likelihood
from likeliest.cli.logarithm import logarithm
from likeliest.cli.plain_help import PlainCommand, PlainGroup
from likeliest.cli.probability import probability
from likeliest.cli.quantile import quantile
from likeliest.cli.regress import regress
from likeliest.cli.report import report
from likeliest.cli.return_level import return_level
from likeliest.cli.sample import sample
from likeliest.cli.testing import goodness, likelihood_ratio, vuong
from likeliest.cli.uncertainty import contour, intervals
from likeliest.cli.wording import on_the_command_line
from likeliest.errors import LikeliestError

# Typer carries a click of its own or uses the one installed; either way this is its root error.
_UsageError: Any = next(c for c in typer.BadParameter.__mro__ if c.__name__ == "ClickException")

app = typer.Typer(
    name="likeliest",
    cls=PlainGroup,
    help="Maximum likelihood: give it data, get the likeliest distribution, with its uncertainty.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        import likeliest

        print(f"likeliest {likeliest.__version__}")  # noqa: T201
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version and exit.", is_eager=True, callback=_show_version
        ),
    ] = False,
) -> None:
    pass


for verb in (
    fit, report, explore, regress, probability, quantile, return_level, intervals, contour,
    goodness, likelihood_ratio, vuong, likelihood, logarithm, sample, families,
):  # fmt: skip
    app.command(cls=PlainCommand)(verb)
app.add_typer(language)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit."""
    sys.exit(run(arguments))


def run(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code: 0, 2 for a user's error, 130 if interrupted."""
    try:
        result = app(args=arguments, standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, `head` say, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except SystemExit:  # what click makes of a closed pipe; it never exits otherwise
        return 0
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except (LikeliestError, OSError, _UsageError) as error:
        message = _said(error)
        if message:
            print("likeliest:", " ".join(message.split()), file=sys.stderr)  # noqa: T201
        return 2 if message else 0
    return result if isinstance(result, int) else 0


def _said(error: Exception) -> str:
    """Return the one line to print; nothing where the help was asked for and printed."""
    if isinstance(error, OSError) and not isinstance(error, LikeliestError):
        return f"{error.filename or 'a file'}: {error.strerror or error}."
    if isinstance(error, _UsageError):
        return on_the_command_line(str(error.format_message()))
    return on_the_command_line(str(error))
