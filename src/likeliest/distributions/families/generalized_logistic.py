"""The generalized logistic distribution of type I."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ByRow, by_location_and_scale, per_scale
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import (
    Derivatives,
    Side,
    chained,
    chained_with_shape,
    inside,
)
from likeliest.distributions.families.odds import log_odds_at, log_softplus
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive, real
from likeliest.distributions.standards import EXPONENTIAL, GUMBEL
from likeliest.distributions.support import REALS
from likeliest.numerics.special import log, scipy_special, sigmoid, softplus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array

_SHAPES = (0.5, 3.0)  # of starts


@family
class GeneralizedLogistic(ByRow, ContinuousDistribution):
    """Generalized logistic distribution (type I): a logistic that is skew; its cdf to a power.

    f(x) = shape/scale exp(-z) / (1 + exp(-z))^(shape+1), z = (x - loc)/scale. Also the
    skew-logistic.

    Parameters
    ----------
    shape : array of any shape, > 0. No unit; 1 is the logistic, below it the long tail is the
        lower one.
    loc : array that broadcasts with `shape`. In the unit of x.
    scale : array that broadcasts with `shape`, > 0. In the unit of x.

    Notes
    -----
    As shape → ∞ it becomes a Gumbel; where that is likelier than all members, a fit says so.

    Source: Johnson, Kotz & Balakrishnan (1995), ch. 23, section 10.

    Examples
    --------
    >>> float(GeneralizedLogistic(shape=2.0, loc=1.0, scale=3.0).cdf(1.0))
    0.25
    """

    name = "generalized logistic"
    aliases = ("skew logistic",)
    support = REALS
    special_cases = {"logistic": {"shape": 1.0}}
    concentrates = {"scale": "0"}
    centre = "loc"

    shape: Parameter = positive()
    loc: Parameter = real(power=1)
    scale: Parameter = positive(power=1)

    # evaluation

    def _z(self, x: Array) -> Array:
        return (x - self.loc) / self.scale

    def _log_prob(self, x: Array) -> Array:
        z = self._z(x)
        return log(self.shape) - log(self.scale) - z - (self.shape + 1.0) * softplus(-z)

    def _log_cdf(self, x: Array) -> Array:
        return -self.shape * softplus(-self._z(x))

    def _log_sf(self, x: Array) -> Array:
        return GUMBEL.log_sf(-np.log(self.shape) - log_softplus(-self._z(x)).value)

    def _inner(self, x: Array) -> Derivatives:
        """Return z with its derivatives by all parameters."""
        z, first, second = by_location_and_scale(x, self.loc, self.scale)
        return Derivatives(z, (0.0, *first), (0.0, 0.0, 0.0, *second))

    def density_terms(self, x: Array) -> Derivatives:
        inner, c = self._inner(x), self.shape
        z, unit = inner.log_prob, 1.0 / c
        hazard, share = softplus(-z), sigmoid(-z)
        outer = Derivatives(
            log(c) - z - (c + 1.0) * hazard,
            (unit - hazard, (c + 1.0) * share - 1.0),
            (0.0 * z - unit * unit, share, -(c + 1.0) * share * sigmoid(z)),
        )
        return per_scale(chained_with_shape(outer, inner), self.scale)

    def tail_terms(self, x: Array, side: Side) -> Derivatives:
        # By -log(-log cdf), of which the tails are the Gumbel's.
        inner, unit = self._inner(x), 1.0 / self.shape
        log_hazard, slope, bend = log_softplus(-self._z(x))
        outer = Derivatives(
            -np.log(self.shape) - log_hazard, (-unit, slope), (unit * unit, 0.0, -bend)
        )
        of_gumbel = inside(chained_with_shape(outer, inner))
        return chained(GUMBEL.tail(of_gumbel.z, side), of_gumbel)

    def _quantile(self, q: Array) -> Array:
        return self._at_hazard(EXPONENTIAL.upper_quantile(q))

    def _upper_quantile(self, q: Array) -> Array:
        return self._at_hazard(EXPONENTIAL.quantile(q))

    def _at_hazard(self, t: Array) -> Array:
        return self.loc - self.scale * log_odds_at(t / self.shape)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x."""
        return self.loc + self.scale * (scipy_special().digamma(self.shape) + np.euler_gamma)

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        return self.scale * self.scale * _variance(self.shape)

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        mean_z = scipy_special().digamma(self.shape) + np.euler_gamma
        return np.log(self.scale) - np.log(self.shape) + mean_z + 1.0 + 1.0 / self.shape

    # likelihood

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return members of some shapes with the mean and the spread of the data."""
        starts = []
        for shape in (fixed["shape"],) if "shape" in fixed else _SHAPES:
            spread = sample.spread() / np.sqrt(_variance(shape))
            scale = fixed.get("scale", spread or 1.0)
            middle = scale * (scipy_special().digamma(shape) + np.euler_gamma)
            starts.append(cls(shape, sample.mean - middle, scale))
        return starts


def _variance(shape: Parameter) -> Parameter:
    """Return the variance of z."""
    zeta = scipy_special().zeta
    return zeta(2.0, 1.0) + zeta(2.0, shape)
