"""Fit: the likeliest member of a family, with its uncertainty and how it was found."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.data.description import Description
from likeliest.distributions import families
from likeliest.errors import DataError
from likeliest.files import json_ready, read_json, write_whole
from likeliest.fitting.criteria import Criteria
from likeliest.fitting.curvature import Recorded
from likeliest.fitting.diagnostics import (
    UNKNOWN_BY_SAMPLING,
    Diagnostics,
    Outcome,
    diagnosed,
)
from likeliest.fitting.routes.found import Found, Sums
from likeliest.fitting.tables import of_fit
from likeliest.tables import ShownAsTable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from os import PathLike
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

    from likeliest.data.observations import Observations
    from likeliest.data.observe import Data
    from likeliest.data.reading.column import Missing
    from likeliest.distributions.distribution import Distribution
    from likeliest.explorer import Explorer
    from likeliest.inference import Bootstrap, Empirical, Estimate, Uncertainty, Wald
    from likeliest.inference.bootstrap import Source
    from likeliest.inference.delta import Scale
    from likeliest.inference.estimates import Method
    from likeliest.inference.extended import Yields
    from likeliest.inference.goodness_of_fit import Method as GoodnessMethod
    from likeliest.inference.hypothesis_test import HypothesisTest
    from likeliest.inference.maxima import Maxima
    from likeliest.inference.sandwich import Errors
    from likeliest.inference.uncertainty import Method as IntervalMethod
    from likeliest.numerics.arrays import Array
    from likeliest.report import Report
    from likeliest.tables import Table

_FORMAT = "likeliest fit 1"


@dataclass(frozen=True, eq=False, repr=False)
class Fit(Criteria, ShownAsTable):
    """A maximum likelihood fit.

    Parameters
    ----------
    found : Found
        The top of the likelihood, and how it was come to.
    n : float
        Number of observations: the sum of the weights.
    measure : {"density", "mass"}
        What the likelihood is made of; like is compared with like only.
    fixed : dict
        The parameters that were held, with their values.
    observations : Observations, optional
        What was fitted; not saved.
    errors_by : {"observed", "expected", "sandwich", "cluster"}
        What the standard errors are made of.

    Examples
    --------
    >>> import likeliest as lk
    >>> fit = lk.fit([48.8292, 49.3087, 52.4836, 53.2384, 57.6151], "normal")
    >>> {name: round(value, 3) for name, value in fit.parameters.items()}
    {'mean': 52.295, 'std': 3.167}
    >>> {name: round(error, 3) for name, error in fit.standard_errors.items()}
    {'mean': 1.416, 'std': 1.002}
    """

    found: Found
    n: float
    measure: str
    fixed: dict[str, float] = field(default_factory=dict)
    observations: Observations | None = field(default=None, repr=False)
    errors_by: str = "observed"

    @property
    def distribution(self) -> Distribution:
        """The likeliest member of the family."""
        return self.found.member

    @property
    def log_likelihood(self) -> float:
        """The log likelihood at the maximum, in nats: of densities, or of probabilities."""
        return self.found.log_likelihood

    @property
    def method(self) -> str:
        """By what it was estimated: "likelihood", or as `lk.fit` was told."""
        return self.found.method

    @property
    def free(self) -> tuple[str, ...]:
        """The parameters estimated at a smooth maximum of the likelihood, in order."""
        return self.found.free

    @property
    def corners(self) -> tuple[str, ...]:
        """The parameters estimated at a corner of the likelihood, such as an end of the support."""
        return self.found.corners

    @property
    def errors(self) -> Array:
        """Standard errors of the free parameters, from the inverse observed information."""
        self._require_errors()
        return self.found.curvature.errors

    @property
    def correlation(self) -> Array:
        """Correlation of the free parameters' estimates, from the same inverse."""
        self._require_errors()
        return self.found.curvature.correlation

    @property
    def without_errors(self) -> str:
        """Why there are no standard errors; empty where there are."""
        wrong = self.description.by_sampling and self.found.curvature.counts_rows
        return UNKNOWN_BY_SAMPLING if wrong else ""

    def _require_errors(self) -> None:
        if self.without_errors:
            raise DataError(self.without_errors)

    @property
    def estimated(self) -> int:
        """How many parameters were estimated, those on a bound included."""
        return len(self.distribution.constraints) - len(self.fixed)

    @cached_property
    def diagnostics(self) -> Diagnostics:
        """How the maximum was found, and what to know about it."""
        return diagnosed(self.found, self.observations, self.misfit)

    @cached_property
    def misfit(self) -> str | None:
        """Why the fit is no good description of its data; None where it may be, or is not known.

        By Neyman's smooth test (see `goodness`), where some share differs by at least 0.05: of
        many values every family is rejected, and the difference says whether it matters.
        """
        from likeliest.inference import misfit

        known = self.observations is not None and self.method == "likelihood"
        return misfit(self) if known else None

    @cached_property
    def description(self) -> Description:
        """What the data were: how many values of each kind, of which column, seen where."""
        if self.observations is None:
            return Description("", "", self.n, self.n)
        return self.observations.description

    @property
    def family(self) -> str:
        """The name of the family."""
        return self.distribution.name

    @property
    def parameters(self) -> dict[str, float]:
        """The estimates (and fixed values) by name."""
        return {name: float(value) for name, value in self.distribution.parameters.items()}

    @property
    def standard_errors(self) -> dict[str, float | None]:
        """The standard error of each parameter; None if it is fixed, on a bound or a corner.

        None of all where the weights are those of a sample: see `without_errors`.
        """
        errors = {} if self.without_errors else dict(zip(self.free, self.errors, strict=True))
        return {n: float(errors[n]) if n in errors else None for n in self.distribution.constraints}

    @property
    def covariance(self) -> Array:
        """Covariance of the free parameters' estimates, of shape (len(free), len(free))."""
        with np.errstate(
            invalid="ignore"
        ):  # infinite errors of parameters that nothing tells apart
            return self.correlation * np.outer(self.errors, self.errors)

    @property
    def tic(self) -> float:
        """Takeuchi's criterion: AIC where the family need not hold the data's own law.

        The number of parameters is replaced by the trace of the variance of the score times the
        inverse information, which is the same where the family is right. Source: Takeuchi (1976).
        """
        from likeliest.inference import takeuchi

        return takeuchi(self)

    @cached_property
    def uncertainty(self) -> dict[str, Uncertainty | None]:
        """How sure each estimate is; None of a parameter that is fixed or on a bound.

        From its standard error (`inference.Wald`), or, for an end of the support, from how the
        likelihood falls beyond it (`inference.SupportEnd`).
        """
        from likeliest.inference import uncertainty_of

        return uncertainty_of(self)

    @property
    def remainder(self) -> tuple[str, float, Wald | None] | None:
        """The last weight of a mixture, which the others leave of 1, and how sure it is.

        Its name, its value and its uncertainty; None of a family without such a share.
        """
        from likeliest.inference import remainder_of

        return remainder_of(self)

    def uncertainty_by(self, method: IntervalMethod) -> dict[str, Uncertainty | None]:
        """How sure each estimate is by another method: "profile" or "bootstrap".

        Ends of the support keep their own law.
        """
        from likeliest.inference import uncertainty_by

        return uncertainty_by(self, method)

    def intervals(
        self, level: float = 0.95, method: IntervalMethod = "wald"
    ) -> dict[str, tuple[float, float] | None]:
        """Return a confidence interval for each parameter.

        Parameters
        ----------
        level : float
            The probability with which it covers.
        method : {"wald", "profile", "bootstrap"}
            From the standard error, on the logarithm of a positive parameter; by the likelihood
            ratio; or by refitting data that are drawn anew. The last two need the data.

        Returns
        -------
        dict from parameter name to (low, high); None of one that is fixed or, by some methods,
        on a bound.
        """
        sure = self.uncertainty_by(method).items()
        return {name: None if one is None else one.interval(level) for name, one in sure}

    def bootstrap(self, draws: int = 999, *, seed: int = 0, by: Source | None = None) -> Bootstrap:
        """Fit data that are drawn anew, for intervals that need no normal law.

        Parameters
        ----------
        draws : int
        seed : int
            The same seed draws the same data.
        by : {"model", "rows"}, optional
            From the fitted distribution, rounded, truncated and censored as the data were, or the
            rows with replacement. Without it from the distribution where the data are exact values
            without weights, else the rows.

        Raises
        ------
        DataError
            If the fit has no data, or they cannot be drawn so.
        ConvergenceError
            If more than a tenth of the fits have no estimate.
        """
        from likeliest.inference import Bootstrap

        return Bootstrap.of(self, draws, seed, by)

    def contour(self, first: str, second: str, level: float = 0.95, points: int = 72) -> Array:
        """Return the contour of two parameters, within which both lie with probability `level`.

        Returns
        -------
        array of shape (points, 2)
            Round the estimate; at each the profile likelihood of both together lies half a
            quantile of χ² with two degrees of freedom below its top.
        """
        from likeliest.inference import contour

        return contour(self, first, second, level, points)

    def with_errors(self, kind: Errors, clusters: ArrayLike | None = None) -> Fit:
        """Return the same fit with standard errors of another kind.

        Parameters
        ----------
        kind : {"observed", "expected", "sandwich", "cluster"}
            From the curvature of the log likelihood; from its expectation under the fit; robust
            against a family that is wrong; or robust against rows that depend on each other
            within clusters.
        clusters : array-like of shape (rows,), optional
            To which cluster each row belongs, with "cluster" alone.

        Raises
        ------
        DataError
            If the fit has no data, or lies on a boundary, where a sandwich has no ground.

        Source: White (1982); Liang & Zeger (1986).

        Examples
        --------
        >>> import likeliest as lk
        >>> fit = lk.fit([2.1, 3.4, 1.9, 5.6, 4.4], "exponential").with_errors("sandwich")
        >>> round(fit.standard_errors["rate"], 4)
        0.0516
        """
        from likeliest.inference import with_errors

        return with_errors(self, kind, clusters)

    def yields(self) -> Yields:
        """Return how many events each component of a mixture is expected to have.

        The extended likelihood of physicists: a component's share times the number of events, whose
        own fluctuation is in the errors. Binned data count the events of their bins.

        Raises
        ------
        DataError
            If the data are truncated, or weighted as a sample: they do not say how many there were.

        Source: Barlow (1990), Nucl. Instrum. Meth. A 297, 496-506.

        Examples
        --------
        >>> import likeliest as lk
        >>> waits = lk.datasets.load("old_faithful", "waiting")
        >>> found = lk.fit(waits, lk.mixture("normal", 2)).yields()
        >>> round(found.values["normal 1"], 1), round(found.errors["normal 1"], 1)
        (98.2, 10.4)
        """
        from likeliest.inference import yields

        return yields(self)

    def residuals(self, *, seed: int = 0) -> Array:
        """Return a quantile residual for each row: standard normal if the family is right.

        Of a count, a rounded value or a censored row the probability is drawn from what it can be,
        so a residual is random there.

        Returns
        -------
        array of shape (rows,)
            In the order of the data; of rounded values one for each distinct value.

        Source: Dunn & Smyth (1996), J. Comput. Graph. Statist. 5, 236-244.

        Examples
        --------
        >>> import likeliest as lk
        >>> fit = lk.fit([48.8292, 49.3087, 52.4836, 53.2384, 57.6151], "normal")
        >>> fit.residuals().round(2).tolist()
        [-1.09, -0.94, 0.06, 0.3, 1.68]
        """
        from likeliest.inference import residuals

        return residuals(self, seed)

    def pit(self, *, seed: int = 0) -> Array:
        """Return P(X ≤ x) of each row by the fit: uniform between 0 and 1 if the family is right.

        The probability integral transform, of which `residuals` are the normal quantiles: drawn
        from what it can be where a row is a count, a rounded value or censored.

        Returns
        -------
        array of shape (rows,)
            In the order of the data; of rounded values one for each distinct value.

        Examples
        --------
        >>> import likeliest as lk
        >>> fit = lk.fit([48.8292, 49.3087, 52.4836, 53.2384, 57.6151], "normal")
        >>> fit.pit().round(2).tolist()
        [0.14, 0.17, 0.52, 0.62, 0.95]
        """
        from likeliest.inference import pit

        return pit(self, seed)

    def empirical(self, level: float = 0.95) -> Empirical:
        """Return the share of the values beyond each, by the data and by the fit.

        Of exact values and those censored on one side the data's is Kaplan and Meier's curve, of
        values between bounds Turnbull's estimate.

        Parameters
        ----------
        level : float
            Of the interval for each share of the data.

        Source: Kaplan & Meier (1958); Turnbull (1976).

        Examples
        --------
        >>> import likeliest as lk
        >>> fit = lk.fit([6, 6, 6, 6, 7, 9, 10], "weibull", event=[1, 1, 1, 0, 1, 0, 1])
        >>> own = fit.empirical()
        >>> own.at.tolist(), own.share.round(3).tolist()
        ([6.0, 7.0, 10.0], [0.571, 0.381, 0.0])
        """
        from likeliest.inference import empirical

        return empirical(self, level)

    def influence(self) -> dict[str, Array]:
        """Return how far each row moves each estimate, by one Newton step.

        Returns
        -------
        dict from parameter to array of shape (rows,)
            The estimate less what it would be without the row, nearly.

        Source: Cook & Weisberg (1982), section 3.4.

        Examples
        --------
        >>> import likeliest as lk
        >>> fit = lk.fit([1.0, 2.0, 3.0, 10.0], "normal")
        >>> fit.influence()["mean"].round(12).tolist()
        [-0.75, -0.5, -0.25, 1.5]
        """
        from likeliest.inference import influence

        return influence(self)

    def maxima(self, starts: int = 50, *, seed: int = 0) -> Maxima:
        """Climb the likelihood from random places, and return every maximum that is found.

        Returns
        -------
        Maxima
            The highest first, with how many of the starts led to each.

        Examples
        --------
        >>> import likeliest as lk
        >>> fit = lk.fit([-20.0, -19.0, 0.0, 1.0, 2.0], "cauchy", fixed={"scale": 1.0})
        >>> len(fit.maxima())
        2
        """
        from likeliest.inference import maxima_of

        return maxima_of(self, starts, seed)

    def goodness(
        self, method: GoodnessMethod = "ad", *, draws: int = 999, seed: int = 0
    ) -> HypothesisTest:
        """Test whether the fitted family describes the data.

        Samples are drawn from the fit, rounded, truncated and censored as the data were; each is
        fitted anew, and its distance from its own fit compared with that of the data. So the
        p-value allows for the parameters having been estimated.

        Parameters
        ----------
        method : {"ad", "ks", "cvm", "chi2", "smooth"}
            Anderson and Darling's distance, which minds the tails; Kolmogorov and Smirnov's, the
            largest gap; Cramér and von Mises', the mean square gap; or Pearson's χ² over classes.
            Of censored values the distance is from Kaplan and Meier's curve. Neyman's smooth test
            of two components needs no samples: its law in large samples is known, the estimates
            allowed for. It is the check that every fit makes when it is first shown.
        draws, seed : int
            Samples, and their seed.

        Returns
        -------
        HypothesisTest
            Its effect does not grow with the number of values: the largest gap for "ks", the root
            of the statistic over n for the others.

        Raises
        ------
        DataError
            If the fit has no data, or it is not known what would have been seen of other values.

        Source: Stute, González Manteiga & Presedo Quindimil (1993), Metrika 40, 243-256.

        Examples
        --------
        >>> import likeliest as lk
        >>> fit = lk.fit(lk.Gamma(2.0, 3.0).sample(200, seed=1), "gamma")
        >>> fit.goodness(draws=199).p_value > 0.05
        True
        """
        from likeliest.inference import goodness

        return goodness(self, method, draws=draws, seed=seed)

    def wald_test(self, null: Mapping[str, float]) -> HypothesisTest:
        """Test parameters against values, by how many standard errors they lie from them.

        Parameters
        ----------
        null : mapping from parameter name to value

        Raises
        ------
        ParameterError
            If a parameter is unknown, or has no standard error.

        Source: Wald (1943).

        Examples
        --------
        >>> import likeliest as lk
        >>> fit = lk.fit([48.8292, 49.3087, 52.4836, 53.2384, 57.6151], "normal")
        >>> round(fit.wald_test({"mean": 50.0}).p_value, 3)
        0.105
        """
        from likeliest.inference import wald_test

        return wald_test(self, null)

    def attach(
        self,
        data: ArrayLike | Observations,
        weights: ArrayLike | None = None,
        rounding: float = 0.0,
    ) -> Fit:
        """Return a fit that was loaded with its data, as they were given to `fit`.

        Raises
        ------
        DataError
            If they are not the data of this fit: n and the log likelihood tell.
        """
        from likeliest.inference import attach

        return attach(self, data, weights, rounding)

    def update(
        self,
        data: Data,
        *,
        column: str | None = None,
        weights: ArrayLike | None = None,
        missing: Missing = "raise",
    ) -> Fit:
        """Return the fit to the rows of this one and new ones, from their sums alone.

        It is what `lk.fit` of all the rows would be, and costs one pass over the new ones. The
        family is one whose estimate follows from sums (normal, lognormal, exponential, gamma,
        Poisson, uniform and others), and all rows are exact values. A fit that was saved and
        loaded can be updated. The result has no data; `attach` gives it all the rows.

        Parameters
        ----------
        data : one-dimensional array-like, or frame
            The new rows.
        column, weights, missing
            As `likeliest.observe` takes them.

        Raises
        ------
        DataError
            If the fit does not follow from sums of its rows, or the new rows cannot be used.

        Examples
        --------
        >>> import likeliest as lk
        >>> fit = lk.fit([2.1, 3.4, 1.9], "exponential").update([5.6, 4.4])
        >>> round(fit.parameters["rate"], 6), fit.n
        (0.287356, 5.0)
        """
        from likeliest.fitting.update import updated

        return updated(self, data, column=column, weights=weights, missing=missing)

    def estimate(
        self,
        function: Callable[[Distribution], Any],
        method: Method = "delta",
        scale: Scale | None = None,
    ) -> Estimate:
        """Estimate any function of the distribution, with its uncertainty.

        Parameters
        ----------
        function : callable
            Takes a distribution; returns a number, or an array, each value of which is estimated
            by itself. One that works on distributions with arrays of parameters is faster.
        method : {"delta", "profile", "bootstrap"}
            From the slopes of the function and the covariance of the parameters; by its extremes
            where the likelihood is near its top; or from fits to data that are drawn anew. The
            last two need the data.
        scale : {"identity", "log", "logit"}, optional
            On which a delta interval is symmetric; without it one is chosen by the range of the
            function, and named.

        Raises
        ------
        ParameterError
            If the function is not finite for the estimate, or does not move with the parameters.

        Examples
        --------
        >>> import likeliest as lk
        >>> fit = lk.fit([48.8292, 49.3087, 52.4836, 53.2384, 57.6151], "normal")
        >>> ratio = fit.estimate(lambda d: d.std / d.mean)
        >>> round(ratio.value, 3), ratio.scale
        (0.061, 'identity')
        """
        from likeliest.inference import estimate

        return estimate(self, function, method, scale)

    def quantile(self, q: ArrayLike, method: Method = "delta") -> Estimate:
        """Estimate the value at or below which a share `q` lies; several shares give a band."""
        from likeliest.inference import words

        return words.quantile(q).of(self, method)

    def probability(
        self, a: ArrayLike = -np.inf, b: ArrayLike = np.inf, method: Method = "delta"
    ) -> Estimate:
        """Estimate P(a ≤ X ≤ b)."""
        from likeliest.inference import words

        return words.probability(a, b).of(self, method)

    def mean(self, method: Method = "delta") -> Estimate:
        """Estimate the expected value."""
        from likeliest.inference import words

        return words.mean().of(self, method)

    def survival(self, t: ArrayLike, method: Method = "delta") -> Estimate:
        """Estimate P(X > t)."""
        from likeliest.inference import words

        return words.survival(t).of(self, method)

    def hazard(self, t: ArrayLike, method: Method = "delta") -> Estimate:
        """Estimate the hazard rate at t: the density over P(X > t)."""
        from likeliest.inference import words

        return words.hazard(t).of(self, method)

    def return_level(
        self, period: ArrayLike, rate: float = 1.0, method: Method = "delta"
    ) -> Estimate:
        """Estimate the value that is exceeded once in a period on average.

        `rate` is how many values a unit of time has: 1 of annual maxima, for peaks over a
        threshold as many as a year has on average.
        """
        from likeliest.inference import words

        return words.return_level(period, rate).of(self, method)

    def tail_value_at_risk(self, p: ArrayLike, method: Method = "delta") -> Estimate:
        """Estimate the mean of values beyond the quantile of p (the expected shortfall)."""
        from likeliest.inference import words

        return words.tail_value_at_risk(p).of(self, method)

    def limited_expected_value(self, limit: ArrayLike, method: Method = "delta") -> Estimate:
        """Estimate E[min(X, limit)]: what is lost where no more than a limit is paid."""
        from likeliest.inference import words

        return words.limited_expected_value(limit).of(self, method)

    def layer_mean(
        self, attachment: ArrayLike, limit: ArrayLike = np.inf, method: Method = "delta"
    ) -> Estimate:
        """Estimate what a layer of `limit` above an attachment pays a loss, on average."""
        from likeliest.inference import words

        return words.layer_mean(attachment, limit).of(self, method)

    def loss_elimination_ratio(self, deductible: ArrayLike, method: Method = "delta") -> Estimate:
        """Estimate the share of all losses that a deductible saves."""
        from likeliest.inference import words

        return words.loss_elimination_ratio(deductible).of(self, method)

    def b_life(self, percent: ArrayLike, method: Method = "delta") -> Estimate:
        """Estimate the time by which this percentage has failed: B10 is `b_life(10)`."""
        from likeliest.inference import words

        return words.b_life(percent).of(self, method)

    def plot(self, kind: str = "density", ax: Axes | None = None) -> Axes:
        """Draw a picture of the fit.

        Parameters
        ----------
        kind : str
            "density", over the data; "qq", "pp" or "probability" (paper), the data against the
            fit; "cdf" or "survival", shares with bands; "hazard"; "profile", the log likelihood
            along each parameter; "surface", that of two; "return level"; "rootogram", of counts;
            "residuals", by row; "worm", in order; or "mean excess", over thresholds.
            `likeliest.plots` has a function for each, with options.
        ax : matplotlib Axes, optional
            Where to draw; without it a figure of its own.

        Returns
        -------
        Axes

        Raises
        ------
        PictureError
            If there is no such picture of this fit; the message names those that there are.

        Examples
        --------
        >>> import likeliest as lk
        >>> fit = lk.fit(lk.datasets.seattle_rain(), "gamma")
        >>> fit.plot("qq").get_xlabel()
        'quantile of the fitted gamma'
        """
        from likeliest.plots.registry import draw

        return draw(self, kind, ax)

    def plots(self) -> Figure:
        """Draw the four pictures that matter: density, Q–Q plot, distribution function, a fourth.

        The fourth is survival where values are censored, a rootogram for counts, return levels
        for extremes, else a P–P plot.
        """
        from likeliest.plots.overview import overview

        return overview(self)

    def report(self, source: str | PathLike[str] = "", *, level: float = 0.95) -> Report:
        """Return a report of the fit: one HTML file for a reader who was not there.

        It says in plain words what was fitted, how well, how sure and what is doubtful, with
        pictures and the commands that make it again. Needs Jinja2 (extra `report`).

        Parameters
        ----------
        source : path, optional
            The file of the data, named in the report and in its commands.
        level : float
            Coverage of the intervals.

        Examples
        --------
        >>> import likeliest as lk
        >>> lk.fit(lk.datasets.seattle_rain(), "gamma").report().save("rain.html")  # doctest: +SKIP
        """
        from likeliest.report import of_fit

        return of_fit(self, source, level)

    def explore(self) -> Explorer:
        """Return the explorer of the fit, which begins at its estimate; see `likeliest.explore`."""
        from likeliest.explorer import of_fit

        return of_fit(self)

    def to_dict(self) -> dict[str, Any]:
        """Return all but the observations, ready for JSON: ∞ is "inf"."""
        d = self.diagnostics
        kept = {name: one.to_dict() for name, one in self.uncertainty.items() if one}
        sums = self.found.sums
        record = {
            "format": _FORMAT,
            "distribution": self.distribution.to_dict(),
            "standard_errors": self.standard_errors,
            "intervals": {"level": 0.95, "method": "wald", **_listed(self.intervals())},
            "free": list(self.free),
            "corners": list(self.corners),
            "errors": None if self.without_errors else self.errors.tolist(),
            "correlation": None if self.without_errors else self.correlation.tolist(),
            "log_likelihood": self.log_likelihood,
            "nll": self.nll,
            "aic": self.aic,
            "aicc": self.aicc if np.isfinite(self.aicc) else None,
            "bic": self.bic,
            "n": self.n,
            "data": self.description.to_dict(),
            "measure": self.measure,
            "errors_by": self.errors_by,
            "method": self.method,
            "estimated": self.estimated,
            "fixed": self.fixed,
            "sums": None if sums is None else sums.to_dict(),
            "cells": {name: cell for name, cell in kept.items() if cell},
            "diagnostics": {
                "outcome": str(d.outcome),
                "iterations": d.iterations,
                "gradient_norm": d.gradient_norm,
                "condition": d.condition,
                "bounds": d.bounds,
                "notes": list(d.notes),
            },
        }
        return json_ready(record)

    @classmethod
    def from_dict(cls, saved: dict[str, Any]) -> Fit:
        """Return the fit that `to_dict` wrote, without its observations.

        Raises
        ------
        DataError
            If it is not such a record.
        """
        from likeliest.inference import old_ends, recorded

        written = ""
        try:
            written = saved["format"]
            d = saved["diagnostics"]
            free = tuple(saved["free"])
            unknown = saved["errors"] is None
            nothing = np.full(len(free), np.nan)
            errors = nothing if unknown else np.asarray(saved["errors"], dtype=np.float64)
            correlation = (
                np.outer(nothing, nothing)
                if unknown
                else np.asarray(saved["correlation"], dtype=np.float64)
            )
            bounds = {name: float(end) for name, end in d["bounds"].items()}
            diagnostics = Diagnostics(
                Outcome(d["outcome"]),
                int(d["iterations"]),
                _number(d["gradient_norm"]),
                _number(d["condition"]),
                bounds,
                tuple(d["notes"]),
            )
            found = Found(
                families.from_dict(saved["distribution"]),
                float(saved["log_likelihood"]),
                free,
                Recorded(
                    errors,
                    correlation.reshape(2 * [len(free)]),
                    np.inf if diagnostics.condition is None else diagnostics.condition,
                    counts_rows=unknown,
                ),
                corners=tuple(saved["corners"]),
                bounds=bounds,
                iterations=diagnostics.iterations,
                gradient_norm=diagnostics.gradient_norm,
                sums=Sums.from_dict(saved["sums"]) if saved.get("sums") else None,
                method=str(saved.get("method", "likelihood")),
            )
            fixed = {name: float(value) for name, value in saved["fixed"].items()}
            _require_consistent(found, fixed)
            by = str(saved.get("errors_by", "observed"))
            fit = cls(found, float(saved["n"]), str(saved["measure"]), fixed, errors_by=by)
            if "data" in saved:
                fit.__dict__.update(description=Description.from_dict(saved["data"]))
            cells = saved.get("cells", {})
            uncertainty, more = recorded(fit, cells), old_ends(fit, cells)
        except (KeyError, TypeError, ValueError) as error:
            if "multivariate" in str(written):
                raise DataError(
                    "This is a fit of rows: lk.MultivariateFit.load reads it."
                ) from None
            raise DataError(f"This is not a saved fit: {type(error).__name__}: {error}.") from None
        if written != _FORMAT:
            raise DataError(f"This is not a saved fit of {_FORMAT!r}: it says {written!r:.40}.")
        # As they were told when the data were there.
        diagnostics = replace(diagnostics, notes=(*diagnostics.notes, *more))
        fit.__dict__.update(diagnostics=diagnostics, uncertainty=uncertainty)
        return fit

    def save(self, path: str | Path) -> None:
        """Write the fit as JSON: to a temporary file first, so that nothing is half-written."""
        write_whole(
            path, json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
        )

    @classmethod
    def load(cls, path: str | Path) -> Fit:
        """Read a fit that `save` wrote; no code in the file is run."""
        return cls.from_dict(read_json(path))

    def table(self) -> Table:
        """Return the fit as a table."""
        return of_fit(self)


def _listed(intervals: dict[str, tuple[float, float] | None]) -> dict[str, list[float] | None]:
    return {name: None if pair is None else list(pair) for name, pair in intervals.items()}


def _require_consistent(found: Found, fixed: dict[str, float]) -> None:
    named = {*found.free, *found.corners, *fixed}
    if not named <= set(found.member.constraints):
        raise ValueError(f"{found.member.name} has no parameters {', '.join(sorted(named))}")
    if np.shape(found.curvature.errors) != (len(found.free),):
        raise ValueError("there is not one standard error for each free parameter")


def _number(saved: float | str | None) -> float | None:
    return None if saved is None else float(saved)
