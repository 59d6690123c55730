"""The decorator that makes a class a family, and the names that families are found by."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, TypeVar, cast, dataclass_transform

from likeliest.distributions.parameters import constraints_of, positive, real, unit_interval

if TYPE_CHECKING:
    from likeliest.distributions.distribution import Distribution

D = TypeVar("D", bound="type[Distribution]")

REGISTRY: dict[str, type[Distribution]] = {}
"""Every family by the plain form of its names (see `plain`)."""


def plain(name: str) -> str:
    """Return a name without case, spaces, hyphens and underscores.

    Examples
    --------
    >>> plain("Negative-binomial")
    'negativebinomial'
    """
    return "".join(c for c in name.casefold() if c not in " -_'")


@dataclass_transform(
    frozen_default=True, eq_default=False, field_specifiers=(real, positive, unit_interval)
)
def family(cls: D) -> D:
    """Make a class a family: a frozen dataclass of its parameters, found by its names."""
    made = cast("D", dataclasses.dataclass(frozen=True, eq=False, repr=False)(cls))
    made.constraints = constraints_of(made)
    made.non_smooth = bool(made.corners)
    for name in (made.name, *made.aliases):
        REGISTRY[plain(name)] = made
    return made
