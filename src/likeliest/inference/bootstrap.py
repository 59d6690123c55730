"""Bootstrap intervals: by fits to data that are drawn anew, from the rows or from the fit."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from likeliest.data.rows import Kind, Rows
from likeliest.distributions.arguments import generator_of
from likeliest.errors import ConvergenceError, DataError, ParameterError
from likeliest.inference.functions import Function
from likeliest.inference.hypothesis_test import MOST_FAILED
from likeliest.inference.levels import checked_level, require_positive
from likeliest.inference.redraw import Redraw
from likeliest.inference.replicates import by_rows, from_model, refitted, refitted_groups
from likeliest.inference.summit import Summit, rows_of
from likeliest.likelihood import kernels

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.result import Fit
    from likeliest.inference.uncertainty import Uncertainty
    from likeliest.numerics.arrays import Array

Source = Literal["model", "rows"]
Ends = Literal["bca", "percentile"]

_FEWEST = 2  # rows
_LEAST = 1e-12  # of a share beyond an end: an infinite quantile of the normal cannot be corrected
_SKEWED = 20_000  # values from which the skewness of the score is taken


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """Fits to data that are drawn anew, and what they say of the estimates.

    Parameters
    ----------
    fit : Fit
    by : {"model", "rows"}
        Whether the data were drawn from the fitted distribution or from the rows.
    seed : int
    parameters : dict from name to array of shape (draws,)
        The estimates of each; NaN where a fit failed.

    Source: Efron (1987), J. Amer. Statist. Assoc. 82, 171-185; Davison & Hinkley (1997), ch. 5.

    Examples
    --------
    >>> import likeliest as lk
    >>> fit = lk.fit([2.1, 3.4, 1.9, 5.6, 4.4], "exponential")
    >>> low, high = fit.bootstrap(1999, seed=1).intervals()["rate"]
    >>> low < fit.distribution.rate < high
    True
    """

    fit: Fit
    by: Source
    seed: int
    parameters: dict[str, Array]

    @classmethod
    def of(cls, fit: Fit, draws: int, seed: int, by: Source | None) -> Bootstrap:
        """Draw, and fit each; see `Fit.bootstrap`."""
        observations = rows_of(fit, "A bootstrap")
        chosen = _source(fit, observations, by)
        require_positive("draws", draws)
        rng = generator_of(seed)
        plain = observations.exact and not observations.truncated
        if chosen == "rows" and len(observations) < _FEWEST:
            raise DataError(
                "A bootstrap by rows needs two rows or more: one row drawn again is always itself. "
                'Draw from the fit, by="model", or use profile intervals.'
            )
        if chosen == "model" and not plain:
            redraw = Redraw.of(observations, "A bootstrap from the model")
            samples = redraw.samples(fit.distribution, draws, rng)
            found = [refitted_groups(fit, each) for each in samples]
        else:
            observations = observations.compressed() if plain else observations
            if chosen == "rows":
                batches = by_rows(observations, draws, rng)
            else:
                batches = from_model(fit.distribution, round(fit.n), draws, rng)
            found = [refitted(fit, observations, batch) for batch in batches]
        parameters = {n: np.concatenate([each[n] for each in found]) for n in fit.parameters}
        made = cls(fit, chosen, seed, parameters)
        require_enough(made.failed, made.draws)
        return made

    @property
    def draws(self) -> int:
        """How many fits were made."""
        return int(self._good.size)

    @property
    def failed(self) -> int:
        """How many of them have no estimate."""
        return int(self.draws - self._good.sum())

    @cached_property
    def _good(self) -> Any:
        return ~np.isnan(np.stack(list(self.parameters.values()))).any(axis=0)

    @property
    def uncertainty(self) -> dict[str, Uncertainty | None]:
        """How sure each estimate is; None of one that is fixed. Ends keep their own law."""
        own = {n: BootstrapInterval(n, self) for n in self.parameters if n not in self.fit.fixed}
        ends = {name: self.fit.uncertainty[name] for name in self.fit.corners}
        return {name: ends.get(name) or own.get(name) for name in self.parameters}

    def intervals(
        self, level: float = 0.95, kind: Ends = "bca"
    ) -> dict[str, tuple[float, float] | None]:
        """Return a confidence interval for each parameter; None of one that is fixed.

        Parameters
        ----------
        level : float
        kind : {"bca", "percentile"}
            Corrected for bias and acceleration, or the quantiles of the estimates as they are.
        """
        made = self.uncertainty
        ends = {n: None if one is None else one.interval(level) for n, one in made.items()}
        own = {n: one for n, one in made.items() if isinstance(one, BootstrapInterval)}
        return ends | {n: one.interval(level, kind) for n, one in own.items()}

    def law(self, call: Callable[[Distribution], Any]) -> BootstrapLaw:
        """Return how sure the values of a function of the distribution are."""
        summit = Summit.of(self.fit, "A bootstrap")
        function = Function(call, summit.objective.coordinates, summit.u, summit.lengths)
        value = function.value.ravel()
        good = {n: v[self._good] for n, v in self.parameters.items()}
        replicates = function.of_members(type(self.fit.distribution), good)
        slopes = function.slopes() if summit.u.size else np.zeros((value.size, 0))
        acceleration = self._acceleration(np.where(np.isfinite(slopes), slopes, 0.0), summit)
        spare = None if self.by == "model" else (self.fit.n, self.fit.n - len(self.fit.free))
        return BootstrapLaw(value, replicates, acceleration, spare, function=function)

    def of_parameter(self, name: str) -> BootstrapLaw:
        """Return how sure one parameter's estimate is."""
        return self.law(lambda d: d.parameters[name])

    def _acceleration(self, slopes: Array, summit: Summit) -> Array:
        """Return a sixth of the skewness of the estimate's influence, for each value.

        Of a likelihood with corners it is taken to be 0.
        """
        member = self.fit.distribution
        if member.non_smooth or not summit.u.size or not slopes.any():
            return np.zeros(len(slopes))
        coordinates, n = summit.objective.coordinates, self.fit.n
        if self.by == "rows":
            scores = summit.objective.scores(summit.u)
            weights = summit.objective.observations.weights
            weight = np.ones(len(scores)) if weights is None else weights
        else:
            values = member.sample(_SKEWED, generator_of(self.seed))
            inner, _ = coordinates.members(summit.points.u)
            rows = coordinates.frame.into(Rows(Kind.EXACT, values))
            scores = kernels.scores(inner, rows)[:, coordinates.positions]
            scores *= coordinates.slopes(inner)[0]
            weight = np.full(_SKEWED, n / _SKEWED)
        return accelerations(scores @ summit.covariance @ slopes.T, weight)


