"""The verb `fit`: the likeliest member of one family."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from likeliest.data.observations import Observations
from likeliest.distributions import families
from likeliest.distributions.parameters import checked
from likeliest.errors import (
    ConvergenceError,
    DataError,
    ParameterError,
    UnboundedLikelihoodError,
)
from likeliest.fitting.result import Fit
from likeliest.fitting.routes import climb, closed_form, ends
from likeliest.fitting.support import require_support

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.routes.found import Found

_GLANCE = 1_000  # rows in which different values mostly show


def fit(
    data: ArrayLike | Observations,
    family: str | type[Distribution],
    *,
    weights: ArrayLike | None = None,
    fixed: Mapping[str, float] | None = None,
    rounding: float = 0.0,
) -> Fit:
    """Return the maximum likelihood estimate of a family's parameters, with standard errors.

    Parameters
    ----------
    data : one-dimensional array-like
        A list, NumPy array, pandas or polars Series, Arrow array, or Observations.
    family : str or class
        The family's name ("normal", "Student t", "negative-binomial"; see `likeliest.families`)
        or the class itself, a user's own included.
    weights : array-like, optional
        How many times each value was seen.
    fixed : mapping, optional
        Parameters to hold at a value: {"loc": 0.0}.
    rounding : float, optional
        The step to which the values were rounded. Each then stands for an interval of this width
        about it, and the likelihood is made of probabilities. 0 takes the values as exact.

    Returns
    -------
    Fit

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
    """
    cls = families.find(family)
    fixed = _checked_fixed(cls, fixed or {})
    observations = Observations.of(data, weights, rounding)
    if cls.discrete and rounding:
        raise DataError(f"{cls.name} counts whole numbers: it has no use for rounding.")
    require_support(cls, observations)
    _require_enough(cls, observations, fixed)
    reason = cls.unbounded(observations, fixed)
    if reason:
        raise UnboundedLikelihoodError(f"The likelihood of {cls.name} {reason}.")
    try:
        with np.errstate(all="ignore"):
            found = _route(cls, observations, fixed)(cls, observations, fixed)
    except ParameterError as error:
        raise UnboundedLikelihoodError(
            f"The likelihood of {cls.name} has no maximum within its parameters' range: {error}"
        ) from None
    except ArithmeticError:
        raise ConvergenceError(
            f"The fit of {cls.name} needs a value beyond what float64 can hold: the data, or a "
            "parameter that is fixed, are too large or too small for it."
        ) from None
    measure = "density" if observations.n_exact and not cls.discrete else "mass"
    return Fit(found, observations.n, measure, dict(fixed), observations)


def _route(
    family: type[Distribution], observations: Observations, fixed: Mapping[str, float]
) -> Callable[..., Found]:
    """Return the shortest way to the maximum."""
    if family.non_smooth:
        return ends.maximize
    if closed_form.serves(family, observations, fixed):
        return closed_form.maximize
    return climb.maximize


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
