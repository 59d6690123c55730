"""The likelihood of the same data under each of many distributions: a grid of parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Array

_AT_ONCE = 65_536  # terms: more leave the caches


def are_many(distribution: Distribution, *, one_axis: bool) -> bool:
    """Whether the parameters have an axis of 1 at their end, which data of one axis fill."""
    shape = distribution.batch_shape
    return one_axis and len(shape) > 1 and shape[-1] == 1


def log_likelihoods(
    distribution: Distribution,
    observations: Observations,
    of_one: Callable[[Distribution, Observations], Any],
) -> Array:
    """Return the log likelihood under each candidate, of the batch shape without its last axis.

    Exact values are taken in chunks, under as many candidates at once as the caches hold; any other
    observations under one candidate after the other, by `of_one`.
    """
    shape = distribution.batch_shape[:-1]
    if not observations.exact or observations.truncated:
        sums = [of_one(candidate, observations) for candidate in _each(distribution)]
        return np.reshape(np.array(sums, dtype=np.float64), shape)
    flat = {name: np.reshape(values, -1) for name, values in _broadcast(distribution).items()}
    number = int(np.prod(shape))
    size = max(1, _AT_ONCE // len(observations))
    out = np.empty(number)
    for first in range(0, number, size):
        some = {name: values[first : first + size, None] for name, values in flat.items()}
        candidates = type(distribution).unchecked(**some)
        out[first : first + size] = observations.chunks().total(_sums_under(candidates))
    return np.reshape(out, shape)


def by_row(
    distribution: Distribution,
    observations: Observations,
    of_one: Callable[[Distribution, Observations], Array],
) -> Array:
    """Return each row's term under each candidate: the batch shape, its last axis the rows."""
    rows = [of_one(candidate, observations) for candidate in _each(distribution)]
    return np.reshape(np.stack(rows), (*distribution.batch_shape[:-1], len(observations)))


def _sums_under(candidates: Distribution) -> Callable[[tuple[Array, Array | None]], Any]:
    def sums(chunk: tuple[Array, Array | None]) -> Any:
        values, weights = chunk
        terms = candidates.log_prob(values)
        return np.sum(terms if weights is None else terms * weights, axis=-1)

    return sums


def _broadcast(distribution: Distribution) -> dict[str, Any]:
    shape = distribution.batch_shape
    return {n: np.broadcast_to(values, shape) for n, values in distribution.parameters.items()}


def _each(distribution: Distribution) -> list[Distribution]:
    flat = {name: np.reshape(values, -1) for name, values in _broadcast(distribution).items()}
    number = int(np.prod(distribution.batch_shape))
    return [
        type(distribution).unchecked(**{name: float(values[i]) for name, values in flat.items()})
        for i in range(number)
    ]
