"""Derivatives of log densities and log tails, and the chain rule that most families need."""

from __future__ import annotations

from enum import Enum
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, cast

import numpy as np

from likeliest.numerics.special import log1mexp

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from likeliest.distributions.parameters import Parameter
    from likeliest.numerics.arrays import Array


class Derivatives(NamedTuple):
    """The log of a probability (or density) and its derivatives by the k parameters.

    Of sums over values, or by row: `score` holds k entries, `hessian` k(k+1)/2, the upper
    triangle row by row.
    """

    log_prob: Parameter
    score: tuple[Parameter, ...]
    hessian: tuple[Parameter, ...]


Total: TypeAlias = "Callable[[Array | float], Parameter]"
"""Adds up an array over the values, by their weights; a number counts once for each of them."""


def keep(term: Array | float) -> Parameter:
    """Keep the terms of each value: the reducer that reduces nothing."""
    return term


def products(total: Total, terms: Sequence[Parameter]) -> list[Parameter]:
    """Return the totals of the products of all pairs of terms, the upper triangle row by row.

    A total that is a sum may know all of them from one product of matrices, by its `products`.
    """
    at_once = getattr(total, "products", None)
    if at_once is not None:
        found: list[Parameter] = at_once(terms)
        return found
    return [total(one * other) for one, other in combinations_with_replacement(terms, 2)]


class Side(Enum):
    """Which tail of a distribution: X ≤ x, or X > x."""

    BELOW = -1
    ABOVE = 1


class Jet(NamedTuple):
    """A function of one variable with its first and second derivative."""

    value: Parameter
    first: Parameter
    second: Parameter


class Standardisation(NamedTuple):
    """A standardised value z(x; parameters): its derivatives by the k parameters.

    Or those of log z, where the outer function is given with its derivatives by that. `second` is
    the upper triangle row by row, as in `Derivatives`.
    """

    z: Array
    first: tuple[Parameter, ...]
    second: tuple[Parameter, ...]


def chained(outer: Jet, inner: Standardisation) -> Derivatives:
    """Return the derivatives of outer(z(parameters)) by the parameters: the chain rule."""
    pairs = combinations_with_replacement(inner.first, 2)
    hessian = (
        outer.second * (one * other) + outer.first * both
        for (one, other), both in zip(pairs, inner.second, strict=True)
    )
    score = tuple(outer.first * slope for slope in inner.first)
    return Derivatives(outer.value, score, tuple(hessian))


def added(one: Derivatives, other: Derivatives) -> Derivatives:
    """Return the sum of two functions of the same parameters, with its derivatives."""
    return Derivatives(
        one.log_prob + other.log_prob,
        tuple(a + b for a, b in zip(one.score, other.score, strict=True)),
        tuple(a + b for a, b in zip(one.hessian, other.hessian, strict=True)),
    )


def log_sum(one: Derivatives, other: Derivatives) -> Derivatives:
    """Return log(exp(one) + exp(other)), functions of the same parameters, with its derivatives."""
    value = np.logaddexp(one.log_prob, other.log_prob)
    share, rest = np.exp(one.log_prob - value), np.exp(other.log_prob - value)
    score = tuple(share * a + rest * b for a, b in zip(one.score, other.score, strict=True))
    apart = tuple(a - b for a, b in zip(one.score, other.score, strict=True))
    hessian = tuple(
        share * a + rest * b + share * rest * (c * d)
        for a, b, (c, d) in zip(
            one.hessian, other.hessian, combinations_with_replacement(apart, 2), strict=True
        )
    )
    return Derivatives(value, score, hessian)


def complement(tail: Derivatives) -> Derivatives:
    """Return log(1 - exp(tail)), the log of the other tail, with its derivatives."""
    value = log1mexp(np.minimum(tail.log_prob, -_LEAST))
    odds = -np.exp(tail.log_prob - value)
    score = tuple(odds * s for s in tail.score)
    pairs = combinations_with_replacement(range(len(score)), 2)
    # Of a tail next to 1 slopes are so small that their products leave float64.
    hessian = tuple(
        odds * h + score[i] * (tail.score[j] - score[j])
        for h, (i, j) in zip(tail.hessian, pairs, strict=True)
    )
    return Derivatives(value, score, hessian)


def chained_with_shape(outer: Derivatives, inner: Derivatives) -> Derivatives:
    """Return the derivatives of outer(shape, t(parameters)), the shape being the first of them.

    Those of `outer` are by the shape and by t.
    """
    (by_shape, by_t), (shape_twice, mixed, t_twice) = outer.score, outer.hessian
    _, score, hessian = chained(Jet(outer.log_prob, by_t, t_twice), inside(inner))
    k, slopes = len(score), inner.score
    corner = hessian[0] + 2.0 * mixed * slopes[0] + shape_twice
    row = (h + mixed * s for h, s in zip(hessian[1:k], slopes[1:], strict=True))
    both = (corner, *row, *hessian[k:])
    return Derivatives(outer.log_prob, (score[0] + by_shape, *score[1:]), both)


def inside(function: Derivatives) -> Standardisation:
    """Return a function of the parameters as what another is a function of."""
    return Standardisation(cast("Array", function.log_prob), function.score, function.hessian)


def logarithm(inner: Derivatives) -> Standardisation:
    """Return the logarithm of a positive function with its derivatives."""
    value, score, hessian = inner
    slopes = tuple(s / value for s in score)
    pairs = combinations_with_replacement(slopes, 2)
    bends = tuple(h / value - a * b for h, (a, b) in zip(hessian, pairs, strict=True))
    return Standardisation(np.log(value), slopes, bends)


