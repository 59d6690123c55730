"""The EM algorithm for mixtures, on many of them at once: it leads to where a climb sets out.

It works on exact values: of intervals on their middles. What is fitted in the end is the likelihood
of the rows themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

import numpy as np

from likeliest.data.observations import Observations
from likeliest.distributions.bases import ClosedForm
from likeliest.distributions.combinators.mixture import PASSING, has_collapsed, width_of
from likeliest.distributions.statistics import SufficientStatistics, of_each
from likeliest.errors import LikeliestError
from likeliest.likelihood.coordinates import Coordinates
from likeliest.likelihood.frame import Frame
from likeliest.likelihood.objective import SumAcross, in_coordinates, stacked
from likeliest.optimise import newton

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from likeliest.distributions.combinators.mixture import Least, Mixture
    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Parameter
    from likeliest.fitting.routes.clusters import Points
    from likeliest.numerics.arrays import Array, Indices, Mask

_STILL = 1e-3  # nats: a mixture that rises less in a step is near a root
_DISTINCT = 5  # different values of a cluster from which a family's own start can be made
_NEWTON_STEPS = 2


class Lanes(NamedTuple):
    """Mixtures side by side.

    Parameters
    ----------
    shares : array of shape (components, lanes)
    groups : tuple of Distribution
        The components of each kind, with parameters of shape (of the kind, lanes, 1).
    """

    shares: Array
    groups: tuple[Distribution, ...]

    @property
    def size(self) -> int:
        """How many there are."""
        return int(self.shares.shape[1])

    def take(self, at: Indices | Mask | Sequence[int]) -> Lanes:
        """Return some of them."""
        groups = (
            type(group).unchecked(**{n: np.asarray(v)[:, at] for n, v in group.parameters.items()})
            for group in self.groups
        )
        return Lanes(self.shares[:, at], tuple(groups))

    @classmethod
    def joined(cls, lanes: Sequence[Lanes]) -> Lanes:
        """Return all of several."""
        groups = []
        for same in zip(*(one.groups for one in lanes), strict=True):
            names = same[0].constraints
            columns = {n: np.concatenate([getattr(g, n) for g in same], axis=1) for n in names}
            groups.append(type(same[0]).unchecked(**columns))
        return cls(np.concatenate([one.shares for one in lanes], axis=1), tuple(groups))


class Kind(NamedTuple):
    """Components of one family of which the same is fixed.

    Parameters
    ----------
    at : list of int
        Which they are.
    step : Step
    """

    at: list[int]
    step: Step


@dataclass(frozen=True)
class Em:
    """The algorithm for one mixture and some points.

    Parameters
    ----------
    family : type
    coordinates : Coordinates
    points : Points
        Exact values in the inner frame.
    """

    family: type[Mixture]
    coordinates: Coordinates
    points: Points

    @cached_property
    def kinds(self) -> list[Kind]:
        """The components by their kind."""
        held = self.coordinates.inner_fixed
        found: dict[tuple[Any, ...], Kind] = {}
        for at, part in enumerate(self.family.parts):
            own = self.family.own(at, held)
            key = (part, *own.items())
            if key not in found:
                found[key] = Kind([], _step_of(part, own, self.points))
            found[key].at.append(at)
        return [*found.values()]

    @property
    def in_closed_form(self) -> bool:
        """Whether no step needs Newton's method."""
        return all(isinstance(kind.step, _ClosedStep) for kind in self.kinds)

    @cached_property
    def _at_risk(self) -> list[int]:
        return self.family.can_collapse(self.coordinates.fixed)

    def run(self, lanes: Lanes, steps: int) -> tuple[Lanes, Array]:
        """Return mixtures after some steps, with their log likelihoods; collapsed ones are left."""
        before = np.full(lanes.size, -np.inf)
        done: list[tuple[Lanes, Array]] = []
        for _ in range(steps):
            parts, value = self.expected(lanes)
            sound = np.isfinite(value) & ~self.collapsed(lanes, PASSING)
            still = sound & (value - before < _STILL)
            if still.any():
                done.append((lanes.take(still), value[still]))
            going = sound & ~still
            if not going.any():
                break
            if not going.all():
                lanes, value, parts = lanes.take(going), value[going], parts[:, going]
            before, lanes = value, self._maximized(lanes, parts)
        else:
            done.append((lanes, self.expected(lanes)[1]))
        if not done:
            return lanes.take(np.zeros(0, dtype=np.intp)), np.zeros(0)
        return Lanes.joined([one for one, _ in done]), np.concatenate([v for _, v in done])

    def expected(self, lanes: Lanes) -> tuple[Array, Array]:
        """Return the weight of each value in each component, and the log likelihoods."""
        parts, density, top = self._parts(lanes)
        value: Array = (top + np.log(density)) @ self.points.weights
        parts *= self.points.weights / density
        return parts, value

    def log_density(self, lanes: Lanes) -> Array:
        """Return the log densities of the mixtures at the values, of shape (lanes, n)."""
        _, density, top = self._parts(lanes)
        return top + np.log(density)

    def _parts(self, lanes: Lanes) -> tuple[Array, Array, Array]:
        values = self.points.values
        logs = np.empty((*lanes.shares.shape, values.size))
        for kind, group in zip(self.kinds, lanes.groups, strict=True):
            logs[kind.at] = group.log_prob(values)
        top = logs.max(axis=0)
        logs -= np.where(np.isneginf(top), 0.0, top)
        parts = np.exp(logs, out=logs)
        parts *= lanes.shares[:, :, None]
        return parts, parts.sum(axis=0), top

    def _maximized(self, lanes: Lanes, parts: Array) -> Lanes:
        """Return the mixtures that make the weighted values of each component likelier."""
        groups = (
            kind.step.maximized(group, parts[kind.at])
            for kind, group in zip(self.kinds, lanes.groups, strict=True)
        )
        return Lanes(self._shares(parts.sum(axis=2)), tuple(groups))

    def made_of(self, parts: Array) -> Lanes:
        """Return the mixtures that shares of the values suggest, of shape (k, lanes, n)."""
        own = parts == parts.max(axis=0)
        groups = (kind.step.first(parts[kind.at], own[kind.at]) for kind in self.kinds)
        return Lanes(self._shares(parts.sum(axis=2)), tuple(groups))

    def _shares(self, sums: Array) -> Array:
        """Return the weights of the components, those that are fixed as they are."""
        held = self.coordinates.inner_fixed
        names = [f"weight_{j}" for j in range(1, len(sums))]
        fixed = np.array([*(held.get(name, np.nan) for name in names), np.nan])
        is_free = np.isnan(fixed)
        left = 1.0 - np.nansum(fixed)
        shares = sums / np.sum(sums[is_free], axis=0) * left
        return np.where(is_free[:, None], shares, fixed[:, None])

    def collapsed(self, lanes: Lanes, least: Least) -> Mask:
        """Whether a component of each mixture is too narrow or too small."""
        if not self._at_risk:
            return np.zeros(lanes.size, dtype=bool)
        widths = np.empty(lanes.shares.shape)
        for kind, group in zip(self.kinds, lanes.groups, strict=True):
            widths[kind.at] = np.squeeze(width_of(group, relative=self.family.is_positive()), -1)
        return has_collapsed(widths, lanes.shares, self._at_risk, self.points.n, least)

    # between lanes and coordinates

    def lanes_of(self, u: Array) -> Lanes:
        """Return the mixtures at coordinates of shape (lanes, k)."""
        member = cast("Mixture", self.coordinates.members(u)[0])
        many = len(u)
        groups = []
        for kind in self.kinds:
            some = [member.components[at] for at in kind.at]
            columns = {
                n: np.stack([np.broadcast_to(np.ravel(getattr(c, n)), (many,)) for c in some])
                for n in some[0].constraints
            }
            groups.append(type(some[0]).unchecked(**{n: v[..., None] for n, v in columns.items()}))
        shares = np.broadcast_to(member.weights, (many, len(member.parts))).T
        return Lanes(shares, tuple(groups))

    def coordinates_of(self, lanes: Lanes) -> Array:
        """Return the coordinates of the mixtures, components in order."""
        u = np.empty((lanes.size, len(self.coordinates.free)))
        for i in range(len(u)):
            components: list[Any] = [None] * len(lanes.shares)
            for kind, group in zip(self.kinds, lanes.groups, strict=True):
                for place, at in enumerate(kind.at):
                    own = {
                        n: float(np.asarray(v)[place, i, 0]) for n, v in group.parameters.items()
                    }
                    components[at] = type(group).unchecked(**own)
            member = self.family.of_components(lanes.shares[:, i].tolist(), components)
            u[i] = self.coordinates.of_inner(member.ordered(self.coordinates.fixed))
        return u


