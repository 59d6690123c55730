"""How far smooth terms bend: the strengths of their penalties that make the data likeliest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import ConvergenceError, LikeliestError
from likeliest.regression.ascent import climbed_from, maximised
from likeliest.regression.design import about_centre, as_dense, cross, only

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.numerics.arrays import Array, Mask
    from likeliest.regression.ascent import Top
    from likeliest.regression.problem import Problem
    from likeliest.regression.smooths import Smooth

_CLOSE = 1e-3  # of an effective degree of freedom that a strength may still change
_STRAIGHT = 1e-3  # degrees of freedom below which a curve is a straight line
_MOST = 200
_LONGEST = 4.0  # step of a strength's logarithm
_STRETCH = 16.0  # times a step of the method, which are short near the end
_PROBE = 1e-3  # standard errors: differences of Hessians are taken so near
_BACK = 1e-8  # of the criterion, that a step may lose to rounding


@dataclass(frozen=True)
class _Weighed:
    """A top, with what the strengths are judged by.

    Parameters
    ----------
    top : Top
    criterion : float
        The likelihood with coefficients integrated out, by Laplace's approximation.
    freedom : array of shape (smooths,)
        Effective degrees of freedom of the columns that bend.
    squares : array of shape (smooths,)
        What each penalty takes from twice the likelihood.
    pulls : array of shape (smooths,)
        By how much the information's log determinant grows with the logarithm of each strength,
        because the coefficients move.
    """

    top: Top
    criterion: float
    freedom: Array
    squares: Array
    pulls: Array

    @property
    def wanted(self) -> Array:
        """What the squares are where the criterion has its top."""
        return self.freedom - self.pulls

    @property
    def is_settled(self) -> bool:
        """Whether no strength would change the curves."""
        return bool(np.all((np.abs(self.wanted - self.squares) < _CLOSE) | self.straight))

    @property
    def straight(self) -> Mask:
        """Whether each curve is a straight line already."""
        return np.less(self.freedom, _STRAIGHT) & np.less(self.squares, self.freedom)

    @property
    def step(self) -> Array:
        """The step of the logarithms of the strengths."""
        with np.errstate(all="ignore"):
            step = np.log(np.maximum(self.wanted, 1e-300) / self.squares)
        return np.where(self.straight, 0.0, np.clip(np.nan_to_num(step), -_LONGEST, _LONGEST))


def smoothed(problem: Problem, start: Mapping[str, Array] | None = None) -> Top:
    """Return the top of the penalised likelihood, at the strengths of the highest criterion.

    The criterion is the likelihood that is left when coefficients are integrated out, each penalty
    taken as a normal law of its coefficients, by Laplace's approximation: restricted maximum
    likelihood (REML). Steps are those of Fellner and Schall, but that the information moves too.

    Raises
    ------
    ConvergenceError
        If the strengths do not settle.

    Source: Wood, Pya & Säfken (2016), J. Amer. Statist. Assoc. 111, 1548-1563; Wood & Fasiolo
    (2017), Biometrics 73, 1071-1081.
    """
    problem = _with(problem, np.array([_first(problem, one) for one in problem.smooths]))
    best = _weighed(maximised(problem, start))
    stretch = 1.0
    for _ in range(_MOST):
        if best.is_settled:
            return _told(best.top)
        found = _moved(best, stretch)
        if found is not None and found.criterion >= best.criterion - _BACK:
            best, stretch = found, min(2.0 * stretch, _STRETCH)
        elif stretch <= 2.0**-20:
            break
        else:
            stretch = min(1.0, 0.5 * stretch)
    raise ConvergenceError(
        "The smooth terms did not settle: the likelihood says too little of how far they bend. "
        "Give one fewer columns, s(x, df=8), or use bs(x, df=4), which has no penalty."
    )


def _moved(best: _Weighed, stretch: float) -> _Weighed | None:
    """Return the top after a step of the strengths, or None where there is none."""
    step = np.clip(stretch * best.step, -_LONGEST, _LONGEST)
    strengths = np.array([one.strength for one in best.top.problem.smooths]) * np.exp(step)
    try:
        return _weighed(climbed_from(_with(best.top.problem, strengths), best.top))
    except (LikeliestError, np.linalg.LinAlgError):
        return None


def _first(problem: Problem, smooth: Smooth) -> float:
    """Return the strength that weighs as much as the rows do, if each told 1 of its predictor."""
    at = problem.objective.slices[problem.form.names.index(smooth.parameter)]
    columns = problem.columns[smooth.parameter]
    assert columns is not None  # noqa: S101  a smooth term has columns
    gram = np.zeros((problem.objective.k, problem.objective.k))
    gram[at, at] = cross(columns, np.ones(len(columns)), columns)
    return float(np.trace(gram) / max(np.trace(problem.bend(smooth)), 1e-300))


def _with(problem: Problem, strengths: Array) -> Problem:
    smooths = zip(problem.smooths, strengths.tolist(), strict=True)
    return problem.with_smooths([replace(one, strength=s) for one, s in smooths])


def _weighed(top: Top) -> _Weighed:
    problem, smooths = top.problem, top.problem.smooths
    inverse = np.asarray(np.linalg.inv(top.information), dtype=np.float64)
    bends = [one.strength * problem.bend(one) for one in smooths]
    size = np.array([len(one.bends) for one in smooths], dtype=np.float64)
    freedom = size - np.array([np.sum(inverse * bend) for bend in bends])
    squares = np.array([top.u @ bend @ top.u for bend in bends])
    strengths = np.array([one.strength for one in smooths])
    _, volume = np.linalg.slogdet(top.information)
    criterion = top.log_likelihood + 0.5 * (size @ np.log(strengths) - squares.sum() - volume)
    pulls = np.array([_pull(top, inverse, bend) for bend in bends])
    return _Weighed(top, float(criterion), freedom, squares, pulls)


def _pull(top: Top, inverse: Array, bend: Array) -> float:
    """Return the slope of log |information| along the move of the top with a strength."""
    move = -inverse @ (bend @ top.u)
    length = np.sqrt(move @ top.information @ move)
    if not length > 0.0:
        return 0.0
    move *= _PROBE / length
    objective = top.problem.objective
    above, below = (objective.at(top.u + side * move).hessian[0] for side in (1.0, -1.0))
    return float(np.sum(inverse * (below - above)) * length / (2.0 * _PROBE))


def _told(top: Top) -> Top:
    """Return the top with what is told of each curve: degrees of freedom, and a test against 0."""
    problem = top.problem
    freedom, inverse = problem.freedom(top.information), np.linalg.inv(top.information)
    smooths = []
    for one in problem.smooths:
        place = problem.form.names.index(one.parameter)
        at, turn = problem.objective.slices[place], problem.turns[one.parameter]
        edf = float(sum(freedom[at.start + i] for i in one.columns))
        rows = turn[list(one.columns)]
        columns = problem.columns[one.parameter]
        assert columns is not None  # noqa: S101  a smooth term has columns
        curve = as_dense(only(about_centre(columns, turn), one.columns))
        p = _p_value(curve, rows @ top.u[at], rows @ inverse[at, at] @ rows.T, edf)
        smooths.append(replace(one, edf=edf, p_value=p))
    return replace(top, problem=problem.with_smooths(smooths))


def _p_value(columns: Array, coefficients: Array, covariance: Array, edf: float) -> float:
    """Return the probability of a curve so far from 0, in as many directions as it bends.

    Source: Wood (2013), Biometrika 100, 221-228, with a whole number of directions.
    """
    from scipy.special import chdtrc

    upper = np.asarray(np.linalg.qr(columns, mode="r"))
    values, vectors = np.linalg.eigh(upper @ covariance @ upper.T)
    directions = min(max(round(edf), 1), len(values))
    along = vectors[:, -directions:].T @ (upper @ coefficients)
    return float(chdtrc(directions, np.sum(along**2 / values[-directions:])))
