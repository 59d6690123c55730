"""The maximum of a regression's likelihood: starts, Newton's method, and why there may be none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from likeliest.data.rows import Kind
from likeliest.errors import ConvergenceError, LikeliestError, UnboundedLikelihoodError
from likeliest.fitting.curvature import inverted
from likeliest.fitting.fit import fit
from likeliest.likelihood.matching import as_exact
from likeliest.numerics.definite import factorised
from likeliest.optimise.newton import climb, condition
from likeliest.regression.design import Design, cross, mean_squares, times, transposed_times
from likeliest.regression.links import LINKS
from likeliest.regression.objective import spread

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Array, Indices
    from likeliest.optimise.newton import Ascent
    from likeliest.regression.objective import Objective
    from likeliest.regression.problem import Problem

_SUBSAMPLE_FROM = 40_000  # rows from which a climb on some of them pays
_SUBSAMPLE = 5_000
_NEAR_TOP = 40.0  # times √n: rows whose top lies near that of all n
_PER_COEFFICIENT = 200  # rows of a subsample
_START_ROWS = 5_000  # that the start is made from
_TOLERANCE = 4e-15  # nats an observation
_AGAIN = 1e-6  # nats of a replicate: the last step, taken without a look, leaves the square of it
_ENDLESS = 0.1  # of a natural step: at a top the last one is far below
_CLEAR = 0.05  # of the largest part in a direction, which a column has to have to be named
_AT_END = 1e-6  # nats by which a top within the range has to be higher than one on its bound
_SURE = 0.3  # standard error of a logarithm: its parameter is far from 0 and from ∞
_FLAT = 1e12  # condition beyond which it is asked whether coefficients have an end
_FAR = 5.0  # standardised units that it is asked at
_DRAWN = 1e-3  # by how much more levels are drawn to 0 at the start: some have no row there
_REMEDY = "leave such a column out, merge levels, or fix the parameter."


@dataclass(frozen=True)
class Top:
    """The top that was climbed to.

    Parameters
    ----------
    problem : Problem
        With a parameter that ended on its bound among the fixed ones.
    u : array of shape (k,)
        Coefficients of the standardised columns.
    information : array of shape (k, k)
        Minus the Hessian there, of the likelihood less its penalties.
    log_likelihood : float
    decrement : float
    iterations : int
    bounds : dict
        Parameters on a bound of their range.
    """

    problem: Problem
    u: Array
    information: Array
    log_likelihood: float
    decrement: float
    iterations: int
    bounds: Mapping[str, float]


def maximised(problem: Problem, start: Mapping[str, Array] | None = None) -> Top:
    """Return the top of the likelihood.

    Raises
    ------
    UnboundedLikelihoodError
        If it rises for ever: a column separates, say.
    ConvergenceError
        If none was reached.
    """
    top = _climbed(problem, start)
    for name, predictor in problem.predictors.items():
        constraint = problem.form.constraints[name]
        if predictor.is_constant and constraint.closed_ends and not _is_sure(top, name):
            top = _compared_with_ends(problem, name, top, start)
    return _topped(*top)


def climbed_from(problem: Problem, top: Top) -> Top:
    """Return the top that is climbed to from that of the same rows with other penalties.

    Raises
    ------
    ConvergenceError
        If none was reached.
    """
    objective = problem.penalised
    ascent = _from(objective, [top.u], min(1e-7, _TOLERANCE * objective.n))
    return _topped(problem, ascent, dict(top.bounds))


def climbed_again(problem: Problem, u: Array) -> Array:
    """Return the coefficients at the top that is climbed to from those of rows much like these.

    Raises
    ------
    UnboundedLikelihoodError
        If the likelihood rises for ever.
    ConvergenceError
        If no top was reached.
    """
    ascent = _from(problem.objective, [u], _AGAIN)
    _require_top(problem, ascent, {})
    return ascent.points.u[0]


def _topped(problem: Problem, ascent: Ascent, bounds: dict[str, float]) -> Top:
    _require_top(problem, ascent, bounds)
    points, penalty = ascent.points, problem.penalised.penalty
    u = points.u[0]
    taken = 0.0 if penalty is None else 0.5 * float(u @ penalty @ u)
    return Top(
        problem,
        u,
        -points.hessian[0],
        float(points.value[0]) + taken,
        float(ascent.decrement[0]),
        int(ascent.iterations[0]),
        bounds,
    )


_Climbed = tuple["Problem", "Ascent", dict[str, float]]


def _climbed(problem: Problem, start: Mapping[str, Array] | None) -> _Climbed:
    """Climb from the best start: of many rows on some of them first."""
    objective = problem.penalised
    starts = list(_starts(problem, start or {}))
    tolerance = min(1e-7, _TOLERANCE * objective.n)
    few = max(_SUBSAMPLE, _PER_COEFFICIENT * objective.k)
    if objective.size >= max(_SUBSAMPLE_FROM, 2 * few):
        # The second of these brings the climb so near to the top that three passes do.
        for size in (few, max(few, round(_NEAR_TOP * np.sqrt(objective.size)))):
            some = _from(objective.subsample(size), starts, tolerance)
            if np.isfinite(some.points.value[0]) and not _is_endless(some):
                starts = [some.points.u[0]]
    ascent = _from(objective, starts, tolerance)
    if not ascent.converged[0] and len(starts) == 1:
        ascent = _from(objective, list(_starts(problem, start or {})), tolerance)
    return problem, ascent, {}


def _from(objective: Objective, starts: list[Array], tolerance: float) -> Ascent:
    """Climb from the highest start."""
    if len(starts) > 1:
        values = [float(objective.at(one).value[0]) for one in starts]
        starts = [starts[int(np.argmax(values))]]
    reach = natural_steps(objective)
    return climb(objective, starts[0][None, :], reach, tolerance=tolerance, most=200)


def natural_steps(objective: Objective) -> Array:
    """Return a step of natural length in each coefficient of a standardised column."""
    reach = np.ones(objective.k)
    for name, link, at in zip(objective.form.names, objective.links, objective.slices, strict=True):
        if objective.form.constraints[name].is_location and not isinstance(link, float):
            reach[at] = _spread(objective)
    return reach


def _spread(objective: Objective) -> float:
    """Return how far values lie apart: a natural step of a location."""
    values = np.concatenate([block.rows.a[:_START_ROWS] for block in objective.blocks])
    return float(np.std(values)) or 1.0


# starts


def _starts(problem: Problem, given: Mapping[str, Array]) -> Iterator[Array]:
    """Yield coefficients to set out from: the user's, those of no effects, and least squares."""
    some = _some_rows(problem)
    seen = problem.observations.take(some)
    sample = as_exact(problem.form.family, seen)
    plain = _values_of(problem, seen)
    targets = {name: _level(problem, name, some, value) for name, value in plain.items()}
    yield _joined(problem, targets, some, given)
    better = _by_least_squares(problem, sample, some, plain)
    if better is not None:
        yield _joined(problem, targets | better, some, given)


