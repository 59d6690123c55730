"""`likeliest probability`: parameters fixed, the event varies."""

from __future__ import annotations

from typing import Annotated

import numpy as np
import typer

from likeliest.cli import output
from likeliest.cli.arguments import WRITTEN, Json, Picture, read_distribution
from likeliest.errors import ParameterError


def probability(
    distribution: Annotated[str, typer.Argument(help=f"The distribution{WRITTEN}")],
    between: Annotated[
        tuple[float, float] | None, typer.Option(help="Ask for a ≤ x ≤ b.", metavar="A B")
    ] = None,
    above: Annotated[float | None, typer.Option(help="Ask for x ≥ a.")] = None,
    below: Annotated[float | None, typer.Option(help="Ask for x ≤ b.")] = None,
    plot: Picture = None,
    json: Json = False,
) -> None:
    """Tell the probability of an event under a distribution with its parameters fixed."""
    from likeliest.distributions.notation import written

    output.require_picture(plot)
    chosen = read_distribution(distribution)
    a, b, event = _event(between, above, below)
    value = float(chosen.probability(a, b))
    if json:
        ends = {"from": a if np.isfinite(a) else None, "to": b if np.isfinite(b) else None}
        output.show_json({"distribution": chosen.to_dict(), **ends, "probability": value})
    else:
        print(f"P({event}) = {value:.7g}   under {written(chosen)}")  # noqa: T201
    if plot is not None:
        from likeliest.plots import density

        output.save_picture(density(chosen, between=(a, b)), plot)


def _event(
    between: tuple[float, float] | None, above: float | None, below: float | None
) -> tuple[float, float, str]:
    """Return the ends of the event, and how it is written."""
    ends = [end for end in (*(between or ()), above, below) if end is not None]
    if any(np.isnan(end) for end in ends):
        raise ParameterError("nan is no number: an event needs ends that can be compared.")
    if (between is not None) + (above is not None) + (below is not None) != 1:
        raise ParameterError("say one event: --between A B, --above A or --below B.")
    if between is not None:
        return *between, f"{between[0]:g} ≤ x ≤ {between[1]:g}"
    if above is not None:
        return above, np.inf, f"x ≥ {above:g}"
    return -np.inf, ends[0], f"x ≤ {ends[0]:g}"
