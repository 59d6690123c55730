"""What a smoothing method must say, and what most of them share."""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from likeliest.errors import ParameterError
from likeliest.language.models.lookup import Lookup
from likeliest.language.options import whole
from likeliest.language.smoothing.levels import Advance, Chunk, Levels

if TYPE_CHECKING:
    from likeliest.language.counting.counts import NGramCounts
    from likeliest.language.models import trie
    from likeliest.language.models.state import Search
    from likeliest.language.storage.space import Space
    from likeliest.language.text.vocabulary import Vocabulary

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
        Keys of orders 2 and up; see `likeliest.language.models.trie`.
    log_probs : tuple of arrays
        Natural logarithms, for orders 1 and up.
    log_weights : tuple of arrays
        Natural logarithms of the weights, for contexts of 1 symbol and up.
    floors : tuple of arrays, optional
        Natural logarithms of the floors, likewise; then no symbol is answered by a shorter context.
    notes : tuple of str
        What a reader of the figures should know, such as discounts that were fallbacks.
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
        contexts = [logs.size for logs in self.log_probs[:-1]]
        symbols = len(self.vocabulary)
        return tuple(Lookup(*level, symbols) for level in zip(self.levels, contexts, strict=True))

    @cached_property
    def by_probability(self) -> NDArray[np.int64]:
        """The symbols by their unigram probability, the likeliest first."""
        return np.argsort(-self.log_probs[0], kind="stable")

    @cached_property
    def search(self) -> Search:
        """Walk the n-grams one symbol at a time: for queries by state."""
        from likeliest.language.models.state import Search

        return Search(self)

    def __getstate__(self) -> dict[str, object]:
        """Return what is pickled: not what is remembered of queries."""
        derived = {"search", "by_probability"}
        return {name: value for name, value in self.__dict__.items() if name not in derived}


Formula = Callable[[Chunk], tuple[Array, Array]]
"""From n-grams to two arrays, one of theirs and one of their contexts."""


class Smoothing(ABC):
    """A way from counts to probabilities."""

    name: ClassVar[str]
    reserves: ClassVar[bool] = True
    """Whether an unknown symbol has a place in the vocabulary and a probability."""
    prunes: ClassVar[bool] = True
    """Whether the mass of n-grams left out goes to the shorter context."""
    pads: ClassVar[bool] = False
    """Whether unigrams are mixed with the uniform distribution, over more symbols if need be."""
    memory: ClassVar[int] = 24
    """Bytes for each n-gram that estimating takes at its peak, beside the counts (measured)."""

    @property
    def chunked(self) -> bool:
        """Whether the estimate can be made chunk by chunk, in little memory."""
        return True

    def estimate(
        self,
        counts: NGramCounts,
        prune: Sequence[int] = (),
        space: Space | None = None,
        advance: Advance | None = None,
        vocab_pad: int = 0,
    ) -> Estimate:
        """Return the probabilities.

        Parameters
        ----------
        counts : NGramCounts
        prune : sequence of int
            N-grams of order n counted `prune[n - 1]` times or less go.
        space : Space, optional
            Where the arrays lie; in memory by default.
        advance : callable, optional
            Called with the number of n-grams dealt with, of each chunk.
        vocab_pad : int
            Symbols that the uniform distribution is spread over, where the vocabulary has fewer.
        """
        return self._estimate(Levels(counts, prune, space, advance, vocab_pad))

    @abstractmethod
    def _estimate(self, levels: Levels) -> Estimate:
        """Return the probabilities from counts that are ready to be worked through."""


