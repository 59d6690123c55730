"""What a family's parameters may be: a range, a unit, and a map to the whole real line.

A family declares each parameter with `real()`, `positive()`, `unit_interval()` and the like;
the maximiser works on the unconstrained scale that the declaration carries, so that no step can
leave the range.
"""

from __future__ import annotations

import dataclasses
import math
from typing import Any, TypeAlias

import numpy as np

from likeliest.errors import ParameterError
from likeliest.numerics.arrays import Number

Parameter: TypeAlias = Number
"""A number, or an array of any shape (tensors are welcome too)."""


@dataclasses.dataclass(frozen=True, slots=True)
class Constraint:
    """The range of a parameter and its map to the real line.

    Parameters
    ----------
    low, high : float
        The ends of the range. Both infinite: mapped by the identity; low only: by log(θ - low);
        both finite: by the logit.
    low_closed, high_closed : bool
        Whether the end itself is a value: df = ∞ is the normal among the t, a dispersion of 0 the
        Poisson among the negative binomials.
    power : int
        The unit of x enters the parameter to this power: 1 for a location or a scale, -1 for a
        rate, 0 for a shape.
    regular_above, regular_below : float
        A fit stays above and below them: members beyond have a likelihood without bound, or a
        maximum at an end of their support.
    whole : bool
        Whether a member needs a whole number; a fit walks between them as well.

    Examples
    --------
    >>> Constraint(low=0.0, high=float("inf")).unconstrain(1.0)
    0.0
    """

    low: float
    high: float
    low_closed: bool = False
    high_closed: bool = False
    power: int = 0
    regular_above: float = -math.inf
    regular_below: float = math.inf
    whole: bool = False
    is_free: bool = dataclasses.field(init=False, repr=False, compare=False)
    is_location: bool = dataclasses.field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Whether any real number will do; and whether the parameter moves with the origin of x.
        is_free = self.low == -math.inf and self.high == math.inf
        object.__setattr__(self, "is_free", is_free)
        object.__setattr__(self, "is_location", is_free and self.power == 1)

    def contains(self, value: Parameter) -> Any:
        """Whether each value lies in the range; NaN never does. One boolean for one float."""
        # Strictly between the ends a value is finite.
        inside = (self.low < value) & (value < self.high)
        return inside | self.is_closed_end(value) if self.closed_ends else inside

    def is_closed_end(self, value: Parameter) -> Any:
        """Whether each value sits on an end that belongs to the range."""
        at_low = (value == self.low) & self.low_closed
        return at_low | ((value == self.high) & self.high_closed)

    @property
    def edges(self) -> tuple[float, float]:
        """Coordinates of both ends of the regular region; -∞ and ∞ where it has none."""
        low, high = self.regular_above, self.regular_below
        return (
            low if low == -math.inf else float(self.unconstrain(low)),
            high if high == math.inf else float(self.unconstrain(high)),
        )

    @property
    def has_edge(self) -> bool:
        """Whether the regular region has an end."""
        return self.regular_above > -math.inf or self.regular_below < math.inf

    @property
    def closed_ends(self) -> tuple[float, ...]:
        """The ends that belong to the range."""
        low = (self.low,) if self.low_closed else ()
        return (*low, self.high) if self.high_closed else low

    def can_be_estimated(self, value: Parameter) -> Any:
        """Whether each value lies in the range, where the likelihood is regular."""
        if isinstance(value, float) and self.low < value < self.high:
            return self.regular_above < value < self.regular_below
        if not self.has_edge:
            return self.contains(value)
        inside = (value > self.regular_above) & (value < self.regular_below)
        return self.contains(value) & inside

    def unconstrain(self, value: Parameter) -> Parameter:
        """Map from the range to the real line; a closed end goes to ±∞."""
        if self.is_free:
            return value
        if self.high == math.inf:
            return _log(value - self.low)
        return _log(value - self.low) - _log(self.high - value)

    def constrain(self, u: Parameter) -> Parameter:
        """Map from the real line to the range."""
        if self.is_free:
            return u
        if self.high == math.inf:
            return self.low + _exp(u)
        return self.low + (self.high - self.low) / (1.0 + _exp(-u))

    def slope(self, value: Parameter) -> Parameter:
        """dθ/du at θ = `value`."""
        if self.is_free:
            return 1.0 if isinstance(value, float) else np.ones_like(value)
        if self.high == math.inf:
            return value - self.low
        return (value - self.low) * (self.high - value) / (self.high - self.low)

    def curvature(self, value: Parameter) -> Parameter:
        """d²θ/du² at θ = `value`."""
        if self.is_free:
            return 0.0 if isinstance(value, float) else np.zeros_like(value)
        if self.high == math.inf:
            return value - self.low
        return self.slope(value) * (self.high + self.low - 2.0 * value) / (self.high - self.low)

    def move(self, value: Parameter) -> tuple[float, float]:
        """Return `slope` and `curvature` at one value."""
        if self.is_free:
            return 1.0, 0.0
        if self.high == math.inf:
            above = float(value) - self.low
            return above, above
        return float(self.slope(value)), float(self.curvature(value))

    def size(self, value: Parameter, scale: Parameter | None) -> Parameter:
        """Return a length over which the parameter matters; `scale` is the family's own, if any."""
        if self.is_free:
            if self.power and scale is not None:
                return scale
            return np.maximum(np.abs(value), 1.0)
        if self.high == math.inf:
            return np.subtract(value, self.low)
        return np.subtract(value, self.low) * np.subtract(self.high, value) / (self.high - self.low)

    def limit(self, upwards: bool) -> float:  # noqa: FBT001
        """Return the end that an estimate can run to on one side."""
        if upwards:
            return min(self.high, self.regular_below)
        return max(self.low, self.regular_above)

    def describe(self) -> str:
        """Say the range in words: `> 0`, `in [0, 1]`, `any real number`."""
        if self.is_free:
            return "any whole number" if self.whole else "any real number"
        if self.high == math.inf:
            sign = "≥" if self.low_closed else ">"
            return f"{sign} {self.low:g}" + (" (∞ included)" if self.high_closed else "")
        left, right = "[" if self.low_closed else "(", "]" if self.high_closed else ")"
        return f"in {left}{self.low:g}, {self.high:g}{right}"


