"""Rows that a regression is asked about: the distribution of each, and functions with errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.data.reading.frames import table_of_frame
from likeliest.errors import DataError, ParameterError
from likeliest.inference.delta import PROBE, Delta, checked_scale, scale_of_range
from likeliest.inference.estimates import Estimate
from likeliest.regression.columns import Columns, columns_of, rows_of
from likeliest.regression.design import about_centre, times
from likeliest.regression.matrices import array_like_before

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from likeliest.distributions.distribution import Distribution
    from likeliest.inference.delta import Scale
    from likeliest.numerics.arrays import Array
    from likeliest.regression.design import Design
    from likeliest.regression.forms import Form
    from likeliest.regression.predictor import Predictor
    from likeliest.regression.result import Regression

_STEP = 0.02  # of a standard error: differences of fourth order are then good to ten digits


@dataclass(frozen=True)
class Lines:
    """The linear predictors of rows.

    Parameters
    ----------
    form : Form
    predictors : dict of Predictor
    fixed : dict
    columns : dict of arrays of shape (n, p)
    offsets : dict of arrays of shape (n,)
    slices : dict
        Where the coefficients of each parameter stand.
    n : int
    """

    form: Form
    predictors: Mapping[str, Predictor]
    fixed: Mapping[str, float]
    columns: Mapping[str, Array | Design]
    offsets: Mapping[str, Array]
    slices: Mapping[str, slice]
    n: int

    def at(self, coefficients: Array, moved: Mapping[str, Array] | None = None) -> Distribution:
        """Return the distribution of each row, with parameters of shape (n,).

        `moved` is added to linear predictors.
        """
        values = []
        for name in self.form.names:
            if name not in self.predictors:
                values.append(np.full(self.n, self.fixed[name]))
                continue
            eta = times(self.columns[name], coefficients[self.slices[name]])
            if name in self.offsets:
                eta = eta + self.offsets[name]
            if moved and name in moved:
                eta = eta + moved[name]
            value = np.asarray(self.predictors[name].link.inverse(eta), dtype=np.float64)
            values.append(np.broadcast_to(value, (self.n,)))
        return self.form.family(**self.form.parameters(tuple(values)))

    def lowered(self, coefficients: Array) -> dict[str, Array]:
        """Return moves that take each location beyond 0."""
        return {
            name: -2.0 * np.abs(times(self.columns[name], coefficients[self.slices[name]]))
            for name, predictor in self.predictors.items()
            if self.form.constraints[name].is_location and predictor.link.name == "identity"
        }


def lines_of(
    regression: Regression, new: Any = None, offset: Any = None, exposure: Any = None
) -> tuple[Lines, Array, Array]:
    """Return the linear predictors of new rows, with their coefficients and the covariance.

    Without new rows those that were fitted.
    """
    if new is None:
        return _fitted(regression)
    predictors = regression.predictors
    matrices, n = _matrices(regression, new)
    columns = {
        name: predictor.centred(matrices[name]) if name in matrices else np.ones((n, 1))
        for name, predictor in predictors.items()
    }
    lines = Lines(
        regression.form,
        predictors,
        regression.fixed,
        columns,
        _offsets(regression, new, n, offset, exposure),
        regression.slices,
        n,
    )
    return lines, regression.centred, regression.covariance_of_centred


def _fitted(regression: Regression) -> tuple[Lines, Array, Array]:
    problem = regression.required_problem("A prediction for the rows that were fitted")
    n = len(problem.observations)
    columns: dict[str, Array | Design] = {}
    for name in regression.predictors:
        own = problem.columns[name]
        turn = problem.turns[name]
        columns[name] = np.ones((n, 1)) if own is None else about_centre(own, turn)
    offsets = {
        name: offset
        for name, offset in problem.offsets.items()
        if offset is not None and name in regression.predictors
    }
    lines = Lines(
        regression.form,
        regression.predictors,
        regression.fixed,
        columns,
        offsets,
        regression.slices,
        n,
    )
    return lines, regression.centred, regression.covariance_of_centred


def _matrices(regression: Regression, new: Any) -> tuple[dict[str, Array | Design], int]:
    """Return the model matrix of each parameter that has covariates, and the number of rows."""
    varied = {n: p for n, p in regression.predictors.items() if not p.terms.is_intercept}
    formulas = [p.terms.formula for p in varied.values() if p.terms.formula is not None]
    if formulas or not varied:
        names = tuple(dict.fromkeys(name for one in formulas for name in one.columns))
        columns = columns_of(new, names) if names else Columns({}, rows_of(new))
        _require_whole(columns, names)
        return {name: p.terms.matrix(columns) for name, p in varied.items()}, columns.n
    given = new if isinstance(new, dict) else dict.fromkeys(regression.form.spoken, new)
    missing = [name for name in varied if name not in given]
    if missing:
        raise DataError(
            f"New rows for {', '.join(missing)} are needed too: give a dict of an array for each "
            f"of {', '.join(varied)}."
        )
    made = {
        name: array_like_before(given[name], p.terms, f"The array of {name}")
        for name, p in varied.items()
    }
    sizes = {len(matrix) for matrix in made.values()}
    if len(sizes) > 1:
        raise DataError(f"The arrays of new rows differ in length: {sorted(sizes)}.")
    for name, matrix in made.items():
        if not np.isfinite(matrix).all():
            raise DataError(f"The new rows of {name} hold numbers that are not finite.")
    return {**made}, sizes.pop()


def _require_whole(columns: Columns, names: tuple[str, ...]) -> None:
    for name, gap in columns.missing(names).items():
        raise DataError(
            f"{int(gap.sum()):,} of {columns.n:,} new rows have no value of {name} (first: row "
            f"{int(np.argmax(gap))})."
        )


def _offsets(
    regression: Regression, new: Any, n: int, offset: Any, exposure: Any
) -> dict[str, Array]:
    """Return the offset of new rows: of the columns that the fit read, or as given."""
    main, made = regression.form.main, {}
    parts: dict[str, list[tuple[Any, bool]]] = {}
    for name, known in regression.offsets.items():
        parts[name] = [(part, is_exposure) for part, is_exposure in known]
    if offset is not None or exposure is not None:
        parts[main] = [
            (one, how) for one, how in ((offset, False), (exposure, True)) if one is not None
        ]
    for name, some in parts.items():
        total = np.zeros(n)
        for part, is_exposure in some:
            if part is None:
                what = "exposure" if is_exposure else "offset"
                raise DataError(
                    f"The fit had an {what} for {name} that is no column: give {what}= for the new "
                    "rows too."
                )
            values = _column(new, part) if isinstance(part, str) else np.asarray(part, np.float64)
            if values.ndim and values.shape != (n,):
                raise DataError(f"The offset of {name} must have {n:,} numbers, one a row.")
            total = total + (np.log(values) if is_exposure else values)
        if not np.isfinite(total).all():
            raise DataError(f"The offset of {name} is not finite in the new rows.")
        made[name] = total
    return made


def _column(new: Any, name: str) -> Array:
    return columns_of(table_of_frame(new, (name,)), (name,)).numbers(name)


# functions with errors


@dataclass(frozen=True)
class _Known:
    value: Array


def estimated(
    function: Callable[[Array], Any],
    coefficients: Array,
    covariance: Array,
    scale: Scale | None,
    far: Callable[[], Array] | None = None,
) -> Estimate:
    """Return a function of all coefficients with its error by the delta method.

    Parameters
    ----------
    function : callable
        Takes coefficients; returns a number, or an array of any shape.
    coefficients, covariance : arrays
    scale : {"identity", "log", "logit"}, optional
    far : callable, optional
        Returns values far from the estimate, by which a scale is chosen.
    """

    def at(u: Array) -> Array:
        with np.errstate(all="ignore"):
            return np.asarray(function(u), dtype=np.float64)

    value = at(coefficients)
    if value.size == 0 or not np.isfinite(value).all():
        raise ParameterError(
            "The function is not finite for every row: only of what is finite there is an error."
        )
    errors = np.sqrt(np.maximum(covariance.diagonal(), 0.0))
    if not np.isfinite(errors).all():
        raise DataError("The data do not tell all coefficients: there are no errors to go on from.")
    slopes = np.empty((value.size, coefficients.size))
    for i, error in enumerate(errors):
        step = np.zeros(coefficients.size)
        step[i] = _STEP * error
        near = at(coefficients + step) - at(coefficients - step)
        wide = at(coefficients + 2.0 * step) - at(coefficients - 2.0 * step)
        slopes[:, i] = np.ravel((8.0 * near - wide) / (12.0 * step[i]))
    if not np.isfinite(slopes).all():
        raise ParameterError(
            "The function has no slope at the estimate: beside it, it has no value."
        )
    variance = np.einsum("vi,ij,vj->v", slopes, covariance, slopes)
    chosen = (
        checked_scale(scale, value.ravel())
        if scale
        else _scale(at, value, far, coefficients, errors)
    )
    law = Delta(_Known(value), np.sqrt(np.maximum(variance, 0.0)), chosen)
    return Estimate(value if value.ndim else float(value), law)


def _scale(
    at: Callable[[Array], Array],
    value: Array,
    far: Callable[[], Array] | None,
    coefficients: Array,
    errors: Array,
) -> Scale:
    moves = PROBE * np.diag(errors)
    seen = [np.ravel(at(coefficients + sign * move)) for move in moves for sign in (1.0, -1.0)]
    if far is not None:
        with np.errstate(all="ignore"):
            seen.append(np.ravel(far()))
    return scale_of_range(value.ravel(), np.concatenate(seen))
