"""Bases that declare what a family can: a closed form, a standard member, a shape."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Self

from likeliest.distributions.derivatives import (
    Derivatives,
    Jet,
    Side,
    Standardisation,
    Total,
    by_shape,
    chained,
)
from likeliest.distributions.distribution import Distribution
from likeliest.distributions.statistics import SufficientStatistics
from likeliest.numerics.logs import Curve, Log
from likeliest.numerics.saddlepoint import log_ratio

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.parameters import Parameter
    from likeliest.distributions.sample import Sample
    from likeliest.distributions.standards import Standard
    from likeliest.distributions.statistics import Statistic
    from likeliest.numerics.arrays import Array


class WithStatistics(Distribution):
    """A family whose likeliest member follows from sufficient statistics.

    Class attributes that a family states
    -------------------------------------
    closed_given : tuple of str
        Parameters that, fixed, leave the others a closed form, which `maximize_given` has.
    """

    closed_given: ClassVar[tuple[str, ...]] = ()

    @staticmethod
    @abstractmethod
    def statistics(x: Array, pivot: Any) -> tuple[Statistic, ...]:
        """Return the sufficient statistics of each value about a pivot."""

    @classmethod
    @abstractmethod
    def maximize(cls, statistics: SufficientStatistics) -> Self:
        """Return the likeliest member from the means of the sufficient statistics."""

    @classmethod
    def maximize_given(cls, statistics: SufficientStatistics, fixed: Mapping[str, float]) -> Self:
        """Return the likeliest member with the parameters in `closed_given` fixed."""
        raise NotImplementedError

    @abstractmethod
    def mean_log_prob(self, statistics: SufficientStatistics) -> Parameter:
        """Return the mean log density of the data that the statistics were taken of, nats."""

    @classmethod
    def pivot(cls, sample: Sample, fixed: Mapping[str, float]) -> float:
        """Return the value to take the statistics about: near the data, by default their mean."""
        return sample.mean


class ClosedForm(WithStatistics):
    """A family whose log likelihood is a smooth function of sufficient statistics."""

    @abstractmethod
    def mean_score(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        """Return the mean score of the data that the statistics were taken of."""

    @abstractmethod
    def mean_hessian(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        """Return the mean Hessian, the upper triangle row by row: observed, not expected."""

    def typical(self) -> Parameter:
        """Return a value about which statistics of values from this member keep their digits."""
        return self.mean

    def mean_derivatives(self, statistics: SufficientStatistics) -> Derivatives:
        """Return the mean log density of the data with its score and Hessian."""
        return Derivatives(
            self.mean_log_prob(statistics),
            self.mean_score(statistics),
            self.mean_hessian(statistics),
        )

    def derivatives(self, x: Array, total: Total) -> Derivatives:
        """Return the sums of log density, score and Hessian, by way of the statistics."""
        n, pivot = total(1.0), self.typical()  # statistics take a pivot for each group alike
        mean = tuple(total(_values(column)) / n for column in self.statistics(x, pivot))
        average = pivot + total(x - pivot) / n
        # Ends of the support have no part in these sums.
        statistics = SufficientStatistics(n, average, average, average, pivot, mean)
        value, score, hessian = self.mean_derivatives(statistics)
        return Derivatives(n * value, tuple(n * s for s in score), tuple(n * h for h in hessian))


class LocationScale(Distribution):
    """A family of (X - loc)/scale: its first parameter is the location, its second the scale."""

    standard: ClassVar[Standard]

    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        """Return the log of a tail with its derivatives by location and scale, by row."""
        inner = by_location_and_scale(x, *self.parameters.values())
        return chained(self.standard.tail(inner.z, side), inner)


class LogLocationScale(Distribution):
    """A family of shape · log(X/scale): its first parameter is the shape, its second the scale."""

    standard: ClassVar[Standard]

    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        """Return the log of a tail with its derivatives by shape and scale, by row."""
        shape, scale = self.parameters.values()
        log_x = log_ratio(x, scale)
        z, slope = shape * log_x, -shape / scale
        inner = Standardisation(z, (log_x, slope), (0.0, -1.0 / scale, -slope / scale))
        return chained(self.standard.tail(z, side), inner)


class Shaped(Distribution):
    """A family of a standardised value and of one shape, by which tails have no derivative.

    The first parameter is the shape. What is known by formula is the derivatives by z; those by
    the shape are differences.
    """

    @abstractmethod
    def standardise(self, x: Array) -> Standardisation:
        """Return z with its derivatives by the parameters but the shape."""

    @abstractmethod
    def tail_at(self, shape: Parameter, z: Parameter, side: Side) -> Jet:
        """Return the log of a tail at z with its derivatives by z, for any shape."""

    @abstractmethod
    def shape_step(self) -> Parameter:
        """Return about a thousandth of the length in the shape over which tails change."""

    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        """Return the log of a tail with its derivatives, by row."""
        shape = next(iter(self.parameters.values()))
        inner = self.standardise(x)
        outer = self.tail_at(shape, inner.z, side)
        first, second, mixed = by_shape(
            lambda moved: self.tail_at(moved, inner.z, side)[:2], shape, self.shape_step()
        )
        value, score, hessian = chained(outer, inner)
        by_both = tuple(mixed * slope for slope in inner.first)
        return Derivatives(value, (first, *score), (second, *by_both, *hessian))


def by_location_and_scale(x: Array, loc: Parameter, scale: Parameter) -> Standardisation:
    """Return z = (x - loc)/scale with its derivatives by both."""
    unit = 1.0 / scale
    z = (x - loc) / scale
    return Standardisation(z, (-unit, -z * unit), (0.0, unit * unit, 2.0 * z * (unit * unit)))


def by_scale(x: Array, scale: Parameter) -> Standardisation:
    """Return z = x/scale with its derivatives by the scale."""
    z = x / scale
    return Standardisation(z, (-z / scale,), (2.0 * z / (scale * scale),))


def _values(column: Statistic) -> Array:
    """Return a statistic of each value as an array."""
    return column.values_of_each() if isinstance(column, Log | Curve) else column
