"""The estimate by climbing: Newton's method on a subsample first, then on the whole."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from likeliest.data.rows import Kind
from likeliest.distributions.bases import ClosedForm, WithStatistics
from likeliest.distributions.estimation import Estimation
from likeliest.errors import ConvergenceError, ParameterError, UnboundedLikelihoodError
from likeliest.fitting.curvature import Curvature, inverted
from likeliest.fitting.routes.closed_form import require_finite
from likeliest.fitting.routes.found import Found, within_range
from likeliest.likelihood.objective import Objective
from likeliest.likelihood.statistics import statistics_of
from likeliest.optimise.newton import Ascent, climb, condition, sprint
from likeliest.tables import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Constraint
    from likeliest.likelihood.coordinates import Coordinates
    from likeliest.numerics.arrays import Array
    from likeliest.optimise.newton import Function, Points, Spot

_SUBSAMPLE_FROM = 16_000  # exact rows from which a climb on some of them pays
_DEAR_FROM = 6_000  # the same of rows whose terms are tails
_SUBSAMPLE = 2_000  # of those
_NEAR_TOP = 40.0  # times √n: rows whose top lies near that of all n
_START_ROWS = 10_000  # values that a start is made from
_RIDGES = 100  # observations of which a likelihood may be a narrow ridge, as of two clusters
_FEW, _PATIENT = 1_000, 3_000  # rows, and the steps that so few can be given
_PATIENT_OF_TAILS = 100  # the same where terms are tails
_GLANCE, _FEW_STEPS = 1e-2, 8  # nats that a glance may be off by, and its steps
_CLOSE = 1e-8  # the same of one from close by
_CLIMBS = 3  # of many starts those that lie highest are climbed from
TOLERANCE = 4e-15  # nats an observation: the errors then are right to some six digits
TIE = 4.0 * float(np.finfo(float).eps)  # of the sum of terms: what rounding can make of it
_RUNAWAY = 0.1  # of a natural step: at a top the last one is far below
_CREEP = 60  # steps: a climb along a ridge without an end
_NEAR_IRREGULAR = 0.02  # of a shape: how far from its bound a climb that ends there stops
_GONE = 12.0  # in units of a logarithm, from the start: on the way to a limit
_GONE_OF_REGULAR = 4.0  # the same of a shape that may be of either sign
_ASLANT = 0.1  # part of a direction that a coordinate has to have to be asked along it
_ASIDE = 50.0  # in units of a logarithm
_BEYOND = 1e290  # nats: a log likelihood so large has left float64
_FAR = 60.0  # in units of a logarithm: as good as the limit
_FARAWAY = 1e12  # the same of a location, in spreads: a Cauchy has 3e-13 beyond
NO_IDEA = 100.0  # standard error of a logarithm: the data do not tell the parameter at all
_NO_EVENT = (
    "wait for an event; of lifetimes with a known shape lk.weibayes(times, shape=..., event=...) "
    "gives a lower bound without one."
)
_BLURRED = 1e13  # condition of a Hessian that has lost its digits
NEAR_END = 7.0  # how far from a closed end, in log units, the probe for an interior maximum stands
_FOLLOWS = 4.0  # the same from where lower climbs are bound for where the highest is


@dataclass(slots=True, eq=False)  # frozen, it would take five times as long
class Top:
    """The top that was climbed to.

    Parameters
    ----------
    objective : Objective
        With a parameter that ended on its bound among the fixed ones.
    ascent : Ascent
        Of one lane.
    start : array of shape (k,)
        Where a climb set out from.
    bounds : dict
        Those parameters, with the bound that they sit on.
    """

    objective: Objective
    ascent: Ascent
    start: Array
    bounds: Mapping[str, float]

    @property
    def u(self) -> Array:
        """The coordinates."""
        return self.ascent.points.u[0]

    @property
    def value(self) -> float:
        """The log likelihood, nats."""
        return float(self.ascent.points.value[0])

    @property
    def rounding(self) -> float:
        """How far the value may be off from rounding alone."""
        return TIE * float(self.ascent.points.size[0])

    @property
    def converged(self) -> bool:
        """Whether it is a top."""
        return bool(self.ascent.converged[0])

    def member(self) -> Distribution:
        """Return the member there, in the user's unit."""
        return self.objective.coordinates.member(self.u)


