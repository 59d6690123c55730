"""L-moments: the member whose expected order statistics are those of the values.

They are means of differences between the values of small samples, so that far values weigh less
than in moments, and they exist wherever the mean does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import ConvergenceError, DataError
from likeliest.fitting.curvature import Recorded, inverted
from likeliest.fitting.routes.climb import starts_of
from likeliest.fitting.routes.found import Found
from likeliest.likelihood.objective import Objective
from likeliest.optimise.newton import condition

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Array

NOTE = (
    "By L-moments, not maximum likelihood: the log likelihood is that of the estimate, and no "
    "greatest one. Standard errors are from the jackknife of the sample's L-moments."
)

_BEYOND = (
    "Some values lie beyond the support of the estimate, which L-moments do not see: its "
    "likelihood is 0."
)

_T = np.linspace(-4.2, 4.2, 169)
_LOG_ODDS = np.pi * np.sinh(_T)
_BELOW = np.exp(-np.logaddexp(0.0, -_LOG_ODDS))
_ABOVE = np.exp(-np.logaddexp(0.0, _LOG_ODDS))
_WEIGHTS = (_T[1] - _T[0]) * np.pi * np.cosh(_T) * _BELOW * _ABOVE
"""Nodes for an integral over probabilities, dense at both ends: Takahasi & Mori (1974)."""

_STEP = 1e-5  # of a coordinate, for slopes
_MOST, _HALVINGS = 60, 25
_MET = 1e-9  # relative: how well the equations have to be met


def maximize(
    family: type[Distribution], observations: Observations, fixed: Mapping[str, float]
) -> Found:
    """Return the member with the L-moments of the values, as many as it has free parameters.

    Raises
    ------
    ConvergenceError
        If no member has them.

    Source: Hosking (1990), J. R. Statist. Soc. B 52, 105-124.
    """
    objective = Objective.of(family, observations, fixed)
    coordinates = objective.coordinates
    k = len(coordinates.free)
    values = np.sort(np.asarray(objective.sample.values, dtype=np.float64))
    if values.size <= k:
        raise DataError(f"{k} L-moments need more than {k} values; there are {values.size}.")
    seen = sample_l_moments(values, k)
    size = seen[min(1, k - 1)]
    if not abs(size) > 0.0:
        raise DataError("All values are the same: they have no L-moments but the mean.")

    def gap(u: Array) -> Array:
        member, _ = coordinates.members(u)  # also where the likelihood is not regular
        with np.errstate(all="ignore"):
            return (l_moments(member, k) - seen) / size

    u = _root(gap, starts_of(objective))
    if u is None:
        shown = ", ".join(f"{moment:.6g}" for moment in seen)
        raise ConvergenceError(
            f"No member of {family.name} was found with the first {k} L-moments of these values, "
            f"{shown}. Choose another family, or fix a parameter."
        )
    inner, _ = coordinates.members(u[None, :])
    member = coordinates.frame.leave(inner)
    member = family(**{**member.parameters, **fixed})
    log_likelihood = float(member.log_likelihood(observations))
    slopes, spread = _slopes(gap, u), _spread(values, k) / size**2
    with np.errstate(all="ignore"):
        inverse = np.linalg.inv(slopes) * coordinates.outer_slopes(u)[:, None]
        covariance = inverse @ spread @ inverse.T
    errors, correlation = inverted(np.linalg.inv(covariance))
    return Found(
        member,
        log_likelihood,
        coordinates.free,
        Recorded(errors, correlation, condition(-np.linalg.inv(covariance))),
        gradient_norm=None,
        notes=(NOTE, *((_BEYOND,) if log_likelihood == -np.inf else ())),
        method="l-moments",
    )


def sample_l_moments(values: Array, k: int) -> Array:
    """Return the first k L-moments of sorted values, without bias.

    Examples
    --------
    >>> sample_l_moments(np.array([1.0, 2.0, 6.0]), 2).round(6).tolist()
    [3.0, 1.666667]
    """
    n = values.size
    ranks, weight, means = np.arange(n), np.full(n, 1.0 / n), []
    for r in range(k):
        means.append(float(weight @ values))
        weight = weight * (ranks - r) / max(n - 1.0 - r, 1.0)
    return _combinations(k) @ np.array(means)


def l_moments(member: Distribution, k: int) -> Array:
    """Return the first k L-moments of members, of shape (members, k), by quadrature.

    Examples
    --------
    >>> from likeliest import Uniform
    >>> l_moments(Uniform(0.0, 6.0), 2).round(9).tolist()
    [[3.0, 1.0]]
    """
    low = _LOG_ODDS < 0.0
    x = np.concatenate(
        [
            np.atleast_2d(member.quantile(_BELOW[low])),
            np.atleast_2d(member.upper_quantile(_ABOVE[~low])),
        ],
        axis=-1,
    )
    powers = _BELOW ** np.arange(k)[:, None]
    return (x * _WEIGHTS) @ (_combinations(k) @ powers).T


def _combinations(k: int) -> Array:
    """Return the coefficients of shifted Legendre polynomials, a row for each."""
    rows = np.zeros((k, k))
    for r in range(k):
        for j in range(r + 1):
            sign = -1.0 if (r - j) % 2 else 1.0
            rows[r, j] = sign * _choose(r, j) * _choose(r + j, j)
    return rows


def _choose(n: int, k: int) -> float:
    return float(np.prod([(n - i) / (i + 1) for i in range(k)]))


def _spread(values: Array, k: int) -> Array:
    """Return the covariance of the first k L-moments of sorted values, by the jackknife."""
    n = values.size
    ranks = np.arange(n, dtype=np.float64)
    lower, upper = np.full(n, 1.0 / (n - 1)), np.full(n, 1.0 / (n - 1))
    left = []
    for r in range(k):
        before = np.cumsum(np.append(0.0, lower * values))[:-1]
        # A value above the one that is left out moves down by a rank.
        after = np.cumsum(np.append(0.0, (upper * values)[::-1]))[:-1][::-1]
        left.append(before + after)
        room = max(n - 2.0 - r, 1.0)
        lower, upper = lower * (ranks - r) / room, upper * (ranks - 1.0 - r) / room
    each = _combinations(k) @ np.array(left)
    apart = each - each.mean(axis=1, keepdims=True)
    return (n - 1.0) / n * (apart @ apart.T)


def _root(gap: Callable[[Array], Array], starts: Array) -> Array | None:
    """Return where the gaps vanish, by Newton's method from each start; None if from none."""
    for start in starts:
        u, here = start, gap(start[None, :])[0]
        for _ in range(_MOST):
            if not np.isfinite(here).all() or np.abs(here).max(initial=0.0) < 1e-3 * _MET:
                break
            try:
                step = np.linalg.solve(_slopes(gap, u), here)
            except np.linalg.LinAlgError:
                break
            part = 0.5 ** np.arange(_HALVINGS)
            tried = u - part[:, None] * step
            found = gap(tried)
            better = np.flatnonzero(np.square(found).sum(axis=1) < np.square(here).sum())
            if not better.size:
                break
            u, here = tried[better[0]], found[better[0]]
        if np.abs(here).max(initial=0.0) < _MET:
            return u
    return None


def _slopes(gap: Callable[[Array], Array], u: Array) -> Array:
    """Return the derivatives of the gaps by the coordinates, a column for each."""
    moves = _STEP * np.eye(u.size) * np.maximum(np.abs(u), 1.0)
    found = gap(np.concatenate([u + moves, u - moves]))
    return (found[: u.size] - found[u.size :]).T / (2.0 * moves.diagonal())
