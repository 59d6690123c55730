"""Katz back-off with Good–Turing discounts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from likeliest.language.options import whole
from likeliest.language.smoothing.absolute import estimated as absolute_discount
from likeliest.language.smoothing.base import Array, Chunkwise

if TYPE_CHECKING:
    from likeliest.language.smoothing.base import Formula
    from likeliest.language.smoothing.levels import Chunk, Levels

_NOTHING = 1e-12  # mass below which a context has nothing to give away


@dataclass(frozen=True)
class Katz(Chunkwise):
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
    most: int = 5

    def __post_init__(self) -> None:
        whole("most", self.most, 1)

    def _unigrams(self, levels: Levels) -> Array:
        return _unigrams(self._lowering(levels, 1)(levels.counts[0]), levels.counts[0])

    def _formula(self, levels: Levels, n: int) -> Formula:
        lowering = self._lowering(levels, n)

        def formula(chunk: Chunk) -> tuple[Array, Array]:
            return _backed_off(chunk, lowering(chunk.counts))

        return formula

    def _lowering(self, levels: Levels, n: int) -> Lowering:
        """Return the function from the counts of an order to the discounted ones."""
        of = levels.histogram(levels.counts[n - 1], self.most + 2)
        for most in range(self.most, 0, -1):
            ratios = good_turing(of, most)
            if ratios is not None:
                if most < self.most:
                    levels.notes.append(f"order {n}: counts above {most} are taken as they are.")
                table = np.concatenate([[0.0], ratios, [1.0]])
                return lambda count: count * table[np.minimum(count, table.size - 1)]
        amount, _ = absolute_discount(n, levels)
        levels.notes.append(
            f"order {n}: Good–Turing discounts cannot be computed; {amount:.3g} is taken off."
        )
        return lambda count: np.where(count > 0, count - amount, 0.0)


Lowering = Callable[[NDArray[np.int64]], Array]


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


def _backed_off(chunk: Chunk, lowered: Array) -> tuple[Array, Array]:
    """Return the probabilities of n-grams, and the weights of their contexts."""
    kept = np.ones(len(chunk), dtype=bool) if chunk.kept is None else chunk.kept
    lowered = np.where(kept, lowered, 0.0)
    total = chunk.over_contexts(chunk.counts)
    seen = chunk.over_contexts(kept) > 0
    taken = chunk.over_contexts(lowered)
    total = np.where((total - taken < _NOTHING * total) & (total > 0), total + 1.0, total)
    safe = np.where(total > 0, total, 1.0)
    free = np.where(seen, 1.0 - taken / safe, 1.0)
    left = np.where(seen, 1.0 - chunk.over_contexts(np.where(kept, chunk.lower, 0.0)), 1.0)
    # A context after which every symbol was seen has nobody to give to: its own are scaled to 1.
    full = left < _NOTHING
    scale = np.where(full & seen, 1.0 / np.where(full & seen, 1.0 - free, 1.0), 1.0)
    weight = np.where(full, 0.0, free / np.where(full, 1.0, left))
    return lowered / safe[chunk.context] * scale[chunk.context], weight
