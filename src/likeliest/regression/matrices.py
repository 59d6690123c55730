"""Model matrices: the columns that a formula, or an array, gives each parameter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from likeliest.errors import DataError, MissingExtraError, ParameterError
from likeliest.regression.columns import Categories, Columns
from likeliest.regression.design import Coded, Design, require_room
from likeliest.regression.formulas import Formula, factor_column, quoted, require_safe
from likeliest.regression.smooths import smooth

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array, Indices

Context = Mapping[str, Callable[..., Any]]

INTERCEPT = "Intercept"
FEW_LEVELS = 8
"""Levels up to which the dummies of a category are dense: the products take no longer."""


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

    def matrix(self, columns: Columns) -> Array | Design:
        """Return the model matrix of new data, of shape (rows, columns).

        Raises
        ------
        DataError
            If the data have a level that the fit did not see, or a column is not finite.
        """
        if self.formula is None or not self.formula.has_terms:
            return np.ones((columns.n, len(self.columns)))
        self._require_levels(columns)
        state = _copied(self.transforms)
        return _made(self.formula, columns, self.context, state, self.levels).matrix

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


def of_formula(
    formula: Formula, columns: Columns, context: Context
) -> tuple[Terms, Array | Design]:
    """Return the terms of a formula and their model matrix.

    Raises
    ------
    MissingExtraError
        If formulaic is not installed.
    """
    if not formula.has_terms and formula.terms.replace(" ", "") == "1":
        return intercept(), np.ones((columns.n, 1))
    made = _made(formula, columns, context, {}, {})
    if not made.names:
        raise ParameterError(f"The formula {formula.terms!r:.60} has no terms.")
    terms = Terms(made.names, made.groups, formula, made.transforms, made.levels, context)
    return terms, made.matrix


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
    constant = len(values) > 1 and any(_is_constant(column) for column in values.T)
    # A copy, column by column: it is standardised in its place.
    first = 0 if constant else 1
    whole = np.empty((len(values), first + values.shape[1]), order="F")
    whole[:, :first], whole[:, first:] = 1.0, values
    names = names if constant else [INTERCEPT, *names]
    return Terms(tuple(names), {name: (i,) for i, name in enumerate(names)}), whole


def _is_constant(column: Array) -> bool:
    few = column[: 1 + len(column) // 100]
    return bool(np.all(few == column[0]) and np.all(column == column[0]))


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


class _Made(NamedTuple):
    """A model matrix with what its columns are; see `Terms`."""

    names: tuple[str, ...]
    groups: dict[str, tuple[int, ...]]
    transforms: dict[str, Any]
    levels: dict[str, list[Any]]
    matrix: Array | Design


def _made(
    formula: Formula,
    columns: Columns,
    context: Context,
    transforms: dict[str, Any],
    levels: Mapping[str, list[Any]],
) -> _Made:
    """Return the model matrix of a checked formula: formulaic's, but for categories as codes."""
    try:
        import formulaic
    except ImportError:
        raise MissingExtraError(
            "Formulas need formulaic: pip install 'likeliest[regression]'. Arrays do without: "
            "lk.regress(y, X, family)."
        ) from None
    from formulaic.errors import FormulaicError

    try:
        terms = list(_checked(formulaic.Formula(formula.terms), formula.functions))
        coded = _coded(terms, formula, columns, levels)
        dense = [term for term in terms if str(term) not in coded]
        made = _materialised(formula, dense, columns, (context, transforms, levels))
    except FormulaicError as error:
        raise ParameterError(
            f"The formula {formula.terms!r:.80} cannot be evaluated: {_first_line(error)}"
        ) from None
    names: list[str] = []
    groups: dict[str, tuple[int, ...]] = {}
    places: dict[str, Indices] = {}
    for term in terms:
        label = str(term) if str(term) != "1" else INTERCEPT
        own = coded[label].names if label in coded else made.columns_of(label)
        places[label] = np.arange(len(names), len(names) + len(own))
        groups[label] = tuple(places[label].tolist())
        names += own
    known = made.levels | {label: one.levels for label, one in coded.items()}
    of_dense = [places[label] for label in groups if label not in coded]
    matrix = (
        made.matrix
        if not coded
        else Design(
            made.matrix,
            np.concatenate([*of_dense, np.arange(0)]),
            tuple(Coded(one.codes, places[label]) for label, one in coded.items()),
        )
    )
    return _Made(tuple(names), groups, made.transforms, known, matrix)


class _Category(NamedTuple):
    """A category whose columns are codes: names of the columns, levels, and codes of the rows."""

    names: list[str]
    levels: list[Any]
    codes: Indices


