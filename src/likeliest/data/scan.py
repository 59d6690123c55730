"""The door `scan`: a column of files larger than memory, read in chunks at each pass."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.data.description import Provenance
from likeliest.data.observations import Observations
from likeliest.data.reading.cells import shown
from likeliest.data.reading.column import require_missing
from likeliest.data.reading.scanned import scanned
from likeliest.data.reading.table import unreadable
from likeliest.data.summary import Chunk, Summary, look_at, summary_of
from likeliest.data.vectors import LARGEST_COUNT
from likeliest.engines import mapped
from likeliest.engines.stream import Stream
from likeliest.engines.threads import Chunks
from likeliest.errors import DataError, ReadError
from likeliest.tables import count

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Sequence

    import polars as pl

    from likeliest.data.reading.column import Missing
    from likeliest.engines.source import Source
    from likeliest.numerics.arrays import Array

_BATCH = 262_144
"""Rows that are read together: of two columns 4 MiB."""

_MOST_LISTED = 20


def scan(
    source: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] | pl.LazyFrame,
    column: str | None = None,
    *,
    weights: str | None = None,
    entry: float | None = None,
    exit: float | None = None,  # noqa: A002
    missing: Missing = "raise",
) -> Scan:
    """Return a column of files as observations that need not fit into memory.

    A family with sufficient statistics is fitted in two passes over the files. Any other needs
    the values again and again: they are copied to a temporary file once, which is gone when the
    observations are.

    Parameters
    ----------
    source : path, list of paths, or LazyFrame of polars
        Files of Parquet, Arrow, CSV or JSON lines, known by their ending; an asterisk stands for
        any name: `"trips/*.parquet"`.
    column : str, optional
        The column of values; needed where there are several.
    weights : str, optional
        The column that says how often each value was seen.
    entry, exit : float, optional
        A value could be seen only if entry < x ≤ exit.
    missing : {"raise", "drop"}
        What to do with rows in which something is missing.

    Returns
    -------
    Scan
        For `fit`, `compare` and the likelihood of a distribution.

    Raises
    ------
    ReadError
        If the files cannot be read, or a column is not there or not of numbers.
    DataError
        If values or weights cannot be used.

    Examples
    --------
    >>> import likeliest as lk
    >>> import polars as pl
    >>> waits = lk.scan(pl.LazyFrame({"minutes": [3.0, 5.0, 1.0, 7.0]}), "minutes")
    >>> waits
    <scan of 'minutes' of the frame: 4 values>
    >>> lk.fit(waits, "exponential").distribution
    Exponential(rate=0.25)
    """
    require_missing(missing)
    lazy, where, whole = scanned(source, column)
    rows = _Rows.of(lazy, where, column, weights, whole, missing=missing)
    found = Scan(Stream(rows.chunks), rows, entry=_limit(entry, "entry"), exit=_limit(exit, "exit"))
    found.require_seen()
    return found.with_provenance()


@dataclass(frozen=True)
class _Rows:
    """The columns that are read.

    Parameters
    ----------
    lazy : LazyFrame
        Of the values, and of the weights where there are any.
    where : str
        What messages call the files.
    names : tuple of str
        Of the columns.
    whole : set of str
        Of these those that were written as whole numbers and are read as floats.
    missing : {"raise", "drop"}
    left_out : dict
        How many rows were left out, once a pass is over.
    """

    lazy: pl.LazyFrame
    where: str
    names: tuple[str, ...]
    whole: frozenset[str]
    missing: Missing
    left_out: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        lazy: pl.LazyFrame,
        where: str,
        column: str | None,
        weights: str | None,
        whole: frozenset[str],
        *,
        missing: Missing,
    ) -> _Rows:
        import polars as pl

        try:
            schema = lazy.collect_schema()
        except (pl.exceptions.PolarsError, OSError) as error:
            raise unreadable(where, error) from None
        others = [name for name in schema.names() if name != weights]
        if column is None:
            if len(others) != 1:
                listed = ", ".join(others[:_MOST_LISTED]) + ", …" * (len(others) > _MOST_LISTED)
                raise ReadError(
                    f"{where} has {len(others)} columns: {listed}. Choose one: column="
                    f"{next(iter(others), 'name')!r}."
                )
            column = others[0]
        names = (column,) if weights is None else (column, weights)
        for name in names:
            _require_numbers(schema, name, where)
        chosen = lazy.select(pl.col(name) for name in names)
        return cls(chosen, where, names, whole, missing)

    def chunks(self) -> Iterator[Chunk]:
        """Begin a pass over the rows."""
        import polars as pl

        first = left = 0
        try:
            for batch in self.lazy.collect_batches(chunk_size=_BATCH, maintain_order=True):
                numbers = self._numbers(batch, first)
                left += batch.height - numbers.height
                chunk = self._checked(numbers, first)
                first += batch.height
                if chunk[0].size:
                    yield chunk
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
            raise self._explained(error) from None
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

    def _numbers(self, batch: pl.DataFrame, first: int) -> pl.DataFrame:
        """Return a batch as floats; raise, or leave rows out, where something is missing."""
        import polars as pl

        for name in self.names:
            as_float = name in self.whole  # in which 2^53 may have been one more
            large = batch[name].abs() >= LARGEST_COUNT + (not as_float)
            if (batch[name].dtype.is_integer() or as_float) and large.any():
                raise ReadError(
                    f"{self.where}, column {name!r}, holds whole numbers beyond 2^53, which "
                    "float64 cannot tell apart. Subtract an offset first."
                )
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

    def _checked(self, numbers: pl.DataFrame, first: int) -> Chunk:
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


class Scan(Observations):
    """Observations that are read in chunks at each pass.

    What their chunks cannot give, the values side by side, is copied to a temporary file when it
    is first asked for, and mapped to memory.

    Parameters
    ----------
    stream : Stream
        Of values with weights.
    rows : object
        What is read.
    summary : Summary, optional
        None: it takes a pass when it is first asked for.
    entry, exit : arrays of shape (1,), optional
        The window through which all were seen.
    """

    def __init__(
        self,
        stream: Stream[Chunk],
        rows: _Rows,
        summary: Summary | None = None,
        entry: Array | None = None,
        exit: Array | None = None,  # noqa: A002
    ) -> None:
        told = Provenance(rows.names[0], left_out=rows.left_out.get("rows", 0))
        self.__dict__.update(stream=stream, rows=rows, entry=entry, exit=exit, provenance=told)
        if summary is not None:
            self.__dict__["summary"] = summary

    stream: Stream[Chunk]
    rows: _Rows

    @cached_property
    def summary(self) -> Summary:
        """What one pass over the values tells."""
        with np.errstate(invalid="ignore", over="ignore"):
            looks = [*self.stream.each(look_at)]
        if not looks:
            raise DataError(f"{self.rows.where} holds no values.")
        return summary_of(looks, self._not_finite)

    @cached_property
    def _copied(self) -> Chunk:
        """The values and weights, in temporary files that are mapped to memory."""
        n = self.summary.rows
        weighted = len(self.rows.names) > 1
        values, weights = mapped.scratch(n), mapped.scratch(n) if weighted else None
        first = 0
        for some, more in self.stream.each(lambda chunk: chunk):
            end = first + some.size
            values[first:end] = some
            if weights is not None and more is not None:
                weights[first:end] = more
                mapped.release(weights)
            mapped.release(values)
            first = end
        return values, weights

    @property
    def values(self) -> Array:
        """The values, side by side."""
        return self._copied[0]

    @property
    def weights(self) -> Array | None:
        """How many times each was seen."""
        return self._copied[1] if len(self.rows.names) > 1 else None

    def chunks(self) -> Source[Chunk]:
        """Return the values and weights as a source: of the copy, where there is one."""
        if "_copied" not in self.__dict__:
            return self.stream
        done = partial(mapped.release, self.values)
        return Chunks(self.chunk, len(self), light=True, done=done)

    def moved(self, origin: float, unit: float) -> Scan:
        """Return the observations in another frame: every value less `origin`, over `unit`."""
        entry, exit_ = ((b if b is None else (b - origin) / unit) for b in (self.entry, self.exit))
        move = partial(_moved, origin, unit)
        return Scan(Stream(partial(self.stream.each, move)), self.rows, None, entry, exit_)

    def without_windows(self) -> Scan:
        """Return the observations as if they could have been seen anywhere."""
        found = Scan(self.stream, self.rows, self.summary)
        if "_copied" in self.__dict__:
            found.__dict__["_copied"] = self._copied
        return found

    def with_provenance(self) -> Scan:
        """Return the observations with the number of rows left out, known after a pass."""
        return Scan(self.stream, self.rows, self.summary, self.entry, self.exit)

    def require_seen(self) -> None:
        """Raise if a value lies outside the window through which all were seen."""
        s = self.summary
        for end, beyond, what in (
            (self.entry, s.low, "at or below the entry"),
            (self.exit, s.high, "beyond the exit"),
        ):
            if end is not None and not (beyond > end[0] if end is self.entry else beyond <= end[0]):
                raise DataError(
                    f"{self.rows.where}: values lie {what} of {end[0]:g} (such as {beyond:g}): "
                    "they could not have been seen."
                )

    def _counted(self) -> tuple[Array, Array]:
        low, size = self.summary.low, int(self.summary.high - self.summary.low) + 1
        table = np.zeros(size)
        for some in self.chunks().each(partial(_tally, low, size)):
            table += some
        present = np.flatnonzero(table)
        return (present + low).astype(np.float64), table[present]

    def _not_finite(self) -> DataError:
        bad = int(self.stream.total(_count_of_infinite)[0])
        return DataError(
            f"{self.rows.where}: {bad:,} values of column {self.rows.names[0]!r} are infinite. "
            "Decide what they mean before fitting: nothing is dropped silently."
        )

    def __len__(self) -> int:
        return self.summary.rows

    def __repr__(self) -> str:
        left = self.rows.left_out.get("rows", 0)
        left_out = f", {left:,} missing left out" if left else ""
        return (
            f"<scan of {self.rows.names[0]!r} of {self.rows.where}: {count(self.summary.rows)}"
            f"{left_out}>"
        )


def _moved(origin: float, unit: float, chunk: Chunk) -> Chunk:
    return (chunk[0] - origin) / unit, chunk[1]


def _tally(low: float, size: int, chunk: Chunk) -> Array:
    at = (chunk[0] - low).astype(np.int64)
    return np.bincount(at, chunk[1], minlength=size).astype(np.float64)


def _count_of_infinite(chunk: Chunk) -> list[float]:
    return [float(np.count_nonzero(~np.isfinite(chunk[0])))]


def _limit(end: float | None, what: str) -> Array | None:
    if end is None:
        return None
    given: object = end
    is_number = isinstance(given, (int, float, np.number)) and not isinstance(given, bool)
    if not is_number or np.isnan(end):
        raise DataError(f"{what} must be one number for all values of a scan; got {end!r:.40}.")
    return np.array([end], dtype=np.float64) if np.isfinite(end) else None


def _require_numbers(schema: Any, name: str, where: str) -> None:
    import polars as pl

    if name not in schema:
        listed = ", ".join(schema.names()[:_MOST_LISTED])
        raise ReadError(f"{where} has no column {name!r}. It has {listed}.")
    kind = schema[name]
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
