"""Rounded data whose likelihood keeps its corners: a search without derivatives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import ConvergenceError
from likeliest.fitting.chart import Chart
from likeliest.fitting.closed_form import statistics_of
from likeliest.fitting.iterative import inside_support
from likeliest.likelihood import kernels as likelihood

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Array

_MOST = 8  # searches, each from where the one before ended
_RISE = 1e-8  # nats: a search that gains less was the last
_NEAR = 1e-8  # in units of a first step, about a standard error


def maximize(
    family: type[Distribution], observations: Observations, fixed: Mapping[str, float]
) -> tuple[Distribution, float]:
    """Return the likeliest member for interval data, and its log likelihood.

    Where the steps of rounding are fine beside the gaps between the values, the likelihood of a
    uniform, Pareto or Laplace distribution has corners on the scale of a step. A simplex
    search (Nelder & Mead 1965) climbs to them from the estimate that the middles give.
    """
    from scipy.optimize import minimize

    chart = Chart(family, fixed)
    middles = statistics_of(family, inside_support(family, observations), fixed)
    start = family.maximize_given(middles, fixed) if fixed else family.maximize(middles)

    origin = chart.coordinates(start)
    steps = chart.reach(observations) / np.sqrt(observations.n)

    def nll(v: Array) -> float:
        member = chart.member(origin + steps * v)
        value = np.nan if member is None else likelihood.log_likelihood(member, observations)
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
    member = chart.member(origin + steps * v)
    if member is None or not np.isfinite(least):
        raise ConvergenceError(
            f"The likelihood of {family.name} could not be evaluated near the rounded values."
        )
    return member, -least