def maximize(
    family: type[Distribution],
    observations: Observations,
    fixed: Mapping[str, float],
    start: Mapping[str, float] | None = None,
) -> Found:
    """Return the highest top that the starts lead to, one of the user's among them.

    Raises
    ------
    ConvergenceError
        If no start leads to a maximum.
    UnboundedLikelihoodError
        If the likelihood rises towards a limit.
    """
    return found(climbed(Objective.of(family, observations, fixed), start))


def climbed(objective: Objective, start: Mapping[str, float] | None = None) -> Top:
    """Return the highest top of an objective."""
    middles = objective.of_middles()
    top = None if middles is None else _top_by(ladder(middles), objective, start)
    if top is None or not top.converged:
        *rungs, _ = ladder(objective)
        top = _top_by(rungs, objective, start)
    if not abs(top.value) < _BEYOND:
        if not start and _starts_by_default(objective.coordinates.family):
            raise ConvergenceError(_nowhere(objective.coordinates))
        raise ArithmeticError
    require_maximum(top)
    return top


def _top_by(
    rungs: Sequence[Objective], objective: Objective, start: Mapping[str, float] | None
) -> Top:
    """Return the highest top of an objective by way of others, the first of which is cheapest."""
    sample, (first, *larger) = objective.sample, (*rungs, objective)
    some = sample.subsample(_START_ROWS) if len(sample) > _START_ROWS else sample
    starts = starts_of(first, some)
    _require_two_sides(objective, starts[0])
    top = top_from(first, starts)
    if start:
        other = top_from(first, moved_to(first.coordinates, starts[0], start)[None, :])
        top = other if (other.converged, other.value) > (top.converged, top.value) else top
    top = _compared_with_ends(first, some, top)
    ended = bool(top.bounds)
    for next_ in larger:
        top = top_from(next_.fixing(top.bounds), top.u[None, :], top.bounds)
    if larger:
        if not np.isfinite(top.value):  # a row beyond reach from the sample's top
            top = top_from(objective, starts_of(objective, sample))
        # A sample that ends inside leaves no doubt of the whole, unless its climb fails.
        if ended or not top.converged:
            top = _compared_with_ends(objective, some, top)
    return top


def ladder(objective: Objective) -> list[Objective]:
    """Return the objective of some rows, of more, and of all, as far as there are so many.

    All starts are climbed from on the first. The second brings the climb so near to the top that
    three readings of all rows do.
    """
    if objective.few is not None:
        return [*ladder(objective.few), objective]
    if objective.size < _DEAR_FROM:
        return [objective]
    is_dear = _has_tails(objective)
    if objective.size < (_DEAR_FROM if is_dear else _SUBSAMPLE_FROM):
        return [objective]
    sizes = [_SUBSAMPLE if is_dear else _START_ROWS, round(_NEAR_TOP * np.sqrt(objective.size))]
    return [*(objective.subsample(s) for s in sizes if 2 * s < objective.size), objective]


def _has_tails(objective: Objective) -> bool:
    """Whether the terms of some rows are tails, which cost several times what densities do."""
    return any(block.kind is not Kind.EXACT or block.window for block in objective.blocks)


def require_maximum(top: Top) -> None:
    """Raise if a climb ended at no maximum.

    Raises
    ------
    UnboundedLikelihoodError
        If the likelihood rises for ever, ever more slowly, towards a limit.
    ConvergenceError
        If the climb stopped short.
    """
    if _is_told(top):
        return
    member = top.member()
    if told := member.without_top(top.objective.observations):
        reason, remedy = told
        raise UnboundedLikelihoodError(f"The likelihood of {member.name} {reason}.", remedy)
    towards = _towards(top)
    if towards.any():
        raise _without_maximum(top.objective.coordinates, towards, top.value)
    if not top.converged:
        raise ConvergenceError(_not_converged(top))


