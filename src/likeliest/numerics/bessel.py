"""Modified Bessel functions of order 0 and 1, by their ratio: of von Mises and Rice."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from likeliest.numerics.arrays import where
from likeliest.numerics.special import log, polynomial, scipy_special, torch_of

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array, Number

_FAR = 40.0  # from where the series in 1/t serve
_TERMS = 24
_STEPS = 50  # of Newton's method: four or five are taken


class Ratio(NamedTuple):
    """The ratio A = I₁/I₀ of t ≥ 0.

    Parameters
    ----------
    value : A itself.
    rest : 1 - A, with all its digits for large t.
    slope : dA/dt.
    """

    value: Number
    rest: Number
    slope: Number


def log_i0e(t: Number) -> Array:
    """Return log(exp(-t) I₀(t)), t ≥ 0."""
    torch = torch_of(t)
    return log(torch.special.i0e(t) if torch else scipy_special().i0e(t))


def ratio(t: Number) -> Ratio:
    """Return I₁(t)/I₀(t) with what is left of it to 1, and its slope; t ≥ 0.

    dA/dt = 1 - A/t - A²: a Riccati equation, from which the series in 1/t follows too.
    """
    far = t > _FAR
    inverse, near = 1.0 / where(far, t, _FAR), where(far, 1.0, t)
    torch = torch_of(t)
    special = torch.special if torch else scipy_special()
    # Of tensors of any precision in float64: 1 - A is a difference.
    fine = torch.as_tensor(near, dtype=torch.float64) if torch else near
    zeroth, first = special.i0e(fine), special.i1e(fine)
    value, rest = first / zeroth, (zeroth - first) / zeroth
    some = near > 0.0
    slope = 1.0 - where(some, value / where(some, fine, 1.0), 0.5) - value * value
    if torch:
        value, rest, slope = (term.to(near.dtype) for term in (value, rest, slope))
    rest = where(far, -inverse * polynomial(inverse, _REST), rest)
    slope = where(far, inverse * inverse * polynomial(inverse, _SLOPE), slope)
    return Ratio(where(far, 1.0 - rest, value), rest, slope)


def inverse_ratio(rest: Number) -> Array:
    """Return the t ≥ 0 at which 1 - I₁(t)/I₀(t) has a value between 0 and 1.

    By Newton's method on log(1 - A) by log t, from the two limits: A is t/2 for small t, and
    1 - 1/(2t) for large.
    """
    rest = np.asarray(rest, dtype=np.float64)
    inside = (rest > 0.0) & (rest < 1.0)
    goal = np.where(inside, rest, 0.5)
    value = 1.0 - goal
    t = np.where(value < 0.5, 2.0 * value, np.maximum(0.5 / goal, 1.0))
    for _ in range(_STEPS):
        here = ratio(t)
        step = np.where(value < 0.5, (value - here.value) / here.slope, 0.0) + np.where(
            value < 0.5, 0.0, np.log(here.rest / goal) * here.rest / here.slope
        )
        moved = np.clip(t + step, 0.5 * t, 2.0 * t)
        if np.all(np.abs(moved - t) <= 2.0 * np.spacing(t)):
            break
        t = moved
    return np.where(rest >= 1.0, 0.0, np.where(rest <= 0.0, np.inf, t))[()]


def _series() -> tuple[float, ...]:
    """Return the coefficients of A in powers of 1/t, by Riccati's equation."""
    r = [1.0]
    for m in range(1, _TERMS):
        r.append(0.5 * ((m - 2) * r[m - 1] - sum(r[i] * r[m - i] for i in range(1, m))))
    return tuple(r)


_COEFFICIENTS = _series()
_REST = _COEFFICIENTS[1:]
_SLOPE = tuple(-k * c for k, c in enumerate(_COEFFICIENTS))[1:]
