"""The search for mixtures to climb from: EM from clusters, then from the best ones rearranged."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from likeliest.distributions.combinators.mixture import LEAST
from likeliest.fitting.routes.clusters import axes, clusters, halves, windows
from likeliest.fitting.routes.em import Lanes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from likeliest.distributions.combinators.mixture import Mixture
    from likeliest.fitting.routes.em import Em
    from likeliest.numerics.arrays import Array, Indices, Mask

    Climb = Callable[[Array], tuple[Array, Array]]

_WORK = 150_000  # points times components times starts
_FEWEST, _MANY = 24, 150  # starts
_MOVES = 250  # rearrangements that are tried at most
_DEAR = 6  # times the work of a step in closed form, of one by Newton's method
_WINDOWS = 12  # tight groups of values that are tried as a component
_ROUNDS = ((3, False, 0.3), (7, False, 0.1), (5, True, 0.05), (25, True, 0.03))
"""Steps, whether they are leaps, and which part of the starts then goes on."""
_LEAST_ON = 8  # starts that do at least
_SOFT = (0.1, 0.0, 0.3)  # share of a value that goes to all components, whichever is its own
_SAME = 1.0  # nats, added up over the values: log densities that differ less are of one root
_WIDE = 2  # how many of the best are rearranged
_MOST_ROUNDS, _FEW_ROUNDS = 8, 2  # the latter beside an estimate with one component fewer
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


class Pool(NamedTuple):
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
        value, is_root, is_used = (
            np.concatenate([getattr(self, name), getattr(other, name)])
            for name in ("value", "is_root", "is_used")
        )
        at = _different(em, lanes, value, is_root)[:_KEPT]
        return Pool(
            lanes.take(at), value[at], is_root[at], is_used[at],
            self.tried + other.tried, self.collapsed + other.collapsed,
        )  # fmt: skip

    def next(self) -> int | None:
        """Return which of the best is to be rearranged next; None if all have been."""
        waiting = np.flatnonzero(~self.is_used[:_WIDE])
        return int(waiting[0]) if waiting.size else None


def searched(em: Em, climb: Climb, smaller: Mixture | None = None) -> Searched:
    """Return where to climb from.

    Parameters
    ----------
    em : Em
    climb : callable
        Takes coordinates of shape (lanes, k) to those of the roots above, with their values; -∞
        where there is none.
    smaller : Mixture, optional
        The estimate with one component fewer, in the inner frame.
    """
    with np.errstate(all="ignore"):
        first = _first(em, _FEWEST if smaller is None else _FEWEST // 2)
        if smaller is not None:
            first = np.concatenate([first, np.stack([*_enlarged(em, smaller)], axis=1)], axis=1)
        pool = _best_of(em, climb, em.made_of(first))
        for _ in range(_MOST_ROUNDS if smaller is None else _FEW_ROUNDS):
            at = pool.next()
            if at is None:
                break
            pool.is_used[at] = True
            moves = [*_rearranged(em, pool.lanes.take([at]))]
            if moves:
                roots = pool.value[pool.is_root]
                above = float(roots[_WIDE - 1]) if roots.size >= _WIDE else -np.inf
                more = _best_of(em, climb, em.made_of(_some(em, moves)), above - _SAME)
                pool = pool.with_others(more, em)
        u = em.coordinates_of(pool.lanes)
    return Searched(u[np.isfinite(u).all(axis=1)], pool.tried, pool.collapsed)


def _best_of(em: Em, climb: Climb, lanes: Lanes, above: float = -np.inf) -> Pool:
    """Return where the best of some mixtures come to: roots `above` a value, and others."""
    tried, collapsed = lanes.size, 0
    value = np.zeros(0)
    for steps, leaping, part in _ROUNDS:
        before = lanes.size
        lanes, value = em.run(lanes, steps, leaping=leaping)
        collapsed += before - lanes.size
        best = _ranked(em, lanes, value)[: max(_LEAST_ON, round(part * tried))]
        lanes, value = lanes.take(best), value[best]
    at = _different(em, lanes, value, np.zeros(value.size, dtype=bool))
    lanes, value = lanes.take(at), value[at]
    is_root = np.zeros(value.size, dtype=bool)
    hopeful = np.flatnonzero(value > above)[:_CLIMBS]
    if hopeful.size:
        u, heights = climb(em.coordinates_of(lanes.take(hopeful)))
        roots = np.flatnonzero(np.isfinite(heights))
        lanes = Lanes.joined([em.lanes_of(u[roots]), lanes])
        value = np.concatenate([heights[roots], value])
        is_root = np.arange(value.size) < roots.size
        at = _different(em, lanes, value, is_root)
        lanes, value, is_root = lanes.take(at), value[at], is_root[at]
    return Pool(lanes, value, is_root, np.zeros(value.size, dtype=bool), tried, collapsed)


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


def _first(em: Em, fewest: int) -> Array:
    """Return clusters of the values, as shares of each in the components, for many starts."""
    points, parts = em.points, em.family.parts
    k = len(parts)
    count = int(np.clip(_WORK // (k * points.values.size), fewest, _MANY))
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
    """Yield the shares of a mixture with a component put in elsewhere.

    It takes half of another one, or a tight window of values; or two of different families change
    places.

    Source: Ueda, Nakano, Ghahramani & Hinton (2000), the splits.
    """
    families = em.family.parts
    parts = em.expected(lane)[0][:, 0]
    k = len(parts)
    tight = windows(em.points, em.log_density(lane)[0], _WINDOWS)
    for out in range(k):
        others = [at for at in range(k) if at != out]
        rest = parts[others] / parts[others].sum(axis=0) * em.points.weights
        yield from _put_in(em, out, others, rest, tight)
        for other in range(out):
            if families[other] is not families[out]:
                changed = parts.copy()
                changed[[other, out]] = parts[[out, other]]
                yield changed


def _enlarged(em: Em, smaller: Mixture) -> Iterator[Array]:
    """Yield the shares of a mixture of one component fewer with another one put in."""
    shares = smaller.responsibilities(em.points.values)
    rest = np.transpose(shares) * em.points.weights
    tight = windows(em.points, smaller.log_prob(em.points.values), _WINDOWS)
    yield from _put_in(em, len(rest), [*range(len(rest))], rest, tight)


def _put_in(
    em: Em, new: int, others: list[int], rest: Array, tight: list[slice]
) -> Iterator[Array]:
    """Yield the shares of the other components with a new one among them."""
    points, families = em.points, em.family.parts
    for at, component in zip(others, rest, strict=True):
        if families[at] is families[new]:
            for half in halves(points.values, component):
                yield _with(others, rest, {at: component * half, new: component * (1.0 - half)})
    for window in tight:
        inside = np.full(points.values.size, 0.0)
        inside[window] = 0.9
        yield _with(others, rest * (1.0 - inside), {new: points.weights * inside})


def _with(others: list[int], rest: Array, new: dict[int, Array]) -> Array:
    parts = np.empty((len(others) + 1, rest.shape[1]))
    parts[others] = rest
    for at, part in new.items():
        parts[at] = part
    return parts
