"""The likelihood of data under a distribution whose parameters are given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.data.observations import Observations
from likeliest.errors import ParameterError
from likeliest.likelihood import kernels
from likeliest.numerics.arrays import is_tensor

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Array


def log_likelihood(
    distribution: Distribution, data: ArrayLike | Observations, weights: ArrayLike | None
) -> Any:
    """Return the sum of log_prob over the data, in nats; see `Distribution.log_likelihood`."""
    if isinstance(data, Observations) or not (distribution.is_batch or is_tensor(data)):
        return kernels.log_likelihood(distribution, Observations.of(data, weights))
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
            return -kernels.log_terms(distribution, data)
        return -_terms(distribution, data, weights)
    total = -log_likelihood(distribution, data, weights)
    if reduction == "sum":
        return total
    if reduction != "mean":
        raise ParameterError(f"reduction must be 'sum', 'mean' or 'none'; got {reduction!r}.")
    return total / _count(distribution, data, weights)


def _terms(distribution: Distribution, data: Any, weights: Any) -> Array:
    terms = distribution.log_prob(data)
    return terms if weights is None else terms * weights


def _count(distribution: Distribution, data: Any, weights: Any) -> Any:
    if weights is not None:
        return weights.sum() if is_tensor(weights) else np.sum(weights)
    if isinstance(data, Observations):
        return data.n
    return int(np.prod(np.broadcast_shapes(np.shape(data), distribution.batch_shape)))
