"""The asymmetric Laplace distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ByRow
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.corner import Corner
from likeliest.distributions.derivatives import Derivatives, Side, complement
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive, real
from likeliest.distributions.support import REALS
from likeliest.numerics.arrays import where
from likeliest.numerics.special import log, log1mexp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array


@family
class AsymmetricLaplace(ByRow, ContinuousDistribution):
    """Asymmetric Laplace distribution: errors of exponential size, larger to one side.

    f(x) = exp(-asymmetry (x - loc)/scale) / c for x ≥ loc, exp((x - loc)/(asymmetry scale)) / c
    below, c = scale (asymmetry + 1/asymmetry).

    Parameters
    ----------
    asymmetry : array of any shape, > 0: < 1 for larger errors above. SciPy's kappa. No unit; 1 is
        the Laplace.
    loc : array that broadcasts with `asymmetry`: the mode. In the unit of x.
    scale : array that broadcasts with `asymmetry`, > 0. In the unit of x.

    Notes
    -----
    The estimate of loc is one of the values, at which the likelihood has a corner; standard errors
    come from the sum of outer products of the rows' scores. Where it is highest at the least or the
    greatest value, the likelihood rises towards that of an exponential from there on.

    Source: Kotz, Kozubowski & Podgórski (2001), sections 3.1 and 3.5.

    Examples
    --------
    >>> round(float(AsymmetricLaplace(asymmetry=2.0, loc=3.0, scale=1.0).cdf(3.0)), 12)
    0.8
    """

    name = "asymmetric laplace"
    support = REALS
    special_cases = {"laplace": {"asymmetry": 1.0}}
    concentrates = {"scale": "0"}
    centre = "loc"
    corners = {"loc": Corner.INSIDE}
    starts_highest = ("loc",)

    asymmetry: Parameter = positive()
    loc: Parameter = real(power=1)
    scale: Parameter = positive(power=1)

    # evaluation

    def _rate(self, z: Array) -> Array:
        """Return by how much the log density falls with z: less than 0 below the mode."""
        return where(z < 0.0, -1.0 / self.asymmetry, self.asymmetry + 0.0 * z)

    def _log_prob(self, x: Array) -> Array:
        z, k = (x - self.loc) / self.scale, self.asymmetry
        return -self._rate(z) * z - log(self.scale) - log(k + 1.0 / k)

    def density_terms(self, x: Array) -> Derivatives:
        k, unit = self.asymmetry, 1.0 / self.scale
        z = (x - self.loc) * unit
        below, rate, own = z < 0.0, self._rate(z), 1.0 / k
        turn = where(below, own * own, 1.0 + 0.0 * z)  # of the rate by the asymmetry
        square = 1.0 + k * k
        slope, bend = 2.0 * k / square - own, 2.0 * (1.0 - k * k) / square / square + own * own
        score = (-turn * z - slope, unit * rate, unit * (rate * z - 1.0))
        hessian = (
            where(below, 2.0 * own * own * own * z, 0.0 * z) - bend,
            unit * turn,
            unit * turn * z,
            0.0 * z,
            -unit * unit * rate,
            unit * unit * (1.0 - 2.0 * rate * z),
        )
        return Derivatives(-rate * z - log(self.scale) - log(k + own), score, hessian)

    def _log_outer(self, z: Array) -> Array:
        """Return the log of the tail away from the mode, which is linear in z."""
        share = np.where(z < 0.0, 2.0 * np.log(self.asymmetry), 0.0)
        return share - np.log1p(self.asymmetry**2) - self._rate(z) * z

    def _log_cdf(self, x: Array) -> Array:
        z = (x - self.loc) / self.scale
        outer = self._log_outer(z)
        return np.where(z < 0.0, outer, log1mexp(outer))

    def _log_sf(self, x: Array) -> Array:
        z = (x - self.loc) / self.scale
        outer = self._log_outer(z)
        return np.where(z < 0.0, log1mexp(outer), outer)

    def tail_terms(self, x: Array, side: Side) -> Derivatives:
        k, unit = self.asymmetry, 1.0 / self.scale
        z = (x - self.loc) * unit
        below, rate, own = z < 0.0, self._rate(z), 1.0 / k
        turn, square = np.where(below, own * own, 1.0), 1.0 + k * k
        by_k = np.where(below, 2.0 * own, 0.0) - 2.0 * k / square - turn * z
        bend = np.where(below, 2.0 * own**3 * z - 2.0 * own * own, 0.0)
        outer = Derivatives(
            self._log_outer(z),
            (by_k, unit * rate, unit * rate * z),
            (
                bend - 2.0 * (1.0 - k * k) / (square * square),
                unit * turn,
                unit * turn * z,
                0.0 * z,
                -unit * unit * rate,
                -2.0 * unit * unit * rate * z,
            ),
        )
        inner = complement(outer)
        is_outer = below == (side is Side.BELOW)

        def either(a: Parameter, b: Parameter) -> Array:
            return np.where(is_outer, a, b)

        return Derivatives(
            either(outer.log_prob, inner.log_prob),
            tuple(map(either, outer.score, inner.score)),
            tuple(map(either, outer.hessian, inner.hessian)),
        )

    def _quantile(self, q: Array) -> Array:
        k = self.asymmetry
        share = 1.0 / (1.0 + 1.0 / (k * k))  # below the mode
        lower = k * np.log(np.minimum(q / share, 1.0))
        upper = -np.log(np.minimum((1.0 - q) * (1.0 + k * k), 1.0)) / k
        return self.loc + self.scale * np.where(q < share, lower, upper)

    def _upper_quantile(self, q: Array) -> Array:
        mirrored = AsymmetricLaplace.unchecked(
            asymmetry=1.0 / self.asymmetry, loc=-self.loc, scale=self.scale
        )
        return -mirrored._quantile(q)  # noqa: SLF001

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        above, below = rng.standard_exponential((2, *shape))
        return self.loc + self.scale * (above / self.asymmetry - below * self.asymmetry)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x."""
        return self.loc + self.scale * (1.0 / self.asymmetry - self.asymmetry)

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        square = np.square(self.asymmetry)
        return self.scale * self.scale * (1.0 / square + square)

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        return 1.0 + np.log(self.scale) + np.log(self.asymmetry + 1.0 / self.asymmetry)

    # likelihood

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        reason = super().unbounded(sample, fixed)
        if reason or fixed or not sample.exact or sample.truncated:
            return reason
        values, above, below = _around(sample)
        at = _best(above, below)
        if 0 < at < values.size - 1:
            return None
        limit, where_from = ("0", "least value up") if at == 0 else ("∞", "greatest value down")
        return (
            f"rises as asymmetry → {limit} with loc → {values[at]:g}: towards that of an "
            f"exponential from the {where_from}"
        )

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return the likeliest member: of each value as the mode the others have a formula."""
        values, above, below = _around(sample)
        if "loc" in fixed:
            off = np.asarray(sample.values, dtype=np.float64) - fixed["loc"]
            loc = fixed["loc"]
            up = float(np.average(np.maximum(off, 0.0), weights=sample.weights))
            down = float(np.average(np.maximum(-off, 0.0), weights=sample.weights))
        else:
            at = _best(above, below)
            loc, up, down = float(values[at]), float(above[at]), float(below[at])
        least = 1e-3 * (up + down) or 1.0
        up, down = max(up, least), max(down, least)
        k = fixed.get("asymmetry", (down / up) ** 0.25)
        return [cls(k, loc, fixed.get("scale", k * up + down / k))]


def _around(sample: Sample) -> tuple[Array, Array, Array]:
    """Return the distinct values in order, with the mean excess over each and the mean lack."""
    x = np.asarray(sample.values, dtype=np.float64)
    order = np.argsort(x, kind="stable")
    x = x[order]
    w = np.full(x.size, 1.0) if sample.weights is None else np.asarray(sample.weights)[order]
    w = w / w.sum()
    off = x - x[x.size // 2]  # sums about the middle keep their digits
    share, part = np.cumsum(w), np.cumsum(w * off)
    below = share * off - part
    above = (part[-1] - part) - (1.0 - share) * off
    return x, np.maximum(above, 0.0), np.maximum(below, 0.0)


def _best(above: Array, below: Array) -> int:
    """Return the place of the likeliest mode: the density falls as (√above + √below)²."""
    return int(np.argmin(np.sqrt(above) + np.sqrt(below)))
