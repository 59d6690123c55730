"""Terms chosen by a criterion, one step at a time: backward, forward, or both ways."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from likeliest.errors import DataError, LikeliestError, ParameterError
from likeliest.fitting.criteria import evaluate
from likeliest.inference.levels import require_choice
from likeliest.regression.ascent import maximised
from likeliest.regression.design import moved, only
from likeliest.regression.formulas import Formula, quoted
from likeliest.regression.links import default_link
from likeliest.regression.matrices import INTERCEPT, Terms, intercept, of_formula
from likeliest.regression.nested import contains, given_of, less
from likeliest.regression.problem import Given, Problem
from likeliest.tables import ShownAsTable, Table, frame, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from likeliest.fitting.criteria import Criterion
    from likeliest.regression.columns import Columns
    from likeliest.regression.result import Regression
    from likeliest.tables import Library

Direction = Literal["backward", "both", "forward"]

_CRITERIA: dict[str, Criterion] = {"AIC": "aic", "AICc": "aicc", "BIC": "bic"}
_LEAST = 1e-7  # by which a criterion has to fall


@dataclass(frozen=True)
class Step:
    """A regression on the way.

    Parameters
    ----------
    change : str
        The term that was taken out (-) or in (+), with its parameter; empty at the start.
    estimated : int
        Coefficients estimated.
    log_likelihood : float
    value : float
        Of the criterion.
    """

    change: str
    estimated: int
    log_likelihood: float
    value: float


@dataclass(frozen=True, repr=False)
class Steps(ShownAsTable):
    """How terms were chosen.

    Parameters
    ----------
    criterion : {"AIC", "AICc", "BIC"}
    direction : {"backward", "both", "forward"}
    path : tuple of Step
        From the start to the regression that no step betters.
    left_out : tuple of str
        Steps that could not be tried, and why.
    """

    criterion: str
    direction: str
    path: tuple[Step, ...]
    left_out: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """What is to be known of a regression whose terms were chosen so."""
        many = len(self.path) - 1
        return (
            f"terms chosen by {self.criterion} in {many} step{'s'[: many != 1]}, from the same "
            "rows: their p-values are too small, and intervals too narrow"
        )

    def table(self) -> Table:
        """Return a row for each regression on the way."""
        rows = tuple(
            (
                one.change or "start",
                f"{one.estimated:g}",
                number(one.log_likelihood, 8),
                f"{one.value:.2f}",
            )
            for one in self.path
        )
        columns = ("step", "estimated", "log likelihood", self.criterion)
        failed = tuple(f"not tried: {one}" for one in self.left_out)
        return Table(f"Terms by {self.criterion}, {self.direction}", columns, rows, failed)

    def to_frame(self, library: Library = "polars") -> Any:
        """Return a data frame with a row for each regression on the way."""
        names = ("change", "estimated", "log_likelihood", "value")
        return frame({name: [getattr(one, name) for one in self.path] for name in names}, library)


class _Term(NamedTuple):
    """A term that can be left out; "all" stands for the parameters that share a formula."""

    parameter: str
    label: str

    def is_within(self, other: _Term) -> bool:
        """Whether another term is an interaction of this one."""
        return self.parameter == other.parameter and contains(other.label, self.label)


_Kept = frozenset[_Term]


def stepwise(regression: Regression, criterion: str, direction: Direction) -> Regression:
    """Return the regression that no step betters; see `Regression.stepwise`."""
    named = {name.lower(): name for name in _CRITERIA}.get(str(criterion).lower(), str(criterion))
    require_choice("criterion", named, tuple(_CRITERIA))
    require_choice("direction", direction, get_args(Direction))
    problem = regression.required_problem("A regression with other terms")
    if problem.observations.provenance.by_sampling:
        raise DataError(
            "The weights are those of a sample, which say nothing of how many rows were seen: no "
            "criterion tells such regressions apart. Judge terms by z of the robust errors."
        )
    search = _Search(_freed(problem, regression.bounds), _CRITERIA[named], {})
    kept, path = search.climbed(direction)
    top = maximised(search.problem_of(kept, regression.covariates))
    made = replace(
        type(regression).of(top, regression.covariates, regression.offsets, regression.response),
        steps=Steps(named, direction, tuple(path), tuple(search.left_out.values())),
    )
    if regression.errors_by == "observed":
        return made
    return made.with_errors(regression.errors_by, regression.clusters)  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class _Search:
    """A search among the terms of a regression.

    Parameters
    ----------
    problem : Problem
        With all terms.
    criterion : Criterion
    left_out : dict
        What cannot be fitted without which terms, and why.
    """

    problem: Problem
    criterion: Criterion
    left_out: dict[_Kept, str]

    @cached_property
    def terms(self) -> dict[_Term, dict[str, tuple[int, ...]]]:
        """The terms that can be left out, with their columns in each parameter."""
        made: dict[_Term, dict[str, tuple[int, ...]]] = {}
        spoken = self.problem.form.spoken
        for name in self.problem.names:
            predictor = self.problem.predictors[name]
            if predictor.terms.is_intercept:
                continue
            if predictor.constant is None:
                raise ParameterError(
                    f"Steps go from an intercept to all terms, and {name} has no intercept."
                )
            shown = "all" if name in spoken and len(spoken) > 1 else name
            for label, at in predictor.terms.groups.items():
                if predictor.constant not in at:
                    made.setdefault(_Term(shown, label), {})[name] = at
        if not made:
            raise ParameterError("The regression has no terms to choose from.")
        return made

    def climbed(self, direction: Direction) -> tuple[_Kept, list[Step]]:
        """Return the terms that no step betters, and the way to them."""
        kept: _Kept = frozenset() if direction == "forward" else frozenset(self.terms)
        path = [self._step("", kept)]
        while True:
            tried = []
            for sign, term in self._changes(kept, direction):
                other = kept ^ {term}
                if other in self.left_out:
                    continue
                change = f"{sign} {term.parameter}: {term.label}"
                try:
                    tried.append((self._step(change, other), other))
                except LikeliestError as error:
                    self.left_out[other] = f"{change}: {error}"
            best = min(tried, key=lambda one: one[0].value, default=None)
            if best is None or not best[0].value < path[-1].value - _LEAST:
                return kept, path
            path.append(best[0])
            kept = best[1]

    def _changes(self, kept: _Kept, direction: Direction) -> Iterator[tuple[str, _Term]]:
        """Yield what may be left out or taken in: no interaction without what it is made of."""
        for term in self.terms:
            if term in kept:
                if direction != "forward" and not any(term.is_within(one) for one in kept):
                    yield "-", term
            elif direction != "backward" and self._parts(term) <= kept:
                yield "+", term

    def _parts(self, term: _Term) -> _Kept:
        return frozenset(part for part in self.terms if part.is_within(term))

    def _step(self, change: str, kept: _Kept) -> Step:
        dropped: dict[str, list[int]] = {}
        for term in self.terms.keys() - kept:
            for name, at in self.terms[term].items():
                dropped.setdefault(name, []).extend(at)
        top = maximised(less(self.problem, dropped))
        k = top.u.size + len(top.bounds)
        value = evaluate(self.criterion, top.log_likelihood, k, self.problem.n)
        return Step(change, k, top.log_likelihood, value)

    def problem_of(self, kept: _Kept, covariates: Columns | None) -> Problem:
        """Return the problem of some terms, by formulas that new rows can be given to."""
        given = {}
        for name in self.problem.predictors:
            out = {t.label for t, at in self.terms.items() if t not in kept and name in at}
            given[name] = _less(_as_given(self.problem, name), out, covariates)
        return Problem.of(self.problem.form, self.problem.observations, given, self.problem.fixed)


def _freed(problem: Problem, bounds: tuple[str, ...]) -> Problem:
    """Return the problem with parameters that ended on a bound free: with other terms they may."""
    form = problem.form
    free = {name: Given(default_link(form.constraints[name]), intercept(), None) for name in bounds}
    own = {name: _as_given(problem, name) for name in problem.predictors}
    given = {name: one for name in form.names if (one := free.get(name) or own.get(name))}
    fixed = {name: value for name, value in problem.fixed.items() if name not in bounds}
    return Problem.of(form, problem.observations, given, fixed)


def _as_given(problem: Problem, name: str) -> Given:
    """Return what a parameter depends on, its columns as they were given."""
    own = given_of(problem, name)
    if own.matrix is None:
        return own
    return replace(own, matrix=moved(own.matrix, problem.predictors[name].centre))


def _less(given: Given, out: set[str], covariates: Columns | None) -> Given:
    """Return what a parameter depends on without some terms."""
    terms = given.terms
    if not out or given.matrix is None:
        return given
    labels = [label for label in terms.groups if label not in out]
    if terms.formula is not None and covariates is not None:
        written = [_written(label, covariates) for label in labels if label != INTERCEPT]
        text = " + ".join(written) or "1"
        formula = Formula.of(text, terms.formula.functions)
        fewer, matrix = of_formula(formula, covariates, terms.context)
    else:
        at = [i for label in labels for i in terms.groups[label]]
        fewer = Terms(tuple(terms.columns[i] for i in at), {x: (i,) for i, x in enumerate(labels)})
        matrix = only(given.matrix, at)
    return replace(given, terms=fewer, matrix=None if fewer.is_intercept else matrix)


def _written(label: str, covariates: Columns) -> str:
    """Return a term as a formula has it: columns whose names are no words in backticks."""
    if label in covariates.by_name:
        return quoted(label)
    parts = label.split(":")
    return ":".join(quoted(part) if part in covariates.by_name else part for part in parts)
