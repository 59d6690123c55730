"""The folded normal distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ByRow, by_location_and_scale
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Derivatives, Side, chained, log_sum
from likeliest.distributions.families.from_centre import Angular, density_terms
from likeliest.distributions.families.half_normal import HalfNormal
from likeliest.distributions.families.normal import Normal
from likeliest.distributions.family import family
from likeliest.distributions.inversion import positive_quantile
from likeliest.distributions.parameters import Parameter, positive
from likeliest.distributions.quadrature import expectation
from likeliest.distributions.standards import NORMAL
from likeliest.distributions.support import NONNEGATIVE_REALS
from likeliest.numerics.special import HALF_LOG_TWO_PI, exp, log, log1p, log_ndtr, sigmoid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array


@family
class FoldedNormal(ByRow, ContinuousDistribution):
    """Folded normal distribution: the size of a normal value whose sign was not kept.

    f(x) = (φ((x - loc)/scale) + φ((x + loc)/scale)) / scale for x ≥ 0, φ the normal density.

    Parameters
    ----------
    loc : array of any shape, ≥ 0: the size of the mean before the sign was lost. In the unit of x;
        0 is the half-normal.
    scale : array that broadcasts with `loc`, > 0: the standard deviation before. In the unit of x.

    Source: Leone, Nelson & Nottingham (1961); Johnson, Kotz & Balakrishnan (1994), ch. 13.

    Examples
    --------
    >>> round(float(FoldedNormal(loc=1.0, scale=2.0).cdf(1.0)), 4)
    0.3413
    """

    name = "folded normal"
    support = NONNEGATIVE_REALS
    special_cases = {"half-normal": {"loc": 0.0}}
    concentrates = {"scale": "0"}
    centre = "loc"

    loc: Parameter = positive(power=1, zero=True)
    scale: Parameter = positive(power=1)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        z = (x - self.loc) / self.scale
        both = log1p(exp(-2.0 * (x / self.scale) * (self.loc / self.scale)))
        return -0.5 * z * z + both - log(self.scale) - HALF_LOG_TWO_PI

    def _cdf(self, x: Array) -> Array:
        return np.exp(self._log_cdf(x))

    def _log_cdf(self, x: Array) -> Array:
        return self._before().log_interval(-x, x)

    def _log_sf(self, x: Array) -> Array:
        near, far = ((x - side * self.loc) / self.scale for side in (1.0, -1.0))
        return np.minimum(np.logaddexp(log_ndtr(-near), log_ndtr(-far)), 0.0)

    def _before(self) -> Normal:
        """Return the normal distribution of the value with its sign."""
        return Normal.unchecked(mean=self.loc, std=self.scale)

    def density_terms(self, x: Array) -> Derivatives:
        t = (x / self.scale) * (self.loc / self.scale)
        above, below = sigmoid(2.0 * t), sigmoid(-2.0 * t)
        angular = Angular(log1p(exp(-2.0 * t)), 2.0 * below, 4.0 * above * below)
        peak = -log(self.scale) - HALF_LOG_TWO_PI
        return density_terms(x, (self.loc, self.scale), 1, angular, peak)

    def tail_terms(self, x: Array, side: Side) -> Derivatives:
        if side is Side.BELOW:
            return self._before().interval_derivatives(-x, x)
        near, far = (
            chained(NORMAL.tail(inner.z, side), inner)
            for inner in (by_location_and_scale(x, s * self.loc, self.scale) for s in (1.0, -1.0))
        )
        # Folded over, the other tail falls as loc rises.
        turned = Derivatives(
            far.log_prob,
            (-far.score[0], far.score[1]),
            (far.hessian[0], -far.hessian[1], far.hessian[2]),
        )
        return log_sum(near, turned)

    def _quantile(self, q: Array) -> Array:
        return positive_quantile(self, q, Side.BELOW, self._usual())

    def _upper_quantile(self, q: Array) -> Array:
        return positive_quantile(self, q, Side.ABOVE, self._usual())

    def _usual(self) -> Parameter:
        """Return a value near the middle."""
        return np.hypot(self.loc, self.scale)

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return np.abs(self.loc + self.scale * rng.standard_normal(shape))

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x."""
        return self.loc + self._excess()

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        return self.scale * self.scale - self._excess() * (2.0 * self.loc + self._excess())

    def _excess(self) -> Parameter:
        """Return by how much the mean exceeds `loc`."""
        z = np.divide(self.loc, self.scale)
        return 2.0 * self.scale * (np.exp(NORMAL.log_prob(z)) - z * NORMAL.sf(z))

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats: by quadrature."""
        return expectation(self, lambda member, x: -member.log_prob(x))

    # likelihood

    def at_end(self, name: str) -> str:
        return f"{name} is 0: the best folded normal is the half-normal, with a parameter less."

    def simpler(self) -> HalfNormal | None:
        return HalfNormal(self.scale) if np.all(np.equal(self.loc, 0.0)) else None

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return the normal distribution of the data, and one half of which is folded over."""
        mean, spread = sample.mean, sample.spread() or sample.mean or 1.0
        size = float(np.hypot(mean, spread))
        return [cls(mean or spread, spread), cls(0.6 * size, 0.8 * size)]
