"""Entropy, cross entropy and Kullback-Leibler divergence between distributions.

The mean negative log likelihood of data under q tends to the cross entropy of the data's
distribution p and q as the data grow; that is the entropy of p, which no model can go below, plus
the divergence of q from p, which maximum likelihood makes small.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy as np

from likeliest.distributions.support import REALS
from likeliest.engines.threads import CHUNK, add
from likeliest.errors import FamilyError

if TYPE_CHECKING:
    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Parameter
    from likeliest.numerics.arrays import Array

D = TypeVar("D", bound="Distribution")
Integrand: TypeAlias = "Callable[[Array, Array], Array]"
"""From log p and log q at the same x."""

# Panels in log probability: short where the mass is, longer where only a divergence would show.
# Quantiles are followed down to a probability of exp(-690), about 1e-300.
_PANELS = np.concatenate([np.arange(0.0, 40.0, 0.5), np.arange(40.0, 691.0, 10.0)])
_NODES, _NODE_WEIGHTS = np.polynomial.legendre.leggauss(20)
_LEAST = 1e-305  # below it numbers lose digits
_MOST_TERMS = 50_000_000
_TAILS = np.exp(-np.linspace(np.log(2.0), 40.0, 60))
_DEEP = 600.0  # from here on only an exponential is of note
_LASTING = 0.999  # panels that fall by less than this over the further half do not die away


def entropy(p: Distribution) -> float:
    """Return the entropy of p in nats: its mean surprisal, differential for a density.

    Examples
    --------
    >>> import likeliest as lk
    >>> round(entropy(lk.Normal(0.0, 1.0)), 6)
    1.418939
    """
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


def expectation(p: D, function: Callable[[D, Array], Array]) -> Parameter:
    """Return E[function(p, X)] of a continuous distribution, by quadrature over its quantiles.

    Parameters
    ----------
    p : Distribution
        With arrays of parameters, the expectation is taken for each member.
    function : callable
        (member, x) → values.
    """
    if p.batch_shape:
        columns = np.broadcast_arrays(*p.parameters.values())
        rows = zip(*(np.ravel(c).tolist() for c in columns), strict=True)
        names = tuple(p.parameters)
        each = [expectation(type(p)(**dict(zip(names, r, strict=True))), function) for r in rows]
        return np.reshape(each, p.batch_shape)

    def terms(quantile: Callable[[Array], Array]) -> Callable[[Array], Array]:
        def at(t: Array) -> Array:
            x = quantile(0.5 * np.exp(-t))
            return np.where(_is_inside(p, x), function(p, x), np.nan)

        return at

    none = np.zeros(0)
    with np.errstate(all="ignore"):
        return _half(terms(p.quantile), none) + _half(terms(p.upper_quantile), none)


def _require_alike(p: Distribution, q: Distribution) -> None:
    if p.discrete != q.discrete:
        raise FamilyError(
            f"{p.name} and {q.name} cannot be compared: one gives densities, the other "
            "probabilities of whole numbers."
        )
    if p.batch_shape or q.batch_shape:
        raise FamilyError("Information is taken between distributions with scalar parameters.")


def _expectation(p: Distribution, q: Distribution, integrand: Integrand) -> float:
    if p.support == REALS == q.support:
        origin = float(p.quantile(0.5))  # quantiles about 0 keep their digits
        p, q = p.shifted(-origin), q.shifted(-origin)
    with np.errstate(all="ignore"):
        if p.discrete:
            return _sum(p, q, integrand)
        return _below_median(p, q, integrand) + _above_median(p, q, integrand)


def _below_median(p: Distribution, q: Distribution, integrand: Integrand) -> float:
    def terms(t: Array) -> Array:
        tail = 0.5 * np.exp(-t)
        if not hasattr(p, "reflected"):
            return _at(p, q, p.quantile(tail), integrand)
        return _at_share(p, q, p.quantile(tail), p.reflected().upper_quantile(tail), integrand)

    return _half(terms, p.log_cdf(_marks(q)))


def _above_median(p: Distribution, q: Distribution, integrand: Integrand) -> float:
    def terms(t: Array) -> Array:
        tail = 0.5 * np.exp(-t)
        if not hasattr(p, "reflected"):
            return _at(p, q, p.upper_quantile(tail), integrand)
        return _at_share(p, q, p.upper_quantile(tail), p.reflected().quantile(tail), integrand)

    return _half(terms, p.log_sf(_marks(q)))


def _at(p: Distribution, q: Distribution, x: Array, integrand: Integrand) -> Array:
    """Return the integrand at quantiles of p, NaN at those that have left float64."""
    return np.where(_is_inside(p, x), integrand(p.log_prob(x), q.log_prob(x)), np.nan)


def _at_share(p: Any, q: Any, x: Array, rest: Array, integrand: Integrand) -> Array:
    """Return the integrand at a share x; where it is near 1, `rest` = 1 - x has more digits."""
    other = p.reflected()
    log_q = q.reflected().log_prob(rest) if hasattr(q, "reflected") else q.log_prob(1.0 - rest)
    near_one = np.where(_is_inside(other, rest), integrand(other.log_prob(rest), log_q), np.nan)
    return np.where(x < 0.5, _at(p, q, x, integrand), near_one)


def _is_inside(p: Distribution, x: Array) -> Array:
    """Whether a quantile is a number of its own: it has not rounded to an end or to infinity."""
    bounds = p.bounds()
    normal = bounds.is_everything | (np.abs(x) > _LEAST)
    return (x > bounds.low) & (x < bounds.high) & np.isfinite(x) & normal


def _marks(q: Distribution) -> Array:
    """Return places about which log q bends."""
    return np.concatenate([q.quantile(_TAILS), q.upper_quantile(_TAILS)])


def _half(terms: Callable[[Array], Array], log_tails: Array) -> float:
    """Integrate over the half of p beyond its median, by tail probability ½ exp(-t).

    A panel ends wherever log q bends: `log_tails` is the log of p's tail beyond there. Terms are
    NaN where the values have left float64.
    """
    bends = -np.log(2.0) - log_tails
    inner = bends[(bends > 0.0) & (bends < _PANELS[-1])]
    edges = np.unique(np.concatenate([_PANELS, inner]))
    width = np.diff(edges)[:, None]
    t = edges[:-1, None] + 0.5 * width * (_NODES + 1.0)
    values = terms(t)
    reached = ~np.isnan(values).any(axis=1)
    if not reached.any():
        raise FamilyError(
            "Half of the first distribution lies beyond what float64 can hold: its integral cannot "
            "be taken."
        )
    rates = 0.25 * (values * np.exp(-t) * _NODE_WEIGHTS).sum(axis=1)[reached]
    if np.isposinf(rates).any() or _lasts(rates, edges[1:][reached]):
        return np.inf
    end = float(edges[1:][reached][-1])
    return add(rates * width[reached, 0]) + _beyond(end, t[reached][-1], values[reached][-1])


def _lasts(rates: Array, ends: Array) -> bool:
    """Whether panels do not die away, so that the integral has no limit."""
    last, before = abs(rates[-1]), abs(rates[np.searchsorted(ends, 0.5 * ends[-1])])
    return not last < max(_LASTING * before, 1e-12)


def _beyond(end: float, t: Array, values: Array) -> float:
    """Return what lies beyond the last panel, where values go on as a line or an exponential.

    Log densities of powers of x are lines in t; powers of x themselves are exponentials.
    """
    first, last, step = values[0], values[-1], t[-1] - t[0]
    if end < _DEEP or first * last <= 0:
        slope = (last - first) / step
        rest = last + slope * (1.0 + end - t[-1])
    else:
        growth = np.log(last / first) / step
        rest = last * np.exp(growth * (end - t[-1])) / (1.0 - growth)
    return float(0.5 * np.exp(-end) * rest)


def _sum(p: Distribution, q: Distribution, integrand: Integrand) -> float:
    first, last = float(p.quantile(1e-18)), float(p.upper_quantile(1e-18))
    if last - first > _MOST_TERMS:
        raise FamilyError(f"{p!r} spreads over more than {_MOST_TERMS:,} numbers: too many to sum.")
    parts = []
    for begin in np.arange(first, last + 1.0, CHUNK):
        k = np.arange(begin, min(begin + CHUNK, last + 1.0))
        log_p = p.log_prob(k)
        mass = np.exp(log_p)
        terms = np.where(mass > 0, mass * integrand(log_p, q.log_prob(k)), 0.0)
        if np.isposinf(terms).any():
            return np.inf
        parts.append(float(terms.sum()))
    return add(parts)
