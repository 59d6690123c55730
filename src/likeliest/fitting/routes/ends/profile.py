"""The log likelihood along a parameter that has corners, at its highest over the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from likeliest.distributions.corner import Corner
from likeliest.fitting.routes import climb
from likeliest.optimise.newton import Points

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.routes.climb import Top
    from likeliest.likelihood.objective import Objective
    from likeliest.numerics.arrays import Array, Indices

_LEVEL = 1e-12  # a slope this small a part of what it is the sum of is none
_BESIDE = 4.0  # units of rounding: a place just beside another
_NEXT_TO_0 = 1e-30  # of the span of the rows: where 0 rounds like a number of this size
ASIDE = 2.0  # in units of a logarithm, from the first start, where windows make several tops
_GONE = 12.0  # in units of a logarithm: so far from the start a climb has gone astray


class SmoothClimbs:
    """Climbs the smooth parameters, with those that have corners held.

    Parameters
    ----------
    objective : Objective
    several : bool
        Whether there can be several tops: a glance then sets out from beside the start as well.
    """

    def __init__(self, objective: Objective, *, several: bool) -> None:
        self.objective, self.several = objective, several
        self.start: Array | None = None
        self.last: Array | None = None

    def top(self, held: Mapping[str, float]) -> Top:
        """Return the top over the smooth parameters that a climb from the last one leads to."""
        objective = self.objective.fixing(held)
        if self.start is None:
            self.start = climb.starts_of(objective)[:1]
        top = climb.top_from(objective, self.start if self.last is None else self.last)
        strayed = not top.converged or bool(np.any(np.abs(top.u - self.start[0]) > _GONE))
        self.last = None if strayed else top.u[None, :]
        return top

    def glances(
        self, objective: Objective, grid: Mapping[str, Array], near: Distribution | None = None
    ) -> tuple[Array, list[Distribution]]:
        """Return about how high it is at each place of a grid of parameters with corners.

        All are looked at together, and climbed from in the smooth parameters for a few steps: from
        those of a member `near` them, or from the first start and beside it.

        Returns
        -------
        heights : array of shape (places of the first parameter,)
            The greatest over those of the others.
        members : list
            Where that is.
        """
        coordinates = objective.coordinates
        places = np.stack(np.meshgrid(*grid.values(), indexing="ij"), axis=-1)
        places = places.reshape(-1, len(grid))
        held = objective.fixing(dict(zip(grid, places[0].tolist(), strict=True)))
        if near is not None:
            starts = held.coordinates.of_inner(near)[None, :]
        else:
            if self.start is None:
                self.start = climb.starts_of(held)[:1]
            starts = _with_asides(self.start, held, wide=self.several)
        at = [coordinates.free.index(name) for name in grid]
        rest = [i for i in range(len(coordinates.free)) if i not in at]
        columns: Array = np.array(
            [
                [float(coordinates.constraints[i].unconstrain(x)) for x in column]
                for i, column in zip(at, places.T.tolist(), strict=True)
            ]
        ).T.repeat(len(starts), axis=0)

        def evaluate(u: Array, lanes: Indices) -> Points:
            full = np.empty((lanes.size, len(coordinates.free)))
            full[:, at], full[:, rest] = columns[lanes], u
            points = objective(full)
            bends = points.hessian[:, rest][:, :, rest]
            return Points(u, points.value, points.gradient[:, rest], bends, points.size)

        tops = climb.glance(
            evaluate, np.tile(starts, (len(places), 1)), held.reach, closely=near is not None
        )
        heights = np.where(np.isnan(tops.value), -np.inf, tops.value)
        first = len(next(iter(grid.values())))
        best = np.argmax(heights.reshape(first, -1), axis=1)
        best += np.arange(first) * (heights.size // first)
        members = []
        for lane in best.tolist():
            values = dict(coordinates.inner_fixed)
            for i, u in zip(rest, tops.u[lane].tolist(), strict=True):
                values[coordinates.free[i]] = float(coordinates.constraints[i].constrain(u))
            values.update(zip(grid, places[lane // len(starts)].tolist(), strict=True))
            members.append(coordinates.family.unchecked(**values))
        return heights[best], members


@dataclass(frozen=True)
class ProfileLikelihood:
    """The profile likelihood of a parameter: its height over all others, which may have corners.

    Parameters
    ----------
    objective : Objective
        In which the parameter is free.
    name : str
    limits : (low, high)
        Where an end of the support can lie at most.
    span : float
        How far apart the numbers lie that the rows consist of.
    peak : callable
        From a value of the parameter to the top over the others.
    are_held : callable
        From such a top to those of its parameters that are in a corner, with their values.
    peaks : callable
        From values of the parameter, and a member near them if one is known, to about how high it
        is there, and the members there.
    walk : callable
        From a member to the top that a walk from it leads to.
    """

    objective: Objective
    name: str
    limits: tuple[float, float]
    span: float
    peak: Callable[[float], Top]
    are_held: Callable[[Top], Mapping[str, float]]
    peaks: Callable[[Array, Distribution | None], tuple[Array, Sequence[Distribution]]]
    walk: Callable[[Distribution], Top | None]

    @property
    def corner(self) -> Corner:
        """The kind of its corners."""
        return self.objective.coordinates.family.corners[self.name]

    def value(self, at: float) -> float:
        """Return the log likelihood, nats."""
        low, high = self.limits
        return self.peak(at).value if low <= at <= high else -np.inf

    def glances(
        self, places: Array, near: Distribution | None = None
    ) -> tuple[Array, Sequence[Distribution]]:
        """Return about how high it is at some places, looking further about than `value` does.

        Beside it the members there. Close to a member `near` them it is looked at more closely.
        """
        heights, members = self.peaks(places, near)
        low, high = self.limits
        return np.where((low <= places) & (places <= high), heights, -np.inf), members

    def walked(self, start: Distribution) -> tuple[float, float, Distribution] | None:
        """Return place, value and member of the top that a walk leads to, if it comes to one."""
        top = self.walk(start)
        if top is None:
            return None
        member = top.member()
        return float(getattr(member, self.name)), top.value, member

    def slope(self, at: float, side: int) -> float:
        """Return its slope just after (side 1) or before (-1) a point; 0 where it is level.

        At a top over the others it is the slope by this parameter alone.
        """
        low, high = self.limits
        if not (low < at if side < 0 else at < high):
            return -side * np.inf
        top = self.peak(min(max(just_beside(at, side, self.span), low), high))
        member = top.objective.coordinates.member_at(top.u.tolist())
        if member is None or not np.isfinite(top.value):
            return self._out_of_place(at)
        (slope,) = clear_slopes(self.objective, member, [self.name])
        return self._out_of_place(at) if np.isnan(slope) else slope

    def level_top(self, low: float, high: float) -> float | None:
        """Return the top between two knots by a climb in all parameters that are level there."""
        middle = self.peak(0.5 * low + 0.5 * high)
        member = middle.objective.coordinates.member_at(middle.u.tolist())
        if member is None or not np.isfinite(middle.value):
            return None
        held = self.are_held(middle)
        objective = self.objective.fixing(held)
        top = climb.sprinted(objective, objective.coordinates.of_inner(member))
        if not isinstance(top, climb.Top):
            return None
        at = float(getattr(top.member(), self.name))
        if not low < at < high:
            return None
        return at if self.peak(at).value >= top.value - top.rounding else None

    def _out_of_place(self, at: float) -> float:
        """Return the slope where a row has no place: away from its edge, if it is at one."""
        if at not in self.limits:
            return 0.0
        return -np.inf if self.corner is Corner.LOW_END else np.inf


def just_beside(at: float, side: int, span: float) -> float:
    """Return a place just beside another, among numbers that lie `span` apart."""
    return at + side * _BESIDE * float(np.spacing(max(abs(at), _NEXT_TO_0 * span)))


def clear_slopes(objective: Objective, member: Distribution, names: Sequence[str]) -> list[float]:
    """Return scores by one parameter a lane (see `Objective.slopes`), 0 for what rounding left."""
    slopes, sizes = objective.slopes(member, names)
    lost = (np.abs(slopes) <= _LEVEL * sizes) & (sizes < np.inf)
    return np.where(lost, 0.0, slopes).tolist()


def _with_asides(starts: Array, objective: Objective, *, wide: bool) -> Array:
    """Return starts with others beside the last in each coordinate that is no location."""
    steps = [
        sign * ASIDE * np.eye(starts.shape[1])[i]
        for i, constraint in enumerate(objective.coordinates.constraints)
        if wide and not constraint.is_location
        for sign in (-1.0, 1.0)
    ]
    return np.vstack([starts, *(starts[-1] + step for step in steps)])
