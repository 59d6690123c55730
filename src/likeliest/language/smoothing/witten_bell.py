"""Witten–Bell smoothing: a context leaves as much to the unseen as new symbols came up in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from likeliest.language.smoothing.base import Interpolation

if TYPE_CHECKING:
    from likeliest.language.smoothing.base import Array, Formula
    from likeliest.language.smoothing.levels import Chunk, Levels


@dataclass(frozen=True)
class WittenBell(Interpolation):
    """Witten–Bell: p(w | h) = (c(h w) + T(h) p(w | h')) / (c(h) + T(h)).

    T(h) is the number of different symbols seen after h, and h' is h without its first symbol. The
    unigrams mix with the uniform distribution in the same way. It has no parameter to estimate and
    fits any text, however small or repetitive.

    Source: Witten & Bell (1991), method C; Chen & Goodman (1998), eq. (17).
    """

    name = "witten-bell"

    def _own(self, levels: Levels, n: int) -> Formula:
        return _own


def _own(chunk: Chunk) -> tuple[Array, Array]:
    kinds = chunk.over_contexts(chunk.counts > 0)
    both = chunk.over_contexts(chunk.counts) + kinds
    safe = np.where(both > 0, both, 1.0)
    return chunk.counts / safe[chunk.context], np.where(both > 0, kinds / safe, 1.0)
