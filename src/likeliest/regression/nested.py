"""Smaller regressions of the same data: without one term, without any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.regression.ascent import maximised
from likeliest.regression.design import about_centre, as_dense, moved, only
from likeliest.regression.matrices import INTERCEPT, Terms, intercept
from likeliest.regression.problem import Given, Problem
from likeliest.tables import ShownAsTable, Table, frame, number

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from likeliest.numerics.arrays import Array
    from likeliest.regression.ascent import Top
    from likeliest.regression.result import Regression
    from likeliest.tables import Library

_MEANS = ("mean", "rate", "prob")
_WITH_DEVIANCE = (
    "normal", "poisson", "bernoulli", "gamma", "exponential", "geometric", "inverse gaussian",
    "negative binomial",
)  # fmt: skip
_LEAST_MEAN = 1e-300  # of a family whose mean cannot be 0


@dataclass(frozen=True)
class Without:
    """A regression less one term.

    Parameters
    ----------
    parameter, term : str
    log_likelihood : float
    coefficients : int
        How many fewer it has.
    statistic : float
        Twice the log likelihood that is lost.
    """

    parameter: str
    term: str
    log_likelihood: float
    coefficients: int
    statistic: float
    aic: float

    @property
    def p_value(self) -> float:
        """Probability of so large a statistic, were the term without effect (Wilks 1938)."""
        from scipy.special import chdtrc

        return float(chdtrc(self.coefficients, max(self.statistic, 0.0)))


@dataclass(frozen=True, repr=False)
class Dropped(ShownAsTable):
    """Likelihood ratio tests of each term that can be left out.

    Parameters
    ----------
    aic : float
        Of the whole regression.
    tests : tuple of Without
    """

    aic: float
    tests: tuple[Without, ...]

    def table(self) -> Table:
        """Return a row for each term."""
        rows = tuple(
            (
                f"{one.parameter}: {one.term}",
                number(one.statistic, 5),
                str(one.coefficients),
                f"{one.p_value:.4g}",
                f"{one.aic:.2f}",
            )
            for one in self.tests
        )
        columns = ("without", "likelihood ratio", "df", "p", "AIC")
        return Table(
            "Regression without one term", columns, rows, (f"with all: AIC {self.aic:.2f}",)
        )

    def to_frame(self, library: Library = "polars") -> Any:
        """Return a data frame with a row for each term."""
        names = (
            "parameter",
            "term",
            "log_likelihood",
            "coefficients",
            "statistic",
            "p_value",
            "aic",
        )
        return frame({name: [getattr(t, name) for t in self.tests] for name in names}, library)


def drop_one(regression: Regression) -> Dropped:
    """Return the tests of every term that no other contains."""
    problem = regression.required_problem("A regression without a term")
    tests = _of_all(regression, problem) if len(problem.form.spoken) > 1 else []
    for name in problem.names:
        if name in problem.form.spoken and len(problem.form.spoken) > 1:
            continue
        groups = problem.predictors[name].terms.groups
        for term, at in groups.items():
            if term == INTERCEPT or any(contains(other, term) for other in groups):
                continue
            top = maximised(less(problem, {name: at}))
            lost = 2.0 * (regression.log_likelihood - top.log_likelihood)
            aic = regression.aic + lost - 2.0 * len(at)
            tests.append(Without(name, term, top.log_likelihood, len(at), lost, aic))
    return Dropped(regression.aic, tuple(tests))


def _of_all(regression: Regression, problem: Problem) -> list[Without]:
    """Return the tests of terms that a formula gives to several parameters, left out of all."""
    groups = problem.predictors[problem.form.main].terms.groups
    tests = []
    for term in groups:
        if term == INTERCEPT or any(contains(other, term) for other in groups):
            continue
        everywhere = {name: problem.predictors[name].terms.groups for name in problem.form.spoken}
        dropped = {name: own[term] for name, own in everywhere.items() if term in own}
        fewer = sum(map(len, dropped.values()))
        top = maximised(less(problem, dropped))
        lost = 2.0 * (regression.log_likelihood - top.log_likelihood)
        aic = regression.aic + lost - 2.0 * fewer
        tests.append(Without("all", term, top.log_likelihood, fewer, lost, aic))
    return tests


def contains(other: str, term: str) -> bool:
    """Whether a term is an interaction of another's factors with more."""
    own, wider = set(term.split(":")), set(other.split(":"))
    return own < wider


