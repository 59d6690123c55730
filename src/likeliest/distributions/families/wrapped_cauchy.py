"""The wrapped Cauchy distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ByRow
from likeliest.distributions.derivatives import Derivatives, Side, keep
from likeliest.distributions.families.circular import Circular, turned
from likeliest.distributions.families.student_t import tie_message
from likeliest.distributions.family import family
from likeliest.distributions.intervals import averaged
from likeliest.distributions.parameters import Parameter, real, unit_interval
from likeliest.numerics.special import cos, log, log1p, sin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array

_LOG_TURN = float(np.log(2.0 * np.pi))
_NARROW = 0.1  # of the width of the peak: where differences would lose digits
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(10)


@family
class WrappedCauchy(ByRow, Circular):
    """Wrapped Cauchy distribution: directions about a preferred one, with stragglers all around.

    f(x) = (1 - c²) / (2π (1 + c² - 2 c cos(x - loc))), c the concentration, for -π ≤ x ≤ π, in
    radians: a Cauchy about `loc` of scale -log c, wound around the circle.

    Parameters
    ----------
    loc : array of any shape: the mean direction, from -π to π. In radians.
    concentration : array that broadcasts with `loc`, from 0, the uniform on the circle, to 1: the
        length of the mean of the directions as vectors. No unit.

    Notes
    -----
    `likeliest.angles` makes radians from -π to π of degrees, hours or days of the year.

    Source: Mardia & Jupp (2000), section 3.5.7; Kent & Tyler (1988).

    Examples
    --------
    >>> round(float(WrappedCauchy(loc=0.0, concentration=0.5).cdf(1.0)), 4)
    0.8256
    """

    name = "wrapped cauchy"
    concentrates = {"concentration": "1"}

    loc: Parameter = real()
    concentration: Parameter = unit_interval(zero=True)

    # evaluation

    def _spread(self, x: Array) -> Array:
        """Return 1 + c² - 2 c cos(x - loc), in positive terms."""
        half, c = sin(0.5 * (x - self.loc)), self.concentration
        return (1.0 - c) * (1.0 - c) + 4.0 * c * half * half

    def _log_prob(self, x: Array) -> Array:
        c = self.concentration
        return log1p(-c) + log1p(c) - _LOG_TURN - log(self._spread(x))

    def _turns(self, x: Array) -> tuple[Array, Array]:
        """Return sine and cosine of π P(X ≤ x), times the same number."""
        c, half, start = self.concentration, 0.5 * (x + np.pi), -0.5 * (np.pi + self.loc)
        at = start + half
        cosines = (1.0 - c) ** 2 * np.cos(start) * np.cos(at)
        return (1.0 - c) * (1.0 + c) * np.sin(half), cosines + (1.0 + c) ** 2 * np.sin(
            start
        ) * np.sin(at)

    def _cdf(self, x: Array) -> Array:
        sine, cosine = self._turns(x)
        return np.arctan2(sine, cosine) / np.pi

    def _sf(self, x: Array) -> Array:
        return self._mirrored()._cdf(-x)  # noqa: SLF001

    def _log_cdf(self, x: Array) -> Array:
        below, above = self._cdf(x), self._sf(x)
        return np.where(below < above, np.log(below), np.log1p(-above))

    def _log_sf(self, x: Array) -> Array:
        below, above = self._cdf(x), self._sf(x)
        return np.where(above < below, np.log(above), np.log1p(-below))

    def _quantile(self, q: Array) -> Array:
        # The way from the start in turns is mapped as the angle is, with c turned to -c.
        c, start = self.concentration, -0.5 * (np.pi + self.loc)
        cosine, sine = (1.0 - c) * np.cos(start), (1.0 + c) * np.sin(start)
        size = np.hypot(cosine, sine)
        cosine, sine = cosine / size, sine / size
        along = np.square((1.0 + c) * cosine) + np.square((1.0 - c) * sine)
        turn = np.pi * q
        across = (1.0 - c) * (1.0 + c) * np.sin(turn)
        ahead = along * np.cos(turn) - 4.0 * c * cosine * sine * np.sin(turn)
        return 2.0 * np.arctan2(across, ahead) - np.pi

    def _upper_quantile(self, q: Array) -> Array:
        return -self._mirrored()._quantile(q)  # noqa: SLF001

    def _mirrored(self) -> WrappedCauchy:
        """Return the distribution of -X."""
        return WrappedCauchy.unchecked(loc=-self.loc, concentration=self.concentration)

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        c, turn = self.concentration, np.pi * (rng.random(shape) - 0.5)
        off = 2.0 * np.arctan2((1.0 - c) * np.sin(turn), (1.0 + c) * np.cos(turn))
        return np.asarray(turned(self.loc + off))

    def density_terms(self, x: Array) -> Derivatives:
        c, off, spread = self.concentration, x - self.loc, self._spread(x)
        half, turn = sin(0.5 * off), sin(off)
        room = (1.0 - c) * (1.0 + c)
        pull = 2.0 * c * turn / spread  # the slope by loc
        by_c = (4.0 * half * half - 2.0 * (1.0 - c)) / spread
        own = 2.0 * c / room
        score = (pull, -own - by_c)
        hessian = (
            pull * pull - 2.0 * c * cos(off) / spread,
            2.0 * turn / spread - pull * by_c,
            by_c * by_c - 2.0 / spread - 2.0 * (1.0 + c * c) / (room * room),
        )
        return Derivatives(log(room) - _LOG_TURN - log(spread), score, hessian)

    def tail_terms(self, x: Array, side: Side) -> Derivatives:
        if side is Side.ABOVE:
            value, (by_loc, by_c), (twice, mixed, c_twice) = self._mirrored().tail_terms(
                -x, Side.BELOW
            )
            return Derivatives(value, (-by_loc, by_c), (twice, -mixed, c_twice))
        wide = self._differences_of_ends(x)
        width = x + np.pi
        narrow = width < _NARROW * np.sqrt(self._spread(np.asarray(-np.pi)))
        if not np.any(narrow):
            return wide
        at = -np.pi + 0.5 * np.asarray(width)[..., None] * (1.0 + _NODES)
        beside = type(self).unchecked(
            **{n: np.asarray(v)[..., None] for n, v in self.parameters.items()}
        )
        by_nodes = averaged(beside.derivatives(at, keep), _WEIGHTS, np.log(0.5 * width))
        return Derivatives(
            wide.log_prob,
            tuple(np.where(narrow, a, b) for a, b in zip(by_nodes.score, wide.score, strict=True)),
            tuple(
                np.where(narrow, a, b) for a, b in zip(by_nodes.hessian, wide.hessian, strict=True)
            ),
        )

    def _differences_of_ends(self, x: Array) -> Derivatives:
        """Return the log of P(X ≤ x) with its derivatives: by loc and c those of arctangents."""
        c, value = self.concentration, self._log_cdf(x)
        room = (1.0 - c) * (1.0 + c)
        slopes: list[Parameter] = [0.0, 0.0]
        bends: list[Parameter] = [0.0, 0.0, 0.0]
        for at, sign in ((x, 1.0), (np.asarray(-np.pi), -1.0)):
            off, spread = at - self.loc, self._spread(at)
            turn = np.sin(off)
            density = room / (2.0 * spread)  # times π
            tilt = 2.0 * c * turn / spread  # minus the slope of its log by the angle
            by_c = 2.0 * (c - np.cos(off)) / spread
            slopes[0] = slopes[0] - sign * density
            slopes[1] = slopes[1] + sign * turn / spread
            bends[0] = bends[0] - sign * density * tilt
            bends[1] = bends[1] - sign * (np.cos(off) - turn * tilt) / spread
            bends[2] = bends[2] - sign * turn * by_c / spread
        over = np.exp(-value) / np.pi
        by_loc, by_c = (slope * over for slope in slopes)
        squares = (by_loc * by_loc, by_loc * by_c, by_c * by_c)
        hessian = tuple(b * over - s for b, s in zip(bends, squares, strict=True))
        return Derivatives(value, (by_loc, by_c), hessian)

    # moments

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        c = self.concentration
        return _LOG_TURN + np.log1p(-c) + np.log1p(c) + 0.0 * self.loc

    # likelihood

    def at_end(self, name: str) -> str:
        return f"{name} is 0: no direction is preferred, the angles are uniform on the circle."

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        reason = None if sample.exact else super().unbounded(sample, fixed)
        if reason or "concentration" in fixed:
            return reason
        value, share = sample.commonest()
        if share < 0.5 or fixed.get("loc", value) != value:
            return None
        return tie_message(sample, value, share, "concentration → 1")

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return the member with the mean vector of the data, and those about their quarters."""
        values = np.asarray(sample.values, dtype=np.float64)
        weights = np.ones(values.size) if sample.weights is None else sample.weights
        mean = np.average(np.exp(1j * values), weights=weights)
        length = float(np.clip(np.abs(mean), 0.05, 0.95))
        places = (
            [float(np.angle(mean)), *_QUARTERS]
            if "concentration" in fixed
            else [float(np.angle(mean)), float(sample.median())]
        )
        return [cls(place, length) for place in places]


_QUARTERS = tuple(np.linspace(-3.0, 3.0, 12).tolist())
