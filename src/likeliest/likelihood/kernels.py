"""The ladder: density, log likelihood, negative log likelihood, and its derivatives.

Weights and interval-censored observations are dealt with here and nowhere else: an exact value
contributes its log density (or log mass), a value known only to lie in (lower, upper] the log of
the probability of that interval. Both kinds may stand in one sample: where lower and upper are the
same, the value is exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.engines import threads

if TYPE_CHECKING:
    from likeliest.data.observations import Observations
    from likeliest.distributions.derivatives import Total
    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Array

# Nodes and weights of Gauss-Legendre quadrature on [-1, 1], five points.
_NODES, _NODE_WEIGHTS = np.polynomial.legendre.leggauss(5)


@dataclass(frozen=True, slots=True)
class Expansion:
    """The log likelihood at a point to second order in the family's parameters.

    Parameters
    ----------
    value : float
        Log likelihood, nats.
    score : array of shape (k,)
    hessian : array of shape (k, k)
    """

    value: float
    score: Array
    hessian: Array


def log_likelihood(distribution: Distribution, observations: Observations) -> float:
    """Return the log likelihood of the observations, in nats: one pass on all cores."""

    def chunk(first: int, end: int) -> list[float]:
        terms = _terms(distribution, observations, first, end)
        weights = None if observations.weights is None else observations.weights[first:end]
        return [_weighted(terms, weights)]

    return float(threads.total(chunk, len(observations))[0])


def log_terms(distribution: Distribution, observations: Observations) -> Array:
    """Return each observation's own contribution, times its weight."""
    parts = threads.over_chunks(
        lambda first, end: _terms(distribution, observations, first, end), len(observations)
    )
    terms = np.concatenate(parts)
    return terms if observations.weights is None else terms * observations.weights


def expansion(distribution: Distribution, observations: Observations) -> Expansion:
    """Return the log likelihood of exact observations, its score and its Hessian, in one pass."""
    k = len(distribution.constraints)

    def chunk(first: int, end: int) -> list[float]:
        values, weights = observations.chunk(first, end)
        d = distribution.derivatives(values, _adder(weights, end - first))
        return [float(sum_) for sum_ in (d.log_prob, *d.score, *d.hessian)]

    return _expansion(threads.total(chunk, len(observations)), k)


def _expansion(sums: Array, k: int) -> Expansion:
    upper = np.triu_indices(k)
    hessian = np.zeros((k, k))
    hessian[upper] = hessian.T[upper] = sums[1 + k :]
    return Expansion(float(sums[0]), sums[1 : 1 + k], hessian)


def interval_expansion(
    distribution: Distribution, observations: Observations, nodes: int
) -> Expansion:
    """Return the same of interval observations, the density integrated over each by quadrature.

    d log P = E[s] and d² log P = E[H] + var(s), the mean and covariance of score and Hessian being
    over the interval, by its density (Louis 1982). Gauss-Legendre quadrature is as good as exact
    where the density is smooth over an interval; the caller has to see to that.
    """
    k = len(distribution.constraints)
    upper = np.triu_indices(k)
    at, weight = np.polynomial.legendre.leggauss(nodes)

    def chunk(first: int, end: int) -> list[float]:
        middle, half = _middles(distribution, observations, first, end)
        x = middle[:, None] + half[:, None] * at
        log_prob = distribution._log_prob(x)
        top = log_prob.max(axis=1)
        share = np.exp(log_prob - top[:, None]) * weight
        mass = share.sum(axis=1)
        share /= mass[:, None]

        def mean(term: Array | float) -> Any:
            return term if isinstance(term, float) else np.sum(term * share, axis=1)

        d = distribution.derivatives(x, mean)
        scores = [np.broadcast_to(s, x.shape) for s in distribution._score(x)]
        weights = None if observations.weights is None else observations.weights[first:end]
        bends = [
            bend + mean(scores[i] * scores[j]) - d.score[i] * d.score[j]
            for i, j, bend in zip(*upper, d.hessian, strict=True)
        ]
        terms = (top + np.log(mass) + np.log(half), *d.score, *bends)
        return [_weighted(term, weights) for term in terms]

    return _expansion(threads.total(chunk, len(observations)), k)


def _middles(
    distribution: Distribution, observations: Observations, first: int, end: int
) -> tuple[Array, Array]:
    """Return the middle and half the width of what the support leaves of each interval."""
    if observations.lower is None or observations.upper is None:
        raise ValueError("the observations are exact")
    low = np.maximum(observations.lower[first:end], distribution.support.low)
    high = np.minimum(observations.upper[first:end], distribution.support.high)
    return 0.5 * (low + high), 0.5 * (high - low)


def log_probability(distribution: Distribution, lower: Array, upper: Array) -> Array:
    """Return log P(lower < X ≤ upper), in nats, without cancellation in either tail."""
    log_cdf, log_sf = distribution.log_cdf(upper), distribution.log_sf(lower)
    in_lower_tail = log_cdf < log_sf
    with np.errstate(invalid="ignore", divide="ignore"):
        larger = np.where(in_lower_tail, log_cdf, log_sf)
        smaller = np.where(in_lower_tail, distribution.log_cdf(lower), distribution.log_sf(upper))
        gap = smaller - larger
        result = larger + np.log(-np.expm1(gap))
    narrow = (gap > -1e-4) & np.isfinite(lower) & np.isfinite(upper)
    if np.any(narrow):
        result[narrow] = _by_quadrature(distribution, lower[narrow], upper[narrow])
    return result


def _by_quadrature(distribution: Distribution, lower: Array, upper: Array) -> Array:
    """Integrate the density over intervals so narrow that a difference of cdfs would cancel."""
    middle, half = 0.5 * (lower + upper), 0.5 * (upper - lower)
    at_nodes = distribution.log_prob(middle[:, None] + half[:, None] * _NODES)
    top = at_nodes.max(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.sum(np.exp(at_nodes - top[:, None]) * _NODE_WEIGHTS, axis=1)
        return np.where(np.isneginf(top), -np.inf, top + np.log(mean) + np.log(half))


def _terms(distribution: Distribution, observations: Observations, first: int, end: int) -> Array:
    values = observations.chunk(first, end)[0]
    if observations.lower is None or observations.upper is None:
        return distribution.log_prob(values)
    lower, upper = observations.lower[first:end], observations.upper[first:end]
    terms = log_probability(distribution, lower, upper)
    known = lower == upper
    if known.any():  # some rows are censored, the others are not
        terms[known] = distribution.log_prob(values[known])
    return terms


def _weighted(terms: Array, weights: Array | None) -> float:
    return float(np.sum(terms) if weights is None else np.sum(terms * weights))


def _adder(weights: Array | None, rows: int) -> Total:
    """Return the function that adds up over a chunk; a number counts once for each observation."""
    count = float(rows) if weights is None else float(np.sum(weights))

    def total(term: Array | float) -> float:
        return term * count if isinstance(term, float) else _weighted(term, weights)

    return total
