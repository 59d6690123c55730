"""The estimate where parameters are whole numbers: steps on their grid, each twice the last."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from likeliest.data.vectors import LARGEST_COUNT
from likeliest.errors import ParameterError
from likeliest.fitting.curvature import Curvature
from likeliest.fitting.routes import climb
from likeliest.fitting.routes.ends.candidates import Seen
from likeliest.fitting.routes.ends.route import require_room
from likeliest.fitting.routes.found import Found
from likeliest.likelihood.matching import as_exact, matched

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Parameter


def maximize(
    family: type[Distribution], observations: Observations, fixed: Mapping[str, float]
) -> Found:
    """Return the likeliest member of a family all of whose parameters are whole numbers.

    From each start in every direction of the grid, and to twice as far each time, until nothing
    there is higher: where the likelihood has one top, as that of a uniform, it is there. Windows
    can make it level for a stretch.

    Raises
    ------
    UnboundedLikelihoodError
        If it rises for ever.
    """
    require_room(family, Seen.of(matched(family, observations)), fixed)
    free = tuple(name for name in family.constraints if name not in fixed)
    grid = _Grid(family, observations, free)
    starts = family.start(as_exact(family, observations), fixed)
    tops = [grid.top({**start.parameters, **fixed}) for start in starts]
    best = max(tops, key=grid.value)
    empty = Curvature(np.empty((0, 0)), np.empty(0))
    passes = len(grid.seen)
    return Found(family(**best), grid.value(best), (), empty, corners=free, passes=passes)


class _Grid:
    """The log likelihood of members whose parameters are whole numbers.

    Parameters
    ----------
    family : class
    observations : Observations
    free : tuple of str
        The parameters that steps are taken in.
    """

    def __init__(
        self, family: type[Distribution], observations: Observations, free: tuple[str, ...]
    ) -> None:
        self.family, self.observations, self.free = family, observations, free
        self.seen: dict[tuple[Parameter, ...], float] = {}

    def value(self, at: Mapping[str, Parameter]) -> float:
        """Return the log likelihood; -∞ where there is no member."""
        key = tuple(at.values())
        if key not in self.seen:
            try:
                found = float(self.family(**at).log_likelihood(self.observations))
            except ParameterError:  # ends that have passed each other
                found = -np.inf
            self.seen[key] = -np.inf if np.isnan(found) else found
        return self.seen[key]

    def top(self, start: dict[str, Parameter]) -> dict[str, Parameter]:
        """Return where steps from a start lead to."""
        here, last = start, None
        while here != last:
            last = here
            for step in product((-1.0, 0.0, 1.0), repeat=len(self.free)):
                here = self._along(here, dict(zip(self.free, step, strict=True)))
        return here

    def _along(self, here: dict[str, Parameter], way: Mapping[str, float]) -> dict[str, Parameter]:
        """Return the highest place in a direction, of those in steps that double."""
        length, best = 1.0, here
        while length <= _LEVEL or best is not here:
            there = {n: v + length * way.get(n, 0.0) for n, v in here.items()}
            if self.value(there) > self.value(best):
                best = there
            elif length > _LEVEL:
                break
            length *= 2.0
            if length > LARGEST_COUNT:
                limits = {n: np.sign(s) * np.inf for n, s in way.items() if s}
                raise climb.without_maximum(self.family, limits, self.value(best))
        return best


_LEVEL = 64.0  # how far the likelihood may be level
