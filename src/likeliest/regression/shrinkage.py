"""Slopes drawn towards 0: ridge and lasso along a path of strengths, chosen by rows held out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from likeliest.errors import ConvergenceError, ParameterError
from likeliest.regression.ascent import Top, maximised, natural_steps
from likeliest.regression.design import mean_squares
from likeliest.regression.nested import alone
from likeliest.tables import ShownAsTable, Table, frame, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from likeliest.numerics.arrays import Array, Mask
    from likeliest.regression.objective import Objective
    from likeliest.regression.problem import Problem
    from likeliest.tables import Library

Penalty = Literal["ridge", "lasso"]

_STRENGTHS = 40
_LEAST = 1e-3  # of the strength at which every slope is 0
_RIDGE = 30.0  # times that strength: where slopes of a ridge are small
_SEED = 0
_CLOSE = 1e-13  # of the penalised likelihood, nats a row
_STEPS = 100
_HALVINGS = 40
_SWEEPS = 1_000
_SWEPT = 1e-16  # twice the log likelihood that a sweep may still gain, nats
_LONGEST = 3.0  # natural steps at once
_FLAT = 1e-10  # least curvature, of the largest
_NEAR_END = 1e-3
_SHOWN = 12


@dataclass(frozen=True)
class Shrinkage:
    """How slopes are to be drawn towards 0.

    Parameters
    ----------
    kind : {"ridge", "lasso"}
    strength : float, optional
        Without it the one that foretells rows held out best.
    folds : int
    """

    kind: Penalty
    strength: float | None = None
    folds: int = 10

    def __post_init__(self) -> None:
        """Raise ParameterError unless all three can be used."""
        if self.kind not in get_args(Penalty):
            raise ParameterError(f'penalty must be "ridge" or "lasso"; got {self.kind!r:.40}.')
        if self.strength is not None and not 0.0 < self.strength < np.inf:
            raise ParameterError(f"strength must be above 0 and finite; got {self.strength!r:.40}.")
        if self.folds < 2:
            raise ParameterError(f"folds is a whole number from 2; got {self.folds!r:.40}.")


@dataclass(frozen=True, repr=False)
class Path(ShownAsTable):
    """Regressions along a path of strengths.

    Parameters
    ----------
    kind : {"ridge", "lasso"}
    strengths : array of shape (m,)
        What is taken from the mean log likelihood, for slopes of columns of unit spread: the
        strength times the sum of |slope| (lasso), or of half its square (ridge).
    held_out, errors : arrays of shape (m,)
        Mean log likelihood of rows that were held out, nats, and its standard error over folds.
    slopes : array of shape (m,)
        How many slopes are not 0.
    chosen : int
        The position of the strength taken.
    """

    kind: Penalty
    strengths: Array
    held_out: Array
    errors: Array
    slopes: Array
    chosen: int

    def table(self) -> Table:
        """Return a row for each of a dozen strengths, the chosen one among them."""
        some = np.unique([*np.linspace(0, len(self.strengths) - 1, _SHOWN).round(), self.chosen])
        rows = tuple(
            (
                number(float(self.strengths[i]), 4) + (" *" if i == self.chosen else ""),
                str(int(self.slopes[i])),
                number(float(self.held_out[i]), 6),
                number(float(self.errors[i]), 3),
            )
            for i in some.astype(int)
        )
        columns = ("strength", "slopes", "held-out log likelihood", "std error")
        return Table(
            f"Path of a {self.kind}", columns, rows, ("* the likeliest for rows held out",)
        )

    def to_frame(self, library: Library = "polars") -> Any:
        """Return a data frame with a row for each strength."""
        names = ("strengths", "slopes", "held_out", "errors")
        return frame({name: getattr(self, name).tolist() for name in names}, library)


@dataclass(frozen=True)
class _Scaled:
    """An objective by slopes of columns of unit spread.

    Parameters
    ----------
    objective : Objective
    turn : array of shape (k, k)
        Takes the objective's coefficients to those slopes.
    is_slope : array of shape (k,)
    """

    objective: Objective
    turn: Array
    is_slope: Mask

    @cached_property
    def back(self) -> Array:
        """The matrix that takes slopes to the objective's coefficients."""
        return np.asarray(np.linalg.inv(self.turn), dtype=np.float64)

    @cached_property
    def reach(self) -> Array:
        """A step of natural length in each slope."""
        return natural_steps(self.objective)

    def of(self, rows: Mask) -> _Scaled:
        """Return the same of some rows."""
        return replace(self, objective=self.objective.of_rows(rows))

    def value(self, b: Array) -> float:
        """Return the log likelihood."""
        return float(self.objective.at(self.back @ b).value[0])

    def local(self, b: Array) -> tuple[float, Array, Array]:
        """Return the log likelihood, its gradient and its Hessian."""
        point = self.objective.at(self.back @ b)
        with np.errstate(all="ignore"):
            hessian = self.back.T @ point.hessian[0] @ self.back
            return float(point.value[0]), self.back.T @ point.gradient[0], hessian


