"""Rows of a regression that are not in memory: files read at each pass, and Dask's partitions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from likeliest.data.reading.batches import BATCH
from likeliest.data.reading.frames import table_of_frame
from likeliest.data.reading.table import unreadable
from likeliest.data.scan import Scan
from likeliest.engines import dask
from likeliest.engines.batches import Batches
from likeliest.errors import DataError, LikeliestError, ParameterError
from likeliest.fitting.support import require_support
from likeliest.regression.inputs import columns_read, observed, of_frame
from likeliest.regression.objective import Block, Objective
from likeliest.regression.predictor import standardised_as

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    import polars as pl

    from likeliest.data.observations import Observations
    from likeliest.engines.source import Partitions
    from likeliest.numerics.arrays import Array, Indices
    from likeliest.regression.design import Design
    from likeliest.regression.inputs import Told
    from likeliest.regression.links import Link
    from likeliest.regression.matrices import Terms
    from likeliest.regression.predictor import Predictor
    from likeliest.regression.problem import Given


class Part(NamedTuple):
    """Some of the rows, and what messages call them."""

    where: str
    frame: pl.DataFrame


IN_MEMORY = 200_000
"""Rows of files up to which they are all read into memory."""

_STAND_IN = 60_000  # rows that stand for all: starts, knots and scales are made of them
_LEAST = 200  # rows of a partition among them
_SHARE = "share of the rows"


@dataclass(frozen=True)
class Afar:
    """Rows that are read anew at each pass.

    Parameters
    ----------
    partitions : Partitions
        Of `Part`s, whose frames have the columns that are read.
    text : str
    formulas : mapping
    told : Told
    terms : dict of Terms
        Of each parameter that has covariates; empty before they are known.
    n : float
        Number of observations: the sum of the weights.
    rows : int
    """

    partitions: Partitions[Part, Any]
    text: str
    formulas: Mapping[str, Any]
    told: Told
    terms: Mapping[str, Terms]
    n: float = np.nan
    rows: int = 0

    def stand_in(self) -> pl.DataFrame:
        """Return some rows that stand for all, with a column of how many each stands for.

        The extremes of all numbers and a row of each level are among them.
        """
        import polars as pl

        whole = columns_read(self.text, self.formulas, self.told).categorical
        most = max(_LEAST, _STAND_IN // max(len(self.partitions), 1))
        found = self.partitions.on_each(partial(_some_of, self.alone, whole, most))
        own = pl.concat([one for one, _ in found], how="vertical_relaxed")
        rest = pl.concat([other for _, other in found], how="vertical_relaxed")
        if not own.height:
            raise DataError("The data are empty: no row has a value of every column.")
        own = own[_outstanding(own, whole)]
        made = pl.concat([own, rest], how="vertical_relaxed")
        weights = self.told.words.get("weights")
        if isinstance(weights, str):
            made = made.with_columns(pl.col(weights) * pl.col(_SHARE))
        return made

    @property
    def of_stand_in(self) -> Told:
        """What is told of the rows that stand for all: their weights are how many each does."""
        return replace(self.told, words={"weights": _SHARE} | self.told.words)

    def known(self, given: Mapping[str, Given]) -> Afar:
        """Return the rows with what their columns are; a look at all of them counts them.

        Raises
        ------
        DataError, SupportError
            If rows cannot be used.
        """
        made = replace(self, terms={name: one.terms for name, one in given.items()})
        looks = self.partitions.on_each(partial(_look, made.alone))
        if not any(rows for _, rows in looks):
            raise DataError("The data are empty: no row has a value of every column.")
        return replace(made, n=float(sum(n for n, _ in looks)), rows=sum(r for _, r in looks))

    @property
    def alone(self) -> Afar:
        """What reads a partition, without the partitions: it is sent to them."""
        return replace(self, partitions=None)  # type: ignore[arg-type]

    def complete(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the rows that have a value in every column; a bound may be open."""
        bounds = {self.told.words.get(word) for word in ("lower", "upper", "entry", "exit")}
        return frame.fill_nan(None).drop_nulls([c for c in frame.columns if c not in bounds])

    def read(self, part: Part) -> tuple[Observations, dict[str, Given]] | None:
        """Return the observations of a partition with their columns; None of an empty one.

        Raises
        ------
        DataError
            If rows cannot be used: of which partition.
        """
        frame = self.complete(part.frame) if self.told.missing == "drop" else part.frame
        if not frame.height:
            return None
        try:
            sheet = of_frame(self.text, frame, self.formulas, self.told, self.terms)
            observations, given, _ = observed(sheet, self.told)
            require_support(self.told.form.family, observations)
        except LikeliestError as error:
            raise DataError(f"{part.where}: {error}") from None
        return observations, given

    def reading(
        self,
        predictors: Mapping[str, Predictor],
        turns: Mapping[str, Array],
        links: Iterable[Link | float],
    ) -> Blocks:
        """Return what makes blocks of a partition, in standardised columns."""
        return Blocks(self.alone, dict(predictors), dict(turns), tuple(links))


