"""`likeliest probability`: parameters fixed, the event varies."""

from __future__ import annotations

import math
from typing import Annotated

import typer

from likeliest.cli import estimates, output
from likeliest.cli.arguments import WRITTEN, Json, Level, Picture
from likeliest.errors import ParameterError


def probability(
    distribution: Annotated[str, typer.Argument(help=f"The distribution{WRITTEN}")],
    between: Annotated[
        tuple[float, float] | None, typer.Option(help="Ask for a ≤ x ≤ b.", metavar="A B")
    ] = None,
    above: Annotated[float | None, typer.Option(help="Ask for x ≥ a.")] = None,
    below: Annotated[float | None, typer.Option(help="Ask for x ≤ b.")] = None,
    level: Level = 0.95,
    plot: Picture = None,
    json: Json = False,
) -> None:
    """Tell the probability of an event; under a saved fit with its interval."""
    from likeliest.distributions.notation import written

    output.require_picture(plot)
    a, b, event = _event(between, above, below)
    chosen, answer = estimates.asked(
        distribution,
        lambda d: d.probability(a, b),
        lambda fit: fit.probability(a, b),
        level,
    )
    value, pair = answer.values[0], None if answer.intervals is None else answer.intervals[0]
    if json:
        ends = {"from": a if math.isfinite(a) else None, "to": b if math.isfinite(b) else None}
        sure = {} if pair is None else {"level": level, "interval": list(pair)}
        output.show_json({"distribution": chosen.to_dict(), **ends, "probability": value, **sure})
    else:
        print(f"P({event}) = {value:.7g}   under {written(chosen)}")  # noqa: T201
        if pair is not None:
            low, high = pair
            print(f"{100 * level:.12g} % interval {low:.7g} to {high:.7g}")  # noqa: T201
    if plot is not None:
        from likeliest.plots import density

        output.save_picture(density(chosen, between=(a, b)), plot)


def _event(
    between: tuple[float, float] | None, above: float | None, below: float | None
) -> tuple[float, float, str]:
    """Return the ends of the event, and how it is written."""
    ends = [end for end in (*(between or ()), above, below) if end is not None]
    if any(math.isnan(end) for end in ends):
        raise ParameterError("nan is no number: an event needs ends that can be compared.")
    if (between is not None) + (above is not None) + (below is not None) != 1:
        raise ParameterError("say one event: --between A B, --above A or --below B.")
    if between is not None:
        return *between, f"{between[0]:g} ≤ x ≤ {between[1]:g}"
    if above is not None:
        return above, math.inf, f"x ≥ {above:g}"
    return -math.inf, ends[0], f"x ≤ {ends[0]:g}"
