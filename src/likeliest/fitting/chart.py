"""Between a family's parameters and the unconstrained coordinates that the maximiser moves in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import ParameterError
from likeliest.optimise.newton import Point

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.likelihood.kernels import Expansion
    from likeliest.numerics.arrays import Array


@dataclass(frozen=True, slots=True)
class Chart:
    """The free parameters of a family on the real line, the others fixed.

    Parameters
    ----------
    family : type
    fixed : mapping from parameter name to value
    """

    family: type[Distribution]
    fixed: Mapping[str, float]

    @property
    def free(self) -> tuple[str, ...]:
        """The names of the free parameters, in the family's order."""
        return tuple(name for name in self.family.constraints if name not in self.fixed)

    @property
    def positions(self) -> list[int]:
        """Where the free parameters stand among all."""
        return [i for i, name in enumerate(self.family.constraints) if name not in self.fixed]

    def member(self, u: Array) -> Distribution | None:
        """Return the distribution at coordinates u; None where rounding takes it out of range."""
        constraints = self.family.constraints
        with np.errstate(over="ignore"):
            values = {
                name: constraints[name].constrain(float(v))
                for name, v in zip(self.free, u, strict=True)
            }
        try:
            return self.family(**values, **self.fixed)
        except ParameterError:
            return None

    def coordinates(self, member: Distribution) -> Array:
        """Return the coordinates of a distribution."""
        constraints = self.family.constraints
        return np.array(
            [constraints[name].unconstrain(getattr(member, name)) for name in self.free],
            dtype=np.float64,
        )

    def with_fixed(self, member: Distribution) -> Distribution:
        """Return the distribution with the fixed parameters put in."""
        return self.family(**{**member.parameters, **self.fixed})

    def slopes(self, member: Distribution) -> Array:
        """dθ/du of the free parameters."""
        constraints = self.family.constraints
        return np.array([constraints[name].slope(getattr(member, name)) for name in self.free])

    def point(self, u: Array, member: Distribution, expansion: Expansion) -> Point:
        """Return the expansion of the log likelihood in the coordinates (the chain rule)."""
        at = self.positions
        constraints = self.family.constraints
        slope = self.slopes(member)
        bend = np.array([constraints[name].curvature(getattr(member, name)) for name in self.free])
        score = expansion.score[at]
        hessian = expansion.hessian[np.ix_(at, at)] * np.outer(slope, slope)
        return Point(u, expansion.value, score * slope, hessian + np.diag(score * bend))

    def nowhere(self, u: Array) -> Point:
        """Return a point that the maximiser will not step to."""
        k = len(u)
        return Point(u, -np.inf, np.zeros(k), np.zeros((k, k)))

    def reach(self, observations: Observations) -> Array:
        """Return a natural step in each coordinate: the spread for a location, 1 for a log."""
        return np.where(self._are_locations, observations.spread() or 1.0, 1.0)

    @property
    def grain(self) -> Array:
        """Sizes below which coordinates do not round more finely: a log near 0 rounds as 1 does."""
        return np.where(self._are_locations, 0.0, 1.0)

    @property
    def _are_locations(self) -> list[bool]:
        return [self.family.constraints[name].is_location for name in self.free]
