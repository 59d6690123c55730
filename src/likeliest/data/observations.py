"""Observations: what was seen, checked once and then trusted.

Values, how often each was seen (weights), and, where a value is known only to lie between two
bounds, the bounds. Nothing is dropped: what cannot be used is an error that says which rows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, ClassVar, TypeGuard

import numpy as np

from likeliest.data.commonest import commonest_value
from likeliest.data.description import Description, Provenance
from likeliest.data.labels import aligned
from likeliest.data.rows import Kind, Rows
from likeliest.data.summary import Summary, summarise
from likeliest.data.vectors import as_vector, not_finite
from likeliest.engines import mapped, selection, threads
from likeliest.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike

    from likeliest.data.distributed import Distributed
    from likeliest.data.summary import Chunk
    from likeliest.engines.source import Source
    from likeliest.numerics.arrays import Array, Indices


_SAMPLE = 10_000
_FEW = 2_000  # distinct values in a sample: the rows then are several times the distinct ones
_NAMED_ROWS = 1_000_000  # of more rows a message does not say which
_LEAST_WEIGHT = 1e-200  # of all; squares and shares of it stay within float64
_SLACK = 1e-6  # of a width: the edges of cells are rounded themselves
_NOTHING_TOLD = Provenance()
_MOST_DISTINCT = 65_536  # whole numbers over a wider range are not worth tabulating


@dataclass(frozen=True, eq=False)
class Observations:
    """Values with their weights, and bounds where a value is known only within them.

    Parameters
    ----------
    values : array of shape (n,)
        What was seen, finite, in the unit of the data.
    weights : array of shape (n,), optional
        How many times each value was seen; need not be whole.
    lower, upper : arrays of shape (n,), optional
        Each value is known to lie in (lower, upper]; a rounded 3.0 in steps of 1 lies in
        (2.5, 3.5]. Infinite bounds are allowed; where both are the same the value is exact.
    summary : Summary
    entry, exit : arrays of shape (n,) or (1,), optional
        Each could be seen only in (entry, exit]; both of shape (1,) where one window serves all.
    row : array of shape (n,), optional
        Where each stood in the user's data, for messages; None: in order.
    lower_closed : bool
        Whether lower bounds belong to their intervals: of whole numbers it makes a difference.
    provenance : Provenance
        The name of the column, rows that were left out, and what else the rows do not show.
    """

    values: Array
    summary: Summary
    weights: Array | None = None
    lower: Array | None = None
    upper: Array | None = None
    entry: Array | None = None
    exit: Array | None = None
    row: Indices | None = None
    lower_closed: bool = False
    provenance: Provenance = _NOTHING_TOLD

    in_partitions: ClassVar[bool] = False

    @classmethod
    def of(
        cls, data: ArrayLike | Observations, weights: ArrayLike | None = None, rounding: float = 0.0
    ) -> Observations:
        """Check data from a list, NumPy, pandas, polars or Arrow and make them observations.

        Parameters
        ----------
        data : one-dimensional array-like of n finite numbers
        weights : array-like of n numbers ≥ 0, not all 0
        rounding : float ≥ 0
            The step to which the values were rounded; 0 takes them as exact.

        Raises
        ------
        DataError
            If the data are empty, not numbers, not one-dimensional, or not finite, or if the
            weights do not fit them; if observations, which carry their own, are given more.

        Examples
        --------
        >>> Observations.of([3, 1, 2]).summary.mean
        2.0
        """
        if isinstance(data, Observations):
            return _with_more(data, weights, rounding)
        if weights is not None:
            data, weights = aligned({"data": data, "weights": weights}).values()
        values = as_vector(data, "data")
        if values.size == 0:
            raise DataError("The data are empty: at least one value is needed.")
        checked = None if weights is None else checked_weights(weights, values.size)
        row = None
        if checked is not None and not checked.all():
            summarise(values, None)  # a value that is not finite is an error whatever its weight
            row = np.flatnonzero(checked)
            values, checked = values[row], checked[row]
        observations = cls(values, summarise(values, checked), checked, row=row)
        return observations.rounded(rounding) if rounding else observations

    @classmethod
    def of_checked(cls, values: Array, weights: Array | None = None) -> Observations:
        """Make observations of exact values that are known to be good."""
        return cls(values, summarise(values, weights), weights)

    @classmethod
    def between(
        cls,
        lower: Array,
        upper: Array,
        *,
        weights: Array | None = None,
        entry: Array | None = None,
        exit: Array | None = None,  # noqa: A002
        row: Indices | None = None,
        lower_closed: bool = False,
    ) -> Observations:
        """Make observations of checked bounds; infinite ones are open, equal ones exact values."""
        values = np.where(
            lower == -np.inf, upper, np.where(upper == np.inf, lower, 0.5 * lower + 0.5 * upper)
        )
        exact = bool((lower == upper).all())
        if entry is not None and exit is not None and entry.size != exit.size:
            entry, exit = np.broadcast_arrays(entry, exit)  # noqa: A001
        return cls(
            values,
            summarise(values, weights),
            weights,
            None if exact else lower,
            None if exact else upper,
            entry,
            exit,
            row,
            lower_closed,
        )

    @classmethod
    def nothing(cls) -> Observations:
        """Make observations of no rows: what is left where no group can be fitted."""
        return cls(np.zeros(0), Summary(0, 0.0, np.nan, np.nan, np.nan, whole=False))

    def cut(self, first: int, end: int) -> Observations:
        """Return rows `first` to `end` as observations of their own."""
        row = np.arange(first, end) if self.row is None else self.row[first:end]
        return self._picked(slice(first, end), row)

    def take(self, at: Indices) -> Observations:
        """Return the rows at these positions as observations of their own."""
        return self._picked(at, at if self.row is None else self.row[at])

    def _picked(self, at: slice | Indices, row: Indices) -> Observations:
        n = len(self)

        def some(column: Array | None) -> Array | None:
            return column if column is None or column.size == 1 < n else column[at]

        values, weights = self.values[at], some(self.weights)
        lower, upper = some(self.lower), some(self.upper)
        if lower is not None and upper is not None and bool((lower == upper).all()):
            lower = upper = None
        entry, exit_ = some(self.entry), some(self.exit)
        if entry is not None and bool((entry == -np.inf).all()):
            entry = None
        if exit_ is not None and bool((exit_ == np.inf).all()):
            exit_ = None
        return replace(
            self,
            values=values,
            summary=summarise(values, weights),
            weights=weights,
            lower=lower,
            upper=upper,
            entry=entry,
            exit=exit_,
            row=row,
        )

    def without_windows(self) -> Observations:
        """Return the observations as if they could have been seen anywhere."""
        return replace(self, entry=None, exit=None)

    def cells(self, step: float) -> Observations:
        """Return each row as an interval of width `step` about its value, rows staying in order.

        `rounded` checks the step, and takes equal values together.
        """
        values = np.asarray(self.values, dtype=np.float64)
        with np.errstate(over="ignore"):  # the outermost cells of float64 have no other edge
            return replace(self, lower=values - 0.5 * step, upper=values + 0.5 * step)

    def rounded(self, step: float) -> Observations:
        """Return the observations as intervals of width `step` about each value.

        Of whole numbers that are censored or lie between bounds, those of width 1: more than 9 is
        beyond 9.5.
        """
        given: object = step
        number = isinstance(given, (int, float, np.number)) and not isinstance(given, bool)
        if not (number and np.isfinite(step) and step > 0):
            raise DataError(
                "rounding must be the step to which the values were rounded, in their unit, such "
                f"as 0.1, or 0 for exact ones; got {step!r}."
            )
        _require_roundable(self, step)
        if not self.exact:
            return self._as_cells()
        table = self if self.truncated else self.tabulated()
        with np.errstate(over="ignore"):  # the outermost cells of float64 have no other edge
            lower, upper = table.values - 0.5 * step, table.values + 0.5 * step
        lost = (lower >= table.values) | (upper <= table.values)
        if lost.any():
            raise DataError(
                f"A rounding of {step:g} is less than float64 can tell apart at "
                f"{table.values[int(np.argmax(lost))]:.10g}: subtract an offset from the values "
                "first, or take them as exact."
            )
        return Observations(
            table.values,
            table.summary,
            table.weights,
            lower,
            upper,
            entry=_edge_above(self.entry, step),
            exit=_edge_above(self.exit, step),
            row=self.row if self.truncated else self._first_rows(table.values),
            provenance=replace(self.provenance, rounding=step),
        )

    def _as_cells(self) -> Observations:
        """Return whole numbers with bounds as the cells, k - ½ < X ≤ k + ½, that they lie in."""
        lower, upper = np.asarray(self.lower), np.asarray(self.upper)
        with_lower = self.lower_closed | (lower == upper)
        cells = self.between(
            np.where(with_lower, np.ceil(lower) - 0.5, np.floor(lower) + 0.5),
            np.floor(upper) + 0.5,
            weights=self.weights,
            entry=_edge_above(self.entry, 1.0),
            exit=_edge_above(self.exit, 1.0),
            row=self.row,
        )
        return replace(cells, provenance=self.provenance)

    @property
    def are_whole(self) -> bool:
        """Whether every value is a whole number, and every bound that is not open."""
        if self.lower is None or self.upper is None:
            return self.summary.whole
        bounds = np.concatenate([self.lower, self.upper])
        return bool(_is_whole(bounds[np.isfinite(bounds)]).all())

    @property
    def description(self) -> Description:
        """Summary in words: the number of values of each kind, and the window they were seen in."""
        return Description.of(self)

    @property
    def exact(self) -> bool:
        """Whether every value is known as it stands, without bounds."""
        return self.lower is None

    @property
    def truncated(self) -> bool:
        """Whether rows could be seen only within a window."""
        return self.entry is not None or self.exit is not None

    @cached_property
    def blocks(self) -> tuple[Rows, ...]:
        """The rows by what is known of them; what is known lies within the window."""
        values = np.asarray(self.values, dtype=np.float64)
        window = {"entry": self.entry, "exit": self.exit}
        if self.lower is None or self.upper is None:
            # Windows can cut the block.
            row = np.arange(len(self)) if self.has_windows_by_row else None
            return (Rows(Kind.EXACT, values, weight=self.weights, row=row, **window),)
        lower = self.lower if self.entry is None else np.maximum(self.lower, self.entry)
        upper = self.upper if self.exit is None else np.minimum(self.upper, self.exit)
        row = np.arange(len(self))
        every = Rows(Kind.BETWEEN, lower, upper, weight=self.weights, row=row, **window)
        exact, no_low, no_high = lower == upper, lower == -np.inf, upper == np.inf
        kinds = (
            (Kind.EXACT, exact, lower),
            (Kind.BELOW, no_low & ~no_high, upper),
            (Kind.ABOVE, no_high & ~no_low, lower),
            (Kind.BETWEEN, ~(exact | no_low | no_high), lower),
        )
        return tuple(
            every._replace(kind=kind, a=a, b=upper if kind is Kind.BETWEEN else None).take(mask)
            for kind, mask, a in kinds
            if mask.any()
        )

    @property
    def low(self) -> float:
        """The least value."""
        return self.summary.low

    @property
    def high(self) -> float:
        """The greatest value."""
        return self.summary.high

    @property
    def mean(self) -> float:
        """The (weighted) mean of the values."""
        return self.summary.mean

    @property
    def n_exact(self) -> float:
        """The number of observations known as they stand: their likelihood is made of densities."""
        if self.lower is None or self.upper is None:
            return self.n
        known = (self.lower == self.upper).astype(np.float64)
        return float(np.sum(known if self.weights is None else known * self.weights))

    def widest(self) -> float:
        """Return the width of the widest interval."""
        if self.lower is None or self.upper is None:
            return 0.0
        return float(np.max(self.upper - self.lower))

    def common(self) -> tuple[float, float] | None:
        """Return between which bounds all values can lie at once, or None if they cannot."""
        if self.lower is None or self.upper is None:
            s = self.summary
            return (s.low, s.high) if s.low == s.high else None
        low, high = float(np.max(self.lower)), float(np.min(self.upper))
        width = float(np.min(self.upper - self.lower))
        slack = _SLACK * width if width < np.inf else 0.0
        meet = high - low > slack or (width == 0.0 and low == high)
        return (low, high) if meet else None

    @property
    def n(self) -> float:
        """The number of observations: the sum of the weights."""
        return self.summary.weight

    def __len__(self) -> int:
        """The number of rows."""
        return int(self.values.size)

    def chunk(self, first: int, end: int) -> tuple[Array, Array | None]:
        """Return the values and weights of rows `first` to `end`, in float64."""
        values = np.asarray(self.values[first:end], dtype=np.float64)
        return values, None if self.weights is None else self.weights[first:end]

    def chunks(self) -> Source[Chunk]:
        """Return the values and weights as a source for kernels that are soon done."""
        return threads.Chunks(self.chunk, len(self), light=True)

    def tabulated(self) -> Observations:
        """Return each distinct value once, with its weight."""
        if self.summary.whole and self.summary.high - self.summary.low < _MOST_DISTINCT:
            values, weights = self._counted()
        else:
            values, weights = self._distinct()
        return Observations(np.asarray(values, dtype=np.float64), self.summary, weights)

    def subsample(self, size: int, seed: int = 0) -> Observations:
        """Return `size` rows drawn at random, by weight, over the whole range."""
        rng = np.random.default_rng(seed)
        if self.weights is None:
            rows = rng.integers(0, len(self), size)
        else:
            # One uniform draw in each of `size` equal slices of the total weight.
            cumulative = np.cumsum(self.weights)
            marks = (np.arange(size) + rng.random(size)) * (cumulative[-1] / size)
            rows = np.minimum(np.searchsorted(cumulative, marks, side="right"), len(self) - 1)
        values = np.asarray(mapped.picked(self.values, np.sort(rows)), dtype=np.float64)
        return Observations(values, summarise(values, None))

    def some(self, size: int) -> Observations:
        """Return some rows, drawn at random, with their weights, bounds and windows."""
        at = np.random.default_rng(0).integers(0, len(self), size)
        return replace(self.take(at), row=None)

    def compressed(self) -> Observations:
        """Return a table of the distinct values where they are few, else the same."""
        return self.tabulated() if self.exact and self.summary.whole and self._are_few() else self

    def moved(self, origin: float, unit: float) -> Observations:
        """Return the observations in another frame: every value less `origin`, over `unit`."""
        values = (np.asarray(self.values, dtype=np.float64) - origin) / unit
        lower, upper, entry, exit_ = (
            None if b is None else (b - origin) / unit
            for b in (self.lower, self.upper, self.entry, self.exit)
        )
        summary = summarise(values, self.weights)
        return replace(
            self,
            values=values,
            summary=summary,
            lower=lower,
            upper=upper,
            entry=entry,
            exit=exit_,
        )

    def commonest(self) -> tuple[float, float]:
        """Return the commonest value, known as it stands, and its share; see `commonest_value`."""
        return commonest_value(self)

    def chance_of_later_events(self) -> float | None:
        """Return Maller & Zhou's α, small where events stop long before follow-up does.

        (1 - q)^n, q being the share of the n values that are events no further before the last
        event than follow-up goes on after it. None where no row is censored on the right.

        Source: Maller & Zhou (1994), J. Am. Statist. Assoc. 89, 1499-1506.
        """
        blocks = {block.kind: block for block in self.blocks}
        if Kind.ABOVE not in blocks:
            return None
        seen = [block for kind, block in blocks.items() if kind is not Kind.ABOVE]
        ends = [block.a if block.b is None else block.b for block in seen]
        last = max((float(end.max()) for end in ends), default=-np.inf)
        after = float(blocks[Kind.ABOVE].a.max()) - last
        near = sum(
            float(np.sum(np.where(end > last - after, 1.0 if b.weight is None else b.weight, 0.0)))
            for b, end in zip(seen, ends, strict=True)
        )
        return float((1.0 - near / self.n) ** self.n)

    @property
    def has_windows_by_row(self) -> bool:
        """Whether rows have windows of their own."""
        return any(w is not None and w.size == len(self) > 1 for w in (self.entry, self.exit))

    def median(self) -> float:
        """Return the (weighted) median: the middle of the values that halve the weight."""
        if self.weights is None:
            return selection.median(self.values)
        order = np.argsort(self.values)
        below = np.cumsum(self.weights[order])
        half = 0.5 * below[-1]
        first = int(np.searchsorted(below, half))
        last = int(np.searchsorted(below, half, side="right"))
        values = self.values[order]
        return float(0.5 * values[first] + 0.5 * values[min(last, len(self) - 1)])

    def spread(self) -> float:
        """Return the (weighted) standard deviation of the values."""
        return self._spread

    @cached_property
    def _spread(self) -> float:
        squares = [*self.chunks().each(partial(_squares, self.summary.mean))]
        return math.sqrt(threads.add(squares) / self.n)

    def _first_rows(self, distinct: Array) -> Indices | None:
        """Return where each distinct value stands first in the data, unless they are many rows."""
        if len(self) > _NAMED_ROWS:
            return None
        first = np.empty(distinct.size, dtype=np.intp)
        at = np.searchsorted(distinct, np.asarray(self.values, dtype=np.float64))
        rows = np.arange(len(self)) if self.row is None else self.row
        first[at[::-1]] = rows[::-1]
        return first

    def _are_few(self) -> bool:
        """Whether whole numbers are few beside the rows; of a wide range, those of a sample."""
        s = self.summary
        if s.high - s.low < _MOST_DISTINCT:
            return s.high - s.low < max(64, s.rows // 8)
        return len(self) > 5 * _SAMPLE and np.unique(self.subsample(_SAMPLE).values).size < _FEW

    def _distinct(self) -> tuple[Array, Array]:
        if self.weights is None:
            values, counts = np.unique(self.values, return_counts=True)
            return values, np.asarray(counts, dtype=np.float64)
        values, inverse = np.unique(self.values, return_inverse=True)
        return values, np.asarray(np.bincount(inverse, self.weights), dtype=np.float64)

    def _counted(self) -> tuple[Array, Array]:
        low, size = self.summary.low, int(self.summary.high - self.summary.low) + 1

        def count(first: int, end: int) -> Array:
            values, weights = self.chunk(first, end)
            rows = (values - low).astype(np.int64)
            return np.bincount(rows, weights, minlength=size).astype(np.float64)

        table = _merge_tables(count, len(self), size)
        present = np.flatnonzero(table)
        return (present + low).astype(np.float64), table[present]


def is_distributed(observations: Observations) -> TypeGuard[Distributed]:
    """Return whether rows lie in Dask's partitions. Imports nothing."""
    return observations.in_partitions


