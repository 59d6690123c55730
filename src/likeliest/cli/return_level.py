"""`likeliest return-level`: the value that is exceeded once in a period on average."""

from __future__ import annotations

from typing import Annotated

import typer

from likeliest.cli import estimates, output
from likeliest.cli.arguments import WRITTEN, Json, Level
from likeliest.errors import ParameterError


def return_level(
    distribution: Annotated[str, typer.Argument(help=f"The distribution{WRITTEN}")],
    periods: Annotated[list[float], typer.Argument(help="Periods, such as 10 and 100 years.")],
    rate: Annotated[
        float,
        typer.Option(help="Name the number of values in a unit of time: 1 for annual maxima."),
    ] = 1.0,
    level: Level = 0.95,
    json: Json = False,
) -> None:
    """Tell the value that is exceeded once in a period; of a saved fit with its interval."""
    import numpy as np

    from likeliest.distributions.notation import written

    once = np.asarray(periods) * rate
    if not (once > 1.0).all():
        raise ParameterError(
            f"A return period must hold more than one value; got {once.min():g} (the period "
            "times --rate)."
        )
    member, answer = estimates.asked(
        distribution,
        lambda d: d.upper_quantile(1.0 / once),
        lambda fit: fit.return_level(periods, rate),
        level,
    )
    if json:
        names = ("period", "return_level")
        output.show_json(estimates.record(member, names, periods, answer, level))
    else:
        title = f"Return levels under {written(member)}"
        output.show(estimates.table(title, ("period", "return level"), periods, answer, level))
