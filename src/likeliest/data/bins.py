"""Counts in bins: each count is put to its own bin, by label where it has one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from numbers import Integral
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from likeliest.data.intervals import left_of
from likeliest.data.labels import labels_of
from likeliest.data.vectors import as_vector, is_frame
from likeliest.errors import DataError
from likeliest.tables import number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from likeliest.numerics.arrays import Array

Closed = Literal["right", "left"]
"""The end of each bin that belongs to it: (a, b] is closed on the right."""

_ROUNDED = 0.05  # of a bin's width: pandas and polars round the ends in their labels
_SHOWN = 3
_WRITTEN = re.compile(r"\s*([\[(])\s*([^,\s]+)\s*,\s*([^,\s]+?)\s*([\])])\s*")


def binned(
    edges: Any, counts: Any, closed: Closed, labels: Any = None
) -> tuple[Array, Array, Array]:
    """Return the lower and upper ends of bins, a < X ≤ b, and how many values lie in each.

    Parameters
    ----------
    edges : array-like of k + 1 rising numbers
    counts : array-like of k numbers, or a mapping of labels to them
        Those with labels (a pandas Series, a dict) are put to the bins that the labels name:
        intervals, intervals written as text, or one number in each bin. Bins that no label
        names have none.
    closed : {"right", "left"}
    labels : optional
        Of counts that have lost their own, such as a column of a pandas frame.

    Raises
    ------
    DataError
        If edges and counts do not fit each other, or labels name other bins.

    Examples
    --------
    >>> low, high, seen = binned([0, 1, 2], {"(1, 2]": 5, "(0, 1]": 3}, "right")
    >>> seen.tolist()
    [3.0, 5.0]
    """
    if edges is None or counts is None:
        raise DataError("Bins need both: edges, and counts of the values between them.")
    _refuse_tables(counts)
    if isinstance(counts, Mapping):
        labels, counts = [*counts], [*counts.values()]
    elif labels is None:
        labels = labels_of(counts)
    at, seen = as_vector(edges, "edges"), as_vector(counts, "counts")
    if at.size < 2 or np.isnan(at).any() or not (np.diff(at) > 0).all():
        raise DataError("The edges of bins must be two numbers or more that rise.")
    low, high = np.asarray(at[:-1], np.float64), np.asarray(at[1:], np.float64)
    if not count_rows(labels):
        seen = _placed(seen, [*labels], low, high, closed)
    elif seen.size != low.size:
        raise DataError(
            f"{at.size:,} edges make {low.size:,} {'bin' if low.size == 1 else 'bins'}, and there "
            f"{'is' if seen.size == 1 else 'are'} {seen.size:,} "
            f"{'count' if seen.size == 1 else 'counts'}."
        )
    if closed == "left":  # of a density nothing changes; [a, b) of whole numbers is (a - 1, b - 1]
        low, high = left_of(low), left_of(high)
    return low, high, seen


def require_closed(closed: object, *, has_bins: bool) -> None:
    """Raise unless it says which end belongs to a bin, and there are bins."""
    if not (isinstance(closed, str) and closed in {"right", "left"}):
        raise DataError(f'closed must be "right" or "left"; got {closed!r}.')
    if closed != "right" and not has_bins:
        raise DataError(
            "closed says which end belongs to a bin, and there are none: give edges and counts, or "
            "leave closed out."
        )


def _refuse_tables(counts: Any) -> None:
    """Refuse what holds values beside the counts, as other libraries return them."""
    pair = isinstance(counts, tuple) and len(counts) == 2 and np.ndim(counts[0]) == 1
    if pair or (is_frame(counts) and not isinstance(counts, Mapping)):
        raise DataError(
            "counts must be one number a bin, in the order of the edges; got several columns. Of "
            "values with how often each was seen: lk.observe(values, weights=counts). Of bins: "
            "sort them by edge, and give the column of counts alone."
        )


# labels


class _Bin(NamedTuple):
    """The bin that a label names: an interval, or one number where both ends are the same."""

    low: float
    high: float
    closed: str


def count_rows(labels: Any) -> bool:
    """Whether labels, if there are any, are pandas' own 0, 1, 2, … of what had none."""
    if labels is None:
        return True
    return type(labels).__name__ == "RangeIndex" and labels.start == 0 and labels.step == 1


def name_bins(labels: Iterable[object]) -> bool:
    """Whether labels are intervals, as pandas and polars write them."""
    return all(isinstance(one, str) and _WRITTEN.fullmatch(one) for one in labels)


def _placed(counts: Array, labels: list[Any], low: Array, high: Array, closed: Closed) -> Array:
    """Return how many values lie in each bin; 0 where no label names it."""
    seen, taken, rose = np.zeros(low.size), set[int](), True
    for label, count in zip(labels, counts, strict=True):
        at = _place(_bin_of(label), low, high, closed)
        if at is None or at in taken:
            raise _other_bins(label, low, high, closed)
        taken.add(at)
        seen[at] = count
        rose = rose and at == max(taken)
    if not rose and all(isinstance(label, Integral) for label in labels):
        raise DataError(
            "The labels of the counts are whole numbers in another order than the bins: they may "
            "be numbers of rows, or values. Of values give lk.observe(values, weights=counts); if "
            "the counts stand in the order of the edges, pass counts.to_numpy()."
        )
    return seen


def _bin_of(label: Any) -> _Bin | None:
    if hasattr(label, "left") and hasattr(label, "right"):
        return _Bin(float(label.left), float(label.right), str(label.closed))
    written = _WRITTEN.fullmatch(label) if isinstance(label, str) else None
    try:
        if written is None:
            return None if isinstance(label, tuple) else _Bin(float(label), float(label), "both")
        opening, start, end, closing = written.groups()
        sides = {"(]": "right", "[)": "left", "[]": "both", "()": "neither"}
        return _Bin(float(start), float(end), sides[opening + closing])
    except (TypeError, ValueError):
        return None


def _place(one: _Bin | None, low: Array, high: Array, closed: Closed) -> int | None:
    """Return the place of the bin that a label names, None where there is none."""
    if one is None:
        return None
    if one.low == one.high:
        inside = (low < one.low) & (one.low <= high)
        if closed == "left":
            inside = (low <= one.low) & (one.low < high)
        return int(np.argmax(inside)) if inside.any() else None
    width = high - low
    slack = np.where(np.isfinite(width), _ROUNDED * width, _ROUNDED * np.min(width))
    slack = np.where(np.isfinite(slack), slack, 0.0)
    same = (one.closed == closed) & _near(one.low, low, slack) & _near(one.high, high, slack)
    return int(np.argmax(same)) if same.any() else None


def _near(end: float, ends: Array, slack: Array) -> Any:
    with np.errstate(invalid="ignore"):
        return (ends == end) | (np.abs(ends - end) <= slack)


def _other_bins(label: Any, low: Array, high: Array, closed: Closed) -> DataError:
    bins = [
        f"({number(a)}, {number(b)}]" if closed == "right" else f"[{number(a)}, {number(b)})"
        for a, b in zip(low[:_SHOWN], high[:_SHOWN], strict=True)
    ]
    shown = ", ".join(bins) + ", …" * (low.size > _SHOWN)
    return DataError(
        f"The labels of the counts are not the bins of the edges, {shown}: {label} is none of "
        "these, or is there twice. Give the edges that belong to the labels, and say which end "
        "is closed. If the labels are values, give lk.observe(values, weights=counts); if the "
        "counts stand in the order of the edges, pass counts.to_numpy()."
    )
