"""The door `observe`: what was seen, in the words of those who saw it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np

from likeliest.data.column import Column
from likeliest.data.observations import Observations
from likeliest.data.vectors import is_frame, is_path
from likeliest.engines.dask import is_remote
from likeliest.errors import DataError

if TYPE_CHECKING:
    from os import PathLike

    from numpy.typing import ArrayLike

    from likeliest.data.bins import Closed
    from likeliest.data.reading.column import Missing


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
        The values: lifetimes, sizes, counts. `scipy.stats.CensoredData` and pandas' intervals, as
        `pandas.cut` makes them, are taken as they are. A frame is one of pandas or polars, a lazy
        one, an Arrow table or a dict of columns. The path, or the name of a bundled data set, is of
        a file that `likeliest.read` takes.
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
    is_told_more = words or column or missing == "drop" or closed != "right"
    if type(data) in _PLAIN and not (is_told_more or is_frame(data) or is_remote(data)):
        return Observations.of(data, rounding=rounding)  # type: ignore[arg-type]
    if is_remote(data) or any(map(is_remote, words.values())):
        from likeliest.data.distributed import observe_partitions

        return observe_partitions(data, column, words, rounding, missing)
    from likeliest.data.bins import require_closed
    from likeliest.data.observed import Told, observed

    require_closed(closed, has_bins="edges" in words or "counts" in words)
    _require_same_rows({"data": data, **words})
    if isinstance(data, Observations):
        return _as_they_are(data, [*(["column"] if column else []), *words], rounding)
    told = Told(closed, rounding, missing, _name_of(data))
    if is_frame(data) or is_path(data):
        from likeliest.data.named import observe_named

        return observe_named(data, column, words, told)
    _require_no_names(data, column, words)
    return observed(data, words, told)


def _as_they_are(observations: Observations, words: list[str], rounding: float) -> Observations:
    if words:
        raise DataError(
            f"Observations carry their own {' and '.join(words)}: say so where they are made, with "
            "lk.observe or Observations.of(values, weights, rounding)."
        )
    return Observations.of(observations, rounding=rounding)


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
