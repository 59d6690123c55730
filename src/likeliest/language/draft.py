"""A model made in its own file: for estimates that memory does not hold.

The arrays come to lie in the file one after another as they are asked for, mapped to be written.
The header, in front of them, is written last, when checksums and notes are known: its place is kept
free, and what is left of it filled with spaces. The file then is opened as any model is.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from weakref import WeakSet

import numpy as np

from likeliest.engines.mapped import forget, mapped, mapping, release
from likeliest.files import Temporary
from likeliest.language import storage, trie
from likeliest.language.space import Space

if TYPE_CHECKING:
    import mmap

    from numpy.typing import DTypeLike, NDArray

    from likeliest.language.counts import NGramCounts
    from likeliest.language.model import NGramModel
    from likeliest.language.smoothing.base import Estimate
    from likeliest.language.tokenizers import Tokenizer

_ROOM = 1 << 16
"""Bytes of the header for the entries of arrays and for notes, far more than they take."""


class Draft(Space):
    """The file of a model in the making, in the temporary folder.

    As a context manager it removes the file where the model was not finished.

    Parameters
    ----------
    counts : NGramCounts
        What the model is made from.
    tokenizer : Tokenizer
    smoothing : str
    rows : int
        N-grams to work on at once, on each core.
    """

    copies = True

    def __init__(
        self, counts: NGramCounts, tokenizer: Tokenizer, smoothing: str, rows: int
    ) -> None:
        self.counts, self._rows = counts, rows
        self._record = storage.described(counts.order, smoothing, tokenizer)
        handle, name = tempfile.mkstemp(prefix="likeliest-", suffix=".lm")
        self._temporary = Temporary(Path(name))
        self._file = os.fdopen(handle, "r+b")
        header = storage.header(self._record, counts.vocabulary, [], 0)
        self._first = storage.aligned(len(header) + _ROOM)
        self._size = 0
        self._offsets: dict[str, int] = {}
        self._arrays: dict[str, NDArray[Any]] = {}
        self._mappings: WeakSet[mmap.mmap] = WeakSet()

    def rows(self, size: int) -> int:
        """Return how many n-grams to work on at once, whatever there is."""
        return self._rows

    def part(self, name: str, size: int, dtype: DTypeLike = np.float64) -> NDArray[Any]:
        """Return an array of zeros in the model's file."""
        array = self._mapped(self._file, self._first + self._size, size, dtype)
        self._arrays[name], self._offsets[name] = array, self._size
        self._size += storage.aligned(array.nbytes)
        return array

    def scratch(self, size: int, dtype: DTypeLike = np.float64) -> NDArray[Any]:
        """Return an array of zeros in a file of its own, which has no name."""
        with tempfile.TemporaryFile() as file:
            return self._mapped(file, 0, size, dtype)

    def _mapped(self, file: Any, offset: int, size: int, dtype: DTypeLike) -> NDArray[Any]:
        array = mapped(file, offset, size, dtype)
        content = mapping(array)
        if content is not None:
            self._mappings.add(content)
        return array

    def take(self, values: NDArray[Any], places: NDArray[np.integer]) -> NDArray[Any]:
        """Return the values at these places; the file is gone through once, from front to back."""
        order, ordered = trie.argsort(places.astype(np.int64))
        taken = np.empty(places.size, values.dtype)
        taken[order] = values[ordered]
        return taken

    def tally(self, counts: NDArray[Any], places: NDArray[np.integer]) -> None:
        """Add 1 to the counts at each of these places, from front to back."""
        np.add.at(counts, np.sort(places), counts.dtype.type(1))

    def release(self, arrays: Iterable[NDArray[Any]]) -> None:
        """Give back the memory that these arrays and the draft's own hold."""
        for array in arrays:
            release(array)
        for content in list(self._mappings):
            forget(content)

    def model(self, estimate: Estimate) -> NGramModel:
        """Write the symbols and the header, and open the file as a model."""
        for name, values in storage.packed(self.counts.vocabulary).items():
            self.part(name, values.size, values.dtype)[:] = values
        self.part("losses", 0)
        entries = []
        for name, array in self._arrays.items():
            array.flags.writeable = False
            entries.append(storage.entry(name, array, self._offsets[name]))
        self._file.truncate(self._first + self._size)
        header = storage.header(
            {**self._record, "notes": list(estimate.notes)},
            self.counts.vocabulary, entries, self._size, room=self._first,
        )  # fmt: skip
        self._file.seek(0)
        self._file.write(header)
        self._file.close()
        model = replace(storage.load_model(self._temporary.path), counts=self.counts)
        object.__setattr__(model, "file", self._temporary)
        return model

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        if error is not None:
            self._temporary.remove()
