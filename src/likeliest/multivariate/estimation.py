"""The door of families of rows: data are read, checked, and fitted by the family's route."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.data.column import Column
from likeliest.data.matrix import Matrix, labels_of, matrix_of
from likeliest.data.observations import Observations
from likeliest.errors import DataError, ParameterError
from likeliest.multivariate.result import MultivariateFit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.data.matrix import Labels
    from likeliest.distributions.multivariate.multivariate import Multivariate
    from likeliest.multivariate.found import Found

_ROUTES = {
    "multivariate normal": ("normals", "maximize"),
    "multivariate t": ("ts", "maximize"),
    "dirichlet": ("dirichlets", "maximize"),
    "dirichlet-multinomial": ("dirichlets", "maximize_counts"),
    "multinomial": ("counts", "maximize"),
    "categorical": ("counts", "maximize_labels"),
}
_INSTEAD = {
    "by": "Fit the rows of each group by themselves.",
    "axis": "Its rows are the observations: transpose the array if they are its columns.",
    "dim": "Its rows are the observations.",
    "sampling_weights": "weights= counts how many times each row was seen.",
    "fixed": "All of its parameters are estimated.",
    "start": "It finds its own starts.",
    "rounding": "It takes values as exact.",
    "method": "It is fitted by likelihood.",
}


def fit_multivariate(
    data: Any, family: type[Multivariate], words: Mapping[str, Any]
) -> MultivariateFit:
    """Return the maximum likelihood fit of a family of rows; see `likeliest.fit`."""
    _require_no_other(family, words)
    seen = read(data, family, words)
    return MultivariateFit(_found(family, seen), seen if isinstance(seen, Matrix) else None)


def read(data: Any, family: type[Multivariate], words: Mapping[str, Any]) -> Matrix | Labels:
    """Return data as the rows, or the labels, that a family takes."""
    if isinstance(data, (Column, Observations)):
        raise DataError(
            f"The data are one column, and {family.name} is of rows: give a frame, a "
            "two-dimensional array or the path of a file."
        )
    column, weights = words.get("column"), words.get("weights")
    missing = words.get("missing", "raise")
    if family.name == "categorical":
        if missing not in {"raise", "drop"}:
            raise ParameterError(f'missing must be "raise" or "drop"; got {missing!r:.40}.')
        if not (column is None or isinstance(column, str)):
            raise ParameterError(f"A categorical is of one column; got column={column!r:.60}.")
        return labels_of(data, column, weights, gaps=missing)
    if missing not in {"raise", "drop", "em"} or (
        missing == "em" and family.name != "multivariate normal"
    ):
        raise ParameterError(
            'missing must be "raise" or "drop", or "em" of a multivariate normal alone; got '
            f"{missing!r:.40}."
        )
    seen = matrix_of(data, [column] if isinstance(column, str) else column, weights, gaps=missing)
    if len(seen.columns) < 2:
        raise DataError(
            f"{family.name} is of two columns or more; there is one, {seen.columns[0]}. Fit a "
            "family of one column to it."
        )
    return seen


def _found(family: type[Multivariate], seen: Matrix | Labels) -> Found:
    module, name = _ROUTES[family.name]
    route = getattr(importlib.import_module(f"likeliest.multivariate.{module}"), name)
    with np.errstate(all="ignore"):
        found: Found = route(seen)
    return found


def _require_no_other(family: type[Multivariate], words: Mapping[str, Any]) -> None:
    """Refuse what goes with families of one column alone."""
    usual = {"missing": "raise", "closed": "right", "method": "likelihood", "rounding": 0.0}
    for word, value in words.items():
        if word in {"column", "weights", "missing"} or value is None or value is usual.get(word):
            continue
        if word in usual and value == usual[word]:
            continue
        instead = _INSTEAD.get(word, "Its rows are exact values.")
        raise ParameterError(
            f"{word}= goes with families of one column, not with {family.name}. {instead}"
        )
