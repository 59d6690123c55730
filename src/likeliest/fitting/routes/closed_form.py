"""The estimate from sufficient statistics: the data are passed over once."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeGuard

import numpy as np

from likeliest.distributions.bases import ClosedForm, WithStatistics
from likeliest.errors import ConvergenceError
from likeliest.fitting.curvature import Formula
from likeliest.fitting.routes.found import Found, Sums, within_range
from likeliest.likelihood.frame import Frame
from likeliest.likelihood.statistics import statistics_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution


def serves(
    family: type[Distribution], observations: Observations, fixed: Mapping[str, float]
) -> TypeGuard[type[ClosedForm]]:
    """Whether the estimate has a closed form for these observations."""
    return (
        issubclass(family, ClosedForm)
        and observations.exact
        and not observations.truncated
        and set(fixed) <= set(family.closed_given)
    )


def maximize(
    family: type[WithStatistics], observations: Observations, fixed: Mapping[str, float]
) -> Found:
    """Return the likeliest member from the sufficient statistics."""
    # Sums of plain values cost less than a table of the distinct ones.
    compressed = observations.compressed() if family.discrete else observations
    frame = Frame.of(family, observations)
    inside = compressed if frame.is_identity else compressed.moved(frame.origin, frame.unit)
    held = frame.fixed(family, fixed)
    return of_sums(family, Sums(statistics_of(family, inside, held), frame), fixed)


def of_sums(family: type[WithStatistics], sums: Sums, fixed: Mapping[str, float]) -> Found:
    """Return the likeliest member from sufficient statistics that were taken in a frame."""
    statistics, frame = sums
    held, n = frame.fixed(family, fixed), float(statistics.weight)

    def likeliest() -> WithStatistics:
        return family.maximize_given(statistics, held) if held else family.maximize(statistics)

    inner = within_range(family, likeliest)
    value = float(inner.mean_log_prob(statistics)) * n
    if not (family.discrete or frame.is_identity):
        value -= n * float(np.log(frame.unit))
    left = within_range(family, lambda: frame.leave(inner))
    member = left if not fixed else type(left)(**{**left.parameters, **fixed})
    require_finite(member, value)
    names = [name for name in member.constraints if name not in fixed]
    corners = tuple(name for name in family.ends() if name not in fixed)
    bounds = at_bounds(member, names)
    free = tuple(name for name in names if name not in corners and name not in bounds)
    return Found(
        member,
        value,
        free,
        Formula(inner, free, n, frame),
        corners=corners,
        bounds=bounds,
        gradient_norm=0.0 if free and not member.non_smooth else None,
        passes=1,
        sums=sums,
    )


def at_bounds(member: Distribution, names: list[str]) -> dict[str, float]:
    """Return the parameters that sit on a closed end of their range."""
    closed = [name for name in names if member.constraints[name].closed_ends]
    values = {name: float(getattr(member, name)) for name in closed}
    return {n: v for n, v in values.items() if member.constraints[n].is_closed_end(v)}


def require_finite(member: Distribution, value: float) -> None:
    """Raise ConvergenceError if the log likelihood at the estimate is not a number."""
    if not math.isfinite(value):
        raise ConvergenceError(
            f"The {member.name} likelihood is {value} at the estimate {member!r}: the data are "
            "beyond what float64 can hold for this family. Try another unit."
        )
