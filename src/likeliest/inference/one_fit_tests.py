"""Tests that need one fit only: Wald's, from the larger, and Rao's score test, from the smaller."""

from __future__ import annotations

import numbers
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from likeliest.distributions import families
from likeliest.errors import DataError, FamilyError, ParameterError
from likeliest.fitting.curvature import symmetric
from likeliest.inference.hypothesis_test import HypothesisTest, chi2_tail, degrees
from likeliest.inference.nesting import require_fits, special_case
from likeliest.inference.summit import observations_of
from likeliest.likelihood.matching import matched
from likeliest.likelihood.objective import sums_of_block
from likeliest.tables import number

if TYPE_CHECKING:
    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.result import Fit
    from likeliest.numerics.arrays import Array


def wald_test(fit: Fit, null: Mapping[str, float]) -> HypothesisTest:
    """Test parameters of a fit against values; see `Fit.wald_test`."""
    if not (null and isinstance(null, Mapping)):
        raise ParameterError('null= names parameters with their values, such as {"shape": 1.0}.')
    require_fits(fit)
    for name in null:
        if name not in fit.free:
            known = ", ".join(fit.free) or "none"
            raise ParameterError(
                f"{name!r} is no parameter of this {fit.family} fit with a standard error; those "
                f"are: {known}."
            )
    values = {name: _inside(fit, name, value) for name, value in null.items()}
    at = [fit.free.index(name) for name in values]
    away = np.array([fit.parameters[name] - value for name, value in values.items()])
    away, correlation = away / fit.errors[at], fit.correlation[np.ix_(at, at)]
    if not (np.isfinite(away).all() and np.isfinite(correlation).all()):
        raise DataError("The data do not tell these parameters apart: they have no errors.")
    statistic = float(away @ np.linalg.solve(correlation, away))
    held = " and ".join(f"{name} = {number(value)}" for name, value in values.items())
    notes = () if fit.errors_by == "observed" else (f"From {fit.errors_by} standard errors.",)
    return HypothesisTest(
        "Wald's test",
        f"{fit.family} with {held}",
        statistic,
        chi2_tail(statistic, len(values)),
        degrees(len(values)),
        notes=notes,
    )


def _inside(fit: Fit, name: str, value: object) -> float:
    """Return a value within the open range of a parameter, or raise ParameterError."""
    constraint = fit.distribution.constraints[name]
    if isinstance(value, numbers.Real) and constraint.low < float(value) < constraint.high:
        return float(value)
    raise ParameterError(
        f"Wald's test needs a number inside the range of {name}, from {number(constraint.low)} to "
        f"{number(constraint.high)}; got {value!r}. A value on a bound is tested by "
        "lk.likelihood_ratio."
    )


def score_test(small: Fit, family: str | type[Distribution]) -> HypothesisTest:
    """Test a fit against a larger family without fitting that: Rao's score test.

    Parameters
    ----------
    small : Fit
    family : str or class
        A family of which the fitted one is a special case; the fitted one itself where parameters
        were fixed.

    Returns
    -------
    HypothesisTest
        The statistic is the score of the larger family at the smaller fit, by the inverse of the
        observed information there.

    Raises
    ------
    ParameterError
        If the fitted family is no special case.
    FamilyError
        If the likelihood has no derivatives there: the null lies on a boundary, or has corners.

    Source: Rao (1948), Proc. Cambridge Phil. Soc. 44, 50-57.

    Examples
    --------
    >>> import likeliest as lk
    >>> x = [0.8, 2.9, 1.7, 0.4, 5.2, 1.1, 3.3, 0.2, 2.4, 1.6]
    >>> test = lk.score_test(lk.fit(x, "exponential"), "gamma")
    >>> round(test.p_value, 2)
    0.39
    """
    require_fits(small)
    big = families.find(family)
    held = _held(small, big)
    on_boundary = [n for n, v in held.items() if v in big.constraints[n].closed_ends]
    if on_boundary or big.non_smooth:
        why = f"{' and '.join(on_boundary)} lies on a boundary" if on_boundary else "it has corners"
        raise FamilyError(
            f"The likelihood of {big.name} has no score there: {why}. Use lk.likelihood_ratio."
        )
    if small.description.by_sampling:
        raise DataError("The weights are those of a sample, whose score has no such law.")
    member = big(**_full(small, big, held))
    score, information = _by_parameters(member, small)
    scale = 1.0 / np.sqrt(np.abs(information.diagonal()))
    inner = information * np.outer(scale, scale)
    if not np.isfinite(inner).all() or np.linalg.eigvalsh(inner)[0] <= 0.0:
        raise FamilyError(
            f"The observed information of {big.name} at the {small.family} fit is not positive: "
            "the score test has no ground. Use lk.likelihood_ratio."
        )
    statistic = float((score * scale) @ np.linalg.solve(inner, score * scale))
    values = " and ".join(f"{name} = {number(value)}" for name, value in held.items())
    same = "" if big is type(small.distribution) else f", which is {small.family}"
    return HypothesisTest(
        "score test", f"{big.name} with {values}{same}", statistic,
        chi2_tail(statistic, len(held)), degrees(len(held)),
    )  # fmt: skip


def _held(small: Fit, big: type[Distribution]) -> dict[str, float]:
    if big is not type(small.distribution):
        return special_case(small, big)
    if not small.fixed:
        raise ParameterError("No parameter of this fit was fixed: there is nothing to test.")
    return small.fixed


def _full(small: Fit, big: type[Distribution], held: dict[str, float]) -> dict[str, float]:
    """Return the parameters of the larger family at the smaller fit."""
    if big is type(small.distribution):
        return small.parameters
    left = [name for name in big.constraints if name not in held]
    if len(left) == len(small.parameters) and all(name in small.parameters for name in left):
        return {**small.parameters, **held}
    from likeliest.fitting.fit import fit

    return fit(observations_of(small, "A score test"), big, fixed=held).parameters


def _by_parameters(member: Distribution, fit: Fit) -> tuple[Array, Array]:
    """Return the score and the observed information by the parameters themselves."""
    k = len(member.constraints)
    blocks = matched(type(member), observations_of(fit, "A score test"))
    with np.errstate(all="ignore"):
        sums = np.sum([sums_of_block(member, block) for block in blocks], axis=0)
    return sums[1 : 1 + k], -symmetric(tuple(sums[1 + k : -1]))
