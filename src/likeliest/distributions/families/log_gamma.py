"""The log-gamma distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import by_location_and_scale, per_scale
from likeliest.distributions.derivatives import Derivatives, chained_with_shape
from likeliest.distributions.families import prentice
from likeliest.distributions.family import family
from likeliest.distributions.log_concave import LogConcave
from likeliest.distributions.parameters import Parameter, positive, real
from likeliest.distributions.support import REALS
from likeliest.numerics.saddlepoint import stirling_error_of_inverse
from likeliest.numerics.special import HALF_LOG_TWO_PI, log

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array

_SHAPES = (-1.0, 1.0)  # of starts


@family
class LogGamma(LogConcave):
    """Log-gamma distribution: the normal and both Gumbels in one, skew to either side.

    f(x) = exp((w - (exp(shape w) - 1)/shape)/shape) c, w = (x - loc)/scale, where c is |shape| k^k
    exp(-k)/(scale Γ(k)) with k = shape^-2: Prentice's form. shape w is the log of a gamma over its
    mean.

    Parameters
    ----------
    shape : array of any shape; 0 is the normal, 1 the Gumbel of minima, -1 the Gumbel. No unit.
    loc : array that broadcasts with `shape`: the mode. In the unit of x.
    scale : array that broadcasts with `shape`, > 0. In the unit of x.

    Notes
    -----
    As shape → ±∞ it becomes an exponential that ends, or begins, at the mode; where that is
    likelier than all members, a fit says so. SciPy's `loggamma` has c = shape^-2 and shape > 0
    alone. Tails are by quadrature.

    Source: Prentice (1974); Lawless (2003), section 1.3.6.

    Examples
    --------
    >>> round(float(LogGamma(shape=0.0, loc=1.0, scale=2.0).cdf(3.0)), 4)
    0.8413
    """

    name = "log-gamma"
    support = REALS
    special_cases = {
        "normal": {"shape": 0.0}, "gumbel of minima": {"shape": 1.0}, "gumbel": {"shape": -1.0},
    }  # fmt: skip
    concentrates = {"scale": "0"}
    centre = "loc"

    shape: Parameter = real(power=0)
    loc: Parameter = real(power=1)
    scale: Parameter = positive(power=1)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        return prentice.log_density(self.shape, (x - self.loc) / self.scale) - log(self.scale)

    def density_terms(self, x: Array) -> Derivatives:
        w, first, second = by_location_and_scale(x, self.loc, self.scale)
        inner = Derivatives(w, (0.0, *first), (0.0, 0.0, 0.0, *second))
        return per_scale(
            chained_with_shape(prentice.density_terms(self.shape, w), inner), self.scale
        )

    @property
    def _centre(self) -> Parameter:
        return self.loc

    @property
    def _width(self) -> Parameter:
        return self.scale

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return self.loc + self.scale * prentice.sample(self.shape, shape, rng)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x."""
        return self.loc - self.scale * self.shape * prentice.mean_excess(self.shape)

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        return self.scale * self.scale * prentice.variance(self.shape)

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        peak = np.log(self.scale) + HALF_LOG_TWO_PI
        error = stirling_error_of_inverse(np.square(self.shape))
        return peak + error + prentice.mean_excess(self.shape)

    # likelihood

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return members skew to either side with the mean and the spread of the data."""
        starts = []
        for shape in (fixed["shape"],) if "shape" in fixed else _SHAPES:
            spread = sample.spread() / np.sqrt(prentice.variance(shape))
            scale = fixed.get("scale", spread or 1.0)
            starts.append(
                cls(shape, sample.mean + scale * shape * prentice.mean_excess(shape), scale)
            )
        return starts
