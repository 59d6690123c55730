"""Small public data to try things on; where each comes from stands in README.md beside it."""

from __future__ import annotations

import csv
import difflib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import ReadError

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array

_HERE = Path(__file__).parent


def names() -> tuple[str, ...]:
    """Return the names of the bundled data sets.

    Examples
    --------
    >>> names()
    ('five_points', 'old_faithful', 'seattle_rain')
    """
    return tuple(sorted(path.stem for path in _HERE.glob("*.csv")))


def path(name: str) -> Path:
    """Return the file of a bundled data set.

    Raises
    ------
    ReadError
        If there is none of this name.
    """
    if name not in names():
        near = difflib.get_close_matches(name, names(), n=1)
        raise ReadError(
            f"There is no bundled data set {name!r}"
            + (f"; did you mean {near[0]}?" if near else f"; there are {', '.join(names())}.")
        )
    return _HERE / f"{name}.csv"


def load(name: str, column: str) -> Array:
    """Return a column of a bundled data set.

    Examples
    --------
    >>> load("old_faithful", "waiting")[:3].tolist()
    [79.0, 54.0, 74.0]
    """
    with path(name).open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        if column not in (rows.fieldnames or ()):
            held = ", ".join(rows.fieldnames or ())
            raise ReadError(f"{name} has no column {column!r}; it has {held}.")
        return np.array([float(row[column]) for row in rows])


def texts() -> tuple[str, ...]:
    """Return the names of the bundled texts.

    Examples
    --------
    >>> texts()
    ('first_names',)
    """
    return tuple(sorted(path.stem for path in _HERE.glob("*.txt")))


def text_path(name: str) -> Path:
    """Return the file of a bundled text.

    Raises
    ------
    ReadError
        If there is none of this name.
    """
    if name not in texts():
        raise ReadError(f"There is no bundled text {name!r}; there are {', '.join(texts())}.")
    return _HERE / f"{name}.txt"


def first_names() -> tuple[str, ...]:
    """Return the 5,163 first names of the United States census of 1990, in lower case.

    Source: United States Census Bureau (1995).

    Examples
    --------
    >>> len(first_names()), first_names()[:3]
    (5163, ('aaron', 'abbey', 'abbie'))
    """
    return tuple(text_path("first_names").read_text(encoding="utf-8").split())


def five_points() -> Array:
    """Return the five values of the reference document's example.

    Examples
    --------
    >>> round(float(five_points().mean()), 3)
    52.295
    """
    return load("five_points", "x")


def waiting_times() -> Array:
    """Return the waits for the next eruption of Old Faithful, 272 of them, in whole minutes.

    Source: Azzalini & Bowman (1990).

    Examples
    --------
    >>> waiting_times().size
    272
    """
    return load("old_faithful", "waiting")


def eruption_durations() -> Array:
    """Return how long eruptions of Old Faithful lasted, 272 of them, in minutes.

    Source: Azzalini & Bowman (1990).

    Examples
    --------
    >>> float(eruption_durations().max())
    5.1
    """
    return load("old_faithful", "duration")


def seattle_rain() -> Array:
    """Return the rain of each of 623 wet days in Seattle, 2012 to 2015, in millimetres.

    Source: NOAA daily summaries.

    Examples
    --------
    >>> float(seattle_rain().max())
    55.9
    """
    return load("seattle_rain", "rain")
