"""The negative binomial distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import inside_support
from likeliest.distributions.derivatives import Derivatives, Side, Total, by_shape
from likeliest.distributions.discrete import DiscreteDistribution
from likeliest.distributions.families.poisson import Poisson
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive
from likeliest.distributions.support import COUNTS
from likeliest.numerics import counts, small_counts
from likeliest.numerics.arrays import where
from likeliest.numerics.gamma import digamma_difference, trigamma_difference
from likeliest.numerics.special import log, polynomial
from likeliest.numerics.tails import log_betainc, log_gammainc, log_gammaincc

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array, Indices

_MIXED = 1e16  # a size from which the Poisson is the same to rounding
_POISSON = 1e-300  # stands for a dispersion of 0 in the formulas: the Poisson to the last bit


_NEAR = 0.1  # below, a series for what would cancel
_SMALL = 1e-3  # a dispersion so small that sums over j are nearly integrals
_STEP = 1e-3  # of the dispersion: for differences
_TERMS = range(3, 24)
_TABLED = 40  # counts below it are sums over j, which digits are not lost in
_TINY = 1e-9
_LISTED = 100  # greatest count of a sample whose start looks at each count below
_STEPS_TO_START = 8
_LOG_FACTORIALS = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1.0, _TABLED)))])
_BEND = tuple((-1) ** k * (k - 1) / k for k in range(2, 23))
_FALL = tuple((-1) ** k * (k - 1) * (k - 2) / k for k in _TERMS)
_AREA = tuple((-1) ** k * (2 / k - 1) for k in _TERMS)


def _likeliest_dispersion(sample: Sample, start: Parameter) -> Parameter:
    """Return the dispersion that is likeliest beside the mean, by Newton's method on its log."""
    beyond = _beyond_each(sample)
    n, m, d = sample.n, sample.mean, start
    j = np.arange(beyond.shape[-1], dtype=np.float64)
    with np.errstate(all="ignore"):
        for _ in range(_STEPS_TO_START):
            share, growth = j / (1.0 + j * d), 1.0 + m * d
            slope = np.sum(beyond * share, axis=-1, keepdims=np.ndim(m) > 0)
            bend = np.sum(beyond * share * share, axis=-1, keepdims=np.ndim(m) > 0)
            first = d * (slope + n * (_bent(m, d) - m * m / growth))
            second = first + d * d * (n * (m * (m / growth) ** 2 + _fall(m, d)) - bend)
            step = np.where(second < 0.0, -first / second, np.sign(first))
            d = np.clip(d * np.exp(np.clip(step, -2.0, 2.0)), 1e-8, 1e4)
    return d


def _beyond_each(sample: Sample) -> Array:
    """Return how many values lie beyond each whole number from 0 on, along the last axis."""
    values = np.asarray(sample.values)
    weights = 1.0 if sample.weights is None else sample.weights
    most = int(min(np.max(sample.high), _LISTED))
    columns = [np.sum((values > j) * weights, axis=-1) for j in range(most)]
    return np.stack(columns, axis=-1).astype(np.float64)


def _log1p_over(m: Parameter, d: Parameter) -> Array:
    """log(1 + m d)/d: m at d = 0."""
    u = np.asarray(m * d)
    near = u < _TINY
    return np.where(near, m * (1.0 - 0.5 * u), np.log1p(u) / np.where(near, 1.0, d))


def _bent(m: Parameter, d: Parameter) -> Array:
    """(log(1 + u) - u/(1 + u))/d² with u = m d: about m²/2."""
    u = np.asarray(m * d)
    near, far = np.minimum(u, _NEAR), np.maximum(u, _NEAR)
    whole = (np.log1p(far) - far / (1.0 + far)) / (far * far)
    return m * m * np.where(u < _NEAR, polynomial(near, _BEND), whole)


def _rises(most: int, d: Parameter) -> tuple[Array, Array, Array]:
    """Return Σ log(1 + j d), Σ j/(1 + j d) and Σ (j/(1 + j d))² over j < k, for k = 0 … most."""
    j = np.arange(most, dtype=np.float64)
    jd = j * d
    share = j / (1.0 + jd)
    return _running(np.log1p(jd)), _running(share), _running(share * share)


def _running(terms: Array) -> Array:
    """Return the sums of no term, one, two and so on along the last axis."""
    sums = np.zeros((*terms.shape[:-1], terms.shape[-1] + 1))
    np.cumsum(terms, axis=-1, out=sums[..., 1:])
    return sums


def _looked_up(table: Array, k: Indices) -> Array:
    return table[k] if table.ndim == 1 else np.take_along_axis(table, k, axis=-1)


def _fall(m: Parameter, d: Parameter) -> Array:
    """m²/(d (1 + u)²) + 2m/(d² (1 + u)) - 2 log(1 + u)/d³ with u = m d: about -2m³/3."""
    u = np.asarray(m * d)
    near, far = np.minimum(u, _NEAR), np.maximum(u, _NEAR)
    share = far / (1.0 + far)
    whole = (share * share + 2.0 * share - 2.0 * np.log1p(far)) / far**3
    return m**3 * np.where(u < _NEAR, polynomial(near, _FALL), whole)


