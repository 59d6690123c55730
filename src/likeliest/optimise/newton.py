"""Newton's method for a maximum, safeguarded: it climbs at every step or says why it cannot."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.numerics.arrays import Array

_LONGEST_STEP = 3.0  # of the Newton step in units of `reach`; a factor of e³ for a log parameter
_EPS = float(np.finfo(float).eps)
_RIDGE = 1e-8  # least curvature, relative to a unit diagonal, that a step is taken along


@dataclass(frozen=True, slots=True)
class Point:
    """A function's value, gradient and Hessian at u."""

    u: Array
    value: float
    gradient: Array
    hessian: Array


@dataclass(frozen=True, slots=True)
class Ascent:
    """How a maximisation ended.

    Parameters
    ----------
    point : Point
        The highest point reached.
    decrement : float
        Half the squared length, in the metric of the curvature, of the gradient before the last
        step: how much that step was to rise. Infinite where the curvature is not that of a top.
    iterations : int
    converged : bool
    """

    point: Point
    decrement: float
    iterations: int
    converged: bool


def climb(
    evaluate: Callable[[Array], Point],
    start: Array,
    reach: Array,
    *,
    grain: Array | float = 1.0,
    tolerance: float = 1e-10,
    most: int = 100,
    glance: Callable[[Array], float] | None = None,
) -> Ascent:
    """Maximise by Newton's method with curvature made negative and a line search.

    Parameters
    ----------
    evaluate : callable
        u → Point. A value that is not finite marks u as out of reach.
    start : array of shape (k,)
    reach : array of shape (k,)
        A step of natural length in each coordinate; no step is longer than a few of them, until
        one as long as that has been taken.
    grain : array of shape (k,)
        The size below which a coordinate does not round more finely.
    tolerance : float
        Stop when the decrement falls below it (see Ascent), on the scale of the function. One
        more step is taken without a look: it squares the distance to the top, which is then far
        below what float64 can tell, and moves the value by the decrement.
    most : int
        Iterations.
    glance : callable, optional
        u → value alone, where that is far cheaper than `evaluate`: a step that does not rise is
        then given up without its derivatives.
    """
    here = evaluate(start)
    if start.size == 0:
        return Ascent(here, 0.0, 0, converged=bool(np.isfinite(here.value)))
    decrement = np.inf
    for iteration in range(most):
        step, decrement = newton_step(here, reach)
        if decrement <= max(tolerance, _rounding_of_coordinates(here, grain)):
            rise = decrement if decrement <= tolerance else 0.0
            top = dataclasses.replace(here, u=here.u + step, value=here.value + rise)
            return Ascent(top, decrement, iteration + 1, converged=True)
        there = _search(evaluate, here, step, decrement, glance)
        if there is None:
            return Ascent(here, decrement, iteration, _is_rounding(here, decrement))
        if np.max(np.abs(there.u - here.u) / reach) > 0.99 * _LONGEST_STEP:
            reach = 2.0 * reach  # the longest step was a good one
        here = there
    return Ascent(here, decrement, most, converged=False)


def newton_step(here: Point, reach: Array) -> tuple[Array, float]:
    """Return the step uphill and the Newton decrement at a point.

    Where the function is not concave the curvature is turned round (its absolute value is taken),
    which keeps the step uphill and of a sensible length. Along coordinates in which the function is
    level no step is taken.
    """
    if not (np.isfinite(here.gradient).all() and np.isfinite(here.hessian).all()):
        return np.zeros_like(here.gradient), np.inf
    diagonal = np.abs(np.diagonal(here.hessian))
    scale = 1.0 / np.sqrt(np.where(diagonal > 0, diagonal, 1.0 / reach**2))
    gradient = here.gradient * scale
    flat = np.diag(1.0 * level(here, reach))
    values, vectors = np.linalg.eigh(flat - here.hessian * np.outer(scale, scale))
    along = vectors.T @ gradient
    step = (vectors @ (along / np.maximum(np.abs(values), _RIDGE))) * scale
    concave = values[0] > _RIDGE
    decrement = float(0.5 * np.sum(along * along / values)) if concave else np.inf
    longest = float(np.max(np.abs(step) / reach))
    return step * min(1.0, _LONGEST_STEP / longest) if longest > 0 else step, decrement


def level(here: Point, reach: Array) -> Array:
    """Return in which coordinates the function is level: nothing tells its values apart there."""
    no_bend = (here.hessian == 0.0).all(axis=1)
    no_slope = np.abs(here.gradient) * reach <= _EPS * np.abs(here.value)
    return np.asarray(no_bend & no_slope & np.isfinite(here.value))


def condition(hessian: Array) -> float:
    """Return the condition number of minus the Hessian, with its diagonal scaled to 1."""
    diagonal = -hessian.diagonal()
    if not (np.isfinite(hessian).all() and (diagonal > 0).all()):
        return np.inf
    if diagonal.size == 1:
        return 1.0
    scale = 1.0 / np.sqrt(diagonal)
    scaled = -hessian * (scale[:, None] * scale)
    if diagonal.size == 2:
        tilt = abs(float(scaled[0, 1]))
        least, most = 1.0 - tilt, 1.0 + tilt
    else:
        least, *_, most = np.linalg.eigvalsh(scaled).tolist()
    return most / least if least > 0 else np.inf


def _search(
    evaluate: Callable[[Array], Point],
    here: Point,
    step: Array,
    decrement: float,
    glance: Callable[[Array], float] | None,
) -> Point | None:
    """Halve the step until the function rises; None if it never does."""
    slope = float(here.gradient @ step)
    for halving in range(30):
        length = 0.5**halving
        rounding = halving == 0 and _is_rounding(here, decrement)
        u = here.u + length * step
        if glance and not rounding and not glance(u) >= here.value + 1e-4 * length * slope:
            continue
        there = evaluate(u)
        if not np.isfinite(there.value) or not np.isfinite(there.gradient).all():
            continue
        if there.value >= here.value + 1e-4 * length * slope:
            return there
        # Near the top a rise smaller than rounding cannot be seen in the value: the full Newton
        # step is taken if the gradient shrinks.
        if rounding and _flatter(there, here):
            return there
    return None


def _rounding_of_coordinates(here: Point, grain: Array | float) -> float:
    """Return how far below its top the function may lie for the rounding of u alone.

    A Weibull shape of 1e12 needs its scale to more digits than float64 has.
    """
    units = _EPS * np.maximum(np.abs(here.u), grain)
    return float(0.5 * np.sum(np.abs(np.diagonal(here.hessian)) * units * units))


def _is_rounding(here: Point, decrement: float) -> bool:
    """Whether the rise still to be had is lost in the rounding of the function's value."""
    return bool(np.isfinite(decrement) and decrement <= 1e-9 + 1e-13 * abs(here.value))


def _flatter(there: Point, here: Point) -> bool:
    scale = 1.0 / np.sqrt(np.abs(np.diagonal(here.hessian)) + 1e-300)
    return bool(
        np.linalg.norm(there.gradient * scale) < 0.5 * np.linalg.norm(here.gradient * scale)
    )
