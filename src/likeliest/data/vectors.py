"""Data of any kind, a list, NumPy, pandas, polars, Arrow or a tensor, as one vector of floats."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Mapping, ValuesView
from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.errors import DataError

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array

LARGEST_COUNT = 2.0**53
"""Whole numbers up to here are told apart by float64."""

_TIMES = (dt.date, dt.time)
_MOST_LISTED = 10


def as_vector(data: Any, what: str, *, gaps: bool = False) -> Array:
    """Return data of any kind as a one-dimensional float array, or say why it cannot be one.

    Where gaps are meant, None and pandas' NA are NaN.
    """
    if type(data) is not np.ndarray or data.dtype.names is not None:
        data = _in_order(data, what)
    array = _to_numpy(_unmasked(data) if _is_masked(data) else data, what)
    if array.dtype.kind == "c":
        raise DataError(f"The {what} are complex numbers; a likelihood needs real ones.")
    if array.dtype.kind in "mM":
        raise _durations(what) if array.dtype.kind == "m" else _dates(what)
    if array.ndim == 0:
        raise DataError(
            f"The {what} must be a list or a one-dimensional array of numbers; got one "
            f"{type(data).__name__}."
        )
    if array.ndim != 1:
        raise DataError(
            f"The {what} must be one-dimensional; got an array of shape {array.shape}. "
            "Fit one column at a time, such as x[:, 0]; compare families on each of them by "
            "lk.compare(dict(enumerate(x.T))); flatten it by x.ravel() if all values belong "
            'together; or fit rows as wholes: lk.fit(x, "multivariate normal").'
        )
    if array.dtype.kind not in "fiub":
        # NumPy makes text of every number of a list that has text in it.
        array = _from_objects(data if isinstance(data, (list, tuple)) else array, what, gaps=gaps)
    return _exact_floats(array, what)


def _in_order(data: Any, what: str) -> Any:
    """Return an iterator as a list, a tensor on the CPU; refuse what is no single column."""
    if hasattr(data, "__next__") or isinstance(data, ValuesView):
        data = list(data)  # an iterator can be gone through only once
    if hasattr(data, "detach"):  # a tensor
        data = data.detach().cpu()
        data = data.float() if str(data.dtype) == "torch.bfloat16" else data
    _refuse_containers(data, what)
    return data


def _to_numpy(data: Any, what: str) -> Any:
    try:
        return np.asarray(data)
    except (TypeError, ValueError) as error:
        raise DataError(f"The {what} cannot be read as an array of numbers: {error}") from None


def _refuse_containers(data: Any, what: str) -> None:
    """Refuse what has no order, and say how to take a column of what has several."""
    kind = type(data).__name__
    if isinstance(data, AbstractSet):
        raise DataError(f"The {what} are a {kind}, which holds each value once: give a list.")
    if not is_frame(data):
        return
    columns = _columns(data)
    shown = ", ".join(map(str, columns[:_MOST_LISTED])) + "…" * (len(columns) > _MOST_LISTED)
    raise DataError(
        f"The {what} must be one-dimensional; got a {kind} with the columns {shown}. Take one "
        f"column: lk.observe(data, column={next(iter(columns), 'name')!r})."
    )


def is_path(data: object) -> bool:
    """Whether data are named by the path of a file, or by a name that stands for one."""
    return isinstance(data, (str, os.PathLike))


def is_frame(data: Any) -> bool:
    """Whether data are a data frame, a lazy one, an Arrow table, a dict, or an array of fields."""
    if isinstance(data, np.ndarray):
        return data.dtype.names is not None
    if isinstance(data, Mapping) or hasattr(data, "collect_schema"):
        return True  # the columns of a lazy frame are not to be asked for: it warns
    return hasattr(data, "columns") and getattr(data, "ndim", 2) == 2


def _columns(data: Any) -> list[str]:
    """Return the names of the columns of a frame."""
    if isinstance(data, np.ndarray):
        return [*(data.dtype.names or ())]
    if isinstance(data, Mapping):
        return [*data]
    if hasattr(data, "collect_schema"):
        return [*data.collect_schema().names()]
    return [*getattr(data, "column_names", data.columns)]


def _dates(what: str) -> DataError:
    return DataError(
        f"The {what} are dates; turn them into numbers of one unit first, such as days since the "
        "first: (x - x.min()) / np.timedelta64(1, 'D')."
    )


def _durations(what: str) -> DataError:
    return DataError(
        f"The {what} are durations; divide them by their unit first, such as x / "
        "np.timedelta64(1, 'D') for days (in polars x.dt.total_seconds())."
    )


def _is_masked(data: Any) -> bool:
    """Whether data are a masked array; NumPy's module of those is not imported to find out."""
    masked = sys.modules.get("numpy.ma")
    return masked is not None and masked.isMaskedArray(data)


