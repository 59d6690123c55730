"""`likeliest logarithm`: the picture of what a probability costs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from likeliest.cli import output


def logarithm(
    plot: Annotated[Path, typer.Option(help="Draw it to this .png, .svg or .pdf file.")],
    negative: Annotated[
        bool, typer.Option("--negative", help="Draw −ln p in place of ln p.")
    ] = False,
) -> None:
    """Draw ln p, or −ln p, over the probabilities p from 0 to 1."""
    from likeliest.plots import log_curve, negative_log_curve

    output.require_picture(plot)
    output.save_picture(negative_log_curve() if negative else log_curve(), plot)