def real(
    *,
    power: int = 0,
    regular_above: float = -np.inf,
    regular_below: float = np.inf,
    whole: bool = False,
) -> Any:
    """Declare a parameter that may be any real number: a location is `real(power=1)`.

    Parameters
    ----------
    power : int
        The unit of x enters the parameter to this power: 1 for what is in the unit of x, such as a
        location or a scale, -1 for a rate, 0 for a pure number.
    regular_above, regular_below : float
        A fit keeps the parameter between them: see `Constraint`.
    whole : bool
        Whether it has to be a whole number.
    """
    return _declare(
        Constraint(
            -np.inf,
            np.inf,
            power=power,
            regular_above=regular_above,
            regular_below=regular_below,
            whole=whole,
        )
    )


def positive(
    *,
    power: int = 0,
    zero: bool = False,
    infinity: bool = False,
    regular_above: float = -np.inf,
) -> Any:
    """Declare a parameter above 0: a scale is `positive(power=1)`, a shape `positive()`.

    Parameters
    ----------
    power : int
        The unit of x enters the parameter to this power, as in `real`.
    zero, infinity : bool
        Whether the ends belong to the range.
    regular_above : float
        A fit keeps the parameter above it: see `Constraint`.
    """
    return _declare(
        Constraint(
            0.0,
            np.inf,
            low_closed=zero,
            high_closed=infinity,
            power=power,
            regular_above=regular_above,
        )
    )


def unit_interval(*, zero: bool = False, one: bool = False) -> Any:
    """Declare a parameter between 0 and 1; `zero` and `one` say whether the ends belong to it."""
    return _declare(Constraint(0.0, 1.0, low_closed=zero, high_closed=one))


def within(low: float, high: float) -> Any:
    """Declare a pure number between two ends, both of which belong to the range."""
    return _declare(Constraint(low, high, low_closed=True, high_closed=True))


def constraints_of(family: type) -> dict[str, Constraint]:
    """Return the declared parameters of a family, in order."""
    return {
        field.name: field.metadata["constraint"]
        for field in dataclasses.fields(family)
        if "constraint" in field.metadata
    }


def checked(family: str, name: str, value: Parameter, constraint: Constraint) -> Parameter:
    """Return the parameter as a float or a float64 array, or say why it cannot be one."""
    if isinstance(value, float) and constraint.low < value < constraint.high:
        value = float(value)
        if not constraint.whole or value.is_integer():
            return value
    try:
        array = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        array = None
    given: object = value
    if array is None or given is None or isinstance(given, str):
        raise ParameterError(
            f"{family}: {name} must be a number, or an array of numbers; got {value!r}."
        )
    number = float(array) if array.ndim == 0 else array
    good = constraint.contains(number)
    if constraint.whole:
        good = good & (np.floor(number) == number)
    if not (good is True or np.all(good)):
        first = array[~np.asarray(good)].flat[0]
        raise ParameterError(
            f"{family}: {name} must be {constraint.describe()}; got {first:g}"
            + ("." if array.ndim == 0 else f" among {array.size:,} values.")
        )
    return number


def _exp(u: Parameter) -> Parameter:
    """Return e to the power u, infinite where it overflows."""
    if isinstance(u, float):
        return math.exp(u) if u < _OVERFLOW else math.inf
    with np.errstate(over="ignore"):
        return np.exp(u)


def _log(x: Parameter) -> Parameter:
    """Return log x, -∞ of 0 and NaN of what is less."""
    if isinstance(x, float) and x > 0.0:
        return math.log(x)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(x)


_OVERFLOW = 709.0  # e to a higher power leaves float64


def _declare(constraint: Constraint) -> Any:
    return dataclasses.field(metadata={"constraint": constraint})
