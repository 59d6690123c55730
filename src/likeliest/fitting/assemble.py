"""From a maximum that was found to the Fit that is shown."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.errors import ConvergenceError
from likeliest.fitting.result import Diagnostics, Fit, Outcome
from likeliest.optimise.newton import condition

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Parameter
    from likeliest.fitting.iterative import Climbed
    from likeliest.numerics.arrays import Array

_FLAT = 1e10  # condition of the information from which the data cannot tell parameters apart


def of_closed_form(
    member: Distribution, value: float, observations: Observations, fixed: Mapping[str, float]
) -> Fit:
    """Return the fit of a member that follows from sufficient statistics, or sits in a corner."""
    _require_finite(member, value)
    names = [name for name in member.constraints if name not in fixed]
    ends = _ends(member, names)
    corners = tuple(name for name in names if name in member.corners)
    free = tuple(name for name in names if name not in corners and name not in ends)
    of_one = member.errors() if len(free) == len(member.constraints) else None
    if of_one is None:
        information = observations.n * _information(member, free, observations)
        errors, correlation = _errors(information)
    else:
        errors = np.asarray(of_one[0], dtype=np.float64) / np.sqrt(observations.n)
        correlation = information = _full((1.0, of_one[1], 1.0))  # of two the condition is the same
    diagnostics = Diagnostics(
        Outcome.BOUNDARY if ends else Outcome.CLOSED_FORM if observations.exact else Outcome.CORNER,
        gradient_norm=0.0 if free and not member.corners_stay else None,
        condition=condition(-information) if free else None,
        bounds=ends,
        notes=_notes(member, observations, ends),
    )
    return Fit(
        distribution=member,
        log_likelihood=value,
        n=observations.n,
        free=free,
        corners=corners,
        errors=errors,
        correlation=correlation,
        measure="density" if observations.n_exact and not member.discrete else "mass",
        estimated=len(names),
        diagnostics=diagnostics,
        fixed=dict(fixed),
        observations=observations,
    )


def of_ascent(top: Climbed, observations: Observations) -> Fit:
    """Return the fit of a member that was climbed to."""
    member, chart, point = top.member, top.chart, top.ascent.point
    _require_finite(member, point.value)
    # Along a level stretch nothing tells how sure the estimate is.
    sure = np.flatnonzero(point.hessian.any(axis=1))
    free = tuple(chart.free[i] for i in sure)
    stretches = tuple(name for name in chart.free if name not in free)
    hessian = point.hessian[np.ix_(sure, sure)]
    flat = condition(hessian) if free else 1.0
    errors, correlation = _errors(-hessian)
    ends = dict(top.ends)
    is_flat = bool(stretches) or flat > _FLAT
    outcome = Outcome.BOUNDARY if ends else Outcome.FLAT if is_flat else Outcome.CONVERGED
    diagnostics = Diagnostics(
        outcome,
        iterations=top.ascent.iterations,
        gradient_norm=float(np.sqrt(2.0 * max(top.ascent.decrement, 0.0))),
        condition=flat if free else None,
        bounds=ends,
        notes=(*_notes(member, observations, ends), *_flatness(free, flat), *_levelness(stretches)),
    )
    return Fit(
        distribution=member,
        log_likelihood=point.value,
        n=observations.n,
        free=free,
        corners=(),
        errors=errors * np.abs(chart.slopes(member)[sure]),
        correlation=correlation,
        measure="density" if observations.n_exact and not member.discrete else "mass",
        estimated=len(chart.free) + len(ends),
        diagnostics=diagnostics,
        fixed={name: v for name, v in chart.fixed.items() if name not in ends},
        observations=observations,
    )


def with_end_cells(fit: Fit, observations: Observations) -> Fit:
    """Return a fit of rounded values with what they tell of the ends of the support.

    The curvature at an end says nothing of how sure it is: a few values lie in its cell. Nor do
    those values say much of the other parameters, which trade against the end: their errors are
    what the values further in tell.
    """
    member = fit.distribution
    cells = member.end_cells(observations, fit.fixed)
    kept = [i for i, name in enumerate(fit.free) if name not in cells]
    free = tuple(fit.free[i] for i in kept)
    errors, correlation = fit.errors[kept], fit.correlation[np.ix_(kept, kept)]
    known_of = min((cell.precision for cell in cells.values()), default=np.inf)
    if 0.0 < known_of < np.inf:
        errors, correlation = _errors(known_of * _information(member, free, observations))
    return replace(
        fit,
        free=free,
        corners=tuple(cells),
        errors=errors,
        correlation=correlation,
        cells=cells,
    )


def _information(member: Distribution, free: tuple[str, ...], observations: Observations) -> Array:
    """Return the Fisher information of one observation about the free parameters."""
    if not free:
        return np.zeros((0, 0))
    full = _full(_triangle(member, observations))
    if len(free) == len(full):
        return full
    at = [list(member.constraints).index(name) for name in free]
    return full[np.ix_(at, at)]


def _triangle(member: Distribution, observations: Observations) -> tuple[Parameter, ...]:
    if observations.exact:
        return member.information()
    lower, upper, count = observations.outermost()[0]
    if count == 0.0:
        return member.information()
    return member._information_in_cells(lower, upper - lower)


def _full(triangle: tuple[Parameter, ...]) -> Array:
    """Return the symmetric matrix of which the upper triangle is given, row by row."""
    return np.asarray(triangle, dtype=np.float64)[_places(len(triangle))]


@cache
def _places(size: int) -> Any:
    """Return where in a triangle of so many entries each entry of the full matrix stands."""
    k = int(np.sqrt(2 * size))
    places = np.zeros((k, k), dtype=np.intp)
    upper = np.triu_indices(k)
    places[upper] = places.T[upper] = np.arange(size)
    return places


def _errors(information: Array) -> tuple[Array, Array]:
    """Return standard errors and correlations from the information."""
    if information.size == 0:
        return np.zeros(0), information
    if information.size == 1:
        return 1.0 / np.sqrt(information[0]), np.ones((1, 1))
    # With its diagonal scaled to 1, units far apart do no harm.
    scale = 1.0 / np.sqrt(information.diagonal())
    inverse = np.linalg.inv(information * (scale[:, None] * scale))
    covariance = np.asarray(inverse, np.float64)
    spread = np.sqrt(covariance.diagonal())
    return spread * scale, covariance / (spread[:, None] * spread)


def _ends(member: Distribution, names: list[str]) -> dict[str, float]:
    values = {name: float(getattr(member, name)) for name in names}
    return {n: v for n, v in values.items() if member.constraints[n].is_closed_end(v)}


def _require_finite(member: Distribution, value: float) -> None:
    if not np.isfinite(value):
        raise ConvergenceError(
            f"The {member.name} likelihood is {value} at the estimate {member!r}: the data are "
            "beyond what float64 can hold for this family. Try another unit."
        )


def _notes(
    member: Distribution, observations: Observations, ends: Mapping[str, float]
) -> tuple[str, ...]:
    notes = [*(member.at_end(name) for name in ends), *member.notes(observations)]
    s = observations.summary
    if s.whole and s.low < s.high and observations.exact and not member.discrete:
        notes.append(
            "All values are whole numbers. If they are rounded, rounding=1 fits them as intervals; "
            "if they are counts, fit a discrete family."
        )
    return tuple(notes)


def _levelness(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        f"The likelihood is level about the estimate of {name}: other values of it are as likely, "
        "and it has no standard error."
        for name in names
    )


def _flatness(free: tuple[str, ...], flat: float) -> tuple[str, ...]:
    if flat <= _FLAT:
        return ()
    return (
        f"The data cannot tell {' and '.join(free)} apart (condition {flat:.1e}): the likelihood "
        "is flat in one direction, and the standard errors along it mean little.",
    )
