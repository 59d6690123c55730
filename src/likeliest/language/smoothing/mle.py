"""No smoothing: the maximum likelihood estimate itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from likeliest.language.smoothing.base import Chunkwise

if TYPE_CHECKING:
    from likeliest.language.smoothing.base import Array, Formula
    from likeliest.language.smoothing.levels import Chunk, Levels


@dataclass(frozen=True)
class MLE(Chunkwise):
    """The maximum likelihood estimate: p(w | h) = c(h w) / c(h).

    A symbol never seen after a context that was seen has probability 0. A context that was never
    seen is answered by its longest end that was.

    Examples
    --------
    >>> import likeliest as lk
    >>> model = lk.language.fit(["ab", "aa"], order=2, smoothing="mle")
    >>> model.prob("b", after="a"), model.prob("b", after="b")
    (0.333..., 0.0)
    """

    name = "mle"
    memory = 16
    reserves = False
    prunes = False
    backs_off = False

    def _unigrams(self, levels: Levels) -> Array:
        return levels.counts[0] / levels.total

    def _formula(self, levels: Levels, n: int) -> Formula:
        return _shares


def _shares(chunk: Chunk) -> tuple[Array, Array]:
    """Return counts over the totals of their contexts; one that was seen leaves nothing."""
    total = chunk.over_contexts(chunk.counts)
    return chunk.counts / total[chunk.context], np.where(total > 0, 0.0, 1.0)
