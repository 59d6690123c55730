"""Regression: the likeliest coefficients, with their uncertainty and what they predict."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from likeliest.errors import DataError, ParameterError
from likeliest.files import read_json, write_whole
from likeliest.fitting.criteria import Criteria
from likeliest.fitting.curvature import inverted
from likeliest.regression.bootstrap import RegressionBootstrap
from likeliest.regression.columns import columns_of
from likeliest.regression.design import turned
from likeliest.regression.effects import average_effect
from likeliest.regression.errors import covariance_by
from likeliest.regression.formulas import factor_column
from likeliest.regression.nested import Dropped, deviance_explained, drop_one, top_of_null
from likeliest.regression.prediction import estimated, lines_of
from likeliest.regression.profile import profile_ends
from likeliest.regression.ratio import ratio_test
from likeliest.regression.residuals import residuals_of
from likeliest.regression.saved import as_dict, parts_of
from likeliest.regression.scores import crps, log_score
from likeliest.regression.stepwise import stepwise
from likeliest.regression.tables import of_regression
from likeliest.tables import ShownAsTable, frame

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path as FilePath

    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

    from likeliest.distributions.distribution import Distribution
    from likeliest.inference.bootstrap import Source
    from likeliest.inference.delta import Scale
    from likeliest.inference.estimates import Estimate
    from likeliest.inference.hypothesis_test import HypothesisTest
    from likeliest.inference.sandwich import Errors
    from likeliest.numerics.arrays import Array
    from likeliest.regression.ascent import Top
    from likeliest.regression.columns import Columns
    from likeliest.regression.forms import Form
    from likeliest.regression.formulas import Formula
    from likeliest.regression.matrices import Context
    from likeliest.regression.predictor import Predictor
    from likeliest.regression.problem import Problem
    from likeliest.regression.shrinkage import Path, Shrunk
    from likeliest.regression.smooths import Smooth
    from likeliest.regression.stepwise import Direction, Steps
    from likeliest.tables import Library, Table


IntervalMethod = Literal["wald", "profile", "bootstrap"]


def _mean(distribution: Distribution) -> Any:
    return distribution.mean


@dataclass(frozen=True, eq=False, repr=False)
class Regression(Criteria, ShownAsTable):
    """A regression by maximum likelihood.

    Parameters
    ----------
    form : Form
        The family, and the parameters by which it is regressed.
    predictors : dict
        How each parameter depends on covariates.
    fixed : dict
        The parameters that were held, those on a bound of their range included.
    centred : array of shape (k,)
        All coefficients, in order, of columns about their centre.
    covariance_of_centred : array of shape (k, k)
    log_likelihood : float
        At the maximum, nats.
    n : float
        Number of observations: the sum of the weights.
    bounds : tuple of str
        Those among the fixed parameters that were estimated and ended on a bound.
    iterations, passes : int
        Newton steps on all rows, and how often these were read.
    problem : Problem, optional
        What was fitted; not saved.
    covariates : Columns, optional
        What formulas read of the rows that were fitted; not saved.
    offsets : dict
        The columns of the offset of each parameter that has one, and which are exposures.
    errors_by : str
        What the standard errors are made of.
    response : Formula, optional
        The formula that names the response; None of arrays, and where there are bounds alone.
    smooths : tuple of Smooth
        The smooth terms, with the strength of their penalties and effective degrees of freedom.
    freedom : float, optional
        Effective degrees of freedom of all coefficients, where there are penalties.
    shrunk : Shrunk, optional
        How slopes were drawn towards 0, with the path that the strength was chosen from.
    clusters : array of shape (rows,), optional
        To which cluster each row belongs, where the errors are by clusters; not saved.
    steps : Steps, optional
        How its terms were chosen, where `stepwise` did.

    Examples
    --------
    >>> import likeliest as lk
    >>> frame = {"stops": [2, 3, 6, 7, 8, 9, 10, 12, 15], "speed": [1, 2, 3, 4, 5, 6, 7, 8, 9]}
    >>> r = lk.regress("stops ~ speed", frame, "poisson")
    >>> r.predict({"speed": [10, 12]}).round(2).tolist()
    [18.73, 27.66]
    """

    form: Form
    predictors: dict[str, Predictor]
    fixed: dict[str, float]
    centred: Array
    covariance_of_centred: Array
    log_likelihood: float
    n: float
    measure: str
    bounds: tuple[str, ...] = ()
    iterations: int = 0
    passes: int = 0
    gradient_norm: float = 0.0
    problem: Problem | None = field(default=None, repr=False)
    covariates: Columns | None = field(default=None, repr=False)
    offsets: Mapping[str, tuple[tuple[str | None, bool], ...]] = field(default_factory=dict)
    errors_by: str = "observed"
    response: Formula | None = None
    smooths: tuple[Smooth, ...] = ()
    freedom: float | None = None
    shrunk: Shrunk | None = None
    clusters: Array | None = field(default=None, repr=False)
    steps: Steps | None = None

    @classmethod
    def of(
        cls,
        top: Top,
        covariates: Columns | None = None,
        offsets: Mapping[str, tuple[tuple[str | None, bool], ...]] | None = None,
        response: Formula | None = None,
        shrunk: Shrunk | None = None,
    ) -> Regression:
        """Return the regression whose top was found."""
        problem, turn = top.problem, top.problem.turn
        seen = problem.observations
        density = seen.n_exact and not problem.form.family.discrete
        order = problem.order
        centred, covariance = turn @ top.u, np.full(turn.shape, np.nan)
        by = "bayesian" if problem.smooths or shrunk else "observed"
        freedom = float(problem.freedom(top.information).sum()) if problem.smooths else None
        if shrunk is not None:
            centred[shrunk.zero], freedom = 0.0, shrunk.freedom
        if shrunk is not None and shrunk.kind == "lasso":
            by = "none"
        else:
            errors, correlation = inverted(top.information)
            covariance = turned((turn * errors)[order], correlation)
        counted = problem.objective.passes
        return cls(
            problem.form,
            {name: problem.predictors[name] for name in problem.names},
            dict(problem.fixed),
            centred[order],
            covariance,
            top.log_likelihood,
            problem.n,
            "density" if density else "mass",
            tuple(top.bounds),
            top.iterations,
            counted.full if counted else 0,
            float(np.sqrt(2.0 * max(top.decrement, 0.0))),
            problem,
            covariates,
            offsets or {},
            by,
            response,
            problem.smooths,
            freedom,
            shrunk,
        )

    # what was estimated -------------------------------------------------------------------------

    @property
    def family(self) -> str:
        """The name of the family."""
        return self.form.family.name

    @cached_property
    def slices(self) -> dict[str, slice]:
        """Where the coefficients of each parameter stand among all."""
        made, at = {}, 0
        for name, predictor in self.predictors.items():
            made[name] = slice(at, at + predictor.size)
            at += predictor.size
        return made

    @cached_property
    def names(self) -> tuple[tuple[str, str], ...]:
        """The parameter and the column of each coefficient."""
        return tuple(
            (name, column)
            for name, predictor in self.predictors.items()
            for column in predictor.terms.columns
        )

    @cached_property
    def _back(self) -> Array:
        """The matrix that takes coefficients about the centre to those of the columns."""
        back = np.zeros(2 * [len(self.centred)])
        for name, at in self.slices.items():
            back[at, at] = self.predictors[name].uncentring()
        return back

    @cached_property
    def estimates(self) -> Array:
        """All coefficients in order."""
        return self._back @ self.centred

    @cached_property
    def covariance(self) -> Array:
        """Covariance of all coefficients, in order."""
        return turned(self._back, self.covariance_of_centred)

    @cached_property
    def errors(self) -> Array:
        """Standard errors of all coefficients, in order."""
        return np.sqrt(np.maximum(self.covariance.diagonal(), 0.0))

    @property
    def coefficients(self) -> dict[str, dict[str, float]]:
        """The coefficients by parameter and column, on the scale of the link."""
        return self.by_name(self.estimates)

    @property
    def standard_errors(self) -> dict[str, dict[str, float]]:
        """The standard error of each coefficient."""
        return self.by_name(self.errors)

    def by_name(self, values: Array) -> dict[str, dict[str, float]]:
        """Return a number for each coefficient, in order, by parameter and column."""
        return {
            name: dict(zip(self.predictors[name].terms.columns, values[at].tolist(), strict=True))
            for name, at in self.slices.items()
        }

    @property
    def parameters(self) -> dict[str, float]:
        """The parameters that are the same for all rows, on their own scale."""
        alike = {
            name: float(np.asarray(predictor.link.inverse(self.centred[self.slices[name]][0])))
            for name, predictor in self.predictors.items()
            if predictor.is_constant
        }
        every = {**alike, **self.fixed}
        return {name: every[name] for name in self.form.names if name in every}

    @property
    def z(self) -> Array:
        """Estimate over standard error, of all coefficients in order."""
        with np.errstate(all="ignore"):
            return self.estimates / self.errors

    @property
    def p_values(self) -> Array:
        """Probability of so large a |z| were the coefficient 0, by the normal law; in order."""
        from scipy.special import ndtr

        return 2.0 * ndtr(-np.abs(self.z))

    def intervals(
        self, level: float = 0.95, method: IntervalMethod = "wald"
    ) -> dict[str, dict[str, tuple[float, float]]]:
        """Return a confidence interval for each coefficient.

        Parameters
        ----------
        level : float
            The probability with which it covers.
        method : {"wald", "profile", "bootstrap"}
            Estimate ± quantile · error; or where the likelihood, all others refitted, has fallen as
            far as that: better for few rows, and not the same on both sides, by some ten refits for
            each coefficient; or by refits to data that are drawn anew, as `bootstrap` draws them.

        Raises
        ------
        ParameterError
            If there is no such method, or robust errors are asked for a profile.
        DataError
            If the regression was loaded: the last two need its rows.
        """
        return self.paired(*self.ends(level, method))

    def paired(self, low: Array, high: Array) -> dict[str, dict[str, tuple[float, float]]]:
        """Return the ends of intervals, in order, by parameter and column."""
        lows, highs = self.by_name(low), self.by_name(high)
        return {
            name: {column: (lows[name][column], highs[name][column]) for column in lows[name]}
            for name in lows
        }

    def ends(self, level: float = 0.95, method: IntervalMethod = "wald") -> tuple[Array, Array]:
        """Return the ends of the intervals of all coefficients, in order."""
        from scipy.special import ndtri

        from likeliest.inference.levels import checked_level, require_choice

        if method == "profile":
            self.require_unpenalised("A profile interval")
            if self.errors_by != "observed":
                raise ParameterError(
                    f"A profile is of the likelihood: it does not go with {self.errors_by} errors."
                )
            low, high = profile_ends(self, checked_level(level))
            return np.array(low), np.array(high)
        if method == "bootstrap":
            return self.bootstrap().ends(level)
        require_choice("method", method, get_args(IntervalMethod))
        width = float(ndtri(0.5 + 0.5 * checked_level(level))) * self.errors
        return self.estimates - width, self.estimates + width

    def bootstrap(
        self,
        draws: int = 999,
        *,
        seed: int = 0,
        by: Source | None = None,
        clusters: ArrayLike | None = None,
    ) -> RegressionBootstrap:
        """Refit data that are drawn anew, for intervals that need no normal law.

        A parameter on a bound of its range is held there.

        Parameters
        ----------
        draws : int
        seed : int
            The same seed draws the same data.
        by : {"model", "rows"}, optional
            Responses from the regression, or rows with replacement, each as likely as its weight.
            Without it the responses where they are exact values without weights, else the rows.
        clusters : array-like of shape (rows,), optional
            To which cluster each row belongs: clusters are drawn whole. Without it those of
            `with_errors("cluster", clusters)`.

        Raises
        ------
        DataError
            If the regression was loaded or its rows are not in memory, or they cannot be drawn so.
        ParameterError
            If slopes or curves are penalised.
        ConvergenceError
            If more than a tenth of the refits have no estimate.
        """
        return RegressionBootstrap.of(self, draws, seed, by, clusters)

    # how well it fits ---------------------------------------------------------------------------

    @property
    def estimated(self) -> float:
        """How many coefficients were estimated, parameters on a bound included.

        Effective degrees of freedom where there are smooth terms.
        """
        return (self.freedom or len(self.centred)) + len(self.bounds)

    @cached_property
    def null_log_likelihood(self) -> float | None:
        """The log likelihood with intercepts alone, nats; None if a parameter has no intercept."""
        if self.problem is None:
            self.required_problem("The log likelihood without covariates")
        top = None if self.problem is None else top_of_null(self.problem)
        return None if top is None else top.log_likelihood

    @cached_property
    def deviance_explained(self) -> float | None:
        """The share of the deviance that covariates explain: R² of a normal regression.

        None where no deviance is defined: of censored rows, and of families without a mean among
        their parameters.
        """
        problem = self.required_problem("The deviance")
        return deviance_explained(problem, self.climbed(problem))

    def drop_one(self) -> Dropped:
        """Test each term by the likelihood ratio against the regression without it.

        A term that an interaction contains is left in.

        Source: Wilks (1938).
        """
        self.require_unpenalised("A likelihood ratio test")
        return drop_one(self)

    def stepwise(self, criterion: str = "AIC", direction: Direction = "backward") -> Regression:
        """Choose among the terms, one step at a time, by a criterion.

        Each step leaves out, or takes in, the term that lowers the criterion most, until none
        does; terms of all parameters take part, the rows stay the same, and no term goes before
        an interaction that contains it. The result has the way as `steps`. Its p-values are too
        small and its intervals too narrow: the rows that tell its slopes chose them.

        Parameters
        ----------
        criterion : {"AIC", "AICc", "BIC"}
        direction : {"backward", "both", "forward"}
            From all terms, out alone or back in too; or from intercepts alone, in.

        Raises
        ------
        ParameterError
            If slopes or curves are penalised, or a parameter has terms and no intercept.
        DataError
            If the regression was loaded, or its rows are not in memory.

        Source: Venables & Ripley (2002), section 6.8.

        Examples
        --------
        >>> import likeliest as lk
        >>> frame = {"stops": [2, 3, 6, 7, 8, 9, 10, 12, 15], "speed": [1, 2, 3, 4, 5, 6, 7, 8, 9]}
        >>> frame["lane"] = [1, 2, 1, 1, 2, 2, 1, 2, 1]
        >>> r = lk.regress("stops ~ speed * lane", frame, "poisson")
        >>> [step.change for step in r.stepwise("AIC").steps.path]
        ['', '- rate: speed:lane', '- rate: lane']
        """
        self.require_unpenalised("A choice of terms")
        return stepwise(self, criterion, direction)

    def tested_within(self, big: Regression) -> HypothesisTest:
        """Test this regression against a larger one: `likeliest.likelihood_ratio` of both.

        Raises
        ------
        ParameterError
            If the larger does not hold it.
        DataError
            If they are of different rows.
        """
        if not isinstance(big, Regression):
            raise ParameterError(
                f"A regression is tested against another; got {type(big).__name__}."
            )
        for one in (self, big):
            one.require_unpenalised("A likelihood ratio test")
        return ratio_test(self, big)

    # what it predicts ---------------------------------------------------------------------------

    def distribution(
        self, new: Any = None, *, offset: Any = None, exposure: Any = None
    ) -> Distribution:
        """Return the distribution of each row: parameters are arrays of shape (n,).

        Every verb works on it: `mean`, `quantile`, `probability`, `interval`, `sample`.

        Parameters
        ----------
        new : data frame, dict of columns, or array as the fit had it, optional
            Without it the rows that were fitted.
        offset, exposure : optional
            Those of the new rows, where the fit had arrays. Columns are found by their name.

        Raises
        ------
        DataError
            If a column is missing in the new rows, or holds a level that the fit did not see.
        """
        lines, coefficients, _ = lines_of(self, new, offset, exposure)
        return lines.at(coefficients)

    def predict(self, new: Any = None, *, offset: Any = None, exposure: Any = None) -> Array:
        """Return the mean of each row, of shape (n,); `estimate` gives it with its error."""
        mean = self.distribution(new, offset=offset, exposure=exposure).mean
        return np.asarray(mean, dtype=np.float64)

    def estimate(
        self,
        function: Callable[[Distribution], Any],
        new: Any = None,
        *,
        scale: Scale | None = None,
        offset: Any = None,
        exposure: Any = None,
    ) -> Estimate:
        """Estimate any function of the rows' distributions, with its error by the delta method.

        Parameters
        ----------
        function : callable
            Takes a distribution with parameters of shape (n,); returns an array, or a number.
        new, offset, exposure
            As `distribution` takes them.
        scale : {"identity", "log", "logit"}, optional
            On which the interval is symmetric; without it one is chosen by the function's range.

        Examples
        --------
        >>> import likeliest as lk
        >>> frame = {"stops": [2, 3, 6, 7, 8, 9, 10, 12, 15], "speed": [1, 2, 3, 4, 5, 6, 7, 8, 9]}
        >>> r = lk.regress("stops ~ speed", frame, "poisson")
        >>> far = r.estimate(lambda d: d.mean, {"speed": [10]})
        >>> far.value.round(2).tolist(), far.standard_error.round(2).tolist()
        ([18.73], [4.11])
        """
        self.require_errors()
        lines, coefficients, covariance = lines_of(self, new, offset, exposure)

        def of(u: Array) -> Any:
            return function(lines.at(u))

        def lowered() -> Array:
            moved = lines.lowered(coefficients)
            return np.asarray(function(lines.at(coefficients, moved)), dtype=np.float64)

        return estimated(of, coefficients, covariance, scale, lowered)

    def average_effect(
        self,
        column: str,
        of: Callable[[Distribution], Any] = _mean,
        new: Any = None,
    ) -> Estimate:
        """Estimate by how much the mean changes with a column, on average over the rows.

        Of numbers per unit, as the average slope; of categories for each level but the first,
        against that.

        Parameters
        ----------
        column : str
            A column that formulas read; of arrays the name of one in the table.
        of : callable, optional
            What else may change: `lambda d: d.quantile(0.9)`.
        new : optional
            Rows to average over, or one with the values to look at; without it those fitted.

        Source: the average marginal effect, e.g. Cameron & Trivedi (2005), section 5.2.4.
        """
        self.require_errors()
        return average_effect(self, column, of, new)

    def covariates_of(self, new: Any) -> Columns | None:
        """Return the columns that formulas read, of new rows or of those fitted; None of arrays."""
        names = {
            name: None
            for predictor in self.predictors.values()
            if predictor.terms.formula is not None
            for name in predictor.terms.formula.columns
        }
        if not names:
            return None
        return self.covariates if new is None else columns_of(new, tuple(names))

    def levels_of(self, column: str) -> list[Any]:
        """Return the levels of a categorical column that the fit saw."""
        return next(
            levels
            for predictor in self.predictors.values()
            for expression, levels in predictor.terms.levels.items()
            if factor_column(expression) == column
        )

    def log_score(self, new: Any = None, y: ArrayLike | None = None) -> Array:
        """Return the log likelihood of each row, nats: how well its distribution foretold it.

        Parameters
        ----------
        new : data frame, dict of columns, or array as the fit had it, optional
            Without it the rows that were fitted.
        y : array-like of shape (n,), optional
            What was seen in the new rows, where no formula names it.

        Returns
        -------
        array of shape (n,)

        Raises
        ------
        DataError
            If it is not known what was seen in the rows, or only between bounds.

        Source: Good (1952); the logarithmic score.

        Examples
        --------
        >>> import likeliest as lk
        >>> frame = {"stops": [2, 3, 6, 7, 8, 9, 10, 12, 15], "speed": [1, 2, 3, 4, 5, 6, 7, 8, 9]}
        >>> r = lk.regress("stops ~ speed", frame, "poisson")
        >>> r.log_score({"stops": [15, 30], "speed": [10, 10]}).round(2).tolist()
        [-2.68, -5.48]
        """
        return log_score(self, new, y)

    def crps(self, new: Any = None, y: ArrayLike | None = None) -> Array:
        """Return the continuous ranked probability score of each row, in units of the response.

        It is the absolute error of a forecast that is a whole distribution: of one that is certain
        it is |y - forecast|. Smaller is better.

        Parameters
        ----------
        new, y
            As `log_score` takes them.

        Returns
        -------
        array of shape (n,)

        Source: Gneiting & Raftery (2007), J. Amer. Statist. Assoc. 102, 359-378.
        """
        return crps(self, new, y)

    def residuals(self, seed: int = 0) -> Array:
        """Return quantile residuals, which are standard normal if the regression is right.

        Of a count, or a censored row, the probability is drawn from what it can be.

        Parameters
        ----------
        seed : int
            The same seed draws the same.

        Returns
        -------
        array of shape (rows,)

        Source: Dunn & Smyth (1996).
        """
        problem = self.required_problem("A residual")
        return residuals_of(problem, self.climbed(problem), seed)

    def plot(
        self, kind: str = "effects", ax: Axes | None = None, *, column: str | None = None
    ) -> Axes:
        """Draw the regression.

        Parameters
        ----------
        kind : {"effects", "residuals", "qq", "worm", "calibration", "rootogram"}
            The mean along each covariate, with its band; quantile residuals by the predicted mean,
            against normal quantiles, and with the line taken out of that; whether probabilities are
            what they say; counts that hang from those expected.
        ax : matplotlib Axes, optional
            Where to draw; without it a figure of its own.
        column : str, optional
            The covariate whose effect is drawn, of "effects"; without it each that formulas read.

        Returns
        -------
        Axes
            Of the effects of several covariates a frame, whose `child_axes` are theirs.

        Raises
        ------
        PictureError
            If there is no such picture of this regression.
        DataError
            If the regression was loaded, and the picture is of its rows.
        """
        from likeliest.plots.registry import draw_regression

        return draw_regression(self, kind, ax, column)

    # how it is shown ----------------------------------------------------------------------------

    def table(self, level: float = 0.95, *, exp: bool = False) -> Table:
        """Return the coefficients as a table.

        Parameters
        ----------
        level : float
            Coverage of the intervals.
        exp : bool
            Whether to show exp(coefficient) with its interval: ratios under a log link, odds
            ratios under a logit.
        """
        return of_regression(self, level, exp=exp)

    def to_frame(self, level: float = 0.95, library: Library = "polars") -> Any:
        """Return the coefficients as a data frame of polars or pandas, a row for each."""
        low, high = self.ends(level)
        return frame(
            {
                "parameter": [name for name, _ in self.names],
                "term": [column for _, column in self.names],
                "estimate": self.estimates.tolist(),
                "standard_error": self.errors.tolist(),
                "z": self.z.tolist(),
                "p": self.p_values.tolist(),
                "low": low.tolist(),
                "high": high.tolist(),
            },
            library,
        )

    def scores(self) -> Array:
        """Return each row's score by the coefficients in order, without its weight.

        Returns
        -------
        array of shape (rows, k)
        """
        problem = self.required_problem("A score of each row")
        turn = problem.turn[problem.order]
        by_columns = problem.objective.scores(self.climbed(problem))[:, problem.order]
        about = by_columns @ np.linalg.inv(turn[:, problem.order])
        return np.asarray(about @ np.linalg.inv(self._back))

    def climbed(self, problem: Problem) -> Array:
        """Return the coefficients of the columns in which the objective is climbed."""
        unordered = np.empty(self.centred.size)
        unordered[problem.order] = self.centred
        return np.asarray(np.linalg.solve(problem.turn, unordered), dtype=np.float64)

    def of_climbed(self, problem: Problem, u: Array) -> Array:
        """Return rows of such coefficients as those in order; ±∞ stays where it stands."""
        ends = np.isinf(u)
        plain = np.where(ends, 0.0, u) @ (self._back @ problem.turn[problem.order]).T
        return np.where(ends[:, problem.order], u[:, problem.order], plain)

    def to_dict(self) -> dict[str, Any]:
        """Return all that predicts and is shown, ready for JSON: levels, knots, covariance."""
        return as_dict(self)

    @classmethod
    def from_dict(
        cls,
        saved: Any,
        context: Context | None = None,
        family: str | type[Distribution] | None = None,
    ) -> Regression:
        """Return the regression that `to_dict` described; see `load`."""
        return cls(**parts_of(saved, context or {}, family))

    def save(self, path: str | FilePath) -> None:
        """Write the regression as JSON, without its data."""
        made = json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False)
        write_whole(path, made + "\n")

    @classmethod
    def load(
        cls,
        path: str | FilePath,
        context: Context | None = None,
        family: type[Distribution] | None = None,
    ) -> Regression:
        """Read a regression that `save` wrote; no code in the file is run.

        Parameters
        ----------
        path : str or Path
        context : mapping, optional
            The functions that its formulas call, where a caller had added some.
        family : class, optional
            A family of one's own, which the file has by its name alone.
        """
        return cls.from_dict(read_json(path), context, family)

    def required_problem(self, what: str) -> Problem:
        """Return what was fitted, or say that a loaded regression has no data.

        Raises
        ------
        DataError
            If it was loaded, or its rows are not in memory.
        """
        if self.problem is None:
            raise DataError(f"{what} needs the data, which a saved regression has not.")
        if self.problem.afar is not None:
            raise DataError(
                f"{what} needs the rows in memory, and they are read at each pass. Give new rows "
                "to predict(), distribution() and estimate(), or fit to rows that are collected."
            )
        return self.problem

    def require_unpenalised(self, what: str) -> None:
        """Raise if smooth terms are penalised, so that the likelihood alone says nothing of them.

        Raises
        ------
        ParameterError
        """
        if self.smooths:
            raise ParameterError(
                f"{what} is of the likelihood alone, and {self.smooths[0].term} is penalised. "
                "Compare such regressions by their AIC; their Wald intervals and errors are "
                "Bayesian. Without a penalty there is bs(x, df=4)."
            )
        if self.shrunk is not None:
            raise ParameterError(
                f"{what} is of the likelihood alone, and a {self.shrunk.kind} is penalised. "
                "Compare such regressions by their AIC, or fit without penalty=."
            )

    def require_errors(self) -> None:
        """Raise ParameterError of a lasso, which has no errors."""
        if self.shrunk is not None and self.shrunk.kind == "lasso":
            raise ParameterError(
                "A lasso has no standard errors: the rows that tell its slopes chose which are 0. "
                'Refit the columns it kept to other rows, or use penalty="ridge"; predict() needs '
                "no errors."
            )

    @property
    def path(self) -> Path:
        """The strengths that were tried, with the log likelihood of rows held out at each.

        Raises
        ------
        DataError
            If none was chosen: there is no penalty, its strength was given, or the regression was
            loaded.
        """
        if self.shrunk is None or self.shrunk.path is None:
            raise DataError("No strength was chosen here: there is no path to show.")
        return self.shrunk.path

    def with_errors(self, kind: Errors, clusters: ArrayLike | None = None) -> Regression:
        """Return the same regression with standard errors of another kind.

        Parameters
        ----------
        kind : {"observed", "expected", "sandwich", "cluster"}
            From the curvature of the log likelihood; from its expectation under the fit; robust
            against a family that is wrong; or robust against rows that depend on each other
            within clusters.
        clusters : array-like of shape (rows,), optional
            To which cluster each row belongs, with "cluster" alone.

        Source: White (1982); Liang & Zeger (1986).
        """
        self.require_unpenalised("An error of another kind")
        problem = self.problem
        if problem is None or (problem.afar is not None and kind in {"sandwich", "cluster"}):
            problem = self.required_problem("An error of another kind")
        covariance = covariance_by(problem, self.climbed(problem), kind, clusters)
        turn = problem.turn[problem.order]
        together = None if clusters is None else np.asarray(clusters)
        covariance = turned(turn, covariance)
        return replace(self, covariance_of_centred=covariance, errors_by=kind, clusters=together)
