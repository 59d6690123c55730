"""The multivariate t."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from likeliest.distributions.multivariate.elliptical import Elliptical, definite
from likeliest.distributions.multivariate.multivariate import named, vector
from likeliest.distributions.multivariate.normal import MultivariateNormal
from likeliest.distributions.parameters import Constraint
from likeliest.errors import ParameterError
from likeliest.numerics.gamma import gammaln_difference, trigamma_difference
from likeliest.numerics.special import digamma

if TYPE_CHECKING:
    from collections.abc import Sequence

    from likeliest.distributions.families.student_t import StudentT
    from likeliest.numerics.arrays import Array

_DF = Constraint(0.0, np.inf, high_closed=True)


@dataclass(frozen=True, eq=False, repr=False)
class MultivariateT(Elliptical):
    """Multivariate t distribution: a normal with heavier tails, which outliers move but little.

    f(x) = Γ((df+d)/2) / (Γ(df/2) (df π)^(d/2) |scale|^(1/2)) (1 + δ/df)^(-(df+d)/2), where
    δ = (x - loc)ᵀ scale⁻¹ (x - loc)

    Parameters
    ----------
    df : float, > 0 (∞ included: the normal). No unit.
    loc : array of shape (d,), in the units of x.
    scale : array of shape (d, d), symmetric and positive definite; cov is df/(df-2) times it.
    columns : names, optional
        What the d numbers are called: 0, 1, … without it.

    Source: Kotz & Nadarajah (2004); Lange, Little & Taylor (1989).

    Examples
    --------
    >>> both = MultivariateT(5.0, [0.0, 0.0], [[1.0, 0.5], [0.5, 1.0]])
    >>> both.cov.round(3).tolist()
    [[1.667, 0.833], [0.833, 1.667]]
    """

    df: float
    loc: Array
    scale: Array
    columns: Sequence[str] = ()

    name = "multivariate t"

    def __post_init__(self) -> None:
        loc = vector("MultivariateT", "loc", self.loc)
        columns = named(self.columns, loc.size)
        try:
            df = float(self.df)
        except (TypeError, ValueError):
            df = math.nan
        if not df > 0.0:
            raise ParameterError(
                f"MultivariateT: df must be > 0 (∞ included); got {self.df!r:.40}."
            )
        object.__setattr__(self, "df", df)
        object.__setattr__(self, "loc", loc)
        object.__setattr__(self, "columns", columns)
        object.__setattr__(self, "scale", definite("MultivariateT", "scale", self.scale, columns))

    @property
    def centre(self) -> Array:
        """The location."""
        return self.loc

    @property
    def matrix(self) -> Array:
        """The scale matrix."""
        return self.scale

    @property
    def mean(self) -> Array:
        """Expected value of each column: the location; NaN for df ≤ 1, where there is none."""
        return self.loc if self.df > 1.0 else np.full(len(self.columns), np.nan)

    @property
    def cov(self) -> Array:
        """The covariance matrix; infinite for df ≤ 2."""
        if math.isinf(self.df):
            return self.scale
        with np.errstate(invalid="ignore"):  # of columns that are not correlated: NaN
            return self.scale * (self.df / (self.df - 2.0) if self.df > 2.0 else np.inf)

    @property
    def parameters(self) -> dict[str, float]:
        """Df, the locations, and the scale matrix on and above its diagonal."""
        return {"df": self.df, **self._numbers("loc", "scale")}

    @property
    def constraints(self) -> dict[str, Constraint]:
        """The range of each parameter."""
        return {"df": _DF, **self._ranges("loc", "scale")}

    @property
    def bounds(self) -> dict[str, float]:
        """The parameters on a bound of their range: df = ∞."""
        return {"df": np.inf} if math.isinf(self.df) else {}

    @property
    def entropy(self) -> float:
        """Differential entropy, nats."""
        if math.isinf(self.df):
            return self._as_normal().entropy
        d, df = len(self.columns), self.df
        mean_log = float(digamma(0.5 * (df + d)) - digamma(0.5 * df))
        return (
            0.5 * self.log_det
            - log_constant(self.df, len(self.columns))
            + 0.5 * (df + d) * mean_log
        )

    def score(self, x: Any) -> dict[str, Array]:
        """Return the derivative of log_prob by each parameter, for rows x; by df none at ∞."""
        rows = self._rows(x)
        if math.isinf(self.df):
            return self._score_of(rows, 1.0, "loc", "scale")
        d, df, z = len(self.columns), self.df, self.standardised(rows)
        far = np.einsum("...i,...i->...", z, z)
        weight = (df + d) / (df + far)
        by_df = 0.5 * (
            digamma(0.5 * (df + d)) - digamma(0.5 * df) - d / df
            - np.log1p(far / df) + weight * far / df
        )  # fmt: skip
        return {"df": by_df, **self._score_of(rows, weight, "loc", "scale")}

    def moved(self, u: Array) -> Self:
        """Return the member at coordinates (m, E) and, where df is finite, the change of log df."""
        made = super().moved(u)
        return made if math.isinf(self.df) else replace(made, df=self.df * math.exp(u[-1]))

    def slopes(self) -> Array:
        """Return the derivatives of df, loc and scale by the coordinates."""
        both = super().slopes()
        k = len(both)
        if math.isinf(self.df):
            return np.concatenate([np.zeros((1, k)), both])
        made = np.zeros((k + 1, k + 1))
        made[1:, :k], made[0, k] = both, self.df
        return made

    def information(self) -> Array:
        """Return the information that a row gives of the parameters, of shape (p, p).

        Source: Lange, Little & Taylor (1989), appendix B.
        """
        if math.isinf(self.df):
            raise ParameterError(
                "multivariate t: at df = ∞ nothing is told of df; take the normal."
            )
        return super().information()

    def _information_here(self) -> Array:
        d, df = len(self.columns), self.df
        i, j = np.triu_indices(d)
        same = np.where(i == j, 1.0, 0.0)
        k = d + same.size
        made = np.zeros((k + 1, k + 1))
        made[:d, :d] = np.eye(d) * (df + d)
        made[d:k, d:k] = (df + d) * np.diag(1.0 - 0.5 * same) - 0.5 * np.outer(same, same)
        made[d:k, k] = made[k, d:k] = -df / (df + d) * same
        made /= df + d + 2.0
        fall = -float(trigamma_difference(np.float64(0.5 * df), 0.5 * d))
        made[k, k] = 0.25 * df**2 * fall - 0.5 * df * d * (df + d + 4.0) / (
            (df + d) * (df + d + 2.0)
        )
        return made

    def derived_slopes(self) -> Array:
        """Return the derivatives of standard deviations and correlations by the parameters."""
        made = super().derived_slopes()
        if 2.0 < self.df < math.inf:
            made[: len(self.columns), 0] = -self.std / (self.df * (self.df - 2.0))
        return made

    def _as_normal(self) -> MultivariateNormal:
        return MultivariateNormal(self.loc, self.scale, self.columns)

    def _log_prob(self, x: Array) -> Array:
        if math.isinf(self.df):
            return self._as_normal().log_prob(x)
        z = self.standardised(x)
        far = np.einsum("...i,...i->...", z, z)
        power = 0.5 * (self.df + len(self.columns))
        return (
            log_constant(self.df, len(self.columns))
            - 0.5 * self.log_det
            - power * np.log1p(far / self.df)
        )

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        normal = rng.standard_normal((*shape, len(self.columns))) @ self.root.T
        if math.isinf(self.df):
            return self.loc + normal
        return self.loc + normal / np.sqrt(rng.chisquare(self.df, (*shape, 1)) / self.df)

    def _box(self, lower: Array, upper: Array, seed: int) -> float:
        if math.isinf(self.df):
            return self._as_normal()._box(lower, upper, seed)  # noqa: SLF001
        from scipy import stats

        multivariate_t: Any = stats.multivariate_t  # whose types know df as whole numbers alone
        rng = np.random.default_rng(seed)
        return float(
            multivariate_t.cdf(
                upper, shape=self.correlation, df=self.df, lower_limit=lower, random_state=rng
            )
        )

    def _with(self, centre: Array, matrix: Array, columns: Sequence[str], known: int = 0) -> Self:
        return type(self)(self.df + known, centre, matrix, columns)

    def _of_one(self, centre: float, scale: float) -> StudentT:
        from likeliest.distributions.families.student_t import StudentT

        return StudentT(self.df, centre, scale)

    def _spread_given(self, distance: float, known: int) -> float:
        if math.isinf(self.df):
            return 1.0
        return (self.df + distance) / (self.df + known)


def log_constant(df: float, d: int) -> float:
    """Return log Γ((df + d)/2)/(Γ(df/2) (df π)^(d/2))."""
    return float(gammaln_difference(np.float64(0.5 * df), 0.5 * d)) - 0.5 * d * math.log(
        df * math.pi
    )
