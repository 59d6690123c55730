"""The multivariate normal."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from likeliest.distributions.multivariate.elliptical import Elliptical, definite
from likeliest.distributions.multivariate.multivariate import named, vector

if TYPE_CHECKING:
    from collections.abc import Sequence

    from likeliest.distributions.families.normal import Normal
    from likeliest.distributions.parameters import Constraint
    from likeliest.numerics.arrays import Array

_LOG_TWO_PI = math.log(2.0 * math.pi)


@dataclass(frozen=True, eq=False, repr=False)
class MultivariateNormal(Elliptical):
    """Multivariate normal distribution: columns that vary together, their relations straight lines.

    f(x) = (2π)^(-d/2) |cov|^(-1/2) exp(-(x - mean)ᵀ cov⁻¹ (x - mean)/2)

    Parameters
    ----------
    mean : array of shape (d,), in the units of x.
    cov : array of shape (d, d), symmetric and positive definite.
    columns : names, optional
        What the d numbers are called: 0, 1, … without it.

    Source: Anderson (2003), An Introduction to Multivariate Statistical Analysis, ch. 2 and 3.

    Examples
    --------
    >>> both = MultivariateNormal([0.0, 0.0], [[1.0, 0.5], [0.5, 1.0]])
    >>> round(float(both.log_prob([1.0, 1.0])), 6)
    -2.360703
    """

    mean: Array
    cov: Array
    columns: Sequence[str] = ()

    name = "multivariate normal"

    def __post_init__(self) -> None:
        mean = vector("MultivariateNormal", "mean", self.mean)
        columns = named(self.columns, mean.size)
        object.__setattr__(self, "mean", mean)
        object.__setattr__(self, "columns", columns)
        object.__setattr__(self, "cov", definite("MultivariateNormal", "cov", self.cov, columns))

    @property
    def centre(self) -> Array:
        """The mean."""
        return self.mean

    @property
    def matrix(self) -> Array:
        """The covariance matrix."""
        return self.cov

    @property
    def parameters(self) -> dict[str, float]:
        """The means, and the covariances on and above the diagonal."""
        return self._numbers("mean", "cov")

    @property
    def constraints(self) -> dict[str, Constraint]:
        """The range of each parameter."""
        return self._ranges("mean", "cov")

    @property
    def entropy(self) -> float:
        """Differential entropy, nats."""
        return 0.5 * (len(self.columns) * (1.0 + _LOG_TWO_PI) + self.log_det)

    def score(self, x: Any) -> dict[str, Array]:
        """Return the derivative of log_prob by each parameter, for rows x."""
        return self._score_of(self._rows(x), 1.0, "mean", "cov")

    def _log_prob(self, x: Array) -> Array:
        z = self.standardised(x)
        squares = np.einsum("...i,...i->...", z, z)
        return -0.5 * (len(self.columns) * _LOG_TWO_PI + self.log_det + squares)

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return self.centre + rng.standard_normal((*shape, len(self.columns))) @ self.root.T

    def _information_here(self) -> Array:
        i, j = np.triu_indices(len(self.columns))
        return np.diag([*np.ones(len(self.columns)), *np.where(i == j, 0.5, 1.0)])

    def _box(self, lower: Array, upper: Array, seed: int) -> float:
        from scipy import stats

        cdf: Any = stats.multivariate_normal.cdf
        box = {"cov": self.correlation, "lower_limit": lower}
        try:
            return float(cdf(upper, **box, rng=np.random.default_rng(seed)))
        except TypeError:  # before 1.15 SciPy took no generator here
            return float(cdf(upper, **box))

    def _with(self, centre: Array, matrix: Array, columns: Sequence[str], known: int = 0) -> Self:
        return type(self)(centre, matrix, columns)

    def _of_one(self, centre: float, scale: float) -> Normal:
        from likeliest.distributions.families.normal import Normal

        return Normal(centre, scale)