@dataclass(frozen=True)
class Blocks:
    """What makes the blocks of a partition: it is sent to where that lies.

    Parameters
    ----------
    afar : Afar
    predictors, turns : dict
    links : tuple of Link, or float
    """

    afar: Afar
    predictors: dict[str, Predictor]
    turns: dict[str, Array]
    links: tuple[Link | float, ...]

    def __call__(self, part: Part) -> tuple[Block, ...]:
        """Return the blocks of a partition."""
        found = self.afar.read(part)
        if found is None:
            return ()
        observations, given = found
        form = self.afar.told.form
        columns: list[Array | Design | None] = []
        offsets: list[Array | None] = []
        for name in form.names:
            predictor, one = self.predictors.get(name), given.get(name)
            known = None if one is None or predictor is None else one.offset
            offsets.append(known)
            if one is None or predictor is None or predictor.terms.is_intercept:
                columns.append(None if known is None else np.ones((len(observations), 1)))
            else:
                matrix = one.matrix
                assert matrix is not None  # noqa: S101  a parameter with terms has one
                columns.append(standardised_as(predictor, self.turns[name], matrix))
        sizes = [self.predictors[n].size if n in self.predictors else 0 for n in form.names]
        return Objective.of(
            form, self.links, observations, columns=columns, offsets=offsets, sizes=sizes
        ).blocks


def is_afar(data: Any) -> bool:
    """Whether data are files that are scanned, or a frame of Dask's."""
    import polars as pl

    if isinstance(data, (pl.LazyFrame, Scan)):
        return True
    return dask.is_collection(data) and hasattr(data, "columns")


