"""Observations in a temporary file, mapped to memory one partition at a time."""

from __future__ import annotations

import tempfile
import weakref
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from likeliest.data.observations import Observations
from likeliest.engines import mapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NOTHING = np.zeros(0)


class _Column(NamedTuple):
    """Where a column begins in the file, and its numbers."""

    offset: int
    size: int
    kind: np.dtype[Any]


class Spill:
    """Partitions of observations that were copied to a temporary file, in order.

    The file has no name: it is gone with this object, or with the process, however it ends.

    Parameters
    ----------
    parts : iterable of Observations
        Anything else among them is left out.

    Raises
    ------
    DataError
        If the disk has no room for them.

    Examples
    --------
    >>> copies = Spill([Observations.of([1.0, 2.0]), Observations.of([5.0])])
    >>> [part.values.tolist() for part in copies]
    [[1.0, 2.0], [5.0]]
    """

    def __init__(self, parts: Iterable[object]) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it is closed with this object
        weakref.finalize(self, self._file.close)
        self._index: list[tuple[Observations, dict[str, _Column]]] = []
        with mapped.room_in(tempfile.gettempdir()):
            for part in parts:
                if isinstance(part, Observations):
                    self._index.append(self._written(part))
            self._file.flush()

    def _written(self, part: Observations) -> tuple[Observations, dict[str, _Column]]:
        """Write the columns of a partition, and return the rest of it with their places."""
        columns: dict[str, _Column] = {}
        for field in fields(Observations):
            column = getattr(part, field.name)
            if isinstance(column, np.ndarray) and column.size > 1:
                columns[field.name] = _Column(self._file.tell(), column.size, column.dtype)
                self._file.write(np.ascontiguousarray(column).data)
        blank: dict[str, Any] = dict.fromkeys(columns, _NOTHING)
        return replace(part, **blank), columns

    def __iter__(self) -> Iterator[Observations]:
        """Yield the partitions, whose columns are read where they are used."""
        for rest, columns in self._index:
            found: dict[str, Any] = {
                name: mapped.mapped(self._file, *at) for name, at in columns.items()
            }
            yield replace(rest, **found)
