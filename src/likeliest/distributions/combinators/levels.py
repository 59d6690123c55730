"""Levels 1, 2, …, K: in an order, by the proportional odds of a logit; or without one."""

from __future__ import annotations

from functools import cached_property
from itertools import combinations_with_replacement, pairwise
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from likeliest.distributions.bases import ByRow
from likeliest.distributions.derivatives import Derivatives, Side
from likeliest.distributions.made import Made, made
from likeliest.distributions.parameters import Constraint
from likeliest.distributions.recipes import COMBINATORS, Combinator, Recipe
from likeliest.distributions.sample import average
from likeliest.distributions.support import Support
from likeliest.errors import ParameterError
from likeliest.numerics.special import log1mexp, sigmoid, softplus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Parameter
    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array

_MOST = 100  # levels
_DRAWN = 0.02  # of a start's shares is equal, so that none of them is 0


def ordered(levels: int) -> type[Distribution]:
    """Make the family of levels in an order: proportional odds.

    P(X ≤ k) = 1 / (1 + exp(loc - c_k)) for k = 1, …, levels - 1, where c_1 = 0 and each further cut
    point lies a step above the one before: c_2 = step2, c_3 = step2 + step3, …

    Parameters
    ----------
    levels : int
        How many there are; the values are 1, 2, …, levels.

    Returns
    -------
    class
        The family, the same for the same number. Its parameters are `loc`, whose rise makes higher
        levels likelier, and the steps.

    Raises
    ------
    ParameterError
        If the number is not whole, below 2 or above 100.

    Examples
    --------
    >>> import likeliest as lk
    >>> stars = [1, 2, 2, 3, 3, 3, 3, 5, 4, 5]
    >>> fit = lk.fit(stars, lk.ordered(5))
    >>> fit.distribution.level_probabilities.round(3).tolist()
    [0.1, 0.2, 0.4, 0.1, 0.2]
    """
    number = _checked("ordered", levels)
    steps = {f"step{k}": Constraint(0.0, np.inf) for k in range(2, number)}
    return _of_levels("ordered", Ordered, number, {"loc": Constraint(-np.inf, np.inf), **steps})


def categorical(levels: int) -> type[Distribution]:
    """Make the family of levels without an order: the multinomial logit.

    P(X = k) is in proportion to exp(logit_k), where logit_1 = 0.

    Parameters
    ----------
    levels : int
        How many there are; the values are 1, 2, …, levels.

    Returns
    -------
    class
        The family, the same for the same number. Its parameters are the log odds of each level but
        the first, against that.

    Raises
    ------
    ParameterError
        If the number is not whole, below 2 or above 100.

    Examples
    --------
    >>> import likeliest as lk
    >>> fit = lk.fit([1, 2, 2, 3, 3, 3, 3, 2, 1, 3], lk.categorical(3))
    >>> round(fit.parameters["logit2"], 4)                      # log(3/2)
    0.4055
    """
    number = _checked("categorical", levels)
    logits = {f"logit{k}": Constraint(-np.inf, np.inf) for k in range(2, number + 1)}
    return _of_levels("categorical", Categorical, number, logits)


def _checked(name: str, levels: Any) -> int:
    is_number = isinstance(levels, (int, float, np.number)) and not isinstance(levels, bool)
    number = float(levels) if is_number else np.nan
    if not (number == np.floor(number) and 2 <= number <= _MOST):
        raise ParameterError(
            f"{name} needs the number of levels, a whole number from 2 to {_MOST}; got "
            f"{levels!r:.60}."
        )
    return int(number)


def _of_levels(
    name: str, base: type[Any], levels: int, parameters: Mapping[str, Constraint]
) -> type[Distribution]:
    return made(
        base,
        Recipe(name, (), (("levels", levels),)),
        parameters,
        levels=levels,
        discrete=True,
        support=Support(1.0, float(levels), low_closed=True, high_closed=True, whole=True),
    )


COMBINATORS["ordered"] = Combinator(ordered, (), ("levels",))
COMBINATORS["categorical"] = Combinator(categorical, (), ("levels",))


