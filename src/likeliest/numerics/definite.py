"""Positive definite matrices of many coordinates, factorised: full ones, and those mostly 0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array

WIDE = 100
"""Coordinates from which a factorisation takes far less time than eigenvectors."""

_SPARSE = 0.1  # of the entries: as in the information of a category of many levels


@dataclass(frozen=True)
class Factors:
    """A positive definite matrix, factorised.

    Parameters
    ----------
    upper : array of shape (k, k), or None
        Cholesky's factor.
    sparse : SuperLU, or None
        In its place where the matrix is mostly 0.
    least : float
        The smallest pivot: of a matrix with 1 on its diagonal that of which a coordinate is not
        told by those before it.
    """

    upper: Array | None
    sparse: Any
    least: float

    def solve(self, right: Array) -> Array:
        """Return the inverse times a vector, or a matrix."""
        if self.upper is None:
            return np.asarray(self.sparse.solve(right))
        from scipy.linalg import lapack

        return np.asarray(lapack.dpotrs(self.upper, right)[0])

    def inverse(self) -> Array:
        """Return the inverse."""
        if self.upper is None:
            return np.asarray(self.sparse.solve(np.eye(self.sparse.shape[0])))
        from scipy.linalg import lapack

        half = np.triu(lapack.dpotri(self.upper)[0])
        half += np.triu(half, 1).T
        return half

    def condition(self, matrix: Array) -> float:
        """Return about the condition number of the matrix that was factorised, by its sums."""
        from scipy.sparse.linalg import LinearOperator, onenormest

        inverse = LinearOperator(
            matrix.shape, self.solve, self.solve, self.solve, rmatmat=self.solve
        )
        return float(np.max(np.sum(np.abs(matrix), axis=0)) * onenormest(inverse))


def factorised(matrix: Array) -> Factors | None:
    """Return the factors of a symmetric matrix, None where it is not positive definite.

    Examples
    --------
    >>> factorised(np.diag([4.0, 16.0])).solve(np.ones(2)).tolist()
    [0.25, 0.0625]
    """
    from scipy.linalg import lapack

    if not np.isfinite(matrix).all():
        return None
    if len(matrix) >= WIDE and np.count_nonzero(matrix) < _SPARSE * matrix.size:
        made = _of_sparse(matrix)
        if made is not None:
            return made
    upper, stopped = lapack.dpotrf(matrix)
    return None if stopped else Factors(upper, None, float(np.min(upper.diagonal()) ** 2))


def _of_sparse(matrix: Array) -> Factors | None:
    """Return factors whose pivots all stand on the diagonal, as of a definite matrix they may."""
    from scipy import sparse
    from scipy.sparse.linalg import splu

    symmetric = {"SymmetricMode": True}
    try:
        made = splu(
            sparse.csc_array(matrix), permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0,
            options=symmetric,
        )  # fmt: skip
    except RuntimeError:  # it is singular
        return None
    pivots = made.U.diagonal()
    on_diagonal = np.array_equal(made.perm_r, made.perm_c)
    return Factors(None, made, float(pivots.min())) if on_diagonal and pivots.min() > 0 else None
