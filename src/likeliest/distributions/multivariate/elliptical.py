"""Elliptical: families whose density falls along ellipses, by a location and a matrix."""

from __future__ import annotations

import math
from abc import abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np

from likeliest.distributions.multivariate.multivariate import Multivariate, is_one, listed
from likeliest.distributions.parameters import Constraint
from likeliest.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import ArrayLike

    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Array

_SINGULAR = 1e-14  # of a unit diagonal: less than this float64 does not tell from 0
_REPEATS = 8  # of the randomised quadrature, from whose spread its error is told
REAL = Constraint(-np.inf, np.inf)
POSITIVE = Constraint(0.0, np.inf)
CORRELATION = Constraint(-1.0, 1.0)  # its logit is twice Fisher's z


class Probability(NamedTuple):
    """A probability found by randomised quadrature, and its standard error."""

    value: float
    error: float


class Elliptical(Multivariate):
    """A family with a location, a positive definite matrix, and ellipses of equal density."""

    discrete = False
    cov: Any  # a field of one family, and follows from the fields of another

    @property
    @abstractmethod
    def centre(self) -> Array:
        """The point that the ellipses lie about."""

    @property
    @abstractmethod
    def matrix(self) -> Array:
        """The matrix whose square root takes the unit sphere to an ellipse."""

    @abstractmethod
    def _with(self, centre: Array, matrix: Array, columns: Sequence[str], known: int = 0) -> Self:
        """Return the member of another centre and matrix, after so many columns were known."""

    @abstractmethod
    def _box(self, lower: Array, upper: Array, seed: int) -> float:
        """Return P(lower < X ≤ upper) by SciPy's randomised quadrature."""

    @cached_property
    def root(self) -> Array:
        """The lower triangular L whose L Lᵀ is the matrix."""
        units = np.sqrt(self.matrix.diagonal())
        return units[:, None] * np.linalg.cholesky(self.matrix / np.outer(units, units))

    @cached_property
    def log_det(self) -> float:
        """The logarithm of the determinant of the matrix."""
        return 2.0 * float(np.log(self.root.diagonal()).sum())

    def standardised(self, x: Array) -> Array:
        """Return z of x = centre + L z, for rows x."""
        from scipy.linalg import solve_triangular

        units = np.sqrt(self.matrix.diagonal())
        flat = ((x - self.centre) / units).reshape(-1, len(self.columns))
        z = solve_triangular(self.root / units[:, None], flat.T, lower=True, check_finite=False)
        return np.asarray(z.T.reshape(x.shape))

    def mahalanobis(self, x: Any) -> Array:
        """Return how far rows lie from the centre, in units of the ellipse; no unit."""
        z = self.standardised(self._rows(x))
        return np.sqrt(np.einsum("...i,...i->...", z, z))[()]

    @property
    def std(self) -> Array:
        """Standard deviation of each column, in its unit."""
        return np.sqrt(self.cov.diagonal())

    @property
    def correlation(self) -> Array:
        """The correlation matrix."""
        units = np.sqrt(self.matrix.diagonal())
        made = self.matrix / np.outer(units, units)
        np.fill_diagonal(made, 1.0)
        return made

    def marginal(self, columns: str | Iterable[str]) -> Any:
        """Return the distribution of some columns, whatever the others are.

        Parameters
        ----------
        columns : str or several
            One name gives a one-dimensional distribution, with quantiles and pictures; a list of
            names, be it of one, gives a multivariate one.

        Examples
        --------
        >>> import likeliest as lk
        >>> both = lk.MultivariateNormal([1.0, 2.0], [[4.0, 1.0], [1.0, 9.0]], ["a", "b"])
        >>> both.marginal("b")
        Normal(mean=2.0, std=3.0)
        """
        at = self._places(columns)
        if is_one(columns):
            return self._of_one(float(self.centre[at[0]]), math.sqrt(self.matrix[at[0], at[0]]))
        names = tuple(self.columns[i] for i in at)
        return self._with(self.centre[at], self.matrix[np.ix_(at, at)], names)

    def conditional(self, given: Mapping[str, float]) -> Self:
        """Return the distribution of the other columns where some are known.

        Parameters
        ----------
        given : mapping
            From names of columns to what they are: {"height": 1.8}.

        Examples
        --------
        >>> import likeliest as lk
        >>> both = lk.MultivariateNormal([1.0, 2.0], [[4.0, 1.0], [1.0, 9.0]], ["a", "b"])
        >>> both.conditional({"a": 3.0}).mean.tolist()
        [2.5]
        """
        known = self._places(given)
        rest = [i for i in range(len(self.columns)) if i not in known]
        if not rest:
            raise ParameterError("All columns are given: none is left to have a distribution.")
        try:
            values = np.array([float(v) for v in given.values()])
        except (AttributeError, TypeError, ValueError):  # no mapping, or not to numbers
            values = np.array([np.nan])
        if not np.isfinite(values).all():
            raise ParameterError(
                "What is given must be finite numbers by the names of their columns, such as "
                f"{{{self.columns[0]!r}: 1.0}}; got {given!r:.60}."
            )
        slope, matrix = self._on(known, rest)
        part = self._with(self.centre[known], self.matrix[np.ix_(known, known)],
                          tuple(self.columns[i] for i in known))  # fmt: skip
        spread = self._spread_given(float(part.mahalanobis(values)) ** 2, len(known))
        centre = self.centre[rest] + slope @ (values - self.centre[known])
        names = tuple(self.columns[i] for i in rest)
        return self._with(centre, spread * matrix, names, len(known))

    def impute(self, x: Any) -> Array:
        """Return rows with each missing cell, NaN, replaced by its mean given the rest of its row.

        Examples
        --------
        >>> import likeliest as lk
        >>> both = lk.MultivariateNormal([1.0, 2.0], [[4.0, 1.0], [1.0, 9.0]], ["a", "b"])
        >>> both.impute([[3.0, float("nan")]]).tolist()
        [[3.0, 2.5]]
        """
        rows = np.array(self._rows(x))
        flat = rows.reshape(-1, len(self.columns))
        for gone in np.unique(np.isnan(flat), axis=0):
            if gone.any():
                these = np.flatnonzero((np.isnan(flat) == gone).all(axis=1))
                known, rest = np.flatnonzero(~gone), np.flatnonzero(gone)
                slope, _ = self._on([*known], [*rest])
                off = flat[np.ix_(these, known)] - self.centre[known]
                flat[np.ix_(these, rest)] = self.centre[rest] + off @ slope.T
        return rows

    def probability(self, lower: ArrayLike, upper: ArrayLike, seed: int = 0) -> Probability:
        """Return P(lower < X ≤ upper), every column within its bounds, with its error.

        Parameters
        ----------
        lower, upper : rows of numbers, -inf and inf for none
        seed : int
            Of SciPy's randomised quadrature, whose spread over eight runs is the error; of two
            columns of a normal there is none to speak of.

        Examples
        --------
        >>> import likeliest as lk
        >>> both = lk.MultivariateNormal([0.0, 0.0], [[1.0, 0.5], [0.5, 1.0]])
        >>> round(both.probability([0.0, 0.0], [float("inf")] * 2).value, 6)
        0.333333
        """
        d = len(self.columns)
        try:
            low, high = (np.broadcast_to(np.asarray(end, dtype=np.float64), (d,))
                         for end in (lower, upper))  # fmt: skip
        except (TypeError, ValueError):
            low = high = np.array([np.nan])
        if np.isnan(low).any() or np.isnan(high).any():
            raise ParameterError(
                f"The bounds of a box must be {d} numbers each; -inf and inf stand for none."
            )
        if (low >= high).any():
            return Probability(0.0, 0.0)
        units = np.sqrt(self.matrix.diagonal())
        ends = ((low - self.centre) / units, (high - self.centre) / units)
        runs = np.array([self._box(*ends, seed + i) for i in range(_REPEATS)])
        value = float(np.clip(runs.mean(), 0.0, 1.0))
        return Probability(value, float(runs.std(ddof=1) / math.sqrt(_REPEATS)))

    def cdf(self, x: ArrayLike, seed: int = 0) -> Probability:
        """Return P(X ≤ x), every column at or below its value, with its error."""
        return self.probability(np.full(len(self.columns), -np.inf), x, seed)

    # coordinates: centre + L m, L exp(E) Lᵀ ------------------------------------------------------

    def moved(self, u: Array) -> Self:
        """Return the member at coordinates (m, E): centre + L m, matrix L exp(E) Lᵀ."""
        d = len(self.columns)
        bend = np.zeros((d, d))
        upper = np.triu_indices(d)
        bend[upper] = bend.T[upper] = u[d : d + upper[0].size]
        values, vectors = np.linalg.eigh(bend)
        half = (self.root @ vectors) * np.exp(0.5 * values)
        return self._with(self.centre + self.root @ u[:d], half @ half.T, self.columns)

    def slopes(self) -> Array:
        """Return the derivatives of centre and matrix by (m, E)."""
        d, root = len(self.columns), self.root
        i, j = np.triu_indices(d)
        made = np.zeros((d + i.size, d + i.size))
        made[:d, :d] = root
        both = root[i][:, i] * root[j][:, j]
        made[d:, d:] = np.where(i == j, both, both + root[i][:, j] * root[j][:, i])
        return made

    def information(self) -> Array:
        """Return the information that a row gives of the parameters, of shape (p, p).

        In their order; its inverse over n is the covariance of estimates from n rows.
        """
        back = np.linalg.inv(self.slopes())
        return back.T @ self._information_here() @ back

    @abstractmethod
    def _information_here(self) -> Array:
        """Return the information that a row gives of the coordinates, here."""

    def beyond(self) -> list[Array]:
        """Return the coordinates of members with the centre, or a column, turned about."""
        d = len(self.columns)
        u = np.zeros((d, self.coordinates))
        u[0, :d] = -2.0 * np.linalg.solve(self.root, self.centre)
        upper = np.triu_indices(d)
        for at in range(1, d):  # with the first, whose covariance with each other it turns too
            turned = np.array(self.root)
            turned[at] *= -1.0
            half = np.linalg.solve(self.root, turned)
            values, vectors = np.linalg.eigh(half @ half.T)
            bend = (vectors * np.log(np.maximum(values, _SINGULAR))) @ vectors.T
            u[at, d : d + upper[0].size] = bend[upper]
        return [u]

    def derived(self) -> dict[str, tuple[float, Constraint]]:
        """Return the standard deviations and the correlations."""
        d, std, corr = len(self.columns), self.std, self.correlation
        made = {f"std[{c}]": (float(s), POSITIVE) for c, s in zip(self.columns, std, strict=True)}
        for i in range(d):
            for j in range(i + 1, d):
                name = f"correlation[{self.columns[i]}, {self.columns[j]}]"
                made[name] = (float(corr[i, j]), CORRELATION)
        return {name: pair for name, pair in made.items() if math.isfinite(pair[0])}

    def derived_slopes(self) -> Array:
        """Return the derivatives of standard deviations and correlations by the parameters."""
        d, corr, spread = len(self.columns), self.correlation, self.matrix.diagonal()
        first = len(self.parameters) - d * (d + 1) // 2  # of those of the matrix
        place = np.zeros((d, d), dtype=np.intp)
        i, j = np.triu_indices(d)
        place[i, j] = place[j, i] = first + np.arange(i.size)
        at, k = place.diagonal(), np.arange(d)
        std = np.zeros((d, len(self.parameters)))
        std[k, at] = 0.5 * self.std / spread
        i, j = np.triu_indices(d, 1)
        made, k = np.zeros((i.size, len(self.parameters))), np.arange(i.size)
        made[k, place[i, j]] = 1.0 / np.sqrt(spread[i] * spread[j])
        made[k, at[i]] = -0.5 * corr[i, j] / spread[i]
        made[k, at[j]] = -0.5 * corr[i, j] / spread[j]
        return np.concatenate([std[np.isfinite(self.std)], made])

    def _names(self, centre: str, matrix: str) -> tuple[list[str], list[str]]:
        i, j = np.triu_indices(len(self.columns))
        pairs = zip(i.tolist(), j.tolist(), strict=True)
        c = self.columns
        return [f"{centre}[{one}]" for one in c], [f"{matrix}[{c[a]}, {c[b]}]" for a, b in pairs]

    def _numbers(self, centre: str, matrix: str) -> dict[str, float]:
        first, second = self._names(centre, matrix)
        values = (*self.centre.tolist(), *self.matrix[np.triu_indices(len(self.columns))].tolist())
        return dict(zip((*first, *second), values, strict=True))

    def _ranges(self, centre: str, matrix: str) -> dict[str, Constraint]:
        first, second = self._names(centre, matrix)
        i, j = np.triu_indices(len(self.columns))
        kinds = [POSITIVE if same else REAL for same in (i == j).tolist()]
        location = Constraint(-np.inf, np.inf, power=1)
        return dict.fromkeys(first, location) | dict(zip(second, kinds, strict=True))

    def _score_of(self, x: Any, weight: Any, centre: str, matrix: str) -> dict[str, Array]:
        """Return the score by centre and matrix of rows that count as often as `weight` says."""
        from scipy.linalg import solve_triangular

        z = self.standardised(x)
        d = len(self.columns)
        inverse = solve_triangular(self.root, np.eye(d), lower=True)
        pull, precision = z @ inverse, inverse.T @ inverse
        first, second = self._names(centre, matrix)
        made = {name: weight * pull[..., i] for i, name in enumerate(first)}
        for name, i, j in zip(second, *np.triu_indices(d), strict=True):
            term = weight * pull[..., i] * pull[..., j] - precision[i, j]
            made[name] = term if i < j else 0.5 * term
        return made

    def _on(self, known: list[int], rest: list[int]) -> tuple[Array, Array]:
        """Return the slopes of the other columns on those known, and the matrix that is left."""
        units = np.sqrt(self.matrix.diagonal())
        scaled = self.matrix / np.outer(units, units)
        across = scaled[np.ix_(known, rest)]
        slope = np.linalg.solve(scaled[np.ix_(known, known)], across).T if known else across.T
        left = scaled[np.ix_(rest, rest)] - slope @ across
        left = 0.5 * (left + left.T) * np.outer(units[rest], units[rest])
        return slope * units[rest][:, None] / units[known], left

    def _of_one(self, centre: float, scale: float) -> Distribution:
        """Return the distribution of one column."""
        raise NotImplementedError

    def _spread_given(self, distance: float, known: int) -> float:
        """Return by what the matrix is multiplied where others lie so far out."""
        return 1.0