def _towards(top: Top) -> Array:
    """Return for each coordinate on its way to a limit the direction: ±1, else 0.

    Its last step was long, or the data do not tell the parameter at all. Where the limit is itself
    a member, the top there is looked at by itself; beside a singularity nothing is asked.
    """
    constraints = top.objective.coordinates.constraints
    direction = np.zeros(len(constraints))
    if not constraints or (top.objective.is_singular is not None and not top.converged):
        return direction
    seen = top.objective.observations
    creeps = top.ascent.iterations[0] >= _CREEP and (seen.truncated or not seen.exact)
    stride, information = top.ascent.stride[0], -top.ascent.points.hessian[0]
    errors = errors_of(information)
    edges = np.array([c.edges for c in constraints])
    at_low, at_high = np.abs(top.u[:, None] - edges).T < _NEAR_IRREGULAR
    if not top.converged and np.any(at_low | at_high):
        return np.where(at_low, -1.0, 0.0) + np.where(at_high, 1.0, 0.0)
    for i, constraint in enumerate(constraints):
        if constraint.is_location:
            direction[i] = np.sign(stride[i]) * (abs(stride[i]) > _RUNAWAY)
        elif abs(stride[i]) > _RUNAWAY or not errors[i] < NO_IDEA:
            direction[i] = _open_side(top, i, information)
            if direction[i] == 0.0 and creeps:
                direction[i] = np.sign(top.u[i] - top.start[i])
        if not (direction[i] or top.converged or constraint.is_location):
            gone = top.u[i] - top.start[i]
            direction[i] = np.sign(gone) * (abs(gone) > _gone(constraint))
        direction[i] = _possible(direction[i], constraint, at_low[i], at_high[i])
    return direction


def _possible(direction: float, constraint: Constraint, at_low: bool, at_high: bool) -> float:  # noqa: FBT001
    """Return a direction as far as a limit can lie there, from whether each edge is near."""
    # Away from an edge it can only have gone the other way.
    if np.isfinite(constraint.regular_above) and not at_low:
        direction = abs(direction)
    if np.isfinite(constraint.regular_below) and not at_high:
        direction = min(direction, 0.0)
    is_member = constraint.high_closed if direction > 0 else constraint.low_closed
    return 0.0 if is_member else direction


def _is_told(top: Top) -> bool:
    """Whether a top was come to with a short last step, and the data tell each coordinate."""
    constraints = top.objective.coordinates.constraints
    stride, errors = (
        top.ascent.stride[0].tolist(),
        errors_of(-top.ascent.points.hessian[0]).tolist(),
    )
    return top.converged and all(
        abs(step) <= _RUNAWAY and (constraint.is_location or error < NO_IDEA)
        for constraint, step, error in zip(constraints, stride, errors, strict=True)
    )


def _gone(constraint: Constraint) -> float:
    """Return how far from its start a coordinate is surely on its way to a limit."""
    return _GONE_OF_REGULAR if constraint.has_edge else _GONE


def _open_side(top: Top, at: int, information: Array) -> float:
    """Return to which side the likelihood stays as high as it is: ±1, or 0 if it is a top.

    Half a standard error away it falls by 1/8 nat on both sides of a top, however wide. Asked along
    the coordinate, then along the direction of least curvature: a ridge may run aslant.
    """
    for curvature, direction in _directions(at, information):
        move = direction * min(0.5 / np.sqrt(max(curvature, 1e-300)), _ASIDE)
        behind, ahead = top.value - top.objective(np.stack([top.u - move, top.u + move])).value
        if max(behind, ahead) > 1.0 > 20.0 * min(behind, ahead):
            return 1.0 if ahead < behind else -1.0
    return 0.0


def _directions(at: int, information: Array) -> Iterator[tuple[float, Array]]:
    """Yield directions in which a coordinate rises, with the curvature along each."""
    yield float(information[at, at]), np.eye(len(information))[at]
    if len(information) > 1 and np.isfinite(information).all():
        curvatures, directions = np.linalg.eigh(information)
        along = directions[:, 0]
        if abs(along[at]) > _ASLANT:
            yield float(curvatures[0]), along * np.sign(along[at])


def errors_of(information: Array) -> Array:
    """Return standard errors by the coordinates; 0 along one in which the likelihood is level."""
    if information.shape == (2, 2):
        (a, c), (_, b) = information.tolist()
        rest = a * b - c * c
        if a > 0.0 and b > 0.0 and rest > 0.0:
            return np.sqrt([b / rest, a / rest])
    bent = information.any(axis=1)
    errors = np.zeros(bent.size)
    if bent.any() and np.isfinite(information).all():
        errors[bent] = inverted(information[np.ix_(bent, bent)])[0]
    return errors


