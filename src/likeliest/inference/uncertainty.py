"""How sure each estimate of a fit is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol, get_args

import numpy as np

from likeliest.distributions.parameters import Constraint
from likeliest.inference.bounds import exact_bounds, recorded_bounds
from likeliest.inference.levels import require_choice
from likeliest.inference.wald import Wald

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.fitting.result import Fit

_DRAWS = 999  # replicates, where none are asked for

Method = Literal["wald", "profile", "bootstrap"]


class Uncertainty(Protocol):
    """How sure an estimate is."""

    @property
    def method(self) -> str:
        """By which method: "wald", "profile", "bootstrap", "end" of the support, or "exact"."""

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
    return _joined(fit, _exact(fit))


def remainder_of(fit: Fit) -> tuple[str, float, Wald | None] | None:
    """Return the share that parameters leave of 1: its name, its estimate, and how sure that is.

    None where there is none; without an uncertainty where those of the others are not known.
    """
    if fit.distribution.remainder is None:
        return None
    name, others = fit.distribution.remainder
    value = 1.0 - sum(fit.parameters[other] for other in others)
    at = [fit.free.index(other) for other in others if other in fit.free]
    if fit.without_errors or not at:
        return name, value, None
    error = float(np.sqrt(fit.covariance[np.ix_(at, at)].sum()))
    return name, value, Wald(value, error, Constraint(0.0, 1.0))


def uncertainty_by(fit: Fit, method: Method) -> dict[str, Uncertainty | None]:
    """Return how sure each estimate is by a method; ends of the support keep their own law."""
    require_choice("method", method, get_args(Method))
    if method == "wald":
        return fit.uncertainty
    exact = _exact(fit)
    if method == "bootstrap":
        from likeliest.inference.bootstrap import Bootstrap

        return {**Bootstrap.of(fit, _DRAWS, 0, None).uncertainty, **exact}
    from likeliest.inference.profile import Profile, Profiles

    profiles = Profiles(fit)
    made: dict[str, Uncertainty | None] = dict.fromkeys(fit.distribution.constraints)
    made |= {name: Profile(name, profiles) for name in profiles.names}
    return {**made, **exact}


def recorded(
    fit: Fit, saved: Mapping[str, Mapping[str, float | str]]
) -> dict[str, Uncertainty | None]:
    """Return the same of a fit that was saved, from what its `to_dict` wrote of them."""
    bounds = recorded_bounds(fit, saved)
    if not fit.corners:
        return _joined(fit, bounds)
    from likeliest.inference.ends import recorded_ends

    return _joined(fit, {**recorded_ends(fit, saved), **bounds})


def _exact(fit: Fit) -> Mapping[str, Uncertainty]:
    """Return what is known by a law of its own: ends of the support, and estimates on a bound."""
    bounds = exact_bounds(fit)
    if not fit.corners:
        return bounds
    from likeliest.inference.ends import support_ends

    return {**support_ends(fit), **bounds}


def _joined(fit: Fit, ends: Mapping[str, Uncertainty]) -> dict[str, Uncertainty | None]:
    errors, estimates = fit.standard_errors, fit.parameters
    made: dict[str, Uncertainty | None] = {}
    for name, constraint in fit.distribution.constraints.items():
        error = errors[name]
        wald = None if error is None else Wald(estimates[name], error, constraint)
        made[name] = ends.get(name, wald)
    return made
