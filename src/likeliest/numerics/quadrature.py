"""Integrals over probabilities whose ends are singular."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array


def double_exponential(nodes: int = 121, far: float = 4.0) -> tuple[Array, Array]:
    """Return nodes in (0, 1) and weights of the double exponential rule (Takahasi & Mori 1974).

    Nodes crowd towards 0 and 1, where a quantile goes to infinity.

    Examples
    --------
    >>> x, weight = double_exponential()
    >>> round(float(np.sum(-np.log(x) * weight)), 12)
    1.0
    """
    t, step = np.linspace(-far, far, nodes, retstep=True)
    x = 1.0 / (1.0 + np.exp(-np.pi * np.sinh(t)))
    rest = 1.0 / (1.0 + np.exp(np.pi * np.sinh(t)))
    return x, step * np.pi * np.cosh(t) * x * rest