def _some_rows(problem: Problem) -> Indices:
    n = len(problem.observations)
    if n <= _START_ROWS:
        return np.arange(n)
    return spread(n, _START_ROWS, np.random.default_rng(0))


def _values_of(problem: Problem, sample: Observations) -> dict[str, float]:
    """Return the form's parameters of the member that fits all rows alike."""
    member = _member_of(problem, sample)
    values = dict(zip(problem.form.names, problem.form.values(member), strict=True))
    return {
        name: _inside(problem, name, float(value))
        for name, value in values.items()
        if name in problem.predictors
    }


def _member_of(problem: Problem, seen: Observations) -> Distribution:
    """Return the member that is the likeliest of all rows alike, else a rough one."""
    family = problem.form.family
    own = {name: v for name, v in problem.fixed.items() if name in family.constraints}
    try:
        return fit(
            seen, family, fixed=own if len(own) < len(family.constraints) else {}
        ).distribution
    except LikeliestError:
        return family.start(as_exact(family, seen), {})[0]


def _inside(problem: Problem, name: str, value: float) -> float:
    """Return a value that is not on a bound of the range."""
    constraint = problem.form.constraints[name]
    if not constraint.is_free:
        low = constraint.low + 1e-3
        high = constraint.high - 1e-3 if np.isfinite(constraint.high) else 1e3
        if constraint.is_closed_end(value) or not np.isfinite(value):
            return float(np.clip(value, low, high))
    return value


def _level(problem: Problem, name: str, some: Indices, value: float) -> Array:
    """Return the same linear predictor for all rows, less what is known of it."""
    link, offset = problem.predictors[name].link, problem.offsets[name]
    with np.errstate(all="ignore"):
        eta = float(np.asarray(link.forward(value)))
    level = np.full(some.size, eta if np.isfinite(eta) else 1.0)
    # An offset has the mean 0 about the level.
    return level if offset is None else level - float(np.mean(offset[some]))


