"""Profile intervals of coefficients: where the likelihood, the others refitted, falls enough."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import ConvergenceError, LikeliestError, ParameterError
from likeliest.regression.ascent import maximised
from likeliest.regression.design import Design
from likeliest.regression.matrices import INTERCEPT, Terms
from likeliest.regression.nested import given_of, uncentred
from likeliest.regression.problem import Given, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.regression.result import Regression

_CLOSE = 1e-6  # of the deviance wanted
_STEPS = 40
_FAR = 64.0  # Wald's distances beyond which an end is infinite


def profile_ends(regression: Regression, level: float) -> tuple[list[float], list[float]]:
    """Return the ends of the profile interval of each coefficient, in order.

    An end beyond which the likelihood never falls far enough is infinite.

    Source: Venzon & Moolgavkar (1988), Appl. Statist. 37, 87-94.
    """
    from scipy.special import ndtri

    problem = regression.required_problem("A profile interval")
    wanted = float(ndtri(0.5 + 0.5 * level)) ** 2
    lows: list[float] = []
    highs: list[float] = []
    for (name, column), estimate, error in zip(
        regression.names, regression.estimates, regression.errors, strict=True
    ):
        lost = _deviance(problem, name, column, regression.log_likelihood)
        for side, ends in ((-1.0, lows), (1.0, highs)):
            reach = side * float(error) * np.sqrt(wanted)
            ends.append(_end(lost, float(estimate), reach, wanted))
    return lows, highs


def _deviance(problem: Problem, name: str, column: str, top: float) -> Callable[[float], float]:
    """Return twice the log likelihood that is lost by holding a coefficient at a value."""
    predictor = problem.predictors[name]
    if predictor.is_constant:

        def held(value: float) -> Problem:
            return problem.holding(name, float(np.asarray(predictor.link.inverse(value))))
    else:
        place = predictor.terms.columns.index(column)
        given = {other: given_of(problem, other) for other in problem.predictors}
        matrix = uncentred(problem, name)
        rest = [i for i in range(matrix.shape[1]) if i != place]
        if not rest:
            raise ParameterError(
                f"{column} is all that {name} depends on: with it held nothing is left to refit. "
                'Use method="wald".'
            )
        names = tuple(predictor.terms.columns[i] for i in rest)
        others = None if names == (INTERCEPT,) else matrix[:, rest]
        offset = problem.offsets[name]
        known = np.zeros(len(matrix)) if offset is None else offset

        def held(value: float) -> Problem:
            moved = known + value * matrix[:, place]
            given[name] = Given(predictor.link, Terms(names, {}), others, moved)
            fresh = {other: _copied(one) for other, one in given.items()}
            return Problem.of(problem.form, problem.observations, fresh, problem.fixed)

    def lost(value: float) -> float:
        try:
            return 2.0 * (top - maximised(held(value)).log_likelihood)
        except LikeliestError:  # so far out that nothing is left to climb
            return np.inf

    return lost


def _copied(given: Given) -> Given:
    """Return it with a matrix of its own, for a problem uses its matrix up."""
    matrix = given.matrix
    if isinstance(matrix, Design):
        matrix = replace(matrix, dense=matrix.dense.copy())
    elif matrix is not None:
        matrix = matrix.copy()
    return Given(given.link, given.terms, matrix, given.offset)


def _end(lost: Callable[[float], float], estimate: float, reach: float, wanted: float) -> float:
    """Return where the deviance is as wanted: by parabolas through the top, within a bracket."""
    inner, outer = 0.0, np.inf
    step = 1.0  # of the reach
    for _ in range(_STEPS):
        deviance = lost(estimate + step * reach)
        if abs(deviance - wanted) <= _CLOSE * wanted:
            return estimate + step * reach
        if deviance < wanted:
            inner = step
        else:
            outer = step
        if inner > _FAR:
            return float(np.copysign(np.inf, reach))
        by_parabola = step * np.sqrt(wanted / deviance) if 0.0 < deviance < np.inf else np.inf
        if inner < by_parabola < outer:
            step = min(by_parabola, 4.0 * max(inner, 0.25))
        else:
            step = 0.5 * (inner + outer) if outer < np.inf else 4.0 * max(inner, 0.25)
        if outer < np.inf and outer - inner <= 1e-10 * outer:
            return estimate + step * reach
    raise ConvergenceError("An end of a profile interval was not found.")
