"""Quadrature over the quantiles of a distribution, from its median to its far tails; sums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from likeliest.engines.threads import CHUNK, add
from likeliest.errors import FamilyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Parameter
    from likeliest.numerics.arrays import Array

D = TypeVar("D", bound="Distribution")

# Panels in log probability: short where the mass is, longer where only a divergence would show.
# Quantiles are followed down to a probability of exp(-690), about 1e-300.
_PANELS = np.concatenate([np.arange(0.0, 40.0, 0.5), np.arange(40.0, 691.0, 10.0)])
_NODES, _NODE_WEIGHTS = np.polynomial.legendre.leggauss(20)
_LEAST = 1e-305  # below it numbers lose digits
_DEEP = 600.0  # from here on only an exponential is of note
_MOST_TERMS = 50_000_000
_LASTING = 0.999  # panels that fall by less than this over the further half do not die away


def expectation(p: D, function: Callable[[D, Array], Array]) -> Parameter:
    """Return E[function(p, X)], by quadrature over the quantiles or by summation of counts.

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
        each: Any = [expectation(type(p)(*row), function) for row in rows]
        return np.reshape(each, p.batch_shape)
    if p.discrete:
        return add([float(np.exp(p.log_prob(k)) @ function(p, k)) for k in whole_numbers(p, 1e-30)])

    def terms(quantile: Callable[[Array], Array]) -> Callable[[Array], Array]:
        def at(t: Array) -> Array:
            x = quantile(0.5 * np.exp(-t))
            return np.where(is_inside(p, x), function(p, x), np.nan)

        return at

    none = np.zeros(0)
    with np.errstate(all="ignore"):
        return integrate_half(terms(p.quantile), none) + integrate_half(
            terms(p.upper_quantile), none
        )


def whole_numbers(p: Distribution, tail: float) -> Iterator[Array]:
    """Yield in chunks the whole numbers that p leaves to either side but a probability `tail`.

    Raises
    ------
    FamilyError
        If they are too many to go through.
    """
    with np.errstate(all="ignore"):
        first, last = float(p.quantile(tail)), float(p.upper_quantile(tail))
    if not last - first <= _MOST_TERMS:
        raise FamilyError(f"{p!r} spreads over more than {_MOST_TERMS:,} numbers: too many to sum.")
    for begin in np.arange(first, last + 1.0, CHUNK):
        yield np.arange(begin, min(begin + CHUNK, last + 1.0))


def is_inside(p: Distribution, x: Array) -> Array:
    """Whether a quantile is a number of its own: it has not rounded to an end or to infinity."""
    bounds = p.bounds()
    normal = bounds.is_everything | (np.abs(x) > _LEAST)
    return (x > bounds.low) & (x < bounds.high) & np.isfinite(x) & normal


def integrate_half(terms: Callable[[Array], Array], log_tails: Array) -> float:
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