def definite(family: str, name: str, value: Any, columns: Sequence[str]) -> Array:
    """Return a symmetric positive definite matrix, or raise ParameterError."""
    d = len(columns)
    try:
        made = np.array(value, dtype=np.float64)
    except (TypeError, ValueError):
        made = np.zeros(0)
    if made.shape != (d, d) or not np.isfinite(made).all():
        raise ParameterError(
            f"{family}: {name} must be {d} rows of {d} numbers; got {value!r:.60}."
        )
    made = 0.5 * (made + made.T)
    units = np.sqrt(np.abs(made.diagonal()))
    if not (made.diagonal() > 0.0).all():
        at = int(np.argmin(made.diagonal() > 0.0))
        raise ParameterError(f"{family}: {name}[{columns[at]}, {columns[at]}] must be > 0.")
    if np.abs(np.subtract(value, made)).max() > 1e-8 * np.outer(units, units).max():
        raise ParameterError(f"{family}: {name} must be symmetric.")
    tied = tied_columns(made / np.outer(units, units), columns)
    if tied:
        raise ParameterError(
            f"{family}: {name} must be positive definite; the columns {listed(tied)} are a linear "
            "combination of each other."
        )
    made.flags.writeable = False
    return made


def tied_columns(
    correlation: Array, columns: Sequence[str], least: float = _SINGULAR
) -> tuple[str, ...]:
    """Return the columns of which one follows from the others; none where none does."""
    values, vectors = np.linalg.eigh(correlation)
    if values[0] > least * len(columns):
        return ()
    share = np.abs(vectors[:, 0])
    return tuple(c for c, s in zip(columns, share, strict=True) if s > 1e-4 * share.max())
