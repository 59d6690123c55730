"""The log likelihood of observations as a function of coordinates: all that a maximiser sees."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

import numpy as np

from likeliest.data.observations import Observations, is_distributed
from likeliest.data.rows import Kind, Rows
from likeliest.distributions.bases import ClosedForm
from likeliest.distributions.derivatives import keep
from likeliest.engines.threads import CHUNK
from likeliest.likelihood import kernels
from likeliest.likelihood.coordinates import Coordinates
from likeliest.likelihood.frame import Frame
from likeliest.likelihood.matching import as_exact, matched, without_certain
from likeliest.likelihood.statistics import statistics_of
from likeliest.optimise.newton import Points, Spot

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from likeliest.distributions.derivatives import Derivatives
    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Parameter
    from likeliest.distributions.statistics import SufficientStatistics
    from likeliest.numerics.arrays import Array, Indices, Mask

_AT_ONCE = 65_536  # values times candidates that are evaluated together
_NARROW = 0.1  # of the spread of the values: cells that are as good as points to start with
_ENOUGH = 200  # cells of which a start by their middles pays, should it fail as well
_RARE = 500  # rows of a kind that a subsample keeps
_ONES = np.ones(256)


class Window(NamedTuple):
    """A window common to n observations: one evaluation serves them all."""

    rows: Rows
    n: float


class Summed(NamedTuple):
    """Exact observations by their sufficient statistics: no pass over them is needed."""

    statistics: SufficientStatistics
    n: float


@dataclass
class Passes:
    """Counts how often the rows of the full data were read; of a table they are not.

    Rows that are their sums were read once, while others may have to be read again.
    """

    full: int = 0
    counts: bool = True

    def read(self) -> None:
        """Count one reading."""
        self.full += self.counts


@dataclass(eq=False)  # frozen, it would take five times as long to make
class Objective:
    """The log likelihood of one sample.

    Parameters
    ----------
    coordinates : Coordinates
    observations : Observations
    sample : Observations
        The same as exact values in the inner frame: what starts are made from.
    blocks : tuple of Rows
        Rows that have to be read, in the inner frame.
    windows : tuple of Window
    summed : tuple of Summed
    n : float
        The number of observations.
    offset : float
        What the unit of the inner frame takes off the log density, nats.
    is_singular : callable
        Tells which members lie where the likelihood is known to diverge; None if none do.
    passes : Passes, optional
        Counts the readings; None where the rows are a subsample or a table.
    few : Objective, optional
        Of rows that stand for all of them, where they lie elsewhere.
    """

    coordinates: Coordinates
    observations: Observations
    sample: Observations
    blocks: tuple[Rows, ...]
    windows: tuple[Window, ...]
    summed: tuple[Summed, ...]
    n: float
    offset: float
    is_singular: Callable[[Distribution], Mask] | None
    passes: Passes | None = field(default=None, compare=False)
    few: Objective | None = None

    @classmethod
    def of(
        cls,
        family: type[Distribution],
        observations: Observations,
        fixed: Mapping[str, float],
    ) -> Objective:
        """Return the objective of a family and observations."""
        if is_distributed(observations):
            from likeliest.likelihood.distributed import objective_of

            return objective_of(family, observations, fixed)
        sample = as_exact(family, without_certain(family, observations))
        frame = Frame.of(family, sample)
        coordinates = Coordinates(family, dict(fixed), frame)
        plain = observations.exact and not observations.truncated
        read = observations.compressed() if plain else observations
        is_table = True
        blocks: list[Rows] = []
        windows: list[Window] = []
        sums: list[Summed] = []
        n_density = 0.0
        for block in matched(family, read):
            inner = frame.into(block)
            if block.kind is Kind.EXACT and not family.discrete:
                n_density += block.n
            window = inner.window
            if window is not None and inner.has_common_window:
                windows.append(Window(window, inner.n))
                inner = inner._replace(entry=None, exit=None)
            if inner.kind is Kind.EXACT and inner.window is None and _has_sums(family):
                sums.append(_summed(family, inner))
            elif inner.kind is not Kind.EXACT and (family.discrete or inner.is_constant):
                table = inner.tabulated()
                is_table &= table is not inner
                blocks.append(table)
            else:
                is_table = False
                blocks.append(inner)
        if not frame.is_identity:
            sample = sample.moved(frame.origin, frame.unit)
        # Of mixed rows a family has to know which values are exact.
        mixed = not observations.exact or observations.has_windows_by_row
        seen = observations.moved(frame.origin, frame.unit) if mixed else sample
        return cls(
            coordinates,
            observations,
            sample,
            tuple(blocks),
            tuple(windows),
            tuple(sums),
            observations.n,
            -n_density * float(np.log(frame.unit)),
            family.is_singular(seen, coordinates.inner_fixed),
            None if read is not observations else Passes(int(not blocks), counts=not is_table),
        )

    @property
    def reach(self) -> Array:
        """A natural step in each coordinate: the spread for a location, 1 for a logarithm."""
        has_location = any(c.is_location for c in self.coordinates.constraints)
        return self.coordinates.reach(self._spread if has_location else 1.0)

    @cached_property
    def _spread(self) -> float:
        return self.sample.spread() or 1.0

    @property
    def size(self) -> int:
        """The rows that an evaluation reads."""
        return sum(block.size for block in self.blocks)

    def fixing(self, held: Mapping[str, float]) -> Objective:
        """Return the objective with more parameters fixed: a profile, or a closed end."""
        few = None if self.few is None else self.few.fixing(held)
        return replace(self, coordinates=self.coordinates.fixing(held), few=few)

    def subsample(self, size: int, seed: int = 0) -> Objective:
        """Return the objective of some rows of each kind, weighted up; all of a rare kind."""
        rng = np.random.default_rng(seed)
        total = self.size
        some = []
        for block in self.blocks:
            m = max(min(block.size, _RARE), round(size * block.size / total))
            if m >= block.size:
                some.append(block)
                continue
            at = np.sort(rng.integers(0, block.size, m))  # np.unique hashes first: slower by far
            at = at[np.flatnonzero(np.diff(at, prepend=-1))]
            kept = np.ones(at.size) if block.weight is None else block.weight[at]
            some.append(block.take(at)._replace(weight=kept * (block.n / float(np.sum(kept)))))
        return replace(self, blocks=tuple(some), passes=None)

    def of_middles(self) -> Objective | None:
        """Return the objective of cells as the exact values in their middles.

        None unless they are cells far narrower than the values lie apart, and few are alike: the
        top then hardly moves, and a reading costs a twentieth.
        """
        if self.windows or len(self.blocks) != 1 or type(self.blocks[0]) is not Rows:
            return None
        (block,), family = self.blocks, self.coordinates.family
        if block.kind is not Kind.BETWEEN or block.b is None or block.window or family.discrete:
            return None
        if block.size < _ENOUGH or 3.0 * block.size < block.n:
            return None
        if not float(np.max(block.b - block.a)) <= _NARROW * self._spread:
            return None
        middles = block._replace(kind=Kind.EXACT, a=0.5 * block.a + 0.5 * block.b, b=None)
        if _has_sums(family):
            sums = (*self.summed, _summed(family, middles))
            return replace(self, blocks=(), summed=sums, passes=None)
        return replace(self, blocks=(middles,), passes=None)

    def __call__(self, u: Array, lanes: Indices | None = None) -> Points:
        """Return the points at candidates u, of shape (candidates, k)."""
        count = u.shape[0]
        self._count_pass()
        if count == 1:
            return self._points(u, self._one)
        if u.shape[1] and self.few is None and count * self.size <= _AT_ONCE:
            return self._points(u, self._several)
        some = max(_AT_ONCE // max(self.size, 1), 1) if u.shape[1] and self.few is None else 1
        parts = [u[i : i + some] for i in range(0, count, some)]
        points = [self._points(p, self._one if len(p) == 1 else self._several) for p in parts]
        return Points(
            *(np.concatenate([getattr(p, name) for p in points]) for name in Points.__slots__)
        )

    def value(self, member: Distribution) -> float:
        """Return the log likelihood of a member that is in the user's unit.

        It is -inf where some row has no probability: sums and windows alone would not tell.
        """
        inner = self.coordinates.frame.enter(member)
        if not self._is_held(inner):
            return -math.inf
        with np.errstate(all="ignore"):
            value = float(self._one(inner)[0, 0]) + self.offset
        return value if value < math.inf else -math.inf

    def _is_held(self, member: Distribution) -> bool:
        """Whether a member of the inner frame holds the least and the greatest exact value."""
        bounds = member.bounds()
        if bounds.is_everything:
            return True
        ends = [(part.statistics.low, part.statistics.high) for part in self.summed]
        ends += [(b.a.min(), b.a.max()) for b in self.blocks if b.kind is Kind.EXACT]
        return all(bounds.contains(low) and bounds.contains(high) for low, high in ends)

    def terms(self, member: Distribution) -> Array:
        """Return each row's own log likelihood at a member in the user's unit, nats.

        Returns
        -------
        array of shape (rows,), without the rows' weights; 0 for rows that tell nothing.
        """
        frame = self.coordinates.frame
        inner = frame.enter(member)
        out = np.zeros(len(self.observations))
        for block in matched(self.coordinates.family, self.observations):
            with np.errstate(all="ignore"):
                by_row = kernels.terms(inner, frame.into(block))
            if block.kind is Kind.EXACT and not self.coordinates.family.discrete:
                by_row = by_row - np.log(frame.unit)
            out[slice(None) if block.row is None else block.row] = by_row
        return out

    def scores(self, u: Array) -> Array:
        """Return each row's score at coordinates of shape (k,), in the order of the data.

        Returns
        -------
        array of shape (rows, k), without the rows' weights; 0 for rows that tell nothing. Of
        rounded values a row is a distinct one.
        """
        coordinates = self.coordinates
        member, _ = coordinates.members(u[None, :])
        slopes = coordinates.slopes(member)[0]
        out = np.zeros((len(self.observations), len(slopes)))
        for block in matched(coordinates.family, self.observations):
            inner = coordinates.frame.into(block)
            by_row = kernels.scores(member, inner)[:, coordinates.positions] * slopes
            out[slice(None) if block.row is None else block.row] = by_row
        return out

    def _count_pass(self) -> None:
        """Count one reading: candidates that are evaluated together are one."""
        if self.passes is not None and self.blocks:
            self.passes.read()

    def _points(self, u: Array, evaluate: Callable[[Distribution], Array]) -> Points:
        coordinates = self.coordinates
        with np.errstate(all="ignore"):
            member, within = coordinates.members(u)
            good = within
            if self.is_singular is not None:
                good = good & ~np.ravel(np.asarray(self.is_singular(member), dtype=bool))
            if not good.any():
                return nowhere(u)
            sums = evaluate(member)
            sums[:, 0] = np.where(good, sums[:, 0] + self.offset, -np.inf)
            sums[:, -1] += self.n
            return in_coordinates(coordinates, u, member, sums)

    def at(self, u: list[float]) -> Spot | None:
        """Return the point at coordinates in plain numbers, or None where it is out of reach.

        For one candidate and few rows this costs a fraction of what arrays do.
        """
        coordinates = self.coordinates
        member = coordinates.member_at(u)
        if member is None or (self.is_singular is not None and self.is_singular(member)):
            return None
        self._count_pass()
        sums = self._sums(member)
        value = sums[0] + self.offset
        if not math.isfinite(value):
            return None
        moves = [constraint.move(value) for constraint, value in coordinates.ranges_at(member)]
        k = len(coordinates.family.constraints)
        scores, bends = sums[1 : 1 + k], sums[1 + k : -1]
        gradient: list[float] = []
        hessian: list[list[float]] = []
        for position, places, (slope, bend) in zip(
            coordinates.positions, coordinates.places, moves, strict=True
        ):
            score = scores[position]
            gradient.append(score * slope)
            row = [
                bends[place] * slope * other
                for place, (other, _) in zip(places, moves, strict=True)
            ]
            row[len(hessian)] += score * bend
            hessian.append(row)
        return Spot(u, value, gradient, hessian, sums[-1] + self.n)

    def _one(self, member: Distribution) -> Array:
        """Return the sums at one member as a row: log likelihood, score, Hessian, size."""
        return np.array([self._sums(member)])

    def slopes(self, member: Distribution, names: Sequence[str]) -> tuple[Array, Array]:
        """Return scores at members of the inner frame, by one parameter each.

        They may lie in a corner of the likelihood, just beside which no others do.

        Parameters
        ----------
        member : Distribution
            With parameters of shape (lanes, 1), or with numbers where there is one lane.
        names : sequence of str
            The parameter of each lane.

        Returns
        -------
        Arrays of shape (lanes,): the scores, and the sums of the absolute values that they are made
        of, by which rounding is judged.
        """
        self._count_pass()
        every = list(self.coordinates.family.constraints)
        at = [every.index(name) for name in names]
        total = np.zeros(2 * len(at))
        for block in self.blocks:
            total += _of_block(partial(_slopes, member, at), block)
        slopes, sizes = total.reshape(2, -1)
        for window in self.windows:
            less, size = np.reshape(_slopes(member, at, window.rows), (2, -1))
            slopes, sizes = slopes - window.n * less, sizes + window.n * size
        for part in self.summed:
            score = member.mean_score(part.statistics)  # type: ignore[attr-defined]
            more = part.n * _by_lane(score, at, 1)[:, 0]
            slopes, sizes = slopes + more, sizes + np.abs(more)
        return slopes, sizes

    def _sums(self, member: Distribution) -> list[float]:
        if len(self.blocks) == 1 and not (self.summed or self.windows):
            return sums_of_block(member, self.blocks[0])
        parts = [_sums_of_statistics(member, part) for part in self.summed]
        parts += [_less_window(member, window) for window in self.windows]
        parts += [sums_of_block(member, block) for block in self.blocks]
        return [sum(column) for column in zip(*parts, strict=True)]

    def _several(self, member: Distribution) -> Array:
        """Return the sums at members with parameters of shape (candidates, 1)."""
        count = member.batch_shape[0]
        sums = self._without_rows(member, count)
        for block in self.blocks:
            d, size = kernels.derivatives(member, block, SumAcross(block.weight, block.n))
            sums += stacked(d, size, count)
        return sums

    def _without_rows(self, member: Distribution, count: int) -> Array:
        k = len(self.coordinates.family.constraints)
        sums = np.zeros((count, 2 + k + k * (k + 1) // 2))
        for part in self.summed:
            d = member.mean_derivatives(part.statistics)  # type: ignore[attr-defined]
            sums += part.n * stacked(d, np.abs(d.log_prob), count)
        for window in self.windows:
            d, size = kernels.derivatives(member, window.rows, keep)
            seen = stacked(d, size, count)
            seen[:, :-1] *= -1.0
            sums += window.n * seen
        return sums


def in_coordinates(coordinates: Coordinates, u: Array, member: Distribution, sums: Array) -> Points:
    """Return sums by a family's parameters as points by the coordinates: the chain rule.

    `sums` holds a row for each lane: log likelihood, score, upper triangle of the Hessian, size.
    """
    k = len(coordinates.family.constraints)
    slopes, bends = coordinates.slopes(member), coordinates.bends(member)
    score = sums[:, 1 : 1 + k][:, coordinates.positions]
    hessian = sums[:, 1 + k : -1][:, coordinates.triangle]
    hessian = hessian * (slopes[:, :, None] * slopes[:, None, :])
    at = range(len(coordinates.free))
    hessian[:, at, at] += score * bends
    value = np.where(np.isfinite(sums[:, 0]), sums[:, 0], -np.inf)
    size = np.where(np.isfinite(sums[:, -1]), sums[:, -1], 0.0)
    return Points(u, value, score * slopes, hessian, size)


def _has_sums(family: type[Distribution]) -> TypeGuard[type[ClosedForm]]:
    return issubclass(family, ClosedForm)


def _summed(family: type[ClosedForm], block: Rows) -> Summed:
    sample = Observations.of_checked(block.a, block.weight)
    return Summed(statistics_of(family, sample, {}), sample.n)


def _sums_of_statistics(member: Any, part: Summed) -> list[float]:
    """Return the sums of exact rows at one member: log likelihood, score, Hessian, size."""
    d: Derivatives = member.mean_derivatives(part.statistics)
    n, value = part.n, float(d.log_prob)
    return [n * value, *(n * float(s) for s in (*d.score, *d.hessian)), n * abs(value)]


def _less_window(member: Distribution, window: Window) -> list[float]:
    """Return what a common window takes off the sums at one member, and adds to their size."""
    d, size = kernels.derivatives(member, window.rows, keep)
    less = [-window.n * float(np.ravel(t)[0]) for t in (d.log_prob, *d.score, *d.hessian)]
    return [*less, window.n * float(np.ravel(size)[0])]


def sums_of_block(member: Distribution, block: Rows) -> list[float]:
    """Return log likelihood, score, Hessian and size of a block, summed on all cores."""
    if _is_at_hand(block):
        return _sums(member, block)
    return _of_block(partial(_sums, member), block)


def _is_at_hand(block: Rows) -> bool:
    """Whether a block is one chunk that is here."""
    return type(block) is Rows and block.a.size <= CHUNK


def _of_block(kernel: Callable[[Rows], list[float]], block: Rows) -> list[float]:
    return kernel(block) if _is_at_hand(block) else block.chunks().total(kernel).tolist()


def _slopes(member: Distribution, at: list[int], part: Rows) -> list[float]:
    """Return the sums of a chunk's scores by one parameter a lane, and of their absolute values."""
    sums = np.zeros((2, len(at)))
    window = part.window
    seen = (part._replace(entry=None, exit=None), 1.0)
    for rows, sign in (seen, *(() if window is None else ((window, -1.0),))):
        d, _ = kernels.derivatives(member, rows, keep)
        by_row = _by_lane(d.score, at, part.size)
        weighed = by_row if part.weight is None else by_row * part.weight
        sums += sign * weighed.sum(axis=1), np.abs(weighed).sum(axis=1)
    return sums.ravel().tolist()


