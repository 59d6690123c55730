"""Rows of files that are censored, truncated or rounded: batches of them as observations."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from likeliest.data.description import Provenance
from likeliest.data.distributed import observed_part, sources_of, surveyed
from likeliest.data.reading.batches import BATCH, FileRows
from likeliest.data.spill import Spill
from likeliest.engines.batches import Batches
from likeliest.errors import DataError

if TYPE_CHECKING:
    import polars as pl

    from likeliest.data.distributed import Made
    from likeliest.data.observations import Observations
    from likeliest.data.reading.column import Missing
    from likeliest.data.summary import Chunk


def observe_rows(
    scanned: tuple[pl.LazyFrame, str, frozenset[str]],
    column: str | None,
    words: dict[str, Any],
    rounding: float,
    missing: Missing,
) -> Observations:
    """Say what was seen in rows of files, in the words of `observe`.

    Parameters
    ----------
    scanned : tuple
        What `scanned` returns.
    column : str, optional
    words : dict
        Names of columns; of an entry or an exit a number as well.
    rounding : float
    missing : {"raise", "drop"}

    Raises
    ------
    DataError
        If words do not go together, or rows cannot be used: with the batch that they are in.
    """
    beside = [name for name in words.values() if isinstance(name, str)]
    has_bounds = "lower" in words or "upper" in words
    if has_bounds and column is not None:
        raise DataError(
            f"The values are in column {column!r}, and lower and upper are in place of them: give "
            "the one or the others."
        )
    rows = FileRows.of(
        scanned, column, beside, missing=missing, events=words.get("event"), alone=not has_bounds
    )
    name = " to ".join(beside[: 2 if len(words.keys() & {"lower", "upper"}) > 1 else 1])
    name = name if has_bounds else rows.names[0]
    told = {**words, "column": None if has_bounds else name, "missing": missing}
    told["rounding"] = rounding
    many = max(1, -(-rows.count() // BATCH))
    where = f"batches of {rows.where}: read it with lk.observe, if it fits"
    make = partial(_observed, rows.where, told)
    made: Batches[Made, Chunk] = Batches(rows.batches, make, sources_of, Spill, where, many)
    return surveyed(made, Provenance(name), rounding)


def _observed(where: str, told: dict[str, Any], batch: tuple[int, pl.DataFrame]) -> Made:
    first, rows = batch
    return observed_part(f"{where}, of the rows from {first:,} on", {**told, "data": rows})
