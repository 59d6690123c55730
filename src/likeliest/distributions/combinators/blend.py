"""A law that is one of several with known or unknown shares: its kernels from theirs.

Zero-inflated, cured and spliced families are blends, and mixtures: with P the sum of shares times
the probabilities of the branches, score and Hessian follow from those of the branches.
"""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np

from likeliest.distributions.bases import inside_support
from likeliest.distributions.derivatives import Derivatives, Side, keep, products
from likeliest.distributions.made import Made, moments_of
from likeliest.numerics.arrays import namespace, where
from likeliest.numerics.halving import least, least_whole
from likeliest.numerics.special import exp, log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

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

    @cached_property
    def _shares(self) -> list[Parameter]:
        return [branch.share for branch in self._branches]

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        return self._summed(lambda member: self._log_prob_of(member, x))

    def _log_prob_of(self, member: Distribution | Atom, x: Array) -> Array:
        """Return a branch's log density; beside a probability at a point a density is nothing."""
        value = member.log_prob(x)
        if member.discrete or not self.atoms:
            return value
        return where(self._at_atom(x), -np.inf, value)

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
        scaled = _Scaled.of(self._shares, [of(branch.member) for branch in self._branches])
        return scaled.top + log(scaled.whole)

    def _beside(self, logs: Sequence[Array]) -> list[Array]:
        """Return the part of each branch in the sum, given their logs; NaN where that is 0."""
        scaled = _Scaled.of(self._shares, logs)
        parts = zip(self._shares, scaled.ratios, strict=True)
        return [share * ratio / scaled.whole for share, ratio in parts]

    def _quantile(self, q: Array) -> Array:
        if self._above_atom is not None:
            at, share, rest = self._above_atom
            within = _probability(q - 1.0 + share, share)
            return np.where(q <= self.cdf(at), at, rest.quantile(within))
        search = least_whole if self.discrete else least
        found = self._between(q, [b.member.quantile(q) for b in self._branches])
        return search(lambda x: np.greater_equal(self.cdf(x), q), *found)

    def _upper_quantile(self, q: Array) -> Array:
        if self._above_atom is not None:
            at, share, rest = self._above_atom
            within = _probability(q, share)
            return np.where(q >= self.sf(at), at, rest.upper_quantile(within))
        search = least_whole if self.discrete else least
        found = self._between(q, [b.member.upper_quantile(q) for b in self._branches])
        return search(lambda x: np.less_equal(self.sf(x), q), *found)

    @cached_property
    def _above_atom(self) -> tuple[float, Parameter, Distribution] | None:
        """The place of an atom, and the share and law of all else, if that lies above the atom."""
        atoms = [b.member.at for b in self._branches if isinstance(b.member, Atom)]
        rests = [b for b in self._branches if not isinstance(b.member, Atom)]
        if len(atoms) != 1 or len(rests) != 1:
            return None
        member = cast("Distribution", rests[0].member)
        is_above = np.all(np.less_equal(atoms[0], member.bounds().low))
        return (atoms[0], rests[0].share, member) if is_above else None

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
        with np.errstate(all="ignore"):
            return self._blended([self._terms(b, x) for b in self._branches], total)

    def _terms(self, branch: Branch, x: Array) -> Derivatives:
        """Return a branch's log density with its derivatives, by row."""
        member = branch.member
        if isinstance(member, Atom):
            return Derivatives(member.log_prob(x), (), ())
        bounds = member.bounds()
        inside = np.asarray(bounds.contains(x), dtype=bool)
        if not member.discrete and self.atoms:
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

        with np.errstate(all="ignore"):
            return self._blended([of(branch.member) for branch in self._branches], keep)

    def interval_derivatives(self, lower: Array, upper: Array) -> Derivatives:
        def of(member: Distribution | Atom) -> Derivatives:
            if isinstance(member, Atom):
                return Derivatives(member.log_interval(lower, upper), (), ())
            return member.interval_derivatives(lower, upper)

        with np.errstate(all="ignore"):
            return self._blended([of(branch.member) for branch in self._branches], keep)

    def _blended(self, terms: Sequence[Derivatives], total: Total) -> Derivatives:
        """Return the log of the sum of shares times probabilities, with its derivatives.

        From the branches' logs of those with their own: the shares enter as they are, not as
        logarithms, so that a share of 0 has its slope.
        """
        scaled = _Scaled.of(self._shares, [cast("Array", part.log_prob) for part in terms])
        parts = [
            _Part.of(branch, part, ratio / scaled.whole)
            for branch, part, ratio in zip(self._branches, terms, scaled.ratios, strict=True)
        ]
        k = len(self.constraints)
        slopes: list[Any] = [0.0] * k
        bends: dict[tuple[int, int], Any] = {}
        for part in parts:
            for i, slope in part.slopes():
                slopes[i] = slopes[i] + slope
            for pair, bend in part.bends(total):
                bends[pair] = bends[pair] + bend if pair in bends else bend
        pairs = combinations_with_replacement(range(k), 2)
        squares = products(total, slopes)
        return Derivatives(
            total(scaled.top + np.log(scaled.whole)),
            tuple(map(total, slopes)),
            tuple(
                bends.get(pair, 0.0) - square for pair, square in zip(pairs, squares, strict=True)
            ),
        )


