"""The likelihood of data under a distribution whose parameters are given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.data.labels import aligned
from likeliest.data.observations import Observations, is_distributed
from likeliest.data.observe import observe
from likeliest.distributions.arguments import as_numbers
from likeliest.distributions.intervals import subset
from likeliest.engines import threads
from likeliest.engines.dask import is_remote
from likeliest.errors import DataError, ParameterError
from likeliest.likelihood import candidates, kernels
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
    data, weights = _seen_where_they_lie(data, weights)
    seen, tensors = isinstance(data, Observations), _has_tensors(distribution, data)
    many = candidates.are_many(distribution, one_axis=_has_one_axis(data))
    if many and not tensors:
        return candidates.log_likelihoods(distribution, Observations.of(data, weights), _sum)
    if seen or not (distribution.is_batch or is_tensor(data)):
        return _sum(distribution, Observations.of(data, weights))
    terms = _terms(distribution, data, weights)
    return terms.sum(-1) if many else terms.sum()


def nll(
    distribution: Distribution,
    data: ArrayLike | Observations,
    weights: ArrayLike | None,
    reduction: str,
) -> Any:
    """Return the negative log likelihood, in nats; see `Distribution.nll`."""
    data, weights = _seen_where_they_lie(data, weights)
    if reduction == "none":
        if isinstance(data, Observations):
            if candidates.are_many(distribution, one_axis=True):
                return -candidates.by_row(distribution, data, _by_row)
            return -_by_row(distribution, data)
        return -_terms(distribution, data, weights)
    total = -log_likelihood(distribution, data, weights)
    if reduction == "sum":
        return total
    if reduction != "mean":
        raise ParameterError(f"reduction must be 'sum', 'mean' or 'none'; got {reduction!r}.")
    return total / _count(distribution, data, weights)


def _seen_where_they_lie(data: Any, weights: Any) -> tuple[Any, Any]:
    """Return data in Dask's partitions as observations, which hold their weights; others as given.

    Weights beside them are an array in the same partitions, or the name of a column.
    """
    if not is_remote(data):
        return data, weights
    return observe(data, weights=weights), None


def _sum(distribution: Distribution, observations: Observations) -> float:
    """Return the log likelihood of observations: one pass on all cores."""
    if is_distributed(observations):
        from likeliest.likelihood.distributed import log_likelihood_of

        return log_likelihood_of(distribution, observations)
    blocks = matched(type(distribution), observations)
    return threads.add([_of_block(distribution, block) for block in blocks])


def _of_block(distribution: Distribution, block: Rows) -> float:
    return float(_chunks(distribution, block).total(_total)[0])


def _by_row(distribution: Distribution, observations: Observations) -> Array:
    """Return each row's contribution, times its weight, in the order of the rows."""
    out = np.zeros(len(observations))
    for block in matched(type(distribution), observations):
        terms = _of_rows(distribution, block)
        terms = terms if block.weight is None else terms * block.weight
        out[slice(None) if block.row is None else block.row] = terms
    return out


def _of_rows(distribution: Distribution, block: Rows) -> Array:
    return np.concatenate([*_chunks(distribution, block).each(_terms_of)])


def _chunks(distribution: Distribution, block: Rows) -> threads.Chunks[tuple[Distribution, Rows]]:
    """Return chunks of rows, each with the distributions of its rows."""

    def part(first: int, end: int) -> tuple[Distribution, Rows]:
        return subset(distribution, slice(first, end)), block.part(first, end)

    return threads.Chunks(part, block.size)


def _terms_of(chunk: tuple[Distribution, Rows]) -> Array:
    return kernels.terms(*chunk)


def _total(chunk: tuple[Distribution, Rows]) -> list[float]:
    terms, weight = _terms_of(chunk), chunk[1].weight
    return [float(np.sum(terms if weight is None else terms * weight))]


def _terms(distribution: Distribution, data: Any, weights: Any) -> Array:
    if weights is None:
        return distribution.log_prob(data)
    data, weights = aligned({"data": data, "weights": weights}).values()
    terms = distribution.log_prob(data)
    if is_tensor(terms) or is_tensor(weights):
        return terms * weights
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
    if candidates.are_many(distribution, one_axis=_has_one_axis(data)):
        return len(data)
    return int(np.prod(np.broadcast_shapes(np.shape(data), distribution.batch_shape)))


def _has_one_axis(data: Any) -> bool:
    if isinstance(data, Observations):
        return True
    try:
        return np.ndim(data) == 1
    except ValueError:  # rows of several lengths, which are refused where they are read
        return False


def _has_tensors(distribution: Distribution, data: object) -> bool:
    return is_tensor(data) or any(map(is_tensor, distribution.parameters.values()))