class OfLevels(ByRow, Made):
    """A family of levels 1, …, K."""

    levels: ClassVar[int]

    @cached_property
    def level_probabilities(self) -> Array:
        """The probability of each level, along a last axis of its own."""
        each = [self._log_prob(np.asarray(k + 1.0)) for k in range(self.levels)]
        return np.exp(np.stack(np.broadcast_arrays(*each), axis=-1))

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        below = np.cumsum(self.level_probabilities, axis=-1)[..., :-1]
        return np.asarray(1.0 + np.sum(rng.random(shape)[..., None] > below, axis=-1), np.float64)

    def moments(self) -> tuple[Parameter, Parameter]:
        masses, k = self.level_probabilities, np.arange(1.0, self.levels + 1.0)
        mean = masses @ k
        return mean, np.sum(masses * np.square(k - np.asarray(mean)[..., None]), axis=-1)

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        if not sample.exact or fixed:
            return None
        weights = sample.weights
        seen = set(sample.values if weights is None else sample.values[weights > 0.0])
        never = [k for k in range(1, cls.levels + 1) if float(k) not in seen]
        if not never:
            return None
        return f"rises as the probability of level {never[0]} → 0, which was never seen"

    @classmethod
    def up_to(cls, sample: Sample, level: int) -> Parameter:
        """Return the share of values up to a level, drawn a little towards equal shares."""
        share = average(np.asarray(sample.values <= level, dtype=np.float64), sample.weights)
        return (1.0 - _DRAWN) * share + _DRAWN * level / cls.levels


