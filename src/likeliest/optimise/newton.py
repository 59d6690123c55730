"""Newton's method for a maximum, safeguarded: it climbs at every step or says why it cannot.

Many functions are climbed at once, each on a lane of its own: the candidates of one fit, or groups.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from likeliest.numerics.definite import WIDE, factorised

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.numerics.arrays import Array, Indices, Mask

_LONGEST_STEP = 3.0  # of the Newton step in units of `reach`; a factor of e³ for a log parameter
_EPS = float(np.finfo(float).eps)
_RIDGE = 1e-13  # least curvature, relative to a unit diagonal, that a step is taken along
_BLIND = 1e-3  # of a natural step: so short a last step is taken without a look
_NEARLY, _LAST = 25.0, 1e-6  # times the tolerance: enough where the step is as short as this
_ENDLESS = 0.1  # the same of a climb towards a limit, which would take for ever
_PLAIN = 1e-8  # the same below which a function is no plain one: a ridge can be curved
_SUFFICIENT = 1e-4  # of the rise that the slope promises, for a step to be taken (Armijo 1966)
_MOST_HALVINGS = 30
_LONG = 60  # steps after which a climb so level goes on for ever
_MOST_LOOKS = 4  # for each step that a climb may take: halvings included
_ALIKE = 0.5  # of a step: nearer to the one before it, both are on the way to a limit
_NEAR = 0.02  # a decrement at which the step ends close to the top
_SAME = 0.02  # of a natural step: tops so near each other are one
_MANY, _FEW = 64, 4  # lanes and coordinates of which elimination takes less time


@dataclass(slots=True, eq=False)  # frozen, it would take five times as long
class Points:
    """Values, gradients and Hessians of functions at points u, one a lane.

    Parameters
    ----------
    u : array of shape (lanes, k)
    value : array of shape (lanes,)
        -inf or NaN marks a point out of reach.
    gradient : array of shape (lanes, k)
    hessian : array of shape (lanes, k, k)
    size : array of shape (lanes,)
        Sum of the absolute terms that the value is made of: what its rounding is judged by.
    """

    u: Array
    value: Array
    gradient: Array
    hessian: Array
    size: Array

    def take(self, lanes: Indices | Mask) -> Points:
        """Return some lanes."""
        return Points(*(getattr(self, name)[lanes] for name in self.__slots__))

    def where(self, other: Mask, points: Points) -> Points:
        """Return these points, on some lanes the others."""
        columns = ((getattr(self, n), getattr(points, n)) for n in self.__slots__)
        return Points(*(np.where(other.reshape(-1, *[1] * (a.ndim - 1)), b, a) for a, b in columns))


class Function(Protocol):
    """What is climbed: gives a point on each of some lanes."""

    def __call__(self, u: Array, lanes: Indices) -> Points:
        """Return the points at u, of shape (len(lanes), k)."""


@dataclass(slots=True, eq=False)
class Ascent:
    """How maximisations ended, one a lane.

    Parameters
    ----------
    points : Points
        The highest points reached.
    decrement : array of shape (lanes,)
        Half the squared length, in the metric of the curvature, of the gradient before the last
        step: how much that step was to rise. Infinite where the curvature is not that of a top.
    iterations : array of shape (lanes,)
    converged : array of shape (lanes,)
    stride : array of shape (lanes, k)
        The last step in units of `reach`: tiny at a top, about 1 where the function rises for
        ever towards a limit, ever more slowly.
    """

    points: Points
    decrement: Array
    iterations: Indices
    converged: Mask
    stride: Array

    @classmethod
    def at_once(cls, points: Points) -> Ascent:
        """Return the ascent of functions without a coordinate, which are where they are."""
        lanes = points.value.size
        none = np.zeros(lanes, dtype=np.intp)
        finite = np.isfinite(points.value)
        return cls(points, np.zeros(lanes), none, finite, np.zeros((lanes, 0)))

    def lane(self, at: int) -> Ascent:
        """Return one lane."""
        one = np.array([at])
        return Ascent(
            self.points.take(one),
            self.decrement[one],
            self.iterations[one],
            self.converged[one],
            self.stride[one],
        )


def climb(
    evaluate: Function,
    start: Array,
    reach: Array,
    *,
    grain: Array | float = 1.0,
    runs: Mask | bool = False,
    tolerance: float | Array = 1e-10,
    most: int = 100,
    beyond: tuple[Array, Array] | None = None,
    leads: bool = False,
    hidden: bool = False,
    family: Indices | None = None,
) -> Ascent:
    """Maximise by Newton's method with curvature made negative and a line search.

    Parameters
    ----------
    evaluate : callable
        (u, lanes) → Points. A value that is not finite marks u as out of reach.
    start : array of shape (lanes, k)
    reach : array of shape (k,) or (lanes, k)
        A step of natural length in each coordinate; no step is longer than a few of them, until
        one as long as that has been taken.
    grain : array of shape (k,)
        The size below which a coordinate does not round more finely.
    runs : array of shape (k,), optional
        Along which coordinates the function may rise towards a limit that is worth reaching soon.
    tolerance : float, or array of shape (lanes,)
        Stop when the decrement falls below it (see Ascent), on the scale of the function. One
        more step, if short, is taken without a look: it squares the distance to the top, which is
        then far below what float64 can tell, and moves the value by the decrement.
    most : int
        Iterations; four times as many looks at the function end the climb as well.
    beyond : pair of arrays of shape (k,), optional
        Least and greatest coordinates from which a lane on its way out is given up.
    leads : bool
        Whether the highest of those goes on, until one has arrived: there may be a top beyond.
    hidden : bool
        Whether a climb ends, unconverged, where rounding hides what a long step is to rise, or
        any after many. Along a ridge of few rows there may be a top beyond.
    family : array of shape (lanes,), optional
        Lanes of one number climb the same function: of two that are about to reach the same top,
        the lower is given up.
    """
    lanes, k = start.shape
    here = evaluate(start, np.arange(lanes))
    if k == 0:
        return Ascent.at_once(here)
    flock = _Flock.at(here, reach, np.broadcast_to(tolerance, (lanes,)))
    known: list[_Tops | _Out] = [] if family is None else [_Tops(family, k)]
    if beyond is not None:
        known.append(_Out(beyond, leads=leads))
    ended: list[_Flock] = []
    looks = 0
    while True:
        flock.aim(np.asarray(runs))
        done = flock.decrement <= np.maximum(flock.tolerance, flock.rounding(grain))
        last = np.max(np.abs(flock.stride), axis=1)
        done &= (last <= _BLIND) | (last > _ENDLESS)
        done |= (flock.iterations >= most) & (flock.halvings == 0)
        far = (last > _ENDLESS) | (flock.iterations >= _LONG)
        lost = ~done & far & hidden & is_rounding(flock.promise, flock.here.size)
        done |= lost
        if done.any():
            ended.append(flock.take(done))
            ended[-1].arrive((ended[-1].iterations < most) & ~lost[done])
            flock = flock.take(~done)
            for one in known:
                one.note(ended[-1])
        for one in known:
            idle = one.are_known(flock)
            if idle.any():
                ended.append(flock.take(idle))
                flock = flock.take(~idle)
        if not flock.lane.size:
            return _gathered(ended)
        length = np.exp2(-flock.halvings.astype(np.float64))
        there = evaluate(flock.here.u + length[:, None] * (flock.eager * flock.step), flock.lane)
        flock.advance(there, length)
        looks += 1
        spent = (flock.halvings >= _MOST_HALVINGS) | (looks >= _MOST_LOOKS * most)
        if spent.any():
            ended.append(flock.take(spent))
            ended[-1].give_up()
            flock = flock.take(~spent)


class Spot(NamedTuple):
    """One point in plain numbers: see `Points`."""

    u: list[float]
    value: float
    gradient: list[float]
    hessian: list[list[float]]
    size: float

    def as_points(self) -> Points:
        """Return the same as arrays of one lane."""
        return Points(
            np.array([self.u]),
            np.array([self.value]),
            np.array([self.gradient]),
            np.array([self.hessian]).reshape(1, len(self.u), len(self.u)),
            np.array([self.size]),
        )


def sprint(
    at: Callable[[list[float]], Spot | None],
    start: list[float],
    reach: list[float],
    *,
    tolerance: float,
    most: int = 20,
    here: Spot | None = None,
) -> Ascent | list[float]:
    """Take plain Newton steps as long as each rises on a concave function.

    Returns
    -------
    Ascent at a top; else the highest point, from which `climb` goes on with its safeguards.
    """
    here = at(start) if here is None else here
    if here is None or not start:
        return start
    for iteration in range(1, most + 1):
        step, decrement = plain_step(here)
        if step is None:
            break
        stride = [s / r for s, r in zip(step, reach, strict=True)]
        if not max(map(abs, stride)) <= _LONGEST_STEP:
            break
        u = [x + s for x, s in zip(here.u, step, strict=True)]
        last = max(map(abs, stride))
        if decrement <= tolerance or (decrement <= _NEARLY * tolerance and last <= _LAST):
            if last > _BLIND:
                break
            top = Spot(u, here.value + decrement, here.gradient, here.hessian, here.size)
            return Ascent(
                top.as_points(),
                np.array([decrement]),
                np.array([iteration]),
                np.array([True]),
                np.array([stride]),
            )
        there = at(u)
        if there is None or not there.value >= here.value + 2.0 * _SUFFICIENT * decrement:
            break
        here = there
    return here.u


def plain_step(here: Spot) -> tuple[list[float] | None, float]:
    """Return the Newton step by elimination, None where the function is not concave."""
    k = len(here.u)
    if k == 2:
        return _step_of_two(here)
    scale = []
    for i in range(k):
        bend = -here.hessian[i][i]
        if not 0.0 < bend < math.inf:
            return None, math.inf
        scale.append(1.0 / math.sqrt(bend))
    # The curvature, its diagonal scaled to 1, with the gradient as a last column.
    rows = [
        [*(-h * s * r for h, r in zip(row, scale, strict=True)), g * s]
        for row, g, s in zip(here.hessian, here.gradient, scale, strict=True)
    ]
    decrement = 0.0
    for i, row in enumerate(rows):
        pivot = row[i]
        if not pivot > _PLAIN:
            return None, math.inf
        decrement += 0.5 * row[k] * row[k] / pivot
        for other in rows[i + 1 :]:
            share = other[i] / pivot
            for j in range(i + 1, k + 1):
                other[j] -= share * row[j]
    step = [0.0] * k
    for i in range(k - 1, -1, -1):
        left = rows[i][k]
        for j in range(i + 1, k):
            left -= rows[i][j] * step[j]
        step[i] = left / rows[i][i]
    return [s * c for s, c in zip(step, scale, strict=True)], decrement


def _step_of_two(here: Spot) -> tuple[list[float] | None, float]:
    """Return the same for two coordinates, as most fits have, in a third of the time."""
    (first, both), (_, second) = here.hessian
    if not (-math.inf < first < 0.0 and -math.inf < second < 0.0):
        return None, math.inf
    scale, other_scale = 1.0 / math.sqrt(-first), 1.0 / math.sqrt(-second)
    tilt = -both * scale * other_scale
    pivot = 1.0 - tilt * tilt
    if not pivot > _PLAIN:
        return None, math.inf
    slope = here.gradient[0] * scale
    rest = here.gradient[1] * other_scale - tilt * slope
    other = rest / pivot
    step = [(slope - tilt * other) * scale, other * other_scale]
    return step, 0.5 * (slope * slope + rest * other)


@dataclass(slots=True)
class _Flock:
    """Lanes that are still climbing, and what each knows."""

    lane: Indices
    here: Points
    reach: Array
    tolerance: Array
    step: Array
    decrement: Array
    iterations: Indices
    halvings: Indices
    converged: Mask
    before: Array
    eager: Array

    @classmethod
    def at(cls, here: Points, reach: Array, tolerance: Array) -> _Flock:
        lanes, k = here.u.shape
        return cls(
            np.arange(lanes),
            here,
            np.array(np.broadcast_to(reach, (lanes, k)), dtype=np.float64),
            tolerance,
            np.zeros((lanes, k)),
            np.full(lanes, np.inf),
            np.zeros(lanes, dtype=np.intp),
            np.zeros(lanes, dtype=np.intp),
            np.zeros(lanes, dtype=bool),
            np.zeros((lanes, k)),
            np.ones((lanes, k)),
        )

    def take(self, at: Mask) -> _Flock:
        """Return some of the lanes."""
        if at.all():
            return self
        columns = (getattr(self, name) for name in self.__slots__)
        picked: Any = (c.take(at) if isinstance(c, Points) else c[at] for c in columns)
        return _Flock(*picked)

    @property
    def stride(self) -> Array:
        """The last step in units of the reach."""
        return self.step / self.reach

    @property
    def promise(self) -> Array:
        """The rise that a step promises by its slope; a full Newton step promises its decrement."""
        return np.asarray(0.5 * np.sum(self.here.gradient * self.step, axis=1))

    def aim(self, runs: Mask) -> None:
        """Take the Newton step of the lanes that stand at a new point.

        Along a coordinate that `runs` to a limit, which a function nears as an exponential does,
        one step is as long as the other, and the distance to it never squares: two and more are
        taken as one, but no more than bring an exponential within the tolerance.
        """
        fresh = self.halvings == 0
        if fresh.all():
            self.step, self.decrement = newton_step(self.here, self.reach)
        elif fresh.any():
            self.step[fresh], self.decrement[fresh] = newton_step(
                self.here.take(fresh), self.reach[fresh]
            )
        else:
            return
        alike = np.abs(self.step - self.before) < _ALIKE * np.abs(self.before)
        left = np.maximum(np.log(np.maximum(self.decrement / self.tolerance, 1.0)), 1.0)
        eager = np.where(alike & runs, np.minimum(2.0 * self.eager, left[:, None]), 1.0)
        self.eager = np.where(fresh[:, None], eager, self.eager)

    def rounding(self, grain: Array | float) -> Array:
        """Return how far below its top a function may lie for the rounding of u alone.

        A Weibull shape of 1e12 needs its scale to more digits than float64 has.
        """
        units = _EPS * np.maximum(np.abs(self.here.u), grain)
        return 0.5 * np.sum(np.abs(_diagonal(self.here.hessian)) * units * units, axis=1)

    def arrive(self, near: Mask) -> None:
        """Take the last step of lanes that are near enough, without a look."""
        small = near & (self.decrement <= self.tolerance)
        self.here = replace(
            self.here,
            u=np.where(near[:, None], self.here.u + self.step, self.here.u),
            value=self.here.value + np.where(small, self.decrement, 0.0),
        )
        self.iterations = self.iterations + near
        self.converged = near

    def advance(self, there: Points, length: Array) -> None:
        """Move the lanes that have risen; shorten the step of the others."""
        good = self._has_risen(there, length)
        moved = np.max(np.abs(there.u - self.here.u) / self.reach, axis=1)
        long = good & (moved > 0.99 * _LONGEST_STEP) & (self.eager == 1.0).all(axis=1)
        if long.any():
            self.reach[long] *= 2.0  # the longest step was a good one
        if good.all():
            self.here = there
        elif good.any():
            self.here = self.here.where(good, there)
        self.before = np.where(good[:, None], self.step, self.before)
        self.eager = np.where((good & (self.halvings > 0))[:, None], 1.0, self.eager)
        self.iterations = self.iterations + good
        self.halvings = np.where(good, 0, self.halvings + 1)

    def give_up(self) -> None:
        """End lanes that rise no more: near the top that is rounding."""
        self.converged = is_rounding(self.decrement, self.here.size)

    def _has_risen(self, there: Points, length: Array) -> Mask:
        here = self.here
        slope = np.sum(here.gradient * self.step, axis=1)
        finite = np.isfinite(there.value) & np.isfinite(there.gradient).all(axis=1)
        good = finite & (there.value >= here.value + _SUFFICIENT * length * slope)
        lost = finite & ~good & (self.halvings == 0) & is_rounding(self.decrement, here.size)
        if lost.any():
            # Near the top a rise smaller than rounding cannot be seen in the value: the full Newton
            # step is taken if the gradient shrinks.
            unit = 1.0 / np.sqrt(np.abs(_diagonal(here.hessian)) + 1e-300)
            before = np.linalg.norm(here.gradient * unit, axis=1)
            after = np.linalg.norm(there.gradient * unit, axis=1)
            good |= lost & (after < 0.5 * before)
        return good


class _Tops:
    """The tops of functions that several lanes climb, as far as they are known."""

    def __init__(self, family: Indices, k: int) -> None:
        self.family = family
        self.known = np.full((int(family.max(initial=-1)) + 1, k), np.nan)

    def note(self, flock: _Flock) -> None:
        """Write down the tops of lanes that have arrived."""
        arrived = flock.converged
        self.known[self.family[flock.lane[arrived]]] = flock.here.u[arrived]

    def are_known(self, flock: _Flock) -> Mask:
        """Return the lanes whose top is known, or that a higher lane is about to reach."""
        near = np.flatnonzero((flock.decrement <= _NEAR) & (flock.halvings == 0))
        known = np.zeros(flock.lane.size, dtype=bool)
        if not near.size:
            return known
        family = self.family[flock.lane[near]]
        top, reach = flock.here.u[near] + flock.step[near], _SAME * flock.reach[near]
        known[near] = (np.abs(top - self.known[family]) <= reach).all(axis=1)
        if near.size == 1:
            return known
        order = np.lexsort((-flock.here.value[near], family))
        sorted_ = family[order]
        first = np.flatnonzero(np.diff(sorted_, prepend=-1))
        leader = order[np.repeat(first, np.diff(first, append=sorted_.size))]
        same = (np.abs(top[order] - top[leader]) <= reach[order]).all(axis=1) & (order != leader)
        known[near[order[same]]] = True
        return known


class _Out:
    """The lanes on their way out, beyond some coordinates, of which one at most goes on."""

    def __init__(self, beyond: tuple[Array, Array], *, leads: bool) -> None:
        self.low, self.high = beyond
        self.leads = leads

    def note(self, flock: _Flock) -> None:
        """Learn whether a lane has arrived there."""
        u = flock.here.u[flock.converged]
        self.leads &= not np.any((u < self.low) | (u > self.high))

    def are_known(self, flock: _Flock) -> Mask:
        """Return the lanes that are given up."""
        gradient, u = flock.here.gradient, flock.here.u
        out = ((gradient > 0.0) & (u > self.high)) | ((gradient < 0.0) & (u < self.low))
        away: Mask = np.asarray(out.any(axis=1))
        if self.leads and away.any():
            away[np.argmax(np.where(away, flock.here.value, -np.inf))] = False
        return away


def _gathered(ended: list[_Flock]) -> Ascent:
    """Return the lanes in their order."""
    if len(ended) == 1:
        one = ended[0]
        return Ascent(one.here, one.decrement, one.iterations, one.converged, one.stride)
    order = np.argsort(np.concatenate([flock.lane for flock in ended]))
    points = (
        np.concatenate([getattr(flock.here, name) for flock in ended])[order]
        for name in Points.__slots__
    )
    columns = (
        np.concatenate([getattr(flock, name) for flock in ended])[order]
        for name in ("decrement", "iterations", "converged", "stride")
    )
    return Ascent(Points(*points), *columns)


def newton_step(here: Points, reach: Array) -> tuple[Array, Array]:
    """Return the steps uphill and the Newton decrements at points.

    Where a function is not concave the curvature is turned round (its absolute value is taken),
    which keeps the step uphill and of a sensible length. Along coordinates in which the function is
    level no step is taken.
    """
    gradient, hessian = here.gradient, here.hessian
    sound = np.isfinite(gradient.sum(axis=1) + hessian.sum(axis=(1, 2)))
    if not sound.all():
        gradient = np.where(sound[:, None], gradient, 0.0)
        hessian = np.where(sound[:, None, None], hessian, 0.0)
    diagonal = np.abs(_diagonal(hessian))
    bent = diagonal > 0
    scale = 1.0 / np.sqrt(diagonal if bent.all() else np.where(bent, diagonal, 1.0 / reach**2))
    curvature = -hessian * (scale[:, :, None] * scale[:, None, :])
    if not bent.all():
        k = range(gradient.shape[1])
        curvature[:, k, k] += level(here, reach)
    uphill = gradient * scale
    if len(uphill) >= _MANY and 1 < uphill.shape[1] <= _FEW:
        step, decrement, plain = _by_elimination(curvature, uphill)
        odd = np.flatnonzero(~plain)
        if odd.size:
            step[odd], decrement[odd] = _by_eigenvectors(curvature[odd], uphill[odd])
    else:
        step, decrement = _by_eigenvectors(curvature, uphill)
    step *= scale
    decrement = np.where(sound, decrement, np.inf)
    longest = np.max(np.abs(step) / reach, axis=1)
    short = np.minimum(1.0, _LONGEST_STEP / np.maximum(longest, 1e-300))
    return step * short[:, None], decrement


def _by_eigenvectors(curvature: Array, uphill: Array) -> tuple[Array, Array]:
    """Return steps and decrements, where curvature is turned round if it has to be."""
    if len(uphill) == 1 and uphill.shape[1] >= WIDE:
        factors = factorised(curvature[0])
        if factors is not None and factors.least > _PLAIN:
            direct = factors.solve(uphill[0])
            return direct[None, :], np.array([0.5 * (uphill[0] @ direct)])
    values, vectors = np.linalg.eigh(curvature)
    along = (np.swapaxes(vectors, 1, 2) @ uphill[:, :, None])[:, :, 0]
    share = along / np.maximum(np.abs(values), _RIDGE)
    step = (vectors @ share[:, :, None])[:, :, 0]
    decrement = 0.5 * np.sum(along * share, axis=1)
    return step, np.where(values[:, 0] > _RIDGE, decrement, np.inf)


def _by_elimination(curvature: Array, uphill: Array) -> tuple[Array, Array, Mask]:
    """Return the same in a tenth of the time, and on which lanes: those that are plainly concave.

    As `plain_step` does for one lane.
    """
    k = uphill.shape[1]
    rows = [[*curvature[:, i].T, uphill[:, i]] for i in range(k)]
    plain, decrement = np.ones(len(uphill), dtype=bool), np.zeros(len(uphill))
    step = np.empty_like(uphill)
    with np.errstate(all="ignore"):
        for i, row in enumerate(rows):
            plain &= row[i] > _PLAIN
            decrement += 0.5 * row[k] * row[k] / row[i]
            for other in rows[i + 1 :]:
                share = other[i] / row[i]
                for j in range(i + 1, k + 1):
                    other[j] = other[j] - share * row[j]
        for i in range(k - 1, -1, -1):
            left = rows[i][k]
            for j in range(i + 1, k):
                left = left - rows[i][j] * step[:, j]
            step[:, i] = left / rows[i][i]
    return step, decrement, plain


def level(here: Points, reach: Array) -> Array:
    """Return in which coordinates a function is level: nothing tells its values apart there."""
    no_bend = (here.hessian == 0.0).all(axis=2)
    no_slope = np.abs(here.gradient) * reach <= _EPS * here.size[:, None]
    return np.asarray(no_bend & no_slope & np.isfinite(here.value)[:, None])


def condition(hessian: Array) -> float:
    """Return the condition number of minus the Hessian, with its diagonal scaled to 1."""
    diagonal = -hessian.diagonal()
    if not (np.isfinite(hessian).all() and (diagonal > 0).all()):
        return np.inf
    if diagonal.size <= 1:
        return 1.0
    scale = 1.0 / np.sqrt(diagonal)
    scaled = -hessian * (scale[:, None] * scale)
    if diagonal.size == 2:
        tilt = abs(float(scaled[0, 1]))
        least, most = 1.0 - tilt, 1.0 + tilt
    elif diagonal.size >= WIDE:
        factors = factorised(scaled)
        return np.inf if factors is None else factors.condition(scaled)
    else:
        least, *_, most = np.linalg.eigvalsh(scaled).tolist()
    return most / least if least > 0 else np.inf


def is_rounding(decrement: Array, size: Array) -> Mask:
    """Whether the rise still to be had is lost in the rounding of the function's value."""
    return np.asarray(np.isfinite(decrement) & (decrement <= 1e-9 + 1e-13 * size))


def _diagonal(hessian: Array) -> Array:
    return np.diagonal(hessian, axis1=1, axis2=2)
