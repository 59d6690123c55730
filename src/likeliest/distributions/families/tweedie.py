"""The Tweedie distribution of a power between 1 and 2."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
from numpy.polynomial.chebyshev import chebvander

from likeliest.distributions.bases import ByRow, in_double
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Derivatives, Side
from likeliest.distributions.family import family
from likeliest.distributions.inversion import positive_quantile
from likeliest.distributions.parameters import Parameter, positive, within
from likeliest.distributions.sample import average
from likeliest.distributions.support import Support
from likeliest.numerics.arrays import detached, doubled, is_narrow, is_tensor, namespace, where
from likeliest.numerics.counts import poisson
from likeliest.numerics.special import digamma, exp, gammaln, log, log1mexp, trigamma
from likeliest.numerics.sums import REACH, ROOM, log_sum, terms_of
from likeliest.numerics.tails import log_gammainc, log_gammaincc

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array, Indices, Mask

_LOW, _HIGH = 1.01, 1.99  # powers
_MOST = 1e15  # parts: of more the numbers are not whole, and the density is 0
_USUAL = 1.5  # power of a start


class _Parts(NamedTuple):
    """The same law as a Poisson number of gamma-distributed parts, with logs of rate and scale."""

    log_rate: Parameter
    shape: Parameter
    log_scale: Parameter


@family
class Tweedie(ByRow, ContinuousDistribution):
    """Tweedie distribution: an insurer's claims in a year, of which many are 0.

    f(x) = Σ p(j) g_j(x) over j = 1, 2, … for x > 0, and p(0) = exp(-rate) at 0: the sum of a
    Poisson number of parts, each of a gamma law. p is the Poisson's mass, of the rate
    mean^(2-power)/(dispersion (2-power)); g_j is the density of a gamma of the shape
    j (2-power)/(power-1) and the scale dispersion (power-1) mean^(power-1).

    Parameters
    ----------
    mean : array of any shape, > 0. In the unit of x.
    power : array that broadcasts with `mean`, in [1.01, 1.99]: the variance grows as this power of
        the mean. No unit; 1 would be the Poisson, 2 the gamma.
    dispersion : array that broadcasts with `mean`, > 0: the variance is dispersion mean^power.

    Notes
    -----
    The likeliest mean is that of the data. 0 has a probability where other laws have a density: it
    is left out of comparisons of whole sets, and compared with such as `lk.hurdle("gamma")`.
    Below a power of 1.01 the density is a row of peaks, on which the likelihood of rounded amounts
    can grow without limit.

    Source: Jørgensen (1997), ch. 4; Dunn & Smyth (2005).

    Examples
    --------
    >>> claims = Tweedie(mean=4.0, power=1.5, dispersion=2.0)
    >>> round(float(claims.var), 12), round(float(claims.cdf(0.0)), 4)
    (16.0, 0.1353)
    """

    name = "tweedie"
    aliases = ("compound poisson-gamma",)
    support = Support(low=0.0, low_closed=True, atom_at_low=True)
    atoms = (0.0,)
    anchored = True  # the dispersion's unit depends on the power
    concentrates = {"dispersion": "0"}
    centre = "mean"

    mean: Parameter = positive(power=1)
    power: Parameter = within(_LOW, _HIGH)
    dispersion: Parameter = positive()

    @property
    def _parts(self) -> _Parts:
        m, p, d = log(self.mean), self.power, log(self.dispersion)
        return _Parts(
            (2.0 - p) * m - d - log(2.0 - p),
            (2.0 - p) / (p - 1.0),
            d + log(p - 1.0) + (p - 1.0) * m,
        )

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        if is_narrow(x):
            wide = {name: doubled(value) for name, value in self.parameters.items()}
            return self.unchecked(**wide).log_prob(doubled(x)).to(x.dtype)  # type: ignore[attr-defined]
        log_rate, shape, log_scale = self._parts
        some = x > 0.0
        y = log(where(some, x, 1.0))
        z = log_rate + shape * (y - log_scale)
        (value,) = _sums(z, shape, slopes=False)
        return where(some, value - exp(y - log_scale) - y, 0.0) - exp(log_rate)

    @in_double
    def density_terms(self, x: Array) -> Derivatives:
        log_rate, shape, log_scale = self._parts
        some, rate = x > 0.0, exp(log_rate)
        y = log(where(some, x, 1.0))
        over = y - log_scale
        size = where(some, exp(over), 0.0)
        z = log_rate + shape * over
        found = _sums(z, shape, slopes=True)
        value, of_z, of_shape, zz, mixed, twice = (where(some, term, 0.0) for term in found)
        value = value - size - where(some, y, 0.0) - rate
        both = mixed + over * zz
        return self._by_parameters(
            value,
            (of_z - rate, of_shape + over * of_z, size - shape * of_z),
            (
                *(zz - rate, both, -shape * zz),
                *(twice + over * (mixed + both), -of_z - shape * both),
                shape * shape * zz - size,
            ),
        )

    def _by_parameters(
        self, value: Array, first: tuple[Array, ...], second: tuple[Array, ...]
    ) -> Derivatives:
        """Return derivatives by mean, power and dispersion from those by the parts'.

        By the log of the rate, the shape, and the log of the scale.
        """
        m, p, d = self.mean, self.power, self.dispersion
        rest, more, log_mean = 2.0 - p, p - 1.0, log(m)
        slopes = (
            (rest / m, 1.0 / rest - log_mean, -1.0 / d),
            (0.0, -1.0 / more**2, 0.0),
            (more / m, 1.0 / more + log_mean, 1.0 / d),
        )
        bends = (
            (-rest / m**2, -1.0 / m, 0.0, 1.0 / rest**2, 0.0, 1.0 / d**2),
            (0.0, 0.0, 0.0, 2.0 / more**3, 0.0, 0.0),
            (-more / m**2, 1.0 / m, 0.0, -1.0 / more**2, 0.0, -1.0 / d**2),
        )
        whole = [[second[_AT[a, b]] for b in range(3)] for a in range(3)]
        score = tuple(sum(first[a] * slopes[a][i] for a in range(3)) for i in range(3))
        hessian = tuple(
            sum(first[a] * bends[a][k] for a in range(3))
            + sum(whole[a][b] * slopes[a][i] * slopes[b][j] for a in range(3) for b in range(3))
            for k, (i, j) in enumerate(_PAIRS)
        )
        return Derivatives(value, score, hessian)

    def _log_cdf(self, x: Array) -> Array:
        return self._log_tail(x, Side.BELOW)

    def _log_sf(self, x: Array) -> Array:
        return self._log_tail(x, Side.ABOVE)

    def _log_tail(self, x: Array, side: Side) -> Array:
        """Return the log of a tail: the sum of those of gammas over the number of parts.

        Where the likeliest number is far from the rate, the shorter tail is made of numbers about
        it, and the other is what that leaves of 1.
        """
        columns = np.broadcast_arrays(x, *self._parts)
        x, log_rate, shape, log_scale = (np.ravel(column) for column in columns)
        none = -np.exp(log_rate)
        tail = np.where(side is Side.BELOW, none, log1mexp(none))
        some = np.flatnonzero(x > 0.0)
        none, k = none[some], shape[some]
        rate, size = -none, np.exp(np.log(x[some]) - log_scale[some])
        likeliest = _likeliest(log_rate[some] + k * np.log(size), k)
        most = np.maximum(likeliest, rate)
        apart = np.abs(likeliest - rate) > REACH * np.sqrt(most) + ROOM
        above = np.where(apart, likeliest > rate, side is Side.ABOVE)
        low = np.where(apart, likeliest, np.minimum(likeliest, rate))
        found = np.empty(some.size)
        high = np.where(apart, likeliest, most)
        first, last = low - REACH * np.sqrt(low) - ROOM, high + REACH * np.sqrt(high) + ROOM
        for rows, j, stride in terms_of(first, last, np.sqrt(low / (1.0 + k)), 1.0):
            at, over, chosen = j * k[rows, None], size[rows, None], above[rows, None]
            of_gamma = np.where(chosen, log_gammaincc(at, over), log_gammainc(at, over))
            found[rows] = log_sum(poisson(j, rate[rows, None]) + of_gamma, stride)[0]
        found = np.where(above, found, np.logaddexp(none, found))
        found = np.where(above & (size > _FARTHEST), -size, found)
        tail[some] = np.where(above == (side is Side.ABOVE), found, log1mexp(found))
        return tail.reshape(columns[0].shape)[()]

    def tail_terms(self, x: Array, side: Side) -> Derivatives:
        return self._differences(lambda member, x: member._log_tail(x, side), x)  # noqa: SLF001

    def _quantile(self, q: Array) -> Array:
        none = np.exp(-np.exp(self._parts.log_rate))
        return self._beyond_zero(q, q <= none, 0.5 + 0.5 * none, Side.BELOW)

    def _upper_quantile(self, q: Array) -> Array:
        some = np.exp(log1mexp(-np.exp(self._parts.log_rate)))
        return self._beyond_zero(q, q >= some, 0.5 * some, Side.ABOVE)

    def _beyond_zero(self, q: Array, is_zero: Mask, inner: Array, side: Side) -> Array:
        x = positive_quantile(self, np.where(is_zero, inner, q), side, self.mean)
        return np.where(is_zero, 0.0, x)[()]

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        log_rate, k, log_scale = self._parts
        parts = rng.poisson(np.exp(log_rate), shape)
        return np.exp(log_scale) * rng.standard_gamma(parts * k, shape)

    # moments: the mean is a parameter

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        return self.dispersion * np.power(self.mean, self.power)

    # likelihood

    def rescaled(self, factor: float) -> Self:
        dispersion = self.dispersion * factor ** (2.0 - self.power)
        return type(self)(self.mean * factor, self.power, dispersion)

    def at_end(self, name: str) -> str:
        if name == "power" and self.power == _HIGH:
            return "power is 1.99, as near to a gamma as it comes: it has no standard error."
        return super().at_end(name)

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        if sample.high == 0.0 and "mean" not in fixed:
            return "rises towards 1 as mean → 0, whatever the rest: all values are 0"
        return super().unbounded(sample, fixed)

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return members with the mean and the variance of the data, one with their zeros."""
        values = np.asarray(sample.values, dtype=np.float64)
        mean = fixed.get("mean", sample.mean)
        spread = sample.spread() or mean
        zeros = float(average((values == 0.0) * 1.0, sample.weights))
        rate = -np.log(np.clip(zeros, 0.5 / sample.n, 1.0 - 0.5 / sample.n))
        asked = 2.0 - (mean / spread) ** 2 / rate
        starts = []
        for power in (float(np.clip(asked, _LOW + 0.1, _HIGH - 0.1)), _USUAL):
            p = fixed.get("power", power)
            starts.append(cls(mean, p, fixed.get("dispersion", spread**2 / mean**p)))
        return starts


