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


def maximize(
    family: type[Distribution], observations: Observations, fixed: Mapping[str, float]
) -> Found:
    """Return the likeliest member of a family all of whose parameters are whole numbers.

    From a member that holds the rows, in every direction of the grid and to twice as far
    each time that the likelihood rises, until no neighbour is higher: where it has one top, as that
    of a uniform, it is there.

    Raises
    ------
    UnboundedLikelihoodError
        If it rises for ever.
    """
    require_room(family, Seen.of(matched(family, observations)), fixed)
    free = tuple(name for name in family.constraints if name not in fixed)
    here = {**family.start(as_exact(family, observations), fixed)[0].parameters, **fixed}
    seen: dict[tuple[float, ...], float] = {}

    def value(at: Mapping[str, float]) -> float:
        key = tuple(at.values())
        if key not in seen:
            try:
                found = float(family(**at).log_likelihood(observations))
            except ParameterError:  # ends that have passed each other
                found = -np.inf
            seen[key] = -np.inf if np.isnan(found) else found
        return seen[key]

    best, moving = value(here), True
    while moving:
        moving = False
        for step in product((-1.0, 0.0, 1.0), repeat=len(free)):
            way = dict(zip(free, step, strict=True))
            length = 1.0
            while (there := value(_moved(here, way, length))) > best:
                here, best, moving = _moved(here, way, length), there, True
                length *= 2.0
                if length > LARGEST_COUNT:
                    limits = {n: np.sign(s) * np.inf for n, s in way.items() if s}
                    raise climb.without_maximum(family, limits, best)
    empty = Curvature(np.empty((0, 0)), np.empty(0))
    return Found(family(**here), best, (), empty, corners=free, passes=len(seen))


def _moved(at: Mapping[str, float], way: Mapping[str, float], length: float) -> dict[str, float]:
    """Return parameters after a step."""
    return {name: value + length * way.get(name, 0.0) for name, value in at.items()}