def _by_lane(score: tuple[Parameter, ...], at: list[int], rows: int) -> Array:
    """Return of each lane the terms by its own parameter, of shape (lanes, rows)."""
    return np.stack([np.broadcast_to(score[p], (len(at), rows))[i] for i, p in enumerate(at)])


def _sums(member: Distribution, part: Rows) -> list[float]:
    """Return the sums of a chunk of rows: log likelihood, score, Hessian, size."""
    d, size = kernels.derivatives(member, part, _Sum.of(part))
    return [float(s) for s in (d.log_prob, *d.score, *d.hessian, size)]


@dataclass(slots=True, eq=False)  # frozen, it would take five times as long
class _Sum:
    """The sum over rows, by their weights.

    Parameters
    ----------
    weight : array of shape (n,), optional
    n : float
        The sum of the weights.
    """

    weight: Array | None
    n: float
    mate: Array | None = None  # of few rows the factors by which one call sums a term

    @classmethod
    def of(cls, part: Rows) -> _Sum:
        """Return the sum over a chunk of rows."""
        weight, size = part.weight, part.a.size
        if size > _ONES.size:
            return cls(weight, part.n)
        return cls(weight, part.n, _ONES[:size] if weight is None else weight)

    def __call__(self, term: Array | float) -> float:
        """Return the sum of a term."""
        if isinstance(term, float):
            return term * self.n
        if self.mate is not None:
            return float(term.dot(self.mate))
        return float(np.add.reduce(term if self.weight is None else term * self.weight))

    def products(self, terms: Sequence[Parameter]) -> list[float]:
        """Return the sums of the products of all pairs of terms."""
        rows = np.array(np.broadcast_arrays(*terms))
        by_weight = rows if self.weight is None else rows * self.weight
        found: list[float] = (by_weight @ rows.T)[np.triu_indices(len(terms))].tolist()
        return found


