"""Add-k smoothing: as if every n-gram had been seen k times more (Lidstone; Laplace with k = 1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import ParameterError
from likeliest.language.smoothing.base import Array, Estimate, Levels, Smoothing

if TYPE_CHECKING:
    from likeliest.language.counts import NGramCounts


@dataclass(frozen=True)
class AddK(Smoothing):
    """Add-k: p(w | h) = (c(h w) + k) / (c(h) + k V), with V symbols that may follow.

    A context that was never seen is answered by its longest end that was.

    Parameters
    ----------
    k : float, > 0
        1 is Laplace's rule of succession.

    Examples
    --------
    >>> import likeliest as lk
    >>> lk.language.fit(["ab", "aa"], order=2, smoothing="add-k").prob("b", after="a")
    0.333...
    """

    name = "add-k"
    memory = 30
    reserves = False
    prunes = False
    k: float = 1.0

    def __post_init__(self) -> None:
        if not (self.k > 0 and np.isfinite(self.k)):
            raise ParameterError(f"add-k needs k > 0; got {self.k}. For k = 0 choose mle.")

    def estimate(self, counts: NGramCounts, prune: Sequence[int] = ()) -> Estimate:
        """Return the raised counts over their totals, and a floor for each context."""
        levels = Levels(counts)
        extra = self.k * len(counts.vocabulary)
        logs = [np.log((counts.counts[0] + self.k) / (counts.total + extra))]
        floors: list[Array] = []
        for n in range(2, counts.order + 1):
            total = levels.over_contexts(n, counts.counts[n - 1]) + extra
            logs.append(np.log((counts.counts[n - 1] + self.k) / total[levels.contexts[n - 2]]))
            floors.append(np.log(self.k / total))
        weights = tuple(np.zeros(f.size) for f in floors)
        return Estimate(counts.vocabulary, counts.levels, tuple(logs), weights, tuple(floors))
