"""Recipes of families that are made of others: how they are written, read and saved.

The name of such a family is the text that gives it back: `truncated(lognormal, lower=500)`. In JSON
it is what it is made of, `{"family": "truncated", "of": {"family": "lognormal"}, "lower": 500}`:
only what it is made of is in the registry.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, NamedTuple

from likeliest.distributions.family import plain
from likeliest.errors import FamilyError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from likeliest.distributions.distribution import Distribution

    Family = type[Distribution]


class Recipe(NamedTuple):
    """A record of how a family was made: by which combinator, of which parts.

    Parameters
    ----------
    combinator : str
        The name in `COMBINATORS`.
    parts : tuple of families
    constants : tuple of (name, value)
        Those that are not left at their default.
    """

    combinator: str
    parts: tuple[Family, ...]
    constants: tuple[tuple[str, Any], ...] = ()


class Combinator(NamedTuple):
    """A way to make families.

    Parameters
    ----------
    make : callable
        The public function: families by position, constants by name.
    parts : tuple of str
        What the families are called where one is saved; ("of", ...) of any number.
    constants : tuple of str
        The names that the function takes.
    """

    make: Callable[..., Family]
    parts: tuple[str, ...] | None
    constants: tuple[str, ...] = ()


COMBINATORS: dict[str, Combinator] = {}
"""The ways to make families, by their names, of those that are imported."""


def combinators() -> dict[str, Combinator]:
    """Return the ways to make families, by their names: imported when the first is asked for."""
    import likeliest.distributions.combinators  # noqa: F401  (each enters itself)

    return COMBINATORS


def recipe_of(family: Family) -> Recipe | None:
    """Return what a family is made of; None if it is not made."""
    return getattr(family, "recipe", None)


def remade(recipe: Recipe) -> Family:
    """Return the family that a recipe makes, by the public function."""
    return combinators()[recipe.combinator].make(*recipe.parts, **dict(recipe.constants))


def written(recipe: Recipe) -> str:
    """Return the name of a made family: the text that `find` reads back to it.

    One that is made of a single plain family is said as people say it, zero-inflated poisson; one
    of several of a kind by their number, mixture(normal, 2).
    """
    combinator, parts, constants = recipe
    names = [part.name for part in parts]
    if combinators()[combinator].parts is None and len(set(parts)) == 1:
        names = [names[0], str(len(parts))]
    if len(parts) == 1 and not constants and recipe_of(parts[0]) is None:
        return f"{combinator} {names[0]}"
    return f"{combinator}({', '.join([*names, *(f'{n}={_shown(v)}' for n, v in constants)])})"


def record_of(family: Family) -> dict[str, Any]:
    """Return what a family is, ready for JSON."""
    recipe = recipe_of(family)
    if recipe is None:
        return {"family": family.name}
    combinator, parts, constants = recipe
    keys = combinators()[combinator].parts
    records = [record_of(part) for part in parts]
    named = {"of": records} if keys is None else dict(zip(keys, records, strict=True))
    return {"family": combinator, **named, **dict(constants)}


def from_record(saved: Mapping[str, Any], find: Callable[[Any], Family], depth: int = 0) -> Family:
    """Return the family that `record_of` described; `find` finds those that are not made.

    Raises
    ------
    FamilyError
        If it is made in a way that is not known here.
    """
    if not set(saved) - {"family", "parameters"}:
        return find(saved["family"])
    combinator = combinators().get(str(saved["family"]))
    if combinator is None or depth > _DEEPEST:
        ways = ", ".join(combinators())
        raise FamilyError(
            f"This version knows no way to make a family called {saved['family']!r:.60}; it knows "
            f"{ways}."
        )
    keys = combinator.parts
    records = saved["of"] if keys is None else [saved[key] for key in keys]
    parts = [from_record(record, find, depth + 1) for record in records]
    given = set(saved) - {"family", "parameters", *(keys or ("of",))}
    if unknown := given - set(combinator.constants):
        raise FamilyError(
            f"This version knows no {min(unknown)!r:.60} of a {saved['family']} family."
        )
    return combinator.make(*parts, **{name: saved[name] for name in given})


def read(text: str, find: Callable[[str], Family], depth: int = 0) -> Family | None:
    """Return the family that a text such as `truncated(lognormal, lower=500)` makes.

    None: the text does not begin with the name of a combinator.

    Raises
    ------
    FamilyError
        If it does, and is not whole, or what it names cannot be made.
    """
    head, bracket, inner = text.strip().partition("(")
    if not bracket:
        return _by_adjective(text, find)
    name = combinator_named(head)
    if name is None:
        return None
    if depth > _DEEPEST:
        raise FamilyError(f"A family is made of others at most {_DEEPEST} times over.")
    if not inner.endswith(")"):
        raise FamilyError(f"{shortened(text)!r} does not end with the bracket that it opens.")
    families: list[Any] = []
    constants: dict[str, Any] = {}
    for item in split(inner[:-1]):
        key, equals, value = item.partition("=")
        if equals and "(" not in key:
            constants[key.strip()] = _constant(value.strip(), find, depth)
        else:
            families.append(_constant(item.strip(), find, depth))
    return _called(name, families, constants)


def combinator_named(text: str) -> str | None:
    """Return the name of the combinator that a text is, without regard to case and hyphens."""
    return {plain(name): name for name in combinators()}.get(plain(text))


def split(text: str) -> list[str]:
    """Return the parts of a text between commas that stand outside brackets.

    Examples
    --------
    >>> split("truncated(normal, lower=0), 2")
    ['truncated(normal, lower=0)', ' 2']
    """
    parts, depth = [""], 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def shortened(text: str) -> str:
    """Return the text, or the beginning of a long one."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


_LONGEST = 100  # of what an error repeats of a text
_DEEPEST = 8


def _by_adjective(text: str, find: Callable[[str], Family]) -> Family | None:
    """Return the family that is called `zero-inflated poisson`, if a combinator is named first."""
    whole = plain(text)
    if len(whole) > _LONGEST:
        return None
    for name in combinators():
        if whole.startswith(plain(name)) and len(whole) > len(plain(name)):
            return _called(name, [find(whole.removeprefix(plain(name)))], {})
    return None


def _called(name: str, families: Sequence[Any], constants: Mapping[str, Any]) -> Family:
    make = combinators()[name].make
    try:
        inspect.signature(make).bind(*families, **constants)
    except TypeError:
        known, one = combinators()[name].constants, combinators()[name].parts
        if one == ():
            raise FamilyError(f"{name} takes {known[0]}=, as in {name}({known[0]}=20).") from None
        says = f", and {', '.join(f'{c}=' for c in known)}" if known else ""
        takes = "families" if one is None else "a family" if len(one) == 1 else " and ".join(one)
        raise FamilyError(f"{name} takes {takes}{says}.") from None
    return make(*families, **constants)


def _constant(text: str, find: Callable[[str], Family], depth: int) -> Any:
    """Return a number, or the family that a text names."""
    try:
        number = float(text)
    except ValueError:
        return read(text, find, depth + 1) or find(text)
    return int(number) if text.isdigit() else number


def _shown(value: Any) -> str:
    if isinstance(value, type):
        return str(getattr(value, "name", value))
    return f"{value:g}" if float(f"{value:g}") == value else repr(float(value))
