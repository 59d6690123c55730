"""The skew normal distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import by_location_and_scale, per_scale
from likeliest.distributions.derivatives import Derivatives, chained_with_shape
from likeliest.distributions.family import family
from likeliest.distributions.log_concave import LogConcave
from likeliest.distributions.parameters import Parameter, positive, real
from likeliest.distributions.sample import average
from likeliest.distributions.support import REALS
from likeliest.numerics.normal_hazard import normal_hazard
from likeliest.numerics.special import HALF_LOG_TWO_PI, LOG_TWO, log, log_ndtr

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array

_SHAPES = (1.0, 4.0)  # of starts: at 0 every likelihood is stationary
_STEPS, _NEAR = 60, 1e-3  # of Newton's method, to where the mode is for all that matters
_SKEWNESS = 2.0 - 0.5 * np.pi
_MEAN_HALF_NORMAL = float(np.sqrt(2.0 / np.pi))


@family
class SkewNormal(LogConcave):
    """Skew normal distribution: a normal whose one side is pressed together.

    f(x) = 2/scale φ(z) Φ(shape z), z = (x - loc)/scale, φ and Φ being the standard normal's
    density and distribution function.

    Parameters
    ----------
    shape : array of any shape: Azzalini's α. No unit; 0 is the normal, > 0 has the long tail above.
    loc : array that broadcasts with `shape`: where the normal that is pressed has its mode; the
        mean is `mean`. In the unit of x.
    scale : array that broadcasts with `shape`, > 0. In the unit of x.

    Notes
    -----
    As shape → ±∞ it becomes a half-normal from `loc` on; where that is likelier than all members,
    as often in small samples, a fit says so. At shape 0 the information is singular: near it the
    errors of the three parameters are large together, while those of `mean`, `std` and `skewness`
    are not.

    Source: Azzalini (1985); Azzalini & Capitanio (2014), ch. 2 and 3.

    Examples
    --------
    >>> round(float(SkewNormal(shape=3.0, loc=0.0, scale=1.0).mean), 4)
    0.7569
    """

    name = "skew normal"
    support = REALS
    special_cases = {"normal": {"shape": 0.0}}
    concentrates = {"scale": "0"}
    centre = "loc"

    shape: Parameter = real(power=0)
    loc: Parameter = real(power=1)
    scale: Parameter = positive(power=1)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        z = (x - self.loc) / self.scale
        return _log_density(self.shape, z) - log(self.scale)

    def density_terms(self, x: Array) -> Derivatives:
        z, first, second = by_location_and_scale(x, self.loc, self.scale)
        inner = Derivatives(z, (0.0, *first), (0.0, 0.0, 0.0, *second))
        shape, (hazard, rest, _) = self.shape, normal_hazard(-self.shape * z)
        bend = hazard * rest  # of log Φ(shape z), whose slope is the hazard
        outer = Derivatives(
            _log_density(shape, z),
            (z * hazard, -z + shape * hazard),
            (z * z * bend, hazard + shape * z * bend, -1.0 + shape * shape * bend),
        )
        return per_scale(chained_with_shape(outer, inner), self.scale)

    @cached_property
    def _centre(self) -> Parameter:
        return self.loc + self.scale * np.sign(self.shape) * _mode_of(np.abs(self.shape))

    @property
    def _width(self) -> Parameter:
        return self.scale

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        norm = np.hypot(1.0, self.shape)
        side, rest = np.abs(rng.standard_normal(shape)), rng.standard_normal(shape)
        return self.loc + self.scale * (self.shape / norm * side + rest / norm)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x."""
        return self.loc + self.scale * _mean_of(self.shape)

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        mean = _mean_of(self.shape)
        return self.scale * self.scale * (1.0 - mean * mean) + 0.0 * self.loc

    @cached_property
    def skewness(self) -> Parameter:
        """Third standardised moment, between -0.9953 and 0.9953. No unit."""
        mean = _mean_of(self.shape)
        return _SKEWNESS * (mean / np.sqrt(1.0 - mean * mean)) ** 3

    # likelihood

    def notes(self, sample: Sample, estimated: Collection[str]) -> tuple[str, ...]:
        if not sample.exact:
            return ()
        values = np.asarray(sample.values, dtype=np.float64)
        here = average(self.log_prob(values), sample.weights)
        for end, limit in ((sample.low, "∞"), (sample.high, "-∞")):
            scale = np.sqrt(average((values - end) ** 2, sample.weights))
            if LOG_TWO - HALF_LOG_TWO_PI - 0.5 - np.log(scale) > here:
                return (
                    "This is the interior maximum: the likelihood is higher still as shape → "
                    f"{limit}, where it becomes a half-normal from {end:g} on.",
                )
        return ()

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return members skew to the side that the data are, with their mean and spread.

        A climb from the other side would end at shape 0.
        """
        values = np.asarray(sample.values, dtype=np.float64)
        spread = sample.spread() or 1.0
        cubes = average(((values - sample.mean) / spread) ** 3, sample.weights)
        side = -1.0 if cubes < 0.0 else 1.0
        starts = []
        for size in (fixed["shape"],) if "shape" in fixed else _SHAPES:
            shape = size if "shape" in fixed else side * size
            mean = float(_mean_of(shape))
            scale = fixed.get("scale", spread / np.sqrt(1.0 - mean * mean))
            starts.append(cls(shape, sample.mean - scale * mean, scale))
        return starts

    @classmethod
    def other_starts(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return the starts from the other side: that of the values may be the censoring's."""
        if "shape" in fixed:
            return []
        middle = 2.0 * sample.mean
        return [cls(-one.shape, middle - one.loc, one.scale) for one in cls.start(sample, fixed)]


def _log_density(shape: Parameter, z: Array) -> Array:
    return LOG_TWO - HALF_LOG_TWO_PI - 0.5 * z * z + log_ndtr(shape * z)


def _mean_of(shape: Parameter) -> Parameter:
    """Return the mean of z."""
    return _MEAN_HALF_NORMAL * shape / np.hypot(1.0, shape)


def _mode_of(shape: Parameter) -> Parameter:
    """Return the mode of z for a shape ≥ 0: Newton's method on the slope, which is convex there."""
    z = 0.0 * shape
    for _ in range(_STEPS):
        hazard, rest, _ = normal_hazard(-shape * z)
        step = (shape * hazard - z) / (1.0 - shape * shape * hazard * rest)
        z = z + step
        if np.all(step <= _NEAR * z):
            break
    return z
