"""Bases that declare what a family can: a closed form, a standard member, a shape."""

from __future__ import annotations

from abc import abstractmethod
from functools import wraps
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

import numpy as np

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
from likeliest.distributions.statistics import SufficientStatistics, of_each
from likeliest.numerics.arrays import doubled, is_narrow
from likeliest.numerics.saddlepoint import log_ratio
from likeliest.numerics.special import log

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from likeliest.distributions.parameters import Parameter
    from likeliest.distributions.sample import Sample
    from likeliest.distributions.standards import Standard
    from likeliest.distributions.statistics import Statistic
    from likeliest.numerics.arrays import Array

D = TypeVar("D", bound=Distribution)


def inside_support(
    formula: Callable[[D, Array, Side], Derivatives],
) -> Callable[[D, Array, Side], Derivatives]:
    """Make a formula for the derivatives of log tails right beyond the ends of the support.

    There a tail is 0 or 1 whatever the parameters: its log -∞ or 0, and its derivatives 0.
    """

    @wraps(formula)
    def tail_derivatives(self: D, x: Array, side: Side) -> Derivatives:
        bounds = self.bounds()
        with np.errstate(all="ignore"):
            x = np.floor(x) if bounds.whole else x
            too_low = (x < bounds.low) | (np.equal(x, bounds.low) & (not bounds.has_mass_at_low))
            too_high = x >= bounds.high
            inside = ~(too_low | too_high)
            if np.all(inside):
                return formula(self, x, side)
            terms = formula(self, np.where(inside, x, bounds.interior()), side)
            never = too_low if side is Side.BELOW else too_high
            return Derivatives(
                np.where(inside, terms.log_prob, np.where(never, -np.inf, 0.0)),
                tuple(np.where(inside, s, 0.0) for s in terms.score),
                tuple(np.where(inside, h, 0.0) for h in terms.hessian),
            )

    return tail_derivatives


def in_double(formula: Callable[[D, Any], Derivatives]) -> Callable[[D, Any], Derivatives]:
    """Make a formula for a log density with its derivatives take low precision in double.

    Of those whose terms cancel.
    """

    @wraps(formula)
    def density_terms(self: D, x: Any) -> Derivatives:
        if not is_narrow(x):
            return formula(self, x)
        wide = type(self).unchecked(**{name: doubled(v) for name, v in self.parameters.items()})
        terms: Any = formula(wide, doubled(x))
        score, hessian = (tuple(term.to(x.dtype) for term in part) for part in terms[1:])
        return Derivatives(terms.log_prob.to(x.dtype), score, hessian)

    return density_terms


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
        mean = tuple(total(of_each(column)) / n for column in self.statistics(x, pivot))
        average = pivot + total(x - pivot) / n
        # Ends of the support have no part in these sums.
        statistics = SufficientStatistics(n, average, average, average, pivot, mean)
        value, score, hessian = self.mean_derivatives(statistics)
        return Derivatives(n * value, tuple(n * s for s in score), tuple(n * h for h in hessian))


