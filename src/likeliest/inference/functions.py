"""Functions of a distribution about an estimate: their values and slopes by the coordinates."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.errors import LikeliestError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.distributions.distribution import Distribution
    from likeliest.likelihood.coordinates import Coordinates
    from likeliest.numerics.arrays import Array, Mask

STEP = 1e-3
"""Of a natural length: differences of fourth order are then good to twelve digits."""
SAME = 1e-9
"""Relative: what a value may differ by where members are evaluated together."""


@dataclass(frozen=True)
class Function:
    """A function of a distribution, as one of the coordinates of a family's free parameters.

    Parameters
    ----------
    call : callable
        Takes a distribution; returns a number, or an array of any shape.
    coordinates : Coordinates
    u : array of shape (k,)
        The coordinates of the estimate.
    lengths : array of shape (k,)
        A natural length in each coordinate, over which differences are taken.
    """

    call: Callable[[Distribution], Any]
    coordinates: Coordinates
    u: Array
    lengths: Array

    @cached_property
    def value(self) -> Array:
        """The function of the estimate, of its own shape.

        Raises
        ------
        ParameterError
            If it is not finite there, or no number.
        """
        value = numbers_of(self.call, self.coordinates.member(self.u))
        if value.size == 0 or not np.isfinite(value).all():
            raise ParameterError(
                f"The function is {_first_bad(value)} for the estimate, "
                f"{self.coordinates.member(self.u)!r}: only of what is finite there is an "
                "interval."
            )
        return value

    @cached_property
    def is_batched(self) -> bool:
        """Whether members are evaluated together: the function takes arrays of parameters."""
        apart = np.stack([self.u, self.u + 0.1 * STEP * self.lengths])
        try:
            found = self._together(apart)
        except (TypeError, ValueError, IndexError, AttributeError, LikeliestError):
            return False
        alone = np.stack([self._one(u).ravel() for u in apart])
        return bool(np.allclose(found, alone, rtol=SAME, atol=0.0))

    def at(self, u: Array) -> Array:
        """Return the values at coordinates of shape (lanes, k), of shape (lanes, values)."""
        if len(u) > 1 and self.is_batched:
            return self._together(u)
        return np.stack([self._one(one).ravel() for one in u])

    def of_members(self, family: type[Distribution], parameters: dict[str, Array]) -> Array:
        """Return the values for members with other parameters, of shape (members, values)."""
        many, size = len(next(iter(parameters.values()))), self.value.size
        if self.is_batched:
            columns = {name: column[:, None] for name, column in parameters.items()}
            with np.errstate(all="ignore"):
                found = np.asarray(self.call(family.unchecked(**columns)), dtype=np.float64)
            return np.broadcast_to(found, (many, size))
        rows = np.stack(list(parameters.values()), axis=1)
        members = (family.unchecked(**dict(zip(parameters, row, strict=True))) for row in rows)
        with np.errstate(all="ignore"):
            return np.array([np.ravel(self.call(one)) for one in members], dtype=np.float64)

    def slopes(self) -> Array:
        """Return the derivatives at the estimate, of shape (values, k).

        By differences of fourth order, all in one call where the function takes arrays.
        """
        k = self.u.size
        steps = np.diag(STEP * self.lengths)
        moves = np.concatenate([steps, -steps, 2.0 * steps, -2.0 * steps])
        up, down, far_up, far_down = self.at(self.u + moves).reshape(4, k, -1)
        return ((8.0 * (up - down) - (far_up - far_down)) / (12.0 * STEP * self.lengths[:, None])).T

    def moving_slopes(self, certain: Mask | None = None) -> Array:
        """Return the slopes, none of which is 0 but of values that are `certain`.

        Raises
        ------
        ParameterError
            If the function does not move with the parameters, or is not finite beside the estimate.
        """
        slopes = self.slopes()
        if not np.isfinite(slopes).all():
            raise ParameterError(
                "The function has no slope at the estimate: beside it, it is not finite."
            )
        moves = slopes.any(axis=1)
        if not (moves if certain is None else moves | certain).all():
            raise ParameterError(
                "The function does not move with the parameters near the estimate, as a quantile "
                'of whole numbers does not: it has no error by its slopes. Use method="bootstrap".'
            )
        return slopes

    def _one(self, u: Array) -> Array:
        coordinates = self.coordinates
        with np.errstate(all="ignore"):
            member = coordinates.frame.leave(coordinates.members(u[None, :])[0])
            return np.asarray(self.call(member), dtype=np.float64)

    def _together(self, u: Array) -> Array:
        coordinates, size = self.coordinates, self._one(self.u).size
        with np.errstate(all="ignore"):
            members = coordinates.frame.leave(coordinates.members(u)[0])
            found = np.asarray(self.call(members), dtype=np.float64)
        if found.shape not in {(len(u), size), (len(u), 1)}:
            raise ValueError("the function does not keep an axis for the members")
        return np.broadcast_to(found, (len(u), size))


def numbers_of(call: Callable[[Distribution], Any], member: Distribution) -> Array:
    """Return the value of a function for a distribution, of its own shape.

    Raises
    ------
    ParameterError
        If it is no function, or gives no numbers.
    """
    if not callable(call):
        raise ParameterError(
            "An estimate needs a function of a distribution, such as lambda d: d.quantile(0.99); "
            f"got {call!r:.60}."
        )
    try:
        with np.errstate(all="ignore"):
            return np.asarray(call(member), dtype=np.float64)
    except LikeliestError:
        raise
    except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError) as error:
        raise ParameterError(
            "The function gives no number or array of numbers for the estimate: "
            f"{type(error).__name__}: {error}"
        ) from error


def _first_bad(value: Array) -> str:
    bad = value[~np.isfinite(value)]
    return f"{bad.flat[0]:g}".replace("inf", "∞") if bad.size else "empty"
