"""The symbols of a model, numbered; number 0 is the boundary of a sequence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BOUNDARY = "."
"""How the start `<s>` (context only) and the end `</s>` (outcome only) are shown."""

START, END, UNKNOWN = "<s>", "</s>", "<unk>"


@dataclass(frozen=True)
class Vocabulary:
    """Symbols and their numbers.

    The boundary is number 0: as a context it is the start of a sequence, as an outcome its end.

    Parameters
    ----------
    symbols : tuple of str
        All of them, the boundary first.
    unknown : int, optional
        The number that stands for every symbol that is not here. Without one the vocabulary is
        closed: a symbol that is not here has probability 0.

    Examples
    --------
    >>> v = Vocabulary(("</s>", "a", "b", "<unk>"), unknown=3)
    >>> len(v), v.index["b"], v.shown(0)
    (4, 2, '.')
    """

    symbols: tuple[str, ...]
    unknown: int | None = None

    def __len__(self) -> int:
        return len(self.symbols)

    @cached_property
    def index(self) -> dict[str, int]:
        """The number of each symbol but the boundary."""
        return {symbol: i for i, symbol in enumerate(self.symbols) if i}

    @cached_property
    def boundary(self) -> str:
        """How the boundary is shown: as a point, or as `</s>` where the point is a symbol."""
        return END if BOUNDARY in self.index else BOUNDARY

    def shown(self, number: int) -> str:
        """Return a symbol as it is shown."""
        return self.symbols[number] if number else self.boundary

    def with_unknown(self) -> Vocabulary:
        """Return the vocabulary with a place for unknown symbols, the last if there was none."""
        if self.unknown is not None:
            return self
        return Vocabulary((*self.symbols, UNKNOWN), unknown=len(self.symbols))


def pack(strings: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Return strings as their ends and one run of UTF-8 bytes, to be kept in a file."""
    encoded = [string.encode("utf-8", "surrogatepass") for string in strings]
    ends = np.cumsum([len(e) for e in encoded], dtype=np.int64)
    return ends, np.frombuffer(b"".join(encoded), dtype=np.uint8)


def unpack(ends: NDArray[np.int64], content: NDArray[np.uint8]) -> tuple[str, ...]:
    """Return the strings that `pack` packed.

    Examples
    --------
    >>> unpack(*pack(["a", "", "né"]))
    ('a', '', 'né')
    """
    whole = content.tobytes()
    starts = [0, *ends[:-1].tolist()]
    return tuple(
        whole[a:b].decode("utf-8", "surrogatepass")
        for a, b in zip(starts, ends.tolist(), strict=True)
    )