_FARTHEST = 1e100  # in units of the parts' scale, beyond which a tail is its exponential
_MANY = 500  # values from which a table of the sum pays
_NODES = np.cos(np.pi * (np.arange(18.0) + 0.5) / 18.0)
_AT_NODES = np.linalg.inv(chebvander(_NODES, 17))
_PAIRS = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))
_AT = {pair: k for k, (i, j) in enumerate(_PAIRS) for pair in ((i, j), (j, i))}


def _sums(z: Any, shape: Any, *, slopes: bool) -> list[Any]:
    """Return log Σ exp(j z)/(j! Γ(j shape)) over j ≥ 1, and its derivatives by z and shape.

    Of many z and one shape by Chebyshev's polynomials, one between each z that is a whole number
    and the next: the sum has its zeros at a distance of π from the reals.
    """
    if np.ndim(shape) == 0 and not is_tensor(z) and z.size > _MANY:
        cell = np.floor(z)
        cells, place = np.unique(cell, return_inverse=True)
        if _NODES.size * cells.size < 0.5 * z.size:
            nodes = cells[:, None] + 0.5 + 0.5 * _NODES
            within = 2.0 * (z - cell) - 1.0
            table = (_AT_NODES @ term.T for term in _sums(nodes, shape, slopes=slopes))
            place = place.reshape(z.shape)
            return [_clenshaw(column, place, within) for column in table]
    xp, size = namespace(z, shape), z.shape
    shape = shape + 0.0 * z
    z, shape = xp.reshape(z, (-1, 1)), xp.reshape(shape, (-1, 1))
    plain_z, plain_shape = (np.ravel(detached(v)) for v in (z, shape))
    likeliest = _likeliest(plain_z, plain_shape)
    found, order = [], []
    spread = np.sqrt(likeliest / (1.0 + plain_shape))
    reach = REACH * spread + ROOM
    for rows, nodes, stride in terms_of(likeliest - reach, likeliest + reach, spread, 1.0):
        j = z.new_tensor(nodes) if is_tensor(z) else nodes
        each = z.new_tensor(stride) if is_tensor(z) else stride
        some = shape[rows]
        terms = j * z[rows] - gammaln(j + 1.0) - gammaln(j * some)
        value, share = log_sum(terms, each)
        found.append([value])
        order.append(rows)
        if slopes:
            pull = -j * digamma(j * some)
            of_z, of_shape = xp.sum(share * j, axis=-1), xp.sum(share * pull, axis=-1)
            j_off, pull_off = j - of_z[:, None], pull - of_shape[:, None]
            zz, mixed = xp.sum(share * j_off**2, axis=-1), xp.sum(share * j_off * pull_off, axis=-1)
            twice = xp.sum(share * (pull_off**2 - j * j * trigamma(j * some)), axis=-1)
            found[-1] += [of_z, of_shape, zz, mixed, twice]
    if not found:
        return [z[:, 0].reshape(size)] * (6 if slopes else 1)
    back = np.argsort(np.concatenate(order))
    return [xp.reshape(xp.concat(column)[back], size) for column in zip(*found, strict=True)]


def _clenshaw(columns: Array, place: Indices, t: Array) -> Array:
    """Return series of Chebyshev's polynomials at t, each value's coefficients at its place."""
    ahead: Any = 0.0
    behind: Any = 0.0
    for column in columns[:0:-1]:
        ahead, behind = 2.0 * t * ahead - behind + column[place], ahead
    return t * ahead - behind + columns[0][place]


def _likeliest(z: Array, shape: Array) -> Array:
    """Return about which number of parts makes up most of a sum, by Stirling's formula."""
    return np.minimum(np.exp((z - shape * np.log(shape)) / (1.0 + shape)), _MOST)
