"""The verb `regress`: the parameters of any family as functions of covariates."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from likeliest.data.keys import keys_of
from likeliest.distributions import families
from likeliest.distributions.parameters import checked
from likeliest.errors import FamilyError, ParameterError
from likeliest.fitting.support import require_support
from likeliest.regression.afar import Afar, afar_of, is_afar
from likeliest.regression.ascent import maximised
from likeliest.regression.comparison import RegressionComparison, compared
from likeliest.regression.forms import Form, form_of
from likeliest.regression.formulas import Formula
from likeliest.regression.inputs import Part, Told, observed, of_arrays, of_frame
from likeliest.regression.links import LINKS, Link, default_link, link_of
from likeliest.regression.many import Regressions, regressed_by
from likeliest.regression.problem import Problem
from likeliest.regression.result import Regression
from likeliest.regression.shrinkage import Shrinkage, shrunk
from likeliest.regression.smoothness import smoothed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import ArrayLike

    from likeliest.data.reading.column import Missing
    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Array
    from likeliest.regression.columns import Columns
    from likeliest.regression.shrinkage import Penalty


@overload
def regress(
    formula: str | ArrayLike | None,
    data: Any,
    family: str | type[Distribution],
    *,
    formulas: Mapping[str, Any] | None = None,
    links: Mapping[str, str] | None = None,
    fixed: Mapping[str, float] | None = None,
    start: Mapping[str, Any] | None = None,
    offset: Any = None,
    exposure: Any = None,
    event: ArrayLike | None = None,
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
    entry: ArrayLike | None = None,
    exit: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    sampling_weights: ArrayLike | None = None,
    missing: Missing = "raise",
    context: Mapping[str, Callable[..., Any]] | None = None,
    penalty: Penalty | None = None,
    strength: float | None = None,
    folds: int = 10,
    by: None = None,
) -> Regression: ...


@overload
def regress(
    formula: str | ArrayLike | None,
    data: Any,
    family: Sequence[str | type[Distribution]],
    *,
    formulas: Mapping[str, Any] | None = None,
    links: Mapping[str, str] | None = None,
    fixed: Mapping[str, float] | None = None,
    start: Mapping[str, Any] | None = None,
    offset: Any = None,
    exposure: Any = None,
    event: ArrayLike | None = None,
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
    entry: ArrayLike | None = None,
    exit: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    sampling_weights: ArrayLike | None = None,
    missing: Missing = "raise",
    context: Mapping[str, Callable[..., Any]] | None = None,
    penalty: Penalty | None = None,
    strength: float | None = None,
    folds: int = 10,
    by: None = None,
) -> RegressionComparison: ...


@overload
def regress(
    formula: str | ArrayLike | None,
    data: Any,
    family: str | type[Distribution],
    *,
    formulas: Mapping[str, Any] | None = None,
    links: Mapping[str, str] | None = None,
    fixed: Mapping[str, float] | None = None,
    start: Mapping[str, Any] | None = None,
    offset: Any = None,
    exposure: Any = None,
    event: ArrayLike | None = None,
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
    entry: ArrayLike | None = None,
    exit: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    sampling_weights: ArrayLike | None = None,
    missing: Missing = "raise",
    context: Mapping[str, Callable[..., Any]] | None = None,
    penalty: Penalty | None = None,
    strength: float | None = None,
    folds: int = 10,
    by: Any,
) -> Regressions: ...


def regress(
    formula: str | ArrayLike | None,
    data: Any,
    family: str | type[Distribution] | Sequence[str | type[Distribution]],
    *,
    formulas: Mapping[str, Any] | None = None,
    links: Mapping[str, str] | None = None,
    fixed: Mapping[str, float] | None = None,
    start: Mapping[str, Any] | None = None,
    offset: Any = None,
    exposure: Any = None,
    event: ArrayLike | None = None,
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
    entry: ArrayLike | None = None,
    exit: ArrayLike | None = None,  # noqa: A002
    weights: ArrayLike | None = None,
    sampling_weights: ArrayLike | None = None,
    missing: Missing = "raise",
    context: Mapping[str, Callable[..., Any]] | None = None,
    penalty: Penalty | None = None,
    strength: float | None = None,
    folds: int = 10,
    by: Any = None,
) -> Regression | RegressionComparison | Regressions:
    """Relate the parameters of a family to covariates by maximum likelihood.

    Parameters
    ----------
    formula : str, or array-like of shape (n,)
        `"days ~ eth + sex + age"`: the response, and the terms of the family's main parameter
        (see docs/regression.md). Where bounds are given there is no response: `"~ age"`. In place
        of a formula the values themselves, or None beside bounds; `data` is then an array.
    data : data frame of pandas, polars or Arrow, dict of columns, or array of shape (n, p)
        Rows that do not fit into memory: a LazyFrame of polars, an `lk.scan` of the response, or
        a data frame of Dask.
    family : str or class, or a list of them
        Any family of this library, or one of a user's own. Several are compared.
    formulas : mapping, optional
        The terms of further parameters by name: {"shape": "~ sex"}; of arrays, arrays. A parameter
        that is not named is the same for all rows.
    links : mapping, optional
        Links other than the default ones: {"mean": "log"}.
    fixed : mapping, optional
        Parameters to hold at a value: {"df": 5}.
    start : mapping, optional
        Coefficients to set out from, a list for each parameter named.
    offset : name of a column, array-like, or mapping from parameter to one, optional
        A known part of the linear predictor, of the main parameter where none is named.
    exposure : name of a column, or array-like, optional
        How long or how much each row was observed: its logarithm is an offset.
    event, lower, upper, entry, exit, weights, sampling_weights
        What was seen, in the words of `likeliest.observe`: arrays, or names of columns.
    missing : {"raise", "drop"}
        What to do with rows in which a value or a covariate is missing.
    context : mapping, optional
        Functions that formulas may call, beside log, exp, sqrt, poly, bs, cr, C, scale, center, I.
    penalty : {"ridge", "lasso"}, optional
        Draws slopes towards 0: by their squares, or by their sizes, which leaves some at 0. Of
        columns of unit spread; intercepts are free.
    strength : float, optional
        How much of the penalty (half the sum of squares; the sum of sizes) is taken from the mean
        log likelihood. Without it, that by which rows held out are the likeliest: see `path`.
    folds : int
        Parts of the rows, each held out once, for that choice.
    by : names of columns, or array-like, optional
        To which group each row belongs: each group gets a regression of its own.

    Returns
    -------
    Regression, or RegressionComparison of several families, or Regressions of groups

    Raises
    ------
    DataError
        If data cannot be used: a covariate is missing, columns are collinear, rows are too few, or
        (SupportError) the family cannot hold the response.
    ParameterError
        If a formula holds more than a formula may, or a parameter is unknown.
    UnboundedLikelihoodError
        If the likelihood has no maximum, because a column separates the values.
    ConvergenceError
        If no maximum was reached.

    Examples
    --------
    >>> import likeliest as lk
    >>> frame = {"stops": [2, 3, 6, 7, 8, 9, 10, 12, 15], "speed": [1, 2, 3, 4, 5, 6, 7, 8, 9]}
    >>> r = lk.regress("stops ~ speed", frame, "poisson")
    >>> {name: round(value, 4) for name, value in r.coefficients["rate"].items()}
    {'Intercept': 0.9818, 'speed': 0.1948}
    """
    if by is not None:
        if isinstance(family, (list, tuple)):
            raise ParameterError("by= goes with one family: compare families of all rows first.")
        if is_afar(data):
            raise ParameterError("by= needs the rows in memory: collect them first.")
        rows = {
            "formula": formula, "data": data, "formulas": formulas, "offset": offset,
            "exposure": exposure, "event": event, "lower": lower, "upper": upper, "entry": entry,
            "exit": exit, "weights": weights, "sampling_weights": sampling_weights,
        }  # fmt: skip
        shared = {
            "links": links, "fixed": fixed, "start": start, "context": context,
            "penalty": penalty, "strength": strength, "folds": folds,
        }  # fmt: skip
        keys = keys_of(by, data, missing)
        return regressed_by(keys, rows, partial(regress, family=family, missing=missing, **shared))
    if isinstance(family, (list, tuple)):
        return compared(
            family,
            lambda one: regress(
                formula, data, one, formulas=formulas, links=links, fixed=fixed, start=start,
                offset=offset, exposure=exposure, event=event, lower=lower, upper=upper,
                entry=entry, exit=exit, weights=weights, sampling_weights=sampling_weights,
                missing=missing, context=context, penalty=penalty, strength=strength, folds=folds,
            ),
        )  # fmt: skip
    asked = _asked(penalty, strength, folds)
    form = _form(family)  # type: ignore[arg-type]
    held = _checked_fixed(form, fixed or {})
    words = {
        "event": event, "lower": lower, "upper": upper, "entry": entry, "exit": exit,
        "weights": weights, "sampling_weights": sampling_weights,
    }  # fmt: skip
    chosen = _checked_links(form, links or {})
    told = Told(
        form,
        held,
        {name: word for name, word in words.items() if word is not None},
        missing,
        dict(context or {}),
        chosen,
        _offsets(form, chosen, offset, exposure),
    )
    _require_known(form, held, formulas or {})
    problem, covariates = _problem(formula, data, formulas or {}, told, asked)
    by_sampling = problem.observations.provenance.by_sampling
    if by_sampling and (asked is not None or problem.smooths):
        raise ParameterError(
            "sampling_weights= go with robust errors, and a penalised regression has none: give "
            "weights=, or leave out penalties and s()."
        )
    begin = _checked_start(form, problem, start or {})
    how = None
    if asked is not None:
        top, how = shrunk(problem, asked)
    else:
        top = smoothed(problem, begin) if problem.smooths else maximised(problem, begin)
    named = Formula.of(formula, told.context) if isinstance(formula, str) else None
    made = Regression.of(
        top,
        covariates,
        {n: _by_column(p) for n, p in told.offsets.items()},
        named if named and named.response else None,
        how,
    )
    return made.with_errors("sandwich") if by_sampling else made


def _problem(
    formula: Any, data: Any, formulas: Mapping[str, Any], told: Told, asked: Shrinkage | None
) -> tuple[Problem, Columns | None]:
    """Return what is to be fitted, and the columns that formulas read."""
    if is_afar(data):
        data = afar_of(data, formula, formulas, told)
    if isinstance(data, Afar):
        if asked is not None:
            raise ParameterError(
                "penalty= needs the rows in memory, and they are read at each pass: collect some "
                "of them."
            )
        afar = data
        seen = of_frame(formula, afar.stand_in(), formulas, afar.of_stand_in)
        observations, given, covariates = observed(seen, afar.of_stand_in)
        afar = afar.known(given)
    else:
        afar = None
        source: Any = of_frame if isinstance(formula, str) else of_arrays
        observations, given, covariates = observed(source(formula, data, formulas, told), told)
        require_support(told.form.family, observations)
    return Problem.of(told.form, observations, given, told.fixed, afar), covariates


def _by_column(parts: list[Part]) -> tuple[tuple[str | None, bool], ...]:
    """Return the columns of an offset, None for an array, and which of them are exposures."""
    return tuple((p.given if isinstance(p.given, str) else None, p.is_exposure) for p in parts)


# what was asked for


def _form(family: str | type[Distribution]) -> Form:
    cls = families.find(family)
    if cls.non_smooth:
        raise FamilyError(
            f"{cls.name} cannot be regressed by slopes: its likelihood has corners, or its "
            "support "
            "ends where a parameter says. Choose a smooth family, such as normal, student t "
            "(robust against outliers) or generalized pareto."
        )
    return form_of(cls)


def _asked(penalty: Penalty | None, strength: float | None, folds: int) -> Shrinkage | None:
    if penalty is not None:
        return Shrinkage(penalty, strength, folds)
    if strength is not None:
        raise ParameterError('strength= is that of a penalty: give penalty="ridge" or "lasso".')
    return None


def _checked_links(form: Form, links: Mapping[str, str]) -> dict[str, Link]:
    made = {name: default_link(c) for name, c in form.constraints.items()}
    for name, link in links.items():
        _require_parameter(form, name, "link")
        made[name] = link_of(link, name, form.constraints[name])
    return made


def _checked_fixed(form: Form, fixed: Mapping[str, float]) -> dict[str, float]:
    for name in fixed:
        _require_parameter(form, name, "value")
    if len(fixed) == len(form.names):
        raise ParameterError(f"All parameters of {form.family.name} are fixed: nothing is left.")
    return {
        name: float(checked(form.family.__name__, name, value, form.constraints[name]))
        for name, value in fixed.items()
    }


def _require_known(form: Form, fixed: Mapping[str, float], formulas: Mapping[str, Any]) -> None:
    for name in formulas:
        _require_parameter(form, name, "formula")
        if name in fixed:
            raise ParameterError(f"{name} is fixed at {fixed[name]:g}: it has no formula.")
        if form.spoken == (name,):
            raise ParameterError(
                f"{name} is the main parameter of {form.family.name}: its terms stand in the "
                "formula itself."
            )
    if form.main in fixed and form.main in form.spoken:
        raise ParameterError(
            f"{form.main}, which the formula speaks of, is fixed at {fixed[form.main]:g}."
        )


def _require_parameter(form: Form, name: str, what: str) -> None:
    if name not in form.constraints:
        raise ParameterError(
            f"{form.family.name} has no parameter {name!r} to give a {what}; a regression of it "
            f"has {', '.join(form.names)} (the formula speaks of {form.main})."
        )


def _offsets(
    form: Form, links: Mapping[str, Link], offset: Any, exposure: Any
) -> dict[str, list[Part]]:
    """Return the parts of the offset of each parameter that has one."""
    made: dict[str, list[Part]] = {}
    if isinstance(offset, Mapping):
        for name, one in offset.items():
            _require_parameter(form, name, "offset")
            made[name] = [Part(one)]
    elif offset is not None and len(form.spoken) > 1:
        raise ParameterError(
            f"{form.family.name} has a linear predictor for each of {', '.join(form.spoken)}: name "
            f"that of the offset, as in offset={{{form.main!r}: ...}}."
        )
    elif offset is not None:
        made[form.main] = [Part(offset)]
    if exposure is not None:
        if links[form.main] is not LINKS["log"]:
            raise ParameterError(
                f"exposure= goes with the log link; {form.main} has {links[form.main].name}."
            )
        made.setdefault(form.main, []).append(Part(exposure, is_exposure=True))
    return made


def _checked_start(form: Form, problem: Problem, start: Mapping[str, Any]) -> dict[str, Array]:
    made = {}
    for name, values in start.items():
        _require_parameter(form, name, "start")
        if name not in problem.predictors:
            raise ParameterError(f"{name} is fixed: it has no start.")
        array = np.atleast_1d(np.asarray(values, dtype=np.float64))
        columns = problem.predictors[name].terms.columns
        if array.shape != (len(columns),) or not np.isfinite(array).all():
            raise ParameterError(
                f"The start of {name} is a list of {len(columns)} numbers, one for each of "
                f"{', '.join(columns)}; got an array of shape {array.shape}."
            )
        made[name] = array
    return made