class ExponentialFamily(ClosedForm):
    """A family whose log density is η(parameters) · T(x) less a function of the parameters.

    T being its statistics. Its Hessian is then minus the information and a term that is linear in
    the score: no other statistic of the data is in it.
    """

    @abstractmethod
    def hessian_of(self, n: Parameter, score: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
        """Return the Hessian of n values from their score: the upper triangle row by row."""

    def mean_hessian(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        """Return the mean Hessian of the data that the statistics were taken of."""
        return self.hessian_of(1.0, self.mean_score(statistics))

    def derivatives(self, x: Array, total: Total) -> Derivatives:
        """Return the sums of log density, score and Hessian; the last follows from the score."""
        with np.errstate(all="ignore"):
            score = tuple(total(term) for term in self._score(x))
            return Derivatives(total(self._log_prob(x)), score, self.hessian_of(total(1.0), score))


class LocationScale(Distribution):
    """A family of (X - loc)/scale: its first parameter is the location, its second the scale.

    Class attributes that a family states
    -------------------------------------
    standard : Standard
        The member whose location is 0 and whose scale is 1.
    """

    standard: ClassVar[Standard]
    concentrates: ClassVar[Mapping[str, str]] = {"scale": "0"}
    centre = "loc"

    def _log_prob(self, x: Array) -> Array:
        z, scale = self._standardised(x)
        return self.standard.log_prob(z) - log(scale)

    def _cdf(self, x: Array) -> Array:
        return self.standard.cdf(self._standardised(x)[0])

    def _sf(self, x: Array) -> Array:
        return self.standard.sf(self._standardised(x)[0])

    def _log_cdf(self, x: Array) -> Array:
        return self.standard.log_cdf(self._standardised(x)[0])

    def _log_sf(self, x: Array) -> Array:
        return self.standard.log_sf(self._standardised(x)[0])

    def _quantile(self, q: Array) -> Array:
        loc, scale = self.parameters.values()
        return loc + scale * self.standard.quantile(q)

    def _upper_quantile(self, q: Array) -> Array:
        loc, scale = self.parameters.values()
        return loc + scale * self.standard.upper_quantile(q)

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        z, scale = self._standardised(x)
        slope = self.standard.slope(z)
        return -slope / scale, -(1.0 + z * slope) / scale

    def _standardised(self, x: Array) -> tuple[Array, Parameter]:
        loc, scale = self.parameters.values()
        return (x - loc) / scale, scale

    @inside_support
    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        """Return the log of a tail with its derivatives by location and scale, by row."""
        inner = by_location_and_scale(x, *self.parameters.values())
        return chained(self.standard.tail(inner.z, side), inner)


class LogLocationScale(Distribution):
    """A family of shape · log(X/scale): its first parameter is the shape, its second the scale.

    Class attributes that a family states
    -------------------------------------
    standard : Standard
        The distribution of shape · log(X/scale), which has no parameters.
    """

    standard: ClassVar[Standard]
    concentrates: ClassVar[Mapping[str, str]] = {"shape": "∞"}
    centre = "scale"

    def _log_prob(self, x: Array) -> Array:
        shape, _ = self.parameters.values()
        return self.standard.log_prob(self._standardised(x)) + log(shape) - log(x)

    def _cdf(self, x: Array) -> Array:
        return self.standard.cdf(self._standardised(x))

    def _sf(self, x: Array) -> Array:
        return self.standard.sf(self._standardised(x))

    def _log_cdf(self, x: Array) -> Array:
        return self.standard.log_cdf(self._standardised(x))

    def _log_sf(self, x: Array) -> Array:
        return self.standard.log_sf(self._standardised(x))

    def _quantile(self, q: Array) -> Array:
        shape, scale = self.parameters.values()
        return scale * np.exp(self.standard.quantile(q) / shape)

    def _upper_quantile(self, q: Array) -> Array:
        shape, scale = self.parameters.values()
        return scale * np.exp(self.standard.upper_quantile(q) / shape)

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        shape, scale = self.parameters.values()
        log_x = log_ratio(x, scale)
        slope = self.standard.slope(shape * log_x)
        return 1.0 / shape + log_x * slope, -shape / scale * slope

    def _standardised(self, x: Array) -> Array:
        shape, scale = self.parameters.values()
        return shape * log_ratio(x, scale)

    def _log_over_scale(self, x: Array) -> Array:
        """Return log(x/scale), which is to be multiplied by the shape.

        The logarithm of a ratio near 1 has few digits; a large shape is worth those that it lacks.
        """
        shape, scale = self.parameters.values()
        tight = np.greater_equal(shape, _TIGHT_FROM)
        if not np.any(tight):
            return np.log(x / scale)
        if np.all(tight):
            return log_ratio(x, scale)
        return np.where(tight, log_ratio(x, scale), np.log(x / scale))

    @inside_support
    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        """Return the log of a tail with its derivatives by shape and scale, by row."""
        shape, scale = self.parameters.values()
        log_x = self._log_over_scale(x)
        z, slope = shape * log_x, -shape / scale
        inner = Standardisation(z, (log_x, slope), (0.0, -1.0 / scale, -slope / scale))
        return chained(self.standard.tail(z, side), inner)


class Shaped(Distribution):
    """A family of a standardised value and one shape; tails have no derivative by the shape.

    The first parameter is the shape. What is known by formula is the derivatives by z; those by
    the shape are differences.
    """

    @abstractmethod
    def standardise(self, x: Array) -> Standardisation:
        """Return z with its derivatives by the parameters but the shape."""

    @abstractmethod
    def tail_at(self, shape: Parameter, z: Array, side: Side) -> Jet:
        """Return the log of a tail at z with its derivatives by z, for any shape."""

    @abstractmethod
    def shape_step(self) -> Parameter:
        """Return about a thousandth of the length in the shape over which tails change."""

    def log_tail_at(self, shape: Parameter, z: Array, side: Side) -> Parameter:
        """Return the log of a tail alone; a family overrides it where the jet costs more."""
        return self.tail_at(shape, z, side).value

    def density_by_shape(self, z: Array) -> Parameter | None:
        """Return the derivative by the shape of the log density of z; None: from differences."""
        return None

    @inside_support
    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        """Return the log of a tail with its derivatives, by row."""
        shape = next(iter(self.parameters.values()))
        inner = self.standardise(x)
        outer = self.tail_at(shape, inner.z, side)
        of_density = self.density_by_shape(inner.z)
        if of_density is None:
            first, second, mixed = by_shape(
                lambda moved: self.tail_at(moved, inner.z, side)[:2],
                outer[:2],
                shape,
                self.shape_step(),
            )
        else:
            first, second, _ = by_shape(
                lambda moved: (self.log_tail_at(moved, inner.z, side), 0.0),
                (outer[0], 0.0),
                shape,
                self.shape_step(),
            )
            # The derivative by z is the density over the tail, but for the sign.
            mixed = outer[1] * (of_density - first)
        value, score, hessian = chained(outer, inner)
        by_both = tuple(mixed * slope for slope in inner.first)
        return Derivatives(value, (first, *score), (second, *by_both, *hessian))


class ByRow(Distribution):
    """A family that gives its log density and log tails with their derivatives, row by row.

    For derivatives; the log density and the log tails alone are cheaper.
    """

    @abstractmethod
    def density_terms(self, x: Array) -> Derivatives:
        """Return the log density with its derivatives by the parameters; NumPy or tensors."""

    @abstractmethod
    def tail_terms(self, x: Array, side: Side) -> Derivatives:
        """Return the log of a tail with its derivatives by the parameters."""

    def _cdf(self, x: Array) -> Array:
        return np.exp(self._log_cdf(x))

    def _sf(self, x: Array) -> Array:
        return np.exp(self._log_sf(x))

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        return self.density_terms(x).score

    def derivatives(self, x: Array, total: Total) -> Derivatives:
        """Return the sums of log density, score and Hessian."""
        value, score, hessian = self.density_terms(x)
        return Derivatives(
            total(value), tuple(total(s) for s in score), tuple(total(h) for h in hessian)
        )

    @inside_support
    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        """Return the log of a tail with its derivatives, by row."""
        return self.tail_terms(x, side)


def per_scale(of_z: Derivatives, scale: Parameter) -> Derivatives:
    """Return the log density of x from that of x/scale, the scale being the last parameter."""
    unit = 1.0 / scale
    return Derivatives(
        of_z.log_prob - log(scale),
        (*of_z.score[:-1], of_z.score[-1] - unit),
        (*of_z.hessian[:-1], of_z.hessian[-1] + unit * unit),
    )


def by_scale(x: Array, scale: Parameter) -> Standardisation:
    """Return z = x/scale with its derivatives by the scale."""
    z, unit = x / scale, 1.0 / scale
    return Standardisation(z, (-z * unit,), (2.0 * z * (unit * unit),))


def by_location_and_scale(x: Array, loc: Parameter, scale: Parameter) -> Standardisation:
    """Return z = (x - loc)/scale with its derivatives by both."""
    return standardised((x - loc) / scale, scale)


def standardised(z: Array, scale: Parameter) -> Standardisation:
    """Return a z of slope -1/scale by a location with its derivatives by that and the scale."""
    unit = 1.0 / scale
    return Standardisation(z, (-unit, -z * unit), (0.0, unit * unit, 2.0 * z * (unit * unit)))


_TIGHT_FROM = 1000.0
