"""Base of families of angles: on the circle, cut open at ±π."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.quadrature import expectation
from likeliest.distributions.support import CIRCLE
from likeliest.numerics.arrays import is_tensor

if TYPE_CHECKING:
    from likeliest.distributions.parameters import Parameter


class Circular(ContinuousDistribution):
    """A family of angles in radians about a direction `loc`, the same to either side of it.

    Tails are those of the circle cut open at ±π: P(X ≤ x) is the probability from -π to x.
    """

    support = CIRCLE
    circular = True
    anchored = True
    centre = "loc"

    loc: Parameter

    def _check(self) -> None:
        """Turn `loc` into the range of the angles."""
        if not is_tensor(self.loc) and np.any(np.abs(self.loc) > np.pi):
            object.__setattr__(self, "loc", turned(self.loc))

    @cached_property
    def mean(self) -> Parameter:
        """Expected value as a number from -π to π, by quadrature; the mean direction is `loc`."""
        return expectation(self, lambda _, x: x)

    @cached_property
    def var(self) -> Parameter:
        """Variance as that of a number from -π to π, by quadrature."""
        return expectation(self, lambda member, x: (x - member.mean) ** 2)


def turned(angle: Parameter) -> Parameter:
    """Return an angle plus as many whole turns as bring it between -π and π."""
    whole = np.round(np.divide(angle, 2.0 * np.pi))
    return np.clip(angle - 2.0 * np.pi * whole, -np.pi, np.pi)[()]
