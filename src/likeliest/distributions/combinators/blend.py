"""A law that is one of several with known or unknown shares: its kernels from theirs.

Zero-inflated, cured and spliced families are blends, and mixtures: with P the sum of shares times
the probabilities of the branches, score and Hessian follow from those of the branches.
"""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from likeliest.distributions.bases import inside_support
from likeliest.distributions.derivatives import Derivatives, Side, keep
from likeliest.distributions.made import Made, moments_of
from likeliest.numerics.arrays import namespace, where
from likeliest.numerics.halving import least
from likeliest.numerics.special import log

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from likeliest.distributions.derivatives import Total
    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Parameter
    from likeliest.numerics.arrays import Array, Mask


class Atom:
    """All probability on one point, which may be ∞.

    Parameters
    ----------
    at : float
    """

    discrete = True

    def __init__(self, at: float) -> None:
        self.at = at

    @property
    def mean(self) -> float:
        """The point."""
        return self.at

    @property
    def var(self) -> float:
        """0: all values are the same."""
        return 0.0

    def log_prob(self, x: Array) -> Array:
        """Return 0 at the point and -∞ elsewhere."""
        return where(x == self.at, 0.0 * x, -np.inf)

    def log_cdf(self, x: Array) -> Array:
        """Return log P(X ≤ x)."""
        return np.where(np.greater_equal(x, self.at), 0.0, -np.inf)

    def log_sf(self, x: Array) -> Array:
        """Return log P(X > x)."""
        return np.where(np.less(x, self.at), 0.0, -np.inf)

    def log_interval(self, lower: Array, upper: Array) -> Array:
        """Return log P(lower < X ≤ upper)."""
        return np.where(np.less(lower, self.at) & np.greater_equal(upper, self.at), 0.0, -np.inf)

    def quantile(self, q: Array) -> Array:
        """Return the point."""
        return np.full(np.shape(q), self.at)

    upper_quantile = quantile

    def sample(self, size: tuple[int, ...], seed: np.random.Generator) -> Array:
        """Return the point as often as asked for."""
        return np.full(size, self.at)


class Branch(NamedTuple):
    """One of the laws that a blend is made of.

    Parameters
    ----------
    share : number or array
        The probability that a value is from it.
    slopes : mapping from place to number or array
        The derivatives of the share by the parameters of the blend, where they are not 0.
    member : Distribution or Atom
    places : tuple of int
        Where its parameters stand among those of the blend.
    bends : mapping from (place, place) to number or array
        The second derivatives of the share, where they are not 0; the lesser place first.
    """

    share: Parameter
    slopes: Mapping[int, Parameter]
    member: Distribution | Atom
    places: tuple[int, ...] = ()
    bends: Mapping[tuple[int, int], Parameter] = {}


