"""The Weibull distribution of maxima."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

from likeliest.distributions.bases import ByRow
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import (
    Derivatives,
    Jet,
    Side,
    Standardisation,
    added,
    chained,
)
from likeliest.distributions.families.gev import GEV
from likeliest.distributions.families.weibull import Weibull
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive, real
from likeliest.distributions.standards import GUMBEL_OF_MINIMA
from likeliest.distributions.support import REALS, Support
from likeliest.numerics.saddlepoint import log_ratio
from likeliest.numerics.special import exp, log

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import numpy as np

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array

_USUAL_ERRORS_FROM = 2.0  # of the shape
_NEAR_IRREGULAR, _ENDLESS = 1.05, 100.0  # of the shape, where a climb came to no maximum


@family
class WeibullOfMaxima(ByRow, ContinuousDistribution):
    """Weibull distribution of maxima: the greatest of values that cannot exceed an end.

    f(x) = shape/scale r^(shape-1) exp(-r^shape), r = (end - x)/scale, for x < end.

    Parameters
    ----------
    shape : array of any shape, > 0. No unit.
    end : array that broadcasts with `shape`: what no value exceeds. In the unit of x.
    scale : array that broadcasts with `shape`, > 0. In the unit of x.

    Notes
    -----
    It is the GEV of shape -1/shape. A fit keeps the shape above 1: below, the likelihood grows
    without limit as the end nears the greatest value. Where the data show no end, the likelihood
    rises as shape, end and scale go to infinity, towards that of the Gumbel.

    Source: Coles (2001), section 3.1.3; Smith (1985).

    Examples
    --------
    >>> round(float(WeibullOfMaxima(shape=2.0, end=10.0, scale=3.0).cdf(7.0)), 4)
    0.3679
    """

    name = "weibull of maxima"
    aliases = ("reversed weibull",)
    support = REALS
    concentrates = {"shape": "∞"}

    shape: Parameter = positive(regular_above=1.0)
    end: Parameter = real(power=1)
    scale: Parameter = positive(power=1)

    def bounds(self) -> Support:
        return Support(high=self.end)

    # evaluation, by w = shape log r: of a standard Gumbel of minima

    def _w(self, x: Array) -> Array:
        return self.shape * log_ratio(self.end - x, self.scale)

    def _log_prob(self, x: Array) -> Array:
        w = self._w(x)
        return log(self.shape) - log(self.end - x) + w - exp(w)

    def _log_cdf(self, x: Array) -> Array:
        return GUMBEL_OF_MINIMA.log_sf(self._w(x))

    def _log_sf(self, x: Array) -> Array:
        return GUMBEL_OF_MINIMA.log_cdf(self._w(x))

    def _standardise(self, x: Array) -> Standardisation:
        k, below, unit = self.shape, self.end - x, 1.0 / self.scale
        logs, near = log_ratio(below, self.scale), 1.0 / below
        slopes = (logs, k * near, -k * unit)
        bends = (0.0, near, -unit, -k * near * near, 0.0, k * unit * unit)
        return Standardisation(k * logs, slopes, bends)

    def density_terms(self, x: Array) -> Derivatives:
        inner = self._standardise(x)
        power, unit, near = exp(inner.z), 1.0 / self.shape, 1.0 / (self.end - x)
        outer = Jet(inner.z - power, 1.0 - power, -power)
        front = Derivatives(
            log(self.shape) + log(near),
            (unit, -near, 0.0),
            (-unit * unit, 0.0, 0.0, near * near, 0.0, 0.0),
        )
        return added(chained(outer, inner), front)

    def tail_terms(self, x: Array, side: Side) -> Derivatives:
        inner = self._standardise(x)
        return chained(GUMBEL_OF_MINIMA.tail(inner.z, Side(-side.value)), inner)

    def _quantile(self, q: Array) -> Array:
        return self.end - self._mirrored._upper_quantile(q)  # noqa: SLF001

    def _upper_quantile(self, q: Array) -> Array:
        return self.end - self._mirrored._quantile(q)  # noqa: SLF001

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return self.end - self.scale * rng.standard_exponential(shape) ** (1.0 / self.shape)

    @property
    def _mirrored(self) -> Weibull:
        """Return the distribution of what lacks to the end."""
        return Weibull.unchecked(shape=self.shape, scale=self.scale)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x."""
        return self.end - self._mirrored.mean

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        return self._mirrored.var + 0.0 * self.end

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        return self._mirrored.entropy + 0.0 * self.end

    # likelihood

    def notes(self, sample: Sample, estimated: Collection[str]) -> tuple[str, ...]:
        if self.shape >= _USUAL_ERRORS_FROM:
            return ()
        return (
            f"The shape, {self.shape:.3g}, lies below 2: the end of the support is estimated "
            "better than by the root of n, and standard errors are not the usual ones (Smith "
            "1985).",
        )

    def without_top(self, sample: Sample) -> tuple[str, str] | None:
        """Say whether the likelihood rises towards a Gumbel's, or to where it is irregular."""
        if not sample.exact:
            return None
        if self.shape > _ENDLESS:
            return (
                "has no maximum: it rises as shape → ∞ along with end and scale, towards that of "
                "a Gumbel, for the values show no end",
                'fit "gumbel" or "gev", or fix the end.',
            )
        if self.shape < _NEAR_IRREGULAR:
            return (
                "has no maximum with a shape above 1: it rises as shape → 1, and below grows "
                f"without limit as end → {sample.high:g}, the greatest value",
                "fix the shape or the end, or choose another family.",
            )
        return None

    @classmethod
    def centre_of(cls, fixed: Mapping[str, float]) -> float | None:
        has_both = "end" in fixed and "scale" in fixed
        return fixed["end"] - fixed["scale"] if has_both else None

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return members of some shapes with the quartiles of the data, wide enough to hold them.

        They are those that a GEV starts from, of the shapes that have an end.
        """
        shapes = (fixed["shape"],) if "shape" in fixed else _SHAPES
        starts = []
        for k in shapes:
            (gev,) = GEV.start(sample, {"shape": -1.0 / k})
            scale = float(gev.scale) * k
            end = fixed.get("end", float(gev.loc) + scale)
            scale = fixed.get("scale", scale if "end" not in fixed else end - sample.median())
            starts.append(cls(k, end, scale))
        return starts


_SHAPES = (1.5, 3.0, 8.0, 30.0)  # of starts
