"""Smooth terms: `s(x)` in a formula, a curve whose bends are penalised."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.errors import DataError, ParameterError
from likeliest.regression.formulas import is_smooth

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.numerics.arrays import Array
    from likeliest.regression.matrices import Terms

_DF = 20  # columns of a curve, where there are as many values as that asks for
_LEAST = 4
_MOST = 200
_DEGREE = 3


@dataclass(frozen=True)
class Smooth:
    """A smooth term of one parameter.

    Its first column is the straight line, which is free; the others bend, and the sum of their
    squared coefficients is the curve's squared second derivative, integrated.

    Parameters
    ----------
    parameter, term : str
    bends : tuple of int
        Positions of the columns that bend, among those of the parameter.
    strength : float
        By which half that sum is taken from the log likelihood.
    edf : float
        Effective degrees of freedom of the whole term: 1 is a straight line.
    p_value : float
        Probability of a curve that far from 0 in its errors, were it 0 (Wood 2013).
    """

    parameter: str
    term: str
    bends: tuple[int, ...]
    strength: float = 1.0
    edf: float = np.nan
    p_value: float = np.nan

    @property
    def columns(self) -> tuple[int, ...]:
        """Positions of all its columns among those of the parameter: the straight one first."""
        return (self.bends[0] - 1, *self.bends)


def smooths_of(parameter: str, terms: Terms) -> list[Smooth]:
    """Return the smooth terms among those of a parameter."""
    if terms.formula is None:
        return []
    made = []
    for term, group in terms.groups.items():
        if not is_smooth(term):
            continue
        levels = _levels_of(terms.transforms, term) or [""]
        size = len(group) // len(levels)
        for i, level in enumerate(levels):
            own = group[i * size : (i + 1) * size]
            made.append(Smooth(parameter, f"{term}[{level}]" if level else term, own[1:]))
    return made


def _levels_of(transforms: dict[str, Any], term: str) -> list[str]:
    """Return the levels of a category that has a curve for each; none of other terms."""
    plain = term.replace(" ", "")
    states = [one for name, one in transforms.items() if name.replace(" ", "") == plain]
    return [level for one in states for level in one.get("levels", ())]


@cache
def smooth() -> Callable[..., Any]:
    """Return `s` as formulaic calls it: knots and turn are kept, so that new data get the same."""
    from formulaic.materializers.types import FactorValues
    from formulaic.transforms import stateful_transform

    def s(x: Any, df: Any = None, by: Any = None, _state: Any = None) -> Any:
        values = np.asarray(x)
        if values.dtype.kind not in "buif":
            raise DataError("s() takes a column of numbers; a category stands in C().")
        columns = _columns(values.astype(np.float64), df, _state)
        shares = {"": np.ones(len(values))} if by is None else _shares(np.asarray(by), _state)
        return FactorValues(
            {
                f"{level}, {i}" if level else i: columns[:, i] * share
                for level, share in shares.items()
                for i in range(columns.shape[1])
            },
            kind="numerical",
            spans_intercept=False,
            format="{name}[{field}]",
            encoded=False,
        )

    return stateful_transform(s)


def _shares(by: Any, state: dict[str, Any]) -> dict[str, Array]:
    """Return what each curve is multiplied by: a number, or whether a row is of a level."""
    if by.dtype.kind in "buif":
        return {"": by.astype(np.float64)}
    levels = state.setdefault("levels", sorted({str(one) for one in by}))
    cells = np.array([str(one) for one in by])
    new = set(cells.tolist()) - set(levels)
    if new:
        raise DataError(f"Its category has the level {min(new)!r}, which the fit did not see.")
    return {level: (cells == level).astype(np.float64) for level in levels}


def _columns(x: Array, df: Any, state: dict[str, Any]) -> Array:
    """Return a straight line and the columns that bend.

    The curve is a cubic spline with knots among the values. It is turned so that the penalty of
    its second derivative is a sum of squares, and goes on straight beyond the values fitted.

    Source: O'Sullivan (1986), Statist. Sci. 1, 502-518; Wand & Ormerod (2008), Aust. N. Z. J.
    Stat. 50, 179-198.
    """
    if "knots" not in state:
        state["knots"] = _knots(x, df)
        state["turn"] = _turn(state["knots"])
    knots, turn = np.asarray(state["knots"]), np.asarray(state["turn"])
    low, high = float(knots[0]), float(knots[-1])
    inside = np.clip(x, low, high)
    basis, slopes = _basis(knots, inside), _basis(knots, np.array([low, high]), 1)
    bends = basis @ turn
    bends += np.outer(np.minimum(x - low, 0.0), slopes[0] @ turn)
    bends += np.outer(np.maximum(x - high, 0.0), slopes[1] @ turn)
    columns = np.column_stack([x, bends])
    if "centre" not in state:  # the intercept is then the mean of the linear predictor
        state["centre"] = columns[np.isfinite(x)].mean(axis=0)
    return columns - state["centre"]


def _knots(x: Array, df: Any) -> Array:
    """Return the ends of the values, with knots between them at quantiles of the distinct ones."""
    if df is not None and not (isinstance(df, int) and _LEAST <= df <= _MOST):
        raise ParameterError(f"df of s() is a whole number from {_LEAST} to {_MOST}; got {df!r}.")
    distinct = np.unique(x[np.isfinite(x)])
    if distinct.size < _LEAST + 1:
        raise DataError(
            f"s() needs {_LEAST + 1} different values at least; its column has {distinct.size}. "
            "Use the column as it stands, or C() of it."
        )
    if df is not None and df >= distinct.size:
        raise DataError(
            f"s() with df={df} needs {df + 1} different values; its column has {distinct.size}."
        )
    size = min(_DF, max(_LEAST, distinct.size // 2)) if df is None else df
    return np.quantile(distinct, np.linspace(0.0, 1.0, size - _DEGREE + 1))


def _basis(knots: Array, x: Array, derivative: int = 0) -> Array:
    """Return the B-splines of these knots at x, of shape (x, splines), or a derivative of them."""
    from scipy.interpolate import BSpline

    whole = np.concatenate([[knots[0]] * _DEGREE, knots, [knots[-1]] * _DEGREE])
    splines = BSpline(whole, np.eye(whole.size - _DEGREE - 1), _DEGREE)
    return np.asarray(splines(x, nu=derivative), dtype=np.float64)


def _turn(knots: Array) -> Array:
    """Return what takes B-splines to columns whose penalty is the sum of squared coefficients."""
    # f'' is straight between knots, so that Simpson's rule integrates its square exactly.
    width = np.diff(knots)
    middle = knots[:-1] + 0.5 * width
    at = np.concatenate([knots[:-1], middle, knots[1:]])
    weight = np.concatenate([width, 4.0 * width, width]) / 6.0
    bend = _basis(knots, at, 2)
    # On the scale of x from 0 to 1, so that strengths do not depend on its unit.
    penalty = (bend * weight[:, None]).T @ bend * (knots[-1] - knots[0]) ** 3
    values, vectors = np.linalg.eigh(penalty)
    return np.asarray(vectors[:, 2:] / np.sqrt(values[2:]))
