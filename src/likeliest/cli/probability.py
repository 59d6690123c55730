"""`likeliest probability`: parameters fixed, the event varies."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from likeliest.cli import output
from likeliest.errors import ParameterError


def probability(
    distribution: Annotated[str, typer.Argument(help="Such as normal:mean=50,std=2.5.")],
    between: Annotated[
        tuple[float, float] | None, typer.Option(help="The event a ≤ x ≤ b.", metavar="A B")
    ] = None,
    above: Annotated[float | None, typer.Option(help="The event x ≥ a.")] = None,
    below: Annotated[float | None, typer.Option(help="The event x ≤ b.")] = None,
    plot: Annotated[Path | None, typer.Option(help="Draw it to this file.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Tell the probability of an event under a distribution with its parameters fixed."""
    from likeliest.notation import parse, written

    output.require_picture(plot)
    chosen = parse(distribution)
    a, b = _event(between, above, below)
    value = float(chosen.probability(a, b))
    if json:
        ends = {"from": a if np.isfinite(a) else None, "to": b if np.isfinite(b) else None}
        output.show_json({"distribution": chosen.to_dict(), **ends, "probability": value})
    else:
        print(f"{_statement(a, b)} = {value:.7g}   under {written(chosen)}")  # noqa: T201
    if plot is not None:
        from likeliest.plots import density

        output.save_picture(density(chosen, between=(a, b)), plot)


def _event(
    between: tuple[float, float] | None, above: float | None, below: float | None
) -> tuple[float, float]:
    if sum(option is not None for option in (between, above, below)) != 1:
        raise ParameterError("say one event: --between A B, --above A or --below B.")
    if between is not None:
        return between
    return (-np.inf, float(below)) if below is not None else (float(above or 0.0), np.inf)


def _statement(a: float, b: float) -> str:
    if np.isinf(a):
        return f"P(x ≤ {b:g})"
    return f"P(x ≥ {a:g})" if np.isinf(b) else f"P({a:g} ≤ x ≤ {b:g})"
