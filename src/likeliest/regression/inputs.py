"""What a regression is given: a frame with formulas, or arrays, as observations and matrices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from likeliest.data.labels import aligned, labels_of
from likeliest.data.observe import observe
from likeliest.data.reading.choice import position_of
from likeliest.data.reading.column import events_of, floats_of
from likeliest.distributions.combinators.levels import OfLevels
from likeliest.errors import DataError, ParameterError
from likeliest.regression.columns import Categories, Columns, columns_of, table_of_data
from likeliest.regression.formulas import Formula
from likeliest.regression.matrices import Terms, intercept, of_array, of_formula
from likeliest.regression.problem import Given

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from likeliest.data.observations import Observations
    from likeliest.data.reading.column import Missing
    from likeliest.numerics.arrays import Array, Indices, Mask
    from likeliest.regression.design import Design
    from likeliest.regression.forms import Form
    from likeliest.regression.links import Link
    from likeliest.regression.matrices import Context


@dataclass(frozen=True)
class Part:
    """A part of an offset: a column or an array, or an exposure, whose logarithm is one."""

    given: Any
    is_exposure: bool = False


@dataclass(frozen=True)
class Told:
    """What is told of a regression beside its formulas.

    Parameters
    ----------
    form : Form
    fixed : dict
    words : dict
        What was seen, in the words of `observe`: arrays, or names of columns.
    missing : {"raise", "drop"}
    context : mapping
    links : dict of Link
    offsets : dict of lists of Part
    """

    form: Form
    fixed: dict[str, float]
    words: dict[str, Any]
    missing: Missing
    context: Context
    links: dict[str, Link]
    offsets: dict[str, list[Part]]

    @property
    def columns(self) -> list[str]:
        """The columns that words name."""
        return [one for one in self.words.values() if isinstance(one, str)]

    @property
    def offset_columns(self) -> list[str]:
        """The columns that offsets name."""
        parts = (part for parts in self.offsets.values() for part in parts)
        return [part.given for part in parts if isinstance(part.given, str)]


@dataclass(frozen=True)
class Sheet:
    """Everything by row, before rows are left out.

    Parameters
    ----------
    n : int
    response : array of shape (n,), optional
    words : dict of arrays
    offsets : dict of arrays of shape (n,)
    gaps : dict
        Which rows lack something, by what it is.
    matrices : callable
        Returns terms and model matrix of each parameter that has some, of the rows that are kept.
    columns : Columns, optional
        What formulas read; None of arrays.
    """

    n: int
    response: Array | None
    words: Mapping[str, Any]
    offsets: dict[str, Array]
    gaps: dict[str, Mask]
    matrices: Callable[[Indices | None], dict[str, tuple[Terms, Array | Design]]]
    columns: Columns | None = None


def observed(sheet: Sheet, told: Told) -> tuple[Observations, dict[str, Given], Columns | None]:
    """Return the observations of a sheet, and what each parameter depends on in their rows.

    Beside them the columns that formulas read, in these rows.
    """
    gaps = sheet.gaps | {
        f"the offset of {name}": np.isnan(offset)
        for name, offset in sheet.offsets.items()
        if np.isnan(offset).any()
    }
    keep = _kept(gaps, sheet.n, told.missing)
    for word, one in sheet.words.items():
        if np.ndim(one) > 0 and len(one) != sheet.n:
            raise DataError(
                f"{word} has {len(one):,} values for {sheet.n:,} rows; give one for each."
            )
    some = {word: _picked(one, keep) for word, one in sheet.words.items()}
    response = None if sheet.response is None else _picked(sheet.response, keep)
    observations = observe(response, missing=told.missing, **some)
    at = _rows(observations, keep)
    matrices = sheet.matrices(at)
    given = {}
    for name in told.form.names:
        if name in told.fixed:
            continue
        offset = sheet.offsets.get(name)
        known = None if offset is None else _picked(offset, at)
        terms, matrix = matrices.get(name, (intercept(), None))
        alone = None if terms.is_intercept else matrix
        given[name] = Given(told.links[name], terms, alone, known)
    covariates = sheet.columns
    return observations, given, covariates if covariates is None else covariates.some(at)


class Read(NamedTuple):
    """The columns that a regression reads: covariates, all, and those that C() makes categories."""

    covariates: tuple[str, ...]
    names: tuple[str, ...]
    categorical: frozenset[str]


def columns_read(text: str, formulas: Mapping[str, Any], told: Told) -> Read:
    """Return the columns that formulas, offsets and words read."""
    return _read(_parsed(text, formulas, told), told)


def _read(parsed: Mapping[str, Formula], told: Told) -> Read:
    covariates = (*(c for one in parsed.values() for c in one.columns), *told.offset_columns)
    response = parsed[told.form.main].response_columns
    every = (*covariates, *response, *told.columns)
    categorical = frozenset().union(*(one.categorical for one in parsed.values()))
    return Read(tuple(dict.fromkeys(covariates)), tuple(dict.fromkeys(every)), categorical)


def of_frame(
    text: str,
    data: Any,
    formulas: Mapping[str, Any],
    told: Told,
    terms: Mapping[str, Terms] | None = None,
) -> Sheet:
    """Return the sheet of a data frame, or a file's table, that formulas read.

    Parameters
    ----------
    text, data, formulas, told
    terms : dict of Terms, optional
        What the columns of each parameter are, where other rows have told.
    """
    parsed = _parsed(text, formulas, told)
    main = parsed[told.form.main]
    covariates, every, _ = _read(parsed, told)
    read = tuple(dict.fromkeys([*covariates, *main.response_columns]))
    table = table_of_data(data, every)
    columns = columns_of(table if table is data else data, read)
    n = columns.n
    words = {
        word: (events_of if word == "event" else floats_of)(table, position_of(table, one))
        if isinstance(one, str)
        else one
        for word, one in told.words.items()
    }
    response = None
    if main.response:
        response = np.broadcast_to(response_of(main, columns, told.form, told.context), (n,))

    def matrices(at: Indices | None) -> dict[str, tuple[Terms, Array | Design]]:
        some = columns.some(at)
        made: dict[str, tuple[Terms, Array | Design]] = {}
        for name, one in parsed.items():
            if one.terms in made:
                continue
            if terms is not None and name in terms:
                made[one.terms] = terms[name], terms[name].matrix(some)
            else:
                made[one.terms] = of_formula(one, some, told.context)
        return {name: made[one.terms] for name, one in parsed.items()}

    return Sheet(
        n,
        response,
        aligned(words, labels_of(data)),
        _offsets(told, n, columns),
        columns.missing(covariates),
        matrices,
        columns,
    )


def response_of(named: Formula, columns: Columns, form: Form, context: Context) -> Array:
    """Return the response that a formula names; of a family of levels that of categories."""
    column = columns.by_name.get(named.response)
    if isinstance(column, Categories) and issubclass(form.family, OfLevels):
        return column.numbered(form.family, named.response)
    numbers = {name: columns.numbers(name) for name in named.response_columns}
    return named.respond(numbers, context)


def _parsed(text: str, formulas: Mapping[str, Any], told: Told) -> dict[str, Formula]:
    """Return the checked formula of each parameter that has one."""
    functions = tuple(told.context)
    main = Formula.of(text, functions)
    parsed = dict.fromkeys(told.form.spoken, main)
    for name, one in formulas.items():
        parsed[name] = Formula.of(one, functions)
        if parsed[name].response:
            raise ParameterError(
                f"The formula of {name} has no response: write '~ {parsed[name].terms}'."
            )
    bounds = [word for word in ("lower", "upper") if word in told.words]
    if main.response and bounds:
        raise ParameterError(
            f"The formula {text!r:.60} has a response and {' and '.join(bounds)} too: give one."
        )
    if not main.response and not bounds:
        raise ParameterError(
            f'The formula {text!r:.60} has no response: write "y ~ ...", or give lower= and upper=.'
        )
    return parsed


def of_arrays(y: Any, data: Any, formulas: Mapping[str, Any], told: Told) -> Sheet:
    """Return the sheet of arrays: values, and a matrix for each parameter that has one."""
    for name, one in formulas.items():
        if isinstance(one, str):
            raise ParameterError(
                f"The formula of {name} is text and the response is an array: give both as "
                "formulas with a data frame, or both as arrays."
            )
    for what in told.columns + told.offset_columns:
        raise DataError(f"{what!r} names a column, and the data are arrays: give the values.")
    made = dict.fromkeys(told.form.spoken, of_array(data, "X"))
    made |= {name: of_array(one, f"The array of {name}") for name, one in formulas.items()}
    n = len(made[told.form.main][1])
    for name, (_, matrix) in made.items():
        if len(matrix) != n:
            raise DataError(f"The array of {name} has {len(matrix):,} rows and X has {n:,}.")

    def matrices(at: Indices | None) -> dict[str, tuple[Terms, Array | Design]]:
        return {name: (terms, _picked(matrix, at)) for name, (terms, matrix) in made.items()}

    gaps: dict[str, Mask] = {}
    for name, (terms, matrix) in made.items():
        gaps |= _gaps(name, terms, matrix)
    return Sheet(n, _response(y, n), told.words, _offsets(told, n, None), gaps, matrices)


def _response(y: Any, n: int) -> Array | None:
    if y is None:
        return None
    values = np.asarray(y, dtype=np.float64)
    if values.shape != (n,):
        raise DataError(
            f"There are {n:,} rows of covariates and values of shape {values.shape}; give one "
            "value a row."
        )
    return values


def _gaps(parameter: str, terms: Terms, matrix: Array) -> dict[str, Mask]:
    """Return which rows lack a value in which column; raise where one is infinite."""
    if np.isfinite(matrix.sum(axis=0)).all():
        return {}
    if np.isinf(matrix).any():
        row, column = np.argwhere(np.isinf(matrix))[0]
        raise DataError(f"Column {terms.columns[column]} of {parameter} is infinite in row {row}.")
    gaps = np.isnan(matrix)
    return {f"{terms.columns[i]} of {parameter}": gaps[:, i] for i in np.flatnonzero(gaps.any(0))}


# rows


def _offsets(told: Told, n: int, columns: Columns | None) -> dict[str, Array]:
    """Return the known part of the linear predictor of each parameter that has one."""
    return {
        name: np.sum([_offset(part, name, n, columns) for part in parts], axis=0)
        for name, parts in told.offsets.items()
    }


def _offset(part: Part, name: str, n: int, columns: Columns | None) -> Array:
    given = part.given
    what = f"The {'exposure' if part.is_exposure else 'offset'} of {name}"
    try:
        named = isinstance(given, str) and columns is not None
        values = columns.numbers(given) if named and columns else np.asarray(given, np.float64)
    except (TypeError, ValueError):
        raise DataError(f"{what} must be numbers.") from None
    if values.shape != (n,):
        raise DataError(
            f"{what} must have one number for each of {n:,} rows; its shape is {values.shape}."
        )
    if not part.is_exposure:
        return values
    if np.any(values <= 0.0):
        row = int(np.argmax(values <= 0.0))
        raise DataError(f"{what} must be above 0; row {row} has {values[row]:g}.")
    return np.log(values)


def _kept(gaps: Mapping[str, Mask], n: int, missing: object) -> Indices | None:
    """Return the rows without gaps, None where that is all of them."""
    if missing not in {"raise", "drop"}:
        raise DataError(f'missing must be "raise" or "drop"; got {missing!r}.')
    if not gaps:
        return None
    if missing == "raise":
        name, gap = next(iter(gaps.items()))
        rows = np.flatnonzero(gap)
        others = f" (and {', '.join(list(gaps)[1:4])})" if len(gaps) > 1 else ""
        raise DataError(
            f"{rows.size:,} of {n:,} rows have no value of {name}{others} (first: row {rows[0]}). "
            'Leave such rows out with missing="drop", or fill them in.'
        )
    every = np.logical_or.reduce([*gaps.values()])
    if every.all():
        raise DataError("Something is missing in every row: none is left.")
    return np.flatnonzero(~every)


def _picked(column: Any, at: Indices | None) -> Any:
    """Return some rows of a column; one number serves all."""
    return column if at is None or np.ndim(column) == 0 else np.asarray(column)[at]


def _rows(observations: Observations, keep: Indices | None) -> Indices | None:
    """Return where the rows that were observed stand among all; None where they are all."""
    if observations.row is None:
        return keep
    return observations.row if keep is None else keep[observations.row]
