"""What a route found: the likeliest member, and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from likeliest.distributions.multivariate.multivariate import Multivariate
    from likeliest.numerics.arrays import Array


@dataclass(frozen=True, eq=False)
class Found:
    """The top that a route came to.

    Parameters
    ----------
    member : Multivariate
    log_likelihood : float
        Nats.
    covariance : array of shape (k,) or (k, k)
        Of the member's own coordinates; the first where they do not depend on each other.
    n : float
        The number of observations.
    told : str
        What was seen, in words.
    iterations : int
        Steps; 0 of a closed form.
    notes : tuple of str
    """

    member: Multivariate
    log_likelihood: float
    covariance: Array
    n: float
    told: str
    iterations: int = 0
    notes: tuple[str, ...] = ()


def inverse(information: Array) -> Array:
    """Return the inverse of an information matrix; infinite where nothing tells of a coordinate."""
    scale = 1.0 / np.sqrt(np.maximum(information.diagonal(), 1e-300))
    try:
        made = np.linalg.inv(information * np.outer(scale, scale))
    except np.linalg.LinAlgError:
        return np.full(information.shape, np.inf)
    return np.asarray(made * np.outer(scale, scale))
