"""The exponentially modified Gaussian distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.derivatives import Derivatives
from likeliest.distributions.family import family
from likeliest.distributions.log_concave import LogConcave
from likeliest.distributions.parameters import Parameter, positive, real
from likeliest.distributions.sample import average
from likeliest.distributions.support import REALS
from likeliest.numerics.arrays import where
from likeliest.numerics.normal_hazard import normal_hazard
from likeliest.numerics.special import erfcx, log, log_ndtr

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array

_SHARES = (0.3, 0.8, 0.95)  # of the standard deviation that starts give to the delay
_STEPS = 12  # of Newton's method, to the mode
_SMALL = 0.3  # a hazard below which the density stands for it
_ROOT_HALF = float(np.sqrt(0.5))
_ROOT_TWO_PI = float(np.sqrt(2.0 * np.pi))


@family
class ExponentiallyModifiedGaussian(LogConcave):
    """Exponentially modified Gaussian: a normal value delayed by an exponential wait.

    f(x) = exp(r²/2 - r z) Φ(z - r)/delay, z = (x - loc)/scale, r = scale/delay, Φ being the
    standard normal's distribution function. Reaction times, and peaks in chromatography.

    Parameters
    ----------
    loc : array of any shape: the mean of the normal part. In the unit of x.
    scale : array that broadcasts with `loc`, > 0: its standard deviation. In the unit of x.
    delay : array that broadcasts with `loc`, > 0: the mean of the exponential part. In the unit
        of x.

    Notes
    -----
    As delay → 0 it becomes a normal, as scale → 0 an exponential from `loc` on; where one of them
    is likelier than all members, as the normal is of values that are skew to the left, a fit says
    so. SciPy's `exponnorm` has K = delay/scale.

    Source: Grushka (1972).

    Examples
    --------
    >>> float(ExponentiallyModifiedGaussian(loc=300.0, scale=40.0, delay=100.0).mean)
    400.0
    """

    name = "exponentially modified gaussian"
    aliases = ("ex-gaussian", "emg")
    support = REALS
    concentrates = {"scale": "0", "delay": "0"}
    centre = "loc"

    loc: Parameter = real(power=1)
    scale: Parameter = positive(power=1)
    delay: Parameter = positive(power=1)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        z, ratio = (x - self.loc) / self.scale, self.scale / self.delay
        v = ratio - z
        late = v < 0.0  # of x that the delay made: elsewhere its exponential could overflow
        of_delay = ratio * (0.5 * ratio - z) + log_ndtr(-v)
        early = log(0.5 * erfcx(where(late, 0.0, v) * _ROOT_HALF)) - 0.5 * z * z
        return where(late, of_delay, early) - log(self.delay)

    def density_terms(self, x: Array) -> Derivatives:
        per_scale, per_delay = 1.0 / self.scale, 1.0 / self.delay
        z, ratio = (x - self.loc) * per_scale, self.scale * per_delay
        v = ratio - z
        hazard, first, second = normal_hazard(v)
        late = v < 0.0
        # What v less the hazard adds to z, and to z² with its derivative by the scale.
        pull = where(late, ratio - hazard, first + z)
        spread = where(late, ratio * ratio - hazard * (ratio + z), first * ratio + z * pull)
        by_scale, by_delay = per_delay + z * per_scale, -ratio * per_delay  # of v
        return Derivatives(
            self._log_prob(x),
            (pull * per_scale, spread * per_scale, first * by_delay - per_delay),
            (
                (second - 1.0) * per_scale * per_scale,
                (second * by_scale - (pull + z) * per_scale) * per_scale,
                second * by_delay * per_scale,
                second * by_scale * by_scale - (2.0 * pull + z) * z * per_scale * per_scale,
                second * by_scale * by_delay - first * per_delay * per_delay,
                second * by_delay * by_delay + (2.0 * first * ratio + 1.0) * per_delay * per_delay,
            ),
        )

    @cached_property
    def _centre(self) -> Parameter:
        ratio = self.scale / self.delay
        return self.loc + self.scale * (ratio - _at_hazard(ratio))

    @property
    def _width(self) -> Parameter:
        return self.std

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return rng.normal(self.loc, self.scale, shape) + self.delay * rng.standard_exponential(
            shape
        )

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x."""
        return self.loc + self.delay + 0.0 * self.scale

    @cached_property
    def std(self) -> Parameter:
        """Standard deviation, in the unit of x."""
        return np.hypot(self.scale, self.delay) + 0.0 * self.loc

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        return self.std * self.std

    # likelihood

    def notes(self, sample: Sample, estimated: Collection[str]) -> tuple[str, ...]:
        if not self._is_below_edge(sample):
            return ()
        return (
            "This is the interior maximum: the likelihood is higher still as scale → 0, where it "
            f"becomes an exponential from {sample.low:g} on.",
        )

    def without_top(self, sample: Sample) -> tuple[str, str] | None:
        if not self._is_below_edge(sample):
            return None
        return (
            "has no maximum: it rises as scale → 0, where it becomes an exponential from "
            f"{sample.low:g} on",
            "fix the scale, or fit an exponential to the distances from there.",
        )

    def _is_below_edge(self, sample: Sample) -> bool:
        """Whether an exponential from the least value on is likelier."""
        if not sample.exact:
            return False
        here = average(self.log_prob(sample.values), sample.weights)
        return bool(-1.0 - np.log(sample.mean - sample.low) > here)

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return members of some skewness with the mean and the spread of the data."""
        spread = sample.spread() or 1.0
        starts = []
        for share in _SHARES:
            delay = fixed.get("delay", share * spread)
            rest = max(spread * spread - delay * delay, 0.01 * spread * spread)
            scale = fixed.get("scale", float(np.sqrt(rest)))
            starts.append(cls(sample.mean - delay, scale, delay))
        return starts


def _at_hazard(hazard: Parameter) -> Parameter:
    """Return the v at which φ(v)/P(Z > v) has a value, by Newton's method on its logarithm."""
    low = np.minimum(hazard, _SMALL)
    beside_full = -np.sqrt(-2.0 * np.log(low * _ROOT_TWO_PI))
    v = np.where(np.greater(hazard, _SMALL), hazard - 1.0 / hazard, beside_full)
    for _ in range(_STEPS):
        there, rest, _ = normal_hazard(v)
        v = v + np.log(there / hazard) / rest
    return v
