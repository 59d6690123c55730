"""The multinomial."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from likeliest.distributions.multivariate.multivariate import Multivariate, by_name, named, shares
from likeliest.distributions.parameters import Constraint
from likeliest.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Array

PROBABILITY = Constraint(0.0, 1.0, low_closed=True, high_closed=True)


class OfTrials(Multivariate):
    """A family of counts in categories, of n trials in a row."""

    discrete = True
    n: int | None

    def _known(self) -> int:
        """Return the number of trials, or say that it is each row's own."""
        if self.n is None:
            raise ParameterError(
                f"{self.name}: n is None, for each row its own sum. Make one with the number of "
                f"trials, such as {type(self).__name__}(20, ...)."
            )
        return self.n

    def _possible(self, x: Array) -> Array:
        """Return which rows are counts of n trials."""
        whole = ((x >= 0.0) & (np.floor(x) == x)).all(axis=-1)
        return whole if self.n is None else whole & (x.sum(axis=-1) == self.n)


class WithShares(Multivariate):
    """A family with the probability of each category, in coordinates of their logarithms."""

    @property
    def _p(self) -> Array:
        """The probabilities."""
        raise NotImplementedError

    def _with_shares(self, p: Array) -> Self:
        raise NotImplementedError

    @property
    def _labels(self) -> tuple[Any, ...]:
        return tuple(self.columns)

    @property
    def parameters(self) -> dict[str, float]:
        """The probability of each category."""
        return by_name("p", self._labels, self._p.tolist())

    @property
    def constraints(self) -> dict[str, Constraint]:
        """The range of each parameter."""
        return by_name("p", self._labels, [PROBABILITY] * self._p.size)

    @property
    def bounds(self) -> dict[str, float]:
        """The probabilities that are 0 or 1."""
        return {name: p for name, p in self.parameters.items() if p in {0.0, 1.0}}

    @property
    def freedom(self) -> int:
        """One less than there are categories: their probabilities add up to 1."""
        return self._p.size - 1

    @property
    def coordinates(self) -> int:
        """One for each category that is possible."""
        return int(np.count_nonzero(self._p))

    def moved(self, u: Array) -> Self:
        """Return the member whose odds are exp(u) times as large; one of 0 stays so."""
        made = np.array(self._p)
        made[made > 0.0] *= np.exp(u - np.max(u))
        return self._with_shares(made / made.sum())

    def slopes(self) -> Array:
        """Return the derivatives of the probabilities by the logarithms of those above 0."""
        p = self._p
        return (np.diag(p) - np.outer(p, p))[:, p > 0.0]


def trials(family: str, n: Any) -> int | None:
    """Return a number of trials; None stands for each row's own."""
    if n is None:
        return None
    if np.ndim(n) == 0 and not isinstance(n, str) and float(n) >= 0 and float(n).is_integer():
        return int(n)
    raise ParameterError(
        f"{family}: n must be a whole number of trials, or None for each row its own sum; got "
        f"{n!r:.40}."
    )


def log_coefficient(x: Array) -> Array:
    """Return the log of the number of orders in which such counts can come."""
    from scipy.special import gammaln

    return np.asarray(gammaln(x.sum(axis=-1) + 1.0) - gammaln(x + 1.0).sum(axis=-1))


@dataclass(frozen=True, eq=False, repr=False)
class Multinomial(OfTrials, WithShares):
    """Multinomial distribution: how often each category came in n independent trials.

    p(x) = n!/Π x_i! Π p_i^x_i

    Parameters
    ----------
    n : int ≥ 0, or None for each row's own sum.
    p : array of shape (d,), probabilities that add up to 1.
    columns : names, optional
        What the categories are called: 0, 1, … without it.

    Source: Johnson, Kotz & Balakrishnan (1997), ch. 35.

    Examples
    --------
    >>> round(float(Multinomial(4, [0.5, 0.3, 0.2]).log_prob([2, 1, 1])), 6)
    -1.714798
    """

    n: int | None
    p: Array
    columns: Sequence[str] = ()

    name = "multinomial"

    def __post_init__(self) -> None:
        p = shares("Multinomial", "p", self.p)
        object.__setattr__(self, "n", trials("Multinomial", self.n))
        object.__setattr__(self, "p", p)
        object.__setattr__(self, "columns", named(self.columns, p.size))

    @property
    def _p(self) -> Array:
        return self.p

    def _with_shares(self, p: Array) -> Self:
        return replace(self, p=p)

    @property
    def mean(self) -> Array:
        """Expected count of each category."""
        return self._known() * self.p

    @property
    def cov(self) -> Array:
        """The covariance matrix of the counts."""
        return self._known() * (np.diag(self.p) - np.outer(self.p, self.p))

    @property
    def std(self) -> Array:
        """Standard deviation of each count."""
        return np.sqrt(self.cov.diagonal())

    @property
    def entropy(self) -> float:
        """Entropy, nats."""
        from scipy.stats import multinomial

        return float(multinomial.entropy(self._known(), self.p))

    def marginal(self, column: str) -> Distribution:
        """Return the distribution of one count, a binomial.

        Examples
        --------
        >>> round(float(Multinomial(4, [0.5, 0.3, 0.2]).marginal("0").mean), 6)
        2.0
        """
        from likeliest.distributions.combinators.trials import binomial

        [at] = self._places(str(column))
        family: Any = binomial(self._known())
        made: Distribution = family(prob=float(self.p[at]))
        return made

    def _log_prob(self, x: Array) -> Array:
        from scipy.special import xlogy

        terms = log_coefficient(x) + xlogy(x, self.p).sum(axis=-1)
        return np.where(self._possible(x), terms, -np.inf)

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return rng.multinomial(self._known(), self.p, shape).astype(np.float64)
