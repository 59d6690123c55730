"""Losses of the form log scale - g((target - input)/scale), g a standard log density."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from likeliest.losses.arguments import POSITIVE, REAL, Values, evaluate
from likeliest.numerics.arrays import Array, largest, where
from likeliest.numerics.special import exp, log, sqrt

if TYPE_CHECKING:
    from likeliest.distributions.parameters import Constraint
    from likeliest.losses.reduction import Reduction


class Standard(NamedTuple):
    """A log density g(z), and its derivatives: by z, and by further parameters by name."""

    log_density: Callable[..., Any]
    slopes: Callable[..., tuple[Any, Values]]


class Spread(NamedTuple):
    """A way to say a scale: from it the log of the scale, 1/scale, and the slope of the log."""

    log: Callable[[Any], Any]
    inverse: Callable[[Any], Any]
    slope: Callable[[Any], Any]


def decayed(x: Array) -> Array:
    """exp(-x), but always a finite number, so that 0 times it is 0, in the gradient too."""
    least = -math.log(0.5 * largest(x))
    return exp(-where(x < least, least, x))


_SCALE = Spread(log, lambda s: 1.0 / s, lambda s: 1.0 / s)
_LOG_SCALE = Spread(lambda v: v, decayed, lambda _: 1.0)
SPREADS = {
    "scale": _SCALE,
    "std": _SCALE,
    "var": Spread(lambda v: 0.5 * log(v), lambda v: 1.0 / sqrt(v), lambda v: 0.5 / v),
    "log_scale": _LOG_SCALE,
    "log_std": _LOG_SCALE,
    "log_var": Spread(lambda v: 0.5 * v, lambda v: decayed(0.5 * v), lambda _: 0.5),
}


def location_scale_terms(
    standard: Standard, spread: str, input: Any, target: Any, value: Any, **further: Any
) -> Any:
    """Return the loss of each observation, the scale being said in the way that `spread` names."""
    scale = SPREADS[spread]
    z = (target - input) * scale.inverse(value)
    return scale.log(value) - standard.log_density(z, **further)


def location_scale_nll(
    loss: str,
    standard: Standard,
    location: dict[str, Any],
    spread: dict[str, Any],
    further: dict[str, tuple[Any, Constraint]] | None = None,
    *,
    reduction: Reduction,
    gradient: bool,
    validate: bool,
    loss_dtype: Any,
) -> Any:
    """Return the loss of a location-scale family.

    Parameters
    ----------
    loss : str
    standard : Standard
    location : dict with `input` and `target`
    spread : dict with one of `SPREADS`
    further : dict from the names of further parameters to their values and ranges
    """
    [(name, value)] = spread.items()
    further = further or {}
    scale = SPREADS[name]

    def formula(input: Any, target: Any, **given: Any) -> Any:
        return location_scale_terms(standard, name, input, target, given.pop(name), **given)

    def derivatives(input: Any, target: Any, **given: Any) -> Values:
        value = given.pop(name)
        inverse = scale.inverse(value)
        z = (target - input) * inverse
        slope, rest = standard.slopes(z, **given)
        return {
            "input": slope * inverse,
            "target": -slope * inverse,
            name: (1.0 + z * slope) * scale.slope(value),
            **{key: -d for key, d in rest.items()},
        }

    arguments = {**location, name: value, **{key: value for key, (value, _) in further.items()}}
    ranges = {key: range_ for key, (_, range_) in further.items()}
    ranges[name] = REAL if name.startswith("log") else POSITIVE
    return evaluate(
        loss,
        formula,
        derivatives,
        arguments,
        ranges,
        reduction=reduction,
        gradient=gradient,
        validate=validate,
        loss_dtype=loss_dtype,
    )
