"""Johnson's SU distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.derivatives import Derivatives, Standardisation
from likeliest.distributions.families.of_normal import OfNormal
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive, real
from likeliest.distributions.sample import first_positive, quantiles
from likeliest.distributions.support import REALS
from likeliest.numerics.special import asinh, exp, log, log_one_plus_square

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array

REGULAR_ABOVE = 0.2
"""The tail below which a likelihood may be on its way to the spike of a scale of 0."""


@family
class JohnsonSU(OfNormal):
    """Johnson's SU distribution: skew as one likes, and of any heavier tails than the normal's.

    f(x) = tail/(scale √(2π (1 + u²))) exp(-z²/2), z = skew + tail asinh u, u = (x - loc)/scale:
    z is standard normal.

    Parameters
    ----------
    skew : array of any shape: < 0 for a longer tail above. SciPy's a, Johnson's γ. No unit.
    tail : array that broadcasts with `skew`, > 0: heavy tails where it is small. SciPy's b,
        Johnson's δ. No unit.
    loc : array that broadcasts with `skew`. In the unit of x.
    scale : array that broadcasts with `skew`, > 0. In the unit of x.

    Notes
    -----
    A fit keeps `tail` above 0.2: as it goes to 0 along with the scale, the likelihood grows without
    limit at any one of the values. Where the data have no heavier tails than a normal or a shifted
    lognormal, it rises as the parameters go to infinity, towards these.

    Source: Johnson (1949); Johnson, Kotz & Balakrishnan (1994), section 12.4.3.

    Examples
    --------
    >>> round(float(JohnsonSU(skew=-1.0, tail=2.0, loc=0.0, scale=1.0).median), 4)
    0.5211
    """

    name = "johnson su"
    aliases = ("su",)
    support = REALS
    concentrates = {"scale": "0"}

    skew: Parameter = real(power=0)
    tail: Parameter = positive(regular_above=REGULAR_ABOVE)
    loc: Parameter = real(power=1)
    scale: Parameter = positive(power=1)

    # evaluation

    def _u(self, x: Array) -> Array:
        return (x - self.loc) / self.scale

    def _z(self, x: Array) -> Array:
        return self.skew + self.tail * asinh(self._u(x))

    def _log_slope(self, x: Array) -> Array:
        return log(self.tail) - log(self.scale) - 0.5 * log_one_plus_square(self._u(x))

    def standardise(self, x: Array) -> Standardisation:
        u, unit, k = self._u(x), 1.0 / self.scale, self.tail
        distance, rate = asinh(u), _rate(u)
        share, square = u * rate, unit * unit
        first = (1.0, distance, -k * unit * rate, -k * unit * share)
        second = (
            *(0.0, 0.0, 0.0, 0.0),
            *(0.0, -unit * rate, -unit * share),
            *(-k * square * share * rate * rate, k * square * rate * (1.0 - share * share)),
            k * square * share * (2.0 - share * share),
        )
        return Standardisation(self.skew + k * distance, first, second)

    def slope_terms(self, x: Array) -> Derivatives:
        u, unit, own = self._u(x), 1.0 / self.scale, 1.0 / self.tail
        rate = _rate(u)
        share = u * rate
        square, bend = unit * unit, 2.0 * share * share - 1.0  # over the rate twice
        score = (0.0, own, unit * share * rate, unit * (share * share - 1.0))
        hessian = (
            *(0.0, 0.0, 0.0, 0.0),
            *(-own * own, 0.0, 0.0),
            *(square * rate * rate * bend, square * share * rate * (bend - 1.0)),
            square * (1.0 + share * share * (bend - 2.0)),
        )
        return Derivatives(self._log_slope(x), score, hessian)

    def _at(self, z: Array) -> Array:
        return self.loc + self.scale * np.sinh((z - self.skew) / self.tail)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x."""
        half, turn = 0.5 / np.square(self.tail), np.divide(self.skew, self.tail)
        return self.loc - self.scale * np.exp(half) * np.sinh(turn)

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        square, turn = 1.0 / np.square(self.tail), np.divide(self.skew, self.tail)
        spread = np.expm1(square) * (np.exp(square) * np.cosh(2.0 * turn) + 1.0)
        return 0.5 * self.scale * self.scale * spread

    # likelihood

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return members of some tails with the median and the quartiles of the data.

        The skewness of the quartiles and of the outer tenths gives two of `skew` for each tail.
        """
        values = np.asarray(sample.values, dtype=np.float64)
        low, first, middle, last, high = quantiles(values, [0.05, 0.25, 0.5, 0.75, 0.95])
        half = first_positive(0.5 * (last - first), sample.spread())
        starts = []
        for below, above, z in ((first, last, _QUARTILE), (low, high, _OUTER)):
            ratio = first_positive(last - first, half) and (above - middle) / max(
                middle - below, 1e-3 * half
            )
            for tail in (fixed["tail"],) if "tail" in fixed else _TAILS:
                # Of a member with skew, the distances from the median are as exp(2 z sinh …).
                turn = float(np.clip(np.log(max(ratio, 1e-3)) * tail / (2.0 * z), -3.0, 3.0))
                skew = fixed.get("skew", -turn * tail)
                unit = cls(skew, tail, 0.0, 1.0)
                quartiles = unit._at(np.array([-_QUARTILE, 0.0, _QUARTILE]))
                scale = fixed.get("scale", 2.0 * half / float(quartiles[2] - quartiles[0]))
                loc = fixed.get("loc", middle - scale * float(quartiles[1]))
                starts.append(cls(skew, tail, loc, scale))
        return starts


def _rate(u: Array) -> Array:
    """Return the slope of asinh u."""
    return exp(-0.5 * log_one_plus_square(u))


_TAILS = (0.7, 1.5, 4.0)  # of starts
_QUARTILE, _OUTER = 0.6744897501960817, 1.6448536269514722
