"""Products of tall matrices in blocks so short that BLAS stays in the thread that calls it.

Chunks are worked on in threads of our own; BLAS would start as many again for each of them, and
they wait for each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from likeliest.numerics.arrays import Array

_MATRIX = 200_000  # multiplications of a product of matrices: OpenBLAS takes threads from 262,144
_VECTOR = 9_000  # entries of a matrix that a vector is multiplied by: from 9,216


def cross(left: Array, right: Array) -> Array:
    """Return leftᵀ right, of matrices with as many rows.

    Examples
    --------
    >>> cross(np.ones((5, 2)), np.ones((5, 1))).tolist()
    [[5.0], [5.0]]
    """
    out = np.zeros((left.shape[1], right.shape[1]))
    for part in _blocks(len(left), _MATRIX // max(out.size, 1)):
        out += left[part].T @ right[part]
    return out


def product(left: Array, right: Array) -> Array:
    """Return left · right, of a tall matrix and a small one."""
    out = np.empty((len(left), right.shape[1]), order="F")
    for part in _blocks(len(left), _MATRIX // max(right.size, 1)):
        out[part] = left[part] @ right
    return out


def times(matrix: Array, vector: Array) -> Array:
    """Return matrix · vector."""
    if matrix.flags.f_contiguous or matrix.strides[0] == matrix.itemsize:
        return _by_columns(matrix, vector)
    out = np.empty(len(matrix))
    for part in _blocks(len(matrix), _VECTOR // max(matrix.shape[1], 1)):
        np.dot(matrix[part], vector, out=out[part])
    return out


def _by_columns(matrix: Array, vector: Array) -> Array:
    """Return matrix · vector of a matrix that lies column by column: short products are slower."""
    out, more = np.zeros(len(matrix)), np.empty(len(matrix))
    for i, factor in enumerate(vector.tolist()):
        np.multiply(matrix[:, i], factor, out=more)
        out += more
    return out


def transposed_times(matrix: Array, vector: Array) -> Array:
    """Return matrixᵀ · vector."""
    out = np.zeros(matrix.shape[1])
    for part in _blocks(len(matrix), _VECTOR // max(matrix.shape[1], 1)):
        out += vector[part] @ matrix[part]
    return out


def _blocks(n: int, size: int) -> Iterator[slice]:
    step = max(size, 1)
    return (slice(first, first + step) for first in range(0, n, step))