class Chunkwise(Smoothing):
    """Methods whose formulas need of other n-grams the sums over their context, and one lower."""

    backs_off: ClassVar[bool] = True
    """Whether a probability depends on that of the n-gram without its first symbol."""
    floors: ClassVar[bool] = False
    """Whether what the formula gives of contexts are floors, not weights."""

    def _estimate(self, levels: Levels) -> Estimate:
        """Return the probabilities, order by order, each in chunks on all cores."""
        if self.backs_off and levels.order > 1:
            levels.link(2)
        probs = levels.probs[1] = self._unigrams(levels)
        first = levels.space.part("log_probs.1", probs.size)
        first[:] = _log(probs)
        levels.advance(probs.size)
        parts = []
        for n in range(2, levels.order + 1):
            if self.backs_off and n < levels.order:
                levels.link(n + 1)
            parts.append(self._level(levels, n))
            levels.leave(n)
        return Estimate(
            levels.vocabulary,
            tuple(part.keys for part in parts),
            (first, *(part.log_probs for part in parts)),
            tuple(part.log_weights for part in parts),
            tuple(p.floors for p in parts if p.floors is not None) or None,
            tuple(levels.notes),
        )

    @abstractmethod
    def _unigrams(self, levels: Levels) -> Array:
        """Return the probability of each symbol after nothing."""

    @abstractmethod
    def _formula(self, levels: Levels, n: int) -> Formula:
        """Return the function from n-grams, n ≥ 2, to probabilities, and weights of contexts.

        What it gives of contexts are their floors if the method has them.
        """

    def _level(self, levels: Levels, n: int) -> Part:
        """Write the part of an order: chunk by chunk, on all cores."""
        formula, part = self._formula(levels, n), Part.of(levels, n, floors=self.floors)
        goes_on = self.backs_off and n < levels.order
        if goes_on:
            levels.probs[n] = levels.space.scratch(levels.counts[n - 1].size)

        def work(chunk: Chunk) -> int:
            prob, rest = formula(chunk)
            if goes_on:
                chunk.of(levels.probs[n])[:] = prob
            part.write(chunk, prob, rest)
            return len(chunk) - (len(chunk) // 2 if self.backs_off else 0)

        levels.over(n, work)
        return part


@dataclass(frozen=True, eq=False)
class Part:
    """What an estimate holds of one order from 2 on, its contexts' weights included."""

    keys: trie.Keys
    log_probs: Array
    log_weights: Array
    floors: Array | None

    @classmethod
    def of(cls, levels: Levels, n: int, *, floors: bool) -> Part:
        """Return the part of an order, yet to be written."""
        space, size, above = levels.space, levels.size_kept(n), levels.size_kept(n - 1)
        same = levels.least(n) == 0 and not space.copies
        return cls(
            levels.keys[n - 2] if same else space.part(f"levels.{n}", size, np.int64),
            space.part(f"log_probs.{n}", size),
            space.part(f"log_weights.{n - 1}", above),
            space.part(f"floors.{n - 1}", above) if floors else None,
        )

    def write(self, chunk: Chunk, prob: Array, rest: Array) -> None:
        """Write what belongs to a chunk: from probabilities, and weights or floors."""
        if self.keys is not chunk.levels.keys[chunk.n - 2]:
            _put(self.keys, chunk.at, chunk.keys_kept())
        _put(self.log_probs, chunk.at, _log(prob if chunk.kept is None else prob[chunk.kept]))
        kept = chunk.contexts_kept
        logs, at = _log(rest if kept is None else rest[kept]), chunk.context_at
        _put(self.log_weights, at, logs if self.floors is None else np.zeros(logs.size))
        if self.floors is not None:
            _put(self.floors, at, logs)


def _put(array: NDArray[Any], at: int, values: NDArray[Any]) -> None:
    array[at : at + values.size] = values


def _log(values: Array) -> Array:
    with np.errstate(divide="ignore"):
        return np.log(values)


class Interpolation(Chunkwise):
    """Methods that mix each order with the one below, down to the uniform distribution.

    p(w | h) = own(h w) + share(h) p(w | h without its first symbol)

    The own part of an n-gram that goes is added to the share of its context.
    """

    pads = True

    @abstractmethod
    def _own(self, levels: Levels, n: int) -> Formula:
        """Return the function from n-grams to the parts of p that this order itself gives.

        Beside them it gives the share of each context: with the own parts it adds up to 1.
        """

    def _unigrams(self, levels: Levels) -> Array:
        own, share = self._own(levels, 1)(levels.unigrams())
        if levels.uniform < 1.0 / len(levels.vocabulary):
            levels.notes.append(
                f"vocab_pad: the probabilities of the {len(levels.vocabulary):,} symbols leave "
                "out what other unknown ones have, so that they add up to less than 1."
            )
        return own + share * levels.uniform

    def _formula(self, levels: Levels, n: int) -> Formula:
        own = self._own(levels, n)

        def formula(chunk: Chunk) -> tuple[Array, Array]:
            part, share = own(chunk)
            if chunk.kept is not None:
                share = share + chunk.over_contexts(np.where(chunk.kept, 0.0, part))
                part = np.where(chunk.kept, part, 0.0)
            return part + share[chunk.context] * chunk.lower, share

        return formula


def discounted(chunk: Chunk, counts: NDArray[np.integer], discount: Array) -> tuple[Array, Array]:
    """Return the own parts, and the shares of contexts, where each count is lowered.

    own = (c - D) / C and share = ΣD / C, with the sums over the n-grams of a context; a context
    without any n-gram leaves all of it to the shorter one.
    """
    total = chunk.over_contexts(counts)
    seen = total > 0
    safe = np.where(seen, total, 1.0)
    share = np.where(seen, chunk.over_contexts(discount) / safe, 1.0)
    return (counts - discount) / safe[chunk.context], share


def require_prune(prune: Sequence[int], smoothing: Smoothing) -> tuple[int, ...]:
    """Return thresholds for pruning, or say what is wrong with them."""
    given: object = prune
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise ParameterError(f"prune is a count for each order, such as (0, 0, 1); got {prune!r}.")
    thresholds = tuple(whole("prune", p, 0) for p in prune)
    if not thresholds:
        return ()
    if thresholds[0] != 0 or any(b < a for a, b in itertools.pairwise(thresholds)):
        raise ParameterError(
            f"prune must begin with 0 (no unigram goes) and not decrease; got {thresholds}."
        )
    if any(thresholds) and not smoothing.prunes:
        raise ParameterError(f"{smoothing.name} cannot be pruned: its n-grams are the model.")
    return thresholds