def afar_of(data: Any, text: Any, formulas: Mapping[str, Any], told: Told) -> Afar | pl.DataFrame:
    """Return the rows of files or of Dask's partitions; in memory, where they are few.

    Raises
    ------
    ParameterError
        If something is asked for that needs all rows at once.
    """
    import polars as pl

    _require_named(text, told)
    read = columns_read(text, formulas, told)
    names = [*read.names]
    if dask.is_collection(data):
        _require_columns(names, [*map(str, data.columns)])
        parts = dask.partitions_of(data[names])
        made = [partial(_as_polars, names, f"Partition {i}") for i in range(len(parts))]
        frames = tuple(dask.then(make, part) for make, part in zip(made, parts, strict=True))
        partitions: Any = dask.Partitions(frames, _nothing).kept()
        return Afar(partitions, text, formulas, told, {})
    where, lazy = _scanned(data)
    try:
        _require_columns(names, lazy.collect_schema().names())
        some = lazy.select(names) if names else lazy
        n = int(some.select(pl.len()).collect(engine="streaming").item())
        if n <= IN_MEMORY:
            return some.collect()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise unreadable(where, error) from None
    many = max(1, -(-n // BATCH))
    partitions = Batches(partial(_batches, some, where), _same, _nothing, list, where, many)
    return Afar(partitions, text, formulas, told, {})


def _require_named(text: Any, told: Told) -> None:
    """Raise unless everything that is told of the rows is the name of a column."""
    if not isinstance(text, str):
        raise ParameterError(
            "Rows that are not in memory are read by a formula: give one, with names of columns."
        )
    arrays = [word for word, one in told.words.items() if not isinstance(one, str | float | int)]
    arrays += [
        n for n, parts in told.offsets.items() if any(not isinstance(p.given, str) for p in parts)
    ]
    if arrays:
        raise ParameterError(
            f"{arrays[0]} is an array, and the rows are not in memory: name a column of theirs."
        )
    if "sampling_weights" in told.words:
        raise ParameterError(
            "sampling_weights= need a score of each row, and the rows are not in memory: collect "
            "them, or give weights=."
        )


def _require_columns(names: Collection[str], known: list[str]) -> None:
    for name in names:
        if name not in known:
            shown = ", ".join(known[:20]) + ("…" if len(known) > 20 else "")
            raise DataError(f"The data have no column {name!r}. They have {shown}.")


def _scanned(data: Any) -> tuple[str, pl.LazyFrame]:
    if not isinstance(data, Scan):
        return "the frame", data
    if data.entry is not None or data.exit is not None or len(data.rows.names) > 1:
        raise ParameterError(
            "The scan has weights or a window of its own: scan the column alone, and name these "
            "in regress, as in weights='w'."
        )
    return data.rows.where, data.rows.every


def _batches(lazy: pl.LazyFrame, where: str) -> Iterator[Part]:
    import polars as pl

    first = 0
    try:
        for frame in lazy.collect_batches(chunk_size=BATCH, maintain_order=True):
            yield Part(f"{where}, of the rows from {first:,} on", frame)
            first += frame.height
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise unreadable(where, error) from None


# what runs where a partition lies


def _same(part: Part) -> Part:
    return part


def _nothing(_: Any) -> list[Any]:
    return []


def _as_polars(names: list[str], where: str, part: Any) -> Part:
    table = table_of_frame(part, names)
    frame = table.frame.collect()
    named = frame.rename(dict(zip(frame.columns, table.names, strict=True)))
    return Part(where, named.select(names))


def _some_of(
    afar: Afar, whole: frozenset[str], most: int, part: Part
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows of a partition that stand out, and others drawn at random."""
    import polars as pl

    frame = afar.complete(part.frame)
    own = _outstanding(frame, whole)
    drawn = np.random.default_rng(0).permutation(frame.height)[:most]
    rest = np.setdiff1d(drawn, own)
    share = (frame.height - own.size) / max(rest.size, 1)
    return (
        frame[own].with_columns(pl.lit(1.0).alias(_SHARE)),
        frame[rest].with_columns(pl.lit(share).alias(_SHARE)),
    )


def _outstanding(part: pl.DataFrame, whole: frozenset[str]) -> Indices:
    """Return where the extremes of numbers stand, and the first row of each level."""
    if not part.height:
        return np.arange(0)
    found: set[int] = set()
    for column in part:
        if column.name == _SHARE:
            continue
        if column.dtype.is_numeric() and column.name not in whole:
            found |= {i for i in (column.arg_min(), column.arg_max()) if i is not None}
        else:
            found |= {
                *column.to_frame().with_row_index("at").unique(column.name, keep="first")["at"]
            }
    return np.array(sorted(found), dtype=np.intp)


def _look(afar: Afar, part: Part) -> tuple[float, int]:
    """Return the weight and the number of the rows of a partition, which were checked."""
    found = afar.read(part)
    if found is None:
        return 0.0, 0
    observations, _ = found
    return float(observations.n), len(observations)
