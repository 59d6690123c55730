"""Interpolated modified Kneser–Ney smoothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import ParameterError
from likeliest.language.smoothing.base import Interpolation, discounted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from likeliest.language.smoothing.base import Array, Formula
    from likeliest.language.smoothing.levels import Chunk, Levels

FALLBACK = (0.5, 1.0, 1.5)
"""Discounts of lmplz's `--discount_fallback`, where those of the text cannot be computed."""


@dataclass(frozen=True)
class KneserNey(Interpolation):
    """Interpolated modified Kneser–Ney.

    Below the highest order an n-gram counts not how often it occurs but after how many different
    symbols (n-grams at the start of a sequence, which follow nothing, keep their counts). From
    counts of 1, 2 and 3 or more the discounts D₁, D₂, D₃ are taken and given to the shorter
    context:

        Y = n₁ / (n₁ + 2 n₂),  D_k = k - (k + 1) Y n_{k+1} / n_k

    with n_k n-grams of adjusted count k. Where one cannot be computed, or lies outside [0, k], the
    whole order takes 0.5, 1, 1.5, and a note says so: so does any set of characters at order 1.

    Parameters
    ----------
    discounts : sequence of tuples of three floats, optional
        For each order, instead of those of the text; the last serves all longer ones.

    Source: Chen & Goodman (1998), eq. (26); Heafield et al. (2013) for the conventions.
    """

    name = "kneser-ney"
    discounts: Sequence[tuple[float, float, float]] = ()

    def __post_init__(self) -> None:
        given: Sequence[object] = self.discounts
        for three in given:
            if not _are_discounts(three):
                raise ParameterError(
                    f"discounts are three for an order, of counts 1, 2 and 3, each from 0 to its "
                    f"count; got {three}."
                )

    def _own(self, levels: Levels, n: int) -> Formula:
        counts = adjusted(levels, n)
        table, note = self._discounts(n, levels.histogram(counts, 5))
        levels.notes.extend([note] if note else [])
        amounts = np.array([0.0, *table])

        def own(chunk: Chunk) -> tuple[Array, Array]:
            count = chunk.of(counts)
            return discounted(chunk, count, amounts[np.minimum(count, 3)])

        return own

    def _discounts(self, n: int, of: NDArray[np.int64]) -> tuple[tuple[float, float, float], str]:
        if self.discounts:
            return self.discounts[min(n, len(self.discounts)) - 1], ""
        return estimated(n, of)


def _are_discounts(three: object) -> bool:
    if not isinstance(three, Sequence) or len(three) != 3:
        return False
    return all(isinstance(d, int | float) and 0 <= d <= k for k, d in enumerate(three, 1))


def adjusted(levels: Levels, n: int) -> NDArray[np.integer]:
    """Return the adjusted counts of an order: left contexts, or counts at the highest order."""
    counts = levels.counts[n - 1]
    if n == levels.order:
        return counts
    kind = np.int32 if levels.total < 1 << 31 else np.int64
    before: NDArray[np.integer] = levels.space.scratch(counts.size, kind)
    for ends in levels.stretches(levels.suffixes[n + 1]):
        levels.space.tally(before, ends)
    if n > 1:  # what begins a sequence follows nothing
        starts = levels.starts(n)
        before[:starts] = counts[:starts]
    return before


def estimated(n: int, of: NDArray[np.int64]) -> tuple[tuple[float, float, float], str]:
    """Return the discounts of an order, and a note where the fallback is taken.

    Parameters
    ----------
    n : int
    of : array of int
        How many n-grams have adjusted count 0, 1, 2, 3, 4, and more.
    """
    missing = next((k for k in (1, 2, 3) if of[k] == 0), None)
    fallback = f"; its discounts are the fallback {', '.join(f'{d:g}' for d in FALLBACK)}."
    if missing is not None:
        return FALLBACK, f"order {n}: no n-gram has adjusted count {missing}{fallback}"
    y = of[1] / (of[1] + 2.0 * of[2])
    d1, d2, d3 = (k - (k + 1) * y * of[k + 1] / of[k] for k in (1, 2, 3))
    for k, d in enumerate((d1, d2, d3), 1):
        if not 0.0 <= d <= k:
            return FALLBACK, f"order {n}: the discount of count {k} is {d:.3g}{fallback}"
    return (float(d1), float(d2), float(d3)), ""
