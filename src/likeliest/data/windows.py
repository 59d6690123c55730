"""Windows: rows that could not have been seen, or that tell nothing, given that they were seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.numerics.arrays import Array, Indices, Mask


def require_order(lower: Array, upper: Array, row: Indices) -> None:
    """Raise if bounds hold no value."""
    _refuse(
        (lower > upper) | (lower == np.inf) | (upper == -np.inf),
        ("holds no value", "hold no value"),
        row,
        lambda at: (
            f"from {_shown(lower[at])} to {_shown(upper[at])}): a lower bound lies at or below its "
            "upper one."
        ),
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
    _refuse(
        first >= last,
        ("has an empty window", "have an empty window"),
        row,
        lambda at: (
            f"entry {_shown(first[at])} and exit {_shown(last[at])}): a value is seen only if "
            "entry < X ≤ exit."
        ),
    )
    _refuse(
        upper <= first,
        ("lies at or below the entry", "lie at or below the entry"),
        row,
        lambda at: (
            f"{_shown(upper[at])} with entry {_shown(first[at])}) and could not have been seen."
        ),
    )
    late = lower > last
    if not lower_closed:
        late |= (lower == last) & (upper > lower)
    _refuse(
        late,
        ("lies beyond the exit", "lie beyond the exit"),
        row,
        lambda at: (
            f"{_shown(lower[at])} with exit {_shown(last[at])}) and could not have been seen."
        ),
    )
    _refuse(
        (lower < upper) & (lower <= first) & (upper >= last),
        ("tells nothing", "tell nothing"),
        row,
        lambda at: (
            f"known to lie {_range(lower[at], upper[at])}): with its {_ends(first[at], last[at])} "
            f"it could be seen only {_range(first[at], last[at])}, so that this much is known of "
            "any value. Correct the bounds or the window, or leave such rows out."
        ),
    )


def _refuse(
    bad: Mask, verbs: tuple[str, str], row: Indices, of_first: Callable[[int], str]
) -> None:
    """Raise if some rows are bad: how many, what is wrong with them, and how the first is."""
    n = int(np.count_nonzero(bad))
    if n:
        at = int(np.argmax(bad))
        raise DataError(
            f"{n:,} of {bad.size:,} rows {verbs[n > 1]} (first: row {row[at]}, {of_first(at)}"
        )


def _ends(first: float, last: float) -> str:
    """Say which ends a window has."""
    return " and ".join(["entry"] * bool(np.isfinite(first)) + ["exit"] * bool(np.isfinite(last)))


def _range(low: float, high: float) -> str:
    """Say between which bounds, of which at least one is finite."""
    ends = [f"above {_shown(low)}"] if np.isfinite(low) else []
    ends += [f"up to {_shown(high)}"] if np.isfinite(high) else []
    return " and ".join(ends)


def _shown(value: float) -> str:
    """Return a number as the user gave it: all digits that float64 keeps."""
    return f"{value:.15g}"
