"""The door `scan`: a column of files larger than memory, read in chunks at each pass."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.data.description import Provenance
from likeliest.data.observations import Observations
from likeliest.data.reading.batches import FileRows
from likeliest.data.reading.column import require_missing
from likeliest.data.reading.scanned import scanned
from likeliest.data.scan_rows import observe_rows
from likeliest.data.summary import Chunk, Summary, look_at, summary_of
from likeliest.engines import mapped
from likeliest.engines.stream import Stream
from likeliest.engines.threads import Chunks
from likeliest.errors import DataError
from likeliest.tables import count

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    import polars as pl

    from likeliest.data.reading.column import Missing
    from likeliest.engines.source import Source
    from likeliest.numerics.arrays import Array


def scan(
    source: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] | pl.LazyFrame,
    column: str | None = None,
    *,
    event: str | None = None,
    lower: str | None = None,
    upper: str | None = None,
    weights: str | None = None,
    entry: float | str | None = None,
    exit: float | str | None = None,  # noqa: A002
    rounding: float = 0.0,
    missing: Missing = "raise",
) -> Observations:
    """Return a column of files as observations that need not fit into memory.

    A family with sufficient statistics is fitted in two passes over the files. Any other, and any
    of rows that are censored or have windows of their own, needs the rows again and again: they
    are copied to a temporary file once, which is gone when the observations are.

    Parameters
    ----------
    source : path, list of paths, or LazyFrame of polars
        Files of Parquet, Arrow, CSV or JSON lines, known by their ending; an asterisk stands for
        any name: `"trips/*.parquet"`.
    column : str, optional
        The column of values; needed where there are several.
    event : str, optional
        The column of booleans, or of 0 and 1, that says whether the value itself was seen; where
        not, it is right-censored.
    lower, upper : str, optional
        In place of `column`: the columns of bounds of each value, as `observe` takes them.
    weights : str, optional
        The column that says how often each value was seen.
    entry, exit : float, or str, optional
        A value could be seen only if entry < x ≤ exit: one number, or the column of them.
    rounding : float, optional
        The step to which the values were rounded.
    missing : {"raise", "drop"}
        What to do with rows in which something is missing.

    Returns
    -------
    Observations
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
    words = {
        "event": event, "lower": lower, "upper": upper, "weights": weights, "entry": entry,
        "exit": exit,
    }  # fmt: skip
    words = {word: told for word, told in words.items() if told is not None}
    beside = [told for told in words.values() if isinstance(told, str)]
    files = scanned(source, column or lower or upper, beside)
    if rounding or any(isinstance(told, str) for word, told in words.items() if word != "weights"):
        return observe_rows(files, column, words, rounding, missing)
    rows = FileRows.of(files, column, [weights] if weights else [], missing=missing)
    found = Scan(Stream(rows.chunks), rows, entry=_limit(entry, "entry"), exit=_limit(exit, "exit"))
    found.require_seen()
    return found.with_provenance()


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
        rows: FileRows,
        summary: Summary | None = None,
        entry: Array | None = None,
        exit: Array | None = None,  # noqa: A002
    ) -> None:
        told = Provenance(rows.names[0], left_out=rows.left_out.get("rows", 0))
        self.__dict__.update(stream=stream, rows=rows, entry=entry, exit=exit, provenance=told)
        if summary is not None:
            self.__dict__["summary"] = summary

    stream: Stream[Chunk]
    rows: FileRows

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


def _limit(end: Any, what: str) -> Array | None:
    if end is None:
        return None
    is_number = isinstance(end, (int, float, np.number)) and not isinstance(end, bool)
    if not is_number or np.isnan(end):
        raise DataError(f"{what} must be one number for all values of a scan; got {end!r:.40}.")
    return np.array([end], dtype=np.float64) if np.isfinite(end) else None
