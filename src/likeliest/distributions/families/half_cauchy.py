"""The half-Cauchy distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ByRow
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Derivatives, Side, Standardisation, chained
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive
from likeliest.distributions.sample import share_of_zeros
from likeliest.distributions.standards import tail_jet
from likeliest.distributions.support import NONNEGATIVE_REALS
from likeliest.numerics.special import log, log_one_plus_square
from likeliest.numerics.standard import pull

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array

_LOG_PEAK = float(np.log(2.0 / np.pi))


@family
class HalfCauchy(ByRow, ContinuousDistribution):
    """Half-Cauchy distribution: the size of a Cauchy error, without its sign.

    f(x) = 2 / (π scale (1 + (x/scale)²)) for x ≥ 0.

    Parameters
    ----------
    scale : array of any shape, > 0: the median. In the unit of x.

    Source: Johnson, Kotz & Balakrishnan (1994), ch. 16.

    Examples
    --------
    >>> float(HalfCauchy(scale=2.0).cdf(2.0))
    0.5
    """

    name = "half-cauchy"
    support = NONNEGATIVE_REALS

    scale: Parameter = positive(power=1)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        return _LOG_PEAK - log(self.scale) - log_one_plus_square(x, self.scale)

    def _cdf(self, x: Array) -> Array:
        return 2.0 / np.pi * np.arctan2(x, self.scale)

    def _sf(self, x: Array) -> Array:
        return 2.0 / np.pi * np.arctan2(self.scale, x)

    def _log_cdf(self, x: Array) -> Array:
        return np.where(x < self.scale, np.log(self._cdf(x)), np.log1p(-self._sf(x)))

    def _log_sf(self, x: Array) -> Array:
        return np.where(x < self.scale, np.log1p(-self._cdf(x)), np.log(self._sf(x)))

    def _quantile(self, q: Array) -> Array:
        return self.scale * np.tan(0.5 * np.pi * q)

    def _upper_quantile(self, q: Array) -> Array:
        return self.scale / np.tan(0.5 * np.pi * q)

    def density_terms(self, x: Array) -> Derivatives:
        z, unit = x / self.scale, 1.0 / self.scale
        share = z * pull(z)
        by_scale = unit * (2.0 * share - 1.0)
        bend = unit * unit * (1.0 - 2.0 * share * (3.0 - 2.0 * share))
        return Derivatives(self._log_prob(x), (by_scale,), (bend,))

    def tail_terms(self, x: Array, side: Side) -> Derivatives:
        # By log z: of a value far below the scale, 1/z has no square.
        z, unit = x / self.scale, 1.0 / self.scale
        inner = Standardisation(z, (-unit,), (unit * unit,))
        log_tail = self._log_cdf(x) if side is Side.BELOW else self._log_sf(x)
        of_log = _LOG_PEAK + np.log(z) - log_one_plus_square(z)
        return chained(tail_jet(log_tail, of_log, 1.0 - 2.0 * z * pull(z), side), inner)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value: infinite."""
        return np.inf + 0.0 * self.scale

    @cached_property
    def var(self) -> Parameter:
        """Variance: infinite."""
        return np.inf + 0.0 * self.scale

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        return np.log(2.0 * np.pi * self.scale)

    # likelihood

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        """Half of the values at 0 or more leave no maximum."""
        share = share_of_zeros(sample)
        if share < 0.5:
            return None
        return f"grows without limit as scale → 0: {share:.0%} of the values are 0"

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return the member with the median of the data."""
        return [cls(sample.median() or sample.mean)]
