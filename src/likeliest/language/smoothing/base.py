"""What a smoothing method must say, and what most of them share."""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from likeliest.errors import ParameterError
from likeliest.language import trie
from likeliest.language.lookup import Lookup

if TYPE_CHECKING:
    from likeliest.language.counts import NGramCounts
    from likeliest.language.vocabulary import Vocabulary

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Estimate:
    """Probabilities of the n-grams seen, and how to answer for those that were not.

    After context h a symbol whose n-gram is kept has that probability; any other has the weight of
    h times its probability after h without its first symbol, or the floor of h if there is one.

    Parameters
    ----------
    vocabulary : Vocabulary
    levels : tuple of arrays
        Keys of orders 2 and up; see `likeliest.language.trie`.
    log_probs : tuple of arrays
        Natural logarithms, for orders 1 and up.
    log_weights : tuple of arrays
        Natural logarithms of the weights, for contexts of 1 symbol and up.
    floors : tuple of arrays, optional
        Natural logarithms of the floors, likewise; then no symbol is answered by a shorter context.
    notes : tuple of str
        What a reader of the figures should know.
    """

    vocabulary: Vocabulary
    levels: tuple[trie.Keys, ...]
    log_probs: tuple[Array, ...]
    log_weights: tuple[Array, ...]
    floors: tuple[Array, ...] | None = None
    notes: tuple[str, ...] = ()

    @cached_property
    def lookups(self) -> tuple[Lookup, ...]:
        """What finds n-grams among the levels."""
        contexts = (logs.size for logs in self.log_probs)
        symbols = len(self.vocabulary)
        return tuple(Lookup(k, c, symbols) for k, c in zip(self.levels, contexts, strict=False))


class Smoothing(ABC):
    """A way from counts to probabilities."""

    name: ClassVar[str]
    reserves: ClassVar[bool] = True
    """Whether an unknown symbol has a place in the vocabulary and a probability."""
    prunes: ClassVar[bool] = True
    """Whether the mass of n-grams left out goes to the shorter context."""
    memory: ClassVar[int] = 60
    """Bytes for each n-gram that estimating takes at its peak, beside the counts (measured)."""

    @abstractmethod
    def estimate(self, counts: NGramCounts, prune: Sequence[int] = ()) -> Estimate:
        """Return the probabilities; n-grams of order n counted `prune[n - 1]` times or less go."""


class Levels:
    """Counts with what the formulas need of them: contexts, suffixes, totals.

    Parameters
    ----------
    counts : NGramCounts
    """

    def __init__(self, counts: NGramCounts) -> None:
        self.counts = counts
        self.order = counts.order
        self.contexts = [trie.contexts(keys) for keys in counts.levels]

    @cached_property
    def suffixes(self) -> list[trie.Places]:
        """For each order from 2, the number of each n-gram without its first symbol."""
        return trie.suffixes(self.counts.levels)

    def over_contexts(self, n: int, values: NDArray[np.integer] | Array) -> Array:
        """Return the sum of values of the n-grams, n ≥ 2, over those with the same context."""
        size = self.counts.counts[n - 2].size
        return np.bincount(self.contexts[n - 2], values, minlength=size).astype(np.float64)

    def kept(self, n: int, prune: Sequence[int]) -> NDArray[np.bool_]:
        """Return which n-grams stay."""
        least = prune[min(n, len(prune)) - 1] if prune and n > 1 else 0
        count = self.counts.counts[n - 1]
        return np.ones(count.size, bool) if least == 0 else count > least


def require_prune(prune: Sequence[int], smoothing: Smoothing) -> tuple[int, ...]:
    """Return thresholds for pruning, or say what is wrong with them."""
    thresholds = tuple(int(p) for p in prune)
    if not thresholds:
        return ()
    if thresholds[0] != 0 or any(b < a for a, b in itertools.pairwise(thresholds)):
        raise ParameterError(
            f"prune must begin with 0 (no unigram goes) and not decrease; got {thresholds}."
        )
    if any(thresholds) and not smoothing.prunes:
        raise ParameterError(f"{smoothing.name} cannot be pruned: its n-grams are the model.")
    return thresholds


def interpolate(  # noqa: PLR0917
    levels: Levels,
    own: Sequence[Array],
    shares: Sequence[Array],
    vocabulary: Vocabulary,
    prune: Sequence[int],
    notes: Sequence[str] = (),
) -> Estimate:
    """Mix each order with the one below, down to the uniform distribution.

    p(w | h) = own(h w) + share(h) p(w | h without its first symbol)

    Parameters
    ----------
    levels : Levels
    own : sequence of arrays
        For orders 1 and up, the part of the probability that the order itself gives.
    shares : sequence of arrays
        For contexts of 0 symbols and up, what is left to the shorter context: with the own parts
        it adds up to 1. Of the empty context it is an array of one value.
    vocabulary : Vocabulary
    prune : sequence of int
        The own part of an n-gram that goes is added to the share of its context.
    notes : sequence of str
    """
    uniform = 1.0 / len(vocabulary)
    probs = [own[0] + shares[0] * uniform]
    logs, weights, kept_keys = [_log(probs[0])], [], []
    place: trie.Places | None = None
    for n in range(2, levels.order + 1):
        context, suffix = levels.contexts[n - 2], levels.suffixes[n - 2]
        kept = levels.kept(n, prune)
        part, share = own[n - 1], shares[n - 1]
        if not kept.all():
            part = np.where(kept, part, 0.0)
            share = share + levels.over_contexts(n, np.where(kept, 0.0, own[n - 1]))
        prob = part + share[context] * probs[-1][suffix]
        probs.append(prob)
        weights.append(share if place is None else share[place >= 0])
        keys = levels.counts.levels[n - 2]
        if prune:
            at = context if place is None else place[context]
            keys = trie.key(at[kept], trie.symbols(keys)[kept])
            place = np.where(kept, np.cumsum(kept) - 1, -1)
        logs.append(_log(prob[kept]))
        kept_keys.append(keys)
    return Estimate(
        vocabulary, tuple(kept_keys), tuple(logs), tuple(map(_log, weights)), None, tuple(notes)
    )


def _log(values: Array) -> Array:
    with np.errstate(divide="ignore"):
        return np.log(values)


def discounted(levels: Levels, n: int, counts: Array, discount: Array) -> tuple[Array, Array]:
    """Return the own parts and the shares of order n where each count is lowered by its discount.

    own = (c - D) / C and share = ΣD / C, with the sums over the n-grams of a context; a context
    without any n-gram leaves all of it to the shorter one.
    """
    if n == 1:
        total = float(counts.sum())
        return (counts - discount) / total, np.array([discount.sum() / total])
    total_of = levels.over_contexts(n, counts)
    seen = total_of > 0
    safe = np.where(seen, total_of, 1.0)
    share = np.where(seen, levels.over_contexts(n, discount) / safe, 1.0)
    return (counts - discount) / safe[levels.contexts[n - 2]], share
