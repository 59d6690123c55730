"""The Skellam distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from likeliest.distributions.bases import ByRow
from likeliest.distributions.derivatives import Derivatives, Side
from likeliest.distributions.discrete import DiscreteDistribution
from likeliest.distributions.families.poisson import Poisson
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive
from likeliest.distributions.quadrature import expectation
from likeliest.distributions.support import WHOLE_NUMBERS
from likeliest.numerics import counts
from likeliest.numerics.arrays import detached, is_tensor, namespace, where
from likeliest.numerics.special import log1mexp
from likeliest.numerics.sums import REACH, ROOM, log_sum, terms_of
from likeliest.numerics.tails import log_gammainc, log_gammaincc

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array

_FARTHEST = 1e15  # beyond which whole numbers are not told apart
_FAR = 30.0  # standard deviations from the mean
_TINY = 1e-300
_LEAST = 0.02  # of the variance that a start gives to each of the counts


@family
class Skellam(ByRow, DiscreteDistribution):
    """Skellam distribution: the difference of two counts, such as the goals of two teams.

    p(x) = Σ Poisson(j + x; plus) Poisson(j; minus) over j ≥ 0 for any whole x, which is
    exp(-plus - minus) (plus/minus)^(x/2) I(|x|, 2 √(plus minus)), I being Bessel's function.

    Parameters
    ----------
    plus : array of any shape, ≥ 0: the rate of the count that is added.
    minus : array that broadcasts with `plus`, ≥ 0: the rate of the count that is taken away; 0 is
        the Poisson.

    Notes
    -----
    The counts need not be Poisson's and independent: what they share falls out of the difference.
    Where the variance is less than the mean, minus is 0; where less than minus the mean, plus.

    Source: Skellam (1946); Johnson, Kemp & Kotz (2005), section 4.12.3.

    Examples
    --------
    >>> goals = Skellam(plus=1.6, minus=1.1)
    >>> round(float(goals.mean), 12), round(float(goals.sf(0)), 4)
    (0.5, 0.4896)
    """

    name = "skellam"
    aliases = ("poisson difference",)
    support = WHOLE_NUMBERS
    special_cases = {"poisson": {"minus": 0.0}}

    plus: Parameter = positive(zero=True)
    minus: Parameter = positive(zero=True)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        return self._mass_and_parts(x)[0]

    def _mass_and_parts(self, x: Array) -> tuple[Array, Array, Array, Array]:
        """Return the log mass, the means of the counts added and taken away, their variance."""
        xp = namespace(x, self.plus, self.minus)
        one: Any = x + 0.0 * self.plus + 0.0 * self.minus
        shape, flat = one.shape, [xp.reshape(v + 0.0 * one, (-1, 1)) for v in self._all(x)]
        found, order = [], []
        plain = [np.ravel(detached(v)) for v in flat]
        likeliest, spread = _likeliest(*plain)
        first, last = likeliest - REACH * spread - ROOM, likeliest + REACH * spread + ROOM
        for rows, nodes, stride in terms_of(first, last, spread, np.maximum(-plain[0], 0.0)):
            j = one.new_tensor(nodes) if is_tensor(one) else nodes
            each = one.new_tensor(stride) if is_tensor(one) else stride
            k, plus, minus = (v[rows] for v in flat)
            logs = counts.poisson(where(j + k < 0.0, 0.0, j + k), plus) + counts.poisson(j, minus)
            value, share = log_sum(logs, each)
            taken, added = xp.sum(share * j, axis=-1), xp.sum(share * (j + k), axis=-1)
            var = xp.sum(share * (j - taken[:, None]) ** 2, axis=-1)
            found.append((value, added, taken, var))
            order.append(rows)
        if not found:
            return one, one, one, one
        back = np.argsort(np.concatenate(order))
        mass, added, taken, var = (
            xp.reshape(xp.concat(column)[back], shape) for column in zip(*found, strict=True)
        )
        never = ((self.minus == 0.0) & (x < 0.0)) | ((self.plus == 0.0) & (x > 0.0))
        return where(never, -np.inf, mass), added, taken, var

    def _all(self, x: Any) -> tuple[Any, Any, Any]:
        return x, self.plus, self.minus

    def density_terms(self, x: Array) -> Derivatives:
        a, b = self.plus, self.minus
        value, added, taken, var = self._mass_and_parts(x)
        by_plus, plus_twice, only_taken = _by_rate(a, b, -x, added, var)
        by_minus, minus_twice, only_added = _by_rate(b, a, x, taken, var)
        none = (a == 0.0) | (b == 0.0)
        both = where(a == 0.0, only_taken, only_added)
        mixed = where(none, both, var / where(none, 1.0, a * b))
        return Derivatives(value, (by_plus, by_minus), (plus_twice, mixed, minus_twice))

    def _log_cdf(self, x: Array) -> Array:
        return self._log_tail(x, Side.BELOW)

    def _log_sf(self, x: Array) -> Array:
        return self._log_tail(x, Side.ABOVE)

    def _log_tail(self, x: Array, side: Side) -> Array:
        """Return the log of a tail: the shorter one from the Poisson's tails of the count added."""
        columns = np.broadcast_arrays(*self._all(x))
        x, plus, minus = (np.ravel(column) for column in columns)
        x = np.clip(x, -_FARTHEST, _FARTHEST)
        below = x < plus - minus - 1.0
        found = np.empty(x.size)
        likeliest, spread = _likeliest(x, plus, minus)
        # Beside the middle there are as many as either count has; far out a mass is most of a tail.
        far = np.abs(x - plus + minus) > _FAR * (1.0 + np.sqrt(plus + minus))
        reach = REACH * np.where(far, spread, np.sqrt(likeliest)) + ROOM
        least = np.where(below, np.maximum(-x, 0.0), 0.0)
        for rows, j, stride in terms_of(likeliest - reach, likeliest + reach, spread, least):
            most, a = j + x[rows, None], plus[rows, None]
            some = np.maximum(most + 1.0, 1.0)
            lower = np.where(most < 0.0, -np.inf, log_gammaincc(some, a))
            upper = np.where(most < 0.0, 0.0, log_gammainc(some, a))
            tail = np.where(below[rows, None], lower, upper)
            found[rows] = log_sum(counts.poisson(j, minus[rows, None]) + tail, stride)[0]
        found = np.where(np.isnan(found), -np.inf, found)
        tail = np.where(below == (side is Side.BELOW), found, log1mexp(found))
        return tail.reshape(columns[0].shape)[()]

    def tail_terms(self, x: Array, side: Side) -> Derivatives:
        """Return a log tail with its derivatives, which are masses next to x."""
        value = self._log_tail(x, side)
        sign = float(side.value)
        before, here, after, next_ = (
            sign * np.exp(self._log_prob(x + step) - value) for step in (-1.0, 0.0, 1.0, 2.0)
        )
        by_plus, by_minus = here, -after
        return Derivatives(
            value,
            (by_plus, by_minus),
            (
                before - here - by_plus * by_plus,
                after - here - by_plus * by_minus,
                after - next_ - by_minus * by_minus,
            ),
        )

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        added, taken = rng.poisson(self.plus, shape), rng.poisson(self.minus, shape)
        return np.asarray(added - taken, dtype=np.float64)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value."""
        return self.plus - self.minus

    @cached_property
    def var(self) -> Parameter:
        """Variance."""
        return self.plus + self.minus

    @cached_property
    def entropy(self) -> Parameter:
        """Entropy, nats: by summation."""
        return expectation(self, lambda member, x: -member.log_prob(x))

    # likelihood

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        if sample.low == 0.0 == sample.high and sample.exact and not fixed:
            return "rises towards 1 as plus → 0 and minus → 0: all values are 0"
        return None

    def at_end(self, name: str) -> str:
        less = "" if name == "plus" else "; poisson needs one less"
        return f"{name} is 0: the values vary no more than a Poisson's{less}."

    def simpler(self) -> Poisson | None:
        return Poisson(self.plus) if self.minus == 0.0 else None

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return the member with the mean and the variance of the data."""
        mean, var = sample.mean, max(sample.spread() ** 2, abs(sample.mean), 1e-300)
        plus, minus = (max(0.5 * (var + side * mean), _LEAST * var) for side in (1.0, -1.0))
        return [cls(fixed.get("plus", plus), fixed.get("minus", minus))]


def _likeliest(x: Array, plus: Array, minus: Array) -> tuple[Array, Array]:
    """Return the likeliest count taken away where x is left, and its standard deviation."""
    root = np.hypot(x, 2.0 * np.sqrt(plus * minus))
    taken = np.where(x > 0.0, 2.0 * plus * minus / (x + root), 0.5 * (root - x))
    added = np.maximum(taken + x, 0.0)
    return taken, np.sqrt(taken * added / np.maximum(taken + added, _TINY))


def _by_rate(
    rate: Parameter, other: Parameter, x: Array, mean: Array, var: Array
) -> tuple[Array, Array, Array]:
    """Return first and second derivative of the log mass by the rate of one count.

    And that by both rates where this one is 0: what the other count exceeds it by is x.
    """
    none = rate == 0.0
    least, some = where(none, x, 1.0), where(none, 1.0, rate)
    # By what there would be of it first.
    once, twice = other / (least + 1.0), other * other / ((least + 1.0) * (least + 2.0))
    return (
        where(none, once, mean / some) - 1.0,
        where(none, twice - once * once, (var - mean) / (some * some)),
        1.0 / (least + 1.0),
    )
