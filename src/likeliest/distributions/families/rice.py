"""The Rice distribution."""

from __future__ import annotations

from functools import cached_property
from math import factorial, prod
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ByRow
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Derivatives, Side, complement
from likeliest.distributions.families.from_centre import Angular, density_terms
from likeliest.distributions.families.rayleigh import Rayleigh
from likeliest.distributions.family import family
from likeliest.distributions.inversion import positive_quantile
from likeliest.distributions.parameters import Parameter, positive
from likeliest.distributions.quadrature import expectation
from likeliest.distributions.support import POSITIVE_REALS
from likeliest.numerics.bessel import log_i0e, ratio
from likeliest.numerics.outward import log_integral
from likeliest.numerics.special import log, log1mexp, polynomial

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array


@family
class Rice(ByRow, ContinuousDistribution):
    """Rice distribution: the strength of a signal in noise, as in magnetic resonance images.

    f(x) = x/scale² exp(-(x² + distance²)/(2 scale²)) I₀(x distance/scale²) for x > 0, I₀ the
    modified Bessel function: how far from a point two normal errors lead.

    Parameters
    ----------
    distance : array of any shape, ≥ 0: the signal without noise. In the unit of x; 0 is the
        Rayleigh.
    scale : array that broadcasts with `distance`, > 0: the standard deviation of the noise in each
        of its two parts. In the unit of x.

    Source: Rice (1945), equation 3.10-11; Johnson, Kotz & Balakrishnan (1994), ch. 18.

    Examples
    --------
    >>> round(float(Rice(distance=2.0, scale=1.0).mean), 4)
    2.2724
    """

    name = "rice"
    aliases = ("rician",)
    support = POSITIVE_REALS
    special_cases = {"rayleigh": {"distance": 0.0}}
    concentrates = {"scale": "0"}
    centre = "distance"

    distance: Parameter = positive(power=1, zero=True)
    scale: Parameter = positive(power=1)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        z, t = (x - self.distance) / self.scale, (x / self.scale) * (self.distance / self.scale)
        return log(x / self.scale) - log(self.scale) - 0.5 * z * z + log_i0e(t)

    def _cdf(self, x: Array) -> Array:
        return np.exp(self._log_cdf(x))

    def _sf(self, x: Array) -> Array:
        return np.exp(self._log_sf(x))

    def _log_cdf(self, x: Array) -> Array:
        return self._log_tail(x, Side.BELOW)

    def _log_sf(self, x: Array) -> Array:
        return self._log_tail(x, Side.ABOVE)

    def _log_tail(self, x: Array, side: Side) -> Array:
        """Return the log of a tail, by quadrature from x away from the middle."""
        x, distance, scale = np.broadcast_arrays(x, self.distance, self.scale)
        shape, columns = x.shape, (x.ravel(), distance.ravel(), scale.ravel())
        x, distance, scale = columns
        upper = x > np.hypot(distance, scale)
        unit = np.where(upper, 1.0, -1.0) * scale / (1.0 + np.abs(x - distance) / scale)
        most = np.where(upper, np.inf, -x / unit)

        def log_density(y: Array, rows: slice) -> Array:
            member = Rice.unchecked(distance=distance[rows, None], scale=scale[rows, None])
            return member._log_prob(np.maximum(y, _LEAST))  # noqa: SLF001

        shorter = log_integral(log_density, x, unit, most)
        is_own = upper == (side is Side.ABOVE)
        value = np.where(is_own, shorter, log1mexp(np.minimum(shorter, -_LEAST)))
        return value.reshape(shape)[()]

    def density_terms(self, x: Array) -> Derivatives:
        t = (x / self.scale) * (self.distance / self.scale)
        _, rest, slope = ratio(t)
        peak = log(x / self.scale) - log(self.scale)
        angular = Angular(log_i0e(t), rest, slope)
        return density_terms(x, (self.distance, self.scale), 2, angular, peak)

    def tail_terms(self, x: Array, side: Side) -> Derivatives:
        # Of Marcum's Q of a = distance/scale and b = x/scale, whose slopes are elementary.
        unit = 1.0 / self.scale
        a, b = self.distance * unit, x * unit
        t = a * b
        above = self._log_tail(x, Side.ABOVE)
        front = np.exp(log_i0e(t) - 0.5 * (a - b) ** 2 - above)
        value, _, slope = ratio(t)
        over = 1.0 - slope - value * value  # the ratio over t
        by_a, by_b = b * front * value, -b * front
        twice_a = b * front * (b - a * value - b * over)
        mixed = b * front * (a - b * value)
        twice_b = front * (b * b - 1.0 - t * value)
        radial = -(a * by_a + b * by_b)
        bend = a * a * twice_a + 2.0 * t * mixed + b * b * twice_b - 2.0 * radial
        terms = Derivatives(
            above,
            (unit * by_a, unit * radial),
            (
                unit * unit * (twice_a - by_a * by_a),
                unit * unit * (-(by_a + a * twice_a + b * mixed) - by_a * radial),
                unit * unit * (bend - radial * radial),
            ),
        )
        return terms if side is Side.ABOVE else complement(terms)

    def _quantile(self, q: Array) -> Array:
        return positive_quantile(self, q, Side.BELOW, self._usual())

    def _upper_quantile(self, q: Array) -> Array:
        return positive_quantile(self, q, Side.ABOVE, self._usual())

    def _usual(self) -> Parameter:
        """Return a value near the middle."""
        return np.hypot(self.distance, self.scale)

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        one, other = rng.standard_normal((2, *shape))
        return np.hypot(self.distance + self.scale * one, self.scale * other)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x."""
        return self.distance + self._excess()

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        excess = self._excess()
        return 2.0 * self.scale * self.scale - excess * (2.0 * self.distance + excess)

    def _excess(self) -> Parameter:
        """Return by how much the mean exceeds the distance.

        From Laguerre's function of degree ½; of a strong signal from its series, which the
        difference would lose.
        """
        a = np.divide(self.distance, self.scale)
        near, far = np.minimum(a, _STRONG), np.maximum(a, _STRONG)
        h = 0.25 * near * near
        weak = np.sqrt(0.5 * np.pi) * np.exp(log_i0e(h)) * (1.0 + 2.0 * h * (1.0 + ratio(h).value))
        square = 2.0 / (far * far)
        strong = far * square * polynomial(square, _LAGUERRE)
        return self.scale * np.where(a > _STRONG, strong, weak - near)[()]

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats: by quadrature."""
        return expectation(self, lambda member, x: -member.log_prob(x))

    # likelihood

    def at_end(self, name: str) -> str:
        return f"{name} is 0: the best Rice is the Rayleigh, which needs one parameter less."

    def simpler(self) -> Rayleigh | None:
        return Rayleigh(self.scale) if np.all(np.equal(self.distance, 0.0)) else None

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return the member of a strong signal, and one of as much signal as noise."""
        mean, spread = sample.mean, sample.spread() or sample.mean
        size = float(np.hypot(mean, spread))
        return [cls(mean, spread), cls(0.6 * size, 0.55 * size)]


_LEAST = 1e-300
_STRONG = 12.0  # distances in units of the scale from which the series serves
# ((-½)_k)²/k! for k = 1, 2, …: Abramowitz & Stegun 13.5.1.
_LAGUERRE = tuple(prod((j - 0.5) ** 2 for j in range(k)) / factorial(k) for k in range(1, 20))