class _Part(NamedTuple):
    """Hold the part of one branch in the derivatives of the whole, relative to the whole.

    Parameters
    ----------
    branch : Branch
    beside : array
        The probability that the branch has, over the sum.
    score, hessian : sequences of array
        The derivatives of the branch's log.
    pulls : list of array
        The former times `beside`.
    """

    branch: Branch
    beside: Array
    score: Sequence[Parameter]
    hessian: Sequence[Parameter]
    pulls: list[Array]

    @classmethod
    def of(cls, branch: Branch, terms: Derivatives, beside: Array) -> _Part:
        """Return the part of a branch, that of values that it cannot hold being 0."""
        some, score, hessian = beside > 0.0, terms.score, terms.hessian
        if not some.all():
            beside = np.where(some, beside, 0.0)
            score = tuple(np.where(some, slope, 0.0) for slope in score)
            hessian = tuple(np.where(some, bend, 0.0) for bend in hessian)
        return cls(branch, beside, score, hessian, [beside * slope for slope in score])

    def slopes(self) -> Iterator[tuple[int, Parameter]]:
        """Yield first derivatives, by row, with their places."""
        branch = self.branch
        for i, slope in branch.slopes.items():
            yield i, slope * self.beside
        for i, pull in zip(branch.places, self.pulls, strict=True):
            yield i, branch.share * pull

    def bends(self, total: Total) -> Iterator[tuple[tuple[int, int], Parameter]]:
        """Yield second derivatives, added up, with their places, the lesser first."""
        branch, places = self.branch, self.branch.places
        for pair, bend in branch.bends.items():
            yield pair, total(bend * self.beside)
        for j, pull in zip(places, self.pulls, strict=True):
            alone = total(pull)
            for i, slope in branch.slopes.items():
                both = slope * alone if isinstance(slope, float) else total(slope * pull)
                yield (min(i, j), max(i, j)), 2.0 * both if i == j else both
        rows = iter(self.hessian)
        for at, (i, pull) in enumerate(zip(places, self.pulls, strict=True)):
            for j, slope in zip(places[at:], self.score[at:], strict=True):
                own = self.beside * next(rows) + pull * slope
                yield (min(i, j), max(i, j)), total(branch.share * own)


class _Scaled(NamedTuple):
    """Probabilities of the branches over their greatest one, by share, so that none overflows.

    Parameters
    ----------
    top : array
        The log of what they are over.
    ratios : list of array
        The probabilities, over it.
    whole : array
        The sum of shares times those.
    """

    top: Array
    ratios: list[Array]
    whole: Array

    @classmethod
    def of(cls, shares: Sequence[Parameter], logs: Sequence[Array]) -> _Scaled:
        """Return those that have the logs given; arrays or tensors."""
        top: Any = -np.inf
        for share, one in zip(shares, logs, strict=True):
            weighted = log(share) + one
            top = where(weighted > top, weighted, top)
        top = where(namespace(top).isinf(top), 0.0, top)
        ratios = [exp(one - top) for one in logs]
        whole: Any = 0.0
        for share, ratio in zip(shares, ratios, strict=True):
            whole = whole + where(share > 0.0, share * ratio, 0.0)
        return cls(top, ratios, whole)


def _probability(part: Array, whole: Parameter) -> Array:
    """Return part / whole within 0 and 1, whatever rounding left, and 0 where there is no whole."""
    with np.errstate(all="ignore"):
        return np.clip(np.nan_to_num(part / whole), 0.0, 1.0)


def _missing(batch: tuple[int, ...], own: tuple[int, ...]) -> tuple[int, ...]:
    """Return the axes of a batch that a member does not have itself."""
    return batch[: len(batch) - len(own)]
