"""Base of families that a map of x with parameters makes standard normal."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING

from likeliest.distributions.bases import ByRow
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import (
    Derivatives,
    Jet,
    Side,
    Standardisation,
    added,
    chained,
)
from likeliest.distributions.quadrature import expectation
from likeliest.distributions.standards import NORMAL
from likeliest.numerics.special import HALF_LOG_TWO_PI, log_ndtr, ndtr, ndtri

if TYPE_CHECKING:
    import numpy as np

    from likeliest.distributions.parameters import Parameter
    from likeliest.numerics.arrays import Array


class OfNormal(ByRow, ContinuousDistribution):
    """A family in which z(x), which rises with x, is standard normal."""

    @abstractmethod
    def _z(self, x: Array) -> Array:
        """Return z; NumPy or tensors."""

    @abstractmethod
    def _log_slope(self, x: Array) -> Array:
        """Return the log of dz/dx; NumPy or tensors."""

    @abstractmethod
    def standardise(self, x: Array) -> Standardisation:
        """Return z with its derivatives by the parameters."""

    @abstractmethod
    def slope_terms(self, x: Array) -> Derivatives:
        """Return the log of dz/dx with its derivatives by the parameters."""

    @abstractmethod
    def _at(self, z: Array) -> Array:
        """Return the x of a z."""

    def _log_prob(self, x: Array) -> Array:
        z = self._z(x)
        return self._log_slope(x) - 0.5 * z * z - HALF_LOG_TWO_PI

    def _cdf(self, x: Array) -> Array:
        return ndtr(self._z(x))

    def _sf(self, x: Array) -> Array:
        return ndtr(-self._z(x))

    def _log_cdf(self, x: Array) -> Array:
        return log_ndtr(self._z(x))

    def _log_sf(self, x: Array) -> Array:
        return log_ndtr(-self._z(x))

    def density_terms(self, x: Array) -> Derivatives:
        """Return the log density with its derivatives."""
        inner = self.standardise(x)
        z = inner.z
        outer = Jet(-0.5 * z * z - HALF_LOG_TWO_PI, -z, -1.0)
        return added(chained(outer, inner), self.slope_terms(x))

    def tail_terms(self, x: Array, side: Side) -> Derivatives:
        """Return the log of a tail with its derivatives."""
        inner = self.standardise(x)
        return chained(NORMAL.tail(inner.z, side), inner)

    def _quantile(self, q: Array) -> Array:
        return self._at(ndtri(q))

    def _upper_quantile(self, q: Array) -> Array:
        return self._at(-ndtri(q))

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return self._at(rng.standard_normal(shape))

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats: by quadrature."""
        return expectation(self, lambda member, x: -member.log_prob(x))
