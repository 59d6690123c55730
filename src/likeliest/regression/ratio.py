"""The likelihood ratio test of one regression within another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import DataError, ParameterError
from likeliest.inference.hypothesis_test import ratio_by_chi2, require_higher
from likeliest.regression.nested import uncentred

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.inference.hypothesis_test import HypothesisTest
    from likeliest.numerics.arrays import Array
    from likeliest.regression.problem import Problem
    from likeliest.regression.result import Regression

_WITHIN = 1e-7  # of a column's length: what may lie outside the columns of the larger
_VUONG = "Compare regressions that are not nested by their AIC."


def ratio_test(small: Regression, big: Regression) -> HypothesisTest:
    """Test a regression against a larger one that holds it.

    Raises
    ------
    ParameterError
        If they are not nested, or no law is known.
    DataError
        If they are of different rows, or have none.
    """
    within, outer = (
        one.required_problem("A likelihood ratio test of regressions") for one in (small, big)
    )
    _require_same_rows(within, outer)
    case = _case(within, outer)
    _require_within(within, outer, case)
    df = round(big.estimated - small.estimated)
    if df < 1:
        raise ParameterError(
            f"The regressions have as many coefficients ({small.estimated:g}): there is nothing to "
            "test."
        )
    constraints = outer.form.constraints
    ends = [name for name, value in case.items() if value in constraints[name].closed_ends]
    if len(ends) > 1:
        raise ParameterError(
            f"{' and '.join(ends)} lie on a boundary at once: the law of the ratio is not known."
        )
    require_higher(big.log_likelihood, small.log_likelihood, (small.family, big.family))
    gain = big.log_likelihood - small.log_likelihood
    return ratio_by_chi2(_null(small, big, case), gain, df, on_boundary=bool(ends))


def _require_same_rows(small: Problem, big: Problem) -> None:
    one, other = small.observations, big.observations
    pairs = [(getattr(one, part), getattr(other, part)) for part in _PARTS]
    same = len(one) == len(other) and all(
        (a is None) == (b is None) and (a is None or np.array_equal(a, b, equal_nan=True))
        for a, b in pairs
    )
    if not same:
        raise DataError(
            "The regressions are of different rows: missing values may have left out some of one. "
            "Fit both to the rows that are complete in all columns."
        )


_PARTS = ("values", "weights", "lower", "upper", "entry", "exit")


def _case(small: Problem, big: Problem) -> Mapping[str, float]:
    """Return the parameters that make the larger family the smaller."""
    family, other = small.form.family, big.form.family
    if family is other:
        return {}
    case = other.special_cases.get(family.name)
    if case is None or small.fixed:
        raise ParameterError(
            f"{family.name} is not known to be a special case of {other.name}. {_VUONG}"
        )
    return case


def _require_within(small: Problem, big: Problem, case: Mapping[str, float]) -> None:
    """Raise ParameterError unless each predictor of the smaller lies within the larger."""
    partner = {name: name for name in big.form.names} | {big.form.main: small.form.main}
    for name in big.form.names:
        own = partner[name]
        if name in big.fixed:
            if small.fixed.get(own) != big.fixed[name]:
                raise ParameterError(
                    f"The larger regression holds {name} = {big.fixed[name]:g}, and the smaller "
                    "does not."
                )
        elif name in case or own in small.fixed:
            if not big.predictors[name].is_constant:
                raise ParameterError(
                    f"{name} depends on covariates in the larger regression and is held in the "
                    "smaller: the law of the ratio is not known."
                )
        else:
            _require_columns_within(small, own, big, name)


def _require_columns_within(small: Problem, own: str, big: Problem, name: str) -> None:
    one, other = small.predictors[own], big.predictors[name]
    if one.link.name != other.link.name:
        raise ParameterError(
            f"The links of {name} differ, {one.link.name} and {other.link.name}: neither "
            "regression holds the other."
        )
    rows = len(big.observations)
    given = small.offsets[own], big.offsets[name]
    first, second = (np.zeros(rows) if offset is None else offset for offset in given)
    wide = uncentred(big, name)
    basis = np.linalg.qr(wide)[0]
    for label, column in zip(one.terms.columns, uncentred(small, own).T, strict=True):
        if not _lies_within(column, basis):
            raise ParameterError(
                f"{label} is no part of the larger regression of {name}: neither holds the other. "
                f"{_VUONG}"
            )
    if not _lies_within(first - second, basis):
        raise ParameterError(f"The offsets of {name} differ: neither regression holds the other.")


def _lies_within(column: Array, basis: Array) -> bool:
    left = column - basis @ (basis.T @ column)
    return bool(np.linalg.norm(left) <= _WITHIN * np.linalg.norm(column))


def _null(small: Regression, big: Regression, case: Mapping[str, float]) -> str:
    if case:
        held = " and ".join(f"{name} = {value:g}" for name, value in case.items())
        return f"{big.family} regression with {held}, which is {small.family}"
    kept = {*small.names}
    without = [f"{name}: {column}" for name, column in big.names if (name, column) not in kept]
    return f"{big.family} regression without {', '.join(without)}"