@dataclass(frozen=True)
class BootstrapInterval:
    """How sure an estimate is by a bootstrap.

    Parameters
    ----------
    name : str
        The parameter.
    bootstrap : Bootstrap
    """

    name: str
    bootstrap: Bootstrap
    method = "bootstrap"

    @cached_property
    def _law(self) -> BootstrapLaw:
        return self.bootstrap.of_parameter(self.name)

    def interval(self, level: float = 0.95, kind: Ends = "bca") -> tuple[float, float]:
        """Return the confidence interval that covers with probability `level`."""
        low, high = self._law.interval(level, kind)
        return float(low[0]), float(high[0])

    def to_dict(self) -> dict[str, float]:
        """Return what a saved fit needs of it: nothing, for it needs the data."""
        return {}


@dataclass(frozen=True)
class BootstrapEnds:
    """Standard errors and intervals of values, from replicates of them.

    Parameters
    ----------
    value : array of shape (values,)
        At the estimate.
    replicates : array of shape (draws, values)
    acceleration : array of shape (values,)
    spare : pair of float, or None
        How many rows were drawn for each replicate, and how many more they are than the estimates;
        None where values were drawn from the model.

    Source: of the ends, Efron (1987); of their widening for few rows, Hesterberg (2015), The
    American Statistician 69, 371-386, section 4.2, for one estimate; of k as in MacKinnon & White
    (1985), J. Econometrics 29, 305-325.
    """

    value: Array
    replicates: Array
    acceleration: Array
    spare: tuple[float, float] | None = None

    @property
    def standard_error(self) -> Array:
        """The standard deviation of the replicates."""
        with np.errstate(invalid="ignore"):
            return np.std(self.replicates, axis=0, ddof=1)

    def interval(self, level: float = 0.95, kind: Ends = "bca") -> tuple[Array, Array]:
        """Return the ends for each value."""
        if kind not in get_args(Ends):
            raise ParameterError(f'kind must be "bca" or "percentile"; got {kind!r}.')
        tail = self._widened(0.5 - 0.5 * checked_level(level))
        ordered = np.sort(self.replicates, axis=0)
        shares = np.array([[tail], [1.0 - tail]]) * np.ones(self.value.size)
        if kind == "bca":
            shares = self._corrected(shares)
        low, high = (
            np.array([_at(column, q) for column, q in zip(ordered.T, row, strict=True)])
            for row in shares
        )
        return low, high

    def _widened(self, tail: float) -> float:
        """Return the share beyond an end, smaller where few rows vary less than their source.

        The variance of k estimates drawn so is some (n - k)/n of theirs, and known with n - k
        degrees of freedom: of the mean alone, of a normal, the ends are those of Student's t.
        """
        from scipy.special import ndtr, stdtrit

        if self.spare is None or self.spare[1] < 1.0:
            return tail
        n, df = self.spare
        return max(float(ndtr(np.sqrt(n / df) * stdtrit(df, tail))), _LEAST)

    def _corrected(self, shares: Array) -> Array:
        """Return the shares corrected for bias and acceleration (Efron 1987)."""
        from scipy.special import ndtr, ndtri

        draws = len(self.replicates)
        below = np.mean(self.replicates < self.value, axis=0)
        below = below + 0.5 * np.mean(self.replicates == self.value, axis=0)
        bias = ndtri(np.clip(below, 0.5 / draws, 1.0 - 0.5 / draws))
        moved = bias + ndtri(shares)
        return np.asarray(ndtr(bias + moved / (1.0 - self.acceleration * moved)))


