"""The door `observe`: what was seen, in the words of those who saw it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np

from likeliest.data.bins import binned, count_rows, name_bins, require_closed
from likeliest.data.description import Provenance
from likeliest.data.intervals import ends_of
from likeliest.data.labels import aligned, labels_of
from likeliest.data.observations import Observations, checked_weights
from likeliest.data.reading.choice import choose, position_of
from likeliest.data.reading.column import (
    Column,
    as_text,
    column_of,
    events_of,
    floats_of,
    is_text,
)
from likeliest.data.reading.frames import table_of_frame
from likeliest.data.reading.source import table_of
from likeliest.data.reading.written import AS_USUAL, Written
from likeliest.data.vectors import as_vector, is_frame, is_path, not_finite
from likeliest.data.windows import require_order, require_seen
from likeliest.engines.dask import is_remote
from likeliest.errors import DataError

if TYPE_CHECKING:
    from os import PathLike

    from numpy.typing import ArrayLike

    from likeliest.data.bins import Closed
    from likeliest.data.reading.column import Missing
    from likeliest.data.reading.table import Table
    from likeliest.numerics.arrays import Array, Indices, Mask


class Frame(Protocol):
    """A data frame of pandas or polars, a lazy one, or an Arrow table."""

    @property
    def columns(self) -> Any:
        """The columns or their names."""


_PLAIN = (np.ndarray, list, tuple)  # data that carry no name, labels or bounds of their own
Data: TypeAlias = "ArrayLike | Observations | Column | Frame | dict[str, Any] | PathLike[str]"
"""What `fit` and `compare` take."""


def observe(
    data: Data | None = None,
    *,
    column: str | None = None,
    event: ArrayLike | None = None,
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
    entry: ArrayLike | None = None,
    exit: ArrayLike | None = None,  # noqa: A002
    edges: ArrayLike | None = None,
    counts: ArrayLike | None = None,
    closed: Closed = "right",
    weights: ArrayLike | None = None,
    sampling_weights: ArrayLike | None = None,
    rounding: float = 0.0,
    missing: Missing = "raise",
) -> Observations:
    """Say what was seen: exact, censored, truncated, binned, weighted or rounded values.

    `fit` and `compare` take the same words. Where `data` is a frame or a file, words may be the
    names of its columns.

    Parameters
    ----------
    data : one-dimensional array-like, frame, or path
        The values: lifetimes, sizes, counts. `scipy.stats.CensoredData` is taken as it is. A frame
        is one of pandas or polars, a lazy one, an Arrow table or a dict of columns. The path, or
        the name of a bundled data set, is of a file that `likeliest.read` takes.
    column : str, optional
        The column of the frame or file that holds the values; needed where several could be meant.
    event : array-like of booleans or of 0 and 1, optional
        Whether the value itself was seen; where not, it is right-censored: X > value.
    lower, upper : array-like, optional
        In place of `data`: bounds of each value. A bound that is NaN or infinite is open; where
        both are the same the value is exact. Of whole numbers both ends are included.
    entry, exit : array-like, or one number for all, optional
        A value could be seen only if entry < X ≤ exit; NaN: no bound. A deductible is an entry.
    edges, counts : array-like, optional
        In place of `data`: how many values lie in each of the bins between the edges. The first
        and last edge may be infinite.
    closed : {"right", "left"}
        The end of each bin that belongs to it: (a, b] is closed on the right.
    weights : array-like, optional
        How often each row was seen.
    sampling_weights : array-like, optional
        How many of the population each row stands for. Estimates are the population's; standard
        errors are robust ones, in which a row counts once.
    rounding : float, optional
        The step to which the values were rounded.
    missing : {"raise", "drop"}
        What to do with rows in which the value, its event or its weight is NaN.

    Returns
    -------
    Observations
        For `fit`, `compare` and the likelihood of a distribution.

    Raises
    ------
    DataError
        If columns differ in length or in their pandas labels, a name is no column of the frame, an
        event is coded otherwise, bounds are the wrong way round, or a value lies outside its own
        window: with the row.

    Examples
    --------
    Five units, two of which still ran after 100 hours:

    >>> import likeliest as lk
    >>> seen = lk.observe([31, 55, 90, 100, 100], event=[1, 1, 1, 0, 0])
    >>> round(lk.fit(seen, "exponential").parameters["rate"], 6)
    0.007979

    Claims that were reported only above a deductible of 500:

    >>> lk.observe([620.0, 900.0, 2400.0], entry=500).n
    3.0

    Columns of a frame:

    >>> frame = {"hours": [31, 55, 90, 100, 100], "failed": [1, 1, 1, 0, 0]}
    >>> print(lk.observe(frame, column="hours", event="failed").description)
    5 values: 3 exact, 2 right-censored
    """
    given: object = missing
    if not (isinstance(given, str) and given in {"raise", "drop"}):
        raise DataError(f'missing must be "raise" or "drop"; got {missing!r}.')
    if not isinstance(rounding, (int, float)) and np.ndim(rounding):
        raise DataError(
            "rounding is one step for all values; of steps that differ give the bounds: "
            "lower=value - step/2, upper=value + step/2."
        )
    every = {
        "event": event, "lower": lower, "upper": upper, "entry": entry, "exit": exit,
        "edges": edges, "counts": counts, "weights": weights, "sampling_weights": sampling_weights,
    }  # fmt: skip
    words = {name: word for name, word in every.items() if word is not None}
    if is_remote(data) or any(map(is_remote, words.values())):
        from likeliest.data.distributed import observe_partitions

        return observe_partitions(data, column, words, rounding, missing)
    require_closed(closed, has_bins="edges" in words or "counts" in words)
    if type(data) in _PLAIN and not (words or column or missing == "drop" or is_frame(data)):
        return Observations.of(data, rounding=rounding)  # type: ignore[arg-type]
    _require_same_rows({"data": data, **words})
    if isinstance(data, Observations):
        return _as_they_are(data, [*(["column"] if column else []), *words], rounding)
    told = _Told(closed, rounding, missing, _name_of(data))
    if is_frame(data):
        return _of_frame(data, column, words, told)
    if is_path(data):
        return _of_table(table_of(data, _wanted(column, words)), column, words, told)
    _require_no_names(data, column, words)
    return _observed(data, words, told)


def observe_file(
    data: str,
    column: str | None = None,
    words: dict[str, Any] | None = None,
    *,
    rounding: float = 0.0,
    missing: Missing = "raise",
    limits: bool = False,
    written: Written = AS_USUAL,
) -> Observations:
    """Say what was seen in a file, as `observe` does, with what `read` can be told of its cells.

    Parameters
    ----------
    data, column, missing, limits
        As `likeliest.read` takes them.
    written : Written
        What the user says of all cells.
    words : dict
        The words of `observe` with the columns that hold them; an entry and an exit may be a
        number for all.
    rounding : float
        As `observe` takes it.
    """
    words = words or {}
    table = table_of(data, _wanted(column, words), written)
    for end in ("entry", "exit"):
        if end in words and words[end] not in table.names:
            words = words | {end: _number_or_name(words[end])}
    told = _Told("right", rounding, missing)
    return _of_table(table, column, words, told, limits=limits)


def _as_they_are(observations: Observations, words: list[str], rounding: float) -> Observations:
    if words:
        raise DataError(
            f"Observations carry their own {' and '.join(words)}: say so where they are made, with "
            "lk.observe or Observations.of(values, weights, rounding)."
        )
    return Observations.of(observations, rounding=rounding)


@dataclass(frozen=True, slots=True)
class _Told:
    """What is told of all rows at once."""

    closed: Closed
    rounding: float
    missing: Missing
    name: str = ""
    unit: str = ""
    row: Indices | None = None
    left_out: int = 0
    labels: Any = None


def _may_miss(told: _Told) -> bool:
    return told.missing == "drop"


# columns by their names


def _of_frame(data: Any, column: str | None, words: dict[str, Any], told: _Told) -> Observations:
    words = {word: _flat(data, name) for word, name in words.items()}
    ends = _ends_of_column(data, column)
    column = None if column is None else str(column)  # pandas may number its columns
    table = table_of_frame(data, _wanted(column, words))
    labels = labels_of(data)
    beside = aligned({word: one for word, one in words.items() if word not in _OF_BINS}, labels)
    if isinstance(words.get("counts"), str):
        told = replace(told, labels=labels)
    return _of_table(table, column, words | beside, told, ends=ends)


def _flat(data: Any, name: Any) -> Any:
    """Return the name of a column below several rows of headers, a tuple, as text."""
    is_deep = isinstance(name, tuple) and getattr(data.columns, "nlevels", 1) > 1
    return str(name) if is_deep else name


def _ends_of_column(data: Any, column: str | None) -> tuple[Array, Array] | None:
    """Return the ends of the intervals that a column of pandas holds; None of other columns."""
    is_named = hasattr(data, "iloc") and column is not None and [*data.columns].count(column) == 1
    return ends_of(data[column]) if is_named else None


def _of_table(
    table: Table,
    column: str | None,
    words: dict[str, Any],
    told: _Told,
    *,
    limits: bool = False,
    ends: tuple[Array, Array] | None = None,
) -> Observations:
    """Return observations of a table of which words may name columns."""
    names = {word: name for word, name in words.items() if isinstance(name, str)}
    beside = {
        word: (events_of if word == "event" else floats_of)(table, position_of(table, name))
        for word, name in names.items()
    }
    if _stand_alone(words):
        if column is not None:
            raise _not_both(" and ".join(word for word in _ALONE if word in words), ["column"])
        bounds = [names[word] for word in ("lower", "upper", "counts") if word in names]
        if "counts" in names and count_rows(told.labels):
            told = replace(told, labels=_bins_of(table, names["counts"]))
        return _observed(None, words | beside, replace(told, name=" to ".join(bounds)))
    if ends is not None:
        return _of_intervals(ends, words | beside, replace(told, name=column or ""))
    at = choose(table, column, besides=names.values())
    found = column_of(table, at, missing=told.missing, limits=limits)
    return _observed(found, words | beside, told)


def _bins_of(table: Table, counts: str) -> list[str] | None:
    """Return the column that says which bin each count is of, where one does."""
    others = [i for i, name in enumerate(table.names) if name != counts]
    text = [as_text(one).to_list() for one in table.columns(others) if is_text(one) and len(one)]
    found = [one for one in text if name_bins(one)]
    return found[0] if len(found) == 1 else None


_OF_BINS = ("edges", "counts")
_ALONE = ("lower", "upper", "edges", "counts")  # they say what was seen without data


def _stand_alone(words: dict[str, Any]) -> bool:
    return any(word in words for word in _ALONE)


def _wanted(column: str | None, words: dict[str, Any]) -> tuple[str, ...]:
    """Return the only columns that need be read; none where others are to be looked at."""
    if (column is None and not _stand_alone(words)) or "counts" in words:
        return ()
    return tuple(name for name in (column, *words.values()) if isinstance(name, str))


def _number_or_name(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _require_no_names(data: object, column: str | None, words: dict[str, Any]) -> None:
    for word, name in [("column", column), *words.items()]:
        if isinstance(name, str):
            given = "no data are given" if data is None else f"the data are a {type(data).__name__}"
            raise DataError(
                f"{word}={name!r} names a column, and {given}: give the data frame or the file "
                "first, or give the values themselves."
            )


def _name_of(data: Any) -> str:
    """Return what pandas or polars calls a column."""
    name = getattr(data, "name", None)
    return "" if name is None else str(name)


# arrays


def _observed(data: Any, words: dict[str, Any], told: _Told) -> Observations:
    """Return observations of arrays: data and words, or words alone."""
    if "edges" in words or "counts" in words:
        _require_alone(("edges", "counts"), data, words, told, but=("entry", "exit"))
        low, high, seen = binned(words.get("edges"), words.get("counts"), told.closed, told.labels)
        return _of_bounds(low, high, words | {"weights": seen}, told)
    if "lower" in words or "upper" in words:
        _require_alone(("lower", "upper"), data, words, told, but=_BESIDE)
        words = aligned(words)
        return _of_bounds(
            *_bounds(words.get("lower"), words.get("upper")), words, told, closed=True
        )
    if data is None:
        raise DataError("Nothing was given: data, or lower and upper, or edges and counts.")
    return _of_data(data, words, told)


def _of_data(data: Any, words: dict[str, Any], told: _Told) -> Observations:
    """Return observations of data of any kind with the words beside them."""
    if type(data).__name__ == "CensoredData":
        _require_alone(("scipy.stats.CensoredData",), None, words, told, but=_BESIDE)
        return _of_bounds(*_from_scipy(data), words, told)
    if isinstance(data, Column):
        return _of_column(data, words, told)
    ends = ends_of(data)
    if ends is not None:
        beside = aligned({"data": data, **words})
        return _of_intervals(ends, {word: beside[word] for word in words}, told)
    if not (words or told.name or _may_miss(told)):
        return Observations.of(data, rounding=told.rounding)
    data, *others = aligned({"data": data, **words}).values()
    return _of_values(
        as_vector(data, "data", gaps=_may_miss(told)), dict(zip(words, others, strict=True)), told
    )


def _of_column(column: Column, words: dict[str, Any], told: _Told) -> Observations:
    """Return observations of a column that was read, less the rows that were left out of it."""
    told = replace(told, name=column.name, unit=column.unit)
    if column.rows is not None:
        total = len(column) + column.left_out
        words = {word: _at(values, column.rows, total) for word, values in words.items()}
        told = replace(told, row=column.rows, left_out=column.left_out)
    if column.lower is None or column.upper is None:
        return _of_values(column.values, words, told)
    _require_alone(("limits",), None, words, told, but=_BESIDE)
    return _of_bounds(column.lower, column.upper, words, told)


def _of_intervals(ends: tuple[Array, Array], words: dict[str, Any], told: _Told) -> Observations:
    """Return observations of values that lie in intervals, low < X ≤ high."""
    _require_alone(("intervals",), None, words, told, but=_BESIDE)
    return _of_bounds(*ends, words, told)


def _at(values: Any, rows: Indices, total: int) -> Any:
    return values if np.ndim(values) == 0 or len(values) != total else np.asarray(values)[rows]


def _of_values(values: Array, words: dict[str, Any], told: _Told) -> Observations:
    """Return observations of values, right-censored where there was no event."""
    if not any(word in words for word in ("event", "entry", "exit")):
        return _of_plain(values, words, told)
    n = values.size
    if np.isinf(values).any():
        raise not_finite(values, "values")
    gaps = {"value": np.isnan(values)}
    high = values
    if "event" in words:
        seen = as_vector(words["event"], "event", gaps=_may_miss(told))
        if seen.size != n:
            raise DataError(f"There are {seen.size:,} events for {n:,} values; give one for each.")
        gaps["event"] = np.isnan(seen)
        _require_events(seen, told)
        high = np.where(seen == 1.0, values, np.inf)
    found = _of_rows(values, high, words, told, gaps)
    return found.rounded(told.rounding) if told.rounding else found


def _of_plain(values: Array, words: dict[str, Any], told: _Told) -> Observations:
    """Return observations of values of which nothing but weights is told."""
    weights = _weights(words, values.size, told)
    if _may_miss(told):
        gaps = np.isnan(values) if weights is None else np.isnan(values) | np.isnan(weights)
        told, (values, weights) = _dropped(gaps, told, (values, weights))
    if weights is not None:
        weights = _checked(weights, values.size, words)
    seen = Observations.of(values, weights)
    row = _rows_of(told, seen.row)
    seen = replace(seen, row=row, provenance=_provenance(words, told))
    return seen.rounded(told.rounding) if told.rounding else seen


def _of_bounds(
    lower: Array, upper: Array, words: dict[str, Any], told: _Told, *, closed: bool = False
) -> Observations:
    """Return observations of bounds of which those that are NaN are open."""
    no_low, no_high = np.isnan(lower) | (lower == -np.inf), np.isnan(upper) | (upper == np.inf)
    gaps = {"bound": no_low & no_high}
    low, high = np.where(np.isnan(lower), -np.inf, lower), np.where(np.isnan(upper), np.inf, upper)
    return _of_rows(low, high, words, told, gaps, lower_closed=closed)


def _of_rows(
    lower: Array,
    upper: Array,
    words: dict[str, Any],
    told: _Told,
    gaps: dict[str, Mask],
    *,
    lower_closed: bool = False,
) -> Observations:
    """Check rows and make them observations."""
    n = lower.size
    if n == 0:
        raise DataError("The data are empty: at least one value is needed.")
    weights = _weights(words, n, told)
    entry, exit_ = _window(words, "entry", n), _window(words, "exit", n)
    if _may_miss(told):
        if weights is not None:
            gaps = gaps | {"weight": np.isnan(weights)}
        every = np.logical_or.reduce([*gaps.values()])
        columns = (lower, upper, weights, entry, exit_)
        told, (lower, upper, weights, entry, exit_) = _dropped(every, told, columns)
    else:
        _require_whole(gaps, told)
    row = np.arange(lower.size) if told.row is None else told.row
    require_order(lower, upper, row)
    require_seen(lower, upper, entry, exit_, row, lower_closed=lower_closed)
    if weights is not None:
        weights = _checked(weights, lower.size, words)
        some = weights > 0
        if not some.all():
            lower, upper, weights, row = lower[some], upper[some], weights[some], row[some]
            entry, exit_ = _part(entry, some), _part(exit_, some)
    seen = Observations.between(
        lower, upper, weights=weights, entry=entry, exit=exit_, row=row, lower_closed=lower_closed
    )
    return replace(seen, provenance=_provenance(words, told))


def _dropped(
    gaps: Mask, told: _Told, columns: tuple[Array | None, ...]
) -> tuple[_Told, tuple[Any, ...]]:
    """Return the columns less the rows with gaps, and count these."""
    if not gaps.any():
        return told, columns
    if gaps.all():
        raise DataError("Something is missing in every row: none is left.")
    keep = ~gaps
    row = np.flatnonzero(keep) if told.row is None else told.row[keep]
    told = replace(told, row=row, left_out=told.left_out + int(np.count_nonzero(gaps)))
    return told, tuple(_part(column, keep) for column in columns)


def _part(column: Array | None, keep: Mask) -> Array | None:
    return column if column is None or column.size == 1 < keep.size else column[keep]


def _rows_of(told: _Told, at: Indices | None) -> Indices | None:
    """Return where rows stood in the user's data, of those that are left."""
    return told.row if at is None else at if told.row is None else told.row[at]


