"""Add-k smoothing: as if every n-gram had been seen k times more (Lidstone; Laplace with k = 1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import ParameterError
from likeliest.language.smoothing.base import Chunkwise

if TYPE_CHECKING:
    from likeliest.language.smoothing.base import Array, Formula
    from likeliest.language.smoothing.levels import Chunk, Levels


@dataclass(frozen=True)
class AddK(Chunkwise):
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
    reserves = False
    prunes = False
    backs_off = False
    floors = True
    k: float = 1.0

    def __post_init__(self) -> None:
        if not (self.k > 0 and np.isfinite(self.k)):
            raise ParameterError(f"add-k needs k > 0; got {self.k}. For k = 0 choose mle.")

    def _unigrams(self, levels: Levels) -> Array:
        raised = levels.counts[0] + float(self.k)
        return np.asarray(raised / (levels.total + self._extra(levels)))

    def _formula(self, levels: Levels, n: int) -> Formula:
        extra = self._extra(levels)

        def formula(chunk: Chunk) -> tuple[Array, Array]:
            total = chunk.over_contexts(chunk.counts) + extra
            return (chunk.counts + self.k) / total[chunk.context], self.k / total

        return formula

    def _extra(self, levels: Levels) -> float:
        return self.k * len(levels.vocabulary)