class Step(Protocol):
    """What a family does for the algorithm, for all its components and all lanes at once."""

    def first(self, weights: Array, own: Mask) -> Distribution:
        """Return members that clusters suggest: weights, and the values that are a cluster's."""

    def maximized(self, here: Distribution, weights: Array) -> Distribution:
        """Return members that make values, by weights of shape (of the kind, lanes, n), likelier.

        Their parameters are of the shape (of the kind, lanes, 1).
        """


def _step_of(part: type[Distribution], fixed: dict[str, float], points: Points) -> Step:
    """Return the closed form where the family has one for what is fixed, else Newton's method."""
    inside = part.support.contains(points.values)
    held = points._replace(values=np.where(inside, points.values, part.support.interior()))
    if issubclass(part, ClosedForm) and set(fixed) <= set(part.closed_given):
        return _ClosedStep(part, fixed, points if np.all(inside) else held)
    return _NewtonStep(part, fixed, held.values)


def _shaped(columns: Mapping[str, Parameter], shape: tuple[int, ...]) -> dict[str, Array]:
    """Return parameters of many components in a row as those of (components, lanes, 1)."""
    many = int(np.prod(shape))
    return {
        name: np.broadcast_to(np.ravel(value), (many,)).reshape(*shape, 1)
        for name, value in columns.items()
    }