def _provenance(words: dict[str, Any], told: _Told) -> Provenance:
    return Provenance(told.name, told.unit, told.left_out, by_sampling=_OF_SAMPLE in words)


# weights, events, bounds, windows

_BESIDE = ("entry", "exit", "weights", "sampling_weights")  # what goes with any rows
_OF_SAMPLE = "sampling_weights"


def _weights(words: dict[str, Any], n: int, told: _Told) -> Array | None:
    """Return weights of either kind, of which some may still be missing."""
    given = [word for word in ("weights", _OF_SAMPLE) if word in words]
    if len(given) > 1:
        raise DataError(
            "weights say how often a row was seen, sampling_weights how many of the population it "
            "stands for: give one of the two."
        )
    if not given:
        return None
    weights = as_vector(words[given[0]], _plainly(given[0]), gaps=_may_miss(told))
    if weights.size != n:
        raise DataError(
            f"There are {weights.size:,} {_plainly(given[0])} for {n:,} values; give one for each."
        )
    return weights


def _checked(weights: Array, n: int, words: dict[str, Any]) -> Array:
    """Return weights that are none but numbers; those of a sample add up to its rows."""
    if _OF_SAMPLE not in words:
        return checked_weights(weights, n)
    checked = checked_weights(weights, n, _plainly(_OF_SAMPLE))
    return checked * (np.count_nonzero(checked) / float(np.sum(checked)))


