"""The generalized Pareto distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ByRow, per_scale
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import (
    Derivatives,
    Side,
    chained,
    chained_with_shape,
    logarithm,
)
from likeliest.distributions.families.extremes import (
    REGULAR_ABOVE,
    distance_at,
    reduced,
    reduced_value,
    support_of,
    value_at,
    why_irregular,
)
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive, real
from likeliest.distributions.sample import share_of_zeros
from likeliest.distributions.standards import EXPONENTIAL, GUMBEL_OF_MINIMA
from likeliest.distributions.support import NONNEGATIVE_REALS, Support
from likeliest.numerics.special import log

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    import numpy.typing as npt

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array

_SHAPES = (-0.3, 0.01, 0.5, 2.0)  # of starts


@family
class GeneralizedPareto(ByRow, ContinuousDistribution):
    """Generalized Pareto distribution: by how much values exceed a high threshold.

    f(x) = exp(-(1 + shape) t) / scale, t = log(1 + shape x/scale) / shape, for x ≥ 0;
    t = x/scale for shape = 0, the exponential. Subtract the threshold first: it is no parameter.

    Parameters
    ----------
    shape : array of any shape, ξ: > 0 a heavy tail, < 0 an upper end at -scale/shape. SciPy's c.
        No unit.
    scale : array that broadcasts with `shape`, > 0. In the unit of x.

    Notes
    -----
    A fit stays above a shape of -1: below, the likelihood grows without limit as the upper end
    nears the greatest value.

    Source: Coles (2001), section 4.2; Pickands (1975).

    Examples
    --------
    >>> float(GeneralizedPareto(shape=0.5, scale=2.0).mean)
    4.0
    """

    name = "generalized pareto"
    aliases = ("gpd",)
    support = NONNEGATIVE_REALS
    special_cases = {"exponential": {"shape": 0.0}}

    shape: Parameter = real(power=0, regular_above=REGULAR_ABOVE)
    scale: Parameter = positive(power=1)

    def bounds(self) -> Support:
        high = support_of(self.shape, 0.0, self.scale, 0.0).high
        return Support(0.0, high, low_closed=True)

    # evaluation

    def _reduced(self, x: Array) -> Derivatives:
        t, score, hessian = reduced(x, self.shape, 0.0, self.scale)
        return Derivatives(t, (score[0], score[2]), (hessian[0], hessian[2], hessian[5]))

    def _log_prob(self, x: Array) -> Array:
        t = reduced_value(x, self.shape, 0.0, self.scale)
        return -(1.0 + self.shape) * t - log(self.scale)

    def _log_cdf(self, x: Array) -> Array:
        return EXPONENTIAL.log_cdf(reduced_value(x, self.shape, 0.0, self.scale))

    def _log_sf(self, x: Array) -> Array:
        return -reduced_value(x, self.shape, 0.0, self.scale)

    def density_terms(self, x: Array) -> Derivatives:
        inner = self._reduced(x)
        t, slope = inner.log_prob, -(1.0 + self.shape)
        of_t = Derivatives(slope * t, (-t, slope), (0.0, -1.0, 0.0))
        return per_scale(chained_with_shape(of_t, inner), self.scale)

    def tail_terms(self, x: Array, side: Side) -> Derivatives:
        inner = logarithm(self._reduced(x))
        return chained(GUMBEL_OF_MINIMA.tail(inner.z, side), inner)

    def _quantile(self, q: Array) -> Array:
        return value_at(EXPONENTIAL.quantile(q), self.shape, 0.0, self.scale)

    def _upper_quantile(self, q: Array) -> Array:
        return value_at(EXPONENTIAL.upper_quantile(q), self.shape, 0.0, self.scale)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x; infinite for shape ≥ 1."""
        finite = np.less(self.shape, 1.0)
        room = 1.0 - np.where(finite, self.shape, 0.0)
        return np.where(finite, self.scale / room, np.inf)[()]

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared; infinite for shape ≥ ½."""
        finite = np.less(self.shape, 0.5)
        shape = np.where(finite, self.shape, 0.0)
        return np.where(finite, (self.scale / (1.0 - shape)) ** 2 / (1.0 - 2.0 * shape), np.inf)[()]

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        return np.log(self.scale) + self.shape + 1.0

    # likelihood

    def notes(self, sample: Sample, estimated: Collection[str]) -> tuple[str, ...]:
        return why_irregular(float(self.shape))

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        return "grows without limit as scale → 0: all values are 0" if sample.high == 0.0 else None

    @classmethod
    def is_singular(
        cls, sample: Sample, fixed: Mapping[str, float]
    ) -> Callable[[Self], npt.NDArray[np.bool_]] | None:
        """Return whether the shape is so great that the likelihood is singular on exact zeros."""
        share = share_of_zeros(sample)
        if share == 0.0 or "scale" in fixed:
            return None
        bound = (1.0 - share) / share
        return lambda member: np.broadcast_to(
            np.greater_equal(member.shape, bound), member.batch_shape
        )

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return members of some shapes with the median of the data, wide enough to hold them."""
        starts = []
        for shape in (fixed["shape"],) if "shape" in fixed else _SHAPES:
            middle = float(distance_at(np.asarray(np.log(2.0)), shape))
            scale = fixed.get("scale", (sample.median() or sample.mean) / middle)
            needed = -shape * sample.high  # what the scale has to exceed
            if "scale" not in fixed:
                scale = max(scale, 1.1 * needed)
            held = min(1.0, 0.9 * scale / needed) if needed > 0.0 else 1.0
            starts.append(cls(shape * held, scale))
        return starts
