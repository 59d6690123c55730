"""Where the arrays of an estimate lie: in memory, or in files that are mapped to it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import DTypeLike, NDArray


class Space(ABC):
    """Gives out the arrays that an estimate is made in."""

    copies: bool
    """Whether keys that stay as they were counted are written again."""

    @abstractmethod
    def rows(self, size: int) -> int:
        """Return how many of so many n-grams to work on at once, on each core."""

    @abstractmethod
    def part(self, name: str, size: int, dtype: DTypeLike = np.float64) -> NDArray[Any]:
        """Return an array, not filled, that the model will keep under this name."""

    @abstractmethod
    def scratch(self, size: int, dtype: DTypeLike = np.float64) -> NDArray[Any]:
        """Return an array of zeros that is gone with the last reference to it."""

    @abstractmethod
    def take(self, values: NDArray[Any], places: NDArray[np.integer]) -> NDArray[Any]:
        """Return the values at these places."""

    @abstractmethod
    def tally(self, counts: NDArray[Any], places: NDArray[np.integer]) -> None:
        """Add 1 to the counts at each of these places."""

    @abstractmethod
    def release(self, arrays: Iterable[NDArray[Any]]) -> None:
        """Give back the memory that mapped arrays hold by having been looked at."""


_PARTS = 4
_FEWEST = 1 << 16  # below this a thread costs more than it saves
_MOST = 1 << 18  # look-ups go in order through as many; their temporaries are 30 MB


class Memory(Space):
    """Arrays in memory."""

    copies = False

    def rows(self, size: int) -> int:
        """Return how many of so many n-grams to work on at once: a part for each of a few cores."""
        return min(max(size // _PARTS + 1, _FEWEST), _MOST)

    def part(self, name: str, size: int, dtype: DTypeLike = np.float64) -> NDArray[Any]:
        """Return an array, not filled."""
        return np.empty(size, dtype)

    def scratch(self, size: int, dtype: DTypeLike = np.float64) -> NDArray[Any]:
        """Return an array of zeros."""
        return np.zeros(size, dtype)

    def take(self, values: NDArray[Any], places: NDArray[np.integer]) -> NDArray[Any]:
        """Return the values at these places."""
        taken: NDArray[Any] = values[places]
        return taken

    def tally(self, counts: NDArray[Any], places: NDArray[np.integer]) -> None:
        """Add 1 to the counts at each of these places."""
        np.add.at(counts, places, counts.dtype.type(1))

    def release(self, arrays: Iterable[NDArray[Any]]) -> None:
        """Leave the pages to the system, which has memory enough."""
