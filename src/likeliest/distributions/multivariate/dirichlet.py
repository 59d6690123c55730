"""The Dirichlet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from likeliest.distributions.multivariate.multivariate import (
    Multivariate,
    by_name,
    named,
    positive_vector,
)
from likeliest.distributions.parameters import Constraint
from likeliest.numerics.special import digamma

if TYPE_CHECKING:
    from collections.abc import Sequence

    from likeliest.distributions.families.beta import Beta
    from likeliest.numerics.arrays import Array

WHOLE = 1e-6
"""By how much the sum of the shares in a row may miss 1, for the rounding of their digits."""


class OfConcentrations(Multivariate):
    """A family of rows by concentrations `alpha`, one a column; its coordinates are their logs."""

    alpha: Array

    @property
    def parameters(self) -> dict[str, float]:
        """The concentrations."""
        return by_name("alpha", self.columns, self.alpha.tolist())

    @property
    def constraints(self) -> dict[str, Constraint]:
        """The range of each parameter."""
        return by_name("alpha", self.columns, [Constraint(0.0, np.inf)] * self.alpha.size)

    def moved(self, u: Array) -> Self:
        """Return the member whose concentrations are exp(u) times as large."""
        return replace(self, alpha=self.alpha * np.exp(u))  # type: ignore[type-var]

    def slopes(self) -> Array:
        """Return the derivatives of the concentrations by their logarithms."""
        return np.diag(self.alpha)

    @property
    def _shares(self) -> Array:
        return self.alpha / self.alpha.sum()


@dataclass(frozen=True, eq=False, repr=False)
class Dirichlet(OfConcentrations):
    """Dirichlet distribution: shares of a whole, all above 0, which add up to 1.

    f(x) = Γ(Σ alpha)/Π Γ(alpha_i) Π x_i^(alpha_i - 1), a density of all shares but the last

    Parameters
    ----------
    alpha : array of shape (d,), > 0, d ≥ 2. No unit.
    columns : names, optional
        What the d shares are called: 0, 1, … without it.

    Source: Kotz, Balakrishnan & Johnson (2000), ch. 49.

    Examples
    --------
    >>> round(float(Dirichlet([2.0, 3.0, 5.0]).log_prob([0.2, 0.3, 0.5])), 6)
    2.140654
    """

    alpha: Array
    columns: Sequence[str] = ()

    name = "dirichlet"
    discrete = False

    def __post_init__(self) -> None:
        alpha = positive_vector("Dirichlet", "alpha", self.alpha)
        object.__setattr__(self, "alpha", alpha)
        object.__setattr__(self, "columns", named(self.columns, alpha.size))

    @property
    def mean(self) -> Array:
        """Expected share of each column."""
        return self._shares

    @property
    def cov(self) -> Array:
        """The covariance matrix, singular: shares add up to 1."""
        p = self._shares
        return (np.diag(p) - np.outer(p, p)) / (self.alpha.sum() + 1.0)

    @property
    def std(self) -> Array:
        """Standard deviation of each share."""
        return np.sqrt(self.cov.diagonal())

    @property
    def entropy(self) -> float:
        """Differential entropy of all shares but the last, nats."""
        return -self._log_constant() - float((self.alpha - 1.0) @ self.mean_log())

    def mean_log(self) -> Array:
        """Return the expected logarithm of each share."""
        return np.asarray(digamma(self.alpha) - digamma(self.alpha.sum()))

    def marginal(self, column: str) -> Beta:
        """Return the distribution of one share, a beta.

        Examples
        --------
        >>> Dirichlet([2.0, 3.0, 5.0]).marginal("0")
        Beta(alpha=2.0, beta=8.0)
        """
        from likeliest.distributions.families.beta import Beta

        [at] = self._places(str(column))
        return Beta(float(self.alpha[at]), float(self.alpha.sum() - self.alpha[at]))

    def score(self, x: Any) -> dict[str, Array]:
        """Return the derivative of log_prob by each concentration, for rows x."""
        with np.errstate(divide="ignore", invalid="ignore"):  # outside: no number
            terms = np.log(self._rows(x)) - self.mean_log()
        return by_name("alpha", self.columns, np.moveaxis(terms, -1, 0))

    def information(self) -> Array:
        """Return the information that a row gives of the concentrations, of shape (d, d)."""
        from scipy.special import polygamma

        shared = polygamma(1, self.alpha.sum())
        return np.asarray(np.diag(polygamma(1, self.alpha)) - shared)

    def _log_constant(self) -> float:
        from scipy.special import gammaln

        return float(gammaln(self.alpha.sum()) - gammaln(self.alpha).sum())

    def _log_prob(self, x: Array) -> Array:
        from scipy.special import xlogy

        inside = (x >= 0.0).all(axis=-1) & (np.abs(x.sum(axis=-1) - 1.0) <= WHOLE)
        terms = self._log_constant() + xlogy(self.alpha - 1.0, x).sum(axis=-1)
        return np.where(np.isnan(x).any(axis=-1), np.nan, np.where(inside, terms, -np.inf))

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return rng.dirichlet(self.alpha, shape)
