"""The decorator that makes a class a family, and the names that families are found by."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, TypeVar, cast, dataclass_transform

from likeliest.distributions.parameters import constraints_of, positive, real, unit_interval, within
from likeliest.errors import FamilyError

if TYPE_CHECKING:
    from likeliest.distributions.distribution import Distribution

_OURS = "likeliest.distributions.families."

D = TypeVar("D", bound="type[Distribution]")

REGISTRY: dict[str, type[Distribution]] = {}
"""Families by the plain form of their names (see `plain`); ours once their files are imported."""


def plain(name: str) -> str:
    """Return a name without case, spaces, hyphens and underscores.

    Examples
    --------
    >>> plain("Negative-binomial")
    'negativebinomial'
    """
    return "".join(c for c in name.casefold() if c not in " -_'")


@dataclass_transform(
    frozen_default=True, eq_default=False, field_specifiers=(real, positive, unit_interval, within)
)
def family(cls: D) -> D:
    """Make a class a family: a frozen dataclass of its parameters, found by its names.

    Raises
    ------
    FamilyError
        If it lacks what every family must say, or has the name of one of ours.
    """
    _require_complete(cls)
    _require_own_names(cls)
    made = dataclass_of(cls)
    for name in (made.name, *made.aliases):
        REGISTRY[plain(name)] = made
    return made


def dataclass_of(cls: D) -> D:
    """Return a class as a frozen dataclass of its parameters, which is found by no name."""
    made = cast("D", dataclasses.dataclass(frozen=True, eq=False, repr=False)(cls))
    made.constraints = constraints_of(made)
    made.non_smooth = bool(made.corners)
    return made


def _require_own_names(cls: type[Distribution]) -> None:
    """Raise unless the names of a user's class are none of ours: fits by name would change."""
    if cls.__module__.startswith(_OURS):
        return
    from likeliest.distributions.families import all_families

    all_families()  # imported: their names are known
    for name in (cls.name, *cls.aliases):
        known = REGISTRY.get(plain(name))
        if known is not None and known.__module__.startswith(_OURS):
            raise FamilyError(
                f"likeliest has a family called {known.name} itself; give yours another name."
            )


def _require_complete(cls: type[Distribution]) -> None:
    """Raise unless a class says what every family must."""
    said = {"name": "its name", "support": "the values that it can hold, such as POSITIVE_REALS"}
    lacking = [f"{name}, {what}" for name, what in said.items() if not hasattr(cls, name)]
    lacking += [f"the method {name}" for name in sorted(cls.__abstractmethods__)]
    if lacking:
        raise FamilyError(f"class {cls.__name__} is no family yet: it lacks {'; '.join(lacking)}.")