def by_differences(
    function: Callable[..., Array],
    values: Sequence[Parameter],
    steps: Sequence[Parameter],
    sides: Sequence[int] = (),
) -> Derivatives:
    """Return a function of k parameters with its derivatives by central differences.

    Of fourth order. A step of about a thousandth of the length over which the function changes
    leaves ten digits of the first derivatives and nine of the second, if the function itself has
    sixteen. Where `sides` is not 0 for each, differences by those parameters are to that side.

    Source: Abramowitz & Stegun (1964), 25.3.
    """
    k = len(values)
    if any(sides):
        return _to_sides(function, values, steps, sides)

    around = (-2.0, -1.0, 1.0, 2.0)
    pairs = combinations_with_replacement(range(k), 2)
    points: list[tuple[tuple[int, float], ...]] = [()]
    points += [((i, m),) if i == j else ((i, m), (j, m)) for i, j in pairs for m in around]
    at = {}
    for point in points:
        moved = list(values)
        for i, by in point:
            moved[i] = values[i] + by * steps[i]
        at[point] = function(*moved)
    here = at[()]
    score, hessian = [], []
    for i in range(k):
        near = at[(i, 1.0),] - at[(i, -1.0),]
        far = at[(i, 2.0),] - at[(i, -2.0),]
        score.append((8.0 * near - far) / (12.0 * steps[i]))
        for j in range(i, k):
            if i == j:
                near = at[(i, 1.0),] - here + (at[(i, -1.0),] - here)
                far = at[(i, 2.0),] - here + (at[(i, -2.0),] - here)
                hessian.append((16.0 * near - far) / (12.0 * steps[i] * steps[i]))
                continue
            corners = [at[(i, m), (j, m)] - at[(i, m),] - (at[(j, m),] - here) for m in around]
            near, far = corners[1] + corners[2], corners[0] + corners[3]
            hessian.append((16.0 * near - far) / (24.0 * steps[i] * steps[j]))
    return Derivatives(here, tuple(score), tuple(hessian))


def _to_sides(
    function: Callable[..., Array],
    values: Sequence[Parameter],
    steps: Sequence[Parameter],
    sides: Sequence[int],
) -> Derivatives:
    """Return a function with its derivatives by differences to one side, by some parameters."""

    def at(*moves: tuple[int, float]) -> Array:
        moved = list(values)
        for i, by in moves:
            moved[i] = moved[i] + by * steps[i] * (sides[i] or 1)
        return function(*moved)

    here, k = at(), len(values)
    weights = [AHEAD if side else _ABOUT for side in sides]
    units = [step * (side or 1) for step, side in zip(steps, sides, strict=True)]
    rises = [{m: at((i, m)) - here for m, *_ in weights[i]} for i in range(k)]
    score = tuple(sum(w * rises[i][m] for m, w, _ in weights[i]) / units[i] for i in range(k))
    hessian = []
    for i, j in combinations_with_replacement(range(k), 2):
        if i == j:
            hessian.append(sum(w * rises[i][m] for m, _, w in weights[i]) / units[i] ** 2)
            continue
        mixed = sum(
            v * w * (at((i, m), (j, n)) - here - rises[i][m] - rises[j][n])
            for m, v, _ in weights[i]
            for n, w, _ in weights[j]
        )
        hessian.append(mixed / (units[i] * units[j]))
    return Derivatives(here, score, tuple(hessian))


def by_shape(
    tail: Callable[[Parameter], tuple[Parameter, Parameter]],
    here: tuple[Parameter, Parameter],
    shape: Parameter,
    step: Parameter,
    least: float = -np.inf,
) -> tuple[Parameter, Parameter, Parameter]:
    """Return the derivatives by a shape of a log tail: first, second, and mixed with another.

    Parameters
    ----------
    tail : callable
        shape → the log tail and its derivative by the standardised value z (or another parameter).
    here : the same at the shape itself
    shape, step : the shape, and a thousandth or so of the length over which the tail changes
    least : float
        The least shape there is; within two steps of it the differences are to one side.

    Returns
    -------
    d/dshape, d²/dshape², d²/(dshape dz), by differences between five shapes: of fourth order,
    to one side of third for d²/dshape².
    """
    near_end = np.less(shape - 2.0 * step, least)
    rise: Parameter = 0.0
    bend: Parameter = 0.0
    turn: Parameter = 0.0
    for (move, first, second), (ahead, first_ahead, second_ahead) in zip(
        _ABOUT, AHEAD, strict=True
    ):
        value, slope = tail(shape + np.where(near_end, ahead, move) * step)
        weight = np.where(near_end, first_ahead, first)
        rise = rise + weight * (value - here[0])
        turn = turn + weight * (slope - here[1])
        bend = bend + np.where(near_end, second_ahead, second) * (value - here[0])
    return rise / step, bend / step / step, turn / step


_LEAST = 1e-300  # below 0, of a log probability whose complement is asked for
# How far to move, and the weights in the first and the second derivative: Fornberg (1988).
_ABOUT = (
    (-2.0, 1 / 12, -1 / 12),
    (-1.0, -2 / 3, 4 / 3),
    (1.0, 2 / 3, 4 / 3),
    (2.0, -1 / 12, -1 / 12),
)
AHEAD = ((1.0, 4.0, -26 / 3), (2.0, -3.0, 19 / 2), (3.0, 4 / 3, -14 / 3), (4.0, -1 / 4, 11 / 12))


def rows(derivatives: Derivatives) -> Array:
    """Return the terms one after the other: log_prob, score, Hessian."""
    return np.stack(
        np.broadcast_arrays(derivatives.log_prob, *derivatives.score, *derivatives.hessian)
    )
