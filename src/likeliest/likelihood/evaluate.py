"""The likelihood of data under a distribution whose parameters are given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.data.observations import Observations
from likeliest.distributions.arguments import as_numbers
from likeliest.engines import threads
from likeliest.errors import DataError, ParameterError
from likeliest.likelihood import kernels
from likeliest.likelihood.matching import matched
from likeliest.numerics.arrays import is_tensor

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from likeliest.data.rows import Rows
    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Array


def log_likelihood(
    distribution: Distribution, data: ArrayLike | Observations, weights: ArrayLike | None
) -> Any:
    """Return the sum of log_prob over the data, in nats; see `Distribution.log_likelihood`."""
    if isinstance(data, Observations) or not (distribution.is_batch or is_tensor(data)):
        return _sum(distribution, Observations.of(data, weights))
    return _terms(distribution, data, weights).sum()


def nll(
    distribution: Distribution,
    data: ArrayLike | Observations,
    weights: ArrayLike | None,
    reduction: str,
) -> Any:
    """Return the negative log likelihood, in nats; see `Distribution.nll`."""
    if reduction == "none":
        if isinstance(data, Observations):
            return -_by_row(distribution, data)
        return -_terms(distribution, data, weights)
    total = -log_likelihood(distribution, data, weights)
    if reduction == "sum":
        return total
    if reduction != "mean":
        raise ParameterError(f"reduction must be 'sum', 'mean' or 'none'; got {reduction!r}.")
    return total / _count(distribution, data, weights)


def _sum(distribution: Distribution, observations: Observations) -> float:
    """Return the log likelihood of observations: one pass on all cores."""
    blocks = matched(type(distribution), observations)
    return threads.add([_of_block(distribution, block) for block in blocks])


def _of_block(distribution: Distribution, block: Rows) -> float:
    def chunk(first: int, end: int) -> list[float]:
        part = block.part(first, end)
        terms = kernels.terms(kernels.subset(distribution, slice(first, end)), part)
        return [float(np.sum(terms if part.weight is None else terms * part.weight))]

    return float(threads.total(chunk, block.size)[0])


def _by_row(distribution: Distribution, observations: Observations) -> Array:
    """Return each row's contribution, times its weight, in the order of the rows."""
    out = np.zeros(len(observations))
    for block in matched(type(distribution), observations):
        terms = _of_rows(distribution, block)
        terms = terms if block.weight is None else terms * block.weight
        out[slice(None) if block.row is None else block.row] = terms
    return out


def _of_rows(distribution: Distribution, block: Rows) -> Array:
    def chunk(first: int, end: int) -> Array:
        part = block.part(first, end)
        return kernels.terms(kernels.subset(distribution, slice(first, end)), part)

    return np.concatenate(threads.over_chunks(chunk, block.size))


def _terms(distribution: Distribution, data: Any, weights: Any) -> Array:
    terms = distribution.log_prob(data)
    if weights is None or is_tensor(terms) or is_tensor(weights):
        return terms if weights is None else terms * weights
    numbers = as_numbers(weights, "weights")
    try:
        return terms * numbers
    except ValueError:
        raise DataError(
            f"weights of shape {np.shape(weights)} do not go with data of shape {terms.shape}: "
            "give one for each value."
        ) from None


def _count(distribution: Distribution, data: Any, weights: Any) -> Any:
    if weights is not None:
        return weights.sum() if is_tensor(weights) else np.sum(weights)
    if isinstance(data, Observations):
        return data.n
    return int(np.prod(np.broadcast_shapes(np.shape(data), distribution.batch_shape)))