@dataclass(frozen=True, slots=True)
class SumAcross:
    """The same for many candidates: over the last axis, which is kept."""

    weight: Array | None
    n: Parameter

    def __call__(self, term: Array | float) -> Parameter:
        """Return the sum of a term, for each candidate."""
        if np.ndim(term) == 0 or np.shape(term)[-1] == 1:
            return term * self.n
        return np.sum(term if self.weight is None else term * self.weight, axis=-1, keepdims=True)

    def products(self, terms: Sequence[Parameter]) -> list[Parameter]:
        """Return the sums of the products of all pairs of terms."""
        rows = np.stack(np.broadcast_arrays(*terms), axis=-2)
        by_weight = rows if self.weight is None else rows * self.weight[..., None, :]
        square = by_weight @ np.swapaxes(rows, -1, -2)
        return [square[..., i, j, None] for i, j in zip(*np.triu_indices(len(terms)), strict=True)]


def stacked(d: Derivatives, size: Parameter, count: int) -> Array:
    """Return sums as columns, a row for each candidate."""
    columns = (d.log_prob, *d.score, *d.hessian, size)
    sums = np.empty((count, len(columns)))
    for at, column in enumerate(columns):
        sums[:, at] = np.ravel(column)
    return sums


def nowhere(u: Array) -> Points:
    """Return points out of reach."""
    lanes, k = u.shape
    return Points(
        u, np.full(lanes, -np.inf), np.zeros((lanes, k)), np.zeros((lanes, k, k)), np.zeros(lanes)
    )
