"""What is asked of a fitted distribution, in words: quantiles, probabilities, return levels."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.distributions.made import mean_of
from likeliest.errors import ParameterError
from likeliest.inference.estimates import estimate
from likeliest.numerics.quadrature import double_exponential

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.result import Fit
    from likeliest.inference.delta import Scale
    from likeliest.inference.estimates import Estimate, Method
    from likeliest.numerics.arrays import Array


def quantile(fit: Fit, q: ArrayLike, method: Method) -> Estimate:
    """Return the value that a share q lies at or below."""
    return estimate(fit, lambda d: d.quantile(q), method, _of_values(fit))


def probability(fit: Fit, a: ArrayLike, b: ArrayLike, method: Method) -> Estimate:
    """Return P(a ≤ X ≤ b)."""
    return estimate(fit, lambda d: d.probability(a, b), method, "logit")


def mean(fit: Fit, method: Method) -> Estimate:
    """Return the expected value."""
    return estimate(fit, mean_of, method, _of_values(fit))


def survival(fit: Fit, t: ArrayLike, method: Method) -> Estimate:
    """Return P(X > t)."""
    return estimate(fit, lambda d: d.sf(t), method, "logit")


def hazard(fit: Fit, t: ArrayLike, method: Method) -> Estimate:
    """Return the density at t of what has come to t: f(t)/P(X > t)."""
    return estimate(fit, lambda d: np.exp(d.log_prob(t) - d.log_sf(t)), method, "log")


def return_level(fit: Fit, period: ArrayLike, rate: float, method: Method) -> Estimate:
    """Return the value that is exceeded once in a period, of `rate` values a unit of time."""
    once = np.asarray(period, dtype=np.float64) * rate
    if not (once > 1.0).all():
        raise ParameterError(
            f"A return period must hold more than one value; got {np.min(once):g} (the period "
            "times the rate)."
        )
    return estimate(fit, lambda d: d.upper_quantile(1.0 / once), method, _of_values(fit))


def tail_value_at_risk(fit: Fit, p: ArrayLike, method: Method) -> Estimate:
    """Return the mean of values beyond a quantile."""
    tails = 1.0 - np.asarray(p, dtype=np.float64)
    if not ((tails > 0.0) & (tails < 1.0)).all():
        raise ParameterError(f"p must lie between 0 and 1; got {p!r}.")
    return estimate(fit, partial(_tail_mean, tails), method, _of_values(fit))


def b_life(fit: Fit, percent: ArrayLike, method: Method) -> Estimate:
    """Return the time by which this percentage has failed."""
    return quantile(fit, np.asarray(percent, dtype=np.float64) / 100.0, method)


def _of_values(fit: Fit) -> Scale:
    """Return the scale for what has the unit of the data."""
    return "log" if fit.distribution.bounds().low >= 0.0 else "identity"


def _tail_mean(tails: Array, d: Distribution) -> Any:
    """Return the mean of the upper quantiles, by the double exponential rule."""
    share, weight = double_exponential()
    each = [
        np.sum(d.upper_quantile(tail * share) * weight, axis=-1, keepdims=True)
        for tail in tails.ravel()
    ]
    means = np.concatenate(each, axis=-1) + np.where(np.isfinite(mean_of(d)), 0.0, np.nan)
    return means if means.ndim > 1 else means.reshape(tails.shape)
