"""Some values of a sample, from which a part of a made family sets out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from likeliest.distributions.sample import average

if TYPE_CHECKING:
    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array, Mask


@dataclass(frozen=True)
class Part:
    """Some values of a sample: a `Sample` of its own.

    Parameters
    ----------
    values : array of shape (n,), in ascending order
    weights : array of shape (n,)
    exact : bool
        Whether the values are known as they stand.
    truncated : bool
        Whether they could be seen only within a window.
    """

    values: Array
    weights: Array
    exact: bool
    truncated: bool

    @classmethod
    def of(cls, sample: Sample, keep: Mask | None = None, moved: float = 0.0) -> Part:
        """Return the values of a sample that `keep` says, less `moved`."""
        values = np.asarray(sample.values, dtype=np.float64)
        weights = np.ones(values.size) if sample.weights is None else sample.weights
        order = np.argsort(values, kind="stable")
        if keep is not None:
            order = order[np.asarray(keep, dtype=bool)[order]]
        seen = values[order] - moved, np.asarray(weights)[order]
        return cls(*seen, sample.exact, sample.truncated)

    @property
    def n(self) -> float:
        """The sum of the weights."""
        return float(self.weights.sum())

    @property
    def low(self) -> float:
        """The least value."""
        return float(self.values[0])

    @property
    def high(self) -> float:
        """The greatest value."""
        return float(self.values[-1])

    @cached_property
    def mean(self) -> float:
        """The weighted mean."""
        return float(np.clip(average(self.values, self.weights), self.low, self.high))

    def median(self) -> float:
        """Return the weighted median."""
        below = np.cumsum(self.weights)
        return float(self.values[np.searchsorted(below, 0.5 * below[-1])])

    def spread(self) -> float:
        """Return the weighted standard deviation."""
        deviation = self.values - self.mean
        return float(np.sqrt(average(deviation * deviation, self.weights)))

    def commonest(self) -> tuple[float, float]:
        """Return the commonest value and its share."""
        values, at = np.unique(self.values, return_inverse=True)
        weights = np.bincount(at, self.weights)
        most = int(np.argmax(weights))
        return float(values[most]), float(weights[most] / self.n)

    def common(self) -> tuple[float, float] | None:
        """Return between which bounds all values can lie at once, or None if they cannot."""
        return (self.low, self.high) if self.low == self.high else None

    def chance_of_later_events(self) -> float | None:
        """Return None: which rows are censored is not kept."""
        return None
