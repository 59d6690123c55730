"""Pruning by relative entropy: n-grams go that say little more than shorter ones do.

Stolcke (1998), arXiv cs/0006025. What is lost by removing an n-gram alone, its context's weight
made anew, is the divergence of what the context says before from what it says after, times the
share of the context. Kneser–Ney's lower orders say how many contexts a symbol has, not how often it
occurs, so the share of a context is taken from counts and not from the model (Chelba et al. 2010).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import DataError, ParameterError
from likeliest.language.models import merging, trie
from likeliest.language.models.scoring import context_places
from likeliest.language.storage import packing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from likeliest.language.counting.counts import NGramCounts
    from likeliest.language.smoothing.base import Array, Estimate

_ROWS = 1 << 18  # n-grams written out at once


@dataclass(frozen=True, eq=False)
class Losses:
    """What removing each n-gram of order 2 and up costs.

    Parameters
    ----------
    estimate : Estimate
    counts : NGramCounts, optional
        Of a text, up to the order of the estimate: how often each context occurs. Without them the
        model itself says so.
    """

    estimate: Estimate
    counts: NGramCounts | None

    def __post_init__(self) -> None:
        if self.estimate.floors is not None:
            raise DataError(
                "an add-k model does not answer by shorter contexts, so nothing can stand for an "
                "n-gram that goes. Fit with another smoothing."
            )

    @cached_property
    def lower(self) -> tuple[Array, ...]:
        """What the n-grams' contexts without their first symbol say, nats."""
        orders = range(2, len(self.estimate.log_probs) + 1)
        return tuple(_lower(self.estimate, n) for n in orders)

    @cached_property
    def divergences(self) -> tuple[Array, ...]:
        """The change of the cross entropy by each n-gram alone, nats per symbol."""
        e, found = self.estimate, []
        for n, (keys, shares) in enumerate(zip(e.levels, self._shares(), strict=True), 2):
            context = trie.contexts(keys)
            logs, lower = e.log_probs[n - 1], self.lower[n - 2]
            p, q = np.exp(logs), np.exp(lower)
            left = np.maximum(1.0 - np.bincount(context, p, shares.size), 0.0)[context]
            below = np.maximum(1.0 - np.bincount(context, q, shares.size), 0.0)[context]
            with np.errstate(divide="ignore", invalid="ignore"):
                weight = np.log(left + p) - np.log(below + q)
                change = np.where(p > 0.0, p * (lower + weight - logs), 0.0)
                rest = left * (weight - (np.log(left) - np.log(below)))
            change += np.where((left > 0.0) & np.isfinite(rest), rest, 0.0)
            found.append(np.maximum(-shares[context] * change, 0.0))
        return tuple(found)

    def _shares(self) -> list[Array]:
        """Return the share of each n-gram, as a context, of all places in a text."""
        e = self.estimate
        if self.counts is None:
            shares = [np.exp(e.log_probs[0])]
            for keys, logs in zip(e.levels[:-1], e.log_probs[1:], strict=False):
                shares.append(shares[-1][trie.contexts(keys)] * np.exp(logs))
            return shares
        counts, numbers = self.counts, numbers_in(e, self.counts)
        made = []
        for n in range(1, len(e.log_probs)):
            seen = np.bincount(
                trie.contexts(counts.levels[n - 1]), counts.counts[n], counts.counts[n - 1].size
            )
            share = np.zeros(e.log_probs[n - 1].size)
            for part, rows in _rows(counts.levels, n, seen.size):
                places = context_places(e, numbers[rows])
                np.add.at(share, places[places >= 0], seen[part][places >= 0])
            made.append(share / counts.total)
        return made


def numbers_in(estimate: Estimate, counts: NGramCounts) -> NDArray[np.int64]:
    """Return the number that an estimate has for each symbol of counts; -1 for none."""
    unknown = -1 if estimate.vocabulary.unknown is None else estimate.vocabulary.unknown
    numbers = [estimate.vocabulary.index.get(s, unknown) for s in counts.vocabulary.symbols]
    numbers[0] = 0
    return np.array(numbers, dtype=np.int64)