class Blend(Made):
    """A law that is one of several, each with its share."""

    @abstractmethod
    def branches(self) -> Sequence[Branch]:
        """Return the laws that it is made of."""

    @cached_property
    def _branches(self) -> Sequence[Branch]:
        return self.branches()

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        return self._summed(lambda member: self._log_prob_of(member, x))

    def _log_prob_of(self, member: Distribution | Atom, x: Array) -> Array:
        """Return a branch's log density; beside a probability at a point a density is nothing."""
        value = member.log_prob(x)
        return value if member.discrete else where(self._at_atom(x), -np.inf, value)

    def _at_atom(self, x: Array) -> Mask:
        at: Any = namespace(x).zeros_like(x) > 0
        for atom in self.atoms:
            at = at | (x == atom)
        return at

    def _log_cdf(self, x: Array) -> Array:
        return self._summed(lambda member: member.log_cdf(x))

    def _log_sf(self, x: Array) -> Array:
        return self._summed(lambda member: member.log_sf(x))

    def _cdf(self, x: Array) -> Array:
        return np.exp(self._log_cdf(x))

    def _sf(self, x: Array) -> Array:
        return np.exp(self._log_sf(x))

    def log_interval(self, lower: Array, upper: Array) -> Array:
        return self._summed(lambda member: member.log_interval(lower, upper))

    def _summed(self, of: Callable[[Distribution | Atom], Array]) -> Array:
        """Return the log of the sum of shares times what has the logs given."""
        total = None
        for branch in self._branches:
            term = log(branch.share) + of(branch.member)
            total = term if total is None else namespace(total, term).logaddexp(total, term)
        return total  # type: ignore[return-value]

    def _quantile(self, q: Array) -> Array:
        found = self._between(q, [b.member.quantile(q) for b in self._branches])
        return least(lambda x: np.greater_equal(self.cdf(x), q), *found)

    def _upper_quantile(self, q: Array) -> Array:
        found = self._between(q, [b.member.upper_quantile(q) for b in self._branches])
        return least(lambda x: np.less_equal(self.sf(x), q), *found)

    def _between(self, q: Array, ends: Sequence[Array]) -> tuple[Array, Array]:
        """Return between which values a quantile of the blend lies, given those of the branches."""
        shape = np.broadcast_shapes(np.shape(q), self.batch_shape)
        low, high = np.minimum.reduce(ends), np.maximum.reduce(ends)
        high = high + 1.0 if self.discrete else np.nextafter(high, np.inf)
        return np.broadcast_to(low, shape), np.broadcast_to(high, shape)

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        kept = len(shape) - len(self.batch_shape)
        u, total = rng.random(shape), np.zeros(self.batch_shape)
        draws = np.empty(shape)
        for branch in self._branches:
            own = () if isinstance(branch.member, Atom) else branch.member.batch_shape
            some = branch.member.sample((*shape[:kept], *_missing(shape[kept:], own)), rng)
            draws = np.where(u >= total, some, draws)
            total = total + branch.share
        return draws

    # moments

    def moments(self) -> tuple[Parameter, Parameter]:
        """Return mean and variance: those of the branches, and of their means."""
        parts = [(b.share, *moments_of(b.member)) for b in self._branches]
        mean = sum(share * middle for share, middle, _ in parts)
        return mean, sum(share * (var + (middle - mean) ** 2) for share, middle, var in parts)

    # likelihood

    def derivatives(self, x: Array, total: Total) -> Derivatives:
        value, score, hessian = self._blended([self._terms(b, x) for b in self._branches])
        return Derivatives(total(value), tuple(map(total, score)), tuple(map(total, hessian)))

    def _terms(self, branch: Branch, x: Array) -> Derivatives:
        """Return a branch's log density with its derivatives, by row."""
        member = branch.member
        if isinstance(member, Atom):
            return Derivatives(member.log_prob(x), (), ())
        bounds = member.bounds()
        inside = np.asarray(bounds.contains(x), dtype=bool)
        if not member.discrete:
            inside = inside & ~self._at_atom(x)
        if np.all(inside):
            return member.derivatives(x, keep)
        terms = member.derivatives(np.where(inside, x, bounds.interior()), keep)
        return terms._replace(log_prob=np.where(inside, terms.log_prob, -np.inf))

    @inside_support
    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        def of(member: Distribution | Atom) -> Derivatives:
            if isinstance(member, Atom):
                log_tail = member.log_cdf if side is Side.BELOW else member.log_sf
                return Derivatives(log_tail(x), (), ())
            return member.tail_derivatives(x, side)

        return self._blended([of(branch.member) for branch in self._branches])

    def interval_derivatives(self, lower: Array, upper: Array) -> Derivatives:
        def of(member: Distribution | Atom) -> Derivatives:
            if isinstance(member, Atom):
                return Derivatives(member.log_interval(lower, upper), (), ())
            return member.interval_derivatives(lower, upper)

        with np.errstate(all="ignore"):
            return self._blended([of(branch.member) for branch in self._branches])

    def _blended(self, parts: Sequence[Derivatives]) -> Derivatives:
        """Return the log of the sum of shares times probabilities, with its derivatives.

        From the branches' logs of those with their own: the shares enter as they are, not as
        logarithms, so that a share of 0 has its slope.
        """
        with np.errstate(all="ignore"):
            whole: Any = -np.inf
            for branch, part in zip(self._branches, parts, strict=True):
                whole = np.logaddexp(whole, np.log(branch.share) + part.log_prob)
            k = len(self.constraints)
            score: dict[int, Parameter] = {}
            hessian: dict[tuple[int, int], Parameter] = {}
            for branch, part in zip(self._branches, parts, strict=True):
                beside = np.exp(part.log_prob - whole)
                _add_branch(score, hessian, branch, part, beside)
        slopes = tuple(score.get(i, 0.0) for i in range(k))
        return Derivatives(
            whole,
            slopes,
            tuple(
                hessian.get((i, j), 0.0) - slopes[i] * slopes[j]
                for i in range(k)
                for j in range(i, k)
            ),
        )


def _add_branch(
    score: dict[int, Parameter],
    hessian: dict[tuple[int, int], Parameter],
    branch: Branch,
    part: Derivatives,
    beside: Array,
) -> None:
    """Add a branch's part in the score, and in the Hessian of the probability over itself."""
    some = beside > 0.0
    share, places = branch.share, branch.places

    def put(where_to: dict, place: object, term: Parameter) -> None:  # type: ignore[type-arg]
        term = np.where(some, term * beside, 0.0)
        where_to[place] = where_to[place] + term if place in where_to else term

    for place, slope in branch.slopes.items():
        put(score, place, slope)
    for pair, bend in branch.bends.items():
        put(hessian, pair, bend)
    bends = iter(part.hessian)
    for i, (place, slope) in enumerate(zip(places, part.score, strict=True)):
        put(score, place, share * slope)
        for other, steep in zip(places[i:], part.score[i:], strict=True):
            pair = (min(place, other), max(place, other))
            put(hessian, pair, share * (next(bends) + slope * steep))
        for other, of_share in branch.slopes.items():
            twice = 2.0 if other == place else 1.0
            put(hessian, (min(place, other), max(place, other)), twice * of_share * slope)


def _missing(batch: tuple[int, ...], own: tuple[int, ...]) -> tuple[int, ...]:
    """Return the axes of a batch that a member does not have itself."""
    return batch[: len(batch) - len(own)]
