"""Find a family by its name."""

from __future__ import annotations

import difflib
from typing import Any

from likeliest.distributions.distribution import Distribution
from likeliest.distributions.family import REGISTRY, plain
from likeliest.errors import DataError, FamilyError


def all_families() -> list[type[Distribution]]:
    """Return every family of this library, continuous ones first, in alphabetical order."""
    ours = {f for f in REGISTRY.values() if f.__module__.startswith(__package__)}
    return sorted(ours, key=lambda f: (f.discrete, f.name))


def find(family: str | type[Distribution]) -> type[Distribution]:
    """Return a family by its name, without regard to case, spaces, hyphens and underscores.

    Raises
    ------
    FamilyError
        If no family has the name; the nearest ones are named.

    Examples
    --------
    >>> import likeliest
    >>> find("NORMAL").name
    'normal'
    """
    if isinstance(family, type) and issubclass(family, Distribution):
        return family
    if not isinstance(family, str):
        raise FamilyError(
            f"A family is given by its name or its class; got {family!r}. To evaluate one with its "
            "parameters fixed, call its log_likelihood(data)."
        )
    found = REGISTRY.get(plain(family))
    if found is not None:
        return found
    near = difflib.get_close_matches(plain(family), REGISTRY, n=3, cutoff=0.6)
    names = dict.fromkeys(REGISTRY[key].name for key in near)
    suggestion = f"Did you mean {' or '.join(names)}? " if names else ""
    raise FamilyError(
        f"There is no family {family!r}. {suggestion}`likeliest families` lists them all."
    )


def from_dict(saved: dict[str, Any]) -> Distribution:
    """Return the distribution that `Distribution.to_dict` described.

    Raises
    ------
    DataError
        If it is not such a description.

    Examples
    --------
    >>> from_dict({"family": "normal", "parameters": {"mean": 0.0, "std": 1.0}})
    Normal(mean=0.0, std=1.0)
    """
    try:
        return find(saved["family"])(**saved["parameters"])
    except (KeyError, TypeError) as error:
        raise DataError(f"This is not a saved distribution: {error}.") from None
