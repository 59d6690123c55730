"""Estimates of families whose likelihood has corners: ends of the support, and Laplace's centre."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import ConvergenceError
from likeliest.fitting.routes import climb, closed_form
from likeliest.likelihood.frame import Frame
from likeliest.likelihood.matching import as_exact
from likeliest.likelihood.objective import Objective
from likeliest.likelihood.statistics import statistics_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.data.observations import Observations
    from likeliest.distributions.bases import WithStatistics
    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.routes.found import Found
    from likeliest.numerics.arrays import Array

_LEVEL = 3.0  # times the error that the Fisher information gives
_MOST = 8  # searches, each from where the one before ended
_RISE = 1e-8  # nats: a search that gains less was the last
_NEAR = 1e-8  # in units of a first step, about a standard error


def maximize(
    family: type[WithStatistics], observations: Observations, fixed: Mapping[str, float]
) -> Found:
    """Return the likeliest member of a family whose likelihood has corners."""
    if observations.exact and not observations.truncated:
        return closed_form.maximize(family, observations, fixed)
    try:
        top = climb.maximize(family, observations, fixed)
    except ConvergenceError:
        member, value = _by_simplex(family, observations, fixed)
        return closed_form.found(member, value, observations, fixed, Frame())
    other = closed_form.found(top.member, top.log_likelihood, observations, fixed, Frame())
    errors = dict(zip(top.free, top.curvature.errors, strict=True))
    wanted = dict(zip(other.free, other.curvature.errors, strict=True))
    if not family.corners:
        # Between two middle values the likelihood of a Laplace is level: its curvature there says
        # nothing of how sure the estimate is.
        if top.free != other.free:
            return other if np.isfinite(other.curvature.errors).all() else top
        return replace(top, curvature=other.curvature)
    level = any(errors.get(n, np.inf) > _LEVEL * wanted[n] for n in other.free)
    return other if level else top


def _by_simplex(
    family: type[WithStatistics], observations: Observations, fixed: Mapping[str, float]
) -> tuple[Distribution, float]:
    """Return the likeliest member for interval data, and its log likelihood.

    Where the steps of rounding are fine beside the gaps between the values, the likelihood of a
    uniform, Pareto or Laplace distribution has corners on the scale of a step. A simplex
    search (Nelder & Mead 1965) climbs to them from the estimate that the middles give.
    """
    from scipy.optimize import minimize

    sample = as_exact(family, observations)
    objective = Objective.of(family, observations, fixed)
    coordinates = objective.coordinates
    middles = statistics_of(family, sample, fixed)
    start = family.maximize_given(middles, fixed) if fixed else family.maximize(middles)
    origin = coordinates.of(start)
    steps = objective.reach / np.sqrt(observations.n)

    def nll(v: Array) -> float:
        value = float(objective((origin + steps * v)[None, :]).value[0])
        return -value if np.isfinite(value) else np.inf

    v, stride = np.zeros(origin.size), 1.0
    least = nll(v)
    for _ in range(_MOST):
        simplex = np.vstack([v, v + stride * np.eye(v.size)])
        found = minimize(
            nll,
            v,
            method="Nelder-Mead",
            options={"initial_simplex": simplex, "xatol": _NEAR, "fatol": _RISE},
        )
        gain, least, v = least - float(found.fun), float(found.fun), np.asarray(found.x)
        if gain < _RISE:
            break
        stride *= -0.5
    if not np.isfinite(least):
        raise ConvergenceError(
            f"The likelihood of {family.name} could not be evaluated near the rounded values."
        )
    return coordinates.member(origin + steps * v), -least