@dataclass(frozen=True)
class Shrunk:
    """How slopes were drawn towards 0.

    Parameters
    ----------
    kind : {"ridge", "lasso"}
    strength : float
    freedom : float
        Effective degrees of freedom; of a lasso the coefficients that are not 0 (Zou, Hastie &
        Tibshirani 2007).
    zero : array of shape (k,)
        Which coefficients are 0, in the objective's order.
    path : Path, optional
        Those the strength was chosen from.
    """

    kind: Penalty
    strength: float
    freedom: float
    zero: Mask
    path: Path | None = None


def shrunk(problem: Problem, asked: Shrinkage) -> tuple[Top, Shrunk]:
    """Return the top of the penalised likelihood, and how it was penalised.

    Raises
    ------
    ParameterError
        If there is no slope to penalise, or fewer rows than folds.
    ConvergenceError
        If a top was not reached.

    Source: Hoerl & Kennard (1970); Tibshirani (1996); Friedman, Hastie & Tibshirani (2010), J.
    Stat. Softw. 33(1).
    """
    if problem.smooths:
        raise ParameterError(f"{problem.smooths[0].term} has its own penalty: it goes without one.")
    scaled = _scaled(problem)
    flat = _without_slopes(problem, scaled)
    if asked.strength is not None:
        (b,) = _along(scaled, flat, asked.kind, [asked.strength])
        return _top(problem, scaled, b, asked.kind, asked.strength)
    strengths = _strengths(scaled, flat, asked.kind)
    every = list(_along(scaled, flat, asked.kind, strengths))
    held_out, errors = _held_out(scaled, flat, asked, strengths, len(problem.observations))
    chosen = int(np.argmax(held_out))
    slopes = np.array([np.count_nonzero(b[scaled.is_slope]) for b in every])
    path = Path(asked.kind, np.array(strengths), held_out, errors, slopes, chosen)
    top, how = _top(problem, scaled, every[chosen], asked.kind, strengths[chosen])
    return top, replace(how, path=path)


def _scaled(problem: Problem) -> _Scaled:
    objective = problem.objective
    size, is_slope = np.ones(objective.k), np.zeros(objective.k, dtype=bool)
    for name, at in zip(problem.form.names, objective.slices, strict=True):
        columns = problem.columns.get(name)
        if columns is None:
            continue
        predictor = problem.predictors[name]
        size[at] = np.sqrt(mean_squares(columns, problem.turns[name]))
        is_slope[at] = [i != predictor.constant for i in range(predictor.size)]
    if not is_slope.any():
        raise ParameterError("There is no slope to penalise: the formulas have intercepts alone.")
    return _Scaled(objective, size[:, None] * problem.turn, is_slope)


def _without_slopes(problem: Problem, scaled: _Scaled) -> Array:
    """Return the top with intercepts alone; 0 for a parameter that has none."""
    b = np.zeros(scaled.objective.k)
    top = maximised(alone(problem))
    own = dict(zip(top.problem.form.names, top.problem.objective.slices, strict=True))
    for name, at in zip(problem.form.names, scaled.objective.slices, strict=True):
        predictor = problem.predictors.get(name)
        if predictor is None or predictor.constant is None:
            continue
        if name in top.bounds:  # on the way there, as far as matters
            link = predictor.link
            value = float(np.asarray(link.forward(np.clip(top.bounds[name], _NEAR_END, None))))
        else:
            value = float(top.u[own[name]][0])
        b[at.start + predictor.constant] = value
    return b


def _strengths(scaled: _Scaled, flat: Array, kind: Penalty) -> list[float]:
    """Return strengths from that at which every slope of a lasso is 0."""
    _, slope, _ = scaled.local(flat)
    most = float(np.max(np.abs(slope[scaled.is_slope]))) / scaled.objective.n
    most *= _RIDGE if kind == "ridge" else 1.0
    least = _LEAST / _RIDGE if kind == "ridge" else _LEAST
    return np.geomspace(most, most * least, _STRENGTHS).tolist()


def _along(
    scaled: _Scaled, start: Array, kind: Penalty, strengths: Sequence[float]
) -> Iterator[Array]:
    """Yield the top at each strength, each from the one before."""
    b = start
    for strength in strengths:
        b = _ascended(scaled, b, kind, strength)
        yield b


