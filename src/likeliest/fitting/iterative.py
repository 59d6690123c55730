"""Families whose estimate is climbed to: on a subsample first, then on the whole."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import ConvergenceError, ParameterError
from likeliest.fitting.chart import Chart
from likeliest.fitting.closed_form import has_statistics, statistics_of
from likeliest.fitting.differences import Differences
from likeliest.likelihood import kernels as likelihood
from likeliest.optimise.newton import Ascent, Point, climb

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Array

_SUBSAMPLE_FROM = 50_000
_SUBSAMPLE = 10_000
_FEW, _PATIENT = 1_000, 3_000  # rows, and the steps that so few can be given
_CLIMBS = 3  # of many starts those that lie highest are climbed from; of few rows some more
_TOLERANCE = 1e-15  # nats an observation: the errors then are right to some six digits
_DIFFERENCES = 1e-14  # the same of numerical derivatives, which tell no finer
_NODES, _MANY_NODES = 6, 16  # of the quadrature over an interval
_NARROW = 0.1  # of the spread: an interval over which few nodes serve
_SAME = 1e-11  # nats an observation by which two ways to integrate may differ
_ROUNDING = 4.0 * float(np.finfo(float).eps)  # of a sum of log densities, relative to it
_NEAR_END = 7.0  # how far from a closed end, in log units, the probe for an interior maximum stands


@dataclass(frozen=True, slots=True)
class Climbed:
    """The top that was reached.

    Parameters
    ----------
    member : Distribution
    ascent : Ascent
    chart : Chart
        With a parameter that ended on its bound among the fixed ones.
    ends : dict
        Those parameters, with the bound that they sit on.
    """

    member: Distribution
    ascent: Ascent
    chart: Chart
    ends: Mapping[str, float]


def maximize(
    family: type[Distribution], observations: Observations, fixed: Mapping[str, float]
) -> Climbed:
    """Return the highest point of the log likelihood that the starts lead to.

    Raises
    ------
    ConvergenceError
        If no start leads to a maximum.
    """
    chart = Chart(family, fixed)
    large = len(observations) >= _SUBSAMPLE_FROM and observations.exact
    sample = observations.subsample(_SUBSAMPLE) if large else observations
    top = _compared_with_ends(chart, sample, _best(chart, sample, _starts(chart, sample)))
    if large:
        ended = bool(top.ends)
        top = _best(top.chart, observations, [top.member], top.ends)
        if not np.isfinite(top.ascent.point.value):  # a row beyond reach from the sample's top
            top = _best(chart, observations, _starts(chart, observations))
        # A sample that ends inside leaves no doubt of the whole, unless its climb fails.
        if ended or not top.ascent.converged:
            top = _compared_with_ends(chart, observations, top)
    if not top.ascent.converged:
        raise ConvergenceError(_not_converged(top))
    return top


def _starts(chart: Chart, sample: Observations) -> list[Distribution]:
    family = chart.family
    values = _with_centre(family, inside_support(family, sample), chart.fixed)
    try:
        if has_statistics(family):
            return [chart.with_fixed(family.maximize(statistics_of(family, values, {})))]
    except ParameterError:  # equal values: with nothing fixed there would be no maximum
        pass
    return [chart.with_fixed(start) for start in family.start(values, chart.fixed)]


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
    return type(sample).of(values, np.append(weights, sample.n))


def inside_support(family: type[Distribution], sample: Observations) -> Observations:
    """Return interval observations as exact ones: the middle of what the support leaves of each."""
    if sample.lower is None or sample.upper is None:
        return sample
    lower = np.maximum(sample.lower, family.support.low)
    upper = np.minimum(sample.upper, family.support.high)
    middle = np.where(
        np.isinf(lower), upper, np.where(np.isinf(upper), lower, 0.5 * (lower + upper))
    )
    return type(sample).of(middle, sample.weights)


def _best(
    chart: Chart,
    observations: Observations,
    starts: list[Distribution],
    ends: Mapping[str, float] | None = None,
) -> Climbed:
    """Climb from each start and return the highest top, a converged one before any other."""
    tops, starts = _by_quadrature(chart, observations, starts)
    if starts:
        tops.append(_highest_top(chart, observations, starts))
    best = likeliest_of(tops)
    member = chart.member(best.point.u)
    if member is None:
        raise ConvergenceError(
            f"The likelihood of {chart.family.name} could not be evaluated at its starting values."
        )
    return Climbed(member, best, chart, ends or {})


def likeliest_of(ascents: list[Ascent]) -> Ascent:
    """Return the highest top, a converged one before any other.

    Of tops that are the same but for the rounding of their values, the one that is most level.
    """
    best = max(ascents, key=lambda ascent: (ascent.converged, ascent.point.value))
    least = best.point.value - _ROUNDING * abs(best.point.value)
    same = [a for a in ascents if a.converged == best.converged and a.point.value >= least]
    return min(same, key=lambda ascent: ascent.decrement) if same else best


def _highest_top(chart: Chart, observations: Observations, starts: list[Distribution]) -> Ascent:
    evaluate = _objective(chart, observations)
    reach = chart.reach(observations)
    fineness = _TOLERANCE if observations.exact else _DIFFERENCES
    tolerance = min(1e-10, fineness * observations.n)
    climbs = max(_CLIMBS, _FEW // (2 * len(observations))) if observations.exact else _CLIMBS
    if len(starts) > climbs:
        starts = _highest(chart, observations, starts)[:climbs]
    uphill = partial(
        climb,
        evaluate,
        reach=reach,
        grain=chart.grain,
        tolerance=tolerance,
        glance=evaluate.value if isinstance(evaluate, Differences) else None,
    )
    ascents = [uphill(chart.coordinates(start)) for start in starts]
    best = likeliest_of(ascents)
    if not best.converged and observations.exact and len(observations) <= _FEW:
        best = uphill(best.point.u, most=_PATIENT)  # a narrow ridge: two clusters of a few values
    return best


def _by_quadrature(
    chart: Chart, observations: Observations, starts: list[Distribution]
) -> tuple[list[Ascent], list[Distribution]]:
    """Climb on interval data by quadrature of the density and its derivatives, where that is right.

    Return the tops, and the starts that are left to other ways: of exact data all; of intervals
    those that lead to where the probabilities, taken from the distribution function, are others.
    """
    if not observations.are_bounded:
        return [], starts
    if len(starts) > _CLIMBS:
        starts = _highest(chart, observations, starts)[:_CLIMBS]
    narrow = observations.widest() < _NARROW * observations.spread()
    nodes = _NODES if narrow else _MANY_NODES

    def evaluate(u: Array) -> Point:
        member = chart.member(u)
        if member is None:
            return chart.nowhere(u)
        with np.errstate(all="ignore"):
            here = likelihood.interval_expansion(member, observations, nodes)
            return chart.point(u, member, here) if np.isfinite(here.value) else chart.nowhere(u)

    def is_right(top: Ascent) -> bool:
        member = chart.member(top.point.u)
        if member is None or not top.converged:
            return False
        with np.errstate(all="ignore"):
            value = likelihood.log_likelihood(member, observations)
        return bool(abs(value - top.point.value) <= _SAME * observations.n)

    tolerance = min(1e-10, _TOLERANCE * observations.n)
    uphill = partial(climb, evaluate, reach=chart.reach(observations), grain=chart.grain)
    ascents = [uphill(chart.coordinates(start), tolerance=tolerance) for start in starts]
    right = [is_right(top) for top in ascents]
    left = [start for start, is_one in zip(starts, right, strict=True) if not is_one]
    return [top for top, is_one in zip(ascents, right, strict=True) if is_one], left


def _highest(
    chart: Chart, observations: Observations, starts: list[Distribution]
) -> list[Distribution]:
    """Return starts in the order of their likelihood, the highest first."""
    out_of_reach = chart.family.is_singular(observations, chart.fixed)

    def height(start: Distribution) -> float:
        value = likelihood.log_likelihood(start, observations)
        return -np.inf if out_of_reach(start) or np.isnan(value) else value

    with np.errstate(all="ignore"):
        return sorted(starts, key=height, reverse=True)


def _objective(chart: Chart, observations: Observations) -> Callable[[Array], Point]:
    out_of_reach = chart.family.is_singular(observations, chart.fixed)
    derivatives = observations.exact

    def value(u: Array) -> float:
        member = chart.member(u)
        if member is None or out_of_reach(member):
            return -np.inf
        with np.errstate(all="ignore"):
            result = likelihood.log_likelihood(member, observations)
        return result if np.isfinite(result) else -np.inf

    def point(u: Array) -> Point:
        member = chart.member(u)
        if member is None or out_of_reach(member):
            return chart.nowhere(u)
        with np.errstate(all="ignore"):
            return chart.point(u, member, likelihood.expansion(member, observations))

    return point if derivatives else Differences(value, chart.reach(observations), observations.n)


def _closed_ends(chart: Chart) -> list[tuple[str, float]]:
    """Return the ends of free parameters that are themselves members: df = ∞, dispersion = 0."""
    constraints = chart.family.constraints
    low = [(n, constraints[n].low) for n in chart.free if constraints[n].low_closed]
    return low + [(n, constraints[n].high) for n in chart.free if constraints[n].high_closed]


def _compared_with_ends(chart: Chart, observations: Observations, top: Climbed) -> Climbed:
    for name, end in _closed_ends(chart):
        top = _compared_with_end(chart, observations, top, name, end)
    return top


def _compared_with_end(
    chart: Chart, observations: Observations, top: Climbed, name: str, end: float
) -> Climbed:
    """Return the higher of the top so far and the top with one parameter on its bound.

    Of two that are the same but for the rounding of their values, it is that on the bound. From
    the bound a probe is sent inwards: if the likelihood is higher there, a maximum lies
    between, and it is climbed to.
    """
    restricted = Chart(chart.family, {**chart.fixed, name: end})
    starts = [restricted.with_fixed(top.member), *_starts(restricted, observations)]
    start = max(starts, key=lambda member: likelihood.log_likelihood(member, observations))
    at_end = _best(restricted, observations, [start], {name: end})
    least = at_end.ascent.point.value + _doubt(at_end.ascent.point.value, observations)
    if top.ascent.converged and top.ascent.point.value > least:
        return top
    inwards = np.exp(_NEAR_END if end > 0 else -_NEAR_END)
    probe = chart.family(**{**at_end.member.parameters, name: float(inwards)})
    if likelihood.log_likelihood(probe, observations) > least:
        inside = _best(chart, observations, [probe])
        if inside.ascent.converged and inside.ascent.point.value > least:
            return inside
    return at_end


def _doubt(value: float, observations: Observations) -> float:
    """Return by how much the log likelihoods of two members may differ from rounding alone.

    About 0 the value is what is left of terms of some nats an observation.
    """
    rounding = _ROUNDING * (abs(value) + observations.n)
    return rounding if observations.exact else max(rounding, _SAME * observations.n)


def _not_converged(top: Climbed) -> str:
    values = ", ".join(f"{n} = {v:.6g}" for n, v in top.member.parameters.items())
    return (
        f"The maximiser stopped short of a maximum of the {top.chart.family.name} likelihood after "
        f"{top.ascent.iterations} iterations, at {values} with log likelihood "
        f"{top.ascent.point.value:.6g}. Fix a parameter, or try a family with fewer."
    )
