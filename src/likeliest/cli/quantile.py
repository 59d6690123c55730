"""`likeliest quantile`: the value that a share of all lie at or below."""

from __future__ import annotations

from typing import Annotated

import typer

from likeliest.cli import estimates, output
from likeliest.cli.arguments import WRITTEN, Json, Level


def quantile(
    distribution: Annotated[str, typer.Argument(help=f"The distribution{WRITTEN}")],
    shares: Annotated[list[float], typer.Argument(help="Shares between 0 and 1.")],
    level: Level = 0.95,
    json: Json = False,
) -> None:
    """Tell the value at or below which a share of all lies; a saved fit gives its interval."""
    from likeliest.distributions.notation import written

    member, answer = estimates.asked(
        distribution, lambda d: d.quantile(shares), lambda fit: fit.quantile(shares), level
    )
    if json:
        names = ("share", "quantile")
        output.show_json(estimates.record(member, names, shares, answer, level))
    else:
        title = f"Quantiles under {written(member)}"
        output.show(estimates.table(title, ("share", "quantile"), shares, answer, level))
