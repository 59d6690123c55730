"""Observations in groups: the rows of each side by side."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.data.bins import require_closed
from likeliest.data.keys import Keys, keys_of
from likeliest.data.labelled import cells_along
from likeliest.data.observations import Observations
from likeliest.data.observe import observe
from likeliest.data.vectors import as_vector, is_frame, not_finite
from likeliest.engines import threads
from likeliest.engines.dask import is_remote
from likeliest.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

    import polars as pl

    from likeliest.data.keys import Numbers
    from likeliest.data.reading.column import Missing
    from likeliest.numerics.arrays import Array, Indices, Mask

_AT_ONCE = 131_072  # values of equally long groups that are fitted together
_TOGETHER = 512  # long groups, of which twice as many values are


@dataclass(frozen=True, eq=False)
class Grouped:
    """Observations sorted by the group that they belong to.

    Parameters
    ----------
    keys : Keys
    observations : Observations
        The rows of the first group, then those of the second, and so on; not rounded.
    starts : array of shape (groups + 1,)
        Where each group begins, and where the last one ends.
    step : float
        The step to which the values were rounded; 0: they were not.
    refused : dict
        Groups that hold what cannot be fitted, such as NaN, with the reason.
    """

    keys: Keys
    observations: Observations
    starts: Indices
    step: float = 0.0
    refused: dict[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        """The number of groups."""
        return self.starts.size - 1

    @property
    def sizes(self) -> Indices:
        """The number of rows of each group."""
        return np.diff(self.starts)

    def part(self, group: int) -> Observations:
        """Return the observations of one group, as they would be fitted alone.

        Raises
        ------
        DataError
            If there are none, or they cannot be fitted.
        """
        if group in self.refused:
            raise DataError(self.refused[group])
        first, end = int(self.starts[group]), int(self.starts[group + 1])
        if first == end:
            raise DataError("No value is left in this group: all are missing or have no weight.")
        seen = self.observations.cut(first, end)
        if seen.provenance.left_out:  # of all groups, not of this one
            seen = replace(seen, provenance=replace(seen.provenance, left_out=0))
        return seen.rounded(self.step) if self.step else seen

    def told(self) -> str:
        """Return what the groups are, for the title of a table: of which column, how many, of what.

        Examples
        --------
        >>> grouped([1.0, 3.0, 2.0], ["a", "a", "b"], {}, 0.0, "raise").told()
        '2 groups · 3 values'
        """
        description = self.observations.description
        label = [description.label] if description.label else []
        return " · ".join([*label, f"{len(self):,} groups", str(description)])

    def rounding(self, step: float) -> Grouped:
        """Return the same with values that were rounded to a step."""
        seen = self.observations
        if step and (seen.truncated or not seen.exact):
            return replace(self, observations=seen.rounded(step))
        return replace(self, step=step)

    def only(self, groups: Indices) -> Grouped:
        """Return some of the groups."""
        sizes = self.sizes[groups]
        starts = np.concatenate([[0], np.cumsum(sizes)])
        rows = np.arange(starts[-1]) + np.repeat(self.starts[groups] - starts[:-1], sizes)
        refused = {i: self.refused[g] for i, g in enumerate(groups.tolist()) if g in self.refused}
        keys = Keys.named(self.keys.columns[groups])
        seen = self.observations.take(rows) if rows.size else Observations.nothing()
        return Grouped(keys, seen, starts, self.step, refused)

    def alike(self, least: int, longest: int) -> Iterator[tuple[Indices, Observations]]:
        """Yield blocks of groups that are equally long, with their rows.

        Only of lengths up to `longest` that at least `least` groups have; of rounded values the
        intervals.
        """
        sizes = self.sizes
        order = np.argsort(sizes, kind="stable")
        ends = np.flatnonzero(np.diff(sizes[order], append=-1)) + 1
        for groups in np.split(order, ends[:-1]):
            m = int(sizes[groups[0]])
            if not 0 < m <= longest or groups.size < least:
                continue
            many = max(least, _AT_ONCE // m, min(_TOGETHER, 2 * _AT_ONCE // m))
            for at in range(0, groups.size, many):
                some = groups[at : at + many]
                yield some, self._rows(some, m)

    def _rows(self, groups: Indices, m: int) -> Observations:
        first = self.starts[groups]
        if groups.size == 1 or bool((np.diff(first) == m).all()):
            seen = self.observations.cut(int(first[0]), int(first[0]) + m * groups.size)
        else:
            seen = self.observations.take((first[:, None] + np.arange(m)).ravel())
        return seen.cells(self.step) if self.step else seen


def grouped(
    data: Any, by: Any, words: Mapping[str, Any], rounding: float, missing: Missing
) -> Grouped:
    """Return data as groups.

    Parameters
    ----------
    data, by
        See `fit`.
    words : mapping
        The other words of `observe`.
    rounding : float
    missing : {"raise", "drop"}

    Raises
    ------
    DataError
        If `by` does not fit the data.
    """
    if words.get("sampling_weights") is not None or words.get("edges") is not None:
        word = "edges" if words.get("edges") is not None else "sampling_weights"
        raise DataError(f"{word} do not go with by: fit each group by itself.")
    if is_remote(data) or is_remote(by):
        raise DataError(
            "by does not go with Dask's partitions: a group may lie in several. Bring each into "
            "one by a shuffle, and fit those: frame.shuffle(on=key).map_partitions("
            "lambda part: likeliest.fit(part, family, column=..., by=key).to_frame('pandas'))."
        )
    require_closed(words.get("closed", "right"), has_bins=False)
    keys = keys_of(by, data, missing)
    plain = _as_plain(data, words, missing)
    if plain is None:
        seen = observe(data, **words, missing=missing)
        refused: dict[int, str] = {}
    else:
        if not plain.size:
            raise DataError("The data are empty: at least one value is needed.")
        _require_length(keys, plain.size)
        seen, refused = _finite(plain, keys, words.get("weights"))
    of_row = _of_rows(keys, seen, is_whole=plain is not None or missing == "raise")
    return _sorted(keys, seen, of_row, refused).rounding(rounding)


def of_grid(
    data: Any,
    axis: int | None,
    dim: Hashable | Sequence[Hashable] | None,
    words: Mapping[str, Any],
    rounding: float,
) -> Grouped:
    """Return the values along one axis of an array, or dimensions of a DataArray, as groups.

    NaN is a missing value. A group is called by its place along the other axes, or the labels of
    the other dimensions.

    Parameters
    ----------
    data : array, or xarray.DataArray
    axis : int, optional
    dim : str, or several, optional
    words : dict
        What `observe` takes, `by` too, none of which goes with a grid.
    rounding : float

    Raises
    ------
    DataError
        If the array has no such axis, or more is told of its values than the step to which they
        were rounded.
    """
    word = "axis" if dim is None else "dim"
    require_closed(words.get("closed", "right"), has_bins=False)
    told = {**words, "axis": axis, "dim": dim}
    beside = [w for w, value in told.items() if value is not None and w not in {word, "closed"}]
    if beside:
        raise DataError(
            f"{word} makes groups of plain values; {beside[0]} does not go with it. Give the "
            "values as one column, and by= a column of cells."
        )
    if dim is not None:
        cells, labels = cells_along(data, dim)
    elif axis is not None:
        cells, labels = _cells_along_axis(data, axis)
    return _grouped_cells(cells, labels, rounding)


def _cells_along_axis(data: Any, axis: int) -> tuple[Array, list[pl.Series]]:
    """Return cells with their values along the last axis, and the places along the others."""
    import polars as pl

    if is_remote(data):
        raise DataError(
            "axis does not go with a Dask array: fit it block by block, or bring it into memory "
            "with data.compute()."
        )
    values = np.asarray(data)
    if not -values.ndim <= axis < values.ndim:
        raise DataError(
            f"axis={axis}: the data have {values.ndim} axes, numbered from 0, and no {axis}."
        )
    others = [i for i in range(values.ndim) if i != axis % values.ndim]
    places = [pl.Series(f"axis {i}", range(values.shape[i])) for i in others]
    return np.moveaxis(values, axis, -1), places


def _grouped_cells(cells: Array, labels: list[pl.Series], rounding: float) -> Grouped:
    import polars as pl

    if cells.ndim < 2 or cells.dtype.kind not in "fiub":
        raise DataError(
            f"A grid of groups has numbers in two dimensions or more; got {cells.ndim} of type "
            f"{cells.dtype}."
        )
    flat = cells.reshape(-1, cells.shape[-1])
    places = np.indices(cells.shape[:-1]).reshape(len(labels), -1)
    names = pl.DataFrame([s.gather(at) for s, at in zip(labels, places, strict=True)])
    left, starts = _without_gaps(flat)
    if not np.isfinite(left).all():
        raise not_finite(left, "values")
    seen = Observations.of_checked(left) if left.size else Observations.nothing()
    return Grouped(Keys.named(names), seen, starts, rounding)


def _without_gaps(cells: Array) -> tuple[Array, Indices]:
    """Return the values of all cells but NaN, one cell after the other, and where each begins."""
    step = max(1, _AT_ONCE // max(cells.shape[1], 1))
    blocks = [slice(first, first + step) for first in range(0, len(cells), step)]
    known = [*threads.each(lambda block: _known(cells[block]).sum(axis=1), blocks)]
    starts = np.concatenate([[0], np.cumsum(np.concatenate(known))])
    if starts[-1] == cells.size:
        return cells.ravel(), starts
    left = np.empty(starts[-1], dtype=cells.dtype)

    def fill(block: slice) -> None:
        some = cells[block]
        first, end = starts[block.start], starts[min(block.stop, len(cells))]
        left[first:end] = some[_known(some)]

    for _ in threads.each(fill, blocks):
        pass
    return left, starts


def _known(cells: Array) -> Mask:
    return ~np.isnan(cells)


def _as_plain(data: Any, words: Mapping[str, Any], missing: Missing) -> Array | None:
    """Return values of which no more is told than their weights, else None."""
    beside = [word for word, value in words.items() if value is not None and word != "closed"]
    is_plain = not (isinstance(data, Observations) or is_frame(data) or data is None)
    if is_plain and missing == "raise" and set(beside) <= {"weights"} and np.ndim(data) == 1:
        return as_vector(data, "data")
    return None


def _finite(values: Array, keys: Keys, weights: Any) -> tuple[Observations, dict[int, str]]:
    """Return the values of groups that are all finite, and why others are refused."""
    bad = ~np.isfinite(values)
    if not bad.any():
        return observe(values, weights=weights), {}
    refused: dict[int, str] = {}
    spoilt = np.unique(keys.of_row[bad])
    rows = np.flatnonzero(np.isin(keys.of_row, spoilt))
    order = rows[np.argsort(keys.of_row[rows], kind="stable")]
    for part in np.split(order, np.flatnonzero(np.diff(keys.of_row[order])) + 1):
        refused[int(keys.of_row[part[0]])] = str(not_finite(values[part], "values"))
    left = np.setdiff1d(np.arange(values.size), rows, assume_unique=True)
    if not left.size:
        return Observations.nothing(), refused
    kept = None if weights is None else as_vector(weights, "weights")[left]
    seen = observe(values[left], weights=kept)
    return replace(seen, row=left if seen.row is None else left[seen.row]), refused


def _require_length(keys: Keys, rows: int) -> None:
    if keys.of_row.size != rows:
        raise DataError(
            f"There are {keys.of_row.size:,} keys for {rows:,} values; give one for each."
        )


def _of_rows(keys: Keys, seen: Observations, *, is_whole: bool) -> Numbers:
    """Return the group of each row that was kept."""
    if not len(seen):
        return keys.of_row[:0]
    if seen.row is None or (is_whole and keys.of_row.size == len(seen)):
        _require_length(keys, len(seen))
        return keys.of_row
    if keys.of_row.size <= int(seen.row.max()):
        _require_length(keys, int(seen.row.max()) + 1)
    return keys.of_row[seen.row]


def _sorted(keys: Keys, seen: Observations, of_row: Numbers, refused: dict[int, str]) -> Grouped:
    if of_row.size and int(of_row.min()) < 0:
        kept = np.flatnonzero(of_row >= 0)
        left_out = seen.provenance.left_out + of_row.size - kept.size
        seen = replace(seen.take(kept), provenance=replace(seen.provenance, left_out=left_out))
        of_row = of_row[kept]
    counts = np.bincount(of_row, minlength=len(keys))
    starts = np.concatenate([[0], np.cumsum(counts)])
    if of_row.size > 1 and not bool((of_row[1:] >= of_row[:-1]).all()):
        seen = seen.take(_order(of_row, len(keys)))
    return Grouped(keys, seen, starts, refused=refused)


def _order(of_row: Numbers, groups: int) -> Indices:
    """Return the rows sorted by group, those of one in their order, by counting."""
    from scipy.sparse import csr_matrix

    n = of_row.size
    ones = np.ones(n, dtype=np.bool_)
    table = csr_matrix((ones, of_row, np.arange(n + 1)), shape=(n, groups))
    return np.asarray(table.tocsc().indices)
