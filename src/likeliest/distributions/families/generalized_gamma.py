"""The generalized gamma distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ByRow
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.families import prentice
from likeliest.distributions.families.log_gamma import LogGamma
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive, real
from likeliest.distributions.quadrature import expectation
from likeliest.distributions.sample import average
from likeliest.distributions.support import POSITIVE_REALS
from likeliest.numerics.special import log

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.derivatives import Derivatives, Side
    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array

_SHAPES = (-1.0, 1.0)  # of starts


@family
class GeneralizedGamma(ByRow, ContinuousDistribution):
    """Generalized gamma distribution: gamma, Weibull, lognormal and Fréchet in one.

    f(x) = g(log x)/x for x > 0, g being the log-gamma density in Prentice's form: of shape,
    location and scale.

    Parameters
    ----------
    shape : array of any shape: Prentice's q; 0 is the lognormal, 1 the Weibull, log_scale the
        gamma, -1 the Fréchet. No unit.
    log_loc : array that broadcasts with `shape`: the mode of log x. No unit.
    log_scale : array that broadcasts with `shape`, > 0: the scale of log x. No unit.

    Notes
    -----
    The likelihood is smooth through shape 0. As shape → ±∞ it becomes a power law that ends, or
    begins, at the mode of log x; where that is likelier than all members, a fit says so.

    Stacy's form, SciPy's `gengamma(a, c, scale)`, has a = shape^-2, c = shape/log_scale and
    scale = exp(log_loc) a^(-1/c).

    Source: Prentice (1974); Stacy (1962).

    Examples
    --------
    >>> round(float(GeneralizedGamma(shape=0.0, log_loc=1.0, log_scale=2.0).median), 4)
    2.7183
    """

    name = "generalized gamma"
    support = POSITIVE_REALS
    special_cases = {"lognormal": {"shape": 0.0}, "weibull": {"shape": 1.0}}
    concentrates = {"log_scale": "0"}
    centre = "log_loc"

    shape: Parameter = real(power=0)
    log_loc: Parameter = real(power=0)
    log_scale: Parameter = positive()

    @property
    def _of_log(self) -> LogGamma:
        return LogGamma.unchecked(shape=self.shape, loc=self.log_loc, scale=self.log_scale)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        y = log(x)
        return prentice.log_density(self.shape, (y - self.log_loc) / self.log_scale) - (
            log(self.log_scale) + y
        )

    def _log_cdf(self, x: Array) -> Array:
        return self._of_log.log_cdf(np.log(x))

    def _log_sf(self, x: Array) -> Array:
        return self._of_log.log_sf(np.log(x))

    def density_terms(self, x: Array) -> Derivatives:
        y = log(x)
        terms = self._of_log.density_terms(y)
        return terms._replace(log_prob=terms.log_prob - y)

    def tail_terms(self, x: Array, side: Side) -> Derivatives:
        return self._of_log.tail_terms(np.log(x), side)

    def _quantile(self, q: Array) -> Array:
        return np.exp(self._of_log.quantile(q))

    def _upper_quantile(self, q: Array) -> Array:
        return np.exp(self._of_log.upper_quantile(q))

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return np.exp(self.log_loc + self.log_scale * prentice.sample(self.shape, shape, rng))

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x: by quadrature."""
        return expectation(self, lambda _, x: x)

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared: by quadrature."""
        return expectation(self, lambda member, x: (x - member.mean) ** 2)

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        return self._of_log.entropy + self._of_log.mean

    # likelihood

    def rescaled(self, factor: float) -> Self:
        return type(self)(self.shape, self.log_loc + np.log(factor), self.log_scale)

    @classmethod
    def centre_of(cls, fixed: Mapping[str, float]) -> float | None:
        return float(np.exp(fixed["log_loc"])) if "log_loc" in fixed else None

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return members skew to either side with the mean and the spread of log x."""
        logs = np.log(np.asarray(sample.values, dtype=np.float64))
        mean = average(logs, sample.weights)
        spread = np.sqrt(average((logs - mean) ** 2, sample.weights))
        starts = []
        for shape in (fixed["shape"],) if "shape" in fixed else _SHAPES:
            scale = fixed.get("log_scale", (spread or 1.0) / np.sqrt(prentice.variance(shape)))
            starts.append(cls(shape, mean + scale * shape * prentice.mean_excess(shape), scale))
        return starts
