"""A mixture of n-gram models as one: the n-grams of all, with the mixture's probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from likeliest.language import trie
from likeliest.language.scoring import context_places
from likeliest.language.smoothing.base import Estimate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from likeliest.language.smoothing.base import Array
    from likeliest.language.vocabulary import Vocabulary


@dataclass(frozen=True, eq=False)
class Source:
    """A model that is merged.

    Parameters
    ----------
    estimate : Estimate
    numbers : array of int
        The number in the united vocabulary of each of its symbols; -1 of its unknown one.
    lacks : int
        How many united symbols share what it gives to unknown ones.
    """

    estimate: Estimate
    numbers: NDArray[np.int64]
    lacks: int

    def own(self, size: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return its number for each united symbol (or its unknown one), and which it has."""
        unknown = self.estimate.vocabulary.unknown
        own = np.full(size, -1 if unknown is None else unknown)
        known = np.zeros(size, dtype=bool)
        there = np.flatnonzero(self.numbers >= 0)
        own[self.numbers[there]] = there
        known[self.numbers[there]] = True
        return own, known

    def log_probs(self, rows: NDArray[np.int64], known: NDArray[np.bool_]) -> Array:
        """Return log p of the last symbols after the others, of n-grams in its own numbers."""
        e, size = self.estimate, rows.shape[1]
        last = rows[:, -1]
        logs = np.where(last >= 0, e.log_probs[0][last], -np.inf)
        for n in range(2, min(size, len(e.log_probs)) + 1):
            place = context_places(e, rows[:, size - n : -1])
            there = np.flatnonzero((place >= 0) & (last >= 0))
            found = e.lookups[n - 2](place[there], last[there])
            logs[there] += e.log_weights[n - 2][place[there]]
            hit = found >= 0
            logs[there[hit]] = e.log_probs[n - 1][found[hit]]
        return logs - np.where(known, 0.0, np.log(max(self.lacks, 1)))


def merged(sources: Sequence[Source], weights: Array, vocabulary: Vocabulary) -> Estimate:
    """Return the model that lists all n-grams of the sources.

    On those it is the mixture; the back-off weight of each context is what makes it add up to 1.
    """
    size, order = len(vocabulary), max(len(s.estimate.log_probs) for s in sources)
    levels: list[trie.Keys] = []
    log_probs = [_mixed(sources, weights, np.arange(size)[:, None], size)]
    log_weights: list[Array] = []
    for n in range(2, order + 1):
        keys = np.unique(np.concatenate([_keys(s, n, levels) for s in sources]))
        levels.append(keys)
        rows = trie.spelled(tuple(levels), n).astype(np.int64)
        log_probs.append(_mixed(sources, weights, rows, size))
        lower = _answered(rows[:, 1:], levels, log_probs, log_weights)
        log_weights.append(back_off(keys, log_probs[-1], lower, log_probs[-2].size))
    return Estimate(vocabulary, tuple(levels), tuple(log_probs), tuple(log_weights))


def _keys(source: Source, n: int, levels: Sequence[trie.Keys]) -> trie.Keys:
    """Return the keys, in the united trie, of the n-grams of a source that hold no unknown one."""
    if n > len(source.estimate.log_probs):
        return np.zeros(0, np.int64)
    rows = source.numbers[trie.spelled(source.estimate.levels, n)]
    rows = rows[(rows >= 0).all(axis=1)]
    place = rows[:, 0]
    for column in range(1, n - 1):
        place = trie.find(levels[column - 1], trie.key(place, rows[:, column]))
    return trie.key(place, rows[:, -1])


def _mixed(sources: Sequence[Source], weights: Array, rows: NDArray[np.int64], size: int) -> Array:
    """Return what the mixture gives n-grams."""
    with np.errstate(divide="ignore"):
        shares = np.log(weights)
    parts = []
    for share, source in zip(shares, sources, strict=True):
        own, known = source.own(size)
        parts.append(share + source.log_probs(own[rows], known[rows[:, -1]]))
    mixed: Array = np.logaddexp.reduce(np.stack(parts), axis=0)
    return mixed


def _answered(
    rows: NDArray[np.int64],
    levels: Sequence[trie.Keys],
    log_probs: Sequence[Array],
    log_weights: Sequence[Array],
) -> Array:
    """Return what the merged model of the orders made so far gives the n-grams."""
    logs = log_probs[0][rows[:, -1]].copy()
    size = rows.shape[1]
    for n in range(2, size + 1):
        place = rows[:, size - n]
        for column in range(1, n - 1):
            symbol = rows[:, size - n + column]
            place = trie.find(levels[column - 1], np.where(place < 0, -1, trie.key(place, symbol)))
        there = place >= 0
        logs[there] += log_weights[n - 2][place[there]]
        found = trie.find(levels[n - 2], np.where(there, trie.key(place, rows[:, -1]), -1))
        logs[found >= 0] = log_probs[n - 1][found[found >= 0]]
    return logs


def back_off(keys: trie.Keys, logs: Array, lower: Array, contexts: int) -> Array:
    """Return the logarithms of the back-off weights: what is left, over what is left below."""
    context = trie.contexts(keys)
    left = 1.0 - np.bincount(context, np.exp(logs), contexts)
    below = 1.0 - np.bincount(context, np.exp(lower), contexts)
    with np.errstate(divide="ignore", invalid="ignore"):
        weights = np.log(np.maximum(left, 0.0)) - np.log(np.maximum(below, 0.0))
    # A context that lists all symbols leaves nothing, and nothing is asked of its weight.
    return np.where(np.isfinite(weights), weights, np.where(left > below, 0.0, -np.inf))