def _without_maximum(
    coordinates: Coordinates, towards: Array, value: float, remedy: str | None = None
) -> UnboundedLikelihoodError:
    limits = {
        name: constraint.limit(step > 0)
        for name, constraint, step in zip(
            coordinates.free, coordinates.constraints, towards, strict=True
        )
        if step
    }
    return without_maximum(coordinates.family, limits, value, remedy)


def without_maximum(
    family: type[Distribution],
    limits: Mapping[str, float],
    value: float,
    remedy: str | None = None,
) -> UnboundedLikelihoodError:
    """Return the error that says towards which limits of parameters a likelihood rises."""
    ways = " and ".join(
        f"{name} → {number(limit).replace('inf', '∞')}" for name, limit in limits.items()
    )
    reason = (
        f"The likelihood of {family.name} has no maximum: it rises as {ways}, towards "
        f"{number(round(value, 9) + 0.0, 8)} nats."
    )
    return UnboundedLikelihoodError(*((reason,) if remedy is None else (reason, remedy)))


def _is_shape(constraint: Constraint) -> bool:
    return constraint.power == 0 and np.isfinite(constraint.low)


def _require_two_sides(objective: Objective, u: Array) -> None:
    """Raise if all rows are censored on one side: the likelihood then rises towards 1."""
    if objective.summed or objective.windows or not objective.blocks:
        return
    kind = objective.blocks[0].kind
    if kind in {Kind.EXACT, Kind.BETWEEN} or any(b.kind is not kind for b in objective.blocks):
        return
    coordinates = objective.coordinates
    far = (
        np.where([c.is_location for c in coordinates.constraints], _FARAWAY, _FAR) * objective.reach
    )
    # What has the unit of the data is named first.
    for i in sorted(range(u.size), key=lambda i: _is_shape(coordinates.constraints[i])):
        for sign in (1.0, -1.0):
            moved = np.zeros(u.size)
            moved[i] = sign * far[i]
            if objective((u + moved)[None, :]).value[0] > -1e-9 * objective.n:
                lives = kind is Kind.ABOVE and coordinates.family.support.low >= 0.0
                raise _without_maximum(coordinates, moved, 0.0, _NO_EVENT if lives else None)


def found(top: Top) -> Found:
    """Return what a fit needs to know of a top."""
    coordinates, points = top.objective.coordinates, top.ascent.points
    member = within_range(coordinates.family, top.member)
    require_finite(member, top.value)
    hessian, slopes, free = points.hessian[0], coordinates.outer_slopes(top.u), coordinates.free
    # Along a level stretch nothing tells how sure the estimate is.
    is_sure = [any(row) for row in hessian.tolist()]
    if not all(is_sure):
        sure = np.flatnonzero(is_sure)
        free = tuple(free[i] for i in sure)
        hessian, slopes = hessian[np.ix_(sure, sure)], slopes[sure]
    return Found(
        member,
        top.value,
        free,
        Curvature(-hessian, slopes),
        stretches=tuple(name for name in coordinates.free if name not in free),
        bounds=dict(top.bounds),
        iterations=int(top.ascent.iterations[0]),
        gradient_norm=math.sqrt(2.0 * max(float(top.ascent.decrement[0]), 0.0)),
        passes=top.objective.passes.full if top.objective.passes else 0,
    )


def starts_of(objective: Objective, sample: Observations | None = None) -> Array:
    """Return the coordinates of the members to set out from, a row for each.

    They are made from the objective's own sample where no other is given.
    """
    coordinates = objective.coordinates
    if not coordinates.free:
        return np.empty((1, 0))
    sample = objective.sample if sample is None else sample
    members = [*_start_members(coordinates, sample)]
    if _has_tails(objective):
        members += coordinates.family.other_starts(sample, coordinates.inner_fixed)
    return np.array([coordinates.of_inner(coordinates.with_fixed(m)) for m in members])


def moved_to(coordinates: Coordinates, u: Array, start: Mapping[str, float]) -> Array:
    """Return coordinates with the parameters that a user starts from put in."""
    inner = coordinates.member_at(u.tolist())
    if inner is None:
        return u
    member = coordinates.frame.leave(inner)
    return coordinates.of(coordinates.family(**{**member.parameters, **start}))