def _sum_of_squares(x: Array, d: Parameter) -> Array:
    """Σ (j/(1 + j d))² over j = 0 … x - 1."""
    small, r = np.minimum(d, _SMALL), 1.0 / np.maximum(d, _SMALL)
    sums = r * r * (x - 2.0 * r * digamma_difference(r, x) - r * r * trigamma_difference(r, x))
    # Euler and Maclaurin: the integral, half the last term, and two of their differences.
    y = x * small
    near, far = np.minimum(y, _NEAR), np.maximum(y, _NEAR)
    whole = (far * (2.0 + far) / (1.0 + far) - 2.0 * np.log1p(far)) / far**3
    area = x**3 * np.where(y < _NEAR, polynomial(near, _AREA), whole)
    v = 1.0 / (1.0 + y)
    ends = -0.5 * (x * v) ** 2 + x * v**3 / 6.0 - small * (v**4 - 2.0 * v**5 + 1.0) / 60.0
    return np.where(np.less(d, _SMALL), area + ends, sums)


@family
class NegativeBinomial(DiscreteDistribution):
    """Negative binomial distribution: counts that vary more than a Poisson's.

    p(x) = Γ(x + r) / (Γ(r) x!) (r/(r + mean))^r (mean/(r + mean))^x, r = 1/dispersion,
    for x = 0, 1, 2, …; its variance is mean + dispersion mean².

    Parameters
    ----------
    mean : array of any shape, > 0. No unit.
    dispersion : array that broadcasts with `mean`, ≥ 0; 0 is the Poisson. No unit.

    Source: Johnson, Kemp & Kotz (2005), ch. 5; mass after Loader (2000).

    Examples
    --------
    >>> NegativeBinomial(mean=4.0, dispersion=0.5).var
    12.0
    """

    name = "negative binomial"
    aliases = ("nbinom",)
    starts_many = True
    support = COUNTS
    special_cases = {"poisson": {"dispersion": 0.0}, "geometric": {"dispersion": 1.0}}

    mean: Parameter = positive()
    dispersion: Parameter = positive(zero=True)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        return counts.negative_binomial(x, self.mean, log(self.mean), self.dispersion)

    def _cdf(self, x: Array) -> Array:
        return np.exp(self._log_cdf(x))

    def _sf(self, x: Array) -> Array:
        return np.exp(self._log_sf(x))

    def _log_cdf(self, x: Array) -> Array:
        r, failure, success = self._size_and_probabilities()
        return self._mixed(
            r,
            lambda some: log_betainc(some, x + 1.0, success, failure),
            lambda: log_gammaincc(x + 1.0, self.mean),
        )

    def _log_sf(self, x: Array) -> Array:
        r, failure, success = self._size_and_probabilities()
        return self._mixed(
            r,
            lambda some: log_betainc(x + 1.0, some, failure, success),
            lambda: log_gammainc(x + 1.0, self.mean),
        )

    @staticmethod
    def _mixed(
        r: Parameter, mixed: Callable[[Parameter], Array], poisson: Callable[[], Array]
    ) -> Array:
        """Return a tail where r is moderate, and the Poisson's where it is as good as infinite."""
        far = np.greater(r, _MIXED)
        if not np.any(far):
            return mixed(r)
        return poisson() if np.all(far) else np.where(far, poisson(), mixed(np.where(far, 1.0, r)))

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        d = np.maximum(self.dispersion, 1e-12)
        return np.asarray(rng.poisson(self.mean * d * rng.gamma(1.0 / d, 1.0, shape)), np.float64)

    def _positive_dispersion(self) -> Parameter:
        if isinstance(self.dispersion, float):
            return max(self.dispersion, _POISSON)
        return where(self.dispersion > _POISSON, self.dispersion, _POISSON)

    def _size_and_probabilities(self) -> tuple[Parameter, Parameter, Parameter]:
        """Return r, and the probabilities of one more event and of none."""
        d = np.maximum(self.dispersion, _POISSON)
        odds = self.mean * d
        return 1.0 / d, odds / (1.0 + odds), 1.0 / (1.0 + odds)

    # moments

    @cached_property
    def var(self) -> Parameter:
        """Variance."""
        return self.mean * (1.0 + self.dispersion * self.mean)

    # likelihood

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        m, d = self.mean, self.dispersion
        by_dispersion = counts.negative_binomial_by_dispersion(x, m, d)
        return (x - m) / m * counts.shares(m, d)[0], by_dispersion

    def derivatives(self, x: Array, total: Total) -> Derivatives:
        tabled = small_counts.negative_binomial(x, self.mean, self.dispersion)
        if tabled is not None:
            value, slopes, second = tabled
            return Derivatives(total(value), tuple(map(total, slopes)), tuple(map(total, second)))
        m, d = self.mean, self._positive_dispersion()
        growth = 1.0 + m * d
        n, events = total(1.0), total(x)
        value, by_dispersion, squares = self._terms(x, d)
        kept = counts.shares(m, d)[0]
        score = ((total(x - m) / m) * kept, total(by_dispersion))
        hessian = (
            (n * d + events * d * d) / (growth * growth) - events / (m * m),
            (n * m - events) / (growth * growth),
            events * (m / growth) ** 2 + n * _fall(m, d) - total(squares),
        )
        return Derivatives(total(value), score, hessian)

    def _terms(self, x: Array, d: Parameter) -> tuple[Array, Array, Array]:
        """Return the log mass of each value, its derivative by d, and Σ (j/(1 + j d))², j < x.

        Of small counts they are sums that all values share, and cost no special function.
        """
        small = x < _TABLED
        if not np.any(small) or (np.ndim(d) and np.shape(d)[-1] != 1):
            return self._log_prob(x), np.asarray(self._score(x)[1]), _sum_of_squares(x, d)
        k = np.where(small, x, 0.0).astype(np.intp)
        m = self.mean
        k = np.broadcast_to(k, np.broadcast_shapes(np.shape(k), np.shape(m), np.shape(d)))
        rise, slope, squares = (_looked_up(table, k) for table in _rises(int(k.max()), d))
        growth = 1.0 + m * d
        value = rise + k * log(m / growth) - (_log1p_over(m, d) + _LOG_FACTORIALS[k])
        by_dispersion = slope - k * (m / growth) + _bent(m, d)
        if not np.all(small):
            at = np.broadcast_to(~small, k.shape)
            some = {n: np.broadcast_to(v, k.shape)[at] for n, v in self.parameters.items()}
            member, large = type(self).unchecked(**some), np.broadcast_to(x, k.shape)[at]
            value[at] = member.log_prob(large)
            large_d = np.broadcast_to(d, k.shape)[at]
            by_dispersion[at] = counts.negative_binomial_by_dispersion(large, member.mean, large_d)
            squares[at] = _sum_of_squares(large, large_d)
        return value, by_dispersion, squares

    @inside_support
    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        """Return the log of a tail with its derivatives, by the dispersion from differences."""
        m, d = self.mean, self.dispersion
        here = self._tail_at(d, x, side)
        # So far off are the singularities of log(1 + j d), j < x, and of log(1 + mean d).
        step = _STEP * (d + 1.0 / np.maximum(np.maximum(x, m), 1.0))
        by_dispersion, twice, mixed = by_shape(
            lambda moved: self._tail_at(moved, x, side), here, d, step, least=0.0
        )
        log_tail, by_mean = here
        kept, per_event = counts.shares(m, d)
        by_mean_twice = by_mean * ((x - m) / m * kept - per_event - by_mean)
        return Derivatives(log_tail, (by_mean, by_dispersion), (by_mean_twice, mixed, twice))

    def _tail_at(self, dispersion: Parameter, x: Array, side: Side) -> tuple[Array, Array]:
        """Return the log of a tail and its derivative by the mean, for any dispersion.

        dF/dmean = -p(x) (r + x)/(r + mean), from the derivative of the incomplete beta function.
        """
        member = type(self).unchecked(mean=self.mean, dispersion=dispersion)
        log_tail = member.log_cdf(x) if side is Side.BELOW else member.log_sf(x)
        kept, per_event = counts.shares(self.mean, dispersion)
        share = np.exp(member.log_prob(x) - log_tail) * (kept + x * per_event)
        return log_tail, side.value * share

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        if sample.high > 0 or not sample.exact:  # that X > 0 stands in the data as 0
            return None
        if "mean" in fixed:
            held = "dispersion" in fixed
            return None if held else "rises towards 1 as dispersion → ∞: all values are 0"
        return (
            "rises towards 1 as mean → 0, whatever the dispersion: all values are 0 (fit poisson)"
        )

    def at_end(self, name: str) -> str:
        return f"{name} is 0: the values vary no more than a Poisson's; poisson needs one less."

    def simpler(self) -> Poisson | None:
        return Poisson(self.mean) if np.all(np.equal(self.dispersion, 0.0)) else None

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """From the mean and the dispersion that the variance asks for.

        Of exact counts the mean is the likeliest whatever the dispersion, and beside it the
        likelihood has one top (Levin & Reeds 1977), to which a few steps lead.
        """
        mean = sample.mean
        asked = (sample.spread() ** 2 - mean) / (mean * mean)
        moments = np.clip(asked, 1e-3, 1e3)
        if fixed or not sample.exact:
            return [cls(mean, moments), cls(mean, 1.0)]
        is_wide = np.greater(sample.high, _LISTED)
        return [cls(mean, np.where(is_wide, moments, _likeliest_dispersion(sample, moments))[()])]
