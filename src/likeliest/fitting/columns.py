"""ColumnComparison: for each column of a table, the families ranked; what was left out, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, overload

from likeliest.errors import DataError, LikeliestError
from likeliest.fitting.tables import of_columns, parameters
from likeliest.tables import ShownAsTable, frame, html

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from os import PathLike

    import pandas as pd
    import polars as pl

    from likeliest.data.observations import Observations
    from likeliest.data.reading.columns import Columns
    from likeliest.fitting.comparison import Comparison
    from likeliest.report import Report
    from likeliest.tables import Library, Table


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ColumnComparison(Mapping[str, "Comparison"], ShownAsTable):
    """The comparisons of families on each column of a table: a mapping from column names.

    Parameters
    ----------
    comparisons : dict of Comparison
        By column, in the order of the table.
    not_fitted : dict of str
        Columns of numbers that could not be fitted, with the reason.
    left_out : dict of str
        Columns that are not numeric or count the rows, with which of the two it is.
    missing : dict of int
        How many cells of each column were missing and left out.
    names : tuple of str
        The columns that were to be compared, those not fitted among them, in order.

    Examples
    --------
    >>> import likeliest as lk
    >>> table = {"id": [1, 2, 3, 4, 5], "width": [2.1, 3.4, 1.9, 5.6, 4.4]}
    >>> columns = lk.compare(table, ["normal", "exponential"])
    >>> list(columns), columns.left_out
    (['width'], {'id': 'counts the rows'})
    >>> columns["width"].best.family
    'exponential'
    """

    comparisons: dict[str, Comparison]
    not_fitted: dict[str, str]
    left_out: dict[str, str]
    missing: dict[str, int]
    names: tuple[str, ...]

    def __getitem__(self, column: str) -> Comparison:
        """Return the comparison of a column by its name."""
        if column in self.comparisons:
            return self.comparisons[column]
        why = self.not_fitted.get(column) or self.left_out.get(column)
        raise KeyError(f"{column} was not compared: {why or 'there is no such column'}")

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of the columns that were compared."""
        return iter(self.comparisons)

    def __len__(self) -> int:
        """The number of columns that were compared."""
        return len(self.comparisons)

    @overload
    def to_frame(self, library: Literal["polars"] = "polars") -> pl.DataFrame: ...

    @overload
    def to_frame(self, library: Literal["pandas"]) -> pd.DataFrame: ...

    def to_frame(self, library: Library = "polars") -> pl.DataFrame | pd.DataFrame:
        """Return a data frame with a row for each column, in the order of the table.

        Parameters
        ----------
        library : {"polars", "pandas"}
            Whose data frame to make.

        Returns
        -------
        DataFrame
            With the columns column, family (the best), weight, runner_up, delta (how far its
            criterion lies above the best), n, missing, log_likelihood, parameters (as text),
            misfit (why the best is no good description, if it is none) and not_fitted (why).
        """
        rows = [
            _row(name, self[name], self.missing[name])
            if name in self.comparisons
            else {"column": name, "not_fitted": self.not_fitted[name]}
            for name in self.names
        ]
        return frame({key: [row.get(key) for row in rows] for key in _FRAME}, library)

    def report(self, source: str | PathLike[str] = "", *, level: float = 0.95) -> Report:
        """Return a report of the columns: one HTML file, as `Fit.report` gives it.

        Parameters
        ----------
        source : path, optional
            The file of the data, named in the report and in its commands.
        level : float
            Coverage of the intervals.
        """
        from likeliest.report import of_columns

        return of_columns(self, source, level)

    def to_dict(self) -> dict[str, Any]:
        """Return the comparisons and what was left out, ready for JSON."""
        return {
            "columns": {name: one.to_dict() for name, one in self.items()},
            "missing": self.missing,
            "not_fitted": self.not_fitted,
            "left_out": self.left_out,
        }

    def to_html(self) -> str:
        """Return the comparisons as an HTML table, a row for each column."""
        return html(self.table())

    def table(self) -> Table:
        """Return the comparisons as a table, a row for each column."""
        return of_columns(self)


_FRAME = (
    "column", "family", "weight", "runner_up", "delta", "n", "missing", "log_likelihood",
    "parameters", "misfit", "not_fitted",
)  # fmt: skip


def _row(name: str, compared: Comparison, missing: int) -> dict[str, Any]:
    best, more = compared.best, len(compared) > 1
    return {
        "column": name,
        "family": best.family,
        "weight": compared.weights[0],
        "runner_up": compared.fits[1].family if more else None,
        "delta": compared.deltas[1] if more else None,
        "n": float(best.n),
        "missing": missing,
        "log_likelihood": float(best.log_likelihood),
        "parameters": parameters(best),
        "misfit": best.misfit,
    }


def compare_columns(
    columns: Columns,
    compare_one: Callable[[Observations], Comparison],
    progress: Callable[[str], None] | None = None,
) -> ColumnComparison:
    """Compare the families on each column; a column that cannot be fitted stops no other.

    Raises
    ------
    DataError
        If no column could be fitted.
    """
    comparisons: dict[str, Comparison] = {}
    not_fitted = dict(columns.refused)
    for name, column in columns.read.items():
        try:
            comparisons[name] = compare_one(column.observations())
        except LikeliestError as error:
            not_fitted[name] = str(error)
        if progress is not None:
            progress(name)
    if not comparisons:
        reasons = {**not_fitted, **columns.left_out}
        said = "; ".join(f"{name}: {why.rstrip('.')}" for name, why in reasons.items())
        raise DataError(
            f"No column could be compared. {said or 'There are none'}. A column that is named is "
            'fitted whatever it counts: lk.read(data, "name").'
        )
    missing = {name: columns.read[name].left_out for name in comparisons}
    names = (n for n in dict.fromkeys(columns.names) if n in comparisons or n in not_fitted)
    return ColumnComparison(comparisons, not_fitted, columns.left_out, missing, tuple(names))
