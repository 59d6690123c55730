"""The bootstrap of a regression: refits to rows, clusters or responses that are drawn anew."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, get_args

import numpy as np

from likeliest.data.keys import numbers_of
from likeliest.distributions.arguments import generator_of
from likeliest.errors import DataError, LikeliestError
from likeliest.inference.bootstrap import (
    BootstrapEnds,
    Ends,
    Source,
    accelerations,
    require_enough,
)
from likeliest.inference.levels import require_choice, require_positive
from likeliest.inference.replicates import by_rows
from likeliest.regression.ascent import climbed_again, maximised
from likeliest.tables import ShownAsTable, Table, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike

    from likeliest.numerics.arrays import Array, Indices
    from likeliest.regression.problem import Problem
    from likeliest.regression.result import Regression

_FEWEST = 2  # rows or clusters
_SKEWED = 20_000  # values from which the skewness of the score is taken


@dataclass(frozen=True, eq=False, repr=False)
class RegressionBootstrap(ShownAsTable):
    """Refits of a regression to data that are drawn anew.

    Parameters
    ----------
    regression : Regression
    by : {"model", "rows"}
        Whether responses were drawn from the fit, or rows with replacement.
    seed : int
    replicates : array of shape (draws, coefficients)
        Coefficients in order; NaN where a refit failed.
    clusters : array of shape (rows,), optional
        Which rows were drawn together.

    Source: Efron (1987), J. Amer. Statist. Assoc. 82, 171-185; Davison & Hinkley (1997), ch. 6;
    of clusters, Cameron, Gelbach & Miller (2008), Rev. Economics and Statistics 90, 414-427.

    Examples
    --------
    >>> import likeliest as lk
    >>> frame = {"stops": [2, 3, 6, 7, 8, 9, 10, 12, 15], "speed": [1, 2, 3, 4, 5, 6, 7, 8, 9]}
    >>> r = lk.regress("stops ~ speed", frame, "poisson")
    >>> low, high = r.bootstrap(199, seed=1).intervals()["rate"]["speed"]
    >>> low < r.coefficients["rate"]["speed"] < high
    True
    """

    regression: Regression
    by: Source
    seed: int
    replicates: Array
    clusters: Indices | None = None

    @classmethod
    def of(
        cls,
        regression: Regression,
        draws: int,
        seed: int,
        by: Source | None,
        clusters: ArrayLike | None,
    ) -> RegressionBootstrap:
        """Draw, and refit each; see `Regression.bootstrap`."""
        regression.require_unpenalised("A bootstrap")
        problem = regression.required_problem("A bootstrap")
        together = _numbered(regression, problem, clusters)
        chosen = _source(regression, problem, by, together)
        require_positive("draws", draws)
        u, rng = regression.climbed(problem), generator_of(seed)
        if chosen == "model":
            drawn = _from_model(regression, problem, draws, rng)
        elif together is None:
            drawn = _from_rows(problem, draws, rng)
        else:
            drawn = _from_clusters(problem, together, draws, rng)
        found = np.stack([_refitted(one, u) for one in drawn])
        made = cls(regression, chosen, seed, regression.of_climbed(problem, found), together)
        require_enough(made.failed, made.draws)
        return made

    @property
    def draws(self) -> int:
        """How many refits were made."""
        return len(self.replicates)

    @property
    def failed(self) -> int:
        """How many of them have no estimate."""
        return int(np.isnan(self.replicates).any(axis=1).sum())

    @property
    def standard_errors(self) -> dict[str, dict[str, float]]:
        """The standard deviation of the replicates of each coefficient."""
        return self.regression.by_name(self._ends.standard_error)

    def intervals(
        self, level: float = 0.95, kind: Ends = "bca"
    ) -> dict[str, dict[str, tuple[float, float]]]:
        """Return a confidence interval for each coefficient.

        Parameters
        ----------
        level : float
        kind : {"bca", "percentile"}
            Corrected for bias and acceleration, or the quantiles of the replicates as they are.
        """
        return self.regression.paired(*self.ends(level, kind))

    def ends(self, level: float = 0.95, kind: Ends = "bca") -> tuple[Array, Array]:
        """Return the ends of the intervals of all coefficients, in order."""
        return self._ends.interval(level, kind)

    def table(self, level: float = 0.95) -> Table:
        """Return the coefficients with their standard errors and intervals by the bootstrap."""
        errors, (low, high) = self._ends.standard_error, self.ends(level)
        r = self.regression
        rows = tuple(
            (f"{name}: {column}", number(v, error=e), number(e, 4), f"{a:.4g} to {b:.4g}")
            for (name, column), v, e, a, b in zip(
                r.names, r.estimates.tolist(), errors.tolist(), low, high, strict=True
            )
        )
        columns = ("coefficient", "estimate", "std error", f"{100 * level:.12g} % interval")
        what = {"model": "responses of the fit", "rows": "rows"}[self.by]
        what = what if self.clusters is None else "whole clusters"
        lost = f"; {self.failed:,} of them have no estimate" if self.failed else ""
        title = f"Bootstrap of {r.family} regression"
        return Table(title, columns, rows, (f"{self.draws:,} refits to {what} drawn anew{lost}",))

    @cached_property
    def _ends(self) -> BootstrapEnds:
        good = self.replicates[~np.isnan(self.replicates).any(axis=1)]
        return BootstrapEnds(self.regression.estimates, good, self._acceleration, self._spare)

    @property
    def _spare(self) -> tuple[float, float] | None:
        if self.by == "model":
            return None
        if self.clusters is not None:
            size = float(self.clusters.max()) + 1.0
            return size, size - 1.0
        # Rows drawn with their covariates vary in these too: slopes lack as little of their
        # variance as a mean does, 1/n, however many they are.
        n = self.regression.n
        df = n - len(self.regression.centred)
        return None if df < 1.0 else (df * n / (n - 1.0), df)

    @property
    def _acceleration(self) -> Array:
        """A sixth of the skewness of each coefficient's influence."""
        problem = self.regression.required_problem("A bootstrap")
        u = self.regression.climbed(problem)
        bread = np.linalg.inv(-problem.objective.at(u).hessian[0])

        def influence(of: Problem) -> Array:
            return self.regression.of_climbed(problem, of.objective.scores(u) @ bread)

        if self.by == "model":
            rng = generator_of(self.seed)
            draws = -(-_SKEWED // len(problem.observations))
            drawn = _from_model(self.regression, problem, draws, rng)
            every = np.concatenate([influence(one) for one in drawn])
            return accelerations(every, np.full(len(every), 1.0 / draws))
        seen = problem.observations
        weight = np.ones(len(seen)) if seen.weights is None else seen.weights
        own = influence(problem)
        if self.clusters is None:
            return accelerations(own, weight)
        totals = [np.bincount(self.clusters, weight * column) for column in own.T]
        return accelerations(np.stack(totals, axis=1), np.ones(len(totals[0])))


def _numbered(
    regression: Regression, problem: Problem, clusters: ArrayLike | None
) -> Indices | None:
    """Return the cluster of each row; those of the errors where none are given."""
    given = regression.clusters if clusters is None else np.asarray(clusters)
    if given is None:
        return None
    n = len(problem.observations)
    if given.shape != (n,):
        raise DataError(
            f"clusters= needs one id for each of the {n:,} rows that were fitted; got an array of "
            f"shape {given.shape}."
        )
    return numbers_of(given, "clusters")


def _source(
    regression: Regression, problem: Problem, by: Source | None, together: Indices | None
) -> Source:
    """Return from where to draw; by default from the fit where the response can be."""
    if by is not None:
        require_choice("by", by, get_args(Source))
    seen = problem.observations
    if seen.provenance.by_sampling:
        raise DataError(
            "The weights say how many of the population each row stands for, and not how likely "
            'it is to be drawn. Use the robust errors of r.with_errors("sandwich").'
        )
    plain = seen.exact and not seen.truncated and seen.weights is None
    if by is None:
        robust = together is not None or regression.errors_by in {"sandwich", "cluster"}
        by = "model" if plain and not robust else "rows"
    if by == "model" and not plain:
        raise DataError(
            "Responses are drawn from a regression of exact values without windows and weights "
            'alone: what would have been seen of others is not known. Draw rows, by="rows".'
        )
    if by == "model" and together is not None:
        raise DataError(
            "Rows of a cluster depend on each other, which the regression does not say how: draw "
            'whole clusters, by="rows".'
        )
    size = len(seen) if together is None else int(together.max()) + 1
    if by == "rows" and size < _FEWEST:
        raise DataError("A bootstrap needs two rows, or clusters, or more to draw from.")
    return by


def _from_model(
    regression: Regression, problem: Problem, draws: int, rng: np.random.Generator
) -> Iterator[Problem]:
    """Yield the problem with responses drawn from the regression."""
    member = regression.distribution()
    for _ in range(draws):
        yield problem.with_response(np.asarray(member.sample((), rng), dtype=np.float64))


def _from_rows(problem: Problem, draws: int, rng: np.random.Generator) -> Iterator[Problem]:
    """Yield the problem of rows drawn with replacement, each as likely as its weight."""
    for batch in by_rows(problem.observations, draws, rng):
        for times in np.asarray(batch.weights):
            yield problem.reweighed(times)


def _from_clusters(
    problem: Problem, together: Indices, draws: int, rng: np.random.Generator
) -> Iterator[Problem]:
    """Yield the problem of clusters drawn with replacement, each with all its rows."""
    size = int(together.max()) + 1
    seen = problem.observations
    weight = np.ones(len(seen)) if seen.weights is None else seen.weights
    for _ in range(draws):
        times = np.bincount(rng.integers(0, size, size), minlength=size)
        yield problem.reweighed(weight * times[together])


def _refitted(problem: Problem, u: Array) -> Array:
    """Return the coefficients at the top next to `u`; NaN where there is none.

    A parameter that is the same for all rows may end on the end of its range: ±∞ by its link.
    """
    lost = np.full(u.size, np.nan)
    constraints = problem.form.constraints
    try:
        return climbed_again(problem, u)
    except (LikeliestError, np.linalg.LinAlgError):
        alike = [name for name, one in problem.predictors.items() if one.is_constant]
        if not any(constraints[name].closed_ends for name in alike):
            return lost
    try:
        top = maximised(problem)
    except (LikeliestError, np.linalg.LinAlgError):
        return lost
    own = dict(zip(problem.form.names, top.problem.objective.slices, strict=True))
    for name, at in zip(problem.form.names, problem.objective.slices, strict=True):
        if name in top.bounds:
            with np.errstate(all="ignore"):
                lost[at] = problem.predictors[name].link.forward(top.bounds[name])
        elif name in problem.predictors:
            lost[at] = top.u[own[name]]
    return lost
