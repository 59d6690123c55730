"""Derivatives of the log likelihood by central differences, for what has no formula.

Rounded (interval) data and a user's own family come here. Steps are a small part of a standard
error, so that the log likelihood changes by about 1e-3 over them: far above its rounding, far
below where its third derivative would show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.optimise.newton import Point

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.numerics.arrays import Array

_DROP = 1e-3  # wanted fall of the log likelihood over one step from its maximum


class Differences:
    """A function of u with its gradient and Hessian by differences.

    Parameters
    ----------
    value : callable
        u → log likelihood; -inf where u is out of reach.
    reach : array of shape (k,)
        A natural length in each coordinate, from which the steps are found.
    n : float
        The number of observations: a standard error is about reach / √n.
    """

    def __init__(self, value: Callable[[Array], float], reach: Array, n: float) -> None:
        self.value = value
        self._longest = 0.02 * reach
        self._steps = np.minimum(self._longest, 0.05 * reach / np.sqrt(n))

    def __call__(self, u: Array) -> Point:
        """Return the point at u; the steps are fitted to the curvature found."""
        value = self.value(u)
        if not np.isfinite(value):
            return Point(u, -np.inf, np.zeros_like(u), np.zeros((u.size, u.size)))
        point = self._differentiate(u, value)
        wanted = np.sqrt(2.0 * _DROP / np.maximum(np.abs(np.diagonal(point.hessian)), 1e-300))
        steps = np.minimum(wanted, self._longest)
        if np.any((steps > 2.0 * self._steps) | (steps < 0.5 * self._steps)):
            self._steps = steps
            point = self._differentiate(u, value)
        return point

    def _differentiate(self, u: Array, value: float) -> Point:
        k, h = u.size, self._steps
        unit = np.diag(h)
        ahead = np.array([self.value(u + unit[i]) for i in range(k)])
        behind = np.array([self.value(u - unit[i]) for i in range(k)])
        far = np.array(
            [self.value(u + 2 * unit[i]) - self.value(u - 2 * unit[i]) for i in range(k)]
        )
        gradient = (8.0 * (ahead - behind) - far) / (12.0 * h)
        hessian = np.diag((ahead - 2.0 * value + behind) / h**2)
        for i in range(k):
            for j in range(i + 1, k):
                mixed = self.value(u + unit[i] + unit[j]) + self.value(u - unit[i] - unit[j])
                mixed -= ahead[i] + behind[i] + ahead[j] + behind[j] - 2.0 * value
                hessian[i, j] = hessian[j, i] = mixed / (2.0 * h[i] * h[j])
        return Point(u, value, gradient, hessian)