@dataclass(frozen=True)
class _NewtonStep:
    """A few Newton steps on the weighted log likelihood of a component."""

    part: type[Distribution]
    fixed: dict[str, float]
    values: Array

    @cached_property
    def coordinates(self) -> Coordinates:
        return Coordinates(self.part, self.fixed, Frame())

    def first(self, weights: Array, own: Mask) -> Distribution:
        columns: list[dict[str, Parameter]] = []
        for mine in own.reshape(-1, self.values.size):
            some = self.values[mine]
            some = some if np.unique(some).size >= _DISTINCT else self.values
            start = (
                self.part.start(Observations.of_checked(some), self.fixed)[0].parameters
                if self.coordinates.free
                else {}
            )
            columns.append({**start, **self.fixed})
        joined = {n: np.array([float(c[n]) for c in columns]) for n in self.part.constraints}
        return self.part.unchecked(**_shaped(joined, weights.shape[:2]))

    def maximized(self, here: Distribution, weights: Array) -> Distribution:
        if not self.coordinates.free:
            return here
        shape, rows = weights.shape[:2], weights.reshape(-1, self.values.size)
        free = zip(self.coordinates.free, self.coordinates.constraints, strict=True)
        u = np.stack([np.ravel(c.unconstrain(getattr(here, name))) for name, c in free], axis=1)
        reach = self.coordinates.reach(float(np.std(self.values)) or 1.0)
        ascent = newton.climb(partial(self._points, rows), u, reach, most=_NEWTON_STEPS)
        found, _ = self.coordinates.members(ascent.points.u)
        return self.part.unchecked(**_shaped(found.parameters, shape))

    def _points(self, weights: Array, u: Array, lanes: Indices) -> newton.Points:
        member, within = self.coordinates.members(u)
        mine = weights[lanes]
        total = SumAcross(mine, np.sum(mine, axis=-1, keepdims=True))
        d = member.derivatives(self.values, total)
        sums = stacked(d, np.abs(d.log_prob), len(u))
        sums[:, 0] = np.where(within, sums[:, 0], -np.inf)
        return in_coordinates(self.coordinates, u, member, sums)


@dataclass(frozen=True)
class _ClosedStep:
    """The likeliest component from weighted means of its statistics: one matrix product."""

    part: type[ClosedForm]
    fixed: dict[str, float]
    points: Points

    @cached_property
    def pivot(self) -> float:
        return self.part.pivot(Observations.of_checked(self.points.values), self.fixed)

    @cached_property
    def columns(self) -> Array:
        """The statistics of each point and the value itself, of shape (n, number + 1)."""

        def statistics(x: Array) -> list[Array]:
            return [of_each(c) for c in self.part.statistics(x.copy(), self.pivot)]

        return self.points.averaged(lambda x: np.stack([*statistics(x), x], axis=-1))

    def first(self, weights: Array, own: Mask) -> Distribution:
        return self._likeliest(weights)

    def maximized(self, here: Distribution, weights: Array) -> Distribution:
        return self._likeliest(weights)

    def _likeliest(self, weights: Array) -> Distribution:
        shape = weights.shape[:2]
        rows = weights.reshape(-1, weights.shape[-1])
        total = rows.sum(axis=1)
        mean = rows @ self.columns / total[:, None]
        return self.part.unchecked(**_shaped(self._found(total, mean), shape))

    def _found(self, total: Array, mean: Array) -> dict[str, Parameter]:
        """Return the likeliest parameters; NaN of what has collapsed, which has none."""
        try:
            return self._from(total, mean)
        except LikeliestError:
            if total.size == 1:
                return {name: np.array([np.nan]) for name in self.part.constraints}
        middle = total.size // 2
        below, above = (
            self._found(total[some], mean[some]) for some in (slice(middle), slice(middle, None))
        )
        return {name: np.concatenate([value, above[name]]) for name, value in below.items()}

    def _from(self, total: Array, mean: Array) -> dict[str, Parameter]:
        values = self.points.values
        low, high = np.full_like(total, values.min()), np.full_like(total, values.max())
        *means, average = mean.T
        statistics = SufficientStatistics(total, low, high, average, self.pivot, tuple(means))
        part, fixed = self.part, self.fixed
        found = part.maximize_given(statistics, fixed) if fixed else part.maximize(statistics)
        return {n: np.broadcast_to(v, total.shape) for n, v in found.parameters.items()}
