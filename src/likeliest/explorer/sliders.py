"""Ranges over which parameters are dragged, and where they start."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Constraint

_FACTOR = 8.0  # by which a positive parameter is dragged up and down
_ERRORS = 5.0  # standard errors that the narrow range shows to either side
_EDGE = 1e-3  # of a range between two ends, at which a slider stops short of them


@dataclass(frozen=True, slots=True)
class Slider:
    """The range of one parameter.

    Parameters
    ----------
    name, about : str
        What it is called, and its range in words.
    origin : float
        For a logarithmic slider, what is taken off before the logarithm.
    is_log : bool
    wide, near : pair of float
        The range that the data and the family suggest, and the one about the estimate.
    start : float
        A value apart from the estimate.
    """

    name: str
    about: str
    origin: float
    is_log: bool
    wide: tuple[float, float]
    near: tuple[float, float]
    start: float

    def to_dict(self) -> dict[str, Any]:
        """Return the slider, ready for JSON."""
        return {
            "name": self.name, "about": self.about, "origin": self.origin, "log": self.is_log,
            "wide": [*self.wide], "near": [*self.near], "start": self.start,
        }  # fmt: skip


def sliders(
    member: Distribution, errors: dict[str, float | None], spread: float
) -> tuple[Slider, ...]:
    """Return a slider for each parameter.

    Parameters
    ----------
    member : Distribution
        The likeliest, or another about which ranges are laid.
    errors : dict
        Standard errors of the parameters that have one.
    spread : float
        Standard deviation of the data: how far a location is dragged.
    """
    return tuple(
        _slider(name, constraint, float(getattr(member, name)), errors.get(name), spread)
        for name, constraint in member.constraints.items()
    )


def _slider(
    name: str, constraint: Constraint, at: float, error: float | None, spread: float
) -> Slider:
    low, high = constraint.low, constraint.high
    about = constraint.describe()
    if constraint.is_free:
        reach = (3.0 * spread) if constraint.power else 1.5 * max(abs(at), 1.0)
        wide = (at - reach, at + reach)
        about_it = _ERRORS * error if error else 0.1 * reach
        return Slider(
            name, about, 0.0, False, wide, (at - about_it, at + about_it),
            _short(at - 0.25 * reach, reach),
        )  # fmt: skip
    if high == math.inf:
        above = at - low
        if not 0.0 < above < math.inf:  # on an end of the range
            above = 1.0 if above <= 0.0 else 30.0
        share = min(_ERRORS * error / above, 3.0) if error else 0.5
        return Slider(
            name, about, low, True, (low + above / _FACTOR, low + above * _FACTOR),
            (low + above * math.exp(-share), low + above * math.exp(share)),
            low + _short(1.6 * above, above),
        )  # fmt: skip
    edge = _EDGE * (high - low)
    ends = (low + edge, high - edge)
    about_it = _ERRORS * error if error else 0.1 * (high - low)
    near = (max(at - about_it, ends[0]), min(at + about_it, ends[1]))
    start = at + 0.15 * (high - low) if at < 0.5 * (low + high) else at - 0.15 * (high - low)
    return Slider(name, about, 0.0, False, ends, near, _short(start, high - low))


def _short(value: float, scale: float) -> float:
    """Return a value rounded to a twentieth of a scale or so, to be told at a glance."""
    return round(value, 1 - math.floor(math.log10(scale))) if scale > 0.0 else value
