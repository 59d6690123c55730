"""Marginal effects: how a mean, or anything else, changes with one covariate."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.errors import ParameterError
from likeliest.regression.columns import Categories, Columns
from likeliest.regression.design import as_dense
from likeliest.regression.prediction import Lines, estimated, lines_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.distributions.distribution import Distribution
    from likeliest.inference.estimates import Estimate
    from likeliest.numerics.arrays import Array
    from likeliest.regression.result import Regression

_STEP = 1e-4  # of the spread of a column


def average_effect(
    regression: Regression,
    column: str,
    of: Callable[[Distribution], Any],
    new: Any = None,
) -> Estimate:
    """Return the average effect of a column; see `Regression.average_effect`."""
    lines, coefficients, covariance = lines_of(regression, new)
    weights = _weights(regression, new, lines.n)

    def average(some: Lines, u: Array) -> float:
        return float(np.average(np.broadcast_to(of(some.at(u)), (some.n,)), weights=weights))

    covariates = regression.covariates_of(new)
    if covariates is None:
        down, up, width = _of_arrays(lines, column, regression)
    elif column not in covariates.by_name:
        raise ParameterError(
            f"No formula reads a column {column!r}; they read {', '.join(covariates.by_name)}."
        )
    else:
        values = covariates.by_name[column]
        if isinstance(values, Categories):
            return _of_levels(regression, lines, covariates, column, average)
        width = _STEP * (float(np.std(values)) or 1.0)
        down, up = (
            _moved(regression, lines, covariates, column, values + sign * width)
            for sign in (-1.0, 1.0)
        )
    return estimated(
        lambda u: (average(up, u) - average(down, u)) / (2.0 * width),
        coefficients,
        covariance,
        "identity",
    )


def _weights(regression: Regression, new: Any, n: int) -> Array:
    if new is None and regression.problem is not None:
        weights = regression.problem.observations.weights
        if weights is not None:
            return weights
    return np.ones(n)


def _of_levels(
    regression: Regression,
    lines: Lines,
    covariates: Columns,
    column: str,
    average: Callable[[Lines, Array], float],
) -> Estimate:
    """Return the effect of each level but the first, against that."""
    levels = regression.levels_of(column)
    first, *others = (
        _moved(
            regression, lines, covariates, column, Categories(np.full(lines.n, i), tuple(levels))
        )
        for i in range(len(levels))
    )
    return estimated(
        lambda u: np.array([average(one, u) for one in others]) - average(first, u),
        regression.centred,
        regression.covariance_of_centred,
        "identity",
    )


def _moved(
    regression: Regression, lines: Lines, covariates: Columns, column: str, values: Any
) -> Lines:
    """Return the lines of rows with one column replaced."""
    moved = Columns({**covariates.by_name, column: values}, covariates.n)
    columns = {
        name: predictor.centred(predictor.terms.matrix(moved))
        for name, predictor in regression.predictors.items()
    }
    return replace(lines, columns=columns)


def _of_arrays(lines: Lines, column: str, regression: Regression) -> tuple[Lines, Lines, float]:
    """Return the lines with a column of arrays moved down and up, and by how much."""
    places = {
        name: predictor.terms.columns.index(column)
        for name, predictor in regression.predictors.items()
        if column in predictor.terms.columns
    }
    if not places:
        known = dict.fromkeys(name for _, name in regression.names)
        raise ParameterError(f"There is no column {column!r}; there are {', '.join(known)}.")
    name, at = next(iter(places.items()))
    width = _STEP * (float(np.std(as_dense(lines.columns[name])[:, at])) or 1.0)
    sides = []
    for sign in (-1.0, 1.0):
        columns = dict(lines.columns)
        for one, i in places.items():
            moved = as_dense(columns[one]).copy()
            moved[:, i] += sign * width
            columns[one] = moved
        sides.append(replace(lines, columns=columns))
    return sides[0], sides[1], width