def less(problem: Problem, dropped: Mapping[str, Collection[int]]) -> Problem:
    """Return a problem with some columns of parameters left out, by their positions."""
    given = {other: given_of(problem, other) for other in problem.predictors}
    for name, positions in dropped.items():
        one = given[name]
        kept = [i for i in range(len(one.terms.columns)) if i not in positions]
        columns = tuple(one.terms.columns[i] for i in kept)
        alone = one.matrix is None or columns == (INTERCEPT,)
        matrix = None if alone or one.matrix is None else only(one.matrix, kept)
        given[name] = Given(one.link, Terms(columns, {}), matrix, one.offset)
    return Problem.of(problem.form, problem.observations, given, problem.fixed)


def alone(problem: Problem) -> Problem:
    """Return the problem with an intercept for each parameter and nothing else."""
    given = {
        name: Given(predictor.link, intercept(), None, problem.offsets[name])
        for name, predictor in problem.predictors.items()
    }
    return Problem.of(problem.form, problem.observations, given, problem.fixed, problem.afar)


def top_of_null(problem: Problem) -> Top | None:
    """Return the top with an intercept for each parameter, None where that is not nested."""
    if any(predictor.constant is None for predictor in problem.predictors.values()):
        return None
    return maximised(alone(problem))


def deviance_explained(problem: Problem, u: Array) -> float | None:
    """Return the share of the deviance that covariates explain; None where there is none.

    The deviance is twice what the log likelihood lacks of that with the mean of each row at its
    value, the other parameters as they were estimated; it is compared with that of one mean.
    """
    form, seen = problem.form, problem.observations
    main = form.main
    has_mean = main in _MEANS and form.family.name in _WITH_DEVIANCE
    if not has_mean or not seen.exact or seen.truncated or main not in problem.predictors:
        return None
    if problem.predictors[main].constant is None:
        return None
    objective = problem.objective
    (block,) = objective.blocks
    weight = np.ones(block.rows.size) if block.rows.weight is None else block.rows.weight
    values = [jet.value for jet in objective.jets(u, block)]
    at = form.names.index(main)
    values[at] = (
        np.maximum(block.rows.a, 0.0 if form.family.name == "bernoulli" else _LEAST_MEAN)
        if form.family.name != "normal"
        else block.rows.a
    )
    best = form.family.unchecked(**form.parameters(tuple(values)))
    own = float(objective.at(u).value[0])
    saturated = float(np.sum(weight * best.log_prob(block.rows.a)))
    return 1.0 - (saturated - own) / (saturated - _with_one_mean(problem, u, main))


def _with_one_mean(problem: Problem, u: Array, main: str) -> float:
    """Return the log likelihood with one linear predictor for all means, the rest held."""
    given = {name: given_of(problem, name) for name in problem.predictors}
    one = given[main]
    given[main] = Given(one.link, intercept(), None, one.offset)
    smaller = Problem.of(problem.form, problem.observations, given, problem.fixed)
    objective = smaller.objective
    places = dict(zip(problem.form.names, problem.objective.slices, strict=True))
    own = dict(zip(problem.form.names, objective.slices, strict=True))
    v = np.zeros(objective.k)
    for name in problem.predictors:
        if name != main:
            v[own[name]] = u[places[name]]
    at = own[main].start
    mean = float(np.average(problem.observations.values, weights=problem.observations.weights))
    v[at] = float(np.asarray(one.link.forward(mean)))
    best = objective.at(v)
    for _ in range(50):
        step = -float(best.gradient[0, at]) / float(best.hessian[0, at, at])
        while True:
            there = v.copy()
            there[at] += step
            found = objective.at(there)
            if found.value[0] >= best.value[0] - 1e-12 * abs(best.value[0]) or abs(step) < 1e-14:
                break
            step *= 0.5
        v, best = there, found
        if abs(step) < 1e-9 * max(1.0, abs(v[at])):
            break
    return float(best.value[0])


def uncentred(problem: Problem, name: str) -> Array:
    """Return the model matrix of a parameter as the formula made it."""
    predictor, columns = problem.predictors[name], problem.columns[name]
    if columns is None:
        return np.ones((len(problem.observations), 1))
    return as_dense(moved(about_centre(columns, problem.turns[name]), predictor.centre))


def given_of(problem: Problem, name: str) -> Given:
    """Return what a parameter depends on, its columns about their centre."""
    predictor, columns = problem.predictors[name], problem.columns[name]
    alone = predictor.terms.is_intercept
    matrix = None if columns is None or alone else about_centre(columns, problem.turns[name])
    return Given(predictor.link, predictor.terms, matrix, problem.offsets[name])
