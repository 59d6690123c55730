"""The Lomax distribution."""

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
from likeliest.distributions.standards import EXPONENTIAL, GUMBEL_OF_MINIMA
from likeliest.distributions.support import NONNEGATIVE_REALS
from likeliest.numerics.special import log, log1p

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy.typing as npt

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array

_SHAPES = (0.5, 2.0, 10.0)  # of starts


@family
class Lomax(ByRow, ContinuousDistribution):
    """Lomax distribution: losses from 0 on, whose tail falls as a power; also Pareto type II.

    f(x) = shape/scale (1 + x/scale)^(-shape-1) for x ≥ 0.

    Parameters
    ----------
    shape : array of any shape, > 0: the power of the tail. No unit.
    scale : array that broadcasts with `shape`, > 0. In the unit of x.

    Notes
    -----
    It is the generalized Pareto of shape 1/shape and scale scale/shape. Where the tail of the data
    is no heavier than exponential, the likelihood rises as both parameters go to infinity.

    Source: Johnson, Kotz & Balakrishnan (1994), ch. 20.

    Examples
    --------
    >>> float(Lomax(shape=3.0, scale=4.0).mean)
    2.0
    """

    name = "lomax"
    aliases = ("pareto ii",)
    support = NONNEGATIVE_REALS

    shape: Parameter = positive()
    scale: Parameter = positive(power=1)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        k, scale = self.shape, self.scale
        return log(k) - log(scale) - (k + 1.0) * log1p(x / scale)

    def _log_cdf(self, x: Array) -> Array:
        return EXPONENTIAL.log_cdf(self.shape * np.log1p(x / self.scale))

    def _log_sf(self, x: Array) -> Array:
        return -self.shape * np.log1p(x / self.scale)

    def density_terms(self, x: Array) -> Derivatives:
        k, unit = self.shape, 1.0 / self.scale
        z = x * unit
        logs, share = log1p(z), z / (1.0 + z)
        value = log(k) - log(self.scale) - (k + 1.0) * logs
        score = (1.0 / k - logs, unit * ((k + 1.0) * share - 1.0))
        by_scale = unit * unit * (1.0 - (k + 1.0) * share * (2.0 - share))
        return Derivatives(value, score, (0.0 * z - (1.0 / k) * (1.0 / k), unit * share, by_scale))

    def tail_terms(self, x: Array, side: Side) -> Derivatives:
        # By the log of the cumulative hazard, shape log(1 + z).
        k, unit = self.shape, 1.0 / self.scale
        z = x * unit
        logs = np.log1p(z)
        rest = 1.0 / (1.0 + z)
        rate = np.where(z > 0.0, z * rest / logs, 1.0)
        bend = rate * (rest - rate)  # of the rate by log z
        slopes = (1.0 / k, -unit * rate)
        bends = (-(1.0 / k) * (1.0 / k), 0.0, unit * unit * (rate + bend))
        inner = Standardisation(np.log(k) + np.log(logs), slopes, bends)
        return chained(GUMBEL_OF_MINIMA.tail(inner.z, side), inner)

    def _quantile(self, q: Array) -> Array:
        return self.scale * np.expm1(EXPONENTIAL.quantile(q) / self.shape)

    def _upper_quantile(self, q: Array) -> Array:
        return self.scale * np.expm1(EXPONENTIAL.upper_quantile(q) / self.shape)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x; infinite for shape ≤ 1."""
        finite = np.greater(self.shape, 1.0)
        return np.where(finite, self.scale / (np.where(finite, self.shape, 2.0) - 1.0), np.inf)[()]

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared; infinite for shape ≤ 2."""
        finite = np.greater(self.shape, 2.0)
        k = np.where(finite, self.shape, 3.0)
        return np.where(finite, (self.scale / (k - 1.0)) ** 2 * (k / (k - 2.0)), np.inf)[()]

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        return np.log(self.scale / self.shape) + 1.0 + 1.0 / self.shape

    # likelihood

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        return "grows without limit as scale → 0: all values are 0" if sample.high == 0.0 else None

    @classmethod
    def is_singular(
        cls, sample: Sample, fixed: Mapping[str, float]
    ) -> Callable[[Self], npt.NDArray[np.bool_]] | None:
        """Return whether the shape is so small that the likelihood is singular on exact zeros."""
        share = share_of_zeros(sample)
        if share == 0.0 or "scale" in fixed:
            return None
        bound = share / (1.0 - share)
        return lambda member: np.broadcast_to(
            np.less_equal(member.shape, bound), member.batch_shape
        )

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return members of some shapes with the median of the data."""
        shapes = (fixed["shape"],) if "shape" in fixed else _SHAPES
        middle = sample.median() or sample.mean
        return [cls(k, middle / np.expm1(np.log(2.0) / k)) for k in shapes]
