"""Confidence intervals for ends of the support, from how the likelihood falls beyond them."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from likeliest.fitting.fit import fit as fitted
from likeliest.fitting.routes.ends.profile import just_beside
from likeliest.inference.levels import checked_level
from likeliest.inference.outer_cell import OuterCell
from likeliest.inference.summit import observations_of
from likeliest.likelihood.objective import Objective

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Constraint
    from likeliest.fitting.result import Fit

_STRAIGHT = 1e-7  # of a fall: that is as good as in proportion to the distance
_ENDLESS = 500.0  # e-folds of a distance: beyond, an interval has no end
_AT_EDGE = 1e-9  # of a cell: how near an edge is the edge
_LOST, _FARTHEST = 3.0, 2.0**50  # nats; how far out
_AS_EXACT = (
    "The interval of {} takes the values as exact, for the file was written by an earlier version. "
    "Fit the data again for the interval of rounded values."
)


@dataclass(frozen=True)
class SupportEnd:
    """How sure an estimated end of the support is: a uniform's high, a Pareto's scale.

    The profile of the log likelihood, the other parameters at their likeliest, is

        count · log(min(s, width)) - size · log(1 + rate (s - top) / size)

    at a distance s outwards from the nearest that the end can be. The interval holds the ends whose
    deviance lies below the quantile of χ² with two degrees of freedom, as the jump of the density
    at the end asks for, times size / (size - others) for the parameters that are estimated beside
    it. That is the exact law of the ends of a uniform and of the scale of a Pareto.

    Parameters
    ----------
    estimate : float
    outwards : int
        -1 of a low end, 1 of a high end.
    constraint : Constraint
        The parameter's range; distances are on its unconstrained scale.
    rate : float
        Nats per distance, by which the log likelihood of the other rows falls at the estimate.
    size : float
        How many rows tell the distance; ∞ where the fall goes on in proportion.
    others : int
        How many other parameters are free.
    inner : float
        The nearest that the end can be: the outermost exact value, or the inner edge of its cell.
    width : float
        Of the cell that the outermost value lies in, as a distance; 0 of an exact value.
    count : float
        How many values lie in that cell; 0 where cells overlap.

    Source: van der Vaart (1998), Asymptotic Statistics, section 9.4; for rounded values
    `tests/inference/test_ends.py` has how often the interval covers.

    Examples
    --------
    >>> import likeliest as lk
    >>> low, high = lk.fit([1.0, 3.0, 4.0], "uniform").uncertainty["high"].interval(0.9)
    >>> low, round(high, 3)
    (4.0, 10.487)
    """

    estimate: float
    outwards: int
    constraint: Constraint
    rate: float
    size: float
    others: int
    inner: float
    width: float = 0.0
    count: float = 0.0
    method = "end"

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return the confidence interval that covers with probability `level`."""
        fall = -float(np.log1p(-checked_level(level)))
        if self.size <= self.others:
            fall = np.inf
        elif np.isfinite(self.size):
            fall *= self.size / (self.size - self.others)
        near, far = self.at(self._inwards(fall)), self.at(self._beyond(fall))
        if self.constraint.whole and np.isfinite(far):  # the last end that is not too far out
            far = float(np.floor(self.outwards * far)) * self.outwards
        return min(near, far), max(near, far)

    def to_dict(self) -> dict[str, float]:
        """Return what a saved fit needs of it."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "constraint"}

    @property
    def top(self) -> float:
        """The distance at which the log likelihood is highest."""
        if not self.count:
            return self.width
        return min(_distance(self.constraint, self.outwards, self.inner, self.estimate), self.width)

    def at(self, s: float) -> float:
        """Return the value at a distance."""
        if s == 0.0:
            return self.inner
        range_, outwards = self.constraint, self.outwards * s
        with np.errstate(over="ignore"):
            if range_.is_free:
                return self.inner + outwards
            if range_.high == np.inf:  # a factor keeps digits that a logarithm has not
                return range_.low + (self.inner - range_.low) * float(np.exp(outwards))
            return float(range_.constrain(range_.unconstrain(self.inner) + outwards))

    def _fallen(self, s: float) -> float:
        """Return by how much the log likelihood lies below its top."""
        top = self.top
        own = self.count * np.log(min(s, self.width) / top) if self.count else 0.0
        return float(_falling(self.rate * (s - top), self.size) - own)

    def _inwards(self, fall: float) -> float:
        if not self.count or np.isinf(fall):
            return 0.0
        farthest = -1.0
        while self._fallen(self.top * np.exp(farthest)) < fall:
            farthest *= 2.0
        return self._crossing(fall, farthest)

    def _crossing(self, fall: float, farthest: float) -> float:
        """Return the distance at which so much is lost; `farthest` as log(distance / top)."""
        from scipy.optimize import brentq

        def short(log: float) -> float:
            return self._fallen(self.top * np.exp(log)) - fall

        return self.top * float(np.exp(brentq(short, 0.0, farthest, xtol=1e-14, rtol=1e-14)))

    def _within_endless(self, fall: float) -> float:
        farthest = 1.0
        while self._fallen(self.top * np.exp(farthest)) < fall:
            farthest *= 2.0
            if farthest > _ENDLESS:
                return np.inf
        return self._crossing(fall, farthest)

    def _beyond(self, fall: float) -> float:
        if np.isinf(fall) or not self.rate > 0.0:
            return np.inf
        top, edge = self.top, self.width
        if self.count and np.isinf(edge):  # the cell reaches the end of the range
            return self._within_endless(fall)
        if self.count and top < edge and self._fallen(edge) >= fall:
            return self._crossing(fall, float(np.log(edge / top)))
        own = self.count * np.log(edge / top) if self.count else 0.0
        with np.errstate(over="ignore"):
            rest = fall + own
            units = rest if np.isinf(self.size) else self.size * np.expm1(rest / self.size)
        return top + float(units) / self.rate


def support_ends(fit: Fit) -> dict[str, SupportEnd]:
    """Return the ends of the support that a fit estimated."""
    if not fit.corners:
        return {}
    seen = observations_of(fit, "The interval of an end of the support")
    if not seen.exact or seen.truncated:
        if any(fit.distribution.constraints[name].whole for name in fit.corners):
            return {name: _of_whole(fit, seen, name) for name in fit.corners}
        return {name: _Measured(fit, seen, name).end() for name in fit.corners}
    ends = {name: _of_exact(fit, name) for name in fit.corners}
    if len(fit.corners) + len(fit.free) > 1 or any(end.constraint.whole for end in ends.values()):
        return ends
    # With no other parameter beside it the size says whether the range itself grows with the end.
    return {name: _Measured(fit, seen, name).sized(end) for name, end in ends.items()}


def recorded_ends(
    fit: Fit, saved: Mapping[str, Mapping[str, float | str]]
) -> dict[str, SupportEnd]:
    """Return the ends of a fit that was saved, from what `to_dict` wrote of them."""
    made = {}
    for name in fit.corners:
        if _is_old(saved.get(name, {})):
            made[name] = _of_exact(fit, name)
            continue
        kept = {key: float(value) for key, value in saved[name].items()}
        sign, others = int(kept.pop("outwards")), int(kept.pop("others"))
        range_ = fit.distribution.constraints[name]
        made[name] = SupportEnd(constraint=range_, outwards=sign, others=others, **kept)
    return made


def old_ends(fit: Fit, saved: Mapping[str, Mapping[str, float | str]]) -> tuple[str, ...]:
    """Return what to say of ends that were saved with the earlier law of rounded values."""
    old = [name for name in fit.corners if name in saved and _is_old(saved[name])]
    return tuple(_AS_EXACT.format(name) for name in old)


def _is_old(kept: Mapping[str, float | str]) -> bool:
    return "inner" not in kept


def _of_exact(fit: Fit, name: str) -> SupportEnd:
    """Return the end that exact values have: the fall is as steep as the density is high there."""
    estimate, range_ = fit.parameters[name], fit.distribution.constraints[name]
    density = float(np.exp(fit.distribution.log_prob(np.asarray(estimate))))
    rate = fit.n * density * float(range_.slope(estimate))
    outwards = fit.distribution.corners[name].outwards
    return SupportEnd(estimate, outwards, range_, rate, fit.n, _others(fit, name), estimate)


def _of_whole(fit: Fit, seen: Observations, name: str) -> SupportEnd:
    """Return an end that is a whole number: it falls as to where it has lost a few nats."""
    member, estimate, step = fit.distribution, fit.parameters[name], 1.0
    range_, outwards = member.constraints[name], member.corners[name].outwards
    lost = 0.0
    while lost < _LOST and step < _FARTHEST:
        moved = {**member.parameters, name: estimate + outwards * step}
        lost = fit.log_likelihood - float(type(member)(**moved).log_likelihood(seen))
        step *= 2.0
    rate = 2.0 * lost / step
    return SupportEnd(estimate, outwards, range_, rate, np.inf, _others(fit, name), estimate)


def _others(fit: Fit, name: str) -> int:
    return sum(other != name for other in (*fit.free, *fit.corners))


class _Measured:
    """The profile of the log likelihood near an end, measured at two places."""

    def __init__(self, fit: Fit, seen: Observations, name: str) -> None:
        self.fit, self.seen, self.name = fit, seen, name
        self.range = fit.distribution.constraints[name]
        self.outwards = fit.distribution.corners[name].outwards

    def end(self) -> SupportEnd:
        """Return the end, of rows that are not all exact."""
        estimate = self.fit.parameters[self.name]
        cell = OuterCell.of(self.seen, estimate, self.outwards)
        inner, count = cell.inner, cell.count
        outer = min(max(cell.outer, self.range.low), self.range.high)
        width = _distance(self.range, self.outwards, inner, outer)
        top = _distance(self.range, self.outwards, inner, estimate)
        if count and top < width * (1.0 - _AT_EDGE):
            rate = count / top
        elif np.isfinite(width):
            rate = self._rate(outer, beyond=width > 0.0)
        else:
            rate = 0.0
        others = _others(self.fit, self.name)
        made = SupportEnd(
            estimate, self.outwards, self.range, rate, np.inf, others, inner, width, count
        )
        return self.sized(made)

    def sized(self, end: SupportEnd) -> SupportEnd:
        """Return the same with the size that the log likelihood some way out asks for."""
        if not end.rate > 0.0:
            return end
        step = (3.0 + np.sqrt(6.0 * end.count)) / end.rate
        value = end.at(end.top + step)
        is_beyond = self.outwards * (value - end.at(end.top)) > 0.0
        if not (is_beyond and self.range.contains(value)):  # too near, or too far, for float64
            return end
        fallen = self._height(end.at(end.top)) - self._height(value)
        linear = end.rate * step
        own = end.count * np.log(min(end.top + step, end.width) / end.top) if end.count else 0.0
        return replace(end, size=_size(linear, fallen + own, max(end.count, 1e-9)))

    def _refitted(self, value: float) -> Distribution:
        """Return the likeliest member with an end held."""
        held = {**self.fit.fixed, self.name: value}
        family = type(self.fit.distribution)
        if len(held) == len(family.constraints):
            return family(**held)
        return fitted(self.seen, family, fixed=held).distribution

    def _height(self, value: float) -> float:
        if value == self.fit.parameters[self.name]:
            return self.fit.log_likelihood
        return float(self._refitted(value).log_likelihood(self.seen))

    def _rate(self, value: float, *, beyond: bool) -> float:
        """Return how steeply the log likelihood falls outwards of a value, or just beyond it."""
        member = self.fit.distribution
        if value != self.fit.parameters[self.name]:
            member = self._refitted(value)
        if beyond:
            s = self.seen.summary
            beside = just_beside(value, self.outwards, s.high - s.low)
            member = type(member).unchecked(**{**member.parameters, self.name: beside})
        objective = Objective.of(type(member), self.seen, self.fit.fixed)
        frame = objective.coordinates.frame
        (slope,), _ = objective.slopes(frame.enter(member), [self.name])
        unit = float(frame.units(type(member), [self.name])[0])
        return float(-self.outwards * slope / unit * self.range.slope(value))


def _distance(range_: Constraint, outwards: int, inner: float, value: float) -> float:
    """Return how far a value lies outwards from another, on the unconstrained scale."""
    if range_.is_free:
        return outwards * (value - inner)
    with np.errstate(divide="ignore"):
        if range_.high == np.inf:
            return float(outwards * np.log1p((value - inner) / (inner - range_.low)))
        return float(outwards * (range_.unconstrain(value) - range_.unconstrain(inner)))


def _falling(linear: float, size: float) -> float:
    """Return size · log(1 + linear / size)."""
    return linear if np.isinf(size) else float(size * np.log1p(linear / size))


def _size(linear: float, fallen: float, least: float) -> float:
    """Return the size of which `_falling` gives what was measured."""
    from scipy.optimize import brentq

    if fallen >= linear * (1.0 - _STRAIGHT):
        return np.inf
    if fallen <= _falling(linear, least):
        return least

    def over(log: float) -> float:
        return _falling(linear, float(np.exp(log))) - fallen

    return float(np.exp(brentq(over, np.log(least), np.log(linear / _STRAIGHT))))