def _plainly(word: str) -> str:
    return word.replace("_", " ")


def _require_events(seen: Array, told: _Told) -> None:
    other = ~(np.isin(seen, (0.0, 1.0)) | np.isnan(seen))
    if other.any():
        at = int(np.argmax(other))
        found = ", ".join(f"{v:g}" for v in np.unique(seen[other])[:3])
        raise DataError(
            f"event must be 1 where the value was seen and 0 where it is right-censored; row "
            f"{at if told.row is None else told.row[at]} is {seen[at]:g} (other codes: {found}). "
            "Of R's 1 and 2 the event is 2: write 1 for it and 0 for 1 (in Python event == 2)."
        )


def _bounds(lower: ArrayLike | None, upper: ArrayLike | None) -> tuple[Array, Array]:
    low = np.empty(0) if lower is None else as_vector(lower, "lower bounds", gaps=True)
    high = np.empty(0) if upper is None else as_vector(upper, "upper bounds", gaps=True)
    low = np.full(high.size, np.nan) if lower is None else low
    high = np.full(low.size, np.nan) if upper is None else high
    if low.size != high.size:
        raise DataError(
            f"There are {low.size:,} lower bounds and {high.size:,} upper ones; give one of each "
            "for a row, NaN where it is open."
        )
    return np.asarray(low, np.float64), np.asarray(high, np.float64)