def _by_least_squares(
    problem: Problem, sample: Observations, some: Indices, plain: Mapping[str, float]
) -> dict[str, Array] | None:
    """Return targets of the linear predictors by least squares of the values on the link's scale.

    The other parameters are those of what is left of the values.
    """
    main, family = problem.form.main, problem.form.family
    predictor = problem.predictors.get(main)
    if predictor is None or predictor.is_constant:
        return None
    values, offset = np.asarray(sample.values, dtype=np.float64), problem.offsets[main]
    known = np.zeros(values.size) if offset is None else offset[some]
    is_location = problem.form.constraints[main].is_location
    if predictor.link is LINKS["identity"] and is_location:
        fitted = _fitted(problem, main, some, values - known) + known
        left = values - fitted
    elif predictor.link is LINKS["log"] and values.min() >= 0.0:
        least = 0.5 if family.discrete else 1e-3 * float(np.mean(values))
        fitted = _fitted(problem, main, some, np.log(np.maximum(values, least)) - known) + known
        left = values / np.exp(fitted)
    else:
        return None
    if family.discrete:
        with np.errstate(all="ignore"):
            level = np.log(max(float(np.average(left, weights=sample.weights)), 1e-3))
        return {main: fitted - known + level} if np.isfinite(level) else None
    if not family.support.contains(left).all():  # a ratio of shares is none
        return None
    try:
        moved = _values_of(problem, _exact(problem, sample, some, left))
    except (LikeliestError, ArithmeticError):
        return None
    level = float(np.asarray(predictor.link.forward(moved[main])))
    targets = {name: _level(problem, name, some, value) for name, value in moved.items()}
    return targets | {main: fitted - known + level}


def _exact(problem: Problem, sample: Observations, some: Indices, left: Array) -> Observations:
    """Return what is left of the values that are known as they stand; of all, if few are."""
    seen, weights = problem.observations.take(some), sample.weights
    if seen.lower is not None and seen.upper is not None:
        known = np.flatnonzero(seen.lower == seen.upper)
        if 2 * known.size > left.size:
            left = left[known]
            weights = None if weights is None else weights[known]
    return type(sample).of_checked(np.ascontiguousarray(left), weights)


def _fitted(problem: Problem, name: str, some: Indices, target: Array) -> Array:
    columns = problem.columns[name]
    if columns is None:
        return np.full(some.size, float(np.mean(target)))
    return times(columns[some], _least_squares(columns[some], target))


def _least_squares(columns: Array | Design, target: Array) -> Array:
    if not isinstance(columns, Design):
        return np.asarray(np.linalg.lstsq(columns, target, rcond=1e-10)[0], dtype=np.float64)
    gram = cross(columns, np.ones(len(columns)), columns)
    gram[np.diag_indices_from(gram)] += _DRAWN * (1.0 + gram.diagonal())
    target = transposed_times(columns, target)
    factors = factorised(gram)
    return np.asarray(np.linalg.solve(gram, target) if factors is None else factors.solve(target))


def _joined(
    problem: Problem, targets: Mapping[str, Array], some: Indices, given: Mapping[str, Array]
) -> Array:
    """Return the coefficients whose linear predictors are nearest to the targets."""
    u = np.zeros(problem.objective.k)
    for name, at in zip(problem.form.names, problem.objective.slices, strict=True):
        if name not in problem.predictors:
            continue
        predictor, columns = problem.predictors[name], problem.columns[name]
        if name in given:
            about = np.linalg.solve(predictor.uncentring(), given[name])
            u[at] = np.linalg.solve(problem.turns[name], about)
        elif columns is None:
            u[at] = float(np.mean(targets[name]))
        else:
            u[at] = _least_squares(columns[some], targets[name])
    return u


# ends


def _is_sure(top: _Climbed, name: str) -> bool:
    """Whether the data tell a parameter so well that the end of its range is far."""
    problem, ascent, bounds = top
    if name in bounds or _is_endless(ascent) or not ascent.converged[0]:
        return False
    with np.errstate(all="ignore"):
        errors, _ = inverted(-ascent.points.hessian[0])
    return bool(errors[_position(problem, name)] < _SURE)


