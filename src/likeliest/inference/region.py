"""How far a goal rises over the region where the log likelihood lies near its top.

The ends of profile intervals: a parameter, or any function of the distribution, is pushed up as far
as the likelihood ratio allows. From the top Newton steps go to where quadratic models of both meet
the edge of the region; for a parameter they are those of Venzon & Moolgavkar (1988), Appl.
Statist. 37, 87-94. Many goals are pushed at once, each on a lane of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from likeliest.optimise.newton import Points, is_rounding

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array, Indices, Mask
    from likeliest.optimise.newton import Function

_LONGEST = 3.0  # of a step in units of the reach
_FAR = 60.0  # in units of the reach: as good as the limit of a range
_LEVEL, _OUT = (
    1e-12,
    10.0,
)  # relative rise in a reach of a goal that has a limit, from so far out on
_NEAR = 1e-12  # squared length of a step that is left, in standard errors
_EXACT = 1e-9  # of the deviance, relative
_RIDGE = 1e-13  # least curvature, relative to a unit diagonal
_MOST, _MOST_HALVINGS = 60, 12
_NEAR_EDGE = 1.0  # nats
_OVERSHOT = 0.75  # of the distance to the edge, by which a step may pass it


class Rise(NamedTuple):
    """Values, gradients and Hessians of what is pushed up, one a lane."""

    value: Array
    gradient: Array
    hessian: Array


class Goal(Protocol):
    """What is pushed up."""

    def __call__(self, u: Array, lanes: Indices) -> Rise:
        """Return it at u, of shape (len(lanes), k)."""


@dataclass(frozen=True, slots=True)
class Edge:
    """Where the goals came to, one a lane.

    Parameters
    ----------
    u : array of shape (lanes, k)
    deviance : array of shape (lanes,)
        Twice the log likelihood below the top, as it was evaluated there.
    found : array of shape (lanes,)
        Whether it is an end: the deviance is that asked for, and the goal rises no more.
    endless : array of shape (lanes,)
        Whether the goal rises within the region for ever.
    evaluations : array of shape (lanes,)
        Of the log likelihood.
    """

    u: Array
    deviance: Array
    found: Mask
    endless: Mask
    evaluations: Indices


def pushed(
    evaluate: Function, goal: Goal, start: Points, top: float, *, deviance: float, reach: Array
) -> Edge:
    """Push goals up from points within the region, as far as a deviance from the top allows.

    Parameters
    ----------
    evaluate : callable
        The log likelihood: (u, lanes) → Points.
    goal : callable
    start : Points
        One a lane.
    top : float
        The greatest log likelihood.
    deviance : float
        Twice how far the log likelihood may lie below the top.
    reach : array of shape (k,)
        A step of natural length in each coordinate.
    """
    herd = _Herd.at(start, goal, top - 0.5 * deviance, reach)
    ended: list[_Herd] = []
    centre = start.u
    while herd.lane.size:
        herd.aim()
        slack = _EXACT * deviance + 2e-13 * herd.here.size
        level = 2.0 * np.abs(herd.here.value - herd.edge) <= slack
        herd.found = level & (herd.left <= np.maximum(_NEAR, 1e-13 * herd.here.size * 1e-3))
        away = np.max(np.abs(herd.here.u - centre[herd.lane]) / reach, axis=1)
        slope = np.max(np.abs(herd.rise.gradient) * reach, axis=1)
        is_level = (away > _OUT) & (slope <= _LEVEL * np.abs(herd.rise.value))
        herd.endless = ~herd.found & ((away > _FAR) | is_level) & (herd.here.value > herd.edge)
        spent = (herd.evaluations >= _MOST) | (herd.halvings >= _MOST_HALVINGS)
        done = herd.found | herd.endless | spent
        if done.any():
            ended.append(herd.take(done))
            herd = herd.take(~done)
        if herd.lane.size:
            herd.advance(evaluate, goal)
    return _gathered(ended, top)


@dataclass(slots=True)
class _Herd:
    """Lanes that are still pushed."""

    lane: Indices
    edge: float
    here: Points
    rise: Rise
    reach: Array
    step: Array
    left: Array
    halvings: Indices
    evaluations: Indices
    found: Mask
    endless: Mask

    @classmethod
    def at(cls, start: Points, goal: Goal, edge: float, reach: Array) -> _Herd:
        lanes, k = start.u.shape
        every = np.arange(lanes)
        return cls(
            every,
            edge,
            start,
            goal(start.u, every),
            np.array(np.broadcast_to(reach, (lanes, k))),
            np.zeros((lanes, k)),
            np.full(lanes, np.inf),
            np.zeros(lanes, dtype=np.intp),
            np.zeros(lanes, dtype=np.intp),
            np.zeros(lanes, dtype=bool),
            np.zeros(lanes, dtype=bool),
        )

    def take(self, at: Mask) -> _Herd:
        """Return some of the lanes."""

        def pick(column: Any) -> Any:
            if isinstance(column, float):
                return column
            if isinstance(column, Rise):
                return Rise(*(part[at] for part in column))
            return column.take(at) if isinstance(column, Points) else column[at]

        return _Herd(*(pick(getattr(self, name)) for name in self.__slots__))

    def aim(self) -> None:
        """Take the step of the lanes that stand at a new point."""
        fresh = self.halvings == 0
        some = self.take(fresh)
        self.step[fresh], self.left[fresh] = _step(some.here, some.rise, self.edge, some.reach)

    def advance(self, evaluate: Function, goal: Goal) -> None:
        """Move the lanes that stay near the region; shorten the step of the others."""
        length = np.exp2(-self.halvings.astype(np.float64))
        there = evaluate(self.here.u + length[:, None] * self.step, self.lane)
        self.evaluations = self.evaluations + 1
        beyond, before = self.edge - there.value, np.abs(self.here.value - self.edge)
        near = (beyond <= _OVERSHOT * before) | is_rounding(beyond, there.size)
        slopes = np.isfinite(there.gradient).all(axis=1)
        good: Mask = np.asarray(np.isfinite(there.value) & slopes & near, dtype=np.bool_)
        moved = np.max(np.abs(there.u - self.here.u) / self.reach, axis=1)
        self.reach[good & (moved > 0.99 * _LONGEST)] *= 2.0
        if good.any():
            risen = goal(there.u[good], self.lane[good])
            for old, new in zip(self.rise, risen, strict=True):
                old[good] = new
            self.here = self.here.where(good, there)
        self.halvings = np.where(good, 0, self.halvings + 1)


def _step(here: Points, rise: Rise, edge: float, reach: Array) -> tuple[Array, Array]:
    """Return the steps to where the models meet the edge, and how long they are.

    In squared standard errors. On the model of the log likelihood, l + s'd - d'Ad/2 with A made
    positive, the goal's model is greatest where s - A d + g/m = 0; the goal's own curvature is
    taken into A by way of the multiplier m.
    """
    lift, step, _ = _onto_edge(here, rise, -here.hessian, edge)
    if rise.hessian.any():
        bent = -here.hessian - rise.hessian * np.minimum(lift, 1e300)[:, None, None]
        sound = np.isfinite(bent).all(axis=(1, 2), keepdims=True)
        bent = np.where(sound, bent, -here.hessian)
        _, bent_step, is_round = _onto_edge(here, rise, bent, edge)
        along = np.where(is_round[:, None], bent_step, _along_edge(here, rise, bent, edge))
        step = np.where(np.isfinite(along).all(axis=1, keepdims=True), along, step)
    longest = np.max(np.abs(step) / reach, axis=1)
    step = step * np.minimum(1.0, _LONGEST / np.maximum(longest, 1e-300))[:, None]
    return step, np.abs(np.einsum("li,lij,lj->l", step, here.hessian, step))


def _along_edge(here: Points, rise: Rise, curvature: Array, edge: float) -> Array:
    """Return the Newton steps for a greatest goal on the edge; NaN where the edge is far.

    For where the joint curvature is that of a saddle, as it may be across the edge.
    """
    lanes, k = here.u.shape
    matrix = np.zeros((lanes, k + 1, k + 1))
    matrix[:, :k, :k] = -curvature
    matrix[:, :k, k] = matrix[:, k, :k] = here.gradient
    size = np.maximum(np.abs(matrix).max(axis=(1, 2)), 1e-300)
    matrix[:, range(k + 1), range(k + 1)] -= 1e-14 * size[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        lift = np.linalg.norm(here.gradient, axis=1) / np.linalg.norm(rise.gradient, axis=1)
        right = np.concatenate([-rise.gradient * lift[:, None], edge - here.value[:, None]], axis=1)
    near = np.abs(edge - here.value) < _NEAR_EDGE
    fit = near & (lift > 0.0) & np.isfinite(right).all(axis=1)
    step = np.full((lanes, k), np.nan)
    if fit.any():
        step[fit] = np.linalg.solve(matrix[fit], right[fit][:, :, None])[:, :k, 0]
    return step


def _onto_edge(
    here: Points, rise: Rise, curvature: Array, edge: float
) -> tuple[Array, Array, Mask]:
    """Return the inverse multiplier, the step, and whether the curvature is positive."""
    diagonal = np.abs(np.diagonal(curvature, axis1=1, axis2=2))
    scale = 1.0 / np.sqrt(np.where(diagonal > 0.0, diagonal, 1.0))
    values, vectors = np.linalg.eigh(curvature * (scale[:, :, None] * scale[:, None, :]))
    size = np.maximum(np.abs(values), _RIDGE)

    def solved(right: Array) -> Array:
        along = np.einsum("lji,lj->li", vectors, right * scale) / size
        return np.einsum("lij,lj->li", vectors, along) * scale

    to_top, uphill = solved(here.gradient), solved(rise.gradient)
    room = here.value + 0.5 * np.sum(here.gradient * to_top, axis=1) - edge
    length = np.sum(rise.gradient * uphill, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        lift = np.sqrt(2.0 * np.maximum(room, 0.0) / length)
    lift = np.where(np.isfinite(lift), lift, 0.0)
    return lift, to_top + lift[:, None] * uphill, values[:, 0] > _RIDGE


def _gathered(ended: list[_Herd], top: float) -> Edge:
    """Return the lanes in their order."""
    order = np.argsort(np.concatenate([herd.lane for herd in ended]))

    def joined(name: str) -> Any:
        return np.concatenate([getattr(herd, name) for herd in ended])[order]

    u = np.concatenate([herd.here.u for herd in ended])[order]
    value = np.concatenate([herd.here.value for herd in ended])[order]
    return Edge(u, 2.0 * (top - value), joined("found"), joined("endless"), joined("evaluations"))
