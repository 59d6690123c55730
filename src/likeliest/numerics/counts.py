"""Log masses of counts, from means and their logs; Γ carries them to the reals between counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.numerics.arrays import where
from likeliest.numerics.gamma import excess_less_log, log_minus_digamma_fall
from likeliest.numerics.saddlepoint import (
    STIRLING_FROM,
    deviance_from,
    stirling_error_of_inverse,
    stirling_series,
)
from likeliest.numerics.special import (
    HALF_LOG_TWO_PI,
    absolute,
    gammaln,
    log,
    log1p,
    log1pmx_over,
    softplus,
)

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array, Number

_NEAR = 0.5
_LIMIT = 1e-30  # a dispersion below which the derivative has reached its limit


def poisson(k: Number, rate: Number) -> Array:
    """Log mass of a Poisson, nats, for k ≥ 0 and rate ≥ 0.

    Source: Loader (2000).
    """
    ever = rate != 0
    log_mass = _poisson_about(k, log(where(ever, rate, 1.0)), rate - k)
    return where(ever | (k == 0), log_mass, -np.inf)


def poisson_of_log(k: Number, log_rate: Number, rate: Number) -> Array:
    """Log mass of a Poisson whose rate may be too small or too large for its precision."""
    return _poisson_about(k, log_rate, rate - k)


def _poisson_about(k: Number, log_rate: Number, excess: Number) -> Array:
    """Return the log mass from the log of the rate and rate - k."""
    many = k >= STIRLING_FROM
    n, few = where(many, k, STIRLING_FROM), where(many, 0.0, k)
    peak = 0.5 * log(n) + HALF_LOG_TWO_PI + stirling_series(1.0 / n)
    saddle = deviance_from(n, log_rate, excess) + peak
    direct = excess + (few - few * log_rate) + gammaln(few + 1.0)
    return -where(many, saddle, direct)


def negative_binomial(k: Number, mean: Number, log_mean: Number, dispersion: Number) -> Array:
    """Log mass of a negative binomial, nats, for k ≥ 0; 1/dispersion is its size r.

    With q = (r + k)/(r + mean) it is a Poisson's of rate mean·q, spread: all that grows with r
    has cancelled on paper, so that a dispersion of 0 is the Poisson, with the right derivative.

    Source: Loader (2000).
    """
    kept, per_event = shares(mean, dispersion)
    gap, excess = (k - mean) * kept, (k - mean) * per_event  # mean·q = k - gap, q = 1 + excess
    log_q = _log_q(k, excess, per_event, dispersion)
    near = absolute(excess) < _NEAR
    r = 1.0 / where(near, 1.0, dispersion + 0.0 * k)
    bend = where(near, gap * log1pmx_over(where(near, excess, 0.0)), r * log_q - gap)
    spread = stirling_error_of_inverse(dispersion / (1.0 + k * dispersion))
    spread = spread - stirling_error_of_inverse(dispersion) - 0.5 * log1p(k * dispersion)
    return _poisson_about(k, log_mean + log_q, -gap) + bend + spread


def shares(mean: Number, dispersion: Number) -> tuple[Array, Array]:
    """Return r/(r + mean) and 1/(r + mean), r = 1/dispersion, of a negative binomial."""
    odds = mean * dispersion
    wide = odds > 1.0
    r = 1.0 / where(wide, dispersion, 1.0)
    per_event, kept = 1.0 / (r + mean), 1.0 / (1.0 + where(wide, 1.0, odds))
    return where(wide, r * per_event, kept), where(wide, per_event, dispersion * kept)


def negative_binomial_by_dispersion(k: Number, mean: Number, dispersion: Number) -> Array:
    """Derivative of `negative_binomial` by the dispersion."""
    some = dispersion > _LIMIT
    d = where(some, dispersion, 1.0)
    per_event = shares(mean, d)[1]
    excess = (k - mean) * per_event
    bend = excess_less_log(excess, _log_q(k, excess, per_event, d))
    limit = 0.5 * ((k - mean) * (k - mean) - k)  # as the dispersion tends to 0
    return where(some, (bend - log_minus_digamma_fall(1.0 / d, k)) / d / d, limit)


def _log_q(k: Number, excess: Number, per_event: Number, dispersion: Number) -> Array:
    """log((r + k)/(r + mean)), `excess` being that quotient less 1."""
    near = absolute(excess) < _NEAR
    like_k = 0.0 * k  # gives plain numbers the type of the counts
    r = 1.0 / where(near, 1.0, dispersion + like_k)
    far = log(r + k) + log(where(near, 1.0, per_event + like_k))
    return where(near, log1p(where(near, excess, 0.0)), far)


def bernoulli_nll(y: Number, prob: Number) -> Array:
    """-(y log p + (1 - y) log(1 - p)), nats, for 0 ≤ y ≤ 1."""
    # 0 log 0 is 0, of which autograd would make 0/0.
    like_y = 0.0 * y  # gives a plain number the type of y
    p = where((prob != 0.0) | (y != 0.0), prob + like_y, 1.0)
    q = where((prob != 1.0) | (y != 1.0), prob + like_y, 0.0)
    return y * -log(p) - (1.0 - y) * log1p(-q)


def bernoulli_nll_of_logit(y: Number, logit: Number, ones: Number) -> Array:
    """Return the same where p = 1/(1 + exp(-logit)), with all digits of a tiny loss.

    `ones` multiplies the loss of a 1.
    """
    return ones * y * softplus(-logit) + (1.0 - y) * softplus(logit)
