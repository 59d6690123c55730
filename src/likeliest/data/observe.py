"""The door `observe`: what was seen, in the words of those who saw it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from likeliest.data.observations import Observations, checked_weights
from likeliest.data.vectors import as_vector
from likeliest.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from likeliest.numerics.arrays import Array, Indices, Mask

Closed = Literal["right", "left"]
Missing = Literal["raise", "drop"]


def observe(
    data: ArrayLike | Observations | None = None,
    *,
    event: ArrayLike | None = None,
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
    entry: ArrayLike | float | None = None,
    exit: ArrayLike | float | None = None,  # noqa: A002
    edges: ArrayLike | None = None,
    counts: ArrayLike | None = None,
    closed: Closed = "right",
    weights: ArrayLike | None = None,
    rounding: float = 0.0,
    missing: Missing = "raise",
) -> Observations:
    """Say what was seen: exact, censored, truncated, binned, weighted or rounded values.

    Parameters
    ----------
    data : one-dimensional array-like
        The values: lifetimes, sizes, counts. `scipy.stats.CensoredData` is taken as it is.
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
        Which end belongs to a bin.
    weights : array-like, optional
        How often each row was seen.
    rounding : float, optional
        The step to which the values were rounded.
    missing : {"raise", "drop"}
        What to do with rows in which something is NaN.

    Returns
    -------
    Observations
        For `fit`, `compare` and the likelihood of a distribution.

    Raises
    ------
    DataError
        If columns differ in length, an event is coded otherwise, bounds are the wrong way round, or
        a value lies outside its own window: with the row.

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
    """
    if missing not in ("raise", "drop"):
        raise DataError(f'missing must be "raise" or "drop"; got {missing!r}.')
    if isinstance(data, Observations):
        raise DataError("These are observations already: give the arrays that they were made of.")
    if edges is not None or counts is not None:
        _require_alone("edges and counts", data=data, event=event, lower=lower, upper=upper)
        _require_alone("edges and counts", weights=weights, rounding=rounding or None)
        low, high, seen = _binned(edges, counts, closed)
        return _built(low, high, seen, (entry, exit), missing, lower_closed=False)
    if type(data).__name__ == "CensoredData":
        _require_alone("scipy.stats.CensoredData", event=event, lower=lower, upper=upper)
        low, high = _from_scipy(data)
        return _built(low, high, weights, (entry, exit), missing, lower_closed=False)
    if lower is not None or upper is not None:
        _require_alone("lower and upper", data=data, event=event, rounding=rounding or None)
        low, high = _bounds(lower, upper)
        return _built(low, high, weights, (entry, exit), missing, lower_closed=True)
    if data is None:
        raise DataError("Nothing was given: data, or lower and upper, or edges and counts.")
    values = as_vector(data, "data")
    if event is None and entry is None and exit is None:
        values, more = _kept(values, weights, missing)
        return Observations.of(values, more, rounding)
    if rounding:
        raise DataError(
            "rounding goes with plain values. Of censored or truncated rows give the bounds: "
            "lower=value - step/2, upper=value + step/2."
        )
    high = values if event is None else np.where(_events(event, values.size), values, np.inf)
    return _built(
        np.where(np.isnan(values), np.nan, values),
        np.where(np.isnan(values), np.nan, high),
        weights,
        (entry, exit),
        missing,
        lower_closed=False,
        nan_is_open=False,
    )


def _built(
    lower: Array,
    upper: Array,
    weights: ArrayLike | None,
    window: tuple[ArrayLike | float | None, ArrayLike | float | None],
    missing: Missing,
    *,
    lower_closed: bool,
    nan_is_open: bool = True,
) -> Observations:
    """Check rows and make them observations."""
    n = lower.size
    if n == 0:
        raise DataError("The data are empty: at least one value is needed.")
    window_low = _window(window[0], "entry", n, -np.inf)
    window_high = _window(window[1], "exit", n, np.inf)
    gaps = np.isnan(lower) & np.isnan(upper) if nan_is_open else np.isnan(lower)
    row = np.arange(n)
    if gaps.any():
        if missing == "raise":
            raise _gap(row[gaps], n, "tell nothing: both bounds are missing" if nan_is_open else "")
        keep = ~gaps
        lower, upper, row = lower[keep], upper[keep], row[keep]
        window_low, window_high = _part(window_low, keep), _part(window_high, keep)
        weights = None if weights is None else np.asarray(as_vector(weights, "weights"))[keep]
        n = lower.size
        if n == 0:
            raise DataError("All rows have gaps: no value is left.")
    lower = np.where(np.isnan(lower), -np.inf, lower)
    upper = np.where(np.isnan(upper), np.inf, upper)
    _require_order(lower, upper, row)
    _require_seen(lower, upper, window_low, window_high, row)
    checked = None if weights is None else checked_weights(weights, n)
    if checked is not None and not checked.all():
        some = checked > 0
        lower, upper, row, checked = lower[some], upper[some], row[some], checked[some]
        window_low, window_high = _part(window_low, some), _part(window_high, some)
    return Observations.between(
        lower,
        upper,
        weights=checked,
        entry=window_low,
        exit=window_high,
        row=row,
        lower_closed=lower_closed,
    )


def _events(event: ArrayLike, n: int) -> Mask:
    seen = as_vector(event, "event")
    if seen.size != n:
        raise DataError(f"There are {seen.size:,} events for {n:,} values; give one for each.")
    other = ~np.isin(seen, (0.0, 1.0))
    if other.any():
        found = ", ".join(f"{v:g}" for v in np.unique(seen[other])[:3])
        raise DataError(
            f"event must be 1 where the value was seen and 0 where it is right-censored; row "
            f"{int(np.argmax(other))} is {seen[other][0]:g} (other codes: {found}). Of R's 1 and 2 "
            "give event == 2."
        )
    return seen == 1.0


def _bounds(lower: ArrayLike | None, upper: ArrayLike | None) -> tuple[Array, Array]:
    some = lower if lower is not None else upper
    size = as_vector(some, "bounds").size
    low = np.full(size, np.nan) if lower is None else as_vector(lower, "lower bounds")
    high = np.full(size, np.nan) if upper is None else as_vector(upper, "upper bounds")
    if low.size != high.size:
        raise DataError(
            f"There are {low.size:,} lower bounds and {high.size:,} upper ones; give one of each "
            "for a row, NaN where it is open."
        )
    return np.asarray(low, np.float64), np.asarray(high, np.float64)


def _binned(
    edges: ArrayLike | None, counts: ArrayLike | None, closed: Closed
) -> tuple[Array, Array, Array]:
    if edges is None or counts is None:
        raise DataError("Bins need both: edges, and counts of the values between them.")
    if closed not in ("right", "left"):
        raise DataError(f'closed must be "right" or "left"; got {closed!r}.')
    at, seen = as_vector(edges, "edges"), as_vector(counts, "counts")
    if at.size != seen.size + 1:
        raise DataError(
            f"{at.size:,} edges make {max(at.size - 1, 0):,} bins, and there are {seen.size:,} "
            "counts."
        )
    if np.isnan(at).any() or not (np.diff(at) > 0).all():
        raise DataError("The edges of bins must be numbers that rise.")
    low, high = np.asarray(at[:-1], np.float64), np.asarray(at[1:], np.float64)
    if closed == "left":  # of a density nothing changes; [a, b) of whole numbers is (a - 1, b - 1]
        low, high = _left_of(low), _left_of(high)
    return low, high, seen


def _left_of(edge: Array) -> Array:
    """Return edges just below the numbers, so that a number that is an edge lies above it."""
    return np.where(np.isfinite(edge), np.nextafter(edge, -np.inf), edge)


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


def _window(end: ArrayLike | float | None, what: str, n: int, open_: float) -> Array | None:
    """Return one end of the window, of shape (n,), or (1,) where it is common to all."""
    if end is None:
        return None
    values = np.array([end], np.float64) if np.ndim(end) == 0 else as_vector(end, what)
    if values.size != n and np.ndim(end) > 0:
        raise DataError(
            f"There are {values.size:,} {what} values for {n:,} rows; give one for each, or one "
            "number for all."
        )
    values = np.where(np.isnan(values), open_, np.asarray(values, np.float64))
    if (values == open_).all():
        return None
    return values[:1] if (values == values[0]).all() else values


def _part(column: Array | None, keep: Mask) -> Array | None:
    return column if column is None or column.size == 1 else column[keep]


def _kept(
    values: Array, weights: ArrayLike | None, missing: Missing
) -> tuple[Array, ArrayLike | None]:
    gaps = np.isnan(values)
    if missing == "raise" or not gaps.any():
        return values, weights
    if gaps.all():
        raise DataError("All values are missing: none is left.")
    return values[~gaps], None if weights is None else as_vector(weights, "weights")[~gaps]


def _gap(rows: Indices, n: int, why: str) -> DataError:
    return DataError(
        f"{rows.size:,} of {n:,} rows {why or 'have no value'} (first: row {rows[0]}). Leave them "
        'out with missing="drop", or say what they mean.'
    )


def _require_alone(what: str, **others: object) -> None:
    given = [name for name, value in others.items() if value is not None]
    if given:
        raise DataError(f"{what} say what was seen; {' and '.join(given)} cannot be given as well.")


def _require_order(lower: Array, upper: Array, row: Indices) -> None:
    bad = (lower > upper) | (lower == np.inf) | (upper == -np.inf)
    if bad.any():
        at = int(np.argmax(bad))
        raise DataError(
            f"{int(bad.sum()):,} of {lower.size:,} rows hold no value (first: row {row[at]}, from "
            f"{lower[at]:g} to {upper[at]:g}): a lower bound lies at or below its upper one."
        )


def _require_seen(
    lower: Array, upper: Array, entry: Array | None, exit_: Array | None, row: Indices
) -> None:
    """Raise if rows lie outside their own window."""
    for end, what in ((entry, "entry"), (exit_, "exit")):
        if end is None:
            continue
        beyond = upper <= end if what == "entry" else lower > end
        if what == "exit":
            beyond |= (lower == end) & (upper > lower)
        if beyond.any():
            at = int(np.argmax(beyond))
            limit = float(np.broadcast_to(end, lower.shape)[at])
            shown = upper[at] if what == "entry" else lower[at]
            where = "at or below its entry" if what == "entry" else "beyond its exit"
            raise DataError(
                f"{int(beyond.sum()):,} of {lower.size:,} rows lie {where} (first: row {row[at]}, "
                f"{shown:g} with {what} {limit:g}): they could not have been seen."
            )
