"""Predictors: the linear predictor of one parameter, and the columns in which it is climbed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from likeliest.engines.threads import Chunks
from likeliest.errors import DataError
from likeliest.numerics import products
from likeliest.numerics.definite import factorised
from likeliest.regression.design import Design, cross, moved, require_room

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array
    from likeliest.regression.links import Link
    from likeliest.regression.matrices import Terms

_DEPENDENT = 1e-9  # of a column's length: what is left of it beside the columns before
_DOUBTFUL = 1e-4  # the same by normal equations, which lose half of the digits
_ROUNDING = 1e-11  # the same of a category, whose columns are told apart by counts of rows
_COPIES = 10  # of the information that a climb and its errors hold at once
_SHARE = 1e-7  # of a combination, below which a column has no part in it


@dataclass(frozen=True)
class Predictor:
    """How one parameter depends on columns: link(parameter) = (x - centre) · coefficients.

    Parameters
    ----------
    parameter : str
    link : Link
    terms : Terms
    centre : array of shape (columns,)
        Where the columns are centred: at their means where there is an intercept, else at 0. A
        column far from 0 keeps its digits so.
    constant : int, optional
        Which column is constant.
    has_offset : bool
        Whether a known part is added.
    """

    parameter: str
    link: Link
    terms: Terms
    centre: Array
    constant: int | None
    has_offset: bool = False

    @property
    def is_constant(self) -> bool:
        """Whether the parameter is the same for all rows."""
        return self.terms.is_intercept and not self.has_offset

    @property
    def size(self) -> int:
        """The number of coefficients."""
        return len(self.terms.columns)

    def centred(self, matrix: Array | Design) -> Array | Design:
        """Return a model matrix about the centre."""
        return moved(matrix, -self.centre) if self.centre.any() else matrix

    def uncentring(self) -> Array:
        """Return the matrix that takes coefficients about the centre to those of the columns."""
        back = np.eye(self.size)
        if self.constant is not None:
            back[self.constant] -= self.centre
        return back


class Standardised(NamedTuple):
    """A model matrix in columns that are far from dependent: (matrix - centre) turn.

    Parameters
    ----------
    matrix : of shape (rows, p)
    centre : array of shape (p,)
    constant : int, optional
        The position of the constant column.
    turn : array of shape (p, p), triangular
    """

    matrix: Array | Design
    centre: Array
    constant: int | None
    turn: Array


def standardised(matrix: Array | Design, names: tuple[str, ...], parameter: str) -> Standardised:
    """Return a model matrix in columns that are far from dependent.

    The matrix is used up: what is returned lies in its place. Categories stay 0 and 1.

    Raises
    ------
    DataError
        If there are fewer rows than columns, or a column is a combination of those before it.
    """
    n, p = matrix.shape
    if n < p:
        raise DataError(
            f"{parameter} has {p} coefficients and there are only {n} rows: leave out columns, or "
            "get more data."
        )
    if isinstance(matrix, Design):
        return _with_categories(matrix, names, parameter)
    matrix = np.asfortranarray(matrix)  # columns are read one after the other
    parts = Chunks(lambda first, end: matrix[first:end], n)
    looks = parts.all(lambda x: (x.min(axis=0), x.max(axis=0), x.sum(axis=0)))
    low, high, total = (np.array(column) for column in zip(*looks, strict=True))
    low, high = low.min(axis=0), high.max(axis=0)
    same = np.flatnonzero((low == high) & (low != 0.0))
    constant = int(same[0]) if same.size else None
    centre = np.zeros(p)
    if constant is not None:
        centre = total.sum(axis=0) / n
        centre[constant] = 0.0
    gram = np.sum(parts.all(lambda x: _square(x - centre)), axis=0) / n
    length = np.sqrt(gram.diagonal())
    _require_spread(length, low, high, names, parameter)
    left = _left_of_each(gram / np.outer(length, length))
    is_clear = bool(np.min(left, initial=1.0) > _DOUBTFUL)
    turn = np.eye(p) if is_clear else _turn(matrix, centre, length, names, parameter)

    def place(x: Array) -> None:
        np.subtract(x, centre, out=x)
        np.divide(x, length, out=x)
        if not is_clear:
            x[:] = x @ turn

    parts.all(place)
    return Standardised(matrix, centre, constant, turn / length[:, None])


def _with_categories(design: Design, names: tuple[str, ...], parameter: str) -> Standardised:
    """Standardise the dense columns, and see to it that no column is a combination of others."""
    p, at = design.shape[1], design.places
    require_room(_COPIES * p * p, f"The information of {p:,} coefficients of {parameter}")
    centre, turn, constant = np.zeros(p), np.eye(p), None
    if len(at):
        dense = standardised(design.dense, tuple(names[i] for i in at), parameter)
        assert isinstance(dense.matrix, np.ndarray)  # noqa: S101  dense columns stay such
        design = replace(design, dense=dense.matrix)
        centre[at], turn[np.ix_(at, at)] = dense.centre, dense.turn
        constant = None if dense.constant is None else int(at[dense.constant])
    gram = cross(design, np.ones(len(design)), design)
    length = np.sqrt(gram.diagonal())
    # Of a level that has no row nothing tells the coefficient.
    _require_spread(length, np.zeros(p), np.zeros(p), names, parameter)
    order = np.concatenate([at, *(one.places for one in design.coded)])
    scaled = (gram / np.outer(length, length))[np.ix_(order, order)]
    factors = factorised(scaled)
    if factors is None or factors.least <= _ROUNDING:
        raise _of_rounding(scaled, tuple(names[i] for i in order), parameter)
    return Standardised(design, centre, constant, turn)


def standardised_as(predictor: Predictor, turn: Array, matrix: Array | Design) -> Array | Design:
    """Return other rows of a model matrix in the columns that `turn` makes."""
    about = predictor.centred(matrix)
    if isinstance(about, Design):
        at = np.ix_(about.places, about.places)
        return replace(about, dense=products.product(about.dense, turn[at]))
    return products.product(about, turn)


def _square(x: Array) -> Array:
    return products.cross(x, x)


def _require_spread(
    length: Array, low: Array, high: Array, names: tuple[str, ...], parameter: str
) -> None:
    """Raise if a column is constant beside the intercept: about its mean it is 0 to rounding."""
    flat = length <= 1e-13 * np.maximum(np.abs(low), np.abs(high))
    if flat.any():
        at = int(np.argmax(flat))
        why = "0 in every row" if low[at] == high[at] == 0.0 else "the same in every row"
        raise DataError(
            f"Column {names[at]!r} of {parameter} is {why}: nothing tells its coefficient. Leave "
            "it out."
        )


def _turn(
    matrix: Array, centre: Array, length: Array, names: tuple[str, ...], parameter: str
) -> Array:
    """Return the matrix that makes scaled columns orthogonal, by a QR decomposition."""
    upper = np.linalg.qr((matrix - centre) / length, mode="r") / np.sqrt(len(matrix))
    dependent = np.abs(upper.diagonal()) <= _DEPENDENT
    if dependent.any():
        raise _collinear(upper, int(np.argmax(dependent)), names, parameter)
    return np.asarray(np.linalg.inv(upper))


def _left_of_each(gram: Array) -> Array:
    """Return the squared length of each column beside the span of those before it."""
    try:
        return np.asarray(np.linalg.cholesky(gram).diagonal() ** 2, dtype=np.float64)
    except np.linalg.LinAlgError:
        return np.zeros(len(gram))


def _collinear(upper: Array, at: int, names: tuple[str, ...], parameter: str) -> DataError:
    shares = np.linalg.solve(upper[:at, :at], upper[:at, at])
    of = [name for name, share in zip(names, shares, strict=False) if abs(share) > _SHARE]
    parts = ", ".join(map(repr, of[:8])) + (", …" if len(of) > 8 else "")
    return DataError(
        f"Column {names[at]!r} of {parameter} is a combination of {parts or 'the others'}: nothing "
        f"tells their coefficients apart. {_way_out(names[at])}"
    )


def _of_rounding(gram: Array, names: tuple[str, ...], parameter: str) -> DataError:
    """Return the error that names the first column that those before it make up."""
    from scipy.linalg import lapack

    upper, stopped = lapack.dpotrf(gram)
    at = stopped - 1 if stopped else int(np.argmin(upper.diagonal()))
    return _collinear(np.triu(upper), at, names, parameter)


def _way_out(name: str) -> str:
    if name.startswith("cr("):
        return "Centre the spline, cr(x, df=4, constraints='center'), or leave out the intercept."
    return "Leave one of them out."
