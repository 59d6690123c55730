"""Model matrices: the columns that a formula, or an array, gives each parameter."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.errors import DataError, MissingExtraError, ParameterError
from likeliest.regression.columns import Categories, Columns
from likeliest.regression.formulas import Formula, factor_column, require_safe
from likeliest.regression.smooths import smooth

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array

Context = Mapping[str, Callable[..., Any]]

INTERCEPT = "Intercept"


@dataclass(frozen=True)
class Terms:
    """What the columns of a model matrix are, and how they are made of new data.

    Parameters
    ----------
    columns : tuple of str
        Their names.
    groups : dict
        The positions of the columns of each term.
    formula : Formula, optional
        None of arrays.
    transforms : dict
        What stateful functions keep: knots, means, norms.
    levels : dict
        The levels of each categorical factor.
    context : mapping
        Functions that a caller added.
    """

    columns: tuple[str, ...]
    groups: dict[str, tuple[int, ...]]
    formula: Formula | None = None
    transforms: dict[str, Any] = field(default_factory=dict)
    levels: dict[str, list[Any]] = field(default_factory=dict)
    context: Context = field(default_factory=dict)

    @property
    def is_intercept(self) -> bool:
        """Whether there is nothing but an intercept."""
        return self.columns == (INTERCEPT,)

    def matrix(self, columns: Columns) -> Array:
        """Return the model matrix of new data, of shape (rows, columns).

        Raises
        ------
        DataError
            If the data have a level that the fit did not see, or a column is not finite.
        """
        if self.formula is None or not self.formula.has_terms:
            return np.ones((columns.n, len(self.columns)))
        self._require_levels(columns)
        made = _materialised(
            self.formula, columns, self.context, _copied(self.transforms), self.levels
        )
        return _finite(np.asarray(made, dtype=np.float64), self.columns)

    def _require_levels(self, columns: Columns) -> None:
        for expression, levels in self.levels.items():
            name = factor_column(expression)
            column = columns.by_name.get(name or "")
            if column is None:
                continue
            seen = column.levels if isinstance(column, Categories) else np.unique(column).tolist()
            new = [level for level in seen if level not in levels]
            if new:
                raise DataError(
                    f"Column {name!r} has the level {new[0]!r}, which the fit did not see: it saw "
                    f"{', '.join(map(repr, levels[:8]))}{', …' if len(levels) > 8 else ''}."
                )


def intercept() -> Terms:
    """Return the terms of a parameter that is the same for all rows."""
    return Terms((INTERCEPT,), {INTERCEPT: (0,)})


def of_formula(formula: Formula, columns: Columns, context: Context) -> tuple[Terms, Array]:
    """Return the terms of a formula and their model matrix.

    Raises
    ------
    MissingExtraError
        If formulaic is not installed.
    """
    if not formula.has_terms and formula.terms.replace(" ", "") == "1":
        return intercept(), np.ones((columns.n, 1))
    made = _materialised(formula, columns, context, {}, {})
    spec: Any = made.model_spec
    names = tuple(str(name) for name in spec.column_names)
    if not names:
        raise ParameterError(f"The formula {formula.terms!r:.60} has no terms.")
    groups = {
        str(term) if str(term) != "1" else INTERCEPT: tuple(range(part.start, part.stop))
        for term, part in spec.term_slices.items()
    }
    levels = {
        str(expression): [_plain(level) for level in state["categories"]]
        for expression, (_, state) in spec.encoder_state.items()
        if "categories" in state
    }
    terms = Terms(names, groups, formula, _copied(dict(spec.transform_state)), levels, context)
    return terms, _finite(np.asfortranarray(made, dtype=np.float64), names)


def of_array(given: Any, what: str) -> tuple[Terms, Array]:
    """Return the terms of an array or a frame of numbers, with an intercept before them.

    None is put before them where a column is constant already.
    """
    names = [str(name) for name in getattr(given, "columns", ())]
    try:
        values = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise DataError(f"{what} must hold numbers alone; for categories use a formula.") from None
    if values.ndim == 1:
        values = values[:, None]
    if values.ndim != 2:
        raise DataError(f"{what} must have one row for each value; its shape is {values.shape}.")
    names = names or [f"x{i + 1}" for i in range(values.shape[1])]
    constant = values.shape[0] > 1 and np.any(np.all(values == values[:1], axis=0))
    # A copy, column by column: it is standardised in its place.
    first = 0 if constant else 1
    whole = np.empty((len(values), first + values.shape[1]), order="F")
    whole[:, :first], whole[:, first:] = 1.0, values
    names = names if constant else [INTERCEPT, *names]
    return Terms(tuple(names), {name: (i,) for i, name in enumerate(names)}), whole


def array_like_before(given: Any, terms: Terms, what: str) -> Array:
    """Return new rows of an array in the columns of a fit."""
    values = np.asarray(given, dtype=np.float64)
    has_intercept = terms.columns[0] == INTERCEPT
    wanted = len(terms.columns) - has_intercept
    if values.ndim == 1:
        values = values[:, None] if wanted == 1 else values[None, :]
    if values.ndim != 2 or values.shape[1] != wanted:
        raise DataError(
            f"{what} must have {wanted} column{'s'[: wanted != 1]}, as in the fit "
            f"({', '.join(terms.columns[has_intercept:])}); its shape is {np.shape(given)}."
        )
    return np.column_stack([np.ones(len(values)), values]) if has_intercept else values


def _materialised(
    formula: Formula,
    columns: Columns,
    context: Context,
    transforms: dict[str, Any],
    levels: dict[str, list[Any]],
) -> Any:
    """Return formulaic's model matrix of a checked formula."""
    try:
        import formulaic
        import pandas as pd
    except ImportError:
        raise MissingExtraError(
            "Formulas need formulaic: pip install 'likeliest[regression]'. Arrays do without: "
            "lk.regress(y, X, family)."
        ) from None
    from formulaic.errors import FormulaicError
    from formulaic.parser.types import Factor

    try:
        parsed = formulaic.Formula(formula.terms)
        for term in parsed:
            for factor in term.factors:
                if factor.eval_method is Factor.EvalMethod.PYTHON:
                    require_safe(factor.expr, formula.functions)
        spec = formulaic.ModelSpec(
            formula=parsed,
            na_action="ignore",
            output="numpy",
            transform_state=transforms,
            encoder_state={
                name: (Factor.Kind.CATEGORICAL, {"categories": known})
                for name, known in levels.items()
            },
        )
        cells: dict[str, Any] = {
            name: pd.Categorical.from_codes(one.codes, categories=pd.Index(one.levels))
            if isinstance(one, Categories)
            else _whole(one)
            if name in formula.categorical
            else one
            for name, one in columns.by_name.items()
        }
        frame = pd.DataFrame(cells, index=pd.RangeIndex(columns.n))
        with np.errstate(all="ignore"):
            return spec.get_model_matrix(frame, context={"sqrt": np.sqrt, **context, "s": smooth()})
    except FormulaicError as error:
        raise ParameterError(
            f"The formula {formula.terms!r:.80} cannot be evaluated: {_first_line(error)}"
        ) from None


