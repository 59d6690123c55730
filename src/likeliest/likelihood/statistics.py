"""Sufficient statistics of rows, summed in one pass."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from likeliest.distributions.statistics import SufficientStatistics
from likeliest.numerics.logs import Curve, Log

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from likeliest.data.observations import Observations
    from likeliest.distributions.bases import WithStatistics
    from likeliest.distributions.statistics import Statistic
    from likeliest.numerics.arrays import Array


def summed(
    statistics: Callable[[Array, float], tuple[Statistic, ...]],
    observations: Observations,
    pivot: float,
) -> SufficientStatistics:
    """Take a family's statistics of exact observations about `pivot`, in one pass on all cores."""
    s = observations.summary
    mean = observations.chunks().total(partial(_sums, statistics, pivot)) / s.weight
    return SufficientStatistics(s.weight, s.low, s.high, s.mean, pivot, tuple(mean))


def statistics_of(
    family: type[WithStatistics], observations: Observations, fixed: Mapping[str, float]
) -> SufficientStatistics:
    """Return the family's sufficient statistics about the pivot that it asks for."""
    return summed(family.statistics, observations, family.pivot(observations, fixed))


def _sums(
    statistics: Callable[[Array, float], tuple[Statistic, ...]],
    pivot: float,
    chunk: tuple[Array, Array | None],
) -> list[float]:
    values, weights = chunk
    return [_total(column, weights) for column in statistics(values, pivot)]


def _total(column: Statistic, weights: Array | None) -> float:
    if isinstance(column, Log | Curve):
        return column.total(weights)
    return float(np.add.reduce(column if weights is None else column * weights))
