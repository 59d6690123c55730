"""What is asked of a fitted distribution, in words: quantiles, probabilities, return levels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from likeliest.distributions import layers
from likeliest.distributions.arguments import as_numbers
from likeliest.distributions.made import mean_of
from likeliest.errors import ParameterError
from likeliest.inference.estimates import estimate
from likeliest.inference.many_estimates import estimates_of_many
from likeliest.numerics.quadrature import double_exponential

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.fits import Fits
    from likeliest.fitting.result import Fit
    from likeliest.inference.delta import Scale
    from likeliest.inference.estimates import Estimate, Method
    from likeliest.inference.many_estimates import Estimates
    from likeliest.numerics.arrays import Array


@dataclass(frozen=True)
class Question:
    """A function of a distribution that has a name.

    Parameters
    ----------
    function : callable
    scale : {"log", "logit", "values"}
        On which a delta interval is symmetric; "values": what has the unit of the data.
    labels : tuple of str
        What each of its values is called.
    """

    function: Callable[[Distribution], Any]
    scale: Scale | Literal["values"]
    labels: tuple[str, ...]

    def of(self, fit: Fit, method: Method) -> Estimate:
        """Return the answer of one fit."""
        if self.scale != "values":
            return estimate(fit, self.function, method, self.scale)
        is_positive = fit.distribution.bounds().low >= 0.0
        return estimate(fit, self.function, method, "log" if is_positive else "identity")

    def of_many(self, fits: Fits, method: Method) -> Estimates:
        """Return the answers of the fits of many groups."""
        return estimates_of_many(fits, self.function, method, self.scale, self.labels)


def quantile(q: ArrayLike) -> Question:
    """The value that a share q lies at or below."""
    shares = as_numbers(q, "q")
    return Question(lambda d: d.quantile(shares), "values", _labels("quantile", shares))


def probability(a: ArrayLike, b: ArrayLike) -> Question:
    """P(a ≤ X ≤ b)."""
    low, high = _paired(a, b, ("a", "b"))
    named = tuple(f"P({x:g} to {y:g})" for x, y in zip(low.flat, high.flat, strict=True))
    return Question(lambda d: d.probability(low, high), "logit", named)


def mean() -> Question:
    """The expected value."""
    return Question(mean_of, "values", ("mean",))


def survival(t: ArrayLike) -> Question:
    """P(X > t)."""
    at = as_numbers(t, "t")
    return Question(lambda d: d.sf(at), "logit", _labels("survival", at))


def hazard(t: ArrayLike) -> Question:
    """The density at t of what has come to t: f(t)/P(X > t)."""
    at = as_numbers(t, "t")
    call = lambda d: np.exp(d.log_prob(at) - d.log_sf(at))  # noqa: E731
    return Question(call, "log", _labels("hazard", at))


def return_level(period: ArrayLike, rate: float) -> Question:
    """The value that is exceeded once in a period, of `rate` values a unit of time.

    Raises
    ------
    ParameterError
        If a period holds no more than one value.
    """
    periods, a_unit = _paired(period, rate, ("period", "rate"))
    once = periods * a_unit
    if not (once > 1.0).all():
        raise ParameterError(
            f"A return period must hold more than one value; got {np.min(once):g} (the period "
            "times the rate)."
        )
    named = _labels("return level", periods)
    return Question(lambda d: d.upper_quantile(1.0 / once), "values", named)


def tail_value_at_risk(p: ArrayLike) -> Question:
    """The mean of values beyond the quantile of p.

    Raises
    ------
    ParameterError
        If p does not lie between 0 and 1.
    """
    shares = as_numbers(p, "p")
    tails = 1.0 - shares
    if not ((tails > 0.0) & (tails < 1.0)).all():
        raise ParameterError(f"p must lie between 0 and 1; got {p!r}.")
    return Question(partial(_tail_mean, tails), "values", _labels("tail value at risk", shares))


def limited_expected_value(limit: ArrayLike) -> Question:
    """The mean of what is lost where no more than a limit is paid."""
    limits = as_numbers(limit, "limit")
    call = partial(layers.limited_expected_value, limit=limits)
    return Question(call, "values", _labels("limited expected value", limits))


def layer_mean(attachment: ArrayLike, limit: ArrayLike) -> Question:
    """The mean of what a layer above an attachment pays."""
    low, width = _paired(attachment, limit, ("attachment", "limit"))
    named = tuple(f"layer {b:.12g} xs {a:.12g}" for a, b in zip(low.flat, width.flat, strict=True))
    call = partial(layers.layer_mean, attachment=low, limit=width)
    return Question(call, "log", named)


def loss_elimination_ratio(deductible: ArrayLike) -> Question:
    """The share of losses that a deductible saves."""
    saved = as_numbers(deductible, "deductible")
    call = partial(layers.loss_elimination_ratio, deductible=saved)
    return Question(call, "logit", _labels("loss elimination ratio", saved))


def b_life(percent: ArrayLike) -> Question:
    """The time by which this percentage has failed."""
    percents = as_numbers(percent, "percent")
    if not ((percents >= 0.0) & (percents <= 100.0)).all():
        raise ParameterError(f"percent must lie between 0 and 100; got {percent!r:.60}.")
    share = percents / 100.0
    return Question(lambda d: d.quantile(share), "values", _labels("B", percents, joint=""))


def _labels(word: str, of: Array, joint: str = " ") -> tuple[str, ...]:
    return tuple(f"{word}{joint}{value:.12g}" for value in of.flat)


def _paired(first: ArrayLike, second: ArrayLike, names: tuple[str, str]) -> list[Array]:
    """Return two arrays of one shape, or raise ParameterError if they have none in common."""
    columns = [as_numbers(one, name) for one, name in zip((first, second), names, strict=True)]
    try:
        return list(np.broadcast_arrays(*columns))
    except ValueError:
        told = " and ".join(f"{n} {c.shape}" for n, c in zip(names, columns, strict=True))
        raise ParameterError(f"These shapes do not go together: {told}.") from None


def _tail_mean(tails: Array, d: Distribution) -> Any:
    """Return the mean of the upper quantiles, by the double exponential rule."""
    share, weight = double_exponential()
    each = [
        np.sum(d.upper_quantile(tail * share) * weight, axis=-1, keepdims=True)
        for tail in tails.ravel()
    ]
    means = np.concatenate(each, axis=-1) + np.where(np.isfinite(mean_of(d)), 0.0, np.nan)
    return means if means.ndim > 1 else means.reshape(tails.shape)
