"""Entropy, cross entropy and Kullback-Leibler divergence between distributions.

The mean negative log likelihood of data under q tends to the cross entropy of the data's
distribution p and q as the data grow; that is the entropy of p, which no model can go below, plus
the divergence of q from p, which maximum likelihood makes small.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from likeliest.distributions.arguments import shown
from likeliest.distributions.distribution import Distribution
from likeliest.distributions.quadrature import integrate_half, is_inside, whole_numbers
from likeliest.distributions.support import REALS
from likeliest.engines.threads import add
from likeliest.errors import FamilyError

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array

Integrand: TypeAlias = "Callable[[Array, Array], Array]"
"""From log p and log q at the same x."""

_NEAR_END = 8.0  # quartile ranges
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(20)
_OUTWARD = np.pi * 2.0 ** -np.arange(0.0, 50.0)  # ends of panels about a direction
_TAILS = np.exp(-np.linspace(np.log(2.0), 40.0, 60))


def entropy(p: Distribution) -> float:
    """Return the entropy of p in nats: its mean surprisal, differential for a density.

    Examples
    --------
    >>> import likeliest as lk
    >>> round(entropy(lk.Normal(0.0, 1.0)), 6)
    1.418939
    """
    _require_distribution(p)
    try:
        return float(p.entropy)
    except FamilyError:
        return cross_entropy(p, p)


def cross_entropy(p: Distribution, q: Distribution) -> float:
    """Return the cross entropy -E[log q(X)], X distributed as p, in nats.

    Parameters
    ----------
    p, q : Distribution
        Both densities or both of whole numbers, with scalar parameters.

    Returns
    -------
    float; infinite where q gives no probability to something that p does, or where the
    expectation diverges.

    Raises
    ------
    FamilyError
        If one is discrete and the other continuous, or half of p lies beyond float64.

    Source: Cover & Thomas (2006), ch. 2 and 8.

    Examples
    --------
    >>> import likeliest as lk
    >>> round(cross_entropy(lk.Normal(0.0, 1.0), lk.Normal(1.0, 1.0)), 6)
    1.918939
    """
    _require_alike(p, q)
    return _expectation(p, q, lambda _, log_q: -log_q)


def kl_divergence(p: Distribution, q: Distribution) -> float:
    """Return the Kullback-Leibler divergence E[log p(X) - log q(X)], X as p, in nats.

    Parameters, errors and infinities are as in `cross_entropy`.

    Source: Kullback & Leibler (1951).

    Examples
    --------
    >>> import likeliest as lk
    >>> round(kl_divergence(lk.Normal(0.0, 1.0), lk.Normal(1.0, 1.0)), 6)
    0.5
    """
    _require_alike(p, q)
    return 0.0 if p == q else _expectation(p, q, lambda log_p, log_q: log_p - log_q)


def _require_distribution(p: object) -> None:
    if not isinstance(p, Distribution):
        raise FamilyError(
            "Information is that of distributions, such as likeliest.Normal(0.0, 1.0); got "
            f"{shown(p)}."
        )
    if p.atoms:
        raise FamilyError(
            f"{p.name} has a probability at {p.atoms[0]:g} and a density elsewhere: its "
            "information is not taken here. Take that of the zeros and that of the rest apart."
        )


def _require_alike(p: Distribution, q: Distribution) -> None:
    _require_distribution(p)
    _require_distribution(q)
    if p.discrete != q.discrete:
        raise FamilyError(
            f"{p.name} and {q.name} cannot be compared: one gives densities, the other "
            "probabilities of whole numbers."
        )
    if p.batch_shape or q.batch_shape:
        raise FamilyError("Information is taken between distributions with scalar parameters.")


def _expectation(p: Distribution, q: Distribution, integrand: Integrand) -> float:
    if p.support == REALS == q.support:
        origin = _origin(p)  # quantiles about 0 keep their digits
        p, q = p.shifted(-origin), q.shifted(-origin)
    with np.errstate(all="ignore"):
        if p.circular:
            return _around(p, q, integrand)
        if p.discrete:
            return _sum(p, q, integrand)
        return _below_median(p, q, integrand) + _above_median(p, q, integrand)


def _origin(p: Distribution) -> float:
    """Return the end of the support, about which a density may pile up, or the median."""
    low, median, high = (float(v) for v in p.quantile(np.array([0.25, 0.5, 0.75])))
    bounds, near = p.bounds(), _NEAR_END * (high - low)
    ends = [float(end) for end in (bounds.low, bounds.high) if abs(end - median) < near]
    return ends[0] if len(ends) == 1 else median


def _around(p: Distribution, q: Distribution, integrand: Integrand) -> float:
    """Integrate around the circle, in panels that narrow towards the directions of p and q."""
    marks = [np.array([-np.pi, np.pi])]
    for each in (p, q):
        if each.circular:
            centre = float(each.parameters[str(each.centre)])
            outward = np.concatenate([centre - _OUTWARD, centre + _OUTWARD])
            marks.append(np.angle(np.exp(1j * outward)))
        else:
            marks.append(_marks(each))
    edges = np.unique(np.clip(np.concatenate(marks), -np.pi, np.pi))
    half = 0.5 * np.diff(edges)[:, None]
    x = edges[:-1, None] + half * (1.0 + _NODES)
    log_p = p.log_prob(x)
    mass = np.exp(log_p) * half * _WEIGHTS
    terms = np.where(mass > 0.0, mass * integrand(log_p, q.log_prob(x)), 0.0)
    return np.inf if np.isposinf(terms).any() else add(terms.sum(axis=1))


def _below_median(p: Distribution, q: Distribution, integrand: Integrand) -> float:
    def terms(t: Array) -> Array:
        tail = 0.5 * np.exp(-t)
        if not hasattr(p, "reflected"):
            return _at(p, q, p.quantile(tail), integrand)
        return _at_share(p, q, p.quantile(tail), p.reflected().upper_quantile(tail), integrand)

    return integrate_half(terms, p.log_cdf(np.concatenate([_marks(q), _corners(p)])))


def _above_median(p: Distribution, q: Distribution, integrand: Integrand) -> float:
    def terms(t: Array) -> Array:
        tail = 0.5 * np.exp(-t)
        if not hasattr(p, "reflected"):
            return _at(p, q, p.upper_quantile(tail), integrand)
        return _at_share(p, q, p.upper_quantile(tail), p.reflected().quantile(tail), integrand)

    return integrate_half(terms, p.log_sf(np.concatenate([_marks(q), _corners(p)])))


def _at(p: Distribution, q: Distribution, x: Array, integrand: Integrand) -> Array:
    """Return the integrand at quantiles of p, NaN at those that have left float64."""
    return np.where(is_inside(p, x), integrand(p.log_prob(x), q.log_prob(x)), np.nan)


def _at_share(p: Any, q: Any, x: Array, rest: Array, integrand: Integrand) -> Array:
    """Return the integrand at a share x; where it is near 1, `rest` = 1 - x has more digits."""
    other = p.reflected()
    log_q = q.reflected().log_prob(rest) if hasattr(q, "reflected") else q.log_prob(1.0 - rest)
    near_one = np.where(is_inside(other, rest), integrand(other.log_prob(rest), log_q), np.nan)
    return np.where(x < 0.5, _at(p, q, x, integrand), near_one)


def _marks(q: Distribution) -> Array:
    """Return places about which log q bends."""
    return np.concatenate([q.quantile(_TAILS), q.upper_quantile(_TAILS), _corners(q)])


def _corners(member: Distribution) -> Array:
    """Return the places inside the support at which a density has a corner."""
    inside = [name for name, corner in member.corners.items() if not corner.is_end]
    return np.array([member.parameters[name] for name in inside], dtype=np.float64)


def _sum(p: Distribution, q: Distribution, integrand: Integrand) -> float:
    parts = []
    for k in whole_numbers(p, 1e-18):
        log_p = p.log_prob(k)
        mass = np.exp(log_p)
        terms = np.where(mass > 0, mass * integrand(log_p, q.log_prob(k)), 0.0)
        if np.isposinf(terms).any():
            return np.inf
        parts.append(float(terms.sum()))
    return add(parts)
