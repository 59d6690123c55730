"""Rows of several columns, of an array, a frame or a file, and a column of labels."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.data.reading.written import AS_USUAL, Written
from likeliest.data.vectors import as_vector, is_frame, is_path
from likeliest.engines.dask import is_remote
from likeliest.errors import DataError, ReadError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from likeliest.numerics.arrays import Array, Indices, Mask

_REMOTE = (
    "A family of rows is fitted in memory: take .compute() of what lies in Dask's partitions, or "
    "a sample of the rows."
)


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """Rows of several columns.

    Parameters
    ----------
    values : array of shape (n, d)
        NaN where a cell is missing.
    columns : tuple of str
    weights : array of shape (n,), optional
        How many times each row was seen, > 0.
    rows : array of shape (n,), optional
        Where each stood in the user's data, if some were left out.
    left_out : int
        Rows that were left out, for something was missing in them.
    has_gaps : bool
        Whether cells are missing in those that are there.
    """

    values: Array
    columns: tuple[str, ...]
    weights: Array | None = None
    rows: Indices | None = None
    left_out: int = 0
    has_gaps: bool = False

    @property
    def n(self) -> float:
        """The number of observations: the sum of the weights."""
        return float(len(self.values) if self.weights is None else self.weights.sum())

    @property
    def each(self) -> Array:
        """The weight of each row."""
        return np.ones(len(self.values)) if self.weights is None else self.weights

    def row(self, at: int) -> int:
        """Return where a row stood in the user's data."""
        return int(at if self.rows is None else self.rows[at])

    def take(self, kept: Mask) -> Matrix:
        """Return the rows of a mask."""
        rows = np.arange(len(self.values)) if self.rows is None else self.rows
        weights = None if self.weights is None else self.weights[kept]
        return replace(self, values=self.values[kept], weights=weights, rows=rows[kept])


def matrix_of(
    data: Any,
    columns: Sequence[str] | None = None,
    weights: Any = None,
    *,
    gaps: str = "raise",
    written: Written = AS_USUAL,
) -> Matrix:
    """Return data as rows, or say why they are none.

    Parameters
    ----------
    data : two-dimensional array-like, frame, or path
    columns : names, optional
        Of a frame or a file; without it all but the weights'.
    weights : array-like or name of a column, optional
    gaps : {"raise", "drop", "em"}
        What becomes of rows with a missing cell: an error, left out, or kept.
    written : Written
        What the user says of the cells of a file.
    """
    if isinstance(data, Matrix):
        return data
    if is_remote(data):
        raise DataError(_REMOTE)
    if is_frame(data) or is_path(data):
        values, names, weights = _of_table(data, columns, weights, written)
    else:
        if columns is not None or isinstance(weights, str):
            raise DataError(
                "Columns are named of a frame or a file; of an array take x[:, [0, 1]]."
            )
        values = _of_array(data)
        names = tuple(map(str, range(values.shape[1])))
    if len(values) == 0 or not names:
        raise DataError(f"There are no {'columns' if not names else 'rows'}.")
    made = Matrix(values, names)
    if weights is not None:
        counted = _counted(weights, len(values))
        made = replace(made, weights=counted).take(counted > 0.0)
    return _without_gaps(made, gaps)


def labels_of(
    data: Any, column: str | None = None, weights: Any = None, *, gaps: str = "raise"
) -> Labels:
    """Return a column of labels of any type, or say why it is none."""
    if isinstance(data, Labels):
        return data
    if is_remote(data):
        raise DataError(_REMOTE)
    cells = data
    if is_frame(data) or is_path(data):
        cells, weights = _labels_of_table(data, column, weights)
    known, listed = _categories(cells), _listed(cells)
    counts = dict.fromkeys(known, 0.0) | _tally(listed, weights)
    gone = []
    if any(map(_is_missing, counts)):
        gone = [row for row, cell in enumerate(listed) if _is_missing(cell)]
        counts = {label: count for label, count in counts.items() if not _is_missing(label)}
    if gone and gaps == "raise":
        raise DataError(
            f"{len(gone):,} of {len(listed):,} labels are missing (first: row {gone[0]}). Decide "
            'what they mean: missing="drop" leaves such rows out, which holds where they are '
            'missing at random; or give them a category of their own, such as "missing".'
        )
    if not known:
        counts = dict(sorted(counts.items(), key=lambda item: _order(item[0])))
    if not sum(counts.values()) > 0.0:
        raise DataError("There are no labels.")
    return Labels(tuple(counts), np.array([*counts.values()]), len(gone))


def _labels_of_table(data: Any, column: str | None, weights: Any) -> tuple[Any, Any]:
    """Return the cells of the column of labels, and the weights."""
    from likeliest.data.reading.choice import position_of
    from likeliest.data.reading.source import table_of

    table = table_of(data)
    others = [name for name in table.names if name != weights]
    if column is None and len(others) > 1:
        raise DataError(f"Name the column of labels: column={others[0]!r}.")
    if isinstance(weights, str):
        weights = _floats(table, weights)
    if hasattr(data, "iloc"):  # of pandas: the categories of a column are known to it alone
        return data[column or others[0]], weights
    return table.columns([position_of(table, column or others[0])])[0], weights


def _listed(cells: Any) -> list[Any]:
    """Return labels as plain objects of Python's."""
    for name in ("to_pylist", "to_list", "tolist"):
        if hasattr(cells, name):
            listed = getattr(cells, name)()
            return [*listed] if isinstance(listed, list) else [listed]
    if not hasattr(cells, "__iter__"):
        raise DataError(f"Labels are a list or a column of them; got {cells!r:.60}.")
    return [_plain(cell) for cell in cells]


