"""`likeliest sample`: draw from a distribution or a saved fit."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from likeliest.cli import output
from likeliest.cli.arguments import WRITTEN, read_distribution
from likeliest.errors import ParameterError

_AT_ONCE = 100_000


def sample(
    distribution: Annotated[str, typer.Argument(help=f"The distribution to draw from{WRITTEN}")],
    n: Annotated[int, typer.Option("-n", help="Draw this many values.")],
    seed: Annotated[
        int | None, typer.Option(help="Draw the same values again where the seed is the same.")
    ] = None,
) -> None:
    """Draw values at random, one a line."""
    import numpy as np

    if n < 0:
        raise ParameterError(f"-n must be 0 or more; got {n}.")
    if seed is not None and seed < 0:
        raise ParameterError(f"--seed must be 0 or more; got {seed}.")
    chosen = read_distribution(distribution)
    rng = np.random.default_rng(seed)
    with output.progress("drawing", n, printing=True) as advance:
        for first in range(0, n, _AT_ONCE):
            values = chosen.sample(min(_AT_ONCE, n - first), rng)
            lines = map(_whole if chosen.discrete else repr, values.tolist())
            sys.stdout.write("\n".join(lines) + "\n")
            advance(values.size)


def _whole(value: float) -> str:
    return str(int(value))