def _start_members(coordinates: Coordinates, sample: Observations) -> Sequence[Distribution]:
    family, fixed = coordinates.family, coordinates.inner_fixed
    values = _with_centre(family, sample, fixed)
    try:
        if issubclass(family, WithStatistics):
            return [family.maximize(statistics_of(family, values, {}))]
    except ParameterError:  # equal values: with nothing fixed there would be no maximum
        pass
    return family.start(values, fixed)


def _with_centre(
    family: type[Distribution], sample: Observations, fixed: Mapping[str, float]
) -> Observations:
    """Return the sample with as many values more at a fixed centre, so that the start is as wide.

    Where all values are the same, the spread is their distance from it.
    """
    centre = family.centre_of(fixed)
    if centre is None or not bool(family.support.contains(np.asarray(centre))):
        return sample
    weights = np.ones(len(sample)) if sample.weights is None else sample.weights
    values = np.append(np.asarray(sample.values, dtype=np.float64), centre)
    return type(sample).of_checked(values, np.append(weights, sample.n))


def top_from(objective: Objective, starts: Array, bounds: Mapping[str, float] | None = None) -> Top:
    """Climb from the highest starts and return the highest top."""
    rows, reach = max(objective.size, 1), objective.reach
    if not reach.size:
        return Top(objective, Ascent.at_once(objective(starts[:1])), starts[0], bounds or {})
    climbs = climbs_from(max(rows, round(objective.n)))  # a table stands for many rows
    if len(starts) > climbs:
        starts = starts[np.argsort(-objective(starts).value, kind="stable")[:climbs]]
    tolerance = _tolerance(objective)
    if len(starts) == 1:
        came = sprinted(objective, starts[0], bounds=bounds)
        if isinstance(came, Top):
            return came
        starts = came[None, :]
    coordinates = objective.coordinates
    uphill = partial(
        climb, objective, reach=reach, grain=coordinates.grain, runs=coordinates.runs,
        tolerance=tolerance, beyond=beyond_ends(coordinates, _FOLLOWS), leads=True,
    )  # fmt: skip
    start = starts[0]
    one = np.zeros(len(starts), dtype=np.intp)
    ascent = uphill(starts, family=one, hidden=objective.n > _RIDGES)
    top = Top(objective, highest(ascent), start, bounds or {})
    # A narrow ridge: two clusters of a few values. One too narrow for float64 is not climbed.
    if top.converged or _is_blurred(top):
        return top
    if rows <= _FEW and not _towards(top).any():
        most = _PATIENT_OF_TAILS if _has_tails(objective) else _PATIENT
        top = Top(objective, uphill(top.u[None, :], most=most), start, bounds or {})
    return top


def glance(evaluate: Function, starts: Array, reach: Array, *, closely: bool = False) -> Points:
    """Return the points that a few steps lead to, about as high as the tops beyond them."""
    tolerance = _CLOSE if closely else _GLANCE
    return climb(evaluate, starts, reach, tolerance=tolerance, most=_FEW_STEPS).points


def sprinted(
    objective: Objective,
    start: Array,
    here: Spot | None = None,
    bounds: Mapping[str, float] | None = None,
) -> Top | Array:
    """Return the top that plain Newton steps lead to, or the highest point where they fail.

    `here`: the point at the start, where it is known.
    """
    came = sprint(
        objective.at,
        start.tolist(),
        objective.reach.tolist(),
        tolerance=_tolerance(objective),
        here=here,
    )
    return Top(objective, came, start, bounds or {}) if isinstance(came, Ascent) else np.array(came)


def _tolerance(objective: Objective) -> float:
    """Return how far below its top a climb may end, nats."""
    return min(1e-7, TOLERANCE * objective.n)


