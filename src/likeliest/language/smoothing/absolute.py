"""Absolute discounting: one amount is taken from each count and given to the shorter context."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import ParameterError
from likeliest.language.smoothing.base import (
    Array,
    Estimate,
    Levels,
    Smoothing,
    discounted,
    interpolate,
)

if TYPE_CHECKING:
    from likeliest.language.counts import NGramCounts

FALLBACK = 0.5


@dataclass(frozen=True)
class Absolute(Smoothing):
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

    def estimate(self, counts: NGramCounts, prune: Sequence[int] = ()) -> Estimate:
        """Return the interpolated probabilities."""
        levels, own, shares, notes = Levels(counts), [], [], []
        for n, count in enumerate(counts.counts, 1):
            amount, note = (self.discount, "") if self.discount else estimated(n, count)
            notes.extend([note] if note else [])
            part, share = discounted(levels, n, *_lowered(count, amount))
            own.append(part)
            shares.append(share)
        return interpolate(levels, own, shares, counts.vocabulary, prune, notes)


def estimated(n: int, count: np.ndarray) -> tuple[float, str]:
    """Return the discount of an order, and a note where it cannot be computed."""
    once, twice = np.count_nonzero(count == 1), np.count_nonzero(count == 2)
    if once and twice:
        return once / (once + 2.0 * twice), ""
    missing = "once" if not once else "twice"
    return FALLBACK, f"order {n}: no n-gram occurs {missing}; the discount is {FALLBACK}."


def _lowered(count: np.ndarray, amount: float) -> tuple[Array, Array]:
    return count.astype(np.float64), np.where(count > 0, amount, 0.0)