def _whole(numbers: Array) -> Any:
    """Return whole numbers as such, so that a level is 3 and not 3.0."""
    whole = bool(np.all((numbers == np.floor(numbers)) & (np.abs(numbers) < 2.0**53)))
    return numbers.astype(np.int64) if whole else numbers


def _finite(matrix: Array, names: tuple[str, ...]) -> Array:
    """Return a matrix whose numbers are finite, or raise DataError with the column and row."""
    sound = np.isfinite(matrix.sum(axis=0))
    if not sound.all():
        at = int(np.argmin(sound))
        bad = np.flatnonzero(~np.isfinite(matrix[:, at]))
        if bad.size:
            raise DataError(
                f"The column {names[at]!r} of the model matrix is {matrix[bad[0], at]:g} in "
                f"{bad.size:,} rows (first: row {bad[0]}): what it is made of is missing, infinite "
                "or outside the function's domain."
            )
    return matrix


def _plain(value: Any) -> Any:
    """Return a level as Python's own number or text."""
    return value.item() if isinstance(value, np.generic) else value


def _copied(value: Any) -> Any:
    """Return a state that may be changed."""
    if isinstance(value, dict):
        return {key: _copied(one) for key, one in value.items()}
    return value.copy() if isinstance(value, (list, np.ndarray)) else value


def _first_line(error: Exception) -> str:
    line = next(iter(str(error).strip().splitlines()), type(error).__name__)
    return re.sub(r"\s+", " ", line).rstrip(".") + "."
