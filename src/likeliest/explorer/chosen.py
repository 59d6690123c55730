"""One family over the data: its fit, its sliders, and the numbers at any parameters."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.distributions.bases import ClosedForm
from likeliest.distributions.information import entropy, kl_divergence
from likeliest.errors import LikeliestError, ParameterError
from likeliest.explorer.pictures import View
from likeliest.explorer.points import Points
from likeliest.explorer.sliders import sliders
from likeliest.explorer.thinned import thinned
from likeliest.fitting.fit import fit
from likeliest.fitting.support import outside
from likeliest.inference.descent import Descent
from likeliest.likelihood import kernels
from likeliest.likelihood.matching import matched
from likeliest.likelihood.objective import Objective

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.explorer.sliders import Slider
    from likeliest.fitting.result import Fit
    from likeliest.numerics.arrays import Array

_AT_ONCE = 262_144  # rows times members that are evaluated together
_OF_A_SURFACE = 500  # groups of rows
_GRID = 33  # values of each parameter on a surface
_ON_A_LINE = 161
_MOST_STEPS = 100  # of descent that are taken at once
_LARGEST, _LEAST = 700.0, -700.0  # logarithms of what float64 holds


@dataclass(frozen=True)
class Chosen:
    """A family, and the data as it sees them.

    Parameters
    ----------
    family : type
    seen : Observations
    given : Fit, optional
        Where it is known already.
    """

    family: type[Distribution]
    seen: Observations
    given: Fit | None = None

    @cached_property
    def found(self) -> Fit | str:
        """The fit, or the reason why there is none."""
        if self.given is not None:
            return self.given
        try:
            return fit(self.seen, self.family)
        except LikeliestError as error:
            return str(error)

    @cached_property
    def few(self) -> Observations:
        """The data, or what stands for very many rows while a slider moves."""
        return thinned(self.seen)

    @cached_property
    def fewer(self) -> Observations:
        """The same for a surface, which is only looked at."""
        return thinned(self.few, _OF_A_SURFACE)

    @cached_property
    def about(self) -> Distribution:
        """The likeliest member, or where there is none one near the data."""
        if not isinstance(self.found, str):
            return self.found.distribution
        s, spread = self.seen.summary, self.seen.spread() or 1.0
        guess = {}
        for name, constraint in self.family.constraints.items():
            if constraint.is_free:
                guess[name] = s.mean if constraint.power else 0.0
            elif constraint.high == math.inf:
                guess[name] = constraint.low + spread**constraint.power
            else:
                guess[name] = 0.5 * (constraint.low + constraint.high)
        return self.family(**guess)

    @cached_property
    def sliders(self) -> tuple[Slider, ...]:
        """A slider for each parameter."""
        errors = {} if isinstance(self.found, str) else self.found.standard_errors
        return sliders(self.about, errors, self.seen.spread() or 1.0)

    @cached_property
    def view(self) -> View:
        """What is drawn."""
        dense = self.seen.n_exact and not self.family.discrete
        return View.of(self.seen, self.about, "density" if dense else "mass")

    @cached_property
    def points(self) -> Points:
        """The rows that are shown one by one."""
        return Points.of(self.seen)

    @cached_property
    def _sums(self) -> Objective | None:
        """The log likelihood from sums of the rows alone; None where rows have to be read."""
        if not issubclass(self.family, ClosedForm) or self.family.non_smooth:
            return None
        if outside(self.family, self.seen) is not None:
            return None  # sums do not know on which side of an end of the support values lie
        made = Objective.of(self.family, self.seen, {})
        return None if made.size else made

    @cached_property
    def descent(self) -> Descent | str:
        """Gradient descent on these data, or the reason why there is none."""
        if isinstance(self.found, str):
            return self.found
        if not self.found.free:
            return (
                f"The likelihood of {self.family.name} has its top in a corner, where it has no "
                "gradient that falls to zero."
            )
        try:
            walk = Descent(self.found if self.few is self.seen else self._fit_of_few())
            walk.is_there(walk.place({}))
        except LikeliestError as error:
            return str(error)
        return walk

    def _fit_of_few(self) -> Fit:
        fixed = {} if isinstance(self.found, str) else self.found.fixed
        return fit(self.few, self.family, fixed=fixed or None)

    def member(self, parameters: Mapping[str, float]) -> Distribution:
        """Return the member with these parameters, all of them.

        Raises
        ------
        ParameterError
            If one is missing, unknown or out of range.
        """
        if set(parameters) != set(self.family.constraints):
            raise ParameterError(
                f"{self.family.name} has the parameters {', '.join(self.family.constraints)}; got "
                f"{', '.join(parameters) or 'none'}."
            )
        return self.family(**parameters)

    def describe(self) -> dict[str, Any]:
        """Return the family over the data, ready for JSON."""
        found, walk = self.found, self.descent
        starts = {slider.name: slider.start for slider in self.sliders}
        if not isinstance(found, str) and not self._is_possible(starts):
            starts = found.parameters
        return {
            "family": self.family.name,
            "about": _first_line(self.family),
            "measure": "density" if self.seen.n_exact and not self.family.discrete else "mass",
            "sliders": [slider.to_dict() for slider in self.sliders],
            "start": starts,
            "best": None if isinstance(found, str) else found.parameters,
            "errors": None if isinstance(found, str) else found.standard_errors,
            "free": [] if isinstance(found, str) else [*found.free],
            "bestLogLikelihood": None if isinstance(found, str) else found.log_likelihood,
            "whyNoBest": found if isinstance(found, str) else "",
            "rate": None if isinstance(walk, str) else walk.rate,
            "whyNoDescent": walk if isinstance(walk, str) else "",
            "n": self.seen.n,
            "view": self.view.to_dict(),
            "points": self.points.to_dict(),
        }

    def at(
        self,
        parameters: Mapping[str, float],
        between: tuple[float, float] | None = None,
        *,
        exact: bool = True,
        divergence: bool = False,
    ) -> dict[str, Any]:
        """Return the numbers at some parameters, ready for JSON.

        Parameters
        ----------
        parameters : mapping from name to value
        between : pair of float, optional
            An interval whose probability is asked for.
        exact : bool
            Whether all rows are to be read, where few stand for very many.
        divergence : bool
            Whether the divergence from the likeliest member is asked for.
        """
        member = self.member(parameters)
        with np.errstate(all="ignore"):
            value, is_exact = self._value(member, exact=exact)
            made = {
                "parameters": member.to_dict()["parameters"],
                "y": self.view.curve(member).tolist(),
                "logs": self.points.logs(member),
                "logLikelihood": value,
                "exact": is_exact,
                "likelihood": likelihood_text(value),
            }
        if between is not None:
            made["probability"] = float(member.probability(*between))
        if divergence:
            made |= self._divergence(member)
        return made

    def _divergence(self, member: Distribution) -> dict[str, Any]:
        if isinstance(self.found, str):
            return {"whyNoDivergence": self.found}
        best = self.found.distribution
        try:
            return {"entropy": entropy(best), "divergence": kl_divergence(best, member)}
        except LikeliestError as error:
            return {"whyNoDivergence": str(error)}

    def _value(self, member: Distribution, *, exact: bool) -> tuple[float, bool]:
        """Return the log likelihood, and whether it is that of all rows."""
        if self._sums is not None:
            return self._sums.value(member), True
        read = self.seen if exact else self.few
        return float(member.log_likelihood(read)), read is self.seen

    def _is_possible(self, parameters: Mapping[str, float]) -> bool:
        with np.errstate(all="ignore"):
            try:
                value, _ = self._value(self.member(parameters), exact=False)
            except ParameterError:
                return False
        return math.isfinite(value)

    def walk(self, parameters: Mapping[str, float], rate: float, steps: int) -> dict[str, Any]:
        """Return the path of gradient descent, ready for JSON: the start and each step.

        Raises
        ------
        ParameterError
            If the rate or the number of steps is none, or there is no descent.
        """
        if not (math.isfinite(rate) and rate > 0.0):
            raise ParameterError(f"The rate of learning must be above 0; got {rate:g}.")
        if not 0 <= steps <= _MOST_STEPS:
            raise ParameterError(f"Up to {_MOST_STEPS} steps are taken at once; got {steps}.")
        walk = self.descent
        if isinstance(walk, str):
            raise ParameterError(walk)
        self.member(parameters)
        held = {name: v for name, v in parameters.items() if name not in walk.fit.free}
        place = walk.place({name: parameters[name] for name in walk.fit.free})
        path, lost = [dict(parameters)], ""
        with np.errstate(all="ignore"):
            for _ in range(steps):
                if walk.is_there(place):
                    break
                place = walk.step(place, rate)
                try:
                    after = walk.parameters(place)
                except ParameterError:
                    lost = "This step leaves the range: the rate is too high."
                    break
                path.append(held | after)
            slopes = [] if lost else walk.slopes(place).tolist()
        return {
            "path": path,
            "slopes": dict(zip(walk.fit.free, slopes, strict=False)),
            "there": not lost and walk.is_there(place),
            "lost": lost,
        }

    def surface(
        self, parameters: Mapping[str, float], ranges: Mapping[str, tuple[float, float]]
    ) -> dict[str, Any]:
        """Return the log likelihood over the ranges of one or two parameters, the others held.

        The values stand in the order of the first, then the second; along a logarithmic slider they
        are even by the logarithm.

        Raises
        ------
        ParameterError
            If ranges are not those of one or two parameters.
        """
        unknown = [name for name in ranges if name not in self.family.constraints]
        if unknown or not 0 < len(ranges) < 3:
            raise ParameterError(
                f"A surface is of one or two of {', '.join(self.family.constraints)}; got "
                f"{', '.join(ranges)}."
            )
        self.member(parameters)
        kinds = {slider.name: slider for slider in self.sliders}
        count = _GRID if len(ranges) == 2 else _ON_A_LINE
        axes = {name: _axis(kinds[name], ends, count) for name, ends in ranges.items()}
        grid = dict(zip(axes, np.meshgrid(*axes.values(), indexing="ij"), strict=True))
        columns = {
            name: np.ravel(grid[name]) if name in grid else np.full(count ** len(axes), value)
            for name, value in parameters.items()
        }
        values = self._values(columns)
        best = None if isinstance(self.found, str) else self.found.parameters
        known = best if best is not None and set(axes) == set(parameters) else {}
        top = self._values({name: np.array([known[name]]) for name in known})[0] if known else None
        return {
            "axes": {name: axis.tolist() for name, axis in axes.items()},
            "values": values,
            "top": max([*values, *([] if top is None else [top])]),
        }

    def _values(self, columns: Mapping[str, Array]) -> list[float]:
        """Return the log likelihood at many members, -inf where there is none."""
        [count] = {column.size for column in columns.values()}
        values = np.zeros(count)
        some = max(_AT_ONCE // len(self.fewer), 1)
        with np.errstate(all="ignore"):
            for block in matched(self.family, self.fewer):
                for first in range(0, count, some):
                    part = slice(first, first + some)
                    members = self.family.unchecked(
                        **{n: c[part, None] for n, c in columns.items()}
                    )
                    terms = kernels.terms(members, block)
                    weighted = terms if block.weight is None else terms * block.weight
                    values[part] += weighted.sum(axis=-1)
        return np.where(np.isnan(values), -np.inf, values).tolist()


def _axis(slider: Slider, ends: tuple[float, float], count: int) -> Array:
    low, high = map(float, ends)
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ParameterError(f"The range of {slider.name} is {low:g} to {high:g}, which is none.")
    if slider.is_log:
        return slider.origin + np.geomspace(low - slider.origin, high - slider.origin, count)
    return np.linspace(low, high, count)


def _first_line(family: type[Distribution]) -> str:
    return (family.__doc__ or family.name).strip().splitlines()[0].replace("`", "")


def likelihood_text(log_likelihood: float) -> str:
    """Return a likelihood as text, though it may be far below or above what float64 holds.

    Examples
    --------
    >>> likelihood_text(-14.17177), likelihood_text(-1833.1676), likelihood_text(float("-inf"))
    ('7.00291e-07', '7.33545e-797', '0')
    """
    if not math.isfinite(log_likelihood):
        return "0" if log_likelihood < 0.0 else "∞"
    if _LEAST < log_likelihood < _LARGEST:
        return f"{math.exp(log_likelihood):.6g}"
    power = log_likelihood / math.log(10.0)
    whole = math.floor(power)
    return f"{10.0 ** (power - whole):.6g}e{whole:+d}"
