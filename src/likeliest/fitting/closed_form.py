"""Families whose estimate follows from sufficient statistics: the data are passed over once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from likeliest.likelihood.statistics import summed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.statistics import SufficientStatistics


def has_statistics(family: type[Distribution]) -> bool:
    """Whether the family gives its estimate from sufficient statistics."""
    from likeliest.distributions.distribution import Distribution

    return family.maximize.__func__ is not Distribution.maximize.__func__  # type: ignore[attr-defined]


def statistics_of(
    family: type[Distribution], observations: Observations, fixed: Mapping[str, float]
) -> SufficientStatistics:
    """Return the family's sufficient statistics about the pivot that it asks for."""
    return summed(family.statistics, observations, family.pivot(observations, fixed))
