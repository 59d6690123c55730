"""Diagnostics: how a maximum was found, and what a reader of the figures should know."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from likeliest.fitting.curvature import Formula

if TYPE_CHECKING:
    from likeliest.data.observations import Observations
    from likeliest.fitting.routes.found import Found

UNKNOWN_BY_SAMPLING = (
    "The weights say how many of the population each row stands for: the estimates are the "
    "population's. An error that took such a weight for a number of rows would be wrong, and none "
    "is given."
)
_FLAT = 1e10  # condition of the information from which the data cannot tell parameters apart
_ALIKE = 1e-2  # relative: how nearly the flat direction is that of a sum or a product


class Outcome(StrEnum):
    """How a fit ended."""

    CLOSED_FORM = "closed form"
    CONVERGED = "converged"
    BOUNDARY = "on a boundary"
    FLAT = "flat direction"
    CORNER = "in a corner"


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """How the maximum was found, and what to know about it.

    Parameters
    ----------
    outcome : Outcome
    iterations : int
        Newton steps on the whole of the data; 0 for a closed form.
    gradient_norm : float or None
        Length of the score in units of standard errors: 0 at the maximum. None where the
        likelihood has a corner there instead of a level top.
    condition : float or None
        Condition number of the observed information, its diagonal scaled to 1; parameters that
        the data cannot tell apart make it large.
    bounds : dict
        Parameters that sit on a bound of their range, with the bound.
    notes : tuple of str
        What a reader of the figures should know.
    """

    outcome: Outcome
    iterations: int = 0
    gradient_norm: float | None = None
    condition: float | None = None
    bounds: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def diagnosed(
    found: Found, observations: Observations | None, misfit: str | None = None
) -> Diagnostics:
    """Return the diagnostics of what a route found; `misfit` is told where there is one."""
    condition = found.curvature.condition
    return Diagnostics(
        _outcome(found),
        iterations=found.iterations,
        gradient_norm=found.gradient_norm,
        condition=condition if found.free else None,
        bounds=found.bounds,
        notes=(
            *found.notes,
            *_notes(found, observations),
            *_flatness(found),
            *_levelness(found),
            *((misfit,) if misfit else ()),
        ),
    )


def _outcome(found: Found) -> Outcome:
    if found.bounds:
        return Outcome.BOUNDARY
    if found.iterations == 0 and isinstance(found.curvature, Formula):
        return Outcome.CLOSED_FORM
    if found.corners:
        return Outcome.CORNER
    is_flat = bool(found.stretches) or found.curvature.condition > _FLAT
    return Outcome.FLAT if is_flat else Outcome.CONVERGED


def _notes(found: Found, observations: Observations | None) -> list[str]:
    member = found.member
    notes = [member.at_end(name) for name in found.bounds]
    if observations is None:
        return notes
    if observations.provenance.by_sampling and found.curvature.counts_rows:
        notes.append(UNKNOWN_BY_SAMPLING)
    notes += member.notes(observations, (*found.free, *found.bounds, *found.corners))
    s = observations.summary
    if s.whole and s.low < s.high and observations.exact and not member.discrete:
        notes.append(
            "All values are whole numbers. If they are rounded, rounding=1 fits them as intervals; "
            "if they are counts, fit a discrete family."
        )
    return notes


def _levelness(found: Found) -> tuple[str, ...]:
    return tuple(
        f"The likelihood is level about the estimate of {name}: other values of it are as likely, "
        "and it has no standard error."
        for name in found.stretches
    )


def _flatness(found: Found) -> tuple[str, ...]:
    flat = found.curvature.condition
    if not found.free or flat <= _FLAT or isinstance(found.curvature, Formula):
        return ()
    return (
        f"The data cannot tell {' and '.join(found.free)} apart (condition {flat:.1e}): the "
        "likelihood is flat in one direction, and the standard errors along it mean little."
        + _known_together(found),
    )


def _known_together(found: Found) -> str:
    """Say what the data tell of two parameters of one kind that they cannot tell apart."""
    errors, constraints = found.curvature.errors, found.member.constraints
    if len(found.free) != 2 or not np.isfinite(errors).all():
        return ""
    one, other = found.free
    kinds = [constraints[name] for name in found.free]
    lengths = [
        float(error / kind.slope(getattr(found.member, name)))
        for error, kind, name in zip(errors, kinds, found.free, strict=True)
    ]
    if not np.isclose(lengths[0], lengths[1], rtol=_ALIKE):
        return ""
    rises_together = bool(found.curvature.correlation[0, 1] > 0.0)
    ranges = {(kind.low, kind.high) for kind in kinds}
    if ranges == {(-np.inf, np.inf)}:
        return f" Only {one} {'−' if rises_together else '+'} {other} is known."
    if ranges == {(0.0, np.inf)}:
        return f" Only {one}{' / ' if rises_together else ' · '}{other} is known."
    return ""
