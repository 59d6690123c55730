"""The decorator that makes a class a family, and the names that families are found by."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, TypeVar, cast, dataclass_transform

from likeliest.distributions.parameters import constraints_of, positive, real, unit_interval

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.distributions.distribution import Distribution

D = TypeVar("D", bound="type[Distribution]")

REGISTRY: dict[str, type[Distribution]] = {}
"""Every family by the plain form of its names (see `plain`)."""

MAKERS: dict[str, Callable[[list[str]], type[Distribution]]] = {}
"""Ways to make a family of others, by their names: `mixture(normal, 2)` gives one its parts."""


def plain(name: str) -> str:
    """Return a name without case, spaces, hyphens and underscores.

    Examples
    --------
    >>> plain("Negative-binomial")
    'negativebinomial'
    """
    return "".join(c for c in name.casefold() if c not in " -_'")


def made_of(text: str) -> type[Distribution] | None:
    """Return the family that a text such as `mixture(normal, 2)` makes; None of another text."""
    head, bracket, inner = text.strip().partition("(")
    maker = MAKERS.get(plain(head)) if bracket and inner.endswith(")") else None
    return maker(split(inner[:-1])) if maker else None


def split(text: str) -> list[str]:
    """Return the parts of a text between commas that stand outside brackets.

    Examples
    --------
    >>> split("mixture(normal, 2), gamma")
    ['mixture(normal, 2)', 'gamma']
    """
    parts, depth = [""], 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]


@dataclass_transform(
    frozen_default=True, eq_default=False, field_specifiers=(real, positive, unit_interval)
)
def family(cls: D) -> D:
    """Make a class a family: a frozen dataclass of its parameters, found by its names."""
    made = cast("D", dataclasses.dataclass(frozen=True, eq=False, repr=False)(cls))
    made.constraints = constraints_of(made)
    for name in (made.name, *made.aliases):
        REGISTRY[plain(name)] = made
    return made
