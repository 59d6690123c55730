"""`likeliest language`: fit, score, generate, show, explore, filter and shrink n-gram models."""

from __future__ import annotations

import typer

from likeliest.cli.language.explore import explore
from likeliest.cli.language.filter import filter_
from likeliest.cli.language.fit import fit
from likeliest.cli.language.generate import generate
from likeliest.cli.language.report import report
from likeliest.cli.language.score import score
from likeliest.cli.language.show import show
from likeliest.cli.language.shrink import shrink
from likeliest.cli.plain_help import PlainCommand, PlainGroup

app = typer.Typer(
    name="language",
    cls=PlainGroup,
    help="Language models by maximum likelihood: from the bigram to Kneser–Ney.",
    no_args_is_help=True,
)
for verb in (fit, score, generate, show, report, explore, shrink):
    app.command(cls=PlainCommand)(verb)
app.command("filter", cls=PlainCommand)(filter_)
