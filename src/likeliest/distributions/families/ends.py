"""What families with two ends ask of them: their order, and that they hold the values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import ParameterError, SupportError
from likeliest.numerics.arrays import is_tensor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Parameter
    from likeliest.distributions.statistics import SufficientStatistics


def require_order(member: Distribution, *, equal: bool = False) -> None:
    """Raise unless `low` lies below `high`, or is as high where that is allowed."""
    low, high = member.parameters["low"], member.parameters["high"]
    if is_tensor(low) or is_tensor(high):
        return
    if not np.all(np.less_equal(low, high) if equal else np.less(low, high)):
        above = "not lie above" if equal else "lie below"
        raise ParameterError(f"{type(member).__name__}: low must {above} high; got {member!r}.")


def ends_of(
    name: str, statistics: SufficientStatistics, fixed: Mapping[str, float]
) -> tuple[Parameter, Parameter]:
    """Return the likeliest ends: the least and the greatest value, or those that are fixed.

    Raises
    ------
    SupportError
        If fixed ends do not hold all values.
    """
    low, high = fixed.get("low", statistics.low), fixed.get("high", statistics.high)
    if np.any(low > statistics.low) or np.any(high < statistics.high):
        least, greatest = np.min(statistics.low), np.max(statistics.high)
        raise SupportError(
            f"{name} with {dict(fixed)} does not hold all values: they reach from {least:g} to "
            f"{greatest:g}. Fix an end beyond them."
        )
    return low, high
