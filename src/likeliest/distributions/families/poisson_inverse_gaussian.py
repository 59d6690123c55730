"""The Poisson-inverse Gaussian distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.derivatives import Derivatives
from likeliest.distributions.families.inverse_gaussian import InverseGaussian
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive
from likeliest.distributions.summed import Summed
from likeliest.distributions.support import COUNTS
from likeliest.numerics import counts
from likeliest.numerics.arrays import where
from likeliest.numerics.bessel_ratio import (
    FEW,
    log_correction,
    log_ratio_of_few,
    log_ratio_slopes_of_many,
    order_terms,
)
from likeliest.numerics.saddlepoint import stirling_error
from likeliest.numerics.special import HALF_LOG_TWO_PI, gammaln, log, log1p, sqrt

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array, Number


@family
class PoissonInverseGaussian(Summed):
    """Poisson-inverse Gaussian distribution: a Poisson whose rate is itself inverse Gaussian.

    p(x) = √(2α/π) exp(1/d) K_(x-½)(α) (mean/(α d))^x/x! for x = 0, 1, 2, …, d = dispersion,
    α = √(1 + 2 mean d)/d, K being the modified Bessel function. Its tail is longer than the
    negative binomial's.

    Parameters
    ----------
    mean : array of any shape, > 0.
    dispersion : array that broadcasts with `mean`, > 0: the squared coefficient of variation of
        the rate, so that the variance is mean + dispersion mean². No unit.

    Notes
    -----
    As dispersion → 0 it becomes the Poisson; where that is likelier than all members, a fit says
    so.

    Source: Holla (1967); Willmot (1987).

    Examples
    --------
    >>> round(float(PoissonInverseGaussian(mean=4.0, dispersion=0.5).pmf(0)), 4)
    0.0844
    """

    name = "poisson-inverse gaussian"
    aliases = ("pig",)
    support = COUNTS

    mean: Parameter = positive()
    dispersion: Parameter = positive()

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        m, d = self.mean, self.dispersion
        root = sqrt(1.0 + 2.0 * m * d)
        s, rate, none = d / root, m / root, 2.0 * m / (1.0 + root)  # the last is -log p(0)
        few = x <= FEW
        a, b = where(few, x, 0.0), where(few, 2.0 * FEW, x)
        of_few = log_ratio_of_few(a, s).value + a * log(rate) - gammaln(a + 1.0) - none
        order, t, w = order_terms(b, s)
        # Near the Poisson, and away from it: each form is without what cancels in the other.
        short = t < 1.0
        near, far = where(short, t, 0.0), where(short, 1.0, t)
        of_near = order * (log1p(near + near * near / (1.0 + w)) - near / (1.0 + w))
        of_near = (
            of_near + counts.poisson_of_log(b, log(rate), rate) - none * d * rate / (1.0 + root)
        )
        rise = 1.0 / (w + far)
        of_far = order * (log1p(0.5 * rise / far) + (1.0 + rise) / (1.0 + w) + log1p(-0.5 / b))
        of_far = of_far + b * _log_ratio(m * d) - 0.5 * log(2.0 * s) - log(b)
        of_far = of_far + (0.5 - HALF_LOG_TWO_PI) - stirling_error(b) - none
        of_rest = where(short, of_near, of_far) + log_correction(order, t, w)
        return where(few, of_few, of_rest)

    def density_terms(self, x: Array) -> Derivatives:
        m, d = self.mean, self.dispersion
        more, square = 1.0 + m * d, 1.0 + 2.0 * m * d
        root = sqrt(square)
        cube, fifth, s = square * root, square * square * root, d / root
        few = x <= FEW
        of_few = log_ratio_of_few(where(few, x, 0.0), s)
        of_rest = log_ratio_slopes_of_many(where(few, 2.0 * FEW, x), s)
        first, second = (where(few, *pair) for pair in zip(of_few[1:], of_rest, strict=True))
        by_mean, by_d = -d * d / cube, more / cube  # of s
        whole = 1.0 + root
        return Derivatives(
            self._log_prob(x),
            (
                x * more / (m * square) - 1.0 / root + first * by_mean,
                2.0 * m * m / (root * whole**2) - x * m / square + first * by_d,
            ),
            (
                x * (d / (m * square) - more / (m * m * square) - 2.0 * more * d / (m * square**2))
                + d / cube
                + second * by_mean * by_mean
                + 3.0 * first * d**3 / fifth,
                m / cube
                - x / (square * square)
                + second * by_mean * by_d
                - first * d * (1.0 + more) / fifth,
                2.0 * x * m * m / (square * square)
                - 2.0 * m**3 * (1.0 + 3.0 * root) / (cube * whole**3)
                + second * by_d * by_d
                - first * m * (1.0 + more) / fifth,
            ),
        )

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        rates = InverseGaussian.unchecked(mean=self.mean, shape=self.mean / self.dispersion)
        drawn = rates._sample(shape, rng)  # noqa: SLF001
        return np.asarray(rng.poisson(drawn), dtype=np.float64)

    # moments

    @cached_property
    def var(self) -> Parameter:
        """Variance."""
        return self.mean * (1.0 + self.dispersion * self.mean)

    # likelihood

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        if sample.high > 0 or not sample.exact:  # that X > 0 stands in the data as 0
            return None
        if "mean" in fixed:
            held = "dispersion" in fixed
            return None if held else "rises towards 1 as dispersion → ∞: all values are 0"
        return "rises towards 1 as mean → 0, whatever the rest: all values are 0 (fit poisson)"

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """From the mean and the dispersion that the variance asks for."""
        mean = sample.mean
        asked = (sample.spread() ** 2 - mean) / (mean * mean)
        return [cls(mean, float(np.clip(asked, 0.01, 100.0))), cls(mean, 1.0)]


def _log_ratio(product: Number) -> Number:
    """Return the log of 2 product/(1 + 2 product), of which each mass is nearly the last's."""
    small = product < 1.0
    near, far = where(small, product, 1.0), where(small, 1.0, product)
    return where(small, log(2.0 * near / (1.0 + 2.0 * near)), log1p(-1.0 / (1.0 + 2.0 * far)))
