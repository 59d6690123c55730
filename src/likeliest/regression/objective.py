"""The log likelihood of a regression as a function of its coefficients: all a maximiser sees."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import accumulate, combinations_with_replacement, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from likeliest.distributions.derivatives import Derivatives, keep
from likeliest.engines.threads import Chunks
from likeliest.likelihood import kernels
from likeliest.likelihood.matching import matched
from likeliest.optimise.newton import Points
from likeliest.regression.design import as_dense, cross, taken, times, transposed_times

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from likeliest.data.observations import Observations
    from likeliest.data.rows import Rows
    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Parameter
    from likeliest.engines.source import Partitions
    from likeliest.numerics.arrays import Array, Indices, Mask
    from likeliest.regression.design import Design
    from likeliest.regression.forms import Form
    from likeliest.regression.links import Link


class Block(NamedTuple):
    """Rows of one kind with their columns of each predictor.

    Parameters
    ----------
    rows : Rows
    columns : tuple of matrices of shape (rows, p), or None
        In which each predictor is linear; None where it is constant.
    offsets : tuple of arrays of shape (rows,), or None
    """

    rows: Rows
    columns: tuple[Array | Design | None, ...]
    offsets: tuple[Array | None, ...]

    def part(self, first: int, end: int) -> Block:
        """Return rows `first` to `end`, without a copy."""
        return Block(
            self.rows.part(first, end),
            tuple(None if c is None else c[first:end] for c in self.columns),
            tuple(None if c is None else c[first:end] for c in self.offsets),
        )

    def take(self, at: Indices) -> Block:
        """Return the rows at these positions."""
        return self.at_rows(at)._replace(rows=self.rows.take(at))

    def at_rows(self, at: Indices) -> Block:
        """Return these rows with the columns that stand at some positions."""
        return Block(
            self.rows,
            tuple(None if c is None else taken(c, at) for c in self.columns),
            tuple(None if c is None else c[at] for c in self.offsets),
        )


class Elsewhere(NamedTuple):
    """Rows that are not in memory.

    Parameters
    ----------
    partitions : Partitions
    blocks : callable
        From a partition to its blocks; runs where that lies.
    size : int
        The number of rows.
    """

    partitions: Partitions[Any, Any]
    blocks: Callable[[Any], tuple[Block, ...]]
    size: int


@dataclass
class Passes:
    """Counts how often all rows were read."""

    full: int = 0


@dataclass(frozen=True)
class Objective:
    """The log likelihood of a regression.

    Parameters
    ----------
    form : Form
    links : tuple of Link, or float
        One for each parameter of the form; a number where it is fixed.
    sizes : tuple of int
        How many coefficients each parameter has; 0 where it is fixed.
    blocks : tuple of Block
    n : float
        Number of observations: the sum of the weights.
    passes : Passes, optional
        None where the rows are a subsample.
    penalty : array of shape (k, k), optional
        Half of u·penalty·u is taken from the log likelihood.
    elsewhere : Elsewhere, optional
        Where all rows are, if they are not in memory; the blocks then stand for them.
    """

    form: Form
    links: tuple[Link | float, ...]
    sizes: tuple[int, ...]
    blocks: tuple[Block, ...]
    n: float
    passes: Passes | None = field(default=None, compare=False)
    penalty: Array | None = None
    elsewhere: Elsewhere | None = None

    @classmethod
    def of(
        cls,
        form: Form,
        links: Sequence[Link | float],
        observations: Observations,
        *,
        columns: Sequence[Array | Design | None],
        offsets: Sequence[Array | None],
        sizes: Sequence[int],
    ) -> Objective:
        """Return the objective of observations, with the columns of each row."""
        blocks = []
        for rows in matched(form.family, observations):
            at = rows.row

            whole = Block(_with_own_window(rows), tuple(columns), tuple(offsets))
            blocks.append(whole if at is None else whole.at_rows(at))
        return cls(form, tuple(links), tuple(sizes), tuple(blocks), observations.n, Passes())

    @cached_property
    def slices(self) -> tuple[slice, ...]:
        """Where the coefficients of each parameter stand."""
        return tuple(slice(a, b) for a, b in pairwise(accumulate(self.sizes, initial=0)))

    @property
    def k(self) -> int:
        """The number of coefficients."""
        return sum(self.sizes)

    @property
    def size(self) -> int:
        """The rows that an evaluation reads."""
        if self.elsewhere is not None:
            return self.elsewhere.size
        return sum(block.rows.size for block in self.blocks)

    def subsample(self, size: int, seed: int = 0) -> Objective:
        """Return the objective of some rows of each kind, weighted up."""
        rng = np.random.default_rng(seed)
        total, some = sum(block.rows.size for block in self.blocks), []
        for block in self.blocks:
            rows = block.rows
            m = max(min(rows.size, 500), round(size * rows.size / total))
            if m >= rows.size:
                some.append(block)
                continue
            taken = block.take(spread(rows.size, m, rng))
            kept = np.ones(m) if taken.rows.weight is None else taken.rows.weight
            weight = kept * (rows.n / float(np.sum(kept)))
            some.append(taken._replace(rows=taken.rows._replace(weight=weight)))
        return replace(self, blocks=tuple(some), passes=None, elsewhere=None)

    def of_rows(self, chosen: Mask) -> Objective:
        """Return the objective of some of the observations."""
        some = []
        for block in self.blocks:
            own = chosen if block.rows.row is None else chosen[block.rows.row]
            if own.any():
                some.append(block.take(np.flatnonzero(own)))
        n = sum(block.rows.n for block in some)
        return replace(self, blocks=tuple(some), n=n, passes=None)

    def __call__(self, u: Array, lanes: Indices | None = None) -> Points:
        """Return the points at candidates u, of shape (candidates, k)."""
        points = [self.at(one) for one in u]
        return Points(
            *(np.concatenate([getattr(p, name) for p in points]) for name in Points.__slots__)
        )

    def at(self, u: Array) -> Points:
        """Return the point at coefficients u: value, gradient and Hessian in one pass."""
        if self.passes is not None:
            self.passes.full += 1
        whole = self._over_all(Objective.sums, u)
        k = self.k
        value, size = whole[0], whole[1]
        gradient, hessian = whole[2 : 2 + k], whole[2 + k :].reshape(k, k)
        if self.penalty is not None:
            pull = self.penalty @ u
            value, gradient, hessian = (
                value - 0.5 * (u @ pull),
                gradient - pull,
                hessian - self.penalty,
            )
        sound = np.isfinite(whole).all()
        return Points(
            u[None, :],
            np.array([value if sound else -np.inf]),
            gradient[None],
            hessian[None],
            np.array([size if np.isfinite(size) else 0.0]),
        )

    def _over_all(self, kernel: Callable[[Objective, Array, Block], Array], u: Array) -> Array:
        """Return the sums of a kernel over all rows, in chunks whose order is always the same."""
        here = self
        if self.elsewhere is not None:  # what is sent to where the rows are has none
            here = replace(self, blocks=(), passes=None, penalty=None, elsewhere=None)
        of_blocks = partial(_sums_of_blocks, partial(kernel, here, u), self.k**2 // 4)
        if self.elsewhere is None:
            parts = of_blocks(self.blocks)
        else:
            partitions, blocks, _ = self.elsewhere
            parts = [*filter(len, partitions.on_each(partial(_sums_of_part, of_blocks, blocks)))]
        return np.sum(parts, axis=0) if len(parts) > 1 else parts[0]

    def scores(self, u: Array) -> Array:
        """Return each row's score, without its weight, in the order of the observations."""
        n = sum(b.rows.size for b in self.blocks)
        ends = [int(b.rows.row.max()) + 1 for b in self.blocks if b.rows.row is not None]
        out = np.zeros((max([n, *ends]), self.k))
        with np.errstate(all="ignore"):
            for block in self.blocks:
                terms = self._terms(u, block._replace(rows=block.rows._replace(weight=None)))
                score = np.empty((block.rows.size, self.k))
                for at, columns, s in zip(self.slices, block.columns, terms.score, strict=True):
                    if at.stop > at.start:
                        score[:, at] = (
                            _column(s) if columns is None else as_dense(columns) * _column(s)
                        )
                out[slice(None) if block.rows.row is None else block.rows.row] = score
        return out

    def expected_information(self, u: Array) -> Array:
        """Return the expected information of exact rows, by the family's formula.

        Raises
        ------
        NotImplementedError
            If the family has none.
        """
        sums = self._over_all(Objective.expected_sums, u)
        return -sums[2 + self.k :].reshape(self.k, self.k)

    def expected_sums(self, u: Array, block: Block) -> Array:
        """Return the sums of a chunk with the expected Hessian in place of that observed."""
        values = tuple(self.jets(u, block))
        # The expected score is 0: of the chain rule the slopes alone are left.
        zero = (0.0,) * len(values)
        information = self.members(u, block).information()
        d = Derivatives(0.0, zero, tuple(-h for h in information))
        d = self.form.derivatives(d, tuple(v.value for v in values))
        return self._summed(self._by_predictors(d, values), block)

    def members(self, u: Array, block: Block) -> Distribution:
        """Return the distributions of the rows of a block."""
        values = tuple(jet.value for jet in self.jets(u, block))
        return self.form.family.unchecked(**self.form.parameters(values))

    def jets(self, u: Array, block: Block) -> Iterator[_Values]:
        """Yield each parameter of the rows of a block, with its slope and bend."""
        for link, at, columns, offset in zip(
            self.links, self.slices, block.columns, block.offsets, strict=True
        ):
            if isinstance(link, float):
                yield _Values(link, 0.0, 0.0)
                continue
            eta = float(u[at.start]) if columns is None else times(columns, u[at])
            yield _Values(*link.jet(eta if offset is None else eta + offset))

    def _terms(self, u: Array, block: Block) -> Derivatives:
        """Return the terms of rows with their derivatives by the linear predictors."""
        jets = list(self.jets(u, block))
        values = tuple(jet.value for jet in jets)
        member = self.form.family.unchecked(**self.form.parameters(values))
        for name, value in self.form.parameters(values).items():
            if not np.all(self.form.family.constraints[name].can_be_estimated(value)):
                return self._infeasible()
        d, _ = kernels.derivatives(member, block.rows, keep)
        d = self.form.derivatives(d, values)
        return self._by_predictors(d, jets)

    @staticmethod
    def _by_predictors(d: Derivatives, jets: Sequence[_Values]) -> Derivatives:
        """Return derivatives by the parameters as those by the linear predictors."""
        pairs = combinations_with_replacement(range(len(jets)), 2)
        score = tuple(s * jet.slope for s, jet in zip(d.score, jets, strict=True))
        hessian = tuple(
            h * (jets[a].slope * jets[b].slope) + (d.score[a] * jets[a].bend if a == b else 0.0)
            for (a, b), h in zip(pairs, d.hessian, strict=True)
        )
        return Derivatives(d.log_prob, score, hessian)

    def _infeasible(self) -> Derivatives:
        k = len(self.sizes)
        return Derivatives(-np.inf, (np.nan,) * k, (np.nan,) * (k * (k + 1) // 2))

    def sums(self, u: Array, block: Block) -> Array:
        """Return the sums of a chunk: value, size, gradient, Hessian."""
        return self._summed(self._terms(u, block), block)

    def _summed(self, terms: Derivatives, block: Block) -> Array:
        weight, n, k = block.rows.weight, block.rows.size, self.k

        def weighed(term: Parameter) -> Array:
            full = np.broadcast_to(np.asarray(term, dtype=np.float64), (n,))
            return full if weight is None else full * weight

        out = np.zeros(2 + k + k * k)
        log_prob = weighed(terms.log_prob)
        out[0], out[1] = np.sum(log_prob), np.sum(np.abs(log_prob))
        gradient, hessian = out[2 : 2 + k], out[2 + k :].reshape(k, k)
        for at, columns, s in zip(self.slices, block.columns, terms.score, strict=True):
            if at.stop > at.start:
                whole = weighed(s)
                gradient[at] = (
                    np.sum(whole) if columns is None else transposed_times(columns, whole)
                )
        pairs = combinations_with_replacement(range(len(self.sizes)), 2)
        for (a, b), h in zip(pairs, terms.hessian, strict=True):
            one, other = self.slices[a], self.slices[b]
            if one.stop == one.start or other.stop == other.start:
                continue
            crossed = _crossed(block.columns[a], weighed(h), block.columns[b])
            hessian[one, other] = crossed
            if a != b:
                hessian[other, one] = np.transpose(crossed)
        return out


def _sums_of_blocks(
    kernel: Callable[[Block], Array], least: int, blocks: Sequence[Block]
) -> list[Array]:
    """Return the sums of each chunk of some blocks."""
    with np.errstate(all="ignore"):
        return [
            sums
            for block in blocks
            for sums in Chunks(block.part, block.rows.size, least=least).all(kernel)
        ]


def _sums_of_part(
    sums: Callable[[Sequence[Block]], list[Array]],
    blocks: Callable[[Any], tuple[Block, ...]],
    part: Any,
) -> Array:
    """Return the sums of a partition, empty where it is."""
    found = sums(blocks(part))
    return np.sum(found, axis=0) if found else np.zeros(0)


def spread(n: int, m: int, rng: np.random.Generator) -> Indices:
    """Return the positions of m of n rows: one at random of each of m stretches of equal length."""
    ends = np.arange(m + 1) * n // m
    return rng.integers(ends[:-1], ends[1:])


class _Values(NamedTuple):
    """A parameter of rows with its slope and bend by the linear predictor."""

    value: Parameter
    slope: Parameter
    bend: Parameter


def _crossed(left: Array | Design | None, weight: Array, right: Array | Design | None) -> Array:
    """Return leftᵀ diag(weight) right, None being a column of ones."""
    if left is None and right is None:
        return np.array([[np.sum(weight)]])
    if left is None or right is None:
        some = right if left is None else left
        crossed = weight if some is None else transposed_times(some, weight)
        return crossed[None, :] if left is None else crossed[:, None]
    return cross(left, weight, right)


def _column(score: Parameter) -> Array:
    return np.atleast_1d(np.asarray(score))[:, None]


def _with_own_window(rows: Rows) -> Rows:
    """Return rows each of which has its window: one that serves all has a probability for each."""

    def own(end: Array | None) -> Array | None:
        return end if end is None else np.ascontiguousarray(np.broadcast_to(end, rows.a.shape))

    return rows._replace(entry=own(rows.entry), exit=own(rows.exit))
