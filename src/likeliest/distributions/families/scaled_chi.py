"""Base of the half-normal, Rayleigh and Maxwell: x/scale is the length of a normal vector."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np

from likeliest.distributions.bases import ExponentialFamily, inside_support
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Derivatives, Side, Standardisation, chained
from likeliest.distributions.standards import tail_jet
from likeliest.numerics.logs import Log

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.parameters import Parameter
    from likeliest.distributions.sample import Sample
    from likeliest.distributions.statistics import SufficientStatistics
    from likeliest.numerics.arrays import Array

_ORDINARY = (1e-100, 1e100)  # squares of values with such a mean stay within float64


class ScaledChi(ExponentialFamily, ContinuousDistribution):
    """A family whose x/scale has the χ distribution with a number of degrees of freedom.

    Class attributes that a family states
    -------------------------------------
    degrees : float
        How many normal errors there are: the mean of (x/scale)².
    log_peak : float
        The logarithm of the density of z = x/scale over z^(degrees-1) exp(-z²/2).
    """

    degrees: ClassVar[float]
    log_peak: ClassVar[float]
    scale: Parameter

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        z = x / self.scale
        return ((z * z - self.degrees) / self.scale,)

    def information(self) -> tuple[Parameter, ...]:
        return (2.0 * self.degrees / (self.scale * self.scale),)

    @classmethod
    def pivot(cls, sample: Sample, fixed: Mapping[str, float]) -> float:
        """Return 1, which costs no pass, unless squares of the values could leave float64."""
        mean = sample.mean
        is_ordinary = np.greater(mean, _ORDINARY[0]) & np.less(mean, _ORDINARY[1])
        return np.where(is_ordinary, 1.0, mean)[()]  # type: ignore[return-value]  # of many samples

    @staticmethod
    def statistics(x: Array, pivot: float) -> tuple[Array | Log, ...]:
        return squares_over(x, pivot), Log(x)

    @classmethod
    def maximize(cls, statistics: SufficientStatistics) -> Self:
        scale = statistics.pivot * np.sqrt(statistics.mean[0] / cls.degrees)
        return cls(scale)  # type: ignore[call-arg]  # each family declares it

    def mean_score(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        at_pivot = statistics.pivot / self.scale
        return ((statistics.mean[0] * at_pivot * at_pivot - self.degrees) / self.scale,)

    def hessian_of(self, n: Parameter, score: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
        return (-(2.0 * self.degrees * n / self.scale + 3.0 * score[0]) / self.scale,)

    @inside_support
    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        # By log z: of a value far below the scale, 1/z has no square.
        z, unit = x / self.scale, 1.0 / self.scale
        inner = Standardisation(z, (-unit,), (unit * unit,))
        log_tail = self._log_cdf(x) if side is Side.BELOW else self._log_sf(x)
        of_log = self.log_peak + self.degrees * np.log(z) - 0.5 * z * z
        return chained(tail_jet(log_tail, of_log, self.degrees - z * z, side), inner)


def squares_over(x: Array, pivot: float) -> Array:
    """Return (x/pivot)²."""
    y = x if np.all(pivot == 1.0) else x * (1.0 / pivot)
    return y * y