def _tally(labels: list[Any], weights: Any) -> dict[Any, float]:
    """Return how often each label came."""
    try:
        if weights is None:
            return {label: float(n) for label, n in Counter(labels).items()}
        counts: dict[Any, float] = {}
        for label, weight in zip(labels, _counted(weights, len(labels)).tolist(), strict=True):
            counts[label] = counts.get(label, 0.0) + weight
    except TypeError:  # a list, or another array
        raise DataError("Each label must be one value, such as a text or a number.") from None
    return counts


def _is_missing(cell: Any) -> bool:
    absent = cell is None or type(cell).__name__ in {"NAType", "NaTType"}
    return absent or (isinstance(cell, float) and math.isnan(cell))


def _order(label: Any) -> tuple[bool, Any]:
    """Return what labels are sorted by: numbers by size before all others, by their text."""
    number = isinstance(label, (int, float))
    return not number, label if number else str(label)


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """Counts of labels.

    Parameters
    ----------
    labels : tuple
        In their own order; those of a categorical column that were never seen too.
    counts : array of shape (labels,)
    left_out : int
        Rows that were left out, for their label was missing.
    """

    labels: tuple[Any, ...]
    counts: Array
    left_out: int = 0

    @property
    def n(self) -> float:
        """The number of observations: the sum of the weights."""
        return float(self.counts.sum())


def _of_table(
    data: Any, columns: Sequence[str] | None, weights: Any, written: Written
) -> tuple[Array, tuple[str, ...], Any]:
    from likeliest.data.reading.choice import position_of
    from likeliest.data.reading.column import floats_of
    from likeliest.data.reading.source import table_of

    names = tuple(dict.fromkeys(columns or ()))
    beside = (weights,) if isinstance(weights, str) else ()
    table = table_of(data, (*names, *beside) if names else (), written)
    if isinstance(weights, str):
        weights = _floats(table, weights)
    names = names or tuple(name for name in table.names if name not in beside)
    try:
        cells = [floats_of(table, position_of(table, name)) for name in names]
    except ReadError as error:
        if columns:
            raise
        raise ReadError(
            f"{error} Every column of the data is a part of the row: choose those that are meant "
            "by column=[...]."
        ) from None
    values = np.stack(cells, axis=1) if cells else np.zeros((0, 0))
    return values, names, weights


def _floats(table: Any, name: str) -> Array:
    from likeliest.data.reading.choice import position_of
    from likeliest.data.reading.column import floats_of

    return floats_of(table, position_of(table, name))


def _of_array(data: Any) -> Array:
    if hasattr(data, "detach"):
        data = data.detach().cpu()
    try:
        made = np.asarray(data)
        made = made if made.dtype.kind in "fiubcmM" else np.asarray(data, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DataError(f"The data cannot be read as rows of numbers: {error}.") from None
    if made.ndim != 2:
        raise DataError(
            "A family of rows needs a two-dimensional array, a row for each observation, or a "
            f"frame; got an array of shape {made.shape}."
        )
    if made.dtype.kind in "cmM":
        as_vector(made.ravel(), "data")  # which says why they are no numbers
    return np.ascontiguousarray(made, dtype=np.float64)


def _counted(weights: Any, n: int) -> Array:
    """Return weights, one a row, or say what is wrong with them."""
    made = as_vector(weights, "weights").astype(np.float64)
    if made.size != n:
        raise DataError(f"There are {made.size:,} weights for {n:,} rows.")
    bad = ~(np.isfinite(made) & (made >= 0.0))
    if bad.any():
        row = int(np.argmax(bad))
        raise DataError(f"Weights must be finite and ≥ 0; row {row} has {made[row]:g}.")
    if not made.any():
        raise DataError("All weights are 0: nothing was seen.")
    return made


def _without_gaps(made: Matrix, gaps: str) -> Matrix:
    if np.isfinite(made.values).all():
        return made
    if np.isinf(made.values).any():
        at, column = (int(i[0]) for i in np.nonzero(np.isinf(made.values)))
        raise DataError(
            f"Row {made.row(at)} of {made.columns[column]} is {made.values[at, column]}: decide "
            "what it means before fitting."
        )
    gone = np.isnan(made.values)
    if gaps == "raise":
        at, column = (int(i[0]) for i in np.nonzero(gone))
        rows = int(gone.any(axis=1).sum())
        raise DataError(
            f"{gone.sum():,} cells are missing, in {rows:,} of {len(gone):,} rows (first: row "
            f"{made.row(at)} of {made.columns[column]}). Nothing is dropped silently: "
            'missing="drop" leaves such rows out, and of a multivariate normal missing="em" takes '
            "what there is of them; both hold where cells are missing at random."
        )
    kept: Mask = np.logical_not(gone.any(axis=1) if gaps == "drop" else gone.all(axis=1))
    if not kept.any():
        raise DataError("No row is left: a cell is missing in each.")
    return replace(made.take(kept), left_out=int((~kept).sum()), has_gaps=gaps != "drop")


def _categories(cells: Any) -> list[Any]:
    """Return the categories that a column declares, in their order; none of another."""
    kind = getattr(cells, "dtype", None)
    known = getattr(kind, "categories", None)
    if known is None:
        return []
    return _listed(known)


def _plain(cell: Any) -> Any:
    """Return a label as a plain object of Python's."""
    return cell.item() if isinstance(cell, np.generic) else cell