def climbs_from(rows: int) -> int:
    """Return from how many of the starts to climb; of few rows from more."""
    return max(_CLIMBS, _FEW // (2 * rows))


def beyond_ends(coordinates: Coordinates, near: float = NEAR_END) -> tuple[Array, Array] | None:
    """Return from where a climb is on its way to a closed end, which is looked at by itself."""
    ends = [c.closed_ends for c in coordinates.constraints]
    if not any(ends):
        return None
    low = [-near if any(end <= 0.0 for end in some) else -np.inf for some in ends]
    high = [near if any(end > 0.0 for end in some) else np.inf for some in ends]
    return np.array(low), np.array(high)


def _is_blurred(top: Top) -> bool:
    """Whether rounding has taken the Hessian's digits along a ridge, as far from 0 it does."""
    return condition(top.ascent.points.hessian[0]) > _BLURRED


def highest(ascent: Ascent) -> Ascent:
    """Return the highest top, a converged one before any other.

    Among optima that tie within rounding, the one with the smallest decrement.
    """
    value = np.where(np.isnan(ascent.points.value), -np.inf, ascent.points.value)
    candidates = ascent.converged if ascent.converged.any() else np.ones(value.size, dtype=bool)
    best = int(np.argmax(np.where(candidates, value, -np.inf)))
    least = value[best] - TIE * ascent.points.size[best]
    tied = np.flatnonzero(candidates & (value >= least))
    if tied.size > 1:
        best = int(tied[np.argmin(ascent.decrement[tied])])
    return ascent.lane(best)


def _compared_with_ends(objective: Objective, sample: Observations, top: Top) -> Top:
    """Return the higher of the top and of those with a parameter on a closed end: df = ∞."""
    coordinates = objective.coordinates
    ends = [
        (name, end)
        for name, constraint in zip(coordinates.free, coordinates.constraints, strict=True)
        for end in constraint.closed_ends
    ]
    for end in ends:
        top = _compared_with_end(objective, sample, top, end)
    return top


def _compared_with_end(
    objective: Objective, sample: Observations, top: Top, end: tuple[str, float]
) -> Top:
    """Return the higher of the top so far and the top with one parameter on its bound.

    Of two that tie within rounding, it is that on the bound. From the bound a probe is sent
    inwards: if the likelihood is higher there, a maximum lies between, and it is climbed to.
    """
    name, bound = end
    restricted = objective.fixing({name: bound})
    at = objective.coordinates.free.index(name)
    starts = starts_of(restricted, sample)
    reached = dict(zip(top.objective.coordinates.free, top.u, strict=True))
    if np.isfinite(top.value) and reached.keys() >= set(restricted.coordinates.free):
        starts = np.vstack([[reached[free] for free in restricted.coordinates.free], starts])
    if len(starts) > 1:
        starts = starts[[int(np.argmax(restricted(starts).value))]]
    at_end = top_from(restricted, starts, {name: bound})
    least = at_end.value + at_end.rounding
    if top.value > least and (top.converged or _towards(top).any()):
        return top
    inwards = NEAR_END if bound > 0 else -NEAR_END
    start = np.insert(at_end.u, at, inwards)[None, :]
    if objective(start).value[0] > least:
        inside = top_from(objective, start)
        if inside.converged and inside.value > least:
            return inside
    return at_end


def _starts_by_default(family: type[Distribution]) -> bool:
    if issubclass(family, ClosedForm):
        return False
    return family.start.__func__ is Estimation.start.__func__  # type: ignore[attr-defined]


def _nowhere(coordinates: Coordinates) -> str:
    example = ", ".join(f"{name!r}: ..." for name in coordinates.free)
    return (
        f"The likelihood of {coordinates.family.name} is 0, or no number, at every start. Say "
        f"where to set out, with start={{{example}}}, or write the family's own `start`."
    )


def _not_converged(top: Top) -> str:
    member = top.member()
    values = ", ".join(f"{n} = {v:.6g}" for n, v in member.parameters.items())
    stopped = (
        f"The maximiser stopped short of a maximum of the {member.name} likelihood after "
        f"{int(top.ascent.iterations[0])} iterations, at {values} with log likelihood "
        f"{top.value:.6g}."
    )
    if _is_blurred(top):
        return (
            f"{stopped} Float64 cannot tell {' and '.join(top.objective.coordinates.free)} apart "
            "there: the values lie too far from 0 for their spread. Subtract an offset from them, "
            "or fit a family with a location."
        )
    return (
        f"{stopped} Fix a parameter, try a family with fewer, or start nearer with "
        f"start={{{top.objective.coordinates.free[0]!r}: ...}}."
    )
