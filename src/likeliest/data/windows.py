"""Windows: rows that could not have been seen, or that tell nothing, given that they were seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import DataError

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array, Indices, Mask


def require_order(lower: Array, upper: Array, row: Indices) -> None:
    """Raise if bounds hold no value."""
    bad = (lower > upper) | (lower == np.inf) | (upper == -np.inf)
    if bad.any():
        at = int(np.argmax(bad))
        raise DataError(
            f"{_rows(bad, 'holds', 'hold')} no value (first: row {row[at]}, from "
            f"{_shown(lower[at])} to {_shown(upper[at])}): a lower bound lies at or below its "
            "upper one."
        )


def require_seen(
    lower: Array,
    upper: Array,
    entry: Array | None,
    exit_: Array | None,
    row: Indices,
    *,
    lower_closed: bool,
) -> None:
    """Raise if a window is empty, a row lies outside its own, or a row is known only to lie in it.

    Given that it was seen, a value lies in (entry, exit], and what its bounds add to that is all
    that it tells. Bounds that reach beyond an end of the window are cut there; a row whose bounds
    hold the whole window has the probability 1 under every distribution.

    Parameters
    ----------
    lower, upper : arrays of shape (n,)
        Bounds, lower < X ≤ upper; the same for an exact value.
    entry, exit_ : arrays of shape (n,) or (1,), optional
    row : array of shape (n,)
        What messages call each row.
    lower_closed : bool
        Whether lower bounds belong to their intervals.

    Source: Klein & Moeschberger (2003), section 3.4.
    """
    if entry is None and exit_ is None:
        return
    first = np.broadcast_to(-np.inf if entry is None else entry, lower.shape)
    last = np.broadcast_to(np.inf if exit_ is None else exit_, lower.shape)
    _refuse_empty(first, last, row)
    early, late = upper <= first, lower > last
    if not lower_closed:
        late |= (lower == last) & (upper > lower)
    if early.any():
        at = int(np.argmax(early))
        raise DataError(
            f"{_rows(early, 'lies', 'lie')} at or below the entry (first: row {row[at]}, "
            f"{_shown(upper[at])} with entry {_shown(first[at])}) and could not have been seen."
        )
    if late.any():
        at = int(np.argmax(late))
        raise DataError(
            f"{_rows(late, 'lies', 'lie')} beyond the exit (first: row {row[at]}, "
            f"{_shown(lower[at])} with exit {_shown(last[at])}) and could not have been seen."
        )
    idle = (lower < upper) & (lower <= first) & (upper >= last)
    if idle.any():
        at = int(np.argmax(idle))
        raise DataError(
            f"{_rows(idle, 'tells', 'tell')} nothing (first: row {row[at]}, known to lie "
            f"{_range(lower[at], upper[at])}): with its {_ends(first[at], last[at])} it could be "
            f"seen only {_range(first[at], last[at])}, so that this much is known of any value. "
            "Correct the bounds or the window, or leave such rows out."
        )


def _ends(first: float, last: float) -> str:
    """Say which ends a window has."""
    return " and ".join(["entry"] * bool(np.isfinite(first)) + ["exit"] * bool(np.isfinite(last)))


def _refuse_empty(first: Array, last: Array, row: Indices) -> None:
    empty = first >= last
    if empty.any():
        at = int(np.argmax(empty))
        raise DataError(
            f"{_rows(empty, 'has', 'have')} an empty window (first: row {row[at]}, entry "
            f"{_shown(first[at])} and exit {_shown(last[at])}): a value is seen only if entry < X "
            "≤ exit."
        )


def _range(low: float, high: float) -> str:
    """Say between which bounds, of which at least one is finite."""
    ends = [f"above {_shown(low)}"] if np.isfinite(low) else []
    ends += [f"up to {_shown(high)}"] if np.isfinite(high) else []
    return " and ".join(ends)


def _rows(mask: Mask, one: str, many: str) -> str:
    n = int(np.count_nonzero(mask))
    return f"{n:,} of {mask.size:,} rows {one if n == 1 else many}"


def _shown(value: float) -> str:
    """Return a number as the user gave it: all digits that float64 keeps."""
    return f"{value:.15g}"
