"""Angles in radians, of whatever goes round."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.data.vectors import as_vector, not_finite
from likeliest.errors import DataError, ParameterError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from likeliest.numerics.arrays import Array

_FEWEST_DIGITS = 2.0**53


def angles(values: ArrayLike, *, period: float = 2.0 * np.pi) -> Array:
    """Convert what repeats after a period to angles, as the families of the circle take them.

    Parameters
    ----------
    values : one-dimensional array-like
        Directions in degrees, hours of the day, days of the year, radians of any number of turns.
    period : float
        After how much they repeat: 360, 24, 365.25. By default 2π: radians.

    Returns
    -------
    array of shape (n,), in radians, from -π to π; 0 stays 0.

    Raises
    ------
    DataError
        If a value is no finite number, or so large that its place on the circle is lost.
    ParameterError
        If the period is no positive number.

    Examples
    --------
    >>> angles([0, 90, 270], period=360).round(4).tolist()
    [0.0, 1.5708, -1.5708]

    The hours of five calls, around midnight:

    >>> import likeliest as lk
    >>> calls = lk.angles([22.5, 23.7, 0.4, 1.2, 23.1], period=24)
    >>> round(lk.fit(calls, "von mises").parameters["loc"] * 24 / 6.283185, 2)
    -0.22
    """
    if not (np.ndim(period) == 0 and 0.0 < period < np.inf):
        raise ParameterError(f"period must be a positive number, such as 360; got {period!r:.40}.")
    array = as_vector(values, "values")
    if not np.isfinite(array).all():
        raise not_finite(array, "values")
    turns = array / period
    if np.any(np.abs(turns) >= _FEWEST_DIGITS):
        raise DataError(
            "Some values are so many periods that their place on the circle is lost. Subtract an "
            "origin from them first."
        )
    part = array - period * np.round(turns)
    return np.clip(2.0 * np.pi / period * part, -np.pi, np.pi)