class Ordered(OfLevels):
    """Levels in an order: a logistic value that is known between cut points alone.

    Source: McCullagh (1980), J. R. Statist. Soc. B 42, 109-142.
    """

    loc: Parameter

    def _ends(self, x: Array) -> tuple[Array, Array]:
        """Return the cut points below and above each level, less the location."""
        above = 0.0 * x - self.loc
        below = above
        for k in range(2, self.levels):
            step = getattr(self, f"step{k}")
            above = above + np.where(x >= k, step, 0.0)
            below = below + np.where(x > k, step, 0.0)
        return np.where(x > 1.0, below, -np.inf), np.where(x < self.levels, above, np.inf)

    def _log_prob(self, x: Array) -> Array:
        low, high = self._ends(x)
        with np.errstate(invalid="ignore"):
            return -softplus(-high) - softplus(low) + log1mexp(low - high)

    def density_terms(self, x: Array) -> Derivatives:
        low, high = self._ends(x)
        with np.errstate(all="ignore"):
            narrow = 1.0 / np.expm1(high - low)  # 0 at the first and the last level
            slopes = -sigmoid(low), sigmoid(-high), narrow
            bends = (
                -sigmoid(low) * sigmoid(-low),
                -sigmoid(high) * sigmoid(-high),
                -narrow * (1.0 + narrow),
            )
            value = -softplus(-high) - softplus(low) + log1mexp(low - high)
        return self._by_parameters(x, value, slopes, bends)

    def tail_terms(self, x: Array, side: Side) -> Derivatives:
        _, high = self._ends(x)
        sign = -side.value
        first = sign * sigmoid(-sign * high)
        second = -sigmoid(high) * sigmoid(-high)
        value = -softplus(-sign * high)
        return self._by_parameters(x, value, (0.0, first, 0.0), (0.0, second, 0.0))

    def _by_parameters(
        self,
        x: Array,
        value: Array,
        slopes: tuple[Parameter, ...],
        bends: tuple[Parameter, ...],
    ) -> Derivatives:
        """Return derivatives by the low end, the high one and the width as those by parameters."""
        moved: list[tuple[Parameter, ...]] = [(-1.0, -1.0, 0.0)]
        moved += [
            tuple(np.where(of, 1.0, 0.0) for of in (x > k, x >= k, x == k))
            for k in range(2, self.levels)
        ]
        score = tuple(sum(s * m for s, m in zip(slopes, one, strict=True)) for one in moved)
        hessian = tuple(
            sum(bend * m * n for bend, m, n in zip(bends, one, two, strict=True))
            for one, two in combinations_with_replacement(moved, 2)
        )
        return Derivatives(value, score, hessian)

    def _log_cdf(self, x: Array) -> Array:
        return -softplus(-self._ends(x)[1])

    def _log_sf(self, x: Array) -> Array:
        return -softplus(self._ends(x)[1])

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return the member with the shares of the data, drawn a little towards equal ones."""
        shares = [cls.up_to(sample, k) for k in range(1, cls.levels)]
        cuts = [np.log(one) - np.log1p(-one) for one in shares]
        steps = [upper - lower for lower, upper in pairwise(cuts)]
        return [cls(-cuts[0], *steps)]  # type: ignore[call-arg]  # declared when it is made


class Categorical(OfLevels):
    """Levels without an order, by the log odds of each against the first.

    Source: Agresti (2013), section 8.1.
    """

    def _logits(self, x: Array) -> tuple[Array, ...]:
        others = (getattr(self, f"logit{k}") for k in range(2, self.levels + 1))
        return np.broadcast_arrays(0.0 * x, *others)

    def _log_prob(self, x: Array) -> Array:
        logits = self._logits(x)
        return _picked(logits, x) - np.logaddexp.reduce(logits)

    def density_terms(self, x: Array) -> Derivatives:
        logits = self._logits(x)
        whole = np.logaddexp.reduce(logits)
        share = [np.exp(one - whole) for one in logits[1:]]
        hit = [np.where(x == k, 1.0, 0.0) for k in range(2, self.levels + 1)]
        score = tuple(h - p for h, p in zip(hit, share, strict=True))
        return Derivatives(_picked(logits, x) - whole, score, _negated(_spreads(share)))

    def tail_terms(self, x: Array, side: Side) -> Derivatives:
        logits = self._logits(x)
        whole = np.logaddexp.reduce(logits)
        share = [np.exp(one - whole) for one in logits[1:]]
        within = [
            np.where((x >= k) if side is Side.BELOW else (x < k), one, -np.inf)
            for k, one in enumerate(logits, 1)
        ]
        tail = np.logaddexp.reduce(within)
        part = [np.exp(one - tail) for one in within[1:]]
        score = tuple(q - p for q, p in zip(part, share, strict=True))
        bends = zip(_spreads(part), _spreads(share), strict=True)
        return Derivatives(tail - whole, score, tuple(q - p for q, p in bends))

    def _log_cdf(self, x: Array) -> Array:
        return self._log_tail(x, [x >= k for k in range(1, self.levels + 1)])

    def _log_sf(self, x: Array) -> Array:
        return self._log_tail(x, [x < k for k in range(1, self.levels + 1)])

    def _log_tail(self, x: Array, among: list[Array]) -> Array:
        logits = self._logits(x)
        some = [np.where(held, one, -np.inf) for held, one in zip(among, logits, strict=True)]
        return np.logaddexp.reduce(some) - np.logaddexp.reduce(logits)

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return the member with the shares of the data, drawn a little towards equal ones."""
        up_to = [0.0, *(cls.up_to(sample, k) for k in range(1, cls.levels)), 1.0]
        shares = [upper - lower for lower, upper in pairwise(up_to)]
        return [cls(*(np.log(one / shares[0]) for one in shares[1:]))]


def _picked(logits: tuple[Array, ...], x: Array) -> Array:
    """Return the logit of the level that each value is."""
    return np.sum([np.where(x == k, one, 0.0) for k, one in enumerate(logits, 1)], axis=0)


def _spreads(shares: list[Array]) -> tuple[Array, ...]:
    """Return p_j (1 - p_j) and -p_j p_l, as a triangle."""
    pairs = combinations_with_replacement(range(len(shares)), 2)
    return tuple(shares[j] * (float(j == m) - shares[m]) for j, m in pairs)


def _negated(terms: tuple[Array, ...]) -> tuple[Array, ...]:
    return tuple(-term for term in terms)
