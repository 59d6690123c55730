"""Labels of pandas objects: values that belong together are paired by them, or refused."""

from __future__ import annotations

from typing import Any

from likeliest.errors import DataError


def labels_of(data: Any) -> Any:
    """Return the labels of the rows of a pandas object, None of anything else."""
    return data.index if hasattr(data, "reindex") and hasattr(data, "index") else None


def aligned(
    columns: dict[str, Any], index: Any = None, of: str = "the data frame"
) -> dict[str, Any]:
    """Return columns in one order of rows: those with labels in the order of the first of them.

    Parameters
    ----------
    columns : dict of name to column
        What has no labels, a list or an array, goes by position.
    index : pandas Index, optional
        The labels of what the columns stand beside.
    of : str
        What messages call that.

    Raises
    ------
    DataError
        If the labels of two differ, or come in another order and more than once.

    Examples
    --------
    >>> import pandas as pd
    >>> value, weight = pd.Series([1.0, 2.0], ["a", "b"]), pd.Series([9, 5], ["b", "a"])
    >>> aligned({"data": value, "weights": weight})["weights"].tolist()
    [5, 9]
    """
    first = index
    made: dict[str, Any] = {}
    for name, column in columns.items():
        labels = labels_of(column)
        if labels is None:
            made[name] = column
            continue
        if first is None:
            first, of = labels, name
        made[name] = column if labels.equals(first) else _paired(column, first, name, of)
    return made


def _paired(column: Any, first: Any, name: str, of: str) -> Any:
    """Return a column in the order of the first labels."""
    for one, other, holder, without in (
        (first, column.index, of, name),
        (column.index, first, name, of),
    ):
        lone = one.difference(other, sort=False)
        if len(lone):
            raise DataError(
                f"{of} and {name} are pandas objects with different labels: {len(lone):,} of those "
                f"of {holder} are not among those of {without} (first: {lone[0]}). Give both the "
                "same index, or pass .to_numpy() of each to pair them by position."
            )
    if not (first.is_unique and column.index.is_unique):
        raise DataError(
            f"{of} and {name} are pandas objects whose labels come in another order, and some come "
            "more than once, so that they do not say which belong together. Give both the same "
            "index, or pass .to_numpy() of each to pair them by position."
        )
    return column.reindex(first)
