"""The von Mises distribution."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import ClosedForm, inside_support
from likeliest.distributions.derivatives import Derivatives, Side, keep
from likeliest.distributions.derivatives import rows as rows_of
from likeliest.distributions.families.circular import Circular, turned
from likeliest.distributions.family import family
from likeliest.distributions.intervals import averaged, beside_nodes, spread_out, subset
from likeliest.distributions.parameters import Parameter, positive, real
from likeliest.numerics.bessel import inverse_ratio, log_i0e, ratio
from likeliest.numerics.outward import ROWS, nodes
from likeliest.numerics.roots import newton_between
from likeliest.numerics.special import sin

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from likeliest.distributions.statistics import SufficientStatistics
    from likeliest.numerics.arrays import Array, Indices

_NEXT_TO_END = 1e-9
_LOG_TURN = float(np.log(2.0 * np.pi))


@family
class VonMises(ClosedForm, Circular):
    """Von Mises distribution: directions about a preferred one, as a normal on the circle.

    f(x) = exp(concentration cos(x - loc)) / (2π I₀(concentration)) for -π ≤ x ≤ π, in radians.

    Parameters
    ----------
    loc : array of any shape: the mean direction, from -π to π. In radians.
    concentration : array that broadcasts with `loc`, ≥ 0: about 1/variance where it is large; 0 is
        the uniform on the circle. No unit.

    Notes
    -----
    `likeliest.angles` makes radians from -π to π of degrees, hours or days of the year.

    Source: Mardia & Jupp (2000), section 3.5.4.

    Examples
    --------
    >>> round(float(VonMises(loc=0.0, concentration=2.0).cdf(1.0)), 4)
    0.8896
    """

    name = "von mises"
    aliases = ("circular normal",)
    concentrates = {"concentration": "∞"}
    closed_given = ("loc", "concentration")

    loc: Parameter = real()
    concentration: Parameter = positive(zero=True)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        half = sin(0.5 * (x - self.loc))
        front = _LOG_TURN + log_i0e(self.concentration)
        return -2.0 * self.concentration * half * half - front

    def _cdf(self, x: Array) -> Array:
        return np.exp(self._log_cdf(x))

    def _sf(self, x: Array) -> Array:
        return np.exp(self._log_sf(x))

    def _log_cdf(self, x: Array) -> Array:
        return np.asarray(self._integrated(x, derivatives=False).log_prob)

    def _log_sf(self, x: Array) -> Array:
        return self._mirrored()._log_cdf(-x)  # noqa: SLF001

    def _mirrored(self) -> VonMises:
        """Return the distribution of -X."""
        return VonMises.unchecked(loc=-self.loc, concentration=self.concentration)

    @inside_support
    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        """Return the log of a tail with its derivatives, by row: by quadrature (Louis 1982)."""
        if side is Side.BELOW:
            return self._integrated(x, derivatives=True)
        value, (by_loc, by_k), (twice, mixed, k_twice) = self._mirrored()._integrated(  # noqa: SLF001
            -x, derivatives=True
        )
        return Derivatives(value, (-by_loc, by_k), (twice, -mixed, k_twice))

    def _integrated(self, x: Array, *, derivatives: bool) -> Derivatives:
        """Return the log of the integral of the density from -π to x."""
        shape = np.broadcast_shapes(np.shape(x), self.batch_shape)
        members, x = spread_out(self, shape), np.broadcast_to(x, shape).ravel()
        parts = []
        for first in range(0, max(x.size, 1), ROWS):
            rows = slice(first, first + ROWS)
            some = subset(members, rows)
            at, weights = some._nodes_below(x[rows])  # noqa: SLF001
            beside = beside_nodes(some)
            d = (
                beside.derivatives(at, keep)
                if derivatives
                else Derivatives(beside._log_prob(at), (), ())  # noqa: SLF001
            )
            parts.append(rows_of(averaged(d, weights, 0.0)))
        terms = np.concatenate(parts, axis=1).reshape(-1, *shape)
        return Derivatives(terms[0], tuple(terms[1:3]), tuple(terms[3:]))

    def _nodes_below(self, x: Array) -> tuple[Array, Array]:
        """Return nodes and weights from -π to x, outward from the mode to where it is least."""
        loc = turned(self.loc)
        cuts = np.sort(np.broadcast_arrays(loc - np.pi, loc, loc + np.pi, -np.pi, x), axis=0)
        cuts = np.clip(cuts, -np.pi, x)
        parts = []
        for low, high in pairwise(cuts):
            falls = np.cos(low - loc) >= np.cos(high - loc)
            start = np.where(falls, low, high)
            k = self.concentration
            unit = 1.0 / (k * np.abs(np.sin(start - loc)) + np.sqrt(k) + 0.5)
            parts.append(nodes(start, np.where(falls, unit, -unit), (high - low) / unit))
        at, weights = zip(*parts, strict=True)
        return np.concatenate(at, axis=1), np.concatenate(weights, axis=1)

    def _quantile(self, q: Array) -> Array:
        """Return quantiles by Newton's method, from the shorter tail."""
        shape = np.broadcast_shapes(np.shape(q), self.batch_shape)
        members, q = spread_out(self, shape), np.broadcast_to(q, shape).ravel()
        sign = np.where(q < 0.5, 1.0, -1.0)
        members = VonMises.unchecked(loc=sign * members.loc, concentration=members.concentration)
        log_q = np.log(np.where(q < 0.5, q, 1.0 - q))

        def beyond(x: Array, at: Indices) -> tuple[Array, Array]:
            some = subset(members, at)
            log_cdf = some._log_cdf(x)  # noqa: SLF001
            return log_cdf - log_q[at], np.exp(some._log_prob(x) - log_cdf)  # noqa: SLF001

        width = 1.0 / np.sqrt(members.concentration + 0.3)
        start = turned(members.loc) - width * np.sqrt(-2.0 * log_q)
        ends = np.full(q.size, np.pi)
        start = np.where(start > -np.pi, start, -0.5 * np.pi)
        x = newton_between(beyond, -ends, ends, start)
        # Next to the end numbers are further apart than the quantiles.
        first = np.exp(log_q - members._log_prob(-ends))  # noqa: SLF001
        return (sign * np.where(first < _NEXT_TO_END, first - np.pi, x)).reshape(shape)[()]

    def _upper_quantile(self, q: Array) -> Array:
        return -self._mirrored()._quantile(q)  # noqa: SLF001

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return rng.vonmises(turned(self.loc), self.concentration, shape)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value as a number from -π to π; the mean direction is `loc`."""
        return self._expected(lambda x: x)

    @cached_property
    def var(self) -> Parameter:
        """Variance as that of a number from -π to π."""
        mean = np.reshape(self.mean, (-1, 1))
        return self._expected(lambda x: (x - mean) ** 2)

    def _expected(self, function: Callable[[Array], Array]) -> Parameter:
        members = spread_out(self, self.batch_shape)
        at, weights = members._nodes_below(np.full(int(np.prod(self.batch_shape)), np.pi))  # noqa: SLF001
        shares = np.exp(beside_nodes(members)._log_prob(at)) * weights  # noqa: SLF001
        return np.sum(shares * function(at), axis=1).reshape(self.batch_shape)[()]

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        k = self.concentration
        return _LOG_TURN + log_i0e(k) + k * ratio(k).rest + 0.0 * self.loc

    # likelihood

    def at_end(self, name: str) -> str:
        return f"{name} is 0: no direction is preferred, the angles are uniform on the circle."

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        off = x - self.loc
        half = sin(0.5 * off)
        return self.concentration * sin(off), ratio(self.concentration).rest - 2.0 * half * half

    def information(self) -> tuple[Parameter, ...]:
        value, _, slope = ratio(self.concentration)
        return self.concentration * value, 0.0, slope

    @staticmethod
    def statistics(x: Array, pivot: float) -> tuple[Array, ...]:
        off = x - pivot
        half = np.sin(0.5 * off)
        return np.sin(off), 2.0 * half * half

    @classmethod
    def maximize(cls, statistics: SufficientStatistics) -> Self:
        sine, lack = statistics.mean
        length = np.hypot(1.0 - lack, sine)
        rest = (2.0 * lack - lack * lack - sine * sine) / (1.0 + length)
        loc = turned(statistics.pivot + np.arctan2(sine, 1.0 - lack))
        return cls(loc, inverse_ratio(np.maximum(rest, 0.0)))

    @classmethod
    def maximize_given(cls, statistics: SufficientStatistics, fixed: Mapping[str, float]) -> Self:
        if "concentration" in fixed:
            return cls(cls.maximize(statistics).loc, fixed["concentration"])
        return cls(fixed["loc"], inverse_ratio(cls._mean_about(fixed["loc"], statistics)[1]))

    @staticmethod
    def _mean_about(
        loc: Parameter, statistics: SufficientStatistics
    ) -> tuple[Parameter, Parameter]:
        """Return the means of sin(x - loc) and of 1 - cos(x - loc)."""
        sine, lack = statistics.mean
        off = statistics.pivot - loc
        half = np.sin(0.5 * off)
        lack_there = 2.0 * half * half
        about = np.sin(off) * (1.0 - lack) + np.cos(off) * sine
        return about, lack_there + np.cos(off) * lack + np.sin(off) * sine

    def mean_log_prob(self, statistics: SufficientStatistics) -> Parameter:
        front = _LOG_TURN + log_i0e(self.concentration)
        return -self.concentration * self._mean_about(self.loc, statistics)[1] - front

    def mean_score(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        sine, lack = self._mean_about(self.loc, statistics)
        return self.concentration * sine, ratio(self.concentration).rest - lack

    def mean_hessian(self, statistics: SufficientStatistics) -> tuple[Parameter, ...]:
        sine, lack = self._mean_about(self.loc, statistics)
        return -self.concentration * (1.0 - lack), sine, -ratio(self.concentration).slope

    def typical(self) -> Parameter:
        return self.loc
