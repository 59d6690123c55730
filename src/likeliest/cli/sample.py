"""`likeliest sample`: draw from a distribution or a saved fit."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer

from likeliest.cli import output
from likeliest.errors import ParameterError

if TYPE_CHECKING:
    from likeliest.distributions.distribution import Distribution

_AT_ONCE = 100_000


def sample(
    distribution: Annotated[
        str, typer.Argument(help="Such as normal:mean=50,std=2.5, or a fit saved as JSON.")
    ],
    n: Annotated[int, typer.Option("-n", help="How many values.")],
    seed: Annotated[int | None, typer.Option(help="The same seed gives the same values.")] = None,
) -> None:
    """Draw values at random, one a line."""
    if n < 0:
        raise ParameterError(f"-n must be 0 or more; got {n}.")
    if seed is not None and seed < 0:
        raise ParameterError(f"--seed must be 0 or more; got {seed}.")
    chosen = _distribution(distribution)
    rng = np.random.default_rng(seed)
    with output.progress("drawing", n, printing=True) as advance:
        for first in range(0, n, _AT_ONCE):
            values = chosen.sample(min(_AT_ONCE, n - first), rng)
            lines = map(_whole if chosen.discrete else repr, values.tolist())
            sys.stdout.write("\n".join(lines) + "\n")
            advance(values.size)


def _distribution(text: str) -> Distribution:
    from likeliest.distributions.notation import parse
    from likeliest.fitting import Fit

    return Fit.load(text).distribution if Path(text).suffix == ".json" else parse(text)


def _whole(value: float) -> str:
    return str(int(value))
