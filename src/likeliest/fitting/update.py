"""New rows for a fit in closed form: their sums are added to those of the rows before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from likeliest.data.observations import Observations
from likeliest.data.observe import observe
from likeliest.distributions.bases import WithStatistics
from likeliest.errors import DataError
from likeliest.fitting.routes.closed_form import maximize, of_sums
from likeliest.fitting.routes.found import Sums
from likeliest.fitting.support import require_support
from likeliest.likelihood.statistics import summed

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from likeliest.data.description import Description
    from likeliest.data.observe import Data
    from likeliest.data.reading.column import Missing
    from likeliest.distributions.statistics import SufficientStatistics
    from likeliest.fitting.result import Fit

_PUSH = 1e-6  # of a statistic, by which it is moved to see what becomes of its rounding
_MOST_LOST = 1e3  # times the rounding of a statistic that an estimate may be off
_WHOLE = "fit all the rows together with lk.fit"


def updated(
    fit: Fit,
    data: Data,
    *,
    column: str | None,
    weights: ArrayLike | None,
    missing: Missing,
) -> Fit:
    """Return the fit to its rows and new ones; see `Fit.update`."""
    family, before = _sums_of(fit)
    seen = observe(data, column=column, weights=weights, missing=missing)
    if not seen.exact or seen.truncated:
        raise DataError(f"New rows are exact values, and these have bounds or windows: {_WHOLE}.")
    require_support(family, seen)
    if before.statistics.low == before.statistics.high:  # the rows themselves are known
        found = maximize(family, _with_constant(before, seen), fit.fixed)
    else:
        sums = Sums(before.statistics.merge(_statistics(family, seen, before)), before.frame)
        _require_digits(family, sums, fit)
        found = of_sums(family, sums, fit.fixed)
    made = replace(fit, found=found, n=fit.n + seen.n, observations=None)
    made.__dict__.update(description=_described(fit.description, seen.description))
    return made


def _sums_of(fit: Fit) -> tuple[type[WithStatistics], Sums]:
    family = type(fit.distribution)
    if fit.description.by_sampling or fit.errors_by != "observed":
        raise DataError(
            f"Errors that are made of the rows do not add up with those of new rows: {_WHOLE}."
        )
    if fit.family == "laplace" and "loc" not in fit.fixed:
        raise DataError(
            f"The loc of a laplace is a median, which sums of earlier rows do not tell: {_WHOLE}."
        )
    if fit.found.sums is None or not issubclass(family, WithStatistics):
        raise DataError(
            f"This fit of {fit.family} does not follow from sums of its rows, to which new rows "
            f"could be added: {_WHOLE}."
        )
    return family, fit.found.sums


def _statistics(
    family: type[WithStatistics], seen: Observations, before: Sums
) -> SufficientStatistics:
    frame = before.frame
    inside = seen if frame.is_identity else seen.moved(frame.origin, frame.unit)
    return summed(family.statistics, inside, float(before.statistics.pivot))


def _with_constant(before: Sums, seen: Observations) -> Observations:
    """Return rows that are all the same, of which a pivot may know no others, with new ones."""
    (s, frame), n = before, len(seen)
    value = frame.origin + frame.unit * float(s.low)
    weights = np.ones(n) if seen.weights is None else seen.weights
    return Observations.of_checked(
        np.append(np.asarray(seen.values, dtype=np.float64), value),
        np.append(weights, float(s.weight)),
    )


def _require_digits(family: type[WithStatistics], sums: Sums, fit: Fit) -> None:
    """Raise if rows far from the first have left an estimate that is a difference of large sums."""
    statistics, held = sums.statistics, sums.frame.fixed(family, fit.fixed)
    for i, mean in enumerate(statistics.mean):
        pushed = list(statistics.mean)
        pushed[i] = mean * (1.0 + _PUSH)
        moved = statistics._replace(mean=tuple(pushed))
        here, there = (
            family.maximize_given(s, held) if held else family.maximize(s)
            for s in (statistics, moved)
        )
        for name, constraint in family.constraints.items():
            value, other = float(getattr(here, name)), float(getattr(there, name))
            if not constraint.is_location and abs(other - value) > _MOST_LOST * _PUSH * abs(value):
                raise DataError(
                    f"The new rows lie so far from the first that sums about these have lost "
                    f"digits of the {name}: {_WHOLE}."
                )


def _described(before: Description, more: Description) -> Description:
    return replace(
        before,
        n=before.n + more.n,
        exact=before.exact + more.exact,
        left_out=before.left_out + more.left_out,
    )
