"""Sufficient statistics of rows, summed in one pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.distributions.statistics import SufficientStatistics
from likeliest.engines import threads
from likeliest.numerics.logs import Curve, Log

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from likeliest.data.observations import Observations
    from likeliest.distributions.bases import WithStatistics
    from likeliest.distributions.sample import Sample
    from likeliest.distributions.statistics import Statistic
    from likeliest.numerics.arrays import Array


def summed(
    statistics: Callable[[Array, float], tuple[Statistic, ...]],
    values: Array,
    weights: Array | None,
    sample: Sample,
    pivot: float,
) -> SufficientStatistics:
    """Take a family's statistics of values about `pivot`, in one pass on all cores.

    `sample` tells what has been seen of the same values already: their sum of weights, their least,
    greatest and mean value.
    """

    def sums(first: int, end: int) -> list[float]:
        part = np.asarray(values[first:end], dtype=np.float64)
        weighing = None if weights is None else weights[first:end]
        return [_total(column, weighing) for column in statistics(part, pivot)]

    # A family that needs the average alone, or the ends, asks for no sums.
    some = bool(statistics(np.asarray(values[:1], dtype=np.float64), pivot))
    mean = threads.total(sums, len(values), light=True) / sample.n if some else np.empty(0)
    return SufficientStatistics(
        sample.n, sample.low, sample.high, sample.mean, pivot, tuple(mean.tolist())
    )


def statistics_of(
    family: type[WithStatistics], observations: Observations, fixed: Mapping[str, float]
) -> SufficientStatistics:
    """Return the family's sufficient statistics about the pivot that it asks for."""
    return summed(
        family.statistics,
        observations.values,
        observations.weights,
        observations,
        family.pivot(observations, fixed),
    )


def _total(column: Statistic, weights: Array | None) -> float:
    if isinstance(column, Log | Curve):
        return column.total(weights)
    return float(np.add.reduce(column if weights is None else column * weights))