def _is_whole(bound: Array) -> Any:
    """Whether bounds are whole numbers, or lie just below them so that these are beyond."""
    above = np.nextafter(bound, np.inf)
    return (bound == np.floor(bound)) | (above == np.floor(above))


def _require_roundable(observations: Observations, rounding: float) -> None:
    """Raise unless values are exact; whole numbers may have bounds and windows."""
    cells = rounding == 1.0 and observations.are_whole
    if not cells and (observations.truncated or not observations.exact):
        own = "windows" if observations.exact else "bounds"
        raise DataError(
            f"rounding goes with plain values, and these carry their own {own}; only whole numbers "
            "may, with rounding=1. Of others give the bounds: lower=value - step/2, upper=value + "
            "step/2."
        )


def _edge_above(end: Array | None, step: float) -> Array | None:
    """Return where a window ends among cells: above the cell of its last step."""
    return None if end is None else np.floor(end / step) * step + 0.5 * step


def _squares(mean: float, chunk: Chunk) -> float:
    values, weights = chunk
    deviation = values - mean
    deviation *= deviation
    return float(np.add.reduce(deviation if weights is None else deviation * weights))


def _with_more(
    observations: Observations, weights: ArrayLike | None, rounding: float
) -> Observations:
    if weights is not None:
        raise DataError(
            "Observations carry their own weights: give them where they are made, with lk.observe "
            "or Observations.of(values, weights, rounding)."
        )
    return observations.rounded(rounding) if rounding else observations