@dataclass(frozen=True)
class BootstrapLaw(BootstrapEnds):
    """Standard errors and intervals of a function of the distribution, by a bootstrap.

    Parameters
    ----------
    function : Function
    """

    function: Function = field(kw_only=True)
    method = "bootstrap"


def accelerations(influence: Array, weight: Array) -> Array:
    """Return a sixth of the skewness of influences, of shape (rows, values), for each value."""
    cubes = weight @ influence**3
    with np.errstate(divide="ignore", invalid="ignore"):
        a = cubes / (6.0 * (weight @ influence**2) ** 1.5)
    return np.where(np.isfinite(a), a, 0.0)


def require_enough(failed: int, draws: int) -> None:
    """Raise ConvergenceError if more than a tenth of the fits have no estimate."""
    if failed > MOST_FAILED * draws:
        raise ConvergenceError(
            f"{failed:,} of {draws:,} fits to data drawn anew have no estimate: the "
            "likelihood of so few data is often without a maximum, and a bootstrap of the "
            "others would be too sure. Use profile intervals."
        )


def _source(fit: Fit, observations: Observations, by: Source | None) -> Source:
    """Return from where to draw; by default from the fit where the data are exact."""
    if by is not None and by not in get_args(Source):
        raise ParameterError(f'by must be "model" or "rows"; got {by!r}.')
    plain = observations.exact and not observations.truncated
    robust = fit.errors_by in {"sandwich", "cluster"}
    if fit.errors_by == "cluster":
        raise DataError(
            "Rows that depend on each other within clusters cannot be drawn one by one. Use "
            'method="wald" or "delta", which take the errors by clusters.'
        )
    if fit.description.by_sampling:
        raise DataError(
            "The weights say how many of the population each row stands for, and not how likely "
            'it is to be drawn. Use the robust errors of fit.with_errors("sandwich").'
        )
    weighted = observations.weights is not None
    if by is None:
        return "model" if plain and not robust and not weighted else "rows"
    if by == "model" and abs(fit.n - round(fit.n)) > 1e-9 * fit.n:
        raise DataError(
            f"The weights add up to {fit.n:g} observations, and of a distribution only whole "
            'numbers can be drawn: draw rows, by="rows".'
        )
    return by


def _at(ordered: Array, share: float) -> float:
    """Return the quantile of an ordered sample, between two of its values."""
    place = share * (ordered.size + 1) - 1.0
    below = int(np.clip(np.floor(place), 0, ordered.size - 1))
    above = min(below + 1, ordered.size - 1)
    low, high, part = ordered[below], ordered[above], place - below
    if part <= 0.0 or not np.isfinite([low, high]).all():
        return float(low)
    return float(low + min(part, 1.0) * (high - low))
