"""Columns of intervals, as pandas cuts values into classes: the two ends of each row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.data.vectors import as_vector
from likeliest.errors import DataError

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array


def ends_of(data: Any) -> tuple[Array, Array] | None:
    """Return the ends of intervals, low < X ≤ high, NaN where one is missing; None of other data.

    Parameters
    ----------
    data : Series, IntervalIndex or array of pandas, its intervals in categories or not

    Raises
    ------
    DataError
        If both ends belong to the intervals, or none does, or they are of dates.

    Examples
    --------
    >>> import pandas as pd
    >>> low, high = ends_of(pd.cut([0.5, 1.5, 9.0], [0, 1, 2]))
    >>> low.tolist(), high.tolist()
    ([0.0, 1.0, nan], [1.0, 2.0, nan])
    """
    kind: Any = getattr(data, "dtype", None)
    kind = getattr(getattr(kind, "categories", None), "dtype", kind)  # of classes
    if type(kind).__name__ != "IntervalDtype":
        return None
    if kind.closed not in {"left", "right"}:
        raise DataError(
            f"The data are intervals that are closed on {kind.closed.replace('neither', 'no')} "
            f"side{'s' * (kind.closed == 'both')}. Give their ends: lower=x.left, upper=x.right of "
            "an IntervalIndex x."
        )
    cells = np.asarray(data, dtype=object)
    low, high = (
        as_vector([getattr(cell, end, None) for cell in cells], "ends of intervals", gaps=True)
        for end in ("left", "right")
    )
    return (low, high) if kind.closed == "right" else (left_of(low), left_of(high))


def left_of(edge: Array) -> Array:
    """Return edges just below the numbers, so that [a, b) holds the same whole numbers as (a, b].

    Of a density nothing changes.
    """
    return np.where(np.isfinite(edge), np.nextafter(edge, -np.inf), edge)