def _merge_tables(count: Any, n: int, size: int) -> Array:
    """Add tables of counts in the order of the chunks, a few at a time to bound the memory."""
    span = max(threads.CHUNK, 16 * size)
    table = np.zeros(size)
    for part in _spans(count, n, span):
        table += part
    return table


def _spans(count: Any, n: int, span: int) -> Iterator[Array]:
    for first in range(0, n, span):
        yield count(first, min(first + span, n))


def checked_weights(weights: ArrayLike, n: int, what: str = "weights") -> Array:
    """Return weights as float64, or say why they cannot be such."""
    array = as_vector(weights, what).astype(np.float64)
    if array.size != n:
        raise DataError(f"There are {array.size:,} {what} for {n:,} values; give one for each.")
    if not np.isfinite(array).all():
        raise not_finite(array, what)
    if (array < 0).any():
        row = int(np.argmax(array < 0))
        raise DataError(
            f"{int((array < 0).sum()):,} of {n:,} weights are negative (first: row {row}, "
            f"{array[row]:g}). A weight is how often a value was seen: 0 or more."
        )
    if not array.any():
        raise DataError("The weights are all zero: at least one must be above 0.")
    with np.errstate(over="ignore"):
        total = float(np.sum(array))
    if not _LEAST_WEIGHT < total < 1.0 / _LEAST_WEIGHT:
        raise DataError(
            f"The weights sum to {total:g}, too far from 1 for float64. A weight is how often a "
            "value was seen: multiply them all by one number."
        )
    return array
