"""Profile likelihood intervals: what a likelihood ratio test of each value does not reject."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from likeliest.errors import DataError, LikeliestError
from likeliest.fitting.fit import fit as fitted
from likeliest.fitting.routes.climb import NEAR_END
from likeliest.inference.levels import checked_level
from likeliest.inference.region import Rise, pushed
from likeliest.inference.summit import Summit, observations_of
from likeliest.inference.walk import walked

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.fitting.result import Fit
    from likeliest.inference.walk import Walk
    from likeliest.numerics.arrays import Array, Indices


class End(NamedTuple):
    """One end of a profile interval.

    Parameters
    ----------
    value : float
    deviance : float
        Twice the log likelihood that is lost there, as it was evaluated.
    evaluations : int
        Of the log likelihood, by which it was found; of refits where Newton steps have no footing.
    is_limit : bool
        Whether the interval goes as far as the parameter's range, for the deviance stays below
        that of the level: nothing in the data rules out values so far on this side.
    """

    value: float
    deviance: float
    evaluations: int
    is_limit: bool


@dataclass(frozen=True)
class Profile:
    """How sure an estimate is by its profile likelihood.

    The interval holds the values at which the log likelihood, the other parameters at their
    likeliest, lies less than half a quantile of χ² with one degree of freedom below its top.

    Parameters
    ----------
    name : str
        The parameter.
    profiles : Profiles
        Of all parameters of the fit.

    Source: Venzon & Moolgavkar (1988).

    Examples
    --------
    >>> import likeliest as lk
    >>> fit = lk.fit([2.1, 3.4, 1.9, 5.6, 4.4], "exponential")
    >>> low, high = fit.uncertainty_by("profile")["rate"].interval()
    >>> round(low, 4), round(high, 4)
    (0.103, 0.6176)
    """

    name: str
    profiles: Profiles
    method = "profile"

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return the confidence interval that covers with probability `level`."""
        low, high = self.ends(level)
        return low.value, high.value

    def ends(self, level: float = 0.95) -> tuple[End, End]:
        """Return both ends, each with the deviance that it has."""
        return self.profiles.ends(level)[self.name]

    def to_dict(self) -> dict[str, float]:
        """Return what a saved fit needs of it: nothing, for it needs the data."""
        return {}


