"""Arrays and the words beside them, made observations: rows checked, gaps left out or refused."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.data.bins import binned
from likeliest.data.column import Column
from likeliest.data.description import Provenance
from likeliest.data.intervals import ends_of
from likeliest.data.labels import aligned
from likeliest.data.observations import Observations, checked_weights
from likeliest.data.vectors import as_vector, not_finite
from likeliest.data.windows import require_order, require_seen
from likeliest.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from likeliest.data.bins import Closed
    from likeliest.data.reading.column import Missing
    from likeliest.numerics.arrays import Array, Indices, Mask


@dataclass(frozen=True, slots=True)
class Told:
    """Hold the options that concern all rows, such as rounding."""

    closed: Closed
    rounding: float
    missing: Missing
    name: str = ""
    unit: str = ""
    row: Indices | None = None
    left_out: int = 0
    labels: Any = None


def _may_miss(told: Told) -> bool:
    return told.missing == "drop"


def observed(data: Any, words: dict[str, Any], told: Told) -> Observations:
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


def _of_data(data: Any, words: dict[str, Any], told: Told) -> Observations:
    """Return observations of data of any kind with the words beside them."""
    if type(data).__name__ == "CensoredData":
        _require_alone(("scipy.stats.CensoredData",), None, words, told, but=_BESIDE)
        return _of_bounds(*_from_scipy(data), words, told)
    if isinstance(data, Column):
        return _of_column(data, words, told)
    ends = ends_of(data)
    if ends is not None:
        beside = aligned({"data": data, **words})
        return of_intervals(ends, {word: beside[word] for word in words}, told)
    if not (words or told.name or _may_miss(told)):
        return Observations.of(data, rounding=told.rounding)
    data, *others = aligned({"data": data, **words}).values()
    return _of_values(
        as_vector(data, "data", gaps=_may_miss(told)), dict(zip(words, others, strict=True)), told
    )


def _of_column(column: Column, words: dict[str, Any], told: Told) -> Observations:
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


def of_intervals(ends: tuple[Array, Array], words: dict[str, Any], told: Told) -> Observations:
    """Return observations of values that lie in intervals, low < X ≤ high."""
    _require_alone(("intervals",), None, words, told, but=_BESIDE)
    return _of_bounds(*ends, words, told)


def _at(values: Any, rows: Indices, total: int) -> Any:
    return values if np.ndim(values) == 0 or len(values) != total else np.asarray(values)[rows]


def _of_values(values: Array, words: dict[str, Any], told: Told) -> Observations:
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


def _of_plain(values: Array, words: dict[str, Any], told: Told) -> Observations:
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
    lower: Array, upper: Array, words: dict[str, Any], told: Told, *, closed: bool = False
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
    told: Told,
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
    gaps: Mask, told: Told, columns: tuple[Array | None, ...]
) -> tuple[Told, tuple[Any, ...]]:
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


def _rows_of(told: Told, at: Indices | None) -> Indices | None:
    """Return where rows stood in the user's data, of those that are left."""
    return told.row if at is None else at if told.row is None else told.row[at]


def _provenance(words: dict[str, Any], told: Told) -> Provenance:
    return Provenance(told.name, told.unit, told.left_out, by_sampling=_OF_SAMPLE in words)


_BESIDE = ("entry", "exit", "weights", "sampling_weights")  # what goes with any rows
_OF_SAMPLE = "sampling_weights"


def _weights(words: dict[str, Any], n: int, told: Told) -> Array | None:
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


def _require_events(seen: Array, told: Told) -> None:
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


def _require_alone(
    what: tuple[str, ...],
    data: object,
    words: dict[str, Any],
    told: Told,
    *,
    but: tuple[str, ...],
) -> None:
    """Raise if more is told of what was seen than goes together."""
    given = [] if data is None else ["data"]
    given += [word for word in words if word not in what and word not in but]
    given += ["rounding"] if told.rounding else []
    if given:
        raise not_both(" and ".join(what), given)


def not_both(what: str, given: list[str]) -> DataError:
    """Return the error that says what cannot be told beside what was seen."""
    verb = "say" if " and " in what or what in {"limits", "intervals"} else "says"
    return DataError(f"{what} {verb} what was seen; {' and '.join(given)} cannot be given as well.")


def _require_whole(gaps: dict[str, Mask], told: Told) -> None:
    """Raise if something is missing in some rows."""
    for what, gap in gaps.items():
        if gap.any():
            rows = np.flatnonzero(gap) if told.row is None else told.row[gap]
            raise DataError(
                f"{rows.size:,} of {gap.size:,} rows {'has' if rows.size == 1 else 'have'} no "
                f'{what} (first: row {rows[0]}). Leave such rows out with missing="drop", or say '
                "what they mean."
            )