def pruned(losses: Losses, threshold: float | None, size: int | None) -> Estimate:
    """Return the estimate without n-grams that cost less than a threshold, or up to a size.

    Parameters
    ----------
    losses : Losses
    threshold : float, optional
        Of the relative change of the perplexity.
    size : int, optional
        Bytes that the packed file may have at most.
    """
    e = losses.estimate
    worth = [np.expm1(each) for each in losses.divergences]
    for n in range(len(worth) - 1, 0, -1):  # a context is worth what the best that it holds is
        np.maximum.at(worth[n - 1], trie.contexts(e.levels[n]), worth[n])
    if threshold is None:
        threshold = _threshold(e, worth, size or 0)
    return _kept(e, losses.lower, [each >= threshold for each in worth])


def _threshold(e: Estimate, worth: list[Array], size: int) -> float:
    """Return the least threshold that leaves a packed file no larger than asked."""
    ordered = [np.sort(each) for each in worth]
    candidates = np.unique(np.concatenate([*ordered, np.zeros(1)]))
    candidates = np.append(candidates, np.inf)

    def bytes_at(threshold: float) -> int:
        left = [each.size - int(np.searchsorted(each, threshold)) for each in ordered]
        return packing.most_bytes(e.vocabulary, left)

    if bytes_at(np.inf) > size:
        raise ParameterError(
            f"size is less than the {bytes_at(np.inf):,} bytes that the symbols alone take. Fit "
            "with fewer symbols (max_symbols), or allow more."
        )
    low, high = 0, candidates.size - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if bytes_at(candidates[middle]) <= size else (middle + 1, high)
    return float(candidates[low])


def _kept(e: Estimate, lower: tuple[Array, ...], keep: list[NDArray[np.bool_]]) -> Estimate:
    """Return an estimate of some n-grams, each with its context, with their weights made anew."""
    place = np.arange(e.log_probs[0].size)
    levels, logs, n = list[trie.Keys](), [e.log_probs[0]], 0
    for n, (keys, kept) in enumerate(zip(e.levels, keep, strict=True), 1):
        own = keys[kept]
        levels.append(trie.key(place[trie.contexts(own)], trie.symbols(own)))
        logs.append(e.log_probs[n][kept])
        place = np.cumsum(kept) - 1
    weights: list[Array] = []
    for n, (keys, own_logs) in enumerate(zip(levels, logs[1:], strict=True), 2):
        made = replace(
            e, levels=tuple(levels[: n - 1]), log_probs=tuple(logs[:n]),
            log_weights=(*weights, np.zeros(logs[n - 2].size)),
        )  # fmt: skip
        weights.append(merging.back_off(keys, own_logs, _lower(made, n), logs[n - 2].size))
    return replace(e, levels=tuple(levels), log_probs=tuple(logs), log_weights=tuple(weights))


def nll(estimate: Estimate, counts: NGramCounts) -> float:
    """Return the mean NLL of the text that was counted, nats per symbol."""
    numbers, source = numbers_in(estimate, counts), _whole(estimate)
    firsts = trie.first_symbols(counts.levels)
    total = 0.0
    for n in range(1, counts.order + 1):
        if n < counts.order and n == 1:
            continue  # the first symbols of sequences are bigrams with their start
        for part, rows in _rows(counts.levels, n, counts.counts[n - 1].size):
            seen = counts.counts[n - 1][part]
            if n < counts.order:
                seen = np.where(firsts[n - 2][part] == 0, seen, 0)
            logs = source.log_probs(numbers[rows], np.ones(len(rows), bool))
            total -= float((seen[seen > 0] * logs[seen > 0]).sum())
    return total / counts.total


def _lower(e: Estimate, n: int) -> Array:
    """Return log p of each n-gram's last symbol after its context without the first symbol."""
    source, size = _whole(e), e.levels[n - 2].size
    logs = np.empty(size)
    for part, rows in _rows(e.levels, n, size):
        logs[part] = source.log_probs(rows[:, 1:], np.ones(len(rows), bool))
    return logs


def _whole(e: Estimate) -> merging.Source:
    return merging.Source(e, np.arange(len(e.vocabulary)), 0)


def _rows(
    levels: tuple[trie.Keys, ...], n: int, size: int
) -> Iterator[tuple[slice, NDArray[np.int64]]]:
    """Yield n-grams written out, so many at a time, and where they stand."""
    for first in range(0, size, _ROWS):
        part = slice(first, min(first + _ROWS, size))
        if n == 1:
            yield part, np.arange(part.start, part.stop)[:, None]
        else:
            yield part, trie.spelled(levels, n, part.start, part.stop).astype(np.int64)
