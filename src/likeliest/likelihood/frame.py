"""The unit and origin in which the data are fitted, where their own would cost digits.

Squares of values beyond 1e±150 leave float64, and a location of 1e9 cannot be told to a part in
a million of a spread of 1e-3. A power of two as unit changes no digit of the data; an origin near
the data is subtracted exactly.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from likeliest.distributions.support import REALS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from likeliest.data.rows import Rows
    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array

D = TypeVar("D", bound="Distribution")

_ORDINARY = (1e-100, 1e100)
_TIGHT = 1e-3  # a range this small a part of the values themselves is worth an origin or a unit


@dataclasses.dataclass(frozen=True, slots=True)
class Frame:
    """Values are fitted as (x - origin) / unit.

    Parameters
    ----------
    origin : float
        In the unit of x; 0 unless the family has a location.
    unit : float
        A power of two.
    """

    origin: float = 0.0
    unit: float = 1.0

    @classmethod
    def of(cls, family: type[Distribution], sample: Sample) -> Frame:
        """Return the frame that this sample asks for; mostly the identity."""
        low, high = sample.low, sample.high
        size, spread = max(abs(low), abs(high)), high - low
        tight = 0.0 < spread < _TIGHT * size
        if not tight and (size == 0.0 or _ORDINARY[0] < size < _ORDINARY[1]):
            return _IDENTITY  # as most are
        if family.anchored or not any(c.power for c in family.constraints.values()):
            return _IDENTITY
        if family.support == REALS:
            moves = any(c.is_location for c in family.constraints.values())
            origin = sample.mean if tight and moves else 0.0
            size = spread if tight else size
        else:
            origin = 0.0
            if low / size < 1e-180:  # a unit would push the small values out of range
                return _IDENTITY
        if _ORDINARY[0] < size < _ORDINARY[1] and not (tight and origin == 0.0):
            return cls(origin)
        return cls(origin, float(2.0 ** np.clip(np.round(np.log2(size)), -1000, 1000)))

    @property
    def is_identity(self) -> bool:
        """Whether the data are fitted as they are."""
        return self.origin == 0.0 and self.unit == 1.0

    def into(self, rows: Rows) -> Rows:
        """Return rows in this frame."""
        return rows if self.is_identity else rows.moved(self.origin, self.unit)

    def fixed(self, family: type[Distribution], fixed: Mapping[str, float]) -> dict[str, float]:
        """Return fixed parameters in this frame."""
        moved = {}
        for name, value in fixed.items():
            constraint = family.constraints[name]
            origin = self.origin if constraint.is_location else 0.0
            moved[name] = (value - origin) * self.unit**-constraint.power
        return moved

    def enter(self, member: D) -> D:
        """Return a member in this frame."""
        return (
            member if self.is_identity else member.shifted(-self.origin).rescaled(1.0 / self.unit)
        )

    def leave(self, member: D) -> D:
        """Return a member of this frame in the data's own unit and origin."""
        return member if self.is_identity else member.rescaled(self.unit).shifted(self.origin)

    def units(self, family: type[Distribution], names: Sequence[str]) -> Array:
        """Return the unit of each parameter: what 1 in this frame is in the user's."""
        powers = [family.constraints[name].power for name in names]
        return np.asarray(self.unit ** np.array(powers, dtype=np.float64))


_IDENTITY = Frame()


def frames_of(family: type[Distribution], low: Array, high: Array, mean: Array) -> Frame:
    """Return the frames of many samples as one whose origin and unit are arrays; see `Frame.of`."""
    size, spread = np.maximum(np.abs(low), np.abs(high)), high - low
    tight = (spread > 0.0) & (spread < _TIGHT * size)
    origin = np.zeros_like(size)
    has_unit = any(c.power for c in family.constraints.values())
    asks = np.full(size.shape, has_unit and not family.anchored) & (size > 0.0)
    if family.support == REALS:
        origin = np.where(tight & asks, mean, 0.0)
        size = np.where(tight, spread, size)
    else:
        asks &= low >= 1e-180 * size
    plain = (size > _ORDINARY[0]) & (size < _ORDINARY[1]) & ~(tight & (origin == 0.0))
    exponent = np.clip(np.round(np.log2(np.where(asks & ~plain, size, 1.0))), -1000, 1000)
    return Frame(origin, np.exp2(exponent))  # type: ignore[arg-type]