def _unmasked(data: Any) -> Any:
    """Return a masked array with NaN, which will be refused, where it hides a value."""
    hides = np.ma.is_masked(data) and data.dtype.kind in "fiub"
    return data.astype(np.float64).filled(np.nan) if hides else np.ma.getdata(data)


def _from_objects(cells: Any, what: str, *, gaps: bool) -> Array:
    return np.array([
        np.nan if gaps and _is_missing(value) else _from_object(value, row, what)
        for row, value in enumerate(cells)
    ])  # fmt: skip


def _is_missing(value: Any) -> bool:
    return value is None or str(value) == "<NA>"


def _from_object(value: Any, row: int, what: str) -> float:
    if isinstance(value, dt.timedelta):
        raise _durations(what)
    if isinstance(value, _TIMES) or type(value).__name__ == "Period":
        raise _dates(what)
    is_number = hasattr(value, "__float__") and not isinstance(value, (str, bytes))
    if not is_number or np.ndim(value) > 0:
        shown = "missing" if _is_missing(value) else repr(str(value))
        hint = ""
        if isinstance(value, str):
            hint = " lk.read({'x': data}) reads numbers written as text."
        elif hasattr(value, "left"):
            hint = " lk.observe takes a pandas.Series of intervals."
        raise DataError(
            f"The {what} must be numbers; row {row} is {shown}, of type {type(value).__name__}."
            f"{hint}"
        )
    if isinstance(value, int) and abs(value) > LARGEST_COUNT:
        raise _beyond(what, row, value)
    try:
        return float(value)
    except (OverflowError, TypeError, ValueError) as error:
        raise DataError(f"The {what} must be numbers; row {row} is not: {error}.") from None


def _exact_floats(array: Any, what: str) -> Array:
    """Return float32 and float64 as they are, other numbers as float64 if it can hold them."""
    if array.dtype in (np.float32, np.float64):
        return np.ascontiguousarray(array)
    if array.dtype.kind in "iu" and array.size and _reaches_beyond(array):
        row = int(np.argmax((array > int(LARGEST_COUNT)) | (array < -int(LARGEST_COUNT))))
        raise _beyond(what, row, array[row])
    return np.ascontiguousarray(array, dtype=np.float64)


def _beyond(what: str, row: int, value: Any) -> DataError:
    return DataError(
        f"The {what} hold whole numbers beyond 2^53, which float64 cannot tell apart "
        f"(first: row {row}, {Decimal(int(value)):.6g}). Subtract an offset first, or pass floats."
    )


def _reaches_beyond(array: Any) -> bool:
    """Whether an array of integers holds some that float64 cannot tell apart."""
    return max(int(array.max()), -int(array.min())) > LARGEST_COUNT


def not_finite(array: Array, what: str) -> DataError:
    """Return the error that says how many values are not finite, and where."""
    rows = np.flatnonzero(~np.isfinite(array))
    shown = ", ".join(f"row {row}: {array[row]}" for row in rows[:3])
    verb = "is" if rows.size == 1 else "are"
    way = (
        ' If NaN is a missing value, missing="drop" leaves it out: lk.fit, lk.compare and '
        "lk.observe take that word."
    )
    return DataError(
        f"{rows.size:,} of {array.size:,} {what} {verb} not finite ({shown}"
        f"{', …' if rows.size > 3 else ''}). Decide what they mean before fitting: "
        f"nothing is dropped silently.{way * bool(np.isnan(array).any())}"
    )
