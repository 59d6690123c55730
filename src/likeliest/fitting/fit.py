"""The verb `fit`: the likeliest member of one family."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, cast, get_args, overload

import numpy as np

from likeliest.data.observe import observe
from likeliest.distributions import families, multivariate
from likeliest.distributions.parameters import checked
from likeliest.distributions.recipes import recipe_of
from likeliest.errors import (
    ConvergenceError,
    DataError,
    FamilyError,
    ParameterError,
    UnboundedLikelihoodError,
)
from likeliest.fitting.result import Fit
from likeliest.fitting.routes import climb, closed_form
from likeliest.fitting.support import require_support

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from numpy.typing import ArrayLike

    from likeliest.data.bins import Closed
    from likeliest.data.observations import Observations
    from likeliest.data.observe import Data
    from likeliest.data.reading.column import Missing
    from likeliest.distributions.combinators.mixture import AnyNumber
    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.multivariate.multivariate import Multivariate
    from likeliest.fitting.fits import Fits
    from likeliest.fitting.routes.found import Found
    from likeliest.multivariate import MultivariateFit

    OfRows = (
        type[Multivariate]
        | Literal[
            "multivariate normal", "multivariate t", "dirichlet", "multinomial",
            "dirichlet-multinomial", "categorical",
        ]
    )  # fmt: skip

Method = Literal["likelihood", "spacings", "l-moments"]

_GLANCE = 1_000  # rows in which different values mostly show


@overload
def fit(
    data: Any,
    family: OfRows,
    *,
    column: str | Sequence[str] | None = None,
    weights: ArrayLike | None = None,
    missing: Missing | Literal["em"] = "raise",
) -> MultivariateFit: ...


@overload
def fit(
    data: Data | None = None,
    family: str | type[Distribution] | AnyNumber | None = None,
    *,
    by: None = None,
    axis: None = None,
    dim: None = None,
    column: str | None = None,
    event: ArrayLike | None = None,
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
    entry: ArrayLike | None = None,
    exit: ArrayLike | None = None,
    edges: ArrayLike | None = None,
    counts: ArrayLike | None = None,
    closed: Closed = "right",
    weights: ArrayLike | None = None,
    sampling_weights: ArrayLike | None = None,
    rounding: float = 0.0,
    missing: Missing = "raise",
    fixed: Mapping[str, float] | None = None,
    start: Mapping[str, float] | None = None,
    method: Method = "likelihood",
) -> Fit: ...


@overload
def fit(
    data: Data | None = None,
    family: str | type[Distribution] | AnyNumber | None = None,
    *,
    by: object = None,
    axis: int | None = None,
    dim: Hashable | Sequence[Hashable] | None = None,
    column: str | None = None,
    event: ArrayLike | None = None,
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
    entry: ArrayLike | None = None,
    exit: ArrayLike | None = None,
    edges: ArrayLike | None = None,
    counts: ArrayLike | None = None,
    closed: Closed = "right",
    weights: ArrayLike | None = None,
    sampling_weights: ArrayLike | None = None,
    rounding: float = 0.0,
    missing: Missing = "raise",
    fixed: Mapping[str, float] | None = None,
    start: Mapping[str, float] | None = None,
    method: Method = "likelihood",
) -> Fits: ...


def fit(
    data: Data | None = None,
    family: type[Distribution | Multivariate] | str | AnyNumber | None = None,
    *,
    by: object = None,
    axis: int | None = None,
    dim: Hashable | Sequence[Hashable] | None = None,
    column: str | Sequence[str] | None = None,
    event: ArrayLike | None = None,
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
    entry: ArrayLike | None = None,
    exit: ArrayLike | None = None,  # noqa: A002
    edges: ArrayLike | None = None,
    counts: ArrayLike | None = None,
    closed: Closed = "right",
    weights: ArrayLike | None = None,
    sampling_weights: ArrayLike | None = None,
    rounding: float = 0.0,
    missing: Missing | Literal["em"] = "raise",
    fixed: Mapping[str, float] | None = None,
    start: Mapping[str, float] | None = None,
    method: Method = "likelihood",
) -> Fit | Fits | MultivariateFit:
    """Return the maximum likelihood estimate of a family's parameters, with standard errors.

    Parameters
    ----------
    data : one-dimensional array-like, frame, or path
        A list, NumPy array, pandas or polars Series, Arrow array, or Observations; or a data frame
        or the path of a file, of which words such as `column`, `event` and `weights` name columns.
        None where bounds or bins are given. For a family of rows, such as "multivariate normal", a
        two-dimensional array or a frame, of which `column` may name several; see
        docs/multivariate.md.
    family : str or class
        The family's name ("normal", "Student t", "negative-binomial"; see `likeliest.families`)
        or the class itself, a user's own included.
    by : array-like, list of arrays, or names of columns of a frame, optional
        The group of each row: each group is fitted by itself, all at once; see docs/groups.md.
    axis : int, optional
        Of an array of two dimensions or more, the axis along which the values of each fit lie;
        NaN is a missing value there.
    dim : str, or several, optional
        The same of an xarray DataArray: the dimension, or dimensions, along which the values of
        each fit lie. `Fits.to_xarray` puts the fits back on the grid of the others.
    column, event, lower, upper, entry, exit, edges, counts, closed, missing
        What was seen, in the words of `likeliest.observe`: censored, truncated, binned values, and
        columns of a frame or a file.
    weights : array-like, optional
        How many times each value was seen.
    sampling_weights : array-like, optional
        How many of the population each value stands for: the estimates are the population's, and
        standard errors are robust ones, in which a row counts once.
    rounding : float, optional
        The step to which the values were rounded. Each then stands for an interval of this width
        about it, and the likelihood is made of probabilities. 0 takes the values as exact.
    fixed : mapping, optional
        Parameters to hold at a value: {"loc": 0.0}.
    start : mapping, optional
        Parameters to set out from as well as from the family's own start, some or all:
        {"shape": 2.0}. The highest top is taken; where the estimate has a closed form, or is an
        end of the support, nothing sets out and it does no harm.
    method : {"likelihood", "spacings", "l-moments"}
        By maximum likelihood; by the maximum product of spacings, which exists where a family with
        an unknown end has no greatest likelihood; or by L-moments, as hydrologists fit. The last
        two take exact values and continuous families.

    Returns
    -------
    Fit, or Fits where `by`, `axis` or `dim` is given, or MultivariateFit of a family of rows

    Raises
    ------
    DataError
        If the data cannot be used (SupportError: not by this family).
    UnboundedLikelihoodError
        If the likelihood has no maximum.
    ConvergenceError
        If no maximum was reached.

    Examples
    --------
    >>> import likeliest as lk
    >>> lk.fit([2.1, 3.4, 1.9, 5.6, 4.4], "exponential").distribution
    Exponential(rate=0.2873563218390805)

    Five units, two of which still ran after 100 hours:

    >>> seen = lk.fit([31, 55, 90, 100, 100], "weibull", event=[1, 1, 1, 0, 0])
    >>> round(seen.parameters["scale"], 3)
    103.588
    """
    words: dict[str, Any] = {
        "column": column, "event": event, "lower": lower, "upper": upper, "entry": entry,
        "exit": exit, "edges": edges, "counts": counts, "closed": closed, "weights": weights,
        "sampling_weights": sampling_weights,
    }  # fmt: skip
    if (of_rows := multivariate.find(family)) is not None:
        more = {
            "by": by, "axis": axis, "dim": dim, "rounding": rounding, "missing": missing,
            "fixed": fixed, "start": start, "method": method,
        }  # fmt: skip
        return _of_rows(data, of_rows, words | more)
    missing = cast("Missing", missing)
    if not (isinstance(family, type) or (isinstance(family, str) and "(" not in family)):
        from likeliest.fitting.components import any_number, fit_any_number, require_no_other

        if (choice := any_number(family)) is not None:
            require_no_other(choice, by=by, axis=axis, dim=dim, fixed=fixed, start=start)
            return fit_any_number(
                _fitted, observe(data, rounding=rounding, missing=missing, **words), choice
            )
    cls = _required_family(data, family)
    if method not in get_args(Method):
        raise ParameterError(
            f"method must be one of {', '.join(get_args(Method))}; got {method!r:.40}."
        )
    fixed = _checked_fixed(cls, fixed) if fixed else {}
    start = _checked_start(cls, start, fixed) if start else {}
    if cls.discrete and rounding:
        raise DataError(f"{cls.name} counts whole numbers: it has no use for rounding.")
    if by is not None or axis is not None or dim is not None:
        if method != "likelihood":
            raise ParameterError(
                f"Groups are fitted by likelihood: fit each by itself with method={method!r}."
            )
        from likeliest.fitting.fits import fits_of

        return fits_of(
            data, cls, by, axis, dim, words=words, rounding=rounding, missing=missing, fixed=fixed,
            start=start,
        )  # fmt: skip
    observations = observe(data, rounding=rounding, missing=missing, **words)
    if method != "likelihood":
        from likeliest.fitting.estimators.named import estimated

        by_likelihood = partial(_fitted, cls=cls, fixed=fixed, start=start)
        return estimated(method, observations, cls, fixed, by_likelihood)
    return _fitted(observations, cls, fixed, start)


def _fitted(
    observations: Observations,
    cls: type[Distribution],
    fixed: Mapping[str, float] = MappingProxyType({}),
    start: Mapping[str, float] = MappingProxyType({}),
    smaller: Distribution | None = None,
) -> Fit:
    """Return the fit of a family; of a mixture perhaps with the one of a component fewer."""
    require_support(cls, observations)
    _require_enough(cls, observations, fixed)
    reason = cls.unbounded(observations, fixed)
    if reason:
        raise UnboundedLikelihoodError(f"The likelihood of {cls.name} {reason}.")
    try:
        with np.errstate(all="ignore"):
            found = _route(cls, observations, fixed, start, smaller)(cls, observations, fixed)
    except ArithmeticError:
        raise ConvergenceError(
            f"The fit of {cls.name} needs a value beyond what float64 can hold: the data, or a "
            "parameter that is fixed, are too large or too small for it."
        ) from None
    measure = "density" if observations.n_exact and not cls.discrete else "mass"
    made = Fit(found, observations.n, measure, dict(fixed), observations)
    return _with_errors_of_a_sample(made) if observations.provenance.by_sampling else made


def _of_rows(data: Any, family: type[Multivariate], words: Mapping[str, Any]) -> MultivariateFit:
    """Return the fit of a family of rows."""
    from likeliest.multivariate import fit_multivariate

    return fit_multivariate(data, family, words)


def _with_errors_of_a_sample(made: Fit) -> Fit:
    """Return the fit with robust errors, in which a row is one whatever its weight."""
    from likeliest.inference.sandwich import of_sample

    return of_sample(made)


def _required_family(data: object, family: Any) -> type[Distribution]:
    if family is not None:
        return families.find(family)
    if isinstance(data, str) and families.is_family(data):
        raise DataError(
            f"{data!r} stands where data do; name the family: lk.fit(family={data!r}, lower=..., "
            "upper=...)."
        )
    raise FamilyError(
        'A family is needed: lk.fit(data, "weibull"). lk.compare(data) ranks all that can hold '
        "the data."
    )


def _route(
    family: type[Distribution],
    observations: Observations,
    fixed: Mapping[str, float],
    start: Mapping[str, float],
    smaller: Distribution | None,
) -> Callable[..., Found]:
    """Return the shortest way to the maximum."""
    recipe = recipe_of(family)
    if recipe is not None and recipe.combinator == "mixture":
        from likeliest.fitting.routes import mixtures

        return partial(mixtures.maximize, start=start, smaller=smaller)
    has_whole = any(constraint.whole for constraint in family.constraints.values())
    if family.non_smooth and not has_whole:
        from likeliest.fitting.routes.ends import route as ends

        return ends.maximize
    if closed_form.serves(family, observations, fixed):
        return closed_form.maximize
    if has_whole:
        from likeliest.fitting.routes import whole_numbers

        return whole_numbers.maximize
    return partial(climb.maximize, start=start)


def _checked_fixed(family: type[Distribution], fixed: object) -> dict[str, float]:
    example = f"fixed={{{next(iter(family.constraints))!r}: 2.0}}"
    if not isinstance(fixed, Mapping):
        raise ParameterError(
            f"fixed maps the names of parameters to the values that they are held at, such as "
            f"{example}; got {fixed!r:.60}."
        )
    for name, value in fixed.items():
        if np.ndim(value) > 0:
            raise ParameterError(
                f"A parameter is held at one number, such as {example}; got {name}={value!r:.60}."
            )
        if name not in family.constraints:
            raise ParameterError(
                f"{family.name} has no parameter {name!r} to fix; it has "
                f"{', '.join(family.constraints)}."
            )
    if len(fixed) == len(family.constraints):
        raise ParameterError(
            f"All parameters of {family.name} are fixed, so that nothing is left to fit; "
            f"use {family.__name__}(...).log_likelihood(data) to evaluate it."
        )
    return {
        name: float(checked(family.__name__, name, value, family.constraints[name]))
        for name, value in fixed.items()
    }


def _checked_start(
    family: type[Distribution], start: Mapping[str, float], fixed: Mapping[str, float]
) -> dict[str, float]:
    if not isinstance(start, Mapping):
        raise ParameterError(
            f"start must name parameters with values, such as {{'shape': 2.0}}; got {start!r:.40}."
        )
    made: dict[str, float] = {}
    for name, value in start.items():
        if name not in family.constraints or name in fixed:
            free = [other for other in family.constraints if other not in fixed]
            raise ParameterError(
                f"{family.name} has no {'free ' if name in fixed else ''}parameter {name!r} to "
                f"start from; it has {', '.join(free)}."
            )
        constraint = family.constraints[name]
        made[name] = float(checked(family.__name__, name, value, constraint))
        if not np.isfinite(constraint.unconstrain(made[name])):
            raise ParameterError(
                f"A climb cannot start on the end of a range: {name}={value:g}. Start inside it, "
                f"or hold it there with fixed={{{name!r}: {value:g}}}."
            )
    return made


def _require_enough(
    family: type[Distribution], observations: Observations, fixed: Mapping[str, float]
) -> None:
    needed = len(family.constraints) - len(fixed)
    if len(observations) < needed and observations.n < needed:
        raise DataError(
            f"{family.name} has {needed} parameters to estimate and there "
            f"{'is' if len(observations) == 1 else 'are'} only {len(observations)} "
            f"value{'' if len(observations) == 1 else 's'}: fix some, or get more data."
        )
    cells = _intervals(observations)
    if cells <= 2 <= needed:
        raise DataError(
            f"{family.name} has {needed} parameters to estimate and the values, as rounded, tell "
            f"only {cells} apart: many members give them the greatest likelihood there is, and "
            "none is the estimate. Fix some parameters, or get values that are rounded less."
        )


def _intervals(observations: Observations) -> float:
    """Return how many different intervals rounded values make; of more than two, any number."""
    lower, upper = observations.lower, observations.upper
    if lower is None or upper is None or np.unique(lower[:_GLANCE]).size > 2:
        return np.inf
    bounded = (lower < upper) & np.isfinite(lower) & np.isfinite(upper)
    return np.unique(lower).size if bounded.all() else np.inf
