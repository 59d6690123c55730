"""Observations in Dask's partitions: they stay where they are, and sums of theirs travel.

Each partition is checked where it lies, by `observe`, and becomes observations there. What comes
here of each is its summary, and a few of its rows, weighted up to stand for all: starts and
pictures are made of them. The likelihood itself is summed on the workers, over every row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from likeliest.data.description import OWN, Description, Provenance
from likeliest.data.observations import Observations
from likeliest.data.observe import observe
from likeliest.data.summary import look_at, summary_of
from likeliest.data.vectors import as_vector, is_frame
from likeliest.engines import dask, selection
from likeliest.errors import DataError, LikeliestError

if TYPE_CHECKING:
    from likeliest.data.rows import Rows
    from likeliest.data.summary import Chunk, Look
    from likeliest.engines.source import Source
    from likeliest.numerics.arrays import Array, Indices, Mask

    Made = Observations | str | None

_IN_MEMORY = 50_000  # rows up to which all are brought here
_STAND_IN = 40_000  # rows that stand for more
_LEAST = 100  # rows of a partition that are among them
_MOST_LISTED = 20
_COLUMNS = fields(Observations)


@dataclass(frozen=True, eq=False)
class Distributed(Observations):
    """Observations that lie in Dask's partitions; the rows here are a sample that stands for all.

    Parameters
    ----------
    partitions : Partitions
        Of observations; an empty one is None.
    told : Description
        Of all rows.
    known : float
        The number of observations that are known as they stand.
    """

    partitions: dask.Partitions[Made, Chunk] = field(kw_only=True)
    told: Description = field(kw_only=True)
    known: float = field(kw_only=True)

    in_partitions = True

    @classmethod
    def of_checked(cls, values: Array, weights: Array | None = None) -> Observations:
        """Make observations, in memory, of exact values that are known to be good."""
        return Observations.of_checked(values, weights)

    @classmethod
    def between(cls, lower: Array, upper: Array, **more: Any) -> Observations:
        """Make observations, in memory, of checked bounds."""
        return Observations.between(lower, upper, **more)

    @property
    def stand_in(self) -> Observations:
        """The rows that stand for all, in memory."""
        return Observations(**{f.name: getattr(self, f.name) for f in _COLUMNS})

    @property
    def description(self) -> Description:
        """Summary in words: the number of values of each kind, and the window they were seen in."""
        return self.told

    @property
    def n_exact(self) -> float:
        """The number of observations known as they stand."""
        return self.known

    @property
    def has_windows_by_row(self) -> bool:
        """Whether rows have windows of their own."""
        return OWN in {self.told.entry, self.told.exit}

    @property
    def blocks(self) -> tuple[Rows, ...]:
        """The rows by what is known of them: they are not here.

        Raises
        ------
        DataError
        """
        raise self.not_here("A term for each row")

    def not_here(self, what: str) -> DataError:
        """Return the error that says that something needs the rows themselves."""
        return DataError(
            f"{what} needs the rows in memory, and they lie in {len(self.partitions.parts):,} "
            "partitions of Dask: bring them here with data.compute(), if they fit."
        )

    def chunks(self) -> Source[Chunk]:
        """Return the values and weights, where they lie, as a source for kernels."""
        return self.partitions

    def rows(self, blocks: Callable[[Observations], Sequence[Rows]]) -> Source[Rows]:
        """Return the rows, where they lie, as a source; `blocks` gives those of a partition."""
        kept = self.kept
        return dask.Partitions(kept.parts, partial(_sources_of_rows, blocks))

    @property
    def kept(self) -> dask.Partitions[Made, Chunk]:
        """The partitions, made once for several passes where there is a cluster to keep them."""
        if "_kept" not in self.__dict__:
            self.__dict__["_kept"] = self.partitions.kept()
        kept: dask.Partitions[Made, Chunk] = self.__dict__["_kept"]
        return kept

    def weight_of(self, chosen: Callable[[Observations], Mask | None]) -> float:
        """Return the weight of all rows that `chosen` picks of the observations of a partition."""
        return float(sum(self.partitions.on_each(partial(_weight_of, chosen))))

    def subsample(self, size: int, seed: int = 0) -> Observations:
        """Return `size` rows drawn at random, by weight, over the whole range."""
        return self.stand_in.subsample(size, seed)

    def some(self, size: int) -> Observations:
        """Return some rows, drawn at random by weight, with their bounds and windows."""
        here = self.stand_in
        weights = np.ones(here.values.size) if here.weights is None else here.weights
        rng = np.random.default_rng(0)
        at = rng.choice(here.values.size, size, p=weights / weights.sum())
        return replace(here, weights=None).take(np.sort(at))

    def without_windows(self) -> Observations:
        """Return the rows that stand for all as if they could have been seen anywhere."""
        return self.stand_in.without_windows()

    def moved(self, origin: float, unit: float) -> Distributed:
        """Return the observations in another frame: every value less `origin`, over `unit`."""
        source = partial(_moved, self.partitions.sources, origin, unit)
        there: dask.Partitions[Made, Chunk] = dask.Partitions(self.kept.parts, source)
        # The mean of values far from 0 has lost digits that it has about an origin near them.
        summary = summary_of([*there.each(look_at)], _not_finite)
        here = {f.name: getattr(self.stand_in.moved(origin, unit), f.name) for f in _COLUMNS}
        return replace(self, **here | {"summary": summary}, partitions=there)

    def rounded(self, step: float) -> Observations:
        """Return the observations as intervals of width `step` about each value."""
        table = self.compressed()
        if table is not self:
            return table.rounded(step)
        parts = [dask.then(partial(_rounded, step), part) for part in self.kept.parts]
        return _surveyed(parts, Provenance(self.provenance.name, rounding=step))

    def compressed(self) -> Observations:
        """Return a table of the distinct values, in memory, where they are few, else the same."""
        s = self.summary
        if not (self.exact and s.whole and s.high - s.low < max(64, s.rows // 8)):
            return self
        table = super().compressed()
        return table if table is self else replace(table, provenance=self.provenance)

    def median(self) -> float:
        """Return the (weighted) median, by counting what lies below a value until few are left."""
        return selection.median_of(self.partitions, self.n, self.low, self.high)

    def _counted(self) -> tuple[Array, Array]:
        low, size = self.summary.low, int(self.summary.high - self.summary.low) + 1
        table = np.zeros(size)
        for some in self.partitions.on_each(partial(_tally, low, size)):
            table += 0.0 if some is None else some
        present = np.flatnonzero(table)
        return (present + low).astype(np.float64), table[present]

    def __len__(self) -> int:
        return self.summary.rows

    def __repr__(self) -> str:
        name = f" of {self.provenance.name!r}" if self.provenance.name else ""
        return f"<{self.summary.rows:,} values{name} in {len(self.partitions.parts):,} partitions>"


def observe_partitions(
    data: Any,
    column: str | None,
    words: dict[str, Any],
    rounding: float,
    missing: Any,
) -> Observations:
    """Say what was seen in Dask's partitions, in the words of `observe`.

    Words are names of columns of a data frame, or Dask arrays in as many partitions as the data.

    Raises
    ------
    DataError
        If words do not go with the data, or a partition cannot be used: with its number.
    """
    beside = {word for word in ("edges", "counts", "sampling_weights") if word in words}
    if beside:
        raise DataError(
            f"{' and '.join(sorted(beside))} do not go with Dask's partitions: bring the data into "
            "memory with data.compute()."
        )
    data = _column_of(data, column, words)
    pieces = {
        word: dask.partitions_of(_one_axis(value, word))
        for word, value in {"data": data, **words}.items()
        if dask.is_remote(value)
    }
    _require_alike(pieces, words)
    told = {word: value for word, value in words.items() if word not in pieces}
    told |= {"rounding": rounding, "missing": missing, "column": column}
    made = []
    for number, parts in enumerate(zip(*pieces.values(), strict=True)):
        seen = partial(_observed, number, [*pieces], told)
        made.append(dask.then(seen, *parts))
    name = column or getattr(data, "name", None)
    is_named = dask.is_collection(data) and not hasattr(data, "chunks")
    return _surveyed(made, Provenance(str(name or "") if is_named else ""), rounding)


def _column_of(data: Any, column: str | None, words: dict[str, Any]) -> Any:
    """Return a frame with the columns that are read alone; other data as they are."""
    if not (dask.is_collection(data) and hasattr(data, "columns")):
        return data
    names = [*map(str, data.columns)]
    wanted = [w for w in (column, *words.values()) if isinstance(w, str)]
    bounded = any(word in words for word in ("lower", "upper"))
    if column is None and not bounded and len(set(names) - set(wanted)) > 1:
        shown = ", ".join(names[:_MOST_LISTED]) + "…" * (len(names) > _MOST_LISTED)
        raise DataError(
            f"The data frame has the columns {shown}: say which holds the values, with "
            f"column={names[0]!r}."
        )
    missing = [name for name in wanted if name not in names]
    if missing:
        shown = ", ".join(names[:_MOST_LISTED])
        raise DataError(f"The data frame has no column {missing[0]!r}. It has {shown}.")
    return data[wanted] if column is not None or bounded else data


def _one_axis(data: Any, what: str) -> Any:
    if dask.is_collection(data) and hasattr(data, "chunks") and data.ndim > 1:
        raise DataError(
            f"The {what} must be one-dimensional; got a Dask array of shape {data.shape}. Take one "
            "column, such as x[:, 0], or flatten it by x.ravel()."
        )
    return data


def _require_alike(pieces: dict[str, list[Any]], words: dict[str, Any]) -> None:
    for word, value in words.items():
        is_number = word in {"entry", "exit"} and np.ndim(value) == 0
        if word not in pieces and not isinstance(value, str) and not is_number:
            raise DataError(
                f"{word} is a {type(value).__name__}, and the data lie in Dask's partitions: give "
                "the name of a column, or a Dask array in the same partitions."
            )
    first, *others = pieces
    for other in others:
        if len(pieces[other]) != len(pieces[first]):
            raise DataError(
                f"The {first} lie in {len(pieces[first]):,} partitions and the {other} in "
                f"{len(pieces[other]):,}: cut them alike, such as by {other}.rechunk(...)."
            )


def _observed(number: int, names: list[str], told: dict[str, Any], *parts: Any) -> Made:
    """Return the observations of a partition, None of an empty one; a text says what is wrong."""
    words = told | dict(zip(names, parts, strict=True))
    try:
        return None if _is_empty(words) else observe(**words)
    except LikeliestError as error:
        return f"Partition {number}, counting from 0: {error}"


def _is_empty(words: dict[str, Any]) -> bool:
    """Whether a partition has no row, none of a weight above 0, or none without a gap."""
    data = words.get("data")
    if data is None:
        return False
    if is_frame(data):
        columns = [
            data[name]
            for name in (words["column"], words.get("event"), words.get("weights"))
            if isinstance(name, str) and name in [*data.columns]
        ]
        weights = words.get("weights")
        heavy = data[weights] if isinstance(weights, str) else weights
    else:
        columns = [data, *(words[w] for w in ("event", "weights") if w in words)]
        heavy = words.get("weights")
    if len(data) == 0:
        return True
    if heavy is not None:
        numbers = as_vector(heavy, "weights", gaps=True)
        if (numbers == 0.0).all():
            return True
    if words["missing"] != "drop":
        return False
    gaps = [np.isnan(as_vector(column, "data", gaps=True)) for column in columns]
    return len({gap.size for gap in gaps}) == 1 and bool(np.logical_or.reduce(gaps).all())


class _Surveyed(NamedTuple):
    """The summary of a partition, with a sample of its rows, as it is sent back."""

    look: Look
    told: Description
    known: float
    few: Observations
    is_whole: bool


def _surveyed(parts: list[Any], provenance: Provenance, rounding: float = 0.0) -> Observations:
    """Return observations of partitions; in memory, where they are few."""
    partitions: dask.Partitions[Made, Chunk] = dask.Partitions(tuple(parts), _sources)
    most = max(_LEAST, _STAND_IN // len(parts))
    found = partitions.on_each(partial(_survey, most))
    for one in found:
        if isinstance(one, str):
            raise DataError(one)
    some = [one for one in found if isinstance(one, _Surveyed)]
    if not some:
        raise DataError("The data are empty: no partition holds a value.")
    left_out = sum(one.told.left_out for one in some)
    rounding = rounding or provenance.rounding
    provenance = replace(provenance, left_out=left_out, rounding=rounding)
    if sum(one.look[0] for one in some) <= _IN_MEMORY:
        if not all(one.is_whole for one in some):
            every = partitions.on_each(partial(_survey, _IN_MEMORY))
            some = [one for one in every if isinstance(one, _Surveyed)]
        return _together([one.few for one in some], provenance)
    summary = summary_of([one.look for one in some], _not_finite)
    here = _together([one.few for one in some], provenance)
    return Distributed(
        **{f.name: getattr(here, f.name) for f in _COLUMNS} | {"summary": summary},
        partitions=partitions,
        told=_described([one.told for one in some], provenance),
        known=sum(one.known for one in some),
    )


def _not_finite() -> DataError:
    return DataError("Some values are not finite numbers: decide what they mean before fitting.")


def _survey(most: int, part: Made) -> _Surveyed | str | None:
    """Return the summary of a partition, and of its rows as many as may stand for them."""
    if part is None or isinstance(part, str):
        return part
    s = part.summary
    look = (s.rows, s.low, s.high, s.weight, s.mean, s.whole)
    few = part if len(part) <= most else _some_of(part, most)
    return _Surveyed(look, part.description, part.n_exact, few, len(part) <= most)


def _some_of(part: Observations, most: int) -> Observations:
    """Return some rows, weighted up; the outermost are among them, each for itself."""
    lower, upper = (part.values if b is None else b for b in (part.lower, part.upper))
    ends = {int(np.argmin(part.values)), int(np.argmax(part.values))}
    ends |= {int(np.argmin(upper)), int(np.argmax(lower))}
    own = np.array(sorted(ends))
    drawn = np.random.default_rng(0).permutation(len(part))[:most]
    rest = np.setdiff1d(drawn, own)
    weights = np.ones(len(part)) if part.weights is None else part.weights
    less = float(weights[own].sum())
    share = (part.n - less) / float(weights[rest].sum())
    weight = np.concatenate([weights[own], weights[rest] * share])
    few = part.take(np.concatenate([own, rest]))
    return replace(few, weights=weight, row=None)


def _together(some: list[Observations], provenance: Provenance) -> Observations:
    """Return observations one after the other as one."""

    def column(name: str, otherwise: str | float) -> Array | None:
        if all(getattr(one, name) is None for one in some):
            return None
        return np.concatenate([_column(one, name, otherwise) for one in some])

    weights = column("weights", 1.0)
    lower, upper = column("lower", "values"), column("upper", "values")
    entry, exit_ = _common(column("entry", -np.inf)), _common(column("exit", np.inf))
    values = np.concatenate([np.asarray(one.values) for one in some])
    if lower is None or upper is None:
        made = replace(Observations.of_checked(values, weights), entry=entry, exit=exit_)
    else:
        made = Observations.between(lower, upper, weights=weights, entry=entry, exit=exit_)
        made = replace(made, lower_closed=any(one.lower_closed for one in some))
    return replace(made, provenance=provenance)


def _column(one: Observations, name: str, otherwise: str | float) -> Array:
    column = getattr(one, name)
    if column is None:
        column = getattr(one, otherwise) if isinstance(otherwise, str) else np.array([otherwise])
    return np.broadcast_to(np.asarray(column, dtype=np.float64), (one.values.size,))


def _common(end: Array | None) -> Array | None:
    return end[:1] if end is not None and (end == end[0]).all() else end


def _described(told: list[Description], provenance: Provenance) -> Description:
    def added(name: str) -> float:
        return float(sum(getattr(one, name) for one in told))

    def common(name: str) -> float | str | None:
        ends = {getattr(one, name) for one in told}
        return ends.pop() if len(ends) == 1 else OWN

    return Description(
        provenance.name,
        provenance.unit,
        added("n"),
        added("exact"),
        added("left_censored"),
        added("right_censored"),
        added("interval_censored"),
        common("entry"),
        common("exit"),
        provenance.rounding,
        provenance.left_out,
    )


# what runs where a partition lies


def _sources(part: Made) -> list[Source[Chunk]]:
    return [part.chunks()] if isinstance(part, Observations) else []


def _sources_of_rows(
    blocks: Callable[[Observations], Sequence[Rows]], part: Made
) -> list[Source[Rows]]:
    return [block.chunks() for block in blocks(part)] if isinstance(part, Observations) else []


def _moved(
    sources: Callable[[Made], Sequence[Source[Chunk]]], origin: float, unit: float, part: Made
) -> list[Source[Chunk]]:
    return [_Moved(source, origin, unit) for source in sources(part)]


class _Moved(NamedTuple):
    """Chunks of values less an origin, over a unit."""

    source: Source[Chunk]
    origin: float
    unit: float

    def total(self, kernel: Callable[[Chunk], Sequence[float]]) -> Array:
        """Add up the k sums that the kernel returns of each chunk."""
        return self.source.total(partial(self._of_moved, kernel))

    def each(self, kernel: Callable[[Chunk], Any]) -> Any:
        """Yield what the kernel returns of each chunk, in order."""
        return self.source.each(partial(self._of_moved, kernel))

    def _of_moved(self, kernel: Callable[[Chunk], Any], chunk: Chunk) -> Any:
        return kernel(((chunk[0] - self.origin) / self.unit, chunk[1]))


def _rounded(step: float, part: Made) -> Made:
    return part.rounded(step) if isinstance(part, Observations) else part


def _weight_of(chosen: Callable[[Observations], Mask | None], part: Made) -> float:
    picked = chosen(part) if isinstance(part, Observations) else None
    if picked is None or not isinstance(part, Observations):
        return 0.0
    return float(np.count_nonzero(picked) if part.weights is None else np.sum(part.weights[picked]))


def _tally(low: float, size: int, part: Made) -> Array | None:
    if not isinstance(part, Observations):
        return None
    at: Indices = (np.asarray(part.values, dtype=np.float64) - low).astype(np.int64)
    return np.bincount(at, part.weights, minlength=size).astype(np.float64)
