"""Between a family's parameters and the unconstrained coordinates that the maximiser moves in.

The unit and origin in which values are fitted live here: outside only the user's own exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from likeliest.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Constraint, Parameter
    from likeliest.likelihood.frame import Frame
    from likeliest.numerics.arrays import Array, Indices, Mask


@dataclass(frozen=True)
class Coordinates:
    """The free parameters of a family on the real line, the others fixed.

    Parameters
    ----------
    family : type
    fixed : mapping from parameter name to value, in the user's unit
    frame : Frame
    """

    family: type[Distribution]
    fixed: Mapping[str, float]
    frame: Frame

    @property
    def free(self) -> tuple[str, ...]:
        """The names of the free parameters, in the family's order."""
        return self._layout.free

    @property
    def constraints(self) -> tuple[Constraint, ...]:
        """Those of the free parameters."""
        return self._layout.constraints

    @property
    def positions(self) -> list[int]:
        """Where the free parameters stand among all."""
        return self._layout.positions

    @property
    def places(self) -> list[list[int]]:
        """Where the Hessian's entries of free parameters stand in its upper triangle, k by k."""
        return self._layout.places

    @cached_property
    def _layout(self) -> _Layout:
        return _layout(self.family, tuple(self.fixed))

    @cached_property
    def triangle(self) -> Indices:
        """`places` as an array."""
        return np.array(self.places, dtype=np.intp).reshape(2 * [len(self.positions)])

    def fixing(self, held: Mapping[str, float]) -> Coordinates:
        """Return the coordinates with more parameters fixed."""
        return Coordinates(self.family, {**self.fixed, **held}, self.frame)

    def members(self, u: Array) -> tuple[Distribution, Mask]:
        """Return the members at coordinates of shape (lanes, k), and which lie within range.

        They are of the inner frame: of one lane with numbers as parameters, of several with arrays
        of shape (lanes, 1).
        """
        one = u.shape[0] == 1
        columns = u[0].tolist() if one else list(u.T[:, :, None])
        values: dict[str, Parameter] = dict(self.inner_fixed)
        within = np.ones(u.shape[0], dtype=bool)
        for name, constraint, column in zip(self.free, self.constraints, columns, strict=True):
            values[name] = constraint.constrain(column)
            within &= np.ravel(constraint.can_be_estimated(values[name]))
        return self.family.unchecked(**values), within

    def member_at(self, u: list[float]) -> Distribution | None:
        """Return the member of the inner frame at plain coordinates; None if out of range."""
        values: dict[str, Parameter] = dict(self.inner_fixed)
        for name, constraint, column in zip(self.free, self.constraints, u, strict=True):
            value = constraint.constrain(column)
            if not constraint.can_be_estimated(value):
                return None
            values[name] = value
        return self.family.unchecked(**values)

    def member(self, u: Array) -> Distribution:
        """Return the member at coordinates of shape (k,), in the user's unit, checked."""
        inner = self.member_at(u.tolist())
        if inner is None:
            raise ParameterError(f"{self.family.name} has no member at {u.tolist()}.")
        member = self.frame.leave(inner)
        return self.family(**(member.parameters | dict(self.fixed)))

    def of(self, member: Distribution) -> Array:
        """Return the coordinates of a member that is in the user's unit."""
        return self.of_inner(self.frame.enter(member))

    def of_inner(self, inner: Distribution) -> Array:
        """Return the coordinates of a member of the inner frame."""
        return np.array(
            [constraint.unconstrain(value) for constraint, value in self.ranges_at(inner)],
            dtype=np.float64,
        )

    def with_fixed(self, inner: Distribution) -> Distribution:
        """Return a member of the inner frame with the fixed parameters put in."""
        if not self.fixed:
            return inner
        return self.family(**{**inner.parameters, **self.inner_fixed})

    def ranges_at(self, member: Distribution) -> list[tuple[Constraint, Parameter]]:
        """Return the constraint of each free parameter with its value at a member."""
        values = [getattr(member, name) for name in self.free]
        return list(zip(self.constraints, values, strict=True))

    def slopes(self, member: Distribution) -> Array:
        """dθ/du of the free parameters at members of the inner frame, of shape (lanes, k)."""
        return _columns(constraint.slope(value) for constraint, value in self.ranges_at(member))

    def bends(self, member: Distribution) -> Array:
        """d²θ/du² of the same."""
        return _columns(constraint.curvature(value) for constraint, value in self.ranges_at(member))

    def outer_slopes(self, u: Array) -> Array:
        """dθ/du at coordinates of shape (k,), of θ in the user's unit."""
        slopes = [
            constraint.slope(constraint.constrain(v))
            for constraint, v in zip(self.constraints, u.tolist(), strict=True)
        ]
        inner = np.array(slopes, dtype=np.float64)
        if self.frame.is_identity:
            return inner
        return inner * self.frame.units(self.family, self.free)

    def reach(self, spread: float) -> Array:
        """Return a natural step in each coordinate, `spread` being that of the inner values."""
        return np.array([spread if c.is_location else 1.0 for c in self.constraints])

    @cached_property
    def grain(self) -> Array:
        """Sizes below which coordinates do not round more finely: a log near 0 rounds as 1 does."""
        return np.array([0.0 if c.is_location else 1.0 for c in self.constraints])

    @cached_property
    def runs(self) -> Mask:
        """Which coordinates may run to a limit that is itself a member: df = ∞."""
        return np.array([bool(c.closed_ends) for c in self.constraints], dtype=bool)

    @cached_property
    def inner_fixed(self) -> dict[str, float]:
        """The fixed parameters in the inner frame."""
        inner = self.frame.fixed(self.family, self.fixed)
        # A number of NumPy's divides by 0 without an error: a closed end may ask for it.
        return {name: np.float64(value) for name, value in inner.items()}


class _Layout(NamedTuple):
    """What a family and the names of the fixed parameters settle; see `Coordinates`."""

    free: tuple[str, ...]
    constraints: tuple[Constraint, ...]
    positions: list[int]
    places: list[list[int]]


@cache
def _layout(family: type[Distribution], fixed: tuple[str, ...]) -> _Layout:
    k = len(family.constraints)
    free = tuple(name for name in family.constraints if name not in fixed)
    positions = [i for i, name in enumerate(family.constraints) if name not in fixed]
    places = [
        [min(i, j) * k - min(i, j) * (min(i, j) + 1) // 2 + max(i, j) for j in positions]
        for i in positions
    ]
    return _Layout(free, tuple(family.constraints[name] for name in free), positions, places)


def _columns(values: Iterable[Parameter]) -> Array:
    """Return the values of each parameter as columns, a row for each lane."""
    columns = [np.ravel(value) for value in values]
    return np.array(columns).T if columns else np.empty((1, 0))
