"""The search for mixtures to climb from: EM from clusters, then from the best ones rearranged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from likeliest.distributions.combinators.mixture import LEAST
from likeliest.fitting.routes.clusters import axes, clusters, halves, windows
from likeliest.fitting.routes.em import Lanes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from likeliest.fitting.routes.em import Em
    from likeliest.numerics.arrays import Array, Indices, Mask

    Climb = Callable[[Array], tuple[Array, Array]]

_WORK = 150_000  # points times components times starts
_FEWEST, _MANY = 24, 150  # starts
_MOVES = 250  # rearrangements that are tried at most
_DEAR = 6  # times the work of a step in closed form, of one by Newton's method
_WINDOWS = 12  # tight groups of values that are tried as a component
_ROUNDS = ((10, 0.3), (20, 0.1), (60, 0.05))  # steps, and which part of the starts then goes on
_LEAST_ON = 8  # starts that do at least
_SOFT = (0.1, 0.0, 0.3)  # share of a value that goes to all components, whichever is its own
_SAME = 1.0  # nats, added up over the values: log densities that differ less are of one root
_WIDE = 2  # how many of the best are rearranged
_MOST_ROUNDS = 8
_KEPT = 12  # mixtures that are kept
_CLIMBS = 4  # mixtures that are climbed from after each round


class Searched(NamedTuple):
    """Where climbs set out from.

    Parameters
    ----------
    u : array of shape (starts, k)
        The coordinates, the highest first; those that nearly collapse last.
    tried, collapsed : int
        How many mixtures EM set out from, and how many of them ran into a collapse.
    """

    u: Array
    tried: int
    collapsed: int


@dataclass(frozen=True)
class Pool:
    """The best mixtures so far, the highest first.

    Parameters
    ----------
    lanes : Lanes
    value : array of shape (lanes,)
    is_root : array of shape (lanes,)
        Whether a climb has ended there.
    is_used : array of shape (lanes,)
        Whether it has been rearranged.
    tried, collapsed : int
    """

    lanes: Lanes
    value: Array
    is_root: Mask
    is_used: Mask
    tried: int
    collapsed: int

    def with_others(self, other: Pool, em: Em) -> Pool:
        """Return the best of two pools, each root once."""
        lanes = Lanes.joined([self.lanes, other.lanes])
        value = np.concatenate([self.value, other.value])
        is_root = np.concatenate([self.is_root, other.is_root])
        at = _different(em, lanes, value, is_root)[:_KEPT]
        return Pool(
            lanes.take(at),
            value[at],
            is_root[at],
            np.concatenate([self.is_used, other.is_used])[at],
            self.tried + other.tried,
            self.collapsed + other.collapsed,
        )

    def next(self) -> int | None:
        """Return which of the best is to be rearranged next; None if all have been."""
        waiting = np.flatnonzero(~self.is_used[:_WIDE])
        return int(waiting[0]) if waiting.size else None


def searched(em: Em, climb: Climb) -> Searched:
    """Return where to climb from.

    Parameters
    ----------
    em : Em
    climb : callable
        Takes coordinates of shape (lanes, k) to those of the roots above, with their values; -∞
        where there is none.
    """
    with np.errstate(all="ignore"):
        pool = _best_of(em, climb, em.made_of(_first(em)))
        for _ in range(_MOST_ROUNDS):
            at = pool.next()
            if at is None:
                break
            pool.is_used[at] = True
            moves = [*_rearranged(em, pool.lanes.take(np.array([at])))]
            if moves:
                pool = pool.with_others(_best_of(em, climb, em.made_of(_some(em, moves))), em)
        u = em.coordinates_of(pool.lanes)
    return Searched(u[np.isfinite(u).all(axis=1)], pool.tried, pool.collapsed)


def _best_of(em: Em, climb: Climb, lanes: Lanes) -> Pool:
    """Return where the best of some mixtures come to, roots and others."""
    tried, collapsed = lanes.size, 0
    value = np.zeros(0)
    for steps, part in _ROUNDS:
        before = lanes.size
        lanes, value = em.run(lanes, steps)
        collapsed += before - lanes.size
        best = _ranked(em, lanes, value)[: max(_LEAST_ON, round(part * tried))]
        lanes, value = lanes.take(best), value[best]
    at = _different(em, lanes, value, np.zeros(value.size, dtype=bool))
    lanes, value = lanes.take(at), value[at]
    u = em.coordinates_of(lanes.take(np.arange(min(len(at), _CLIMBS))))
    u, heights = climb(u[np.isfinite(u).all(axis=1)])
    roots = np.flatnonzero(np.isfinite(heights))
    if roots.size:
        lanes = Lanes.joined([em.lanes_of(u[roots]), lanes])
        value = np.concatenate([heights[roots], value])
    is_root = np.arange(value.size) < roots.size
    at = _different(em, lanes, value, is_root)
    return Pool(
        lanes.take(at), value[at], is_root[at], np.zeros(len(at), dtype=bool), tried, collapsed
    )


def _different(em: Em, lanes: Lanes, value: Array, is_root: Mask) -> list[int]:
    """Return mixtures that differ, roots first, ranked."""
    log_density = em.log_density(lanes)
    chosen: list[int] = []
    for at in np.lexsort((-value, em.collapsed(lanes, LEAST), ~is_root)).tolist():
        others = np.abs(log_density[chosen] - log_density[at]) @ em.points.weights
        if not chosen or others.min() > _SAME:
            chosen.append(at)
    return chosen


def _ranked(em: Em, lanes: Lanes, value: Array) -> Indices:
    """Return which mixtures are the highest, those that have collapsed last."""
    return np.lexsort((-value, em.collapsed(lanes, LEAST)))


def _most(em: Em, many: int) -> int:
    return many if em.in_closed_form else many // _DEAR


def _first(em: Em) -> Array:
    """Return clusters of the values, as shares of each in the components, for many starts."""
    points, parts = em.points, em.family.parts
    k = len(parts)
    count = int(np.clip(_WORK // (k * points.values.size), _FEWEST, _MANY))
    rng = np.random.default_rng(0)
    along = axes(points)
    alike = len(set(parts)) == 1 and not em.coordinates.fixed
    made = []
    for lane in range(_most(em, count)):
        y = along[lane % len(along)]
        of = clusters(y, points.weights, k, rng, even=lane < len(along))
        label = of if alike else rng.permutation(k)[of]
        soft = _SOFT[(lane // len(along)) % len(_SOFT)]
        made.append(np.where(label == np.arange(k)[:, None], 1.0 - soft, 0.0) + soft / k)
    return np.stack(made, axis=1) * points.weights


def _some(em: Em, moves: list[Array]) -> Array:
    """Return some rearrangements of all, side by side."""
    chosen = np.random.default_rng(0).permutation(len(moves))[: _most(em, _MOVES)]
    return np.stack([moves[i] for i in chosen], axis=1)


def _rearranged(em: Em, lane: Lanes) -> Iterator[Array]:
    """Yield the shares of a mixture with a component taken out and put in elsewhere.

    It takes half of another one, or a tight window of values; or two of different families change
    places.

    Source: Ueda, Nakano, Ghahramani & Hinton (2000), the splits.
    """
    points, families = em.points, em.family.parts
    parts = em.expected(lane)[0][:, 0]
    k = len(parts)
    tight = windows(points, em.log_density(lane)[0], _WINDOWS)
    for out in range(k):
        others = [at for at in range(k) if at != out]
        rest = parts[others] / parts[others].sum(axis=0) * points.weights
        for at, component in zip(others, rest, strict=True):
            if families[at] is families[out]:
                for half in halves(points.values, component):
                    yield _with(others, rest, {at: component * half, out: component * (1.0 - half)})
        for window in tight:
            inside = np.full(points.values.size, 0.0)
            inside[window] = 0.9
            yield _with(others, rest * (1.0 - inside), {out: points.weights * inside})
        for other in range(out):
            if families[other] is not families[out]:
                changed = parts.copy()
                changed[[other, out]] = parts[[out, other]]
                yield changed


def _with(others: list[int], rest: Array, new: dict[int, Array]) -> Array:
    parts = np.empty((len(others) + 1, rest.shape[1]))
    parts[others] = rest
    for at, part in new.items():
        parts[at] = part
    return parts
