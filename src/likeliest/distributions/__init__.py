"""Distributions, and all that a person needs who writes a family.

>>> from likeliest.distributions import ContinuousDistribution, family, positive, real
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from likeliest.distributions.bases import (
    ByRow,
    ClosedForm,
    ExponentialFamily,
    LocationScale,
    LogLocationScale,
    Shaped,
    WithStatistics,
)
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.corner import Corner
from likeliest.distributions.derivatives import Derivatives, Side
from likeliest.distributions.discrete import DiscreteDistribution
from likeliest.distributions.distribution import Distribution
from likeliest.distributions.family import family
from likeliest.distributions.parameters import positive, real, unit_interval
from likeliest.distributions.standards import Standard
from likeliest.distributions.support import (
    COUNTS,
    NONNEGATIVE_REALS,
    OPEN_UNIT_INTERVAL,
    POSITIVE_REALS,
    REALS,
    Support,
)
from likeliest.on_demand import on_demand

if TYPE_CHECKING:
    from likeliest.distributions.own.check import FamilyCheck, check_family
else:
    __getattr__ = on_demand(__name__, {"FamilyCheck": "own.check", "check_family": "own.check"})

__all__ = [
    "COUNTS",
    "NONNEGATIVE_REALS",
    "OPEN_UNIT_INTERVAL",
    "POSITIVE_REALS",
    "REALS",
    "ByRow",
    "ClosedForm",
    "ContinuousDistribution",
    "Corner",
    "Derivatives",
    "DiscreteDistribution",
    "Distribution",
    "ExponentialFamily",
    "FamilyCheck",
    "LocationScale",
    "LogLocationScale",
    "Shaped",
    "Side",
    "Standard",
    "Support",
    "WithStatistics",
    "check_family",
    "family",
    "positive",
    "real",
    "unit_interval",
]


def __dir__() -> list[str]:
    """Return the public names, for the completion of an editor."""
    return __all__
