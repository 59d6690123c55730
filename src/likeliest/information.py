"""Entropy, cross entropy and Kullback-Leibler divergence between distributions.

The mean negative log likelihood of data under q tends to the cross entropy of the data's
distribution p and q as the data grow; that is the entropy of p, which no model can go below, plus
the divergence of q from p, which maximum likelihood makes small.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from likeliest.engines.threads import CHUNK, add
from likeliest.errors import FamilyError
from likeliest.support import REALS

if TYPE_CHECKING:
    from likeliest.distribution import Distribution
    from likeliest.numerics.arrays import Array

Integrand: TypeAlias = "Callable[[Array, Array], Array]"
"""From log p and log q at the same x."""

# Panels in log probability: short where the mass is, longer where only a divergence would show.
# Quantiles are followed down to a probability of exp(-690), about 1e-300.
_PANELS = np.concatenate([np.arange(0.0, 40.0, 0.5), np.arange(40.0, 691.0, 10.0)])
_NODES, _NODE_WEIGHTS = np.polynomial.legendre.leggauss(20)
_LEAST = 1e-305  # below it numbers lose digits
_MOST_TERMS = 50_000_000
_TAILS = np.exp(-np.linspace(np.log(2.0), 40.0, 60))
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
        If one is discrete and the other continuous.

    Source: Cover & Thomas (2006), ch. 2 and 8.

    Examples
    --------
    >>> import likeliest as lk
    >>> round(cross_entropy(lk.Normal(0.0, 1.0), lk.Normal(1.0, 1.0)), 6)
    1.918939
    """
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
    return _expectation(p, q, lambda log_p, log_q: log_p - log_q)


def _require_alike(p: Distribution, q: Distribution) -> None:
    if p.discrete != q.discrete:
        raise FamilyError(
            f"{p.name} and {q.name} cannot be compared: one gives densities, the other "
            "probabilities of whole numbers."
        )
    if p.batch_shape or q.batch_shape:
        raise FamilyError("Information is taken between distributions with scalar parameters.")


def _expectation(p: Distribution, q: Distribution, integrand: Integrand) -> float:
    _require_alike(p, q)
    if p.support == REALS == q.support:
        origin = float(p.quantile(0.5))  # quantiles about 0 keep their digits
        p, q = p.shifted(-origin), q.shifted(-origin)
    with np.errstate(all="ignore"):
        if p.discrete:
            return _sum(p, q, integrand)
        return _below_median(p, q, integrand) + _above_median(p, q, integrand)


def _below_median(p: Distribution, q: Distribution | _Reflection, integrand: Integrand) -> float:
    def terms(t: Array) -> Array:
        x = p.quantile(0.5 * np.exp(-t))
        return np.where(_is_inside(p, x), integrand(p.log_prob(x), q.log_prob(x)), np.nan)

    return _half(terms, p.log_cdf(_marks(q)))


def _above_median(p: Distribution, q: Distribution, integrand: Integrand) -> float:
    if hasattr(p, "reflected"):  # near 1, x has fewer digits than 1 - x
        return _below_median(p.reflected(), _Reflection(q), integrand)

    def terms(t: Array) -> Array:
        x = p.upper_quantile(0.5 * np.exp(-t))
        return np.where(_is_inside(p, x), integrand(p.log_prob(x), q.log_prob(x)), np.nan)

    return _half(terms, p.log_sf(_marks(q)))


class _Reflection:
    """The distribution of 1 - X, as far as an expectation needs it."""

    def __init__(self, q: Distribution) -> None:
        self._of = q
        self.log_prob = q.reflected().log_prob if hasattr(q, "reflected") else self._log_prob

    def _log_prob(self, x: Array) -> Array:
        return self._of.log_prob(1.0 - x)

    def quantile(self, q: Array) -> Array:
        """Return the least x with P(1 - X ≤ x) ≥ q."""
        return 1.0 - self._of.upper_quantile(q)

    def upper_quantile(self, q: Array) -> Array:
        """Return the x that 1 - X exceeds with probability q."""
        return 1.0 - self._of.quantile(q)


def _is_inside(p: Distribution, x: Array) -> Array:
    """Whether a quantile is a number of its own: it has not rounded to an end or to infinity."""
    bounds = p._bounds()  # noqa: SLF001
    normal = bounds.is_everything | (np.abs(x) > _LEAST)
    return (x > bounds.low) & (x < bounds.high) & np.isfinite(x) & normal


def _marks(q: Distribution | _Reflection) -> Array:
    """Return places about which log q bends."""
    return np.concatenate([q.quantile(_TAILS), q.upper_quantile(_TAILS)])


def _half(terms: Callable[[Array], Array], log_tails: Array) -> float:
    """Integrate over the half of p beyond its median, by tail probability ½ exp(-t).

    A panel ends wherever log q bends: `log_tails` is the log of p's tail beyond there. Where
    terms are NaN the values have left float64; what is beyond is taken as a geometric series.
    """
    bends = -np.log(2.0) - log_tails
    inner = bends[(bends > 0.0) & (bends < _PANELS[-1])]
    edges = np.unique(np.concatenate([_PANELS, inner]))
    width = np.diff(edges)[:, None]
    t = edges[:-1, None] + 0.5 * width * (_NODES + 1.0)
    values = terms(t) * np.exp(-t) * _NODE_WEIGHTS
    reached = ~np.isnan(values).any(axis=1)
    panels, ends = 0.25 * (values * width).sum(axis=1)[reached], edges[1:][reached]
    if np.isposinf(panels).any():
        return np.inf
    return add(panels) + _beyond(panels / width[reached, 0], ends)


def _beyond(rates: Array, ends: Array) -> float:
    """Return what the integral has beyond its panels, infinite where they do not die away."""
    middle = int(np.searchsorted(ends, 0.5 * ends[-1]))
    last, before = abs(rates[-1]), abs(rates[middle])
    if not last < max(_LASTING * before, 1e-12):
        return np.inf
    if last < 1e-200:
        return 0.0
    decay = np.log(before / last) / (ends[-1] - ends[middle])
    return float(rates[-1] / decay) if decay > 0 else 0.0


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