def _held_out(
    scaled: _Scaled, flat: Array, asked: Shrinkage, strengths: Sequence[float], rows: int
) -> tuple[Array, Array]:
    """Return the mean log likelihood of rows held out at each strength, and its error."""
    if rows < asked.folds:
        raise ParameterError(f"{rows} rows cannot be held out in {asked.folds} folds.")
    fold = np.random.default_rng(_SEED).permutation(rows) % asked.folds
    means, sizes = [], []
    for i in range(asked.folds):
        seen, unseen = scaled.of(fold != i), scaled.of(fold == i)
        tops = _along(seen, flat, asked.kind, strengths)
        sizes.append(unseen.objective.n)
        means.append([unseen.value(b) / unseen.objective.n for b in tops])
    table, weights = np.array(means), np.array(sizes) / sum(sizes)
    with np.errstate(invalid="ignore"):
        mean = weights @ table
        spread = np.sqrt(weights @ np.square(table - mean) / (asked.folds - 1))
    return np.where(np.isfinite(mean), mean, -np.inf), spread


def _ascended(scaled: _Scaled, b: Array, kind: Penalty, strength: float) -> Array:
    """Return the top of the penalised likelihood: Newton's method on its smooth part."""
    weight = np.where(scaled.is_slope, strength * scaled.objective.n, 0.0)

    def taken(at: Array) -> float:
        return float(weight @ (np.abs(at) if kind == "lasso" else 0.5 * np.square(at)))

    value, slope, hessian = scaled.local(b)
    for _ in range(_STEPS):
        bend = _positive(-hessian)
        if kind == "ridge":
            step = np.linalg.solve(bend + np.diag(weight), slope - weight * b)
        else:
            step = _lasso_step(bend, slope, b, weight)
        step *= min(1.0, _LONGEST / float(np.max(np.abs(step) / scaled.reach)))
        before = value - taken(b)
        for halving in range(_HALVINGS):
            there = b + step if halving == 0 else b + 0.5**halving * step
            found = scaled.local(there)
            if found[0] - taken(there) >= before:
                break
        else:
            return b
        b, (value, slope, hessian) = there, found
        if value - taken(b) - before <= _CLOSE * max(scaled.objective.n, 1.0):
            return b
    raise ConvergenceError(
        f"The maximiser of a {kind} of strength {strength:.4g} stopped short of a maximum. Give "
        "a larger strength, or fewer columns."
    )


def _positive(bend: Array) -> Array:
    """Return a matrix of curvature that is positive definite."""
    values, vectors = np.linalg.eigh(bend)
    if values[0] > _FLAT * values[-1]:
        return bend
    size = np.maximum(np.abs(values), _FLAT * np.max(np.abs(values)))
    return np.asarray((vectors * size) @ vectors.T)


def _lasso_step(bend: Array, slope: Array, b: Array, weight: Array) -> Array:
    """Return the step to the top of slope·d - d·bend·d/2 - weight·|b + d|, a coordinate a time."""
    step, pull = np.zeros(len(b)), slope.copy()
    for _ in range(_SWEEPS):
        largest = 0.0
        for j in range(len(b)):
            curve = bend[j, j]
            wanted = b[j] + step[j] + pull[j] / curve
            new = np.sign(wanted) * max(abs(wanted) - weight[j] / curve, 0.0) - b[j]
            moved = new - step[j]
            if moved != 0.0:
                pull -= bend[:, j] * moved
                step[j] = new
                largest = max(largest, curve * moved * moved)
        if largest <= _SWEPT * len(b):
            break
    return step


def _top(
    problem: Problem, scaled: _Scaled, b: Array, kind: Penalty, strength: float
) -> tuple[Top, Shrunk]:
    value, slope, hessian = scaled.local(b)
    weight = strength * scaled.objective.n * scaled.is_slope
    zero = scaled.is_slope & (b == 0.0)
    information, freedom = -hessian, float(len(b) - np.count_nonzero(zero))
    left = slope - weight * (np.sign(b) if kind == "lasso" else b)
    if kind == "ridge":
        information = information + np.diag(weight)
        freedom = float(np.trace(np.linalg.solve(information, -hessian)))
    free = ~zero
    decrement = left[free] @ np.linalg.solve(information[np.ix_(free, free)], left[free])
    bend = scaled.turn.T @ information @ scaled.turn
    top = Top(problem, scaled.back @ b, bend, value, 0.5 * float(decrement), 0, {})
    return top, Shrunk(kind, strength, freedom, zero)
