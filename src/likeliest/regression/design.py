"""Model matrices with categories as codes, and the products that a likelihood needs of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from likeliest.engines import memory
from likeliest.errors import DataError
from likeliest.numerics import products
from likeliest.numerics.definite import WIDE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from likeliest.numerics.arrays import Array, Indices


class Coded(NamedTuple):
    """The columns of one category: each row is 1 in one of them, or in none.

    Parameters
    ----------
    codes : array of shape (n,)
        In which of these columns a row is 1; `len(places)` of a row that is 0 in all.
    places : array
        Where these columns stand among all.
    """

    codes: Indices
    places: Indices

    def sums(self, weight: Array) -> Array:
        """Return the sum of the weights in each column."""
        size = len(self.places)
        sums = np.bincount(self.codes, weight, minlength=size + 1)[:size]
        return np.asarray(sums, dtype=np.float64)


@dataclass(frozen=True)
class Design:
    """A model matrix of dense columns and of categories as codes.

    Parameters
    ----------
    dense : array of shape (n, d)
    places : array of shape (d,)
        Where the dense columns stand among all.
    coded : tuple of Coded
    """

    dense: Array
    places: Indices
    coded: tuple[Coded, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.dense), len(self.places) + sum(len(one.places) for one in self.coded)

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.dense)

    def __getitem__(self, rows: Any) -> Design:
        """Return some rows, without a copy where they are a slice."""
        coded = tuple(one._replace(codes=one.codes[rows]) for one in self.coded)
        return replace(self, dense=self.dense[rows], coded=coded)

    def times(self, vector: Array) -> Array:
        """Return the product with a vector of coefficients."""
        out = products.times(self.dense, vector[self.places])
        for one in self.coded:
            out += np.append(vector[one.places], 0.0)[one.codes]
        return out

    def transposed_times(self, vector: Array) -> Array:
        """Return the product of the transpose with a vector of rows."""
        out = np.empty(self.shape[1])
        out[self.places] = products.transposed_times(self.dense, vector)
        for one in self.coded:
            out[one.places] = one.sums(vector)
        return out


def taken(matrix: Array | Design, rows: Indices) -> Array | Design:
    """Return the rows at these positions, column by column as they lay."""
    if isinstance(matrix, Design) or not matrix.flags.f_contiguous:
        return matrix[rows]
    return np.take(matrix.T, rows, axis=1).T


def times(matrix: Array | Design, vector: Array) -> Array:
    """Return matrix · vector."""
    if isinstance(matrix, Design):
        return matrix.times(vector)
    return products.times(matrix, vector)


def transposed_times(matrix: Array | Design, vector: Array) -> Array:
    """Return matrixᵀ · vector."""
    if isinstance(matrix, Design):
        return matrix.transposed_times(vector)
    return products.transposed_times(matrix, vector)


def cross(left: Array | Design, weight: Array, right: Array | Design) -> Array:
    """Return leftᵀ diag(weight) right.

    Examples
    --------
    >>> codes = Coded(np.array([0, 1, 2, 0]), np.array([0, 1]))
    >>> some = Design(np.ones((4, 1)), np.array([2]), (codes,))
    >>> cross(some, np.ones(4), some).tolist()
    [[2.0, 0.0, 2.0], [0.0, 1.0, 1.0], [2.0, 1.0, 4.0]]
    """
    if not isinstance(left, Design) and not isinstance(right, Design):
        return products.cross(left * weight[:, None], right)
    one, other = (_as_design(matrix) for matrix in (left, right))
    out = np.zeros((one.shape[1], other.shape[1]))
    out[np.ix_(one.places, other.places)] = products.cross(one.dense * weight[:, None], other.dense)
    for a in one.coded:
        out[np.ix_(a.places, other.places)] = _by_level(a, weight, other.dense)
    for b in other.coded:
        out[np.ix_(one.places, b.places)] = _by_level(b, weight, one.dense).T
    for a in one.coded:
        for b in other.coded:
            _count_pairs(out, a, b, weight)
    return out


def _by_level(one: Coded, weight: Array, dense: Array) -> Array:
    """Return the weighted sums of dense columns in each column of a category."""
    sums = [one.sums(weight * dense[:, i]) for i in range(dense.shape[1])]
    return np.stack(sums, axis=1) if sums else np.zeros((len(one.places), 0))


def _count_pairs(out: Array, a: Coded, b: Coded, weight: Array) -> None:
    """Put the weights of all pairs of levels of two categories into their place."""
    if a.codes is b.codes or _is_same(a.codes, b.codes):
        out[a.places, b.places] = a.sums(weight)
        return
    rows, columns = len(a.places) + 1, len(b.places) + 1
    pairs = np.bincount(a.codes * columns + b.codes, weight, minlength=rows * columns)
    out[np.ix_(a.places, b.places)] = pairs.reshape(rows, columns)[:-1, :-1]


def _is_same(one: Indices, other: Indices) -> bool:
    """Whether two arrays are the same memory: chunks of the codes of two parameters are."""
    here, there = one.__array_interface__, other.__array_interface__
    return bool(here["data"] == there["data"] and one.shape == other.shape)


def _as_design(matrix: Array | Design) -> Design:
    if isinstance(matrix, Design):
        return matrix
    return Design(matrix, np.arange(matrix.shape[1]), ())


def about_centre(columns: Array | Design, turn: Array) -> Array | Design:
    """Return standardised columns as those about their centre, from which `turn` made them."""
    if isinstance(columns, Design):
        at = np.ix_(columns.places, columns.places)
        return replace(columns, dense=columns.dense @ np.linalg.inv(turn[at]))
    return np.asarray(columns @ np.linalg.inv(turn))


def moved(matrix: Array | Design, by: Array) -> Array | Design:
    """Return a matrix with a number added to each column; to those of codes 0 alone."""
    if isinstance(matrix, Design):
        return replace(matrix, dense=matrix.dense + by[matrix.places])
    return matrix + by


def only(matrix: Array | Design, kept: Sequence[int]) -> Array | Design:
    """Return some columns of a matrix."""
    if not isinstance(matrix, Design):
        return matrix[:, list(kept)]
    order = {place: i for i, place in enumerate(kept)}
    own = [i for i, place in enumerate(matrix.places.tolist()) if place in order]
    coded = []
    for one in matrix.coded:
        held = [i for i, place in enumerate(one.places.tolist()) if place in order]
        if held:
            codes = np.full(len(one.places) + 1, len(held))
            codes[held] = np.arange(len(held))
            places = np.array([order[place] for place in one.places[held].tolist()])
            coded.append(Coded(codes[one.codes], places))
    places = np.array([order[place] for place in matrix.places[own].tolist()], dtype=np.intp)
    dense = matrix.dense[:, own]
    return Design(dense, places, tuple(coded)) if coded else dense[:, np.argsort(places)]


def as_dense(matrix: Array | Design) -> Array:
    """Return a matrix with its categories as dummies.

    Raises
    ------
    DataError
        If it does not fit into memory.
    """
    if not isinstance(matrix, Design):
        return matrix
    n, p = matrix.shape
    require_room(n * p, f"A matrix of {n:,} rows and {p:,} columns")
    out = np.zeros(matrix.shape, order="F")
    out[:, matrix.places] = matrix.dense
    for one in matrix.coded:
        rows = np.flatnonzero(one.codes < len(one.places))
        out[rows, one.places[one.codes[rows]]] = 1.0
    return out


def mean_squares(columns: Array | Design, turn: Array) -> Array:
    """Return the mean square of each column about its centre."""
    if not isinstance(columns, Design):
        return np.asarray(np.mean(np.square(columns @ np.linalg.inv(turn)), axis=0))
    out = np.empty(columns.shape[1])
    about = about_centre(columns, turn)
    out[columns.places] = np.mean(np.square(about.dense), axis=0)  # type: ignore[union-attr]
    for one in columns.coded:
        share = one.sums(np.ones(len(columns))) / len(columns)
        out[one.places] = share * (1.0 - share)
    return out


def turned(turn: Array, matrix: Array) -> Array:
    """Return turn · matrix · turnᵀ; of many levels `turn` is mostly 0."""
    if len(turn) < WIDE:
        return np.asarray(turn @ matrix @ turn.T)
    from scipy import sparse

    few = sparse.csr_array(turn)
    return np.asarray((few @ (few @ matrix).T).T)


def require_room(cells: int, what: str) -> None:
    """Raise DataError if so many numbers do not fit into memory."""
    room = memory.available()
    if room is not None and 8 * cells > room:
        raise DataError(
            f"{what} takes {8e-9 * cells:,.1f} GB, and there are {1e-9 * room:,.1f}: merge levels, "
            "or give fewer terms."
        )
