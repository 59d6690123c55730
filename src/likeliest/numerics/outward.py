"""Integrals of a density from a point outward, where it falls like an exponential or faster."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.numerics.arrays import Array

_EDGES = np.array([0.0, 2.0, 8.0, 40.0])
"""Of panels, in units over which the density falls by about a factor of e."""
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(20)
_NEVER = -1e300
ROWS = 1_024
"""Rows that are integrated at a time, for the sake of memory."""


def nodes(x: Array, unit: Array, most: Array) -> tuple[Array, Array]:
    """Return nodes and weights that integrate a density from x to x + most · unit.

    To 14 digits or so where the log density is concave.

    Parameters
    ----------
    x : array of shape (n,)
    unit : array of shape (n,)
        About how far from x the density has fallen by a factor of e; negative to integrate
        downwards.
    most : array of shape (n,)
        How many such units there are to the end of the support; infinite where it has none.

    Returns
    -------
    Two arrays of shape (n, 60).
    """
    edges = np.minimum(_EDGES, most[:, None])
    half = 0.5 * np.diff(edges)
    steps = (edges[:, :-1] + half)[..., None] + half[..., None] * _NODES
    size = unit[:, None, None]
    weights = half[..., None] * _WEIGHTS * np.abs(size)
    return (x[:, None, None] + size * steps).reshape(x.size, -1), weights.reshape(x.size, -1)


def log_integral(
    log_density: Callable[[Array, slice], Array], x: Array, unit: Array, most: Array
) -> Array:
    """Return the log of the integral of a density from x to x + most · unit; see `nodes`.

    Parameters
    ----------
    log_density : callable
        From places, of shape (rows, nodes), and the rows that they belong to, to its log there.

    Examples
    --------
    >>> one = np.ones(1)
    >>> falls = log_integral(lambda y, rows: -y, 2.0 * one, one, np.inf * one)
    >>> round(float(falls[0]), 12)
    -2.0
    """
    out = np.empty(x.size)
    for first in range(0, x.size, ROWS):
        rows = slice(first, first + ROWS)
        at, weights = nodes(x[rows], unit[rows], most[rows])
        logs = log_density(at, rows)
        top = np.maximum(np.max(logs, axis=1), _NEVER)  # of what is 0 throughout
        out[rows] = top + np.log(np.sum(np.exp(logs - top[:, None]) * weights, axis=1))
    return out
