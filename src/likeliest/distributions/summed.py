"""Base of counts without tails in closed form: tails are sums of masses, by few of them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.distributions.derivatives import Side
from likeliest.distributions.discrete import DiscreteDistribution
from likeliest.distributions.integrated import Integrated

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.numerics.arrays import Array

_NODES = 16  # of a block; sums of so many are taken term by term
_LEVELS = 50  # of blocks, the last of which ends about where float64 has no whole numbers
_DEEP = 40.0  # nats below the largest term at which the rest of a sum is of no account
_SIZES = _NODES * np.concatenate([[1.0], 2.0 ** np.arange(_LEVELS - 1)])
_STARTS = np.concatenate([[0.0], _SIZES[1:]])


class Summed(Integrated, DiscreteDistribution):
    """A family of counts from 0 whose tails are sums of its masses.

    A sum over n whole numbers in a row is taken by Gauss's rule for them, of 16 nodes, which is
    exact for polynomials of degree 31: the formula of the masses is to be smooth between whole
    numbers, as gamma functions are. Blocks are as long as all before them, so that a tail of a
    million terms takes 17.
    """

    @property
    def _centre(self) -> Any:
        return self.mean

    def _nodes(self, x: Array, side: Side) -> tuple[Any, Array, Array, Array]:
        columns = self._in_columns()
        if side is Side.BELOW:
            return columns, *nodes_below(x), np.zeros(len(x))
        return columns, *nodes_above(x, columns._log_prob), np.zeros(len(x))  # noqa: SLF001


def nodes_below(x: Array) -> tuple[Array, Array]:
    """Return nodes and weights of sums over the whole numbers from 0 to each x, (rows, 1).

    Masses bend near 0 and near x: blocks grow from both ends to the middle.
    """
    half = np.floor(0.5 * (x + 1.0))
    low, low_weights = _rule_of(half)
    high, high_weights = _rule_of(x + 1.0 - half)
    weights = np.concatenate([low_weights, high_weights], axis=1)
    return np.concatenate([low, x - high], axis=1), weights


def nodes_above(x: Array, log_mass: Callable[[Array], Array]) -> tuple[Array, Array]:
    """Return nodes and weights of sums over the whole numbers above each x, (rows, 1).

    As far as masses count, of whichever row.
    """
    terms = log_mass(x + 1.0 + _STARTS) + np.log(_SIZES)
    counts = terms > np.max(terms, axis=1, keepdims=True) - _DEEP
    offsets, weights = _rule(1 + int(np.max(np.flatnonzero(counts.any(axis=0)), initial=0)))
    return x + 1.0 + offsets, weights


@cache
def _block(size: float) -> tuple[Array, Array]:
    """Return nodes and weights of a sum over 0, 1, …, size - 1.

    From the recurrence of the discrete Chebyshev polynomials (Golub & Welsch 1969).
    """
    if size == _NODES:
        return np.arange(float(_NODES)), np.ones(_NODES)
    k = np.arange(1.0, _NODES)
    beside = 0.5 * k * np.sqrt((1.0 - (k / size) ** 2) / (4.0 * k * k - 1.0))
    nodes, vectors = np.linalg.eigh(np.diag(beside, 1) + np.diag(beside, -1))
    return size * nodes + 0.5 * (size - 1.0), size * vectors[0] ** 2


@cache
def _rule(levels: int) -> tuple[Array, Array]:
    """Return nodes and weights of a sum from 0 over blocks that double."""
    blocks = [_block(float(size)) for size in _SIZES[:levels]]
    nodes = [start + at for start, (at, _) in zip(_STARTS, blocks, strict=False)]
    return np.concatenate(nodes), np.concatenate([weights for _, weights in blocks])


def _rule_of(n: Array) -> tuple[Array, Array]:
    """Return nodes and weights of sums over 0, …, n - 1 for each n, of shape (rows, 1).

    Blocks that double, and then ever shorter ones: the binary digits of the rest.
    """
    levels = 1 + int(np.sum(_STARTS[1:] < np.max(n)))
    nodes, weights = _rule(levels)
    fits = _STARTS[:levels] + _SIZES[:levels] <= n
    done = np.sum(np.where(fits, _SIZES[:levels], 0.0), axis=1, keepdims=True)
    digits = np.floor((n - done) / _NODES)
    parts = [nodes * np.ones_like(n)]
    shares = [np.where(np.repeat(fits, _NODES, axis=1), weights, 0.0)]
    for power in 2.0 ** np.arange(levels - 1.0, -1.0, -1.0):
        at, weight = _block(float(_NODES * power))
        higher = 2.0 * power * np.floor(digits / (2.0 * power))
        parts.append(done + _NODES * higher + at)
        shares.append(np.where(np.floor(digits / power) % 2.0 == 1.0, weight, 0.0))
    last = done + _NODES * digits + np.arange(float(_NODES))
    parts.append(last)
    shares.append(np.where(last < n, 1.0, 0.0))
    share = np.concatenate(shares, axis=1)
    return np.where(share > 0.0, np.concatenate(parts, axis=1), 0.0), share
