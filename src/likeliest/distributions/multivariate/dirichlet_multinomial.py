"""The Dirichlet-multinomial."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.distributions.multivariate.dirichlet import OfConcentrations
from likeliest.distributions.multivariate.multinomial import OfTrials, log_coefficient, trials
from likeliest.distributions.multivariate.multivariate import by_name, named, positive_vector
from likeliest.numerics.gamma import digamma_difference, gammaln_difference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Array


@dataclass(frozen=True, eq=False, repr=False)
class DirichletMultinomial(OfTrials, OfConcentrations):
    """Dirichlet-multinomial: counts in categories whose probabilities differ from row to row.

    p(x) = n!/Π x_i! Γ(A)/Γ(A + n) Π Γ(alpha_i + x_i)/Γ(alpha_i), where A = Σ alpha

    The probabilities of a row are drawn from a Dirichlet; as A → ∞ they are the same in each, and
    it is the multinomial.

    Parameters
    ----------
    n : int ≥ 0, or None for each row's own sum.
    alpha : array of shape (d,), > 0, d ≥ 2. No unit.
    columns : names, optional
        What the categories are called: 0, 1, … without it.

    Source: Mosimann (1962); Johnson, Kotz & Balakrishnan (1997), ch. 35.

    Examples
    --------
    >>> round(float(DirichletMultinomial(4, [2.0, 3.0, 5.0]).log_prob([2, 1, 1])), 6)
    -2.76562
    """

    n: int | None
    alpha: Array
    columns: Sequence[str] = ()

    name = "dirichlet-multinomial"

    def __post_init__(self) -> None:
        alpha = positive_vector("DirichletMultinomial", "alpha", self.alpha)
        object.__setattr__(self, "n", trials("DirichletMultinomial", self.n))
        object.__setattr__(self, "alpha", alpha)
        object.__setattr__(self, "columns", named(self.columns, alpha.size))

    @property
    def mean(self) -> Array:
        """Expected count of each category."""
        return self._known() * self._shares

    @property
    def cov(self) -> Array:
        """The covariance matrix of the counts."""
        n, total, p = self._known(), self.alpha.sum(), self._shares
        return n * (n + total) / (1.0 + total) * (np.diag(p) - np.outer(p, p))

    @property
    def std(self) -> Array:
        """Standard deviation of each count."""
        return np.sqrt(self.cov.diagonal())

    def marginal(self, column: str) -> Distribution:
        """Return the distribution of one count, a beta-binomial.

        Examples
        --------
        >>> float(DirichletMultinomial(4, [2.0, 3.0, 5.0]).marginal("0").mean)
        0.8
        """
        from likeliest.distributions.combinators.trials import beta_binomial

        [at] = self._places(str(column))
        one = float(self.alpha[at])
        family: Any = beta_binomial(self._known())
        made: Distribution = family(alpha=one, beta=float(self.alpha.sum()) - one)
        return made

    def score(self, x: Any) -> dict[str, Array]:
        """Return the derivative of log_prob by each concentration, for rows x."""
        rows, whole = self._rows(x), self.alpha.sum()
        terms = digamma_difference(self.alpha, rows)
        terms = terms - digamma_difference(whole, rows.sum(axis=-1, keepdims=True))
        return by_name("alpha", self.columns, np.moveaxis(terms, -1, 0))

    def _log_prob(self, x: Array) -> Array:
        possible = self._possible(x)
        counts = np.where(possible[..., None], x, 0.0)
        gained = gammaln_difference(self.alpha, counts).sum(axis=-1)
        total = gammaln_difference(self.alpha.sum(), counts.sum(axis=-1))
        return np.where(possible, log_coefficient(counts) + gained - total, -np.inf)

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        p = rng.dirichlet(self.alpha, shape)
        return rng.multinomial(self._known(), p).astype(np.float64)