def _from_scipy(data: Any) -> tuple[Array, Array]:
    """Return the bounds of a scipy.stats.CensoredData."""
    exact, left, right = (
        np.asarray(getattr(data, f"_{name}"), np.float64)
        for name in ("uncensored", "left", "right")
    )
    interval = np.asarray(data._interval, np.float64).reshape(-1, 2)  # noqa: SLF001
    low = np.concatenate([exact, np.full(left.size, -np.inf), right, interval[:, 0]])
    high = np.concatenate([exact, left, np.full(right.size, np.inf), interval[:, 1]])
    return low, high


def _window(words: dict[str, Any], what: str, n: int) -> Array | None:
    """Return one end of the window, of shape (n,), or (1,) where it is common to all."""
    end = words.get(what)
    if end is None:
        return None
    open_ = -np.inf if what == "entry" else np.inf
    if np.ndim(end) == 0 and (isinstance(end, bool) or not hasattr(end, "__float__")):
        raise DataError(f"{what} must be one number for all rows or an array; got {end!r:.40}.")
    values = np.array([float(end)]) if np.ndim(end) == 0 else as_vector(end, what, gaps=True)
    if values.size != n and np.ndim(end) > 0:
        raise DataError(
            f"There are {values.size:,} {what} values for {n:,} rows; give one for each, or one "
            "number for all."
        )
    values = np.where(np.isnan(values), open_, np.asarray(values, np.float64))
    if (values == open_).all():
        return None
    return values[:1] if (values == values[0]).all() else values


