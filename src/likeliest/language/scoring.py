"""Log probabilities of all symbols of a text at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from likeliest.engines import threads
from likeliest.language import trie
from likeliest.language.counting import chunks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from likeliest.language.smoothing.base import Array, Estimate
    from likeliest.language.text import Block
    from likeliest.language.tokenizers import Encoder, Ids

_CHUNK = 1 << 16
_STEP = 64  # unigrams looked at first, beside as many as are wanted


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """What a model says of the symbols of a text, in order.

    Parameters
    ----------
    ids : array of int
        0 ends a sequence; -1 is a symbol outside a closed vocabulary.
    log_probs : array
        Nats.
    orders : array of int
        The length of the n-gram that answered.
    """

    ids: Ids
    log_probs: Array
    orders: NDArray[np.int8]


def score_stream(
    estimate: Estimate,
    encoder: Encoder,
    text: Iterable[Block],
    *,
    bos: bool = True,
    eos: bool = True,
) -> Iterator[Scores]:
    """Yield the scores of the symbols of a text, piece by piece, on all cores.

    Parameters
    ----------
    estimate : Estimate
    encoder : Encoder
        One that does not learn: its order of work is not kept.
    text : iterable of Block
    bos, eos : bool
        Whether a sequence begins after `<s>`, and whether its end is scored.
    """
    order = len(estimate.log_probs)

    def work(chunk: Ids) -> Scores:
        scores = score(estimate, chunk, order - 1, bos=bos)
        if not eos:
            scores.log_probs[scores.ids == 0] = 0.0
        return scores

    return threads.each(work, chunks(threads.each(encoder, text), order, _CHUNK))


def score(estimate: Estimate, chunk: Ids, lead: int, *, bos: bool = True) -> Scores:
    """Return the scores of the symbols of a chunk after its lead.

    Level by level, every n-gram of the chunk is looked up in the trie, from the (n-1)-gram that
    ended one symbol earlier; what level n does not know keeps the answer of the level below, times
    the weight of its context.
    """
    unseen = chunk < 0
    logs = np.where(unseen, -np.inf, estimate.log_probs[0][chunk])
    orders = np.ones(chunk.size, dtype=np.int8)
    known = np.append(~unseen, False)  # nothing follows the last symbol
    at = np.flatnonzero(~unseen)  # where the n-grams end that the trie holds, and their numbers
    place = chunk[at].astype(np.int64)
    for n, lookup in enumerate(estimate.lookups, 2):
        # The end of a sequence is a context as the start of the next, but of one symbol only.
        goes_on = known[at + 1]
        if n > 2 or not bos:
            goes_on &= chunk[at] > 0
        after, context = at[goes_on] + 1, place[goes_on]
        found = lookup(context, chunk[after])
        hit = found >= 0
        if estimate.floors is not None:
            logs[after] = estimate.floors[n - 2][context]
        elif not hit.all():  # where all are held no weight is asked for
            logs[after[~hit]] += estimate.log_weights[n - 2][context[~hit]]
        at, place = after[hit], found[hit]
        logs[at] = estimate.log_probs[n - 1][place]
        orders[at] = n
    logs[unseen] = -np.inf
    return Scores(chunk[lead:], logs[lead:], orders[lead:])


def places_in(
    levels: tuple[trie.Keys, ...], others: tuple[trie.Keys, ...], size: int
) -> list[trie.Places]:
    """Return, for orders 1 and up, where each n-gram of one trie is in another; -1 if nowhere."""
    places = [np.arange(size)]
    for keys, other in zip(levels, others, strict=True):
        context = places[-1][trie.contexts(keys)]
        places.append(trie.find(other, trie.key(context, trie.symbols(keys))))
    return places


def following(estimate: Estimate, histories: NDArray[np.integer]) -> Array:
    """Return the log probability of every symbol after each history.

    Parameters
    ----------
    histories : array of int, of shape (histories, order - 1)
        The last symbols, the latest in the last column. 0 is the start of a sequence; -1 before it
        says that there is nothing to know.

    Returns
    -------
    array of shape (histories, symbols)
    """
    rows, longest = histories.shape
    logs = np.tile(estimate.log_probs[0], (rows, 1))
    for n in range(2, longest + 2):
        context = context_places(estimate, histories[:, longest - n + 1 :])
        known = np.flatnonzero(context >= 0)
        keys, at = estimate.levels[n - 2], context[known]
        if estimate.floors is not None:
            logs[known] = estimate.floors[n - 2][at][:, None]
        else:
            logs[known] += estimate.log_weights[n - 2][at][:, None]
        first, end = np.searchsorted(keys, np.stack([at, at + 1]) << trie.SHIFT)
        width = end - first
        entries = np.arange(width.sum()) + np.repeat(first - np.cumsum(width) + width, width)
        row = np.repeat(known, width)
        logs[row, trie.symbols(keys[entries])] = estimate.log_probs[n - 1][entries]
    return logs


def likeliest(
    estimate: Estimate, numbers: tuple[int, ...], top: int
) -> tuple[NDArray[np.int64], Array]:
    """Return the likeliest symbols after a history, and their log probabilities.

    A symbol has the probability that the longest context gives it. Those of the contexts are looked
    at, and of the unigrams no more than could be among the first.
    """
    unigrams = estimate.log_probs[0]
    seen = np.zeros(unigrams.size, dtype=bool)
    symbols: list[NDArray[np.int64]] = []
    logs: list[Array] = []
    rest = 0.0
    by_probability = estimate.by_probability
    for size in range(len(numbers), 0, -1):
        (place,) = context_places(estimate, np.array([numbers[-size:]]))
        if place < 0:
            continue
        keys = estimate.levels[size - 1]
        first, end = np.searchsorted(keys, np.array([place, place + 1]) << trie.SHIFT)
        own = trie.symbols(keys[first:end])
        new = ~seen[own]
        symbols.append(own[new])
        logs.append(estimate.log_probs[size][first:end][new] + rest)
        seen[own] = True
        if estimate.floors is not None:  # the same for all symbols that this context lacks
            unigrams = np.full(unigrams.size, estimate.floors[size - 1][place])
            by_probability = np.arange(unigrams.size)
            break
        rest += float(estimate.log_weights[size - 1][place])
    left = _first_unseen(by_probability, seen, top)
    found = np.concatenate([*symbols, left])
    values = np.concatenate([*logs, unigrams[left] + rest])
    order = np.lexsort((found, -values))[:top]
    return found[order], values[order]


def _first_unseen(
    by_probability: NDArray[np.int64], seen: NDArray[np.bool_], top: int
) -> NDArray[np.int64]:
    """Return the first symbols that were not seen, looking no further than need be."""
    step, at, parts = top + _STEP, 0, [by_probability[:0]]
    while top > 0 and at < by_probability.size:
        piece = by_probability[at : at + step]
        parts.append(piece[~seen[piece]][:top])
        top, at, step = top - parts[-1].size, at + step, 4 * step
    return np.concatenate(parts)


def context_places(estimate: Estimate, histories: NDArray[np.integer]) -> trie.Places:
    """Return the number of each whole history as an n-gram, -1 if it is none."""
    place = histories[:, 0].astype(np.int64)
    for column in range(1, histories.shape[1]):
        symbol = histories[:, column]
        known = np.flatnonzero((place >= 0) & (symbol > 0))
        found = estimate.lookups[column - 1](place[known], symbol[known])
        place = np.full(place.size, -1)
        place[known] = found
    return place
