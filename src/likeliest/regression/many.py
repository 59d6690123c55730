"""Regressions: the same regression of each group of rows, one after the other."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.data.reading.table import Table as FileTable
from likeliest.errors import DataError, LikeliestError
from likeliest.fitting.tables import TOP
from likeliest.regression.tables import curves_of
from likeliest.tables import ShownAsTable, Table, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import polars as pl

    from likeliest.data.keys import Keys
    from likeliest.numerics.arrays import Indices
    from likeliest.regression.result import Regression
    from likeliest.tables import Library

_SHOWN = 4 * TOP
_REASONS = 3


@dataclass(frozen=True, eq=False, repr=False)
class Regressions(ShownAsTable):
    """A regression of each group of rows, by the key of the group.

    Its length is the number of groups, iterating gives their keys, and a key in brackets the
    `Regression` of its group.

    Parameters
    ----------
    keys : Keys
    found : tuple
        A Regression for each group, or the error that says why there is none.

    Examples
    --------
    >>> import likeliest as lk
    >>> frame = {
    ...     "road": [*"aaaabbbb"],
    ...     "speed": [1, 2, 3, 4, 1, 2, 3, 4],
    ...     "stops": [1, 3, 3, 9, 8, 5, 5, 2],
    ... }
    >>> lines = lk.regress("stops ~ speed", frame, "poisson", by="road")
    >>> [round(lines[road].coefficients["rate"]["speed"], 2) for road in lines]
    [0.67, -0.37]
    """

    keys: Keys
    found: tuple[Regression | LikeliestError, ...]

    def __len__(self) -> int:
        """The number of groups."""
        return len(self.found)

    def __iter__(self) -> Iterator[Any]:
        """Yield the key of each group; a tuple where there are several columns."""
        return iter(self.keys)

    def __getitem__(self, key: Any) -> Regression:
        """Return the regression of one group.

        Raises
        ------
        KeyError
            If there is no such group.
        LikeliestError
            If it has no regression, as that of its rows alone would say.
        """
        one = self.found[self.keys.find(key)]
        if isinstance(one, LikeliestError):
            raise one
        return one

    @property
    def reasons(self) -> dict[Any, str]:
        """Why a group has no regression, by its key."""
        pairs = zip(self.keys, self.found, strict=True)
        return {key: str(one) for key, one in pairs if isinstance(one, LikeliestError)}

    def to_frame(self, level: float = 0.95, library: Library = "polars") -> Any:
        """Return a data frame with a row for each coefficient of each group.

        Parameters
        ----------
        level : float
            Coverage of the intervals.
        library : {"polars", "pandas"}

        Returns
        -------
        polars.DataFrame or pandas.DataFrame
            The keys; parameter, term, estimate, standard error, z, p, low, high; n, log likelihood
            and AIC of the group; and the reason where there is no regression, in a row of its own.
        """
        import polars as pl

        parts = [self._rows_of(group, level) for group in range(len(self))]
        whole = pl.concat(parts, how="diagonal_relaxed")
        if "reason" not in whole.columns:
            whole = whole.with_columns(pl.lit(None, pl.String).alias("reason"))
        whole = whole.select(pl.exclude("reason"), "reason")
        return whole if library == "polars" else whole.to_pandas()

    def _rows_of(self, group: int, level: float) -> pl.DataFrame:
        import polars as pl

        key, one = self.keys.columns[group], self.found[group]
        if isinstance(one, LikeliestError):
            return key.with_columns(pl.lit(str(one)).alias("reason"))
        rows = one.to_frame(level).with_columns(
            pl.lit(one.n).alias("n"),
            pl.lit(one.log_likelihood).alias("log_likelihood"),
            pl.lit(one.aic).alias("aic"),
        )
        return key.join(rows, how="cross")

    def table(self) -> Table:
        """Return the first groups as a table, and how many have no regression."""
        names = self._names()
        rows = []
        for group in range(min(_SHOWN, len(self))):
            one = self.found[group]
            label = ", ".join(map(str, self.keys.columns.row(group)))
            if isinstance(one, LikeliestError):
                rows.append((label, "", *("" for _ in names), "none"))
                continue
            shown = _cells(one)
            cells = [shown.get(name, "") for name in names]
            rows.append((label, f"{one.n:,.6g}", *cells, number(one.log_likelihood, 8)))
        heads = [f"{parameter}: {term}" for parameter, term in names]
        columns = (", ".join(self.keys.columns.columns), "n", *heads, "log L")
        more = [f"… and {len(self) - _SHOWN:,} more groups"] if len(self) > _SHOWN else []
        sound = next((one for one in self.found if not isinstance(one, LikeliestError)), None)
        family = "" if sound is None else f"{sound.family} "
        title = f"{family}regressions of {len(self):,} groups, with standard errors"
        return Table(title, columns, tuple(rows), (*more, *self._why_none()))

    def _names(self) -> list[tuple[str, str]]:
        """Return the coefficients of any of the groups that are shown, in order."""
        sound = (one for one in self.found[:_SHOWN] if not isinstance(one, LikeliestError))
        return list(dict.fromkeys(name for one in sound for name in _cells(one)))

    def _why_none(self) -> list[str]:
        reasons = self.reasons
        if not reasons:
            return ["all have one"]
        lines = [f"{len(reasons):,} of {len(self):,} groups have none:"]
        kinds = Counter(reason.split(":")[0] for reason in reasons.values())
        for kind, times in kinds.most_common(_REASONS):
            key, reason = next(item for item in reasons.items() if item[1].startswith(kind))
            lines.append(f"{times:,}, such as {key}: {reason}")
        return lines


def _cells(one: Regression) -> dict[tuple[str, str], str]:
    """Return what a table shows of each coefficient; of a curve its degrees of freedom."""
    curves, shown = curves_of(one), {}
    for name, value, error in zip(one.names, one.estimates, one.errors, strict=True):
        if name in curves:
            shown[name[0], curves[name].term] = f"{curves[name].edf:.1f} df"
        else:
            shown[name] = f"{number(float(value), error=float(error))} ± {number(error, 2)}"
    return shown


def regressed_by(
    keys: Keys, given: Mapping[str, Any], regress: Callable[..., Regression]
) -> Regressions:
    """Regress each group of rows.

    Parameters
    ----------
    keys : Keys
    given : mapping
        What `regress` is to be called with; of arrays, frames and mappings of these each group gets
        its rows.
    regress : callable
        Returns the regression, or raises a LikeliestError, which is kept in its place.

    Raises
    ------
    DataError
        If keys and data differ in length.
    """
    rows = {name: _Rows(_in_memory(one)) for name, one in given.items()}
    for name, one in rows.items():
        if one.n is not None and one.n != keys.of_row.size:
            raise DataError(
                f"by has {keys.of_row.size:,} keys and {name} {one.n:,} rows: give a key for each."
            )
    order = np.argsort(keys.of_row, kind="stable")
    first = np.searchsorted(keys.of_row, np.arange(len(keys) + 1), sorter=order)
    found: list[Regression | LikeliestError] = []
    for start, end in pairwise(first):
        at = order[start:end]
        try:
            found.append(regress(**{name: one.take(at) for name, one in rows.items()}))
        except LikeliestError as error:
            found.append(error)
    return Regressions(keys, tuple(found))


def _in_memory(one: Any) -> Any:
    """Return a file's table with its rows in memory; others as they are."""
    if not isinstance(one, FileTable):
        return one
    import polars as pl

    frame = pl.DataFrame(one.columns(list(range(len(one.names))))).lazy()
    return replace(one, frame=frame, blank=0, surplus="", foot=None, as_floats=None)


class _Rows:
    """Something of which rows may be taken, or that all rows share."""

    def __init__(self, given: Any) -> None:
        self.given = given
        self.n = _length(given)

    def take(self, at: Indices) -> Any:
        """Return some rows."""
        return self.given if self.n is None else _taken(self.given, at)


def _length(given: Any) -> int | None:
    """Return the number of rows; None of what has none."""
    if isinstance(given, FileTable):
        return len(given.columns([0])[0])
    if isinstance(given, dict):
        lengths = [n for n in map(_length, given.values()) if n is not None]
        return lengths[0] if lengths else None
    if given is None or isinstance(given, (str, bytes, type)) or not hasattr(given, "__len__"):
        return None
    return len(given)


def _taken(given: Any, at: Indices) -> Any:
    if isinstance(given, FileTable):
        return replace(given, frame=given.frame.collect()[at].lazy())
    if isinstance(given, dict):
        return {name: _Rows(one).take(at) for name, one in given.items()}
    if hasattr(given, "iloc"):
        return given.iloc[at]
    if hasattr(given, "take") and not isinstance(given, np.ndarray):
        return given.take(at)
    if type(given).__module__.partition(".")[0] == "polars":
        return given[at]
    return np.asarray(given)[at]