@dataclass(frozen=True, eq=False)
class Profiles:
    """The profile likelihoods of a fit's parameters.

    Parameters
    ----------
    fit : Fit

    Raises
    ------
    DataError
        If the fit has no data, or robust errors.
    """

    fit: Fit
    _found: dict[float, dict[str, tuple[End, End]]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        observations_of(self.fit, "A profile likelihood")
        require_likelihood(self.fit)

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters that have one: those that are free, or on a bound of their range."""
        fit = self.fit
        at_bounds = [n for n in fit.distribution.constraints if n in fit.found.bounds]
        return (*fit.free, *at_bounds)

    def ends(self, level: float) -> dict[str, tuple[End, End]]:
        """Return the ends of each parameter's interval."""
        if level not in self._found:
            self._found[level] = self._ends(deviance_of(level))
        return self._found[level]

    def _ends(self, deviance: float) -> dict[str, tuple[End, End]]:
        fit = self.fit
        # On a bound the likeliest for another value may lie inside: each is then refitted.
        smooth = fit.free and not (fit.distribution.non_smooth or fit.found.bounds)
        found = self._by_steps(deviance) if smooth else {}
        made = {}
        for name in self.names:
            low, high = found.get(name, (None, None))
            made[name] = (
                low or self._by_walking(name, -1.0, deviance),
                high or self._by_walking(name, 1.0, deviance),
            )
        return made

    def _by_steps(self, deviance: float) -> dict[str, tuple[End | None, End | None]]:
        """Return the ends that Newton steps find: all of them at once."""
        summit = Summit.of(self.fit, "A profile likelihood")
        coordinates, k = summit.objective.coordinates, summit.u.size
        sign = np.concatenate([-np.eye(k), np.eye(k)])
        edge = pushed(
            summit.objective,
            partial(_along, sign),
            summit.points.take(np.zeros(2 * k, dtype=np.intp)),
            summit.value,
            deviance=deviance,
            reach=summit.objective.reach,
        )

        def end(lane: int) -> End | None:
            name = coordinates.free[lane % k]
            constraint = self.fit.distribution.constraints[name]
            lost, count = float(edge.deviance[lane]), int(edge.evaluations[lane])
            if edge.endless[lane]:
                limit = constraint.low if lane < k else constraint.high
                return End(limit, lost, count, is_limit=True)
            if not edge.found[lane]:
                return None
            value = getattr(coordinates.member(edge.u[lane]), name)
            return End(float(value), lost, count, is_limit=False)

        return {name: (end(i), end(i + k)) for i, name in enumerate(coordinates.free)}

    def _by_walking(self, name: str, direction: float, deviance: float) -> End:
        """Return an end by bracketing, the other parameters refitted at each value."""
        fit = self.fit
        constraint = fit.distribution.constraints[name]
        estimate = fit.parameters[name]
        limit = constraint.low if direction < 0.0 else constraint.high
        if estimate == limit:
            return End(limit, 0.0, 0, is_limit=True)
        height, count = self._height(name)
        top = fit.log_likelihood

        def lost(u: float) -> float:
            return 2.0 * (top - height(float(constraint.constrain(u))))

        error = fit.standard_errors[name]
        if name in fit.found.bounds:  # from the far end of the range inwards
            start, stride, unit = -direction * NEAR_END, direction, 1.0
            if lost(start) >= deviance:
                start *= 5.0
        else:
            slope = float(constraint.slope(estimate))
            unit = (error or 1.0) / slope
            start, stride = float(constraint.unconstrain(estimate)), direction * unit
            unit = unit * np.sqrt(fit.n) if constraint.is_location else 1.0
        walk: Walk = walked(lost, start, stride, deviance, unit)
        value = limit if walk.endless else float(constraint.constrain(walk.u))
        return End(value, walk.deviance, count(), is_limit=walk.endless)

    def _height(self, name: str) -> tuple[Callable[[float], float], Callable[[], int]]:
        """Return the log likelihood as a function of one parameter, and a count of evaluations."""
        fit = self.fit
        observations = observations_of(fit, "A profile likelihood")
        family, evaluations = type(fit.distribution), [0]

        def refitted(value: float) -> float:
            evaluations[0] += 1
            held = {**fit.fixed, name: value}
            try:
                if len(held) == len(family.constraints):
                    return float(family(**held).log_likelihood(observations))
                return fitted(observations, family, fixed=held).log_likelihood
            except LikeliestError:
                return -np.inf

        return refitted, lambda: evaluations[0]


def deviance_of(level: float, df: int = 1) -> float:
    """Return the quantile of χ² that a level asks for."""
    from scipy.special import chdtri

    return float(chdtri(df, 1.0 - checked_level(level)))


def require_likelihood(fit: Fit) -> None:
    """Raise DataError where the likelihood says too little: it may be wrong, or counts no rows."""
    if fit.description.by_sampling:
        raise DataError(
            "The weights say how many of the population each row stands for, so that the "
            "likelihood counts rows that were not seen: a profile interval would be too narrow. "
            'Use the robust errors of fit.with_errors("sandwich").'
        )
    if fit.errors_by in {"sandwich", "cluster"}:
        raise DataError(
            f"This fit has {fit.errors_by} errors, for a likelihood that may be wrong; a profile "
            'interval takes it for right. Use method="wald" or "delta", or go back with '
            'fit.with_errors("observed").'
        )


def _along(sign: Array, u: Array, lanes: Indices) -> Rise:
    """Return the coordinates that lanes push up, or down."""
    gradient = sign[lanes]
    k = u.shape[1]
    return Rise(np.sum(gradient * u, axis=1), gradient, np.zeros((len(u), k, k)))
