"""What a family may ask of a sample: to start from, to take statistics about, to warn of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from likeliest.numerics.arrays import where

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.distributions.parameters import Parameter
    from likeliest.numerics.arrays import Array


class Sample(Protocol):
    """Values with their weights, and a few numbers that describe them."""

    @property
    def values(self) -> Array:
        """The values, float64, of shape (n,)."""

    @property
    def weights(self) -> Array | None:
        """How often each was seen; None: once."""

    @property
    def n(self) -> float:
        """The sum of the weights."""

    @property
    def low(self) -> float:
        """The least value."""

    @property
    def high(self) -> float:
        """The greatest value."""

    @property
    def mean(self) -> float:
        """The (weighted) mean."""

    @property
    def exact(self) -> bool:
        """Whether the values are known as they stand."""

    @property
    def truncated(self) -> bool:
        """Whether rows could be seen only within a window."""

    def median(self) -> float:
        """Return the (weighted) median."""

    def spread(self) -> float:
        """Return the (weighted) standard deviation."""

    def commonest(self) -> tuple[float, float]:
        """Return the commonest value and its share."""

    def common(self) -> tuple[float, float] | None:
        """Return between which bounds all values can lie at once, or None if they cannot."""

    def chance_of_later_events(self) -> float | None:
        """Return a number that is small where events stop long before follow-up; None: unknown."""


def share_of_zeros(sample: Sample) -> float:
    """Return the share of exact zeros, where these are the least and the commonest value."""
    if sample.low > 0.0 or not sample.exact:
        return 0.0
    value, share = sample.commonest()
    return share if value == 0.0 else 0.0


# of one sample, or of many that are equally long: a row of values for each


def of_values(reduce: Callable[..., Parameter], values: Array) -> Parameter:
    """Reduce the values of a sample to a number; those of many to an array of shape (many, 1)."""
    return reduce(values, axis=-1, keepdims=values.ndim > 1)


def average(values: Array, weights: Array | None) -> Parameter:
    """Return the (weighted) mean of values, which belong to one sample or many."""
    if weights is None:
        return of_values(np.add.reduce, values) / values.shape[-1]
    return of_values(np.add.reduce, values * weights) / of_values(np.add.reduce, weights)


def quantiles(values: Array, shares: list[float]) -> list[Parameter]:
    """Return quantiles of the values of one sample or many, whatever their weights."""
    return [*np.quantile(values, shares, axis=-1, keepdims=np.ndim(values) > 1)]


def first_positive(*values: Parameter) -> Parameter:
    """Return the first number above 0, or 1; of arrays for each entry."""
    found: Parameter = 1.0
    for value in reversed(values):
        found = where(np.greater(value, 0.0), value, found)
    return found