def _coded(
    terms: list[Any], formula: Formula, columns: Columns, levels: Mapping[str, list[Any]]
) -> dict[str, _Category]:
    """Return the terms that are a category of many levels by itself, as codes.

    Those with an interaction, with contrasts of their own, or in a formula without an intercept
    that has other categories too, are left to formulaic: they are dense.
    """
    used = Counter(factor.expr for term in terms for factor in term.factors)
    with_intercept = used["1"] > 0
    found = {}
    for term in terms:
        (first, *others) = term.factors
        name = factor_column(first.expr)
        bare = name is not None and first.expr in {quoted(name), name, f"C({quoted(name)})"}
        if others or not bare or name not in columns.by_name or used[first.expr] > 1:
            continue
        column = columns.by_name[name]
        if not isinstance(column, Categories):
            if name not in formula.categorical or not first.expr.startswith("C("):
                continue
            column = _as_categories(column)
        known = levels.get(first.expr) or [*column.levels]
        if len(known) > FEW_LEVELS:
            found[str(term)] = _category(first.expr, column, known, whole=not with_intercept)
    if not with_intercept and len(formula.columns) > 1 and found:
        others = [c for c in columns.by_name.values() if isinstance(c, Categories)]
        if len(others) + len(formula.categorical) > 1:
            return {}
    return found


def _as_categories(numbers: Array) -> Categories:
    values, codes = np.unique(_whole(numbers), return_inverse=True)
    return Categories(codes.ravel(), tuple(values.tolist()))


def _category(label: str, column: Categories, known: list[Any], *, whole: bool) -> _Category:
    """Return a category as codes; but for a whole one the first level is 0 in all columns."""
    place = {level: i for i, level in enumerate(known)}
    size = len(known) - (not whole)
    own = np.array([place[level] for level in column.levels], dtype=np.intp)
    if not whole:
        own = np.where(own == 0, size, own - 1)
    mark = "" if whole else "T."
    names = [f"{label}[{mark}{level}]" for level in known[len(known) - size :]]
    return _Category(names, known, own[column.codes])


class _Dense(NamedTuple):
    """The columns that formulaic made."""

    names: tuple[str, ...]
    slices: dict[str, slice]
    transforms: dict[str, Any]
    levels: dict[str, list[Any]]
    matrix: Array

    def columns_of(self, label: str) -> tuple[str, ...]:
        """Return the names of the columns of a term."""
        return self.names[self.slices[label]]


def _materialised(
    formula: Formula,
    terms: list[Any],
    columns: Columns,
    known: tuple[Context, dict[str, Any], Mapping[str, list[Any]]],
) -> _Dense:
    """Return formulaic's model matrix of some of the terms of a formula."""
    import formulaic
    import pandas as pd
    from formulaic.parser.types import Factor

    context, transforms, levels = known
    if not terms:
        return _Dense((), {}, {}, {}, np.zeros((columns.n, 0)))
    width = sum(_width(term, columns) for term in terms)
    made_of = f"The model matrix of {formula.terms!r:.60}, with dummies of interactions,"
    require_room(columns.n * width, made_of)
    spec = formulaic.ModelSpec(
        formula=formulaic.Formula(terms),
        na_action="ignore",
        output="numpy",
        transform_state=transforms,
        encoder_state={
            name: (Factor.Kind.CATEGORICAL, {"categories": known}) for name, known in levels.items()
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
        made = spec.get_model_matrix(frame, context={"sqrt": np.sqrt, **context, "s": smooth()})
    told: Any = made.model_spec
    names = tuple(str(name) for name in told.column_names)
    slices = {
        str(term) if str(term) != "1" else INTERCEPT: slice(part.start, part.stop)
        for term, part in told.term_slices.items()
    }
    seen = {
        str(expression): [_plain(level) for level in state["categories"]]
        for expression, (_, state) in told.encoder_state.items()
        if "categories" in state
    }
    matrix = _finite(np.asfortranarray(made, dtype=np.float64), names)
    return _Dense(names, slices, _copied(dict(told.transform_state)), seen, matrix)


def _checked(parsed: Any, functions: tuple[str, ...]) -> Any:
    """Return what formulaic parsed, checked again factor by factor."""
    from formulaic.parser.types import Factor

    for term in parsed:
        for factor in term.factors:
            if factor.eval_method is Factor.EvalMethod.PYTHON:
                require_safe(factor.expr, functions)
    return parsed


def _width(term: Any, columns: Columns) -> int:
    """Return how many columns a term has at the most: the product of its levels."""
    made = [columns.by_name.get(factor_column(factor.expr) or "") for factor in term.factors]
    return prod(len(one.levels) if isinstance(one, Categories) else 1 for one in made)


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
