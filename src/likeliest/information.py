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

if TYPE_CHECKING:
    from likeliest.distribution import Distribution
    from likeliest.numerics.arrays import Array

Integrand: TypeAlias = "Callable[[Array], Array]"

_PANEL = 0.5  # length of a panel in log probability
_DEEPEST = 690.0  # quantiles are followed down to a probability of exp(-690), about 1e-300
_NODES, _NODE_WEIGHTS = np.polynomial.legendre.leggauss(20)
_MOST_TERMS = 50_000_000


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
    _require_alike(p, q)
    return _expectation(p, lambda x: -q.log_prob(x))


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
    return 0.0 if p == q else _expectation(p, lambda x: p.log_prob(x) - q.log_prob(x))


def _require_alike(p: Distribution, q: Distribution) -> None:
    if p.discrete != q.discrete:
        raise FamilyError(
            f"{p.name} and {q.name} cannot be compared: one gives densities, the other "
            "probabilities of whole numbers."
        )
    if p.batch_shape or q.batch_shape:
        raise FamilyError("Information is taken between distributions with scalar parameters.")


def _expectation(p: Distribution, integrand: Integrand) -> float:
    with np.errstate(all="ignore"):
        if p.discrete:
            return _sum(p, integrand)
        return _half(p.quantile, integrand) + _half(p.upper_quantile, integrand)


def _half(quantile: Callable[[Array], Array], integrand: Integrand) -> float:
    """Integrate over the half of p beyond its median, by tail probability ½ exp(-t)."""
    starts = np.arange(0.0, _DEEPEST, _PANEL)
    t = starts[:, None] + _PANEL * 0.5 * (_NODES + 1.0)
    terms = integrand(quantile(0.5 * np.exp(-t))) * np.exp(-t) * _NODE_WEIGHTS
    panels = 0.25 * _PANEL * terms.sum(axis=1)
    if np.isposinf(panels).any() or _diverges(panels):
        return np.inf
    return add(panels)


def _diverges(panels: Array) -> bool:
    """Whether the far panels do not die away: quantiles grow like a power of 1/probability."""
    middle, last = np.abs(panels[panels.size // 2]), np.abs(panels[-1])
    return bool(~np.isfinite(last) or last > max(middle, 1e-12))


def _sum(p: Distribution, integrand: Integrand) -> float:
    first, last = float(p.quantile(1e-18)), float(p.upper_quantile(1e-18))
    if last - first > _MOST_TERMS:
        raise FamilyError(f"{p!r} spreads over more than {_MOST_TERMS:,} numbers: too many to sum.")
    parts = []
    for begin in np.arange(first, last + 1.0, CHUNK):
        k = np.arange(begin, min(begin + CHUNK, last + 1.0))
        mass = np.exp(p.log_prob(k))
        terms = np.where(mass > 0, mass * integrand(k), 0.0)
        if np.isposinf(terms).any():
            return np.inf
        parts.append(float(terms.sum()))
    return add(parts)
