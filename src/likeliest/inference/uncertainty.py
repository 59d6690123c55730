"""How sure each estimate of a fit is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from likeliest.inference.bounds import exact_bounds, recorded_bounds
from likeliest.inference.ends import exact_ends, recorded_ends
from likeliest.inference.wald import Wald

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.fitting.result import Fit


class Uncertainty(Protocol):
    """How sure an estimate is."""

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return the confidence interval that covers with probability `level`."""

    def to_dict(self) -> dict[str, float]:
        """Return what a saved fit needs of it beside its estimates and errors."""


def uncertainty_of(fit: Fit) -> dict[str, Uncertainty | None]:
    """Return how sure each estimate is.

    None of a parameter that is fixed, or on a bound of which no exact interval is known; None of
    all where weights are those of a sample.
    """
    if fit.without_errors:
        return _joined(fit, {})
    return _joined(fit, {**exact_ends(fit), **exact_bounds(fit)})


def recorded(
    fit: Fit, saved: Mapping[str, Mapping[str, float | str]]
) -> dict[str, Uncertainty | None]:
    """Return the same of a fit that was saved, from what its `to_dict` wrote of them."""
    return _joined(fit, {**recorded_ends(fit, saved), **recorded_bounds(fit, saved)})


def _joined(fit: Fit, ends: Mapping[str, Uncertainty]) -> dict[str, Uncertainty | None]:
    errors, estimates = fit.standard_errors, fit.parameters
    made: dict[str, Uncertainty | None] = {}
    for name, constraint in fit.distribution.constraints.items():
        error = errors[name]
        wald = None if error is None else Wald(estimates[name], error, constraint)
        made[name] = ends.get(name, wald)
    return made
