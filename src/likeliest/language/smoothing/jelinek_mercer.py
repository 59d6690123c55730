"""Jelinek–Mercer smoothing: a mixture of the orders, with weights by EM on held-out text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import ParameterError
from likeliest.language.models import trie
from likeliest.language.smoothing.base import Estimate, Interpolation, Smoothing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from likeliest.language.counting.counts import NGramCounts
    from likeliest.language.smoothing.base import Array, Formula
    from likeliest.language.smoothing.levels import Chunk, Levels

Events = tuple["Array", "Array", "NDArray[np.int8]"]
"""How often each kind of held-out symbol occurs, its p of each order, its bucket of each order."""

_BUCKETS = 40  # contexts whose totals have as many binary digits share a weight
_STEPS = 100
_ENOUGH = 1e-6  # of a weight's change: a tenth of the last digit shown


@dataclass(frozen=True)
class JelinekMercer(Smoothing):
    """Jelinek–Mercer: p(w | h) = λ c(h w) / c(h) + (1 - λ) p(w | h').

    λ depends on the order and on how often the context was seen: contexts whose totals have as
    many binary digits share one. By default the weights are those likeliest for held-out text,
    found by expectation maximisation. Without a held-out text each symbol of the training text is
    held out in turn: its n-grams are counted once less at every order (leaving one out), which
    needs the counts and nothing else. No weight found so is 1: symbols never seen keep a place.

    Parameters
    ----------
    weights : sequence of float, optional
        λ for orders 1 and up, each from 0 to 1; then nothing is estimated, and a weight of 1 leaves
        nothing to shorter contexts.
    heldout : NGramCounts, optional
        Counts of a text apart, with the vocabulary and order of the training text.

    Source: Jelinek & Mercer (1980); Ney, Essen & Kneser (1994) for leaving one out.
    """

    name = "jelinek-mercer"
    memory = 90
    pads = True
    weights: Sequence[float] | None = None
    heldout: NGramCounts | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.weights is not None and not all(0.0 <= w <= 1.0 for w in self.weights):
            raise ParameterError(f"weights must be from 0 to 1; got {self.weights}.")

    @property
    def chunked(self) -> bool:
        """Whether the estimate can be made chunk by chunk: not by leaving each symbol out."""
        return self.weights is not None or self.heldout is not None

    def _estimate(self, levels: Levels) -> Estimate:
        """Return the interpolated probabilities."""
        table, notes = self._table(levels)
        mixed = _Mixture(table)._estimate(levels)  # noqa: SLF001 - of the same kind
        return replace(mixed, notes=(*notes, *mixed.notes))

    def _table(self, levels: Levels) -> tuple[Array, tuple[str, ...]]:
        """Return the weights of each order, by bucket, and what to note of them."""
        if self.weights is not None:
            if len(self.weights) != levels.order:
                raise ParameterError(f"order {levels.order} needs as many weights.")
            return np.repeat(np.asarray(self.weights, float)[:, None], _BUCKETS, axis=1), ()
        totals = [_totals(levels, n) for n in range(1, levels.order + 1)]
        table = expectation_maximisation(*self._events(levels, totals))
        return table, (_told(table, totals, apart=self.heldout is not None),)

    def _events(self, levels: Levels, totals: list[Array]) -> Events:
        """Return what the weights are found on."""
        if self.heldout is None:
            return left_out(levels, totals)
        return held_out(self.heldout, levels, totals)


@dataclass(frozen=True)
class _Mixture(Interpolation):
    """The mixture of the orders with a weight for each order and bucket."""

    name = "jelinek-mercer"
    table: Array

    def _own(self, levels: Levels, n: int) -> Formula:
        def own(chunk: Chunk) -> tuple[Array, Array]:
            total = chunk.over_contexts(chunk.counts)
            weight = np.where(total > 0, self.table[n - 1][_bucket(total)], 0.0)
            safe = np.where(total > 0, total, 1.0)
            part = weight[chunk.context] * chunk.counts / safe[chunk.context]
            return part, 1.0 - weight

        return own


def _totals(levels: Levels, n: int) -> Array:
    """Return the sum of the counts of order n for each context."""
    if n == 1:
        return np.array([levels.total])
    totals = levels.space.scratch(levels.counts[n - 2].size)

    def work(chunk: Chunk) -> int:
        chunk.of_contexts(totals)[:] = chunk.over_contexts(chunk.counts)
        return 0

    levels.over(n, work)
    return totals


def left_out(levels: Levels, totals: list[Array]) -> Events:
    """Return the events of leaving each symbol out in turn, by its longest n-gram.

    Returns
    -------
    array of shape (events,), how often each occurs; array of shape (orders + 1, events), the
    probability of each order, the uniform one first; and array of int of shape (orders, events),
    the bucket of each order's context, -1 where there is none.
    """
    suffixes = trie.suffixes(tuple(levels.keys))
    parts = []
    for n in range(levels.order, 0, -1):
        count = levels.counts[n - 1]
        # A shorter n-gram ends an event of its own only where no longer one does: at the start.
        longest = count.copy()
        if n < levels.order:
            ends = np.bincount(suffixes[n - 1], levels.counts[n], minlength=count.size)
            longest = count - ends.astype(np.int64)
        rows = np.flatnonzero(longest > 0)
        followed = _followed(levels, suffixes, totals, n, rows)
        parts.append((longest[rows].astype(np.float64), *followed))
    return _joined(parts)


def _followed(
    levels: Levels,
    suffixes: list[trie.Places],
    totals: list[Array],
    n: int,
    rows: NDArray[np.int64],
) -> tuple[Array, NDArray[np.int8]]:
    """Return the events of n-grams: their counts at each order, down the suffixes, less one."""
    probs = np.zeros((levels.order + 1, rows.size))
    buckets = np.full((levels.order, rows.size), -1, dtype=np.int8)
    probs[0] = levels.uniform
    at = rows
    for m in range(n, 0, -1):
        context = np.zeros(at.size, np.int64) if m == 1 else trie.contexts(levels.keys[m - 2][at])
        total = totals[m - 1][context] - 1
        probs[m] = (levels.counts[m - 1][at] - 1) / np.maximum(total, 1)
        buckets[m - 1] = np.where(total > 0, _bucket(total), -1)
        if m > 1:
            at = suffixes[m - 2][at]
    return probs, buckets


def held_out(text: NGramCounts, levels: Levels, totals: list[Array]) -> Events:
    """Return the events of a held-out text; shapes as in `left_out`."""
    from likeliest.language.models.scoring import places_in

    suffixes = trie.suffixes(text.levels)
    found = places_in(text.levels, tuple(levels.keys), text.counts[0].size)
    parts = []
    for n in range(text.order, 0, -1):
        longest = text.counts[n - 1].copy()
        if n < text.order:
            ends = np.bincount(suffixes[n - 1], text.counts[n], minlength=longest.size)
            longest -= ends.astype(np.int64)
        rows = np.flatnonzero(longest > 0)
        probs = np.zeros((levels.order + 1, rows.size))
        buckets = np.full((levels.order, rows.size), -1, dtype=np.int8)
        probs[0] = levels.uniform
        at = rows
        for m in range(n, 0, -1):
            if m == 1:
                context = np.zeros(at.size, np.int64)
            else:
                context = found[m - 2][trie.contexts(text.levels[m - 2][at])]
            total = np.where(context >= 0, totals[m - 1][context], 0.0)
            place = found[m - 1][at]
            count = np.where(place >= 0, levels.counts[m - 1][place], 0)
            probs[m] = count / np.maximum(total, 1)
            buckets[m - 1] = np.where(total > 0, _bucket(total), -1)
            if m > 1:
                at = suffixes[m - 2][at]
        parts.append((longest[rows].astype(np.float64), probs, buckets))
    return _joined(parts)


def expectation_maximisation(times: Array, probs: Array, buckets: NDArray[np.integer]) -> Array:
    """Return the weights, of shape (orders, buckets), that make the events likeliest.

    Where all n events of a bucket are best left to its own order a weight would be 1, and nothing
    would be left for what is not seen yet: it stays at 1 - 1/(n + 2), by Laplace's rule.
    """
    orders = buckets.shape[0]
    table = np.full((orders, _BUCKETS), 0.5)
    for _ in range(_STEPS):
        mixed, weights = [probs[0]], []
        for n in range(orders):
            weight = np.where(buckets[n] >= 0, table[n][buckets[n]], 0.0)
            weights.append(weight)
            mixed.append(weight * probs[n + 1] + (1.0 - weight) * mixed[-1])
        arrive, new = times, table.copy()
        for n in range(orders - 1, -1, -1):
            # Of the events that come down to this order, the part that it explains itself.
            share = np.divide(
                weights[n] * probs[n + 1], mixed[n + 1],
                out=np.zeros_like(arrive), where=mixed[n + 1] > 0,
            )  # fmt: skip
            known = buckets[n] >= 0
            came = np.bincount(buckets[n][known], arrive[known], minlength=_BUCKETS)
            stayed = np.bincount(buckets[n][known], (arrive * share)[known], minlength=_BUCKETS)
            most = 1.0 - 1.0 / (came + 2.0)
            new[n] = np.divide(stayed, came, out=table[n].copy(), where=came > 0)
            np.minimum(new[n], most, out=new[n], where=came > 0)
            arrive = arrive * (1.0 - share)
        change, table = np.abs(new - table).max(), new
        if change < _ENOUGH:
            break
    return table


def _joined(
    parts: list[Events],
) -> Events:
    times, probs, buckets = zip(*parts, strict=True)
    return (
        np.concatenate(times),
        np.concatenate(probs, axis=1),
        np.concatenate(buckets, axis=1),
    )


def _bucket(total: Array) -> NDArray[np.int64]:
    return np.frexp(np.asarray(total, dtype=np.float64))[1].astype(np.int64).clip(0, _BUCKETS - 1)


def _told(table: Array, totals: list[Array], *, apart: bool) -> str:
    means = []
    seen = [total for total in totals if total.any()]  # an order beyond any sequence has none
    for n, total in enumerate(seen, 1):
        weight = table[n - 1][_bucket(total)]
        means.append(f"{np.average(weight, weights=total):.3g}")
    how = "on the held-out text" if apart else "leaving one symbol out at a time"
    return f"weights of orders 1 to {len(seen)}, by EM {how}: {', '.join(means)} on average."