# what cannot be


def _require_same_rows(columns: dict[str, Any]) -> None:
    """Raise if columns that were read have lost different rows: they would be paired wrongly."""
    read = {n: c.rows for n, c in columns.items() if isinstance(c, Column)}
    cut = {name: rows for name, rows in read.items() if rows is not None}
    first, *others = cut or [""]
    for name in others:
        if not np.array_equal(cut[first], cut[name]):
            raise DataError(
                f'{first} and {name} were read with missing="drop" and have lost different rows, '
                "so that their values no longer belong together. Read them as one data frame and "
                'name its columns: lk.observe(frame, column=..., missing="drop").'
            )


def _require_alone(
    what: tuple[str, ...],
    data: object,
    words: dict[str, Any],
    told: _Told,
    *,
    but: tuple[str, ...],
) -> None:
    """Raise if more is told of what was seen than goes together."""
    given = [] if data is None else ["data"]
    given += [word for word in words if word not in what and word not in but]
    given += ["rounding"] if told.rounding else []
    if given:
        raise _not_both(" and ".join(what), given)


def _not_both(what: str, given: list[str]) -> DataError:
    verb = "say" if " and " in what or what in {"limits", "intervals"} else "says"
    return DataError(f"{what} {verb} what was seen; {' and '.join(given)} cannot be given as well.")


def _require_whole(gaps: dict[str, Mask], told: _Told) -> None:
    """Raise if something is missing in some rows."""
    for what, gap in gaps.items():
        if gap.any():
            rows = np.flatnonzero(gap) if told.row is None else told.row[gap]
            raise DataError(
                f"{rows.size:,} of {gap.size:,} rows {'has' if rows.size == 1 else 'have'} no "
                f'{what} (first: row {rows[0]}). Leave such rows out with missing="drop", or say '
                "what they mean."
            )
