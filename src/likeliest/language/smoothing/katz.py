"""Katz back-off with Good–Turing discounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import ParameterError
from likeliest.language import trie
from likeliest.language.smoothing.absolute import estimated as absolute_discount
from likeliest.language.smoothing.base import Array, Estimate, Levels, Smoothing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from likeliest.language.counts import NGramCounts

_NOTHING = 1e-12  # mass below which a context has nothing to give away


@dataclass(frozen=True)
class Katz(Smoothing):
    """Katz back-off: low counts are lowered as Good and Turing have it.

    What that frees goes to the symbols never seen after the context, in proportion to the shorter
    context.

        p(w | h) = d_r r / c(h)          if h w was seen r times, with d_r = 1 for r > most
        p(w | h) = α(h) p(w | h')        otherwise
        d_r = (r*/r - x) / (1 - x),  r* = (r + 1) n_{r+1} / n_r,  x = (most + 1) n_{most+1} / n₁

    Where a d_r lies outside (0, 1], `most` is lowered for that order; where none will do, the order
    takes absolute discounting; a note says so. A context all of whose counts stay as they are has
    nothing to give: one more is added to its total.

    Parameters
    ----------
    most : int, ≥ 1
        Counts above it are taken as they are.

    Source: Katz (1987); Chen & Goodman (1998), section 2.4.
    """

    name = "katz"
    memory = 75
    most: int = 5

    def __post_init__(self) -> None:
        if self.most < 1:
            raise ParameterError(f"most must be 1 or more; got {self.most}.")

    def estimate(self, counts: NGramCounts, prune: Sequence[int] = ()) -> Estimate:
        """Return the back-off probabilities."""
        levels, notes = Levels(counts), list[str]()
        lowered, note = self._lowered(1, counts.counts[0])
        notes.extend([note] if note else [])
        probs = [_unigrams(lowered, counts.counts[0])]
        logs, weights, keys = [_log(probs[0])], [], []
        place = np.arange(probs[0].size)
        for n in range(2, counts.order + 1):
            lowered, note = self._lowered(n, counts.counts[n - 1])
            notes.extend([note] if note else [])
            kept = levels.kept(n, prune)
            prob, weight = _level(levels, n, np.where(kept, lowered, 0.0), kept, probs[-1])
            probs.append(prob)
            weights.append(_log(weight[place >= 0]))
            symbols = trie.symbols(counts.levels[n - 2])[kept]
            keys.append(trie.key(place[levels.contexts[n - 2]][kept], symbols))
            logs.append(_log(prob[kept]))
            place = np.where(kept, np.cumsum(kept) - 1, -1)
        return Estimate(
            counts.vocabulary, tuple(keys), tuple(logs), tuple(weights), None, tuple(notes)
        )

    def _lowered(self, n: int, count: NDArray[np.int64]) -> tuple[Array, str]:
        """Return the discounted counts of an order, and what to note."""
        of = np.bincount(np.minimum(count, self.most + 2), minlength=self.most + 3)
        for most in range(self.most, 0, -1):
            ratios = good_turing(of, most)
            if ratios is not None:
                table = np.concatenate([[0.0], ratios, [1.0]])
                note = f"order {n}: counts above {most} are taken as they are." * (most < self.most)
                return count * table[np.minimum(count, most + 1)], note
        amount, _ = absolute_discount(n, count)
        note = f"order {n}: Good–Turing discounts cannot be computed; {amount:.3g} is taken off."
        return np.where(count > 0, count - amount, 0.0), note


def good_turing(of: NDArray[np.integer], most: int) -> Array | None:
    """Return the discounts of counts 1 to `most`, or None where they are of no use.

    Parameters
    ----------
    of : array of int
        How many n-grams occur 0, 1, 2, ... times, up to `most` + 1 at least.

    Examples
    --------
    >>> good_turing(np.array([0, 40, 10, 4, 2]), 2).round(4).tolist()
    [0.2857, 0.4286]
    """
    r = np.arange(1, most + 1)
    if not of[r].all():
        return None
    extra = (most + 1) * of[most + 1] / of[1]
    if extra >= 1.0:
        return None
    ratios = ((r + 1) * of[r + 1] / (of[r] * r) - extra) / (1.0 - extra)
    return np.asarray(ratios) if np.all((ratios > 0.0) & (ratios <= 1.0)) else None


def _unigrams(lowered: Array, count: NDArray[np.int64]) -> Array:
    """Share what the discounts free among the symbols never seen; without any, scale to 1."""
    unseen = count == 0
    prob = lowered / count.sum()
    if unseen.any():
        if 1.0 - prob.sum() < _NOTHING:
            prob = lowered / (count.sum() + 1.0)
        prob[unseen] = (1.0 - prob.sum()) / np.count_nonzero(unseen)
        return prob
    return np.asarray(prob / prob.sum())


def _level(
    levels: Levels, n: int, lowered: Array, kept: NDArray[np.bool_], lower: Array
) -> tuple[Array, Array]:
    """Return the probabilities of order n, and the weight of each context."""
    context, suffix = levels.contexts[n - 2], levels.suffixes[n - 2]
    total = levels.over_contexts(n, levels.counts.counts[n - 1])
    seen = levels.over_contexts(n, kept.astype(np.float64)) > 0
    taken = levels.over_contexts(n, lowered)
    total = np.where((total - taken < _NOTHING * total) & (total > 0), total + 1.0, total)
    safe = np.where(total > 0, total, 1.0)
    free = np.where(seen, 1.0 - taken / safe, 1.0)
    left = np.where(seen, 1.0 - levels.over_contexts(n, np.where(kept, lower[suffix], 0.0)), 1.0)
    # A context after which every symbol was seen has nobody to give to: its own are scaled to 1.
    full = left < _NOTHING
    scale = np.where(full & seen, 1.0 / np.where(full & seen, 1.0 - free, 1.0), 1.0)
    weight = np.where(full, 0.0, free / np.where(full, 1.0, left))
    return lowered / safe[context] * scale[context], weight


def _log(values: Array) -> Array:
    with np.errstate(divide="ignore"):
        return np.log(values)
