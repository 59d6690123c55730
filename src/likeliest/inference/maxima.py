"""All the maxima that climbs from many places lead to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from likeliest.distributions.arguments import generator_of
from likeliest.errors import FamilyError
from likeliest.inference.levels import require_positive
from likeliest.inference.summit import observations_of
from likeliest.likelihood.objective import Objective
from likeliest.optimise.newton import climb
from likeliest.tables import ShownAsTable, Table, number

if TYPE_CHECKING:
    from likeliest.fitting.result import Fit
    from likeliest.numerics.arrays import Array

_SPREAD = 2.0  # of the starts, in natural steps
_PROBES = np.linspace(0.05, 0.95, 19)  # shares up to points where laws are compared
_SAME = 1e-3  # of a natural step: tops nearer than that are one
_TOLERANCE = 1e-10  # nats


@dataclass(frozen=True, repr=False)
class Maxima(ShownAsTable):
    """The maxima of a likelihood that were reached from random starts.

    Parameters
    ----------
    parameters : tuple of dict
        Of each maximum, the highest first.
    log_likelihood : tuple of float
    climbs : tuple of int
        How many of the starts led to each.
    starts : int
    """

    parameters: tuple[dict[str, float], ...]
    log_likelihood: tuple[float, ...]
    climbs: tuple[int, ...]
    starts: int

    def __len__(self) -> int:
        """The number of maxima."""
        return len(self.parameters)

    def table(self) -> Table:
        """Return the maxima as a table, the highest first."""
        names = tuple(self.parameters[0]) if self.parameters else ()
        rows = tuple(
            (number(value, 10), *(number(one[name]) for name in names), str(times))
            for value, one, times in zip(
                self.log_likelihood, self.parameters, self.climbs, strict=True
            )
        )
        lost = self.starts - sum(self.climbs)
        footer = (f"{lost} of {self.starts} starts led to none",) if lost else ()
        title = f"{len(self)} maxim{'um' if len(self) == 1 else 'a'}"
        return Table(title, ("log likelihood", *names, "starts"), rows, footer)


def maxima_of(fit: Fit, starts: int, seed: int) -> Maxima:
    """Return the maxima that climbs from about the estimate lead to; see `Fit.maxima`."""
    require_positive("starts", starts)
    if fit.distribution.non_smooth:
        raise FamilyError(
            f"The likelihood of {fit.family} has corners, and a climb stops at each: its maximum "
            "was found by trying them all."
        )
    observations = observations_of(fit, "A search for maxima")
    held = {n: v for n, v in fit.parameters.items() if n not in fit.free}
    objective = Objective.of(type(fit.distribution), observations, held)
    coordinates = objective.coordinates
    centre, reach = coordinates.of(fit.distribution), objective.reach
    away = generator_of(seed).normal(0.0, _SPREAD, (starts, centre.size))
    away[0] = 0.0
    tops = climb(
        objective, centre + reach * away, reach, grain=coordinates.grain, tolerance=_TOLERANCE
    )
    value = tops.points.value
    good = tops.converged & np.isfinite(value)
    probes = np.asarray(fit.distribution.quantile(_PROBES), dtype=np.float64)
    found: list[int] = []
    climbs: list[int] = []
    laws: list[Array] = []
    for i in np.flatnonzero(good)[np.argsort(-value[good], kind="stable")].tolist():
        law = np.asarray(coordinates.member(tops.points.u[i]).log_prob(probes))
        near = [
            j
            for j, top in enumerate(found)
            if (np.abs(tops.points.u[i] - tops.points.u[top]) < _SAME * reach).all()
            or np.allclose(law, laws[j], rtol=0.0, atol=_SAME)  # components in another order
        ]
        if near:
            climbs[near[0]] += 1
        else:
            found.append(i)
            climbs.append(1)
            laws.append(law)
    members = [coordinates.member(tops.points.u[i]) for i in found]
    return Maxima(
        tuple({n: float(v) for n, v in member.parameters.items()} for member in members),
        tuple(float(value[i]) for i in found),
        tuple(climbs),
        starts,
    )
