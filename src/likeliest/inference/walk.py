"""The ends of a profile interval by walking along one parameter, the others refitted.

For where Newton steps have no footing: corners of the likelihood, estimates on a bound, ridges.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

_STEEP = 1e6  # of a deviance, beyond which it need not be told apart
_FAR = 60.0  # in units of a logarithm: as good as the limit of a range


class Walk(NamedTuple):
    """Where a walk ended.

    Parameters
    ----------
    u : float
    deviance : float
        As it was evaluated there.
    evaluations : int
        Of the profile.
    endless : bool
        Whether the deviance stays below what was asked for.
    """

    u: float
    deviance: float
    evaluations: int
    endless: bool


def walked(
    deviance: Callable[[float], float], start: float, stride: float, asked: float, unit: float
) -> Walk:
    """Return where the deviance passes the one asked for.

    Parameters
    ----------
    deviance : callable
        Of a coordinate; below the one asked for at `start`.
    start, stride : float
        Steps begin with `stride`, whose sign is the direction, and double.
    asked : float
    unit : float
        A natural length of the coordinate.
    """
    from scipy.optimize import brentq

    seen: dict[float, float] = {}

    def short(u: float) -> float:
        found = deviance(u)
        seen[u] = min(found, _STEEP) if found == found else _STEEP  # noqa: PLR0124
        return float(np.sqrt(max(seen[u], 0.0)) - np.sqrt(asked))

    inner, outer = start, start + stride
    while short(outer) < 0.0:
        inner, stride = outer, 2.0 * stride
        outer += stride
        if abs(outer - start) > _FAR * unit:
            return Walk(inner, seen[inner], len(seen), endless=True)
    u = float(brentq(short, inner, outer, xtol=1e-9 * unit, rtol=1e-12))
    if u not in seen:
        short(u)
    return Walk(u, seen[u], len(seen), endless=False)