def _compared_with_ends(
    problem: Problem, name: str, top: _Climbed, start: Mapping[str, Array] | None
) -> _Climbed:
    """Return the higher of a top and of that with a parameter on the end of its range."""
    _, ascent, bounds = top
    for end in problem.form.constraints[name].closed_ends:
        held = problem.holding(name, end)
        if held.objective.k == 0:
            continue
        u = np.delete(ascent.points.u[0], _position(problem, name))
        try:
            at_end = _from(held.penalised, [u], min(1e-7, _TOLERANCE * held.penalised.n))
        except (LikeliestError, ArithmeticError, np.linalg.LinAlgError):
            continue
        value, best = float(at_end.points.value[0]), float(ascent.points.value[0])
        if at_end.converged[0] and not value < best - _slack(ascent):
            top = held, at_end, {**bounds, name: end}
            _, ascent, bounds = top
    return top


def _slack(ascent: Ascent) -> float:
    """Return by how much a top on its way to a bound may lie above the one on it."""
    size = float(ascent.points.size[0])
    return 1e-13 * size + (_AT_END if _is_endless(ascent) or not ascent.converged[0] else 0.0)


def _position(problem: Problem, name: str) -> int:
    return problem.objective.slices[problem.form.names.index(name)].start


# no top


def _is_endless(ascent: Ascent) -> bool:
    return bool(np.max(np.abs(ascent.stride[0]), initial=0.0) > _ENDLESS)


def _require_top(problem: Problem, ascent: Ascent, bounds: Mapping[str, float]) -> None:
    """Raise if the likelihood rises for ever, or the climb stopped short."""
    points = ascent.points
    direction = _endless_direction(problem.penalised, ascent)
    if direction is not None:
        raise UnboundedLikelihoodError(_why_endless(problem, ascent, direction), _REMEDY)
    if ascent.converged[0]:
        return
    if not np.isfinite(points.value[0]):
        raise ConvergenceError(
            f"The likelihood of {problem.form.family.name} is 0, or no number, at the start: rows "
            "lie where its support, or a link, does not reach. Say where to set out, with start="
            "{...}, or choose another link."
        )
    raise ConvergenceError(
        f"The maximiser stopped short of a maximum after {int(ascent.iterations[0])} iterations, "
        f"at the log likelihood {points.value[0]:.8g}. Fix a parameter, give one fewer columns, "
        "or set out nearer with start={...}."
    )


def _endless_direction(objective: Objective, ascent: Ascent) -> Array | None:
    """Return a direction in which the likelihood does not fall, however far; None at a top."""
    value, hessian = float(ascent.points.value[0]), ascent.points.hessian[0]
    if not np.isfinite(value):
        return None
    if _is_endless(ascent):
        return ascent.stride[0]
    if ascent.converged[0] and condition(hessian) < _FLAT:
        return None
    diagonal = np.abs(hessian.diagonal())
    scale = 1.0 / np.sqrt(np.where(diagonal > 0.0, diagonal, 1.0))
    _, vectors = np.linalg.eigh(-hessian * np.outer(scale, scale))
    along = vectors[:, 0] * scale
    along *= _FAR / np.max(np.abs(along))
    for direction in (along, -along):
        there = float(objective.at(ascent.points.u[0] + direction).value[0])
        if there >= value - _AT_END * max(1.0, abs(value)):
            return direction
    return None


def _why_endless(problem: Problem, ascent: Ascent, direction: Array) -> str:
    """Say along which columns the likelihood rises."""
    step = problem.turn @ direction
    parts: list[tuple[float, str]] = []
    for name, at in zip(problem.form.names, problem.objective.slices, strict=True):
        if name not in problem.predictors:
            continue
        predictor = problem.predictors[name]
        columns, turn = problem.columns[name], problem.turns[name]
        if columns is None:
            parts.append((float(step[at][0]), name))
            continue
        # How far each column by itself moves the linear predictor, in its own spread.
        moves = step[at] * np.sqrt(mean_squares(columns, turn))
        for i, (move, column) in enumerate(zip(moves, predictor.terms.columns, strict=True)):
            if i != predictor.constant or predictor.size == 1:
                parts.append((float(move), f"{name}: {column}"))
    largest = max((abs(move) for move, _ in parts), default=0.0)
    shown = [
        f"the coefficient of {what} → {'∞' if move > 0.0 else '-∞'}"
        for move, what in sorted(parts, key=lambda part: -abs(part[0]))
        if abs(move) > _CLEAR * largest
    ]
    few = " and ".join(shown[:3]) + (" and others" if len(shown) > 3 else "")
    value = float(ascent.points.value[0])
    exact = all(block.rows.kind is Kind.EXACT for block in problem.objective.blocks)
    separated = (
        " The column separates the values perfectly."
        if problem.form.family.discrete and exact and value > -1e-3 * problem.objective.n
        else ""
    )
    return f"The likelihood of this regression rises for ever as {few}.{separated}"
