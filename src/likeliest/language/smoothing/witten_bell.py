"""Witten–Bell smoothing: a context leaves as much to the unseen as new symbols came up in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from likeliest.language.smoothing.base import Estimate, Levels, Smoothing, interpolate

if TYPE_CHECKING:
    from likeliest.language.counts import NGramCounts


@dataclass(frozen=True)
class WittenBell(Smoothing):
    """Witten–Bell: p(w | h) = (c(h w) + T(h) p(w | h')) / (c(h) + T(h)).

    T(h) is the number of different symbols seen after h, and h' is h without its first symbol. The
    unigrams mix with the uniform distribution in the same way. It has no parameter to estimate and
    fits any text, however small or repetitive.

    Source: Witten & Bell (1991), method C; Chen & Goodman (1998), eq. (17).
    """

    name = "witten-bell"

    def estimate(self, counts: NGramCounts, prune: Sequence[int] = ()) -> Estimate:
        """Return the interpolated probabilities."""
        levels = Levels(counts)
        first = counts.counts[0]
        total, types = float(first.sum()), np.count_nonzero(first)
        own, shares = [first / (total + types)], [np.array([types / (total + types)])]
        for n in range(2, counts.order + 1):
            count = counts.counts[n - 1].astype(np.float64)
            kinds = levels.over_contexts(n, (count > 0).astype(np.float64))
            both = levels.over_contexts(n, count) + kinds
            safe = np.where(both > 0, both, 1.0)
            own.append(count / safe[levels.contexts[n - 2]])
            shares.append(np.where(both > 0, kinds / safe, 1.0))
        return interpolate(levels, own, shares, counts.vocabulary, prune)
