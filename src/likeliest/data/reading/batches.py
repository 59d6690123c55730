"""Rows of files in batches, the same ones at each pass, whose numbers and gaps are checked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.data.reading.cells import shown
from likeliest.data.reading.table import unreadable
from likeliest.data.vectors import LARGEST_COUNT
from likeliest.errors import DataError, ReadError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import polars as pl

    from likeliest.data.reading.column import Missing
    from likeliest.numerics.arrays import Array

BATCH = 262_144
"""Rows that are read together: of two columns 4 MiB."""

_MOST_LISTED = 20


@dataclass(frozen=True)
class FileRows:
    """The columns of files that are read.

    Parameters
    ----------
    lazy : LazyFrame
        Of those columns alone.
    where : str
        What messages call the files.
    names : tuple of str
        Of the columns, that of the values first.
    whole : set of str
        Of these those that were written as whole numbers and are read as floats.
    missing : {"raise", "drop"}
    every : LazyFrame
        Of all columns.
    left_out : dict
        How many rows were left out, once a pass is over.
    """

    lazy: pl.LazyFrame
    where: str
    names: tuple[str, ...]
    whole: frozenset[str]
    missing: Missing
    every: pl.LazyFrame
    left_out: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        scanned: tuple[pl.LazyFrame, str, frozenset[str]],
        column: str | None,
        beside: Sequence[str],
        *,
        missing: Missing,
        events: str | None = None,
        alone: bool = True,
    ) -> FileRows:
        """Return the columns of files that were scanned.

        Parameters
        ----------
        scanned : tuple
            What `scanned` returns.
        column : str, optional
            The column of values; None: the only one besides the others.
        beside : sequence of str
            The other columns.
        missing : {"raise", "drop"}
        events : str, optional
            The column that may hold true and false.
        alone : bool
            Whether there is a column of values.

        Raises
        ------
        ReadError
            If a column is not there, or not of numbers.
        """
        import polars as pl

        lazy, where, whole = scanned
        try:
            schema = lazy.collect_schema()
        except (pl.exceptions.PolarsError, OSError) as error:
            raise unreadable(where, error) from None
        if column is None and alone:
            column = _only(schema, beside, where)
        names = tuple(dict.fromkeys([*([column] if column is not None else []), *beside]))
        for name in names:
            require_numbers(schema, name, where, or_events=name == events)
        return cls(lazy.select(pl.col(name) for name in names), where, names, whole, missing, lazy)

    def count(self) -> int:
        """Return the number of rows."""
        import polars as pl

        try:
            return int(self.lazy.select(pl.len()).collect(engine="streaming").item())
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
            raise self._explained(error) from None

    def batches(self) -> Iterator[tuple[int, pl.DataFrame]]:
        """Begin a pass over the rows: yield batches, each with the number of its first row."""
        import polars as pl

        first = 0
        try:
            for batch in self.lazy.collect_batches(chunk_size=BATCH, maintain_order=True):
                self._require_told_apart(batch)
                yield first, batch
                first += batch.height
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
            raise self._explained(error) from None

    def chunks(self) -> Iterator[tuple[Array, Array | None]]:
        """Begin a pass over values and weights, the only columns."""
        left = 0
        for first, batch in self.batches():
            numbers = self._numbers(batch, first)
            left += batch.height - numbers.height
            chunk = self._checked(numbers, first)
            if chunk[0].size:
                yield chunk
        self.left_out["rows"] = left

    def _explained(self, error: BaseException) -> ReadError:
        """Return the error that shows the cell that is no number, if that is it."""
        found = re.search(r"(?:could not|cannot) parse [`'](.*?)[`']", str(error))
        if found is None:
            return unreadable(self.where, error)
        return ReadError(
            f"{self.where} has the cell {shown(found.group(1))}, and a scan takes numbers as they "
            "are. lk.read reads text cell by cell, into memory."
        )

    def _require_told_apart(self, batch: pl.DataFrame) -> None:
        for name in self.names:
            as_float = name in self.whole  # in which 2^53 may have been one more
            if not (batch[name].dtype.is_integer() or as_float):
                continue
            if (batch[name].abs() >= LARGEST_COUNT + (not as_float)).any():
                raise ReadError(
                    f"{self.where}, column {name!r}, holds whole numbers beyond 2^53, which "
                    "float64 cannot tell apart. Subtract an offset first."
                )

    def _numbers(self, batch: pl.DataFrame, first: int) -> pl.DataFrame:
        """Return a batch as floats; raise, or leave rows out, where something is missing."""
        import polars as pl

        numbers = batch.select(pl.all().cast(pl.Float64).fill_nan(None))
        if sum(numbers.null_count().row(0)):
            if self.missing == "raise":
                gaps = numbers.select(pl.any_horizontal(pl.all().is_null())).to_series()
                raise DataError(
                    f"{self.where}: row {first + int(gaps.arg_true()[0])}, counting from 0, has no "
                    f'{" or no ".join(self.names)}. Leave such rows out with missing="drop", or '
                    "say what they mean."
                )
            numbers = numbers.drop_nulls()
        return numbers

    def _checked(self, numbers: pl.DataFrame, first: int) -> tuple[Array, Array | None]:
        """Return the values and weights of a batch as arrays."""
        columns = [np.ascontiguousarray(c.to_numpy()) for c in numbers.get_columns()]
        weights = columns[1] if len(columns) > 1 else None
        if weights is None:
            return columns[0], None
        if not (weights >= 0.0).all() or np.isinf(weights).any():
            raise DataError(
                f"{self.where}, column {self.names[1]!r}: a weight is how often a row was seen, a "
                f"number of 0 or more; the rows from {first} on hold others."
            )
        seen = weights > 0.0
        return (columns[0], weights) if seen.all() else (columns[0][seen], weights[seen])


def _only(schema: Any, beside: Sequence[str], where: str) -> str:
    """Return the only column besides some."""
    others = [name for name in schema.names() if name not in beside]
    if len(others) != 1:
        listed = ", ".join(others[:_MOST_LISTED]) + ", …" * (len(others) > _MOST_LISTED)
        raise ReadError(
            f"{where} has {len(others)} columns: {listed}. Choose one: column="
            f"{next(iter(others), 'name')!r}."
        )
    return str(others[0])


def require_numbers(schema: Any, name: str, where: str, *, or_events: bool) -> None:
    """Raise unless files have a column, and it holds numbers, or it may be one of events.

    Raises
    ------
    ReadError
    """
    import polars as pl

    if name not in schema:
        listed = ", ".join(schema.names()[:_MOST_LISTED])
        raise ReadError(f"{where} has no column {name!r}. It has {listed}.")
    kind = schema[name]
    if kind == pl.Boolean and or_events:
        return
    if kind == pl.Boolean:
        raise ReadError(
            f"{where}: column {name!r} holds true and false, which are events, not numbers. To fit "
            "how many are true, give a LazyFrame in which they are 1 and 0."
        )
    if not kind.is_numeric():
        raise ReadError(
            f"{where}: column {name!r} is of type {kind}, and a scan takes numbers as they are. "
            f"lk.read reads text cell by cell, into memory."
        )
