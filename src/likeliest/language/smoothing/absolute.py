"""Absolute discounting: one amount is taken from each count and given to the shorter context."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import ParameterError
from likeliest.language.smoothing.base import Interpolation, discounted

if TYPE_CHECKING:
    from likeliest.language.smoothing.base import Array, Formula
    from likeliest.language.smoothing.levels import Chunk, Levels

FALLBACK = 0.5


@dataclass(frozen=True)
class Absolute(Interpolation):
    """Absolute discounting: p(w | h) = (c(h w) - D) / c(h) + D T(h) / c(h) p(w | h').

    D = n₁ / (n₁ + 2 n₂) at each order, with n₁ and n₂ n-grams counted once and twice; 0.5 where
    there are none of either.

    Parameters
    ----------
    discount : float, optional
        0 < D < 1, for all orders.

    Source: Ney, Essen & Kneser (1994); Chen & Goodman (1998), eq. (18) and (19).
    """

    name = "absolute"
    discount: float | None = None

    def __post_init__(self) -> None:
        if self.discount is not None and not 0.0 < self.discount < 1.0:
            raise ParameterError(f"discount must be between 0 and 1; got {self.discount}.")

    def _own(self, levels: Levels, n: int) -> Formula:
        amount, note = (self.discount, "") if self.discount else estimated(n, levels)
        levels.notes.extend([note] if note else [])

        def own(chunk: Chunk) -> tuple[Array, Array]:
            return discounted(chunk, chunk.counts, np.where(chunk.counts > 0, amount, 0.0))

        return own


def estimated(n: int, levels: Levels) -> tuple[float, str]:
    """Return the discount of an order, and a note where it cannot be computed."""
    _, once, twice, *_ = levels.histogram(levels.counts[n - 1], 3)
    if once and twice:
        return once / (once + 2.0 * twice), ""
    missing = "once" if not once else "twice"
    return FALLBACK, f"order {n}: no n-gram occurs {missing}; the discount is {FALLBACK}."
