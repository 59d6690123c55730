"""Ends of a support of which no exact law is known: how steeply the likelihood falls beyond."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import DataError
from likeliest.inference.levels import checked_level
from likeliest.likelihood.objective import Objective

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.fitting.result import Fit


@dataclass(frozen=True)
class SteepEnd:
    """How sure an end of the support is, estimated where the likelihood has a corner.

    Of many values the gap between the end and the outermost of them is exponential, and its rate
    is n times the density there: how fast the log likelihood falls as the end moves outwards. So
    for every family whose density jumps at the end of its support.

    Parameters
    ----------
    estimate : float
    rate : float
        Nats per unit of the end.
    outwards : int
        -1 of a low end, 1 of a high end.
    whole : bool
        Whether the end is a whole number.

    Source: van der Vaart (1998), Asymptotic Statistics, section 9.4.

    Examples
    --------
    >>> low, high = SteepEnd(estimate=2.0, rate=10.0, outwards=-1).interval(0.95)
    >>> round(low, 4), high
    (1.7004, 2.0)
    """

    estimate: float
    rate: float
    outwards: int
    whole: bool = False
    method = "exact"

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return the confidence interval that covers with probability `level`, of many values."""
        checked_level(level)
        reach = -float(np.log1p(-level)) / self.rate if self.rate > 0.0 else np.inf
        beyond = self.estimate + self.outwards * (np.floor(reach) if self.whole else reach)
        return min(self.estimate, beyond), max(self.estimate, beyond)

    def to_dict(self) -> dict[str, float]:
        """Return what a saved fit needs of it beside its estimates."""
        return asdict(self)


def steep_ends(fit: Fit) -> dict[str, SteepEnd]:
    """Return the ends that a fit estimated in a corner."""
    if fit.observations is None:
        raise DataError("A fit without its observations has intervals only as they were saved.")
    member = fit.distribution
    objective = Objective.of(type(member), fit.observations, fit.fixed)
    frame = objective.coordinates.frame
    units = frame.units(type(member), fit.corners)
    made = {}
    for name, unit in zip(fit.corners, units.tolist(), strict=True):
        outwards, whole = member.corners[name].outwards, member.constraints[name].whole
        if whole:
            rate = _fall_by_whole_steps(fit, name, outwards)
        else:
            (slope,), _ = objective.slopes(frame.enter(member), [name])
            rate = -outwards * slope / unit
        made[name] = SteepEnd(fit.parameters[name], rate, outwards, whole)
    return made


def _fall_by_whole_steps(fit: Fit, name: str, outwards: int) -> float:
    """Return how steeply the likelihood falls to where it has lost what 95 % allow, on average."""
    member, step = fit.distribution, 1.0
    for _ in range(_DOUBLINGS):
        moved = {**member.parameters, name: getattr(member, name) + outwards * step}
        lost = fit.log_likelihood - type(member)(**moved).log_likelihood(fit.observations)
        if lost >= _LOST:
            return float(lost / step)
        step *= 2.0
    return 0.0


_DOUBLINGS = 50
_LOST = 3.0  # nats


def recorded_steep_ends(
    fit: Fit, saved: Mapping[str, Mapping[str, float | str]]
) -> dict[str, SteepEnd]:
    """Return the same of a fit that was saved, from what `to_dict` wrote of them."""
    return {
        name: SteepEnd(
            float(end["estimate"]), float(end["rate"]), int(end["outwards"]), bool(end["whole"])
        )
        for name, end in saved.items()
        if name in fit.corners
    }
